//! How often places of a channel run, in which goroutine, and what comes behind them.

use tree_sitter::Node;

use super::{Channel, How, Site, paths::is_case};
use crate::{
    go::{
        control::{ancestors, descendants, owner},
        flow::{Flow, Passage},
    },
    matcher::{Facts, callee::never_returns, object::within, typing::elements},
};

/// Whether at most one of these places runs, and at most once, for each channel made. `None` where it cannot be known.
pub fn is_once<'t>(facts: &Facts<'t>, channel: &Channel<'t>, sites: &[Site<'t>]) -> Option<bool> {
    if sites.iter().any(Site::is_held) {
        return None;
    }
    let mut answer = Some(true);
    for (index, site) in sites.iter().enumerate() {
        for step in site.steps() {
            answer = and(answer, repeats(facts, channel, step).map(|r| !r));
        }
        for other in &sites[index + 1..] {
            answer = and(answer, exclusive(facts, channel, site, other));
        }
    }
    answer
}

/// Whether each round of a loop runs at most one of these places, at most once, all of them being started by calls in its body.
pub fn is_once_in<'t>(
    facts: &Facts<'t>,
    channel: &Channel<'t>,
    sites: &[Site<'t>],
    repeated: Node<'t>,
) -> Option<bool> {
    if sites.iter().any(Site::is_held) {
        return None;
    }
    let body = repeated.child_by_field_name("body")?;
    let in_body = |site: &Site<'t>| site.steps().first().is_some_and(|s| within(*s, body));
    let is_started = |s: &Site<'t>| !s.way.is_empty() && in_body(s);
    if sites.is_empty() || !sites.iter().all(is_started) {
        return Some(false);
    }
    let jumps_back = owner(repeated).is_none_or(has_goto);
    let mut answer = if jumps_back { None } else { Some(true) };
    for (index, site) in sites.iter().enumerate() {
        for (level, step) in site.steps().into_iter().enumerate() {
            let again = if level == 0 {
                let inner = ancestors(step).take_while(|a| *a != repeated);
                Some(inner.into_iter().any(|a| a.kind() == "for_statement"))
            } else {
                repeats(facts, channel, step)
            };
            answer = and(answer, again.map(|r| !r));
        }
        for other in &sites[index + 1..] {
            let alike = site.steps()[0] == other.steps()[0];
            let apart = if alike {
                exclusive(facts, channel, site, other)
            } else {
                None
            };
            answer = and(answer, apart);
        }
    }
    answer
}

/// Whether all these places run in one goroutine, which is started once for each channel made.
pub fn is_single_goroutine<'t>(
    facts: &Facts<'t>,
    channel: &Channel<'t>,
    sites: &[Site<'t>],
) -> Option<bool> {
    let started = |site: &Site<'t>| -> Vec<Node<'t>> {
        let last = site.way.iter().rposition(|e| e.how.starts());
        let calls = site.way.iter().take(last.map_or(0, |i| i + 1));
        calls.map(|e| e.call).collect()
    };
    if sites.iter().any(Site::is_held) {
        return None;
    }
    let Some(first) = sites.first().map(&started) else {
        return Some(false);
    };
    if sites.iter().any(|s| started(s) != first) {
        return Some(false);
    }
    let mut answer = Some(true);
    for call in first {
        answer = and(answer, repeats(facts, channel, call).map(|r| !r));
    }
    answer
}

/// Whether something may notice when a send no longer waits for its receive: what runs behind it in its goroutine, a
/// `select` that sends, or what asks for the channel's length. Behind a send, a goroutine may return and close the channel.
pub fn is_rendezvous<'t>(facts: &Facts<'t>, channel: &Channel<'t>) -> Option<bool> {
    if channel.sends.iter().any(Site::is_held) {
        return None;
    }
    let counted = |s: &Site<'t>| s.way.iter().any(|e| e.how == How::Counted);
    let mut answer = Some(
        channel.measured.is_empty() && !channel.sends.iter().any(|s| is_case(s.node) || counted(s)),
    );
    for site in &channel.sends {
        let begins = site.way.iter().rposition(|e| e.how.starts());
        for step in site.steps().into_iter().skip(begins.map_or(0, |i| i + 1)) {
            answer = and(answer, is_last(facts, channel, step));
        }
    }
    answer.map(|harmless| !harmless)
}

/// Whether a function does nothing behind one of its statements, when it ends included, but return and close the channel.
fn is_last<'t>(facts: &Facts<'t>, channel: &Channel<'t>, step: Node<'t>) -> Option<bool> {
    let function = owner(step)?;
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call))?;
    let closes = |n: Node<'t>| channel.closes.iter().any(|c| is_all_of(c.node, n));
    let is_harmless = |n: &Node<'t>| match n.kind() {
        "return_statement" => elements(*n).is_empty(),
        "break_statement" | "continue_statement" | "goto_statement" => true,
        _ => closes(*n),
    };
    let behind: Vec<_> = flow
        .nodes()
        .into_iter()
        .filter(|n| !is_harmless(n) && n.kind() != "defer_statement")
        .collect();
    let nothing_runs = flow.used_after(step, &behind).map(|used| !used);
    let nothing_waits = descendants(function, false)
        .into_iter()
        .filter(|n| n.kind() == "defer_statement")
        .all(closes);
    and(nothing_runs, Some(nothing_waits))
}

/// Whether a call is all that a statement runs.
fn is_all_of(call: Node<'_>, statement: Node<'_>) -> bool {
    call == statement
        || (matches!(statement.kind(), "expression_statement" | "defer_statement")
            && call.parent() == Some(statement))
}

/// Whether a function may run one of its steps again for the same channel.
fn repeats<'t>(facts: &Facts<'t>, channel: &Channel<'t>, step: Node<'t>) -> Option<bool> {
    let function = owner(step)?;
    let in_loop = ancestors(step)
        .take_while(|a| *a != function)
        .any(|a| a.kind() == "for_statement");
    if !in_loop && !has_goto(function) {
        return Some(false);
    }
    let is_range = step.parent().is_some_and(|p| {
        p.kind() == "range_clause" && p.child_by_field_name("right") == Some(step)
    });
    if is_range {
        // The channel behind `range` is one step, and each round receives.
        return Some(true);
    }
    leads_to(facts, channel, function, step, step)
}

fn has_goto(function: Node<'_>) -> bool {
    descendants(function, false)
        .iter()
        .any(|n| n.kind() == "goto_statement")
}

/// Whether only one of two places can run for each channel.
fn exclusive<'t>(
    facts: &Facts<'t>,
    channel: &Channel<'t>,
    one: &Site<'t>,
    other: &Site<'t>,
) -> Option<bool> {
    let (a, b) = (one.steps(), other.steps());
    let parted = a.iter().zip(&b).find(|(a, b)| a != b);
    let Some((a, b)) = parted else {
        return Some(false);
    };
    let function = owner(*a).filter(|f| owner(*b) == Some(*f))?;
    let forth = leads_to(facts, channel, function, *a, *b);
    let back = leads_to(facts, channel, function, *b, *a);
    and(forth.map(|r| !r), back.map(|r| !r))
}

/// Whether control comes from one place to another with the same channel.
fn leads_to<'t>(
    facts: &Facts<'t>,
    channel: &Channel<'t>,
    function: Node<'t>,
    from: Node<'t>,
    to: Node<'t>,
) -> Option<bool> {
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call))?;
    let passage = Passage {
        stops: &|step| Some(within(channel.made, step)),
        ..Passage::default()
    };
    flow.reaches(from, &[to], &passage)
}

/// Both hold; a definite no decides.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
