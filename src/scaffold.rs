//! Texts of files that people begin with: a codemod and its cases ([`codemod`]), and what runs gomend elsewhere
//! ([`init`]). Names in, paths and texts out; nothing is written here.

pub mod init;

use std::path::{Path, PathBuf};

use crate::codemod::{catalogue, load::is_id};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub text: String,
}

/// A codemod below `folder` that works, and its cases beside it.
///
/// # Errors
/// What is wrong with the id, and what to do about it.
pub fn codemod(id: &str, folder: &Path) -> Result<Vec<NewFile>, (String, String)> {
    if !is_id(id) {
        let title = format!("`{id}` is no id for a codemod");
        let help =
            "give a group and a name, as in `log/fatalf`: lower-case letters, digits and `-`";
        return Err((title, help.to_owned()));
    }
    if catalogue::text(id).is_some() {
        let title = format!("a codemod that ships with gomend has the id `{id}`");
        let help = format!("choose another name; `gomend show {id}` tells what that one does");
        return Err((title, help));
    }
    let cases = fixtures(folder).join(id);
    let file = |path: PathBuf, text: &str| NewFile {
        path,
        text: text.to_owned(),
    };
    Ok(vec![
        file(
            folder.join(format!("{id}.toml")),
            include_str!("scaffold/new/codemod.toml"),
        ),
        file(
            cases.join("plain.before.go"),
            include_str!("scaffold/new/plain.before.go"),
        ),
        file(
            cases.join("plain.after.go"),
            include_str!("scaffold/new/plain.after.go"),
        ),
        file(
            cases.join("other.keep.go"),
            include_str!("scaffold/new/other.keep.go"),
        ),
    ])
}

/// The folder of cases that belongs to a folder of codemods: beside it, or inside where its name does not say what is
/// beside it.
fn fixtures(folder: &Path) -> PathBuf {
    match (folder.file_name(), folder.parent()) {
        (Some(_), Some(above)) => above.join("fixtures"),
        _ => folder.join("fixtures"),
    }
}
