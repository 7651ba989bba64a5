//! Predicates about what a call calls.

use tree_sitter::Node;

use super::{
    Answer, Call, Needs,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::control::descendants,
    matcher::typing::{Callee, callee},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "elsewhere",
        &[Capture],
        None,
        "`(#elsewhere? @call)`: what the call calls is not written in this file",
        elsewhere,
    ),
    PredicateKind::of(
        "callee",
        &[Capture, Text],
        Some(Text),
        "`(#callee? @call \"path.Func\" \"path.Type.Method\" …)`: the call is one of these",
        is_callee,
    )
    .needing(&[Needs::Named]),
];

/// Whether a call is one of a function `path.Func` or of a method `path.Type.Method`.
pub(super) fn is_callee(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    call.each(
        |node| match callee(call.facts, call.resources(), node) {
            Callee::Imported(name) | Callee::Method(name) => wanted.contains(&name.as_str()).into(),
            Callee::Builtin(_) | Callee::Conversion => Answer::No,
            Callee::Known(function) => own_name(call, function)
                .map(|name| wanted.contains(&name.as_str()))
                .into(),
            Callee::Unknown => Answer::Unknown,
        },
        |answer, node| {
            let names = wanted.join("` or `");
            match answer {
                Answer::Yes => format!("{node} calls `{names}`"),
                Answer::No => format!("{node} does not call `{names}`"),
                Answer::Unknown => format!("what {node} calls cannot be known"),
            }
        },
    )
}

/// The full name of a function or method of this file.
fn own_name(call: &Call<'_, '_>, function: Node<'_>) -> Option<String> {
    let path = call.facts.typing().own_path();
    let name = call.text_of(function.child_by_field_name("name")?);
    let Some(receiver) = function.child_by_field_name("receiver") else {
        return Some(format!("{path}.{name}"));
    };
    let of = descendants(receiver, false)
        .into_iter()
        .find(|n| n.kind() == "type_identifier")?;
    Some(format!("{path}.{}.{name}", call.text_of(of)))
}

/// Whether the callee cannot be looked into. A function value of this file may be any function.
pub(super) fn elsewhere(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| match callee(call.facts, call.resources(), node) {
            Callee::Imported(_) | Callee::Method(_) | Callee::Builtin(_) | Callee::Unknown => {
                Answer::Yes
            }
            Callee::Known(_) | Callee::Conversion => Answer::No,
        },
        |answer, node| match answer {
            Answer::Yes => format!("what {node} calls is not in this file"),
            _ => format!("what {node} calls is in this file"),
        },
    )
}
