//! The predicates a query can ask for: one table, one function each. Adding a predicate is adding one entry.
//!
//! A predicate that cannot know answers [`Answer::Unknown`], and then both it and its `not-` form fail.

use std::sync::Arc;

use tree_sitter::Node;

use Parameter::{Capture, CaptureOrText, GoRequirement, NodeKind, Regex, Text};

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
pub static TABLE: &[PredicateKind] = &[
    PredicateKind {
        name: "eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#eq? @a @b)`, `(#eq? @a \"text\")`: the texts are the same",
    },
    PredicateKind {
        name: "any-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-eq? @a \"text\")`: the text of some node of a quantified capture is the same",
    },
    PredicateKind {
        name: "any-not-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-not-eq? @a \"text\")`: the text of some node of a quantified capture differs",
    },
    PredicateKind {
        name: "match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#match? @a \"re\")`: the regular expression finds something in the text",
    },
    PredicateKind {
        name: "any-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-match? @a \"re\")`: it finds something in some node of a quantified capture",
    },
    PredicateKind {
        name: "any-not-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-not-match? @a \"re\")`: it finds nothing in some node of a quantified capture",
    },
    PredicateKind {
        name: "any-of",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#any-of? @a \"x\" \"y\")`: the text is one of these",
    },
    PredicateKind {
        name: "import",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#import? @id \"path\" …)`: the identifier is the local name of one of these imports, not shadowed",
    },
    PredicateKind {
        name: "in-loop",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#in-loop? @n)`: a `for` of the same function runs the node more than once",
    },
    PredicateKind {
        name: "inside",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside? @n \"kind\" …)`: an ancestor within the same function has one of these kinds",
    },
    PredicateKind {
        name: "inside-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside-any? @n \"kind\" …)`: an ancestor has one of these kinds, function literals crossed",
    },
    PredicateKind {
        name: "has",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has? @n \"kind\" …)`: a descendant has one of these kinds, function literals not entered",
    },
    PredicateKind {
        name: "has-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has-any? @n \"kind\" …)`: a descendant has one of these kinds, function literals entered",
    },
    PredicateKind {
        name: "jumps-out",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#jumps-out? @n)`: holds a return, goto, break or continue that leaves the node",
    },
    PredicateKind {
        name: "terminates",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#terminates? @block)`: control cannot run off the end of the block or statement",
    },
    PredicateKind {
        name: "err-check",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#err-check? @if @err)`: the statement is `if err != nil { … }` over that identifier and its body terminates",
    },
    PredicateKind {
        name: "go",
        signature: Signature {
            required: &[GoRequirement],
            rest: None,
        },
        help: "`(#go? \">=1.22\")`: the file's language version meets the requirement",
    },
    PredicateKind {
        name: "test-file",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#test-file?)`: the file's name ends in `_test.go`",
    },
    PredicateKind {
        name: "main-package",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#main-package?)`: the file's package is `main`",
    },
    PredicateKind {
        name: "generated",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#generated?)`: the file says that it is generated",
    },
];

/// The entry for `name` (without `#`, `not-` and `?`).
pub fn find(name: &str) -> Option<&'static PredicateKind> {
    TABLE.iter().find(|kind| kind.name == name)
}
