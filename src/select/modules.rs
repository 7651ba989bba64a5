//! The Go language version of a file: the `go` line of its module, or a `//go:build go1.N` line of its own
//! (<https://go.dev/ref/mod#go-mod-file-go>, `cmd/go` "Build constraints", `go/types` `initFiles`).

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Error, FileSet, Options, filter, opening, path, repository};
use crate::go::version::Version;

/// A go.mod without a `go` line.
const WITHOUT_GO_LINE: Version = Version {
    major: 1,
    minor: 16,
};
/// The earliest version that a build constraint can set.
const EARLIEST_BY_CONSTRAINT: Version = Version {
    major: 1,
    minor: 21,
};

/// The modules of a file set. Shared between threads.
pub struct Modules {
    files: Files,
    known: Mutex<HashMap<Vec<u8>, Found>>,
}

/// Where go.mod and `vendor/modules.txt` are read.
enum Files {
    Disk(PathBuf),
    /// Texts of a revision or of the index, by path.
    Blobs(BTreeMap<Vec<u8>, Vec<u8>>),
}

/// What holds for the files of one folder.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// No go.mod at or above it, nor above the root, or one that cannot be read.
    Unknown,
    Version(Version),
}

impl Modules {
    /// The modules that the files of `set` belong to, read where the files are: on disk, or in the revision or index
    /// that `options` name.
    ///
    /// # Errors
    /// The repository or the revision cannot be read.
    pub fn new(set: &FileSet, options: &Options) -> Result<Self, Error> {
        let known = Mutex::default();
        let on_disk = Files::Disk(set.root.clone());
        let Some(git_dir) = set.readable_git_dir() else {
            return Ok(Self {
                files: on_disk,
                known,
            });
        };
        let repo = opening::reopen(git_dir)?;
        if options.at.is_none() && !options.staged && !repo.is_bare() {
            return Ok(Self {
                files: on_disk,
                known,
            });
        }
        let source = repository::Source::open(&repo, set.view.as_deref(), options)?;
        let is_wanted = |path: &[u8]| {
            path::base_name(path) == b"go.mod" || path.ends_with(b"vendor/modules.txt")
        };
        let texts = source
            .index
            .iter()
            .filter(|entry| is_wanted(&entry.path))
            .filter_map(|entry| {
                let text = repo.find_blob(entry.id).ok()?.content().to_vec();
                Some((entry.path, text))
            });
        Ok(Self {
            files: Files::Blobs(texts.collect()),
            known,
        })
    }

    /// The language version of the file `path` (relative to the root of the file set) with this text; `None` where it is
    /// in no module, or its go.mod gives none that can be read. The go command ignores files and folders whose names begin
    /// with `_` or `.`, so they belong to no module around them.
    ///
    /// A constraint wins over the module: it may raise the version or lower it, but never below 1.21.
    pub fn version_for(&self, path: &Path, text: &str) -> Option<Version> {
        let by_constraint = constraint_version(text.as_bytes());
        if let Some(version) = by_constraint {
            return Some(version.max(EARLIEST_BY_CONSTRAINT));
        }
        let path = path::to_bytes(path);
        if is_ignored_by_go(path::base_name(&path)) {
            return None;
        }
        let folder = path.len() - path::base_name(&path).len();
        match self.folder(path[..folder].strip_suffix(b"/").unwrap_or(b"")) {
            Found::Version(version) => Some(version),
            Found::Unknown => None,
        }
    }

    /// The text of the go.mod file in a folder, where there is one.
    pub fn go_mod(&self, folder: &str) -> Option<String> {
        let text = self.files.read(&path::join(folder.as_bytes(), b"go.mod"))?;
        String::from_utf8(text).ok()
    }

    fn folder(&self, folder: &[u8]) -> Found {
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(folder)
            .copied();
        if let Some(found) = known {
            return found;
        }
        let found = self.look_up(folder);
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(folder.to_vec(), found);
        found
    }

    fn look_up(&self, folder: &[u8]) -> Found {
        if let Some(text) = self.files.read(&path::join(folder, b"go.mod")) {
            return go_line(&text).map_or(Found::Unknown, Found::Version);
        }
        if let Some(found) = self.vendored(folder) {
            return found;
        }
        if folder.is_empty() {
            let text = self.files.above();
            return text
                .and_then(|text| go_line(&text))
                .map_or(Found::Unknown, Found::Version);
        }
        if is_ignored_by_go(path::base_name(folder)) {
            return Found::Unknown;
        }
        let above = folder.len() - path::base_name(folder).len();
        self.folder(folder[..above].strip_suffix(b"/").unwrap_or(b""))
    }

