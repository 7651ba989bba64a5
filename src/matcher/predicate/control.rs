//! Predicates about where control goes.

use tree_sitter::Node;

use super::{
    Answer, Call, Needs,
    Parameter::{Capture, NodeKind},
    PredicateKind, Verdict,
};
use crate::{
    go::control,
    matcher::{binding::import_binding, callee::never_returns, typing::elements},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "jumps-out",
        &[Capture],
        Some(NodeKind),
        "`(#jumps-out? @n \"kind\" …)`: holds a return, goto, break or continue that leaves the node; those of the kinds do not count without a label",
        jumps_out,
    )
    .needing(&[Needs::Words(&["return", "goto", "break", "continue"])])
    .local(),
    PredicateKind::of(
        "jumps-to",
        &[Capture, Capture],
        None,
        "`(#jumps-to? @jump @n)`: the goto, break or continue goes to this labelled statement, loop, switch or select",
        jumps_to,
    )
    .needing(&[Needs::Words(&["goto", "break", "continue"])])
    .local(),
    PredicateKind::of(
        "terminates",
        &[Capture],
        None,
        "`(#terminates? @block)`: control cannot run off the end of the block or statement",
        terminates,
    ),
    PredicateKind::of(
        "err-check",
        &[Capture, Capture],
        None,
        "`(#err-check? @if @err)`: the statement is `if err != nil { … }` over that identifier and its body terminates, or testify's `require.NoError(t, err)`",
        err_check,
    )
    .needing(&[Needs::Words(&["if", "NoError", "NoErrorf", "Nil", "Nilf"])])
    .unless(is_no_check),
];

pub(super) fn jumps_out(call: &Call<'_, '_>) -> Verdict {
    let allowed = call.texts(1);
    call.each(
        |node| Answer::from(control::jumps_out_but(call.facts.parsed, node, &allowed)),
        |answer, node| match answer {
            Answer::Yes => format!("a return, goto, break or continue leaves {node}"),
            _ => format!("no jump leaves {node}"),
        },
    )
}

pub(super) fn jumps_to(call: &Call<'_, '_>) -> Verdict {
    let [target] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |node| Answer::from(control::jump_target(call.facts.parsed, node) == Some(*target)),
        |answer, node| match answer {
            Answer::Yes => format!("{node} goes to {}", call.quoted(*target)),
            _ => format!("{node} does not go to {}", call.quoted(*target)),
        },
    )
}

pub(super) fn terminates(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| ends(call, node),
        |answer, node| match answer {
            Answer::Yes => format!("control cannot run off the end of {node}"),
            Answer::No => format!("control can run off the end of {node}"),
            Answer::Unknown => format!("{node} ends in a call that may or may not return"),
        },
    )
}

fn ends(call: &Call<'_, '_>, node: Node<'_>) -> Answer {
    Answer::from(control::terminates(call.facts.parsed, node, &|callee| {
        never_returns(call.facts, callee)
    }))
}

/// The package whose `NoError(t, err)` and `Nil(t, err)` end the test where the error is not nil.
const REQUIRE: &str = "github.com/stretchr/testify/require";

/// Exactly `if err != nil { … }`, in either order, parentheses and a statement before the condition allowed, without an
/// `else`, with a body that terminates; or `require.NoError(t, err)` of testify. Unknown where the statement before the condition mentions the identifier.
pub(super) fn err_check(call: &Call<'_, '_>) -> Verdict {
    let ([node], [err]) = (call.nodes(0), call.nodes(1)) else {
        return call.verdict(Answer::Unknown, || {
            "a capture does not have exactly one node".to_owned()
        });
    };
    let (answer, reason) = judge_err_check(call, *node, *err);
    call.verdict(answer, || format!("{} {reason}", call.quoted(*node)))
}

/// Whether the node can be no error check, whatever its calls do.
fn is_no_check(call: &Call<'_, '_>) -> bool {
    let ([node], [err]) = (call.nodes(0), call.nodes(1)) else {
        return true;
    };
    let compares =
        || compared_with_nil(*node).is_some_and(|n| call.text_of(n) == call.text_of(*err));
    match node.kind() {
        "if_statement" => !compares(),
        "expression_statement" => false,
        _ => true,
    }
}

