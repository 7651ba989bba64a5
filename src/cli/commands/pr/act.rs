//! Does what was decided, in an order in which every state between two steps is one that the next run goes on from.

use super::{Delivery, outcome::Outcome, wording};
use crate::{
    cli::error::Error,
    deliver::{
        forge::{Change, Created, Forge, NewPullRequest, PullRequest},
        pull_request::decision::{Action, Reason},
    },
};

/// Does it.
pub fn act(delivery: &Delivery<'_>) -> Result<Outcome, Error> {
    let mut outcome = Outcome::planned(delivery);
    let Some(forge) = delivery.place.forge.as_deref() else {
        return Ok(outcome);
    };
    match &delivery.action {
        Action::Nothing | Action::Keep | Action::Leave(Reason::JustMerged) => {}
        Action::Leave(reason) => outcome.warnings.push(left(delivery, reason)),
        Action::Open { push } => {
            if *push {
                push_branch(delivery)?;
            }
            open(delivery, forge, &mut outcome)
                .map_err(|error| after_push(delivery, *push, "opened", error))?;
        }
        Action::Update { push, edit } => {
            if *push {
                push_branch(delivery)?;
            }
            if let (true, Some(pull)) = (*edit, &delivery.pull) {
                let took = edit_one(delivery, forge, pull, &mut outcome)
                    .map_err(|error| after_push(delivery, *push, "changed", error))?;
                outcome.idle = !push && !took;
            }
        }
        Action::Close { delete } => {
            if let Some(pull) = &delivery.pull {
                close(delivery, forge, pull, *delete)?;
            }
            if *delete {
                delete_branch(delivery, &mut outcome);
            }
        }
        Action::Delete => delete_branch(delivery, &mut outcome),
    }
    Ok(outcome)
}

fn push_branch(delivery: &Delivery<'_>) -> Result<(), Error> {
    let head = &delivery.place.head;
    let old = delivery.old.as_deref();
    let tip = delivery.tip();
    head.push(&delivery.head.branch, old, Some(&tip))
        .map_err(Error::from)
}

/// A branch that cannot be deleted is in nobody's way.
fn delete_branch(delivery: &Delivery<'_>, outcome: &mut Outcome) {
    let branch = &delivery.head.branch;
    let old = delivery.old.as_deref();
    if let Err(error) = delivery.place.head.push(branch, old, None) {
        outcome.stays = true;
        outcome
            .warnings
            .push(format!("the branch `{branch}` is not deleted: {error}"));
    }
}

/// An error behind a push says that the branch is there, and that nothing has to be undone.
fn after_push(delivery: &Delivery<'_>, pushed: bool, what: &str, error: Error) -> Error {
    if !pushed {
        return error;
    }
    let request = delivery.place.kind.request();
    Error {
        message: format!(
            "the branch `{}` is pushed, but its {request} was not {what}: {}",
            delivery.head.branch, error.message
        ),
        help: Some(match error.help {
            Some(help) => format!("{help}; then run again, it goes on from there"),
            None => "run again, it goes on from there".to_owned(),
        }),
    }
}

fn open(delivery: &Delivery<'_>, forge: &dyn Forge, outcome: &mut Outcome) -> Result<(), Error> {
    let new = NewPullRequest {
        title: delivery.wording.title.clone(),
        body: delivery.wording.body(),
        head: delivery.head.clone(),
        base: delivery.base.branch.clone(),
        draft: delivery.wishes.draft,
    };
    let (Created::New(pull) | Created::Existing(pull)) = forge.create(&new)?;
    outcome.is_now(&pull);
    label(delivery, forge, &pull, outcome)?;
    let reviewers = &delivery.wishes.reviewers;
    if !reviewers.is_empty() {
        let refused = forge.request_reviewers(pull.number, reviewers);
        let refused = refused?;
        outcome.refused("was not asked for a review", &refused);
    }
    Ok(())
}

/// Gives whether the forge took any of it.
fn edit_one(
    delivery: &Delivery<'_>,
    forge: &dyn Forge,
    pull: &PullRequest,
    outcome: &mut Outcome,
) -> Result<bool, Error> {
    let change = &delivery.wording.change;
    let changes = *change != Change::default();
    if changes {
        outcome.is_now(&forge.update(pull.number, change)?);
    }
    Ok(label(delivery, forge, pull, outcome)? || changes)
}

/// Gives whether the forge took any of them.
fn label(
    delivery: &Delivery<'_>,
    forge: &dyn Forge,
    pull: &PullRequest,
    outcome: &mut Outcome,
) -> Result<bool, Error> {
    let labels = &delivery.wording.labels;
    if labels.is_empty() {
        return Ok(false);
    }
    let refused = forge.add_labels(pull.number, labels)?;
    outcome.refused("was not added as a label", &refused);
    Ok(refused.len() < labels.len())
}

/// The text says first that we close it: a run that is stopped behind that does not take it for a person's doing.
fn close(
    delivery: &Delivery<'_>,
    forge: &dyn Forge,
    pull: &PullRequest,
    delete: bool,
) -> Result<(), Error> {
    let note = format!(
        "gomend finds nothing left to change here on `{}`.",
        delivery.base.branch
    );
    if let Some(body) = wording::closed_body(pull, &note) {
        let change = Change {
            body: Some(body),
            ..Change::default()
        };
        forge.update(pull.number, &change)?;
        let branch = if delete {
            ", and its branch is deleted"
        } else {
            ""
        };
        let comment = format!(
            "{note} This {} is closed{branch}; a later run opens a new one if there is something again.",
            delivery.place.kind.request()
        );
        forge.comment(pull.number, &comment)?;
    }
    forge.close(pull.number).map_err(Error::from)
}

/// Why it is left, and what a person may do.
pub fn left(delivery: &Delivery<'_>, reason: &Reason) -> String {
    let branch = &delivery.head.branch;
    let request = delivery.place.kind.request();
    let number = delivery.pull.as_ref().map_or_else(
        || request.to_owned(),
        |pull| delivery.place.number(pull.number),
    );
    match reason {
        Reason::Others(who) => format!(
            "the branch `{branch}` is left alone, for it is not gomend's alone: {who}; merge it or delete it, or choose another with `--branch`"
        ),
        Reason::ClosedByPerson => format!(
            "{number} was closed by hand and is not opened again; to have a new one, delete the branch `{branch}` or choose another with `--branch`"
        ),
        Reason::JustMerged => {
            format!("{number} was merged just now; run again to see what is left")
        }
        Reason::OpenedByPerson => format!(
            "there is nothing left to change, and {number} is left open, for a person opened it; close it by hand"
        ),
        Reason::NotSearched => format!(
            "{number} is left open, for not everything was searched; run again where that is mended"
        ),
    }
}
