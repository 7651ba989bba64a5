//! What a call acquires. In: a call. Out: the resource of the table and which result it is.
//!
//! A function of the same file acquires what it gives back: each of its returns has, at one position, nil or a resource
//! that it acquired itself and neither released nor kept elsewhere. So wrappers of wrappers are seen through too.

#![allow(
    clippy::option_option,
    reason = "not known, known to be nothing, and known are three answers"
)]

use tree_sitter::Node;

use super::{
    Facts,
    escape::exits,
    method_calls::method_calls,
    object::{assignments, declared, within},
    resources::{Resource, Resources},
    typing::{Callee, bare, callee, elements, initial},
};
use crate::go::control::descendants;

/// Wrappers are looked into this deep.
const MAX_WRAPPERS: usize = 3;

/// What a call acquires.
#[derive(Debug, Clone, Copy)]
pub struct Acquired<'r> {
    /// The resource, as the table has it.
    pub resource: &'r Resource,
    /// Which result is the resource.
    pub result: usize,
}

/// What a call acquires: `Some(None)` where that is nothing of the table, `None` where it cannot be known.
pub fn acquired<'r>(
    facts: &Facts<'_>,
    table: &'r Resources,
    call: Node<'_>,
    wanted: &[&str],
) -> Option<Option<Acquired<'r>>> {
    by_call(facts, table, call, wanted, MAX_WRAPPERS)
}

/// `wanted`, unless empty, limits it to resources of these types, and to those that these functions acquire.
fn by_call<'r>(
    facts: &Facts<'_>,
    table: &'r Resources,
    call: Node<'_>,
    wanted: &[&str],
    depth: usize,
) -> Option<Option<Acquired<'r>>> {
    if call.kind() != "call_expression" {
        return Some(None);
    }
    let name = match callee(facts, table, call) {
        Callee::Imported(name) | Callee::Method(name) => name,
        Callee::Known(function) => return by_wrapper(facts, table, function, wanted, depth),
        Callee::Unknown => return None,
        Callee::Builtin(_) | Callee::Conversion => return Some(None),
    };
    let resource = table.acquired_by(&name);
    let is_wanted = |r: &&Resource| {
        let is_type = |kind: &str| wanted.contains(&kind);
        wanted.is_empty() || is_type(&name) || r.kind.as_deref().is_some_and(is_type)
    };
    Some(resource.filter(is_wanted).map(|resource| Acquired {
        resource,
        result: resource.result,
    }))
}

/// What a function of this file acquires for its caller.
fn by_wrapper<'r>(
    facts: &Facts<'_>,
    table: &'r Resources,
    function: Node<'_>,
    wanted: &[&str],
    depth: usize,
) -> Option<Option<Acquired<'r>>> {
    let depth = depth.checked_sub(1)?;
    let body = function.child_by_field_name("body")?;
    let mut given: Option<Acquired<'r>> = None;
    let mut seen_others = Vec::new();
    for statement in descendants(body, false) {
        if statement.kind() != "return_statement" {
            continue;
        }
        let values = statement.named_child(0).map(elements)?;
        match returned(facts, table, &values, wanted, depth)? {
            Some(one) if given.is_none_or(|g| same(g, one)) => given = Some(one),
            Some(_) => return None,
            None => seen_others.push(values),
        }
    }
    let Some(found) = given else {
        return Some(None);
    };
    let is_nil = |values: &Vec<Node<'_>>| {
        let value = values.get(found.result).copied();
        values.len() > 1 && value.is_some_and(|v| bare(v).kind() == "nil")
    };
    seen_others.iter().all(is_nil).then_some(given)
}

fn same(one: Acquired<'_>, other: Acquired<'_>) -> bool {
    one.result == other.result && std::ptr::eq(one.resource, other.resource)
}

/// What the values of a `return` hand to the caller: `Some(None)` where none of them is a resource.
fn returned<'r>(
    facts: &Facts<'_>,
    table: &'r Resources,
    values: &[Node<'_>],
    wanted: &[&str],
    depth: usize,
) -> Option<Option<Acquired<'r>>> {
    if let [only] = values
        && bare(*only).kind() == "call_expression"
    {
        return by_call(facts, table, bare(*only), wanted, depth);
    }
    for (result, value) in values.iter().enumerate() {
        if let Some(resource) = handed_over(facts, table, bare(*value), wanted, depth) {
            return Some(Some(Acquired { resource, result }));
        }
    }
    Some(None)
}

/// The resource that a returned variable holds, where it was acquired for this and nothing else is done with it but
/// using it.
fn handed_over<'r>(
    facts: &Facts<'_>,
    table: &'r Resources,
    value: Node<'_>,
    wanted: &[&str],
    depth: usize,
) -> Option<&'r Resource> {
    let id = Some(value)
        .filter(|v| v.kind() == "identifier")
        .and_then(|v| declared(facts, v))?;
    let (call, index) = initial(facts, id)?;
    let (assigned, all_seen) = assignments(facts, id);
    if !assigned.is_empty() || !all_seen {
        return None;
    }
    let found = by_call(facts, table, bare(call), wanted, depth)??;
    let is_released = method_calls(facts, id)
        .iter()
        .any(|c| found.resource.release.contains(&c.path));
    let in_return = |node: &Node<'_>| {
        let mut around = Some(*node);
        while let Some(at) = around.filter(|a| a.kind() != "return_statement") {
            around = at.parent();
        }
        around.is_some_and(|statement| within(*node, statement))
    };
    let only_returned = exits(facts, table, value)
        .iter()
        .all(|(node, _)| in_return(node));
    (found.result == index && !is_released && only_returned).then_some(found.resource)
}
