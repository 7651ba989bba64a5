//! `gomend show`.

use crate::cli::{Exit, args::ShowArgs, error::Failure, stages};

/// Runs the command.
pub fn run(_args: &ShowArgs) -> Result<Exit, Failure> {
    Err(stages::missing("show").into())
}
