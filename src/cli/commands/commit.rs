//! `gomend commit`: commits on a branch, without touching work tree or index.

use std::fmt::Write as _;

use crate::{
    cli::{
        Exit,
        args::{CommitArgs, Format, Global},
        branching::{self, Made, Mode},
        error::Failure,
        stream,
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
    let Made { searched, branch } =
        branching::make(&args.search, &args.branch, Mode::Make, global)?;
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
            let commits = count(n, "commit");
            format!(
                "{commits} on {name}; see them with `git log -p {}..{}`\n",
                args.branch.base, branch.name
            )
        }
    }
}
