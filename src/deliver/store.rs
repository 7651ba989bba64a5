//! What delivery needs of a repository: to read commits and files, write objects, and move a branch. Through libgit2
//! where that can open the repository, through the git program where only git can.

mod libgit2;
mod through_git;

use std::path::{Path, PathBuf};

use super::{branch::Error, people::People, settings::Settings};
use crate::{git::Id, select::opening};

/// A repository to commit to.
pub(super) trait Store {
    /// The commit that a revision names.
    fn commit(&self, revision: &str) -> Result<Id, Error>;

    /// The commits of `tip` that `base` does not have, newest first.
    fn since(&self, tip: &Id, base: &Id) -> Result<Vec<Earlier>, Error>;

    /// One commit.
    fn earlier(&self, id: &Id) -> Result<Earlier, Error>;

    /// Files of a tree, in the order asked for; `None` where it has none of that path.
    fn files(&self, tree: &Id, paths: &[&Path]) -> Result<Vec<Option<Stored>>, Error>;

    /// A file of a tree; `None` where it has none of that path.
    fn file(&self, tree: &Id, path: &Path) -> Result<Option<Stored>, Error> {
        let files = self.files(tree, &[path])?;
        Ok(files.into_iter().next().flatten())
    }

    /// Writes a tree with other contents of some files; everything else, modes included, stays.
    fn tree(&self, tree: &Id, files: &[New<'_>]) -> Result<Id, Error>;

    /// Author and committer as git is configured, `--author` aside.
    fn people(&self) -> Result<People, Error>;

    /// Writes a commit as git stores it.
    fn write_commit(&self, commit: &[u8]) -> Result<Id, Error>;

    /// The commit of a branch, where it exists.
    fn branch(&self, name: &str) -> Result<Option<Id>, Error>;

    /// What the newest entry of the branch's log says, where it has a log.
    fn last_move(&self, branch: &str) -> Option<String>;

    /// The work tree whose HEAD is at that branch, born or not. A bare repository's HEAD is no checkout.
    fn checked_out_in(&self, branch: &str) -> Result<Option<PathBuf>, Error>;

    /// Moves a branch from `previous`, where it is then refused to have been anywhere else, to `tip`.
    fn set_branch(
        &self,
        name: &str,
        tip: &Id,
        previous: Option<&Id>,
        why: &str,
    ) -> Result<(), Error>;

    /// git's configuration.
    fn settings(&self) -> Result<Settings, Error>;

    /// Folders of the repository, whose programs are none to run.
    fn folders(&self) -> Vec<PathBuf>;
}

/// A commit that exists.
pub(super) struct Earlier {
    pub id: Id,
    pub parents: Vec<Id>,
    pub tree: Id,
    /// `Name <email>`.
    pub author: String,
    pub is_signed: bool,
    pub message: String,
}

/// A file of a tree.
pub(super) struct Stored {
    /// As the tree has it: `0o100_644` and its kin.
    pub mode: u32,
    /// Empty where it is no regular file.
    pub content: Vec<u8>,
}

impl Stored {
    pub(super) fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// A file to write.
pub(super) struct New<'a> {
    pub path: &'a Path,
    pub mode: u32,
    pub content: &'a str,
}

/// Opens the repository at `git_dir`: its `.git` folder, or itself where it is bare.
pub(super) fn open(git_dir: &Path) -> Result<Box<dyn Store>, Error> {
    match git2::Repository::open(git_dir) {
        Ok(repo) => Ok(Box::new(libgit2::Libgit2::new(repo))),
        Err(error) => match opening::needs_git(&error) {
            Some(kind) => Ok(Box::new(through_git::ThroughGit::new(git_dir, &kind)?)),
            None => Err(opening::open_failed(git_dir.display(), &error).into()),
        },
    }
}

/// Reads a commit as git stores it.
fn parse(id: Id, commit: &[u8]) -> Option<Earlier> {
    let end = memchr::memmem::find(commit, b"\n\n").unwrap_or(commit.len());
    let headers = String::from_utf8_lossy(&commit[..end]).into_owned();
    let message = commit.get(end + 2..).unwrap_or_default();
    let value = |key: &str| {
        let mut lines = headers.lines();
        lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
    };
    let author = value("author")?;
    let name_end = author.rfind('>').map_or(author.len(), |at| at + 1);
    let parents = headers
        .lines()
        .filter_map(|line| Id::parse(line.strip_prefix("parent ")?));
    Some(Earlier {
        parents: parents.collect(),
        tree: Id::parse(value("tree")?)?,
        author: author[..name_end].to_owned(),
        is_signed: value("gpgsig").or_else(|| value("gpgsig-sha256")).is_some(),
        message: String::from_utf8_lossy(message).into_owned(),
        id,
    })
}
