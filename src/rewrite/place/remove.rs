//! What goes when a node goes: its separator, its line if nothing else is on it, and the comments that belong to it.

use std::ops::Range;

use tree_sitter::Node;

use super::{Lines, Membership, member};

/// The bytes that go, and the comments among them that go knowingly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Bytes to delete.
    pub range: Range<usize>,
    /// Comments outside the node that belong to it and go with it.
    pub comments: Vec<Range<usize>>,
}

/// Neighbours in a list, from the first to the last of them; one node is both.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'t> {
    first: Node<'t>,
    last: Node<'t>,
    membership: Membership,
}

impl<'t> Stretch<'t> {
    /// Of one node; `None` where it is not a member of a list.
    pub fn of(node: Node<'t>) -> Option<Self> {
        let (node, membership) = member(node)?;
        Some(Self {
            first: node,
            last: node,
            membership,
        })
    }

    /// Of all `nodes`; comments among them count only where they lie between others. `None` where they are not members of
    /// one list, side by side.
    pub fn of_all(nodes: &[Node<'t>]) -> Option<Self> {
        let mut nodes = nodes.iter().filter(|node| node.kind() != "comment");
        let mut stretch = Self::of(*nodes.next()?)?;
        for &node in nodes {
            let (node, _) = member(node)?;
            let mut next = stretch.last.next_named_sibling();
            while let Some(comment) = next.filter(|next| next.kind() == "comment") {
                next = comment.next_named_sibling();
            }
            if next != Some(node) {
                return None;
            }
            stretch.last = node;
        }
        Some(stretch)
    }

    /// From the first byte of the first to the end of the last.
    fn range(&self) -> Range<usize> {
        self.first.start_byte()..self.last.end_byte()
    }
}

/// What goes with neighbours in a list.
pub fn removal(lines: Lines<'_>, stretch: &Stretch<'_>) -> Removal {
    match stretch.membership {
        Membership::Element => element(lines, &stretch.range()),
        _ => on_lines(lines, stretch),
    }
}

/// The bytes of neighbours with the comments that belong to them, for a move.
pub fn with_comments(lines: Lines<'_>, stretch: &Stretch<'_>) -> Range<usize> {
    match stretch.membership {
        Membership::Element => stretch.range(),
        _ => own_text(lines, stretch),
    }
}

/// The nodes and the comments that belong to them: those behind the last on its line, and those directly above the first
/// unless they head a paragraph that goes on.
fn own_text(lines: Lines<'_>, stretch: &Stretch<'_>) -> Range<usize> {
    let node = stretch.first;
    let range = stretch.range();
    let end = match lines.end_of_line_after(range.end) {
        Some(eol) if lines.is_first_on_line(range.start) => eol,
        _ => return range,
    };
    let above = lines.attached_comments_start(node);
    let heads_a_paragraph = !is_blank_or_closing(lines, end)
        && node.parent().is_some_and(|p| p.kind() != "source_file");
    let start = if heads_a_paragraph {
        range.start
    } else {
        above
    };
    start..end
}

/// Whether the line behind the one that ends at `eol` is blank, ends a block, begins a clause or is headed by a comment of
/// its own, or there is none.
fn is_blank_or_closing(lines: Lines<'_>, eol: usize) -> bool {
    let rest = lines.text[eol..].trim_start_matches('\r');
    let Some(next) = rest.strip_prefix('\n') else {
        return true;
    };
    let line = next.split('\n').next().unwrap_or("").trim();
    line.is_empty()
        || line.starts_with(['}', ')'])
        || line.starts_with("//")
        || line.starts_with("case ")
        || line.starts_with("default:")
}

fn on_lines(lines: Lines<'_>, stretch: &Stretch<'_>) -> Removal {
    let range = stretch.range();
    let own = own_text(lines, stretch);
    let has_own_lines =
        lines.is_first_on_line(range.start) && lines.end_of_line_after(range.end).is_some();
    if !has_own_lines {
        return Removal {
            range: in_line(lines, &range, b';'),
            comments: Vec::new(),
        };
    }
    let mut comments = Vec::new();
    if own.start < range.start {
        comments.push(own.start..range.start);
    }
    if range.end < own.end {
        comments.push(range.end..own.end);
    }
    Removal {
        range: whole_lines(lines, &own),
        comments,
    }
}

/// The lines of `own`, and the blank line below it where it stood between two or first in a block, or the one above it where it
/// stood last in a block.
fn whole_lines(lines: Lines<'_>, own: &Range<usize>) -> Range<usize> {
    let start = lines.line_start(own.start);
    let after = lines.text[own.end..]
        .find('\n')
        .map_or(lines.text.len(), |i| own.end + i + 1);
    let blank_above = lines.text[..start].strip_suffix('\n').is_some_and(|above| {
        // gofmt would keep a blank line that is now the first of a block.
        let line = above[lines.line_start(above.len())..].trim_end();
        line.trim().is_empty() || line.ends_with(['{', '('])
    });
    let next_line_end = lines.text[after..].find('\n').map(|i| after + i + 1);
    let end = match next_line_end {
        Some(end) if blank_above && lines.text[after..end].trim().is_empty() => end,
        _ => after,
    };
    start_of_gap(lines, start, end)..end
}

/// Where the blank line above `start` begins, if the line at `end` closes a block: gofmt would keep it as the last of the block.
fn start_of_gap(lines: Lines<'_>, start: usize, end: usize) -> usize {
    let closes = lines.text[end..].trim_start_matches([' ', '\t']);
    let above = lines.text[..start].strip_suffix('\n').map(str::len);
    let gap = above.map(|eol| lines.line_start(eol)..eol);
    match gap {
        Some(gap)
            if closes.starts_with(['}', ')']) && lines.text[gap.clone()].trim().is_empty() =>
        {
            gap.start
        }
        _ => start,
    }
}

fn element(lines: Lines<'_>, range: &Range<usize>) -> Removal {
    let end = range.end;
    let comma = lines
        .next_token(end)
        .filter(|&at| lines.text.as_bytes()[at] == b',');
    if let Some(comma) = comma
        && lines.is_first_on_line(range.start)
        && let Some(eol) = lines.end_of_line_after(comma + 1)
    {
        return Removal {
            range: whole_lines(lines, &(range.start..eol)),
            comments: std::iter::once(end..eol).collect(),
        };
    }
    Removal {
        range: in_line(lines, range, b','),
        comments: Vec::new(),
    }
}

/// The node with the separator behind it, or else the one in front, and the white space between.
fn in_line(lines: Lines<'_>, range: &Range<usize>, separator: u8) -> Range<usize> {
    let bytes = lines.text.as_bytes();
    let behind = &lines.text[range.end..];
    let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let at = range.end + gap;
    if bytes.get(at) == Some(&separator) {
        let rest = &lines.text[at + 1..];
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        return range.start..at + 1 + space;
    }
    let front = lines.text[..range.start].trim_end();
    if front.as_bytes().last() == Some(&separator) {
        return front.len() - 1..range.end;
    }
    range.clone()
}
