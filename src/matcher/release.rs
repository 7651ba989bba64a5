//! Whether a resource is released on every path. In: the identifier that gets the resource, and method paths. Out: yes, no
//! or unknown, and the return that a path without a release ends with.

use tree_sitter::Node;

use super::{
    Facts,
    callee::never_returns,
    escape::exits,
    method_calls::{MethodCall, method_calls},
    object::{Access, access, assignments, declared, declaring, loops_around, uses, within},
    predicate::Answer,
    resources::Resources,
    typing::{bare, elements},
};
use crate::go::{
    control::{ancestors, is_function, owner},
    flow::{Flow, Passage, Reach},
    scope::{DeclId, Kind},
};

/// The outcome and, for a no, where the path without a release ends: a return, or the end of the function's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released<'t> {
    /// Whether every path releases the resource.
    pub answer: Answer,
    /// The return of the first path that does not.
    pub at: Option<Node<'t>>,
}

/// Whether every path from the statement in which `ident` gets the resource to an end of the function calls one of the
/// methods, defers such a call, or hands the resource over. Paths on which the error that came with it is not nil, or on which
/// it is nil itself, have nothing to release.
pub fn released<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    ident: Node<'t>,
    methods: &[&str],
) -> Released<'t> {
    judge(facts, table, ident, methods).unwrap_or(Released {
        answer: Answer::Unknown,
        at: None,
    })
}

fn judge<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    ident: Node<'t>,
    methods: &[&str],
) -> Option<Released<'t>> {
    let id = declared(facts, ident)?;
    let function = declaring(facts, facts.scope().declaration(id)).and_then(owner)?;
    let statement =
        assigning(ident).or_else(|| assigning(declaring(facts, facts.scope().declaration(id))?))?;
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call))?;
    let calls: Vec<_> = method_calls(facts, id)
        .into_iter()
        .filter(|c| methods.contains(&c.path.as_str()))
        .collect();
    // That a named result gets it hands it over only where the function returns.
    let exits: Vec<_> = exits(facts, table, ident)
        .into_iter()
        .filter(|(n, _)| !within(*n, statement))
        .collect();
    let is_result = facts.scope().declaration(id).kind == Kind::Result;
    let stops = |step: Node<'t>| {
        if is_result && is_bare_return(step) {
            return Some(true);
        }
        stops(step, function, &calls, &exits)
    };
    let error = error_of(facts, statement, ident);
    let takes =
        |condition: Node<'t>, outcome: bool| takes(facts, condition, outcome, id, statement, error);
    let passage = Passage {
        stops: &stops,
        takes: &takes,
    };
    let (answer, at) = match flow.reaches_exit_without(statement, &passage) {
        Reach::Never => (Answer::Yes, None),
        _ if is_main(facts, function) => (Answer::Unknown, None),
        Reach::Return(at) => (Answer::No, Some(at)),
        Reach::End => (Answer::No, None),
        Reach::Unknown => (Answer::Unknown, None),
    };
    Some(Released { answer, at })
}

/// Whether the program ends where this function does.
fn is_main<'t>(facts: &Facts<'t>, function: Node<'t>) -> bool {
    let has = |node: Node<'t>, field: &str, text: &str| {
        node.child_by_field_name(field)
            .is_some_and(|n| facts.parsed.text_of(n) == text)
    };
    let mut cursor = facts.parsed.root().walk();
    let package = facts
        .parsed
        .root()
        .named_children(&mut cursor)
        .find(|n| n.kind() == "package_clause")
        .and_then(|n| n.named_child(0));
    function.kind() == "function_declaration"
        && has(function, "name", "main")
        && package.is_some_and(|p| facts.parsed.text_of(p) == "main")
}

/// Whether a step is a `return` without values, which gives back what the function's named results hold.
fn is_bare_return(step: Node<'_>) -> bool {
    step.kind() == "return_statement" && elements(step).is_empty()
}

