//! Options about the branch that `commit` and `pr` make.

use clap::{Args, ValueEnum};

use super::DELIVERY;

/// Which branch, and what its commits are.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct BranchArgs {
    /// The branch to make [default: `gomend/` and the codemod or selection]
    #[arg(long, value_name = "NAME", help_heading = DELIVERY)]
    pub branch: Option<String>,
    /// The revision to start from
    #[arg(long, value_name = "REF", default_value = "HEAD", help_heading = DELIVERY)]
    pub base: String,
    /// What goes into one commit
    #[arg(long, value_name = "BY", default_value = "codemod", help_heading = DELIVERY)]
    pub split: Split,
    /// Replace the branch if it exists and gomend made it
    #[arg(long, help_heading = DELIVERY)]
    pub update: bool,
    /// Add a Signed-off-by trailer
    #[arg(long, help_heading = DELIVERY)]
    pub signoff: bool,
    /// Author of the commits [default: as git is configured]
    #[arg(long, value_name = "NAME <EMAIL>", help_heading = DELIVERY)]
    pub author: Option<String>,
    /// Sign the commits, with this key [default: where git's `commit.gpgSign` is set]
    #[arg(
        short = 'S',
        long,
        value_name = "KEY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = DELIVERY
    )]
    pub gpg_sign: Option<String>,
    /// Sign no commits, whatever git is configured to do
    #[arg(long, conflicts_with = "gpg_sign", help_heading = DELIVERY)]
    pub no_gpg_sign: bool,
    /// Add a last commit that names the others in `.git-blame-ignore-revs`; merge it without squash or rebase
    #[arg(long, help_heading = DELIVERY)]
    pub blame_ignore_revs: bool,
}

/// What goes into one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// One commit for each codemod
    Codemod,
    /// One commit for each Go package
    Package,
    /// One commit for each set of owners, as the CODEOWNERS file of the base names them
    Owner,
    /// One commit for everything
    None,
}
