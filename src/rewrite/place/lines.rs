//! Lines of a text: where they start and end, what else stands on them, how they are indented.

use tree_sitter::Node;

use crate::rewrite::compose::Piece;

/// A text with its tree's root and its line ending.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'t> {
    /// The text.
    pub text: &'t str,
    /// The root of its tree; comments are looked up here.
    pub root: Node<'t>,
    /// `"\n"` or `"\r\n"`: what most lines end with.
    pub newline: &'static str,
}

impl<'t> Lines<'t> {
    /// Wraps a text and the root of its tree.
    pub fn new(text: &'t str, root: Node<'t>) -> Self {
        Self {
            text,
            root,
            newline: newline(text),
        }
    }

    /// First byte of the line that holds `at`.
    pub fn line_start(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |i| i + 1)
    }

    /// The white space that the line holding `at` begins with.
    pub fn indent_at(&self, at: usize) -> &'t str {
        let line = &self.text[self.line_start(at)..];
        let width = line.len() - line.trim_start_matches([' ', '\t']).len();
        &line[..width]
    }

    /// Whether only white space precedes `at` on its line.
    pub fn is_first_on_line(&self, at: usize) -> bool {
        self.text[self.line_start(at)..at]
            .bytes()
            .all(|b| b == b' ' || b == b'\t')
    }

    /// The end of the line (before its line ending) where nothing but `;`, white space and comments that end on this
    /// line follows `from`; `None` where code follows.
    pub fn end_of_line_after(&self, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        let mut may_take_semicolon = true;
        loop {
            match bytes.get(at) {
                None | Some(b'\n') => return Some(at),
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => return Some(at),
                Some(b' ' | b'\t' | b'\r') => at += 1,
                Some(b';') if may_take_semicolon => {
                    may_take_semicolon = false;
                    at += 1;
                }
                Some(b'/') if bytes.get(at + 1) == Some(&b'/') => {
                    let rest = &self.text[at..];
                    let end = at + memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
                    return Some(if bytes[..end].ends_with(b"\r") {
                        end - 1
                    } else {
                        end
                    });
                }
                Some(b'/') if bytes.get(at + 1) == Some(&b'*') => {
                    let end = at + self.text[at..].find("*/")? + 2;
                    if self.text[at..end].contains('\n') {
                        return None;
                    }
                    at = end;
                }
                Some(_) => return None,
            }
        }
    }

    /// First byte at or behind `from` that is neither white space nor in a comment.
    pub fn next_token(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                at += trimmed.find('\n')?;
            } else if trimmed.starts_with("/*") {
                at += trimmed.find("*/")? + 2;
            } else {
                return (!trimmed.is_empty()).then_some(at);
            }
        }
    }

    /// Start of the first of the comments on lines of their own directly above `node`, or of `node` itself.
    pub fn attached_comments_start(&self, node: Node<'_>) -> usize {
        let mut top = node.start_byte();
        loop {
            let line = self.line_start(top);
            if line == 0 {
                return top;
            }
            let above = self.text[..line - 1].trim_end_matches('\r');
            let comment = self
                .root
                .descendant_for_byte_range(above.len().saturating_sub(1), above.len())
                .filter(|n| n.kind() == "comment" && n.end_byte() >= above.trim_end().len());
            match comment {
                Some(comment) if self.is_first_on_line(comment.start_byte()) => {
                    top = comment.start_byte();
                }
                _ => return top,
            }
        }
    }

    /// `pieces` with every line of new text but the first indented by `indent` and, below that, by tabs, where the template
    /// may have four spaces a level; line endings are those of the text.
    pub fn indented(&self, pieces: Vec<Piece>, indent: &str) -> Vec<Piece> {
        let mut in_raw_string = false;
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => {
                    Piece::Text(self.indent_text(&text, indent, &mut in_raw_string))
                }
                kept @ Piece::Kept { .. } => kept,
            })
            .collect()
    }

    fn indent_text(&self, text: &str, indent: &str, in_raw_string: &mut bool) -> String {
        let mut out = String::with_capacity(text.len());
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                out.push_str(self.newline);
            }
            let is_laid_out = index > 0 && !*in_raw_string && !line.is_empty();
            if is_laid_out {
                out.push_str(indent);
                push_with_tabs(&mut out, line);
            } else {
                out.push_str(line);
            }
            *in_raw_string ^= line.bytes().filter(|&b| b == b'`').count() % 2 == 1;
        }
        out
    }
}

/// Writes a line of a template with a tab for each four spaces that it is indented by.
fn push_with_tabs(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(deeper) = rest.strip_prefix("    ").or(rest.strip_prefix('\t')) {
        out.push('\t');
        rest = deeper;
    }
    out.push_str(rest);
}

/// What most lines of `text` end with.
pub fn newline(text: &str) -> &'static str {
    let all = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let crlf = memchr::memmem::find_iter(text.as_bytes(), "\r\n").count();
    if crlf * 2 > all { "\r\n" } else { "\n" }
}
