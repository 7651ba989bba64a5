//! One scan over the bytes of a file: where its top-level declarations are, and which words of a vocabulary each of them
//! has as tokens. What stands in comments and strings is no word.
//!
//! Tokens and semicolons are those of the Go specification (<https://go.dev/ref/spec#Lexical_elements>). A text that is not
//! lexically valid is not read at all: what a parser makes of it is its own affair.

use std::ops::Range;

use super::vocabulary::{Set, Vocabulary};
use crate::go::index::lex::is_open_keyword;

/// A file's declarations.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// In document order, from its first token to that of the next one; the package clause and imports are declarations too.
    pub declarations: Vec<Declaration>,
}

/// A top-level declaration.
#[derive(Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its bytes.
    pub range: Range<usize>,
    /// The words that it has.
    pub words: Set,
}

/// What a declaration begins with.
const KEYWORDS: [&[u8]; 6] = [b"func", b"type", b"var", b"const", b"import", b"package"];

/// What a byte can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// An operator or what is in no token.
    Other,
    Space,
    Newline,
    /// A letter, `_`, or a byte of a letter beyond ASCII.
    Word,
    Digit,
    /// `"`, `'` and the backquote.
    Quote,
    Slash,
    Open,
    Close,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let b = byte as u8;
        classes[byte] = match b {
            b' ' | b'\t' | b'\r' => Class::Space,
            b'\n' => Class::Newline,
            b'0'..=b'9' => Class::Digit,
            b'"' | b'\'' | b'`' => Class::Quote,
            b'/' => Class::Slash,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            _ if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => Class::Word,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Reads a text; `None` where its tokens or brackets are not those of Go.
pub fn scan(text: &str, vocabulary: &Vocabulary) -> Option<Scan> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        vocabulary,
        scan: Scan::default(),
        words: vocabulary.empty(),
        start: None,
        depth: 0,
        ends: false,
    };
    scanner.run()?;
    Some(scanner.scan)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    vocabulary: &'a Vocabulary,
    scan: Scan,
    /// Of the declaration being read.
    words: Set,
    /// Where it began.
    start: Option<usize>,
    depth: usize,
    /// Whether a newline now is a semicolon.
    ends: bool,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<()> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match CLASSES[byte as usize] {
                Class::Space => self.at += 1,
                Class::Newline => self.newline()?,
                Class::Slash if matches!(self.bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                    self.comment()?;
                }
                class => {
                    if self.start.is_none() {
                        self.start = Some(self.at);
                    }
                    self.token(byte, class)?;
                }
            }
        }
        if self.depth != 0 {
            return None;
        }
        self.end_declaration(self.bytes.len())
    }

    fn token(&mut self, byte: u8, class: Class) -> Option<()> {
        match class {
            Class::Word => return self.word(),
            Class::Digit => return self.number(),
            Class::Quote => {
                self.at = match byte {
                    b'`' => self.at + 2 + memchr::memchr(b'`', &self.bytes[self.at + 1..])?,
                    b'"' => string_end(self.bytes, self.at)?,
                    _ => rune_end(self.bytes, self.at)?,
                };
                self.ends = true;
                return Some(());
            }
            Class::Open => {
                self.depth += 1;
                self.ends = false;
            }
            Class::Close => {
                self.depth = self.depth.checked_sub(1)?;
                self.ends = true;
            }
            _ => return self.operator(byte),
        }
        self.at += 1;
        Some(())
    }

    fn operator(&mut self, byte: u8) -> Option<()> {
        let next = self.bytes.get(self.at + 1).copied();
        self.at += 1;
        self.ends = false;
        match (byte, next) {
            (b':', Some(b'=')) | (b'<', Some(b'-')) => {
                self.at += 1;
                self.words.insert_some(self.vocabulary.find(&[byte, next?]));
            }
            (b'+', Some(b'+')) | (b'-', Some(b'-')) => {
                self.at += 1;
                self.ends = true;
            }
            (b';', _) if self.depth == 0 => self.end_declaration(self.at)?,
            (b'@' | b'#' | b'$' | b'?' | b'\\' | 0..=31 | 127, _) => return None,
            _ => {}
        }
        Some(())
    }

    fn newline(&mut self) -> Option<()> {
        self.at += 1;
        if std::mem::take(&mut self.ends) && self.depth == 0 {
            return self.end_declaration(self.at);
        }
        Some(())
    }

    /// Takes note of a declaration; `None` where it is none.
    fn end_declaration(&mut self, end: usize) -> Option<()> {
        let Some(start) = self.start.take() else {
            return Some(());
        };
        let text = &self.bytes[start..end];
        if !KEYWORDS.iter().any(|keyword| text.starts_with(keyword)) {
            return None;
        }
        let words = std::mem::replace(&mut self.words, self.vocabulary.empty());
        let range = start..end;
        self.scan.declarations.push(Declaration { range, words });
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        if rest[1] == b'/' {
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            return Some(());
        }
        let length = 4 + memchr::memmem::find(&rest[2..], b"*/")?;
        self.at += length;
        // A comment with a newline counts as one.
        if self.ends && memchr::memchr(b'\n', &rest[..length]).is_some() {
            self.at -= 1;
            return self.newline();
        }
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let start = self.at;
        let mut is_ascii = true;
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(CLASSES[byte as usize], Class::Word | Class::Digit) {
                break;
            }
            is_ascii &= byte < 0x80;
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if !is_ascii {
            let text = std::str::from_utf8(word).ok()?;
            let is_valid = |c: char| c == '_' || c.is_alphanumeric();
            if !text.chars().all(is_valid) {
                return None;
            }
        }
        self.words.insert_some(self.vocabulary.find(word));
        self.ends = !is_open_keyword(word);
        Some(())
    }

    /// Digits, letters of prefixes, exponents and `i`, and dots; an exponent's sign is read as an operator.
    fn number(&mut self) -> Option<()> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'0'..=b'9'
                | b'a'..=b'f'
                | b'A'..=b'F'
                | b'.'
                | b'_'
                | b'x'
                | b'X'
                | b'o'
                | b'O'
                | b'p'
                | b'P'
                | b'i' => {}
                _ if CLASSES[byte as usize] == Class::Word => return None,
                _ => break,
            }
            self.at += 1;
        }
        self.ends = true;
        Some(())
    }
}

