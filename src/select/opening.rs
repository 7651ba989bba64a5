//! Opening repositories: found from a folder or named by the environment, by libgit2 or, where it cannot, by way of a
//! [`View`]; and their indexes.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use git2::{ErrorCode, Index, Repository, RepositoryOpenFlags};

use super::{
    Error,
    through_git::{self, View},
};

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
    pub(crate) fn root(&self) -> &Path {
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
