//! Predicates about what a piece of code uses.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::matcher::object::{declared, uses, within};

pub(super) fn mentions_before(call: &Call<'_, '_>) -> Verdict {
    let [border] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    judged(call, 2, |used, node| {
        within(used, node) && used.end_byte() <= border.start_byte()
    })
}

/// Whether some use of the object that the argument names counts for a node of the first capture.
fn judged<'t>(
    call: &Call<'_, 't>,
    argument: usize,
    counts: impl Fn(Node<'t>, Node<'t>) -> bool,
) -> Verdict {
    let [ident] = call.nodes(argument) else {
        return call.verdict(Answer::Unknown, || {
            "the name is not exactly one node".to_owned()
        });
    };
    let used = declared(call.facts, *ident).map(|id| uses(call.facts, id));
    call.each(
        |node| {
            let found = used
                .as_ref()
                .map(|used| used.iter().any(|n| counts(*n, node)));
            found.into()
        },
        |answer, node| match answer {
            Answer::Yes => format!("{node} uses {} there", call.quoted(*ident)),
            Answer::No => format!("{node} does not use {} there", call.quoted(*ident)),
            Answer::Unknown => format!("{} is not declared in this file", call.quoted(*ident)),
        },
    )
}
