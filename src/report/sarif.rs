//! Findings as SARIF 2.1.0, for code scanning
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>): with fixes, help for each codemod, and
//! fingerprints that stay when lines move.
//!
//! Only what gomend fills in is declared here: a crate with every type of the standard takes longer to compile than
//! gomend. A test validates reports against the standard's schema.

use std::{collections::BTreeMap, path::Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{
    about::About,
    json::{self, slashes},
    place::{Columns, Lines},
};
use crate::{
    engine::Run,
    finding::{Applicability, Finding, Status},
};

/// The most results that GitHub takes of one run
/// (<https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support>).
const MAX_RESULTS: usize = 25_000;
/// The most tags that it takes of one rule.
const MAX_TAGS: usize = 20;
/// What may stand in the path of a URI as it is (RFC 3986, section 3.3), `/` between segments included. A colon may not
/// in the first segment of a relative reference.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [RunLog<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunLog<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<ResultLog<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<RuleLog<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleLog<'a> {
    id: &'a str,
    short_description: Message<'a>,
    full_description: Message<'a>,
    help: Help<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    default_configuration: Level,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Help<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Level {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties<'a> {
    tags: &'a [String],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    applicability: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultLog<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: OwnMessage,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<ResultProperties<'a>>,
}

/// What the standard has no field for (section 3.8).
#[derive(Serialize)]
struct ResultProperties<'a> {
    blame: json::BlameJson<'a>,
}

#[derive(Serialize)]
struct OwnMessage {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

/// 1-based, columns in code points, the end exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "gomend/v1")]
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: OwnMessage,
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Message<'a>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

/// The run as one log, with a line end, and how many findings did not fit. What is suppressed is in it, and marked.
pub fn report(run: &Run, codemods: &[About]) -> (String, usize) {
    let mut ordinals = BTreeMap::new();
    let mut lines: BTreeMap<&Path, Lines<'_>> = BTreeMap::new();
    let results: Vec<_> = run
        .findings
        .iter()
        .take(MAX_RESULTS)
        .map(|finding| {
            let source = run.sources.get(&finding.path).map_or("", |text| text);
            let lines = lines
                .entry(&finding.path)
                .or_insert_with(|| Lines::new(source));
            let id = json::id(finding, source, &mut ordinals);
            result(finding, lines, id, codemods)
        })
        .collect();
    let left_out = run.findings.len() - results.len();
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [RunLog {
            tool: Tool {
                driver: Driver {
                    name: "gomend",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: codemods.iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    (json::pretty(&log), left_out)
}

fn rule(about: &About) -> RuleLog<'_> {
    let help = if about.description.is_empty() {
        &about.summary
    } else {
        &about.description
    };
    RuleLog {
        id: &about.id,
        short_description: Message {
            text: &about.summary,
        },
        full_description: Message {
            text: &about.summary,
        },
        help: Help {
            text: help,
            markdown: help,
        },
        help_uri: about.references.first().map(String::as_str),
        default_configuration: Level { level: "warning" },
        properties: Properties {
            tags: &about.tags[..about.tags.len().min(MAX_TAGS)],
            precision: match about.applicability {
                Applicability::Safe => "very-high",
                Applicability::Unsafe | Applicability::Display => "high",
            },
            severity: "warning",
            applicability: about.applicability.as_str(),
        },
    }
}

fn result<'a>(
    finding: &'a Finding,
    lines: &Lines<'_>,
    id: String,
    codemods: &[About],
) -> ResultLog<'a> {
    let reason = finding.reason.as_deref();
    let text = match (finding.status, reason) {
        (Status::Suppressed, _) | (_, None) => finding.message.clone(),
        (_, Some(reason)) => format!("{}: {reason}", finding.message),
    };
    let is_suppressed = finding.status == Status::Suppressed;
    ResultLog {
        rule_id: &finding.codemod,
        rule_index: codemods
            .iter()
            .position(|about| about.id == finding.codemod),
        level: "warning",
        message: OwnMessage { text },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: artifact(&finding.path),
                region: region(lines, finding.range.start, finding.range.end),
            },
        }],
        partial_fingerprints: Fingerprints { id },
        fixes: fix(finding, lines).into_iter().collect(),
        suppressions: is_suppressed
            .then_some(Suppression {
                kind: "inSource",
                justification: reason,
            })
            .into_iter()
            .collect(),
        properties: finding.blame.as_ref().map(|blame| ResultProperties {
            blame: json::blame(blame),
        }),
    }
}

