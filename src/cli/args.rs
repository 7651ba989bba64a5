//! What was typed: the commands and options as clap reads them, and nothing derived from them. Help, completions and
//! the man page all come from these declarations. [`super::plan`] turns them into what will be done.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{
    Args, Parser, Subcommand, ValueEnum, ValueHint,
    builder::{Styles, styling::AnsiColor},
};

/// Headings of cargo's help, which people who use terminals have seen.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const CODEMODS: &str = "Which codemods";
const FILES: &str = "Which files";
const VERIFICATION: &str = "Verification";
const OUTPUT: &str = "Output";

const AFTER_HELP: &str = "\
Examples:
  gomend check                       what the leak codemods find below the current folder
  gomend diff ./server | less        the changes they propose
  gomend apply                       make them, in place
  gomend commit --branch mend        or as commits on a branch, work tree untouched
  gomend check -c 'context/*' --explain
  gomend show context/cancel-discarded

Exit codes:
  0  done, or nothing to do
  1  `check` has findings; `diff --exit-code`, `lint` or `test` found something; an edit was rejected
  2  a usage, codemod, repository or tool error";

/// Find leaks and outdated code in Go, and mend them
///
/// A codemod says in TOML what to find, under which facts of the Go program, and what to write. gomend applies codemods
/// across the Go files of a repository, checks that each result still parses and is gofmt-clean, and delivers a diff,
/// files in place, or commits on a branch.
#[derive(Debug, Parser)]
#[command(name = "gomend", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
#[command(
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// When to colour; `NO_COLOR` is honoured too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = OUTPUT)]
    pub color: When,
    /// Neither summary nor warnings nor progress; errors stay
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
    /// Also say which files were skipped, and which edits were made
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub verbose: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal
    Auto,
    /// Also into a pipe or file
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List codemods with their class and tags
    #[command(
        after_help = "Examples:\n  gomend list --tag context\n  gomend list --format json | jq -r '.codemods[].id'"
    )]
    List(ListArgs),
    /// Show what a codemod does, why, and when it leaves code alone
    #[command(
        after_help = "Examples:\n  gomend show context/cancel-discarded\n  gomend show 'context/*' --query"
    )]
    Show(ShowArgs),
    /// Report findings; write nothing
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Print the changes as a patch on standard output; write nothing
    #[command(after_help = DIFF_HELP)]
    Diff(DiffArgs),
    /// Change files in place, after every change is verified
    #[command(after_help = APPLY_HELP)]
    Apply(ApplyArgs),
    /// Commit the changes on a branch, without touching work tree or index
    #[command(after_help = COMMIT_HELP)]
    Commit(CommitArgs),
    /// Run the cases that prove codemods
    #[command(after_help = TEST_HELP)]
    Test(TestArgs),
    /// Load codemods and say all that is wrong with them
    #[command(
        after_help = "Examples:\n  gomend lint my/codemods\n  gomend lint close.toml && gomend check -c close.toml"
    )]
    Lint(LintArgs),
    /// Try a query on real code
    #[command(after_help = QUERY_HELP)]
    Query(QueryArgs),
    /// Print a shell's completion script
    #[command(
        after_help = "Examples:\n  gomend completions bash > ~/.local/share/bash-completion/completions/gomend\n  gomend completions fish > ~/.config/fish/completions/gomend.fish"
    )]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Examples:\n  gomend man > ~/.local/share/man/man1/gomend.1")]
    Man,
}

const CHECK_HELP: &str = "\
Examples:
  gomend check                              the default codemods, everything below here
  gomend check --since origin/main          only files that this branch changes
  gomend check -c context/cancel-discarded --format json
  gomend check --at v1.2.0                  a revision, without checking it out
  gomend check - --stdin-path a_test.go < a_test.go

Exits with 1 if there are findings.";

const DIFF_HELP: &str = "\
Examples:
  gomend diff > mend.patch && git apply mend.patch
  gomend diff --unsafe -c 'http/*' ./client
  gomend diff --exit-code                   exits with 1 if there is anything to change";

const APPLY_HELP: &str = "\
Examples:
  gomend apply
  gomend apply --unsafe -c http/body-not-closed ./client
  gomend apply - < a.go                     one file, the result on standard output

Files with changes that are not committed are refused, unless --allow-dirty is given.";

const COMMIT_HELP: &str = "\
Examples:
  gomend commit                             one commit for each codemod, on gomend/<selection>
  gomend commit --branch mend --split none --signoff
  gomend commit --base origin/main --update

The branch starts at --base and holds what that revision holds: neither the work tree nor the index is read or written.";

const TEST_HELP: &str = "\
Cases lie beside the folder `codemods`, in fixtures/<group>/<name>:
  <case>.before.go + <case>.after.go        rewrites to exactly that
  <case>.keep.go                            has no finding
  <case>.refuse.go + <case>.refuse.txt      matches, and verification refuses it with that message
  <case>/before/… + <case>/after/…          a case of several files

