//! The table of the standard library: what its packages export, as lines of text (`stdlib.txt`, written by
//! `go run ./tests/oracle/types table`; the form is described there, and the Go version stands in its first line).
//! A package is read when it is first asked for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::parse;
use crate::go::index::{
    lex::{Lexer, Token},
    package::Package,
    scan::{Declared, Unit},
};

const TABLE: &str = include_str!("stdlib.txt");

/// Where each package's name and declarations stand in the table, by path.
fn sections() -> &'static HashMap<&'static str, (&'static str, &'static str)> {
    static SECTIONS: OnceLock<HashMap<&'static str, (&'static str, &'static str)>> =
        OnceLock::new();
    SECTIONS.get_or_init(|| {
        TABLE
            .split("\nP ")
            .skip(1)
            .filter_map(|section| {
                let (head, body) = section.split_once('\n').unwrap_or((section, ""));
                let (path, name) = head.split_once(' ')?;
                Some((path, (name, body)))
            })
            .collect()
    })
}

/// Whether the standard library has a package at this path.
pub fn has(path: &str) -> bool {
    sections().contains_key(path)
}

/// The package at this path.
pub fn package(path: &str) -> Option<Arc<Package>> {
    static READ: OnceLock<Mutex<HashMap<&'static str, Arc<Package>>>> = OnceLock::new();
    let (path, (name, body)) = sections().get_key_value(path)?;
    let mut read = READ
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let package = read.entry(path).or_insert_with(|| {
        let unit = read_section(name, body);
        Arc::new(Package::new(
            (*path).into(),
            vec![(String::new(), Arc::new(unit))],
            true,
        ))
    });
    Some(Arc::clone(package))
}

fn read_section(name: &str, body: &'static str) -> Unit {
    let text: Arc<str> = body.into();
    let mut declarations = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        read_line(body, at, end, &mut declarations);
        at += line.len();
    }
    Unit {
        text,
        package: name.to_owned(),
        header: 0,
        imports: Vec::new(),
        declarations,
        paths: true,
    }
}

fn read_line(text: &str, at: usize, end: usize, found: &mut Vec<(String, Declared)>) {
    let Some((kind, rest)) = text[at..end].split_once(' ') else {
        return;
    };
    let at = at + kind.len() + 1;
    if kind == "C" {
        if let Some((ty, names)) = rest.split_once(": ") {
            for name in names.split(' ') {
                let ty = Some(at..at + ty.len());
                found.push((name.to_owned(), Declared::Const { ty, value: None }));
            }
        }
        return;
    }
    let pointer = rest.starts_with('*');
    let mut lexer = Lexer::new(text, at + usize::from(pointer), false);
    let Token::Word(name) = lexer.next() else {
        return;
    };
    let name = name.to_owned();
    let from = lexer.at();
    let declared = match kind {
        "F" => Declared::Func(from..end),
        "V" => Declared::Var {
            ty: Some(from..end),
            value: None,
            of_call: None,
        },
        "T" | "A" => read_type(text, from, end, kind == "A"),
        "M" => {
            let (method, declared) = read_method(text, from, end, name, pointer);
            found.push((method, declared));
            return;
        }
        _ => return,
    };
    found.push((name, declared));
}

fn read_type(text: &str, from: usize, end: usize, alias: bool) -> Declared {
    let mut at = from;
    let mut params = None;
    if text[from..end].starts_with('[') {
        let mut lexer = Lexer::new(text, from + 1, true);
        lexer.skip_open();
        params = Some(from + 1..lexer.start());
        at = lexer.at();
    }
    if alias {
        at += text[at..end].find('=').map_or(0, |n| n + 1);
    }
    Declared::Type {
        params,
        alias,
        of: at..end,
    }
}

/// The rest of `*T[P].Name(…) …` from behind `T`.
fn read_method(
    text: &str,
    from: usize,
    end: usize,
    of: String,
    pointer: bool,
) -> (String, Declared) {
    let mut at = from;
    let mut params = Vec::new();
    if text[from..end].starts_with('[') {
        let mut lexer = Lexer::new(text, from + 1, false);
        lexer.skip_open();
        params = text[from + 1..lexer.start()]
            .split(", ")
            .map(str::to_owned)
            .collect();
        at = lexer.at();
    }
    let name_end = text[at..end].find('(').map_or(end, |n| at + n);
    let name = text[at..name_end].trim_start_matches('.').to_owned();
    let declared = Declared::Method {
        of,
        pointer,
        params,
        signature: name_end..end,
    };
    (name, declared)
}

/// A type as text with import paths, as predicates and the table have it.
pub fn read_type_text(text: &str) -> super::Type {
    type_and_end(text).0
}

/// The same, where the whole text is a type no part of which is unknown or lacks the path of its package.
pub fn parse_type_text(text: &str) -> Option<super::Type> {
    let (found, end) = type_and_end(text);
    let is_pathless = |part: &super::Type| match part {
        super::Type::Named(named) => &*named.path == ".",
        _ => false,
    };
    (found.is_known() && end == text.len() && !found.any(&is_pathless)).then_some(found)
}

/// Names with full import paths.
struct Paths;

impl parse::Names for Paths {
    fn plain(&self, _: usize, name: &str, args: Vec<super::Type>) -> super::Type {
        super::Type::predeclared(name).unwrap_or_else(|| super::Type::named(".", name, args))
    }

    fn qualified(
        &self,
        _: usize,
        package: &str,
        name: &str,
        args: Vec<super::Type>,
    ) -> super::Type {
        super::Type::named(package, name, args)
    }
}

fn type_and_end(text: &str) -> (super::Type, usize) {
    parse::type_at(text, 0, true, &Paths)
}
