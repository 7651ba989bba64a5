//! Predicates about the places at which a variable is used.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::{
    go::{
        control::descendants,
        scope::{DeclId, Resolution},
    },
    matcher::{
        method_calls::method_calls,
        object::{assignments, declared, declaring, loops_around, resolve, uses, within},
        typing::{Callee, bare, callee, elements},
    },
};

/// The one node of the second capture, or the verdict that there is not one.
fn second<'t>(call: &Call<'_, 't>) -> Result<Node<'t>, Verdict> {
    match call.nodes(1) {
        [node] => Ok(*node),
        _ => Err(call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        })),
    }
}

/// An assignment through the variable's address is not seen.
pub(super) fn assigned_in(call: &Call<'_, '_>) -> Verdict {
    let node = match second(call) {
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

pub(super) fn mentions(call: &Call<'_, '_>) -> Verdict {
    let ident = match second(call) {
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
    let node = match second(call) {
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

pub(super) fn only_argument(call: &Call<'_, '_>) -> Verdict {
    let node = match second(call) {
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
    let except = match second(call) {
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

/// Each assignment behind the node is of a new resource of the table and stands directly behind a statement that calls the
/// method, and elsewhere but in the node the method is not called. Unknown where not all assignments are seen.
pub(super) fn replaced(call: &Call<'_, '_>) -> Verdict {
    let node = match second(call) {
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
