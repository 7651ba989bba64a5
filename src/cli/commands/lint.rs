//! `gomend lint`: all that is wrong with codemods.

use crate::{
    cli::{
        Exit,
        args::{Global, LintArgs},
        error::Failure,
        stream,
    },
    codemod::lint,
    diagnostic,
    report::count,
};

/// Prints every problem; exit code 1 where there is one.
pub fn run(args: &LintArgs, global: &Global) -> Result<Exit, Failure> {
    let problems = lint::lint(&args.files);
    stream::write_styled(None, &diagnostic::render(&problems, true))?;
    if !global.quiet {
        stream::say(&format!("{}\n", count(problems.len(), "problem")));
    }
    Ok(if problems.is_empty() {
        Exit::Done
    } else {
        Exit::Found
    })
}
