//! Who touched the changed lines last, as `git blame` says with the `.mailmap` of the base. A hint: what goes wrong here is
//! no reason to stop.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use super::{base::Base, place::Place};
use crate::{
    cli::branching::Made,
    deliver::pull_request::facts::Reviewer,
    finding::{Finding, Status},
    git::Git,
    report::place::Lines,
};

/// As many are named.
const MOST: usize = 3;

/// As many files are asked about, those with the most changed lines first: blame reads a file's whole history.
const MOST_FILES: usize = 40;

/// What one file may take.
const LIMIT: Duration = Duration::from_secs(20);

/// By the number of lines, the first few. In a shallow clone nobody: git would name who made its oldest commit.
pub fn of(place: &Place, base: &Base, made: &Made) -> Vec<Reviewer> {
    if super::base::is_shallow(place) {
        return Vec::new();
    }
    // The same base names the same people, whatever is checked out: its own `.mailmap` counts, and no file of a work tree.
    let git = place
        .git
        .clone()
        .limit(LIMIT)
        .folder(&place.git_dir)
        .setting("mailmap.blob", &format!("{}:.mailmap", base.commit))
        .setting("blame.ignoreRevsFile", "");
    let mut lines: BTreeMap<Author, usize> = BTreeMap::new();
    for (path, changed) in changed_lines(made) {
        for author in blame(&git, &base.commit, path, &changed).unwrap_or_default() {
            *lines.entry(author).or_default() += 1;
        }
    }
    let mut reviewers: Vec<Reviewer> = lines
        .into_iter()
        .map(|(author, lines)| Reviewer {
            name: author.name,
            lines,
        })
        .collect();
    reviewers.sort_by(|one, other| other.lines.cmp(&one.lines).then(one.name.cmp(&other.name)));
    reviewers.truncate(MOST);
    reviewers
}

/// Somebody who wrote a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Author {
    email: String,
    name: String,
}

/// The lines of the base that edits touch, by file; bounded.
fn changed_lines(made: &Made) -> Vec<(&Path, BTreeSet<usize>)> {
    let run = &made.searched.run;
    let mut files: BTreeMap<&Path, BTreeSet<usize>> = BTreeMap::new();
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
    files
}

/// The author of each line.
fn blame(git: &Git, commit: &str, path: &Path, lines: &BTreeSet<usize>) -> Option<Vec<Author>> {
    let mut arguments = vec!["blame".to_owned(), "--line-porcelain".to_owned()];
    arguments.extend(lines.iter().map(|line| format!("-L{line},{line}")));
    arguments.extend([commit.to_owned(), "--".to_owned()]);
    arguments.push(path.to_str()?.to_owned());
    let output = git.run(&arguments, b"").ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut authors = Vec::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(found) = line.strip_prefix("author ") {
            name = found;
        } else if let Some(email) = line.strip_prefix("author-mail ") {
            authors.push(Author {
                email: email.to_owned(),
                name: name.to_owned(),
            });
        }
    }
    Some(authors)
}
