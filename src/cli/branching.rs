//! Makes the branch of `commit` and `pr`: plans and searches at the base, and commits what was found.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    args::{BranchArgs, Global, SearchArgs, Split},
    error::{Error, Failure},
    plan::{self, Input},
    stages::{self, Purpose, Searched},
};
use crate::{
    deliver::branch::{self, Branch, BranchPlan, CommitSpec},
    engine::Step,
    finding::{Finding, Status},
    report::count,
};

/// A branch, and what was found for it.
#[derive(Debug)]
pub struct Made {
    /// What was found at the base; what was committed is marked as applied.
    pub searched: Searched,
    /// What was made of it. Without commits there was nothing to commit, and the branch is as it was.
    pub branch: Branch,
}

/// Whether the branch is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Make,
    /// All is done but that: whatever would be in the way is said.
    Rehearse,
}

/// Searches at the base and makes the branch.
pub fn make(
    search: &SearchArgs,
    args: &BranchArgs,
    mode: Mode,
    global: &Global,
) -> Result<Made, Failure> {
    let mut plan = plan::search(search, None, None)?;
    plan.options.at = Some(args.base.clone());
    require_repository(&plan.input)?;
    let steps = args.split == Split::Codemod;
    let mut searched = stages::search(&plan, Purpose::Commit { steps }, global)?;
    let name = args
        .branch
        .clone()
        .unwrap_or_else(|| match searched.codemods.as_slice() {
            [one] => format!("gomend/{}", one.id),
            _ => plan::default_branch(&plan.codemods, plan.from.is_some()),
        });
    let branch = commit(args, &name, mode, &searched)?;
    searched.run.mark_applied(|_| true);
    Ok(Made { searched, branch })
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

fn commit(args: &BranchArgs, name: &str, mode: Mode, searched: &Searched) -> Result<Branch, Error> {
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
        rehearse: mode == Mode::Rehearse,
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
