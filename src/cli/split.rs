//! What goes into which commit, and what its message says: by codemod, by Go package, by owner, or all in one.
//!
//! Every file is rewritten and verified by itself, and the edits of one match lie in one file. So any selection of files,
//! each in its final state, is a state in which no match is mended by half, and each commit may be taken alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{args::Split, error::Error, stages::Searched};
use crate::{
    deliver::{
        branch::{self, CommitSpec},
        owners::{Owners, Rules},
    },
    finding::Status,
    git::Id,
    report::count,
    verify::Verified,
};

/// The commits, in order, and what is to be said about how they were told apart.
pub struct Parts<'a> {
    pub commits: Vec<CommitSpec<'a>>,
    pub note: Option<String>,
}

/// Splits what was found at `revision`, the commit `base`, of the repository at `git_dir`.
pub fn split<'a>(
    by: Split,
    searched: &'a Searched,
    git_dir: &Path,
    revision: &str,
    base: &Id,
) -> Result<Parts<'a>, Error> {
    let verified = &searched.run.verified;
    let (commits, note) = match by {
        Split::Codemod => (steps(searched, base), None),
        Split::None => {
            let all = verified.iter().collect();
            let commit = whole_files(searched, all, &Scope::None, base);
            (commit.into_iter().collect(), None)
        }
        Split::Package => {
            let parts = grouped(verified, |file| package_folder(file).to_owned());
            let commits = parts.into_values().filter_map(|files| {
                let scope = Scope::Package(package_name(files[0]));
                whole_files(searched, files, &scope, base)
            });
            (commits.collect(), None)
        }
        Split::Owner if verified.is_empty() => (Vec::new(), None),
        Split::Owner => {
            let owners = Owners::of(git_dir, revision).map_err(|e| Error::new(e.to_string()))?;
            // Those without an owner come last.
            let parts = grouped(verified, |file| {
                let owners = owners.of_file(file.path());
                (owners.is_empty(), owners)
            });
            let commits = parts.into_iter().filter_map(|((_, owners), files)| {
                whole_files(searched, files, &Scope::Owner(owners), base)
            });
            (commits.collect(), Some(describe(&owners)))
        }
    };
    Ok(Parts { commits, note })
}

fn describe(owners: &Owners) -> String {
    let forge = match owners.rules {
        Rules::GitHub => "GitHub",
        Rules::GitLab => "GitLab",
    };
    format!(
        "owners are those of `{}`, by the rules of {forge}",
        owners.path
    )
}

/// Files by what they have in common, in order of that, and each group in path order.
fn grouped<K: Ord>(
    files: &[Verified],
    key: impl Fn(&Verified) -> K,
) -> BTreeMap<K, Vec<&Verified>> {
    let mut groups: BTreeMap<K, Vec<&Verified>> = BTreeMap::new();
    for file in files {
        groups.entry(key(file)).or_default().push(file);
    }
    groups
}

/// A Go package is a folder: its tests of another package name belong with it.
fn package_folder(file: &Verified) -> &str {
    let path = file.path().to_str().unwrap_or_default();
    path.rfind('/').map_or("", |end| &path[..end])
}

/// The folder, as Go people begin the subject of a commit; for the top folder the name of its package.
fn package_name(file: &Verified) -> String {
    let folder = package_folder(file);
    if !folder.is_empty() {
        return folder.to_owned();
    }
    let mut lines = file.before().lines();
    let name = lines.find_map(|line| line.strip_prefix("package ")?.split_whitespace().next());
    let name = name.unwrap_or("all").trim_end_matches(';');
    name.strip_suffix("_test").unwrap_or(name).to_owned()
}

/// What the files of a commit have in common.
enum Scope {
    None,
    Package(String),
    /// Empty for files without one.
    Owner(BTreeSet<String>),
}

