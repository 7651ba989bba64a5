//! What a question looks like: each finding with its message, place, class and reason, then the change.

use std::fmt::Write as _;

use crate::{
    deliver::diff::{self, Hunk, Side},
    engine::review::choice::Question,
    finding::Finding,
    report::{
        about::About,
        escape, markdown,
        place::{Frame, Lines},
        style::{BAD, BOLD, FAINT, FRAME, GOOD, NAME, WARNING, paint},
    },
};

/// Where a question stands among the others, by its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The number of its first finding, 1-based.
    pub first: usize,
    /// How many findings there are, as far as is known.
    pub all: usize,
}

/// The question, from its findings to its change.
pub fn question(
    question: &Question,
    original: &str,
    count: Count,
    frame: &Frame,
    codemods: &[About],
) -> String {
    let mut shown = String::from("\n");
    let lines = Lines::new(original);
    for (index, finding) in question.findings.iter().enumerate() {
        let number = count.first + index;
        let at = lines.place(finding.range.start);
        let place = format!(
            "{}:{}:{} ({number} of {})",
            frame.show(&finding.path),
            at.line,
            at.column,
            count.all.max(number)
        );
        about(&mut shown, finding, &place, codemods);
    }
    if question.is_whole {
        push(&mut shown, &paint(FAINT, "only possible together:"));
    }
    shown.push_str(&change(&question.before, &question.after));
    shown
}

fn about(shown: &mut String, finding: &Finding, place: &str, codemods: &[About]) {
    let head = paint(WARNING, &format!("warning[{}]", finding.codemod));
    let message = paint(BOLD, &format!(": {}", escape::line(&finding.message)));
    push(shown, &format!("{head}{message}"));
    push(shown, &format!("  {} {place}", paint(FRAME, "-->")));
    let class = finding.applicability.as_str();
    let summary = of(codemods, finding).map_or("", |about| &about.summary);
    push(
        shown,
        &format!("  {} {class}: {}", paint(FRAME, "="), escape::line(summary)),
    );
}

/// The codemod of a finding.
fn of<'a>(codemods: &'a [About], finding: &Finding) -> Option<&'a About> {
    codemods.iter().find(|about| about.id == finding.codemod)
}

/// All that the codemods of a question say of themselves.
pub fn description(question: &Question, codemods: &[About]) -> String {
    let mut shown = String::new();
    let mut told: Vec<&str> = Vec::new();
    for about in question.findings.iter().filter_map(|f| of(codemods, f)) {
        if told.contains(&&*about.id) {
            continue;
        }
        told.push(&about.id);
        let summary = paint(BOLD, &escape::line(&about.summary));
        push(
            &mut shown,
            &format!("{}  {summary}\n", paint(NAME, &about.id)),
        );
        shown.push_str(&markdown::page(&escape::block(&about.description)));
        for reference in &about.references {
            push(&mut shown, &format!("see {}", escape::line(reference)));
        }
    }
    shown
}

/// The lines that differ, in colours and with three lines of context.
pub fn change(before: &str, after: &str) -> String {
    let hunks = diff::hunks(before, after);
    // A carriage return is worth showing where it is not at the end of every line.
    let is_dos = [before, after].iter().all(|text| {
        let mut lines = text.split_inclusive('\n');
        lines.all(|line| line.ends_with("\r\n") || !line.ends_with('\n'))
    });
    hunks.iter().map(|hunk| show_hunk(hunk, is_dos)).collect()
}

fn show_hunk(hunk: &Hunk<'_>, is_dos: bool) -> String {
    let mut shown = String::new();
    push(&mut shown, &paint(FRAME, &hunk.header()));
    for line in &hunk.lines {
        let text = line.text.strip_suffix('\n');
        let has_end = text.is_some();
        let text = text.unwrap_or(line.text);
        let text = text.strip_suffix('\r').filter(|_| is_dos).unwrap_or(text);
        let text = escape::block(text).replace('\r', "\\r");
        let text = format!("{}{text}", line.side.sign());
        let row = match line.side {
            Side::Context => text,
            Side::Removed => paint(BAD, &text),
            Side::Added => paint(GOOD, &text),
        };
        push(&mut shown, &row);
        if !has_end {
            push(&mut shown, "\\ No newline at end of file");
        }
    }
    shown
}

fn push(shown: &mut String, line: &str) {
    writeln!(shown, "{line}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(before: &str, after: &str) -> String {
        anstream::adapter::strip_str(&change(before, after)).to_string()
    }

    #[test]
    fn a_change_is_shown_as_a_patch_has_it() {
        assert_eq!(
            plain("a\nb\n\tc\n", "a\n\tx\n\tc"),
            "@@ -1,3 +1,3 @@\n a\n-b\n-\tc\n+\tx\n+\tc\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn what_moves_the_cursor_is_spelled_out() {
        assert_eq!(
            plain("a\u{1b}[2J\rb\n", "a\n"),
            "@@ -1 +1 @@\n-a\\u{1b}[2J\\rb\n+a\n"
        );
        assert_eq!(plain("a\r\n", "b\r\n"), "@@ -1 +1 @@\n-a\n+b\n");
        assert_eq!(
            plain("a\r\nb\n", "b\r\nb\n"),
            "@@ -1,2 +1,2 @@\n-a\\r\n+b\\r\n b\n"
        );
    }
}
