//! Compiles a pattern, a snippet of Go with metavariables, into a query. In: the text, and the packages of `[imports]`.
//! Out: the text of a tree-sitter query with predicates, or what is wrong with the snippet and where.
//!
//! `@name` is one expression, statement, type or name, `@name...` any number of list elements, `_` and `@_` anything, each
//! matched but not captured. Uses of one name must have equal text. The whole match is captured as `@match`,
//! that of a pattern in a `within` as `@inner`. A snippet that
//! can be an expression is one, wherever it stands; a semicolon behind it makes it a statement.
//!
//! Where a node's children all have fields, the query asks for the fields, and for the absence of those that the snippet
//! lacks; else for the children in order, each next to the one before but for comments.

mod emit;
mod form;
pub(super) mod grammar;
mod place;
mod snippet;

use std::{collections::BTreeMap, ops::Range};

use super::problem::Kind;
use snippet::Snippet;

/// The capture of the whole match of a rule's pattern.
pub const MATCH: &str = "match";

/// The capture of the whole match of a pattern in a `within`, whose rule has a `@match` of its own.
pub const INNER: &str = "inner";

/// What a pattern stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    /// A query with one top-level pattern, a group whose last members are predicates.
    pub query: String,
    /// The captures that are lists.
    pub lists: Vec<String>,
}

impl Compiled {
    /// Adds a predicate to those of the query.
    pub(super) fn add_predicate(&mut self, predicate: &str) {
        let end = self.query.len() - 1;
        self.query
            .insert_str(end, &format!("\n  {}", predicate.trim()));
    }
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Its kind.
    pub kind: Kind,
    /// Bytes of the pattern.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Vec<&'static str>,
}

/// The query that a pattern stands for, `whole` being the capture of all of it. `imports` gives the packages whose names mean their import: name → path.
pub(super) fn compile(
    text: &str,
    whole: &str,
    imports: &BTreeMap<String, String>,
) -> Result<Compiled, Vec<Problem>> {
    let snippet = Snippet::read(text).map_err(|unreadable| {
        vec![Problem {
            kind: Kind::PatternSyntax,
            span: unreadable.span,
            message: unreadable.message.to_owned(),
            help: vec!["a metavariable is written `@name`, a list `@name...`"],
        }]
    })?;
    let reserved: Vec<_> = snippet
        .variables
        .iter()
        .filter(|variable| variable.name == whole)
        .map(|variable| Problem {
            kind: Kind::PatternVariable,
            span: variable.span.clone(),
            message: format!("`@{whole}` is the whole match already"),
            help: vec!["give the metavariable another name"],
        })
        .collect();
    if !reserved.is_empty() {
        return Err(reserved);
    }
    let places = place::places(&snippet).map_err(|at| vec![unparsable(text, &snippet, at)])?;
    let form = emit::query(&snippet, whole, &places, imports).map_err(|impossible| {
        let problem = |impossible: emit::Impossible| Problem {
            kind: Kind::PatternVariable,
            span: impossible.span,
            message: impossible.message,
            help: Vec::new(),
        };
        impossible.into_iter().map(problem).collect::<Vec<_>>()
    })?;
    let lists = snippet.variables.iter().filter(|variable| variable.is_list);
    Ok(Compiled {
        query: form.show(),
        lists: lists.map(|variable| variable.name.clone()).collect(),
    })
}

fn unparsable(text: &str, snippet: &Snippet, at: usize) -> Problem {
    let start = snippet.original(at).min(text.trim_end().len());
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    Problem {
        kind: Kind::PatternSyntax,
        span: start..start + length,
        message: "the pattern is not Go from here on".to_owned(),
        help: vec![
            "a pattern is an expression, a type, statements, declarations, fields, parameters or a clause",
        ],
    }
}

#[cfg(test)]
mod tests;
