//! Who last changed the lines of each finding, as `git blame` says: with `.mailmap`, `blame.ignoreRevsFile` and
//! `.git-blame-ignore-revs`. In: a run and the repository it read. Out: [`Blame`] in each finding, and warnings.
//!
//! Only commits are asked about, never the work tree, so that no filter of the repository runs: what the run read is
//! compared with the commit it stands on, and a line that is not in there is uncommitted. git is asked once for each file.

mod ask;
mod graph;
mod ignored;
mod lines;
mod porcelain;

use std::{collections::BTreeMap, ops::RangeInclusive, path::Path, sync::Arc};

use git2::{Oid, Repository};

use self::lines::Committed;
use crate::{
    engine::Run,
    finding::{Finding, Status},
    select::{FileSet, opening},
};

pub use self::ask::{Answer, Index, Question, Wanted, ask};

/// Who last changed some lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blame {
    /// The most recent commit (by the committer's clock) among those that the lines are from.
    Commit(Arc<LastCommit>),
    /// A line is in no commit yet.
    Uncommitted,
}

/// The commit that lines are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCommit {
    /// The author's name, `.mailmap` applied.
    pub author: String,
    /// The author's address without `<` and `>`, `.mailmap` applied.
    pub email: String,
    /// All digits of the commit's id.
    pub id: String,
    /// When the author wrote it: RFC 3339, in the author's time zone.
    pub date: String,
    /// The committer's clock: seconds since 1970, by which the most recent commit is chosen.
    pub committed: i64,
    /// The clone is shallow and ends at this commit: the lines may be older than it says.
    pub is_boundary: bool,
}

/// Lines of a file and the commit that each range of them is from, ascending.
pub type BlamedLines = Vec<(RangeInclusive<usize>, Arc<LastCommit>)>;

/// Fills in [`Finding::blame`] of every finding that is not suppressed. `at` is the revision that was read; without one,
/// lines are looked up in HEAD. Gives warnings: whatever goes wrong, the findings stay.
pub fn annotate(run: &mut Run, files: &FileSet, at: Option<&str>, jobs: usize) -> Vec<String> {
    let without = "the findings are shown without authors";
    let Some(git_dir) = &files.git_dir else {
        return vec![format!(
            "`--blame` needs a git repository, and the files are in none; {without}"
        )];
    };
    // What stands in for such a repository has its files, not its history.
    if let Some(view) = &files.view
        && let Err(cause) = view.refuse_history("--blame")
    {
        return vec![format!("{cause}; {without}")];
    }
    match annotate_in(git_dir, run, files, at, jobs) {
        Ok(warnings) => warnings,
        Err(cause) => vec![format!("`--blame` does not work here: {cause}; {without}")],
    }
}

fn annotate_in(
    git_dir: &Path,
    run: &mut Run,
    files: &FileSet,
    at: Option<&str>,
    jobs: usize,
) -> Result<Vec<String>, String> {
    let told = |error: git2::Error| error.message().to_owned();
    let repository = opening::reopen(git_dir).map_err(|error| error.to_string())?;
    let commit = commit(&repository, at).map_err(told)?;
    let places = places(run, &repository, commit).map_err(told)?;
    let wanted = places
        .iter()
        .map(|(path, place)| (Arc::clone(path), place.wanted()))
        .filter(|(_, ranges)| !ranges.is_empty())
        .collect();
    let mut warnings = Vec::new();
    let mut blamed = BTreeMap::new();
    if let Some(revision) = commit {
        let question = Question {
            repository: &repository,
            root: &files.root,
            revision,
            jobs,
            index: Index::WhereItPays,
        };
        let answer = ask(&question, &wanted)?;
        warnings.extend(answer.warnings);
        blamed = answer.files;
    }
    for finding in run.findings.iter_mut().filter(|f| is_asked_about(f)) {
        if let Some(place) = places.get(&finding.path) {
            finding.blame = place.blame(&finding.range, blamed.get(&finding.path));
        }
    }
    Ok(warnings)
}

/// The commit that lines are looked up in; `None` before the first one.
fn commit(repository: &Repository, at: Option<&str>) -> Result<Option<Oid>, git2::Error> {
    let found = repository
        .revparse_single(at.unwrap_or("HEAD"))
        .and_then(|object| object.peel_to_commit());
    match found {
        Ok(commit) => Ok(Some(commit.id())),
        Err(_) if at.is_none() && repository.head().is_err() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is hidden is asked about nobody.
fn is_asked_about(finding: &Finding) -> bool {
    finding.status != Status::Suppressed
}

/// For each file with findings, which of its lines they lie on, and where those are in the commit.
fn places(
    run: &Run,
    repository: &Repository,
    commit: Option<Oid>,
) -> Result<BTreeMap<Arc<Path>, Committed>, git2::Error> {
    let tree = commit
        .map(|commit| repository.find_commit(commit)?.tree())
        .transpose()?;
    let mut places: BTreeMap<Arc<Path>, Committed> = BTreeMap::new();
    for finding in run.findings.iter().filter(|f| is_asked_about(f)) {
        let place = places.entry(Arc::clone(&finding.path)).or_insert_with(|| {
            let text = run.sources.get(&finding.path).map_or("", |text| text);
            let blob = tree
                .as_ref()
                .and_then(|tree| tree.get_path(&finding.path).ok())
                .and_then(|entry| repository.find_blob(entry.id()).ok());
            Committed::new(text, blob.as_ref().map(git2::Blob::content))
        });
        place.add(&finding.range);
    }
    Ok(places)
}
