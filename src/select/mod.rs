//! Which files: exactly those of `git ls-files -co --exclude-standard -- '*.go'` in a repository, ignore rules elsewhere;
//! less what is skipped by default, each with its reason. In: paths and filters. Out: a [`FileSet`] in path order.
//!
//! Nothing of the repository is executed: no hook, filter or file-system monitor. The git program is run only where libgit2
//! cannot open the repository or read its index ([`through_git`]).

mod attributes;
pub(crate) mod changes;
mod dirty;
mod filter;
mod gitignore;
pub mod modules;
pub(crate) mod opening;
pub(crate) mod path;
mod reader;
pub(crate) mod repository;
pub mod through_git;
mod walk;
pub(crate) mod wildmatch;

use std::{
    collections::BTreeMap,
    fmt,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use dirty::dirty;
pub use filter::{check_glob, is_generated, skip_reason};
pub use modules::Modules;
pub use reader::{ReadError, Reader};

/// Bytes that a file may have without [`Options::max_file_size`].
pub const DEFAULT_MAX_FILE_SIZE: u64 = 4 << 20;

/// Which of the files to take; the default is that of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, and independent"
)]
pub struct Options {
    /// Also files below `vendor/`.
    pub vendor: bool,
    /// Also files below `testdata/`.
    pub testdata: bool,
    /// Also generated files.
    pub generated: bool,
    /// Files with more bytes are left out.
    pub max_file_size: u64,
    /// Only files that differ from the merge base of this revision and HEAD (of [`Options::at`], where that is set);
    /// uncommitted and untracked ones included.
    pub since: Option<String>,
    /// Fill [`FileSet::changed_lines`]: since [`Options::since`], or since HEAD where that is not set.
    pub changed_lines: bool,
    /// Only files whose staged content differs from HEAD, with that content.
    pub staged: bool,
    /// The files of this revision instead of those of the work tree.
    pub at: Option<String>,
    /// Where not empty, only files that one of these globs takes (gitignore syntax, relative to the root).
    pub include: Vec<String>,
    /// No file that one of these globs takes; wins over `include`.
    pub exclude: Vec<String>,
    /// What to do with `_test.go` files.
    pub tests: Tests,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            vendor: false,
            testdata: false,
            generated: false,
            max_file_size: DEFAULT_MAX_FILE_SIZE,
            since: None,
            changed_lines: false,
            staged: false,
            at: None,
            include: Vec::new(),
            exclude: Vec::new(),
            tests: Tests::Include,
        }
    }
}

/// What to do with `_test.go` files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tests {
    /// Take them as any other.
    #[default]
    Include,
    /// Leave them out.
    Exclude,
    /// Take nothing else.
    Only,
}

/// The selected files and those left out, both in path order (bytewise).
#[derive(Debug)]
pub struct FileSet {
    /// Folder that every path is relative to: the work tree's root (the repository's own folder where it is bare),
    /// or, outside a repository, the folder the search started from.
    pub root: PathBuf,
    /// The repository's `.git` folder, where there is one.
    pub git_dir: Option<PathBuf>,
    /// What libgit2 is shown in its place, where it cannot open it.
    pub view: Option<Arc<through_git::View>>,
    /// To be read and searched.
    pub files: Vec<FileEntry>,
    /// Known by name and left out.
    pub skipped: Vec<SkippedFile>,
    /// With [`Options::changed_lines`]: 1-based lines of each selected file that are new or changed, ascending; a file
    /// that is not in the map has none.
    pub changed_lines: Option<BTreeMap<Arc<Path>, Vec<RangeInclusive<usize>>>>,
    /// Go files under the paths that a filter (`--since`, `--staged`, `--include`, `--exclude`, `--tests`) left out.
    pub filtered: usize,
    /// Whether the folders of files that are named hold no others.
    pub whole: bool,
}

impl FileSet {
    /// These files below a plain folder, which are all there are.
    pub fn of_named(root: PathBuf, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let entry = |path: PathBuf| FileEntry {
            path: path.into(),
            content: Content::Disk,
            named: false,
        };
        Self {
            root,
            git_dir: None,
            view: None,
            files: paths.into_iter().map(entry).collect(),
            skipped: Vec::new(),
            changed_lines: None,
            filtered: 0,
            whole: false,
        }
    }

    /// The git folder that libgit2 opens.
    pub(crate) fn readable_git_dir(&self) -> Option<&Path> {
        let view = self.view.as_ref().map(|view| view.path());
        view.or(self.git_dir.as_deref())
    }

