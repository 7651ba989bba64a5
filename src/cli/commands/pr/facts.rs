//! What templates are told of a run.

use std::{collections::BTreeSet, path::Path};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{base::Base, command_line, place::Place, reviewers};
use crate::{
    cli::{branching::Made, error::Error},
    deliver::{
        forge::Kind,
        pull_request::facts::{Codemod, Facts, Left, Link, address, markdown},
    },
    finding::{Applicability, Finding, Status},
    report::{about::About, place::Lines},
};

/// What a path of a page cannot hold as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'(')
    .add(b')')
    .add(b'\\');

/// Gathers them.
pub fn of(jobs: usize, place: &Place, base: &Base, made: &Made) -> Result<Facts, Error> {
    let run = &made.searched.run;
    let applied: Vec<&Finding> = with(made, |finding| finding.status == Status::Applied);
    let codemods = made
        .searched
        .codemods
        .iter()
        .filter_map(|about| codemod(about, &applied));
    let left = with(made, |finding| why(finding).is_some());
    Ok(Facts {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        request: place.kind.request(),
        branch: made.branch.name.clone(),
        base: base.branch.clone(),
        base_commit: base.commit.clone(),
        gofmt: !run.warnings.iter().any(|text| text.contains("gofmt")),
        changes: applied.len(),
        files: run.verified.len(),
        codemods: codemods.collect(),
        command: command_line::reproduces(base)?,
        left: left
            .iter()
            .map(|finding| left_one(finding, made, place, base))
            .collect(),
        left_more: 0,
        reviewers: reviewers::of(place, base, made, jobs),
    })
}

fn with(made: &Made, wanted: impl Fn(&Finding) -> bool) -> Vec<&Finding> {
    let findings = made.searched.run.findings.iter();
    findings.filter(|finding| wanted(finding)).collect()
}

/// What is said of a codemod that changes something.
fn codemod(about: &About, applied: &[&Finding]) -> Option<Codemod> {
    let own: Vec<&&Finding> = applied
        .iter()
        .filter(|finding| finding.codemod == about.id)
        .collect();
    let files: BTreeSet<&Path> = own.iter().map(|finding| &*finding.path).collect();
    let least = own.iter().map(|finding| finding.applicability).min()?;
    Some(Codemod {
        id: about.id.to_string(),
        summary: about.summary.clone(),
        why: markdown(&first_paragraph(&about.description)),
        description: markdown(&about.description),
        references: about.references.iter().map(|url| Link::new(url)).collect(),
        changes: own.len(),
        files: files.len(),
        applicability: Applicability::as_str(least),
    })
}

/// The paragraph of a description that says why: the first below `## Why it matters`, else the first of all. In one line,
/// for forges show line ends.
fn first_paragraph(description: &str) -> String {
    const WHY: &str = "## Why it matters";
    let text = description
        .split_once(WHY)
        .map_or(description, |(_, rest)| rest);
    let mut paragraphs = text.split("\n\n").map(str::trim);
    let is_prose = |text: &&str| !text.is_empty() && !text.starts_with(['#', '`', '|']);
    let found = paragraphs.find(is_prose).unwrap_or_default();
    // A heading without an empty line behind it.
    let found = found.split_once("\n##").map_or(found, |(text, _)| text);
    let is_item =
        |line: &str| line.starts_with(['-', '*', '+']) || line.starts_with(char::is_numeric);
    if found.lines().any(is_item) {
        return found.to_owned();
    }
    found.lines().collect::<Vec<_>>().join(" ")
}

fn left_one(finding: &Finding, made: &Made, place: &Place, base: &Base) -> Left {
    let source = made.searched.run.sources.get(&finding.path);
    let line = source.map_or(1, |text| Lines::new(text).place(finding.range.start).line);
    let path = finding.path.to_string_lossy().replace('\\', "/");
    Left {
        url: address(&page(place, &base.commit, &path, line)),
        path,
        line,
        message: finding.message.clone(),
        codemod: finding.codemod.to_string(),
        status: finding.status.as_str(),
        why: why(finding).unwrap_or_default(),
    }
}

/// Why a finding is left for people; `None` where it is not.
fn why(finding: &Finding) -> Option<String> {
    match finding.status {
        Status::Unsafe => Some("unsafe: a person must look at the change first".to_owned()),
        Status::Display => Some("no change is proposed".to_owned()),
        Status::Rejected => {
            let reason = finding.reason.as_deref().unwrap_or("it was not verified");
            Some(format!("the change was rejected: {reason}"))
        }
        Status::Fixable
        | Status::Applied
        | Status::Suppressed
        | Status::Conflict
        | Status::Left => None,
    }
}

/// Page of the forge with a line of a file.
fn page(place: &Place, commit: &str, path: &str, line: usize) -> String {
    let repository = place.page();
    let path = utf8_percent_encode(path, PATH);
    let way = match place.kind {
        Kind::Github => "blob",
        Kind::Gitea => "src/commit",
        Kind::Gitlab => "-/blob",
    };
    format!("{repository}/{way}/{commit}/{path}#L{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_one_paragraph() {
        for (description, expected) in [
            ("One.\nTwo.\n\nThree.", "One. Two."),
            (
                "## What it finds\nA.\n\n## Why it matters\nB\nC.\n\nD.",
                "B C.",
            ),
            ("## Why it matters\n\nB.\n## Example\nx", "B."),
            ("```go\nx\n```\n\nB.", "B."),
            ("- a\n- b", "- a\n- b"),
            ("", ""),
        ] {
            assert_eq!(first_paragraph(description), expected);
        }
    }
}
