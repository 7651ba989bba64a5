//! Which repository the paths belong to, and which of its states is read: work tree, index, or a revision.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use git2::{ErrorCode, Index, Repository};

use super::{
    Error, Options,
    opening::{self, Opened, cause, discover},
    path,
    through_git::{self, View},
};

/// Where the paths lie.
pub(crate) struct Place {
    /// Every path of the file set is relative to this.
    pub root: PathBuf,
    /// `None` outside a repository.
    pub repository: Option<Repository>,
    /// Where libgit2 cannot open the repository itself: what `repository` was opened from.
    pub view: Option<Arc<View>>,
    /// What the user named.
    pub scopes: Vec<Scope>,
}

/// One path that the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Relative to the root, empty for all of it.
    pub path: Vec<u8>,
    /// A file rather than a folder, as far as the disk knows.
    pub is_file: bool,
    /// On disk (a symbolic link counts, wherever it leads).
    pub exists: bool,
    /// As the user wrote it, for messages.
    pub typed: PathBuf,
}

/// Which files there are to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Tracked ones on disk, and untracked ones.
    WorkTree,
    /// The blobs of the index at hand.
    Blobs,
}

/// The state of a repository that is read.
pub(crate) struct Source {
    /// The repository's index, or one that holds the revision's tree.
    pub index: Index,
    pub listing: Listing,
    /// The commit that `index` was made from, where it was made from one.
    pub commit: Option<git2::Oid>,
}

impl Source {
    pub(crate) fn open(
        repo: &Repository,
        view: Option<&View>,
        options: &Options,
    ) -> Result<Self, Error> {
        if options.staged && options.at.is_some() {
            return Err(Error::new(
                "`--staged` and `--at` exclude each other: the index is not part of a revision",
            ));
        }
        if repo.is_bare() && options.staged {
            return Err(Error::new(
                "`--staged` needs an index, and a bare repository has none",
            ));
        }
        let revision = match &options.at {
            Some(revision) => Some(revision.as_str()),
            None if repo.is_bare() => Some("HEAD"),
            None => None,
        };
        let Some(revision) = revision else {
            let listing = if options.staged {
                Listing::Blobs
            } else {
                Listing::WorkTree
            };
            let index = opening::index(repo)?;
            return Ok(Self {
                index,
                listing,
                commit: None,
            });
        };
        let commit = match view {
            Some(view) => {
                let id = view.commit(repo, revision)?;
                repo.find_commit(id).map_err(|error| {
                    Error::git(
                        format_args!("the commit `{revision}` cannot be read"),
                        &error,
                    )
                })?
            }
            None => commit(repo, revision)?,
        };
        through_git::bring(repo, view, commit.id(), revision, options)?;
        Self::of_commit(repo, &commit)
    }

    fn of_commit(repo: &Repository, commit: &git2::Commit<'_>) -> Result<Self, Error> {
        let id = commit.id();
        let failed = |error| {
            Error::git(
                format_args!("the tree of commit {id} cannot be read"),
                &error,
            )
        };
        let mut index = Index::new().map_err(failed)?;
        index
            .read_tree(&commit.tree().map_err(failed)?)
            .map_err(failed)?;
        // Attributes are then looked up in the revision too.
        repo.set_index(&mut index).map_err(failed)?;
        Ok(Self {
            index,
            listing: Listing::Blobs,
            commit: Some(id),
        })
    }
}

/// The commit that `revision` names.
pub(crate) fn commit<'repo>(
    repo: &'repo Repository,
    revision: &str,
) -> Result<git2::Commit<'repo>, Error> {
    let found = repo
        .revparse_single(revision)
        .and_then(|object| object.peel_to_commit());
    found.map_err(|error| {
        if revision == "HEAD"
            && matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound)
        {
            return Error::new(format!(
                "`{}` has no commit yet; make one first",
                repo.path().display()
            ));
        }
        let hint = if repo.is_shallow() {
            "; the clone is shallow, `git fetch --unshallow` brings the rest of the history"
        } else {
            "; `git branch -a` and `git tag` list the names there are"
        };
        Error::new(format!(
            "`{revision}` does not name a commit: {}{hint}",
            cause(&error)
        ))
    })
}

