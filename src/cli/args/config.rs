//! Options about the repository's `gomend.toml`.

use clap::Args;

use super::{CODEMODS, OUTPUT};

/// About the repository's `gomend.toml`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Do without the repository's `gomend.toml`
    #[arg(long, help_heading = CODEMODS)]
    pub no_config: bool,
    /// Print what is in force and where each value comes from, as TOML, and do nothing else
    #[arg(long, help_heading = OUTPUT)]
    pub show_config: bool,
}