    /// The version of a vendored package, which is that of its own module; `vendor/modules.txt` keeps it. `None` where
    /// `folder` is not below a `vendor` folder that has such a list.
    fn vendored(&self, folder: &[u8]) -> Option<Found> {
        let ends: Vec<usize> = path::folders_above(folder)
            .map(<[u8]>::len)
            .filter(|end| path::base_name(&folder[..*end]) == b"vendor")
            .collect();
        let vendor = &folder[..*ends.last()?];
        let list = self.files.read(&path::join(vendor, b"modules.txt"))?;
        let package = std::str::from_utf8(&folder[vendor.len() + 1..]).ok()?;
        Some(
            vendored_version(&String::from_utf8_lossy(&list), package)
                .map_or(Found::Unknown, Found::Version),
        )
    }
}

impl Files {
    /// The go.mod nearest above the root: the files may be a part of a module.
    fn above(&self) -> Option<Vec<u8>> {
        let Self::Disk(root) = self else {
            return None;
        };
        let is_part = |folder: &&Path| {
            folder
                .file_name()
                .is_some_and(|name| !is_ignored_by_go(name.as_encoded_bytes()))
        };
        root.ancestors()
            .take_while(is_part)
            .filter_map(Path::parent)
            .find_map(|folder| fs::read(folder.join("go.mod")).ok())
    }

    fn read(&self, path: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Disk(root) => fs::read(root.join(path::from_bytes(path))).ok(),
            Self::Blobs(texts) => texts.get(path).cloned(),
        }
    }
}

/// Whether a file or folder of this name is no part of the module around it: the go command ignores those that begin with `_` or
/// `.` (`go help packages`). What lies there may be a template in a dialect of its own, or a program built elsewhere.
fn is_ignored_by_go(name: &[u8]) -> bool {
    matches!(name.first(), Some(b'_' | b'.'))
}

/// The version of a go.mod; `None` where its `go` line cannot be read.
fn go_line(text: &[u8]) -> Option<Version> {
    let text = String::from_utf8_lossy(text);
    let mut in_block = false;
    for line in text.lines() {
        let line = line.split_once("//").map_or(line, |(code, _)| code).trim();
        if in_block {
            in_block = line != ")";
            continue;
        }
        in_block = line.ends_with('(');
        let mut words = line.split_whitespace();
        if words.next() == Some("go") {
            return words
                .next()
                .filter(|_| words.next().is_none())
                .and_then(module_version);
        }
    }
    Some(WITHOUT_GO_LINE)
}

/// A version as go.mod has it: without the `go` in front.
fn module_version(word: &str) -> Option<Version> {
    word.starts_with(|first: char| first.is_ascii_digit())
        .then(|| Version::parse(word))?
}

/// The version that `vendor/modules.txt` gives for the module of `package`: of the modules whose path leads to it, the
/// longest.
fn vendored_version(list: &str, package: &str) -> Option<Version> {
    let mut best: Option<(usize, Option<Version>)> = None;
    let mut current: Option<&str> = None;
    for line in list.lines() {
        if let Some(marks) = line.strip_prefix("## ") {
            let version = marks
                .split(';')
                .find_map(|mark| mark.trim().strip_prefix("go "))
                .and_then(module_version);
            if let (Some(module), Some((length, slot))) = (current, &mut best)
                && module.len() == *length
            {
                *slot = version;
            }
        } else if let Some(module) = line.strip_prefix("# ") {
            let module = module.split_whitespace().next()?;
            let leads = path::is_within(package.as_bytes(), module.as_bytes());
            current =
                (leads && best.is_none_or(|(length, _)| module.len() > length)).then_some(module);
            if current.is_some() {
                best = Some((module.len(), None));
            }
        }
    }
    best?.1
}

/// The least version that the file's `//go:build` line implies, as `go/build/constraint.GoVersion` finds it.
fn constraint_version(text: &[u8]) -> Option<Version> {
    // The last line that parses counts, as in go/parser.
    let constraints = filter::leading_comments(text).filter_map(|comment| {
        let expression = std::str::from_utf8(comment.strip_prefix(b"//go:build")?).ok()?;
        if !expression.starts_with([' ', '\t']) {
            return None;
        }
        Constraint::parse(expression.trim())
    });
    let minor = constraints.last()?.holds;
    Some(Version {
        major: 1,
        minor: u32::try_from(minor).ok()?,
    })
}

/// What a build constraint (`go help buildconstraint`) implies: the least N of `go1.N` where it holds and where it does
/// not; -1 for nothing.
#[derive(Debug, Clone, Copy)]
struct Constraint {
    holds: i64,
    fails: i64,
}

/// Deeper constraints are not read; nobody writes them, and reading one must not exhaust the stack.
const MAX_DEPTH: usize = 100;

