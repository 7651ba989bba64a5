//! Edits whose text may take over pieces of the old text, and their application.
//!
//! An [`Op`] replaces a range by literal text and by *kept* ranges of the old text. Where an op keeps its ranges in source
//! order it is split into ops over the gaps between them, so what is kept is never rewritten and other edits may
//! still happen inside it. Where it does not (a move, a capture used twice), edits inside a kept range are
//! applied while it is copied.

use std::ops::Range;

use crate::finding::TextEdit;

/// What must stand where a kept range lands, for [`crate::verify`] to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Capture name, for messages.
    pub capture: String,
    /// Node kind of the grammar.
    pub kind: String,
    /// Whether it is an expression, which parentheses would keep whole.
    pub is_expression: bool,
}

/// A piece of an op's new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// New text.
    Text(String),
    /// Old text: a byte range of the text before, and the nodes that must still be whole where it lands.
    Kept {
        /// Bytes of the text before.
        range: Range<usize>,
        /// The nodes in it that were captured: their ranges in the text before.
        nodes: Vec<(Range<usize>, Expectation)>,
    },
}

/// Replaces the bytes of `range` by `pieces`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Bytes of the text before; empty for an insertion.
    pub range: Range<usize>,
    /// The new text, in order.
    pub pieces: Vec<Piece>,
}

impl Op {
    /// An op that writes literal text only.
    pub fn text(range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            range,
            pieces: vec![Piece::Text(text.into())],
        }
    }
}

/// Where a captured node must be found in the text before (`kept in place`) or inside an edit's new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Its bytes: of the text before where it was kept in place, of the edit's text otherwise.
    pub range: Range<usize>,
    /// The edit whose text holds it; `None` where it was kept in place.
    pub edit: Option<usize>,
    /// What it must be.
    pub expectation: Expectation,
}

/// The ops of one match, resolved against each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    /// Sorted and disjoint.
    pub edits: Vec<TextEdit>,
    /// Where captured nodes land.
    pub placements: Vec<Placement>,
}

/// Two ops of one match want the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Bytes of the text before that both claim.
    pub range: Range<usize>,
}

/// Resolves the ops of one match: splits those that keep text in order, nests those inside copied ranges, sorts the rest.
/// Insertions at one place keep the order of `ops`.
pub fn resolve(text: &str, ops: Vec<Op>) -> Result<Resolved, Overlap> {
    let mut flat = Vec::new();
    let mut resolved = Resolved::default();
    for op in ops {
        if keeps_in_order(&op) {
            split(op, &mut flat, &mut resolved.placements);
        } else {
            flat.push(op);
        }
    }
    flat.retain(|op| !is_noop(text, op));
    flat.sort_by_key(|op| (op.range.start, op.range.end));

    let (nested, outer): (Vec<Op>, Vec<Op>) = {
        let copied: Vec<(usize, Range<usize>)> = flat
            .iter()
            .enumerate()
            .flat_map(|(by, op)| kept_ranges(op).into_iter().map(move |range| (by, range)))
            .collect();
        // An op that copies all that it replaces does not lie inside its own copy.
        let is_nested = |index: usize, op: &Op| {
            copied
                .iter()
                .any(|(by, kept)| *by != index && within(&op.range, kept))
        };
        let (nested, outer): (Vec<_>, Vec<_>) = flat
            .into_iter()
            .enumerate()
            .partition(|(index, op)| is_nested(*index, op));
        let ops = |numbered: Vec<(usize, Op)>| numbered.into_iter().map(|(_, op)| op).collect();
        (ops(nested), ops(outer))
    };
    check_disjoint(&outer)?;
    check_disjoint(&nested)?;
    for op in outer {
        let index = resolved.edits.len();
        let mut new_text = String::new();
        write_pieces(
            text,
            &op,
            &nested,
            &mut new_text,
            index,
            &mut resolved.placements,
        );
        if text[op.range.clone()] != new_text {
            resolved.edits.push(TextEdit {
                start: op.range.start,
                end: op.range.end,
                text: new_text,
            });
        }
    }
    Ok(resolved)
}

/// Applies sorted, disjoint edits to `text`.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let grown: usize = edits.iter().map(|e| e.text.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.start]);
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(&text[at..]);
    out
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn kept_ranges(op: &Op) -> Vec<Range<usize>> {
    op.pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Kept { range, .. } => Some(range.clone()),
            Piece::Text(_) => None,
        })
        .collect()
}

fn keeps_in_order(op: &Op) -> bool {
    let kept = kept_ranges(op);
    kept.iter().all(|range| within(range, &op.range))
        && kept.windows(2).all(|pair| pair[0].end <= pair[1].start)
}

/// Splits an op into ops over the gaps between what it keeps.
fn split(op: Op, flat: &mut Vec<Op>, placements: &mut Vec<Placement>) {
    let mut at = op.range.start;
    let mut text = String::new();
    for piece in op.pieces {
        match piece {
            Piece::Text(more) => text.push_str(&more),
            Piece::Kept { range, nodes } => {
                flat.push(Op::text(at..range.start, std::mem::take(&mut text)));
                at = range.end;
                placements.extend(nodes.into_iter().map(|(range, expectation)| Placement {
                    range,
                    edit: None,
                    expectation,
                }));
            }
        }
    }
    flat.push(Op::text(at..op.range.end, text));
}

