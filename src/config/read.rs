//! Reads the text of a `gomend.toml`, key by key, and reports all that is wrong with it at once.

use std::{
    ops::Range,
    path::{Component, Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Config, PullRequest, Select, Setting};
use crate::{
    codemod::{
        document::{Table, Text, listed},
        load::toml_errors,
        problem::{Kind, Problems},
        source::files_below,
    },
    deliver::forge,
    diagnostic::{Diagnostic, Source, nearest},
    select::check_glob,
};

const KEYS: [&str; 5] = ["codemods", "select", "exclude", "params", "pr"];
/// Keys that will mean something once gomend can do what they ask for.
const LATER: [&str; 1] = ["verify"];
const SELECT_KEYS: [&str; 4] = ["codemods", "tags", "all", "unsafe"];
const PR_KEYS: [&str; 7] = [
    "remote",
    "forge",
    "title",
    "body-template",
    "labels",
    "reviewers",
    "draft",
];

/// What the text says about the repository at `root`.
pub(super) fn read(source: &Source, root: &Path) -> Result<Config, Vec<Diagnostic>> {
    let mut problems = Problems::new(&source.path, &source.text);
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        toml_errors(&errors, &mut problems);
        return Err(problems.into_sorted());
    }
    let table = Table::new(document.get_ref(), 0..0, "`gomend.toml`");
    table.check_keys(&KEYS, &LATER, &mut problems);
    let codemods = codemods(&table, root, &mut problems);
    let exclude = exclude(&table, &mut problems);
    let select = select(&table, &mut problems);
    let params = params(&table, &mut problems);
    let pr = pull_request(&table, root, &mut problems);
    if problems.len() > 0 {
        return Err(problems.into_sorted());
    }
    Ok(Config {
        source: source.clone(),
        codemods,
        exclude,
        select,
        params,
        pr,
    })
}

fn codemods(table: &Table<'_>, root: &Path, problems: &mut Problems) -> Vec<Setting<PathBuf>> {
    let texts = table.texts("codemods", problems);
    let folders = texts.iter().filter_map(|text| {
        let folder = inside(text, root, problems)?;
        if !folder.is_dir() {
            let title = format!("`{}` is no folder of the repository", text.value);
            problems
                .add(Kind::BadEntry, text.span.clone(), title)
                .help("`codemods` lists folders, relative to the root of the repository; `select.codemods` lists ids");
            return None;
        }
        holds_no_link_out(text, &folder, root, problems)?;
        Some(Setting {
            value: folder,
            span: text.span.clone(),
        })
    });
    folders.collect()
}

/// A linked file would be read, and shown where something is wrong with it.
fn holds_no_link_out(
    text: &Text,
    folder: &Path,
    root: &Path,
    problems: &mut Problems,
) -> Option<()> {
    let files = files_below(folder).unwrap_or_default();
    let leads_out = |file: &&PathBuf| !is_within(file, root);
    let Some(file) = files.iter().find(leads_out) else {
        return Some(());
    };
    let file = file.strip_prefix(root).unwrap_or(file).display();
    let title = format!("`{file}` leads out of the repository");
    problems
        .add(Kind::BadEntry, text.span.clone(), title)
        .help("put a copy in its place");
    None
}

/// The file or folder that a path relative to the root names; what leads out of the repository is reported.
fn inside(text: &Text, root: &Path, problems: &mut Problems) -> Option<PathBuf> {
    let path = Path::new(&text.value);
    let is_plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let full = root.join(path);
    if !is_plain || text.value.is_empty() || (full.exists() && !is_within(&full, root)) {
        let title = format!("`{}` is not inside the repository", text.value);
        problems
            .add(Kind::BadEntry, text.span.clone(), title)
            .help("paths are relative to the root of the repository and stay in it");
        return None;
    }
    Some(full)
}

/// Whether a path, links followed, is below the root.
fn is_within(path: &Path, root: &Path) -> bool {
    match (path.canonicalize(), root.canonicalize()) {
        (Ok(path), Ok(root)) => path.starts_with(root),
        _ => false,
    }
}

fn exclude(table: &Table<'_>, problems: &mut Problems) -> Vec<Setting<String>> {
    let globs = settings(table.texts("exclude", problems));
    for glob in &globs {
        if let Err(cause) = check_glob(&glob.value) {
            let title = format!("`{}` is not a glob: {cause}", glob.value);
            problems.add(Kind::BadEntry, glob.span.clone(), title);
        }
    }
    globs
}

