//! `gomend lint`.

use crate::cli::{
    Exit,
    args::{Global, LintArgs},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &LintArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("lint").into())
}
