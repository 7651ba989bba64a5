//! The command line: what was typed ([`args`]), its one conversion into what will be done ([`plan`]), and one file for
//! each command ([`commands`]). Exit codes are 0, 1 and 2, as [`Exit`] says.

pub mod args;
pub mod branching;
pub mod commands;
mod config;
pub mod error;
pub mod foreign;
mod interactive;
mod invocation;
pub mod plan;
pub mod size;
mod split;
mod stages;
mod stdin;
mod stream;

use std::process::ExitCode;

use clap::Parser as _;

use self::{args::Cli, error::Failure};
use crate::diagnostic;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do: 0.
    Done,
    /// Findings, differences, failed cases or rejected edits: 1.
    Found,
    /// A file could not be searched, which was said; the others were: 2.
    Failed,
}

/// A usage, codemod, repository or tool error.
const ERROR: u8 = 2;

/// Runs the command that the process's arguments name and returns its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output, usage errors to standard error; a closed pipe is no error.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { ERROR } else { 0 });
        }
    };
    stream::set_color(cli.global.color);
    match commands::run(&cli) {
        Ok(Exit::Done) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::from(1),
        Ok(Exit::Failed) => ExitCode::from(ERROR),
        Err(Failure::Diagnostics(diagnostics)) => {
            stream::say(&diagnostic::render(&diagnostics, true));
            ExitCode::from(ERROR)
        }
        Err(Failure::Error(error)) => {
            stream::complain(&error);
            ExitCode::from(ERROR)
        }
    }
}
