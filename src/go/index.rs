//! An index of the packages of a file set: which folder an import path means, and what its files declare. In: a way to
//! read files, and the go.mod files. Out: packages, read when first asked for. Shared between threads.

pub mod lex;
pub mod package;
pub mod scan;
pub mod uses;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use package::Package;
use scan::Unit;
use uses::Uses;

/// Reads the files of the file set; the engine's to implement.
pub trait Sources: Sync {
    /// Paths and texts of the Go files directly in a folder, in path order. Folders and paths are relative to the root,
    /// with `/` between parts; the root itself is empty.
    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)>;
    /// Whether these are all Go files of the folder, rather than those that were selected.
    fn is_complete(&self, folder: &str) -> bool;
}

/// What a go.mod file says (<https://go.dev/ref/mod#go-mod-file>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The folder of the file, relative to the root.
    pub folder: String,
    /// Its module path.
    pub path: String,
    /// Module paths that are replaced by folders, relative to the root.
    pub replaced: Vec<(String, String)>,
    /// Module paths that it requires.
    pub required: Vec<String>,
}

/// A file of a package.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the root.
    pub path: String,
    /// What it declares.
    pub unit: Arc<Unit>,
    /// Whether all files of its package are known.
    pub complete: bool,
}

impl Module {
    /// Reads the text of the go.mod file in `folder`; `None` where it names no module.
    pub fn parse(folder: &str, text: &str) -> Option<Self> {
        let unquoted = |word: &str| word.trim_matches(['"', '`']).to_owned();
        let (mut path, mut replaced, mut block) = (None, Vec::new(), "");
        let mut required = Vec::new();
        for line in text.lines() {
            let line = line.split("//").next().unwrap_or("").trim();
            let mut words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [")"] => {
                    block = "";
                    continue;
                }
                [word, "("] => {
                    block = word;
                    continue;
                }
                [] => continue,
                _ if !block.is_empty() => words.insert(0, block),
                _ => {}
            }
            match words.as_slice() {
                ["module", name] => path = Some(unquoted(name)),
                ["require", name, _] => required.push(unquoted(name)),
                ["replace", from, "=>", to] | ["replace", from, _, "=>", to]
                    if to.starts_with('.') =>
                {
                    if let Some(to) = joined(folder, &unquoted(to)) {
                        replaced.push((unquoted(from), to));
                    }
                }
                _ => {}
            }
        }
        Some(Self {
            folder: folder.to_owned(),
            path: path?,
            replaced,
            required,
        })
    }
}

/// `to` seen from `folder`; `None` where it leaves the root.
fn joined(folder: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The packages of one folder.
#[derive(Debug, Default)]
struct Folder {
    /// The package that imports of the folder mean.
    imported: Option<Arc<Package>>,
    /// By package name, test files included.
    tested: BTreeMap<String, Arc<Package>>,
}

/// The packages of a file set.
pub struct Index<'s> {
    sources: &'s dyn Sources,
    /// Those with the longest folder first.
    modules: Vec<Module>,
    folders: Mutex<HashMap<String, Arc<Folder>>>,
    /// What functions do with what they are given, as far as it has been asked for.
    pub uses: Uses,
}

impl fmt::Debug for Index<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("modules", &self.modules)
            .finish_non_exhaustive()
    }
}

impl<'s> Index<'s> {
    /// Nothing is read yet.
    pub fn new(sources: &'s dyn Sources, mut modules: Vec<Module>) -> Self {
        modules.sort_by(|a, b| {
            b.folder
                .len()
                .cmp(&a.folder.len())
                .then_with(|| a.folder.cmp(&b.folder))
        });
        Self {
            sources,
            modules,
            folders: Mutex::default(),
            uses: Uses::default(),
        }
    }

    /// The import path of the package in a folder.
    pub fn import_path(&self, folder: &str) -> Option<String> {
        let module = self.module_of(folder)?;
        let rest = inside(folder, &module.folder)?;
        if let Some((_, vendored)) = format!("/{rest}").split_once("/vendor/") {
            return Some(vendored.to_owned());
        }
        Some(match (module.path.as_str(), rest) {
            // The standard library's own module adds nothing to its paths.
            ("std", rest) => rest.to_owned(),
            (path, "") => path.to_owned(),
            (path, rest) => format!("{path}/{rest}"),
        })
    }

    /// The module that a folder belongs to.
    pub fn module_of(&self, folder: &str) -> Option<&Module> {
        self.modules
            .iter()
            .find(|module| inside(folder, &module.folder).is_some())
    }