/// The statement that assigns an identifier.
fn assigning(ident: Node<'_>) -> Option<Node<'_>> {
    let parent = ident.parent()?;
    if parent.kind() == "var_spec" {
        return Some(parent);
    }
    let statement = parent
        .parent()
        .filter(|_| parent.kind() == "expression_list")?;
    let assigns = matches!(
        statement.kind(),
        "short_var_declaration" | "assignment_statement"
    );
    (assigns && statement.child_by_field_name("left") == Some(parent)).then_some(statement)
}

/// Whether a path's duty ends at a step.
fn stops<'t>(
    step: Node<'t>,
    function: Node<'t>,
    calls: &[MethodCall<'t>],
    exits: &[(Node<'t>, bool)],
) -> Option<bool> {
    let mut answer = Some(false);
    for call in calls.iter().filter(|c| within(c.node, step)) {
        match runs(call.node, step, function) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    for (node, sure) in exits.iter().filter(|(n, _)| within(*n, step)) {
        if *sure && runs(*node, step, function) != Some(false) {
            return Some(true);
        }
        answer = None;
    }
    answer
}

/// Whether a call in a step runs whenever the step does, or is deferred there; unknown in a literal that is not called on the
/// spot, or under a condition of such a literal.
pub fn runs<'t>(call: Node<'t>, step: Node<'t>, function: Node<'t>) -> Option<bool> {
    for around in ancestors(call).take_while(|a| within(*a, step)) {
        if around == function {
            break;
        }
        let conditional = matches!(
            around.kind(),
            "for_statement"
                | "expression_case"
                | "type_case"
                | "default_case"
                | "communication_case"
        ) || is_branch(around, call);
        if conditional && around != step {
            return None;
        }
        if is_function(around.kind()) && !is_called_on_the_spot(around) {
            return None;
        }
    }
    Some(true)
}

/// Whether a node lies in a branch of an `if`, not in its condition.
fn is_branch(around: Node<'_>, inner: Node<'_>) -> bool {
    around.kind() == "if_statement"
        && ["consequence", "alternative"].iter().any(|f| {
            around
                .child_by_field_name(f)
                .is_some_and(|b| within(inner, b))
        })
}

fn is_called_on_the_spot(literal: Node<'_>) -> bool {
    let call = literal.parent().filter(|p| {
        p.kind() == "call_expression"
            && p.child_by_field_name("function").map(bare) == Some(literal)
    });
    call.and_then(|c| c.parent())
        .is_some_and(|p| p.kind() != "go_statement")
}

/// The error that is assigned together with the resource.
fn error_of(facts: &Facts<'_>, statement: Node<'_>, ident: Node<'_>) -> Option<DeclId> {
    let last = *statement
        .child_by_field_name("left")
        .map(elements)?
        .last()
        .filter(|l| **l != ident)?;
    let name = facts.parsed.text_of(last);
    let is_error = name.starts_with("err") || name.to_lowercase().ends_with("err");
    declared(facts, last).filter(|_| is_error)
}

/// Whether a condition can have this outcome while there is something to release.
fn takes<'t>(
    facts: &Facts<'t>,
    condition: Node<'t>,
    outcome: bool,
    id: DeclId,
    statement: Node<'t>,
    error: Option<DeclId>,
) -> bool {
    let Some((compared, when_nil)) = compared_with_nil(facts, condition) else {
        return true;
    };
    let is_nil = outcome == when_nil;
    if compared == id {
        return !is_nil || !unchanged(facts, id, statement, condition);
    }
    if Some(compared) == error {
        return is_nil || !unchanged(facts, compared, statement, condition);
    }
    true
}

/// The variable that a condition compares with nil, and the outcome that says it is nil.
fn compared_with_nil(facts: &Facts<'_>, condition: Node<'_>) -> Option<(DeclId, bool)> {
    let condition = bare(condition);
    if condition.kind() != "binary_expression" {
        return None;
    }
    let when_nil = match condition.child_by_field_name("operator")?.kind() {
        "==" => true,
        "!=" => false,
        _ => return None,
    };
    let left = bare(condition.child_by_field_name("left")?);
    let right = bare(condition.child_by_field_name("right")?);
    let compared = match (left.kind(), right.kind()) {
        ("identifier", "nil") => left,
        ("nil", "identifier") => right,
        _ => return None,
    };
    Some((declared(facts, compared)?, when_nil))
}

/// Whether a variable has the value at `place` that `statement` gave it.
fn unchanged<'t>(facts: &Facts<'t>, id: DeclId, statement: Node<'t>, place: Node<'t>) -> bool {
    let (assigned, all_seen) = assignments(facts, id);
    let between =
        |n: &Node<'t>| n.start_byte() >= statement.end_byte() && n.end_byte() <= place.start_byte();
    let around = |n: &Node<'t>| {
        !within(*n, statement)
            && loops_around(place).any(|l| within(*n, l) && !within(statement, l))
    };
    // A literal that is made only later cannot have run before.
    let elsewhere = |n: &Node<'t>| owner(*n) != owner(place) && n.start_byte() < place.start_byte();
    all_seen
        && !assigned
            .iter()
            // Behind a `return`, which assigns the results, comes nothing.
            .filter(|n| n.kind() != "return_statement")
            .any(|n| between(n) || around(n) || elsewhere(n))
        && statement.end_byte() <= place.start_byte()
}

/// Whether an object is read behind a node on some path, by its name. Deferred calls and function literals that are made
/// before the node may read it later.
pub fn used_after<'t>(facts: &Facts<'t>, ident: Node<'t>, place: Node<'t>) -> Option<bool> {
    let id = declared(facts, ident)?;
    let function = declaring(facts, facts.scope().declaration(id)).and_then(owner)?;
    if owner(place) != Some(function) {
        return None;
    }
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call))?;
    let reads: Vec<_> = uses(facts, id)
        .into_iter()
        .filter(|n| access(facts, *n) != Access::Write)
        .collect();
    if reads.is_empty() {
        return Some(false);
    }
    let after = flow.used_after(place, &reads);
    let later = reads.iter().any(|n| {
        let delayed = ancestors(*n)
            .take_while(|a| *a != function)
            .any(|a| is_function(a.kind()) || a.kind() == "defer_statement");
        delayed && n.start_byte() < place.end_byte() && !within(*n, place)
    });
    let address = uses(facts, id)
        .iter()
        .any(|n| access(facts, *n) == Access::Address);
    match after {
        Some(false) if later || address => None,
        other => other,
    }
}
