//! Whether the function that makes a channel receives what is sent on it, or may leave first.
//!
//! A path of the graph may be one that no run takes: the condition that guards the send may be the one that guards the
//! receive. So a path counts as leaving only where no condition on it belongs to a statement that receives, and the
//! goroutine that sends is started beside the statement that makes the channel.

use tree_sitter::Node;

use super::{Channel, How, Site, is_once};
use crate::{
    go::{
        control::{ancestors, clauses, descendants, jump_target},
        flow::{Flow, Passage, Reach},
    },
    matcher::{
        Facts,
        callee::never_returns,
        object::within,
        typing::{bare, elements},
    },
};

/// Whether every path on which the function has started to send comes to a receive. A no is sure too: some path does not.
/// Sends by a `select` are left out, since they may have another way to go on.
pub fn is_received<'t>(facts: &Facts<'t>, channel: &Channel<'t>) -> Option<bool> {
    // A deferred call is not on the path behind its own end, and what is handed on may receive at any time.
    let elsewhere = |r: &Site<'t>| r.way.iter().any(|e| e.how != How::Called);
    if is_main(facts, channel.owner) || channel.receives.iter().any(elsewhere) {
        return None;
    }
    let made = statement(channel.made);
    let starts: Vec<_> = channel
        .sends
        .iter()
        .filter(|send| !is_case(send.node))
        .map(|send| {
            let first = send.way.first().filter(|e| e.how.starts())?;
            Some(statement(first.call))
        })
        .collect::<Option<_>>()?;
    let beside = |start: &Node<'t>| block_of(*start) == block_of(made);
    if starts.is_empty() || !starts.iter().all(beside) {
        return None;
    }
    let flow = Flow::of(facts.parsed, channel.owner, &|c| never_returns(facts, c))?;
    let receives = |step: Node<'t>| receives_in(channel, step);
    let heads = guarding_heads(channel);
    let trusted = |step: Node<'t>| match receives(step) {
        Some(false) => Some(heads.iter().any(|h| within(step, *h))),
        other => other,
    };
    let mut answer = Some(true);
    for start in starts {
        if leaves(&flow, channel, start, &trusted) == Some(true) {
            return Some(false);
        }
        if leaves(&flow, channel, start, &receives) != Some(false) {
            answer = None;
        }
    }
    answer
}

/// Whether a send is a case of a `select`.
pub(super) fn is_case(send: Node<'_>) -> bool {
    send.parent()
        .is_some_and(|p| p.kind() == "communication_case")
}

/// Whether some path from a statement ends the life of the channel: by an end of the function, or a new channel.
fn leaves<'t>(
    flow: &Flow<'t>,
    channel: &Channel<'t>,
    start: Node<'t>,
    stops: &dyn Fn(Node<'t>) -> Option<bool>,
) -> Option<bool> {
    let passage = Passage {
        stops,
        ..Passage::default()
    };
    let made_again = flow.reaches(start, &[channel.made], &passage);
    let ends = match flow.reaches_exit_without(start, &passage) {
        Reach::Never => Some(false),
        Reach::Return(_) | Reach::End => Some(true),
        Reach::Unknown => None,
    };
    match (made_again, ends) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether a step receives; unknown where it calls, or defers, what does.
fn receives_in<'t>(channel: &Channel<'t>, step: Node<'t>) -> Option<bool> {
    let mut answer = Some(false);
    for site in &channel.receives {
        if !within(site.steps()[0], step) {
            continue;
        }
        if site.way.is_empty() {
            return Some(true);
        }
        answer = None;
    }
    answer
}

/// The conditions, tags and cases of the statements that hold a receive.
fn guarding_heads<'t>(channel: &Channel<'t>) -> Vec<Node<'t>> {
    let mut heads = Vec::new();
    for site in &channel.receives {
        for around in ancestors(site.steps()[0]).take_while(|a| *a != channel.owner) {
            match around.kind() {
                "if_statement" => heads.extend(around.child_by_field_name("condition")),
                "for_statement" => heads.extend(head(around)),
                "expression_switch_statement" | "type_switch_statement" => {
                    heads.extend(around.child_by_field_name("value"));
                    let cases = clauses(around).into_iter();
                    heads.extend(cases.filter_map(|c| c.child_by_field_name("value")));
                }
                _ => {}
            }
        }
    }
    heads
}

/// What stands between `for` and its body.
fn head(repeated: Node<'_>) -> Option<Node<'_>> {
    elements(repeated).into_iter().find(|n| n.kind() != "block")
}

/// Whether the function may stop receiving while other goroutines still send: it receives only once, or leaves the loop
/// that receives behind an error check or by another case of the `select`. A no: no jump leaves a loop that receives.
pub fn is_abandoned<'t>(facts: &Facts<'t>, channel: &Channel<'t>) -> Option<bool> {
    let is_direct = channel.receives.iter().all(|r| r.way.is_empty());
    if !is_direct || is_main(facts, channel.owner) {
        return None;
    }
    if is_once(facts, channel, &channel.receives) == Some(true) {
        return Some(true);
    }
    let flow = Flow::of(facts.parsed, channel.owner, &|c| never_returns(facts, c))?;
    let mut any_jump = false;
    for site in &channel.receives {
        let Some(repeated) = ancestors(site.node)
            .take_while(|a| *a != channel.owner)
            .find(|a| a.kind() == "for_statement")
        else {
            continue;
        };
        for jump in jumps_from(facts, repeated) {
            any_jump = true;
            if is_left(&flow, channel, site.node, jump) {
                return Some(true);
            }
        }
    }
    (!any_jump).then_some(false)
}