fn select(table: &Table<'_>, problems: &mut Problems) -> Select {
    let Some(select) = table.table("select", "`[select]`", problems) else {
        return Select::default();
    };
    select.check_keys(&SELECT_KEYS, &[], problems);
    let codemods = settings(select.texts("codemods", problems));
    for word in codemods.iter().filter(|word| !is_selector(&word.value)) {
        let title = format!("`{}` is neither an id nor a glob over ids", word.value);
        problems
            .add(Kind::BadEntry, word.span.clone(), title)
            .help("a folder of codemods goes into the key `codemods` at the top");
    }
    Select {
        codemods,
        tags: settings(select.texts("tags", problems)),
        all: flag(&select, "all", problems),
        unsafe_edits: flag(&select, "unsafe", problems),
    }
}

/// Ids are `group/name`; a glob may have braces and classes. What could be a path of the disk is none.
fn is_selector(word: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || matches!(c, '-' | '/' | '*' | '?')
            || matches!(c, '[' | ']' | '{' | '}' | ',' | '!')
    };
    !word.is_empty() && !word.starts_with('/') && word.chars().all(allowed)
}

fn params(table: &Table<'_>, problems: &mut Problems) -> Vec<(String, Setting<String>)> {
    let Some(params) = table.table("params", "`[params]`", problems) else {
        return Vec::new();
    };
    let mut read = Vec::new();
    for (key, key_span, value) in params.iter() {
        if !key.contains('.') || !key.contains('/') {
            problems
                .add(
                    Kind::BadParam,
                    key_span,
                    format!("`{key}` is not `ID.PARAM`"),
                )
                .help("write `\"group/name.param\" = \"value\"`, the key in quotes");
            continue;
        }
        let Some(text) = scalar(value) else {
            let title = format!("`{key}` must be a string, a number, `true` or `false`");
            problems
                .add(Kind::WrongType, value.span(), title)
                .label(format!("this is of type {}", value.get_ref().type_str()));
            continue;
        };
        let span = key_span.start..value.span().end;
        read.push((key.to_owned(), Setting { value: text, span }));
    }
    read
}

/// A value as `--set` would give it.
fn scalar(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn pull_request(table: &Table<'_>, root: &Path, problems: &mut Problems) -> PullRequest {
    let Some(pr) = table.table("pr", "`[pr]`", problems) else {
        return PullRequest::default();
    };
    pr.check_keys(&PR_KEYS, &[], problems);
    let filled = |key: &str, problems: &mut Problems| {
        let text = if pr.has(key) {
            pr.required_text(key, problems)
        } else {
            None
        };
        text.map(setting)
    };
    let remote = filled("remote", problems);
    if let Some(remote) = remote.as_ref().filter(|remote| !is_remote(&remote.value)) {
        let title = format!("`{}` is not the name of a remote", remote.value);
        problems
            .add(Kind::BadEntry, remote.span.clone(), title)
            .help("`git remote` lists them; an address cannot stand here");
    }
    let forge = filled("forge", problems).and_then(|name| forge(name, problems));
    PullRequest {
        remote,
        forge,
        title: filled("title", problems),
        body_template: body_template(&pr, root, problems),
        labels: settings(pr.texts("labels", problems)),
        reviewers: settings(pr.texts("reviewers", problems)),
        draft: flag(&pr, "draft", problems),
    }
}

fn forge(name: Setting<String>, problems: &mut Problems) -> Option<Setting<forge::Kind>> {
    if let Ok(value) = name.value.parse() {
        let span = name.span;
        return Some(Setting { value, span });
    }
    let known = forge::Kind::ALL.map(forge::Kind::name);
    let title = format!("`{}` is no forge that gomend knows", name.value);
    problems
        .add(Kind::BadEntry, name.span, title)
        .suggest(nearest(&name.value, known))
        .help(format!("it knows {}", listed(&known)));
    None
}

fn body_template(pr: &Table<'_>, root: &Path, problems: &mut Problems) -> Option<Setting<PathBuf>> {
    let text = pr.text("body-template", problems)?;
    let path = inside(&text, root, problems)?;
    if !path.is_file() {
        let title = format!("`{}` is no file of the repository", text.value);
        problems.add(Kind::BadEntry, text.span.clone(), title);
        return None;
    }
    Some(Setting {
        value: path,
        span: text.span,
    })
}

/// What git takes for the name of a remote, less what could be read as an address or an option.
fn is_remote(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.starts_with(['-', '.']) && name.chars().all(allowed)
}

fn flag(table: &Table<'_>, key: &str, problems: &mut Problems) -> Option<Setting<bool>> {
    let span: Range<usize> = table.has(key).then(|| table.key_span(key))?;
    let value = table.flag(key, problems);
    Some(Setting { value, span })
}

fn settings(texts: Vec<Text>) -> Vec<Setting<String>> {
    texts.into_iter().map(setting).collect()
}

fn setting(text: Text) -> Setting<String> {
    Setting {
        value: text.value,
        span: text.span,
    }
}
