//! A finding's edits as a small diff with line numbers, the way a person reads a change.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::{
    escape,
    place::Lines,
    style::{BAD, FRAME, GOOD, paint},
};
use crate::finding::TextEdit;

/// Unchanged lines shown on either side of a change.
const CONTEXT: usize = 1;

/// `text` with `edits` (sorted, disjoint) made in it; `None` where an edit does not fit the text.
pub fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        result.push_str(text.get(done..edit.start)?);
        text.get(edit.start..edit.end)?;
        result.push_str(&edit.text);
        done = edit.end;
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

/// The lines that `edits` change, numbered as `width` columns allow; `None` where nothing changes or nothing fits.
pub fn show(lines: &Lines<'_>, text: &str, edits: &[TextEdit], width: usize) -> Option<String> {
    let after = apply(text, edits)?;
    let first = lines
        .place(edits.first()?.start)
        .line
        .saturating_sub(CONTEXT)
        .max(1);
    let last = lines.place(edits.last()?.end).line + CONTEXT;
    let (from, to) = (lines.start_of(first), lines.start_of(last + 1));
    // Only the lines around the edits are compared: a diff of the whole file could align them elsewhere.
    let behind = text.len() - to;
    let (old, new) = (&text[from..to], &after[from..after.len() - behind]);
    if old == new {
        return None;
    }
    Some(hunks(&TextDiff::from_lines(old, new), first, width))
}

fn hunks(diff: &TextDiff<'_, '_, str>, first: usize, width: usize) -> String {
    let mut shown = String::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            writeln!(shown, "{}", paint(FRAME, "...")).expect("writing to a string cannot fail");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, style, line) = match change.tag() {
                ChangeTag::Delete => ("-", BAD, change.old_index()),
                ChangeTag::Insert => ("+", GOOD, None),
                ChangeTag::Equal => ("|", FRAME, change.old_index()),
            };
            let number = line.map_or_else(String::new, |line| (line + first).to_string());
            let code =
                escape::block(change.value().trim_end_matches(['\n', '\r'])).replace('\t', "    ");
            let code = if change.tag() == ChangeTag::Equal {
                code
            } else {
                paint(style, &code)
            };
            let gutter = paint(FRAME, &format!("{number:>width$}"));
            let row = format!("{gutter} {} {code}", paint(style, sign));
            writeln!(shown, "{}", row.trim_end()).expect("writing to a string cannot fail");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit {
            start,
            end,
            text: text.to_owned(),
        }
    }

    fn plain(text: &str, edits: &[TextEdit]) -> Option<String> {
        show(&Lines::new(text), text, edits, 2)
            .map(|shown| anstream::adapter::strip_str(&shown).to_string())
    }

    #[test]
    fn shows_the_changed_lines_between_their_neighbours() {
        let text = "one\n\ttwo\nthree\nfour\n";
        assert_eq!(
            plain(text, &[edit(5, 8, "TWO"), edit(9, 9, "\tand\n")]).as_deref(),
            Some(" 1 | one\n 2 -     two\n   +     TWO\n   +     and\n 3 | three\n")
        );
    }

    #[test]
    fn an_edit_at_the_end_of_the_file_fits() {
        assert_eq!(
            plain("one", &[edit(3, 3, "\ntwo\n")]).as_deref(),
            Some(" 1 - one\n   + one\n   + two\n")
        );
    }

    #[test]
    fn edits_that_do_not_fit_show_nothing() {
        assert_eq!(plain("ß", &[edit(1, 2, "x")]), None);
        assert_eq!(plain("abc", &[edit(2, 9, "x")]), None);
        assert_eq!(plain("abc", &[]), None);
        assert_eq!(plain("abc", &[edit(0, 1, "a")]), None);
    }
}
