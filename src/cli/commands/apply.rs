//! `gomend apply`.

use crate::cli::{
    Exit,
    args::{ApplyArgs, Global},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &ApplyArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("apply").into())
}
