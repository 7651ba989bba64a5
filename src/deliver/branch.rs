//! Makes commits on a branch out of verified texts. Blobs and trees are built on the base's tree, and the branch is moved
//! last: work tree and index stay as they are, so it also works in bare repositories.

use std::{fmt, path::Path, sync::Arc};

use super::{
    ignore_revs,
    ours::{self, Previous},
    people::{self, Person},
    sign::{self, Signer},
    store::{self, Earlier, New, Store, Stored},
};
use crate::{git::Id, select::opening, verify::Verified};

/// Marks a commit as ours; see [`trailers`].
pub(super) const OURS: &str = "Gomend-Codemod";

/// How the log of a branch begins to say that we moved it.
pub(super) const LOGGED: &str = "gomend:";

/// The file whose commits `git blame` passes over, where it is told so (`blame.ignoreRevsFile`) and on the forges.
pub const IGNORE_REVS: &str = ".git-blame-ignore-revs";

/// One commit to make.
#[derive(Debug)]
pub struct CommitSpec<'a> {
    /// Subject, body and [`trailers`].
    pub message: String,
    /// The files that it changes, each with `before` as the commit before leaves it.
    pub files: Vec<&'a Verified>,
}

/// What to put on which branch.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent wishes, each an option of the command line"
)]
pub struct BranchPlan<'a> {
    /// The repository's `.git` folder, or the repository itself where it is bare.
    pub git_dir: &'a Path,
    /// Name of the branch, without `refs/heads/`.
    pub branch: &'a str,
    /// Revision to build on.
    pub base: &'a str,
    /// In order; those without a change are left out.
    pub commits: Vec<CommitSpec<'a>>,
    /// Replace the branch where it exists and all its commits are ours.
    pub update: bool,
    /// `Name <email>`; the committer is always as git is configured.
    pub author: Option<&'a str>,
    /// Add `Signed-off-by` with the committer.
    pub signoff: bool,
    /// Which commits are signed.
    pub sign: Sign,
    /// Make the commits and leave the branch where it is.
    pub rehearse: bool,
    /// Make the commits and look at no branch at all.
    pub loose: bool,
    /// Add a last commit that names the others in [`IGNORE_REVS`].
    pub ignore_revs: bool,
}

/// Which commits are signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sign {
    /// Those that git would sign: all, where `commit.gpgSign` is set.
    #[default]
    Configured,
    /// None.
    Never,
    /// All, with this key or the one that is configured.
    Always(Option<String>),
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// As in the plan.
    pub name: String,
    /// The commit that it starts from.
    pub base: Id,
    /// Its last commit; the base where there was nothing to commit, and then the branch was not touched.
    pub tip: Id,
    /// The new commits, oldest first.
    pub commits: Vec<Id>,
    /// The branch was there and holds just this: the same changes, messages and author. It stays as it is.
    pub unchanged: bool,
    /// The base has a file [`IGNORE_REVS`], or git is told to read one.
    pub has_ignore_revs: bool,
    /// To be said once on standard error.
    pub warnings: Vec<String>,
}

