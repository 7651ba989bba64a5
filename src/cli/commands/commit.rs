//! `gomend commit`: commits on a branch, without touching work tree or index.

use std::fmt::Write as _;

use crate::{
    cli::{
        Exit,
        args::{CommitArgs, Format, Global, Split},
        error::{Error, Failure},
        plan,
        stages::{self, Purpose, Searched},
        stream,
    },
    deliver::branch::{self, Branch, BranchPlan, CommitSpec},
    report::{
        style::{NAME, paint},
        summary::Deed,
    },
};

/// Makes the branch, then reports what was not done; exit code 1 where an edit was rejected.
pub fn run(args: &CommitArgs, global: &Global) -> Result<Exit, Failure> {
    let mut plan = plan::search(&args.search, None, None)?;
    plan.options.at = Some(args.base.clone());
    let name = args
        .branch
        .clone()
        .unwrap_or_else(|| plan::default_branch(&plan.codemods));
    let steps = args.split == Split::Codemod;
    let mut searched = stages::search(&plan, Purpose::Commit { steps }, global)?;
    let branch = commit(args, &name, &searched)?;
    searched.run.mark_applied(|_| true);
    if args.report.format == Format::Text && args.report.output.is_none() {
        stream::write_styled(None, &list(&branch))?;
    }
    super::write_findings(&searched, &args.report, |finding| {
        super::apply::remains(finding, global)
    })?;
    for warning in &branch.warnings {
        stream::warn(warning);
    }
    super::say_summary(&searched, Deed::Wrote, global);
    if !global.quiet {
        stream::say(&outcome(args, &branch));
    }
    Ok(super::exit(
        &searched,
        super::apply::has_rejected(&searched),
    ))
}

fn commit(args: &CommitArgs, name: &str, searched: &Searched) -> Result<Branch, Error> {
    let Some(git_dir) = &searched.files.git_dir else {
        let message = format!(
            "`{}` is in no git repository, so there is nothing to commit to",
            searched.files.root.display()
        );
        return Err(Error::new(message).help("use `gomend apply`, or `git init`"));
    };
    let told = |error: branch::Error| Error::new(error.to_string());
    let base = branch::base_commit(git_dir, &args.base).map_err(told)?;
    let trailers = |codemods: &[&str]| -> String {
        codemods
            .iter()
            .map(|id| branch::trailers(id, env!("CARGO_PKG_VERSION"), base))
            .collect()
    };
    let commits = match args.split {
        Split::Codemod => {
            let message = |id: &str| format!("{}\n\n{}", subject(searched, id), trailers(&[id]));
            let steps = searched.run.steps.iter();
            steps
                .map(|step| CommitSpec {
                    message: message(&step.codemod),
                    files: step.changes.iter().collect(),
                })
                .collect()
        }
        Split::None => vec![CommitSpec {
            message: format!("Apply gomend codemods\n\n{}", trailers(&["*"])),
            files: searched.run.verified.iter().collect(),
        }],
    };
    branch::commit(&BranchPlan {
        git_dir,
        branch: name,
        base: &args.base,
        commits,
        update: args.update,
        author: args.author.as_deref(),
        signoff: args.signoff,
    })
    .map_err(told)
}

/// The subject of a codemod's commit.
fn subject<'a>(searched: &'a Searched, id: &'a str) -> &'a str {
    let named = searched.codemods.iter().find(|(own, _)| own == id);
    named.map_or(id, |(_, summary)| summary)
}

/// The new commits, oldest first.
fn list(branch: &Branch) -> String {
    branch
        .commits
        .iter()
        .fold(String::new(), |mut list, commit| {
            writeln!(list, "{commit}").expect("writing to a string cannot fail");
            list
        })
}

/// What was made, and how to look at it.
fn outcome(args: &CommitArgs, branch: &Branch) -> String {
    let name = paint(NAME, &branch.name);
    match branch.commits.len() {
        0 => "nothing to commit\n".to_owned(),
        n => {
            let commits = if n == 1 {
                "1 commit".to_owned()
            } else {
                format!("{n} commits")
            };
            format!(
                "{commits} on {name}; see them with `git log -p {}..{}`\n",
                args.base, branch.name
            )
        }
    }
}
