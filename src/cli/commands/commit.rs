//! `gomend commit`: commits on a branch, without touching work tree or index.

use std::fmt::Write as _;

use crate::{
    cli::{
        Exit,
        args::{CommitArgs, Format, Global},
        branching::{self, Made, Mode},
        error::Failure,
        stages, stream,
    },
    deliver::branch::Branch,
    report::{
        count,
        style::{NAME, paint},
        summary::Deed,
    },
};

/// Makes the branch, then reports what was not done; exit code 1 where an edit was rejected.
pub fn run(args: &CommitArgs, global: &Global) -> Result<Exit, Failure> {
    let Made {
        mut searched,
        branch,
        note,
    } = branching::make(&args.search, &args.branch, Mode::Make, global)?;
    if args.report.blame {
        stages::blame(&mut searched, Some(&args.branch.base), global);
    }
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
        if let Some(note) = note {
            stream::say(&format!("{note}\n"));
        }
        stream::say(&outcome(args, &branch));
    }
    Ok(super::exit(
        &searched,
        super::apply::has_rejected(&searched),
    ))
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

/// What was made, how to look at it, and what may be done with it.
fn outcome(args: &CommitArgs, branch: &Branch) -> String {
    let name = paint(NAME, &branch.name);
    let look = format!(
        "see them with `git log -p {}..{}`",
        args.branch.base, branch.name
    );
    let commits = count(branch.commits.len(), "commit");
    let mut outcome = match branch.commits.len() {
        0 => return "nothing to commit\n".to_owned(),
        _ if branch.unchanged => {
            format!("{name} holds the same {commits} already, and stays as it is; {look}\n")
        }
        _ => format!("{commits} on {name}; {look}\n"),
    };
    if branch.has_ignore_revs && !args.branch.blame_ignore_revs {
        outcome.push_str(
            "to have `git blame` pass over these commits, add their names to `.git-blame-ignore-revs`, \
             or run with `--update --blame-ignore-revs`\n",
        );
    }
    outcome
}
