//! The predicates a query can ask for: one table, one function each. Adding a predicate is adding one entry.
//!
//! A predicate that cannot know answers [`Answer::Unknown`], and then both it and its `not-` form fail.

use std::sync::Arc;

use tree_sitter::Node;

/// What a predicate takes at one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `@name`.
    Capture,
    /// `"text"`.
    Text,
    /// Either.
    CaptureOrText,
    /// `"pattern"`, a regular expression that must compile.
    Regex,
    /// `">=1.22"`, a [`crate::go::version::Requirement`].
    GoRequirement,
    /// `"kind"`, a named node kind of the grammar.
    NodeKind,
}

/// The shape of a predicate's arguments.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// The arguments that must be there.
    pub required: &'static [Parameter],
    /// What any number of further arguments must be; `None` where there may be no more.
    pub rest: Option<Parameter>,
}

/// One entry of the table.
pub struct PredicateKind {
    /// The name between `#` and `?`, without `not-`.
    pub name: &'static str,
    /// Its arguments.
    pub signature: Signature,
    /// One line for help texts.
    pub help: &'static str,
}

impl std::fmt::Debug for PredicateKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A predicate as a query uses it, its arguments checked against its signature.
#[derive(Debug)]
pub struct Predicate {
    /// Its entry in the table.
    pub kind: &'static PredicateKind,
    /// Whether the `not-` form is used.
    pub negated: bool,
    /// The arguments.
    pub arguments: Vec<Argument>,
}

/// A checked argument of a predicate.
#[derive(Debug, Clone)]
pub enum Argument {
    /// `@name`, by index into the query's captures.
    Capture(u32),
    /// `"text"`; also node kinds.
    Text(Arc<str>),
    /// A compiled regular expression.
    Regex(regex::Regex),
    /// A requirement on the language version.
    GoRequirement(crate::go::version::Requirement),
}

/// What a predicate says about its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It cannot be known; the predicate and its negation both fail.
    Unknown,
}

/// A value handed to a predicate's function.
#[derive(Debug)]
pub enum Value<'a, 'tree> {
    /// The nodes of a capture: none where it matched nothing, several where it is quantified.
    Nodes(Vec<Node<'tree>>),
    /// Any other argument.
    Argument(&'a Argument),
}

/// Every predicate, by name.
pub static TABLE: &[PredicateKind] = &[];

/// The entry for `name` (without `#`, `not-` and `?`).
pub fn find(name: &str) -> Option<&'static PredicateKind> {
    TABLE.iter().find(|kind| kind.name == name)
}
