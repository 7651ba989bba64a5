//! Options of `new` and `init`, which write files that people begin with.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::{CODEMODS, OUTPUT};

/// What follows the options in the help of `new`.
pub const NEW_HELP: &str = "\
Examples:
  gomend new log/fatalf                     codemods/log/fatalf.toml, and cases in fixtures/log/fatalf
  gomend new log/fatalf --codemods tools/codemods

What is written passes `gomend lint` and `gomend test`. Nothing is ever overwritten.";

/// What follows the options in the help of `init`.
pub const INIT_HELP: &str = "\
Examples:
  gomend init github-actions                .github/workflows/gomend.yml
  gomend init pre-commit -o -               to look at, or to add to a file that is there
  gomend init golangci --force              replaces .golangci.yml

Files go to their places in the repository that the current folder is in.";

/// Options of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The id of the codemod: a group and a name
    #[arg(value_name = "GROUP/NAME")]
    pub id: String,
    /// The folder of your codemods; cases go into the folder `fixtures` beside it
    #[arg(long, value_name = "DIR", default_value = "codemods", value_hint = ValueHint::DirPath, help_heading = CODEMODS)]
    pub codemods: PathBuf,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// What to write
    #[arg(value_name = "WHAT")]
    pub what: What,
    /// Write to this file; `-` for standard output [default: the file's place in the repository]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
}

/// What `init` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// .github/workflows/gomend.yml: findings on pull requests, and a weekly pull request with changes
    GithubActions,
    /// .gitlab-ci.yml: findings on merge requests, and changes by a scheduled pipeline
    GitlabCi,
    /// .pre-commit-config.yaml: a hook that looks at what is staged
    PreCommit,
    /// .golangci.yml: golangci-lint with the linters whose findings gomend mends
    Golangci,
    /// gomend-rules.yml: alerts of Prometheus for leaks in production
    PrometheusRules,
}
