//! Loads `[[rule]]` and its query. In: a table of the file and what the codemod declares. Out: a [`Rule`] that names only
//! what it has.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Edit, Fresh, Param, Rule, Within,
    captures::Capture,
    checked_query::{LoadedQuery, load_query},
    document::{Table, Text, as_text},
    edits, finds,
    load::{Depth, applicability},
    pattern::{INNER, MATCH},
    problem::{Kind, Problems},
    scope, settle, shape,
    template::{self, Names},
};
use crate::finding::Applicability;

/// What a rule takes from its codemod.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// The most the rule may claim; `None` where that is itself wrong.
    pub applicability: Option<Applicability>,
    /// `[imports]`.
    pub imports: &'a BTreeMap<String, String>,
    /// `[params]`.
    pub params: &'a BTreeMap<String, Param>,
    /// Names of the rule's `find`.
    pub found: &'a [Arc<str>],
    /// Captures of the rule that the predicates of its `within` can name.
    pub outer: &'a [Arc<str>],
    /// How much to check.
    pub depth: Depth,
}

/// Loads one rule; what is wrong with it is reported.
pub(super) fn load(table: &Table<'_>, frame: Frame<'_>, problems: &mut Problems) -> Option<Rule> {
    const KEYS: &[&str] = &[
        "name",
        "message",
        "query",
        "pattern",
        "where",
        "applicability",
        "once",
        "fresh",
        "find",
        "scope",
        "file",
        "edit",
        "within",
    ];
    table.check_keys(KEYS, &[], problems);
    let name = table.required_text("name", problems);
    if let Some(name) = &name {
        check_name(name, problems);
    }
    let message = table.required_text("message", problems);
    let applicability = rule_applicability(table, frame.applicability, problems);
    let scope = scope::load(table, problems);
    let once = table.flag("once", problems) || scope.is_some();
    let find = finds::load(table, problems);
    let found_names: Vec<Arc<str>> = find.iter().map(|f| Arc::clone(&f.name)).collect();
    let frame = Frame {
        found: &found_names,
        ..frame
    };
    let query = load_query(table, MATCH, frame, problems);
    let Some(mut query) = query else {
        // Without captures every name would be unknown: of the rest, only the keys can be checked.
        for edit in table.tables("edit", "`[[rule.edit]]`", problems) {
            edits::check_keys(&edit, problems);
        }
        return None;
    };
    query.query.find = find;
    query.query.scope = scope;
    let scope_names = query.query.captures.clone();
    let fresh = load_fresh(table, &query, frame, problems);
    let fresh_names: Vec<Arc<str>> = fresh.iter().map(|f| Arc::clone(&f.name)).collect();
    finds::check_names(table, &query, &fresh_names, frame.imports, problems);
    let names = Names {
        captures: &scope_names,
        fresh: &fresh_names,
        found: frame.found,
        imports: frame.imports,
        params: frame.params,
    };
    let message = message.map(|text| load_message(&text, &query, frame, problems));
    let known = edits::Scope {
        captures: &query.captures,
        names,
    };
    let tables = table.tables("edit", "`[[rule.edit]]`", problems);
    let loaded: Vec<_> = tables
        .iter()
        .filter_map(|edit| edits::load(edit, known, problems))
        .collect();
    if frame.depth == Depth::Full {
        check_shapes(&loaded, &query.captures, problems);
    }
    let loaded_all = loaded.len() == tables.len();
    let spans: Vec<_> = loaded.iter().map(|l| l.template_span.clone()).collect();
    let edits: Vec<Edit> = loaded.into_iter().map(|l| l.edit).collect();
    if frame.depth == Depth::Full && loaded_all && query.query.compiled.get().is_some() {
        check_settles(&query, &edits, &spans, problems);
    }
    let withins: Vec<_> = table
        .tables("within", "`[[rule.within]]`", problems)
        .iter()
        .filter_map(|within| load_within(within, &query, names, frame, problems))
        .collect();
    if !table.has("edit") && !table.has("within") && applicability > Some(Applicability::Display) {
        no_edit(table, problems);
    }
    Some(Rule {
        name: Arc::from(name?.value),
        message: message?,
        applicability: applicability?,
        once,
        query: query.query,
        fresh,
        edits,
        within: withins,
    })
}

/// A piece of code behind some words: on lines of its own where it has several.
fn shown(words: &str, code: &str) -> String {
    let code = code.trim();
    if code.contains('\n') {
        format!("{words}:\n{code}")
    } else {
        format!("{words} `{code}`")
    }
}

/// Reports templates that are Go nowhere in the places their edits may put them.
fn check_shapes(
    edits: &[edits::Loaded],
    captures: &BTreeMap<String, Capture>,
    problems: &mut Problems,
) {
    for loaded in edits {
        let tried = shape::try_parse(&loaded.edit.action, captures, &BTreeMap::new());
        let failed = tried.filter(|tried| tried.parsed.is_none());
        if let (Some(tried), Some(span)) = (failed, &loaded.template_span) {
            let title = "what this template writes is not Go where it is put";
            problems
                .add(Kind::TemplateShape, span.clone(), title)
                .help(shown("with stand-ins it reads", &tried.text));
        }
    }
}

/// Reports a rule whose result its own query certainly matches again.
fn check_settles(
    query: &LoadedQuery,
    edits: &[Edit],
    spans: &[Option<Range<usize>>],
    problems: &mut Problems,
) {
    if !query.query.find.is_empty() {
        return; // whether what it looks for is in scope again is not known
    }
    let Some((index, result)) = settle::matched_again(query, edits) else {
        return;
    };
    let title = "the rule's own query matches its result again, so it would never settle";
    let span = spans[index].clone().unwrap_or(query.text.span.clone());
    problems
        .add(Kind::NeverSettles, span, title)
        .help(shown("with stand-ins the result reads", &result))
        .help("let a predicate refuse what is already as it should be");
}

