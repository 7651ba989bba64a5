//! Options that `apply` alone has.

use clap::Args;

/// How to choose among the changes.
#[derive(Debug, Args)]
pub struct InteractiveArgs {
    /// Ask about each finding, as `git add -p` does; with `interactive.singleKey` of git's configuration, without Enter
    #[arg(long, help_heading = "Delivery")]
    pub interactive: bool,
}
