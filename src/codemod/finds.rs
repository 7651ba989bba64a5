//! Loads the key `find` of a rule. In: the rule's table, and the other names of the rule. Out: names for expressions, each
//! with the types that it may have.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Find,
    checked_query::LoadedQuery,
    document::{Table, Text},
    problem::{Kind, Problems},
    rules::is_word,
};
use crate::go::types::{Type, stdlib::parse_type_text};

/// What the rule looks for where it matches.
pub(super) fn load(table: &Table<'_>, problems: &mut Problems) -> Vec<Find> {
    let Some(table) = table.table("find", "`find`", problems) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (name, span, _) in table.iter() {
        if !is_word(name) || name.starts_with('_') {
            let title = format!("`{name}` is no name that a template can use");
            problems
                .add(Kind::BadName, span.clone(), title)
                .help("use letters, digits and `_`, a letter first");
        }
        let before = problems.len();
        let texts = table.text_or_texts(name, problems);
        if texts.is_empty() && problems.len() == before {
            problems.add(Kind::BadText, span, format!("`{name}` has no type"));
        }
        let types = texts
            .into_iter()
            .filter_map(|text| Some((text.value.clone(), read_type(&text, problems)?)))
            .collect();
        all.push(Find {
            name: Arc::from(name),
            types,
        });
    }
    all
}

fn read_type(text: &Text, problems: &mut Problems) -> Option<Type> {
    let read = parse_type_text(&text.value);
    if read.is_none() {
        let title = format!("`{}` is no type", text.value);
        problems
            .add(Kind::BadEntry, text.span.clone(), title)
            .help("write it with its full import path: `context.Context`, `*net/http.Request`");
    }
    read
}

/// Reports names that mean something else in the rule too.
pub(super) fn check_names(
    table: &Table<'_>,
    query: &LoadedQuery,
    fresh: &[Arc<str>],
    imports: &BTreeMap<String, String>,
    problems: &mut Problems,
) {
    // What is wrong with the table itself is reported when it is loaded.
    let mut ignored = Problems::new(std::path::Path::new(""), "");
    let Some(table) = table.table("find", "`find`", &mut ignored) else {
        return;
    };
    for (name, span, _) in table.iter() {
        let other = if query.captures.contains_key(name) {
            "a capture"
        } else if fresh.iter().any(|f| &**f == name) {
            "a fresh name"
        } else if imports.contains_key(name) {
            "an import"
        } else {
            continue;
        };
        let title = format!("`{name}` is {other} too, so `@{name}` is ambiguous");
        problems.add(Kind::DuplicateName, span, title);
    }
}
