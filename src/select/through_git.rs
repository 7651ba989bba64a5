//! Repositories that libgit2 cannot open, or whose index it cannot read, through the git program.
//!
//! Where it cannot open one, it is shown a [`View`]: a git folder of gomend's own, in a temporary folder, with what the
//! search needs. It borrows the objects of the repository (`objects/info/alternates`), or, where those are of the format
//! `sha256`, holds copies of the files that are read. The repository itself is only read, except that git fetches what a
//! partial clone left out.

mod fetch;
mod listed;
mod sha256;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use git2::{Index, IndexEntry, Oid, Repository};
pub(crate) use listed::{Listed, contents, tree};
use tempfile::TempDir;

use super::{Error, Options, opening, path};
use crate::git::{self, Git, Id};

/// What libgit2 is shown in place of a repository.
#[derive(Debug)]
pub struct View {
    folder: TempDir,
    git: Git,
    /// The repository's own git folder.
    pub(crate) git_dir: PathBuf,
    /// The git folder that its work trees share.
    common: PathBuf,
    is_sha256: bool,
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn told(error: git::Error) -> Error {
    Error::new(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn io_error(error: io::Error) -> Error {
    Error::new(format!("a temporary git folder cannot be written: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn git_error(error: git2::Error) -> Error {
    Error::git("a temporary git folder cannot be written", &error)
}

impl View {
    /// Makes the view of the repository that `folder` is in; `kind` says what is unusual about it.
    pub(crate) fn of(folder: &Path, kind: &str) -> Result<Self, Error> {
        let without = |error: git::Error| {
            Error::new(format!(
                "the git repository of `{}` {kind}, which takes the git program: {error}",
                folder.display()
            ))
        };
        let mut git = Git::find(&[folder]).map_err(without)?.folder(folder);
        for variable in ["GIT_DIR", "GIT_WORK_TREE"] {
            if let Some(value) = opening::variable(variable) {
                git = git.env(variable, value);
            }
        }
        let asked = |question: &str| -> Result<PathBuf, Error> {
            let answer = git.run(&["rev-parse", question], b"").map_err(|error| {
                let complaint = error.complaint().unwrap_or("git does not say why");
                let complaint = complaint.trim_start_matches("fatal: ");
                let cause = opening::foreign_owner(complaint).unwrap_or_else(|| {
                    format!(
                        "it {kind}, and git says: {}",
                        complaint.trim_end_matches(':')
                    )
                });
                Error::new(format!(
                    "the git repository of `{}` cannot be opened: {cause}",
                    folder.display()
                ))
            })?;
            let line = answer.stdout.strip_suffix(b"\n").unwrap_or(&answer.stdout);
            Ok(folder.join(path::from_bytes(line)))
        };
        let git_dir = asked("--absolute-git-dir")?;
        let common = asked("--git-common-dir")?;
        let is_bare = asked("--is-bare-repository")?.ends_with("true");
        let top = if is_bare {
            None
        } else {
            Some(asked("--show-toplevel")?)
        };
        // Found anew, now that its whole extent is known.
        let mut outside = vec![git_dir.as_path(), common.as_path()];
        outside.extend(top.as_deref());
        let git = Git::find(&outside).map_err(without)?.git_dir(&git_dir);
        let format = git.run(&["rev-parse", "--show-object-format"], b"");
        let view = Self {
            folder: tempfile::Builder::new()
                .prefix("gomend-")
                .tempdir()
                .map_err(io_error)?,
            is_sha256: format.map_err(told)?.text() == "sha256",
            git,
            git_dir,
            common,
        };
        view.fill(top.as_deref())?;
        Ok(view)
    }

    /// The git folder that libgit2 opens.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Repository, Error> {
        Repository::open(self.path()).map_err(git_error)
    }

    fn fill(&self, top: Option<&Path>) -> Result<(), Error> {
        let common = &self.common;
        let at = |name: &str| self.path().join(name);
        for folder in ["objects/info", "refs/heads", "info"] {
            fs::create_dir_all(at(folder)).map_err(io_error)?;
        }
        fs::write(at("HEAD"), "ref: refs/heads/gomend-view\n").map_err(io_error)?;
        for file in ["info/exclude", "info/attributes", "shallow"] {
            if common.join(file).is_file() {
                fs::copy(common.join(file), at(file)).map_err(io_error)?;
            }
        }
        self.configure(top)?;
        if !self.is_sha256 {
            let objects = path::to_bytes(&common.join("objects"));
            fs::write(
                at("objects/info/alternates"),
                [&objects[..], b"\n"].concat(),
            )
            .map_err(io_error)?;
            let format = "--format=%(objectname) %(refname)";
            let refs = self.git.run(&["for-each-ref", format], b"").map_err(told)?;
            fs::write(at("packed-refs"), refs.stdout).map_err(io_error)?;
            let head = self
                .git
                .output(&["rev-parse", "--verify", "--quiet", "HEAD"], b"");
            if let Some(head) = Id::parse(&head.map_err(told)?.text()) {
                fs::write(at("HEAD"), format!("{head}\n")).map_err(io_error)?;
            }
        }
        if self.is_sha256 {
            self.import_head()?;
        }
        if top.is_some() {
            let entries = self.indexed()?;
            let mut index = Index::open(&at("index")).map_err(git_error)?;
            for entry in &entries {
                index.add(entry).map_err(git_error)?;
            }
            index.write().map_err(git_error)?;
        }
        Ok(())
    }

    /// What says how files are read and paths compared; nothing that names programs or extensions.
    fn configure(&self, top: Option<&Path>) -> Result<(), Error> {
        let mut config = git2::Config::open(&self.path().join("config")).map_err(git_error)?;
        for key in [
            "core.ignorecase",
            "core.excludesfile",
            "core.attributesfile",
            "core.autocrlf",
            "core.eol",
            "core.safecrlf",
            "core.filemode",
            "core.symlinks",
            "core.precomposeunicode",
            "core.protecthfs",
            "core.protectntfs",
        ] {
            let value = self
                .git
                .output(&["config", "--get", key], b"")
                .map_err(told)?;
            if value.status.success() {
                config.set_str(key, &value.text()).map_err(git_error)?;
            }
        }
        config
            .set_str("core.repositoryformatversion", "0")
            .map_err(git_error)?;
        config
            .set_bool("core.bare", top.is_none())
            .map_err(git_error)?;
        if let Some(top) = top {
            let top = String::from_utf8_lossy(&path::to_bytes(top)).into_owned();
            config.set_str("core.worktree", &top).map_err(git_error)?;
        }
        Ok(())
    }

    /// The entries of the index, in a sparse one those below the folders that it holds too.
    fn indexed(&self) -> Result<Vec<IndexEntry>, Error> {
        let listed = listed::index(&self.git)?;
        if !self.is_sha256 {
            return listed.iter().map(Listed::as_sha1).collect();
        }
        let oids = self.import(&listed)?;
        let entries = listed.iter().zip(oids);
        Ok(entries.map(|(entry, oid)| entry.with(oid)).collect())
    }

    /// The commit that `revision` names, as `repo`, which was opened from this view, has it.
    pub(crate) fn commit(&self, repo: &Repository, revision: &str) -> Result<Oid, Error> {
        let id = commit(&self.git, &self.git_dir, revision)?;
        if self.is_sha256 {
            return self.import_commit(repo, &id);
        }
        Oid::from_str(id.as_str()).map_err(git_error)
    }

    /// Why `option`, which compares with history, cannot be used.
    pub(crate) fn refuse_history(&self, option: &str) -> Result<(), Error> {
        if self.is_sha256 {
            return Err(Error::new(format!(
                "`{option}` compares with history, which gomend cannot read in a repository of the object format `sha256`; leave it out"
            )));
        }
        Ok(())
    }
}

/// Makes sure that the files of a commit, which `revision` names, that are read are there: a partial clone lacks some.
pub(crate) fn bring(
    repo: &Repository,
    view: Option<&View>,
    commit: Oid,
    revision: &str,
    options: &Options,
) -> Result<(), Error> {
    let found = match view {
        Some(view) if view.is_sha256 => None,
        Some(view) => {
            let config = git2::Config::open(&view.common.join("config")).map_err(git_error)?;
            fetch::promisor(&config).map(|remote| (view.git.clone(), remote))
        }
        None => {
            let config = repo.config().map_err(git_error)?;
            match fetch::promisor(&config) {
                Some(remote) => Some((git_of(repo, "is a partial clone")?, remote)),
                None => None,
            }
        }
    };
    match found {
        Some((git, remote)) => fetch::fetch(&git, &remote, repo, &commit.into(), revision, options),
        None => Ok(()),
    }
}

/// The git program, for a repository that libgit2 opens and that takes git all the same.
fn git_of(repo: &Repository, kind: &str) -> Result<Git, Error> {
    let outside: Vec<&Path> = repo
        .workdir()
        .into_iter()
        .chain([repo.commondir()])
        .collect();
    let git = Git::find(&outside).map_err(|error| {
        Error::new(format!(
            "`{}` {kind}, which takes the git program: {error}",
            repo.path().display()
        ))
    })?;
    Ok(git.git_dir(repo.path()))
}

/// The commit that `revision` names.
pub(crate) fn commit(git: &Git, git_dir: &Path, revision: &str) -> Result<Id, Error> {
    let wanted = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    let arguments = [&arguments[..], &[wanted.as_str()]].concat();
    let output = git.output(&arguments, b"").map_err(told)?;
    // `--end-of-options` is printed too.
    if let Some(id) = output.text().lines().last().and_then(Id::parse) {
        return Ok(id);
    }
    let complaint = output.complaint();
    let mut lines = complaint.lines();
    if let Some(line) = lines.find_map(|line| line.strip_prefix("fatal: ")) {
        return Err(Error::new(format!(
            "git cannot read `{}`: {line}",
            git_dir.display()
        )));
    }
    let born = git.output(&["rev-parse", "--verify", "--quiet", "HEAD"], b"");
    if revision == "HEAD" && born.is_ok_and(|output| !output.status.success()) {
        return Err(Error::new(format!(
            "`{}` has no commit yet; make one first",
            git_dir.display()
        )));
    }
    Err(Error::new(format!(
        "`{revision}` does not name a commit; `git branch -a` and `git tag` list the names there are"
    )))
}

/// The index of a repository that libgit2 opens, but whose index it cannot read: a sparse or a split one.
pub(crate) fn index(repo: &Repository, kind: &str) -> Result<Index, Error> {
    let git = git_of(repo, kind)?;
    let mut index = Index::new().map_err(git_error)?;
    for entry in listed::index(&git)? {
        index.add(&entry.as_sha1()?).map_err(git_error)?;
    }
    Ok(index)
}

/// Whether the search reads a file of that path: Go files, and what tells about them.
fn is_read(path: &[u8]) -> bool {
    let name = path::base_name(path);
    name.ends_with(b".go")
        || matches!(
            name,
            b".gitattributes" | b".gitignore" | b"go.mod" | b"CODEOWNERS"
        )
        || path.ends_with(b"vendor/modules.txt")
}
