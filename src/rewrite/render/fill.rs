//! Fills the holes of templates: with captures, fresh names, and the names of imported packages.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use tree_sitter::Node;

use super::{Captures, separator};
use crate::{
    codemod::{Action, Codemod, Part, Rule, Template},
    go::kinds,
    matcher::{Facts, Match},
    rewrite::{
        compose::{Expectation, Piece},
        imports::{self, NewImport},
    },
};

/// What a template's holes are filled with.
pub(super) struct Filling<'a, 't> {
    /// The text of the file.
    pub(super) text: &'a str,
    pub(super) captures: &'a Captures<'t>,
    pub(super) fresh: &'a BTreeMap<Arc<str>, String>,
    pub(super) found: &'a BTreeMap<Arc<str>, String>,
    pub(super) imports: &'a BTreeMap<Arc<str>, String>,
    pub(super) parenthesized: &'a BTreeSet<String>,
}

/// The text of a template, with what it takes over from the text before as kept pieces.
pub(super) fn pieces(template: &Template, filling: &Filling<'_, '_>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(template.parts.len());
    // What follows an absent capture, of which it may take a comma.
    let mut is_behind_absent = false;
    for (index, part) in template.parts.iter().enumerate() {
        let text = match part {
            Part::Text(text) => text.clone(),
            Part::Capture(name) if is_glued(template, index) => spelled(name, filling),
            Part::Fresh(name) => filling.fresh.get(name).cloned().unwrap_or_default(),
            Part::Found(name) => filling.found.get(name).cloned().unwrap_or_default(),
            Part::Import(name) => filling.imports.get(name).cloned().unwrap_or_default(),
            Part::Capture(name) => {
                match kept(name, filling) {
                    Some(pieces) => {
                        out.extend(pieces);
                        is_behind_absent = false;
                    }
                    None => is_behind_absent = true,
                }
                continue;
            }
        };
        if !matches!(out.last(), Some(Piece::Text(_))) {
            // Behind a kept piece nothing is absent: there would have to be a comma between.
            is_behind_absent &= out.is_empty();
            out.push(Piece::Text(String::new()));
        }
        if let Some(Piece::Text(front)) = out.last_mut() {
            let behind = if is_behind_absent {
                separator::close_up(front, &text)
            } else {
                &text
            };
            front.push_str(behind);
        }
        is_behind_absent = false;
    }
    if let (true, Some(Piece::Text(front))) = (is_behind_absent, out.last_mut()) {
        separator::close_up(front, "");
    }
    trim_ends(&mut out);
    out
}

/// Whether letters or digits stand right beside a hole, so that what it holds becomes part of a longer name.
fn is_glued(template: &Template, index: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = index.checked_sub(1).and_then(|i| template.parts.get(i));
    let ends = matches!(before, Some(Part::Text(text)) if text.ends_with(is_word));
    let starts = matches!(template.parts.get(index + 1), Some(Part::Text(text)) if text.starts_with(is_word));
    ends || starts
}

/// The text of a capture, which is not kept as a node.
fn spelled(name: &Arc<str>, filling: &Filling<'_, '_>) -> String {
    let nodes = filling.captures.get(name).map_or(&[][..], Vec::as_slice);
    hull(nodes).map_or_else(String::new, |range| filling.text[range].to_owned())
}

/// A capture as it stands, in parentheses if need be; `None` where it holds nothing.
fn kept(name: &Arc<str>, filling: &Filling<'_, '_>) -> Option<Vec<Piece>> {
    let nodes = filling.captures.get(name).map_or(&[][..], Vec::as_slice);
    let kept = Piece::Kept {
        range: hull(nodes)?,
        nodes: nodes
            .iter()
            .map(|&n| (n.byte_range(), expectation(name, n)))
            .collect(),
    };
    if filling.parenthesized.contains(&**name) {
        return Some(vec![Piece::Text("(".into()), kept, Piece::Text(")".into())]);
    }
    Some(vec![kept])
}

/// A template written over several lines of TOML ends with a line break that is not meant.
fn trim_ends(pieces: &mut [Piece]) {
    if let Some(Piece::Text(first)) = pieces.first_mut() {
        *first = first.trim_start_matches('\n').to_owned();
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.truncate(last.trim_end_matches(['\n', ' ', '\t']).len());
    }
}

pub(super) fn expectation(name: &str, node: Node<'_>) -> Expectation {
    Expectation {
        capture: name.to_owned(),
        kind: node.kind().to_owned(),
        is_expression: kinds::is_expression(node.kind()),
    }
}

/// From the start of the first to the end of the last node.
pub(super) fn hull(nodes: &[Node<'_>]) -> Option<Range<usize>> {
    let start = nodes.iter().map(Node::start_byte).min()?;
    let end = nodes.iter().map(Node::end_byte).max()?;
    Some(start..end)
}

/// The local name of every package that the rule's templates name, and the imports that must be added for them.
pub(super) fn local_names(
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

pub(super) fn text_of_template(
    facts: &Facts<'_>,
    template: &Template,
    found: &Match<'_>,
    fresh: &BTreeMap<Arc<str>, String>,
    imports: &BTreeMap<Arc<str>, String>,
) -> String {
    let mut out = String::new();
    for part in &template.parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Fresh(name) => out.push_str(fresh.get(name).map_or("", String::as_str)),
            Part::Found(name) => out.push_str(found.found.get(name).map_or("", String::as_str)),
            Part::Import(name) => out.push_str(imports.get(name).map_or(name, String::as_str)),
            Part::Capture(name) => {
                if let Some(range) = hull(found.nodes(name)) {
                    out.push_str(&facts.parsed.text()[range]);
                }
            }
        }
    }
    out
}
