//! Whether a function that is known by its signature alone only borrows an argument. In: a call and the signature of what
//! it calls. Out: whether the call keeps nothing, but for what its results hold.
//!
//! A signature does not show what a body does. So the rule is narrow: a function, not a method, whose receiver could keep
//! the argument; a parameter of an interface type with methods none of which releases anything; and, unless the function
//! is of the standard library, whose functions of this form have been read, no other parameter that could keep it.

use tree_sitter::Node;

use super::Carrier;
use crate::{
    go::{
        scope::Resolution,
        types::{Interface, Signature, Type, Typing, members::Lookup, stdlib},
    },
    matcher::{
        Facts,
        object::resolve,
        resources::Resources,
        typing::{Callee, bare, callee, elements, holds_nothing},
    },
};

/// Whether a call of a function with this signature only uses the argument at `index` while it runs, results apart.
pub(super) fn is_borrowed(
    facts: &Facts<'_>,
    table: &Resources,
    call: Node<'_>,
    index: usize,
    signature: &Signature,
    carrier: &Carrier,
) -> bool {
    // A function that is called later, or a number that means the object, is no value of the parameter's interface.
    if carrier.function || carrier.fits_plain_types() {
        return false;
    }
    let count = call
        .child_by_field_name("arguments")
        .map_or(0, |list| elements(list).len());
    let Some(parameter) = parameter(signature, index, count) else {
        return false;
    };
    let Some((name, is_reviewed)) = function(facts, table, call) else {
        return false;
    };
    let others_keep_nothing = || {
        let params = signature.params.iter().enumerate();
        params
            .filter(|(i, _)| *i != index)
            .all(|(_, other)| is_context(other) || holds_nothing(facts, other))
    };
    !table.keeps_context(&name)
        && cannot_release(&facts.typing(), table, parameter)
        && (is_reviewed || (!signature.results.is_empty() && others_keep_nothing()))
}

/// The results that may hold on to an argument.
pub(super) fn holders(facts: &Facts<'_>, signature: &Signature) -> Vec<usize> {
    let results = signature.results.iter().enumerate();
    results
        .filter(|(_, kind)| !holds_nothing(facts, kind))
        .map(|(index, _)| index)
        .collect()
}

/// The type of the parameter that an argument goes to, where each argument goes to one parameter.
fn parameter(signature: &Signature, index: usize, count: usize) -> Option<&Type> {
    let last = signature.params.len().checked_sub(1)?;
    if signature.variadic {
        return match signature.params.get(index) {
            Some(found) if index < last && count >= last => Some(found),
            // Several in one slice: what is done with it is not seen.
            _ => None,
        };
    }
    signature.params.get(index).filter(|_| count == last + 1)
}

/// The name of the package-level function that is called, and whether it is one of the standard library. A variable that
/// holds a function is none: it may change.
fn function(facts: &Facts<'_>, table: &Resources, call: Node<'_>) -> Option<(String, bool)> {
    let typing = facts.typing();
    let (path, name) = if let Callee::Imported(full) = callee(facts, table, call) {
        let (path, name) = full.rsplit_once('.')?;
        (path.to_owned(), name.to_owned())
    } else {
        let function = bare(call.child_by_field_name("function")?);
        let is_elsewhere =
            function.kind() == "identifier" && resolve(facts, function) == Resolution::Unresolved;
        let name = facts.parsed.text_of(function).to_owned();
        is_elsewhere.then(|| (typing.own_path().to_string(), name))?
    };
    typing
        .declares_function(&path, &name)
        .then(|| (name, stdlib::has(&path)))
}

/// Whether a type is an interface with methods, none of which releases anything.
fn cannot_release(typing: &Typing<'_>, table: &Resources, kind: &Type) -> bool {
    let Type::Interface(interface) = typing.underlying(kind) else {
        return false;
    };
    *interface != Interface::default()
        && table
            .release_methods()
            .all(|method| matches!(typing.member(kind, method), Lookup::Absent))
}

fn is_context(kind: &Type) -> bool {
    matches!(kind, Type::Named(named) if &*named.path == "context" && &*named.name == "Context")
}
