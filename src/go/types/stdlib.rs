//! The tables of the standard library and of well-known modules: what its packages export, as lines of text (`stdlib.txt`, written by
//! `go run ./tests/oracle/types table`; the form is described there, and the Go version stands in its first line).
//! A package is read when it is first asked for. `modules.txt` says the same of some well-known modules, in the versions
//! that its first line names; other versions may have more, so what it does not have is unknown.

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

static STANDARD: Table = Table::new(include_str!("stdlib.txt"), true);
static MODULES: Table = Table::new(include_str!("modules.txt"), false);

/// A table and what of it has been read.
struct Table {
    text: &'static str,
    /// Whether its packages have nothing but what it says: those of modules differ between versions.
    complete: bool,
    /// Where each package's name and declarations stand, by path.
    sections: OnceLock<HashMap<&'static str, (&'static str, &'static str)>>,
    read: OnceLock<Mutex<HashMap<&'static str, Arc<Package>>>>,
}

impl Table {
    const fn new(text: &'static str, complete: bool) -> Self {
        Self {
            text,
            complete,
            sections: OnceLock::new(),
            read: OnceLock::new(),
        }
    }

    fn sections(&self) -> &HashMap<&'static str, (&'static str, &'static str)> {
        self.sections.get_or_init(|| {
            self.text
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

    fn package(&self, path: &str) -> Option<Arc<Package>> {
        let (path, (name, body)) = self.sections().get_key_value(path)?;
        let mut read = self
            .read
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let package = read.entry(path).or_insert_with(|| {
            let unit = Arc::new(read_section(name, body));
            let units = vec![(String::new(), unit)];
            Arc::new(Package::new((*path).into(), units, self.complete))
        });
        Some(Arc::clone(package))
    }
}

/// Whether the standard library has a package at this path.
pub fn has(path: &str) -> bool {
    STANDARD.sections().contains_key(path)
}

/// The paths of the standard library's packages, sorted.
pub fn paths() -> impl Iterator<Item = &'static str> {
    let mut paths: Vec<_> = STANDARD.sections().keys().copied().collect();
    paths.sort_unstable();
    paths.into_iter()
}

/// The package of the standard library, or of a well-known module, at this path.
pub fn package(path: &str) -> Option<Arc<Package>> {
    STANDARD.package(path).or_else(|| MODULES.package(path))
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

    fn constant(&self, _: usize, _: Option<&str>, _: &str) -> Option<i128> {
        None
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

#[cfg(test)]
mod tests {
    use super::{has, package};

    #[test]
    fn both_tables_give_packages_and_only_one_is_the_standard_library() {
        let pgx = package("github.com/jackc/pgx/v5").expect("it is in the table");
        assert_eq!((pgx.name(), pgx.complete), ("pgx", false));
        assert!(!pgx.methods_of("Conn").is_empty());
        assert!(!has("github.com/jackc/pgx/v5") && has("net/http"));
        assert!(package("net/http").is_some_and(|http| http.complete));
        assert!(package("example.com/none").is_none());
    }
}
