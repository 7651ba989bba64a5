//! Where inserted, deleted and moved nodes land: beside a statement, a declaration or a list element, or first or last
//! inside a body. In: the text and an anchor node. Out: [`Op`]s that keep lines, comments and separators right.
//!
//! A node is *on its own line* when nothing but white space precedes it there and nothing but comments follows. Layout
//! beyond that (alignment, the indentation of text that moved) is gofmt's work.

mod inside;
mod lines;
mod remove;

use tree_sitter::Node;

pub use inside::inside;
pub use lines::{Lines, newline};
pub use remove::{Removal, Stretch, removal, with_comments};

use super::compose::{Op, Piece};
use crate::codemod::Place;

/// What a node is a member of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// A statement of a block or clause.
    Statement,
    /// A top-level declaration.
    Declaration,
    /// One per line: a struct field, an interface element, a spec in parentheses.
    Line,
    /// Comma-separated: an argument, a parameter, an element of a composite literal.
    Element,
}

/// The node that stands in a list for `node` (itself, or what wraps it and nothing else), and what it is there.
pub fn member(node: Node<'_>) -> Option<(Node<'_>, Membership)> {
    let mut at = node;
    loop {
        let parent = at.parent()?;
        let membership = match parent.kind() {
            "statement_list" => Some(Membership::Statement),
            "source_file" => Some(Membership::Declaration),
            "field_declaration_list" | "interface_type" | "import_spec_list" | "var_spec_list" => {
                Some(Membership::Line)
            }
            "const_declaration" | "type_declaration"
                if parent.child(1).is_some_and(|c| c.kind() == "(") =>
            {
                Some(Membership::Line)
            }
            "argument_list"
            | "parameter_list"
            | "expression_list"
            | "literal_value"
            | "type_arguments"
            | "type_parameter_list" => Some(Membership::Element),
            _ => None,
        };
        if let Some(membership) = membership {
            return Some((at, membership));
        }
        let wraps_only_this =
            parent.byte_range() == at.byte_range() || parent.kind() == "labeled_statement";
        if !wraps_only_this {
            return None;
        }
        at = parent;
    }
}

/// The op that puts `pieces` beside `anchor`; `None` where nothing can stand beside it.
pub fn beside(lines: Lines<'_>, anchor: Node<'_>, place: Place, pieces: Vec<Piece>) -> Option<Op> {
    let (node, membership) = member(anchor)?;
    let indent = lines.indent_at(anchor.start_byte());
    let pieces = lines.indented(pieces, indent);
    let op = match (membership, place) {
        (Membership::Element, Place::Before) => element_before(lines, node, pieces),
        (Membership::Element, _) => element_after(lines, node, pieces),
        (_, Place::Before) => line_before(lines, node, membership, indent, pieces),
        _ => line_after(lines, node, membership, indent, pieces),
    };
    Some(op)
}

fn line_before(
    lines: Lines<'_>,
    node: Node<'_>,
    membership: Membership,
    indent: &str,
    pieces: Vec<Piece>,
) -> Op {
    let start = node.start_byte();
    if !lines.is_first_on_line(start) {
        return insertion(start, "", pieces, "; ");
    }
    let top = lines.attached_comments_start(node);
    let at = lines.line_start(top);
    let gap = match membership {
        Membership::Declaration => lines.newline.repeat(2),
        _ => lines.newline.to_owned(),
    };
    insertion(at, indent, pieces, &gap)
}

fn line_after(
    lines: Lines<'_>,
    node: Node<'_>,
    membership: Membership,
    indent: &str,
    pieces: Vec<Piece>,
) -> Op {
    let Some(eol) = lines.end_of_line_after(node.end_byte()) else {
        return insertion(node.end_byte(), "; ", pieces, "");
    };
    let gap = match membership {
        Membership::Declaration => lines.newline.repeat(2),
        _ => lines.newline.to_owned(),
    };
    insertion(eol, &format!("{gap}{indent}"), pieces, "")
}

fn element_before(lines: Lines<'_>, node: Node<'_>, pieces: Vec<Piece>) -> Op {
    let start = node.start_byte();
    if lines.is_first_on_line(start) {
        let indent = lines.indent_at(start);
        let at = lines.line_start(lines.attached_comments_start(node));
        return insertion(at, indent, pieces, &format!(",{}", lines.newline));
    }
    insertion(start, "", pieces, ", ")
}

fn element_after(lines: Lines<'_>, node: Node<'_>, pieces: Vec<Piece>) -> Op {
    let end = node.end_byte();
    if let Some(comma) = lines
        .next_token(end)
        .filter(|&at| lines.text.as_bytes()[at] == b',')
        && let Some(eol) = lines.end_of_line_after(comma + 1)
    {
        let indent = lines.indent_at(node.start_byte());
        return insertion(eol, &format!("{}{indent}", lines.newline), pieces, ",");
    }
    insertion(end, ", ", pieces, "")
}

/// An op that inserts `before`, the pieces and `behind` at byte `at`.
fn insertion(at: usize, before: &str, pieces: Vec<Piece>, behind: &str) -> Op {
    let mut all = Vec::with_capacity(pieces.len() + 2);
    all.push(Piece::Text(before.to_owned()));
    all.extend(pieces);
    all.push(Piece::Text(behind.to_owned()));
    Op {
        range: at..at,
        pieces: all,
    }
}