fn no_edit(table: &Table<'_>, problems: &mut Problems) {
    problems
        .add(
            Kind::NoEdit,
            table.span.clone(),
            "this rule has no edit, yet claims to have one that can be applied",
        )
        .help("add `[[rule.edit]]`, or say `applicability = \"display\"`");
}

fn check_name(name: &Text, problems: &mut Problems) {
    if !is_slug(&name.value) {
        let title = format!("`{}` is not a rule name", name.value);
        problems
            .add(Kind::BadName, name.span.clone(), title)
            .help("use lower-case letters, digits and `-`, a letter first");
    }
}

/// Lower-case letters, digits and hyphens, a letter first.
pub(super) fn is_slug(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// ASCII letters, digits and `_`, no digit first: what templates can name.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn rule_applicability(
    table: &Table<'_>,
    most: Option<Applicability>,
    problems: &mut Problems,
) -> Option<Applicability> {
    let Some(text) = table.text("applicability", problems) else {
        return most;
    };
    let own = applicability(&text, problems)?;
    if let Some(most) = most.filter(|most| own > *most) {
        let title = format!(
            "a rule may not be `{}` in a codemod that is `{}`",
            own.as_str(),
            most.as_str()
        );
        problems
            .add(Kind::RaisedApplicability, text.span, title)
            .help(
                "raise the codemod's own `applicability`, and lower it in the rules that need it",
            );
    }
    Some(own)
}

/// A message may name captures that always match, and parameters.
fn load_message(
    text: &Text,
    query: &LoadedQuery,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> super::Template {
    let names = Names {
        captures: &query.query.captures,
        fresh: &[],
        found: frame.found,
        imports: &BTreeMap::new(),
        params: frame.params,
    };
    let read = template::read(text, names, problems);
    edits::check_matched(
        text,
        &read.holes,
        &query.captures,
        edits::Guard::Never,
        problems,
    );
    read.template
}

fn load_fresh(
    table: &Table<'_>,
    query: &LoadedQuery,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Vec<Fresh> {
    let Some(table) = table.table("fresh", "`fresh`", problems) else {
        return Vec::new();
    };
    let names = Names {
        captures: &query.query.captures,
        fresh: &[],
        found: &[],
        imports: &BTreeMap::new(),
        params: frame.params,
    };
    let mut all = Vec::new();
    for (name, span, value) in table.iter() {
        if !is_word(name) {
            let title = format!("`{name}` is no name that a template can use");
            problems
                .add(Kind::BadName, span.clone(), title)
                .help("use letters, digits and `_`");
        }
        let taken = query.captures.contains_key(name) || frame.imports.contains_key(name);
        if taken {
            let title =
                format!("`{name}` is a capture or an import too, so `@{name}` is ambiguous");
            problems.add(Kind::DuplicateName, span, title);
        }
        let Some(text) = as_text(name, value, problems) else {
            continue;
        };
        let read = template::read(&text, names, problems);
        edits::check_matched(
            &text,
            &read.holes,
            &query.captures,
            edits::Guard::Never,
            problems,
        );
        if let [super::Part::Text(base)] = &read.template.parts[..]
            && !is_word(base)
        {
            let title = format!("`{base}` is not a Go identifier");
            problems.add(Kind::BadName, text.span.clone(), title);
        }
        all.push(Fresh {
            name: Arc::from(name),
            base: read.template,
        });
    }
    all
}

fn load_within(
    table: &Table<'_>,
    outer: &LoadedQuery,
    names: Names<'_>,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Option<Within> {
    table.check_keys(
        &["in", "query", "pattern", "where", "edit"],
        &["find"],
        problems,
    );
    let capture = table
        .required_text("in", problems)
        .and_then(|text| edits::region(&text, &outer.captures, frame.found, problems));
    if !table.has("edit") {
        table.missing("edit", problems);
    }
    let frame = Frame {
        outer: &outer.query.captures,
        ..frame
    };
    let query = load_query(table, INNER, frame, problems)?;
    for (name, inner) in &query.captures {
        if let Some(first) = outer.captures.get(name) {
            let span = query.text.within(&problems.text(), &inner.span);
            let first = outer.text.within(&problems.text(), &first.span);
            problems
                .add(
                    Kind::CollidingCapture,
                    span,
                    format!("`@{name}` is a capture of the rule's own query too"),
                )
                .also(first, "captured here")
                .help("give one of them another name");
        }
    }
    let inner: Vec<Arc<str>> = names
        .captures
        .iter()
        .chain(&query.query.captures)
        .cloned()
        .collect();
    let mut captures = outer.captures.clone();
    captures.extend(query.captures.clone());
    let scope = edits::Scope {
        captures: &captures,
        names: Names {
            captures: &inner,
            ..names
        },
    };
    let tables = table.tables("edit", "`[[rule.within.edit]]`", problems);
    let loaded: Vec<_> = tables
        .iter()
        .filter_map(|edit| edits::load(edit, scope, problems))
        .collect();
    if frame.depth == Depth::Full {
        check_shapes(&loaded, &captures, problems);
    }
    Some(Within {
        capture: capture?,
        query: query.query,
        edits: loaded.into_iter().map(|l| l.edit).collect(),
    })
}
