//! Predicates about where a variable is assigned.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::{
        control::{descendants, owner},
        scope::{Declaration, Kind},
        version::Version,
    },
    matcher::{
        method_calls::method_calls,
        object::{assignments, declared, declaring, loops_around, within},
        typing::{Callee, bare, callee, elements},
    },
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "reassigned",
        &[Capture],
        None,
        "`(#reassigned? @id)`: the variable is assigned besides its declaration",
        reassigned,
    ),
    PredicateKind::of(
        "reassigned-after",
        &[Capture, Capture],
        None,
        "`(#reassigned-after? @id @n)`: the variable is assigned behind the node, or by a loop around it",
        reassigned_after,
    ),
    PredicateKind::of(
        "assigned-in",
        &[Capture, Capture],
        None,
        "`(#assigned-in? @id @n)`: the variable is assigned in the node, besides its declaration",
        assigned_in,
    ),
    PredicateKind::of(
        "replaced",
        &[Capture, Capture, Text],
        Some(Text),
        "`(#replaced? @id @n \"Stop\" …)`: behind the node the variable gets new values, each directly after a call of such a method; nothing else calls it",
        replaced,
    )
    .unless(is_not_replaced),
];

/// An assignment through the variable's address is not seen.
pub(super) fn assigned_in(call: &Call<'_, '_>) -> Verdict {
    let node = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let (assigned, all_seen) = assignments(call.facts, id);
            match assigned.iter().any(|n| within(*n, node)) {
                true => Answer::Yes,
                false if all_seen => Answer::No,
                false => Answer::Unknown,
            }
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is assigned in {}", call.quoted(node)),
            Answer::No => format!("{ident} is not assigned in {}", call.quoted(node)),
            Answer::Unknown => format!("{ident} may be assigned through its address"),
        },
    )
}

/// Each assignment behind the node is of a new resource of the table and stands directly behind a statement that calls the
/// method, and elsewhere but in the node the method is not called. Unknown where not all assignments are seen.
/// Whether a variable of a function is not replaced.
fn is_not_replaced(call: &Call<'_, '_>) -> bool {
    call.is_about_local() && replaced(call).answer != Answer::Yes
}

pub(super) fn replaced(call: &Call<'_, '_>) -> Verdict {
    let node = match call.second() {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let methods = call.texts(2);
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let (assigned, all_seen) = assignments(call.facts, id);
            if !all_seen {
                return Answer::Unknown;
            }
            let mut releases: Vec<Node<'_>> = method_calls(call.facts, id)
                .into_iter()
                .filter(|c| methods.contains(&c.path.as_str()) && !within(c.node, node))
                .map(|c| c.node)
                .collect();
            let behind = assigned.iter().filter(|n| n.start_byte() >= node.end_byte());
            let mut count = 0;
            for assignment in behind {
                count += 1;
                let before = statement(*assignment).and_then(|s| s.prev_named_sibling());
                let direct = |release: &Node<'_>| {
                    release.parent() == before
                        && before.is_some_and(|b| b.kind() == "expression_statement")
                };
                if !acquired(call, *assignment, &methods) {
                    return Answer::No;
                }
                let Some(at) = releases.iter().position(direct) else {
                    return Answer::No;
                };
                releases.remove(at);
            }
            Answer::from(count > 0 && releases.is_empty())
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is released before each new value, and the last value is not"),
            Answer::No => format!("{ident} gets no new value, or not each one behind a release, or is released elsewhere too"),
            Answer::Unknown => format!("{ident} may be assigned where it cannot be seen"),
        },
    )
}

/// Whether the assignment to this identifier is of what a function of the table acquired, which such a method releases.
fn acquired(call: &Call<'_, '_>, ident: Node<'_>, methods: &[&str]) -> bool {
    let table = call.resources();
    let found = statement(ident).and_then(|s| {
        let left = s.child_by_field_name("left").map(elements)?;
        let [value] = elements(s.child_by_field_name("right")?)[..] else {
            return None;
        };
        let index = left.iter().position(|l| *l == ident)?;
        match callee(call.facts, table, bare(value)) {
            Callee::Imported(name) | Callee::Method(name) => {
                let resource = table.acquired_by(&name)?;
                let is_released = |m: &&str| resource.release.iter().any(|r| r == m);
                Some(resource.result == index && methods.iter().any(is_released))
            }
            _ => None,
        }
    });
    found == Some(true)
}

