//! Loads `[[rule.edit]]`. In: a table, and what the captures and names around it are. Out: an [`Edit`] whose captures exist
//! and are matched wherever it applies.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Action, Edit, Place,
    captures::Capture,
    document::{Table, Text},
    problem::{Kind, Problems},
    template::{self, Hole, Names},
};
use crate::diagnostic::nearest;

const KEYS: &[&str] = &[
    "replace", "with", "delete", "before", "after", "start-of", "end-of", "insert", "move", "if",
];

const PLACES: [(&str, Place); 4] = [
    ("before", Place::Before),
    ("after", Place::After),
    ("start-of", Place::StartOf),
    ("end-of", Place::EndOf),
];

/// What the edits of a rule, or of a `within`, can name.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Facts about every capture.
    pub captures: &'a BTreeMap<String, Capture>,
    /// Names for templates.
    pub names: Names<'a>,
}

/// An edit, and where its template stands in the file.
pub(super) struct Loaded {
    /// The edit.
    pub edit: Edit,
    /// Bytes of the template's string.
    pub template_span: Option<Range<usize>>,
}

/// Reports keys that an edit does not have.
pub(super) fn check_keys(table: &Table<'_>, problems: &mut Problems) {
    table.check_keys(KEYS, &["where"], problems);
}

/// Loads one edit; what is wrong with it is reported.
pub(super) fn load(table: &Table<'_>, scope: Scope<'_>, problems: &mut Problems) -> Option<Loaded> {
    let before = problems.len();
    check_keys(table, problems);
    let condition = table
        .text("if", problems)
        .and_then(|text| reference(&text, scope.captures, scope.names.found, problems));
    let (action, template_span) = if table.has("move") {
        (
            load_move(table, scope, condition.as_deref(), problems)?,
            None,
        )
    } else {
        load_action(table, scope, condition.as_deref(), problems)?
    };
    (problems.len() == before).then_some(Loaded {
        edit: Edit { condition, action },
        template_span,
    })
}

fn load_move(
    table: &Table<'_>,
    scope: Scope<'_>,
    condition: Option<&str>,
    problems: &mut Problems,
) -> Option<Action> {
    refuse(
        table,
        &["replace", "delete", "with", "insert"],
        "move",
        problems,
    );
    let target = target(table, "move", scope, condition, problems);
    let places = PLACES.iter().filter(|(key, _)| table.has(key));
    let places: Vec<_> = places.collect();
    let [(key, place)] = places[..] else {
        let title = if places.is_empty() {
            "`move` needs to know where to"
        } else {
            "`move` goes to one place only"
        };
        problems
            .add(Kind::BadEdit, table.key_span("move"), title)
            .help("add one of `before`, `after`, `start-of` and `end-of`, naming a capture");
        return None;
    };
    let anchor = self::target(table, key, scope, condition, problems)?;
    Some(Action::Move {
        target: target?,
        place: *place,
        anchor,
    })
}

fn load_action(
    table: &Table<'_>,
    scope: Scope<'_>,
    condition: Option<&str>,
    problems: &mut Problems,
) -> Option<(Action, Option<Range<usize>>)> {
    const ACTIONS: [&str; 6] = ["replace", "delete", "before", "after", "start-of", "end-of"];
    let present: Vec<&str> = ACTIONS.into_iter().filter(|key| table.has(key)).collect();
    let [key] = present[..] else {
        let (span, title) = match present.get(1) {
            None => (table.span.clone(), "this edit does nothing"),
            Some(second) => (table.key_span(second), "an edit does one thing only"),
        };
        problems.add(Kind::BadEdit, span, title).help(
            "give one of `replace`, `delete`, `before`, `after`, `start-of`, `end-of` and `move`; \
             further `[[rule.edit]]`s do the rest",
        );
        return None;
    };
    let target = target(table, key, scope, condition, problems);
    if key == "delete" {
        refuse(table, &["with", "insert"], key, problems);
        return Some((Action::Delete { target: target? }, None));
    }
    let (companion, other) = if key == "replace" {
        ("with", "insert")
    } else {
        ("insert", "with")
    };
    refuse(table, &[other], key, problems);
    if !table.has(companion) {
        let title = format!("`{key}` needs `{companion}`, the text to write");
        problems.add(Kind::BadEdit, table.key_span(key), title);
        return None;
    }
    let text = table.text(companion, problems)?;
    let read = template::read(&text, scope.names, problems);
    check_matched(
        &text,
        &read.holes,
        scope.captures,
        Guard::Edit(condition),
        problems,
    );
    let span = Some(text.span);
    let place = PLACES.iter().find(|(name, _)| *name == key);
    let action = match place {
        None => Action::Replace {
            target: target?,
            with: read.template,
        },
        Some((_, place)) => Action::Insert {
            place: *place,
            anchor: target?,
            text: read.template,
        },
    };
    Some((action, span))
}

