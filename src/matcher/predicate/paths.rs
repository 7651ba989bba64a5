//! Predicates about where control can come to from a node, by the graph of its function.

use tree_sitter::Node;

use super::{Answer, Call, Parameter::Capture, PredicateKind, Verdict, control};
use crate::{
    go::{
        control::{descendants, owner},
        flow::{Flow, Passage, Reach},
    },
    matcher::{
        callee::{ends_program, never_returns},
        object::within,
    },
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "runs-again",
        &[Capture],
        None,
        "`(#runs-again? @n)`: control can come from behind the node to it again, in the same call of its function",
        runs_again,
    ),
    PredicateKind::of(
        "reaches-end",
        &[Capture],
        None,
        "`(#reaches-end? @n)`: from behind the node the function can come to an end that runs deferred calls: a return, its closing brace, a panic",
        reaches_end,
    ),
    PredicateKind::of(
        "reaches-exit",
        &[Capture],
        None,
        "`(#reaches-exit? @n)`: from behind the node the function can come to `os.Exit` or `log.Fatal*`",
        reaches_exit,
    ),
];

/// The graph of the function around a node.
fn flow<'t>(call: &Call<'_, 't>, node: Node<'t>) -> Option<Flow<'t>> {
    Flow::of(call.facts.parsed, owner(node)?, &|called| {
        never_returns(call.facts, called)
    })
}

/// The calls of the function around a node that never return, by whether they end the program; those of which that is not
/// known too.
fn endings<'t>(call: &Call<'_, 't>, node: Node<'t>, program: Option<bool>) -> Vec<Node<'t>> {
    let function = owner(node);
    let all = function.into_iter().flat_map(|f| descendants(f, false));
    all.filter(|n| n.kind() == "call_expression")
        .filter(|n| never_returns(call.facts, *n) != Some(false))
        .filter(|n| ends_program(call.facts, *n) == program)
        .collect()
}

pub(super) fn runs_again(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| {
            let again = flow(call, node).and_then(|f| f.used_after(node, &[node]));
            Answer::from(again)
        },
        |answer, node| match answer {
            Answer::Yes => format!("control can come from {node} to it again"),
            Answer::No => format!("{node} runs once a call of its function"),
            Answer::Unknown => format!("whether {node} runs again cannot be known"),
        },
    )
}

/// A panic of a function that is called is not seen, nor that it ends the goroutine.
pub(super) fn reaches_end(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| ends(call, node).into(),
        |answer, node| match answer {
            Answer::Yes => format!("the function can end behind {node}"),
            Answer::No => format!("behind {node} the function runs until the program ends"),
            Answer::Unknown => format!("whether the function ends behind {node} cannot be known"),
        },
    )
}

fn ends<'t>(call: &Call<'_, 't>, node: Node<'t>) -> Option<bool> {
    let flow = flow(call, node)?;
    let unwound = endings(call, node, Some(false));
    let unsure = endings(call, node, None);
    let exit = match flow.reaches_exit_without(node, &Passage::default()) {
        Reach::Return(_) | Reach::End => return Some(true),
        Reach::Never => Some(false),
        Reach::Unknown => None,
    };
    match flow.used_after(node, &unwound) {
        Some(false) if flow.used_after(node, &unsure) == Some(false) => exit,
        Some(true) => Some(true),
        _ => None,
    }
}

/// What ends the program where the statement before the node failed is no such exit: there is nothing to release then.
pub(super) fn reaches_exit(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| {
            let mut exits = endings(call, node, Some(true));
            let failed = control::failure_behind(call, node);
            exits.retain(|exit| !failed.is_some_and(|f| within(*exit, f)));
            flow(call, node)
                .and_then(|f| f.used_after(node, &exits))
                .into()
        },
        |answer, node| match answer {
            Answer::Yes => {
                format!("the program can end behind {node}, without the function's deferred calls")
            }
            Answer::No => format!("nothing ends the program behind {node}"),
            Answer::Unknown => format!("whether the program ends behind {node} cannot be known"),
        },
    )
}