/// The verified edits, where there are any that a reader may take.
fn fix<'a>(finding: &'a Finding, lines: &Lines<'_>) -> Option<Fix<'a>> {
    let is_offered = matches!(finding.status, Status::Fixable | Status::Unsafe);
    if !is_offered || finding.edits.is_empty() {
        return None;
    }
    let replacement = |edit: &'a crate::finding::TextEdit| Replacement {
        deleted_region: region(lines, edit.start, edit.end),
        inserted_content: Message { text: &edit.text },
    };
    Some(Fix {
        description: OwnMessage {
            text: format!(
                "{} change of {}",
                finding.applicability.as_str(),
                finding.codemod
            ),
        },
        artifact_changes: [ArtifactChange {
            artifact_location: artifact(&finding.path),
            replacements: finding.edits.iter().map(replacement).collect(),
        }],
    })
}

fn artifact(path: &Path) -> ArtifactLocation {
    ArtifactLocation {
        uri: utf8_percent_encode(&slashes(path), PATH).to_string(),
        uri_base_id: "%SRCROOT%",
    }
}

fn region(lines: &Lines<'_>, start: usize, end: usize) -> Region {
    let (start_line, start_column) = lines.counted(start, Columns::Characters);
    let (end_line, end_column) = lines.counted(end, Columns::Characters);
    Region {
        start_line,
        start_column,
        end_line,
        end_column,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::fixture;

    fn log(run: &Run) -> Value {
        let (text, _) = report(run, &[fixture::about()]);
        let log: Value = serde_json::from_str(&text).expect("JSON");
        let schema = include_str!("../../tests/schemas/sarif-2.1.0.json");
        let schema: Value = serde_json::from_str(schema).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, [""; 0], "{text}");
        log
    }

    #[test]
    fn a_finding_has_its_place_its_fix_and_its_fingerprint() {
        let run = fixture::run("a b/ß.go", "package b\nvar ß, _ = f()\n", Some(18..19));
        let log = log(&run);
        let result = &log["runs"][0]["results"][0];
        let artifact = json!({"uri": "a%20b/%C3%9F.go", "uriBaseId": "%SRCROOT%"});
        let region = json!({"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 9});
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({"artifactLocation": artifact, "region": region})
        );
        assert_eq!(
            result["fixes"][0]["artifactChanges"][0],
            json!({"artifactLocation": artifact, "replacements": [
                {"deletedRegion": region, "insertedContent": {"text": "cancel"}}]})
        );
        assert_eq!(
            (&result["ruleId"], &result["ruleIndex"]),
            (&json!("context/cancel-discarded"), &json!(0))
        );
        let id = result["partialFingerprints"]["gomend/v1"]
            .as_str()
            .expect("text");
        assert_eq!(id.len(), 16);
    }

    #[test]
    fn the_codemod_is_explained() {
        let log = log(&fixture::run("b.go", "package b\n", Some(0..1)));
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(rule["shortDescription"]["text"], "Bind the CancelFunc");
        assert_eq!(rule["help"]["markdown"], "## What it finds\nOne.");
        assert_eq!(rule["properties"]["tags"], json!(["leak", "context"]));
        assert_eq!(rule["helpUri"], "https://pkg.go.dev/context#WithCancel");
    }

    #[test]
    fn suppressed_findings_are_marked_and_offer_nothing() {
        let mut run = fixture::run("b.go", "package b\n", Some(0..1));
        run.findings[0].status = Status::Suppressed;
        run.findings[0].reason = Some("measured".to_owned());
        let log = log(&run);
        let result = &log["runs"][0]["results"][0];
        assert_eq!(
            result["suppressions"],
            json!([{"kind": "inSource", "justification": "measured"}])
        );
        assert_eq!(result.get("fixes"), None);
        assert_eq!(result["message"]["text"], "discarded");
    }

    #[test]
    fn what_code_scanning_would_refuse_is_left_out_and_counted() {
        let source = format!("package b\n{}", "x\n".repeat(30));
        let ranges: Vec<_> = (0..MAX_RESULTS + 3).map(|_| 10..11).collect();
        let (text, left_out) = report(&fixture::run("b.go", &source, ranges), &[fixture::about()]);
        assert_eq!(left_out, 3);
        assert_eq!(text.matches("\"ruleId\"").count(), MAX_RESULTS);
    }
}
