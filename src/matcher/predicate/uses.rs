//! Predicates about the places at which a variable is used.

use tree_sitter::Node;

use super::{
    Answer, Call, Needs,
    Parameter::{Capture, NodeKind, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::{
        control::{ancestors, descendants, is_function, owner},
        scope::Resolution,
    },
    matcher::{
        object::{assignments, declared, resolve, uses, within},
        typing::elements,
    },
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "stored",
        &[Capture],
        None,
        "`(#stored? @id)`: the object is assigned to a field, an element or a global, stands in a composite literal, or is sent",
        stored,
    ),
    PredicateKind::of(
        "given-to",
        &[Capture, Text],
        Some(Text),
        "`(#given-to? @id \"Do\" …)`: the object is the only argument of a call of something with one of these names",
        given_to,
    )
    .needing(&[Needs::Named]),
    PredicateKind::of(
        "captured",
        &[Capture],
        Some(NodeKind),
        "`(#captured? @id \"kind\" …)`: a function literal inside the variable's function uses it; with kinds, one that such a statement calls or hands over",
        captured,
    )
    .needing(&[Needs::Words(&["func"])]),
    PredicateKind::of(
        "only-argument",
        &[Capture, Capture, Text],
        Some(Text),
        "`(#only-argument? @id @n \"len\" …)`: the node uses the object, and only as the argument of these predeclared functions",
        only_argument,
    ),
    PredicateKind::of(
        "unchanging",
        &[Capture, Capture],
        None,
        "`(#unchanging? @n @part)`: but for the part, the node is made of constants and of variables that are never assigned again",
        unchanging,
    ),
    PredicateKind::of(
        "only-used-in",
        &[Capture, Capture],
        Some(Capture),
        "`(#only-used-in? @id @n …)`: every use of the object, the declaration apart, lies in one of these nodes",
        only_used_in,
    ),
    PredicateKind::of(
        "only-called",
        &[Capture],
        None,
        "`(#only-called? @id)`: every use of the function in this file is a call",
        only_called,
    ),
];

pub(super) fn only_argument(call: &Call<'_, '_>) -> Verdict {
    let node = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let functions = call.texts(2);
    let is_argument = |ident: &Node<'_>| {
        let list = ident
            .parent()
            .filter(|p| p.kind() == "argument_list" && p.named_child_count() == 1);
        let callee = list
            .and_then(|l| l.parent())
            .and_then(|c| c.child_by_field_name("function"));
        callee.is_some_and(|f| {
            functions.contains(&call.text_of(f)) && resolve(call.facts, f) == Resolution::Universe
        })
    };
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let inside: Vec<_> = uses(call.facts, id)
                .into_iter()
                .filter(|n| within(*n, node))
                .collect();
            Answer::from(!inside.is_empty() && inside.iter().all(is_argument))
        },
        |answer, ident| {
            let names = functions.join("` or `");
            match answer {
                Answer::Yes => format!("{} uses {ident} only for `{names}`", call.quoted(node)),
                Answer::No => format!(
                    "{} does not use {ident} only for `{names}`",
                    call.quoted(node)
                ),
                Answer::Unknown => format!("{ident} is not declared in this file"),
            }
        },
    )
}

/// Nothing is called in the node but under the second capture, nothing received or indexed, no field read, and no variable used
/// that is ever assigned again. Unknown where an assignment may not be seen.
pub(super) fn unchanging(call: &Call<'_, '_>) -> Verdict {
    let except = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    call.each(
        |node| {
            let parts = descendants(node, true);
            let mut rest = parts.iter().filter(|n| !within(**n, except));
            let answers = rest.by_ref().map(|n| unchanging_part(call, *n));
            answers.fold(Answer::Yes, |all, one| match (all, one) {
                (Answer::No, _) | (_, Answer::No) => Answer::No,
                (Answer::Yes, Answer::Yes) => Answer::Yes,
                _ => Answer::Unknown,
            })
        },
        |answer, node| match answer {
            Answer::Yes => format!(
                "but for {}, {node} gives the same later",
                call.quoted(except)
            ),
            Answer::No => format!("{node} may give something else later"),
            Answer::Unknown => {
                format!("a variable of {node} may be assigned where it cannot be seen")
            }
        },
    )
}

fn unchanging_part(call: &Call<'_, '_>, node: Node<'_>) -> Answer {
    match node.kind() {
        "call_expression"
        | "selector_expression"
        | "index_expression"
        | "unary_expression"
        | "func_literal"
        | "slice_expression"
        | "composite_literal"
        | "type_assertion_expression" => Answer::No,
        "identifier" => match resolve(call.facts, node) {
            Resolution::Universe => Answer::Yes,
            Resolution::Declared(id) => {
                let (assigned, all_seen) = assignments(call.facts, id);
                match (assigned.is_empty(), all_seen) {
                    (false, _) => Answer::No,
                    (true, true) => Answer::Yes,
                    (true, false) => Answer::Unknown,
                }
            }
            _ => Answer::Unknown,
        },
        _ => Answer::Yes,
    }
}

/// Whether the object is put where others find it by its name alone: a field, an element, a global, a literal, a channel.
pub(super) fn stored(call: &Call<'_, '_>) -> Verdict {
    about_uses(call, is_stored, ["is stored", "is not stored"])
}

