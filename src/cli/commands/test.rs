//! `gomend test`.

use crate::cli::{
    Exit,
    args::{Global, TestArgs},
    error::Failure,
    stages,
};

/// Runs the command.
pub fn run(_args: &TestArgs, _global: &Global) -> Result<Exit, Failure> {
    Err(stages::missing("test").into())
}
