//! `gomend check`.

use crate::cli::{
    Exit,
    args::{CheckArgs, Global},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &CheckArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("check").into())
}
