//! What each capture of a query stands for: whether it is always matched, one node or several, and which kinds of node.
//! In: a query that was read. Out: facts by capture name, and what is contradictory about them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    problem::Kind,
    query::{Item, Quantifier, QueryText, Shape},
};
use crate::go::syntax::language;

/// Facts about a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capture {
    /// Bytes of the query where it first stands.
    pub span: Range<usize>,
    /// Whether it may be left unmatched.
    pub optional: bool,
    /// Whether it may hold several nodes.
    pub many: bool,
    /// Whether it is a list of a pattern, of which a template may have none.
    pub is_list: bool,
    /// The node kinds and tokens it may hold; `None` for any.
    pub kinds: Option<BTreeSet<String>>,
    /// The quantified items and branches around it (where they start); `None` where it stands in several branches.
    contexts: Option<BTreeSet<usize>>,
}

impl Capture {
    /// Whether it is matched wherever `other` is.
    pub(super) fn follows_from(&self, other: &Capture) -> bool {
        match (&self.contexts, &other.contexts) {
            (Some(own), Some(theirs)) => own.is_subset(theirs),
            _ => false,
        }
    }

    /// Records that it stands in the quantified item or branch that starts at this byte.
    fn lies_in(&mut self, start: usize) {
        if let Some(contexts) = &mut self.contexts {
            contexts.insert(start);
        }
    }

    /// What its nodes are in a program; `None` where that differs or is not known.
    fn role(&self) -> Option<Role> {
        let kinds = self.kinds.as_ref()?;
        let mut roles = kinds.iter().map(|kind| role(kind));
        let first = roles.next()??;
        roles.all(|role| role == Some(first)).then_some(first)
    }
}

/// What a node is in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Statement,
    Expression,
    Declaration,
}

/// The role of a node kind, for the three that matter to templates.
pub(super) fn role(kind: &str) -> Option<Role> {
    match kind {
        "function_declaration" | "method_declaration" | "import_declaration" => {
            Some(Role::Declaration)
        }
        _ if below("_statement", kind) => Some(Role::Statement),
        _ if below("_expression", kind) => Some(Role::Expression),
        _ => None,
    }
}

/// Whether `kind` is the supertype itself or one of its subtypes, at any depth.
fn below(supertype: &str, kind: &str) -> bool {
    let language = language();
    if supertype == kind {
        return true;
    }
    let id = language.id_for_node_kind(supertype, true);
    language.subtypes_for_supertype(id).iter().any(|subtype| {
        let name = language.node_kind_for_id(*subtype).unwrap_or_default();
        name == kind || (language.node_kind_is_supertype(*subtype) && below(name, kind))
    })
}

/// A contradiction about a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// Its kind.
    pub kind: Kind,
    /// Bytes of the query.
    pub span: Range<usize>,
    /// Where the capture stood before.
    pub first: Range<usize>,
    /// What is wrong.
    pub message: String,
}

type Captures = BTreeMap<String, Capture>;

/// The facts about every capture of a query.
pub(super) fn facts(query: &QueryText) -> (Captures, Vec<Contradiction>) {
    let mut wrong = Vec::new();
    let patterns = query.patterns.iter().map(|item| of_item(item, &mut wrong));
    let patterns: Vec<_> = patterns.collect();
    let captures = match <[Captures; 1]>::try_from(patterns) {
        Ok([only]) => only,
        Err(patterns) => {
            let starts = query.patterns.iter().map(|item| item.span.start);
            either(starts.zip(patterns), &mut wrong)
        }
    };
    (captures, wrong)
}

