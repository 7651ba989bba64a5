//! The usual repository, through libgit2.

use std::{
    cell::OnceCell,
    fs,
    path::{Path, PathBuf},
};

use git2::{
    BranchType, ErrorCode, FileMode, ObjectType, Oid, Repository, Tree, build::TreeUpdateBuilder,
};

use super::{Earlier, New, Store, Stored, parse};
use crate::{
    deliver::{
        branch::Error,
        people::{self, People},
        settings::Settings,
    },
    git::{Git, Id},
    select::repository,
};

pub(super) struct Libgit2 {
    repo: Repository,
    settings: OnceCell<Settings>,
}

impl Libgit2 {
    pub(super) fn new(repo: Repository) -> Self {
        Self {
            repo,
            settings: OnceCell::new(),
        }
    }

    fn find_tree(&self, id: &Id) -> Result<git2::Tree<'_>, git2::Error> {
        self.repo.find_tree(oid(id)?)
    }
}

impl Libgit2 {
    fn read_settings(&self) -> Result<Settings, Error> {
        let folders = self.folders();
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        if let Ok(git) = Git::find(&folders)
            && let Some(settings) = Settings::of_git(&git.git_dir(self.repo.path()))
        {
            return Ok(settings);
        }
        let config = self.repo.config().and_then(|mut config| config.snapshot());
        config
            .and_then(|config| Settings::of_libgit2(&config))
            .map_err(|error| Error::git("git's configuration cannot be read", &error))
    }

    fn file_of(&self, tree: &Tree<'_>, path: &Path) -> Result<Option<Stored>, Error> {
        let failed = |error: git2::Error| {
            Error::git(
                format_args!("`{}` of the base cannot be read", path.display()),
                &error,
            )
        };
        let entry = match tree.get_path(path) {
            Ok(entry) => entry,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut stored = Stored {
            mode: entry.filemode().cast_unsigned(),
            content: Vec::new(),
        };
        if stored.is_regular() {
            let blob = self.repo.find_blob(entry.id()).map_err(failed)?;
            stored.content = blob.content().to_vec();
        }
        Ok(Some(stored))
    }
}

fn oid(id: &Id) -> Result<Oid, git2::Error> {
    Oid::from_str(id.as_str())
}

impl Store for Libgit2 {
    fn commit(&self, revision: &str) -> Result<Id, Error> {
        Ok(repository::commit(&self.repo, revision)?.id().into())
    }

    fn since(&self, tip: &Id, base: &Id) -> Result<Vec<Earlier>, Error> {
        let failed = |error: git2::Error| Error::git("the branch's history cannot be read", &error);
        let mut walk = self.repo.revwalk().map_err(failed)?;
        walk.set_sorting(git2::Sort::TOPOLOGICAL).map_err(failed)?;
        walk.push(oid(tip).map_err(failed)?).map_err(failed)?;
        walk.hide(oid(base).map_err(failed)?).map_err(failed)?;
        walk.map(|id| self.earlier(&id.map_err(failed)?.into()))
            .collect()
    }

    fn earlier(&self, id: &Id) -> Result<Earlier, Error> {
        let failed = |error: git2::Error| {
            Error::git(format_args!("commit {} cannot be read", id.short()), &error)
        };
        let odb = self.repo.odb().map_err(failed)?;
        let object = odb.read(oid(id).map_err(failed)?).map_err(failed)?;
        parse(id.clone(), object.data())
            .ok_or_else(|| Error::new(format!("commit {} is not well-formed", id.short())))
    }

    fn files(&self, tree: &Id, paths: &[&Path]) -> Result<Vec<Option<Stored>>, Error> {
        let tree = self
            .find_tree(tree)
            .map_err(|error| Error::git("the tree of the base cannot be read", &error))?;
        let files = paths.iter().map(|path| self.file_of(&tree, path));
        files.collect()
    }

