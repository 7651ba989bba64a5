//! What a run comes to, for standard error: how much was searched, what was found, what could not be done and why, and
//! what a person may do next.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    blame, count, escape,
    place::{Frame, Lines},
    style::{BOLD, FAINT, NAME, WARNING, paint},
};
use crate::{
    engine::{Outcome, Run},
    finding::{Finding, Status},
};

/// What the command did with the edits; decides which next step is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Looked only: `check`, `diff`.
    Looked,
    /// Wrote files: `apply`, `commit`.
    Wrote,
}

/// What to say besides the totals.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What was done.
    pub deed: Deed,
    /// Name the files that were skipped.
    pub names: bool,
    /// Name every author, where they were asked for.
    pub all_authors: bool,
    /// Files that the filters left out before the run.
    pub filtered: usize,
}

/// The summary of a run.
pub fn summary(run: &Run, frame: &Frame, options: Options) -> String {
    let mut shown = String::new();
    failures(&mut shown, run, frame);
    conflicts(&mut shown, run, frame);
    if options.names {
        skipped_by_name(&mut shown, run, frame);
    }
    if run.summary.files == 0 {
        nothing_searched(&mut shown, run, options.filtered);
    } else {
        totals(&mut shown, run);
        shown.push_str(&blame::authors(run, options.all_authors));
        reasons(&mut shown, "rejected", rejections(run));
        reasons(&mut shown, "skipped", skips(run));
        next_step(&mut shown, run, options.deed);
    }
    shown
}

/// The places that a rule's query matched and a predicate refused, for `--explain`.
pub fn near_misses(run: &Run, frame: &Frame) -> String {
    let mut shown = String::new();
    for near in &run.near_misses {
        let source = run.sources.get(&near.path).map_or("", |text| text);
        let at = Lines::new(source).place(near.miss.place.start);
        let place = format!("{}:{}:{}", frame.show(&near.path), at.line, at.column);
        let predicate = escape::line(&near.miss.predicate);
        let because = match &*near.miss.reason {
            "" => String::new(),
            reason => format!(": {}", escape::line(reason)),
        };
        let text = format!("{place}: `{}` needs {predicate}{because}", near.codemod);
        line(&mut shown, &paint(FAINT, "not taken:"), &text);
    }
    shown
}

/// How long the run took, stage by stage and codemod by codemod, for `--timing`. What a codemod took is summed over threads.
pub fn timing(run: &Run) -> String {
    let mut shown = String::new();
    let stages = run.summary.stages.iter().copied();
    let all = [("all", run.summary.elapsed)];
    let codemods = run.summary.codemods.iter().map(|(id, time)| (&**id, *time));
    for (name, time) in stages.chain(all).chain(codemods) {
        let time = format!("{:8.1} ms", time.as_secs_f64() * 1000.0);
        line(
            &mut shown,
            &paint(FAINT, "time:"),
            &format!("{time}  {name}"),
        );
    }
    shown
}

/// One line for each file that could not be searched.
fn failures(shown: &mut String, run: &Run, frame: &Frame) {
    for file in &run.files {
        if let Outcome::Failed(reason) = &file.outcome {
            let text = format!(
                "`{}` was not searched: {}",
                frame.show(&file.path),
                escape::line(reason)
            );
            line(shown, &paint(WARNING, "warning:"), &text);
        }
    }
}

/// Every match that lost against another is named: nothing is lost in silence.
fn conflicts(shown: &mut String, run: &Run, frame: &Frame) {
    for finding in with_status(run, Status::Conflict) {
        let reason = finding
            .reason
            .as_deref()
            .unwrap_or("another match changes the same code");
        let text = format!(
            "`{}` at {}: {}",
            finding.codemod,
            place(run, frame, finding),
            escape::line(reason)
        );
        line(shown, &paint(WARNING, "conflict:"), &text);
    }
}

fn place(run: &Run, frame: &Frame, finding: &Finding) -> String {
    let source = run.sources.get(&finding.path).map_or("", |text| text);
    let at = Lines::new(source).place(finding.range.start);
    format!("{}:{}:{}", frame.show(&finding.path), at.line, at.column)
}

fn skipped_by_name(shown: &mut String, run: &Run, frame: &Frame) {
    for file in &run.files {
        if let Outcome::Skipped(reason) = &file.outcome {
            line(
                shown,
                &paint(FAINT, "skipped:"),
                &format!("`{}`: {reason}", frame.show(&file.path)),
            );
        }
    }
}

