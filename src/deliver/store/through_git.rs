//! A repository that libgit2 cannot open, through the git program.

use std::{
    cell::OnceCell,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Earlier, New, Store, Stored, parse};
use crate::{
    deliver::{
        branch::Error,
        people::{self, People, Person},
        settings::Settings,
    },
    git::{self, Git, Id},
    select::{
        path,
        through_git::{self, Listed},
    },
};

pub(super) struct ThroughGit {
    git: Git,
    git_dir: PathBuf,
    settings: OnceCell<Settings>,
}

impl ThroughGit {
    /// `kind` is what is unusual about the repository, for messages.
    pub(super) fn new(git_dir: &Path, kind: &str) -> Result<Self, Error> {
        let git = Git::find(&[git_dir, git_dir.parent().unwrap_or(git_dir)]).map_err(|error| {
            Error::new(format!(
                "`{}` {kind}, which takes the git program: {error}",
                git_dir.display()
            ))
        })?;
        Ok(Self {
            git: git.git_dir(git_dir),
            git_dir: git_dir.to_owned(),
            settings: OnceCell::new(),
        })
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<git::Output, Error> {
        self.git
            .run(arguments, input)
            .map_err(|error| Error::new(error.to_string()))
    }

    fn id(&self, arguments: &[&str], input: &[u8]) -> Result<Id, Error> {
        let printed = self.run(arguments, input)?.text();
        Id::parse(&printed)
            .ok_or_else(|| Error::new(format!("`git {}` printed no object name", arguments[0])))
    }

    /// What git prints where it ends with 0.
    fn asked(&self, arguments: &[&str]) -> Option<String> {
        let output = self.git.output(arguments, b"").ok()?;
        output.status.success().then(|| output.text())
    }
}

impl Store for ThroughGit {
    fn commit(&self, revision: &str) -> Result<Id, Error> {
        through_git::commit(&self.git, &self.git_dir, revision).map_err(Error::from)
    }

    fn since(&self, tip: &Id, base: &Id) -> Result<Vec<Earlier>, Error> {
        let not_base = format!("^{base}");
        let arguments = ["rev-list", "--topo-order", tip.as_str(), &not_base, "--"];
        let listed = self.run(&arguments, b"")?.text();
        let ids = listed.lines().filter_map(Id::parse);
        ids.map(|id| self.earlier(&id)).collect()
    }

    fn earlier(&self, id: &Id) -> Result<Earlier, Error> {
        let object = self.run(&["cat-file", "commit", id.as_str()], b"")?;
        parse(id.clone(), &object.stdout)
            .ok_or_else(|| Error::new(format!("commit {} is not well-formed", id.short())))
    }

    fn files(&self, tree: &Id, paths: &[&Path]) -> Result<Vec<Option<Stored>>, Error> {
        let told = |error: crate::select::Error| Error::from(error);
        let entries = through_git::tree(&self.git, tree).map_err(told)?;
        let entries: HashMap<&[u8], &Listed> = entries
            .iter()
            .map(|entry| (&entry.path[..], entry))
            .collect();
        let wanted: Vec<_> = paths
            .iter()
            .map(|path| entries.get(&path::to_bytes(path)[..]).copied())
            .collect();
        let regular = wanted.iter().flatten().filter(|entry| entry.is_regular());
        let ids: Vec<&Id> = regular.map(|entry| &entry.id).collect();
        let contents = through_git::contents(&self.git, &ids).map_err(told)?;
        let stored = |entry: &Listed| Stored {
            mode: entry.mode,
            content: contents.get(&entry.id).cloned().unwrap_or_default(),
        };
        Ok(wanted.into_iter().map(|entry| entry.map(stored)).collect())
    }

