//! Finds a codemod's cases by the names of their files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::Failure;
use crate::codemod::{Codemod, Origin, load::Setting};

/// Files by their path within a case.
pub type Files = BTreeMap<PathBuf, String>;

/// One case.
#[derive(Debug)]
pub struct Case {
    /// What its files are called before the first dot; `name` for a folder too.
    pub name: String,
    /// What must become of it.
    pub kind: Kind,
    /// The files as they are before.
    pub before: Files,
    /// Where the case lies: for a case of one file the path before `.before.go`, say; else its folder.
    pub place: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// What must become of a case.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// It becomes these files; `None` where they are still to be blessed.
    Rewrite(Option<Files>),
    /// There is nothing to find in it.
    Keep,
    /// What is found in it is shown only, and in these lines, `12: rule: message`; `None` where that is still to be blessed.
    Find(Option<String>),
    /// Its change is refused with this message; `None` where that is still to be blessed.
    Refuse(Option<String>),
}

/// The file beside the cases that sets parameters of the codemod for them, `name=value` a line.
const SETTINGS: &str = "set.txt";

/// The folders that hold cases of a codemod: its own, and those in it that set parameters for cases of theirs.
pub fn folders(fixtures: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = vec![fixtures.to_owned()];
    if fixtures.exists() {
        let mut names = read_dir(fixtures)?;
        names.sort();
        let inner = names.iter().map(|name| fixtures.join(name));
        found.extend(inner.filter(|folder| folder.join(SETTINGS).is_file()));
    }
    Ok(found)
}

/// The values that the parameters have in the cases of a folder.
pub fn settings(folder: &Path) -> Result<Vec<Setting>, String> {
    let text = read_if_there(&folder.join(SETTINGS))?.unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let parts = line.split_once('=');
            let pair = parts.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
            pair.ok_or_else(|| {
                format!(
                    "`{}`: expected `name=value`, not `{line}`",
                    folder.join(SETTINGS).display()
                )
            })
        })
        .collect()
}

/// The cases of a folder, by name, and what in it is none.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of their names.
    pub cases: Vec<Case>,
    /// Files that belong to no case: a case that is misnamed would pass by never running.
    pub failures: Vec<Failure>,
}

/// The folder of a codemod's cases: `fixtures/<group>/<name>` beside or in the folder that holds its group; for a shipped
/// codemod, in the checkout of gomend that `current` lies in. The folder may be absent; `None` where a shipped codemod is
/// tested elsewhere.
pub fn fixtures_of(codemod: &Codemod, current: &Path) -> Option<PathBuf> {
    let mut candidates: Vec<PathBuf> = match &codemod.origin {
        Origin::File(path) => {
            let path = current.join(path);
            let catalogue = path.parent()?.parent()?;
            let beside = catalogue.parent().into_iter();
            beside.chain([catalogue]).map(Path::to_owned).collect()
        }
        Origin::Embedded(path) => current
            .ancestors()
            .filter(|folder| folder.join("codemods").join(path).is_file())
            .map(Path::to_owned)
            .collect(),
    };
    for folder in &mut candidates {
        folder.push("fixtures");
        folder.push(&*codemod.id);
    }
    let there = candidates.iter().position(|folder| folder.is_dir());
    (!candidates.is_empty()).then(|| candidates.swap_remove(there.unwrap_or(0)))
}

/// The cases in `folder`. The error is one of reading.
pub fn cases(folder: &Path) -> Result<Found, String> {
    if !folder.exists() {
        return Ok(Found::default());
    }
    let mut names = read_dir(folder)?;
    names.sort();
    let all: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut found = Found::default();
    for name in &names {
        let path = folder.join(name);
        if path.join(SETTINGS).is_file() {
            continue;
        }
        if path.is_dir() {
            match folder_case(name, &path)? {
                Some(case) => found.cases.push(case),
                None => found
                    .failures
                    .push(Failure::new(name, "a folder case needs a folder `before`")),
            }
        } else if let Some((case, kind)) = name_of(name) {
            found.cases.extend(file_case(folder, case, kind)?);
        } else if !belongs(name, &all) && name != SETTINGS {
            let message = format!(
                "`{name}` belongs to no case: cases are `*.before.go` with `*.after.go`, `*.keep.go`, `*.find.go` with `*.find.txt`, and `*.refuse.go` with `*.refuse.txt`"
            );
            found.failures.push(Failure::new(name, message));
        }
    }
    Ok(found)
}

/// The case that a file begins, and its kind.
fn name_of(name: &str) -> Option<(&str, &'static str)> {
    ["before", "keep", "refuse", "find"]
        .into_iter()
        .find_map(|kind| Some((name.strip_suffix(&format!(".{kind}.go"))?, kind)))
        .filter(|(case, _)| !case.is_empty())
}

