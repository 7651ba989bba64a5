//! Which repository the paths belong to, and which of its states is read: work tree, index, or a revision.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use git2::{ErrorCode, Index, Repository, RepositoryOpenFlags};

use super::{
    Error, Options, path,
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
            let index = index(repo)?;
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

/// The index: that of `GIT_INDEX_FILE`, which git sets for its hooks, or the repository's. Through git where libgit2 cannot
/// read it.
pub(crate) fn index(repo: &Repository) -> Result<Index, Error> {
    const SPLIT: &str = "unsupported mandatory extension: 'link'";
    const SPARSE: &str = "unsupported mandatory extension: 'sdir'";
    let named = variable("GIT_INDEX_FILE").map(PathBuf::from);
    let read = match &named {
        Some(file) => Index::open(file),
        None => repo.index(),
    };
    let mut index = match read {
        Ok(index) if named.is_none() => return Ok(index),
        Ok(index) => index,
        Err(error) if error.message().contains(SPLIT) => {
            through_git::index(repo, "has a split index")?
        }
        Err(error) if error.message().contains(SPARSE) => {
            through_git::index(repo, "has a sparse index")?
        }
        Err(error) => {
            let path = named.unwrap_or_else(|| repo.path().join("index"));
            return Err(Error::git(
                format_args!("the index `{}` cannot be read", path.display()),
                &error,
            ));
        }
    };
    // What compares with the index asks the repository for it.
    repo.set_index(&mut index)
        .map_err(|error| Error::git("the index cannot be used", &error))?;
    Ok(index)
}

/// A variable of the environment that is set to something.
pub(crate) fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
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

/// What is unusual about a repository that libgit2 does not open and git does: a verb and what goes with it. `None` where
/// git would not open it either.
pub(crate) fn needs_git(error: &git2::Error) -> Option<String> {
    const EXTENSION: &str = "unsupported extension name extensions.";
    let message = error.message();
    if message.contains("object format") {
        return Some("is in the object format `sha256`".to_owned());
    }
    let extension = message.split(EXTENSION).nth(1)?;
    Some(match extension.trim() {
        "partialclone" => "is a partial clone".to_owned(),
        "refstorage" => {
            "keeps its references in a format of its own (`extensions.refStorage`)".to_owned()
        }
        other => format!("has the extension `{other}`"),
    })
}

/// libgit2's words for an error, in the form of ours.
pub(crate) fn cause(error: &git2::Error) -> String {
    let message = error.message().trim_end_matches('.');
    if error.code() == ErrorCode::Owner {
        let told = foreign_owner(message);
        return told.unwrap_or_else(|| "somebody else owns the repository".to_owned());
    }
    message.to_owned()
}

/// What to say where git or libgit2 complains that somebody else owns the repository; git-config(1), `safe.directory`.
pub(crate) fn foreign_owner(complaint: &str) -> Option<String> {
    if !complaint.contains("dubious ownership") && !complaint.contains("is not owned by") {
        return None;
    }
    let folder = complaint.split('\'').nth(1)?.trim_end_matches('/');
    let folder = folder.strip_suffix("/.git").unwrap_or(folder);
    Some(format!(
        "somebody else owns it; if you trust what it holds, `git config --global --add safe.directory {folder}`"
    ))
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

/// A repository, opened.
pub(crate) struct Opened {
    pub repository: Repository,
    /// What it was opened from, where libgit2 cannot open the repository itself.
    pub view: Option<Arc<View>>,
}

impl Opened {
    /// The repository's own git folder.
    pub(crate) fn git_dir(&self) -> &Path {
        self.view
            .as_ref()
            .map_or(self.repository.path(), |view| &view.git_dir)
    }

    /// The work tree's root, or the repository's own folder where it is bare.
    fn root(&self) -> &Path {
        self.repository.workdir().unwrap_or(self.git_dir())
    }
}

/// Opens the repository that `folder` is in, or the one that `GIT_DIR` names, as git does.
pub(crate) fn discover(folder: &Path) -> Result<Option<Opened>, Error> {
    let ceilings: [&Path; 0] = [];
    let opened = match variable("GIT_DIR") {
        Some(git_dir) => named(Path::new(&git_dir)),
        None => Repository::open_ext(folder, RepositoryOpenFlags::empty(), ceilings),
    };
    let opened = opened.map(|repository| Opened {
        repository,
        view: None,
    });
    match opened {
        Ok(opened) => {
            lend_objects(&opened.repository)?;
            Ok(Some(opened))
        }
        Err(error) if error.code() == ErrorCode::NotFound && variable("GIT_DIR").is_none() => {
            Ok(None)
        }
        Err(error) => match needs_git(&error) {
            Some(kind) => {
                let view = View::of(folder, &kind)?;
                let repository = view.open()?;
                Ok(Some(Opened {
                    repository,
                    view: Some(Arc::new(view)),
                }))
            }
            None => Err(open_failed(folder.display(), &error)),
        },
    }
}

/// The repository that `GIT_DIR` names, with the work tree that goes with it; git(1), `GIT_WORK_TREE`.
fn named(git_dir: &Path) -> Result<Repository, git2::Error> {
    let repository = Repository::open(git_dir)?;
    let is_set = |key: &str| repository.config().is_ok_and(|c| c.get_entry(key).is_ok());
    if let Some(tree) = variable("GIT_WORK_TREE") {
        let tree = std::path::absolute(tree).map_err(|e| git2::Error::from_str(&e.to_string()))?;
        repository.set_workdir(&tree, false)?;
    } else if !repository.is_bare() && !is_set("core.worktree") {
        let here = std::env::current_dir().map_err(|e| git2::Error::from_str(&e.to_string()))?;
        repository.set_workdir(&here, false)?;
    }
    Ok(repository)
}

/// Opens what a file set was selected from once more.
pub(crate) fn reopen(git_dir: &Path) -> Result<Repository, Error> {
    let repository =
        Repository::open(git_dir).map_err(|error| open_failed(git_dir.display(), &error))?;
    lend_objects(&repository)?;
    Ok(repository)
}

/// Lets a repository read the objects that the environment names: those that a `pre-receive` hook is asked about are not
/// in the repository yet. git(1), `GIT_OBJECT_DIRECTORY`.
fn lend_objects(repository: &Repository) -> Result<(), Error> {
    let failed = |error| {
        Error::git(
            "the objects that the environment names cannot be read",
            &error,
        )
    };
    let folders = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];
    let named: Vec<PathBuf> = folders
        .into_iter()
        .filter_map(variable)
        .flat_map(|value| std::env::split_paths(&value).collect::<Vec<_>>())
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let odb = repository.odb().map_err(failed)?;
    for folder in named.iter().filter_map(|folder| folder.to_str()) {
        odb.add_disk_alternate(folder).map_err(failed)?;
    }
    Ok(())
}

pub(crate) fn open_failed(place: impl fmt::Display, error: &git2::Error) -> Error {
    Error::git(
        format_args!("the git repository of `{place}` cannot be opened"),
        error,
    )
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
