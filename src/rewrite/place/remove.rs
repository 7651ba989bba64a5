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

/// What goes with `node`; `None` where it is not a member of a list, so that nothing says what would be left.
pub fn removal(lines: Lines<'_>, node: Node<'_>) -> Option<Removal> {
    let (node, membership) = member(node)?;
    Some(match membership {
        Membership::Element => element(lines, node),
        _ => on_lines(lines, node),
    })
}

/// The node and the comments that belong to it: those behind it on its line, and those directly above it unless they
/// head a paragraph of several lines.
pub fn own_text(lines: Lines<'_>, node: Node<'_>) -> Range<usize> {
    let end = match lines.end_of_line_after(node.end_byte()) {
        Some(eol) if lines.is_first_on_line(node.start_byte()) => eol,
        _ => return node.byte_range(),
    };
    let above = lines.attached_comments_start(node);
    let heads_a_paragraph = !is_blank_or_closing(lines, end)
        && node.parent().is_some_and(|p| p.kind() != "source_file");
    let start = if heads_a_paragraph {
        node.start_byte()
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

fn on_lines(lines: Lines<'_>, node: Node<'_>) -> Removal {
    let own = own_text(lines, node);
    let has_own_lines = lines.is_first_on_line(node.start_byte())
        && lines.end_of_line_after(node.end_byte()).is_some();
    if !has_own_lines {
        return Removal {
            range: in_line(lines, node, b';'),
            comments: Vec::new(),
        };
    }
    let mut comments = Vec::new();
    if own.start < node.start_byte() {
        comments.push(own.start..node.start_byte());
    }
    if node.end_byte() < own.end {
        comments.push(node.end_byte()..own.end);
    }
    Removal {
        range: whole_lines(lines, &own),
        comments,
    }
}

/// The lines of `own`, and the blank line below it where it stood between two or first in a block.
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
    start..end
}

fn element(lines: Lines<'_>, node: Node<'_>) -> Removal {
    let end = node.end_byte();
    let comma = lines
        .next_token(end)
        .filter(|&at| lines.text.as_bytes()[at] == b',');
    if let Some(comma) = comma
        && lines.is_first_on_line(node.start_byte())
        && let Some(eol) = lines.end_of_line_after(comma + 1)
    {
        return Removal {
            range: whole_lines(lines, &(node.start_byte()..eol)),
            comments: std::iter::once(end..eol).collect(),
        };
    }
    Removal {
        range: in_line(lines, node, b','),
        comments: Vec::new(),
    }
}

/// The node with the separator behind it, or else the one in front, and the white space between.
fn in_line(lines: Lines<'_>, node: Node<'_>, separator: u8) -> Range<usize> {
    let bytes = lines.text.as_bytes();
    let behind = &lines.text[node.end_byte()..];
    let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let at = node.end_byte() + gap;
    if bytes.get(at) == Some(&separator) {
        let rest = &lines.text[at + 1..];
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        return node.start_byte()..at + 1 + space;
    }
    let front = lines.text[..node.start_byte()].trim_end();
    if front.as_bytes().last() == Some(&separator) {
        return front.len() - 1..node.end_byte();
    }
    node.byte_range()
}
