//! Findings for people, in the form in which rustc shows its diagnostics: what is wrong, where, the source line with a
//! caret, what becomes of it, and the proposed change.

use std::{collections::BTreeMap, ops::Range, path::Path};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{
    blame, escape,
    place::{Frame, Lines},
    proposal,
};
use crate::{
    engine::Run,
    finding::{Finding, Status},
};

/// All findings that `wanted` keeps, each followed by an empty line. In the order of the run.
pub fn findings(run: &Run, frame: &Frame, wanted: impl Fn(&Finding) -> bool) -> String {
    let mut shown = String::new();
    let mut lines: BTreeMap<&Path, Lines<'_>> = BTreeMap::new();
    for finding in run.findings.iter().filter(|finding| wanted(finding)) {
        let source = run.sources.get(&finding.path).map_or("", |text| text);
        let lines = lines
            .entry(&finding.path)
            .or_insert_with(|| Lines::new(source));
        shown.push_str(&one(finding, source, lines, &frame.show(&finding.path)));
        shown.push('\n');
    }
    shown
}

/// One finding: header, place, source line, what becomes of it, and the change.
fn one(finding: &Finding, source: &str, lines: &Lines<'_>, path: &str) -> String {
    let at = lines.place(finding.range.start);
    let message = escape::line(&finding.message);
    let title = Level::WARNING.primary_title(message).id(&*finding.codemod);
    let line = lines.slice(at.line, at.line);
    let mark = first_line(finding, line, at.byte - (at.column - 1));
    let column = line[..mark.start].chars().count() + 1;
    let snippet = Snippet::source(line)
        .line_start(at.line)
        .path(path)
        .annotation(AnnotationKind::Primary.span(mark));
    let mut group = Group::with_title(title)
        .element(snippet)
        .element(fate(finding));
    if let Some(blame) = &finding.blame {
        group = group.element(Level::NOTE.message(blame::line(blame)));
    }
    let shown = Renderer::styled().render(&[group]);
    let mut shown = in_bytes(&shown, &format!("{path}:{}:", at.line), column, at.column);
    shown.push('\n');
    if matches!(
        finding.status,
        Status::Fixable | Status::Unsafe | Status::Display
    ) {
        let width = at.line.to_string().len();
        shown.push_str(&proposal::show(lines, source, &finding.edits, width).unwrap_or_default());
    }
    shown
}

/// Writes the column of the place in bytes: the renderer counts characters, the Go tools bytes.
fn in_bytes(shown: &str, place: &str, characters: usize, bytes: usize) -> String {
    let Some((title, rest)) = shown.split_once('\n').filter(|_| characters != bytes) else {
        return shown.to_owned();
    };
    let rest = rest.replacen(
        &format!("{place}{characters}"),
        &format!("{place}{bytes}"),
        1,
    );
    format!("{title}\n{rest}")
}

/// The finding's bytes within its first line: a caret under a whole function would bury what it points at.
fn first_line(finding: &Finding, line: &str, line_start: usize) -> Range<usize> {
    let start = floor(line, finding.range.start.saturating_sub(line_start));
    let end = floor(
        line.trim_end(),
        finding.range.end.saturating_sub(line_start),
    );
    start..end.max(start)
}

/// The nearest boundary between characters at or before `at`.
fn floor(line: &str, at: usize) -> usize {
    (0..=at.min(line.len()))
        .rev()
        .find(|&at| line.is_char_boundary(at))
        .unwrap_or(0)
}

/// What became of a finding, and what a person may do.
fn fate(finding: &Finding) -> annotate_snippets::Message<'static> {
    let reason = finding
        .reason
        .as_deref()
        .map(|reason| escape::line(reason).into_owned());
    let because = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    match finding.status {
        Status::Fixable => Level::HELP.message(format!(
            "`gomend apply` makes this {} change",
            finding.applicability.as_str()
        )),
        Status::Applied => Level::NOTE.message("changed"),
        Status::Left => Level::NOTE.message("left as it is, in the review"),
        Status::Unsafe => Level::HELP.message("look at this unsafe change; `--unsafe` applies it"),
        Status::Display if finding.edits.is_empty() => {
            Level::NOTE.message(format!("no change is proposed{because}"))
        }
        Status::Display => Level::HELP.message("a change to make by hand; gomend never writes it"),
        Status::Rejected => Level::NOTE.message(format!("the change was rejected{because}")),
        Status::Suppressed => Level::NOTE.message(format!("suppressed{because}")),
        Status::Conflict => Level::NOTE.message(format!("left for another run{because}")),
    }
}

