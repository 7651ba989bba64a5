//! Findings for programs: one JSON object of the schema `gomend/1`. Scripts depend on it; a key is added, never changed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::place::{Lines, Place};
use crate::{
    blame::Blame,
    engine::{Outcome, Run},
    finding::{Finding, Status},
};

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    version: &'static str,
    findings: Vec<FindingJson<'a>>,
    files: Vec<FileJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    id: String,
    codemod: &'a str,
    rule: &'a str,
    path: String,
    start: Place,
    end: Place,
    message: &'a str,
    applicability: &'static str,
    status: &'static str,
    reason: Option<&'a str>,
    edits: Vec<EditJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blame: Option<BlameJson<'a>>,
}

/// Null in all four where the lines are not committed yet.
#[derive(Serialize)]
pub(super) struct BlameJson<'a> {
    author: Option<&'a str>,
    email: Option<&'a str>,
    commit: Option<&'a str>,
    date: Option<&'a str>,
    /// A shallow clone ends at the commit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    boundary: bool,
}

#[derive(Serialize)]
struct EditJson<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct FileJson<'a> {
    path: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct SummaryJson {
    files: usize,
    parsed: usize,
    bytes: u64,
    findings: usize,
    applied: usize,
    rejected: usize,
    elapsed_ms: u128,
}

/// The run as one object, with a line end.
pub fn report(run: &Run) -> String {
    let mut ordinals = BTreeMap::new();
    let mut lines = BTreeMap::new();
    let report = Report {
        schema: "gomend/1",
        version: env!("CARGO_PKG_VERSION"),
        findings: run
            .findings
            .iter()
            .map(|found| finding(run, found, &mut lines, &mut ordinals))
            .collect(),
        files: files(run),
        summary: summary(run),
    };
    pretty(&report)
}

/// A report as indented JSON, with a line end.
pub(super) fn pretty(report: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("strings, numbers and lists are always JSON");
    text.push('\n');
    text
}

fn finding<'a>(
    run: &'a Run,
    finding: &'a Finding,
    lines: &mut BTreeMap<&'a Path, Lines<'a>>,
    ordinals: &mut BTreeMap<String, usize>,
) -> FindingJson<'a> {
    let source = run.sources.get(&finding.path).map_or("", |text| text);
    let lines = lines
        .entry(&finding.path)
        .or_insert_with(|| Lines::new(source));
    let edit = |edit: &'a crate::finding::TextEdit| EditJson {
        start: edit.start,
        end: edit.end,
        text: &edit.text,
    };
    FindingJson {
        id: id(finding, source, ordinals),
        codemod: &finding.codemod,
        rule: &finding.rule,
        path: slashes(&finding.path),
        start: lines.place(finding.range.start),
        end: lines.place(finding.range.end),
        message: &finding.message,
        applicability: finding.applicability.as_str(),
        status: finding.status.as_str(),
        reason: finding.reason.as_deref(),
        edits: finding.edits.iter().map(edit).collect(),
        blame: finding.blame.as_ref().map(blame),
    }
}

/// Who last changed the lines, for programs.
pub(super) fn blame(blame: &Blame) -> BlameJson<'_> {
    let commit = match blame {
        Blame::Commit(commit) => Some(commit),
        Blame::Uncommitted => None,
    };
    BlameJson {
        author: commit.map(|commit| &*commit.author),
        email: commit.map(|commit| &*commit.email),
        commit: commit.map(|commit| &*commit.id),
        date: commit.map(|commit| &*commit.date),
        boundary: commit.is_some_and(|commit| commit.is_boundary),
    }
}

/// A name for the finding that stays when lines move: a hash of codemod, rule, path, the matched text with its white
/// space evened out, and which of several equal ones in the file it is.
pub(super) fn id(
    finding: &Finding,
    source: &str,
    ordinals: &mut BTreeMap<String, usize>,
) -> String {
    let matched = source.get(finding.range.clone()).unwrap_or_default();
    let words: Vec<&str> = matched.split_whitespace().collect();
    let (codemod, rule, path) = (&finding.codemod, &finding.rule, slashes(&finding.path));
    let key = format!("{codemod}\0{rule}\0{path}\0{}", words.join(" "));
    let ordinal = ordinals.entry(key.clone()).or_insert(0);
    *ordinal += 1;
    // git's object hash: a digest that is the same on every machine and in every release, and already linked.
    let hash = git2::Oid::hash_object(
        git2::ObjectType::Blob,
        format!("{key}\0{ordinal}").as_bytes(),
    )
    .expect("hashing bytes in memory cannot fail");
    hash.to_string()[..16].to_owned()
}

