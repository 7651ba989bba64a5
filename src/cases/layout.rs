//! Lays cases out in a temporary folder, each in a folder and so a package of its own, so that one run serves them all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::discover::{Case, Kind};
use crate::{engine::Run, select::FileSet};

/// The module of a case of one file. Its version is the newest that gomend knows, so that no codemod for newer Go is left
/// out; a case about older Go has a `//go:build go1.N` line or is a folder with a go.mod of its own.
const MODULE: &str = "module example.com/case\n\ngo 1.26\n";

/// A temporary folder with files in it.
#[derive(Debug)]
pub struct Layout {
    folder: tempfile::TempDir,
    /// Path and text of every file, in path order.
    pub texts: Vec<(PathBuf, String)>,
}

/// The folder of a case in the layout.
pub fn folder_of(case: &Case) -> PathBuf {
    let kind = match case.kind {
        Kind::Rewrite(_) => "rewrite",
        Kind::Keep => "keep",
        Kind::Refuse(_) => "refuse",
        Kind::Find(_) => "find",
    };
    let form = if case.is_folder { "folder" } else { "file" };
    PathBuf::from(format!("{}-{kind}-{form}", case.name))
}

/// The files of a case, by their paths in the layout.
pub fn texts(case: &Case) -> Vec<(PathBuf, String)> {
    let folder = folder_of(case);
    let file = |(path, text): (&PathBuf, &String)| (folder.join(path), text.clone());
    let mut files: Vec<_> = case.before.iter().map(file).collect();
    if !case.is_folder {
        files.push((folder.join("go.mod"), MODULE.to_owned()));
    }
    files
}

/// Writes files into a new temporary folder.
pub fn lay_out(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Result<Layout, String> {
    let cannot =
        |cause: std::io::Error| format!("cannot lay cases out in a temporary folder: {cause}");
    let folder = tempfile::Builder::new()
        .prefix("gomend-")
        .tempdir()
        .map_err(cannot)?;
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort();
    for (path, text) in &texts {
        let path = folder.path().join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(cannot)?;
        }
        fs::write(path, text).map_err(cannot)?;
    }
    Ok(Layout { folder, texts })
}

impl Layout {
    /// Its Go files.
    pub fn files(&self) -> FileSet {
        let is_go = |path: &&PathBuf| path.extension().is_some_and(|end| end == "go");
        let paths = self.texts.iter().map(|(path, _)| path).filter(is_go);
        FileSet {
            whole: true,
            ..FileSet::of_named(self.folder.path().to_owned(), paths.cloned())
        }
    }

    /// A layout of the same files as the run left them.
    pub fn after(&self, run: &Run) -> Result<Self, String> {
        let changed = |path: &Path| {
            run.verified
                .iter()
                .find(|verified| &**verified.path() == path)
        };
        lay_out(self.texts.iter().map(|(path, text)| {
            let text =
                changed(path).map_or_else(|| text.clone(), |verified| verified.after().to_string());
            (path.clone(), text)
        }))
    }
}
