//! One file for each command. A command takes what was typed, has it planned, calls the stages and prints what they
//! give.

mod apply;
mod check;
mod commit;
mod completions;
mod diff;
mod init;
mod lint;
mod list;
mod man;
mod new;
mod pr;
mod query;
mod show;
mod test;

use super::{
    Exit,
    args::{Cli, Command, Format, Global, ReportArgs},
    config,
    error::Failure,
    invocation,
    stages::Searched,
    stream,
};
use crate::{
    engine::Outcome,
    finding::Finding,
    report::{
        github, html, json, rdjson, sarif,
        summary::{self, Deed},
        text,
    },
};

/// Runs the command.
pub fn run(cli: &Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    if let Some(shown) = config::show(&cli.command) {
        return shown;
    }
    match &cli.command {
        Command::List(args) => list::run(args, global),
        Command::Show(args) => show::run(args, global),
        Command::Check(args) => check::run(args, global),
        Command::Diff(args) => diff::run(args, global),
        Command::Apply(args) => apply::run(args, global),
        Command::Commit(args) => commit::run(args, global),
        Command::Pr(args) => pr::run(args, global),
        Command::Test(args) => test::run(args, global),
        Command::Lint(args) => lint::run(args, global),
        Command::Query(args) => query::run(args, global),
        Command::New(args) => new::run(args, global),
        Command::Init(args) => init::run(args, global),
        Command::Completions(args) => completions::run(args),
        Command::Man => man::run(),
    }
}

/// Writes the findings: in text those that `wanted` keeps, for programs all.
fn write_findings(
    searched: &Searched,
    args: &ReportArgs,
    wanted: impl Fn(&Finding) -> bool,
) -> Result<(), Failure> {
    let file = args.output.as_deref();
    match args.format {
        Format::Text => stream::write_styled(
            file,
            &text::findings(&searched.run, &searched.frame, wanted),
        ),
        Format::Json => stream::write_data(file, json::report(&searched.run).as_bytes()),
        Format::Github => stream::write_data(file, github::report(&searched.run).as_bytes()),
        Format::Rdjson => {
            let report = rdjson::report(&searched.run, &searched.codemods);
            stream::write_data(file, report.as_bytes())
        }
        Format::Html => {
            let command = invocation::shown();
            let report = html::report(&searched.run, &searched.codemods, &command);
            stream::write_data(file, report.as_bytes())
        }
        Format::Sarif => {
            let (report, left_out) = sarif::report(&searched.run, &searched.codemods);
            if left_out > 0 {
                let findings = crate::report::count(left_out, "finding");
                stream::warn(&format!(
                    "{findings} left out of the SARIF log: code scanning takes no more of one run; search fewer folders or codemods at a time"
                ));
            }
            stream::write_data(file, report.as_bytes())
        }
    }
}

/// Says on standard error what the run comes to: what was asked for always, the rest unless `--quiet`.
fn say_summary(searched: &Searched, deed: Deed, global: &Global) {
    if searched.explain {
        stream::say(&summary::near_misses(&searched.run, &searched.frame));
    }
    if !global.quiet {
        for warning in &searched.run.warnings {
            stream::warn(warning);
        }
        let options = summary::Options {
            deed,
            names: global.verbose || searched.explain,
            all_authors: global.verbose,
            filtered: searched.files.filtered,
        };
        if let Some(foreign) = &searched.foreign {
            stream::say(&foreign.describe(&searched.frame, global.verbose));
        }
        stream::say(&summary::summary(&searched.run, &searched.frame, options));
    }
    if searched.timing {
        stream::say(&summary::timing(&searched.run));
    }
}

/// The exit code of a run: 2 where a file could not be searched, else 1 where `found`.
fn exit(searched: &Searched, found: bool) -> Exit {
    let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
    if searched.run.files.iter().any(|file| failed(&file.outcome)) {
        Exit::Failed
    } else if found {
        Exit::Found
    } else {
        Exit::Done
    }
}
