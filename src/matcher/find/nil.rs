//! Whether a variable may be nil where a match stands: a variable that has no value yet, that is set to nil, or that the
//! function compares with nil and does not set.

use tree_sitter::Node;

use super::{Candidate, place};
use crate::{
    go::{
        control::{ancestors, statements, terminates},
        scope::Kind,
    },
    matcher::{
        Facts,
        object::{Access, access, declaring, uses, within},
        typing::{bare, elements},
    },
};

/// Why it may be nil, or hold what is not known.
pub(super) fn reason(facts: &Facts<'_>, candidate: &Candidate<'_>, at: usize) -> Option<String> {
    let declaration = facts.scope().declaration(candidate.id);
    let name = &declaration.name;
    let place = place(facts, at)?;
    let uses = uses(facts, candidate.id);
    let writes = || {
        uses.iter()
            .filter(|ident| access(facts, **ident) == Access::Write)
    };
    if uses
        .iter()
        .any(|ident| access(facts, *ident) == Access::Address)
    {
        return Some(format!(
            "the address of `{name}` is taken, so it may hold anything"
        ));
    }
    if writes().any(|ident| assigned(*ident).is_some_and(|value| value.kind() == "nil")) {
        return Some(format!("`{name}` is set to nil"));
    }
    let needs_value = match declaration.kind {
        Kind::Result => true,
        Kind::Var => declaring(facts, declaration)
            .and_then(|n| n.parent())
            .is_some_and(|spec| {
                spec.kind() == "var_spec" && spec.child_by_field_name("value").is_none()
            }),
        _ => false,
    };
    if needs_value && !writes().any(|ident| is_always_run(*ident, place)) {
        return Some(format!("`{name}` may have no value here"));
    }
    let comparisons = uses.iter().filter_map(|ident| with_nil(*ident));
    for comparison in comparisons {
        if !is_settled(facts, comparison, place, writes().copied().collect()) {
            return Some(format!(
                "`{name}` is compared with nil, so it may be nil here"
            ));
        }
    }
    None
}

/// The value that an assignment gives a variable by itself, where it names it.
fn assigned(ident: Node<'_>) -> Option<Node<'_>> {
    let list = ident.parent()?;
    let index = elements(list).iter().position(|n| *n == ident)?;
    let right = list.parent()?.child_by_field_name("right")?;
    elements(right).get(index).copied().map(bare)
}

/// The comparison with nil that an identifier stands in.
fn with_nil(ident: Node<'_>) -> Option<Node<'_>> {
    let comparison = ident.parent().filter(|p| p.kind() == "binary_expression")?;
    let sides = ["left", "right"].map(|side| comparison.child_by_field_name(side));
    sides
        .into_iter()
        .flatten()
        .any(|side| side.kind() == "nil")
        .then_some(comparison)
}

/// Whether the statement around `ident` runs whenever `place` does, before it: it stands in a block around `place`.
fn is_always_run(ident: Node<'_>, place: Node<'_>) -> bool {
    let mut statement = ident;
    while let Some(parent) = statement.parent() {
        if parent.kind() == "statement_list" {
            let is_plain = matches!(
                statement.kind(),
                "assignment_statement" | "short_var_declaration"
            );
            return is_plain && statement.end_byte() <= place.start_byte() && within(place, parent);
        }
        statement = parent;
    }
    false
}

/// Whether `if x == nil { … }` with this comparison stands before `place` and leaves no nil behind: its body sets the
/// variable, or does not run off its end.
fn is_settled(
    facts: &Facts<'_>,
    comparison: Node<'_>,
    place: Node<'_>,
    writes: Vec<Node<'_>>,
) -> bool {
    let check = comparison.parent().filter(|p| {
        p.kind() == "if_statement" && p.child_by_field_name("condition") == Some(comparison)
    });
    let is_equal = comparison
        .child_by_field_name("operator")
        .is_some_and(|o| o.kind() == "==");
    let Some(check) = check.filter(|_| is_equal) else {
        return false;
    };
    let body = check.child_by_field_name("consequence");
    let is_before = check.end_byte() <= place.start_byte()
        && ancestors(check)
            .next()
            .is_some_and(|list| list.kind() == "statement_list" && within(place, list));
    let Some(body) = body.filter(|_| is_before) else {
        return false;
    };
    let sets = |ident: Node<'_>| statements(body).iter().any(|s| within(ident, *s));
    writes.into_iter().any(sets) || terminates(facts.parsed, body, &|_| None) == Some(true)
}
