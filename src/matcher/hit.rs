//! A match and a near miss: the nodes of the captures, and the bytes by which they are shown and told apart.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use tree_sitter::Node;

/// One place that a query matched, all its predicates holding.
#[derive(Debug, Clone)]
pub struct Match<'t> {
    /// The top-level pattern of the query, by index.
    pub pattern: usize,
    /// The nodes of each capture that matched something, in document order; several where it is quantified.
    pub captures: BTreeMap<Arc<str>, Vec<Node<'t>>>,
    /// What the rule's `find` found: expressions as Go has them, by name.
    pub found: BTreeMap<Arc<str>, String>,
}

impl<'t> Match<'t> {
    /// The first node of a capture; `None` where it matched nothing.
    pub fn node(&self, name: &str) -> Option<Node<'t>> {
        self.nodes(name).first().copied()
    }

    /// All nodes of a capture, none where it matched nothing.
    pub fn nodes(&self, name: &str) -> &[Node<'t>] {
        self.captures.get(name).map_or(&[], Vec::as_slice)
    }

    /// The bytes from the first captured byte to the last.
    pub fn range(&self) -> Range<usize> {
        let nodes = || self.captures.values().flatten();
        let start = nodes().map(Node::start_byte).min().unwrap_or(0);
        let end = nodes().map(Node::end_byte).max().unwrap_or(start);
        start..end
    }

    /// The bytes from the first to the last that is captured for more than predicates (not as `_name`): what tells two
    /// matches of a rule apart.
    pub fn span(&self) -> Range<usize> {
        let shown = self.captures.iter().filter(|(name, _)| !is_private(name));
        let nodes = || shown.clone().flat_map(|(_, nodes)| nodes);
        let start = nodes().map(Node::start_byte).min();
        let end = nodes().map(Node::end_byte).max();
        start
            .zip(end)
            .map_or_else(|| self.range(), |(start, end)| start..end)
    }

    /// The bytes a person should look at: of the captures that start first and are not private (`_name`), the longest.
    pub fn place(&self) -> Range<usize> {
        self.captures
            .iter()
            .filter(|(name, _)| !is_private(name))
            .flat_map(|(_, nodes)| nodes)
            .map(Node::byte_range)
            .min_by_key(|r| (r.start, std::cmp::Reverse(r.end)))
            .unwrap_or_else(|| self.range())
    }

    /// The bytes that a finding of another tool about the same thing may point at: each captured node, but for those that
    /// serve predicates only and hold a whole block.
    pub fn pointable(&self) -> Vec<Range<usize>> {
        let holds_block = |node: &Node<'_>| {
            let is_block = |kind: &str| matches!(kind, "block" | "statement_list" | "source_file");
            let mut cursor = node.walk();
            is_block(node.kind()) || node.children(&mut cursor).any(|n| is_block(n.kind()))
        };
        let mut ranges = Vec::new();
        for (name, nodes) in &self.captures {
            let nodes = nodes
                .iter()
                .filter(|n| !is_private(name) || !holds_block(n));
            ranges.extend(nodes.map(Node::byte_range));
        }
        ranges
    }

    /// The nodes by which two matches are the same match: what the edits can see.
    pub(super) fn identity(&self) -> Vec<(Arc<str>, Vec<usize>)> {
        let seen = |all: bool| {
            self.captures
                .iter()
                .filter(|(name, _)| all || !is_private(name))
                .map(|(name, nodes)| (Arc::clone(name), nodes.iter().map(Node::id).collect()))
                .collect::<Vec<_>>()
        };
        let public = seen(false);
        if public.is_empty() {
            seen(true)
        } else {
            public
        }
    }
}

/// Whether a capture serves predicates only.
fn is_private(name: &str) -> bool {
    name.starts_with('_')
}

/// A place whose shape a query matched but which a predicate refused; for `--explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The bytes a person should look at.
    pub place: Range<usize>,
    /// The predicate as the query has it, `(#not-in-loop? @blank)`.
    pub predicate: String,
    /// Why it refused.
    pub reason: String,
}
