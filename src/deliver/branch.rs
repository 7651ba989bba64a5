//! Makes commits on a branch out of verified texts. Blobs and trees are built on the base's tree, and the branch is moved
//! last: work tree and index stay as they are, so it also works in bare repositories.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use git2::{
    BranchType, Commit, Config, ErrorCode, FileMode, Oid, Repository, Signature, Tree,
    build::TreeUpdateBuilder,
};

use crate::{select::repository, verify::Verified};

/// Marks a commit as ours; see [`trailers`].
const OURS: &str = "Gomend-Codemod";

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
    /// Make the commits and leave the branch where it is.
    pub rehearse: bool,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// As in the plan.
    pub name: String,
    /// The commit that it starts from.
    pub base: Oid,
    /// Its last commit; the base where there was nothing to commit, and then the branch was not touched.
    pub tip: Oid,
    /// The new commits, oldest first.
    pub commits: Vec<Oid>,
    /// To be said once on standard error.
    pub warnings: Vec<String>,
}

/// Why nothing was committed: the thing, the cause and the next step in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    fn git(what: impl fmt::Display, error: &git2::Error) -> Self {
        Self(format!("{what}: {}", repository::cause(error)))
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
pub fn trailers(codemod: &str, version: &str, base: Oid) -> String {
    format!("{OURS}: {codemod}\nGomend-Version: {version}\nGomend-Base: {base}\n")
}

/// The commit that `base` names in the repository at `git_dir`.
///
/// # Errors
/// The repository cannot be opened, has no commit yet, or `base` names none.
pub fn base_commit(git_dir: &Path, base: &str) -> Result<Oid, Error> {
    let repo = open(git_dir)?;
    Ok(repository::commit(&repo, base)?.id())
}

fn open(git_dir: &Path) -> Result<Repository, Error> {
    Repository::open(git_dir)
        .map_err(|error| repository::open_failed(git_dir.display(), &error).into())
}

/// Makes the commits of `plan` and moves its branch to the last. All or nothing: the branch moves in one step, and only
/// when every object is written.
///
/// # Errors
/// The base does not resolve or moved since the files were read; the branch's name is invalid, or the branch exists and
/// is not to be or must not be replaced; git knows no name and e-mail; the repository cannot be written.
pub fn commit(plan: &BranchPlan<'_>) -> Result<Branch, Error> {
    let repo = open(plan.git_dir)?;
    let base = repository::commit(&repo, plan.base)?;
    let mut branch = Branch {
        name: plan.branch.to_owned(),
        base: base.id(),
        tip: base.id(),
        commits: Vec::new(),
        warnings: Vec::new(),
    };
    let changed =
        |spec: &&CommitSpec<'_>| spec.files.iter().any(|file| file.before() != file.after());
    let specs: Vec<_> = plan.commits.iter().filter(changed).collect();
    if specs.is_empty() {
        return Ok(branch);
    }
    let previous = replaceable(&repo, plan, base.id())?;
    let config = repo
        .config()
        .map_err(|error| Error::git("git's configuration cannot be read", &error))?;
    let people = People::of(&repo, &config, plan)?;
    branch.warnings.extend(signing_warning(&config));
    let mut parent = base;
    for spec in specs {
        let id = add_commit(&repo, spec, &parent, &people)?;
        branch.commits.push(id);
        parent = repo
            .find_commit(id)
            .map_err(|error| Error::git("the new commit cannot be read", &error))?;
    }
    branch.tip = parent.id();
    if !plan.rehearse {
        move_ref(&repo, plan, previous, &branch)?;
    }
    Ok(branch)
}

fn add_commit(
    repo: &Repository,
    spec: &CommitSpec<'_>,
    parent: &Commit<'_>,
    people: &People,
) -> Result<Oid, Error> {
    let failed = |error: git2::Error| Error::git("a commit cannot be written", &error);
    let tree = new_tree(repo, &parent.tree().map_err(failed)?, &spec.files)?;
    let tree = repo.find_tree(tree).map_err(failed)?;
    let mut message = git2::message_prettify(spec.message.as_str(), None).map_err(failed)?;
    if let Some(signoff) = &people.signoff {
        let has_trailers = git2::message_trailers_bytes(message.as_str())
            .is_ok_and(|trailers| trailers.iter().next().is_some());
        message.push_str(if has_trailers { "" } else { "\n" });
        message.push_str(signoff);
    }
    repo.commit(
        None,
        &people.author,
        &people.committer,
        &message,
        &tree,
        &[parent],
    )
    .map_err(failed)
}

