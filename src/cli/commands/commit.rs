//! `gomend commit`.

use crate::cli::{
    Exit,
    args::{CommitArgs, Global},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &CommitArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("commit").into())
}
