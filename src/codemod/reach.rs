//! Where matches of a query can begin, and what they cannot be without: read off the query once, so that the matcher
//! looks at few nodes instead of all.

use std::collections::BTreeSet;

use super::pattern::grammar;
use super::query::{Item, Quantifier, QueryText, Shape};
use crate::{
    go::syntax::language,
    matcher::predicate::{Argument, Predicate},
};

/// Where matches of a query can begin, and what must be in the same top-level declaration.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The nodes that matches begin at; `None` where they may begin anywhere.
    pub starts: Option<Starts>,
    /// Kinds (ids of the grammar) of nodes that every match has.
    pub kinds: Vec<u16>,
    /// Texts of nodes that every match has: one word of each list.
    pub words: Vec<Vec<String>>,
}

/// The nodes that matches begin at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Starts {
    /// Their kinds.
    pub kinds: BTreeSet<u16>,
    /// Whether the rest is below the node's parent too, and not below the node.
    pub are_siblings: bool,
    /// Whether tree-sitter begins with a child of the node, as it does where a pattern's root is a wildcard.
    pub by_children: bool,
}

impl Reach {
    /// Reads the reach of a query; `captures` are the names by which its predicates count.
    pub fn of(text: &str, captures: &[std::sync::Arc<str>], predicates: &[Vec<Predicate>]) -> Self {
        let Ok(read) = QueryText::parse(text) else {
            return Self::default(); // loading has refused it; to look everywhere is always right
        };
        let starts = starts(&read.patterns);
        let [pattern] = &read.patterns[..] else {
            return Self {
                starts,
                ..Self::default()
            };
        };
        let mut always = Vec::new();
        let mut kinds = Vec::new();
        required(pattern, &mut kinds, &mut always);
        kinds.sort_unstable();
        kinds.dedup();
        let words = predicates
            .first()
            .into_iter()
            .flatten()
            .filter_map(|predicate| words(predicate, captures, &always))
            .collect();
        Self {
            starts,
            kinds,
            words,
        }
    }
}

/// The starts of all patterns; `None` where one may begin anywhere, or some in different ways.
fn starts(patterns: &[Item]) -> Option<Starts> {
    let mut starts = Starts::default();
    if let [pattern] = patterns
        && let Some(first) = first_sibling(pattern)
    {
        starts.are_siblings = true;
        first_kinds(first, &mut starts)?;
        return Some(starts);
    }
    for pattern in patterns {
        first_kinds(pattern, &mut starts)?;
    }
    Some(starts)
}

/// The first of several siblings, where a pattern is a row of them that begins with one that must be there.
fn first_sibling(pattern: &Item) -> Option<&Item> {
    let is_row = pattern.shape == Shape::Group && pattern.quantifier == Quantifier::One;
    match &pattern.children[..] {
        [only] if is_row => first_sibling(only),
        [first, _, ..] if is_row => Some(first),
        _ => None,
    }
}

fn first_kinds(item: &Item, starts: &mut Starts) -> Option<()> {
    if item.quantifier != Quantifier::One {
        return None;
    }
    match (&item.shape, &item.children[..]) {
        (Shape::Node(kind), _) => {
            starts
                .kinds
                .insert(kind_id(&kind.text).filter(|_| kind.text != "source_file")?);
            Some(())
        }
        // A wildcard with fields stands for the kinds that have them.
        (Shape::Wildcard, children) => {
            let is_there =
                |child: &&Item| matches!(child.quantifier, Quantifier::One | Quantifier::Some);
            let fields = children
                .iter()
                .filter(is_there)
                .filter_map(|child| child.field.as_ref());
            let fields: Vec<&str> = fields.map(|field| &*field.text).collect();
            if fields.is_empty() {
                return None;
            }
            let kinds = grammar::kinds_with(&fields).filter_map(kind_id);
            starts.kinds.extend(kinds);
            starts.by_children = true;
            Some(())
        }
        (Shape::Group, [only]) => first_kinds(only, starts),
        (Shape::Alternation, branches) => branches
            .iter()
            .try_for_each(|branch| first_kinds(branch, starts)),
        _ => None,
    }
}

/// The id of a kind that nodes have; `None` for a supertype, which stands for several.
fn kind_id(kind: &str) -> Option<u16> {
    let language = language();
    let id = language.id_for_node_kind(kind, true);
    (id != 0 && !kind.starts_with('_') && !language.node_kind_is_supertype(id)).then_some(id)
}

