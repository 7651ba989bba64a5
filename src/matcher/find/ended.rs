//! Whether a value may have ended where a match stands: code in front of it heard so, ended it, or the match stands in what
//! runs at the end. Which calls tell it is data (`[[ending]]` of the table of resources).

use tree_sitter::Node;

use super::{Candidate, Unusable, is_run_before, place, uses_before};
use crate::{
    go::control::{ancestors, descendants, statements, terminates},
    matcher::{
        Facts,
        object::{declared, uses, within},
        resources::{Ending, Resources},
        typing::{elements, initial},
    },
};

/// Why it may have ended.
pub(super) fn reason(
    facts: &Facts<'_>,
    table: &Resources,
    candidate: &Candidate<'_>,
    at: usize,
) -> Option<Unusable> {
    let ending = table.ending(&candidate.kind)?;
    let place = place(facts, at)?;
    let text = &candidate.text;
    if let Some(by) = runs_late(facts, ending, candidate, place) {
        let reason = format!("what `{by}` runs may run after `{text}` has ended");
        return Some(Unusable::Stop(reason));
    }
    if runs_elsewhere(facts, candidate, place) {
        let reason = format!("the function literal here may run after `{text}` has ended");
        return Some(Unusable::Stop(reason));
    }
    let told = uses_before(facts, candidate, at)
        .into_iter()
        .filter_map(|ident| telling(facts, ending, candidate, ident))
        .find(|call| tells(facts, *call, place));
    if let Some(call) = told {
        let call = facts.parsed.text_of(call);
        return Some(Unusable::Stop(format!(
            "`{call}` says that `{text}` may have ended here"
        )));
    }
    let released = ended_by_sibling(facts, candidate, place)?;
    let reason = format!("`{text}` may have ended here, by `{released}`");
    Some(Unusable::Skip(reason))
}

/// What runs the match late: `defer`, or the call that is given the function literal around it.
fn runs_late<'t>(
    facts: &Facts<'t>,
    ending: &Ending,
    candidate: &Candidate<'t>,
    place: Node<'t>,
) -> Option<&'t str> {
    let owner = facts.scope().declaration(candidate.id).owner.clone()?;
    std::iter::once(place)
        .chain(ancestors(place))
        .take_while(|n| n.byte_range() != owner)
        .find_map(|node| match node.kind() {
            "defer_statement" if ending.late.iter().any(|name| name == "defer") => Some("defer"),
            "func_literal" => {
                let call = node
                    .parent()
                    .filter(|p| p.kind() == "argument_list")?
                    .parent()?;
                let function = call.child_by_field_name("function")?;
                let name = function.child_by_field_name("field").unwrap_or(function);
                let name = facts.parsed.text_of(name);
                ending.late.iter().any(|late| late == name).then_some(name)
            }
            _ => None,
        })
}

/// Whether a function literal around the match, in the function of the candidate, is stored or returned: neither called on
/// the spot, nor given to a call, nor kept in a variable of the function.
fn runs_elsewhere(facts: &Facts<'_>, candidate: &Candidate<'_>, place: Node<'_>) -> bool {
    let owner = facts.scope().declaration(candidate.id).owner.clone();
    ancestors(place)
        .take_while(|n| Some(n.byte_range()) != owner)
        .filter(|n| n.kind() == "func_literal")
        .any(|literal| {
            let holder = ancestors(literal)
                .find(|n| !matches!(n.kind(), "parenthesized_expression" | "expression_list"));
            !holder.is_some_and(|n| {
                matches!(
                    n.kind(),
                    "call_expression" | "argument_list" | "short_var_declaration" | "var_spec"
                )
            })
        })
}

/// The call by which the candidate tells that it has ended: `ctx.Done()`.
fn telling<'t>(
    facts: &Facts<'t>,
    ending: &Ending,
    candidate: &Candidate<'t>,
    ident: Node<'t>,
) -> Option<Node<'t>> {
    let expression = std::iter::once(ident)
        .chain(ancestors(ident))
        .take_while(|n| n.start_byte() == ident.start_byte())
        .find(|n| facts.parsed.text_of(*n) == candidate.text)?;
    let selector = ancestors(expression).find(|n| n.byte_range() != expression.byte_range())?;
    let field = selector.child_by_field_name("field")?;
    let is_telling = selector.kind() == "selector_expression"
        && selector.child_by_field_name("operand") == Some(expression)
        && ending
            .tells
            .iter()
            .any(|m| *m == facts.parsed.text_of(field));
    selector
        .parent()
        .filter(|call| is_telling && call.kind() == "call_expression")
}

