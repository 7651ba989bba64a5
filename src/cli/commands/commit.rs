//! `gomend commit`: commits on a branch, without touching work tree or index.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

use crate::{
    cli::{
        Exit,
        args::{CommitArgs, Format, Global, Split},
        error::{Error, Failure},
        plan::{self, Input},
        stages::{self, Purpose, Searched},
        stream,
    },
    deliver::branch::{self, Branch, BranchPlan, CommitSpec},
    engine::Step,
    finding::{Finding, Status},
    report::{
        count,
        style::{NAME, paint},
        summary::Deed,
    },
};

/// Makes the branch, then reports what was not done; exit code 1 where an edit was rejected.
pub fn run(args: &CommitArgs, global: &Global) -> Result<Exit, Failure> {
    let mut plan = plan::search(&args.search, None, None)?;
    plan.options.at = Some(args.base.clone());
    require_repository(&plan.input)?;
    let steps = args.split == Split::Codemod;
    let mut searched = stages::search(&plan, Purpose::Commit { steps }, global)?;
    if args.report.blame {
        stages::blame(&mut searched, Some(&args.base), global);
    }
    let name = args
        .branch
        .clone()
        .unwrap_or_else(|| match searched.codemods.as_slice() {
            [one] => format!("gomend/{}", one.id),
            _ => plan::default_branch(&plan.codemods, plan.from.is_some()),
        });
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

/// Says early, in the terms of this command, that there is nothing to commit to.
fn require_repository(input: &Input) -> Result<(), Error> {
    let here = PathBuf::from(".");
    let path = match input {
        Input::Paths(paths) => paths.first().unwrap_or(&here),
        Input::Stdin(_) => &here,
    };
    if git2::Repository::discover(path).is_ok() || !path.exists() {
        return Ok(());
    }
    let message = format!(
        "`{}` is in no git repository, so there is nothing to commit to",
        path.display()
    );
    Err(Error::new(message).help("use `gomend apply`, or `git init`"))
}

fn commit(args: &CommitArgs, name: &str, searched: &Searched) -> Result<Branch, Error> {
    let git_dir = searched
        .files
        .git_dir
        .as_deref()
        .ok_or_else(|| Error::new("the files are in no git repository"))?;
    let told = |error: branch::Error| Error::new(error.to_string());
    let base = branch::base_commit(git_dir, &args.base).map_err(told)?;
    let trailers = |codemods: &str| branch::trailers(codemods, env!("CARGO_PKG_VERSION"), base);
    let commits = match args.split {
        Split::Codemod => {
            let message = |id: &str| format!("{}\n\n{}", about(searched, id), trailers(id));
            let steps = searched.run.steps.iter();
            steps
                .map(|Step { codemod, changes }| CommitSpec {
                    message: message(codemod),
                    files: changes.iter().collect(),
                })
                .collect()
        }
        Split::None => vec![CommitSpec {
            message: format!(
                "{}\n\n{}",
                about_all(searched),
                trailers(&changing(searched).join(", "))
            ),
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

/// Subject and body of a codemod's commit.
fn about(searched: &Searched, id: &str) -> String {
    match searched.codemods.iter().find(|about| &*about.id == id) {
        Some(about) => format!("{}\n\n{}", about.summary, about.description),
        None => id.to_owned(),
    }
}

/// Subject and body of the one commit for all codemods.
fn about_all(searched: &Searched) -> String {
    let changing = changing(searched);
    if let [id] = changing.as_slice() {
        return about(searched, id);
    }
    let summaries = searched
        .codemods
        .iter()
        .filter(|about| changing.contains(&&*about.id));
    let list: Vec<String> = summaries
        .map(|about| format!("- {}: {}", about.id, about.summary))
        .collect();
    format!(
        "Apply {}\n\n{}",
        count(changing.len(), "codemod"),
        list.join("\n")
    )
}

/// The codemods that change something, in order.
fn changing(searched: &Searched) -> Vec<&str> {
    let is_fixable = |finding: &&Finding| finding.status == Status::Fixable;
    let ids: BTreeSet<&str> = searched
        .run
        .findings
        .iter()
        .filter(is_fixable)
        .map(|finding| &*finding.codemod)
        .collect();
    ids.into_iter().collect()
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
                args.base, branch.name
            )
        }
    }
}
