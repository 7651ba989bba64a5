//! Predicates about local channels, and about where control leaves what uses them.

use tree_sitter::Node;

use super::{Answer, Call, Parameter::Capture, PredicateKind, Verdict};
use crate::matcher::{
    channel::{
        Channel, Site, can_return, channel, is_abandoned, is_left_early, is_once, is_once_in,
        is_received, is_rendezvous, is_single_goroutine,
    },
    object::within,
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "only-send",
        &[Capture],
        None,
        "`(#only-send? @ch)`: the local channel is sent on in one place, at most once, by a goroutine of its own",
        only_send,
    ),
    PredicateKind::of(
        "never-closed",
        &[Capture],
        None,
        "`(#never-closed? @ch)`: nothing closes the local channel",
        never_closed,
    ),
    PredicateKind::of(
        "single-sender",
        &[Capture],
        None,
        "`(#single-sender? @ch)`: one goroutine, the function itself or one that it starts once, sends all that is sent on the local channel",
        single_sender,
    ),
    PredicateKind::of(
        "sends-once",
        &[Capture],
        None,
        "`(#sends-once? @ch)`: at most one value is sent on the local channel",
        sends_once,
    ),
    PredicateKind::of(
        "sends-once-in",
        &[Capture, Capture],
        None,
        "`(#sends-once-in? @ch @for)`: all senders start in the body of the loop, and a round of it sends at most once",
        sends_once_in,
    ),
    PredicateKind::of(
        "sends-in",
        &[Capture, Capture],
        None,
        "`(#sends-in? @ch @node)`: all sends on the local channel run in the node, or are called there",
        sends_in,
    ),
    PredicateKind::of(
        "sole-receive",
        &[Capture],
        None,
        "`(#sole-receive? @ch)`: one place receives from the local channel",
        sole_receive,
    ),
    PredicateKind::of(
        "received",
        &[Capture],
        None,
        "`(#received? @ch)`: every path on which the function has started to send on the local channel comes to a receive",
        received,
    ),
    PredicateKind::of(
        "abandoned",
        &[Capture],
        None,
        "`(#abandoned? @ch)`: the function receives from the local channel only once, or may leave the loop that does while others send",
        abandoned,
    ),
    PredicateKind::of(
        "rendezvous",
        &[Capture],
        None,
        "`(#rendezvous? @ch)`: something may notice when sends on the local channel do not wait: what follows them, a `select`, `len` or `cap`",
        rendezvous,
    ),
    PredicateKind::of(
        "left-early",
        &[Capture],
        None,
        "`(#left-early? @for)`: a jump, or a call that never returns, leaves the loop",
        left_early,
    ),
    PredicateKind::of(
        "function-returns",
        &[Capture],
        None,
        "`(#function-returns? @function)`: control can come to a return or the end of the function",
        returns,
    ),
];

/// Asks about a channel all of whose uses are known; unknown, with the reason, where one is not.
fn of_channel<'t>(
    call: &Call<'_, 't>,
    ask: impl Fn(&Channel<'t>) -> Option<bool>,
    describe: impl Fn(Answer, &str) -> String,
) -> Verdict {
    let known = |ident| channel(call.facts, call.resources(), ident);
    call.each(
        |ident| known(ident).ok().and_then(|c| ask(&c)).into(),
        |answer, ident| {
            let why = call.nodes(0).first().and_then(|n| known(*n).err());
            match why {
                Some(why) => format!("what is done with {ident} cannot be known: {}", why.reason),
                None => describe(answer, ident),
            }
        },
    )
}

/// A message for each answer.
fn said(answer: Answer, yes: String, no: String, unknown: &str) -> String {
    match answer {
        Answer::Yes => yes,
        Answer::No => no,
        Answer::Unknown => unknown.to_owned(),
    }
}

/// Why nothing is known of a channel whose uses are all seen.
const HELD: &str =
    "a function literal that is handed on uses it, or a call on the way may not return";

/// Places by line, for reasons.
fn lines(sites: &[Site<'_>]) -> String {
    let mut rows: Vec<_> = sites
        .iter()
        .map(|s| s.node.start_position().row + 1)
        .collect();
    rows.sort_unstable();
    rows.dedup();
    let rows: Vec<_> = rows.iter().map(ToString::to_string).collect();
    match rows.as_slice() {
        [] => "nowhere".to_owned(),
        [one] => format!("at line {one}"),
        several => format!("at lines {}", several.join(", ")),
    }
}

/// Where the channel of the first capture is sent on, for reasons.
fn senders(call: &Call<'_, '_>) -> String {
    let first = call.nodes(0).first();
    let found = first.and_then(|n| channel(call.facts, call.resources(), *n).ok());
    found.map_or_else(String::new, |c| lines(&c.sends))
}

pub(super) fn only_send(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| match c.sends.as_slice() {
            [site] if site.is_held() => None,
            [site] if site.is_started() => is_once(call.facts, c, &c.sends),
            _ => Some(false),
        },
        |answer, ident| {
            let at = senders(call);
            said(
                answer,
                format!("{ident} is sent on {at} only, once, by a goroutine of its own"),
                format!("{ident} is sent on {at}: not in one place, by one goroutine, once"),
                HELD,
            )
        },
    )
}

