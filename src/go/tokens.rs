//! Splits Go source into tokens, for the few questions that come before the syntax tree.
//! In: text, valid Go or not. Out: words and punctuation with their places; comments are skipped, but what they do
//! to the line structure is kept (<https://go.dev/ref/spec#Semicolons>).

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or a keyword.
    Word,
    /// A number, a string or a rune.
    Literal,
    /// One byte of an operator or a bracket.
    Mark(u8),
}

/// One token and what stands before it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// A newline outside of comments stands between the token before and this one.
    pub starts_line: bool,
    /// End of a general comment that holds a newline and stands between the token before and this one.
    pub after_comment: Option<usize>,
}

/// The tokens of `text`, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(bytes.len() / 5);
    let (mut at, mut starts_line, mut after_comment) = (0, true, None);
    if text.starts_with('\u{feff}') {
        at = 3;
    }
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (kind, end) = match byte {
            b'\n' => {
                starts_line = true;
                at += 1;
                continue;
            }
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'/' if rest.starts_with(b"//") => {
                at = memchr::memchr(b'\n', rest).map_or(bytes.len(), |n| at + n);
                continue;
            }
            b'/' if rest.starts_with(b"/*") => {
                let end =
                    memchr::memmem::find(&rest[2..], b"*/").map_or(bytes.len(), |n| at + n + 4);
                if memchr::memchr(b'\n', &bytes[at..end]).is_some() {
                    after_comment = Some(end);
                }
                at = end;
                continue;
            }
            b'"' | b'\'' => (Kind::Literal, quoted_end(bytes, at)),
            b'`' => {
                let end = memchr::memchr(b'`', &rest[1..]).map_or(bytes.len(), |n| at + n + 2);
                (Kind::Literal, end)
            }
            b'0'..=b'9' => (Kind::Literal, word_end(bytes, at)),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => (Kind::Word, word_end(bytes, at)),
            _ => (Kind::Mark(byte), at + 1),
        };
        found.push(Token {
            kind,
            range: at..end,
            starts_line,
            after_comment: after_comment.take(),
        });
        starts_line = false;
        at = end;
    }
    found
}

/// End of the string or rune that opens at `at`; an open one ends with its line.
fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 2,
            b'\n' => return end,
            _ if byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// End of the run of letters and digits at `at`. Bytes of other scripts count as letters: where they are not, the
/// text is no Go in the first place.
fn word_end(bytes: &[u8], at: usize) -> usize {
    let run = bytes[at..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80)
        .count();
    at + run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|t| &text[t.range]).collect()
    }

    #[test]
    fn strings_runes_and_comments_hide_what_they_hold() {
        let text = "a \"b // \\\" c\" `d /*` '\\'' /* e \" */ f // g\nh";
        assert_eq!(
            words(text),
            ["a", "\"b // \\\" c\"", "`d /*`", "'\\''", "f", "h"]
        );
    }

    #[test]
    fn line_structure_is_kept() {
        let found = tokens("a /* x\n */ b\nc");
        assert_eq!(found[1].after_comment, Some(10));
        assert!(!found[1].starts_line && found[2].starts_line);
        assert_eq!(found[2].after_comment, None);
    }

    #[test]
    fn open_literals_end_somewhere() {
        for text in ["\"a", "\"a\\", "`a", "'", "/* a", "//", "\u{feff}a"] {
            assert!(
                tokens(text).iter().all(|t| t.range.end <= text.len()),
                "{text:?}"
            );
        }
    }
}
