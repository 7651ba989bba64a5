//! Reads types out of text (<https://go.dev/ref/spec#Types>). What the names in them mean is the caller's to say.

mod signature;

use std::sync::Arc;

use super::{Direction, Field, Interface, Signature, Type, constants::integer};
use crate::go::index::lex::{Lexer, Token};

/// How deep types may nest before they are unknown.
const DEPTH: usize = 100;

/// What names in a type's text mean.
pub trait Names {
    /// A name without a package; `at` is its byte in the text.
    fn plain(&self, at: usize, name: &str, args: Vec<Type>) -> Type;
    /// The value of the integer constant `name`, or `package.name`; `at` is the byte of the first of them.
    fn constant(&self, at: usize, package: Option<&str>, name: &str) -> Option<i128>;
    /// `package.name`, where `at` is the byte of `package`; with import paths, `package` is one.
    fn qualified(&self, at: usize, package: &str, name: &str, args: Vec<Type>) -> Type;
}

/// Reads one type that starts at byte `at` of `text`, and gives the byte behind it.
pub fn type_at(text: &str, at: usize, paths: bool, names: &dyn Names) -> (Type, usize) {
    let mut parser = parser(text, at, paths, names);
    let found = parser.ty();
    (found, parser.lexer.at())
}

/// Reads a signature: type parameters, parameters, results.
pub fn signature_at(text: &str, at: usize, paths: bool, names: &dyn Names) -> Signature {
    let mut parser = parser(text, at, paths, names);
    let type_params = if parser.lexer.peek() == Token::Mark(b'[') {
        parser.lexer.next();
        parser.type_params()
    } else {
        Vec::new()
    };
    Signature {
        type_params,
        ..parser.signature()
    }
}

/// Reads a constraint, `~[]E` and `A | B` included.
pub fn constraint_at(text: &str, at: usize, names: &dyn Names) -> Type {
    parser(text, at, false, names).constraint()
}

/// Names of type parameters, and where `P C, Q D` ends at most.
pub fn type_param_names(text: &str, at: usize, end: usize, paths: bool) -> Vec<String> {
    let mut lexer = Lexer::new(&text[..end], at, paths);
    let mut found = Vec::new();
    let mut expects_name = true;
    loop {
        match lexer.next() {
            Token::Word(name) if expects_name => {
                found.push(name.to_owned());
                expects_name = false;
            }
            Token::Mark(b',') => expects_name = true,
            Token::Mark(b'[' | b'(' | b'{') => {
                lexer.skip_open();
            }
            Token::Mark(b']') | Token::End => return found,
            _ => {}
        }
    }
}

fn parser<'s>(text: &'s str, at: usize, paths: bool, names: &'s dyn Names) -> Parser<'s> {
    Parser {
        lexer: Lexer::new(text, at, paths),
        names,
        depth: 0,
        paths,
    }
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    names: &'s dyn Names,
    depth: usize,
    paths: bool,
}

impl<'s> Parser<'s> {
    fn ty(&mut self) -> Type {
        if self.depth == DEPTH {
            return Type::Unknown;
        }
        self.depth += 1;
        let found = self.any_type();
        self.depth -= 1;
        found
    }

    fn any_type(&mut self) -> Type {
        match self.lexer.next() {
            Token::Mark(b'*') => self.ty().pointer(),
            Token::Mark(b'(') => {
                let inner = self.ty();
                self.expect(b')');
                inner
            }
            Token::Mark(b'[') => self.sequence(),
            Token::Mark(b'<') => {
                self.expect(b'-');
                self.lexer.next(); // chan
                Type::Chan(Direction::Receive, Arc::new(self.ty()))
            }
            Token::Word("chan") => {
                if self.lexer.peek() == Token::Mark(b'<') {
                    self.lexer.next();
                    self.expect(b'-');
                    return Type::Chan(Direction::Send, Arc::new(self.ty()));
                }
                Type::Chan(Direction::Both, Arc::new(self.ty()))
            }
            Token::Word("map") => {
                self.expect(b'[');
                let key = self.ty();
                self.expect(b']');
                Type::Map(Arc::new((key, self.ty())))
            }
            Token::Word("func") => Type::Func(Arc::new(self.signature())),
            Token::Word("struct") => self.structure(),
            Token::Word("interface") => self.interface(),
            Token::Word(name) => self.name(name),
            _ => Type::Unknown,
        }
    }

    fn expect(&mut self, mark: u8) -> bool {
        let is_there = self.lexer.peek() == Token::Mark(mark);
        if is_there {
            self.lexer.next();
        }
        is_there
    }

    /// A slice or an array, `[` being read.
    fn sequence(&mut self) -> Type {
        if self.lexer.peek() == Token::Mark(b']') {
            self.lexer.next();
            return self.ty().slice();
        }
        let from = self.lexer.at();
        self.lexer.skip_open();
        let text = self.lexer.text(from..self.lexer.start());
        let at = from + (text.len() - text.trim_start().len());
        let named = |package: Option<&str>, name: &str| self.names.constant(at, package, name);
        let length = integer(text, &named).and_then(|n| u64::try_from(n).ok());
        Type::Array(length, Arc::new(self.ty()))
    }