/// Finds the repository that all `paths` lie in, and makes them relative to its root.
pub(crate) fn locate(paths: &[PathBuf]) -> Result<Place, Error> {
    let here = std::env::current_dir()
        .and_then(|path| path.canonicalize())
        .map_err(|error| Error::new(format!("the current folder cannot be read: {error}")))?;
    let resolved: Vec<Resolved> = paths
        .iter()
        .map(|path| Resolved::new(&here, path))
        .collect::<Result<_, _>>()?;
    let first = &resolved[0];
    let Some(opened) = discover(&first.folder)? else {
        return outside(&here, resolved);
    };
    let root = opened.root();
    let root = root.canonicalize().map_err(|error| {
        Error::new(format!(
            "the work tree `{}` cannot be read: {error}",
            root.display()
        ))
    })?;
    let mut seen = BTreeSet::from([first.folder.clone()]);
    for other in &resolved[1..] {
        if !seen.insert(other.folder.clone()) {
            continue;
        }
        let theirs = discover(&other.folder)?;
        if theirs.as_ref().map(Opened::git_dir) != Some(opened.git_dir()) {
            return Err(Error::new(format!(
                "`{}` is not in the repository `{}` that `{}` is in; run once for each repository",
                other.typed.display(),
                root.display(),
                first.typed.display()
            )));
        }
    }
    let scopes = resolved
        .into_iter()
        .map(|path| path.below(&root))
        .collect::<Result<_, _>>()?;
    Ok(Place {
        root,
        repository: Some(opened.repository),
        view: opened.view,
        scopes,
    })
}

/// The place of paths that are in no repository.
fn outside(here: &Path, resolved: Vec<Resolved>) -> Result<Place, Error> {
    for path in &resolved {
        if !path.exists {
            return Err(missing(&path.typed));
        }
        if discover(&path.folder)?.is_some() {
            return Err(Error::new(format!(
                "`{}` is in a git repository and `{}` is not; run once for each",
                path.typed.display(),
                resolved[0].typed.display()
            )));
        }
    }
    let mut root = here.to_path_buf();
    if !resolved.iter().all(|path| path.full.starts_with(here)) {
        root.clone_from(&resolved[0].folder);
        while !resolved.iter().all(|path| path.full.starts_with(&root)) {
            root = root.parent().map(Path::to_path_buf).ok_or_else(|| {
                Error::new(format!(
                    "`{}` has no folder in common with the others",
                    resolved[0].typed.display()
                ))
            })?;
        }
    } else if let [only] = &resolved[..] {
        root.clone_from(&only.folder);
    }
    let scopes = resolved
        .into_iter()
        .map(|path| path.below(&root))
        .collect::<Result<_, _>>()?;
    Ok(Place {
        root,
        repository: None,
        view: None,
        scopes,
    })
}

pub(crate) fn missing(path: &Path) -> Error {
    Error::new(format!("`{}` does not exist", path.display()))
}

/// A path with symbolic links above it resolved.
struct Resolved {
    full: PathBuf,
    /// The path itself or the nearest folder above it that exists.
    folder: PathBuf,
    is_file: bool,
    exists: bool,
    typed: PathBuf,
}

impl Resolved {
    fn new(here: &Path, typed: &Path) -> Result<Self, Error> {
        let unreadable = |error: std::io::Error| {
            Error::new(format!("`{}` cannot be read: {error}", typed.display()))
        };
        let full = here.join(typed);
        // A link to a folder leads there; a link to a file stays a link, and is reported as one.
        if full.is_dir() {
            let full = full.canonicalize().map_err(unreadable)?;
            return Ok(Self {
                folder: full.clone(),
                full,
                is_file: false,
                exists: true,
                typed: typed.into(),
            });
        }
        let exists = full.symlink_metadata().is_ok();
        let full = without_dots(&full);
        let mut folder = full.parent().unwrap_or(here);
        while !folder.is_dir() {
            folder = folder.parent().ok_or_else(|| missing(typed))?;
        }
        let rest = full
            .strip_prefix(folder)
            .expect("`folder` was found above `full`")
            .to_path_buf();
        let folder = folder.canonicalize().map_err(unreadable)?;
        Ok(Self {
            full: folder.join(rest),
            folder,
            is_file: exists,
            exists,
            typed: typed.into(),
        })
    }

    fn below(self, root: &Path) -> Result<Scope, Error> {
        let relative = self.full.strip_prefix(root).map_err(|_| {
            Error::new(format!(
                "`{}` is outside the work tree `{}`",
                self.typed.display(),
                root.display()
            ))
        })?;
        Ok(Scope {
            path: path::to_bytes(relative),
            is_file: self.is_file,
            exists: self.exists,
            typed: self.typed,
        })
    }
}

/// `a/./b/../c` as `a/c`, without asking the disk.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain
}
