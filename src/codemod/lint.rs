//! `gomend lint`: loads codemods and says all that is wrong with them. In: files and folders, or nothing for the shipped
//! ones. Out: diagnostics, in the order of the files.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Origin, catalogue,
    load::check_text,
    problem::{Kind, without_place},
    source::{CodemodFile, files_below, read_file},
};
use crate::diagnostic::Diagnostic;

/// Checks the files, and all `*.toml` below the folders; every shipped codemod where `paths` is empty. Files in the order
/// given, those of a folder by path; empty where all is well.
pub fn lint(paths: &[PathBuf]) -> Vec<Diagnostic> {
    if paths.is_empty() {
        return catalogue::shipped_texts()
            .filter_map(|(id, text)| check_text(id, catalogue::origin(id), text).err())
            .flatten()
            .collect();
    }
    let mut diagnostics = Vec::new();
    let files = read(paths, &mut diagnostics);
    let mut seen = BTreeMap::new();
    for file in files {
        if let Some(first) = seen.insert(file.id.clone(), file.path.clone()) {
            diagnostics.push(duplicate(&file, &format!("`{}`", first.display())));
        }
        let origin = Origin::File(file.path);
        diagnostics.extend(
            check_text(&file.id, origin, &file.text)
                .err()
                .into_iter()
                .flatten(),
        );
    }
    diagnostics
}

/// Reads files and folders; what cannot be read is reported. A file named twice is read once.
pub(super) fn read(paths: &[PathBuf], diagnostics: &mut Vec<Diagnostic>) -> Vec<CodemodFile> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = if path.is_dir() {
            files_below(path)
        } else {
            Ok(vec![path.clone()])
        };
        match found {
            Ok(found) => all.extend(found),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let mut files: Vec<CodemodFile> = Vec::new();
    for path in all {
        if files.iter().any(|file| file.path == path) {
            continue;
        }
        match read_file(&path) {
            Ok(file) => files.push(file),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    files
}

/// Two files have one id.
pub(super) fn duplicate(file: &CodemodFile, first: &str) -> Diagnostic {
    let title = format!(
        "`{}` is the id of two codemods: `{}` and {first}",
        file.id,
        file.path.display()
    );
    let mut diagnostic = without_place(Kind::DuplicateId, title);
    diagnostic.help("the id is made of the file's folder and its name; rename one of them");
    diagnostic
}
