//! Lists the Go files under the paths: tracked ones from the index, untracked ones from the disk with git's ignore rules,
//! or, outside a repository, whatever ripgrep's walker finds.

mod untracked;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use git2::{Index, IndexEntry, Repository};
use ignore::WalkBuilder;
use rayon::prelude::*;

use super::{
    Candidate, Content, Error, State, path,
    repository::{Place, Scope, missing},
};
use untracked::Walk;

const SYMLINK_MODE: u32 = 0o120_000;
const GITLINK_MODE: u32 = 0o160_000;
/// In [`IndexEntry::flags_extended`]; gitformat-index(5), "skip-worktree flag".
const SKIP_WORKTREE: u16 = 1 << 14;

const SYMLINK: &str = "symbolic link";
const ABSENT: &str = "not in the work tree";

fn is_go(path: &[u8]) -> bool {
    path.ends_with(b".go")
}

/// The scope that takes `path`, the most telling one: a file that is named itself before the longest folder.
fn scope_of<'a>(scopes: &'a [Scope], path: &[u8]) -> Option<&'a Scope> {
    scopes
        .iter()
        .filter(|scope| path::is_within(path, &scope.path))
        .max_by_key(|scope| scope.path.len())
}

fn candidate(scopes: &[Scope], path: Vec<u8>, state: State) -> Option<Candidate> {
    let scope = scope_of(scopes, &path)?;
    let named = scope.path == path;
    let prefix = scope.path.len();
    Some(Candidate {
        path,
        state,
        size: None,
        named,
        prefix,
    })
}

/// What the index says about the work tree.
#[derive(Default)]
struct Tracked {
    /// Of every entry, sorted.
    paths: Vec<Vec<u8>>,
    /// The same in lower case, sorted, where case does not count.
    folded: Option<Vec<Vec<u8>>>,
    gitlinks: HashSet<Vec<u8>>,
    /// `.gitignore` files that a sparse checkout leaves out; git reads them from the index.
    sparse_ignores: BTreeMap<Vec<u8>, git2::Oid>,
}

impl Tracked {
    fn read(index: &Index, fold_case: bool) -> Self {
        let mut tracked = Self::default();
        for entry in index.iter() {
            if entry.mode == GITLINK_MODE {
                tracked.gitlinks.insert(entry.path.clone());
            }
            if entry.flags_extended & SKIP_WORKTREE != 0
                && path::base_name(&entry.path) == b".gitignore"
            {
                tracked.sparse_ignores.insert(entry.path.clone(), entry.id);
            }
            tracked.paths.push(entry.path);
        }
        tracked.paths.sort_unstable();
        tracked.paths.dedup();
        if fold_case {
            let mut folded: Vec<_> = tracked
                .paths
                .iter()
                .map(|path| path.to_ascii_lowercase())
                .collect();
            folded.sort_unstable();
            tracked.folded = Some(folded);
        }
        tracked
    }

    /// The sorted paths to look in, and `path` as it would stand there.
    fn keys<'a>(&self, path: &'a [u8]) -> (&[Vec<u8>], Cow<'a, [u8]>) {
        match &self.folded {
            Some(folded) => (folded, path.to_ascii_lowercase().into()),
            None => (&self.paths, path.into()),
        }
    }

    fn contains(&self, path: &[u8]) -> bool {
        let (known, path) = self.keys(path);
        known
            .binary_search_by(|known| known.as_slice().cmp(&path))
            .is_ok()
    }

    fn has_below(&self, folder: &[u8]) -> bool {
        let below = path::join(folder, b"");
        let (known, below) = self.keys(&below);
        let at = known.partition_point(|known| known.as_slice() < &*below);
        known.get(at).is_some_and(|known| known.starts_with(&below))
    }
}

