//! Loads the `[[resource]]` tables of a codemod, which add to the shipped table of resources. In: the codemod's table. Out:
//! the resources that its predicates know, or nothing where it adds none.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    document::{Table, Text},
    problem::{Kind, Problems},
    rules::is_word,
};
use crate::matcher::resources::{Resource, Resources, shipped};

const KEYS: &[&str] = &["acquire", "result", "error", "type", "release", "borrow"];

/// The shipped table with what the codemod adds.
pub(super) fn load(table: &Table<'_>, problems: &mut Problems) -> Option<Arc<Resources>> {
    let tables = table.tables("resource", "`[[resource]]`", problems);
    let mut seen = BTreeMap::new();
    let added: Vec<Resource> = tables
        .iter()
        .map(|table| load_one(table, &mut seen, problems))
        .collect();
    (!added.is_empty()).then(|| Arc::new(shipped().with(added)))
}

fn load_one(
    table: &Table<'_>,
    seen: &mut BTreeMap<String, Range<usize>>,
    problems: &mut Problems,
) -> Resource {
    table.check_keys(KEYS, &[], problems);
    let acquire = names("acquire", table, problems);
    for name in &acquire {
        if let Some(first) = seen.get(&name.value) {
            let title = format!("`{}` acquires two resources", name.value);
            problems
                .add(Kind::DuplicateName, name.span.clone(), title)
                .also(first.clone(), "the first one");
        } else {
            seen.insert(name.value.clone(), name.span.clone());
        }
    }
    let kind = table.text("type", problems);
    if let Some(kind) = &kind {
        check_name(kind, problems);
    }
    let result = table.number("result", problems).unwrap_or(0);
    let error = table.number("error", problems);
    if error == Some(result) {
        let title = format!("result {result} is the resource and the error");
        problems
            .add(Kind::BadEntry, table.key_span("error"), title)
            .help("`result` and `error` count the results from 0");
    }
    let borrow = table.text_or_texts("borrow", problems);
    for name in &borrow {
        check_name(name, problems);
    }
    let values = |texts: Vec<Text>| texts.into_iter().map(|text| text.value).collect();
    Resource {
        acquire: values(acquire),
        result,
        error,
        kind: kind.map(|kind| kind.value),
        release: values(release(table, problems)),
        borrow: values(borrow),
    }
}

/// Names of functions or methods, of which there must be one.
fn names(key: &str, table: &Table<'_>, problems: &mut Problems) -> Vec<Text> {
    let found = required(key, table, problems);
    for name in &found {
        check_name(name, problems);
    }
    found
}

/// Method paths, of which there must be one.
fn release(table: &Table<'_>, problems: &mut Problems) -> Vec<Text> {
    let found = required("release", table, problems);
    for path in &found {
        if path.value != "()" && !path.value.split('.').all(is_word) {
            let title = format!("`{}` is no path to a method", path.value);
            problems
                .add(Kind::BadEntry, path.span.clone(), title)
                .help("write `Close`, `Body.Close`, or `()` where the resource is a function that is called");
        }
    }
    found
}

fn required(key: &str, table: &Table<'_>, problems: &mut Problems) -> Vec<Text> {
    if !table.has(key) {
        table.missing(key, problems);
    }
    let before = problems.len();
    let found = table.text_or_texts(key, problems);
    if table.has(key) && found.is_empty() && problems.len() == before {
        let title = format!("`{key}` is empty");
        problems.add(Kind::BadText, table.key_span(key), title);
    }
    found
}

/// A full name is `path.Name` or `path.Type.Name`.
fn check_name(name: &Text, problems: &mut Problems) {
    let last = name.value.rsplit('/').next().unwrap_or_default();
    let (package, rest) = last.split_once('.').unwrap_or((last, ""));
    let is_name = !package.is_empty()
        && !name.value.contains(char::is_whitespace)
        && !name.value.contains(['*', '(', ')'])
        && rest.split('.').all(is_word);
    if !is_name {
        let title = format!("`{}` is no full name", name.value);
        problems.add(Kind::BadEntry, name.span.clone(), title).help(
            "write the import path and the name, `os.Open` or `net/http.Client.Do`, without stars",
        );
    }
}
