//! `gomend completions`: a shell's completion script, made from the declarations of the options.

use clap::CommandFactory as _;

use crate::cli::{
    Exit,
    args::{Cli, CompletionsArgs},
    error::Failure,
    stream,
};

/// Prints the script.
pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gomend", &mut script);
    stream::write_data(None, &script)?;
    Ok(Exit::Done)
}
