//! What the remote's branch holds: whether all of it is ours, as we made it, and whether it is what would be made now.
//! The commits are read by the git program, which knows repositories of every kind, shallow ones among them.

use std::collections::BTreeMap;

use super::decision::Branch;
use crate::git::{self, Git};

/// More commits than this are not looked through: a branch of ours has one for each codemod, package or owner.
const MOST: usize = 5_000;

/// Seconds between the two dates of a commit that we made: both are read from one clock, one after the other.
const SAME_TIME: i64 = 2;

/// A commit, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Commit {
    id: String,
    parents: Vec<String>,
    tree: String,
    /// `Name <email>`.
    author: String,
    /// Of author and committer, in seconds.
    dates: (i64, i64),
    /// It has a `Gomend-Codemod` trailer.
    marked: bool,
    /// Its `Gomend-Base` trailer.
    base: Option<String>,
    message: String,
}

impl Commit {
    /// Whether nobody changed it since it was made: `git commit --amend`, `git rebase` and their kin set the committer's
    /// date and keep the author's.
    fn is_untouched(&self) -> bool {
        (self.dates.0 - self.dates.1).abs() <= SAME_TIME
    }

    /// Says and does the same, whenever it was made and by whom: two who run gomend do not take turns.
    fn is_like(&self, other: &Self) -> bool {
        (&self.tree, &self.message) == (&other.tree, &other.message)
    }
}

/// What the branch at `tip` holds since `base`, and whether it is what `new`, the tip of what would be pushed, holds too.
/// All three are commits that the repository has.
///
/// # Errors
/// git cannot read them.
pub fn look(
    git: &Git,
    base: &str,
    tip: &str,
    new: Option<&str>,
) -> Result<(Branch, bool), git::Error> {
    let there = since(git, base, tip)?;
    let made = match new {
        Some(new) => since(git, base, new)?,
        None => BTreeMap::new(),
    };
    let made = new.map_or_else(Vec::new, |new| line(&made, new).0);
    // Who sets the two dates apart by the environment cannot be told from who changed a commit.
    let dates_tell = made.iter().all(|commit| commit.is_untouched());
    let (line, other) = line(&there, tip);
    if let Some(other) = other {
        return Ok((Branch::Others(made_by(other)), false));
    }
    let changed = line.iter().find(|commit| !commit.is_untouched());
    if let Some(commit) = changed.filter(|_| dates_tell) {
        let short = &commit.id[..commit.id.len().min(10)];
        return Ok((
            Branch::Others(format!("commit {short} was changed after gomend made it")),
            false,
        ));
    }
    let same = new.is_some()
        && line.len() == made.len()
        && line
            .iter()
            .zip(&made)
            .all(|(one, other)| one.is_like(other));
    Ok((Branch::Ours, same))
}

fn made_by(commit: &Commit) -> String {
    let short = &commit.id[..commit.id.len().min(10)];
    let name = commit.author.split(" <").next().unwrap_or_default();
    format!("commit {short} by {name}")
}

/// The commits from `tip` down to where ours began, newest first; and the first that is not ours, which ends the line.
fn line<'a>(
    commits: &'a BTreeMap<String, Commit>,
    tip: &str,
) -> (Vec<&'a Commit>, Option<&'a Commit>) {
    let mut line: Vec<&Commit> = Vec::new();
    let mut at = tip.to_owned();
    loop {
        // In a shallow clone the base that a branch began at may be here without a way to the base of today.
        let began = line
            .last()
            .is_some_and(|child| child.base.as_deref() == Some(at.as_str()));
        let Some(commit) = commits.get(&at).filter(|_| !began) else {
            return (line, None);
        };
        if !commit.marked || commit.parents.len() > 1 {
            return (line, Some(commit));
        }
        line.push(commit);
        match commit.parents.first() {
            Some(parent) => at.clone_from(parent),
            None => return (line, None),
        }
    }
}

/// The commits of `tip` that `base` does not have.
fn since(git: &Git, base: &str, tip: &str) -> Result<BTreeMap<String, Commit>, git::Error> {
    const FIELDS: [&str; 9] = [
        "%H",
        "%P",
        "%T",
        "%an <%ae>",
        "%at",
        "%ct",
        "%(trailers:key=Gomend-Codemod,valueonly)",
        "%(trailers:key=Gomend-Base,valueonly)",
        "%B",
    ];
    let format = format!("--format=tformat:{}", FIELDS.join("%x00"));
    let most = format!("--max-count={MOST}");
    let arguments = [
        "log",
        "-z",
        "--no-show-signature",
        "--no-notes",
        "--no-color",
        "--no-patch",
        "--encoding=UTF-8",
        "--topo-order",
        &most,
        &format,
        tip,
        "--not",
        base,
        "--",
    ];
    let output = git.run(&arguments, b"")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut fields = text.split('\0');
    let mut commits = BTreeMap::new();
    while let Some(commit) = next(&mut fields) {
        commits.insert(commit.id.clone(), commit);
    }
    Ok(commits)
}

/// Reads the fields of one commit.
fn next<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Option<Commit> {
    let id = fields.next().filter(|id| !id.is_empty())?.to_owned();
    let parents = fields.next()?.split(' ').filter(|id| !id.is_empty());
    let parents = parents.map(str::to_owned).collect();
    let tree = fields.next()?.to_owned();
    let author = fields.next()?.to_owned();
    let mut date = || fields.next()?.parse().ok();
    let dates = (date()?, date()?);
    let marked = !fields.next()?.trim().is_empty();
    let base = fields.next()?.trim();
    let base = (!base.is_empty()).then(|| base.to_owned());
    Some(Commit {
        id,
        parents,
        tree,
        author,
        dates,
        marked,
        base,
        message: fields.next()?.to_owned(),
    })
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
