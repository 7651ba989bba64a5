//! One match → one [`Group`] of edits, applied together or not at all.

mod fill;
mod separator;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use fill::{Filling, expectation, hull, local_names, pieces, text_of_template};
use tree_sitter::Node;

use super::{
    compose::{self, Op, Piece, Placement},
    fresh::{self, Reserved},
    imports::NewImport,
    place::{self, Lines, Stretch},
};
use crate::{
    codemod::{Action, Codemod, Edit, Place, Rule},
    finding::TextEdit,
    go::kinds::comments_in,
    matcher::{self, Facts, Match},
};

/// Captured nodes by name: those of the rule, and inside a `within` also those of its query.
pub type Captures<'t> = BTreeMap<Arc<str>, Vec<Node<'t>>>;

/// The edits of one match.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Sorted and disjoint, in bytes of the text that was matched.
    pub edits: Vec<TextEdit>,
    /// Where the captured nodes land.
    pub placements: Vec<Placement>,
    /// From the first to the last byte of what the edits and their targets cover.
    pub extent: Range<usize>,
    /// Ranges of the captured nodes: a match inside one of them that no edit touches does not overlap with this one.
    pub captured: Vec<Range<usize>>,
    /// Imports that the new text needs and the file does not have.
    pub imports: BTreeSet<NewImport>,
    /// Names that the new text declares, with the block each is for.
    pub reserved: Vec<Reserved>,
}

/// Renders the edits of `found`. `reserved` are names that other matches of this pass declare; `parenthesized` names the
/// expression captures to put in parentheses. The error is the reason why no edit can be made.
pub fn group<'t>(
    facts: &Facts<'t>,
    codemod: &Codemod,
    rule: &Rule,
    found: &Match<'t>,
    reserved: &[Reserved],
    parenthesized: &BTreeSet<String>,
) -> Result<Group, String> {
    let mut group = Group::default();
    let at = found.span().start;
    let local_names = local_names(facts, codemod, rule, at, &mut group.imports)?;
    let mut fresh_names = BTreeMap::new();
    for fresh in &rule.fresh {
        let base = text_of_template(facts, &fresh.base, found, &fresh_names, &local_names);
        let name = fresh::free_name(facts, at, &base, reserved, &group.reserved);
        group.reserved.push(Reserved {
            name: name.clone(),
            block: fresh::block_around(facts, at),
        });
        fresh_names.insert(Arc::clone(&fresh.name), name);
    }

    let lines = Lines::new(facts.parsed.text(), facts.parsed.root());
    let mut pending = Pending::default();
    let filling = Filling {
        text: facts.parsed.text(),
        captures: &found.captures,
        fresh: &fresh_names,
        found: &found.found,
        imports: &local_names,
        parenthesized,
    };
    for edit in &rule.edits {
        edit_ops(lines, edit, &filling, &mut pending)?;
    }
    within_ops(facts, lines, rule, &filling, &mut pending)?;

    let text = facts.parsed.text();
    let resolved = compose::resolve(text, pending.ops).map_err(|overlap| {
        format!(
            "two edits of the match both want `{}`",
            excerpt(&text[overlap.range.clone()])
        )
    })?;
    check_comments(facts, &resolved.edits, &pending.released)?;
    group.extent = extent(&resolved.edits, &pending.targets, found);
    group.captured = found
        .captures
        .values()
        .flatten()
        .map(tree_sitter::Node::byte_range)
        .collect();
    group.edits = resolved.edits;
    group.placements = resolved.placements;
    Ok(group)
}

