//! `gomend apply`: files in place, or one file from standard input to standard output.

use crate::{
    cli::{
        Exit,
        args::{ApplyArgs, Format, Global},
        error::{Error, Failure},
        interactive,
        plan::{self, Input},
        stages::{self, Searched},
        stream,
    },
    finding::{Finding, Status},
    report::summary::Deed,
};

/// Writes what was verified, then reports what was not; exit code 1 where an edit was rejected.
pub fn run(args: &ApplyArgs, global: &Global) -> Result<Exit, Failure> {
    let plan = plan::search(&args.search, None, Some(&args.stdin))?;
    let from_stdin = matches!(plan.input, Input::Stdin(_));
    if from_stdin && args.report.format != Format::Text && args.report.output.is_none() {
        let error = Error::new(
            "`apply -` writes the file to standard output, and the report cannot go there too",
        );
        return Err(error.help("add `--output FILE` for the report").into());
    }
    let mut searched = if args.interactive.interactive {
        interactive::search(&plan, args.allow_dirty, global)?
    } else {
        stages::search(&plan, stages::Purpose::Write, global)?
    };
    if args.report.blame {
        stages::blame(&mut searched, None, global);
    }
    let mut unwritten = Vec::new();
    if from_stdin {
        stream::write_data(None, stages::only_text(&searched).as_bytes())?;
        searched.run.mark_applied(|_| true);
    } else {
        // Who is asked is told before the first question; a file that changes behind that is refused when it is written.
        if !args.allow_dirty && !args.interactive.interactive {
            stages::require_clean(&searched)?;
        }
        unwritten = stages::write(&mut searched);
    }
    if !from_stdin || args.report.output.is_some() {
        super::write_findings(&searched, &args.report, |finding| remains(finding, global))?;
    }
    for error in &unwritten {
        stream::complain(error);
    }
    super::say_summary(&searched, Deed::Wrote, global);
    if unwritten.is_empty() {
        Ok(super::exit(&searched, has_rejected(&searched)))
    } else {
        Ok(Exit::Failed)
    }
}

/// Whether a finding is shown after the writing: what was done only where asked for.
pub fn remains(finding: &Finding, global: &Global) -> bool {
    global.verbose
        || !matches!(
            finding.status,
            Status::Applied | Status::Left | Status::Suppressed
        )
}

/// Whether verification refused an edit.
pub fn has_rejected(searched: &Searched) -> bool {
    let is_rejected = |finding: &Finding| finding.status == Status::Rejected;
    searched.run.findings.iter().any(is_rejected)
}
