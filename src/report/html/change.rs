//! What a finding's edits do to the lines of its file: the hunks that the page shows side by side.

use similar::{ChangeTag, DiffOp, TextDiff};

use serde::Serialize;

use super::excerpt::CONTEXT;
use crate::{
    finding::TextEdit,
    report::{place::Lines, proposal},
};

/// Lines that are replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hunk {
    /// The first line replaced, from 1; where none is, the line that the new ones stand before.
    pub at: usize,
    /// How many lines are replaced.
    pub old: usize,
    /// What stands there afterwards, without line ends.
    pub new: Vec<String>,
}

impl Hunk {
    /// The first line behind those replaced.
    pub fn end(&self) -> usize {
        self.at + self.old
    }
}

/// The hunks of `edits` (sorted, disjoint) in `text`, in order; `None` where an edit does not fit the text.
///
/// Only the lines near an edit are compared, so that a small change in a long file costs little and is aligned
/// where it was made.
pub fn of_edits(lines: &Lines<'_>, text: &str, edits: &[TextEdit]) -> Option<Vec<Hunk>> {
    let mut blocks: Vec<(usize, usize, Vec<TextEdit>)> = Vec::new();
    for edit in edits {
        let (first, last) = (lines.place(edit.start).line, lines.place(edit.end).line);
        match blocks.last_mut() {
            // What is shown together is compared together: an edit may write again what its neighbour removes.
            Some((_, end, edits)) if first <= *end + 2 * CONTEXT => {
                *end = last.max(*end);
                edits.push(edit.clone());
            }
            _ => blocks.push((first, last, vec![edit.clone()])),
        }
    }
    let mut hunks = Vec::new();
    for (first, last, mut edits) in blocks {
        let from = lines.start_of(first);
        for edit in &mut edits {
            edit.start -= from;
            edit.end = edit.end.checked_sub(from)?;
        }
        let before = text.get(from..lines.start_of(last + 1))?;
        let after = proposal::apply(before, &edits)?;
        hunks.extend(compare(before, &after, first));
    }
    Some(hunks)
}

/// The hunks that lead from one text to another.
pub fn of_texts(before: &str, after: &str) -> Vec<Hunk> {
    compare(before, after, 1)
}

fn compare(before: &str, after: &str, first: usize) -> Vec<Hunk> {
    let diff = TextDiff::from_lines(before, after);
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in diff.ops() {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let added = diff
            .iter_changes(op)
            .filter(|change| change.tag() == ChangeTag::Insert)
            .map(|change| change.value().trim_end_matches(['\n', '\r']).to_owned());
        let (at, old) = (first + op.old_range().start, op.old_range().len());
        match hunks.last_mut() {
            Some(hunk) if hunk.end() == at => {
                hunk.old += old;
                hunk.new.extend(added);
            }
            _ => hunks.push(Hunk {
                at,
                old,
                new: added.collect(),
            }),
        }
    }
    hunks
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

    fn hunk(at: usize, old: usize, new: &[&str]) -> Hunk {
        let new = new.iter().map(|&line| line.to_owned()).collect();
        Hunk { at, old, new }
    }

    fn hunks(text: &str, edits: &[TextEdit]) -> Option<Vec<Hunk>> {
        of_edits(&Lines::new(text), text, edits)
    }

    #[test]
    fn edits_of_one_line_are_one_hunk_and_those_far_apart_are_two() {
        let text = "one two\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            hunks(
                text,
                &[edit(0, 3, "ONE"), edit(4, 7, "TWO"), edit(20, 20, "and\n")]
            ),
            Some(vec![hunk(1, 1, &["ONE TWO"]), hunk(8, 0, &["and"])])
        );
    }

    #[test]
    fn lines_that_stay_within_an_edit_are_no_part_of_a_hunk() {
        let text = "a\nb\nc\nd\n";
        assert_eq!(
            hunks(text, &[edit(0, 8, "A\nb\nc\nD\n")]),
            Some(vec![hunk(1, 1, &["A"]), hunk(4, 1, &["D"])])
        );
        assert_eq!(hunks(text, &[edit(2, 4, "")]), Some(vec![hunk(2, 1, &[])]));
    }

    #[test]
    fn what_one_edit_removes_and_the_next_writes_again_stays() {
        let text = "add(1)\ngo func() {\n\twork()\n}()\n";
        let edits = [
            edit(0, 6, "run(func() {\n\twork()\n})"),
            edit(7, text.len(), ""),
        ];
        assert_eq!(
            hunks(text, &edits),
            Some(vec![hunk(1, 2, &["run(func() {"]), hunk(4, 1, &["})"])])
        );
    }

    #[test]
    fn an_edit_at_the_end_of_the_file_fits() {
        assert_eq!(
            hunks("one\r\ntwo", &[edit(8, 8, "\r\nthree")]),
            Some(vec![hunk(2, 1, &["two", "three"])])
        );
    }

    #[test]
    fn edits_that_do_not_fit_have_no_hunks() {
        assert_eq!(hunks("ß", &[edit(1, 2, "x")]), None);
        assert_eq!(hunks("abc", &[edit(2, 9, "x")]), None);
        assert_eq!(hunks("abc", &[edit(2, 1, "x")]), None);
        assert_eq!(hunks("abc", &[]), Some(Vec::new()));
    }
}