fn of_item(item: &Item, wrong: &mut Vec<Contradiction>) -> Captures {
    let children = item.children.iter();
    let mut captures = if item.shape == Shape::Alternation {
        let branches: Vec<_> = children
            .map(|c| (c.span.start, of_item(c, wrong)))
            .collect();
        either(branches.into_iter(), wrong)
    } else {
        let mut all = Captures::new();
        for child in children {
            for (name, capture) in of_item(child, wrong) {
                add_once(&mut all, &name, capture, wrong);
            }
        }
        all
    };
    for name in &item.captures {
        let capture = Capture {
            span: name.span.clone(),
            optional: false,
            many: false,
            is_list: false,
            kinds: kinds(item),
            contexts: Some(BTreeSet::new()),
        };
        add_once(&mut captures, &name.text, capture, wrong);
    }
    for capture in captures.values_mut() {
        let quantifier = item.quantifier;
        capture.many |= matches!(quantifier, Quantifier::Any | Quantifier::Some);
        if matches!(quantifier, Quantifier::Any | Quantifier::Optional) {
            capture.optional = true;
            capture.lies_in(item.span.start);
        }
    }
    captures
}

fn add_once(captures: &mut Captures, name: &str, capture: Capture, wrong: &mut Vec<Contradiction>) {
    if let Some(first) = captures.get_mut(name) {
        // What a pattern is compiled to captures several neighbours under one name.
        first.many = true;
        first.optional &= capture.optional;
        first.contexts = None;
        first.kinds = either_kind(first.kinds.take(), capture.kinds);
        wrong.push(Contradiction {
            kind: Kind::CapturedTwice,
            span: capture.span,
            first: first.span.clone(),
            message: format!("`@{name}` is captured twice in one match"),
        });
    } else {
        captures.insert(name.to_owned(), capture);
    }
}

/// One of several branches matches; each comes with the byte that it starts at.
fn either(
    branches: impl ExactSizeIterator<Item = (usize, Captures)>,
    wrong: &mut Vec<Contradiction>,
) -> Captures {
    let count = branches.len();
    let mut merged: BTreeMap<String, (usize, Capture)> = BTreeMap::new();
    for (start, branch) in branches {
        for (name, mut capture) in branch {
            match merged.get_mut(&name) {
                None => {
                    if count > 1 {
                        capture.lies_in(start);
                    }
                    merged.insert(name, (1, capture));
                }
                Some((seen, first)) => {
                    *seen += 1;
                    wrong.extend(mixed(&name, first, &capture));
                    merge(first, capture);
                }
            }
        }
    }
    let finish = |(name, (seen, mut capture)): (String, (usize, Capture))| {
        capture.optional |= seen < count;
        (name, capture)
    };
    merged.into_iter().map(finish).collect()
}

fn merge(first: &mut Capture, second: Capture) {
    first.optional |= second.optional;
    first.many |= second.many;
    first.contexts = None;
    first.kinds = either_kind(first.kinds.take(), second.kinds);
}

fn either_kind(
    first: Option<BTreeSet<String>>,
    second: Option<BTreeSet<String>>,
) -> Option<BTreeSet<String>> {
    Some(first?.into_iter().chain(second?).collect())
}

/// Whether a capture of two branches means two things that no edit can treat alike.
fn mixed(name: &str, first: &Capture, second: &Capture) -> Option<Contradiction> {
    let words = |capture: &Capture| match capture.role() {
        _ if first.many != second.many && capture.many => Some("several nodes"),
        _ if first.many != second.many => Some("one node"),
        Some(Role::Statement) => Some("a statement"),
        Some(Role::Expression) => Some("an expression"),
        Some(Role::Declaration) | None => None,
    };
    let (a, b) = (words(first)?, words(second)?);
    (a != b).then(|| Contradiction {
        kind: Kind::MixedCapture,
        span: second.span.clone(),
        first: first.span.clone(),
        message: format!("`@{name}` is {b} here and {a} in another branch"),
    })
}

/// The kinds an item's node may have.
fn kinds(item: &Item) -> Option<BTreeSet<String>> {
    match &item.shape {
        Shape::Node(name) | Shape::Token(name) => Some(BTreeSet::from([name.text.clone()])),
        Shape::Wildcard | Shape::Error => None,
        Shape::Group => item.children.first().and_then(kinds),
        Shape::Alternation => {
            let mut all = BTreeSet::new();
            for child in &item.children {
                all.extend(kinds(child)?);
            }
            Some(all)
        }
    }
}
