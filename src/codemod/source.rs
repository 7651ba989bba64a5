//! A user's codemod files: the one place of [`crate::codemod`] that reads files. In: paths. Out: ids and texts.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::problem::{Kind, without_place};
use crate::diagnostic::{Diagnostic, Source};

/// A codemod file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodemodFile {
    /// Folder and name of the file, `group/name`.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

/// Reads one file. Its id is made of the name of its folder and its own name, wherever it lies:
/// `mine/context/extra.toml` is `context/extra`.
///
/// # Errors
/// It cannot be read, or is not UTF-8.
pub fn read_file(path: &Path) -> Result<CodemodFile, Box<Diagnostic>> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        not_utf8(path, error.as_bytes(), good)
    })?;
    Ok(CodemodFile {
        id: id_of(path),
        path: path.to_owned(),
        text,
    })
}

/// The `*.toml` below a folder, in path order; hidden ones are left out, linked folders not entered.
///
/// # Errors
/// A folder cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<Diagnostic>> {
    let fail = |error: io::Error| unreadable(folder, &error);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().map_err(fail)?.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn id_of(path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let word = |part: Option<&std::ffi::OsStr>| {
        part.map_or_else(String::new, |p| p.to_string_lossy().into_owned())
    };
    let group = word(full.parent().and_then(Path::file_name));
    let name = word(full.file_stem());
    format!("{group}/{name}")
}

fn unreadable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let title = format!("cannot read `{}`: {error}", path.display());
    Box::new(without_place(Kind::Unreadable, title))
}

/// Shows the text with replacement characters, the caret at the first of them.
fn not_utf8(path: &Path, bytes: &[u8], good: usize) -> Box<Diagnostic> {
    let text = String::from_utf8_lossy(bytes);
    let source = Source {
        path: Arc::from(path),
        text: Arc::from(&*text),
    };
    let end = good + char::REPLACEMENT_CHARACTER.len_utf8();
    let mut diagnostic = Diagnostic::error(source, good..end, "the file is not UTF-8");
    diagnostic.code = Kind::NotUtf8.code();
    let byte = bytes.get(good).copied().unwrap_or_default();
    diagnostic.label(format!("the byte 0x{byte:02X}"));
    diagnostic.help("save it as UTF-8");
    Box::new(diagnostic)
}
