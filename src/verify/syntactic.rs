//! The checks that need only the text: the result reparses, and every captured node is still one node of its kind.

use std::ops::Range;

use tree_sitter::Node;

use crate::{
    finding::TextEdit,
    go::{kinds::same_family, syntax::Parsed},
    rewrite::compose::{Expectation, Placement},
};

/// Why a rewritten text is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has more syntax errors than before; the first new one is on this line (1-based) of the new text.
    DoesNotParse {
        /// 1-based line of the new text.
        line: usize,
    },
    /// An import that the edits need would land in bytes that another edit replaces.
    ImportsClash,
    /// Captured nodes are not whole any more.
    NotIntact(Vec<Broken>),
}

/// A captured node that is not whole any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The group of edits it belongs to, as the caller numbers them.
    pub group: usize,
    /// What it should be.
    pub expectation: Expectation,
    /// What stands there, shortened.
    pub text: String,
}

impl Broken {
    /// One line for reports.
    pub fn reason(&self) -> String {
        format!(
            "`@{}`, now `{}`, would no longer be one {} there",
            self.expectation.capture,
            self.text,
            self.expectation.kind.replace('_', " ")
        )
    }
}

impl Refusal {
    /// One line for reports.
    pub fn reason(&self) -> String {
        match self {
            Self::DoesNotParse { line } => format!("the result does not parse (line {line} of it)"),
            Self::ImportsClash => {
                "an import that it needs would land in code that another edit replaces".to_owned()
            }
            Self::NotIntact(broken) => broken.first().map_or_else(String::new, Broken::reason),
        }
    }
}

/// Compares `after` with the number of syntax errors the file began with, then looks up every placement. `edits` are
/// those that made `after`; the placements, each with the number of its group, count in `edits`.
pub fn check(
    baseline_errors: usize,
    after: &Parsed,
    edits: &[TextEdit],
    placements: &[(usize, Placement)],
) -> Result<(), Refusal> {
    let errors = after.errors();
    if errors.len() > baseline_errors {
        let at = errors.first().map_or(0, |range| range.start);
        return Err(Refusal::DoesNotParse {
            line: after.text()[..at].matches('\n').count() + 1,
        });
    }
    let landing = Landing::of(edits);
    let broken: Vec<Broken> = placements
        .iter()
        .filter_map(|(group, placement)| {
            let range = landing.range(edits, placement);
            let is_edited = placement.edit.is_none() && touches(edits, &placement.range);
            (!stands_at(
                after.root(),
                after.text(),
                range.clone(),
                &placement.expectation,
                is_edited,
            ))
            .then(|| Broken {
                group: *group,
                expectation: placement.expectation.clone(),
                text: crate::rewrite::render::excerpt(after.text().get(range).unwrap_or("")),
            })
        })
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotIntact(broken))
    }
}

/// Where positions land after sorted, disjoint edits; looked up by halving.
struct Landing {
    /// For each edit, how far text behind it has moved.
    moved: Vec<isize>,
}

impl Landing {
    fn of(edits: &[TextEdit]) -> Self {
        let mut total = 0isize;
        let moved = edits.iter().map(|edit| {
            total += edit.text.len().cast_signed() - (edit.end - edit.start).cast_signed();
            total
        });
        Self {
            moved: moved.collect(),
        }
    }

    /// The bytes of the new text where a placement must be found.
    fn range(&self, edits: &[TextEdit], placement: &Placement) -> Range<usize> {
        let Range { start, end } = placement.range;
        if let Some(index) = placement.edit {
            let base = self.behind(edits[index].start, index);
            return base + start..base + end;
        }
        let before_start = edits.partition_point(|e| e.end <= start);
        let before_end = edits.partition_point(|e| e.start < end);
        self.behind(start, before_start)..self.behind(end, before_end)
    }

    /// Byte `at` of the old text, moved by the first `edits` edits.
    fn behind(&self, at: usize, edits: usize) -> usize {
        let moved = edits.checked_sub(1).map_or(0, |last| self.moved[last]);
        at.saturating_add_signed(moved)
    }
}

/// Whether an edit lies in these bytes of the old text.
fn touches(edits: &[TextEdit], range: &Range<usize>) -> bool {
    let first = edits.partition_point(|e| e.start < range.start);
    edits.get(first).is_some_and(|e| e.end <= range.end)
}

/// Whether one node covers exactly `range` and is of the expected kind; where other edits happened inside, any kind.
fn stands_at(
    root: Node<'_>,
    text: &str,
    range: Range<usize>,
    expectation: &Expectation,
    is_edited: bool,
) -> bool {
    // Edits that cut through a capture can leave no range at all.
    let Some(wanted) = trimmed(text, range) else {
        return false;
    };
    let mut node = root.descendant_for_byte_range(wanted.start, wanted.end);
    // The text between the quotes may become part of a longer text between quotes.
    let is_content = expectation.kind.ends_with("_literal_content");
    if is_content && node.is_some_and(|n| n.kind() == expectation.kind) {
        return true;
    }
    while let Some(n) = node.filter(|n| trimmed(text, n.byte_range()).as_ref() == Some(&wanted)) {
        if is_edited || same_family(n.kind(), &expectation.kind) {
            return true;
        }
        node = n.parent();
    }
    false
}

/// The range without the white space at its end: a statement list takes the line break behind it along or not,
/// depending on what follows.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let kept = text.get(range.clone())?;
    let end = range.start + kept.trim_end_matches([' ', '\t', '\r', '\n', ';']).len();
    Some(range.start..end)
}
