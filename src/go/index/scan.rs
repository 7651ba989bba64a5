//! The package-level declarations of one file as ranges of its text, found without parsing bodies. In: text, valid Go or
//! not. Out: what each declaration's parts are; reading types out of them is left to `types::parse`.

use std::{ops::Range, sync::Arc};

use super::lex::{Lexer, Token};

/// A part of the text.
pub type Part = Range<usize>;

/// One import spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSpec {
    /// The name that is written, `.` and `_` included.
    pub name: Option<String>,
    /// The path, unquoted.
    pub path: Arc<str>,
}

/// A file's declarations.
#[derive(Debug)]
pub struct Unit {
    /// The text.
    pub text: Arc<str>,
    /// Name of the package.
    pub package: String,
    /// Byte behind the package clause and the imports.
    pub header: usize,
    /// Imports in document order.
    pub imports: Vec<ImportSpec>,
    /// Declarations in document order.
    pub declarations: Vec<(String, Declared)>,
    /// Whether types are written with import paths, as in the table of the standard library.
    pub paths: bool,
}

/// What a declaration consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// `func Name[…](…) …`; from the type parameters on.
    Func(Part),
    /// A method of the type `of`.
    Method {
        /// Name of the receiver's type.
        of: String,
        /// Whether the receiver is a pointer.
        pointer: bool,
        /// Names of the receiver's type parameters.
        params: Vec<String>,
        /// From the parameters on.
        signature: Part,
    },
    /// A type.
    Type {
        /// Its type parameters, without brackets.
        params: Option<Part>,
        /// Whether it is an alias.
        alias: bool,
        /// What stands on the right.
        of: Part,
    },
    /// A variable.
    Var {
        /// The written type.
        ty: Option<Part>,
        /// The initial value.
        value: Option<Part>,
        /// Which of the values of a call, and of how many, where one call gives several.
        of_call: Option<usize>,
    },
    /// A constant; implicit repetition is made explicit.
    Const {
        /// The written type.
        ty: Option<Part>,
        /// Its value.
        value: Option<Part>,
    },
}

impl Declared {
    /// Whether it is a method, which is no name of the package.
    pub fn is_method(&self) -> bool {
        matches!(self, Self::Method { .. })
    }
}

/// Finds the declarations of a file; `None` where it has no package clause or is never built.
pub fn scan(text: &Arc<str>) -> Option<Unit> {
    let mut unit = Unit {
        text: Arc::clone(text),
        package: String::new(),
        header: 0,
        imports: Vec::new(),
        declarations: Vec::new(),
        paths: false,
    };
    let mut lexer = Lexer::new(
        text,
        if text.starts_with('\u{feff}') { 3 } else { 0 },
        false,
    );
    if lexer.next() != Token::Word("package") {
        return None;
    }
    if text[..lexer.start()]
        .lines()
        .any(|l| matches!(l.trim(), "//go:build ignore" | "// +build ignore"))
    {
        return None;
    }
    let Token::Word(package) = lexer.next() else {
        return None;
    };
    package.clone_into(&mut unit.package);
    lexer.skip_statement();
    unit.header = lexer.at();
    loop {
        match lexer.next() {
            Token::Word("import") => {
                group(&mut lexer, &mut |lexer| import(lexer, &mut unit));
                unit.header = lexer.at();
            }
            Token::Word("var") => group(&mut lexer, &mut |lexer| variables(lexer, &mut unit)),
            Token::Word("const") => {
                let mut last = (None, Vec::new());
                group(&mut lexer, &mut |lexer| {
                    constants(lexer, &mut unit, &mut last);
                });
            }
            Token::Word("type") => group(&mut lexer, &mut |lexer| type_spec(lexer, &mut unit)),
            Token::Word("func") => function(&mut lexer, &mut unit),
            Token::End => return Some(unit),
            Token::Mark(b'(' | b'{' | b'[') => {
                lexer.skip_open();
            }
            _ => {}
        }
    }
}

/// One spec, or several in parentheses.
fn group<'s>(lexer: &mut Lexer<'s>, spec: &mut dyn FnMut(&mut Lexer<'s>)) {
    if lexer.peek() != Token::Mark(b'(') {
        spec(lexer);
        return;
    }
    lexer.next();
    loop {
        match lexer.peek() {
            Token::Mark(b')') | Token::End => {
                lexer.next();
                return;
            }
            Token::Mark(b';') => {
                lexer.next();
            }
            _ => {
                let before = lexer.at();
                spec(lexer);
                if lexer.at() == before {
                    lexer.next(); // what cannot be read must not hold it up
                }
            }
        }
    }
}

fn import(lexer: &mut Lexer<'_>, unit: &mut Unit) {
    let mut name = None;
    loop {
        match lexer.next() {
            Token::Word(word) => name = Some(word.to_owned()),
            Token::Mark(b'.') => name = Some(".".to_owned()),
            Token::Literal(path) => {
                let path = path.trim_matches(['"', '`']).into();
                unit.imports.push(ImportSpec { name, path });
                lexer.skip_statement();
                return;
            }
            _ => return,
        }
    }
}

/// `a, b, c`.
fn names(lexer: &mut Lexer<'_>) -> Vec<String> {
    let mut found = Vec::new();
    while let Token::Word(name) = lexer.peek() {
        lexer.next();
        found.push(name.to_owned());
        if lexer.peek() != Token::Mark(b',') {
            break;
        }
        lexer.next();
    }
    found
}