/// The returns in a loop, and the breaks that leave it.
fn jumps_from<'t>(facts: &Facts<'t>, repeated: Node<'t>) -> Vec<Node<'t>> {
    let leaves = |jump: &Node<'t>| match jump.kind() {
        "return_statement" => true,
        "break_statement" | "goto_statement" | "continue_statement" => {
            jump_target(facts.parsed, *jump).is_none_or(|t| {
                t == repeated && jump.kind() == "break_statement" || !within(t, repeated)
            })
        }
        _ => false,
    };
    let mut found = descendants(repeated, false);
    found.retain(leaves);
    found
}

/// Whether control surely can come from a receive, or from another case of its `select`, to a jump that ends the receiving.
fn is_left<'t>(flow: &Flow<'t>, channel: &Channel<'t>, receive: Node<'t>, jump: Node<'t>) -> bool {
    let stops = |step: Node<'t>| {
        let received = channel.receives.iter().any(|r| within(r.node, step));
        Some(received || is_choice(step))
    };
    let takes = |condition: Node<'t>, outcome: bool| says_error(condition, outcome);
    let passage = Passage {
        stops: &stops,
        takes: &takes,
    };
    let targets: Vec<_> = channel.receives.iter().map(|r| r.node).collect();
    let ends = flow.used_after(jump, &targets) == Some(false);
    let mut starts = other_cases(channel, receive);
    starts.push(receive);
    ends && starts
        .into_iter()
        .any(|start| flow.reaches(start, &[jump], &passage) == Some(true))
}

/// What the other cases of the `select` that receives wait for.
fn other_cases<'t>(channel: &Channel<'t>, receive: Node<'t>) -> Vec<Node<'t>> {
    let select = ancestors(receive)
        .take_while(|a| !matches!(a.kind(), "block" | "statement_list"))
        .find(|a| a.kind() == "communication_case")
        .and_then(|case| case.parent());
    let cases = select.map(clauses).unwrap_or_default();
    cases
        .into_iter()
        .filter_map(|case| case.child_by_field_name("communication"))
        .filter(|c| !channel.receives.iter().any(|r| within(r.node, *c)))
        .collect()
}

/// Whether a step is the tag or a case of a `switch` with a tag, or the value of a type switch: what it decides is not seen.
fn is_choice(step: Node<'_>) -> bool {
    step.parent().is_some_and(|parent| match parent.kind() {
        "expression_switch_statement" | "type_switch_statement" => {
            parent.child_by_field_name("value") == Some(step)
        }
        "expression_list" => parent.parent().is_some_and(|case| {
            case.kind() == "expression_case"
                && case
                    .parent()
                    .is_some_and(|s| s.child_by_field_name("value").is_some())
        }),
        _ => false,
    })
}

/// Whether a condition with this outcome says that something, an error say, is not nil.
fn says_error(condition: Node<'_>, outcome: bool) -> bool {
    let condition = bare(condition);
    let part = |field: &str| condition.child_by_field_name(field).map(|n| bare(n).kind());
    let with_nil = part("left") == Some("nil") || part("right") == Some("nil");
    with_nil
        && match part("operator") {
            Some("!=") => outcome,
            Some("==") => !outcome,
            _ => false,
        }
}

/// The statement that a node lies in: the one right below a list of statements.
fn statement(node: Node<'_>) -> Node<'_> {
    std::iter::successors(Some(node), |n| {
        n.parent().filter(|p| p.kind() != "statement_list")
    })
    .last()
    .unwrap_or(node)
}

/// The list of statements that a statement stands in, blocks that stand alone left out.
fn block_of(statement: Node<'_>) -> Option<Node<'_>> {
    let mut list = statement.parent()?;
    while let Some(outer) = list
        .parent()
        .filter(|b| b.kind() == "block")
        .and_then(|b| b.parent())
        .filter(|l| l.kind() == "statement_list")
    {
        list = outer;
    }
    Some(list)
}

/// Whether a function is the program's `main`: what it leaves behind ends with it.
fn is_main(facts: &Facts<'_>, function: Node<'_>) -> bool {
    let is_named = function
        .child_by_field_name("name")
        .is_some_and(|n| facts.parsed.text_of(n) == "main");
    function.kind() == "function_declaration" && is_named
}

/// Whether a loop may be left before its time: by a jump, or by a call that ends the goroutine. `None` where a call may.
pub fn is_left_early(facts: &Facts<'_>, repeated: Node<'_>) -> Option<bool> {
    if !jumps_from(facts, repeated).is_empty() {
        return Some(true);
    }
    let mut answer = Some(false);
    for call in descendants(repeated, false) {
        if call.kind() == "call_expression" {
            match never_returns(facts, call) {
                Some(true) => return Some(true),
                None => answer = None,
                Some(false) => {}
            }
        }
    }
    answer
}

/// Whether control can come to the end of a function, or to a return of it. `None` where a call decides.
pub fn can_return<'t>(facts: &Facts<'t>, function: Node<'t>) -> Option<bool> {
    Flow::of(facts.parsed, function, &|c| never_returns(facts, c))?.returns()
}
