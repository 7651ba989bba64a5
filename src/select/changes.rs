//! What changed since a revision: files for `--since` and `--staged`, lines for `--changed-lines`.

use std::{
    collections::{BTreeMap, HashSet},
    ops::RangeInclusive,
    path::Path,
    sync::Arc,
};

use git2::{Delta, DiffFindOptions, DiffOptions, Oid, Repository};
use similar::{Algorithm, DiffTag};

use super::{
    Error, FileSet, Options, Reader, opening, path,
    repository::{self, Listing, Source},
    through_git::{self, View},
};

/// The files that changed.
pub(crate) struct Changes {
    /// With what each was before: `None` for a new file.
    files: BTreeMap<Vec<u8>, Option<Oid>>,
    /// Paths in the index; what is not there is untracked and so changed. `None` where only tracked files count.
    tracked: Option<HashSet<Vec<u8>>>,
}

impl Changes {
    /// Compares as the options ask; `None` where they do not.
    pub(crate) fn find(
        repo: &Repository,
        view: Option<&View>,
        source: &Source,
        options: &Options,
    ) -> Result<Option<Self>, Error> {
        if options.since.is_none() && !options.changed_lines && !options.staged {
            return Ok(None);
        }
        if let (Some(view), Some(_)) = (view, &options.since) {
            view.refuse_history("--since")?;
        }
        let base = base(repo, source, options)?;
        if let Some(base) = base {
            let name = options.since.as_deref().unwrap_or("HEAD");
            through_git::bring(repo, view, base, name, options)?;
        }
        let failed = |error: git2::Error| Error::git("the changes cannot be computed", &error);
        let tree = base.map(|id| repo.find_commit(id).and_then(|commit| commit.tree()));
        let tree = tree.transpose().map_err(failed)?;
        let mut wanted = DiffOptions::new();
        wanted
            .pathspec("*.go")
            .ignore_submodules(true)
            .include_typechange(true)
            .skip_binary_check(true);
        let diff = match source.listing {
            Listing::WorkTree => {
                repo.diff_tree_to_workdir_with_index(tree.as_ref(), Some(&mut wanted))
            }
            Listing::Blobs => {
                repo.diff_tree_to_index(tree.as_ref(), Some(&source.index), Some(&mut wanted))
            }
        };
        let mut diff = diff.map_err(failed)?;
        diff.find_similar(Some(DiffFindOptions::new().renames(true)))
            .map_err(failed)?;
        let files = diff
            .deltas()
            .filter(|delta| delta.status() != Delta::Deleted)
            .filter_map(|delta| {
                let path = delta.new_file().path_bytes()?.to_vec();
                let before = (delta.status() != Delta::Added).then(|| delta.old_file().id());
                Some((path, before))
            })
            .collect();
        let tracked = (source.listing == Listing::WorkTree)
            .then(|| source.index.iter().map(|entry| entry.path).collect());
        Ok(Some(Self { files, tracked }))
    }

    pub(crate) fn contains(&self, path: &[u8]) -> bool {
        self.files.contains_key(path) || self.is_untracked(path)
    }

    fn is_untracked(&self, path: &[u8]) -> bool {
        self.tracked
            .as_ref()
            .is_some_and(|tracked| !tracked.contains(path))
    }

    /// The new and changed lines of the selected files; a file that cannot be read has none, its reading fails later.
    pub(crate) fn lines(
        &self,
        repo: &Repository,
        set: &FileSet,
    ) -> Result<BTreeMap<Arc<Path>, Vec<RangeInclusive<usize>>>, Error> {
        let reader = set.reader()?;
        let mut changed = BTreeMap::new();
        for entry in &set.files {
            let bytes = path::to_bytes(&entry.path);
            let before = match self.files.get(&bytes) {
                Some(before) => *before,
                None if self.is_untracked(&bytes) => None,
                None => continue,
            };
            let ranges = lines_since(repo, &reader, entry, before);
            if !ranges.is_empty() {
                changed.insert(Arc::clone(&entry.path), ranges);
            }
        }
        Ok(changed)
    }
}

fn lines_since(
    repo: &Repository,
    reader: &Reader,
    entry: &super::FileEntry,
    before: Option<Oid>,
) -> Vec<RangeInclusive<usize>> {
    let Ok(after) = reader.read(entry) else {
        return Vec::new();
    };
    let before = before.and_then(|id| repo.find_blob(id).ok());
    changed_lines(
        before.as_ref().map_or(&[][..], |blob| blob.content()),
        &after,
    )
}

/// The 1-based lines of `after` that are not in `before`. Line endings do not count: the work tree may have others than
/// the repository.
fn changed_lines(before: &[u8], after: &[u8]) -> Vec<RangeInclusive<usize>> {
    let (before, after) = (lines(before), lines(after));
    similar::capture_diff_slices(Algorithm::Histogram, &before, &after)
        .into_iter()
        .filter(|op| !matches!(op.tag(), DiffTag::Equal | DiffTag::Delete))
        .map(|op| op.new_range().start + 1..=op.new_range().end)
        .collect()
}

/// The lines of a text as git counts them, without their ends.
pub(crate) fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect();
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// The commit to compare with: the merge base of `--since`, else HEAD; `None` before the first commit.
fn base(repo: &Repository, source: &Source, options: &Options) -> Result<Option<Oid>, Error> {
    let Some(since) = &options.since else {
        if source.commit.is_some() {
            return Err(Error::new(
                "`--changed-lines` at a revision needs `--since REF` to compare it with",
            ));
        }
        return Ok(repo
            .head()
            .ok()
            .and_then(|head| head.peel_to_commit().ok())
            .map(|commit| commit.id()));
    };
    let theirs = repository::commit(repo, since)?.id();
    let ours = match source.commit {
        Some(commit) => commit,
        None => repository::commit(repo, "HEAD")?.id(),
    };
    repo.merge_base(theirs, ours).map(Some).map_err(|error| {
        let hint = if repo.is_shallow() {
            "; the clone is shallow, `git fetch --unshallow` brings the rest of the history"
        } else {
            ""
        };
        Error::new(format!(
            "`{since}` has no history in common with HEAD: {}{hint}",
            opening::cause(&error)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_counted_in_the_new_text() {
        assert_eq!(changed_lines(b"a\nb\nc\n", b"a\nx\ny\nc\n"), [2..=3]);
        assert_eq!(changed_lines(b"", b"a\nb"), [1..=2]);
        assert_eq!(changed_lines(b"a\nb\n", b"a\n"), []);
        assert_eq!(changed_lines(b"a\nb\n", b"a\r\nb\r\nc\r\n"), [3..=3]);
    }
}
