//! One match → one [`Group`] of edits, applied together or not at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use tree_sitter::Node;

use super::{
    compose::{self, Expectation, Op, Piece, Placement},
    fresh::{self, Reserved},
    imports::{self, NewImport},
    place::{self, Lines},
};
use crate::{
    codemod::{Action, Codemod, Edit, Part, Place, Rule, Template},
    finding::TextEdit,
    go::kinds::{self, comments_in},
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

/// What a template's holes are filled with.
struct Filling<'a, 't> {
    captures: &'a Captures<'t>,
    fresh: &'a BTreeMap<Arc<str>, String>,
    imports: &'a BTreeMap<Arc<str>, String>,
    parenthesized: &'a BTreeSet<String>,
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
        let base = text_of_template(
            facts,
            &fresh.base,
            &found.captures,
            &fresh_names,
            &local_names,
        );
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
        captures: &found.captures,
        fresh: &fresh_names,
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
        &found.captures,
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
            let pieces = pieces(lines.text, with, filling);
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
                let pieces = pieces(lines.text, text, filling);
                out.targets.push(node.byte_range());
                out.ops.push(insert(lines, anchor, node, *place, pieces)?);
            }
        }
        Action::Move {
            target,
            place,
            anchor,
        } => {
            let (Some(&node), Some(&goal)) = (nodes(target).first(), edge(nodes(anchor), *place))
            else {
                return Ok(());
            };
            let range = place::with_comments(lines, node);
            let moved = Piece::Kept {
                nodes: vec![(node.byte_range(), expectation(target, node))],
                range,
            };
            out.targets.push(goal.byte_range());
            out.ops
                .push(insert(lines, anchor, goal, *place, vec![moved])?);
            // The comments that go from here arrive there: none is released.
            delete(lines, target, node, out)?;
        }
    }
    Ok(())
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
    let removal = place::removal(lines, node).ok_or_else(|| {
        format!(
            "`@{name}` cannot be deleted: it is not a statement, a declaration or a list element"
        )
    })?;
    out.targets.push(node.byte_range());
    out.ops.push(Op::text(removal.range, ""));
    Ok(removal.comments)
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
            let found =
                matcher::matches(&within.query, facts, region, None).map_err(|e| e.to_string())?;
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

fn pieces(text: &str, template: &Template, filling: &Filling<'_, '_>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(template.parts.len());
    for part in &template.parts {
        match part {
            Part::Text(text) => out.push(Piece::Text(text.clone())),
            Part::Fresh(name) => out.push(Piece::Text(
                filling.fresh.get(name).cloned().unwrap_or_default(),
            )),
            Part::Import(name) => out.push(Piece::Text(
                filling.imports.get(name).cloned().unwrap_or_default(),
            )),
            Part::Capture(name) => {
                let nodes = filling.captures.get(name).map_or(&[][..], Vec::as_slice);
                let Some(range) = hull(nodes) else { continue };
                let kept = Piece::Kept {
                    range,
                    nodes: nodes
                        .iter()
                        .map(|&n| (n.byte_range(), expectation(name, n)))
                        .collect(),
                };
                let in_parentheses = filling.parenthesized.contains(&**name);
                if in_parentheses {
                    out.push(Piece::Text("(".into()));
                }
                out.push(kept);
                if in_parentheses {
                    out.push(Piece::Text(")".into()));
                }
            }
        }
    }
    trim_ends(text, &mut out);
    out
}

/// A template written over several lines of TOML ends with a line break that is not meant.
fn trim_ends(_text: &str, pieces: &mut [Piece]) {
    if let Some(Piece::Text(first)) = pieces.first_mut() {
        *first = first.trim_start_matches('\n').to_owned();
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.truncate(last.trim_end_matches(['\n', ' ', '\t']).len());
    }
}

fn expectation(name: &str, node: Node<'_>) -> Expectation {
    Expectation {
        capture: name.to_owned(),
        kind: node.kind().to_owned(),
        is_expression: kinds::is_expression(node.kind()),
    }
}

/// From the start of the first to the end of the last node.
fn hull(nodes: &[Node<'_>]) -> Option<Range<usize>> {
    let start = nodes.iter().map(Node::start_byte).min()?;
    let end = nodes.iter().map(Node::end_byte).max()?;
    Some(start..end)
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

/// The local name of every package that the rule's templates name, and the imports that must be added for them.
fn local_names(
    facts: &Facts<'_>,
    codemod: &Codemod,
    rule: &Rule,
    at: usize,
    missing: &mut BTreeSet<NewImport>,
) -> Result<BTreeMap<Arc<str>, String>, String> {
    let mut names = BTreeMap::new();
    for package in packages(rule) {
        let Some(path) = codemod.imports.get(&**package) else {
            return Err(format!("`{package}` is not in the codemod's [imports]"));
        };
        let (name, import) = imports::local_name(facts, path, package, at);
        missing.extend(import);
        names.insert(Arc::clone(package), name);
    }
    Ok(names)
}

/// The packages that a rule's templates name, in order, each once.
fn packages(rule: &Rule) -> BTreeSet<&Arc<str>> {
    let edits = rule
        .edits
        .iter()
        .chain(rule.within.iter().flat_map(|w| &w.edits));
    edits
        .filter_map(|edit| match &edit.action {
            Action::Replace { with: text, .. } | Action::Insert { text, .. } => Some(text),
            Action::Delete { .. } | Action::Move { .. } => None,
        })
        .flat_map(|template| &template.parts)
        .filter_map(|part| match part {
            Part::Import(package) => Some(package),
            _ => None,
        })
        .collect()
}

fn text_of_template(
    facts: &Facts<'_>,
    template: &Template,
    captures: &Captures<'_>,
    fresh: &BTreeMap<Arc<str>, String>,
    imports: &BTreeMap<Arc<str>, String>,
) -> String {
    let mut out = String::new();
    for part in &template.parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Fresh(name) => out.push_str(fresh.get(name).map_or("", String::as_str)),
            Part::Import(name) => out.push_str(imports.get(name).map_or(name, String::as_str)),
            Part::Capture(name) => {
                if let Some(range) = captures.get(name).and_then(|nodes| hull(nodes)) {
                    out.push_str(&facts.parsed.text()[range]);
                }
            }
        }
    }
    out
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
