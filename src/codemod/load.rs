//! Loads one codemod file. In: its id, its text and the values set for its parameters. Out: a [`Codemod`], or every problem
//! of the file, in its order.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use toml::de::DeTable;

use super::{
    Codemod, Origin, Param, RuleQuery,
    checked_query::{LoadedQuery, check_pattern, check_query},
    document::{Table, Text, as_table, as_text},
    pattern::MATCH,
    predicates::bad_version,
    problem::{Kind, Problems},
    resources,
    rules::{self, Frame, is_slug, is_word},
    template::fill_params,
};
use crate::{
    diagnostic::{Diagnostic, line_column, nearest},
    finding::Applicability,
    go::version::Requirement,
};

/// A value for a parameter: name and value.
pub type Setting = (String, String);

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Everything.
    Full,
    /// All but what needs compiled queries: for shipped codemods, which the tests check in full.
    Quick,
}

/// Loads a codemod. `sets` gives values to its parameters; names it does not have are refused. A shipped codemod without
/// settings compiles its queries on first need; every other is checked in full.
///
/// # Errors
/// All problems of the file, in its order.
pub fn load_text(
    id: &str,
    origin: Origin,
    text: &str,
    sets: &[Setting],
) -> Result<Codemod, Vec<Diagnostic>> {
    let depth = match origin {
        Origin::Embedded(_) if sets.is_empty() => Depth::Quick,
        _ => Depth::Full,
    };
    load(id, origin, text, sets, depth, true)
}

/// Loads a codemod and checks all of it; parameters without a value are no problem. For `lint`.
pub(super) fn check_text(id: &str, origin: Origin, text: &str) -> Result<Codemod, Vec<Diagnostic>> {
    load(id, origin, text, &[], Depth::Full, false)
}

/// Loads a query that stands for itself, with all checks; problems are shown under the path `query`.
///
/// # Errors
/// All problems of the query, in its order.
pub fn load_query(text: &str) -> Result<RuleQuery, Vec<Diagnostic>> {
    let mut problems = Problems::new(Path::new("query"), text);
    let loaded = check_query(Text::whole(text), ALONE, &mut problems);
    finish(loaded, problems)
}

/// Loads the query that a pattern stands for; package names are those of the text, and problems are shown under the path
/// `pattern`.
///
/// # Errors
/// All problems of the pattern, in its order.
pub fn load_pattern(text: &str) -> Result<RuleQuery, Vec<Diagnostic>> {
    let mut problems = Problems::new(Path::new("pattern"), text);
    let loaded = check_pattern(&Text::whole(text), MATCH, &[], ALONE, &mut problems);
    finish(loaded, problems)
}

/// What a query outside of any codemod has around it.
const ALONE: Frame<'static> = Frame {
    applicability: None,
    imports: &BTreeMap::new(),
    params: &BTreeMap::new(),
    found: &[],
    outer: &[],
    depth: Depth::Full,
};

fn finish(loaded: Option<LoadedQuery>, problems: Problems) -> Result<RuleQuery, Vec<Diagnostic>> {
    match loaded {
        Some(loaded) if problems.len() == 0 => Ok(loaded.query),
        _ => Err(problems.into_sorted()),
    }
}

/// The path a codemod's problems are shown under.
pub(super) fn shown_path(origin: &Origin) -> PathBuf {
    match origin {
        Origin::Embedded(path) => Path::new("codemods").join(path),
        Origin::File(path) => path.clone(),
    }
}

const KEYS: &[&str] = &[
    "summary",
    "description",
    "tags",
    "applicability",
    "go",
    "fixes",
    "references",
    "imports",
    "params",
    "resource",
    "rule",
];

fn load(
    id: &str,
    origin: Origin,
    text: &str,
    sets: &[Setting],
    depth: Depth,
    need_values: bool,
) -> Result<Codemod, Vec<Diagnostic>> {
    let mut problems = Problems::new(&shown_path(&origin), text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        toml_errors(&errors, &mut problems);
        return Err(problems.into_sorted());
    }
    if !is_id(id) {
        problems
            .add(Kind::BadId, 0..0, format!("`{id}` is no id for a codemod"))
            .help("the id is made of the file's folder and its name, `group/name.toml`: lower-case letters, digits and `-`");
    }
    let table = Table::new(document.get_ref(), 0..0, "a codemod");
    let codemod = load_table(id, origin, &table, sets, depth, need_values, &mut problems);
    match codemod {
        Some(codemod) if problems.len() == 0 => Ok(codemod),
        _ => Err(problems.into_sorted()),
    }
}

