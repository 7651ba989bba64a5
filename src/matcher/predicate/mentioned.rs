//! Predicates about what a piece of code uses.

use tree_sitter::Node;

use super::{Answer, Call, Parameter::Capture, PredicateKind, Verdict};
use crate::{
    go::scope::DeclId,
    matcher::object::{declared, declaring, loops_around, uses, within},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "mentions",
        &[Capture, Capture],
        None,
        "`(#mentions? @n @id)`: the node uses the object, function literals entered",
        mentions,
    ),
    PredicateKind::of(
        "mentioned-after",
        &[Capture, Capture],
        None,
        "`(#mentioned-after? @id @n)`: the object is used in the text behind the node, or by a loop around it",
        mentioned_after,
    ),
    PredicateKind::of(
        "mentions-before",
        &[Capture, Capture, Capture],
        None,
        "`(#mentions-before? @n @m @id)`: the part of `@n` that stands before `@m` uses the object, function literals entered",
        mentions_before,
    ),
];

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

pub(super) fn mentions(call: &Call<'_, '_>) -> Verdict {
    let ident = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    call.each(
        |node| {
            let id = declared(call.facts, ident);
            id.map(|id| uses(call.facts, id).iter().any(|n| within(*n, node)))
                .into()
        },
        |answer, node| match answer {
            Answer::Yes => format!("{node} uses {}", call.quoted(ident)),
            Answer::No => format!("{node} does not use {}", call.quoted(ident)),
            Answer::Unknown => format!("{} is not declared in this file", call.quoted(ident)),
        },
    )
}

/// Also where a loop around the node, in which the variable is not declared, uses it before the node.
pub(super) fn mentioned_after(call: &Call<'_, '_>) -> Verdict {
    let node = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let behind = |id: DeclId| {
        let declaration = call.facts.scope().declaration(id);
        let site = declaring(call.facts, declaration);
        uses(call.facts, id).into_iter().any(|used| {
            used.start_byte() >= node.end_byte()
                || loops_around(node).any(|l| {
                    within(used, l)
                        && !within(used, node)
                        && site.is_none_or(|site| !within(site, l))
                })
        })
    };
    call.each(
        |ident| declared(call.facts, ident).map(behind).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is used behind {}", call.quoted(node)),
            Answer::No => format!("{ident} is not used behind {}", call.quoted(node)),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}
