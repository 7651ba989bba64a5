//! Finds matches: a parsed file × a rule's query, filtered by its predicates. No I/O, no edits.
//!
//! Tree-sitter finds the shapes; every predicate, its own text predicates included, is evaluated here by the one table in
//! [`predicate`]. Matches come out in document order, each once.

pub mod acquire;
pub mod binding;
pub mod callee;
pub mod channel;
pub mod escape;
pub mod find;
pub mod method_calls;
pub mod object;
pub mod outline;
pub mod package;
pub mod predicate;
pub mod release;
pub mod resources;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod typing;

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    ops::Range,
    path::Path,
    sync::Arc,
};

use streaming_iterator::StreamingIterator;
use tree_sitter::{CaptureQuantifier, Node, QueryCursor};

use crate::{
    codemod::RuleQuery,
    go::{
        control,
        imports::{self, Import},
        index::Index,
        scope::Scope,
        syntax::Parsed,
        types::{Memo, Typing},
        version::Version,
    },
};
use outline::Outline;
use predicate::Call;

/// The matches that tree-sitter may have in progress at once, its own upper bound. Beyond it, it would drop some.
const MATCH_LIMIT: u32 = 65_536;

/// Facts about a file that do not come from its tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContext {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// The language version the file is compiled with, where it is known.
    pub go: Option<Version>,
    /// Whether the file says that it is generated.
    pub generated: bool,
}

/// What is known about one file, shared by all rules and computed when first asked for.
#[derive(Debug)]
pub struct Facts<'t> {
    /// The text and its tree.
    pub parsed: &'t Parsed,
    /// What does not come from the tree.
    pub file: &'t FileContext,
    imports: OnceCell<Vec<Import>>,
    scope: OnceCell<Scope>,
    index: Option<&'t Index<'t>>,
    types: Memo,
    /// Of functions of the file, by node: whether they never return.
    endings: RefCell<HashMap<usize, Option<bool>>>,
    /// How many functions are being looked into for that.
    depth: Cell<usize>,
}

impl<'t> Facts<'t> {
    /// Nothing is computed yet.
    pub fn new(parsed: &'t Parsed, file: &'t FileContext) -> Self {
        Self {
            parsed,
            file,
            imports: OnceCell::new(),
            scope: OnceCell::new(),
            index: None,
            types: Memo::default(),
            endings: RefCell::default(),
            depth: Cell::default(),
        }
    }

    /// The same, with the packages of the file set to look names up in.
    #[must_use]
    pub fn with_index(self, index: &'t Index<'t>) -> Self {
        Self {
            index: Some(index),
            ..self
        }
    }

    /// The types of the file's expressions.
    pub fn typing(&self) -> Typing<'_> {
        Typing::new(
            self.parsed,
            self.scope(),
            &self.file.path,
            self.index,
            &self.types,
        )
    }

    /// The imports of the file, in document order.
    pub fn imports(&self) -> &[Import] {
        self.imports.get_or_init(|| imports::imports(self.parsed))
    }

    /// Whether another file of the package declares a name at package level, as far as its files are known.
    pub fn package_declares(&self, name: &str) -> bool {
        self.index.is_some() && self.typing().package_declares(name)
    }

    /// The name in the package clause.
    pub fn package_name(&self) -> Option<&str> {
        let root = self.parsed.root();
        let mut cursor = root.walk();
        let clause = root
            .named_children(&mut cursor)
            .find(|n| n.kind() == "package_clause")?;
        let mut cursor = clause.walk();
        clause
            .named_children(&mut cursor)
            .find(|n| n.kind() == "package_identifier")
            .map(|name| self.parsed.text_of(name))
    }

    /// What each identifier of the file means.
    pub fn scope(&self) -> &Scope {
        self.scope.get_or_init(|| {
            let mut scope = Scope::of(self.parsed);
            if self.index.is_some() {
                let keys = self.keys(&scope);
                scope.settle_keys(self.parsed.text(), &keys);
            }
            scope
        })
    }

    /// The keys of composite literals that the file alone leaves open, and whether they are names of fields.
    fn keys(&self, scope: &Scope) -> Vec<(usize, bool)> {
        let mut open = scope.open_keys(self.parsed.text()).peekable();
        if open.peek().is_none() {
            return Vec::new();
        }
        // What is worked out before the keys are settled is not kept.
        let memo = Memo::default();
        let typing = Typing::new(self.parsed, scope, &self.file.path, self.index, &memo);
        let root = self.parsed.root();
        open.filter_map(|start| {
            let key = root.descendant_for_byte_range(start, start)?;
            let braces = control::ancestors(key).find(|a| a.kind() == "literal_value")?;
            Some((start, typing.has_field_keys(braces)?))
        })
        .collect()
    }
}

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
    fn identity(&self) -> Vec<(Arc<str>, Vec<usize>)> {
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

/// More matches were in progress at once than tree-sitter can hold, so that some would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitExceeded;

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the query has more than {MATCH_LIMIT} matches in progress at once, so some would be lost; \
             anchor its children with `.` or give it fewer quantifiers"
        )
    }
}