/// The rule's message with its captures filled in, each on one line.
pub fn message(facts: &Facts<'_>, rule: &Rule, found: &Match<'_>) -> String {
    let text = text_of_template(
        facts,
        &rule.message,
        found,
        &BTreeMap::new(),
        &BTreeMap::new(),
    );
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ops of a match before they are resolved against each other.
#[derive(Default)]
struct Pending {
    ops: Vec<Op>,
    /// Ranges of the nodes that edits name as target or anchor.
    targets: Vec<Range<usize>>,
    /// Comments that a deletion takes along knowingly.
    released: Vec<Range<usize>>,
}

fn edit_ops(
    lines: Lines<'_>,
    edit: &Edit,
    filling: &Filling<'_, '_>,
    out: &mut Pending,
) -> Result<(), String> {
    let nodes = |name: &Arc<str>| filling.captures.get(name).map_or(&[][..], Vec::as_slice);
    if edit
        .condition
        .as_ref()
        .is_some_and(|name| nodes(name).is_empty())
    {
        return Ok(());
    }
    match &edit.action {
        Action::Replace { target, with } => {
            let Some(range) = hull(nodes(target)) else {
                return Ok(());
            };
            out.targets.push(range.clone());
            let pieces = pieces(with, filling);
            let pieces = lines.indented(pieces, lines.indent_at(range.start));
            out.ops.push(Op { range, pieces });
        }
        Action::Delete { target } => {
            for &node in nodes(target) {
                let comments = delete(lines, target, node, out)?;
                out.released.extend(comments);
            }
        }
        Action::Insert {
            place,
            anchor,
            text,
        } => {
            if let Some(&node) = edge(nodes(anchor), *place) {
                let pieces = pieces(text, filling);
                out.targets.push(node.byte_range());
                out.ops.push(insert(lines, anchor, node, *place, pieces)?);
            }
        }
        Action::Move {
            target,
            place,
            anchor,
        } => {
            let (nodes, anchors) = (nodes(target), nodes(anchor));
            if let (false, Some(&goal)) = (nodes.is_empty(), edge(anchors, *place)) {
                out.targets.push(goal.byte_range());
                let moved = relocate(lines, target, nodes, out)?;
                out.ops
                    .push(insert(lines, anchor, goal, *place, vec![moved])?);
            }
        }
    }
    Ok(())
}

/// Takes captured nodes away from where they stand, with the comments among them and theirs, and returns them as a piece to
/// put elsewhere. No comment is released: those that go from here arrive there.
fn relocate(
    lines: Lines<'_>,
    name: &str,
    nodes: &[Node<'_>],
    out: &mut Pending,
) -> Result<Piece, String> {
    let stretch = Stretch::of_all(nodes).ok_or_else(|| match nodes {
        [_] => not_a_member(name),
        _ => format!(
            "`@{name}` cannot be moved: its nodes are not statements, declarations or list elements side by side"
        ),
    })?;
    let range = place::with_comments(lines, &stretch);
    let is_inside =
        |node: &&Node<'_>| range.start <= node.start_byte() && node.end_byte() <= range.end;
    let nodes = nodes.iter().filter(is_inside);
    let moved = Piece::Kept {
        nodes: nodes
            .map(|&node| (node.byte_range(), expectation(name, node)))
            .collect(),
        range: range.clone(),
    };
    out.targets.push(range);
    out.ops
        .push(Op::text(place::removal(lines, &stretch).range, ""));
    Ok(moved)
}

/// The node of a list capture that a position is seen from.
fn edge<'a, 't>(nodes: &'a [Node<'t>], place: Place) -> Option<&'a Node<'t>> {
    match place {
        Place::Before | Place::StartOf => nodes.first(),
        Place::After | Place::EndOf => nodes.last(),
    }
}

/// Deletes a node and returns the comments that go with it.
fn delete(
    lines: Lines<'_>,
    name: &str,
    node: Node<'_>,
    out: &mut Pending,
) -> Result<Vec<Range<usize>>, String> {
    let stretch = Stretch::of(node).ok_or_else(|| not_a_member(name))?;
    let removal = place::removal(lines, &stretch);
    out.targets.push(node.byte_range());
    out.ops.push(Op::text(removal.range, ""));
    Ok(removal.comments)
}

fn not_a_member(name: &str) -> String {
    format!("`@{name}` cannot be deleted: it is not a statement, a declaration or a list element")
}

fn insert(
    lines: Lines<'_>,
    name: &str,
    anchor: Node<'_>,
    place: Place,
    pieces: Vec<Piece>,
) -> Result<Op, String> {
    match place {
        Place::Before | Place::After => place::beside(lines, anchor, place, pieces).ok_or_else(|| {
            format!("nothing can stand beside `@{name}`: it is not a statement, a declaration or a list element")
        }),
        Place::StartOf | Place::EndOf => place::inside(lines, anchor, place, pieces)
            .ok_or_else(|| format!("nothing can stand inside `@{name}`: it has no body and no list")),
    }
}

fn within_ops<'t>(
    facts: &Facts<'t>,
    lines: Lines<'_>,
    rule: &Rule,
    filling: &Filling<'_, 't>,
    out: &mut Pending,
) -> Result<(), String> {
    for within in &rule.within {
        let regions = filling
            .captures
            .get(&within.capture)
            .cloned()
            .unwrap_or_default();
        for region in regions {
            let found = matcher::matches_within(&within.query, facts, region, filling.captures)
                .map_err(|e| e.to_string())?;
            for inner in found {
                let mut captures = filling.captures.clone();
                captures.extend(inner.captures);
                let filling = Filling {
                    captures: &captures,
                    ..*filling
                };
                for edit in &within.edits {
                    edit_ops(lines, edit, &filling, out)?;
                }
            }
        }
    }
    Ok(())
}

fn extent(edits: &[TextEdit], targets: &[Range<usize>], found: &Match<'_>) -> Range<usize> {
    let ranges = || {
        edits
            .iter()
            .map(|e| e.start..e.end)
            .chain(targets.iter().cloned())
    };
    let start = ranges().map(|r| r.start).min();
    let end = ranges().map(|r| r.end).max();
    match (start, end) {
        (Some(start), Some(end)) => start..end,
        _ => found.range(),
    }
}

/// Every comment in the replaced ranges must stand in the new text, or go with a deleted node it belongs to.
fn check_comments(
    facts: &Facts<'_>,
    edits: &[TextEdit],
    released: &[Range<usize>],
) -> Result<(), String> {
    let text = facts.parsed.text();
    let mut written: Vec<&str> = edits.iter().map(|e| e.text.as_str()).collect();
    for edit in edits.iter().filter(|e| e.start < e.end) {
        for comment in comments_in(facts.parsed.root(), &(edit.start..edit.end)) {
            if released
                .iter()
                .any(|r| r.start <= comment.start && comment.end <= r.end)
            {
                continue;
            }
            let comment = &text[comment];
            let Some(place) = written.iter().position(|t| t.contains(comment)) else {
                return Err(format!("the comment `{}` would be lost", excerpt(comment)));
            };
            // The same comment twice must be written twice.
            let end = written[place]
                .find(comment)
                .map_or(0, |i| i + comment.len());
            written[place] = &written[place][end..];
        }
    }
    Ok(())
}

/// A piece of source for a message: its first line, shortened.
pub fn excerpt(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("");
    let is_short = line.chars().count() <= 60 && line.len() == text.trim().len();
    if is_short {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(60).collect::<String>().trim_end())
    }
}
