//! `gomend query`.

use crate::cli::{
    Exit,
    args::{Global, QueryArgs},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &QueryArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("query").into())
}
