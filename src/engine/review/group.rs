//! Which findings share one hunk: those whose edits touch the same lines, or lines with none between them, as a patch has
//! no line to split at there.

use std::ops::Range;

use crate::{finding::TextEdit, rewrite::passes::KeyedFinding};

/// The findings (in document order) by hunk, as indices, in the order of the first of each.
pub fn by_hunk(text: &str, findings: &[&KeyedFinding]) -> Vec<Vec<usize>> {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
        .collect();
    let spans: Vec<Vec<Range<usize>>> = findings.iter().map(|f| lines(text, &starts, f)).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in 0..findings.len() {
        let (mut near, far): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
            let mut members = group.iter();
            members.any(|&other| touch(&spans[other], &spans[index]))
        });
        near.push(vec![index]);
        let mut joined: Vec<usize> = near.concat();
        joined.sort_unstable();
        groups = far;
        groups.push(joined);
    }
    groups.sort();
    groups
}

/// The lines that a finding's edits replace, 0-based; empty for whole lines that are inserted.
fn lines(text: &str, starts: &[usize], keyed: &KeyedFinding) -> Vec<Range<usize>> {
    let line = |at: usize| starts.partition_point(|&start| start <= at) - 1;
    let is_start = |at: usize| starts.binary_search(&at).is_ok();
    let finding = &keyed.finding;
    if finding.edits.is_empty() {
        let at = line(finding.range.start);
        return std::iter::once(at..at + 1).collect();
    }
    let span = |edit: &TextEdit| {
        let (first, last) = (line(edit.start), line(edit.end));
        let ends_line = edit.text.is_empty() || edit.text.ends_with('\n');
        let opens_line = edit.start == edit.end && edit.text.starts_with('\n');
        if is_start(edit.start) && is_start(edit.end) && ends_line {
            first..last
        } else if opens_line && text[edit.start..].starts_with(['\r', '\n']) {
            first + 1..first + 1
        } else {
            first..last + 1
        }
    };
    finding.edits.iter().map(span).collect()
}

fn touch(a: &[Range<usize>], b: &[Range<usize>]) -> bool {
    a.iter()
        .any(|x| b.iter().any(|y| x.start <= y.end && y.start <= x.end))
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::*;
    use crate::{
        finding::{Applicability, Finding, Status},
        rewrite::passes::{Key, RuleRef},
    };

    const TEXT: &str = "0\n1\n2\n3\n4\n5\n6\n7\n";

    /// A finding with these edits: replaced bytes and new text.
    fn finding(edits: &[(usize, usize, &str)]) -> KeyedFinding {
        let edit = |&(start, end, text): &(usize, usize, &str)| TextEdit {
            start,
            end,
            text: text.to_owned(),
        };
        let start = edits.first().map_or(0, |edit| edit.0);
        KeyedFinding {
            key: Key {
                rule: RuleRef {
                    codemod: 0,
                    rule: 0,
                },
                start,
                end: start,
            },
            finding: Finding {
                codemod: "a/b".into(),
                rule: "r".into(),
                path: Arc::from(Path::new("a.go")),
                range: start..start,
                message: String::new(),
                applicability: Applicability::Safe,
                status: Status::Applied,
                reason: None,
                edits: edits.iter().map(edit).collect(),
                blame: None,
            },
        }
    }

    fn groups(findings: &[&[(usize, usize, &str)]]) -> Vec<Vec<usize>> {
        let findings: Vec<KeyedFinding> = findings.iter().map(|edits| finding(edits)).collect();
        by_hunk(TEXT, &findings.iter().collect::<Vec<_>>())
    }

    #[test]
    fn lines_beside_each_other_are_one_hunk_and_a_line_between_parts_them() {
        assert_eq!(groups(&[&[(0, 1, "x")], &[(2, 3, "x")]]), [vec![0, 1]]);
        assert_eq!(groups(&[&[(0, 1, "x")], &[(4, 5, "x")]]), [[0], [1]]);
        assert_eq!(groups(&[&[(0, 1, "x")], &[(0, 1, "y")]]), [vec![0, 1]]);
    }

    #[test]
    fn inserted_lines_touch_what_they_stand_between() {
        let before_line_2: &[_] = &[(4, 4, "new\n")];
        let behind_line_1: &[_] = &[(3, 3, "\nnew")];
        for inserted in [before_line_2, behind_line_1] {
            assert_eq!(groups(&[&[(2, 3, "x")], inserted]), [vec![0, 1]]);
            assert_eq!(groups(&[inserted, &[(4, 5, "x")]]), [vec![0, 1]]);
            assert_eq!(groups(&[&[(0, 1, "x")], inserted]), [[0], [1]]);
            assert_eq!(groups(&[inserted, &[(6, 7, "x")]]), [[0], [1]]);
        }
    }

    #[test]
    fn one_finding_in_two_places_joins_those_around_it() {
        let two_places: &[_] = &[(0, 1, "x"), (8, 9, "x")];
        let groups = groups(&[two_places, &[(4, 5, "x")], &[(10, 11, "x")]]);
        assert_eq!(groups, [vec![0, 2], vec![1]]);
    }
}