impl std::error::Error for LimitExceeded {}

/// The matches of `query` in the subtree `inside`, in document order: by first byte, of those that start together the
/// longest first. Matches that differ only in private captures are one match. Near misses are computed only when asked
/// for, and not for places that match all the same.
pub fn matches<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    inside: Node<'t>,
    explain: Option<&mut Vec<NearMiss>>,
) -> Result<Vec<Match<'t>>, LimitExceeded> {
    let shapes = shapes(query, facts, inside, MATCH_LIMIT)?;
    Ok(judge(query, facts, shapes, explain))
}

/// The matches of `query` in the whole file, as [`matches`] finds them, by looking only where they can begin.
pub fn matches_in_file<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    outline: &Outline<'t>,
    explain: Option<&mut Vec<NearMiss>>,
) -> Result<Vec<Match<'t>>, LimitExceeded> {
    // What only a predicate about a text refuses is a near miss.
    let by_words = explain.is_none();
    let Some((nodes, depth)) = outline.candidates(query.reach(), by_words) else {
        return matches(query, facts, facts.parsed.root(), explain);
    };
    let shapes = shapes_at(query, facts, &nodes, Some(depth), MATCH_LIMIT)?;
    Ok(judge(query, facts, shapes, explain))
}

/// The shapes that no predicate refuses.
fn judge<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    shapes: Vec<Match<'t>>,
    explain: Option<&mut Vec<NearMiss>>,
) -> Vec<Match<'t>> {
    let mut found: Vec<Match<'t>> = Vec::new();
    let mut seen = HashSet::new();
    let mut refused = Vec::new();
    let wants_reasons = explain.is_some();
    for mut shape in shapes {
        let identity = shape.identity();
        let why = refusal(query, facts, &shape, wants_reasons)
            .or_else(|| find_names(query, facts, &mut shape))
            .or_else(|| elsewhere(query, facts));
        match why {
            Some(why) if wants_reasons => refused.push((identity, shape, why)),
            Some(_) => {}
            None => {
                if seen.insert(identity) {
                    found.push(shape);
                }
            }
        }
    }
    if let Some(misses) = explain {
        for (identity, shape, (predicate, reason)) in refused {
            if seen.insert(identity) {
                misses.push(NearMiss {
                    place: shape.place(),
                    predicate,
                    reason,
                });
            }
        }
    }
    found
}

/// The matches of the query of a `within`, whose predicates can name the captures of the match around it too.
pub fn matches_within<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    inside: Node<'t>,
    outer: &BTreeMap<Arc<str>, Vec<Node<'t>>>,
) -> Result<Vec<Match<'t>>, LimitExceeded> {
    let mut found: Vec<Match<'t>> = Vec::new();
    let mut seen = HashSet::new();
    for shape in shapes(query, facts, inside, MATCH_LIMIT)? {
        let mut judged = shape.clone();
        judged.captures.extend(outer.clone());
        if refusal(query, facts, &judged, false).is_none() && seen.insert(shape.identity()) {
            found.push(shape);
        }
    }
    Ok(found)
}

/// What tree-sitter finds, before any predicate, in document order.
fn shapes<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    inside: Node<'t>,
    limit: u32,
) -> Result<Vec<Match<'t>>, LimitExceeded> {
    shapes_at(query, facts, &[inside], None, limit)
}

/// The same in each of `nodes`, where matches begin at most `depth` below it.
fn shapes_at<'t>(
    query: &RuleQuery,
    facts: &Facts<'t>,
    nodes: &[Node<'t>],
    depth: Option<u32>,
    limit: u32,
) -> Result<Vec<Match<'t>>, LimitExceeded> {
    if nodes.is_empty() {
        return Ok(Vec::new()); // most queries are not even compiled
    }
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(limit);
    cursor.set_max_start_depth(depth);
    let mut found = Vec::new();
    for node in nodes {
        collect(&mut cursor, query, facts, *node, &mut found);
        if cursor.did_exceed_match_limit() {
            return Err(LimitExceeded);
        }
    }
    let mut found = longest(query, found);
    // Stable, so that what tree-sitter found first stays first where everything else is equal.
    found.sort_by_key(|m| {
        let range = m.range();
        (range.start, std::cmp::Reverse(range.end), m.pattern)
    });
    Ok(found)
}

