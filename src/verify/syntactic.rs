//! The checks that need only the text: the result reparses, and every captured node is still one node of its kind.

use tree_sitter::Node;

use crate::{
    finding::TextEdit,
    go::{kinds::same_family, syntax::Parsed},
    rewrite::compose::{Expectation, Placement, shift},
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
    /// A captured node is not whole any more.
    NotIntact {
        /// The capture.
        expectation: Expectation,
        /// What stands there, shortened.
        text: String,
    },
}

impl Refusal {
    /// One line for reports.
    pub fn reason(&self) -> String {
        match self {
            Self::DoesNotParse { line } => format!("the result does not parse (line {line} of it)"),
            Self::ImportsClash => {
                "an import that it needs would land in code that another edit replaces".to_owned()
            }
            Self::NotIntact { expectation, text } => format!(
                "`@{}`, now `{text}`, would no longer be one {} there",
                expectation.capture,
                expectation.kind.replace('_', " ")
            ),
        }
    }
}

/// Compares `after` with the number of syntax errors the file began with, then looks up every placement. `edits` are
/// those that made `after`; the placements' edit indices count in `edits`.
pub fn check(
    baseline_errors: usize,
    after: &Parsed,
    edits: &[TextEdit],
    placements: &[Placement],
) -> Result<(), Refusal> {
    let errors = after.errors();
    if errors.len() > baseline_errors {
        let at = errors.first().map_or(0, |range| range.start);
        return Err(Refusal::DoesNotParse {
            line: after.text()[..at].matches('\n').count() + 1,
        });
    }
    for placement in placements {
        let range = match placement.edit {
            None => {
                shift(edits, placement.range.start, false)..shift(edits, placement.range.end, true)
            }
            Some(index) => {
                let start = new_start(edits, index);
                start + placement.range.start..start + placement.range.end
            }
        };
        let is_edited = placement.edit.is_none()
            && edits
                .iter()
                .any(|e| placement.range.start <= e.start && e.end <= placement.range.end);
        if !stands_at(
            after.root(),
            range.clone(),
            &placement.expectation,
            is_edited,
        ) {
            return Err(Refusal::NotIntact {
                expectation: placement.expectation.clone(),
                text: crate::rewrite::render::excerpt(after.text().get(range).unwrap_or("")),
            });
        }
    }
    Ok(())
}

/// Where the text of edit `index` begins in the new text.
fn new_start(edits: &[TextEdit], index: usize) -> usize {
    let mut start = edits[index].start;
    for edit in &edits[..index] {
        start = start + edit.text.len() - (edit.end - edit.start);
    }
    start
}

/// Whether one node covers exactly `range` and is of the expected kind; where other edits happened inside, any kind.
fn stands_at(
    root: Node<'_>,
    range: std::ops::Range<usize>,
    expectation: &Expectation,
    is_edited: bool,
) -> bool {
    let mut node = root.descendant_for_byte_range(range.start, range.end);
    while let Some(n) = node.filter(|n| n.byte_range() == range) {
        if is_edited || same_family(n.kind(), &expectation.kind) {
            return true;
        }
        node = n.parent();
    }
    false
}