#[cfg(test)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the expected texts"
)]
mod tests {
    use std::sync::Arc;

    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::finding::{Applicability, TextEdit};

    const SOURCE: &str = "package a\n\nfunc f(ctx context.Context) {\n\tctx, _ := context.WithCancel(ctx)\n\tuse(ctx)\n}\n";

    fn run(status: Status, reason: Option<&str>) -> Run {
        let path: Arc<Path> = Path::new("srv/a.go").into();
        let blank = SOURCE.find('_').expect("the source holds one");
        let line_end = SOURCE.find("\tuse").expect("the source holds one");
        let finding = Finding {
            codemod: "context/cancel-discarded".into(),
            rule: "bind".into(),
            path: path.clone(),
            range: blank..blank + 1,
            message: "the CancelFunc of `ctx` is discarded".to_owned(),
            applicability: Applicability::Safe,
            status,
            reason: reason.map(str::to_owned),
            blame: None,
            edits: vec![
                TextEdit {
                    start: blank,
                    end: blank + 1,
                    text: "cancel".to_owned(),
                },
                TextEdit {
                    start: line_end,
                    end: line_end,
                    text: "\tdefer cancel()\n".to_owned(),
                },
            ],
        };
        Run {
            findings: vec![finding],
            sources: BTreeMap::from([(path, SOURCE.into())]),
            ..Run::default()
        }
    }

    fn plain(run: &Run) -> String {
        let frame = Frame {
            root: "/repo".into(),
            current: Some("/repo/srv".into()),
        };
        anstream::adapter::strip_str(&findings(run, &frame, |_| true)).to_string()
    }

    #[test]
    fn a_fixable_finding_shows_its_change() {
        assert_data_eq!(
            plain(&run(Status::Fixable, None)),
            str![[r"
warning[context/cancel-discarded]: the CancelFunc of `ctx` is discarded
 --> a.go:4:7
  |
4 |     ctx, _ := context.WithCancel(ctx)
  |          ^
  |
  = help: `gomend apply` makes this safe change
3 | func f(ctx context.Context) {
4 -     ctx, _ := context.WithCancel(ctx)
  +     ctx, cancel := context.WithCancel(ctx)
  +     defer cancel()
5 |     use(ctx)


"]]
        );
    }

    #[test]
    fn a_rejected_finding_says_why() {
        let run = run(
            Status::Rejected,
            Some("the comment at line 4 would be lost"),
        );
        assert_data_eq!(
            plain(&run),
            str![[r"
warning[context/cancel-discarded]: the CancelFunc of `ctx` is discarded
 --> a.go:4:7
  |
4 |     ctx, _ := context.WithCancel(ctx)
  |          ^
  |
  = note: the change was rejected: the comment at line 4 would be lost


"]]
        );
    }

    #[test]
    fn columns_are_bytes_and_odd_ranges_do_no_harm() {
        let mut run = run(Status::Display, None);
        let path = run.findings[0].path.clone();
        run.sources.insert(path, "/* ß\u{202e} */ x\n".into());
        run.findings[0].edits.clear();
        run.findings[0].range = 12..99;
        assert_data_eq!(
            plain(&run),
            str![[r"
warning[context/cancel-discarded]: the CancelFunc of `ctx` is discarded
 --> a.go:1:13
  |
1 | /* ß� */ x
  |          ^
  |
  = note: no change is proposed


"]]
        );
        run.findings[0].range = 4..4;
        assert!(plain(&run).contains("a.go:1:5"));
    }
}