/// Adds what tree-sitter finds in one node.
fn collect<'t>(
    cursor: &mut QueryCursor,
    query: &RuleQuery,
    facts: &Facts<'t>,
    node: Node<'t>,
    found: &mut Vec<Match<'t>>,
) {
    let mut raw = cursor.matches(query.compiled(), node, facts.parsed.text().as_bytes());
    while let Some(one) = raw.next() {
        let mut captures: BTreeMap<Arc<str>, Vec<Node<'t>>> = BTreeMap::new();
        for capture in one.captures() {
            let name = &query.captures[capture.index as usize];
            captures
                .entry(Arc::clone(name))
                .or_default()
                .push(capture.node);
        }
        found.push(Match {
            pattern: one.pattern_index,
            captures,
            found: BTreeMap::new(),
        });
    }
}

/// Without the matches that another one contains: tree-sitter reports `(_)* @rest` also with fewer nodes than there are,
/// and what a predicate refuses of the whole list it must not find in a part of it.
fn longest<'t>(query: &RuleQuery, found: Vec<Match<'t>>) -> Vec<Match<'t>> {
    let is_list = |pattern: usize, name: &Arc<str>| {
        let index = query.captures.iter().position(|c| c == name);
        let quantifiers = query.compiled().capture_quantifiers(pattern);
        index.and_then(|i| quantifiers.get(i)).is_some_and(|q| {
            matches!(
                q,
                CaptureQuantifier::ZeroOrMore | CaptureQuantifier::OneOrMore
            )
        })
    };
    if !found
        .iter()
        .any(|m| m.captures.keys().any(|name| is_list(m.pattern, name)))
    {
        return found;
    }
    // Matches can contain each other only where they agree in everything that is no list.
    let mut alike: HashMap<Vec<usize>, Vec<usize>> = HashMap::new();
    for (index, one) in found.iter().enumerate() {
        let single = one
            .captures
            .iter()
            .filter(|(name, _)| !is_list(one.pattern, name));
        let ids = single.flat_map(|(_, nodes)| nodes.iter().map(Node::id));
        let key = std::iter::once(one.pattern).chain(ids).collect();
        alike.entry(key).or_default().push(index);
    }
    let contains = |a: &Match<'_>, b: &Match<'_>| {
        let is_smaller =
            b.captures.values().flatten().count() < a.captures.values().flatten().count();
        is_smaller
            && b.captures
                .iter()
                .all(|(name, nodes)| nodes.iter().all(|n| a.nodes(name).contains(n)))
    };
    let mut keep = vec![true; found.len()];
    for indices in alike.values() {
        for &index in indices {
            keep[index] = !indices
                .iter()
                .any(|&other| contains(&found[other], &found[index]));
        }
    }
    found
        .into_iter()
        .zip(keep)
        .filter_map(|(one, keep)| keep.then_some(one))
        .collect()
}

/// The first predicate that refuses a match, as the query has it, and why.
fn refusal(
    query: &RuleQuery,
    facts: &Facts<'_>,
    shape: &Match<'_>,
    explain: bool,
) -> Option<(String, String)> {
    query.predicates[shape.pattern]
        .iter()
        .find_map(|predicate| {
            let verdict = Call::new(facts, predicate, query, shape, explain).evaluate();
            (!predicate.accepts(verdict.answer)).then(|| {
                let shown = explain.then(|| predicate.show(&query.captures));
                (
                    shown.unwrap_or_default(),
                    verdict.reason.unwrap_or_default(),
                )
            })
        })
}

/// Fills in what the rule's `find` finds for a match that its predicates allow; or says which part finds nothing, and why.
fn find_names(
    query: &RuleQuery,
    facts: &Facts<'_>,
    shape: &mut Match<'_>,
) -> Option<(String, String)> {
    for wanted in &query.find {
        match find::expression(facts, query.resources(), wanted, &shape.span()) {
            Ok(text) => {
                shape.found.insert(Arc::clone(&wanted.name), text);
            }
            Err(reason) => return Some((wanted.show(), reason)),
        }
    }
    None
}

/// Why the rule matches in another file of the package, if it is for one file of it.
fn elsewhere(query: &RuleQuery, facts: &Facts<'_>) -> Option<(String, String)> {
    let scope = query.scope.as_ref()?;
    let reason = scope.check(facts).err()?;
    Some((scope.show(), reason))
}
