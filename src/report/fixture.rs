//! A small run for the tests of the reports.

use std::{collections::BTreeMap, ops::Range, path::Path, sync::Arc};

use super::about::About;
use crate::{
    engine::Run,
    finding::{Applicability, Finding, Status, TextEdit},
};

/// A run over one file, with a fixable finding at each of `ranges` that replaces its first byte by `cancel`.
pub fn run(path: &str, source: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Run {
    let path: Arc<Path> = Path::new(path).into();
    let finding = |range: Range<usize>| Finding {
        codemod: about().id,
        rule: "bind".into(),
        path: Arc::clone(&path),
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
    Run {
        findings: ranges.into_iter().map(finding).collect(),
        sources: BTreeMap::from([(Arc::clone(&path), source.into())]),
        ..Run::default()
    }
}

/// The codemod of its findings.
pub fn about() -> About {
    About {
        id: "context/cancel-discarded".into(),
        summary: "Bind the CancelFunc".to_owned(),
        description: "## What it finds\nOne.".to_owned(),
        tags: vec!["leak".to_owned(), "context".to_owned()],
        applicability: Applicability::Safe,
        references: vec!["https://pkg.go.dev/context#WithCancel".to_owned()],
    }
}
