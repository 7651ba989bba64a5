//! Predicates about deferred calls and about calls that end the program.

use tree_sitter::Node;

use super::{
    Answer, Call, Needs,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::control::{ancestors, descendants, is_function, statements},
    matcher::{
        callee::{ends_program, never_returns},
        escape::leaves,
        object::{assignments, declared, declaring, uses, within},
        typing::{Callee, bare, callee, elements, initial},
    },
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "exits-on-error",
        &[Capture],
        None,
        "`(#exits-on-error? @n)`: the node ends the program, and only by `if err != nil { log.Fatal(err) }` and the like",
        exits_on_error,
    )
    .needing(&[Needs::Words(&["if"])]),
    PredicateKind::of(
        "defers-releases",
        &[Capture, Text],
        Some(Text),
        "`(#defers-releases? @n \"Close\" …)`: calls are deferred in the node, and each releases, so, what it acquires and what does not leave it",
        defers_releases,
    )
    .needing(&[Needs::Words(&["defer"]), Needs::Named]),
];

/// Whether there are deferred calls in the node, literals not entered, and each releases, by one of the methods, what a
/// variable declared in the node got from a function of the table, what is used, and what does not leave the node.
pub(super) fn defers_releases(call: &Call<'_, '_>) -> Verdict {
    let methods = call.texts(1);
    call.each(
        |node| {
            let all = descendants(node, false);
            let defers = all.iter().filter(|n| n.kind() == "defer_statement");
            let answers = defers.map(|d| releases_inside(call, *d, node, &methods));
            answers.reduce(both).unwrap_or(Answer::No)
        },
        |answer, node| match answer {
            Answer::Yes => format!("every call deferred in {node} releases what does not leave it"),
            Answer::No => format!("a call deferred in {node} is no release of what it holds alone"),
            Answer::Unknown => {
                format!("whether what is released in {node} leaves it cannot be known")
            }
        },
    )
}

fn both(a: Answer, b: Answer) -> Answer {
    match (a, b) {
        (Answer::No, _) | (_, Answer::No) => Answer::No,
        (Answer::Yes, Answer::Yes) => Answer::Yes,
        _ => Answer::Unknown,
    }
}

fn releases_inside<'t>(
    call: &Call<'_, 't>,
    defer: Node<'t>,
    region: Node<'t>,
    methods: &[&str],
) -> Answer {
    judge_release(call, defer, region, methods).unwrap_or(Answer::No)
}

fn judge_release<'t>(
    call: &Call<'_, 't>,
    defer: Node<'t>,
    region: Node<'t>,
    methods: &[&str],
) -> Option<Answer> {
    let released = deferred_release(defer)?;
    let function = bare(released.child_by_field_name("function")?);
    let (object, path) = object_and_path(call, function)?;
    let id = declared(call.facts, object).filter(|_| methods.contains(&path.as_str()))?;
    let site = declaring(call.facts, call.facts.scope().declaration(id))?;
    let (value, index) = initial(call.facts, id).filter(|_| within(site, region))?;
    let (assigned, all_seen) = assignments(call.facts, id);
    if !assigned.is_empty() || !all_seen {
        return Some(Answer::No);
    }
    let table = call.resources();
    let (Callee::Imported(name) | Callee::Method(name)) = callee(call.facts, table, bare(value))
    else {
        return Some(Answer::No);
    };
    let resource = table.acquired_by(&name)?;
    if resource.result != index || !resource.release.contains(&path) {
        return Some(Answer::No);
    }
    // What ends with a context's CancelFunc is the context beside it.
    let beside = if path == "()" {
        siblings(site)
    } else {
        Vec::new()
    };
    let others = beside.into_iter().filter(|n| *n != site);
    let all: Vec<_> = std::iter::once(site).chain(others).collect();
    // What nobody uses is acquired to be held, most likely until the function returns.
    if !all.iter().any(|n| is_used(call, *n, defer)) {
        return Some(Answer::No);
    }
    all.into_iter()
        .map(|n| match leaves(call.facts, table, n, region).answer {
            Answer::Yes => Answer::No,
            Answer::No => Answer::Yes,
            Answer::Unknown => Answer::Unknown,
        })
        .reduce(both)
}

/// Whether a variable is used outside of the `defer` for more than being compared with nil.
fn is_used<'t>(call: &Call<'_, 't>, site: Node<'t>, defer: Node<'t>) -> bool {
    let Some(id) = declared(call.facts, site) else {
        return false;
    };
    let is_comparison = |n: &Node<'t>| {
        n.parent().is_some_and(|p| {
            p.kind() == "binary_expression"
                && p.named_children(&mut p.walk()).any(|c| c.kind() == "nil")
        })
    };
    uses(call.facts, id)
        .iter()
        .any(|n| !within(*n, defer) && !is_comparison(n))
}

