//! Which files have changes that git could not bring back.

use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
    sync::Arc,
};

use git2::{Status, StatusOptions};

use super::{Error, opening, path};

/// The files among `paths` (relative to `root`) that differ from HEAD: changed, staged, untracked or ignored. Outside a
/// repository there is no HEAD to differ from, so the answer is empty.
///
/// # Errors
/// The repository or its index cannot be read, or it is bare: it has no files that could be written.
pub fn dirty(root: &Path, paths: &[Arc<Path>]) -> Result<BTreeSet<Arc<Path>>, Error> {
    let Some(opened) = opening::discover(root)? else {
        return Ok(BTreeSet::new());
    };
    let repo = opened.repository;
    if paths.is_empty() {
        return Ok(BTreeSet::new());
    }
    if repo.is_bare() {
        return Err(Error::new(format!(
            "`{}` is a bare repository, so there are no files to write; use `gomend commit`",
            root.display()
        )));
    }
    // Also makes one that libgit2 cannot read known to it.
    opening::index(&repo)?;
    let mut wanted = StatusOptions::new();
    wanted
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .include_ignored(true)
        .recurse_ignored_dirs(true)
        .exclude_submodules(true)
        .disable_pathspec_match(true);
    for path in paths {
        wanted.pathspec(path.as_ref());
    }
    let statuses = repo.statuses(Some(&mut wanted)).map_err(|error| {
        Error::git(
            format_args!("the state of `{}` cannot be read", root.display()),
            &error,
        )
    })?;
    let changed: HashSet<Vec<u8>> = statuses
        .iter()
        .filter(|entry| entry.status() != Status::CURRENT)
        .map(|entry| entry.path_bytes().to_vec())
        .collect();
    Ok(paths
        .iter()
        .filter(|path| changed.contains(&path::to_bytes(path)))
        .cloned()
        .collect())
}