/// Reports the errors of the TOML parser, of a run on one line or on neighbouring lines only the first: after one error, its
/// recovery stumbles over what follows.
pub(crate) fn toml_errors(errors: &[toml::de::Error], problems: &mut Problems) {
    let text = problems.text();
    let place = |error: &toml::de::Error| error.span().unwrap_or(0..0);
    let mut sorted: Vec<_> = errors.iter().collect();
    sorted.sort_by_key(|error| place(error).start);
    let mut last_line = None;
    for error in sorted {
        let (line, _) = line_column(&text, place(error).start);
        let follows = last_line.is_some_and(|last| line <= last + 1);
        last_line = Some(line);
        if !follows {
            problems.add(Kind::Toml, place(error), error.message().trim());
        }
    }
}

/// Whether `id` is `group/name`.
pub(crate) fn is_id(id: &str) -> bool {
    id.split_once('/')
        .is_some_and(|(group, name)| is_slug(group) && is_slug(name))
}

fn load_table(
    id: &str,
    origin: Origin,
    table: &Table<'_>,
    sets: &[Setting],
    depth: Depth,
    need_values: bool,
    problems: &mut Problems,
) -> Option<Codemod> {
    table.check_keys(KEYS, &[], problems);
    let summary = table.required_text("summary", problems);
    if let Some(summary) = summary.as_ref().filter(|s| s.value.trim().contains('\n')) {
        let title = "`summary` is one line";
        problems
            .add(Kind::BadText, summary.span.clone(), title)
            .help("say more in `description`");
    }
    let description = table.required_text("description", problems);
    let tags = load_tags(table, problems);
    let most = table
        .required_text("applicability", problems)
        .and_then(|text| applicability(&text, problems));
    let go = load_go(table, problems);
    let fixes = load_fixes(table, problems);
    let references = load_references(table, problems);
    let params = load_params(id, table, sets, need_values, problems);
    let imports = load_imports(table, &params, problems);
    let frame = Frame {
        applicability: most,
        imports: &imports,
        params: &params,
        found: &[],
        outer: &[],
        depth,
    };
    let mut rules = load_rules(table, frame, problems);
    if let Some(table) = resources::load(table, problems) {
        for rule in &mut rules {
            let inner = rule.within.iter_mut().map(|within| &mut within.query);
            for query in inner.chain([&mut rule.query]) {
                query.resources = Some(Arc::clone(&table));
            }
        }
    }
    Some(Codemod {
        id: Arc::from(id),
        origin,
        summary: summary?.value.trim().to_owned(),
        description: description?.value,
        tags,
        applicability: most?,
        go,
        fixes,
        references,
        imports,
        params,
        rules,
    })
}

fn load_rules(table: &Table<'_>, frame: Frame<'_>, problems: &mut Problems) -> Vec<super::Rule> {
    if !table.has("rule") {
        table.missing("rule", problems);
    }
    let before = problems.len();
    let tables = table.tables("rule", "`[[rule]]`", problems);
    if table.has("rule") && tables.is_empty() && problems.len() == before {
        let title = "a codemod needs at least one rule";
        problems.add(Kind::MissingKey, table.key_span("rule"), title);
    }
    let mut seen: BTreeMap<String, std::ops::Range<usize>> = BTreeMap::new();
    for rule in &tables {
        // Another type than a string is reported when the rule itself is loaded.
        let mut ignored = Problems::new(Path::new(""), "");
        let Some(name) = rule.text("name", &mut ignored) else {
            continue;
        };
        if let Some(first) = seen.get(&name.value) {
            let title = format!("two rules are called `{}`", name.value);
            problems
                .add(Kind::DuplicateName, name.span, title)
                .also(first.clone(), "the first one");
        } else {
            seen.insert(name.value, name.span);
        }
    }
    tables
        .iter()
        .filter_map(|rule| rules::load(rule, frame, problems))
        .collect()
}

/// Reads `safe`, `unsafe` or `display`.
pub(super) fn applicability(text: &Text, problems: &mut Problems) -> Option<Applicability> {
    let read = Applicability::parse(&text.value);
    if read.is_none() {
        let title = format!("`{}` is no applicability", text.value);
        problems
            .add(Kind::BadApplicability, text.span.clone(), title)
            .suggest(nearest(&text.value, ["safe", "unsafe", "display"]))
            .help("it is `safe`, `unsafe` or `display`");
    }
    read
}

fn load_tags(table: &Table<'_>, problems: &mut Problems) -> Vec<String> {
    let mut tags = Vec::new();
    for tag in table.texts("tags", problems) {
        if !is_slug(&tag.value) {
            let title = format!("`{}` is not a tag", tag.value);
            problems
                .add(Kind::BadEntry, tag.span, title)
                .help("use lower-case letters, digits and `-`, a letter first");
            continue;
        }
        tags.push(tag.value);
    }
    tags
}