Examples:
  gomend test
  gomend test context/cancel-discarded
  gomend test my/codemods --bless           write what comes out as what is expected; review it";

const QUERY_HELP: &str = "\
Examples:
  gomend query '(defer_statement (call_expression) @call)'
  gomend query '((identifier) @id (#eq? @id \"err\"))' ./server
  gomend query --tree a.go                  the syntax tree, with field names";

/// Options of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Which codemods; without any, all are listed.
    #[command(flatten)]
    pub choice: Choice,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub format: Format,
}

/// Options of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Codemods: an id, a glob, a file or a folder
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Also a folder of your own codemods
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = CODEMODS)]
    pub codemods: Vec<PathBuf>,
    /// Also print the queries
    #[arg(long, help_heading = OUTPUT)]
    pub query: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// What to search for, and where.
    #[command(flatten)]
    pub search: SearchArgs,
    /// Which version of the files.
    #[command(flatten)]
    pub revision: RevisionArgs,
    /// About standard input.
    #[command(flatten)]
    pub stdin: StdinArgs,
    /// How to report.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// What to search for, and where.
    #[command(flatten)]
    pub search: SearchArgs,
    /// Which version of the files.
    #[command(flatten)]
    pub revision: RevisionArgs,
    /// About standard input.
    #[command(flatten)]
    pub stdin: StdinArgs,
    /// Exit with 1 if there is anything to change
    #[arg(long, help_heading = OUTPUT)]
    pub exit_code: bool,
    /// Write the patch to this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub output: Option<PathBuf>,
}

/// Options of `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// What to search for, and where.
    #[command(flatten)]
    pub search: SearchArgs,
    /// About standard input.
    #[command(flatten)]
    pub stdin: StdinArgs,
    /// How to report.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Also change files that have changes of yours which are not committed
    #[arg(long, help_heading = "Delivery")]
    pub allow_dirty: bool,
}

/// Options of `commit`.
#[derive(Debug, Args)]
pub struct CommitArgs {
    /// What to search for, and where.
    #[command(flatten)]
    pub search: SearchArgs,
    /// How to report.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The branch to make [default: `gomend/` and the codemod or selection]
    #[arg(long, value_name = "NAME", help_heading = "Delivery")]
    pub branch: Option<String>,
    /// The revision to start from
    #[arg(
        long,
        value_name = "REF",
        default_value = "HEAD",
        help_heading = "Delivery"
    )]
    pub base: String,
    /// What goes into one commit
    #[arg(
        long,
        value_name = "BY",
        default_value = "codemod",
        help_heading = "Delivery"
    )]
    pub split: Split,
    /// Replace the branch if it exists and gomend made it
    #[arg(long, help_heading = "Delivery")]
    pub update: bool,
    /// Add a Signed-off-by trailer
    #[arg(long, help_heading = "Delivery")]
    pub signoff: bool,
    /// Author of the commits [default: as git is configured]
    #[arg(long, value_name = "NAME <EMAIL>", help_heading = "Delivery")]
    pub author: Option<String>,
}

/// What goes into one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// One commit for each codemod
    Codemod,
    /// One commit for everything
    None,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Codemods: an id, a glob, a file or a folder [default: all]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Also a folder of your own codemods
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = CODEMODS)]
    pub codemods: Vec<PathBuf>,
    /// Write what comes out as what is expected
    #[arg(long, help_heading = OUTPUT)]
    pub bless: bool,
    /// The gofmt to lay out and check with, or `off`
    #[arg(long, value_name = "PATH|off", help_heading = VERIFICATION)]
    pub gofmt: Option<String>,
}

/// Options of `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Codemod files, or folders of them [default: those that ship]
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub files: Vec<PathBuf>,
}

/// Options of `query`.
#[derive(Debug, Args)]
pub struct QueryArgs {
    /// A tree-sitter query over tree-sitter-go, with gomend's predicates
    #[arg(value_name = "QUERY", required_unless_present = "tree")]
    pub query: Option<String>,
    /// Which files.
    #[command(flatten)]
    pub files: FileArgs,
    /// Which version of the files.
    #[command(flatten)]
    pub revision: RevisionArgs,
    /// Print the syntax tree instead; the first argument is then a path too
    #[arg(long, help_heading = OUTPUT, conflicts_with = "explain")]
    pub tree: bool,
    /// Say why a file or a near match was not taken
    #[arg(long, help_heading = OUTPUT)]
    pub explain: bool,
    /// Worker threads [default: one for each processor]
    #[arg(short, long, value_name = "N", help_heading = OUTPUT)]
    pub jobs: Option<NonZeroUsize>,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

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
    #[arg(long, value_name = "SIZE", default_value = "4MiB", value_parser = super::size::parse, help_heading = FILES)]
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
}
