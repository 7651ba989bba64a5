//! Which pull request counts, and in what state it is.

use super::place::Place;
use crate::{
    cli::error::Error,
    deliver::{
        forge::{Head, PullRequest, State},
        pull_request::{body, decision::Pull},
    },
};

/// The pull request that counts for the branch: the open one, into this base if there is one; else the newest into it.
/// Without a forge to ask, or a fork to
/// ask about, none is known.
pub fn find(place: &Place, head: &Head, base: &str) -> Result<Option<PullRequest>, Error> {
    let Some(forge) = place.forge.as_ref().filter(|_| !place.fork_is_unknown) else {
        return Ok(None);
    };
    let mut all = forge.find(head, None)?;
    let is_open = |pull: &PullRequest| pull.state == State::Open;
    let best = all
        .iter()
        .position(|pull| is_open(pull) && pull.base == base)
        .or_else(|| all.iter().position(is_open))
        .or_else(|| all.iter().position(|pull| pull.base == base));
    Ok(best.map(|at| all.swap_remove(at)))
}

/// Its state; `current` where its text is what it should be.
pub fn state(pull: Option<&PullRequest>, current: bool) -> Pull {
    let Some(pull) = pull else {
        return Pull::None;
    };
    let mark = body::parts(&pull.body).map(|parts| parts.mark);
    match (pull.state, mark) {
        (State::Merged, _) => Pull::Merged,
        (State::Open, None) => Pull::OpenedByPerson,
        (State::Open, Some(_)) => Pull::Open { current },
        (State::Closed, Some(mark)) if mark.closed => Pull::ClosedByUs,
        (State::Closed, _) => Pull::ClosedByPerson,
    }
}