    /// The package in a folder with this name, with its test files.
    pub fn package_in(&self, folder: &str, name: &str) -> Option<Arc<Package>> {
        self.folder(folder).tested.get(name).cloned()
    }

    /// The files that are compiled together with one of the package `name` in a folder, in path order; where that is a test,
    /// both the package and its external tests, which are one program.
    pub fn files(&self, folder: &str, name: &str, of_test: bool) -> Vec<File> {
        let found = self.folder(folder);
        let base = name.strip_suffix("_test").filter(|_| of_test);
        let external = format!("{}_test", base.unwrap_or(name));
        let is_same =
            |other: &str| other == name || (of_test && (Some(other) == base || other == external));
        let packages = found.tested.iter().filter(|(other, _)| is_same(other));
        let mut files: Vec<File> = packages
            .flat_map(|(_, package)| {
                package.units.iter().map(|(path, unit)| File {
                    path: path.clone(),
                    unit: Arc::clone(unit),
                    complete: package.complete,
                })
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// The package that `path` means when it is imported by a file in `from`.
    pub fn imported(&self, path: &str, from: &str) -> Option<Arc<Package>> {
        let folders = self.candidates(path, from);
        folders.iter().find_map(|folder| {
            let found = self.folder(folder);
            // A test of the package in its own folder sees what its test files declare.
            match &found.imported {
                Some(package) if folder == from => found.tested.get(package.name()).cloned(),
                other => other.clone(),
            }
        })
    }

    /// The folders that may hold the package at `path`, best first.
    fn candidates(&self, path: &str, from: &str) -> Vec<String> {
        let under = |folder: &str, rest: &str| match (folder, rest) {
            ("", rest) => rest.to_owned(),
            (folder, "") => folder.to_owned(),
            (folder, rest) => format!("{folder}/{rest}"),
        };
        let mut found = Vec::new();
        let home = self.module_of(from);
        if let Some(home) = home {
            for (replaced, to) in &home.replaced {
                found.extend(inside(path, replaced).map(|rest| under(to, rest)));
            }
        }
        for module in &self.modules {
            if module.path == "std" {
                found.push(under(&module.folder, path));
            } else if let Some(rest) = inside(path, &module.path) {
                let folder = under(&module.folder, rest);
                // A nested module is not part of the one around it.
                if self.module_of(&folder) == Some(module) {
                    found.push(folder);
                }
            }
        }
        if let Some(home) = home {
            found.push(under(&home.folder, &format!("vendor/{path}")));
        }
        found
    }

    fn folder(&self, folder: &str) -> Arc<Folder> {
        let lock = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(folder) {
            return Arc::clone(found);
        }
        // Two threads may read the same folder; what they find is the same.
        let found = Arc::new(self.read(folder));
        Arc::clone(lock().entry(folder.to_owned()).or_insert(found))
    }

    fn read(&self, folder: &str) -> Folder {
        let mut by_name: BTreeMap<String, Vec<(String, Arc<Unit>)>> = BTreeMap::new();
        for (path, text) in self.sources.package_files(folder) {
            if let Some(unit) = scan::scan(&text) {
                let unit = Arc::new(unit);
                by_name
                    .entry(unit.package.clone())
                    .or_default()
                    .push((path, unit));
            }
        }
        if by_name.is_empty() {
            return Folder::default();
        }
        let path = self
            .import_path(folder)
            .unwrap_or_else(|| format!("./{folder}"));
        let complete = self.sources.is_complete(folder);
        let mut found = Folder::default();
        for (name, units) in by_name {
            let is_external =
                name.ends_with("_test") && units.iter().all(|(path, _)| is_test(path));
            let path: Arc<str> = if is_external {
                format!("{path}_test").into()
            } else {
                path.as_str().into()
            };
            let built: Vec<_> = units
                .iter()
                .filter(|(path, _)| !is_test(path))
                .cloned()
                .collect();
            let is_better = found
                .imported
                .as_ref()
                .is_none_or(|other| other.name() == "main");
            if !built.is_empty() && is_better {
                found.imported = Some(Arc::new(Package::new(Arc::clone(&path), built, complete)));
            }
            found
                .tested
                .insert(name, Arc::new(Package::new(path, units, complete)));
        }
        found
    }
}

/// Whether a path is that of a test file.
pub fn is_test(path: &str) -> bool {
    path.ends_with("_test.go")
}

/// What of `path` lies below `folder`.
fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}
