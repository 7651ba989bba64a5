//! Real git repositories in temporary folders, for tests. Hermetic: neither the user's nor the machine's configuration
//! counts, and authors and dates of git's own commits are fixed.
#![allow(
    dead_code,
    reason = "each integration test is a crate of its own and uses a part of this"
)]

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A repository that is deleted when the test ends.
pub struct TestRepo {
    folder: TempDir,
    /// The work tree; the repository itself where it is bare.
    pub root: PathBuf,
}

impl TestRepo {
    /// An empty repository on branch `main`.
    pub fn new() -> Self {
        Self::init(&["init", "-q", "-b", "main"])
    }

    /// An empty bare repository on branch `main`.
    pub fn bare() -> Self {
        Self::init(&["init", "-q", "--bare", "-b", "main"])
    }

    fn init(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder
            .path()
            .canonicalize()
            .expect("it exists")
            .join("repo");
        fs::create_dir(&root).expect("the folder is ours");
        git(&root, arguments);
        // libgit2 in the test's own process still reads the user's configuration; what is set here wins over it.
        let nothing = folder.path().join("nothing");
        let nothing = nothing
            .to_str()
            .expect("temporary folders have plain names");
        for (key, value) in [
            ("core.excludesFile", nothing),
            ("core.attributesFile", nothing),
            ("core.autocrlf", "false"),
            ("commit.gpgSign", "false"),
            ("user.name", "Test Committer"),
            ("user.email", "committer@example.org"),
        ] {
            git(&root, &["config", key, value]);
        }
        Self { folder, root }
    }

    /// A folder beside the work tree that lives as long as the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .canonicalize()
            .expect("it exists")
            .join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        write(&self.root, path, text);
        self
    }

    /// Runs git in the work tree and gives what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    /// Adds everything that is not ignored and commits it; the new commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// The Go files that git lists: tracked, or untracked and not ignored.
    pub fn listed(&self) -> BTreeSet<PathBuf> {
        listed(&self.root, &["*.go"])
    }
}

/// Writes a file below `root`, and the folders above it.
pub fn write(root: &Path, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it is below a root")).expect("the folder is ours");
    fs::write(path, text).expect("the folder is ours");
}

/// What git lists for these pathspecs in the work tree `root`; names of folders (nested repositories) left out.
pub fn listed(root: &Path, pathspecs: &[&str]) -> BTreeSet<PathBuf> {
    let arguments = ["ls-files", "-co", "-z", "--exclude-standard", "--"];
    let output = run(root, &[&arguments[..], pathspecs].concat());
    let names = output
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty() && !name.ends_with(b"/"));
    names.map(path_of).collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Runs git in `folder` and gives what it prints; panics where it fails.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(run(folder, arguments)).expect("git prints UTF-8 here")
}

/// As [`git`], with the bytes that it prints.
pub fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = command("git")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("git is installed");
    assert!(
        output.status.success(),
        "git {arguments:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A command in the hermetic environment.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env_remove("XDG_CONFIG_HOME")
        .env("HOME", home())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Test Author")
        .env("GIT_AUTHOR_EMAIL", "author@example.org")
        .env("GIT_COMMITTER_NAME", "Test Committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.org")
        .env("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z")
        .env("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z")
        .env("GIT_ALLOW_PROTOCOL", "file")
        .env("LC_ALL", "C");
    command
}

/// A home folder without configuration, for this process's children.
fn home() -> PathBuf {
    let home = std::env::temp_dir().join("gomend-test-home");
    fs::create_dir_all(&home).expect("the temporary folder is writable");
    home
}
