//! The predicates a query can ask for: one table, one function each. Adding a predicate is adding one entry.
//!
//! A predicate that cannot know answers [`Answer::Unknown`], and then both it and its `not-` form fail.

mod control;
mod file;
mod place;
#[cfg(test)]
mod tests;
mod text;
mod types;

use std::sync::Arc;

use tree_sitter::Node;

use super::{Facts, Match};

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
    /// Answers for one match.
    eval: Eval,
}

/// Answers a predicate, without regard to its `not-` form.
type Eval = for<'a, 't> fn(&Call<'a, 't>) -> Verdict;

impl std::fmt::Debug for PredicateKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A predicate as a query uses it, its arguments checked against its signature.
#[derive(Debug, Clone)]
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

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Answer {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Unknown, Self::from)
    }
}

/// A predicate's answer, and why, where that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Yes, no or unknown.
    pub answer: Answer,
    /// Why, as a sentence without capital and full stop; only in a run that explains.
    pub reason: Option<String>,
}

impl Predicate {
    /// Whether the predicate, in the form it is used, holds with this answer.
    pub fn accepts(&self, answer: Answer) -> bool {
        answer == Answer::from(!self.negated)
    }

    /// The predicate as a query has it; `captures` are the query's, by index.
    pub fn show(&self, captures: &[Arc<str>]) -> String {
        let not = if self.negated { "not-" } else { "" };
        let mut text = format!("(#{not}{}?", self.kind.name);
        for argument in &self.arguments {
            text.push(' ');
            let shown = match argument {
                Argument::Capture(index) => format!("@{}", captures[*index as usize]),
                Argument::Text(text) => format!("{text:?}"),
                Argument::Regex(regex) => format!("{:?}", regex.as_str()),
                Argument::GoRequirement(requirement) => format!("{:?}", requirement.to_string()),
            };
            text.push_str(&shown);
        }
        text.push(')');
        text
    }
}

/// A predicate applied to one match: what its function sees.
pub struct Call<'a, 't> {
    facts: &'a Facts<'t>,
    predicate: &'a Predicate,
    captures: &'a [Arc<str>],
    found: &'a Match<'t>,
    explain: bool,
}

impl<'a, 't> Call<'a, 't> {
    /// `captures` are the names of the query's captures, by index; reasons are built only if `explain`.
    pub(super) fn new(
        facts: &'a Facts<'t>,
        predicate: &'a Predicate,
        captures: &'a [Arc<str>],
        found: &'a Match<'t>,
        explain: bool,
    ) -> Self {
        Self {
            facts,
            predicate,
            captures,
            found,
            explain,
        }
    }

    /// Asks the predicate's function.
    pub(super) fn evaluate(&self) -> Verdict {
        (self.predicate.kind.eval)(self)
    }

