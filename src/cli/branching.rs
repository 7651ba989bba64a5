//! Makes the branch of `commit` and `pr`: plans and searches at the base, and commits what was found.

use std::path::PathBuf;

use super::{
    args::{BranchArgs, Global, SearchArgs, Split},
    error::{Error, Failure},
    plan::{self, Input},
    split,
    stages::{self, Purpose, Searched},
};
use crate::deliver::branch::{self, Branch, BranchPlan, Sign};

/// A branch, and what was found for it.
#[derive(Debug)]
pub struct Made {
    /// What was found at the base; what was committed is marked as applied.
    pub searched: Searched,
    /// What was made of it. Without commits there was nothing to commit, and the branch is as it was.
    pub branch: Branch,
    /// How its commits were told apart, where that is worth a word.
    pub note: Option<String>,
}

/// Whether the branch is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Make,
    /// All is done but that: whatever would be in the way is said.
    Rehearse,
    /// Only the commits are made. No branch is looked at, also none of that name that is in use here.
    Loose,
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
    let (branch, note) = commit(args, &name, mode, &searched)?;
    searched.run.mark_applied(|_| true);
    Ok(Made {
        searched,
        branch,
        note,
    })
}

/// Says early, in the terms of this command, that there is nothing to commit to.
fn require_repository(input: &Input) -> Result<(), Error> {
    let here = PathBuf::from(".");
    let path = match input {
        Input::Paths(paths) => paths.first().unwrap_or(&here),
        Input::Stdin(_) => &here,
    };
    let is_named = std::env::var_os("GIT_DIR").is_some_and(|value| !value.is_empty());
    // One that libgit2 finds and cannot open is there all the same.
    let is_absent = || {
        git2::Repository::discover(path)
            .is_err_and(|error| error.code() == git2::ErrorCode::NotFound)
    };
    if is_named || !path.exists() || !is_absent() {
        return Ok(());
    }
    let message = format!(
        "`{}` is in no git repository, so there is nothing to commit to",
        path.display()
    );
    Err(Error::new(message).help("use `gomend apply`, or `git init`"))
}

/// The branch, and how its commits were told apart.
fn commit(
    args: &BranchArgs,
    name: &str,
    mode: Mode,
    searched: &Searched,
) -> Result<(Branch, Option<String>), Error> {
    let git_dir = searched
        .files
        .git_dir
        .as_deref()
        .ok_or_else(|| Error::new("the files are in no git repository"))?;
    let told = |error: branch::Error| Error::new(error.to_string());
    let base = branch::base_commit(git_dir, &args.base).map_err(told)?;
    let parts = split::split(args.split, searched, git_dir, &args.base, &base)?;
    let branch = branch::commit(&BranchPlan {
        git_dir,
        branch: name,
        base: &args.base,
        commits: parts.commits,
        update: args.update,
        author: args.author.as_deref(),
        signoff: args.signoff,
        sign: sign(args),
        rehearse: mode == Mode::Rehearse,
        loose: mode == Mode::Loose,
        ignore_revs: args.blame_ignore_revs,
    });
    Ok((branch.map_err(told)?, parts.note))
}

/// Which commits are signed.
fn sign(args: &BranchArgs) -> Sign {
    match &args.gpg_sign {
        _ if args.no_gpg_sign => Sign::Never,
        None => Sign::Configured,
        Some(key) => Sign::Always(Some(key.clone()).filter(|key| !key.is_empty())),
    }
}