/// The kinds and the captures that are there whenever the item is.
fn required(item: &Item, kinds: &mut Vec<u16>, always: &mut Vec<String>) {
    if matches!(item.quantifier, Quantifier::Optional | Quantifier::Any) {
        return;
    }
    always.extend(item.captures.iter().map(|name| name.text.clone()));
    match &item.shape {
        Shape::Alternation => {
            let of_branch = |branch| {
                let (mut kinds, mut always) = (Vec::new(), Vec::new());
                required(branch, &mut kinds, &mut always);
                (kinds, always)
            };
            let mut branches = item.children.iter().map(of_branch);
            let Some((mut kinds_of_all, mut always_of_all)) = branches.next() else {
                return;
            };
            for (kinds, always) in branches {
                kinds_of_all.retain(|kind| kinds.contains(kind));
                always_of_all.retain(|name| always.contains(name));
            }
            kinds.extend(kinds_of_all);
            always.extend(always_of_all);
            return;
        }
        Shape::Node(kind) => kinds.extend(kind_id(&kind.text)),
        Shape::Wildcard | Shape::Token(_) | Shape::Error | Shape::Group => {}
    }
    for child in &item.children {
        required(child, kinds, always);
    }
}

/// The words of which a predicate demands one as the text of a captured node.
fn words(
    predicate: &Predicate,
    captures: &[std::sync::Arc<str>],
    always: &[String],
) -> Option<Vec<String>> {
    if predicate.negated || !matches!(predicate.kind.name, "eq" | "any-of") {
        return None;
    }
    let [Argument::Capture(subject), rest @ ..] = predicate.arguments.as_slice() else {
        return None;
    };
    // A capture that matched nothing satisfies the text predicates.
    let name = captures.get(*subject as usize)?;
    if !always.iter().any(|always| **always == **name) {
        return None;
    }
    rest.iter()
        .map(|argument| match argument {
            Argument::Text(text) if is_word(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

/// Whether a node with this text is one leaf of the tree, or holds one with the same text.
fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = |c: char| c.is_alphabetic() || c == '_';
    chars.next().is_some_and(starts) && chars.all(|c| starts(c) || c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codemod::load_query;

    fn reach(query: &str) -> Reach {
        let query = load_query(query).expect("a good query");
        Reach::of(&query.text, &query.captures, &query.predicates)
    }

    fn ids(kinds: &[&str]) -> BTreeSet<u16> {
        let id = |kind: &&str| kind_id(kind).expect("a kind of the grammar");
        kinds.iter().map(id).collect()
    }

    #[test]
    fn matches_begin_at_the_root_of_the_pattern() {
        let starts = |query| reach(query).starts;
        let at = |kinds: &[&str], are_siblings, by_children| {
            Some(Starts {
                kinds: ids(kinds),
                are_siblings,
                by_children,
            })
        };
        assert_eq!(
            starts("((call_expression) @x (#eq? @x \"f\"))"),
            at(&["call_expression"], false, false)
        );
        assert_eq!(
            starts("[(go_statement) (defer_statement)] @x"),
            at(&["go_statement", "defer_statement"], false, false)
        );
        assert_eq!(
            starts("((go_statement) @x . (comment)* . (defer_statement))"),
            at(&["go_statement"], true, false)
        );
        assert_eq!(
            starts("(_ consequence: (block) @x alternative: (_)? @y)"),
            at(&["if_statement"], false, true)
        );
        for anywhere in [
            "(_) @x",
            "(_expression) @x",
            "(source_file (comment) @x)",
            "((comment)? @x (go_statement))",
            "[(go_statement) _] @x",
        ] {
            assert_eq!(starts(anywhere), None, "{anywhere}");
        }
    }

    #[test]
    fn what_may_be_absent_is_not_required() {
        let reach = reach(
            "(go_statement (call_expression function: [(identifier) @f (selector_expression field: (_) @f)]
               arguments: (argument_list (func_literal)? @g (int_literal)))
               (#any-of? @f \"Go\" \"run\") (#eq? @g \"zzz\")) @go",
        );
        let kinds: BTreeSet<u16> = reach.kinds.iter().copied().collect();
        assert_eq!(
            kinds,
            ids(&[
                "go_statement",
                "call_expression",
                "argument_list",
                "int_literal"
            ])
        );
        assert_eq!(reach.words, [["Go".to_owned(), "run".to_owned()]]);
    }

    #[test]
    fn only_words_are_looked_up() {
        assert!(
            reach("((selector_expression) @x (#eq? @x \"a.b\"))")
                .words
                .is_empty()
        );
        assert!(
            reach("((identifier) @x (#not-eq? @x \"a\"))")
                .words
                .is_empty()
        );
        assert!(
            reach("((identifier) @x (#any-of? @x \"a\" \"1\"))")
                .words
                .is_empty()
        );
    }
}