fn is_noop(text: &str, op: &Op) -> bool {
    match op.pieces.as_slice() {
        [] => op.range.is_empty(),
        [Piece::Text(new)] => text[op.range.clone()] == **new,
        _ => false,
    }
}

fn check_disjoint(sorted: &[Op]) -> Result<(), Overlap> {
    for pair in sorted.windows(2) {
        let (a, b) = (&pair[0].range, &pair[1].range);
        if b.start < a.end || (a == b && !a.is_empty()) {
            return Err(Overlap {
                range: b.start..a.end.min(b.end).max(b.start),
            });
        }
    }
    Ok(())
}

/// Writes an op's new text, copying kept ranges with the nested ops inside them applied.
fn write_pieces(
    text: &str,
    op: &Op,
    nested: &[Op],
    out: &mut String,
    edit: usize,
    placements: &mut Vec<Placement>,
) {
    for piece in &op.pieces {
        match piece {
            Piece::Text(new) => out.push_str(new),
            Piece::Kept { range, nodes } => {
                let start = out.len();
                let inner: Vec<TextEdit> = nested
                    .iter()
                    .filter(|n| within(&n.range, range))
                    .map(|n| {
                        let mut new = String::new();
                        write_pieces(text, n, &[], &mut new, edit, &mut Vec::new());
                        TextEdit {
                            start: n.range.start - range.start,
                            end: n.range.end - range.start,
                            text: new,
                        }
                    })
                    .collect();
                out.push_str(&apply(&text[range.clone()], &inner));
                let moved =
                    |at: usize, is_end: bool| start + shift(&inner, at - range.start, is_end);
                placements.extend(nodes.iter().map(|(node, expectation)| Placement {
                    range: moved(node.start, false)..moved(node.end, true),
                    edit: Some(edit),
                    expectation: expectation.clone(),
                }));
            }
        }
    }
}

/// Where byte `at` of the text before lands after `edits`; at an insertion, its end (`is_end`: its start).
pub fn shift(edits: &[TextEdit], at: usize, is_end: bool) -> usize {
    let mut landed = at;
    for edit in edits {
        let is_before = if is_end {
            edit.start < at
        } else {
            edit.end <= at
        };
        if !is_before {
            break;
        }
        landed = landed + edit.text.len() - (edit.end.min(at) - edit.start);
    }
    landed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(range: Range<usize>) -> Piece {
        Piece::Kept {
            nodes: vec![(
                range.clone(),
                Expectation {
                    capture: "x".into(),
                    kind: "identifier".to_owned(),
                    is_expression: true,
                },
            )],
            range,
        }
    }

    fn rewritten(text: &str, ops: Vec<Op>) -> String {
        apply(text, &resolve(text, ops).expect("disjoint").edits)
    }

    #[test]
    fn text_kept_in_order_is_not_rewritten() {
        // f(a, b) -> g(a, b)
        let op = Op {
            range: 0..7,
            pieces: vec![
                Piece::Text("g(".into()),
                kept(2..3),
                Piece::Text(", ".into()),
                kept(5..6),
                Piece::Text(")".into()),
            ],
        };
        let resolved = resolve("f(a, b)", vec![op]).expect("disjoint");
        assert_eq!(
            resolved.edits,
            [TextEdit {
                start: 0,
                end: 2,
                text: "g(".into()
            }]
        );
        assert_eq!(resolved.placements.len(), 2);
        assert_eq!(resolved.placements[0].edit, None);
    }

    #[test]
    fn a_swap_copies_and_edits_inside_copies_happen() {
        let swap = Op {
            range: 2..6,
            pieces: vec![kept(5..6), Piece::Text(", ".into()), kept(2..3)],
        };
        let rename = Op::text(5..6, "bee");
        assert_eq!(
            rewritten("f(a, b)", vec![swap.clone(), rename]),
            "f(bee, a)"
        );
        let resolved = resolve("f(a, b)", vec![swap]).expect("disjoint");
        assert_eq!(resolved.placements[0].range, 0..1);
        assert_eq!(resolved.placements[1].range, 3..4);
    }

    #[test]
    fn ops_that_want_the_same_bytes_are_refused() {
        let ops = vec![Op::text(0..3, "x"), Op::text(2..4, "y")];
        assert_eq!(resolve("abcdef", ops), Err(Overlap { range: 2..3 }));
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let ops = vec![Op::text(1..1, "x"), Op::text(1..1, "y")];
        assert_eq!(rewritten("ab", ops), "axyb");
    }

    #[test]
    fn positions_shift_past_insertions_at_starts_but_not_at_ends() {
        let edits = [TextEdit {
            start: 1,
            end: 1,
            text: "xyz".into(),
        }];
        assert_eq!(shift(&edits, 1, false), 4);
        assert_eq!(shift(&edits, 1, true), 1);
        assert_eq!(shift(&edits, 2, true), 5);
    }
}
