//! Findings as reviewdog reads them, with its suggestions
//! (<https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto>): one `DiagnosticResult`.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::{
    about::About,
    blame,
    json::{self, slashes},
    place::{Columns, Lines},
    proposal,
};
use crate::{
    engine::Run,
    finding::{Finding, Status},
};

#[derive(Serialize)]
struct Report<'a> {
    source: Source,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// 1-based; the column counts bytes, the end is exclusive.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// Every finding that nothing suppresses, as one object with a line end. A finding has at most one suggestion, of whole
/// lines: reviewdog offers each suggestion by itself, and the edits of a finding belong together.
pub fn report(run: &Run, codemods: &[About]) -> String {
    let mut lines: BTreeMap<&Path, Lines<'_>> = BTreeMap::new();
    let report = Report {
        source: Source { name: "gomend" },
        severity: "WARNING",
        diagnostics: run
            .findings
            .iter()
            .filter(|finding| finding.status != Status::Suppressed)
            .map(|finding| {
                let source = run.sources.get(&finding.path).map_or("", |text| text);
                let lines = lines
                    .entry(&finding.path)
                    .or_insert_with(|| Lines::new(source));
                diagnostic(finding, source, lines, codemods)
            })
            .collect(),
    };
    json::pretty(&report)
}

fn diagnostic<'a>(
    finding: &'a Finding,
    source: &str,
    lines: &Lines<'_>,
    codemods: &'a [About],
) -> Diagnostic<'a> {
    let about = codemods.iter().find(|about| about.id == finding.codemod);
    let mut message = match &finding.reason {
        Some(reason) => format!("{}: {reason}", finding.message),
        None => finding.message.clone(),
    };
    // The format has no field for it.
    if let Some(blame) = &finding.blame {
        message = format!("{message}\n{}", blame::line(blame));
    }
    let is_offered = matches!(finding.status, Status::Fixable | Status::Unsafe);
    Diagnostic {
        message,
        location: Location {
            path: slashes(&finding.path),
            range: range(lines, finding.range.start, finding.range.end),
        },
        severity: "WARNING",
        code: Code {
            value: &finding.codemod,
            url: about.and_then(|about| about.references.first().map(String::as_str)),
        },
        suggestions: is_offered
            .then(|| suggestion(finding, source, lines))
            .flatten()
            .into_iter()
            .collect(),
    }
}

/// All edits of a finding as one replacement of the lines from the first to the last of them.
fn suggestion(finding: &Finding, source: &str, lines: &Lines<'_>) -> Option<Suggestion> {
    let (first, last) = (finding.edits.first()?, finding.edits.last()?);
    let after = proposal::apply(source, &finding.edits)?;
    let start = lines.start_of(lines.place(first.start).line);
    let last_line = lines.place(last.end).line;
    // An insertion at the start of a line belongs to the line before; a replacement that ends there does too.
    let is_at_start = lines.start_of(last_line) == last.end && last.end > start;
    let end = if is_at_start {
        last.end
    } else {
        lines.start_of(last_line + 1)
    };
    let text = after.get(start..after.len() - (source.len() - end))?;
    Some(Suggestion {
        range: range(lines, start, end),
        text: text.to_owned(),
    })
}

fn range(lines: &Lines<'_>, start: usize, end: usize) -> Range {
    let position = |byte| {
        let (line, column) = lines.counted(byte, Columns::Bytes);
        Position { line, column }
    };
    Range {
        start: position(start),
        end: position(end),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{finding::TextEdit, report::fixture};

    fn parsed(run: &Run) -> Value {
        serde_json::from_str(&report(run, &[fixture::about()])).expect("JSON")
    }

    #[test]
    fn edits_become_one_suggestion_of_whole_lines() {
        let source = "package b\n\nfunc f() {\n\tß, _ := g()\n\th(ß)\n}\n";
        let at = source.find('_').expect("in the text");
        let behind = source.find("\th(").expect("in the text");
        let mut run = fixture::run("b.go", source, Some(at..at + 1));
        run.findings[0].edits = vec![
            edit(at, at + 1, "cancel"),
            edit(behind, behind, "\tdefer cancel()\n"),
        ];
        let report = parsed(&run);
        assert_eq!(
            report["diagnostics"][0],
            json!({
                "message": "discarded",
                "location": {"path": "b.go", "range": {"start": {"line": 4, "column": 6}, "end": {"line": 4, "column": 7}}},
                "severity": "WARNING",
                "code": {"value": "context/cancel-discarded", "url": "https://pkg.go.dev/context#WithCancel"},
                "suggestions": [{
                    "range": {"start": {"line": 4, "column": 1}, "end": {"line": 5, "column": 1}},
                    "text": "\tß, cancel := g()\n\tdefer cancel()\n",
                }],
            })
        );
    }

    #[test]
    fn what_is_not_offered_has_no_suggestion_and_what_is_suppressed_is_left_out() {
        let mut run = fixture::run("b.go", "package b\nf()\n", [10..11, 12..13]);
        run.findings[0].status = Status::Display;
        run.findings[1].status = Status::Suppressed;
        let report = parsed(&run);
        let diagnostics = report["diagnostics"].as_array().expect("a list");
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].get("suggestions"), None);
    }

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit {
            start,
            end,
            text: text.to_owned(),
        }
    }
}
