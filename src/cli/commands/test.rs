//! `gomend test`: the cases that prove codemods.

use std::collections::BTreeSet;

use crate::{
    cases::{self, Tally},
    cli::{
        Exit,
        args::{Global, TestArgs},
        config,
        error::{Error, Failure},
        plan, stages, stream,
    },
    codemod::{Codemod, selection::Request},
    report::{count, tally},
};

/// Other than one, and small: the same bytes must come out at any number.
const JOBS: usize = 4;

/// Runs the cases of every codemod that is named, or of all; exit code 1 where one fails.
pub fn run(args: &TestArgs, global: &Global) -> Result<Exit, Failure> {
    let mut request = Request {
        codemods: args.ids.clone(),
        all: args.ids.is_empty(),
        folders: args.codemods.clone(),
        to_describe: true,
        ..Request::default()
    };
    config::add_own_folders(&mut request, args.no_config)?;
    let codemods = stages::codemods(&request, global)?;
    let options = cases::Options {
        gofmt: plan::gofmt_choice(args.gofmt.as_deref()),
        jobs: JOBS,
        bless: args.bless,
    };
    let current = std::env::current_dir()
        .map_err(|cause| Error::new(format!("cannot find the current folder: {cause}")))?;
    let (mut codemods_run, mut cases_run, mut failures) = (0, 0, 0);
    let mut not_run = BTreeSet::new();
    for codemod in codemods {
        let id = codemod.id.clone();
        let tally = one(codemod, &current, &options)?;
        stream::write_styled(None, &tally::tally(&id, &tally))?;
        codemods_run += 1;
        cases_run += tally.cases;
        failures += tally.failures.len();
        not_run.extend(tally.not_run);
    }
    for check in not_run {
        stream::warn(&format!("not run: {check}"));
    }
    if !global.quiet {
        let (codemods, cases) = (count(codemods_run, "codemod"), count(cases_run, "case"));
        stream::say(&format!(
            "{codemods}, {cases}, {}\n",
            count(failures, "failure")
        ));
    }
    Ok(if failures == 0 {
        Exit::Done
    } else {
        Exit::Found
    })
}

fn one(
    codemod: Codemod,
    current: &std::path::Path,
    options: &cases::Options,
) -> Result<Tally, Failure> {
    let Some(fixtures) = cases::fixtures_of(&codemod, current) else {
        let error = Error::new(format!(
            "the cases of `{}` are not here: it ships in the binary, its cases do not",
            codemod.id
        ));
        return Err(error
            .help("run this in a checkout of gomend, or name codemods of your own")
            .into());
    };
    let id = codemod.id.clone();
    cases::run(codemod, &fixtures, options).map_err(|cause| {
        Error::new(format!("the cases of `{id}` could not be run: {cause}")).into()
    })
}
