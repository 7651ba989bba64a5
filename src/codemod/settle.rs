//! Whether a rule would match its own result for ever. In: a loaded query and the edits of its rule. Out: the result that
//! matches again, if it is certain that one does.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, OnceLock},
};

use super::{
    Action, Edit, RuleQuery,
    checked_query::LoadedQuery,
    query::{QueryText, RawArgument, RawPredicate},
    shape::{Tried, try_parse},
};
use crate::{
    go::syntax::Parsed,
    matcher::{Facts, FileContext, matches},
};

/// Predicates over texts and imports: what they say of a result can be computed.
const COMPUTED: [&str; 8] = [
    "eq",
    "any-eq",
    "any-not-eq",
    "match",
    "any-match",
    "any-not-match",
    "any-of",
    "import",
];

/// Predicates over the file: an edit does not change what they say.
const OF_THE_FILE: [&str; 5] = [
    "go",
    "test-file",
    "main-package",
    "package-name",
    "generated",
];

/// The edit (by index) whose text replaces the whole match and is matched again, with that text.
pub(super) fn matched_again(query: &LoadedQuery, edits: &[Edit]) -> Option<(usize, String)> {
    let read = QueryText::parse(&query.query.text).ok()?;
    for (index, pattern) in read.patterns.iter().enumerate() {
        let is_root = |name: &str| pattern.captures.iter().any(|c| c.text == name);
        let replaced = edits
            .iter()
            .enumerate()
            .find_map(|(at, edit)| match &edit.action {
                Action::Replace { target, .. } if edit.condition.is_none() && is_root(target) => {
                    Some((at, &edit.action, target))
                }
                _ => None,
            });
        let of_pattern: Vec<&RawPredicate> = read
            .predicates
            .iter()
            .filter(|p| p.pattern == Some(index))
            .collect();
        let Some((at, action, target)) = replaced.filter(|_| of_pattern.iter().all(|p| known(p)))
        else {
            continue;
        };
        for fixed in texts(&of_pattern) {
            let tried = try_parse(action, &query.captures, &fixed)?;
            if matches_again(query, &read, index, target, &tried) {
                return Some((at, tried.text));
            }
        }
    }
    None
}

fn bare(predicate: &RawPredicate) -> (&str, bool) {
    let name = predicate.name.text.trim_end_matches('?');
    match name.strip_prefix("not-") {
        Some(rest) => (rest, true),
        None => (name, false),
    }
}

fn known(predicate: &RawPredicate) -> bool {
    let (name, _) = bare(predicate);
    COMPUTED.contains(&name) || OF_THE_FILE.contains(&name)
}

/// The texts that predicates give to captures, one map for each string of the `#any-of?`s.
fn texts(predicates: &[&RawPredicate]) -> Vec<BTreeMap<Arc<str>, String>> {
    let mut choices: Vec<(Arc<str>, Vec<String>)> = Vec::new();
    for predicate in predicates {
        let [RawArgument::Capture(capture), rest @ ..] = &predicate.arguments[..] else {
            continue;
        };
        let strings = rest.iter().filter_map(|argument| match argument {
            RawArgument::Text(text) => Some(text.text.clone()),
            _ => None,
        });
        let strings: Vec<String> = match bare(predicate) {
            ("eq" | "any-of", false) => strings.collect(),
            ("import", false) => strings.map(|path| local_name(&path)).collect(),
            _ => continue,
        };
        if !strings.is_empty() {
            choices.push((Arc::from(&*capture.text), strings));
        }
    }
    let rounds = choices.iter().map(|(_, s)| s.len()).max().unwrap_or(1);
    (0..rounds)
        .map(|round| {
            let pick = |(name, strings): &(Arc<str>, Vec<String>)| {
                (Arc::clone(name), strings[round % strings.len()].clone())
            };
            choices.iter().map(pick).collect()
        })
        .collect()
}

/// A name under which a path can be imported.
fn local_name(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    last.chars().map(letters).collect()
}

/// Whether pattern `index` matches the tried text as a whole.
fn matches_again(
    query: &LoadedQuery,
    read: &QueryText,
    index: usize,
    target: &str,
    tried: &Tried,
) -> bool {
    let Some((parsed, range)) = &tried.parsed else {
        return false;
    };
    let header = import_header(read, index);
    let Some(at) = parsed.text().find('\n').filter(|at| *at < range.start) else {
        return false;
    };
    let (package, rest) = parsed.text().split_at(at + 1);
    let whole = Parsed::new(Arc::from(format!("{package}{header}{rest}")));
    if !whole.errors().is_empty() {
        return false;
    }
    let wanted = range.start + header.len()..range.end + header.len();
    let file = FileContext {
        path: Arc::from(Path::new("p.go")),
        go: None,
        generated: false,
    };
    let facts = Facts::new(&whole, &file);
    let found = matches(&computed(query, read), &facts, whole.root(), None).unwrap_or_default();
    found.iter().any(|found| {
        found.pattern == index
            && found.nodes(target).iter().any(|node| {
                let bytes = node.byte_range();
                bytes.start >= wanted.start && bytes.end <= wanted.end
            })
    })
}

/// Imports of the packages that the pattern asks for.
fn import_header(read: &QueryText, index: usize) -> String {
    let mut paths = BTreeSet::new();
    for predicate in &read.predicates {
        if predicate.pattern == Some(index) && bare(predicate).0 == "import" {
            for argument in &predicate.arguments {
                if let RawArgument::Text(path) = argument {
                    paths.insert(&*path.text);
                }
            }
        }
    }
    let import = |path: &&str| format!("import {} \"{path}\"\n", local_name(path));
    paths.iter().map(import).collect()
}

/// The query with only those predicates that can be computed.
fn computed(query: &LoadedQuery, read: &QueryText) -> RuleQuery {
    let predicates = &query.query.predicates;
    let kept = predicates.iter().map(|of_pattern| {
        let computed = of_pattern
            .iter()
            .filter(|predicate| COMPUTED.contains(&predicate.kind.name));
        computed.cloned().collect()
    });
    RuleQuery {
        text: query.query.text.clone(),
        blanked: read.blanked(&query.query.text),
        compiled: OnceLock::new(),
        reach: OnceLock::new(),
        captures: query.query.captures.clone(),
        predicates: kept.collect(),
        resources: None,
        find: Vec::new(),
        scope: None,
    }
}
