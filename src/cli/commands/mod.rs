//! One file for each command. A command takes what was typed, has it planned, calls the stages and prints what they
//! give.

mod apply;
mod check;
mod commit;
mod completions;
mod diff;
mod lint;
mod list;
mod man;
mod query;
mod show;
mod test;

use super::{
    Exit,
    args::{Cli, Command},
    error::Failure,
};

/// Runs the command.
pub fn run(cli: &Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::List(args) => list::run(args),
        Command::Show(args) => show::run(args),
        Command::Check(args) => check::run(args, global),
        Command::Diff(args) => diff::run(args, global),
        Command::Apply(args) => apply::run(args, global),
        Command::Commit(args) => commit::run(args, global),
        Command::Test(args) => test::run(args, global),
        Command::Lint(args) => lint::run(args, global),
        Command::Query(args) => query::run(args, global),
        Command::Completions(args) => completions::run(args),
        Command::Man => man::run(),
    }
}