pub(super) fn never_closed(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| Some(c.closes.is_empty()),
        |answer, ident| {
            let first = call.nodes(0).first();
            let found = first.and_then(|n| channel(call.facts, call.resources(), *n).ok());
            let at = found.map_or_else(String::new, |c| lines(&c.closes));
            said(
                answer,
                format!("nothing closes {ident}"),
                format!("{ident} is closed {at}"),
                HELD,
            )
        },
    )
}

pub(super) fn single_sender(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| is_single_goroutine(call.facts, c, &c.sends),
        |answer, ident| {
            let at = senders(call);
            said(
                answer,
                format!("one goroutine sends on {ident}, {at}"),
                format!("{ident} is sent on {at}: by several goroutines, or by none"),
                HELD,
            )
        },
    )
}

pub(super) fn sends_once(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| is_once(call.facts, c, &c.sends),
        |answer, ident| {
            let at = senders(call);
            said(
                answer,
                format!("at most one value is sent on {ident}, {at}"),
                format!("{ident} may be sent on more than once, {at}"),
                HELD,
            )
        },
    )
}

pub(super) fn sends_once_in(call: &Call<'_, '_>) -> Verdict {
    let [repeated] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    of_channel(
        call,
        |c| is_once_in(call.facts, c, &c.sends, *repeated),
        |answer, ident| {
            let at = senders(call);
            said(
                answer,
                format!("each round of the loop sends on {ident} at most once, {at}"),
                format!("{ident} is sent on outside of the loop, or several times a round, {at}"),
                HELD,
            )
        },
    )
}

pub(super) fn sends_in(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    of_channel(
        call,
        |c| {
            let inside = |s: &Site<'_>| s.steps().iter().any(|step| within(*step, *place));
            Some(!c.sends.is_empty() && c.sends.iter().all(inside))
        },
        |answer, ident| {
            let at = senders(call);
            let place = call.quoted(*place);
            said(
                answer,
                format!("all sends on {ident} run in {place}"),
                format!("{ident} is sent on {at}, not only in {place}"),
                HELD,
            )
        },
    )
}

pub(super) fn sole_receive(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| Some(c.receives.len() == 1),
        |answer, ident| {
            let first = call.nodes(0).first();
            let found = first.and_then(|n| channel(call.facts, call.resources(), *n).ok());
            let at = found.map_or_else(String::new, |c| lines(&c.receives));
            said(
                answer,
                format!("{ident} is received from {at} only"),
                format!("{ident} is received from {at}"),
                HELD,
            )
        },
    )
}

pub(super) fn received(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| is_received(call.facts, c),
        |answer, ident| {
            said(
                answer,
                format!("what is sent on {ident} is received on every path"),
                format!("the function may end before it receives from {ident}"),
                "another goroutine receives, or the statement that starts the sender or receives is under a condition",
            )
        },
    )
}

pub(super) fn abandoned(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| is_abandoned(call.facts, c),
        |answer, ident| {
            said(
                answer,
                format!("the function receives from {ident} once, or leaves the loop that does"),
                format!("no jump leaves a loop that receives from {ident}"),
                "another function receives, or a condition that is not an error check decides",
            )
        },
    )
}

pub(super) fn rendezvous(call: &Call<'_, '_>) -> Verdict {
    of_channel(
        call,
        |c| is_rendezvous(call.facts, c),
        |answer, ident| {
            let at = senders(call);
            said(
                answer,
                format!(
                    "something may notice when a send on {ident} no longer waits: what follows the send {at}, a `select`, or `len` or `cap`"
                ),
                format!("nothing notices when a send on {ident} no longer waits"),
                HELD,
            )
        },
    )
}

pub(super) fn left_early(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| match node.kind() {
            "for_statement" => is_left_early(call.facts, node).into(),
            _ => Answer::Unknown,
        },
        |answer, node| match answer {
            Answer::Yes => format!("a jump, or a call that never returns, leaves {node}"),
            Answer::No => format!("nothing but its head ends {node}"),
            Answer::Unknown => format!("{node} is no loop, or calls what may not return"),
        },
    )
}

pub(super) fn returns(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node: Node<'_>| can_return(call.facts, node).into(),
        |answer, node| match answer {
            Answer::Yes => format!("control can come to an end of {node}"),
            Answer::No => format!("{node} never returns"),
            Answer::Unknown => format!("whether {node} returns cannot be known"),
        },
    )
}
