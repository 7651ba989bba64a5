//! What was done, or with `--dry-run` what would be: data on standard output, one line for people on standard error.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Delivery, act};
use crate::{
    cli::{args::PrFormat, error::Failure, stream},
    deliver::{
        forge::{PullRequest, Refused},
        pull_request::decision::{Action, Reason},
    },
    report::{
        count, escape,
        style::{NAME, paint},
    },
};

/// What was done.
#[derive(Debug)]
pub struct Outcome {
    number: Option<u64>,
    url: Option<String>,
    /// The forge took nothing of what there was to change.
    pub idle: bool,
    /// To be said on standard error.
    pub warnings: Vec<String>,
}

impl Outcome {
    /// What will have been done, as far as it can be known.
    pub fn planned(delivery: &Delivery<'_>) -> Self {
        let shown = match &delivery.action {
            Action::Nothing | Action::Open { .. } => None,
            _ => delivery.pull.as_ref(),
        };
        let mut outcome = Self {
            number: shown.map(|pull| pull.number),
            url: shown.map(|pull| pull.url.clone()),
            idle: false,
            warnings: Vec::new(),
        };
        if let (true, Action::Leave(reason)) = (delivery.args.dry_run, &delivery.action) {
            outcome.warnings.push(act::left(delivery, reason));
        }
        outcome
    }

    /// The pull request is this now.
    pub fn is_now(&mut self, pull: &PullRequest) {
        self.number = Some(pull.number);
        self.url = Some(pull.url.clone());
    }

    /// Warns of what the forge did not take.
    pub fn refused(&mut self, what: &str, refused: &[Refused]) {
        for Refused { name, reason } in refused {
            let (name, reason) = (escape::line(name), escape::line(reason));
            self.warnings.push(format!("`{name}` {what}: {reason}"));
        }
    }

    /// Writes the data.
    pub fn write(&self, delivery: &Delivery<'_>) -> Result<(), Failure> {
        let file = delivery.args.output.as_deref();
        let text = match delivery.args.format {
            PrFormat::Json => {
                let value = self.json(delivery);
                let text = serde_json::to_string_pretty(&value).expect("a value can be written");
                return stream::write_data(file, format!("{text}\n").as_bytes());
            }
            PrFormat::Text if delivery.args.dry_run => plan(delivery),
            PrFormat::Text => self
                .url
                .as_ref()
                .map_or_else(String::new, |url| format!("{}\n", escape::line(url))),
        };
        stream::write_styled(file, &text)
    }

    fn json(&self, delivery: &Delivery<'_>) -> Value {
        let (pushed, _) = steps(&delivery.action);
        let reason = match &delivery.action {
            Action::Leave(reason) => Some(act::left(delivery, reason)),
            _ => None,
        };
        let commits = commits(delivery);
        let mut pull = json!({
            "action": if self.idle { "unchanged" } else { word(&delivery.action) },
            "reason": reason,
            "forge": delivery.place.kind.name(),
            "number": self.number,
            "url": self.url,
            "branch": delivery.head.branch,
            "fork": delivery.place.fork.as_ref().map(|(owner, name)| format!("{owner}/{name}")),
            "base": delivery.base.branch,
            "base_commit": delivery.base.commit,
            "commit": tip(delivery),
            "pushed": pushed,
            "commits": commits.len(),
        });
        if delivery.args.dry_run {
            pull["title"] = json!(delivery.wording.title);
            pull["body"] = json!(delivery.wording.ours());
            pull["labels"] = json!(delivery.wording.labels);
            pull["reviewers"] = json!(delivery.args.reviewer);
        }
        json!({
            "schema": "gomend/1",
            "version": env!("CARGO_PKG_VERSION"),
            "dry_run": delivery.args.dry_run,
            "pull_request": pull,
        })
    }

    /// One line for people.
    pub fn line(&self, delivery: &Delivery<'_>) -> String {
        let place = delivery.place;
        let branch = paint(NAME, &delivery.head.branch);
        let number = self.number.map_or_else(
            || place.kind.request().to_owned(),
            |number| place.number(number),
        );
        let commits = count(commits(delivery).len(), "commit");
        let text = match &delivery.action {
            Action::Nothing => format!(
                "there is nothing to change, and no {} to close",
                place.kind.request()
            ),
            Action::Keep => format!("{number} is as it should be"),
            _ if self.idle => format!("{number} is as it was"),
            Action::Open { push: true } => format!("opened {number} with {commits} on {branch}"),
            Action::Open { push: false } => {
                format!("opened {number} for {branch}, which was pushed before")
            }
            Action::Update {
                push: true,
                edit: true,
            } => format!("updated {number} and its branch {branch}: {commits}"),
            Action::Update {
                push: true,
                edit: false,
            } => format!("updated {branch}, the branch of {number}: {commits}"),
            Action::Update { push: false, .. } => format!("updated {number}"),
            Action::Close { delete: true } => {
                format!("closed {number} and deleted {branch}: nothing is left to change")
            }
            Action::Close { delete: false } => {
                format!("closed {number}: nothing is left to change")
            }
            Action::Delete => format!("deleted {branch}, whose {} is closed", place.kind.request()),
            Action::Leave(Reason::JustMerged) => act::left(delivery, &Reason::JustMerged),
            Action::Leave(_) => "nothing was sent".to_owned(),
        };
        if delivery.args.dry_run {
            return "nothing was sent; this was a dry run\n".to_owned();
        }
        format!("{text}\n")
    }
}

/// The word of an action in JSON.
fn word(action: &Action) -> &'static str {
    match action {
        Action::Nothing => "none",
        Action::Keep => "unchanged",
        Action::Open { .. } => "opened",
        Action::Update { .. } => "updated",
        Action::Close { .. } | Action::Delete => "closed",
        Action::Leave(_) => "left",
    }
}

/// Whether commits are pushed, and whether the pull request is opened or changed.
fn steps(action: &Action) -> (bool, bool) {
    match action {
        Action::Open { push } => (*push, true),
        Action::Update { push, edit } => (*push, *edit),
        _ => (false, false),
    }
}

/// The new commits.
fn commits(delivery: &Delivery<'_>) -> Vec<String> {
    let commits = delivery.made.branch.commits.iter();
    commits.map(ToString::to_string).collect()
}

/// The commit that the remote's branch is at in the end.
fn tip(delivery: &Delivery<'_>) -> Option<String> {
    match &delivery.action {
        Action::Open { push: true } | Action::Update { push: true, .. } => Some(delivery.tip()),
        Action::Close { delete: true } | Action::Delete => None,
        _ => delivery.old.clone(),
    }
}

/// All that would be done.
fn plan(delivery: &Delivery<'_>) -> String {
    let mut text = String::new();
    let (pushes, says) = steps(&delivery.action);
    let branch = &delivery.head.branch;
    let to = delivery.place.head.shown();
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
            let draft = if delivery.args.draft {
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
        line("reviewers", &delivery.args.reviewer.join(", "));
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
