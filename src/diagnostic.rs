//! Problems shown the way rustc shows them: what is wrong, where (path:line:column, source line, caret), and what to do.
//! Used for codemod files by [`crate::codemod`] and for findings by [`crate::report`]. Values in, text out; prints nothing.

use std::{ops::Range, path::Path, sync::Arc};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The thing cannot be used.
    Error,
    /// It can be used, but somebody should look.
    Warning,
}

/// A file's text with the name it is shown under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Shown in front of `:line:column`.
    pub path: Arc<Path>,
    /// The whole text.
    pub text: Arc<str>,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong; lower case, no full stop, the user's text in backticks.
    pub title: String,
    /// The file it is in.
    pub source: Source,
    /// Bytes of `source.text` the caret marks.
    pub span: Range<usize>,
    /// A few words beside the caret; may be empty.
    pub label: String,
    /// What to do next, one entry a line.
    pub help: Vec<String>,
}