impl Scope {
    fn subject(&self, what: &str) -> String {
        match self {
            Self::None => what.to_owned(),
            Self::Package(folder) => format!("{folder}: {what}"),
            Self::Owner(owners) => {
                // Without the sign that would call each of them once for every commit.
                let names: Vec<&str> = owners
                    .iter()
                    .map(|owner| owner.trim_start_matches('@'))
                    .collect();
                match names.as_slice() {
                    [] => format!("{what} (no owner)"),
                    [first, second, rest @ ..] if rest.len() > 1 => {
                        format!("{what} ({first}, {second} and {} more)", rest.len())
                    }
                    names => format!("{what} ({})", names.join(", ")),
                }
            }
        }
    }
}

/// One commit for each codemod that changed something.
fn steps<'a>(searched: &'a Searched, base: &Id) -> Vec<CommitSpec<'a>> {
    let steps = searched.run.steps.iter();
    steps
        .map(|step| {
            let files: BTreeSet<&Path> = step.changes.iter().map(|file| &**file.path()).collect();
            let deeds = deeds(searched, |path, codemod| {
                (files.contains(path) && *codemod == *step.codemod)
                    || step
                        .also
                        .iter()
                        .any(|(p, c)| **p == *path && **c == *codemod)
            });
            CommitSpec {
                message: message(
                    searched,
                    Some(&step.codemod),
                    &deeds,
                    files.len(),
                    &Scope::None,
                    base,
                ),
                files: step.changes.iter().collect(),
            }
        })
        .collect()
}

/// One commit for files in their final state; none where there are no files.
fn whole_files<'a>(
    searched: &Searched,
    files: Vec<&'a Verified>,
    scope: &Scope,
    base: &Id,
) -> Option<CommitSpec<'a>> {
    let paths: BTreeSet<&Path> = files.iter().map(|file| &**file.path()).collect();
    let deeds = deeds(searched, |path, _| paths.contains(path));
    (!files.is_empty()).then(|| CommitSpec {
        message: message(searched, None, &deeds, files.len(), scope, base),
        files,
    })
}

/// How often each codemod changed something, where `counts` says so; in order of their ids.
fn deeds(searched: &Searched, counts: impl Fn(&Path, &str) -> bool) -> BTreeMap<&str, usize> {
    let mut deeds = BTreeMap::new();
    for finding in &searched.run.findings {
        if finding.status == Status::Fixable && counts(&finding.path, &finding.codemod) {
            *deeds.entry(&*finding.codemod).or_default() += 1;
        }
    }
    deeds
}

/// Subject, body and trailers. `main` is the codemod that the commit is for, where it is for one.
fn message(
    searched: &Searched,
    main: Option<&str>,
    deeds: &BTreeMap<&str, usize>,
    files: usize,
    scope: &Scope,
    base: &Id,
) -> String {
    let about = |id: &str| searched.codemods.iter().find(|about| &*about.id == id);
    let summary = |id: &str| about(id).map_or(id.to_owned(), |about| about.summary.clone());
    let only = match deeds.keys().collect::<Vec<_>>()[..] {
        [only] => Some(*only),
        _ => None,
    };
    let subject = match main.or(only) {
        Some(id) => summary(id),
        None => format!("Apply {}", count(deeds.len(), "codemod")),
    };
    let mut body = Vec::new();
    let is_whole = matches!(scope, Scope::None);
    if let Some(about) = main.or(only).and_then(about)
        && is_whole
        && !about.description.is_empty()
    {
        body.push(about.description.clone());
    }
    let files = count(files, "file");
    if only.is_some() && is_whole {
        let changes = count(deeds.values().sum(), "change");
        body.push(format!("{changes} in {files}."));
    } else {
        let list = deeds
            .iter()
            .map(|(id, n)| format!("- {id}: {} ({})", summary(id), count(*n, "change")));
        let list: Vec<String> = list.collect();
        body.push(format!("{}\n\nIn {files}.", list.join("\n")));
    }
    let ids: Vec<&str> = deeds.keys().copied().collect();
    format!(
        "{}\n\n{}\n\n{}",
        scope.subject(&subject),
        body.join("\n\n"),
        branch::trailers(&ids.join(", "), env!("CARGO_PKG_VERSION"), base)
    )
}