fn is_stored(call: &Call<'_, '_>, ident: Node<'_>) -> bool {
    let Some(parent) = ident.parent() else {
        return false;
    };
    match parent.kind() {
        "literal_element" => true,
        "send_statement" => parent.child_by_field_name("value") == Some(ident),
        "expression_list" => {
            let Some(statement) = parent
                .parent()
                .filter(|s| s.kind() == "assignment_statement")
            else {
                return false;
            };
            let left = statement.child_by_field_name("left").map(elements);
            let index = elements(parent).iter().position(|n| *n == ident);
            let target = left.zip(index).and_then(|(left, i)| left.get(i).copied());
            statement.child_by_field_name("right") == Some(parent)
                && target.is_none_or(|target| {
                    let local = declared(call.facts, target)
                        .filter(|id| call.facts.scope().declaration(*id).owner.is_some());
                    call.text_of(target) != "_" && local.is_none()
                })
        }
        _ => false,
    }
}

/// Whether the object is the only argument of a call of a function or method with one of these names.
pub(super) fn given_to(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(1);
    let is_given = |call: &Call<'_, '_>, ident: Node<'_>| {
        let list = ident.parent().filter(|p| p.kind() == "argument_list");
        let called = list
            .filter(|list| elements(*list).len() == 1)
            .and_then(|list| list.parent()?.child_by_field_name("function"));
        called.is_some_and(|function| {
            let name = function.child_by_field_name("field").unwrap_or(function);
            names.contains(&call.text_of(name))
        })
    };
    about_uses(
        call,
        is_given,
        ["is given to one of these", "is given to none of these"],
    )
}

/// Whether it holds for some use of the object that the first capture means.
fn about_uses(
    call: &Call<'_, '_>,
    holds: impl Fn(&Call<'_, '_>, Node<'_>) -> bool,
    words: [&str; 2],
) -> Verdict {
    call.each(
        |ident| match declared(call.facts, ident) {
            Some(id) => Answer::from(uses(call.facts, id).into_iter().any(|u| holds(call, u))),
            None => Answer::Unknown,
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} {}", words[0]),
            Answer::No => format!("{ident} {}", words[1]),
            Answer::Unknown => format!("what {ident} means cannot be known"),
        },
    )
}

pub(super) fn captured(call: &Call<'_, '_>) -> Verdict {
    let facts = call.facts;
    let kinds = call.texts(1);
    // What a literal that runs on the spot starts or defers is its own.
    let starts = |literal: Node<'_>, function: &std::ops::Range<usize>| {
        let links = |kind: &str| {
            let is_link = matches!(
                kind,
                "call_expression" | "argument_list" | "parenthesized_expression"
            );
            is_link || kinds.contains(&kind)
        };
        ancestors(literal)
            .take_while(|a| links(a.kind()))
            .filter(|a| kinds.contains(&a.kind()))
            .any(|a| owner(a).is_some_and(|o| o.byte_range() == *function))
    };
    let started = |node: Node<'_>, function: &std::ops::Range<usize>| {
        let mut around = ancestors(node).filter(|a| is_function(a.kind()));
        kinds.is_empty() || around.any(|literal| starts(literal, function))
    };
    let inner_use = |ident: Node<'_>| {
        let id = declared(facts, ident)?;
        let function = facts.scope().declaration(id).owner.clone()?;
        let mut found = uses(facts, id).into_iter();
        Some(
            found
                .find(|n| {
                    owner(*n).is_some_and(|o| o.byte_range() != function) && started(*n, &function)
                })
                .map(|n| n.start_position().row + 1),
        )
    };
    call.each(
        |ident| inner_use(ident).map(|line| line.is_some()).into(),
        |answer, ident| match answer {
            Answer::Yes => {
                let line = call.nodes(0).first().and_then(|n| inner_use(*n)).flatten();
                format!(
                    "a function literal uses {ident} at line {}",
                    line.unwrap_or(0)
                )
            }
            Answer::No => format!("no function literal uses {ident}"),
            Answer::Unknown => format!("{ident} is not declared in a function of this file"),
        },
    )
}

/// Whether every use of the object, the declaration apart, lies in one of the nodes of the other captures.
pub(super) fn only_used_in(call: &Call<'_, '_>) -> Verdict {
    let count = call.predicate.arguments.len();
    let places: Vec<_> = (1..count).flat_map(|i| call.nodes(i)).collect();
    let outside = |ident| {
        let id = declared(call.facts, ident)?;
        let is_inside = |used: &Node<'_>| places.iter().any(|place| within(*used, **place));
        Some(
            uses(call.facts, id)
                .into_iter()
                .find(|used| !is_inside(used)),
        )
    };
    call.each(
        |ident| outside(ident).map(|found| found.is_none()).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is used nowhere else"),
            Answer::No => {
                let used = call.nodes(0).first().and_then(|n| outside(*n)).flatten();
                let line = used.map_or(0, |n| n.start_position().row + 1);
                format!("{ident} is used elsewhere, at line {line}")
            }
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}

/// Whether every use of a function in this file is a call of it.
pub(super) fn only_called(call: &Call<'_, '_>) -> Verdict {
    let is_called = |used: Node<'_>| {
        used.parent().is_some_and(|p| {
            p.kind() == "call_expression" && p.child_by_field_name("function") == Some(used)
        })
    };
    call.each(
        |ident| match declared(call.facts, ident) {
            Some(id) => Answer::from(uses(call.facts, id).into_iter().all(is_called)),
            None => Answer::Unknown,
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is only called"),
            Answer::No => format!("{ident} is used without being called"),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}