impl Constraint {
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let constraint = Self::or(&mut rest, 0)?;
        rest.trim_start().is_empty().then_some(constraint)
    }

    fn or(rest: &mut &str, depth: usize) -> Option<Self> {
        let mut left = Self::and(rest, depth)?;
        while take(rest, "||") {
            let right = Self::and(rest, depth)?;
            left = Self {
                holds: left.holds.min(right.holds),
                fails: left.fails.max(right.fails),
            };
        }
        Some(left)
    }

    fn and(rest: &mut &str, depth: usize) -> Option<Self> {
        let mut left = Self::not(rest, depth)?;
        while take(rest, "&&") {
            let right = Self::not(rest, depth)?;
            left = Self {
                holds: left.holds.max(right.holds),
                fails: left.fails.min(right.fails),
            };
        }
        Some(left)
    }

    fn not(rest: &mut &str, depth: usize) -> Option<Self> {
        if depth > MAX_DEPTH {
            return None;
        }
        if take(rest, "!") {
            let inner = Self::not(rest, depth + 1)?;
            return Some(Self {
                holds: inner.fails,
                fails: inner.holds,
            });
        }
        if take(rest, "(") {
            let inner = Self::or(rest, depth + 1)?;
            return take(rest, ")").then_some(inner);
        }
        *rest = rest.trim_start();
        let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let end = rest.find(|c| !is_tag(c)).unwrap_or(rest.len());
        let (tag, tail) = rest.split_at(end);
        *rest = tail;
        let minor = tag
            .strip_prefix("go1.")
            .and_then(|minor| minor.parse::<u32>().ok());
        let holds = if tag == "go1" {
            0
        } else {
            minor.map_or(-1, i64::from)
        };
        (!tag.is_empty()).then_some(Self { holds, fails: -1 })
    }
}

fn take(rest: &mut &str, word: &str) -> bool {
    let trimmed = rest.trim_start();
    let Some(tail) = trimmed.strip_prefix(word) else {
        return false;
    };
    *rest = tail;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Option<Version> {
        let version = Version::parse(text);
        assert!(version.is_some(), "{text}");
        version
    }

    #[test]
    fn a_module_above_the_root_counts() {
        let folder = tempfile::Builder::new()
            .prefix("modules")
            .tempdir()
            .expect("a temporary folder");
        let version = |root: &str| {
            let root = folder.path().join(root);
            fs::create_dir_all(&root).expect("it can be made");
            let set = FileSet::of_named(root, []);
            let modules = Modules::new(&set, &Options::default()).expect("no repository");
            modules.version_for(Path::new("a.go"), "package p")
        };
        assert_eq!(version("a/b"), None);
        fs::write(folder.path().join("go.mod"), "module m\n\ngo 1.22\n").expect("it can be");
        assert_eq!(version("a/b"), v("1.22"));
        assert_eq!(version("a/_b"), None);
    }

    #[test]
    fn the_go_line_of_a_module() {
        assert_eq!(go_line(b"module m\n\ngo 1.22.3 // why\n"), v("1.22"));
        assert_eq!(go_line(b"module m\r\n\r\ngo 1.20\r\n"), v("1.20"));
        assert_eq!(
            go_line(b"module m\nrequire (\n\tgo 1.2\n)\ngo 1.19\n"),
            v("1.19")
        );
        assert_eq!(go_line(b"module m\n"), v("1.16"));
        assert_eq!(go_line(b"module m\ngo go1.22\n"), None);
        assert_eq!(go_line(b"module m\ngo latest\n"), None);
        assert_eq!(
            go_line(b"module m\ntoolchain go1.23.0\ngo 1.21\n"),
            v("1.21")
        );
    }

    #[test]
    fn constraints_imply_what_go_says_they_do() {
        let of =
            |line: &str| constraint_version(format!("// c\n\n{line}\n\npackage p\n").as_bytes());
        assert_eq!(of("//go:build linux && go1.22"), v("1.22"));
        assert_eq!(
            of("//go:build (linux && go1.22) || (windows && go1.20)"),
            v("1.20")
        );
        assert_eq!(of("//go:build !(!go1.22 || linux)"), v("1.22"));
        for none in [
            "//go:build linux",
            "//go:build linux || (windows && go1.22)",
            "//go:build !go1.22",
            "//go:build go1.22 &&",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(constraint_version(b"package p\n//go:build go1.22\n"), None);
        assert_eq!(
            of(&format!("//go:build {}go1.22", "!".repeat(100_000))),
            None
        );
    }

    #[test]
    fn a_vendored_package_has_its_own_modules_version() {
        let list = "# a.b/c v1.0.0\n## explicit; go 1.17\na.b/c\na.b/c/d\n# a.b/c/e v2.0.0\n## go 1.20\na.b/c/e\n# a.b/f v1\na.b/f\n";
        assert_eq!(vendored_version(list, "a.b/c/d"), v("1.17"));
        assert_eq!(vendored_version(list, "a.b/c/e"), v("1.20"));
        assert_eq!(vendored_version(list, "a.b/f"), None);
        assert_eq!(vendored_version(list, "a.b/g"), None);
    }
}
