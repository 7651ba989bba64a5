//! `gomend list`.

use crate::cli::{Exit, args::ListArgs, error::Failure, stages};

/// Runs the command.
pub fn run(_args: &ListArgs) -> Result<Exit, Failure> {
    Err(stages::missing("list").into())
}
