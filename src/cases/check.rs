//! Compares what came out with what each case expects.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use similar::TextDiff;

use super::{
    Failure, Tally,
    discover::{Case, Files, Kind},
    layout::{self, Layout},
};
use crate::{
    engine::{Outcome, Run},
    finding::{Finding, Status},
    go::syntax::Parsed,
    report::proposal,
    verify::gofmt::Gofmt,
};

/// Checks each case.
pub fn cases(
    cases: &[Case],
    before: &Layout,
    run: &Run,
    gofmt: Option<&Gofmt>,
    tally: &mut Tally,
) -> Result<(), String> {
    for case in cases {
        let folder = layout::folder_of(case);
        let findings: Vec<&Finding> = run
            .findings
            .iter()
            .filter(|found| found.path.starts_with(&folder))
            .collect();
        let after = results(case, &folder, run, &findings);
        failed_files(case, &folder, run, tally);
        match &case.kind {
            Kind::Rewrite(expected) => rewritten(case, expected.as_ref(), &after, &findings, tally),
            Kind::Keep => kept(case, &after, &findings, tally),
            Kind::Refuse(message) => refused(case, message.as_deref(), &after, &findings, tally),
            Kind::Find(lines) => shown(case, lines.as_deref(), &findings, tally),
        }
        reparses(case, &after, tally);
    }
    if let Some(gofmt) = gofmt {
        gofmt_clean(before, run, gofmt, tally)?;
    }
    Ok(())
}

/// The Go files of a case after the run. What a `display` rule proposes is taken as if it were written.
pub fn results(case: &Case, folder: &Path, run: &Run, findings: &[&Finding]) -> Files {
    let mut after = case.before.clone();
    for (path, text) in &mut after {
        let full = folder.join(path);
        if let Some(verified) = run
            .verified
            .iter()
            .find(|verified| **verified.path() == *full)
        {
            *text = verified.after().to_string();
            continue;
        }
        let proposed = findings
            .iter()
            .filter(|found| found.status == Status::Display && *found.path == *full);
        let mut edits: Vec<_> = proposed
            .flat_map(|found| found.edits.iter().cloned())
            .collect();
        edits.sort();
        if let Some(proposed) = proposal::apply(text, &edits) {
            *text = proposed;
        }
    }
    after
}

/// A file of a case that could not be searched.
fn failed_files(case: &Case, folder: &Path, run: &Run, tally: &mut Tally) {
    for file in run
        .files
        .iter()
        .filter(|file| file.path.starts_with(folder))
    {
        if let Outcome::Failed(reason) | Outcome::Skipped(reason) = &file.outcome {
            let message = format!("`{}` was not searched: {reason}", file.path.display());
            tally.failures.push(Failure::new(&case.name, message));
        }
    }
}

fn rewritten(
    case: &Case,
    expected: Option<&Files>,
    after: &Files,
    findings: &[&Finding],
    tally: &mut Tally,
) {
    let Some(expected) = expected else {
        let message = "there is nothing to compare with; `--bless` writes it";
        tally.failures.push(Failure::new(&case.name, message));
        return;
    };
    if *expected == case.before {
        let message = "before and after are the same; call it `keep` if nothing may be found";
        tally.failures.push(Failure::new(&case.name, message));
    }
    for (path, wanted) in expected {
        let Some(text) = after.get(path) else {
            let message = format!("`{}` is expected and not there before", path.display());
            tally.failures.push(Failure::new(&case.name, message));
            continue;
        };
        if text != wanted {
            let reasons = reasons(findings);
            tally.failures.push(Failure {
                case: case.name.clone(),
                message: format!("the result differs from what is expected{reasons}"),
                difference: difference(path, wanted, text),
            });
        }
    }
    for (path, text) in after {
        if !expected.contains_key(path) && case.before.get(path) != Some(text) {
            let message = format!("`{}` changes, and `after` does not have it", path.display());
            let difference = difference(path, &case.before[path], text);
            tally.failures.push(Failure {
                case: case.name.clone(),
                message,
                difference,
            });
        }
    }
}

/// Why findings were not applied, for the message of a difference.
fn reasons(findings: &[&Finding]) -> String {
    let held_back = |found: &&&Finding| matches!(found.status, Status::Rejected | Status::Conflict);
    let reasons: Vec<String> = findings
        .iter()
        .filter(held_back)
        .map(|found| {
            format!(
                "`{}` {}: {}",
                found.rule,
                found.status.as_str(),
                found.reason.as_deref().unwrap_or("no reason")
            )
        })
        .collect();
    match (findings.is_empty(), reasons.is_empty()) {
        (true, _) => ": nothing was found".to_owned(),
        (false, true) => String::new(),
        (false, false) => format!(": {}", reasons.join("; ")),
    }
}

fn kept(case: &Case, after: &Files, findings: &[&Finding], tally: &mut Tally) {
    for found in findings {
        let message = format!(
            "nothing may be found here, but rule `{}` says: {}",
            found.rule, found.message
        );
        tally.failures.push(Failure::new(&case.name, message));
    }
    changed(case, after, tally);
}

/// A case that must not change.
fn changed(case: &Case, after: &Files, tally: &mut Tally) {
    for (path, text) in after {
        if *text != case.before[path] {
            tally.failures.push(Failure {
                case: case.name.clone(),
                message: "this must not change".to_owned(),
                difference: difference(path, &case.before[path], text),
            });
        }
    }
}