fn judge_err_check<'t>(
    call: &Call<'_, 't>,
    node: Node<'t>,
    err: Node<'t>,
) -> (Answer, &'static str) {
    if node.kind() == "expression_statement" {
        return match required(call, node).map(|found| same_object(call, found, err)) {
            Some(true) => (Answer::Yes, "ends the test where the error is not nil"),
            _ => (Answer::No, "is no check of the error"),
        };
    }
    if node.kind() != "if_statement" {
        return (Answer::No, "is not an `if`");
    }
    if node.child_by_field_name("alternative").is_some() {
        return (Answer::No, "has an `else`");
    }
    let name = call.text_of(err);
    let Some(compared) = compared_with_nil(node).filter(|n| call.text_of(*n) == name) else {
        return (Answer::No, "does not compare the identifier with nil");
    };
    let mentions = |init: Node<'t>| {
        control::descendants(init, true)
            .iter()
            .any(|n| n.kind() == "identifier" && call.text_of(*n) == name)
    };
    if node
        .child_by_field_name("initializer")
        .is_some_and(mentions)
    {
        return (Answer::Unknown, "uses the identifier before its condition");
    }
    let scope = call.facts.scope();
    if scope.resolve(compared) != scope.resolve(err) {
        return (Answer::No, "compares another variable of that name");
    }
    let Some(body) = node.child_by_field_name("consequence") else {
        return (Answer::No, "has no body");
    };
    match ends(call, body) {
        Answer::Yes => (Answer::Yes, "is the error check"),
        Answer::No => (Answer::No, "has a body that control can run off"),
        Answer::Unknown => (Answer::Unknown, "ends in a call that may or may not return"),
    }
}

/// The body that runs where the statement before `node` gave an error, if the statement behind `node` checks that.
pub(super) fn failure_behind<'t>(call: &Call<'_, 't>, node: Node<'t>) -> Option<Node<'t>> {
    let check = node.next_named_sibling()?;
    let taken = node.prev_named_sibling()?;
    let compared = (check.kind() == "if_statement"
        && check.child_by_field_name("initializer").is_none())
    .then(|| compared_with_nil(check))??;
    let gives = elements(taken.child_by_field_name("left")?)
        .into_iter()
        .any(|target| same_object(call, target, compared));
    check.child_by_field_name("consequence").filter(|_| gives)
}

/// The error that a statement `require.NoError(t, err)` is about.
fn required<'t>(call: &Call<'_, 't>, statement: Node<'t>) -> Option<Node<'t>> {
    let asserts = unwrap(statement.named_child(0)?);
    let function = asserts.child_by_field_name("function")?;
    let name = call.text_of(function.child_by_field_name("field")?);
    let package = function.child_by_field_name("operand")?;
    let is_required = matches!(name, "NoError" | "NoErrorf" | "Nil" | "Nilf")
        && package.kind() == "identifier"
        && import_binding(call.facts, package, &[REQUIRE]) == Answer::Yes;
    let arguments = asserts.child_by_field_name("arguments").map(elements)?;
    arguments
        .get(1)
        .copied()
        .filter(|a| is_required && a.kind() == "identifier")
}

fn same_object<'t>(call: &Call<'_, 't>, a: Node<'t>, b: Node<'t>) -> bool {
    let scope = call.facts.scope();
    call.text_of(a) == call.text_of(b) && scope.resolve(a) == scope.resolve(b)
}

/// The identifier that the condition of an `if` compares with nil by `!=`.
fn compared_with_nil(node: Node<'_>) -> Option<Node<'_>> {
    let condition = unwrap(node.child_by_field_name("condition")?);
    if condition.kind() != "binary_expression"
        || condition.child_by_field_name("operator")?.kind() != "!="
    {
        return None;
    }
    let left = unwrap(condition.child_by_field_name("left")?);
    let right = unwrap(condition.child_by_field_name("right")?);
    match (left.kind(), right.kind()) {
        ("identifier", "nil") => Some(left),
        ("nil", "identifier") => Some(right),
        _ => None,
    }
}

fn unwrap(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_expression" {
        match node.named_child(0) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
