//! First or last inside a body or a list.

use tree_sitter::Node;

use super::{Lines, beside, insertion};
use crate::{
    codemod::Place,
    rewrite::compose::{Op, Piece},
};

/// What holds members.
enum Container<'t> {
    /// Statements, fields or elements between a pair of brackets.
    Brackets {
        list: Node<'t>,
        separator: &'static str,
    },
    /// The statements of a `case` or `default` clause.
    Clause { clause: Node<'t> },
}

/// The op that puts `pieces` first or last inside `node`; `None` where it has no body and no list.
pub fn inside(lines: Lines<'_>, node: Node<'_>, place: Place, pieces: Vec<Piece>) -> Option<Op> {
    match container(node)? {
        Container::Clause { clause } => inside_clause(lines, clause, place, pieces),
        Container::Brackets { list, separator } => {
            let members = members(list);
            let edge = match place {
                Place::StartOf => members.first(),
                _ => members.last(),
            };
            match (separator, edge) {
                (",", Some(&edge)) => {
                    let place = if place == Place::StartOf {
                        Place::Before
                    } else {
                        Place::After
                    };
                    beside(lines, edge, place, pieces)
                }
                (",", None) => Some(insertion(list.start_byte() + 1, "", pieces, "")),
                _ if place == Place::StartOf => {
                    Some(first_in(lines, list, !members.is_empty(), pieces))
                }
                _ => Some(last_in(lines, list, !members.is_empty(), pieces)),
            }
        }
    }
}

fn container(node: Node<'_>) -> Option<Container<'_>> {
    let brackets = |list, separator| Some(Container::Brackets { list, separator });
    match node.kind() {
        "block" | "field_declaration_list" | "import_spec_list" | "var_spec_list" => {
            brackets(node, ";")
        }
        "argument_list"
        | "parameter_list"
        | "literal_value"
        | "type_arguments"
        | "type_parameter_list" => brackets(node, ","),
        "expression_case" | "type_case" | "default_case" | "communication_case" => {
            Some(Container::Clause { clause: node })
        }
        _ => ["body", "consequence", "arguments", "parameters"]
            .iter()
            .find_map(|field| node.child_by_field_name(field))
            .or_else(|| {
                node.named_child(0)
                    .filter(|c| c.kind() == "field_declaration_list")
            })
            .and_then(container),
    }
}

/// The members of a bracketed list, comments left out.
fn members(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    let direct: Vec<Node<'_>> = list
        .named_children(&mut cursor)
        .filter(|n| n.kind() != "comment")
        .collect();
    match direct.as_slice() {
        [only] if only.kind() == "statement_list" => {
            let mut cursor = only.walk();
            only.named_children(&mut cursor)
                .filter(|n| n.kind() != "comment")
                .collect()
        }
        _ => direct,
    }
}

fn first_in(lines: Lines<'_>, list: Node<'_>, has_members: bool, pieces: Vec<Piece>) -> Op {
    let open = list.start_byte() + 1;
    if let Some(eol) = lines.end_of_line_after(open) {
        let indent = inner_indent(lines, list);
        let pieces = lines.indented(pieces, &indent);
        return insertion(eol, &format!("{}{indent}", lines.newline), pieces, "");
    }
    on_one_line(lines, list, open, has_members, Place::StartOf, pieces)
}

fn last_in(lines: Lines<'_>, list: Node<'_>, has_members: bool, pieces: Vec<Piece>) -> Op {
    let close = list.end_byte() - 1;
    if lines.is_first_on_line(close) {
        let indent = inner_indent(lines, list);
        let pieces = lines.indented(pieces, &indent);
        return insertion(lines.line_start(close), &indent, pieces, lines.newline);
    }
    let end = lines.text[..close]
        .trim_end()
        .len()
        .max(list.start_byte() + 1);
    on_one_line(lines, list, end, has_members, Place::EndOf, pieces)
}

fn on_one_line(
    lines: Lines<'_>,
    list: Node<'_>,
    at: usize,
    has_members: bool,
    place: Place,
    pieces: Vec<Piece>,
) -> Op {
    let pieces = lines.indented(pieces, &inner_indent(lines, list));
    match (has_members, place) {
        (true, Place::StartOf) => insertion(at, " ", pieces, ";"),
        (true, _) => insertion(at, "; ", pieces, ""),
        (false, _) => {
            let is_empty = lines.text.as_bytes()[at] == b'}';
            insertion(at, " ", pieces, if is_empty { " " } else { "" })
        }
    }
}

/// The indentation of members: one tab more than the line with the closing bracket, if that is the line's first.
fn inner_indent(lines: Lines<'_>, list: Node<'_>) -> String {
    let close = list.end_byte() - 1;
    let line = if lines.is_first_on_line(close) {
        close
    } else {
        list.start_byte()
    };
    format!("{}\t", lines.indent_at(line))
}

fn inside_clause(
    lines: Lines<'_>,
    clause: Node<'_>,
    place: Place,
    pieces: Vec<Piece>,
) -> Option<Op> {
    let mut cursor = clause.walk();
    let colon = clause.children(&mut cursor).find(|n| n.kind() == ":")?;
    let mut cursor = clause.walk();
    let statements = clause
        .named_children(&mut cursor)
        .find(|n| n.kind() == "statement_list")
        .and_then(|list| {
            list.named_child(list.named_child_count().checked_sub(1)?.try_into().ok()?)
        });
    if let (Some(last), Place::EndOf) = (statements, place) {
        return beside(lines, last, Place::After, pieces);
    }
    let indent = format!("{}\t", lines.indent_at(clause.start_byte()));
    let pieces = lines.indented(pieces, &indent);
    Some(match lines.end_of_line_after(colon.end_byte()) {
        Some(eol) => insertion(eol, &format!("{}{indent}", lines.newline), pieces, ""),
        None => insertion(colon.end_byte(), " ", pieces, ";"),
    })
}