    /// The nodes of the capture at a position: none where it matched nothing or where a text stands.
    fn nodes(&self, position: usize) -> &'a [Node<'t>] {
        match self.predicate.arguments.get(position) {
            Some(Argument::Capture(index)) => self.found.nodes(&self.captures[*index as usize]),
            _ => &[],
        }
    }

    /// The texts from a position on.
    fn texts(&self, from: usize) -> Vec<&'a str> {
        let arguments = self.predicate.arguments.get(from..).unwrap_or_default();
        arguments
            .iter()
            .filter_map(|argument| match argument {
                Argument::Text(text) => Some(&**text),
                _ => None,
            })
            .collect()
    }

    /// The source text of a node.
    fn text_of(&self, node: Node<'t>) -> &'t str {
        self.facts.parsed.text_of(node)
    }

    /// An answer with its reason, which is built only in a run that explains.
    fn verdict(&self, answer: impl Into<Answer>, reason: impl FnOnce() -> String) -> Verdict {
        Verdict {
            answer: answer.into(),
            reason: self.explain.then(reason),
        }
    }

    /// Holds in either form: the text predicates say nothing about a capture that matched nothing.
    fn vacuous(&self) -> Verdict {
        self.verdict(!self.predicate.negated, || {
            "the capture matched nothing".to_owned()
        })
    }

    /// The one answer for all nodes of the first capture; unknown where they differ or where there is none.
    fn each(
        &self,
        ask: impl Fn(Node<'t>) -> Answer,
        describe: impl Fn(Answer, &str) -> String,
    ) -> Verdict {
        let nodes = self.nodes(0);
        let Some(first) = nodes.first() else {
            return self.verdict(Answer::Unknown, || "the capture matched nothing".to_owned());
        };
        let answer = ask(*first);
        if nodes[1..].iter().any(|n| ask(*n) != answer) {
            return self.verdict(Answer::Unknown, || {
                "it holds for some nodes of the capture and not for others".to_owned()
            });
        }
        self.verdict(answer, || describe(answer, &self.quoted(*first)))
    }

    /// A node's first line in backticks, for reasons.
    fn quoted(&self, node: Node<'t>) -> String {
        let text = self.text_of(node);
        match text.split_once('\n') {
            Some((first, _)) => format!("`{} …`", first.trim_end()),
            None => format!("`{text}`"),
        }
    }
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
        eval: text::eq,
    },
    PredicateKind {
        name: "any-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-eq? @a \"text\")`: the text of some node of a quantified capture is the same",
        eval: text::any_eq,
    },
    PredicateKind {
        name: "any-not-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-not-eq? @a \"text\")`: the text of some node of a quantified capture differs",
        eval: text::any_not_eq,
    },
    PredicateKind {
        name: "match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#match? @a \"re\")`: the regular expression finds something in the text",
        eval: text::matches,
    },
    PredicateKind {
        name: "any-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-match? @a \"re\")`: it finds something in some node of a quantified capture",
        eval: text::any_match,
    },
    PredicateKind {
        name: "any-not-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-not-match? @a \"re\")`: it finds nothing in some node of a quantified capture",
        eval: text::any_not_match,
    },
    PredicateKind {
        name: "any-of",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#any-of? @a \"x\" \"y\")`: the text is one of these",
        eval: text::any_of,
    },
    PredicateKind {
        name: "import",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#import? @id \"path\" …)`: the identifier is the local name of one of these imports, not shadowed",
        eval: file::import,
    },
    PredicateKind {
        name: "in-loop",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#in-loop? @n)`: a `for` of the same function runs the node more than once",
        eval: place::in_loop,
    },
    PredicateKind {
        name: "inside",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside? @n \"kind\" …)`: an ancestor within the same function has one of these kinds",
        eval: place::inside,
    },
    PredicateKind {
        name: "inside-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside-any? @n \"kind\" …)`: an ancestor has one of these kinds, function literals crossed",
        eval: place::inside_any,
    },
    PredicateKind {
        name: "has",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has? @n \"kind\" …)`: a descendant has one of these kinds, function literals not entered",
        eval: place::has,
    },
    PredicateKind {
        name: "has-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has-any? @n \"kind\" …)`: a descendant has one of these kinds, function literals entered",
        eval: place::has_any,
    },
    PredicateKind {
        name: "jumps-out",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#jumps-out? @n)`: holds a return, goto, break or continue that leaves the node",
        eval: control::jumps_out,
    },
    PredicateKind {
        name: "terminates",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#terminates? @block)`: control cannot run off the end of the block or statement",
        eval: control::terminates,
    },
    PredicateKind {
        name: "err-check",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#err-check? @if @err)`: the statement is `if err != nil { … }` over that identifier and its body terminates",
        eval: control::err_check,
    },
    PredicateKind {
        name: "type",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#type? @x \"*net/http.Response\" …)`: the type of the expression is known to be one of these, named by import path",
        eval: types::is_type,
    },
    PredicateKind {
        name: "implements",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#implements? @x \"io.Closer\" …)`: the type of the expression is known and has all methods of one of these interfaces",
        eval: types::implements,
    },
    PredicateKind {
        name: "go",
        signature: Signature {
            required: &[GoRequirement],
            rest: None,
        },
        help: "`(#go? \">=1.22\")`: the file's language version meets the requirement",
        eval: file::go,
    },
    PredicateKind {
        name: "test-file",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#test-file?)`: the file's name ends in `_test.go`",
        eval: file::test_file,
    },
    PredicateKind {
        name: "main-package",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#main-package?)`: the file's package is `main`",
        eval: file::main_package,
    },
    PredicateKind {
        name: "generated",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#generated?)`: the file says that it is generated",
        eval: file::generated,
    },
];

/// The entry for `name` (without `#`, `not-` and `?`).
pub fn find(name: &str) -> Option<&'static PredicateKind> {
    TABLE.iter().find(|kind| kind.name == name)
}
