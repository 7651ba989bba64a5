//! `gomend diff`.

use crate::cli::{
    Exit,
    args::{DiffArgs, Global},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &DiffArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("diff").into())
}
