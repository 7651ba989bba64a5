//! Predicates about resources: whether they escape, what is called on them.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::matcher::{
    escape::escape,
    method_calls::method_calls,
    object::declared,
    release::{released, used_after},
    typing::{Callee, callee, elements},
};

pub(super) fn escapes(call: &Call<'_, '_>) -> Verdict {
    let judged = |ident| escape(call.facts, call.resources(), ident);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| {
            let reason = call
                .nodes(0)
                .first()
                .map(|n| judged(*n).reason)
                .unwrap_or_default();
            match answer {
                Answer::Yes => format!("{ident} escapes: {reason}"),
                Answer::No => format!("{ident} does not escape"),
                Answer::Unknown => format!("whether {ident} escapes cannot be known: {reason}"),
            }
        },
    )
}

pub(super) fn calls(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(1);
    let first = |ident| {
        let id = declared(call.facts, ident)?;
        let found = method_calls(call.facts, id);
        Some(found.into_iter().find(|c| paths.contains(&c.path.as_str())))
    };
    call.each(
        |ident| first(ident).map(|c| c.is_some()).into(),
        |answer, ident| match answer {
            Answer::Yes => {
                let found = call.nodes(0).first().and_then(|n| first(*n)).flatten();
                let line = found.map_or(0, |c| c.node.start_position().row + 1);
                format!(
                    "`{}` of {ident} is called or handed over at line {line}",
                    paths.join("` or `")
                )
            }
            Answer::No => format!("`{}` of {ident} is nowhere called", paths.join("` or `")),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}

pub(super) fn is_released(call: &Call<'_, '_>) -> Verdict {
    let methods = call.texts(1);
    let judged = |ident| released(call.facts, call.resources(), ident, &methods);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is released or handed over on every path"),
            Answer::No => {
                let at = call.nodes(0).first().and_then(|n| judged(*n).at);
                at.map_or_else(
                    || format!("{ident} is not released on the path to the end of the function"),
                    |at| {
                        format!(
                            "{ident} is not released on a path to the return at line {}",
                            at.start_position().row + 1
                        )
                    },
                )
            }
            Answer::Unknown => format!("whether {ident} is released on every path cannot be known"),
        },
    )
}

pub(super) fn is_used_after(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |ident| used_after(call.facts, ident, *place).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is used behind {}", call.quoted(*place)),
            Answer::No => format!("{ident} is not used behind {}", call.quoted(*place)),
            Answer::Unknown => format!(
                "whether {ident} is used behind {} cannot be known: a deferred call, a function literal or its address may",
                call.quoted(*place)
            ),
        },
    )
}

pub(super) fn acquires(call: &Call<'_, '_>) -> Verdict {
    let [ident] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |node| acquires_into(call, node, *ident),
        |answer, node| {
            let ident = call.quoted(*ident);
            match answer {
                Answer::Yes => format!("{node} acquires a resource, which {ident} gets"),
                Answer::No => format!("{ident} does not get a resource of the table from {node}"),
                Answer::Unknown => format!("what {node} calls cannot be known"),
            }
        },
    )
}

fn acquires_into<'t>(call: &Call<'_, 't>, node: Node<'t>, ident: Node<'t>) -> Answer {
    if node.kind() != "call_expression" {
        return Answer::No;
    }
    let table = call.resources();
    let name = match callee(call.facts, table, node) {
        Callee::Imported(name) | Callee::Method(name) => name,
        Callee::Unknown => return Answer::Unknown,
        Callee::Builtin(_) | Callee::Known(_) | Callee::Conversion => return Answer::No,
    };
    let Some(resource) = table.acquired_by(&name) else {
        return Answer::No;
    };
    let statement = node.parent().and_then(|list| list.parent());
    let targets = statement.and_then(|s| {
        if s.kind() == "var_spec" {
            let mut cursor = s.walk();
            return Some(
                s.children_by_field_name("name", &mut cursor)
                    .collect::<Vec<_>>(),
            );
        }
        s.child_by_field_name("left").map(elements)
    });
    let target = targets.unwrap_or_default().get(resource.result).copied();
    Answer::from(target == Some(ident))
}