fn load_go(table: &Table<'_>, problems: &mut Problems) -> Option<Requirement> {
    let text = table.text("go", problems)?;
    let requirement = Requirement::parse(&text.value);
    if requirement.is_none() {
        bad_version(&text.value, text.span, problems);
    }
    requirement
}

fn load_fixes(table: &Table<'_>, problems: &mut Problems) -> Vec<String> {
    let mut fixes = Vec::new();
    for fix in table.texts("fixes", problems) {
        let well_formed = fix
            .value
            .split_once('/')
            .is_some_and(|(tool, check)| !tool.is_empty() && !check.is_empty());
        if !well_formed {
            let title = format!("`{}` names no check of another tool", fix.value);
            problems
                .add(Kind::BadEntry, fix.span, title)
                .help("write `tool/check`: `govet/lostcancel`");
            continue;
        }
        fixes.push(fix.value);
    }
    fixes
}

fn load_references(table: &Table<'_>, problems: &mut Problems) -> Vec<String> {
    let mut references = Vec::new();
    for link in table.texts("references", problems) {
        if !link.value.starts_with("https://") && !link.value.starts_with("http://") {
            let title = format!("`{}` is not a link", link.value);
            problems
                .add(Kind::BadEntry, link.span, title)
                .help("a reference begins with `https://`");
            continue;
        }
        references.push(link.value);
    }
    references
}

fn load_params(
    id: &str,
    table: &Table<'_>,
    sets: &[Setting],
    need_values: bool,
    problems: &mut Problems,
) -> BTreeMap<String, Param> {
    let mut params = BTreeMap::new();
    if let Some(table) = table.table("params", "`[params]`", problems) {
        for (name, span, value) in table.iter() {
            if !is_word(name) {
                let title = format!("`{name}` is no name for a parameter");
                problems
                    .add(Kind::BadParam, span.clone(), title)
                    .help("use letters, digits and `_`");
            }
            let Some(entry) = as_table(name, value, "a parameter", problems) else {
                continue;
            };
            entry.check_keys(&["default", "help"], &[], problems);
            let default = entry.text("default", problems).map(|text| text.value);
            let help = entry.required_text("help", problems);
            let set = sets.iter().rev().find(|(key, _)| key == name);
            let value = set.map(|(_, value)| value.clone()).or(default.clone());
            if value.is_none() && need_values && !entry.has("default") {
                let title = format!("the parameter `{name}` has no default and no value");
                problems
                    .add(Kind::UnsetParam, span, title)
                    .help(format!("give it one: `--set {id}.{name}=VALUE`"));
            }
            let help = help.map(|text| text.value).unwrap_or_default();
            let param = Param {
                default,
                value,
                help,
            };
            params.insert(name.to_owned(), param);
        }
    }
    for (name, _) in sets {
        if !params.contains_key(name) {
            let title = format!("`--set {id}.{name}=…`: `{id}` has no parameter `{name}`");
            let near = nearest(name, params.keys().map(String::as_str));
            problems.add(Kind::BadParam, 0..0, title).suggest(near);
        }
    }
    params
}

fn load_imports(
    table: &Table<'_>,
    params: &BTreeMap<String, Param>,
    problems: &mut Problems,
) -> BTreeMap<String, String> {
    let mut imports = BTreeMap::new();
    let Some(table) = table.table("imports", "`[imports]`", problems) else {
        return imports;
    };
    for (name, span, value) in table.iter() {
        if !is_word(name) {
            let title = format!("`{name}` is no package name");
            problems
                .add(Kind::BadImport, span, title)
                .help("the key is the package's name, the value its import path");
        }
        let Some(path) = as_text(name, value, problems) else {
            continue;
        };
        let before = problems.len();
        let filled = fill_params(&path.value, params, |param| {
            let title = format!("there is no parameter `{param}`");
            problems
                .add(Kind::UnknownName, path.span.clone(), title)
                .suggest(nearest(param, params.keys().map(String::as_str)));
        });
        if problems.len() == before && !is_import_path(&filled) {
            let title = format!("`{filled}` is not an import path");
            problems.add(Kind::BadImport, path.span, title);
        }
        imports.insert(name.to_owned(), filled);
    }
    imports
}

/// Go forbids these characters in import paths (<https://go.dev/ref/spec#Import_declarations>).
fn is_import_path(path: &str) -> bool {
    let forbidden = |c: char| {
        c.is_whitespace() || c.is_control() || "!\"#$%&'()*,:;<=>?[\\]^`{|}\u{fffd}".contains(c)
    };
    !path.is_empty() && !path.contains(forbidden) && !path.split('/').any(str::is_empty)
}
