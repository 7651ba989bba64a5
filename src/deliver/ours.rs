//! Whose branch it is: one is replaced only where gomend made it, and all that it holds.

use super::{
    branch::{BranchPlan, Error, LOGGED, OURS},
    store::{Earlier, Store},
};
use crate::git::Id;

/// The branch as it was.
pub(super) struct Previous {
    pub tip: Id,
    /// Those that the base does not have, newest first; all ours.
    pub commits: Vec<Earlier>,
}

/// Checks that git takes the name.
pub(super) fn require_name(name: &str) -> Result<(), Error> {
    if git2::Branch::name_is_valid(name).unwrap_or(false) {
        return Ok(());
    }
    Err(Error::new(format!(
        "`{name}` is not a name for a branch; see `git help check-ref-format`, or choose another with `--branch`"
    )))
}

/// Checks that the branch may be made or moved.
pub(super) fn replaceable(
    store: &dyn Store,
    plan: &BranchPlan<'_>,
    base: &Id,
) -> Result<Option<Previous>, Error> {
    let name = plan.branch;
    require_name(name)?;
    if let Some(folder) = store.checked_out_in(name)? {
        return Err(Error::new(format!(
            "the branch `{name}` is checked out in `{}`; choose another with `--branch`, or switch it there",
            folder.display()
        )));
    }
    let Some(tip) = store.branch(name)? else {
        return Ok(None);
    };
    if !plan.update {
        return Err(Error::new(format!(
            "the branch `{name}` exists; `--update` replaces it, `--branch` names another"
        )));
    }
    let not_ours = |why: String| {
        Error::new(format!(
            "the branch `{name}` is not ours to replace: {why}; choose another with `--branch`"
        ))
    };
    let commits = store.since(&tip, base)?;
    if let Some(foreign) = first_foreign(&commits) {
        return Err(not_ours(format!("{foreign} was not made by gomend")));
    }
    if commits.is_empty() && !is_left_by_us(store, name, &tip)? {
        return Err(not_ours(
            "it has no commits of its own, and nothing says that gomend made it".to_owned(),
        ));
    }
    Ok(Some(Previous { tip, commits }))
}

/// Whether a branch without commits of its own is one of ours, merged: by its log where it has one, else by its commit.
fn is_left_by_us(store: &dyn Store, branch: &str, tip: &Id) -> Result<bool, Error> {
    match store.last_move(branch) {
        Some(reason) => Ok(reason.starts_with(LOGGED)),
        None => Ok(is_ours(&store.earlier(tip)?)),
    }
}

/// The newest commit that is not ours, in words.
pub(super) fn first_foreign(commits: &[Earlier]) -> Option<String> {
    let foreign = commits.iter().find(|commit| !is_ours(commit))?;
    let author = &foreign.author;
    let name = author
        .rfind(" <")
        .map_or(author.as_str(), |at| &author[..at]);
    Some(format!("commit {} by {name}", foreign.id.short()))
}

fn is_ours(commit: &Earlier) -> bool {
    git2::message_trailers_bytes(commit.message.as_str()).is_ok_and(|trailers| {
        trailers
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(OURS.as_bytes()))
    })
}