/// The names declared by the statement that declares this one.
fn siblings(site: Node<'_>) -> Vec<Node<'_>> {
    site.parent()
        .filter(|list| list.kind() == "expression_list")
        .map(elements)
        .unwrap_or_default()
}

/// The call without arguments that a `defer` makes: itself, or the only statement of its literal.
fn deferred_release(defer: Node<'_>) -> Option<Node<'_>> {
    let called = defer
        .named_child(0)
        .filter(|n| n.kind() == "call_expression")?;
    let arguments = called.child_by_field_name("arguments")?;
    if arguments.named_child_count() > 0 {
        return None;
    }
    let literal = bare(called.child_by_field_name("function")?);
    if literal.kind() != "func_literal" {
        return Some(called);
    }
    let [only] = statements(literal.child_by_field_name("body")?)[..] else {
        return None;
    };
    let inner = match only.kind() {
        "expression_statement" => only.named_child(0)?,
        // `_ = x.Close()`
        "assignment_statement" => only.child_by_field_name("right")?.named_child(0)?,
        _ => return None,
    };
    let arguments = inner.child_by_field_name("arguments")?;
    (arguments.named_child_count() == 0).then_some(inner)
}

/// `x` and `Body.Close` of `x.Body.Close`; `()` where `x` itself is called.
fn object_and_path<'t>(call: &Call<'_, 't>, function: Node<'t>) -> Option<(Node<'t>, String)> {
    let mut fields = Vec::new();
    let mut at = function;
    while at.kind() == "selector_expression" {
        fields.push(call.text_of(at.child_by_field_name("field")?));
        at = bare(at.child_by_field_name("operand")?);
    }
    if at.kind() != "identifier" {
        return None;
    }
    fields.reverse();
    let path = if fields.is_empty() {
        "()".to_owned()
    } else {
        fields.join(".")
    };
    Some((at, path))
}

/// Whether there are calls in the node that end the program, function literals entered, and each is the only statement of an
/// `if err != nil { … }` of the node's own function and is given that error alone.
pub(super) fn exits_on_error(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| {
            let mut exits = 0_usize;
            for called in descendants(node, true) {
                if called.kind() != "call_expression" {
                    continue;
                }
                match never_returns(call.facts, called) {
                    None => return Answer::Unknown,
                    Some(false) => continue,
                    Some(true) if ends_program(call.facts, called) != Some(true) => continue,
                    Some(true) => {}
                }
                if !is_error_exit(call, called, node) {
                    return Answer::No;
                }
                exits += 1;
            }
            Answer::from(exits > 0)
        },
        |answer, node| match answer {
            Answer::Yes => format!("{node} ends the program only by `if err != nil` with that error"),
            Answer::No => format!("{node} ends the program otherwise than by `if err != nil` with that error, or not at all"),
            Answer::Unknown => format!("whether a call in {node} ends the program cannot be known"),
        },
    )
}

fn is_error_exit<'t>(call: &Call<'_, 't>, called: Node<'t>, node: Node<'t>) -> bool {
    let in_literal = ancestors(called)
        .take_while(|a| *a != node)
        .any(|a| is_function(a.kind()));
    !in_literal && error_exit(call, called).is_some()
}

/// The `if` around a call that is its only statement, where the condition is that the call's only argument is not nil.
fn error_exit<'t>(call: &Call<'_, 't>, called: Node<'t>) -> Option<Node<'t>> {
    let arguments = called.child_by_field_name("arguments")?;
    let given = arguments
        .named_child(0)
        .filter(|n| n.kind() == "identifier" && arguments.named_child_count() == 1)?;
    let statement = called
        .parent()
        .filter(|p| p.kind() == "expression_statement")?;
    let block = statement
        .parent()?
        .parent()
        .filter(|b| b.kind() == "block")?;
    if statements(block) != [statement] {
        return None;
    }
    let check = block.parent().filter(|p| p.kind() == "if_statement")?;
    let condition = bare(check.child_by_field_name("condition")?);
    let is_check = condition.kind() == "binary_expression"
        && condition.child_by_field_name("operator")?.kind() == "!="
        && condition.child_by_field_name("right")?.kind() == "nil"
        && call.text_of(condition.child_by_field_name("left")?) == call.text_of(given)
        && check.child_by_field_name("consequence") == Some(block);
    is_check.then_some(check)
}
