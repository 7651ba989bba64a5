//! What was done, or with `--dry-run` what would be: data on standard output, one line for people on standard error.

use super::{Delivery, act, planned, told};
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
    /// Of the pull request, where there is one.
    pub number: Option<u64>,
    /// Its page.
    pub url: Option<String>,
    /// The forge took nothing of what there was to change.
    pub idle: bool,
    /// The branch that was to be deleted is there still.
    pub stays: bool,
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
            stays: false,
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
                let text = told::report(self, delivery);
                return stream::write_data(file, text.as_bytes());
            }
            PrFormat::Text if delivery.args.dry_run => planned::plan(delivery),
            PrFormat::Text => self
                .url
                .as_ref()
                .map_or_else(String::new, |url| format!("{}\n", escape::line(url))),
        };
        stream::write_styled(file, &text)
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
            Action::Close { delete: true } if !self.stays => {
                format!("closed {number} and deleted {branch}: nothing is left to change")
            }
            Action::Close { .. } => {
                format!("closed {number}: nothing is left to change")
            }
            Action::Delete if self.stays => "nothing was sent".to_owned(),
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

/// Whether commits are pushed, and whether the pull request is opened or changed.
pub fn steps(action: &Action) -> (bool, bool) {
    match action {
        Action::Open { push } => (*push, true),
        Action::Update { push, edit } => (*push, *edit),
        _ => (false, false),
    }
}

/// The new commits.
pub fn commits(delivery: &Delivery<'_>) -> Vec<String> {
    let commits = delivery.made.branch.commits.iter();
    commits.map(ToString::to_string).collect()
}