/// The type and the values of a spec.
fn type_and_values(lexer: &mut Lexer<'_>) -> (Option<Part>, Vec<Part>) {
    let (mut ty, mut values) = (None, Vec::new());
    let mut from = None;
    let mut end = lexer.at();
    let mut in_values = false;
    loop {
        let before = lexer.clone();
        let token = lexer.next();
        let closes = matches!(token, Token::Mark(b';' | b')' | b'}' | b']') | Token::End);
        let separates = in_values && token == Token::Mark(b',');
        let assigns = !in_values && token == Token::Mark(b'=');
        if closes || separates || assigns {
            if let Some(from) = from.take() {
                if in_values {
                    values.push(from..end);
                } else {
                    ty = Some(from..end);
                }
            }
            in_values |= assigns;
            if closes {
                if token != Token::Mark(b';') {
                    *lexer = before;
                }
                return (ty, values);
            }
            continue;
        }
        from.get_or_insert(lexer.start());
        if let Token::Mark(b'(' | b'{' | b'[') = token {
            lexer.skip_open();
        }
        end = lexer.at();
    }
}

fn variables(lexer: &mut Lexer<'_>, unit: &mut Unit) {
    let names = names(lexer);
    let (ty, values) = type_and_values(lexer);
    for (index, name) in names.iter().enumerate() {
        let of_call = (names.len() > 1 && values.len() == 1).then_some(index);
        let value = if of_call.is_some() {
            values.first()
        } else {
            values.get(index)
        };
        let declared = Declared::Var {
            ty: ty.clone(),
            value: value.cloned(),
            of_call,
        };
        unit.declarations.push((name.clone(), declared));
    }
}

fn constants(lexer: &mut Lexer<'_>, unit: &mut Unit, last: &mut (Option<Part>, Vec<Part>)) {
    let names = names(lexer);
    let (ty, values) = type_and_values(lexer);
    if !values.is_empty() {
        *last = (ty, values);
    }
    for (index, name) in names.into_iter().enumerate() {
        let declared = Declared::Const {
            ty: last.0.clone(),
            value: last.1.get(index).cloned(),
        };
        unit.declarations.push((name, declared));
    }
}

fn type_spec(lexer: &mut Lexer<'_>, unit: &mut Unit) {
    let Token::Word(name) = lexer.next() else {
        lexer.skip_statement();
        return;
    };
    let params = type_params(lexer);
    let alias = lexer.peek() == Token::Mark(b'=');
    if alias {
        lexer.next();
    }
    let from = lexer.at();
    let of = from..lexer.skip_statement();
    unit.declarations
        .push((name.to_owned(), Declared::Type { params, alias, of }));
}

/// Reads `[P C, …]` behind the name of a type, if it is not an array's length.
fn type_params(lexer: &mut Lexer<'_>) -> Option<Part> {
    let mut ahead = lexer.clone();
    if ahead.next() != Token::Mark(b'[') {
        return None;
    }
    let from = ahead.at();
    let (Token::Word(_), second) = ahead.peek2() else {
        return None;
    };
    if !matches!(
        second,
        Token::Word(_) | Token::Mark(b',' | b'~' | b'[' | b'(')
    ) {
        return None;
    }
    ahead.skip_open();
    *lexer = ahead;
    Some(from..lexer.start())
}

fn function(lexer: &mut Lexer<'_>, unit: &mut Unit) {
    let mut receiver = None;
    if lexer.peek() == Token::Mark(b'(') {
        lexer.next();
        let from = lexer.at();
        lexer.skip_open();
        receiver = read_receiver(&unit.text[from..lexer.start()]);
        if receiver.is_none() {
            return;
        }
    }
    let Token::Word(name) = lexer.next() else {
        return;
    };
    let name = name.to_owned();
    let signature = signature(lexer);
    let declared = match receiver {
        None => Declared::Func(signature),
        Some((of, pointer, params)) => Declared::Method {
            of,
            pointer,
            params,
            signature,
        },
    };
    unit.declarations.push((name, declared));
}

/// The type of `r *T[K, V]`, whether it is a pointer, and its parameters.
fn read_receiver(text: &str) -> Option<(String, bool, Vec<String>)> {
    let (head, params) = match text.split_once('[') {
        Some((head, params)) => (head, params.trim_end().trim_end_matches([')', ']', ','])),
        None => (text, ""),
    };
    let params = params
        .split(',')
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect();
    let mut lexer = Lexer::new(head, 0, false);
    let (mut name, mut pointer) = (None, false);
    loop {
        match lexer.next() {
            Token::Word(word) => name = Some(word.to_owned()),
            Token::Mark(b'*') => pointer = true,
            Token::End => return name.map(|name| (name, pointer, params)),
            _ => {}
        }
    }
}

/// Reads a signature and the body behind it.
fn signature(lexer: &mut Lexer<'_>) -> Part {
    let from = lexer.at();
    let mut end = from;
    let mut before = Token::End;
    loop {
        let saved = lexer.clone();
        let token = lexer.next();
        match token {
            Token::Mark(b'{') if !matches!(before, Token::Word("struct" | "interface")) => {
                lexer.skip_open();
                return from..end;
            }
            Token::Mark(b'(' | b'[' | b'{') => {
                lexer.skip_open();
            }
            Token::Mark(b';' | b'}') | Token::End => {
                if token != Token::Mark(b';') {
                    *lexer = saved;
                    lexer.next();
                }
                return from..end;
            }
            _ => {}
        }
        before = token;
        end = lexer.at();
    }
}
