//! Whether calls that count up and calls that count down come to the same.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::control::{ancestors, descendants, is_function, owner},
    matcher::object::{declared, declaring, uses},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[PredicateKind::of(
    "unbalanced",
    &[Capture, Text, Text],
    Some(Text),
    "`(#unbalanced? @id \"Add\" \"Done\" \"Wait\" …)`: the numbers given to the first method and the calls of the second differ; each runs once, and there are no uses but these methods",
    unbalanced,
).unless(is_balanced)];

/// Whether a variable of a function is not unbalanced.
fn is_balanced(call: &Call<'_, '_>) -> bool {
    call.is_about_local() && unbalanced(call).answer != Answer::Yes
}

/// Whether the numbers given to the first method of a local object and the calls of the second differ. Unknown unless every use
/// is a call of these or of one of the further methods, and each call of these runs exactly once.
pub(super) fn unbalanced(call: &Call<'_, '_>) -> Verdict {
    let methods = call.texts(1);
    call.each(
        |ident| {
            counts(call, ident, &methods).map_or(Answer::Unknown, |(up, down)| (up != down).into())
        },
        |answer, ident| {
            let sums = call
                .nodes(0)
                .first()
                .and_then(|n| counts(call, *n, &methods));
            match (answer, sums) {
                (Answer::Unknown, _) | (_, None) => {
                    format!("how often what is called on {ident} cannot be known")
                }
                (_, Some((up, down))) => format!("{ident} counts {up} up and {down} down"),
            }
        },
    )
}

/// How far the object is counted up, and how often down.
fn counts(call: &Call<'_, '_>, ident: Node<'_>, methods: &[&str]) -> Option<(u64, u64)> {
    let [up, down, others @ ..] = methods else {
        return None;
    };
    let id = declared(call.facts, ident)?;
    let declaration = declaring(call.facts, call.facts.scope().declaration(id))?;
    let function = owner(declaration)?;
    let (mut ups, mut downs) = (0, 0);
    for used in uses(call.facts, id) {
        let selector = used.parent().filter(|p| {
            p.kind() == "selector_expression" && p.child_by_field_name("operand") == Some(used)
        })?;
        let method = call.text_of(selector.child_by_field_name("field")?);
        let called = selector.parent().filter(|p| {
            p.kind() == "call_expression" && p.child_by_field_name("function") == Some(selector)
        })?;
        if method == *up {
            ups += number(call, called)?;
        } else if method == *down {
            downs += 1;
        } else if others.contains(&method) {
            continue;
        } else {
            return None;
        }
        if !runs_once(called, declaration, function) {
            return None;
        }
    }
    Some((ups, downs))
}

/// The number that is the only argument of a call.
fn number(call: &Call<'_, '_>, called: Node<'_>) -> Option<u64> {
    let arguments = called.child_by_field_name("arguments")?;
    let only = arguments
        .named_child(0)
        .filter(|n| arguments.named_child_count() == 1 && n.kind() == "int_literal")?;
    call.text_of(only).parse().ok()
}

/// Whether a call runs exactly once each time its object is declared: nothing around it within the function that declares the
/// object chooses or repeats, and no `return` of a function that it is not deferred in can come before it.
fn runs_once(called: Node<'_>, declaration: Node<'_>, function: Node<'_>) -> bool {
    let shared = |node: Node<'_>| {
        node.start_byte() <= declaration.start_byte() && declaration.end_byte() <= node.end_byte()
    };
    let mut deferred = false;
    for around in ancestors(called).take_while(|a| *a != function && !shared(*a)) {
        let plain = match around.kind() {
            "defer_statement" => {
                deferred = true;
                true
            }
            "go_statement"
            | "expression_statement"
            | "call_expression"
            | "block"
            | "statement_list"
            | "parenthesized_expression" => true,
            "func_literal" => {
                let is_called = around.parent().is_some_and(|p| {
                    p.kind() == "call_expression"
                        && p.child_by_field_name("function") == Some(around)
                });
                let may_leave = !deferred && leaves_early(around, called);
                deferred = false;
                is_called && !may_leave
            }
            _ => false,
        };
        if !plain {
            return false;
        }
    }
    // A deferred call behind an early return may not be deferred at all.
    !leaves_early(function, called)
}

/// Whether a function has a jump of its own in front of a node.
fn leaves_early(function: Node<'_>, before: Node<'_>) -> bool {
    debug_assert!(is_function(function.kind()));
    function.child_by_field_name("body").is_some_and(|body| {
        descendants(body, false).iter().any(|d| {
            d.end_byte() <= before.start_byte()
                && matches!(d.kind(), "return_statement" | "goto_statement")
        })
    })
}
