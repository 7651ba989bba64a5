//! An expression of a type that is usable where a match stands: the rule key `find`. In: a rule's [`Find`] and the bytes of
//! a match. Out: the text of the nearest such expression, or why there is none.
//!
//! A parameter or local of the type is one, and what the table of resources derives from a parameter, as `r.Context()` from
//! a `*http.Request`. The innermost function comes first, in it what has the type itself before what is derived, in both
//! the latest declaration and the first parameter. What may be nil there or may have ended there is not usable.

mod ended;
mod nil;
#[cfg(test)]
mod tests;

use std::{cmp::Reverse, ops::Range};

use tree_sitter::Node;

use super::{
    Facts,
    object::{declaring, uses},
    resources::Resources,
    typing::{Callee, callee, initial},
};
use crate::{
    codemod::Find,
    go::{
        scope::{DeclId, Kind, Resolution},
        types::{Type, stdlib::parse_type_text},
    },
};

/// An expression of the wanted type.
struct Candidate<'t> {
    id: DeclId,
    /// The identifier that declares the variable it is made of.
    name: Node<'t>,
    /// As Go has it.
    text: String,
    /// Its type, as the table of resources writes it.
    kind: String,
    rank: Rank,
}

/// The greatest is the nearest: the start of the function that declares the variable, whether the variable has the type
/// itself, then the place of a local, or the place of a parameter backwards.
type Rank = (usize, bool, Option<usize>, Reverse<usize>);

/// Why a candidate cannot be used.
enum Unusable {
    /// What is farther may be usable.
    Skip(String),
    /// The code deals with it here, so that nothing farther would be meant either.
    Stop(String),
}

/// The text of the nearest expression of one of the types that is usable from the first to the last byte of `span`.
///
/// # Errors
/// Why there is none.
pub fn expression(
    facts: &Facts<'_>,
    table: &Resources,
    find: &Find,
    span: &Range<usize>,
) -> Result<String, String> {
    let mut candidates = candidates(facts, table, find, span.start);
    candidates.sort_by_key(|candidate| Reverse(candidate.rank));
    let mut first_reason = None;
    for candidate in candidates {
        match unusable(facts, table, &candidate, span) {
            None => return Ok(candidate.text),
            Some(Unusable::Stop(reason)) => return Err(first_reason.unwrap_or(reason)),
            Some(Unusable::Skip(reason)) => {
                first_reason.get_or_insert(reason);
            }
        }
    }
    Err(first_reason.unwrap_or_else(|| {
        let types: Vec<String> = find
            .types
            .iter()
            .map(|(text, _)| format!("`{text}`"))
            .collect();
        format!("nothing of type {} is in scope here", types.join(" or "))
    }))
}

fn candidates<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    find: &Find,
    at: usize,
) -> Vec<Candidate<'t>> {
    let scope = facts.scope();
    let mut found = Vec::new();
    for declaration in scope.declarations() {
        let is_local = matches!(declaration.kind, Kind::Var | Kind::Result);
        let owner = declaration.owner.as_ref();
        let Some(owner) = owner.filter(|owner| owner.contains(&at)) else {
            continue;
        };
        let Some(Resolution::Declared(id)) = scope.visible(&declaration.name, at) else {
            continue;
        };
        if scope.declaration(id) != declaration || !(is_local || declaration.kind == Kind::Param) {
            continue;
        }
        let Some(name) = declaring(facts, declaration) else {
            continue;
        };
        let Some(kind) = facts
            .typing()
            .type_of(name)
            .or_else(|| listed_type(facts, table, id))
        else {
            continue;
        };
        let start = declaration.range.start;
        let rank = |is_direct| {
            (
                owner.start,
                is_direct,
                is_local.then_some(start),
                Reverse(start),
            )
        };
        if let Some((text, _)) = find.types.iter().find(|(_, wanted)| *wanted == kind) {
            found.push(Candidate {
                id,
                name,
                text: declaration.name.clone(),
                kind: text.clone(),
                rank: rank(true),
            });
        } else if !is_local {
            let derived = find.types.iter().find_map(|(text, wanted)| {
                Some((text, table.derived(wanted, &kind, facts.file.go)?))
            });
            found.extend(derived.map(|(text, method)| Candidate {
                id,
                name,
                text: format!("{}.{method}()", declaration.name),
                kind: text.clone(),
                rank: rank(false),
            }));
        }
    }
    found
}

/// The type of a variable that a function of the table gives. The table leaves stars out, so only an interface is certain.
fn listed_type(facts: &Facts<'_>, table: &Resources, id: DeclId) -> Option<Type> {
    let (value, index) = initial(facts, id).filter(|(v, _)| v.kind() == "call_expression")?;
    let Callee::Imported(name) = callee(facts, table, value) else {
        return None;
    };
    let kind = parse_type_text(table.result_type(&name, index)?)?;
    matches!(facts.typing().underlying(&kind), Type::Interface(_)).then_some(kind)
}

fn unusable(
    facts: &Facts<'_>,
    table: &Resources,
    candidate: &Candidate<'_>,
    span: &Range<usize>,
) -> Option<Unusable> {
    let declaration = facts.scope().declaration(candidate.id);
    let is_redeclared = facts.scope().declarations().iter().any(|other| {
        other.name == declaration.name
            && other.kind != Kind::Label
            && other.range != declaration.range
            && (span.start + 1..=span.end).contains(&other.scope.start)
            && !other.scope.is_empty()
    });
    if is_redeclared {
        let reason = format!(
            "`{}` means something else in a part of the match",
            declaration.name
        );
        return Some(Unusable::Stop(reason));
    }
    if let Some(reason) = nil::reason(facts, candidate, span.start) {
        return Some(Unusable::Stop(reason));
    }
    ended::reason(facts, table, candidate, span.start)
}

/// The node in which the match begins.
fn place<'t>(facts: &Facts<'t>, at: usize) -> Option<Node<'t>> {
    facts
        .parsed
        .root()
        .named_descendant_for_byte_range(at, at + 1)
}

/// The uses of the candidate's variable in front of byte `at`, in functions that hold it.
fn uses_before<'t>(facts: &Facts<'t>, candidate: &Candidate<'t>, at: usize) -> Vec<Node<'t>> {
    let mut found = uses(facts, candidate.id);
    found.retain(|ident| ident.start_byte() < at && is_run_before(*ident, at));
    found
}

/// Whether the function that holds `node` holds byte `at` too, so that it is not a literal beside it.
fn is_run_before(node: Node<'_>, at: usize) -> bool {
    crate::go::control::owner(node).is_some_and(|owner| owner.byte_range().contains(&at))
}
