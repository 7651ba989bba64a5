//! What was done, for programs.

use serde::Serialize;

use super::{
    Delivery, act,
    outcome::{Outcome, commits, steps},
};
use crate::deliver::pull_request::decision::Action;

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    version: &'static str,
    dry_run: bool,
    pull_request: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    /// `opened`, `updated`, `unchanged`, `closed`, `left` (alone, for a reason) or `none`.
    action: &'static str,
    reason: Option<String>,
    forge: &'static str,
    number: Option<u64>,
    url: Option<&'a str>,
    branch: &'a str,
    /// `owner/name` of the repository that has the branch, where it is another one.
    fork: Option<String>,
    base: &'a str,
    base_commit: &'a str,
    /// What the branch is at now; in a dry run, what it would be.
    commit: Option<String>,
    pushed: bool,
    commits: usize,
    #[serde(flatten)]
    words: Option<Words<'a>>,
}

/// What a dry run would say.
#[derive(Serialize)]
struct Words<'a> {
    title: &'a str,
    body: &'a str,
    labels: &'a [String],
    reviewers: &'a [String],
}

/// One object.
pub fn report(outcome: &Outcome, delivery: &Delivery<'_>) -> String {
    let reason = match &delivery.action {
        Action::Leave(reason) => Some(act::left(delivery, reason)),
        _ => None,
    };
    let fork = delivery.place.fork.as_ref();
    let report = Report {
        schema: "gomend/1",
        version: env!("CARGO_PKG_VERSION"),
        dry_run: delivery.args.dry_run,
        pull_request: Told {
            action: action(outcome, &delivery.action),
            reason,
            forge: delivery.place.kind.name(),
            number: outcome.number,
            url: outcome.url.as_deref(),
            branch: &delivery.head.branch,
            fork: fork.map(|(owner, name)| format!("{owner}/{name}")),
            base: &delivery.base.branch,
            base_commit: &delivery.base.commit,
            commit: tip(outcome, delivery),
            pushed: steps(&delivery.action).0,
            commits: commits(delivery).len(),
            words: delivery.args.dry_run.then(|| words(delivery)),
        },
    };
    let text = serde_json::to_string_pretty(&report).expect("text and numbers can be written");
    text + "\n"
}

fn action(outcome: &Outcome, action: &Action) -> &'static str {
    match action {
        _ if outcome.idle => "unchanged",
        Action::Nothing => "none",
        Action::Keep => "unchanged",
        Action::Open { .. } => "opened",
        Action::Update { .. } => "updated",
        Action::Close { .. } | Action::Delete => "closed",
        Action::Leave(_) => "left",
    }
}

fn tip(outcome: &Outcome, delivery: &Delivery<'_>) -> Option<String> {
    match &delivery.action {
        Action::Open { push: true } | Action::Update { push: true, .. } => Some(delivery.tip()),
        Action::Close { delete: true } | Action::Delete if !outcome.stays => None,
        _ => delivery.old.clone(),
    }
}

fn words<'a>(delivery: &'a Delivery<'_>) -> Words<'a> {
    Words {
        title: &delivery.wording.title,
        body: delivery.wording.ours(),
        labels: &delivery.wording.labels,
        reviewers: &delivery.wishes.reviewers,
    }
}
