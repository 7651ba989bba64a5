//! `gomend check`: findings; writes nothing.

use std::{fs, path::Path};

use crate::{
    cli::{
        Exit,
        args::{CheckArgs, Global},
        error::{Error, Failure},
        plan,
        stages::{self, Searched},
        stream,
    },
    finding::{Finding, Status},
    report::{baseline, summary::Deed},
};

/// Reports findings; exit code 1 where there are any that nothing suppresses.
pub fn run(args: &CheckArgs, global: &Global) -> Result<Exit, Failure> {
    let plan = plan::search(&args.search, Some(&args.revision), Some(&args.stdin))?;
    let mut searched = stages::search(&plan, stages::Purpose::Check, global)?;
    if let Some(path) = &args.baseline {
        hide_known(&mut searched, path, global)?;
    }
    if let Some(path) = &args.write_baseline {
        let (text, count) = baseline::write(&searched.run);
        stream::write_data(Some(path), text.as_bytes())?;
        if !global.quiet {
            let findings = crate::report::count(count, "finding");
            stream::say(&format!("{findings} written to {}\n", path.display()));
        }
        return Ok(super::exit(&searched, false));
    }
    if args.report.blame {
        stages::blame(&mut searched, args.revision.at.as_deref(), global);
    }
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

/// Suppresses what the baseline at `path` knows.
fn hide_known(searched: &mut Searched, path: &Path, global: &Global) -> Result<(), Error> {
    let shown = path.display();
    let wrong = |reason: String| {
        Error::new(format!("the baseline `{shown}` cannot be read: {reason}"))
            .help("`--write-baseline FILE` writes one")
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let gone = baseline::hide(&mut searched.run, &text).map_err(wrong)?;
    if gone > 0 && global.verbose {
        let findings = crate::report::count(gone, "finding");
        stream::say(&format!(
            "{findings} of the baseline not found: mended, changed, or not searched for\n"
        ));
    }
    Ok(())
}
