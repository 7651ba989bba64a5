//! Options that several commands share: which codemods, which files, which version of them, how to report.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::{CODEMODS, ConfigArgs, FILES, OUTPUT, VERIFICATION};
use crate::cli::size;

/// Options of every command that searches.
#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct SearchArgs {
    /// Which files.
    #[command(flatten)]
    pub files: FileArgs,
    /// Which codemods.
    #[command(flatten)]
    pub choice: Choice,
    /// Mend only what other tools found: SARIF, or the JSON of go vet, staticcheck or golangci-lint; `-` for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = CODEMODS)]
    pub from: Option<PathBuf>,
    /// What the repository says.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Use every codemod [default: the safe and display ones with the tag `leak`]
    #[arg(long, help_heading = CODEMODS, conflicts_with_all = ["codemod", "tag"])]
    pub all: bool,
    /// Also apply edits that a person must look at
    #[arg(long = "unsafe", help_heading = CODEMODS)]
    pub unsafe_edits: bool,
    /// Give a codemod's parameter a value (repeatable)
    #[arg(long, value_name = "ID.PARAM=VALUE", help_heading = CODEMODS)]
    pub set: Vec<String>,
    /// The gofmt to lay out and check with, or `off` [default: from PATH or GOROOT]
    #[arg(long, value_name = "PATH|off", help_heading = VERIFICATION)]
    pub gofmt: Option<String>,
    /// Say why a file or a near match was not taken
    #[arg(long, help_heading = OUTPUT)]
    pub explain: bool,
    /// Say how long each stage and each codemod took
    #[arg(long, help_heading = OUTPUT)]
    pub timing: bool,
    /// Look for every rule in every file; the result is the same, and a test holds it to that
    #[arg(long, hide = true)]
    pub no_prefilter: bool,
    /// Worker threads [default: one for each processor]
    #[arg(short, long, value_name = "N", help_heading = OUTPUT)]
    pub jobs: Option<NonZeroUsize>,
}

/// Which codemods.
#[derive(Debug, Args)]
pub struct Choice {
    /// Use these: an id, a glob over ids, a file or a folder (repeatable)
    #[arg(short = 'c', long = "codemod", value_name = "ID|GLOB|FILE|DIR", help_heading = CODEMODS)]
    pub codemod: Vec<String>,
    /// Use those with this tag (repeatable)
    #[arg(long, value_name = "TAG", help_heading = CODEMODS)]
    pub tag: Vec<String>,
    /// Also a folder of your own codemods (repeatable)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = CODEMODS)]
    pub codemods: Vec<PathBuf>,
}

/// Which files.
#[derive(Debug, Clone, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct FileArgs {
    /// Files and folders; `-` for standard input [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Also `vendor/`
    #[arg(long, help_heading = FILES)]
    pub vendor: bool,
    /// Also `testdata/`
    #[arg(long, help_heading = FILES)]
    pub testdata: bool,
    /// Also generated files
    #[arg(long, help_heading = FILES)]
    pub generated: bool,
    /// Skip files over this size: bytes, or with KiB, MiB or GiB
    #[arg(long, value_name = "SIZE", default_value = "4MiB", value_parser = size::parse, help_heading = FILES)]
    pub max_file_size: u64,
    /// Only files changed since the merge base with this revision
    #[arg(long, value_name = "REF", help_heading = FILES)]
    pub since: Option<String>,
    /// Only findings on lines changed since --since, or staged [default: since HEAD]
    #[arg(long, help_heading = FILES)]
    pub changed_lines: bool,
    /// Only files that match (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    pub include: Vec<String>,
    /// No files that match (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    pub exclude: Vec<String>,
    /// What to do with `_test.go` files
    #[arg(long, value_name = "HOW", default_value = "include", help_heading = FILES)]
    pub tests: Tests,
}

/// Which version of the files.
#[derive(Debug, Args)]
pub struct RevisionArgs {
    /// What is in the index, and only files that differ there from HEAD
    #[arg(long, help_heading = FILES, conflicts_with_all = ["at", "since"])]
    pub staged: bool,
    /// Read the files of this revision, without checking it out
    #[arg(long, value_name = "REF", help_heading = FILES)]
    pub at: Option<String>,
}

/// About standard input.
#[derive(Debug, Args)]
pub struct StdinArgs {
    /// With `-`: where the text belongs; says its module and whether it is a test
    #[arg(long, value_name = "NAME", value_hint = ValueHint::FilePath, help_heading = FILES)]
    pub stdin_path: Option<PathBuf>,
}

/// What to do with `_test.go` files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tests {
    /// As all others
    Include,
    /// Leave them out
    Exclude,
    /// Leave out the others
    Only,
}

/// How to report.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// How to report findings
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub format: Format,
    /// Name the last author and commit of each finding's lines, as `git blame` does
    #[arg(long, help_heading = OUTPUT)]
    pub blame: bool,
    /// Write the report to this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub output: Option<PathBuf>,
}

/// How to report findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs: one object, schema gomend/1
    Json,
    /// For code scanning: SARIF 2.1.0, with fixes
    Sarif,
    /// For GitHub Actions: a workflow command for each finding
    Github,
    /// For reviewdog, with suggestions
    Rdjson,
    /// For reviewers: a page to open in a browser
    Html,
}

/// How to list codemods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// For programs: one object, schema gomend/1
    Json,
}
