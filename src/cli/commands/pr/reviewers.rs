//! Who touched the changed lines last, as blame of the base says with its `.mailmap` and `.git-blame-ignore-revs`. A hint:
//! what goes wrong here is no reason to stop.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::Path,
    sync::Arc,
};

use git2::{Mailmap, Oid, Repository, Signature, Time};

use super::{base::Base, place::Place};
use crate::{
    blame::{self, Index, LastCommit, Question, Wanted},
    cli::branching::Made,
    deliver::pull_request::facts::Reviewer,
    finding::{Finding, Status},
    report::place::Lines,
};

/// As many are named.
const MOST: usize = 3;

/// As many files are asked about, those with the most changed lines first: blame reads a file's whole history.
const MOST_FILES: usize = 200;

/// By the number of lines, the first few. In a shallow clone nobody: git would name who made its oldest commit.
pub fn of(place: &Place, base: &Base, made: &Made, jobs: usize) -> Vec<Reviewer> {
    if super::base::is_shallow(place) {
        return Vec::new();
    }
    count(place, base, made, jobs).unwrap_or_default()
}

fn count(place: &Place, base: &Base, made: &Made, jobs: usize) -> Option<Vec<Reviewer>> {
    // As a bare one: the same base names the same people, whatever is checked out.
    let repository = Repository::open_bare(&place.git_dir).ok()?;
    let question = Question {
        repository: &repository,
        root: &place.git_dir,
        revision: base.commit.parse::<Oid>().ok()?,
        jobs,
        index: Index::WhereItPays,
    };
    let answer = blame::ask(&question, &wanted(made)).ok()?;
    let people = mailmap(&repository, question.revision);
    let mut lines: BTreeMap<Author, usize> = BTreeMap::new();
    for (range, commit) in answer.files.values().flatten() {
        *lines.entry(author(people.as_ref(), commit)).or_default() += range.clone().count();
    }
    let mut reviewers: Vec<Reviewer> = lines
        .into_iter()
        .map(|((_, name), lines)| Reviewer { name, lines })
        .collect();
    reviewers.sort_by(|one, other| other.lines.cmp(&one.lines).then(one.name.cmp(&other.name)));
    reviewers.truncate(MOST);
    Some(reviewers)
}

/// Address and name.
type Author = (String, String);

/// The base's own `.mailmap`.
fn mailmap(repository: &Repository, base: Oid) -> Option<Mailmap> {
    let tree = repository.find_commit(base).ok()?.tree().ok()?;
    let blob = tree.get_path(Path::new(".mailmap")).ok()?.id();
    let text = repository.find_blob(blob).ok()?;
    Mailmap::from_buffer(std::str::from_utf8(text.content()).ok()?).ok()
}

fn author(people: Option<&Mailmap>, commit: &LastCommit) -> Author {
    let known = people.and_then(|people| {
        let found = Signature::new(&commit.author, &commit.email, &Time::new(0, 0)).ok()?;
        let found = people.resolve_signature(&found).ok()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some((text(found.email_bytes()), text(found.name_bytes())))
    });
    known.unwrap_or_else(|| (commit.email.clone(), commit.author.clone()))
}

/// The lines of the base that edits touch, by file; bounded.
fn wanted(made: &Made) -> Wanted {
    let run = &made.searched.run;
    let mut files: BTreeMap<&Arc<Path>, BTreeSet<usize>> = BTreeMap::new();
    let applied = |finding: &&Finding| finding.status == Status::Applied;
    for finding in run.findings.iter().filter(applied) {
        let Some(text) = run.sources.get(&finding.path) else {
            continue;
        };
        let places = Lines::new(text);
        let line = |byte: usize| places.place(byte).line;
        let touched = files.entry(&finding.path).or_default();
        touched.insert(line(finding.range.start));
        for edit in &finding.edits {
            touched.extend(line(edit.start)..=line(edit.end.saturating_sub(1).max(edit.start)));
        }
    }
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then(one.0.cmp(other.0)));
    files.truncate(MOST_FILES);
    let ranges = |lines: BTreeSet<usize>| -> Vec<RangeInclusive<usize>> {
        lines.into_iter().map(|line| line..=line).collect()
    };
    files
        .into_iter()
        .map(|(path, lines)| (Arc::clone(path), ranges(lines)))
        .collect()
}
