//! What gomend found: the value that the matcher and the rewriter fill in and the reports show.

use std::{ops::Range, path::Path, sync::Arc};

use crate::blame::Blame;

/// How far an edit may be trusted (the terms of ruff). Ordered from least to most trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// No edit can be trusted; the finding is shown with the suggested text and never written.
    Display,
    /// Right in most programs, but a person must look. Applied only on request.
    Unsafe,
    /// Meaning and comments are kept, or a definite defect is cured. Applied by default.
    Safe,
}

impl Applicability {
    /// The word used in codemod files and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }

    /// Reads the word used in codemod files; `None` for any other.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Display, Self::Unsafe, Self::Safe]
            .into_iter()
            .find(|a| a.as_str() == word)
    }
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Verified edits exist; this run does not write them (`check`, `diff`).
    Fixable,
    /// Verified edits were written.
    Applied,
    /// Verified edits exist, and a person chose not to make them.
    Left,
    /// There are edits, but they are `unsafe` and were not asked for.
    Unsafe,
    /// No edit is offered, only the finding.
    Display,
    /// Verification refused the edits; the reason says why.
    Rejected,
    /// A comment or a baseline hides the finding.
    Suppressed,
    /// Another match claimed the same code and won; the reason names it.
    Conflict,
}

impl Status {
    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fixable | Self::Left => "fixable",
            Self::Applied => "applied",
            Self::Unsafe => "unsafe",
            Self::Display => "display",
            Self::Rejected => "rejected",
            Self::Suppressed => "suppressed",
            Self::Conflict => "conflict",
        }
    }
}

/// Replaces the bytes of `range` by `text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextEdit {
    /// Bytes of the text before the edit; empty for an insertion.
    pub start: usize,
    /// End of the replaced bytes, exclusive.
    pub end: usize,
    /// What stands there afterwards.
    pub text: String,
}

/// One place in one file that a rule matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the codemod, `group/name`.
    pub codemod: Arc<str>,
    /// Name of the rule within it.
    pub rule: Arc<str>,
    /// Path relative to the root of the file set.
    pub path: Arc<Path>,
    /// Bytes of the file as it was read: where a person should look.
    pub range: Range<usize>,
    /// The rule's message, its captures filled in.
    pub message: String,
    /// How far the edits may be trusted.
    pub applicability: Applicability,
    /// What became of it.
    pub status: Status,
    /// Why it was not applied, where it was not.
    pub reason: Option<String>,
    /// The edits, in byte positions of the file as it was read, sorted and disjoint; empty where there are none, or
    /// where they touch text that an earlier edit of the same run produced.
    pub edits: Vec<TextEdit>,
    /// Who last changed its lines, where that was asked for and is known.
    pub blame: Option<Blame>,
}
