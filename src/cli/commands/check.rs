//! `gomend check`: findings; writes nothing.

use crate::{
    cli::{
        Exit,
        args::{CheckArgs, Global},
        error::Failure,
        plan, stages,
    },
    finding::{Finding, Status},
    report::summary::Deed,
};

/// Reports findings; exit code 1 where there are any that nothing suppresses.
pub fn run(args: &CheckArgs, global: &Global) -> Result<Exit, Failure> {
    let plan = plan::search(&args.search, Some(&args.revision), Some(&args.stdin))?;
    let searched = stages::search(&plan, stages::Purpose::Look, global)?;
    let stands = |finding: &Finding| finding.status != Status::Suppressed;
    super::write_findings(&searched, &args.report, |finding| {
        global.verbose || stands(finding)
    })?;
    super::say_summary(&searched, Deed::Looked, global);
    Ok(super::exit(
        &searched,
        searched.run.findings.iter().any(stands),
    ))
}