/// Why nothing was searched, and what to try.
fn nothing_searched(shown: &mut String, run: &Run, filtered: usize) {
    let skips = skips(run);
    let head = paint(WARNING, "warning:");
    if skips.is_empty() && filtered == 0 {
        let text = "nothing was searched: no Go file is there, or git ignores all of them; name a folder that has some";
        line(shown, &head, text);
        return;
    }
    line(
        shown,
        &head,
        "nothing was searched: every Go file was left out",
    );
    if filtered > 0 {
        let filters = "by `--since`, `--staged`, `--include`, `--exclude` or `--tests`";
        line(
            shown,
            &paint(FAINT, "left out:"),
            &format!("{} {filters}", count(filtered, "file")),
        );
    }
    for (reason, n) in skips {
        let hint = option_for(reason)
            .map_or_else(String::new, |option| format!("; `{option}` searches them"));
        line(
            shown,
            &paint(FAINT, "skipped:"),
            &format!("{n} × {reason}{hint}"),
        );
    }
}

/// The option that undoes a reason for skipping.
fn option_for(reason: &str) -> Option<&'static str> {
    [
        ("vendor", "--vendor"),
        ("testdata", "--testdata"),
        ("generated", "--generated"),
        ("larger", "--max-file-size"),
    ]
    .into_iter()
    .find(|(word, _)| reason.contains(word))
    .map(|(_, option)| option)
}

fn totals(shown: &mut String, run: &Run) {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    for finding in &run.findings {
        *counts.entry(finding.status).or_insert(0) += 1;
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(status, n)| format!("{n} {}", word(*status)))
        .collect();
    let mut paths: Vec<_> = run.findings.iter().map(|finding| &finding.path).collect();
    paths.dedup();
    let found = match run.findings.len() {
        0 => "no findings".to_owned(),
        n => count(n, "finding"),
    };
    let place = if paths.is_empty() {
        "in ".to_owned()
    } else {
        format!("in {} of ", paths.len())
    };
    let detail = if parts.is_empty() {
        String::new()
    } else {
        format!(": {}", parts.join(", "))
    };
    line(
        shown,
        &paint(BOLD, &found),
        &format!("{place}{}{detail}", count(run.summary.files, "file")),
    );
}

/// What a status is called in a count.
fn word(status: Status) -> &'static str {
    match status {
        Status::Display => "to look at",
        Status::Conflict => "in conflict",
        Status::Left => "left",
        other => other.as_str(),
    }
}

fn rejections(run: &Run) -> BTreeMap<&str, usize> {
    tally(
        with_status(run, Status::Rejected)
            .map(|finding| finding.reason.as_deref().unwrap_or("no reason is known")),
    )
}

fn skips(run: &Run) -> BTreeMap<&str, usize> {
    tally(run.files.iter().filter_map(|file| match &file.outcome {
        Outcome::Skipped(reason) => Some(reason.as_str()),
        _ => None,
    }))
}

fn with_status(run: &Run, status: Status) -> impl Iterator<Item = &Finding> {
    run.findings
        .iter()
        .filter(move |finding| finding.status == status)
}

fn tally<'a>(reasons: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_insert(0) += 1;
    }
    counts
}

fn reasons(shown: &mut String, what: &str, counts: BTreeMap<&str, usize>) {
    for (reason, count) in counts {
        line(
            shown,
            &paint(FAINT, &format!("{what}:")),
            &format!("{count} × {}", escape::line(reason)),
        );
    }
}

/// What to do now, where there is something.
fn next_step(shown: &mut String, run: &Run, deed: Deed) {
    let how_many = |status| with_status(run, status).count();
    let (fixable, held_back) = (how_many(Status::Fixable), how_many(Status::Unsafe));
    if deed == Deed::Looked && fixable > 0 {
        let changes = if fixable == 1 {
            "the change".to_owned()
        } else {
            format!("the {fixable} changes")
        };
        line(
            shown,
            "run",
            &format!(
                "{} with the same arguments to make {changes}",
                paint(NAME, "`gomend apply`")
            ),
        );
    }
    if held_back > 0 {
        let changes = count(held_back, "unsafe change");
        line(
            shown,
            "add",
            &format!(
                "{} for {changes} that a person must look at",
                paint(NAME, "`--unsafe`")
            ),
        );
    }
}

