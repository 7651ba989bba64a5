//! The reader of queries: one pass over the text, one function for each construct.

use std::ops::Range;

use super::{Item, Name, Quantifier, QueryText, RawArgument, RawPredicate, Shape, SyntaxError};

/// Deeper nesting than any tree of Go needs; keeps hostile input off the stack's end.
const MAX_DEPTH: usize = 200;

/// Reads a query.
pub(super) fn read(text: &str) -> Result<QueryText, SyntaxError> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        query: QueryText::default(),
    };
    loop {
        reader.skip_blank();
        if reader.at == text.len() {
            return Ok(reader.query);
        }
        if let Some(item) = reader.item(None)? {
            reader.query.patterns.push(item);
        }
    }
}

fn fail<T>(span: Range<usize>, message: impl Into<String>) -> Result<T, SyntaxError> {
    let message = message.into();
    Err(SyntaxError { span, message })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    query: QueryText,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b';' {
                let rest = &self.text[self.at..];
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The character at the position, for messages.
    fn unexpected<T>(&self, wanted: &str) -> Result<T, SyntaxError> {
        match self.text[self.at..].chars().next() {
            Some(c) => {
                let span = self.at..self.at + c.len_utf8();
                fail(span, format!("expected {wanted}, found `{c}`"))
            }
            None => fail(
                self.at..self.at,
                format!("expected {wanted}, found the end of the query"),
            ),
        }
    }

    /// Letters, digits, `_`, `-` and `.`, as tree-sitter reads names; empty where there is none.
    fn word(&mut self) -> Name {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .unwrap_or(rest.len());
        self.at += length;
        Name {
            text: rest[..length].to_owned(),
            span: start..self.at,
        }
    }

    fn starts_name(&self) -> bool {
        self.text[self.at..]
            .chars()
            .next()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    }

    /// `name:` in front of an item.
    fn field(&mut self) -> Option<Name> {
        let start = self.at;
        if self.starts_name() {
            let name = self.word();
            self.skip_blank();
            if self.peek() == Some(b':') {
                self.at += 1;
                self.skip_blank();
                return Some(name);
            }
            self.at = start;
        }
        None
    }

    /// One item, or nothing where a predicate, an anchor or a negated field was read instead.
    fn item(&mut self, parent: Option<usize>) -> Result<Option<Item>, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fail(self.at..self.at + 1, "the query is nested too deeply");
        }
        let item = self.item_here(parent);
        self.depth -= 1;
        item
    }

    fn item_here(&mut self, parent: Option<usize>) -> Result<Option<Item>, SyntaxError> {
        let pattern = parent.unwrap_or(self.query.patterns.len());
        if parent.is_some() && self.peek() == Some(b'.') {
            self.at += 1;
            return Ok(None);
        }
        if parent.is_some() && self.peek() == Some(b'!') {
            self.at += 1;
            let name = self.word();
            self.query.fields.push(name);
            return Ok(None);
        }
        let start = self.at;
        let field = self.field();
        self.query.fields.extend(field.clone());
        let (shape, children) = match self.peek() {
            Some(b'(') => {
                let open = self.at;
                self.at += 1;
                self.skip_blank();
                if self.peek() == Some(b'#') {
                    self.predicate(open, parent)?;
                    return Ok(None);
                }
                self.parenthesised(open, pattern)?
            }
            Some(b'[') => {
                let open = self.at;
                self.at += 1;
                (Shape::Alternation, self.children(open, b']', pattern)?)
            }
            Some(b'"') => (Shape::Token(self.string()?), Vec::new()),
            Some(b'_') => {
                let name = self.word();
                if name.text != "_" {
                    let message = format!("a node kind stands in parentheses: `({})`", name.text);
                    return fail(name.span, message);
                }
                (Shape::Wildcard, Vec::new())
            }
            _ if self.starts_name() => {
                let name = self.word();
                let message = format!("a node kind stands in parentheses: `({})`", name.text);
                return fail(name.span, message);
            }
            _ => return self.unexpected("`(`, `[`, `_` or `\"`"),
        };
        let mut item = Item {
            field,
            shape,
            span: start..self.at,
            quantifier: Quantifier::One,
            captures: Vec::new(),
            children,
        };
        self.suffixes(&mut item)?;
        Ok(Some(item))
    }

    /// Quantifiers and captures behind an item.
    fn suffixes(&mut self, item: &mut Item) -> Result<(), SyntaxError> {
        loop {
            item.span.end = self.at;
            self.skip_blank();
            match self.peek() {
                Some(b'?') => item.quantifier = Quantifier::Optional,
                Some(b'*') => item.quantifier = Quantifier::Any,
                Some(b'+') => item.quantifier = Quantifier::Some,
                Some(b'@') => {
                    item.captures.push(self.capture()?);
                    continue;
                }
                _ => return Ok(()),
            }
            self.at += 1;
        }
    }

    fn capture(&mut self) -> Result<Name, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut name = self.word();
        name.span.start = start;
        if name.text.is_empty() {
            return self.unexpected("a capture name behind `@`");
        }
        Ok(name)
    }

    /// What follows `(`, up to and with its `)`.
    fn parenthesised(
        &mut self,
        open: usize,
        pattern: usize,
    ) -> Result<(Shape, Vec<Item>), SyntaxError> {
        if !self.starts_name() {
            return Ok((Shape::Group, self.children(open, b')', pattern)?));
        }
        let mut name = self.word();
        if name.text == "MISSING" {
            self.skip_blank();
            if self.peek() == Some(b'"') {
                self.string()?;
            } else {
                self.word();
            }
        }
        if self.peek() == Some(b'/') {
            self.at += 1;
            name = self.word();
        }
        let shape = match &*name.text {
            "_" => Shape::Wildcard,
            "ERROR" | "MISSING" => Shape::Error,
            _ => Shape::Node(name),
        };
        Ok((shape, self.children(open, b')', pattern)?))
    }

    /// Items up to and with the closing byte.
    fn children(
        &mut self,
        open: usize,
        close: u8,
        pattern: usize,
    ) -> Result<Vec<Item>, SyntaxError> {
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => {
                    let bracket = &self.text[open..=open];
                    return fail(open..open + 1, format!("this `{bracket}` is never closed"));
                }
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(items);
                }
                Some(b')' | b']') => {
                    return self.unexpected(if close == b')' { "`)`" } else { "`]`" });
                }
                Some(_) => items.extend(self.item(Some(pattern))?),
            }
        }
    }

    /// `"text"` with tree-sitter's escapes.
    fn string(&mut self) -> Result<Name, SyntaxError> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.text[start + 1..].char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.at = start + 1 + at + 1;
                    let span = start..self.at;
                    return Ok(Name { text, span });
                }
                '\n' => break,
                '\\' => match characters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, '0')) => text.push('\0'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                _ => text.push(c),
            }
        }
        fail(start..start + 1, "this string is never closed")
    }

    /// `#name args…)`; `open` is where its `(` is.
    fn predicate(&mut self, open: usize, pattern: Option<usize>) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut name = self.word();
        if let Some(sign @ (b'?' | b'!')) = self.peek() {
            name.text.push(char::from(sign));
            self.at += 1;
        }
        name.span = start..self.at;
        let mut arguments = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b')') => break,
                Some(b'@') => arguments.push(RawArgument::Capture(self.capture()?)),
                Some(b'"') => arguments.push(RawArgument::Text(self.string()?)),
                Some(_) if self.starts_name() => arguments.push(RawArgument::Word(self.word())),
                None => return fail(open..open + 1, "this `(` is never closed"),
                Some(_) => return self.unexpected("`@capture`, `\"text\"` or `)`"),
            }
        }
        self.at += 1;
        self.query.predicates.push(RawPredicate {
            name,
            span: open..self.at,
            pattern,
            arguments,
        });
        Ok(())
    }
}