/// The statement of a list that a node stands in.
fn statement(node: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(Some(node), Node::parent)
        .find(|n| n.parent().is_some_and(|p| p.kind() == "statement_list"))
}

/// The first version in which each round of a loop has variables of its own (<https://go.dev/ref/spec#For_statements>).
const PER_ITERATION: &str = "1.22";

pub(super) fn reassigned(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let (assigned, all_seen) = assignments(call.facts, id);
            if !assigned.is_empty() {
                return Answer::Yes;
            }
            let each_round = assigned_by_loop(call, call.facts.scope().declaration(id));
            match each_round {
                Some(false) if !all_seen => Answer::Unknown,
                other => other.into(),
            }
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is assigned again{}", first_line(call)),
            Answer::No => format!("{ident} is not assigned again"),
            Answer::Unknown => format!(
                "{ident} may be assigned where it cannot be seen: through its address, or by another file"
            ),
        },
    )
}

/// Where the first assignment of the captured variable is, for reasons.
fn first_line(call: &Call<'_, '_>) -> String {
    let id = call.nodes(0).first().and_then(|n| declared(call.facts, *n));
    id.and_then(|id| assignments(call.facts, id).0.first().copied())
        .map_or_else(
            || " by its loop".to_owned(),
            |n| format!(" at line {}", n.start_position().row + 1),
        )
}

/// Whether the rounds of a loop assign its own variable: not where each round has its own. `None` where the language version is
/// not known.
fn assigned_by_loop(call: &Call<'_, '_>, declaration: &Declaration) -> Option<bool> {
    if declaration.kind != Kind::RangeVar {
        return Some(false);
    }
    Some(call.facts.file.go? < Version::parse(PER_ITERATION)?)
}

pub(super) fn reassigned_after(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |ident| assigned_after(call, ident, *place),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is assigned behind {}, or by a loop around it", call.quoted(*place)),
            Answer::No => format!("{ident} is not assigned behind {}", call.quoted(*place)),
            Answer::Unknown => format!(
                "{ident} may be assigned later: through its address, in a function literal, after a `goto`, or by another file"
            ),
        },
    )
}

fn assigned_after<'t>(call: &Call<'_, 't>, ident: Node<'t>, place: Node<'t>) -> Answer {
    let Some(id) = declared(call.facts, ident) else {
        return Answer::Unknown;
    };
    let declaration = call.facts.scope().declaration(id);
    let (assigned, all_seen) = assignments(call.facts, id);
    let declared_at = declaring(call.facts, declaration);
    let repeats = |n: &Node<'t>| {
        loops_around(place)
            .filter(|l| within(*n, *l))
            .any(|l| !declared_in_body(l, declared_at))
    };
    if assigned
        .iter()
        .any(|n| n.start_byte() >= place.end_byte() || repeats(n))
    {
        return Answer::Yes;
    }
    let range_var = || assigned_by_loop(call, declaration);
    let by_loop = declared_at.map_or(Some(false), |at| {
        if loops_around(place).any(|l| within(at, l)) {
            range_var()
        } else {
            Some(false)
        }
    });
    if by_loop == Some(true) {
        return Answer::Yes;
    }
    let later = assigned.iter().any(|n| owner(*n) != owner(place));
    let jumps_back = owner(place).is_some_and(|f| {
        !assigned.is_empty()
            && descendants(f, false)
                .iter()
                .any(|n| n.kind() == "goto_statement")
    });
    if !all_seen || later || jumps_back || by_loop.is_none() {
        Answer::Unknown
    } else {
        Answer::No
    }
}

/// Whether a variable is declared in the body of a loop, so that each round has its own.
fn declared_in_body(repeated: Node<'_>, declared_at: Option<Node<'_>>) -> bool {
    let body = repeated.child_by_field_name("body");
    body.zip(declared_at)
        .is_some_and(|(body, at)| within(at, body))
}