/// Whether a call in front of `place` says there that the value has ended.
fn tells(facts: &Facts<'_>, call: Node<'_>, place: Node<'_>) -> bool {
    let Some(guard) = ancestors(call).find(|n| is_guard(*n, call) || n.kind() == "block") else {
        return false;
    };
    match guard.kind() {
        // Not asked for: a value among others, as in `return ctx.Err()`, unless it is waited for.
        "block" => ancestors(call)
            .take_while(|n| *n != guard)
            .any(|n| n.kind() == "unary_expression"),
        "for_statement" => !within(place, guard),
        "if_statement" => {
            let says_alive = says_alive(facts, call);
            let body = guard.child_by_field_name("consequence");
            let other = guard.child_by_field_name("alternative");
            let (ended, alive) = if says_alive {
                (other, body)
            } else {
                (body, other)
            };
            if alive.is_some_and(|alive| within(place, alive)) {
                return false;
            }
            within(place, guard) || !ended.is_some_and(|ended| leaves(facts, ended))
        }
        // The other clauses of the select run where it was not received.
        _ => {
            within(place, guard)
                || (!guard.parent().is_some_and(|select| within(place, select))
                    && !leaves(facts, guard))
        }
    }
}

/// Whether a node asks by this call: the clause that receives from it, or the statement that has it in its condition.
fn is_guard(node: Node<'_>, call: Node<'_>) -> bool {
    let part = match node.kind() {
        "communication_case" => "communication",
        "if_statement" => "condition",
        "for_statement" => {
            return node
                .child_by_field_name("body")
                .is_some_and(|body| !within(call, body));
        }
        _ => return false,
    };
    node.child_by_field_name(part)
        .is_some_and(|part| within(call, part))
}

/// Whether the call is compared by `== nil`.
fn says_alive(facts: &Facts<'_>, call: Node<'_>) -> bool {
    call.parent().is_some_and(|comparison| {
        let operator = comparison.child_by_field_name("operator");
        operator.is_some_and(|operator| facts.parsed.text_of(operator) == "==")
    })
}

/// Whether control that enters a block or a clause leaves the function there.
fn leaves(facts: &Facts<'_>, block: Node<'_>) -> bool {
    let jumps = |n: &Node<'_>| {
        matches!(
            n.kind(),
            "break_statement" | "continue_statement" | "goto_statement"
        )
    };
    let last = statements(block).pop().unwrap_or(block);
    terminates(facts.parsed, last, &|_| None) == Some(true)
        && !descendants(block, false).iter().any(jumps)
}

/// The call that ends a local which is declared together with what ends it: `cancel()`, or `g.Wait()` of a group.
fn ended_by_sibling<'t>(
    facts: &Facts<'t>,
    candidate: &Candidate<'t>,
    place: Node<'t>,
) -> Option<&'t str> {
    initial(facts, candidate.id).filter(|(value, _)| value.kind() == "call_expression")?;
    let list = candidate.name.parent()?;
    let siblings = elements(list).into_iter().filter(|n| *n != candidate.name);
    siblings
        .filter_map(|sibling| declared(facts, sibling))
        .flat_map(|id| uses(facts, id))
        .filter(|ident| ident.end_byte() <= place.start_byte())
        .filter(|ident| is_run_before(*ident, place.start_byte()))
        .filter_map(|ident| ending_call(facts, ident))
        .find(|call| {
            let before = ancestors(*call).take_while(|n| !within(place, *n));
            let mut before = before.filter(|n| n.kind() == "block" || n.kind().ends_with("_case"));
            !before.any(|clause| leaves(facts, clause))
        })
        .map(|call| facts.parsed.text_of(call))
}

/// `x()` or `x.Wait()`, not deferred.
fn ending_call<'t>(facts: &Facts<'t>, ident: Node<'t>) -> Option<Node<'t>> {
    let parent = ident.parent()?;
    let call = match parent.kind() {
        "call_expression" if parent.child_by_field_name("function") == Some(ident) => parent,
        "selector_expression" => {
            let field = parent.child_by_field_name("field")?;
            let is_wait = facts.parsed.text_of(field) == "Wait";
            parent
                .parent()
                .filter(|call| is_wait && call.kind() == "call_expression")?
        }
        _ => return None,
    };
    let is_deferred = call.parent().is_some_and(|p| p.kind() == "defer_statement");
    (!is_deferred).then_some(call)
}
