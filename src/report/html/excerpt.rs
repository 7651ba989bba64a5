//! The parts of the files that the page shows: each line once, however many findings it surrounds, and whether a part
//! begins within a raw string or a comment, for the page colours each part by itself.

use std::ops::Range;

use serde::Serialize;

use crate::report::place::Lines;

/// Lines shown on either side of a change or a finding.
pub const CONTEXT: usize = 3;

/// Some lines of a file, one behind the other.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Excerpt<'a> {
    /// The first of them, from 1.
    pub line: usize,
    /// What it begins in: `` ` `` for a raw string, `*` for a comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<char>,
    /// The lines, without the last line end.
    pub text: &'a str,
}

/// The ranges of lines (from 1, the end exclusive) of a file as excerpts in order, with their context; those that meet
/// are one.
pub fn excerpts<'a>(
    lines: &Lines<'a>,
    text: &str,
    wanted: impl IntoIterator<Item = Range<usize>>,
) -> Vec<Excerpt<'a>> {
    let count = text.lines().count();
    let mut parts: Vec<Range<usize>> = wanted
        .into_iter()
        .map(|part| part.start.max(1)..part.end.min(count + 1))
        .filter(|part| !part.is_empty())
        .collect();
    parts.sort_by_key(|part| part.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    let starts: Vec<usize> = merged.iter().map(|p| lines.start_of(p.start)).collect();
    let excerpt = |(part, open): (Range<usize>, Option<char>)| Excerpt {
        line: part.start,
        open,
        text: lines
            .slice(part.start, part.end - 1)
            .trim_end_matches(['\n', '\r']),
    };
    merged
        .into_iter()
        .zip(open_at(text.as_bytes(), &starts))
        .map(excerpt)
        .collect()
}

/// The declaration at the left margin that line `line` is part of: the function, mostly. `None` for a line between two.
pub fn scope(lines: &Lines<'_>, line: usize) -> Option<usize> {
    for above in (1..line).rev() {
        let text = lines.slice(above, above).trim_end();
        let is = |word: &str| text.starts_with(word);
        if is("func ") || is("type ") || is("var (") || is("const (") {
            return Some(above);
        }
        // `) error {` ends a list of parameters, not the function.
        let ends = (is("}") || is(")")) && !text.ends_with('{');
        if ends || is("package ") || is("import ") {
            return None;
        }
    }
    None
}

/// For each of `starts` (bytes, sorted): what that byte stands within, if it is a raw string or a comment.
fn open_at(text: &[u8], starts: &[usize]) -> Vec<Option<char>> {
    let mut open = Vec::with_capacity(starts.len());
    let mut at = 0;
    while open.len() < starts.len() {
        let next = memchr::memchr3(b'"', b'`', b'\'', text.get(at..).unwrap_or_default());
        let slash = memchr::memchr(b'/', text.get(at..).unwrap_or_default());
        let Some(begin) = next.into_iter().chain(slash).min().map(|found| at + found) else {
            break;
        };
        let (end, within) = token(text, begin);
        while let Some(&start) = starts.get(open.len()).filter(|&&start| start < end) {
            open.push(within.filter(|_| start > begin));
        }
        at = end;
    }
    open.resize(starts.len(), None);
    open
}

/// The end of what begins at `at`, which is a quote or a slash, and what its later lines stand within.
fn token(text: &[u8], at: usize) -> (usize, Option<char>) {
    let rest = &text[at..];
    let behind = |found: Option<usize>, length: usize| {
        found.map_or(text.len(), |found| at + length + found + length)
    };
    match rest {
        [b'`', rest @ ..] => (behind(memchr::memchr(b'`', rest), 1), Some('`')),
        [b'/', b'*', rest @ ..] => (behind(memchr::memmem::find(rest, b"*/"), 2), Some('*')),
        [b'/', b'/', ..] => (
            memchr::memchr(b'\n', rest).map_or(text.len(), |found| at + found),
            None,
        ),
        [b'/', ..] => (at + 1, None),
        [quote, rest @ ..] => (at + 1 + quoted(rest, *quote), None),
        [] => (at, None),
    }
}

/// The length of the rest of a string or rune; an open one ends with its line.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\n' => return at,
            b'\\' if rest.get(at + 1) != Some(&b'\n') => at += 2,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, parts: &[Range<usize>]) -> Vec<(usize, Option<char>, String)> {
        excerpts(&Lines::new(text), text, parts.iter().cloned())
            .into_iter()
            .map(|part| (part.line, part.open, part.text.to_owned()))
            .collect()
    }

    #[test]
    fn parts_that_meet_are_one_and_the_file_ends_where_it_ends() {
        let text = "1\n2\n3\n4\n5\n6\n7\n";
        assert_eq!(
            shown(text, &[6..99, 0..2, 2..4]),
            [
                (1, None, "1\n2\n3".to_owned()),
                (6, None, "6\n7".to_owned())
            ]
        );
        let nothing: [(usize, Option<char>, String); 0] = [];
        assert_eq!(shown("", std::slice::from_ref(&(1..4))), nothing);
    }

    #[test]
    fn a_part_knows_what_it_begins_in() {
        let text = "a := `\nraw \" // '\n` + \"`\"\n/* c\n' */ b := '`'\n// `\nc\n";
        let open: Vec<_> = shown(text, &[1..2, 3..4, 5..6, 7..8])
            .into_iter()
            .map(|(line, open, _)| (line, open))
            .collect();
        assert_eq!(open, [(1, None), (3, Some('`')), (5, Some('*')), (7, None)]);
        assert_eq!(shown("a\n\"open\\\n`\nb\nc", &[2..3, 4..5])[1].1, Some('`'));
    }

    #[test]
    fn the_scope_is_the_declaration_around_a_line() {
        let text = "package a\n\nimport \"b\"\n\nfunc f(\n\tx int,\n) error {\n\tg()\n}\n\n// h\nfunc h() {\n\tg()\n}\n";
        let lines = Lines::new(text);
        let scopes: Vec<_> = [3, 8, 11, 13].map(|line| scope(&lines, line)).into();
        assert_eq!(scopes, [None, Some(5), None, Some(12)]);
    }
}