fn refused(
    case: &Case,
    message: Option<&str>,
    after: &Files,
    findings: &[&Finding],
    tally: &mut Tally,
) {
    changed(case, after, tally);
    let reason = refusal(findings);
    let problem = match (message.map(str::trim), reason) {
        (_, None) => "the change must be refused, but no finding was rejected".to_owned(),
        (None, Some(reason)) => {
            format!("it was refused with `{reason}`; `--bless` writes that down")
        }
        (Some(wanted), Some(reason)) if wanted != reason => {
            format!("it was refused with `{reason}` instead of `{wanted}`")
        }
        _ => return,
    };
    tally.failures.push(Failure::new(&case.name, problem));
}

/// A case whose findings are shown and not written.
fn shown(case: &Case, lines: Option<&str>, findings: &[&Finding], tally: &mut Tally) {
    for found in findings.iter().filter(|f| f.status != Status::Display) {
        let message = format!(
            "rule `{}` would write an edit here, which `before` and `after` are for",
            found.rule
        );
        tally.failures.push(Failure::new(&case.name, message));
    }
    let actual = listed(case, findings);
    if lines != Some(&actual) {
        tally.failures.push(Failure {
            case: case.name.clone(),
            message: "the findings differ from what is expected".to_owned(),
            difference: difference(Path::new("findings"), lines.unwrap_or_default(), &actual),
        });
    }
}

/// The findings of a case, one a line: `12: rule: message`.
pub fn listed(case: &Case, findings: &[&Finding]) -> String {
    let text = case.before.values().next().map_or("", String::as_str);
    let line = |found: &Finding| {
        let before = text.get(..found.range.start).unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        format!("{number}: {}: {}\n", found.rule, found.message)
    };
    findings.iter().map(|found| line(found)).collect()
}

/// The reason of the first finding that was rejected.
pub fn refusal<'a>(findings: &[&'a Finding]) -> Option<&'a str> {
    let rejected = findings
        .iter()
        .find(|found| found.status == Status::Rejected)?;
    Some(rejected.reason.as_deref().unwrap_or_default().trim())
}

/// No file may have more errors after than before.
fn reparses(case: &Case, after: &Files, tally: &mut Tally) {
    let errors = |text: &str| Parsed::new(Arc::from(text)).errors().len();
    for (path, text) in after {
        if path.extension().is_some_and(|end| end == "go")
            && errors(text) > errors(&case.before[path])
        {
            let message = format!("`{}` does not parse after the change", path.display());
            tally.failures.push(Failure::new(&case.name, message));
        }
    }
}

/// A file that gofmt would leave alone before, it leaves alone after.
fn gofmt_clean(before: &Layout, run: &Run, gofmt: &Gofmt, tally: &mut Tally) -> Result<(), String> {
    let texts: BTreeMap<&Path, &str> = before
        .texts
        .iter()
        .map(|(path, text)| (path.as_path(), text.as_str()))
        .collect();
    let old: Vec<&str> = run
        .verified
        .iter()
        .map(|verified| texts[&**verified.path()])
        .collect();
    let new: Vec<&str> = run
        .verified
        .iter()
        .map(|verified| &**verified.after())
        .collect();
    let laid_out = |texts: &[&str]| gofmt.format(texts).map_err(|error| error.to_string());
    let (old_clean, new_clean) = (laid_out(&old)?, laid_out(&new)?);
    for (index, verified) in run.verified.iter().enumerate() {
        let was_clean = old_clean[index].as_deref() == Ok(old[index]);
        if was_clean && new_clean[index].as_deref() != Ok(new[index]) {
            let (case, path) = split(verified.path());
            tally.failures.push(Failure {
                case,
                message: "the result is not gofmt-clean, and the file was before".to_owned(),
                difference: new_clean[index]
                    .as_ref()
                    .map_or_else(Clone::clone, |text| difference(&path, text, new[index])),
            });
        }
    }
    Ok(())
}

/// Two runs over the same files must come to the same.
pub fn same(one: &Run, many: &Run, jobs: usize, tally: &mut Tally) {
    let texts = |run: &Run| -> Vec<(PathBuf, String)> {
        let text = |verified: &crate::verify::Verified| {
            (verified.path().to_path_buf(), verified.after().to_string())
        };
        run.verified.iter().map(text).collect()
    };
    if texts(one) != texts(many) || one.findings != many.findings || one.files != many.files {
        let message = format!("one job and {jobs} jobs give different results");
        tally.failures.push(Failure::new("", message));
    }
}

/// A run over the results must change nothing.
pub fn settled(again: &Run, tally: &mut Tally) {
    for verified in &again.verified {
        let (case, path) = split(verified.path());
        tally.failures.push(Failure {
            case,
            message: "a second run changes the result again".to_owned(),
            difference: difference(&path, verified.before(), verified.after()),
        });
    }
}

/// The case's folder in the layout, and the path within it.
fn split(path: &Path) -> (String, PathBuf) {
    let mut parts = path.components();
    let folder = parts.next().map_or_else(String::new, |part| {
        part.as_os_str().to_string_lossy().into_owned()
    });
    let case = folder.rsplitn(3, '-').last().unwrap_or(&folder).to_owned();
    (case, parts.as_path().to_owned())
}

/// What is expected against what came out, as a patch.
fn difference(path: &Path, expected: &str, actual: &str) -> String {
    let path = path.display();
    TextDiff::from_lines(expected, actual)
        .unified_diff()
        .context_radius(3)
        .header(&format!("expected/{path}"), &format!("actual/{path}"))
        .to_string()
}