/// Reports keys that do not go with `key`.
fn refuse(table: &Table<'_>, keys: &[&str], key: &str, problems: &mut Problems) {
    for other in keys.iter().filter(|other| table.has(other)) {
        let title = format!("`{other}` does not go with `{key}`");
        problems.add(Kind::BadEdit, table.key_span(other), title);
    }
}

/// The capture under `key`, which must be matched wherever the edit applies.
fn target(
    table: &Table<'_>,
    key: &str,
    scope: Scope<'_>,
    condition: Option<&str>,
    problems: &mut Problems,
) -> Option<Arc<str>> {
    let text = table.text(key, problems)?;
    let name = reference(&text, scope.captures, scope.names.found, problems)?;
    let hole = Hole {
        capture: Arc::clone(&name),
        range: 0..text.value.len(),
    };
    check_matched(
        &text,
        &[hole],
        scope.captures,
        Guard::Target(condition),
        problems,
    );
    Some(name)
}

/// Reads the `@name` of a region to rewrite in: a private capture will do, since the edits name others.
pub(super) fn region(
    text: &Text,
    captures: &BTreeMap<String, Capture>,
    found: &[Arc<str>],
    problems: &mut Problems,
) -> Option<Arc<str>> {
    match text.value.strip_prefix('@') {
        Some(name) if captures.contains_key(name) => Some(Arc::from(name)),
        _ => reference(text, captures, found, problems),
    }
}

/// Reads `@name` and finds the capture.
pub(super) fn reference(
    text: &Text,
    captures: &BTreeMap<String, Capture>,
    found: &[Arc<str>],
    problems: &mut Problems,
) -> Option<Arc<str>> {
    let Some(name) = text.value.strip_prefix('@') else {
        let title = format!("`{}` is not a capture", text.value);
        problems
            .add(Kind::UnknownCapture, text.span.clone(), title)
            .help(format!(
                "captures are written with an at sign: `@{}`",
                text.value
            ));
        return None;
    };
    if name.starts_with('_') && captures.contains_key(name) {
        private(name, text.span.clone(), problems);
        return None;
    }
    if !captures.contains_key(name) {
        let title = format!("the query has no capture `@{name}`");
        let public = captures.keys().filter(|n| !n.starts_with('_'));
        let near = nearest(name, public.map(String::as_str)).map(|n| format!("@{n}"));
        let problem = problems.add(Kind::UnknownCapture, text.span.clone(), title);
        if found.iter().any(|f| &**f == name) {
            problem.help(format!(
                "`@{name}` comes from `find`: it is text for templates, not a place in the file"
            ));
        } else {
            problem.suggest(near.as_deref());
        }
        return None;
    }
    Some(Arc::from(name))
}

fn private(name: &str, span: Range<usize>, problems: &mut Problems) {
    let title = format!("`@{name}` is only for predicates, as its name begins with `_`");
    let public = name.trim_start_matches('_');
    problems
        .add(Kind::PrivateCapture, span, title)
        .help(format!("call it `@{public}` in the query to use it here"));
}

/// Whether the captures of a text may be guarded.
#[derive(Clone, Copy)]
pub(super) enum Guard<'a> {
    /// By the `if` of their edit, with the capture it names now.
    Edit(Option<&'a str>),
    /// As the target of an edit; a list without elements is none.
    Target(Option<&'a str>),
    /// In no way: messages and fresh names are always needed.
    Never,
}

/// Reports the holes whose capture may be unmatched where the guard holds, and private captures.
pub(super) fn check_matched(
    text: &Text,
    holes: &[Hole],
    captures: &BTreeMap<String, Capture>,
    guard: Guard<'_>,
    problems: &mut Problems,
) {
    let condition = match guard {
        Guard::Edit(condition) | Guard::Target(condition) => condition,
        Guard::Never => None,
    };
    let guarding = condition.and_then(|name| captures.get(name));
    for hole in holes {
        let Some(capture) = captures.get(&*hole.capture) else {
            continue;
        };
        let span = text.within(&problems.text(), &hole.range);
        let name = &*hole.capture;
        if name.starts_with('_') {
            private(name, span, problems);
            continue;
        }
        let guarded = condition == Some(name)
            || guarding.is_some_and(|guarding| capture.follows_from(guarding));
        let is_text = capture.is_list && !matches!(guard, Guard::Target(_));
        if capture.optional && !guarded && !is_text {
            let title = format!("`@{name}` may match nothing, and is needed here");
            let help = match guard {
                Guard::Edit(_) | Guard::Target(_) => {
                    format!("add `if = \"@{name}\"` to the edit, or capture it in every branch")
                }
                Guard::Never => "name only what is captured in every match".to_owned(),
            };
            problems.add(Kind::UnmatchedCapture, span, title).help(help);
        }
    }
}