    fn tree(&self, tree: &Id, files: &[New<'_>]) -> Result<Id, Error> {
        let failed = |error: git2::Error| Error::git("a tree cannot be written", &error);
        let mut update = TreeUpdateBuilder::new();
        for file in files {
            let id = self.repo.blob(file.content.as_bytes()).map_err(|error| {
                let what = format_args!("`{}` cannot be written", file.path.display());
                Error::git(what, &error)
            })?;
            let mode = if file.mode == 0o100_755 {
                FileMode::BlobExecutable
            } else {
                FileMode::Blob
            };
            update.upsert(file.path, id, mode);
        }
        let tree = self.find_tree(tree).map_err(failed)?;
        let new = update.create_updated(&self.repo, &tree);
        Ok(new.map_err(failed)?.into())
    }

    fn people(&self) -> Result<People, Error> {
        let settings = self.settings()?;
        let unknown = |role: &'static str| {
            let settings = &settings;
            move |error: git2::Error| people::no_identity(settings, role, &error)
        };
        let author = self.repo.author_from_env().map_err(unknown("author"))?;
        let committer = self
            .repo
            .committer_from_env()
            .map_err(unknown("committer"))?;
        Ok(People {
            author: people::person(&author, &settings, "author"),
            committer: people::person(&committer, &settings, "committer"),
        })
    }

    fn write_commit(&self, commit: &[u8]) -> Result<Id, Error> {
        let written = self
            .repo
            .odb()
            .and_then(|odb| odb.write(ObjectType::Commit, commit));
        let id = written.map_err(|error| Error::git("a commit cannot be written", &error))?;
        Ok(id.into())
    }

    fn branch(&self, name: &str) -> Result<Option<Id>, Error> {
        let tip = match self.repo.find_branch(name, BranchType::Local) {
            Ok(branch) => branch.get().peel_to_commit().map(|commit| commit.id()),
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => Err(error),
        };
        let tip = tip.map_err(|error| {
            Error::git(format_args!("the branch `{name}` cannot be read"), &error)
        })?;
        Ok(Some(tip.into()))
    }

    fn last_move(&self, branch: &str) -> Option<String> {
        let log = self.repo.reflog(&format!("refs/heads/{branch}")).ok()?;
        let newest = log.get(0)?;
        let message = newest.message_bytes().unwrap_or_default();
        Some(String::from_utf8_lossy(message).into_owned())
    }

    fn checked_out_in(&self, branch: &str) -> Result<Option<PathBuf>, Error> {
        Ok(checked_out_in(&self.repo, branch))
    }

    fn set_branch(
        &self,
        name: &str,
        tip: &Id,
        previous: Option<&Id>,
        why: &str,
    ) -> Result<(), Error> {
        let failed = |error: git2::Error| {
            if matches!(error.code(), ErrorCode::Modified | ErrorCode::Locked) {
                return Error::moved_meanwhile(name);
            }
            // Where there was none a moment ago.
            if previous.is_none() && error.code() == ErrorCode::Exists {
                return Error::moved_meanwhile(name);
            }
            Error::git(format_args!("the branch `{name}` cannot be set"), &error)
        };
        let reference = format!("refs/heads/{name}");
        let tip = oid(tip).map_err(failed)?;
        let moved = match previous {
            Some(previous) => {
                let previous = oid(previous).map_err(failed)?;
                self.repo
                    .reference_matching(&reference, tip, true, previous, why)
            }
            None => self.repo.reference(&reference, tip, false, why),
        };
        moved.map(drop).map_err(failed)
    }

    fn settings(&self) -> Result<Settings, Error> {
        if self.settings.get().is_none() {
            // Nobody else sets it meanwhile.
            let _ = self.settings.set(self.read_settings()?);
        }
        Ok(self.settings.get().cloned().unwrap_or_default())
    }

    fn folders(&self) -> Vec<PathBuf> {
        let folders = [self.repo.workdir(), Some(self.repo.commondir())];
        folders
            .into_iter()
            .flatten()
            .map(Path::to_path_buf)
            .collect()
    }
}

fn checked_out_in(repo: &Repository, branch: &str) -> Option<PathBuf> {
    let wanted = format!("ref: refs/heads/{branch}");
    let is_at = |git_dir: &Path| {
        fs::read_to_string(git_dir.join("HEAD")).is_ok_and(|head| head.trim_end() == wanted)
    };
    let common = repo.commondir();
    let main_is_bare = repo
        .config()
        .and_then(|config| config.get_bool("core.bare"))
        .unwrap_or(false);
    if !main_is_bare && is_at(common) {
        return Some(common.parent().unwrap_or(common).to_path_buf());
    }
    let worktrees = fs::read_dir(common.join("worktrees")).ok()?;
    let mut folders: Vec<PathBuf> = worktrees
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort();
    let at = folders.into_iter().find(|folder| is_at(folder))?;
    let link = fs::read_to_string(at.join("gitdir")).unwrap_or_default();
    Some(
        Path::new(link.trim_end())
            .parent()
            .map_or(at, Path::to_path_buf),
    )
}