fn files(run: &Run) -> Vec<FileJson<'_>> {
    let report = |file: &'_ crate::engine::FileReport| slashes(&file.path);
    run.files
        .iter()
        .filter_map(|file| {
            let (outcome, reason) = match &file.outcome {
                Outcome::Unchanged => return None,
                Outcome::Changed => ("changed", None),
                Outcome::Skipped(reason) => ("skipped", Some(reason.as_str())),
                Outcome::Rejected(reason) => ("rejected", Some(reason.as_str())),
                Outcome::Failed(reason) => ("failed", Some(reason.as_str())),
            };
            Some(FileJson {
                path: report(file),
                outcome,
                reason,
            })
        })
        .collect()
}

fn summary(run: &Run) -> SummaryJson {
    let count = |status| {
        run.findings
            .iter()
            .filter(|finding| finding.status == status)
            .count()
    };
    SummaryJson {
        files: run.summary.files,
        parsed: run.summary.parsed,
        bytes: run.summary.bytes,
        findings: run.findings.len(),
        applied: count(Status::Applied),
        rejected: count(Status::Rejected),
        elapsed_ms: run.summary.elapsed.as_millis(),
    }
}

/// The path with `/` between its parts, on every system.
pub(super) fn slashes(path: &Path) -> String {
    let path: PathBuf = path.components().collect();
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the expected texts"
)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::{
        engine::{FileReport, Summary},
        finding::{Applicability, TextEdit},
    };

    fn run(source: &str, ranges: &[std::ops::Range<usize>]) -> Run {
        let path: Arc<Path> = Path::new("a/b.go").into();
        let finding = |range: &std::ops::Range<usize>| Finding {
            codemod: "context/cancel-discarded".into(),
            rule: "bind".into(),
            path: path.clone(),
            range: range.clone(),
            message: "discarded".to_owned(),
            applicability: Applicability::Safe,
            status: Status::Fixable,
            reason: None,
            blame: None,
            edits: vec![TextEdit {
                start: range.start,
                end: range.start + 1,
                text: "cancel".to_owned(),
            }],
        };
        let file = |path: &str, outcome| FileReport {
            path: Path::new(path).into(),
            outcome,
        };
        Run {
            findings: ranges.iter().map(finding).collect(),
            files: vec![
                file("a/b.go", Outcome::Changed),
                file("a/c.go", Outcome::Unchanged),
                file("vendor/d.go", Outcome::Skipped("in `vendor/`".to_owned())),
            ],
            sources: BTreeMap::from([(path, source.into())]),
            summary: Summary {
                files: 2,
                parsed: 1,
                bytes: 120,
                elapsed: Duration::from_millis(7),
                ..Summary::default()
            },
            ..Run::default()
        }
    }

    #[test]
    fn one_object_of_the_promised_schema() {
        let place = 15..16;
        assert_data_eq!(
            report(&run("package b\nßx, _ := f()\n", &[place])),
            str![[r#"
{
  "schema": "gomend/1",
  "version": "0.1.0",
  "findings": [
    {
      "id": "61e58bbe70c77646",
      "codemod": "context/cancel-discarded",
      "rule": "bind",
      "path": "a/b.go",
      "start": {
        "line": 2,
        "column": 6,
        "byte": 15
      },
      "end": {
        "line": 2,
        "column": 7,
        "byte": 16
      },
      "message": "discarded",
      "applicability": "safe",
      "status": "fixable",
      "reason": null,
      "edits": [
        {
          "start": 15,
          "end": 16,
          "text": "cancel"
        }
      ]
    }
  ],
  "files": [
    {
      "path": "a/b.go",
      "outcome": "changed"
    },
    {
      "path": "vendor/d.go",
      "outcome": "skipped",
      "reason": "in `vendor/`"
    }
  ],
  "summary": {
    "files": 2,
    "parsed": 1,
    "bytes": 120,
    "findings": 1,
    "applied": 0,
    "rejected": 0,
    "elapsed_ms": 7
  }
}

"#]]
        );
    }

    #[test]
    fn ids_survive_moved_lines_and_tell_equal_findings_apart() {
        let ids = |source: &str, ranges: &[std::ops::Range<usize>]| {
            let run = run(source, ranges);
            let mut ordinals = BTreeMap::new();
            run.findings
                .iter()
                .map(|found| id(found, source, &mut ordinals))
                .collect::<Vec<_>>()
        };
        let before = ids("a  b\na b\n", &[0..4, 5..8]);
        let moved = ids("\n\na b\n\na\tb\n", &[2..5, 7..10]);
        assert_eq!(before, moved);
        assert_ne!(before[0], before[1]);
        let other = 0..3;
        assert_ne!(ids("a c\n", &[other])[0], before[0]);
    }
}
