//! `gomend apply --interactive`: asks a person about each finding before anything is written. [`session`] is the
//! conversation, which knows neither terminal nor engine; [`terminal`] and [`editor`] are the outside.
//!
//! Asked about are the findings whose changes `gomend apply` would make with the same options: unsafe ones only with
//! `--unsafe`. Those that are only shown are in the report at the end, as always.

mod editor;
mod key;
mod mode;
mod passage;
mod session;
mod signals;
mod terminal;
#[cfg(test)]
mod tests;
mod view;

use std::path::Path;

use self::{editor::GitEditor, session::Session, terminal::Tty};
use super::{
    args::Global,
    error::{Error, Failure},
    foreign::From,
    plan::{Input, Search},
    stages::{self, Prepared, Purpose, Searched},
};
use crate::engine;

/// Searches as planned, and keeps what a person accepts.
pub fn search(plan: &Search, allow_dirty: bool, global: &Global) -> Result<Searched, Failure> {
    require_terminal(plan)?;
    let purpose = Purpose::Write;
    stages::search_with(plan, purpose, global, &mut |prepared| {
        ask(prepared, allow_dirty)
    })
}

/// Says what is in the way of a conversation.
fn require_terminal(plan: &Search) -> Result<(), Error> {
    if matches!(plan.input, Input::Stdin(_)) {
        let error = Error::new(
            "`-` reads the file from standard input, where `--interactive` reads the answers",
        );
        return Err(error.help("name the file, or leave out `--interactive`"));
    }
    if plan.from == Some(From::Stdin) {
        let error = Error::new(
            "`--from -` reads findings from standard input, where `--interactive` reads the answers",
        );
        return Err(error.help("write the findings to a file and give `--from` its name"));
    }
    if !Tty::is_there() {
        let error = Error::new(
            "`--interactive` asks on a terminal, and standard input or standard error is none",
        );
        return Err(error.help("run it in a terminal, or leave it out"));
    }
    Ok(())
}

fn ask(prepared: &Prepared<'_>, allow_dirty: bool) -> Result<engine::Run, Failure> {
    let root = &prepared.plan.files.root;
    let mut terminal = Tty::new(is_single_key(root));
    let signals = terminal.signals();
    let mut editor = GitEditor::new(root, &signals);
    let mut require_clean = |paths: &[_]| {
        if allow_dirty {
            return Ok(());
        }
        stages::require_clean_files(root, prepared.frame, paths)
    };
    let mut session = Session::new(
        &mut terminal,
        &mut editor,
        &mut require_clean,
        prepared.frame,
        prepared.codemods,
    );
    let run = engine::run_reviewed(prepared.plan, prepared.bar, Some(&mut session));
    match session.failure.take() {
        Some(failure) => Err(failure.into()),
        None => Ok(run.map_err(|error| Error::new(error.to_string()))?),
    }
}

/// Whether git's user wants to answer without Enter (git-config(1), `interactive.singleKey`).
fn is_single_key(root: &Path) -> bool {
    let repository = git2::Repository::discover(root);
    let config = repository
        .and_then(|repository| repository.config())
        .or_else(|_| git2::Config::open_default());
    let wants = config.and_then(|config| config.get_bool("interactive.singleKey"));
    cfg!(unix) && wants.unwrap_or(false)
}