/// The byte behind the string that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at + 1;
    loop {
        end += memchr::memchr3(b'"', b'\\', b'\n', &bytes[end..])?;
        match bytes[end] {
            b'"' => return Some(end + 1),
            b'\\' => end += escape_length(&bytes[end..])?,
            _ => return None,
        }
    }
}

/// The byte behind the rune that opens at `at`.
fn rune_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at + 1..];
    let length = match rest.first()? {
        b'\\' => escape_length(rest)?,
        b'\n' | b'\'' => return None,
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (rest.get(length) == Some(&b'\'')).then_some(at + length + 2)
}

/// Bytes of the escape that `rest` begins with.
fn escape_length(rest: &[u8]) -> Option<usize> {
    let digits = |from: usize, count: usize, is_digit: fn(&u8) -> bool| {
        let digits = rest.get(from..from + count)?;
        digits.iter().all(is_digit).then_some(from + count)
    };
    match rest.get(1)? {
        b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'\'' | b'"' => Some(2),
        b'x' => digits(2, 2, u8::is_ascii_hexdigit),
        b'u' => digits(2, 4, u8::is_ascii_hexdigit),
        b'U' => digits(2, 8, u8::is_ascii_hexdigit),
        b'0'..=b'7' => digits(1, 3, |byte| (b'0'..=b'7').contains(byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for word in ["Close", "defer", ":=", "<-", "größe"] {
            vocabulary.add(word);
        }
        vocabulary
    }

    /// The first line of each declaration, and the words that it has, by number.
    fn read(text: &str) -> Option<Vec<(&str, Vec<usize>)>> {
        let vocabulary = vocabulary();
        let scan = scan(text, &vocabulary)?;
        let declarations = scan.declarations.iter().map(|declaration| {
            let first = text[declaration.range.clone()].lines().next();
            let words = (0..5).filter(|word| declaration.words.contains(*word));
            (first.unwrap_or_default(), words.collect())
        });
        Some(declarations.collect())
    }

    #[test]
    fn words_are_tokens_of_their_declaration() {
        let text = "\u{feff}// Close\npackage p\n\nimport \"Close\"\n\nfunc f(größe int) {\n\tx := `defer` + \"a\\\"Close\" // Close\n\tx.Closed(<-c)\n}\n/* Close */\nvar defer1, ok = '\\'',\n\ta.Close; type T = struct{}";
        let expected = vec![
            ("package p", vec![]),
            ("import \"Close\"", vec![]),
            ("func f(größe int) {", vec![2, 3, 4]),
            ("var defer1, ok = '\\'',", vec![0]),
            ("type T = struct{}", vec![]),
        ];
        assert_eq!(read(text), Some(expected));
    }

    #[test]
    fn a_newline_ends_a_declaration_only_where_it_is_a_semicolon() {
        let starts = |text: &str| {
            let read = read(text)?;
            Some(
                read.iter()
                    .map(|(first, _)| first.to_string())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            starts("var a =\n1 +\n2\nvar b = func() {\n}\nvar c /*\n*/ var d = 1i"),
            Some(
                ["var a =", "var b = func() {", "var c /*", "var d = 1i"]
                    .map(str::to_owned)
                    .to_vec()
            )
        );
    }

    #[test]
    fn what_is_not_lexically_go_is_not_read() {
        for text in [
            "func f() {",
            "func f() }",
            "var s = \"open\n",
            "var s = `open",
            "var r = 'ab'",
            "var s = \"\\q\"",
            "var n = 1go",
            "/* open",
            "go f()",
            "var × = 1",
            "var a = b # c",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
