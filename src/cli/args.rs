//! What was typed: the commands and options as clap reads them, and nothing derived from them. Help, completions and
//! the man page all come from these declarations. [`super::plan`] turns them into what will be done.

mod apply;
mod branch;
mod config;
mod pr;
mod scaffold;
mod shared;

use std::{num::NonZeroUsize, path::PathBuf};

pub use apply::InteractiveArgs;
pub use branch::{BranchArgs, Split};
use clap::{
    Args, Parser, Subcommand, ValueEnum, ValueHint,
    builder::{Styles, styling::AnsiColor},
};
pub use config::ConfigArgs;
pub use pr::{PrArgs, PrFormat};
pub use scaffold::{InitArgs, NewArgs, What};
pub use shared::{
    Choice, FileArgs, Format, ListFormat, ReportArgs, RevisionArgs, SearchArgs, StdinArgs, Tests,
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
const DELIVERY: &str = "Delivery";

const AFTER_HELP: &str = "\
Examples:
  gomend check                       what the leak codemods find below the current folder
  gomend diff ./server | less        the changes they propose
  gomend apply                       make them, in place
  gomend commit --branch mend        or as commits on a branch, work tree untouched
  gomend pr                          or as a pull request, which later runs keep up to date
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
    /// Push the changes as a branch, and open or update its pull request
    #[command(after_help = pr::HELP)]
    Pr(PrArgs),
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
    /// Write a codemod that works, and its first cases, to begin with
    #[command(after_help = scaffold::NEW_HELP)]
    New(NewArgs),
    /// Write a ready file that runs gomend elsewhere, or what goes with it
    #[command(after_help = scaffold::INIT_HELP)]
    Init(InitArgs),
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
  go vet -json ./... | gomend check --from -      only what go vet found too
  gomend check - --stdin-path a_test.go < a_test.go

Exits with 1 if there are findings.";

const DIFF_HELP: &str = "\
Examples:
  gomend diff > mend.patch && git apply mend.patch
  gomend diff --unsafe -c 'http/*' ./client
  gomend diff --from findings.sarif         mends only what another tool found
  gomend diff --exit-code                   exits with 1 if there is anything to change";

const APPLY_HELP: &str = "\
Examples:
  gomend apply
  gomend apply --unsafe -c http/body-not-closed ./client
  gomend apply --interactive                asks about each finding
  gomend apply - < a.go                     one file, the result on standard output

Files with changes that are not committed are refused, unless --allow-dirty is given.";

const COMMIT_HELP: &str = "\
Examples:
  gomend commit                             one commit for each codemod, on gomend/<selection>
  gomend commit --branch mend --split none --signoff
  gomend commit --base origin/main --update
  gomend commit --split owner               one commit for each set of owners, by CODEOWNERS
  gomend commit --split package --blame-ignore-revs

CODEOWNERS is read from --base, by GitHub's rules or GitLab's: the host of the remote origin
decides, then the file's folder (.github, .gitlab), then whether it has sections. Commits are
signed as git is configured, by programs that your own configuration names; a repository names
none. With GIT_AUTHOR_DATE and GIT_COMMITTER_DATE set, the same input gives the same commits.

The branch starts at --base and holds what that revision holds: neither the work tree nor the
index is read or written.";

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
    /// Do without the repository's `gomend.toml`, which may name folders of codemods
    #[arg(long, help_heading = CODEMODS)]
    pub no_config: bool,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub format: ListFormat,
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
    /// Do without the repository's `gomend.toml`, which may name folders of codemods
    #[arg(long, help_heading = CODEMODS)]
    pub no_config: bool,
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
    /// Hide the findings that this file knows
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub baseline: Option<PathBuf>,
    /// Write the findings there are to this file, for --baseline
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub write_baseline: Option<PathBuf>,
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
    #[arg(long, help_heading = DELIVERY)]
    pub allow_dirty: bool,
    /// How to choose among the changes.
    #[command(flatten)]
    pub interactive: InteractiveArgs,
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
    /// The branch.
    #[command(flatten)]
    pub branch: BranchArgs,
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
    /// Do without the repository's `gomend.toml`, which may name folders of codemods
    #[arg(long, help_heading = CODEMODS)]
    pub no_config: bool,
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
    #[arg(value_name = "QUERY", required_unless_present_any = ["tree", "pattern"])]
    pub query: Option<String>,
    /// Which files.
    #[command(flatten)]
    pub files: FileArgs,
    /// Which version of the files.
    #[command(flatten)]
    pub revision: RevisionArgs,
    /// Search for a pattern instead, Go with metavariables; the first argument is then a path too
    #[arg(long, value_name = "PATTERN", conflicts_with = "tree")]
    pub pattern: Option<String>,
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
