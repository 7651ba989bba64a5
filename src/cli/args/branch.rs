//! Options about the branch that `commit` and `pr` make.

use clap::{Args, ValueEnum};

use super::DELIVERY;

/// Which branch, and what its commits are.
#[derive(Debug, Args)]
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
}

/// What goes into one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// One commit for each codemod
    Codemod,
    /// One commit for everything
    None,
}
