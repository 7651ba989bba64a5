//! Goroutines that their function visibly waits for: what they use does not outlive it. Waiting is `Wait` of the
//! `sync.WaitGroup` whose `Done` the goroutine's literal defers, or of the group whose `Go` starts it, on every path from the
//! start to an end of the function.

use tree_sitter::Node;

use crate::{
    go::{
        control::owner,
        flow::{Flow, Passage, Reach},
        scope::DeclId,
    },
    matcher::{
        Facts,
        callee::never_returns,
        method_calls::{MethodCall, method_calls},
        object::{declared, declaring, within},
        release::runs,
        resources::shipped,
        typing::{bare, elements, object_type},
    },
};

/// The types whose `Wait` waits for what was started.
const GROUPS: &[&str] = &["sync.WaitGroup", "golang.org/x/sync/errgroup.Group"];

/// Whether the function around `call`, that of a `go` statement or of a group's `Go`, waits for the literal it starts.
pub(super) fn is_awaited<'t>(facts: &Facts<'t>, call: Node<'t>) -> bool {
    awaited(facts, call).is_some()
}

fn awaited<'t>(facts: &Facts<'t>, call: Node<'t>) -> Option<()> {
    let function = owner(call)?;
    let called = bare(call.child_by_field_name("function")?);
    let group = if called.kind() == "func_literal" {
        done_by(facts, called)?
    } else {
        let object = bare(called.child_by_field_name("operand")?);
        let field = called.child_by_field_name("field")?;
        let literal = elements(call.child_by_field_name("arguments")?);
        let starts = ["Go", "TryGo"].contains(&facts.parsed.text_of(field));
        let is_literal = literal.len() == 1 && bare(literal[0]).kind() == "func_literal";
        declared(facts, object).filter(|_| starts && is_literal)?
    };
    let kind = object_type(facts, shipped(), group)?;
    if !GROUPS.contains(&kind.as_str()) {
        return None;
    }
    let site = declaring(facts, facts.scope().declaration(group)).and_then(owner);
    let calls = method_calls(facts, group);
    let adds_late = |c: &MethodCall<'t>| c.path == "Add" && within(c.node, called);
    if site != Some(function) || calls.iter().any(adds_late) {
        return None; // another function's group may end later, and `Wait` may run before a late `Add`
    }
    let waits = |step: Node<'t>| {
        let is_wait = |c: &&MethodCall<'t>| {
            c.path == "Wait" && c.called && within(c.node, step) && owner(c.node) == Some(function)
        };
        let mut waits = calls.iter().filter(is_wait);
        Some(waits.any(|c| runs(c.node, step, function) == Some(true)))
    };
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call))?;
    let passage = Passage {
        stops: &waits,
        ..Passage::default()
    };
    (flow.reaches_exit_without(call, &passage) == Reach::Never).then_some(())
}

/// The group whose `Done` a literal defers, whatever happens in it: in the first of its statements, in blocks too.
fn done_by<'t>(facts: &Facts<'t>, literal: Node<'t>) -> Option<DeclId> {
    let mut first = literal.child_by_field_name("body")?;
    while first.kind() == "block" || first.kind() == "statement_list" {
        let mut cursor = first.walk();
        first = first
            .named_children(&mut cursor)
            .find(|n| n.kind() != "comment")?;
    }
    if first.kind() != "defer_statement" {
        return None;
    }
    let called = bare(first.named_child(0)?.child_by_field_name("function")?);
    let object = bare(called.child_by_field_name("operand")?);
    let field = called.child_by_field_name("field")?;
    declared(facts, object).filter(|_| facts.parsed.text_of(field) == "Done")
}
