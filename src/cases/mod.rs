//! Runs the cases that prove a codemod: Go files as data, with what must become of them. A feature for authors of
//! codemods (`gomend test`) and the test of every codemod that ships.
//!
//! In: a codemod and the folder of its cases. Out: what failed, each with a readable difference. Beyond the comparison
//! that a case asks for, each must also reparse, stay gofmt-clean, settle, come out the same at any number of jobs, and
//! have a patch that applies; and each pattern and alternative of the codemod's queries must match in some case.
//!
//! With [`Options::bless`] what comes out is written as what is expected; nothing else here writes outside temporary
//! folders.

mod bless;
mod check;
mod coverage;
mod discover;
mod layout;
mod patch;

use std::path::{Path, PathBuf};

pub use discover::fixtures_of;

use crate::{
    codemod::{Codemod, Origin, catalogue, load::Setting, load_text},
    diagnostic::render,
    engine, select,
    verify::gofmt,
};

/// How cases are run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Lays out and checks results.
    pub gofmt: gofmt::Choice,
    /// The larger number of jobs that must give the same bytes as one.
    pub jobs: usize,
    /// Write what comes out as what is expected.
    pub bless: bool,
}

/// What the cases of one codemod come to.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many cases were run.
    pub cases: usize,
    /// Everything that is wrong, in the order of the cases.
    pub failures: Vec<Failure>,
    /// Checks that could not be made here, and why.
    pub not_run: Vec<String>,
    /// Files that were written, with [`Options::bless`].
    pub blessed: Vec<PathBuf>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Name of the case; empty for the codemod as a whole.
    pub case: String,
    /// One line.
    pub message: String,
    /// The difference between what is expected and what came out; may be empty.
    pub difference: String,
}

impl Failure {
    fn new(case: &str, message: impl Into<String>) -> Self {
        Self {
            case: case.to_owned(),
            message: message.into(),
            difference: String::new(),
        }
    }
}

/// Runs the cases of `codemod` that lie in `fixtures`. The error is one of the machine, not of a case.
pub fn run(codemod: Codemod, fixtures: &Path, options: &Options) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut seen = Seen::default();
    let id = codemod.id.clone();
    let mut last = codemod;
    for folder in discover::folders(fixtures)? {
        last = run_folder(last, &folder, options, &mut seen, &mut tally)?;
    }
    if seen.cases == 0 && tally.failures.is_empty() {
        let message = format!(
            "`{id}` has no cases; write them to `{}`",
            fixtures.display()
        );
        tally.failures.push(Failure::new("", message));
        return Ok(tally);
    }
    if tally.blessed.is_empty() {
        coverage::report(&last, &seen.noted, &mut tally);
        return Ok(tally);
    }
    // What was just written down is checked like any other expectation.
    let options = Options {
        bless: false,
        ..options.clone()
    };
    let blessed = tally.blessed;
    Ok(Tally {
        blessed,
        ..self::run(last, fixtures, &options)?
    })
}

/// What the runs over all folders of a codemod's cases have come across.
#[derive(Debug, Default)]
struct Seen {
    cases: usize,
    noted: coverage::Noted,
}

/// Runs the cases of one folder, with the parameters that it sets, and gives the codemod back.
fn run_folder(
    codemod: Codemod,
    fixtures: &Path,
    options: &Options,
    seen: &mut Seen,
    tally: &mut Tally,
) -> Result<Codemod, String> {
    let found = discover::cases(fixtures)?;
    tally.cases += found.cases.len();
    tally.failures.extend(found.failures);
    if found.cases.is_empty() {
        return Ok(codemod);
    }
    let codemod = with_settings(codemod, &discover::settings(fixtures)?)?;
    let texts = found.cases.iter().flat_map(layout::texts);
    let before = layout::lay_out(texts)?;
    let mut plan = engine::Plan {
        codemods: vec![codemod],
        files: before.files(),
        pointed: None,
        select: select::Options {
            // Cases may be about any file.
            generated: true,
            ..select::Options::default()
        },
        unsafe_edits: true,
        gofmt: gofmt::Gofmt::find(&options.gofmt).map_err(|error| error.to_string())?,
        jobs: 1,
        steps: false,
        explain: false,
        timing: false,
        unused_ignores: false,
        prefilter: true,
    };
    if plan.gofmt.is_none() {
        let message = "without gofmt, no result was checked with it".to_owned();
        tally.not_run.push(message);
    }
    let run = search(&plan)?;
    check::cases(&found.cases, &before, &run, plan.gofmt.as_ref(), tally)?;
    plan.jobs = options.jobs;
    check::same(&run, &search(&plan)?, options.jobs, tally);
    coverage::note(&plan, &run, &mut seen.noted)?;
    let after = before.after(&run)?;
    plan.files = after.files();
    check::settled(&search(&plan)?, tally);
    patch::applies(&before, &run, tally)?;
    if options.bless {
        bless::bless(&found.cases, &run, tally)?;
    }
    seen.cases += found.cases.len();
    Ok(plan.codemods.remove(0))
}

/// The codemod with the values that its cases set.
fn with_settings(codemod: Codemod, sets: &[Setting]) -> Result<Codemod, String> {
    let missing = codemod
        .params
        .iter()
        .find(|(name, param)| param.value.is_none() && !sets.iter().any(|(set, _)| set == *name));
    if let Some((name, _)) = missing {
        return Err(format!(
            "the parameter `{name}` has no value; set it in `set.txt` beside the cases: `{name}=value`"
        ));
    }
    let as_wanted = codemod.params.iter().all(|(name, param)| {
        let set = sets.iter().rev().find(|(set, _)| set == name);
        param.value.as_ref() == set.map(|(_, value)| value).or(param.default.as_ref())
    });
    if as_wanted {
        return Ok(codemod);
    }
    let loaded = match &codemod.origin {
        Origin::Embedded(_) => catalogue::load(&codemod.id, sets)
            .ok_or_else(|| format!("`{}` does not ship", codemod.id))?,
        Origin::File(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| format!("cannot read `{}`: {cause}", path.display()))?;
            load_text(&codemod.id, codemod.origin.clone(), &text, sets)
        }
    };
    loaded.map_err(|problems| render(&problems, false))
}

fn search(plan: &engine::Plan) -> Result<engine::Run, String> {
    engine::run(plan, &engine::Unwatched).map_err(|error| error.to_string())
}
