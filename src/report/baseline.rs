//! Findings that are known: a file of their ids, so that `check` tells of new ones only. The ids are those of the JSON
//! report; they stay when lines move. Paths and messages are there for people who review the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::json::{self, slashes};
use crate::{engine::Run, finding::Status};

const SCHEMA: &str = "gomend-baseline/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    schema: String,
    findings: Vec<Known>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    codemod: String,
    message: String,
    id: String,
}

/// A baseline of the findings that nothing suppresses, and how many they are. Sorted by path, so that its history can be
/// read.
pub fn write(run: &Run) -> (String, usize) {
    let ids = ids(run);
    let known = run
        .findings
        .iter()
        .zip(ids)
        .filter(|(finding, _)| finding.status != Status::Suppressed);
    let baseline = Baseline {
        schema: SCHEMA.to_owned(),
        findings: known
            .map(|(finding, id)| Known {
                path: slashes(&finding.path),
                codemod: finding.codemod.to_string(),
                message: finding.message.clone(),
                id,
            })
            .collect(),
    };
    let count = baseline.findings.len();
    (json::pretty(&baseline), count)
}

/// Suppresses the findings that `text`, a baseline, knows. The number of those it knows that the run searched for and did
/// not find: they are mended, or their code has changed.
///
/// # Errors
/// What is wrong with the text.
pub fn hide(run: &mut Run, text: &str) -> Result<usize, String> {
    let baseline: Baseline = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if baseline.schema != SCHEMA {
        return Err(format!(
            "its schema is `{}`, and this gomend reads `{SCHEMA}`",
            baseline.schema
        ));
    }
    let known: BTreeSet<&str> = baseline.findings.iter().map(|f| &*f.id).collect();
    let ids = ids(run);
    let mut found = BTreeSet::new();
    for (finding, id) in run.findings.iter_mut().zip(&ids) {
        if known.contains(&**id) {
            found.insert(&**id);
            if finding.status != Status::Suppressed {
                finding.status = Status::Suppressed;
                finding.reason = Some("in the baseline".to_owned());
            }
        }
    }
    Ok(known.len() - found.len())
}

fn ids(run: &Run) -> Vec<String> {
    let mut ordinals = BTreeMap::new();
    let id = |finding| {
        let finding: &crate::finding::Finding = finding;
        let source = run.sources.get(&finding.path).map_or("", |text| text);
        json::id(finding, source, &mut ordinals)
    };
    run.findings.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_is_known_is_hidden_after_lines_moved() {
        let before = fixture::run("b.go", "package b\nf()\ng()\n", [10..13, 14..17]);
        let (text, count) = write(&before);
        assert_eq!(count, 2);
        let mut after = fixture::run("b.go", "package b\n\n\nf()\nh()\n", [12..15, 16..19]);
        assert_eq!(hide(&mut after, &text), Ok(1));
        let statuses: Vec<Status> = after.findings.iter().map(|f| f.status).collect();
        assert_eq!(statuses, [Status::Suppressed, Status::Fixable]);
        assert_eq!(after.findings[0].reason.as_deref(), Some("in the baseline"));
        assert_eq!(write(&after).1, 1);
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        let mut run = fixture::run("b.go", "package b\n", []);
        assert!(hide(&mut run, "{").is_err());
        let other = hide(
            &mut run,
            r#"{"schema": "gomend-baseline/2", "findings": []}"#,
        );
        assert_eq!(
            other,
            Err(
                "its schema is `gomend-baseline/2`, and this gomend reads `gomend-baseline/1`"
                    .to_owned()
            )
        );
    }
}
