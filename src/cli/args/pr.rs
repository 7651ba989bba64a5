//! Options of `pr`: those of `commit`, and where and how the pull request is made.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::{BranchArgs, DELIVERY, OUTPUT, SearchArgs};
use crate::deliver::forge::Kind;

/// What follows the options in the help.
pub const HELP: &str = "\
The commits start at the branch of the remote that --base names, fetched if need be, and go straight to the remote: no local branch is made or moved, and neither the work tree nor the index is read or written. Shallow clones and detached heads will do.

Run it as often as you like. With the same result nothing is sent. With another one, or when the base has moved, the branch is replaced and the pull request follows; with none, it is closed. gomend leaves a branch alone that holds somebody else's work, and does not open again what a person closed while the branch exists: it says so, and exits with 0. Titles that people change stay, and so does what they write around gomend's own part of the text.

The token is the first of GOMEND_FORGE_TOKEN; GH_TOKEN, GITHUB_TOKEN (github.com, and the server that GITHUB_SERVER_URL names); GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN (other GitHubs); GITEA_TOKEN, FORGEJO_TOKEN; GITLAB_TOKEN; else what git's credential helper has for the host. It must be allowed to write contents and pull requests. GOMEND_FORGE_API names the API's address where it is not where it usually is.

Templates are Jinja's. Variables: version, request, branch, base, base_commit, gofmt, changes, files, command, left_more; codemods (id, summary, why, description, references (name, url), changes, files, applicability); left (path, line, message, codemod, status, why, url); reviewers (name, lines; none in shallow clones). Filters besides the usual: code, fence(\"sh\"), count(\"file\"), short.

Examples:
  gomend pr --dry-run                       all that would be done, and the text
  gomend pr -c 'context/*' --label leak --reviewer ann,acme/go-team
  gomend pr --remote upstream --fork        from a fork of your own, made if need be
  GITLAB_TOKEN=… gomend pr --forge gitlab --draft --format json";

/// Options of `pr`.
#[derive(Debug, Args)]
#[command(
    mut_arg("base", |arg| arg.help("The branch of the remote to start from and to merge into [default: the remote's default branch]").hide_default_value(true)),
    mut_arg("branch", |arg| arg.help("The branch to push [default: `gomend/` and the codemod or selection]")),
    mut_arg("update", |arg| arg.hide(true)),
)]
pub struct PrArgs {
    /// What to search for, and where.
    #[command(flatten)]
    pub search: SearchArgs,
    /// The branch.
    #[command(flatten)]
    pub branch: BranchArgs,
    /// The remote to open the pull request at [default: the current branch's, else `origin`, else the only one]
    #[arg(long, value_name = "NAME", help_heading = DELIVERY)]
    pub remote: Option<String>,
    /// What the remote's host runs: github, gitea (Forgejo too) or gitlab [default: as the host says]
    #[arg(long, value_name = "FORGE", help_heading = DELIVERY)]
    pub forge: Option<Kind>,
    /// Push to your fork instead, which is made if need be; or to that of OWNER
    #[arg(long, value_name = "OWNER", num_args = 0..=1, require_equals = true, help_heading = DELIVERY)]
    pub fork: Option<Option<String>>,
    /// The title, a template too [default: what the codemod does]
    #[arg(long, value_name = "TEXT", help_heading = DELIVERY)]
    pub title: Option<String>,
    /// A template for the text
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = DELIVERY)]
    pub body_template: Option<PathBuf>,
    /// Labels, which are added where they are missing (repeatable)
    #[arg(long, value_name = "LABEL", value_delimiter = ',', value_parser = name, help_heading = DELIVERY)]
    pub label: Vec<String>,
    /// Accounts, or teams as `org/team`, to ask for a review of a new pull request (repeatable)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name, help_heading = DELIVERY)]
    pub reviewer: Vec<String>,
    /// Open it as a draft
    #[arg(long, help_heading = DELIVERY)]
    pub draft: bool,
    /// Print all that would be done, and do nothing
    #[arg(long, help_heading = DELIVERY)]
    pub dry_run: bool,
    /// How to say what was done
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub format: PrFormat,
    /// Write that to this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub output: Option<PathBuf>,
}

/// One of several names behind commas, spaces around it removed.
fn name(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("a name is missing"),
        name => Ok(name.to_owned()),
    }
}

/// How to say what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrFormat {
    /// For people: the address of the pull request
    Text,
    /// For programs: one object, schema gomend/1
    Json,
}