/// Why nothing was committed: the thing, the cause and the next step in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(super) fn git(what: impl fmt::Display, error: &git2::Error) -> Self {
        Self(format!("{what}: {}", opening::cause(error)))
    }

    pub(super) fn moved_meanwhile(branch: &str) -> Self {
        Self(format!(
            "the branch `{branch}` is being changed by somebody else; run again"
        ))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<crate::select::Error> for Error {
    fn from(error: crate::select::Error) -> Self {
        Self(error.to_string())
    }
}

/// The trailers of a commit: what made it, from where. To stand behind an empty line at the message's end.
pub fn trailers(codemod: &str, version: &str, base: &Id) -> String {
    format!("{OURS}: {codemod}\nGomend-Version: {version}\nGomend-Base: {base}\n")
}

/// The commit that `base` names in the repository at `git_dir`.
///
/// # Errors
/// The repository cannot be opened, has no commit yet, or `base` names none.
pub fn base_commit(git_dir: &Path, base: &str) -> Result<Id, Error> {
    store::open(git_dir)?.commit(base)
}

/// Makes the commits of `plan` and moves its branch to the last. All or nothing: the branch moves in one step, and only
/// when every object is written. Where it holds the same already, dates aside, it stays as it is.
///
/// # Errors
/// The base does not resolve or moved since the files were read; the branch's name is invalid, or the branch exists and
/// is not to be or must not be replaced, or was moved meanwhile; git knows no name and e-mail; the commits are to be
/// signed and cannot be; the repository cannot be written.
pub fn commit(plan: &BranchPlan<'_>) -> Result<Branch, Error> {
    let store = store::open(plan.git_dir)?;
    let store = store.as_ref();
    let base = store.commit(plan.base)?;
    let mut branch = Branch {
        name: plan.branch.to_owned(),
        tip: base.clone(),
        base,
        commits: Vec::new(),
        unchanged: false,
        has_ignore_revs: false,
        warnings: Vec::new(),
    };
    let changed =
        |spec: &&CommitSpec<'_>| spec.files.iter().any(|file| file.before() != file.after());
    let specs: Vec<_> = plan.commits.iter().filter(changed).collect();
    if specs.is_empty() {
        return Ok(branch);
    }
    let previous = if plan.loose {
        ours::require_name(plan.branch)?;
        None
    } else {
        ours::replaceable(store, plan, &branch.base)?
    };
    let maker = Maker::new(store, plan)?;
    let base_tree = store.earlier(&branch.base)?.tree;
    branch.has_ignore_revs = ignore_revs::is_in_use(store, &base_tree)?;
    let drafts = maker.drafts(&specs, &base_tree)?;
    if let Some(previous) = &previous {
        let ids: Vec<Id> = previous
            .commits
            .iter()
            .rev()
            .map(|c| c.id.clone())
            .collect();
        let mut all = drafts.clone();
        if plan.ignore_revs && ids.len() > drafts.len() {
            all.push(maker.ignoring(&drafts, &ids, &branch.base)?);
        }
        let complete = all.len() == drafts.len() + usize::from(plan.ignore_revs);
        if complete && maker.made(previous, &all, &branch.base) {
            branch.tip.clone_from(&previous.tip);
            branch.commits = ids;
            branch.unchanged = true;
            return Ok(branch);
        }
    }
    maker.write_all(&drafts, &mut branch)?;
    if plan.ignore_revs {
        let last = maker.ignoring(&drafts, &branch.commits, &branch.base)?;
        maker.write_all(&[last], &mut branch)?;
    }
    branch.warnings.extend(maker.warnings);
    if !plan.rehearse && !plan.loose {
        let reason = format!("{LOGGED} {} commits on {}", branch.commits.len(), plan.base);
        let previous = previous.as_ref().map(|previous| &previous.tip);
        store.set_branch(plan.branch, &branch.tip, previous, &reason)?;
    }
    Ok(branch)
}

/// What turns specifications into commits.
struct Maker<'a> {
    store: &'a dyn Store,
    author: Person,
    committer: Person,
    signoff: bool,
    signer: Option<Signer>,
    warnings: Vec<String>,
}

/// A commit without its parent.
#[derive(Clone)]
struct Draft {
    tree: Id,
    message: String,
}

impl<'a> Maker<'a> {
    fn new(store: &'a dyn Store, plan: &BranchPlan<'_>) -> Result<Self, Error> {
        let found = store.people()?;
        let author = match plan.author {
            Some(text) => people::named(text, &found.author)?,
            None => found.author,
        };
        let (signer, warnings) = sign::signer(store, &plan.sign, &found.committer)?;
        Ok(Self {
            store,
            author,
            committer: found.committer,
            signoff: plan.signoff,
            signer,
            warnings,
        })
    }

    /// Writes the trees, each on top of the one before.
    fn drafts(&self, specs: &[&CommitSpec<'_>], base: &Id) -> Result<Vec<Draft>, Error> {
        let mut tree = base.clone();
        let draft = |spec: &&CommitSpec<'_>| {
            tree = new_tree(self.store, &tree, &spec.files)?;
            Ok(Draft {
                tree: tree.clone(),
                message: self.message(&spec.message)?,
            })
        };
        specs.iter().map(draft).collect()
    }

    /// The commit that has blame pass over the others.
    fn ignoring(&self, drafts: &[Draft], ids: &[Id], base: &Id) -> Result<Draft, Error> {
        let messages: Vec<&str> = drafts.iter().map(|draft| &*draft.message).collect();
        let commits: Vec<(&Id, &str)> = ids.iter().zip(messages.iter().copied()).collect();
        let tree = &drafts.last().expect("without a draft nothing is made").tree;
        Ok(Draft {
            tree: ignore_revs::add(self.store, tree, &commits)?,
            message: self.message(&ignore_revs::message(&messages, base))?,
        })
    }

