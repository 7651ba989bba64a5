//! Where a position of a rewritten text was in the text as it was read.

use std::ops::Range;

use crate::finding::TextEdit;

/// The edits of all passes so far, merged into one set over the original text.
#[derive(Debug, Clone, Default)]
pub struct Positions {
    /// Sorted, disjoint: (range in the original, range in the current text).
    changed: Vec<(Range<usize>, Range<usize>)>,
}

impl Positions {
    /// The original position of byte `at` of the current text: exact in unchanged text, the start of the original
    /// range for text that an edit wrote.
    pub fn original(&self, at: usize) -> usize {
        let index = self.changed.partition_point(|(_, now)| now.start <= at);
        match self.changed[..index].last() {
            None => at,
            Some((was, now)) if at < now.end => was.start,
            Some((was, now)) => was.end + (at - now.end),
        }
    }

    /// The original range of `range`, or `None` where it touches text that an edit wrote.
    pub fn original_range(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let touches = self
            .changed
            .iter()
            .any(|(_, now)| now.start < range.end && range.start < now.end);
        // A range right behind an insertion starts there; one right before it ends there: both are unchanged text.
        (!touches).then(|| {
            let start = self.original(range.start);
            start..start + range.len()
        })
    }

    /// Adds the edits of a further pass, positions being those of the current text.
    pub fn advance(&mut self, edits: &[TextEdit]) {
        let mut pieces: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        let mut old = self.changed.iter().cloned().peekable();
        let mut new = edits.iter().peekable();
        // Both lists are sorted by position in the current text; overlapping ones merge into one changed piece.
        let mut delta = 0isize;
        let place = |at: usize, delta: isize| {
            at.checked_add_signed(delta)
                .expect("edits shift to valid positions")
        };
        while old.peek().is_some() || new.peek().is_some() {
            let take_old = match (old.peek(), new.peek()) {
                (Some((_, now)), Some(edit)) => now.start <= edit.start,
                (Some(_), None) => true,
                _ => false,
            };
            let start = if take_old {
                old.peek().map_or(0, |(_, now)| now.start)
            } else {
                new.peek().map_or(0, |edit| edit.start)
            };
            let mut end = start;
            let before = delta;
            loop {
                let mut grown = false;
                while let Some((_, now)) = old.next_if(|(_, now)| now.start <= end) {
                    end = end.max(now.end);
                    grown = true;
                }
                while let Some(edit) = new.next_if(|edit| edit.start <= end) {
                    end = end.max(edit.end);
                    delta += signed(edit.text.len()) - signed(edit.end - edit.start);
                    grown = true;
                }
                if !grown {
                    break;
                }
            }
            let was = self.original_start(start)..self.original_end(end);
            pieces.push((was, place(start, before)..place(end, delta)));
        }
        self.changed = pieces;
    }

    fn original_start(&self, at: usize) -> usize {
        let index = self
            .changed
            .partition_point(|(_, now)| now.end < at || (now.end == at && now.start < at));
        match self.changed.get(index) {
            Some((was, now)) if now.start <= at => was.start,
            _ => self.after_piece(index, at),
        }
    }

    fn original_end(&self, at: usize) -> usize {
        let index = self.changed.partition_point(|(_, now)| now.start <= at);
        match self.changed[..index].last() {
            Some((was, now)) if at <= now.end => was.end,
            _ => self.after_piece(index, at),
        }
    }

    fn after_piece(&self, index: usize, at: usize) -> usize {
        match self.changed[..index].last() {
            None => at,
            Some((was, now)) => was.end + (at - now.end),
        }
    }
}

fn signed(length: usize) -> isize {
    isize::try_from(length).expect("texts are shorter than isize::MAX")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::compose::apply;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit {
            start,
            end,
            text: text.into(),
        }
    }

    #[test]
    fn unchanged_bytes_map_back_to_themselves_through_several_passes() {
        let original = "abcdefghijklmnopqrstuvwxyz";
        let passes = [
            vec![edit(2, 4, "XX12"), edit(10, 10, "INS"), edit(20, 25, "")],
            vec![edit(0, 1, "0000"), edit(5, 7, "_"), edit(13, 15, "!!")],
            vec![edit(3, 3, "9"), edit(12, 14, "QQ")],
        ];
        let mut positions = Positions::default();
        let mut text = original.to_owned();
        for edits in &passes {
            text = apply(&text, edits);
            positions.advance(edits);
            for (at, byte) in text.bytes().enumerate() {
                if let Some(range) = positions.original_range(&(at..at + 1)) {
                    assert_eq!(
                        original.as_bytes()[range.start],
                        byte,
                        "byte {at} of {text}"
                    );
                }
            }
        }
        let kept = (0..text.len())
            .filter(|&at| positions.original_range(&(at..at + 1)).is_some())
            .count();
        assert!(
            kept >= 12,
            "most of {text} is unchanged, yet only {kept} bytes map back"
        );
    }

    #[test]
    fn written_text_maps_to_the_start_of_what_it_replaced() {
        let mut positions = Positions::default();
        positions.advance(&[edit(4, 6, "longer")]);
        assert_eq!(positions.original(3), 3);
        assert_eq!(positions.original(7), 4);
        assert_eq!(positions.original(10), 6);
        assert_eq!(positions.original_range(&(3..5)), None);
    }
}
