//! What the tests of this module share: queries from text, files from text.

use std::{path::Path, sync::Arc};

use super::{Facts, FileContext, NearMiss, matches};
use crate::{
    codemod::{RuleQuery, load_query},
    diagnostic::render,
    go::{index::Index, syntax::Parsed, version::Version},
};

/// A file of a module at Go 1.22.
pub fn context(path: &str) -> FileContext {
    FileContext {
        path: Arc::from(Path::new(path)),
        go: Version::parse("1.22"),
        generated: false,
    }
}

/// A query as a codemod's rule has it.
pub fn rule(text: &str) -> RuleQuery {
    load_query(text).unwrap_or_else(|problems| panic!("{}", render(&problems, false)))
}

/// The text of each match's place, in order.
pub fn places(query: &str, file: &FileContext, source: &str) -> Vec<String> {
    places_in(query, file, source, None)
}

fn places_in(
    query: &str,
    file: &FileContext,
    source: &str,
    index: Option<&Index<'_>>,
) -> Vec<String> {
    let parsed = Parsed::new(Arc::from(source));
    assert!(
        parsed.errors().is_empty(),
        "the test's Go is broken:\n{source}"
    );
    let mut facts = facts(&parsed, file);
    if let Some(index) = index {
        facts = facts.with_index(index);
    }
    let found = matches(&rule(query), &facts, parsed.root(), None).expect("within the limit");
    found.iter().map(|m| source[m.place()].to_owned()).collect()
}

/// The near misses of a query.
pub fn misses(query: &str, source: &str) -> Vec<NearMiss> {
    let parsed = Parsed::new(Arc::from(source));
    let file = context("a.go");
    let facts = facts(&parsed, &file);
    let mut misses = Vec::new();
    matches(&rule(query), &facts, parsed.root(), Some(&mut misses)).expect("within the limit");
    misses
}

/// Runs a query twice, with the predicate and with its `not-` form: whether each holds for the only match.
pub fn both(shape: &str, predicate: &str, file: &FileContext, source: &str) -> (bool, bool) {
    both_in(shape, predicate, file, source, None)
}

/// The same, with the packages of a file set.
pub fn both_in(
    shape: &str,
    predicate: &str,
    file: &FileContext,
    source: &str,
    index: Option<&Index<'_>>,
) -> (bool, bool) {
    let run = |predicate: &str| {
        let query = format!("({shape} {predicate})");
        !places_in(&query, file, source, index).is_empty()
    };
    assert!(run(""), "the shape is not there:\n{source}");
    (run(predicate), run(&predicate.replacen("(#", "(#not-", 1)))
}

pub const YES: (bool, bool) = (true, false);
pub const NO: (bool, bool) = (false, true);
pub const UNKNOWN: (bool, bool) = (false, false);

fn facts<'t>(parsed: &'t Parsed, file: &'t FileContext) -> Facts<'t> {
    let facts = Facts::new(parsed, file);
    facts
        .imports
        .set(imports(parsed))
        .expect("not computed yet");
    facts
}

/// Reads the imports of a well-formed file.
fn imports(parsed: &Parsed) -> Vec<crate::go::imports::Import> {
    use crate::go::{
        control::descendants,
        imports::{Alias, Import},
    };
    descendants(parsed.root(), true)
        .into_iter()
        .filter(|n| n.kind() == "import_spec")
        .map(|spec| Import {
            path: parsed
                .text_of(spec.child_by_field_name("path").expect("has a path"))
                .trim_matches(['"', '`'])
                .to_owned(),
            alias: match spec.child_by_field_name("name").map(|n| parsed.text_of(n)) {
                None => Alias::None,
                Some(".") => Alias::Dot,
                Some("_") => Alias::Blank,
                Some(name) => Alias::Named(name.to_owned()),
            },
            range: spec.byte_range(),
        })
        .collect()
}

/// A file with a function that has this body.
pub fn wrap(body: &str) -> String {
    format!("package p\n\nfunc f() {{\n{body}\n}}\n")
}
