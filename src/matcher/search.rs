//! The search: what tree-sitter finds of a query in a file or a part of it, and which of that no predicate refuses.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::Arc,
};

use streaming_iterator::StreamingIterator;
use tree_sitter::{CaptureQuantifier, Node, QueryCursor};

use super::{Facts, Match, NearMiss, find, outline::Outline, predicate::Call};
use crate::codemod::RuleQuery;

/// The matches that tree-sitter may have in progress at once, its own upper bound. Beyond it, it would drop some.
const MATCH_LIMIT: u32 = 65_536;

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

/// The matches of `query` in the whole file, as [`matches()`] finds them, by looking only where they can begin.
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

/// Whether `query` may match in a file of which the imports and some declarations were parsed: those in which it can match.
pub fn may_match<'t>(query: &RuleQuery, facts: &Facts<'t>, outline: &Outline<'t>) -> bool {
    let Some((nodes, depth)) = outline.candidates(query.reach(), true) else {
        return true;
    };
    let Ok(shapes) = shapes_at(query, facts, &nodes, Some(depth), MATCH_LIMIT) else {
        return true; // the search of the whole file says so
    };
    shapes.iter().any(|shape| {
        query.predicates[shape.pattern]
            .iter()
            .all(|predicate| !Call::new(facts, predicate, query, shape, false).refuses_early())
    })
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
pub(super) fn shapes<'t>(
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
    let predicates = &query.predicates[shape.pattern];
    // Without reasons their order is nobody's: what syntax tells is asked before what types and paths tell.
    let refuses_early =
        |predicate| Call::new(facts, predicate, query, shape, false).refuses_early();
    if !explain && predicates.iter().any(refuses_early) {
        return Some((String::new(), String::new()));
    }
    predicates.iter().find_map(|predicate| {
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