fn line(shown: &mut String, head: &str, text: &str) {
    writeln!(shown, "{head} {text}").expect("writing to a string cannot fail");
}

#[cfg(test)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the expected texts"
)]
mod tests {
    use std::path::Path;

    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::{
        engine::FileReport,
        finding::{Applicability, Finding},
    };

    fn finding(path: &str, status: Status, reason: Option<&str>) -> Finding {
        Finding {
            codemod: "http/body".into(),
            rule: "close".into(),
            path: Path::new(path).into(),
            range: 2..3,
            message: String::new(),
            applicability: Applicability::Safe,
            status,
            reason: reason.map(str::to_owned),
            edits: Vec::new(),
            blame: None,
        }
    }

    fn run(files: usize, findings: Vec<Finding>, outcomes: &[(&str, Outcome)]) -> Run {
        let report = |(path, outcome): &(&str, Outcome)| FileReport {
            path: Path::new(path).into(),
            outcome: outcome.clone(),
        };
        let mut run = Run {
            findings,
            files: outcomes.iter().map(report).collect(),
            ..Run::default()
        };
        run.summary.files = files;
        run.sources
            .insert(Path::new("a.go").into(), "a\nb\n".into());
        run
    }

    fn plain(run: &Run, deed: Deed, verbose: bool) -> String {
        let frame = Frame {
            root: "/repo".into(),
            current: None,
        };
        anstream::adapter::strip_str(&summary(
            run,
            &frame,
            Options {
                deed,
                names: verbose,
                all_authors: false,
                filtered: 0,
            },
        ))
        .to_string()
    }

    #[test]
    fn counts_reasons_and_next_steps() {
        let findings = vec![
            finding("a.go", Status::Fixable, None),
            finding(
                "a.go",
                Status::Conflict,
                Some("`http/other` changes the same code"),
            ),
            finding("b.go", Status::Unsafe, None),
            finding("b.go", Status::Rejected, Some("the comment would be lost")),
        ];
        let outcomes = [
            ("c.go", Outcome::Failed("permission denied".to_owned())),
            ("vendor/d.go", Outcome::Skipped("in `vendor/`".to_owned())),
        ];
        let run = run(3, findings, &outcomes);
        assert_data_eq!(
            plain(&run, Deed::Looked, false),
            str![[r#"
warning: `c.go` was not searched: permission denied
conflict: `http/body` at a.go:2:1: `http/other` changes the same code
4 findings in 2 of 3 files: 1 fixable, 1 unsafe, 1 rejected, 1 in conflict
rejected: 1 × the comment would be lost
skipped: 1 × in `vendor/`
run `gomend apply` with the same arguments to make the change
add `--unsafe` for 1 unsafe change that a person must look at

"#]]
        );
        assert_data_eq!(
            plain(&run, Deed::Wrote, true),
            str![[r#"
warning: `c.go` was not searched: permission denied
conflict: `http/body` at a.go:2:1: `http/other` changes the same code
skipped: `vendor/d.go`: in `vendor/`
4 findings in 2 of 3 files: 1 fixable, 1 unsafe, 1 rejected, 1 in conflict
rejected: 1 × the comment would be lost
skipped: 1 × in `vendor/`
add `--unsafe` for 1 unsafe change that a person must look at

"#]]
        );
    }

    #[test]
    fn nothing_searched_says_why() {
        let skipped = [
            ("vendor/d.go", Outcome::Skipped("in `vendor/`".to_owned())),
            ("l.go", Outcome::Skipped("symbolic link".to_owned())),
        ];
        assert_data_eq!(
            plain(&run(0, Vec::new(), &skipped), Deed::Looked, false),
            str![[r#"
warning: nothing was searched: every Go file was left out
skipped: 1 × in `vendor/`; `--vendor` searches them
skipped: 1 × symbolic link

"#]]
        );
        assert_data_eq!(
            plain(&run(0, Vec::new(), &[]), Deed::Looked, false),
            str![[r#"
warning: nothing was searched: no Go file is there, or git ignores all of them; name a folder that has some

"#]]
        );
        assert_data_eq!(
            plain(&run(1, Vec::new(), &[]), Deed::Looked, false),
            str![[r#"
no findings in 1 file

"#]]
        );
    }
}