/// Whether a file is the second of a case that has its first.
fn belongs(name: &str, all: &BTreeSet<&str>) -> bool {
    let pair = |end: &str, first: &str| {
        let case = name.strip_suffix(end)?;
        all.contains(format!("{case}{first}").as_str())
            .then_some(())
    };
    pair(".after.go", ".before.go")
        .or_else(|| pair(".refuse.txt", ".refuse.go"))
        .or_else(|| pair(".find.txt", ".find.go"))
        .is_some()
}

fn file_case(folder: &Path, name: &str, kind: &str) -> Result<Option<Case>, String> {
    let place = folder.join(name);
    let sibling = |end: &str| folder.join(format!("{name}.{end}"));
    let file = PathBuf::from(format!("{name}.go"));
    let before = read(&sibling(&format!("{kind}.go")))?;
    let kind = match kind {
        "keep" => Kind::Keep,
        "refuse" => Kind::Refuse(read_if_there(&sibling("refuse.txt"))?),
        "find" => Kind::Find(read_if_there(&sibling("find.txt"))?),
        _ => Kind::Rewrite(
            read_if_there(&sibling("after.go"))?.map(|text| Files::from([(file.clone(), text)])),
        ),
    };
    Ok(Some(Case {
        name: name.to_owned(),
        kind,
        before: Files::from([(file, before)]),
        place,
        is_folder: false,
    }))
}

/// A case of several files. Files that `after` lacks stay as they are; without `after`, nothing may be found.
fn folder_case(name: &str, place: &Path) -> Result<Option<Case>, String> {
    let before = place.join("before");
    if !before.is_dir() {
        return Ok(None);
    }
    let before = files_below(&before)?;
    let after = place.join("after");
    let kind = if after.is_dir() {
        Kind::Rewrite(Some(files_below(&after)?))
    } else if place.join("keep").exists() {
        Kind::Keep
    } else {
        Kind::Rewrite(None)
    };
    Ok(Some(Case {
        name: name.to_owned(),
        kind,
        before,
        place: place.to_owned(),
        is_folder: true,
    }))
}

fn files_below(root: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for name in read_dir(&folder)? {
            let path = folder.join(name);
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path
                    .strip_prefix(root)
                    .expect("the walk started there")
                    .to_owned();
                files.insert(inside, read(&path)?);
            }
        }
    }
    Ok(files)
}

fn read_dir(folder: &Path) -> Result<Vec<String>, String> {
    let cannot =
        |cause: std::io::Error| format!("cannot read the folder `{}`: {cause}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let name = entry.map_err(cannot)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    Ok(names)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|cause| format!("cannot read `{}`: {cause}", path.display()))
}

fn read_if_there(path: &Path) -> Result<Option<String>, String> {
    if path.exists() {
        read(path).map(Some)
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder in it");
            fs::write(path, text).expect("a file in it");
        }
        folder
    }

    #[test]
    fn each_kind_is_found_by_its_name() {
        let folder = folder(&[
            ("a.before.go", "1"),
            ("a.after.go", "2"),
            ("b.keep.go", "3"),
            ("c.refuse.go", "4"),
            ("c.refuse.txt", "because\n"),
            ("d.before.go", "5"),
            ("e/before/go.mod", "module m\n"),
            ("e/before/x/y.go", "6"),
            ("e/after/x/y.go", "7"),
        ]);
        let found = cases(folder.path()).expect("readable");
        assert_eq!(found.failures, []);
        let kinds: Vec<_> = found
            .cases
            .iter()
            .map(|case| (&*case.name, &case.kind))
            .collect();
        let files = |path: &str, text: &str| Some(Files::from([(path.into(), text.to_owned())]));
        assert_eq!(
            kinds,
            [
                ("a", &Kind::Rewrite(files("a.go", "2"))),
                ("b", &Kind::Keep),
                ("c", &Kind::Refuse(Some("because\n".to_owned()))),
                ("d", &Kind::Rewrite(None)),
                ("e", &Kind::Rewrite(files("x/y.go", "7"))),
            ]
        );
        assert_eq!(found.cases[4].before.len(), 2);
    }

    #[test]
    fn a_file_of_no_case_fails() {
        let folder = folder(&[
            ("a.after.go", ""),
            ("b.refuse.txt", ""),
            ("c.go", ""),
            (".before.go", ""),
            ("d/x.go", ""),
        ]);
        let found = cases(folder.path()).expect("readable");
        let names: Vec<_> = found
            .failures
            .iter()
            .map(|failure| &*failure.case)
            .collect();
        assert_eq!(
            names,
            [".before.go", "a.after.go", "b.refuse.txt", "c.go", "d"]
        );
        assert!(found.cases.is_empty());
    }
}
