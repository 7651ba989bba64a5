//! The nodes of a file by kind, and which top-level declarations hold which kinds and words: one walk over the tree, after
//! which each query is run only on the nodes that its matches can begin at.

use std::{collections::HashMap, ops::Range};

use tree_sitter::Node;

use crate::{codemod::reach::Reach, go::syntax::Parsed};

/// What a file's tree holds.
#[derive(Debug)]
pub struct Outline<'t> {
    declarations: usize,
    kinds: HashMap<u16, Kind<'t>>,
    words: HashMap<&'t str, Set>,
}

#[derive(Debug, Default)]
struct Kind<'t> {
    /// In document order, each with the index of its declaration; a node before those below it.
    nodes: Vec<(Node<'t>, usize)>,
    declarations: Set,
}

/// A set of small numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Set(Vec<u64>);

impl Set {
    fn up_to(count: usize) -> Self {
        let mut set = Self::default();
        (0..count).for_each(|index| set.insert(index));
        set
    }

    fn insert(&mut self, index: usize) {
        if self.0.len() <= index / 64 {
            self.0.resize(index / 64 + 1, 0);
        }
        self.0[index / 64] |= 1 << (index % 64);
    }

    fn contains(&self, index: usize) -> bool {
        self.0
            .get(index / 64)
            .is_some_and(|bits| bits & (1 << (index % 64)) != 0)
    }

    fn keep(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
    }

    fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }
}

impl<'t> Outline<'t> {
    /// Walks the tree: of the top-level declarations only those that begin in one of these ranges, which are in order.
    pub fn new(parsed: &'t Parsed, within: Option<&[Range<usize>]>) -> Self {
        let mut outline = Self {
            declarations: 0,
            kinds: HashMap::new(),
            words: HashMap::new(),
        };
        let mut cursor = parsed.root().walk();
        if !cursor.goto_first_child() {
            return outline;
        }
        let mut depth = 0_usize;
        let is_wanted = |node: Node<'_>| {
            within.is_none_or(|ranges| {
                let at = ranges.partition_point(|range| range.end <= node.start_byte());
                ranges
                    .get(at)
                    .is_some_and(|range| range.start <= node.start_byte())
            })
        };
        loop {
            let node = cursor.node();
            let is_left_out = depth == 0 && !is_wanted(node);
            if !is_left_out {
                outline.note(parsed, node);
            }
            if !is_left_out && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if depth == 0 {
                    outline.declarations += 1;
                    return outline;
                }
                cursor.goto_parent();
                depth -= 1;
            }
            if depth == 0 {
                outline.declarations += 1;
            }
        }
    }

    fn note(&mut self, parsed: &'t Parsed, node: Node<'t>) {
        if !node.is_named() {
            return;
        }
        let kind = self.kinds.entry(node.kind_id()).or_default();
        kind.nodes.push((node, self.declarations));
        kind.declarations.insert(self.declarations);
        if node.child_count() == 0 {
            let word = &parsed.text()[node.byte_range()];
            self.words
                .entry(word)
                .or_default()
                .insert(self.declarations);
        }
    }

    /// The nodes to run a query on, and how far below them its matches may begin; `None` for the whole tree. Where
    /// `by_words` is not set, shapes count that a predicate about a text would refuse.
    pub fn candidates(&self, reach: &Reach, by_words: bool) -> Option<(Vec<Node<'t>>, u32)> {
        let possible = self.possible(reach, by_words);
        let starts = reach.starts.as_ref()?;
        let mut nodes: Vec<Node<'t>> = starts
            .kinds
            .iter()
            .filter_map(|kind| self.kinds.get(kind))
            .flat_map(|kind| &kind.nodes)
            .filter_map(|(node, declaration)| {
                if !starts.are_siblings {
                    return possible.contains(*declaration).then_some(*node);
                }
                node.parent().filter(|parent| {
                    // A row of declarations is in none of them.
                    parent.parent().is_none() || possible.contains(*declaration)
                })
            })
            .collect();
        nodes.sort_by_key(|node| (node.start_byte(), std::cmp::Reverse(node.end_byte())));
        nodes.dedup();
        Some((
            nodes,
            u32::from(starts.are_siblings) + u32::from(starts.by_children),
        ))
    }

    /// The declarations that hold everything a match needs.
    fn possible(&self, reach: &Reach, by_words: bool) -> Set {
        let mut possible = Set::up_to(self.declarations);
        for kind in &reach.kinds {
            let holding = self.kinds.get(kind).map(|kind| &kind.declarations);
            possible.keep(holding.unwrap_or(&Set::default()));
        }
        for words in reach.words.iter().filter(|_| by_words) {
            let mut holding = Set::default();
            for word in words {
                if let Some(set) = self.words.get(&**word) {
                    holding.add(set);
                }
            }
            possible.keep(&holding);
            if possible.is_empty() {
                break;
            }
        }
        possible
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_sets() {
        let mut a = Set::up_to(70);
        let mut b = Set::default();
        b.insert(3);
        b.insert(69);
        a.keep(&b);
        assert_eq!(a, b);
        let mut c = Set::default();
        c.insert(3);
        a.keep(&c);
        assert!(a.contains(3) && !a.contains(69) && !a.is_empty());
        c.add(&b);
        assert!(c.contains(69));
    }

    #[test]
    fn declarations_are_told_apart() {
        let parsed = Parsed::new(
            "package p\n\nfunc f() { defer g() }\n\nfunc g() { go f(); defer h() }\n".into(),
        );
        let outline = Outline::new(&parsed, None);
        let query = |text: &str| crate::codemod::load_query(text).expect("a good query");
        let starts = |text: &str| {
            let query = query(text);
            let (nodes, _) = outline.candidates(query.reach(), true).expect("not all");
            nodes
                .iter()
                .map(|n| n.start_position().row)
                .collect::<Vec<_>>()
        };
        assert_eq!(starts("(defer_statement) @x"), [2, 4]);
        assert_eq!(
            starts("(defer_statement (call_expression function: (identifier) @f) (#eq? @f \"h\"))"),
            [4]
        );
        assert_eq!(
            starts("(block (statement_list (go_statement) (defer_statement))) @x"),
            [4]
        );
        assert_eq!(starts("((go_statement) . (defer_statement)) @x"), [4]);
        assert_eq!(
            starts("((function_declaration) . (function_declaration)) @x"),
            [0]
        );
    }
}
