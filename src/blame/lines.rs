//! Lines of a text that was read, and where they stand in the commit below it.

use std::{
    collections::BTreeSet,
    ops::{Range, RangeInclusive},
};

use similar::{Algorithm, DiffTag};

use super::{Blame, BlamedLines};
use crate::select::changes::lines;

/// A file with findings: its lines, and those of the commit that they are.
#[derive(Debug)]
pub(super) struct Committed {
    /// Where each line of the text begins.
    starts: Vec<usize>,
    /// Runs of lines that are the same in both, 0-based and ascending: where each begins in the text and in the commit,
    /// and its length.
    same: Vec<(usize, usize, usize)>,
    /// Lines of the commit to ask about, 1-based.
    asked: BTreeSet<usize>,
}

impl Committed {
    /// Compares the text with the commit's; line ends do not count, as the work tree may have others than the repository.
    pub(super) fn new(text: &str, committed: Option<&[u8]>) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        Self {
            starts,
            same: committed.map_or_else(Vec::new, |old| same(old, text.as_bytes())),
            asked: BTreeSet::new(),
        }
    }

    /// Lines of these bytes will be asked about.
    pub(super) fn add(&mut self, range: &Range<usize>) {
        let asked: Vec<usize> = self
            .lines(range)
            .filter_map(|line| self.in_commit(line))
            .collect();
        self.asked.extend(asked);
    }

    /// The lines of the commit to ask about, as disjoint ascending ranges.
    pub(super) fn wanted(&self) -> Vec<RangeInclusive<usize>> {
        let mut ranges: Vec<RangeInclusive<usize>> = Vec::new();
        for &line in &self.asked {
            match ranges.last_mut() {
                Some(last) if *last.end() + 1 == line => *last = *last.start()..=line,
                _ => ranges.push(line..=line),
            }
        }
        ranges
    }

    /// Who last changed the lines of these bytes, of what git said about the file; `None` where it said nothing.
    pub(super) fn blame(&self, range: &Range<usize>, said: Option<&BlamedLines>) -> Option<Blame> {
        let lines: Option<Vec<usize>> =
            self.lines(range).map(|line| self.in_commit(line)).collect();
        let Some(lines) = lines else {
            return Some(Blame::Uncommitted);
        };
        let said = said?;
        let commits = lines.iter().filter_map(|line| {
            let (_, commit) = said.iter().find(|(range, _)| range.contains(line))?;
            Some(commit)
        });
        // Of several at one time, the first; `max_by_key` would give the last.
        let latest = commits.reduce(|latest, commit| {
            if commit.committed > latest.committed {
                commit
            } else {
                latest
            }
        })?;
        Some(Blame::Commit(latest.clone()))
    }

    /// The 0-based lines that hold these bytes. A range that ends with a line end does not reach into the next line.
    fn lines(&self, range: &Range<usize>) -> RangeInclusive<usize> {
        let line = |byte: usize| self.starts.partition_point(|&start| start <= byte) - 1;
        let last = range.end.max(range.start + 1) - 1;
        line(range.start)..=line(last)
    }

    /// The 1-based line of the commit that a 0-based line of the text is.
    fn in_commit(&self, line: usize) -> Option<usize> {
        let (new, old, length) = *self.same.iter().rev().find(|(new, ..)| *new <= line)?;
        (line - new < length).then(|| old + (line - new) + 1)
    }
}

fn same(old: &[u8], new: &[u8]) -> Vec<(usize, usize, usize)> {
    let (old, new) = (lines(old), lines(new));
    if old == new {
        return vec![(0, 0, new.len())];
    }
    similar::capture_diff_slices(Algorithm::Histogram, &old, &new)
        .into_iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .map(|op| {
            let (old, new) = (op.old_range(), op.new_range());
            (new.start, old.start, new.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::blame::LastCommit;

    fn commit(id: &str, committed: i64) -> Arc<LastCommit> {
        Arc::new(LastCommit {
            author: "A".to_owned(),
            email: "a@example.org".to_owned(),
            id: id.to_owned(),
            date: String::new(),
            committed,
            is_boundary: false,
        })
    }

    fn id(blame: Option<Blame>) -> String {
        match blame {
            Some(Blame::Commit(commit)) => commit.id.clone(),
            Some(Blame::Uncommitted) => "uncommitted".to_owned(),
            None => "unknown".to_owned(),
        }
    }

    #[test]
    fn lines_move_with_what_was_inserted_and_changed_above_them() {
        let mut place = Committed::new("new\na\nB\nc\r\nd\n", Some(b"a\nb\nc\nd\n"));
        place.add(&(4..5));
        place.add(&(8..13));
        place.add(&(6..7));
        assert_eq!(place.wanted(), [1..=1, 3..=4]);
        let said = vec![(1..=1, commit("one", 1)), (3..=4, commit("two", 2))];
        assert_eq!(id(place.blame(&(4..5), Some(&said))), "one");
        assert_eq!(id(place.blame(&(8..13), Some(&said))), "two");
        assert_eq!(id(place.blame(&(6..7), Some(&said))), "uncommitted");
        assert_eq!(id(place.blame(&(4..13), Some(&said))), "uncommitted");
        assert_eq!(id(place.blame(&(4..5), None)), "unknown");
    }

    #[test]
    fn of_several_lines_the_most_recent_commit_counts_and_of_equals_the_first() {
        let place = Committed::new("a\nb\nc\n", Some(b"a\nb\nc\n"));
        let said = vec![
            (1..=1, commit("old", 1)),
            (2..=2, commit("new", 3)),
            (3..=3, commit("too", 3)),
        ];
        assert_eq!(id(place.blame(&(0..6), Some(&said))), "new");
        // The range ends with the first line's end.
        assert_eq!(id(place.blame(&(0..2), Some(&said))), "old");
        // An empty range stands before a character.
        assert_eq!(id(place.blame(&(2..2), Some(&said))), "new");
    }

    #[test]
    fn a_file_that_is_in_no_commit_is_uncommitted() {
        let mut place = Committed::new("a\n", None);
        place.add(&(0..1));
        assert_eq!(place.wanted(), []);
        assert_eq!(id(place.blame(&(0..1), None)), "uncommitted");
    }
}
