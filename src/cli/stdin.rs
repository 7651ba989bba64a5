//! One file from standard input. It is laid into a temporary folder of its own, beside a copy of the go.mod that rules
//! the path it belongs to, so that the stages see an ordinary file of an ordinary module.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::error::Error;
use crate::select::{FileSet, path::plain};

/// The name of a text that belongs nowhere.
const NAMELESS: &str = "stdin.go";

/// Standard input, as a file.
#[derive(Debug)]
pub struct Stdin {
    folder: tempfile::TempDir,
    path: PathBuf,
    /// What was read.
    pub text: String,
}

impl Stdin {
    /// The set that holds this file alone.
    pub fn file_set(&self) -> FileSet {
        FileSet::of_named(self.folder.path().to_owned(), [self.path.clone()])
    }
}

/// Reads standard input, which belongs to `path`.
pub fn read(path: Option<&Path>) -> Result<Stdin, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(format!("cannot read standard input: {cause}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::new(format!(
            "standard input is not UTF-8 at byte {at}, so it is no Go source"
        ))
    })?;
    lay_out(path, text).map_err(|cause| {
        Error::new(format!(
            "cannot lay out standard input in a temporary folder: {cause}"
        ))
    })
}

fn lay_out(path: Option<&Path>, text: String) -> std::io::Result<Stdin> {
    let folder = tempfile::Builder::new().prefix("gomend-").tempdir()?;
    let (module, path) = match path {
        Some(path) => home(path)?,
        None => (None, NAMELESS.into()),
    };
    if let Some(module) = module {
        fs::copy(module, folder.path().join("go.mod"))?;
    }
    let file = folder.path().join(&path);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(file, &text)?;
    Ok(Stdin { folder, path, text })
}

/// The go.mod that rules `path`, where there is one, and the path relative to it; else only the file's name.
fn home(path: &Path) -> std::io::Result<(Option<PathBuf>, PathBuf)> {
    let full = plain(&std::path::absolute(path)?);
    for folder in full.ancestors().skip(1) {
        let module = folder.join("go.mod");
        if module.is_file() {
            let inside = full.strip_prefix(folder).unwrap_or(path).to_owned();
            return Ok((Some(module), inside));
        }
    }
    Ok((
        None,
        full.file_name()
            .map_or_else(|| NAMELESS.into(), PathBuf::from),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_the_path_comes_along() {
        let repo = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(repo.path().join("srv")).expect("a folder in it");
        fs::write(repo.path().join("go.mod"), "module m\n\ngo 1.21\n").expect("a file in it");
        let name = repo.path().join("srv/../srv/new_test.go");
        let stdin = lay_out(Some(&name), "package srv\n".to_owned()).expect("laid out");
        assert_eq!(stdin.path, Path::new("srv/new_test.go"));
        let root = stdin.file_set().root;
        assert_eq!(
            fs::read_to_string(root.join("go.mod")).expect("copied"),
            "module m\n\ngo 1.21\n"
        );
        assert_eq!(
            fs::read_to_string(root.join("srv/new_test.go")).expect("written"),
            "package srv\n"
        );
    }

    #[test]
    fn a_text_that_belongs_nowhere_has_no_module() {
        let stdin = lay_out(None, "package p\n".to_owned()).expect("laid out");
        let root = stdin.file_set().root;
        assert!(root.join(NAMELESS).is_file() && !root.join("go.mod").exists());
    }
}
