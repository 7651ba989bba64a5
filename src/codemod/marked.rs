//! Tells which alternative of a query matched. tree-sitter does not say; so each alternative gets a capture of its own, which
//! serves nothing else. In: a query. Out: the same query with these captures, and what each stands for.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{
    RuleQuery,
    query::{Item, QueryText, Shape},
};
use crate::matcher::predicate::{Argument, Predicate};

/// The captures that tree-sitter keeps for one node of a query; it forgets further ones without a word.
const MOST_CAPTURES: usize = 3;

/// A query in which each alternative has a capture of its own.
#[derive(Debug)]
pub struct Marked {
    /// It matches what the query matches, with more private captures.
    pub query: RuleQuery,
    /// By the name of the capture: the bytes of the alternative in the text of the query that was marked.
    pub alternatives: BTreeMap<Arc<str>, Range<usize>>,
}

impl RuleQuery {
    /// The query with its alternatives marked; an alternative that has as many captures as there may be is left out.
    pub fn marked(&self) -> Marked {
        let mut spans = Vec::new();
        if let Ok(read) = QueryText::parse(&self.text) {
            for pattern in &read.patterns {
                collect(pattern, 0, &mut spans);
            }
        }
        spans.sort_by_key(|span| span.end);
        let mut text = self.text.clone();
        let mut alternatives = BTreeMap::new();
        for (index, span) in spans.into_iter().enumerate().rev() {
            let name = format!("_alternative_{index}");
            text.insert_str(span.end, &format!(" @{name}"));
            alternatives.insert(Arc::from(name), span);
        }
        Marked {
            query: self.with_text(text),
            alternatives,
        }
    }

    /// The same query with further captures in its text.
    fn with_text(&self, text: String) -> RuleQuery {
        let read = QueryText::parse(&text)
            .expect("a capture was added behind an item of a query that reads");
        let mut captures: Vec<Arc<str>> = read.capture_names().into_iter().map(Arc::from).collect();
        // Those of the rule around a `within` stand behind its own.
        for name in &self.captures {
            if !captures.contains(name) {
                captures.push(Arc::clone(name));
            }
        }
        let renumber = |argument: &Argument| match argument {
            Argument::Capture(index) => {
                let name = &self.captures[*index as usize];
                let index = captures.iter().position(|capture| capture == name);
                let index = index.expect("captures are added, none is taken away");
                Argument::Capture(u32::try_from(index).expect("a query has few captures"))
            }
            other => other.clone(),
        };
        let renumbered = |predicate: &Predicate| Predicate {
            arguments: predicate.arguments.iter().map(renumber).collect(),
            ..predicate.clone()
        };
        let predicates = self.predicates.iter();
        let predicates = predicates.map(|all| all.iter().map(renumbered).collect());
        RuleQuery {
            blanked: read.blanked(&text),
            compiled: OnceLock::new(),
            predicates: predicates.collect(),
            resources: self.resources.clone(),
            find: self.find.clone(),
            scope: self.scope.clone(),
            captures,
            text,
        }
    }
}

/// The alternatives below an item on which `inherited` captures of the items around it end up.
fn collect(item: &Item, inherited: usize, spans: &mut Vec<Range<usize>>) {
    let own = inherited + item.captures.len();
    let is_choice = item.shape == Shape::Alternation && item.children.len() > 1;
    for (index, child) in item.children.iter().enumerate() {
        // tree-sitter puts the captures of an alternation on each alternative, and those of a group on its first item.
        let passed_on = match item.shape {
            Shape::Alternation => own,
            Shape::Group if index == 0 => own,
            _ => 0,
        };
        let marked = is_choice && passed_on + deepest(child) < MOST_CAPTURES;
        if marked {
            spans.push(child.span.clone());
        }
        collect(child, passed_on + usize::from(marked), spans);
    }
}

/// The most captures that end up on one node for an item's own sake.
fn deepest(item: &Item) -> usize {
    let below = match item.shape {
        Shape::Alternation => item.children.iter().map(deepest).max(),
        Shape::Group => item.children.first().map(deepest),
        _ => None,
    };
    item.captures.len() + below.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::codemod::load_query;

    #[test]
    fn each_alternative_gets_a_capture_and_predicates_keep_theirs() {
        let text = r#"((binary_expression left: [(identifier) (call_expression function: [(identifier) (selector_expression)] @f)] @x right: (_) @y) (#eq? @y "1"))"#;
        let query = load_query(text).expect("it is one");
        let marked = query.marked();
        let texts: Vec<&str> = marked
            .alternatives
            .values()
            .map(|span| &text[span.clone()])
            .collect();
        assert_eq!(
            texts,
            [
                "(identifier)",
                "(identifier)",
                "(selector_expression)",
                "(call_expression function: [(identifier) (selector_expression)] @f)"
            ]
        );
        assert_eq!(
            marked.query.predicates[0][0].show(&marked.query.captures),
            r#"(#eq? @y "1")"#
        );
        assert_eq!(
            marked.query.compiled().capture_names(),
            marked
                .query
                .captures
                .iter()
                .map(|c| &**c)
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_has_all_the_captures_there_may_be_is_left_out() {
        let query = load_query("[(identifier) @a (nil)] @b @c").expect("it is one");
        let marked = query.marked();
        assert_eq!(marked.alternatives.len(), 1, "{:?}", marked.alternatives);
    }
}
