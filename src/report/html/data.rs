//! What the page knows of a run, as the page's script reads it: every line of source once, every codemod once, and for
//! each finding only what is its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
};

use serde::Serialize;

use super::{
    change::{self, Hunk},
    excerpt::{self, CONTEXT, Excerpt},
};
use crate::{
    engine::{Outcome, Run},
    finding::{Finding, Status},
    report::{
        about::About,
        json::{self, BlameJson, slashes},
        place::Lines,
    },
    verify::Verified,
};

/// The most lines of a finding that are shown where it has no change: a whole function would bury what is meant.
const MOST_LINES: usize = 8;

/// Everything that the page shows, but for the explanations.
#[derive(Serialize)]
pub struct Page<'a> {
    version: &'static str,
    command: &'a str,
    context: usize,
    totals: Totals,
    warnings: &'a [String],
    codemods: Vec<CodemodData<'a>>,
    files: Vec<FileData<'a>>,
    findings: Vec<FindingData<'a>>,
    outcomes: Vec<OutcomeData<'a>>,
}

#[derive(Serialize)]
struct Totals {
    codemods: usize,
    files: usize,
    changed: usize,
    parsed: usize,
    bytes: u64,
}

/// A codemod that found something. Its index names it, and its explanation.
#[derive(Serialize)]
struct CodemodData<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
}

/// A file in which something was found. Its index names it.
#[derive(Serialize)]
struct FileData<'a> {
    path: String,
    package: String,
    excerpts: Vec<Excerpt<'a>>,
    /// The change of the whole file, where it is more than those of its findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hunks: Vec<HunkData>,
}

#[derive(Serialize)]
struct FindingData<'a> {
    id: String,
    codemod: usize,
    rule: &'a str,
    file: usize,
    /// Line and column in bytes, from 1, as the other reports have them.
    line: usize,
    column: usize,
    /// How many lines of it are shown.
    lines: usize,
    /// Its place within its first line, in UTF-16 code units, as JavaScript counts.
    mark: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<usize>,
    message: &'a str,
    class: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hunks: Vec<HunkData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blame: Option<BlameJson<'a>>,
}

/// A hunk, and the line of the declaration above it.
#[derive(Serialize)]
struct HunkData {
    #[serde(flatten)]
    hunk: Hunk,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<usize>,
}

/// Files that ended otherwise than unchanged or changed, by reason.
#[derive(Serialize)]
struct OutcomeData<'a> {
    outcome: &'static str,
    reason: &'a str,
    paths: Vec<String>,
}

/// The run as the page shows it, and the indices into `about` of the codemods that found something, in the page's order.
pub fn page<'a>(
    run: &'a Run,
    about: &'a [About],
    command: &'a str,
) -> (Page<'a>, Vec<Option<usize>>) {
    let ids: BTreeSet<&str> = run.findings.iter().map(|f| &*f.codemod).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let known: Vec<Option<usize>> = ids
        .iter()
        .map(|id| about.iter().position(|about| *about.id == **id))
        .collect();
    let codemods = ids.iter().zip(&known).map(|(id, known)| CodemodData {
        id,
        summary: known.map(|index| &*about[index].summary),
    });
    let (files, findings) = findings(run, &ids);
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        command,
        context: CONTEXT,
        totals: Totals {
            codemods: about.len(),
            files: run.summary.files,
            changed: run
                .files
                .iter()
                .filter(|file| file.outcome == Outcome::Changed)
                .count(),
            parsed: run.summary.parsed,
            bytes: run.summary.bytes,
        },
        warnings: &run.warnings,
        codemods: codemods.collect(),
        files,
        findings,
        outcomes: outcomes(run),
    };
    (page, known)
}

fn findings<'a>(run: &'a Run, ids: &[&str]) -> (Vec<FileData<'a>>, Vec<FindingData<'a>>) {
    let mut by_path: BTreeMap<&Path, Vec<&Finding>> = BTreeMap::new();
    for finding in &run.findings {
        by_path.entry(&finding.path).or_default().push(finding);
    }
    let verified: BTreeMap<&Path, &Verified> = run
        .verified
        .iter()
        .map(|file| (&**file.path(), file))
        .collect();
    let mut ordinals = BTreeMap::new();
    let (mut files, mut shown) = (Vec::new(), Vec::new());
    for (path, of_file) in by_path {
        let text = run.sources.get(path).map_or("", |text| text);
        let lines = Lines::new(text);
        let (mut wanted, first) = (Wanted::new(&lines), shown.len());
        for finding in &of_file {
            let codemod = ids.partition_point(|id| *id < &*finding.codemod);
            let id = json::id(finding, text, &mut ordinals);
            shown.push(one(finding, text, &mut wanted, (id, codemod, files.len())));
        }
        let whole = verified.get(path).map(|file| whole(file));
        let whole = whole.filter(|whole| !is_told(whole, &shown[first..]));
        let hunks = whole.unwrap_or_default();
        let hunks = hunks.into_iter().map(|hunk| wanted.hunk(hunk)).collect();
        let package = path.parent().unwrap_or(Path::new(""));
        files.push(FileData {
            path: slashes(path),
            package: slashes(package),
            excerpts: excerpt::excerpts(&lines, text, wanted.ranges),
            hunks,
        });
    }
    (files, shown)
}

