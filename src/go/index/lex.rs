//! Tokens of Go source, one at a time, with automatic semicolons (<https://go.dev/ref/spec#Semicolons>), and a fast way
//! past what stands in brackets. Positions are bytes of the text.

/// What stands next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'s> {
    /// An identifier or a keyword.
    Word(&'s str),
    /// A number, a string or a rune.
    Literal(&'s str),
    /// One byte of an operator or a bracket. A semicolon, written or not, is `b';'`.
    Mark(u8),
    /// No more.
    End,
}

/// Reads tokens of `text` from `at` to `end`.
#[derive(Debug, Clone)]
pub struct Lexer<'s> {
    text: &'s str,
    at: usize,
    /// Start of the token last read.
    start: usize,
    /// Whether a newline now is a semicolon.
    ends: bool,
    /// Whether words may be import paths with a name behind.
    paths: bool,
}

impl<'s> Lexer<'s> {
    /// From `at` on. With `paths`, `net/http.Response` is one word.
    pub fn new(text: &'s str, at: usize, paths: bool) -> Self {
        Self {
            text,
            at,
            start: at,
            ends: false,
            paths,
        }
    }

    /// Byte behind the token last read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// First byte of the token last read.
    pub fn start(&self) -> usize {
        self.start
    }

    /// A part of the text.
    pub fn text(&self, part: std::ops::Range<usize>) -> &'s str {
        self.text.get(part).unwrap_or_default()
    }

    /// The token that `next` will read.
    pub fn peek(&self) -> Token<'s> {
        self.clone().next()
    }

    /// The token that `next` will read, and the one behind it.
    pub fn peek2(&self) -> (Token<'s>, Token<'s>) {
        let mut ahead = self.clone();
        (ahead.next(), ahead.next())
    }

    /// Reads a token.
    #[expect(clippy::should_implement_trait, reason = "it does not end with `None`")]
    pub fn next(&mut self) -> Token<'s> {
        let bytes = self.text.as_bytes();
        loop {
            self.start = self.at;
            let Some(&byte) = bytes.get(self.at) else {
                return if std::mem::take(&mut self.ends) {
                    Token::Mark(b';')
                } else {
                    Token::End
                };
            };
            match byte {
                b'\n' => {
                    self.at += 1;
                    if std::mem::take(&mut self.ends) {
                        return Token::Mark(b';');
                    }
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' if matches!(bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                    let end = comment_end(bytes, self.at);
                    let breaks = bytes[self.at + 1] == b'*'
                        && memchr::memchr(b'\n', &bytes[self.at..end]).is_some();
                    self.at = end;
                    if breaks && std::mem::take(&mut self.ends) {
                        return Token::Mark(b';');
                    }
                }
                _ => return self.token(byte),
            }
        }
    }

    fn token(&mut self, byte: u8) -> Token<'s> {
        let bytes = self.text.as_bytes();
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
        match byte {
            b'"' | b'\'' | b'`' => {
                self.at = quoted_end(bytes, self.at);
                self.ends = true;
                Token::Literal(&self.text[self.start..self.at])
            }
            b'0'..=b'9' => {
                while self.at < bytes.len() && (is_word(bytes[self.at]) || bytes[self.at] == b'.') {
                    self.at += 1;
                }
                self.ends = true;
                Token::Literal(&self.text[self.start..self.at])
            }
            _ if is_word(byte) => {
                let in_path = |b: u8| self.paths && matches!(b, b'.' | b'/' | b'-' | b'~');
                let mut end = self.at;
                while end < bytes.len() && (is_word(bytes[end]) || in_path(bytes[end])) {
                    // `chan<-` ends the word; so does `...`.
                    end += 1;
                }
                self.at = end;
                let word = &self.text[self.start..self.at];
                self.ends = !is_open_keyword(word.as_bytes());
                Token::Word(word)
            }
            _ => {
                self.at += 1;
                self.ends = matches!(byte, b')' | b']' | b'}');
                // `++` and `--` end statements, single ones do not end lines.
                if matches!(byte, b'+' | b'-') && bytes.get(self.at) == Some(&byte) {
                    self.at += 1;
                    self.ends = true;
                }
                Token::Mark(byte)
            }
        }
    }

    /// Having read an opening bracket, reads past its closing one. Whether there was one.
    pub fn skip_open(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut depth = 1_usize;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.start = self.at;
                        self.at += 1;
                        self.ends = true;
                        return true;
                    }
                }
                b'"' | b'\'' | b'`' => {
                    self.at = quoted_end(bytes, self.at);
                    continue;
                }
                b'/' if matches!(bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                    self.at = comment_end(bytes, self.at);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.start = self.at;
        false
    }

    /// Reads to the end of the statement: the next semicolon outside of brackets, which is read too, or a closing
    /// bracket, which is not. Gives the byte where the last token ended.
    pub fn skip_statement(&mut self) -> usize {
        let mut end = self.at;
        loop {
            let before = self.clone();
            match self.next() {
                Token::Mark(b';') | Token::End => return end,
                Token::Mark(b')' | b'}' | b']') => {
                    *self = before;
                    return end;
                }
                Token::Mark(b'(' | b'{' | b'[') => {
                    self.skip_open();
                }
                _ => {}
            }
            end = self.at;
        }
    }
}

/// Whether a word is a keyword behind which a newline is no semicolon.
pub fn is_open_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"case"
            | b"chan"
            | b"const"
            | b"default"
            | b"defer"
            | b"else"
            | b"for"
            | b"func"
            | b"go"
            | b"goto"
            | b"if"
            | b"import"
            | b"interface"
            | b"map"
            | b"package"
            | b"range"
            | b"select"
            | b"struct"
            | b"switch"
            | b"type"
            | b"var"
    )
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        memchr::memchr(b'\n', rest).map_or(bytes.len(), |n| at + n)
    } else {
        memchr::memmem::find(&rest[2..], b"*/").map_or(bytes.len(), |n| at + n + 4)
    }
}

/// End of the string or rune that opens at `at`; an open one ends with its line.
fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    if quote == b'`' {
        return memchr::memchr(b'`', &bytes[at + 1..]).map_or(bytes.len(), |n| at + n + 2);
    }
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
