//! Which part of Go a pattern is. In: a pattern with stand-ins. Out: the trees of the places in which it parses, or how
//! far the best of them got.

use std::sync::Arc;

use tree_sitter::Node;

use super::snippet::Snippet;
use crate::go::syntax::Parsed;

/// What a pattern can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// One expression.
    Expression,
    /// One type.
    Type,
    /// Statements that follow each other.
    Statements,
    /// Declarations at the top of a file that follow each other.
    Declarations,
    /// Fields of a struct that follow each other.
    Fields,
    /// Parameters that follow each other.
    Parameters,
    /// Clauses of a `switch` or `select` that follow each other.
    Clauses,
}

/// Go around a pattern.
const AROUND: [(Role, &str, &str); 8] = [
    (Role::Expression, "package p\n\nvar _ = ", "\n"),
    (Role::Type, "package p\n\nvar _ ", "\n"),
    (Role::Statements, "package p\n\nfunc _() {\n", "\n}\n"),
    (Role::Declarations, "package p\n\n", "\n"),
    (Role::Fields, "package p\n\ntype _ struct {\n", "\n}\n"),
    (Role::Parameters, "package p\n\nfunc _(", ") {\n}\n"),
    (
        Role::Clauses,
        "package p\n\nfunc _() {\nswitch {\n",
        "\n}\n}\n",
    ),
    (
        Role::Clauses,
        "package p\n\nfunc _() {\nselect {\n",
        "\n}\n}\n",
    ),
];

/// A pattern as one part of Go.
pub(super) struct Placed {
    /// Which part.
    pub role: Role,
    /// The file that it was parsed in.
    pub parsed: Parsed,
    /// Where the pattern begins in that file.
    pub start: usize,
    end: usize,
}

impl Placed {
    /// The nodes that are the pattern: one, or several that follow each other.
    pub(super) fn nodes(&self) -> Vec<Node<'_>> {
        let root = self.parsed.root();
        let go = &self.parsed.text()[self.start..self.end];
        let from = self.start + (go.len() - go.trim_start().len());
        let to = self.start + go.trim_end().len();
        let inside = |node: &Node<'_>| {
            node.start_byte() >= from && node.end_byte() <= to && node.kind() != "comment"
        };
        match self.role {
            Role::Expression | Role::Type => {
                let node = code_range(root, from, to)
                    .and_then(|(from, to)| root.named_descendant_for_byte_range(from, to))
                    .filter(|node| node.start_byte() >= from && node.end_byte() <= to);
                node.into_iter().filter(|n| !is_several(*n)).collect()
            }
            Role::Declarations => children(root).into_iter().filter(inside).collect(),
            Role::Statements => listed(root, "statement_list", &inside),
            Role::Fields => listed(root, "field_declaration_list", &inside),
            Role::Parameters => {
                let all = listed(root, "parameter_list", &inside);
                let named = |n: &Node<'_>| n.child_by_field_name("name").is_some();
                if all.iter().any(named) {
                    all
                } else {
                    Vec::new()
                }
            }
            // A clause ends with the line.
            Role::Clauses => ["expression_switch_statement", "select_statement"]
                .into_iter()
                .map(|kind| {
                    listed(root, kind, &|node| {
                        node.start_byte() >= from && node.start_byte() < to
                    })
                })
                .find(|all| !all.is_empty())
                .unwrap_or_default(),
        }
    }
}

/// The bytes of the pattern without comments at its ends.
fn code_range(root: Node<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    let mut stack = vec![root];
    let mut range: Option<(usize, usize)> = None;
    while let Some(node) = stack.pop() {
        if node.kind() == "comment" || node.end_byte() <= from || node.start_byte() >= to {
            continue;
        }
        if node.child_count() == 0 {
            if node.start_byte() < from
                || node.end_byte() > to
                || node.start_byte() == node.end_byte()
            {
                continue;
            }
            let (start, end) = range.unwrap_or((node.start_byte(), node.end_byte()));
            range = Some((start.min(node.start_byte()), end.max(node.end_byte())));
        } else {
            let mut cursor = node.walk();
            stack.extend(node.children(&mut cursor));
        }
    }
    range
}

fn is_several(node: Node<'_>) -> bool {
    matches!(node.kind(), "expression_list" | "var_spec" | "source_file")
}

/// Whether `<-` was read as two operators, as the grammar does where no channel operation can stand.
fn splits_arrow(placed: &Placed) -> bool {
    let text = placed.parsed.text().as_bytes();
    let mut stack = vec![placed.parsed.root()];
    while let Some(node) = stack.pop() {
        if node.kind() == "<" && text.get(node.end_byte()) == Some(&b'-') {
            return true;
        }
        let mut cursor = node.walk();
        stack.extend(node.children(&mut cursor));
    }
    false
}

fn is_product(placed: &Placed) -> bool {
    placed.nodes().first().is_some_and(|node| {
        let operator = node.child_by_field_name("operator");
        node.kind() == "binary_expression" && operator.is_some_and(|o| o.kind() == "*")
    })
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// The children, in the pattern, of the first node of a kind.
fn listed<'t>(root: Node<'t>, kind: &str, inside: &impl Fn(&Node<'_>) -> bool) -> Vec<Node<'t>> {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if node.kind() == kind {
            return children(node).into_iter().filter(inside).collect();
        }
        stack.extend(children(node).into_iter().rev());
    }
    Vec::new()
}

/// The places in which the pattern parses: of an expression that can be a type as well, and of a field that can be a
/// parameter as well, both. Where there are none, the byte of [`Snippet::go`] that the best got to.
pub(super) fn places(snippet: &Snippet) -> Result<Vec<Placed>, usize> {
    let mut placed: Vec<Placed> = Vec::new();
    let mut furthest = 0;
    let is_statement = snippet.go.trim_end().ends_with(';');
    for (role, before, after) in AROUND {
        let wanted = match placed.first().map(|first| first.role) {
            None => !(is_statement && matches!(role, Role::Expression | Role::Type)),
            // `x *T` is a product and a field.
            Some(Role::Expression) => match role {
                Role::Type => true,
                Role::Fields | Role::Parameters => is_product(&placed[0]),
                _ => false,
            },
            Some(Role::Fields) => role == Role::Parameters,
            Some(Role::Clauses) => role == Role::Clauses,
            Some(_) => false,
        };
        if !wanted {
            continue;
        }
        let parsed = Parsed::new(Arc::from(format!("{before}{}{after}", snippet.go)));
        let start = before.len();
        let one = Placed {
            role,
            start,
            end: start + snippet.go.len(),
            parsed,
        };
        let errors = one.parsed.errors();
        match errors.iter().map(|error| error.start).min() {
            Some(at) => {
                let at = at.saturating_sub(start).min(snippet.go.len());
                furthest = furthest.max(at);
            }
            None if one.nodes().is_empty() || splits_arrow(&one) => {}
            None => placed.push(one),
        }
    }
    if placed.is_empty() {
        Err(furthest)
    } else {
        Ok(placed)
    }
}
