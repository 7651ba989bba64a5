//! The file `.git-blame-ignore-revs`: commits that `git blame` passes over, each name in a line of its own, `#` before
//! a comment (git-blame(1), `--ignore-revs-file`). The forges read it at the top of the repository.

use std::{fmt::Write as _, path::Path};

use super::{
    branch::{Error, IGNORE_REVS, trailers},
    store::{New, Store},
};
use crate::git::Id;

/// Whether the commit has the file, or git is told to read one.
pub(super) fn is_in_use(store: &dyn Store, tree: &Id) -> Result<bool, Error> {
    if store.file(tree, Path::new(IGNORE_REVS))?.is_some() {
        return Ok(true);
    }
    let settings = store.settings()?;
    Ok(settings
        .get("blame.ignorerevsfile")
        .is_some_and(|file| !file.is_empty()))
}

/// The tree with the commits, each a name and a message, added to the file.
pub(super) fn add(store: &dyn Store, tree: &Id, commits: &[(&Id, &str)]) -> Result<Id, Error> {
    let stored = store.file(tree, Path::new(IGNORE_REVS))?;
    if stored.as_ref().is_some_and(|stored| !stored.is_regular()) {
        return Err(Error::new(format!(
            "`{IGNORE_REVS}` is not a regular file in the base; leave out `--blame-ignore-revs`"
        )));
    }
    let mode = stored.as_ref().map_or(0o100_644, |stored| stored.mode);
    let mut text = match stored {
        Some(stored) => String::from_utf8(stored.content).map_err(|_| {
            Error::new(format!(
                "`{IGNORE_REVS}` is not UTF-8 in the base; leave out `--blame-ignore-revs`"
            ))
        })?,
        None => String::new(),
    };
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    for (id, message) in commits {
        let subject = message.lines().next().unwrap_or_default();
        writeln!(text, "# {subject}\n{id}").expect("writing to a string cannot fail");
    }
    let new = New {
        path: Path::new(IGNORE_REVS),
        mode,
        content: &text,
    };
    store.tree(tree, &[new])
}

/// What the commit says that adds them: the trailers are those of the others together.
pub(super) fn message(messages: &[&str], base: &Id) -> String {
    let values = |key: &str| -> Vec<String> {
        let mut values: Vec<String> = messages
            .iter()
            .filter_map(|message| {
                let key = format!("{key}: ");
                message
                    .lines()
                    .rev()
                    .find_map(|line| line.strip_prefix(&key))
            })
            .flat_map(|value| value.split(", ").map(str::to_owned))
            .collect();
        values.sort();
        values.dedup();
        values
    };
    format!(
        "Let git blame pass over the commits before this\n\nThey changed code by rules; who wrote it is whom blame named before.\n\n{}",
        trailers(
            &values("Gomend-Codemod").join(", "),
            &values("Gomend-Version").join(", "),
            base
        )
    )
}
