//! The imports of a file and the local names they declare.

use std::ops::Range;

use super::syntax::Parsed;

/// How an import spec names its package in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alias {
    /// No name is written: the package's own name, which its path only suggests.
    None,
    /// `name "path"`.
    Named(String),
    /// `. "path"`.
    Dot,
    /// `_ "path"`.
    Blank,
}

/// One import spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path, unquoted.
    pub path: String,
    /// How it is named here.
    pub alias: Alias,
    /// Bytes of the import spec.
    pub range: Range<usize>,
}

/// The imports of a file, in document order.
pub fn imports(_parsed: &Parsed) -> Vec<Import> {
    Vec::new()
}