/// The change of a whole file.
fn whole(file: &Verified) -> Vec<Hunk> {
    change::of_texts(file.before(), file.after())
}

/// Whether the findings' own changes are all there is to the change of their file: no import comes with them, none
/// follows on another, gofmt had nothing to lay out.
fn is_told(whole: &[Hunk], findings: &[FindingData<'_>]) -> bool {
    let written = [Status::Fixable, Status::Applied].map(Status::as_str);
    let mut own: Vec<&Hunk> = findings
        .iter()
        .filter(|finding| written.contains(&finding.status))
        .flat_map(|finding| finding.hunks.iter().map(|hunk| &hunk.hunk))
        .collect();
    own.sort();
    own.into_iter().eq(whole)
}

fn one<'a>(
    finding: &'a Finding,
    text: &str,
    wanted: &mut Wanted<'_>,
    (id, codemod, file): (String, usize, usize),
) -> FindingData<'a> {
    let lines = wanted.lines;
    let (start, end) = (
        lines.place(finding.range.start),
        lines.place(finding.range.end),
    );
    let hunks = change::of_edits(lines, text, &finding.edits).unwrap_or_default();
    let last = end.line.clamp(start.line, start.line + MOST_LINES - 1);
    FindingData {
        id,
        codemod,
        rule: &finding.rule,
        file,
        line: start.line,
        column: start.column,
        lines: last - start.line + 1,
        mark: mark(finding, lines),
        scope: wanted.take(start.line, last + 1),
        message: &finding.message,
        class: finding.applicability.as_str(),
        status: finding.status.as_str(),
        reason: finding.reason.as_deref(),
        hunks: hunks.into_iter().map(|hunk| wanted.hunk(hunk)).collect(),
        blame: finding.blame.as_ref().map(json::blame),
    }
}

/// Where a finding stands in its first line.
fn mark(finding: &Finding, lines: &Lines<'_>) -> [usize; 2] {
    let start = lines.place(finding.range.start);
    let line = lines.slice(start.line, start.line).trim_end();
    let begins = start.byte - (start.column - 1);
    let units = |byte: usize| {
        let before = line.get(..byte.saturating_sub(begins).min(line.len()));
        before.unwrap_or_default().encode_utf16().count()
    };
    [units(finding.range.start), units(finding.range.end)]
}

/// The lines of a file that something on the page shows.
struct Wanted<'a> {
    lines: &'a Lines<'a>,
    ranges: Vec<Range<usize>>,
}

impl<'a> Wanted<'a> {
    fn new(lines: &'a Lines<'a>) -> Self {
        Self {
            lines,
            ranges: Vec::new(),
        }
    }

    /// Asks for these lines and their context; gives the line of the declaration around them, which is asked for too.
    fn take(&mut self, first: usize, end: usize) -> Option<usize> {
        let from = first.saturating_sub(CONTEXT).max(1);
        self.ranges.push(from..end + CONTEXT);
        let scope = excerpt::scope(self.lines, from)?;
        self.ranges.push(scope..scope + 1);
        Some(scope)
    }

    fn hunk(&mut self, hunk: Hunk) -> HunkData {
        let scope = self.take(hunk.at, hunk.end());
        HunkData { hunk, scope }
    }
}

fn outcomes(run: &Run) -> Vec<OutcomeData<'_>> {
    let mut by_reason: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for file in &run.files {
        let (order, reason) = match &file.outcome {
            Outcome::Unchanged | Outcome::Changed => continue,
            Outcome::Failed(reason) => (0, reason),
            Outcome::Rejected(reason) => (1, reason),
            Outcome::Skipped(reason) => (2, reason),
        };
        let paths = by_reason.entry((order, reason)).or_default();
        paths.push(slashes(&file.path));
    }
    by_reason
        .into_iter()
        .map(|((order, reason), paths)| OutcomeData {
            outcome: ["failed", "rejected", "skipped"][order],
            reason,
            paths,
        })
        .collect()
}
