//! Joins what was typed with what the repository's `gomend.toml` says. The command line wins: a choice of codemods there
//! (`-c`, `--tag`, `--all`, `--from`) puts all of `[select]` out of force, and `--set` one value of `[params]`; folders of
//! codemods and globs of `exclude` are those of both.

mod show;

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

pub use self::show::show;
use super::{
    args::SearchArgs,
    error::Failure,
    plan::{Input, Search},
};
use crate::{
    codemod::selection::{Places, Request},
    config::{self, Config, FILE, Setting},
    report::place::Frame,
    select,
};

/// Reads the file of the repository that is searched, and puts in force what the command line leaves open.
pub fn configure(search: &mut Search, args: &SearchArgs) -> Result<(), Failure> {
    let Some((frame, config)) = load(&start(&search.input))? else {
        return Ok(());
    };
    if !chooses(args) {
        let select = &config.select;
        search.codemods.codemods = values(&select.codemods);
        search.codemods.tags = values(&select.tags);
        search.codemods.all = is_set(select.all.as_ref());
        search.unsafe_edits |= is_set(select.unsafe_edits.as_ref());
    }
    add_folders(&mut search.codemods, &config, &frame);
    let sets = sets(&config, &args.set);
    search
        .codemods
        .sets
        .splice(..0, sets.iter().map(|(set, _)| set.clone()));
    search.options.exclude.splice(..0, values(&config.exclude));
    search.codemods.places = Some(Places {
        source: config.source.clone(),
        codemods: spans(&config.select.codemods),
        tags: spans(&config.select.tags),
        sets: sets.into_iter().collect(),
    });
    search.config = Some(config);
    Ok(())
}

/// Adds the folders of the current repository's file to a request that searches nothing.
pub fn add_own_folders(request: &mut Request, no_config: bool) -> Result<(), Failure> {
    if no_config {
        return Ok(());
    }
    if let Some((frame, config)) = load(Path::new("."))? {
        add_folders(request, &config, &frame);
    }
    Ok(())
}

/// Whether the command line says which codemods run.
fn chooses(args: &SearchArgs) -> bool {
    let choice = &args.choice;
    args.all || args.from.is_some() || !(choice.codemod.is_empty() && choice.tag.is_empty())
}

/// A path in the repository that is searched.
fn start(input: &Input) -> PathBuf {
    let path = match input {
        Input::Paths(paths) => paths.first().cloned(),
        Input::Stdin(path) => path.clone(),
    };
    path.unwrap_or_else(|| PathBuf::from("."))
}

fn load(path: &Path) -> Result<Option<(Frame, Config)>, Failure> {
    let Some(root) = select::work_tree(path) else {
        return Ok(None);
    };
    let current = std::env::current_dir().and_then(std::fs::canonicalize);
    let frame = Frame {
        root,
        current: current.ok(),
    };
    let shown = frame.show(Path::new(FILE));
    let config = config::load(&frame.root, Path::new(&shown)).map_err(Failure::Diagnostics)?;
    Ok(config.map(|config| (frame, config)))
}

/// Folders come as a person would type them, so that messages about their files are short.
fn add_folders(request: &mut Request, config: &Config, frame: &Frame) {
    let typed = |folder: &Setting<PathBuf>| {
        let shown = PathBuf::from(frame.show(&folder.value));
        if shown.is_dir() {
            shown
        } else {
            folder.value.clone()
        }
    };
    request
        .folders
        .splice(..0, config.codemods.iter().map(typed));
}

/// `ID.PARAM=VALUE` of each value that no `--set` replaces.
fn sets(config: &Config, typed: &[String]) -> Vec<(String, Range<usize>)> {
    let names: Vec<&str> = typed
        .iter()
        .filter_map(|set| Some(set.split_once('=')?.0))
        .collect();
    let kept = config
        .params
        .iter()
        .filter(|(name, _)| !names.contains(&&**name));
    kept.map(|(name, value)| (format!("{name}={}", value.value), value.span.clone()))
        .collect()
}

fn values(settings: &[Setting<String>]) -> Vec<String> {
    settings
        .iter()
        .map(|setting| setting.value.clone())
        .collect()
}

fn spans(settings: &[Setting<String>]) -> BTreeMap<String, Range<usize>> {
    let spans = settings.iter().map(|s| (s.value.clone(), s.span.clone()));
    spans.collect()
}

fn is_set(setting: Option<&Setting<bool>>) -> bool {
    setting.is_some_and(|setting| setting.value)
}
