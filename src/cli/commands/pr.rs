//! `gomend pr`: a branch on a remote, and its pull request, kept up to date. What there is is looked at first, all of it;
//! then it is decided; then it is done, or with `--dry-run` only said.

mod act;
mod base;
mod command_line;
mod facts;
mod outcome;
mod place;
mod planned;
mod pulls;
mod reviewers;
mod token;
mod told;
mod wishes;
mod wording;

use self::{
    base::Base,
    outcome::Outcome,
    place::Place,
    wishes::Wishes,
    wording::{Templates, Wording},
};
use crate::{
    cli::{
        Exit,
        args::{BranchArgs, Global, PrArgs},
        branching::{self, Made, Mode},
        error::{Error, Failure},
        plan, stream,
    },
    deliver::{
        forge::{self, Head, PullRequest},
        pull_request::{
            decision::{self, Action, Branch, Situation, Wanted},
            history, template,
        },
        push,
    },
    engine, git,
    report::summary::Deed,
};

/// Keeps up the pull request; exit code 2 where a file could not be searched.
pub fn run(args: &PrArgs, global: &Global) -> Result<Exit, Failure> {
    if args.branch.update {
        let error = Error::new("`pr` always replaces a branch that gomend made");
        return Err(error.help("leave out `--update`").into());
    }
    if args.branch.blame_ignore_revs {
        let error = Error::new(
            "`--blame-ignore-revs` names commits that a merge of the pull request may replace",
        );
        return Err(error.help("leave it out, and name what was merged").into());
    }
    let plan = plan::search(&args.search, None, None)?;
    let wishes = Wishes::new(args, plan.config.as_ref());
    let templates = Templates::read(&wishes)?;
    let mut place = place::find(args, &wishes)?;
    let base = base::find(&args.branch.base, &place)?;
    place.check(args)?;
    let branch = BranchArgs {
        base: base.commit.clone(),
        ..args.branch.clone()
    };
    let mut made = branching::make(&args.search, &branch, Mode::Loose, global)?;
    if args.branch.branch.is_none() && !base.is_default {
        // One branch for each base, so that their pull requests do not take it from each other.
        made.branch.name = format!("{}@{}", made.branch.name, base.branch);
    }
    place::check_local(&place, &made.branch.name, &base)?;
    let asked = Asked {
        args,
        wishes: &wishes,
        templates: &templates,
        jobs: plan.jobs,
    };
    let delivery = Delivery::look(&asked, &place, &base, made)?;
    let warn = |warnings: &[String]| {
        for warning in warnings.iter().filter(|_| !global.quiet) {
            stream::warn(warning);
        }
    };
    warn(&place.warnings);
    warn(&delivery.made.branch.warnings);
    let outcome = if args.dry_run {
        Outcome::planned(&delivery)
    } else {
        act::act(&delivery)?
    };
    outcome.write(&delivery)?;
    super::say_summary(&delivery.made.searched, Deed::Wrote, global);
    warn(&outcome.warnings);
    if let Some(note) = delivery.made.note.as_ref().filter(|_| !global.quiet) {
        stream::say(&format!("{note}\n"));
    }
    if !global.quiet {
        stream::say(&outcome.line(&delivery));
    }
    Ok(super::exit(&delivery.made.searched, false))
}

/// What was asked for.
struct Asked<'a> {
    args: &'a PrArgs,
    wishes: &'a Wishes,
    templates: &'a Templates,
    jobs: usize,
}

/// All that there is, and what is to be done about it.
struct Delivery<'a> {
    args: &'a PrArgs,
    wishes: &'a Wishes,
    place: &'a Place,
    base: &'a Base,
    made: Made,
    /// What the pull request brings.
    head: Head,
    /// Tip of the remote's branch.
    old: Option<String>,
    /// The pull request that counts.
    pull: Option<PullRequest>,
    wording: Wording,
    action: Action,
}

impl<'a> Delivery<'a> {
    fn look(
        asked: &Asked<'a>,
        place: &'a Place,
        base: &'a Base,
        made: Made,
    ) -> Result<Self, Error> {
        let name = made.branch.name.clone();
        let old = if place.fork_is_unknown {
            None
        } else {
            place.head.list(&[&name])?.branches.remove(&name)
        };
        let new = made.branch.commits.last().map(ToString::to_string);
        let (branch, same) = match &old {
            None => (Branch::Absent, false),
            Some(old) => {
                base::fetch_branch(place, base, &name, old)?;
                history::look(&place.git, &base.commit, old, new.as_deref())?
            }
        };
        let head = Head {
            fork: place.fork.clone(),
            branch: name,
        };
        let pull = pulls::find(place, &head, &base.branch)?;
        let facts = facts::of(asked.jobs, place, base, &made)?;
        let wording = Wording::new(asked, &facts, pull.as_ref(), base, place)?;
        let wanted = match (&new, same) {
            (Some(_), true) => Wanted::SameCommits,
            (Some(_), false) => Wanted::Commits,
            (None, _) if is_whole(&made) => Wanted::Nothing,
            (None, _) => Wanted::Unknown,
        };
        let action = decision::decide(&Situation {
            wanted,
            branch,
            pull: pulls::state(pull.as_ref(), wording.is_current()),
        });
        Ok(Self {
            args: asked.args,
            wishes: asked.wishes,
            place,
            base,
            made,
            head,
            old,
            pull,
            wording,
            action,
        })
    }

    /// The commit to push.
    fn tip(&self) -> String {
        self.made.branch.tip.to_string()
    }
}

/// Whether everything that was named was searched: only then does no result mean that nothing is left to change.
fn is_whole(made: &Made) -> bool {
    let run = &made.searched.run;
    let failed = |file: &engine::FileReport| matches!(file.outcome, engine::Outcome::Failed(_));
    run.summary.files > 0 && !run.files.iter().any(failed)
}

impl From<push::Error> for Error {
    fn from(error: push::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<template::Error> for Error {
    fn from(error: template::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<git::Error> for Error {
    fn from(error: git::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<forge::Error> for Error {
    fn from(error: forge::Error) -> Self {
        Self {
            message: error.message,
            help: error.help,
        }
    }
}
