//! The walk over untracked files, with git's ignore rules (gitignore(5)): `.gitignore` files, `info/exclude` and
//! `core.excludesFile`.

use std::{
    collections::BTreeMap,
    fs::{self, FileType},
    path::{Path, PathBuf},
};

use git2::{Config, Repository};
use rayon::prelude::*;

use super::{SYMLINK, Tracked, is_go, scope_of, user_file};
use crate::select::{
    Content, State,
    gitignore::Patterns,
    path,
    repository::{Place, Scope},
};

/// The walk over untracked files.
pub(super) struct Walk<'a> {
    root: &'a Path,
    scopes: &'a [Scope],
    tracked: &'a Tracked,
    /// `info/exclude`, then `core.excludesFile`: asked in this order, after all `.gitignore` files.
    standard: [Patterns; 2],
    sparse_ignores: BTreeMap<&'a [u8], Patterns>,
    fold_case: bool,
}

/// The ignore rules in force in a folder: its own, then those above.
struct Rules<'a> {
    own: Patterns,
    above: Option<&'a Rules<'a>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        repo: &Repository,
        config: &Config,
        place: &'a Place,
        tracked: &'a Tracked,
    ) -> Self {
        let excludes_file = config
            .get_path("core.excludesfile")
            .ok()
            .or_else(|| user_file("ignore"));
        let read = |path: Option<PathBuf>| {
            let text = path
                .and_then(|path| fs::read(path).ok())
                .unwrap_or_default();
            Patterns::parse(&text, b"")
        };
        let sparse_ignores = tracked
            .sparse_ignores
            .iter()
            .filter(|(path, _)| {
                place
                    .root
                    .join(path::from_bytes(path))
                    .symlink_metadata()
                    .is_err()
            })
            .filter_map(|(path, id)| {
                let blob = repo.find_blob(*id).ok()?;
                let folder = path.strip_suffix(b".gitignore")?;
                let folder = folder.strip_suffix(b"/").unwrap_or(folder);
                Some((folder, Patterns::parse(blob.content(), folder)))
            })
            .collect();
        Self {
            root: &place.root,
            scopes: &place.scopes,
            tracked,
            standard: [
                read(Some(repo.commondir().join("info/exclude"))),
                read(excludes_file),
            ],
            sparse_ignores,
            fold_case: tracked.folded.is_some(),
        }
    }

    /// The untracked Go files, in no order.
    pub(super) fn files(&self) -> Vec<(Vec<u8>, State)> {
        self.folder(b"", None)
    }

    fn folder(&self, folder: &[u8], above: Option<&Rules<'_>>) -> Vec<(Vec<u8>, State)> {
        let on_disk = self.root.join(path::from_bytes(folder));
        let entries = fs::read_dir(&on_disk).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                return vec![(
                    folder.to_vec(),
                    State::Unusable(format!("cannot be read: {error}")),
                )];
            }
        };
        let mut names: Vec<(Vec<u8>, FileType)> = Vec::with_capacity(entries.len());
        let (mut ignore_file, mut dot_git) = (false, false);
        for entry in entries {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let name = path::to_bytes(Path::new(&entry.file_name()));
            if name == b".git" || (self.fold_case && name.eq_ignore_ascii_case(b".git")) {
                dot_git = true;
                continue;
            }
            ignore_file |= name == b".gitignore" && kind.is_file();
            names.push((name, kind));
        }
        if dot_git
            && !folder.is_empty()
            && !self.tracked.has_below(folder)
            && is_repository(&on_disk)
        {
            return Vec::new();
        }
        let text = ignore_file.then(|| fs::read(on_disk.join(".gitignore")).unwrap_or_default());
        let own = Patterns::parse(&text.unwrap_or_default(), folder);
        let rules = Rules { own, above };
        names
            .into_par_iter()
            .flat_map_iter(|(name, kind)| self.entry(folder, &name, kind, &rules))
            .collect()
    }

    fn entry(
        &self,
        folder: &[u8],
        name: &[u8],
        kind: FileType,
        rules: &Rules<'_>,
    ) -> Vec<(Vec<u8>, State)> {
        let path = path::join(folder, name);
        if kind.is_dir() {
            let leads_to_scope = self.scopes.iter().any(|scope| {
                path::is_within(&path, &scope.path) || path::is_within(&scope.path, &path)
            });
            if !leads_to_scope
                || self.tracked.gitlinks.contains(&path)
                || self.ignored(&path, true, rules)
            {
                return Vec::new();
            }
            return self.folder(&path, Some(rules));
        }
        let listed = is_go(name)
            && (kind.is_file() || kind.is_symlink())
            && scope_of(self.scopes, &path).is_some()
            && !self.tracked.contains(&path)
            && !self.ignored(&path, false, rules);
        if !listed {
            return Vec::new();
        }
        let state = if kind.is_symlink() {
            State::Unusable(SYMLINK.to_owned())
        } else {
            State::Present(Content::Disk)
        };
        vec![(path, state)]
    }

    fn ignored(&self, path: &[u8], is_folder: bool, rules: &Rules<'_>) -> bool {
        let mut level = Some(rules);
        while let Some(rules) = level {
            let verdict = rules
                .own
                .verdict(path, is_folder, self.fold_case)
                .or_else(|| {
                    let sparse = self.sparse_ignores.get(rules.own.folder())?;
                    sparse.verdict(path, is_folder, self.fold_case)
                });
            if let Some(ignored) = verdict {
                return ignored;
            }
            level = rules.above;
        }
        let mut standard = self.standard.iter();
        standard
            .find_map(|patterns| patterns.verdict(path, is_folder, self.fold_case))
            .unwrap_or(false)
    }
}

/// Whether `folder` is the work tree of a repository, by the test that git makes: its `.git` is a git folder, or a file that leads to one.
fn is_repository(folder: &Path) -> bool {
    let dot_git = folder.join(".git");
    if dot_git.is_dir() {
        return is_git_folder(&dot_git);
    }
    let Ok(text) = fs::read(&dot_git) else {
        return true;
    };
    let Some(target) = text.strip_prefix(b"gitdir: ") else {
        return false;
    };
    is_git_folder(&folder.join(path::from_bytes(target.trim_ascii_end())))
}

fn is_git_folder(folder: &Path) -> bool {
    let common = fs::read(folder.join("commondir")).map_or_else(
        |_| folder.to_path_buf(),
        |text| folder.join(path::from_bytes(text.trim_ascii_end())),
    );
    let has_head = fs::read(folder.join("HEAD")).is_ok_and(|head| {
        head.strip_prefix(b"ref:")
            .is_some_and(|name| name.trim_ascii().starts_with(b"refs/"))
            || (head.len() >= 40 && head[..40].iter().all(u8::is_ascii_hexdigit))
    });
    has_head && common.join("objects").is_dir() && common.join("refs").is_dir()
}
