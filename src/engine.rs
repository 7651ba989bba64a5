//! Calls the stages in order and owns the threads; has no rules of its own.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use crate::{finding::Finding, verify::Verified};

/// What became of one selected file; every file ends in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Read, and nothing to write.
    Unchanged,
    /// A verified new text exists.
    Changed,
    /// Left out, with the reason.
    Skipped(String),
    /// It had edits, and verification refused all of them.
    Rejected(String),
    /// It could not be read or searched.
    Failed(String),
}

/// One file and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Everything a run found out, ready to be delivered and reported. All lists are in path order, then document order.
#[derive(Debug, Default)]
pub struct Run {
    /// All findings.
    pub findings: Vec<Finding>,
    /// All files, also unchanged ones.
    pub files: Vec<FileReport>,
    /// The new texts.
    pub verified: Vec<Verified>,
    /// For a commit each codemod: the ids that changed something, in order, each with the state of all files that differ
    /// from the base after it and those before it. Empty unless asked for.
    pub steps: Vec<Step>,
    /// Texts of the files that have findings, as they were read; for showing source lines.
    pub sources: BTreeMap<Arc<Path>, Arc<str>>,
    /// Totals.
    pub summary: Summary,
    /// Things to say on standard error once: no gofmt, say.
    pub warnings: Vec<String>,
}

/// The state of the changed files after one codemod.
#[derive(Debug)]
pub struct Step {
    /// Id of the codemod.
    pub codemod: Arc<str>,
    /// Every file that this step changes, with `before` as the step before left it.
    pub changes: Vec<Verified>,
}

/// Totals of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Files selected and not skipped.
    pub files: usize,
    /// Files that had to be parsed.
    pub parsed: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Time from the start of the run.
    pub elapsed: Duration,
}