    /// Why nothing was selected, with what to do about it; `None` where something was.
    pub fn emptiness(&self) -> Option<String> {
        filter::emptiness(self)
    }
}

/// A selected file.
#[derive(Debug, Clone)]
pub struct FileEntry {
    /// Relative to [`FileSet::root`], with `/` between parts.
    pub path: Arc<Path>,
    /// Where its bytes are.
    pub content: Content,
    /// Named by the user rather than found below a folder: ignore rules, skipped folders and generated code do not
    /// keep it out, as with ripgrep.
    pub named: bool,
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

/// Why no file set could be made: the thing, the cause and the next step in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// `what` failed in libgit2.
    pub(crate) fn git(what: impl fmt::Display, cause: &git2::Error) -> Self {
        Self(format!("{what}: {}", opening::cause(cause)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// A Go file under the paths, before the filters.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Relative to the root.
    path: Vec<u8>,
    state: State,
    /// Bytes on disk, where it was asked.
    size: Option<u64>,
    named: bool,
    /// How many bytes of `path` the user named: folders there are not skipped for their names.
    prefix: usize,
}

/// What is known of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Present(Content),
    /// Not to be read, with the reason.
    Unusable(String),
}

/// Selects the Go files under `paths` (the current folder where there are none).
///
/// In a repository these are the tracked files and the untracked ones that are not ignored, as
/// `git ls-files -co --exclude-standard -- '*.go'` lists them; elsewhere the files that ripgrep would search. A file
/// that is named itself is taken even where ignore rules, its folder or a generated-code marker would keep it out; the
/// other filters apply to it too.
///
/// # Errors
/// A path that does not exist, paths of different repositories, a revision or glob that cannot be read, a repository
/// that cannot be opened.
pub fn select(paths: &[PathBuf], options: &Options) -> Result<FileSet, Error> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let place = repository::locate(paths)?;
    let globs = filter::Globs::new(&place.root, options)?;
    let Some(repo) = &place.repository else {
        return plain(&place, options, &globs);
    };
    let source = repository::Source::open(repo, place.view.as_deref(), options)?;
    let mut candidates = match &source.listing {
        repository::Listing::WorkTree => walk::work_tree(repo, &place, &source.index)?,
        repository::Listing::Blobs => walk::blobs(&place, &source.index)?,
    };
    let changes = changes::Changes::find(repo, place.view.as_deref(), &source, options)?;
    let before = candidates.len();
    if let Some(changes) = changes
        .as_ref()
        .filter(|_| options.since.is_some() || options.staged)
    {
        candidates.retain(|candidate| changes.contains(&candidate.path));
    }
    let dropped = before - candidates.len();
    let generated = attributes::Generated::new(repo, &source, &place, &candidates, options);
    let mut set = filter::apply(&place, candidates, options, &globs, &generated);
    set.filtered += dropped;
    let git_dir = place.view.as_ref().map(|view| view.git_dir.clone());
    set.git_dir = Some(git_dir.unwrap_or_else(|| repo.path().to_path_buf()));
    set.view.clone_from(&place.view);
    if let Some(changes) = changes.filter(|_| options.changed_lines) {
        let lines = changes.lines(repo, &set)?;
        set.changed_lines = Some(lines);
    }
    Ok(set)
}

/// The root of the work tree that a path lies in, links resolved; `None` outside of one, and where it cannot be told.
pub fn work_tree(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.ancestors().find(|folder| folder.is_dir())?;
    let opened = opening::discover(&folder.canonicalize().ok()?).ok()??;
    opened.repository.workdir()?.canonicalize().ok()
}

/// Selection outside a repository.
fn plain(
    place: &repository::Place,
    options: &Options,
    globs: &filter::Globs,
) -> Result<FileSet, Error> {
    let wants_git = [
        (options.since.is_some(), "--since"),
        (options.changed_lines, "--changed-lines"),
        (options.staged, "--staged"),
        (options.at.is_some(), "--at"),
    ];
    if let Some((_, flag)) = wants_git.iter().find(|(wanted, _)| *wanted) {
        return Err(Error::new(format!(
            "`{flag}` needs a git repository, and `{}` is not in one",
            place.root.display()
        )));
    }
    let candidates = walk::plain_folder(place)?;
    Ok(filter::apply(
        place,
        candidates,
        options,
        globs,
        &attributes::Generated::default(),
    ))
}
