//! What the tests of this module share: queries from text, files from text.

use std::{path::Path, sync::Arc};

use super::{
    Facts, FileContext, NearMiss, matches,
    predicate::{self, Argument, Parameter, Predicate},
};
use crate::{
    codemod::RuleQuery,
    go::{
        syntax::{Parsed, language},
        version::{Requirement, Version},
    },
};

/// A file of a module at Go 1.22.
pub fn context(path: &str) -> FileContext {
    FileContext {
        path: Arc::from(Path::new(path)),
        go: Version::parse("1.22"),
        generated: false,
    }
}

/// Blanks the predicates out of a query and compiles it.
pub fn rule(text: &str) -> RuleQuery {
    let shape =
        regex::Regex::new(r#"\(#(not-)?([a-z-]+)\?((?:\s+(?:@[\w.]+|"(?:[^"\\]|\\.)*"))*)\s*\)"#)
            .expect("compiles");
    let mut blanked = text.to_owned();
    for found in shape.find_iter(text) {
        blanked.replace_range(found.range(), &" ".repeat(found.len()));
    }
    let compiled = tree_sitter::Query::new(&language(), &blanked).expect("a good query");
    let captures: Vec<Arc<str>> = compiled
        .capture_names()
        .iter()
        .map(|n| Arc::from(*n))
        .collect();
    let mut predicates: Vec<Vec<Predicate>> =
        (0..compiled.pattern_count()).map(|_| Vec::new()).collect();
    for found in shape.captures_iter(text) {
        let start = found.get(0).expect("the whole").start();
        let pattern = (0..compiled.pattern_count())
            .rfind(|i| compiled.start_byte_for_pattern(*i) <= start)
            .expect("within a pattern");
        predicates[pattern].push(predicate(
            &captures,
            found.get(1).is_some(),
            &found[2],
            &found[3],
        ));
    }
    RuleQuery {
        text: text.to_owned(),
        compiled,
        captures,
        predicates,
    }
}

fn predicate(captures: &[Arc<str>], negated: bool, name: &str, arguments: &str) -> Predicate {
    let kind = predicate::find(name).unwrap_or_else(|| panic!("no predicate {name}"));
    let token = regex::Regex::new(r#"@([\w.]+)|"((?:[^"\\]|\\.)*)""#).expect("compiles");
    let arguments = token
        .captures_iter(arguments)
        .enumerate()
        .map(|(index, found)| {
            if let Some(capture) = found.get(1) {
                let index = captures.iter().position(|c| **c == *capture.as_str());
                return Argument::Capture(
                    u32::try_from(index.expect("a capture of the query")).expect("small"),
                );
            }
            let text = &found[2];
            let parameter = kind
                .signature
                .required
                .get(index)
                .copied()
                .or(kind.signature.rest);
            match parameter.expect("the signature has it") {
                Parameter::Regex => Argument::Regex(regex::Regex::new(text).expect("compiles")),
                Parameter::GoRequirement => {
                    Argument::GoRequirement(Requirement::parse(text).expect("well formed"))
                }
                _ => Argument::Text(Arc::from(text)),
            }
        });
    Predicate {
        kind,
        negated,
        arguments: arguments.collect(),
    }
}

/// The text of each match's place, in order.
pub fn places(query: &str, file: &FileContext, source: &str) -> Vec<String> {
    let parsed = Parsed::new(Arc::from(source));
    assert!(
        parsed.errors().is_empty(),
        "the test's Go is broken:\n{source}"
    );
    let facts = facts(&parsed, file);
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
    let run = |predicate: &str| !places(&format!("({shape} {predicate})"), file, source).is_empty();
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