    /// A message in git's form, signed off where that is wanted.
    fn message(&self, message: &str) -> Result<String, Error> {
        let mut message = git2::message_prettify(message, None)
            .map_err(|error| Error::git("a commit message cannot be written", &error))?;
        if self.signoff {
            let has_trailers = git2::message_trailers_bytes(message.as_str())
                .is_ok_and(|trailers| trailers.iter().next().is_some());
            message.push_str(if has_trailers { "" } else { "\n" });
            message.push_str("Signed-off-by: ");
            message.push_str(&self.committer.name);
            message.push('\n');
        }
        Ok(message)
    }

    /// Whether the branch holds just the drafts on `base`, dates and committer aside.
    fn made(&self, previous: &Previous, drafts: &[Draft], base: &Id) -> bool {
        let oldest_first: Vec<&Earlier> = previous.commits.iter().rev().collect();
        let parents = std::iter::once(base).chain(oldest_first.iter().map(|commit| &commit.id));
        let is = |((commit, draft), parent): ((&&Earlier, &Draft), &Id)| {
            commit.parents == [parent.clone()]
                && commit.tree == draft.tree
                && commit.message == draft.message
                && commit.author == self.author.name
                && commit.is_signed == self.signer.is_some()
        };
        oldest_first.len() == drafts.len() && oldest_first.iter().zip(drafts).zip(parents).all(is)
    }

    /// Adds the drafts to the branch, oldest first.
    fn write_all(&self, drafts: &[Draft], branch: &mut Branch) -> Result<(), Error> {
        for draft in drafts {
            let id = self.write(draft, &branch.tip)?;
            branch.commits.push(id.clone());
            branch.tip = id;
        }
        Ok(())
    }

    fn write(&self, draft: &Draft, parent: &Id) -> Result<Id, Error> {
        let mut headers = format!(
            "tree {}\nparent {parent}\nauthor {}\ncommitter {}\n",
            draft.tree,
            self.author.line(),
            self.committer.line()
        );
        if let Some(signer) = &self.signer {
            let unsigned = format!("{headers}\n{}", draft.message);
            let signature = signer.sign(unsigned.as_bytes())?;
            let is_sha256 = parent.as_str().len() == 64;
            headers.push_str(if is_sha256 { "gpgsig-sha256" } else { "gpgsig" });
            for line in signature.trim_end().lines() {
                headers.push(' ');
                headers.push_str(line);
                headers.push('\n');
            }
        }
        self.store
            .write_commit(format!("{headers}\n{}", draft.message).as_bytes())
    }
}

/// The tree with the files' new texts; everything else, modes included, stays.
fn new_tree(store: &dyn Store, tree: &Id, files: &[&Verified]) -> Result<Id, Error> {
    let changed = files.iter().filter(|file| file.before() != file.after());
    let changed: Vec<&Verified> = changed.copied().collect();
    let paths: Vec<&Path> = changed.iter().map(|file| &**file.path()).collect();
    let stored = store.files(tree, &paths)?;
    let new = |(file, stored): (&Verified, Option<Stored>)| {
        let moved = |cause: &str| {
            Error::new(format!(
                "`{}` {cause}; commit your changes or run with `--at` the base",
                file.path().display()
            ))
        };
        let stored = stored.ok_or_else(|| moved("is not in the base"))?;
        if !stored.is_regular() {
            return Err(moved("is not a regular file in the base"));
        }
        let after =
            as_stored(file, &stored.content).ok_or_else(|| moved("differs from the base"))?;
        Ok((Arc::clone(file.path()), stored.mode, after))
    };
    let new: Vec<_> = changed
        .into_iter()
        .zip(stored)
        .map(new)
        .collect::<Result<_, Error>>()?;
    let new: Vec<New<'_>> = new
        .iter()
        .map(|(path, mode, content)| New {
            path,
            mode: *mode,
            content,
        })
        .collect();
    store.tree(tree, &new)
}

/// The new text as the repository stores it, if the old one is what it stores: as it is, or, where git converted line
/// endings on checkout (`core.autocrlf`), with those of the repository.
fn as_stored(file: &Verified, stored: &[u8]) -> Option<String> {
    if file.before().as_bytes() == stored {
        return Some(file.after().to_string());
    }
    let plain = |text: &str| text.replace("\r\n", "\n");
    (!stored.contains(&b'\r') && plain(file.before()).as_bytes() == stored)
        .then(|| plain(file.after()))
}

/// The newest commit of `tip`, a commit that the repository at `git_dir` holds, that `base` does not have and that is not
/// ours, in words: ``commit 0123456789 by Ann``.
///
/// # Errors
/// The history cannot be read.
pub fn foreign(git_dir: &Path, tip: &Id, base: &Id) -> Result<Option<String>, Error> {
    let commits = store::open(git_dir)?.since(tip, base)?;
    Ok(ours::first_foreign(&commits))
}
