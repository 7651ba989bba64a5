//! The predicates a query can ask for: one entry and one function each, in the file of its family.
//!
//! A predicate that cannot know answers [`Answer::Unknown`], and then both it and its `not-` form fail.

mod assigned;
mod balance;
mod callee;
mod channel;
#[cfg(test)]
mod channel_receive_tests;
#[cfg(test)]
mod channel_tests;
#[cfg(test)]
mod closer_tests;
mod control;
#[cfg(test)]
mod defer_tests;
mod deferred;
mod file;
mod imports;
mod mentioned;
mod object;
#[cfg(test)]
mod object_tests;
mod package;
#[cfg(test)]
mod package_tests;
#[cfg(test)]
mod package_uses_tests;
mod path;
#[cfg(test)]
mod path_tests;
mod paths;
mod place;
mod resource;
#[cfg(test)]
mod resource_package_tests;
#[cfg(test)]
mod resource_table_tests;
#[cfg(test)]
mod resource_tests;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod types;
mod uses;

use std::sync::{Arc, OnceLock};

use tree_sitter::Node;

use super::{Facts, Match, resources::Resources};
use crate::{codemod::RuleQuery, go::scope::Resolution};

pub use table::{all, find};

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
    /// Words that stand in the top-level declaration of the match wherever it holds, one of each list.
    pub needs: &'static [Needs],
    /// What the syntax of the declaration around a match tells.
    early: Early,
    /// Answers for one match.
    eval: Eval,
}

/// What a predicate can say where only the imports and the top-level declaration around a match were parsed.
#[derive(Clone, Copy)]
enum Early {
    /// Nothing.
    Nothing,
    /// What it says where the whole file was.
    All,
    /// Whether it does not hold for certain, in the form without `not-`.
    No(for<'a, 't> fn(&Call<'a, 't>) -> bool),
}

/// Words without which a predicate, in the form without `not-`, does not hold.
#[derive(Debug, Clone, Copy)]
pub enum Needs {
    /// One of these.
    Words(&'static [&'static str]),
    /// The last word of one of the texts it is given. A function of a package, `path.Func`, can only be meant where the file
    /// imports the path.
    Named,
}

impl PredicateKind {
    /// An entry; `help` is its usage and what it says.
    const fn of(
        name: &'static str,
        required: &'static [Parameter],
        rest: Option<Parameter>,
        help: &'static str,
        eval: Eval,
    ) -> Self {
        Self {
            name,
            signature: Signature { required, rest },
            help,
            needs: &[],
            early: Early::Nothing,
            eval,
        }
    }

    /// Whether it says the same where only the imports and the top-level declaration around a match were parsed.
    pub fn is_local(&self) -> bool {
        matches!(self.early, Early::All)
    }

    /// The same, which holds only where such words are.
    const fn needing(mut self, needs: &'static [Needs]) -> Self {
        self.needs = needs;
        self
    }

    /// The same, which looks at nothing but the syntax of the declaration around the match.
    const fn local(mut self) -> Self {
        self.early = Early::All;
        self
    }

    /// The same, which for certain does not hold where this is so, the imports and the declaration being all that is known.
    const fn unless(mut self, early: for<'a, 't> fn(&Call<'a, 't>) -> bool) -> Self {
        self.early = Early::No(early);
        self
    }
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
    Regex(LazyRegex),
    /// A requirement on the language version.
    GoRequirement(crate::go::version::Requirement),
}

/// A regular expression that is compiled when it is first looked for: that takes a hundred microseconds, and most runs need
/// few of the shipped ones.
#[derive(Debug, Clone)]
pub struct LazyRegex {
    text: String,
    compiled: OnceLock<Option<regex::Regex>>,
}

impl LazyRegex {
    /// Compiles `text` now.
    ///
    /// # Errors
    /// It is no regular expression, or too large a one.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let compiled = regex::Regex::new(text)?;
        Ok(Self {
            text: text.to_owned(),
            compiled: OnceLock::from(Some(compiled)),
        })
    }

    /// Compiles `text` on first need. One that is wrong finds nothing, so it has to be known to be right.
    pub fn later(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// The regular expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it finds something in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        let compiled = self
            .compiled
            .get_or_init(|| regex::Regex::new(&self.text).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }
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
    query: &'a RuleQuery,
    found: &'a Match<'t>,
    explain: bool,
}

impl<'a, 't> Call<'a, 't> {
    /// `query` is the one that has the predicate; reasons are built only if `explain`.
    pub(super) fn new(
        facts: &'a Facts<'t>,
        predicate: &'a Predicate,
        query: &'a RuleQuery,
        found: &'a Match<'t>,
        explain: bool,
    ) -> Self {
        Self {
            facts,
            predicate,
            query,
            found,
            explain,
        }
    }

    /// Asks the predicate's function.
    pub(super) fn evaluate(&self) -> Verdict {
        (self.predicate.kind.eval)(self)
    }

    /// Whether the predicate refuses the match for certain, the imports and the declaration around it being all that was
    /// parsed.
    pub(super) fn refuses_early(&self) -> bool {
        match self.predicate.kind.early {
            Early::Nothing => false,
            Early::All => !self.predicate.accepts(self.evaluate().answer),
            Early::No(is_out) => !self.predicate.negated && is_out(self),
        }
    }

    /// Whether the first capture is a variable that a function around it declares, so that all its uses are in one
    /// top-level declaration.
    fn is_about_local(&self) -> bool {
        let scope = self.facts.scope();
        self.nodes(0).iter().all(|node| match scope.resolve(*node) {
            Resolution::Declared(id) => scope.declaration(id).owner.is_some(),
            _ => false,
        })
    }

    /// The nodes of the capture at a position: none where it matched nothing or where a text stands.
    fn nodes(&self, position: usize) -> &'a [Node<'t>] {
        match self.predicate.arguments.get(position) {
            Some(Argument::Capture(index)) => {
                self.found.nodes(&self.query.captures[*index as usize])
            }
            _ => &[],
        }
    }

    /// The one node of the second capture, or the verdict that there is not one.
    fn second(&self) -> Result<Node<'t>, Verdict> {
        match self.nodes(1) {
            [node] => Ok(*node),
            _ => Err(self.verdict(Answer::Unknown, || {
                "the second capture does not have exactly one node".to_owned()
            })),
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

    /// The resources that the codemod knows.
    fn resources(&self) -> &'a Resources {
        self.query.resources()
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