/// Tracked and untracked Go files of the work tree, in path order.
pub(crate) fn work_tree(
    repo: &Repository,
    place: &Place,
    index: &Index,
) -> Result<Vec<Candidate>, Error> {
    let config = repo
        .config()
        .and_then(|mut config| config.snapshot())
        .map_err(|error| Error::git("git's configuration cannot be read", &error))?;
    let tracked = Tracked::read(index, config.get_bool("core.ignorecase").unwrap_or(false));
    let wanted = tracked
        .paths
        .iter()
        .filter(|path| is_go(path) || scopes_name(&place.scopes, path));
    let mut found: Vec<Candidate> = wanted
        .filter(|path| !tracked.gitlinks.contains(*path))
        .filter_map(|path| candidate(&place.scopes, path.clone(), State::Present(Content::Disk)))
        .collect();
    let linked = linked_folders(&place.root, &found);
    let root = place.root.as_path();
    found
        .par_iter_mut()
        .for_each(|candidate| look_at(root, candidate, &linked));

    let walk = Walk::new(repo, &config, place, &tracked);
    let untracked = walk.files();
    found.extend(
        untracked
            .into_iter()
            .filter_map(|(path, state)| candidate(&place.scopes, path, state)),
    );
    found
        .par_iter_mut()
        .filter(|candidate| candidate.size.is_none())
        .for_each(|candidate| {
            look_at(root, candidate, &linked);
        });
    add_named(place, &mut found)?;
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn scopes_name(scopes: &[Scope], path: &[u8]) -> bool {
    scopes.iter().any(|scope| scope.path == path)
}

/// Adds the files that the user named and ignore rules hide, and refuses names of nothing.
fn add_named(place: &Place, found: &mut Vec<Candidate>) -> Result<(), Error> {
    for scope in &place.scopes {
        let known = found
            .iter()
            .any(|candidate| path::is_within(&candidate.path, &scope.path));
        if known || (scope.exists && !scope.is_file) {
            continue;
        }
        if !scope.exists {
            return Err(missing(&scope.typed));
        }
        let state = State::Present(Content::Disk);
        let mut named = Candidate {
            path: scope.path.clone(),
            state,
            size: None,
            named: true,
            prefix: scope.path.len(),
        };
        look_at(&place.root, &mut named, &HashSet::new());
        found.push(named);
    }
    Ok(())
}

/// Folders of the candidates that the disk holds as symbolic links: what git tracks below them is not there.
fn linked_folders(root: &Path, candidates: &[Candidate]) -> HashSet<Vec<u8>> {
    let folders: HashSet<&[u8]> = candidates
        .iter()
        .flat_map(|candidate| path::folders_above(&candidate.path))
        .collect();
    let folders: Vec<&[u8]> = folders.into_iter().collect();
    folders
        .into_par_iter()
        .filter(|folder| {
            let metadata = root.join(path::from_bytes(folder)).symlink_metadata();
            metadata.is_ok_and(|metadata| metadata.is_symlink())
        })
        .map(<[u8]>::to_vec)
        .collect()
}

/// Asks the disk whether a candidate can be read.
fn look_at(root: &Path, candidate: &mut Candidate, linked: &HashSet<Vec<u8>>) {
    if candidate.state != State::Present(Content::Disk) {
        return;
    }
    let unusable = |reason: &str| State::Unusable(reason.to_owned());
    if path::folders_above(&candidate.path).any(|folder| linked.contains(folder)) {
        candidate.state = unusable(ABSENT);
        return;
    }
    match root
        .join(path::from_bytes(&candidate.path))
        .symlink_metadata()
    {
        Ok(metadata) if metadata.is_symlink() => candidate.state = unusable(SYMLINK),
        Ok(metadata) if metadata.is_file() => candidate.size = Some(metadata.len()),
        Ok(_) => candidate.state = unusable("not a regular file"),
        Err(_) => candidate.state = unusable(ABSENT),
    }
}

/// The Go files among the entries of `index`, as blobs, in path order.
pub(crate) fn blobs(place: &Place, index: &Index) -> Result<Vec<Candidate>, Error> {
    let wanted = |entry: &IndexEntry| {
        entry.mode != GITLINK_MODE
            && (is_go(&entry.path) || scopes_name(&place.scopes, &entry.path))
    };
    let mut found: Vec<Candidate> = index
        .iter()
        .filter(wanted)
        .filter_map(|entry| {
            let unmerged = (entry.flags >> 12) & 3 != 0;
            let state = match entry.mode {
                _ if unmerged => State::Unusable("unmerged".to_owned()),
                SYMLINK_MODE => State::Unusable(SYMLINK.to_owned()),
                _ => State::Present(Content::Blob(entry.id)),
            };
            candidate(&place.scopes, entry.path, state)
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    for scope in place.scopes.iter().filter(|scope| !scope.path.is_empty()) {
        let known = index
            .iter()
            .any(|entry| path::is_within(&entry.path, &scope.path));
        if !known && (scope.is_file || !scope.exists) {
            return Err(Error::new(format!(
                "`{}` is not among the files of that revision",
                scope.typed.display()
            )));
        }
    }
    Ok(found)
}

/// `git/NAME` below the user's configuration folder.
pub(crate) fn user_file(name: &str) -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?;
    Some(base.join("git").join(name))
}

/// The Go files that ripgrep's walker finds, `.gitignore` files honoured although there is no repository.
pub(crate) fn plain_folder(place: &Place) -> Result<Vec<Candidate>, Error> {
    let mut starts = place
        .scopes
        .iter()
        .map(|scope| place.root.join(path::from_bytes(&scope.path)));
    let mut walker = WalkBuilder::new(starts.next().unwrap_or_else(|| place.root.clone()));
    for start in starts {
        walker.add(start);
    }
    let mut found = Vec::new();
    for entry in walker.require_git(false).build() {
        let entry =
            entry.map_err(|error| Error::new(format!("a folder cannot be searched: {error}")))?;
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let Ok(relative) = entry.path().strip_prefix(&place.root) else {
            continue;
        };
        let relative = path::to_bytes(relative);
        if is_folder || (entry.depth() > 0 && !is_go(&relative)) {
            continue;
        }
        found.extend(candidate(
            &place.scopes,
            relative,
            State::Present(Content::Disk),
        ));
    }
    let root = place.root.as_path();
    found
        .par_iter_mut()
        .for_each(|candidate| look_at(root, candidate, &HashSet::new()));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}
