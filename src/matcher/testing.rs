//! What the tests of this module share: queries from text, files from text.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Facts, FileContext, NearMiss, matches};
use crate::{
    codemod::{Origin, RuleQuery, load_text},
    go::{syntax::Parsed, version::Version},
};

/// A file of a module at Go 1.22.
pub fn context(path: &str) -> FileContext {
    FileContext {
        path: Arc::from(Path::new(path)),
        go: Version::parse("1.22"),
        generated: false,
    }
}

/// Loads a codemod that only shows what this query finds.
pub fn rule(query: &str) -> RuleQuery {
    let text = format!(
        "summary = \"s\"\ndescription = \"d\"\ntags = [\"t\"]\napplicability = \"display\"\n\n\
         [[rule]]\nname = \"r\"\nmessage = \"m\"\nquery = \'\'\'\n{query}\n\'\'\'\n"
    );
    let origin = Origin::File(PathBuf::from("test/rule.toml"));
    let codemod = load_text("test/rule", origin, &text, &[])
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    codemod.rules.into_iter().next().expect("one rule").query
}

/// The text of each match's place, in order.
pub fn places(query: &str, file: &FileContext, source: &str) -> Vec<String> {
    let parsed = Parsed::new(Arc::from(source));
    assert!(
        parsed.errors().is_empty(),
        "the test's Go is broken:\n{source}"
    );
    let facts = Facts::new(&parsed, file);
    let found = matches(&rule(query), &facts, parsed.root(), None).expect("within the limit");
    found.iter().map(|m| source[m.place()].to_owned()).collect()
}

/// The near misses of a query.
pub fn misses(query: &str, source: &str) -> Vec<NearMiss> {
    let parsed = Parsed::new(Arc::from(source));
    let file = context("a.go");
    let facts = Facts::new(&parsed, &file);
    let mut misses = Vec::new();
    matches(&rule(query), &facts, parsed.root(), Some(&mut misses)).expect("within the limit");
    misses
}

/// Runs a query twice, with the predicate and with its `not-` form: whether each holds for the only match.
pub fn both(shape: &str, predicate: &str, file: &FileContext, source: &str) -> (bool, bool) {
    let run = |predicate: &str| !places(&format!("({shape} {predicate})"), file, source).is_empty();
    assert!(run(""), "the shape is not there:\n{source}");
    (run(predicate), run(&predicate.replacen("(#", "(#not-", 1)))
}

pub const YES: (bool, bool) = (true, false);
pub const NO: (bool, bool) = (false, true);
pub const UNKNOWN: (bool, bool) = (false, false);
