//! All that would be done, for `--dry-run`.

use std::fmt::Write as _;

use super::{
    Delivery,
    outcome::{commits, steps},
};
use crate::{
    deliver::pull_request::decision::Action,
    report::{count, escape},
};

/// All that would be done.
pub fn plan(delivery: &Delivery<'_>) -> String {
    let mut text = String::new();
    let (pushes, says) = steps(&delivery.action);
    let branch = &delivery.head.branch;
    let to = delivery.place.target();
    let mut line =
        |words: String| writeln!(text, "{words}").expect("writing to a string cannot fail");
    let number = delivery
        .pull
        .as_ref()
        .map(|pull| delivery.place.number(pull.number));
    let number = number.as_deref().unwrap_or(delivery.place.kind.request());
    if pushes {
        let commits = count(commits(delivery).len(), "commit");
        let instead = match &delivery.old {
            Some(old) => format!(", in place of {old}"),
            None => ", a new branch".to_owned(),
        };
        line(format!(
            "would push {commits} to `{branch}` of {to}{instead}:"
        ));
        for subject in subjects(delivery) {
            line(format!("  {subject}"));
        }
    }
    match &delivery.action {
        Action::Open { .. } => {
            let draft = if delivery.wishes.draft {
                " as a draft"
            } else {
                ""
            };
            line(format!(
                "would open a {}{draft} from `{}` into `{}`",
                delivery.place.kind.request(),
                delivery.head,
                delivery.base.branch
            ));
        }
        Action::Update { edit: true, .. } => line(format!("would change {number}")),
        Action::Close { .. } => line(format!(
            "would close {number}, for nothing is left to change"
        )),
        Action::Keep => line(format!("would do nothing: {number} is as it should be")),
        Action::Nothing => line("would do nothing: there is nothing to change".to_owned()),
        Action::Leave(_) => line("would do nothing".to_owned()),
        Action::Update { .. } | Action::Delete => {}
    }
    if matches!(
        delivery.action,
        Action::Close { delete: true } | Action::Delete
    ) {
        line(format!("would delete the branch `{branch}` of {to}"));
    }
    if says {
        wording(delivery, &mut text);
    }
    text
}

/// Title, labels, reviewers and text.
fn wording(delivery: &Delivery<'_>, text: &mut String) {
    let wording = &delivery.wording;
    let is_new = matches!(delivery.action, Action::Open { .. });
    let mut line = |name: &str, words: &str| {
        if !words.is_empty() {
            writeln!(text, "{name}: {words}").expect("writing to a string cannot fail");
        }
    };
    let title = match &wording.change.title {
        Some(title) => title,
        None if is_new => &wording.title,
        None => "",
    };
    line("title", title);
    line("labels", &wording.labels.join(", "));
    if is_new {
        line("reviewers", &delivery.wishes.reviewers.join(", "));
    }
    line("base", wording.change.base.as_deref().unwrap_or_default());
    if is_new || wording.change.body.is_some() {
        text.push('\n');
        text.push_str(&escape::block(wording.ours().trim_end()));
        text.push('\n');
    }
}

/// The first line of each new commit's message, oldest first.
fn subjects(delivery: &Delivery<'_>) -> Vec<String> {
    let Some(last) = delivery.made.branch.commits.last() else {
        return Vec::new();
    };
    let range = format!("{}..{last}", delivery.base.commit);
    let arguments = [
        "log",
        "--reverse",
        "--no-show-signature",
        "--format=%s",
        &range,
        "--",
    ];
    let output = delivery.place.git.run(&arguments, b"");
    let text = output.map(|output| output.text()).unwrap_or_default();
    text.lines()
        .map(|line| escape::line(line).into_owned())
        .collect()
}
