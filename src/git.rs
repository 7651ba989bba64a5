//! The git program: finding it, and running it with settings under which it neither asks nor runs what a repository says.
//!
//! gomend reads and writes repositories through libgit2. What that cannot do is done by git itself: repositories of
//! kinds it does not know, pushing, blame. In: arguments, bytes for standard input. Out: what git printed, or one
//! [`Error`]. What the output means is the caller's business.

pub mod process;
#[cfg(test)]
mod tests;

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt, fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

pub use process::Output;

/// Variables that say which repository git reads; `git rev-parse --local-env-vars` lists them. The caller says it by
/// [`Git::git_dir`], so they would only mislead. Those that hold configuration stay: they are the user's.
const LOCAL_VARIABLES: [&str; 13] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Name of an object: 40 hexadecimal digits, or 64 in a repository of the object format `sha256`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// Reads a name as git prints it; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = matches!(text.len(), 40 | 64)
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_name.then(|| Self(text.to_owned()))
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning, for people.
    pub fn short(&self) -> &str {
        &self.0[..10]
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<git2::Oid> for Id {
    fn from(id: git2::Oid) -> Self {
        Self(id.to_string())
    }
}

/// The git program, and how to run it.
#[derive(Debug, Clone)]
pub struct Git {
    program: PathBuf,
    folder: Option<PathBuf>,
    repository: Option<PathBuf>,
    variables: Vec<(OsString, OsString)>,
    settings: Vec<String>,
    hooks: bool,
    limit: Option<Duration>,
}

/// Why git did not do it.
#[derive(Debug)]
pub enum Error {
    /// There is no git on `PATH`.
    NotFound,
    /// It could not be started, or not be talked to.
    Io {
        /// `git` and its subcommand, without arguments, which may hold what is nobody's business.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// It said no.
    Failed {
        /// `git` and its subcommand.
        what: String,
        /// How it ended.
        status: ExitStatus,
        /// All it wrote to standard error, [`without_credentials`].
        complaint: String,
    },
    /// It did not end in time, and was ended.
    TimedOut {
        /// `git` and its subcommand.
        what: String,
        /// The time it had.
        limit: Duration,
    },
}

impl Error {
    /// The line of git's complaint that says most: the first that begins with `fatal:` or `error:`, else the last.
    pub fn complaint(&self) -> Option<&str> {
        let Self::Failed { complaint, .. } = self else {
            return None;
        };
        let mut lines = complaint
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let says = |line: &&str| line.starts_with("fatal:") || line.starts_with("error:");
        lines.clone().find(says).or_else(|| lines.next_back())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => {
                f.write_str("git was not found on PATH; install it from https://git-scm.com")
            }
            Self::Io { what, source } => write!(f, "`{what}` cannot be run: {source}"),
            Self::Failed { what, status, .. } => match self.complaint() {
                Some(line) => write!(f, "`{what}` failed: {}", line.trim_end_matches('.')),
                None => write!(f, "`{what}` failed without a word ({status})"),
            },
            Self::TimedOut { what, limit } => {
                write!(
                    f,
                    "`{what}` did not end in {} s, and was ended",
                    limit.as_secs()
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Git {
    /// Finds git on `PATH`. What lies below one of `outside`, the folders of a repository, is no program to run, nor is
    /// what a relative entry of `PATH` leads to: either may come with the code that is searched.
    ///
    /// # Errors
    /// There is none.
    pub fn find(outside: &[&Path]) -> Result<Self, Error> {
        let program = find_program("git", outside).ok_or(Error::NotFound)?;
        Ok(Self {
            program,
            folder: None,
            repository: None,
            variables: Vec::new(),
            settings: Vec::new(),
            hooks: false,
            limit: None,
        })
    }

    /// Runs it in this folder.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Runs it on this repository: its `.git` folder, or itself where it is bare.
    #[must_use]
    pub fn git_dir(mut self, git_dir: &Path) -> Self {
        self.repository = Some(git_dir.to_owned());
        self
    }

    /// Sets a variable of its environment, the place for secrets.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Sets an item of its configuration (`-c`), which everybody on the machine can read while it runs.
    #[must_use]
    pub fn setting(mut self, key: &str, value: &str) -> Self {
        self.settings.push(format!("{key}={value}"));
        self
    }

    /// Lets it run the repository's hooks, as a person's git would.
    #[must_use]
    pub fn with_hooks(mut self) -> Self {
        self.hooks = true;
        self
    }

    /// Ends it after this time; without, it may take as long as it likes.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Runs it with these arguments, the subcommand first, and `input` on its standard input.
    ///
    /// # Errors
    /// It cannot be started, does not end in time, or does not end with 0.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Result<Output, Error> {
        let output = self.output(arguments, input)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(Error::Failed {
            what: name(arguments),
            status: output.status,
            complaint: without_credentials(&output.complaint()),
        })
    }

    /// As [`Git::run`], for subcommands whose exit code is an answer.
    ///
    /// # Errors
    /// It cannot be started, or does not end in time.
    pub fn output<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Result<Output, Error> {
        process::run(&mut self.command(arguments), input, self.limit).map_err(|error| {
            let what = name(arguments);
            match error {
                process::Error::Io(source) => Error::Io { what, source },
                process::Error::TimedOut(limit) => Error::TimedOut { what, limit },
            }
        })
    }

    /// The command that [`Git::run`] runs, for a caller that talks to it itself.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--no-pager", "--no-optional-locks"]);
        command.args(["-c", "core.fsmonitor=false"]);
        if !self.hooks {
            command.args(["-c", "core.hooksPath=/dev/null"]);
        }
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        for variable in LOCAL_VARIABLES {
            command.env_remove(variable);
        }
        if let Some(git_dir) = &self.repository {
            command.arg("--git-dir").arg(git_dir);
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.args(arguments);
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
        command.env_remove("GIT_TRACE").env_remove("GIT_EDITOR");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// `git` and the subcommand.
fn name<S: AsRef<OsStr>>(arguments: &[S]) -> String {
    match arguments.first() {
        Some(subcommand) => format!("git {}", subcommand.as_ref().to_string_lossy()),
        None => "git".to_owned(),
    }
}

/// The program of that name on `PATH`, not by a relative entry and not below one of `outside`.
pub fn find_program(name: &str, outside: &[&Path]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let outside: Vec<PathBuf> = outside
        .iter()
        .map(|folder| {
            folder
                .canonicalize()
                .unwrap_or_else(|_| folder.to_path_buf())
        })
        .collect();
    find_in(
        &path,
        &format!("{name}{}", env::consts::EXE_SUFFIX),
        &outside,
    )
}

fn find_in(path: &OsStr, name: &str, outside: &[PathBuf]) -> Option<PathBuf> {
    env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .filter(|program| is_program(program))
        .find(|program| {
            // Both where it stands and where it leads to.
            let real = program.canonicalize().unwrap_or_else(|_| program.clone());
            let folder = program
                .parent()
                .and_then(|folder| folder.canonicalize().ok());
            let is_below = |place: &Path| outside.iter().any(|folder| place.starts_with(folder));
            !is_below(&real) && !folder.is_some_and(|folder| is_below(&folder))
        })
}

/// Whether a path leads to a program.
pub fn is_program(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        metadata.is_file()
    }
}

/// A text whose addresses are without user and password: `https://user:secret@host` as `https://host`.
pub fn without_credentials(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        plain.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '\'' | '"' | '?' | '#');
        let authority = &after[..after.find(ends).unwrap_or(after.len())];
        rest = match authority.rfind('@') {
            Some(at) => &after[at + 1..],
            None => after,
        };
    }
    plain.push_str(rest);
    plain
}
