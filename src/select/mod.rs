//! Which files: exactly those of `git ls-files -co --exclude-standard -- '*.go'` in a repository, ignore rules elsewhere;
//! less what is skipped by default, each with its reason. In: paths and filters. Out: a [`FileSet`] in path order.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The selected files and those left out, both in path order (bytewise).
#[derive(Debug)]
pub struct FileSet {
    /// Folder that every path is relative to: the work tree's root (the repository's own folder where it is bare),
    /// or, outside a repository, the folder the search started from.
    pub root: PathBuf,
    /// The repository's `.git` folder, where there is one.
    pub git_dir: Option<PathBuf>,
    /// To be read and searched.
    pub files: Vec<FileEntry>,
    /// Known by name and left out.
    pub skipped: Vec<SkippedFile>,
}

/// A selected file.
#[derive(Debug, Clone)]
pub struct FileEntry {
    /// Relative to [`FileSet::root`], with `/` between parts.
    pub path: Arc<Path>,
    /// Where its bytes are.
    pub content: Content,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// In the work tree (or the plain folder).
    Disk,
    /// In the object database, under this id (`--at`, `--staged`, bare repositories).
    Blob(git2::Oid),
}

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedFile {
    /// Relative to [`FileSet::root`].
    pub path: Arc<Path>,
    /// A few words: ``in `vendor/` ``, `symbolic link`, `larger than 4 MiB (--max-file-size)`.
    pub reason: String,
}