/// The tree with the files' new texts; everything else, modes included, stays.
fn new_tree(repo: &Repository, tree: &Tree<'_>, files: &[&Verified]) -> Result<Oid, Error> {
    let mut update = TreeUpdateBuilder::new();
    for file in files.iter().filter(|file| file.before() != file.after()) {
        let path = file.path();
        let moved = |cause: &str| {
            Error::new(format!(
                "`{}` {cause}; commit your changes or run with `--at` the base",
                path.display()
            ))
        };
        let entry = tree
            .get_path(path)
            .map_err(|_| moved("is not in the base"))?;
        let mode = match entry.filemode() {
            0o100_755 => FileMode::BlobExecutable,
            0o100_644 | 0o100_664 => FileMode::Blob,
            _ => return Err(moved("is not a regular file in the base")),
        };
        let blob = repo.find_blob(entry.id()).map_err(|error| {
            Error::git(
                format_args!("`{}` of the base cannot be read", path.display()),
                &error,
            )
        })?;
        let after =
            as_stored(file, blob.content()).ok_or_else(|| moved("differs from the base"))?;
        let id = repo.blob(after.as_bytes()).map_err(|error| {
            Error::git(
                format_args!("`{}` cannot be written", path.display()),
                &error,
            )
        })?;
        update.upsert(path.as_ref(), id, mode);
    }
    update
        .create_updated(repo, tree)
        .map_err(|error| Error::git("a tree cannot be written", &error))
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

/// Checks that the branch may be made or moved; its commit, where it exists.
fn replaceable(repo: &Repository, plan: &BranchPlan<'_>, base: Oid) -> Result<Option<Oid>, Error> {
    let name = plan.branch;
    if !git2::Branch::name_is_valid(name).unwrap_or(false) {
        return Err(Error::new(format!(
            "`{name}` is not a name for a branch; see `git help check-ref-format`, or choose another with `--branch`"
        )));
    }
    if let Some(folder) = checked_out_in(repo, name) {
        return Err(Error::new(format!(
            "the branch `{name}` is checked out in `{}`; choose another with `--branch`, or switch it there",
            folder.display()
        )));
    }
    let tip = match repo.find_branch(name, BranchType::Local) {
        Ok(branch) => branch.get().peel_to_commit().map(|commit| commit.id()),
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    let tip = tip
        .map_err(|error| Error::git(format_args!("the branch `{name}` cannot be read"), &error))?;
    if !plan.update {
        return Err(Error::new(format!(
            "the branch `{name}` exists; `--update` replaces it, `--branch` names another"
        )));
    }
    if let Some(foreign) = foreign_commit(repo, tip, base)? {
        return Err(Error::new(format!(
            "the branch `{name}` is not ours to replace: {foreign} was not made by gomend; choose another with `--branch`"
        )));
    }
    Ok(Some(tip))
}

/// The first commit of `tip`, a commit that the repository at `git_dir` holds, that `base` does not have and that is not
/// ours, in words: ``commit 0123456789 by Ann``.
///
/// # Errors
/// The history cannot be read.
pub fn foreign(git_dir: &Path, tip: Oid, base: Oid) -> Result<Option<String>, Error> {
    foreign_commit(&open(git_dir)?, tip, base)
}

/// The first commit of `tip` since its merge base with `base` that is not ours, in words.
fn foreign_commit(repo: &Repository, tip: Oid, base: Oid) -> Result<Option<String>, Error> {
    let failed = |error: git2::Error| Error::git("the branch's history cannot be read", &error);
    let mut walk = repo.revwalk().map_err(failed)?;
    walk.push(tip).map_err(failed)?;
    walk.hide(base).map_err(failed)?;
    for id in walk {
        let commit = repo.find_commit(id.map_err(failed)?).map_err(failed)?;
        if !is_ours(&commit) {
            let id = commit.id().to_string();
            let author = commit.author();
            let author = String::from_utf8_lossy(author.name_bytes()).into_owned();
            return Ok(Some(format!("commit {} by {author}", &id[..10])));
        }
    }
    Ok(None)
}

fn is_ours(commit: &Commit<'_>) -> bool {
    let message = String::from_utf8_lossy(commit.message_raw_bytes()).into_owned();
    git2::message_trailers_bytes(message.as_str()).is_ok_and(|trailers| {
        trailers
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(OURS.as_bytes()))
    })
}

/// The work tree whose HEAD is at that branch, born or not. A bare repository's HEAD is no checkout.
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

/// Who makes the commits.
struct People {
    author: Signature<'static>,
    committer: Signature<'static>,
    signoff: Option<String>,
}

impl People {
    fn of(repo: &Repository, config: &Config, plan: &BranchPlan<'_>) -> Result<Self, Error> {
        let unknown = |error: git2::Error| no_identity(config, &error);
        let committer = repo.committer_from_env().map_err(unknown)?;
        let author = match plan.author {
            Some(text) => parse_author(text, &committer)?,
            None => repo.author_from_env().map_err(unknown)?,
        };
        let signoff = plan.signoff.then(|| {
            let person = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            format!(
                "Signed-off-by: {} <{}>\n",
                person(committer.name_bytes()),
                person(committer.email_bytes())
            )
        });
        Ok(Self {
            author,
            committer,
            signoff,
        })
    }
}

fn no_identity(config: &Config, error: &git2::Error) -> Error {
    let missing: Vec<&str> = ["user.name", "user.email"]
        .into_iter()
        .filter(|key| {
            config
                .get_string(key)
                .map_or(true, |value| value.is_empty())
        })
        .collect();
    if missing.is_empty() {
        return Error::git("git's name and e-mail for commits cannot be used", error);
    }
    let shown: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
    Error::new(format!(
        "git's configuration has no {}; `git config --global {} …` sets it",
        shown.join(" and "),
        missing[0]
    ))
}

fn parse_author(text: &str, committer: &Signature<'_>) -> Result<Signature<'static>, Error> {
    let wrong = || {
        Error::new(format!(
            "`--author {text}` is not of the form `Name <email>`"
        ))
    };
    let (name, rest) = text.split_once('<').ok_or_else(wrong)?;
    let email = rest.trim_end().strip_suffix('>').ok_or_else(wrong)?;
    if name.trim().is_empty() || email.trim().is_empty() || email.contains(['<', '>']) {
        return Err(wrong());
    }
    Signature::new(name.trim(), email.trim(), &committer.when()).map_err(|_| wrong())
}

fn signing_warning(config: &Config) -> Option<String> {
    config.get_bool("commit.gpgsign").unwrap_or(false).then(|| {
        "`commit.gpgSign` is set, but gomend cannot sign yet; the commits are unsigned, and \
         `git rebase --exec 'git commit --amend --no-edit -S'` on the branch signs them"
            .to_owned()
    })
}

fn move_ref(
    repo: &Repository,
    plan: &BranchPlan<'_>,
    previous: Option<Oid>,
    branch: &Branch,
) -> Result<(), Error> {
    let name = format!("refs/heads/{}", plan.branch);
    let reason = format!("gomend: {} commits on {}", branch.commits.len(), plan.base);
    let moved = match previous {
        Some(previous) => repo.reference_matching(&name, branch.tip, true, previous, &reason),
        None => repo.reference(&name, branch.tip, false, &reason),
    };
    moved.map(drop).map_err(|error| {
        if matches!(error.code(), ErrorCode::Modified | ErrorCode::Locked) {
            return Error::new(format!(
                "the branch `{}` is being changed by somebody else; run again",
                plan.branch
            ));
        }
        Error::git(
            format_args!("the branch `{}` cannot be set", plan.branch),
            &error,
        )
    })
}
