//! The edits that lead from one text to another, where nobody wrote them down: a person's in an editor, gofmt's.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::finding::TextEdit;

/// Sorted, disjoint edits that make `after` of `before`: one for each run of changed lines, without what such a run has in
/// common at its ends.
pub fn between(before: &str, after: &str) -> Vec<TextEdit> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let (mut at, mut edits) = (0, Vec::new());
    for op in capture_diff_slices(Algorithm::Histogram, &old, &new) {
        let (from, to) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        if op.tag() != DiffTag::Equal {
            edits.push(trimmed(at, &from, &to));
        }
        at += from.len();
    }
    edits
}

/// The edit at byte `at` that makes `to` of `from`.
fn trimmed(at: usize, from: &str, to: &str) -> TextEdit {
    let alike = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
        a.take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum()
    };
    let head = alike(&mut from.chars().zip(to.chars()));
    let (from, to) = (&from[head..], &to[head..]);
    let tail = alike(&mut from.chars().rev().zip(to.chars().rev()));
    TextEdit {
        start: at + head,
        end: at + head + from.len() - tail,
        text: to[..to.len() - tail].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::compose::apply;

    #[test]
    fn the_edits_make_the_one_text_of_the_other() {
        let texts = [
            "",
            "a\n",
            "a\nb\nc\n",
            "a\nbé\nc\n",
            "a\nbè\nc\nd",
            "x\nb\n\nc\n",
            "aa\nb\nb\nc\n",
        ];
        for before in texts {
            for after in texts {
                let edits = between(before, after);
                assert_eq!(apply(before, &edits), after, "from {before:?}");
                assert_eq!(edits.is_empty(), before == after);
            }
        }
    }

    #[test]
    fn only_what_differs_is_replaced() {
        assert_eq!(
            between("a\nf(xé, y)\nb\n", "a\nf(xè, y)\nb\n"),
            [TextEdit {
                start: 5,
                end: 7,
                text: "è".to_owned()
            }]
        );
    }
}