    fn name(&mut self, name: &'s str) -> Type {
        let at = self.lexer.start();
        if self.paths {
            let args = self.type_args();
            return match name.rsplit_once('.') {
                Some(("unsafe", "Pointer")) => Type::Basic("unsafe.Pointer"),
                Some((package, name)) => self.names.qualified(at, package, name, args),
                None => self.names.plain(at, name, args),
            };
        }
        if self.lexer.peek() == Token::Mark(b'.') {
            self.lexer.next();
            let Token::Word(member) = self.lexer.next() else {
                return Type::Unknown;
            };
            let args = self.type_args();
            return self.names.qualified(at, name, member, args);
        }
        let args = self.type_args();
        self.names.plain(at, name, args)
    }

    fn type_args(&mut self) -> Vec<Type> {
        let mut found = Vec::new();
        if self.lexer.peek() != Token::Mark(b'[') {
            return found;
        }
        self.lexer.next();
        loop {
            match self.lexer.peek() {
                Token::Mark(b']') => {
                    self.lexer.next();
                    return found;
                }
                Token::Mark(b',' | b';') => {
                    self.lexer.next();
                }
                Token::End => return found,
                _ => {
                    found.push(self.ty());
                    if !matches!(self.lexer.peek(), Token::Mark(b',' | b']' | b';')) {
                        self.lexer.skip_open();
                        return vec![Type::Unknown];
                    }
                }
            }
        }
    }

    fn structure(&mut self) -> Type {
        let mut fields = Vec::new();
        if !self.expect(b'{') {
            return Type::Unknown;
        }
        loop {
            match self.lexer.peek() {
                Token::Mark(b'}') | Token::End => {
                    self.lexer.next();
                    return Type::Struct(Arc::new(fields));
                }
                Token::Mark(b';') => {
                    self.lexer.next();
                }
                _ => {
                    let before = self.lexer.at();
                    self.field(&mut fields);
                    if self.lexer.at() == before {
                        self.lexer.skip_open();
                        return Type::Unknown;
                    }
                }
            }
        }
    }

    fn field(&mut self, fields: &mut Vec<Field>) {
        let (first, second) = self.lexer.peek2();
        let is_named = matches!(first, Token::Word(_))
            && (second == Token::Mark(b',') || names_what_follows(&self.lexer, second));
        if is_named {
            let mut names = Vec::new();
            while let Token::Word(name) = self.lexer.peek() {
                self.lexer.next();
                names.push(name);
                if !self.expect(b',') {
                    break;
                }
            }
            let ty = self.ty();
            fields.extend(names.into_iter().map(|name| Field {
                name: name.into(),
                embedded: false,
                ty: ty.clone(),
            }));
        } else {
            let mut ahead = self.lexer.clone();
            let mut name = "";
            loop {
                match ahead.next() {
                    Token::Word(word) => name = word.rsplit('.').next().unwrap_or(word),
                    Token::Mark(b'*' | b'.' | b'(') => {}
                    _ => break,
                }
            }
            let ty = self.ty();
            fields.push(Field {
                name: name.into(),
                embedded: true,
                ty,
            });
        }
        if let Token::Literal(_) = self.lexer.peek() {
            self.lexer.next();
        }
    }

    fn interface(&mut self) -> Type {
        let mut interface = Interface::default();
        if !self.expect(b'{') {
            return Type::Unknown;
        }
        loop {
            match self.lexer.peek2() {
                (Token::Mark(b'}') | Token::End, _) => {
                    self.lexer.next();
                    return Type::Interface(Arc::new(interface));
                }
                (Token::Mark(b';'), _) => {
                    self.lexer.next();
                }
                (Token::Word(name), Token::Mark(b'(')) => {
                    self.lexer.next();
                    let signature = self.signature();
                    interface.methods.push((name.into(), Arc::new(signature)));
                }
                _ => {
                    let before = self.lexer.at();
                    let terms = self.union();
                    if self.lexer.at() == before {
                        return Type::Unknown;
                    }
                    // `any` embedded adds nothing.
                    let empty = Type::Interface(Arc::default());
                    if !matches!(terms.as_slice(), [(false, one)] if *one == empty) {
                        interface.embeds.push(terms);
                    }
                }
            }
        }
    }
}

/// Whether a word is the name of what follows it, rather than a type itself. `ahead` stands before the word.
fn names_what_follows(ahead: &Lexer<'_>, second: Token<'_>) -> bool {
    match second {
        Token::Word(_) | Token::Mark(b'*' | b'(' | b'<') => true,
        Token::Mark(b'.') => {
            // `a ...T`, not `a.T`.
            let mut ahead = ahead.clone();
            ahead.next();
            ahead.next();
            ahead.next() == Token::Mark(b'.')
        }
        Token::Mark(b'[') => {
            let mut ahead = ahead.clone();
            ahead.next();
            ahead.next();
            ahead.skip_open();
            !matches!(
                ahead.next(),
                Token::Mark(b',' | b')' | b';' | b'}') | Token::Literal(_) | Token::End
            )
        }
        _ => false,
    }
}