    fn tree(&self, tree: &Id, files: &[New<'_>]) -> Result<Id, Error> {
        let io = |error| Error::new(format!("a temporary file cannot be written: {error}"));
        let folder = tempfile::Builder::new()
            .prefix("gomend-")
            .tempdir()
            .map_err(io)?;
        let git = self
            .git
            .clone()
            .folder(folder.path())
            .env("GIT_INDEX_FILE", folder.path().join("index"));
        let told = |error: git::Error| Error::new(error.to_string());
        git.run(&["read-tree", tree.as_str()], b"").map_err(told)?;
        // By way of files, for one process for all of them.
        let mut names = String::new();
        for (index, file) in files.iter().enumerate() {
            fs::write(folder.path().join(index.to_string()), file.content).map_err(io)?;
            names.push_str(&index.to_string());
            names.push('\n');
        }
        let arguments = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
        let written = git.run(&arguments, names.as_bytes()).map_err(told)?.text();
        let mut entries = Vec::new();
        for (file, id) in files.iter().zip(written.lines()) {
            entries.extend(format!("{:o} {id}\t", file.mode).into_bytes());
            entries.extend(path::to_bytes(file.path));
            entries.push(0);
        }
        git.run(&["update-index", "-z", "--index-info"], &entries)
            .map_err(told)?;
        // In a partial clone the blobs that stay need not be here.
        let written = git
            .run(&["write-tree", "--missing-ok"], b"")
            .map_err(told)?;
        Id::parse(&written.text())
            .ok_or_else(|| Error::new("`git write-tree` printed no object name"))
    }

    fn people(&self) -> Result<People, Error> {
        // A name made up of the machine's is not one that somebody chose.
        let git = self.git.clone().setting("user.useConfigOnly", "true");
        let person = |variable: &str| {
            let cause = match git.run(&["var", variable], b"") {
                Ok(printed) => match Person::parse(&printed.text()) {
                    Some(person) => return Ok(person),
                    None => "`git var` prints none".to_owned(),
                },
                Err(error) => error.complaint().unwrap_or_default().to_owned(),
            };
            let cause = git2::Error::from_str(cause.trim_start_matches("fatal: "));
            let role = if variable.contains("AUTHOR") {
                "author"
            } else {
                "committer"
            };
            Err(people::no_identity(&self.settings()?, role, &cause))
        };
        Ok(People {
            author: person("GIT_AUTHOR_IDENT")?,
            committer: person("GIT_COMMITTER_IDENT")?,
        })
    }

    fn write_commit(&self, commit: &[u8]) -> Result<Id, Error> {
        self.id(&["hash-object", "-w", "-t", "commit", "--stdin"], commit)
    }

    fn branch(&self, name: &str) -> Result<Option<Id>, Error> {
        let reference = format!("refs/heads/{name}^{{commit}}");
        let found = self.asked(&["rev-parse", "--verify", "--quiet", &reference]);
        Ok(found.as_deref().and_then(Id::parse))
    }

    fn last_move(&self, branch: &str) -> Option<String> {
        let reference = format!("refs/heads/{branch}");
        let log = self.asked(&["reflog", "show", "-1", "--format=%gs", &reference, "--"])?;
        (!log.is_empty()).then_some(log)
    }

    fn checked_out_in(&self, branch: &str) -> Result<Option<PathBuf>, Error> {
        let listed = self.run(&["worktree", "list", "--porcelain"], b"")?;
        let wanted = format!("branch refs/heads/{branch}").into_bytes();
        let mut folder = None;
        for line in listed.stdout.split(|byte| *byte == b'\n') {
            if let Some(path) = line.strip_prefix(b"worktree ") {
                folder = Some(path::from_bytes(path));
            } else if line == wanted {
                return Ok(folder);
            }
        }
        Ok(None)
    }

    fn set_branch(
        &self,
        name: &str,
        tip: &Id,
        previous: Option<&Id>,
        why: &str,
    ) -> Result<(), Error> {
        let reference = format!("refs/heads/{name}");
        // Zeros stand for a branch that is not there.
        let nothing = "0".repeat(tip.as_str().len());
        let previous = previous.map_or(nothing.as_str(), Id::as_str);
        let arguments = ["update-ref", "-m", why, &reference, tip.as_str(), previous];
        let Err(error) = self.git.run(&arguments, b"") else {
            return Ok(());
        };
        let complaint = error.complaint().unwrap_or_default();
        let lost = ["but expected", "already exists", "Unable to create"];
        if lost.iter().any(|words| complaint.contains(words))
            && !complaint.contains("cannot create")
        {
            return Err(Error::moved_meanwhile(name));
        }
        Err(Error::new(format!(
            "the branch `{name}` cannot be set: {error}"
        )))
    }

    fn settings(&self) -> Result<Settings, Error> {
        if self.settings.get().is_none() {
            let settings = Settings::of_git(&self.git).ok_or_else(|| {
                Error::new("git's configuration cannot be read; `git config --list` says why")
            })?;
            // Nobody else sets it meanwhile.
            let _ = self.settings.set(settings);
        }
        Ok(self.settings.get().cloned().unwrap_or_default())
    }

    fn folders(&self) -> Vec<PathBuf> {
        let top = self
            .asked(&["rev-parse", "--show-toplevel"])
            .map(PathBuf::from);
        [Some(self.git_dir.clone()), top]
            .into_iter()
            .flatten()
            .collect()
    }
}
