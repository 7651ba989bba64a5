//! What is known of the package that a file belongs to, from the index of the file set: which files it has, what they
//! declare and import, what its module requires. In: facts about a file. Out: answers, unknown where files are missing.
//!
//! `p` and `p_test` in one folder are one test binary (<https://pkg.go.dev/cmd/go#hdr-Test_packages>): a test file of either
//! sees both here.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use globset::GlobMatcher;

use super::{Facts, predicate::Answer};
use crate::go::index::{File, is_test, scan::Unit};

/// Which file of a package a rule with `scope = "package"` matches in.
#[derive(Debug, Clone)]
pub struct PackageScope {
    /// For file names, best first: as written and as matched. Empty for any file.
    pub files: Vec<(String, GlobMatcher)>,
}

impl PackageScope {
    /// As a rule has it.
    pub fn show(&self) -> String {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|(text, _)| format!("{text:?}"))
            .collect();
        match &files[..] {
            [] => "scope = \"package\"".to_owned(),
            [one] => format!("scope = \"package\", file = {one}"),
            many => format!("scope = \"package\", file = [{}]", many.join(", ")),
        }
    }

    /// Whether this file is the one.
    ///
    /// # Errors
    /// Which other file is, or why none can be named.
    pub fn check(&self, facts: &Facts<'_>) -> Result<(), String> {
        let Some(files) = files(facts) else {
            return Err("the files of the package are not known".to_owned());
        };
        let best = files
            .iter()
            .filter_map(|file| Some((self.rank(file)?, file)))
            .min_by(|a, b| a.0.cmp(&b.0));
        match best {
            Some((_, file)) if Path::new(&file.path) == &*facts.file.path => Ok(()),
            Some((_, file)) => Err(format!(
                "the file of the package to match in is `{}`",
                file.path
            )),
            None => Err("no file of the package has a name that the rule asks for".to_owned()),
        }
    }

    /// The least is the best: the first name asked for, files that are always built, the package itself before its external
    /// tests, code before tests, and then by name. `None` where the name is not asked for.
    fn rank<'f>(&self, file: &'f File) -> Option<(usize, bool, bool, bool, &'f str)> {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let asked = match &self.files[..] {
            [] => Some(0),
            globs => globs.iter().position(|(_, glob)| glob.is_match(name)),
        };
        let is_external = file.unit.package.ends_with("_test");
        let is_chosen = is_constrained(name, &file.unit.text);
        Some((asked?, is_chosen, is_external, is_test(name), name))
    }
}

/// The files that are compiled together with this one.
fn files(facts: &Facts<'_>) -> Option<Vec<File>> {
    let path = &facts.file.path;
    let folder = path.parent()?.to_string_lossy().replace('\\', "/");
    let name = facts.package_name()?;
    let found = facts
        .index?
        .files(&folder, name, is_test(&path.to_string_lossy()));
    (!found.is_empty()).then_some(found)
}

/// Whether some file of the package declares one of the names at package level.
pub fn declares(facts: &Facts<'_>, names: &[&str]) -> Answer {
    let own = facts.scope().declarations().iter();
    let mut own = own.filter(|d| d.owner.is_none());
    if own.any(|d| names.contains(&d.name.as_str())) {
        return Answer::Yes;
    }
    others(facts, |file| {
        let declared = file.unit.declarations.iter();
        let mut declared = declared.filter(|(_, what)| !what.is_method());
        declared.any(|(name, _)| names.contains(&name.as_str()))
    })
}

/// Whether some file of the package imports one of the paths.
pub fn imports(facts: &Facts<'_>, paths: &[&str]) -> Answer {
    if facts
        .imports()
        .iter()
        .any(|import| paths.contains(&import.path.as_str()))
    {
        return Answer::Yes;
    }
    others(facts, |file| {
        let mut imported = file.unit.imports.iter();
        imported.any(|import| paths.contains(&&*import.path))
    })
}

/// Whether some file of the program imports one of the paths: of the package itself, or of those of the file set that it
/// imports, they import, and so on. What is vendored or a test is not asked.
pub fn program_imports(facts: &Facts<'_>, paths: &[&str]) -> Answer {
    let own = imports(facts, paths);
    let (Some(index), Some(files)) = (facts.index, files(facts)) else {
        return own;
    };
    if own != Answer::No {
        return own;
    }
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut left: Vec<(String, Arc<Unit>)> = files
        .into_iter()
        .map(|file| (folder_of(&file.path).to_owned(), file.unit))
        .collect();
    while let Some((from, unit)) = left.pop() {
        for import in &unit.imports {
            if paths.contains(&&*import.path) {
                return Answer::Yes;
            }
            let imported = index.imported(&import.path, &from);
            let Some(package) = imported.filter(|p| seen.insert(Arc::clone(&p.path))) else {
                continue;
            };
            let units = package.units.iter().filter(|(path, _)| !is_test(path));
            let units = units.filter(|(path, _)| !format!("/{path}").contains("/vendor/"));
            left.extend(units.map(|(path, unit)| (folder_of(path).to_owned(), Arc::clone(unit))));
        }
    }
    Answer::No
}

/// Whether the file is one of the package at this import path, or a test of it.
pub fn is_of(facts: &Facts<'_>, import_path: &str) -> Answer {
    let last = import_path.rsplit('/').next().unwrap_or(import_path);
    let name = facts.package_name().unwrap_or_default();
    if name.strip_suffix("_test").unwrap_or(name) != last {
        return Answer::No;
    }
    let folder = facts.file.path.parent();
    let folder = folder.map(|f| f.to_string_lossy().replace('\\', "/"));
    let own = facts
        .index
        .zip(folder)
        .and_then(|(index, folder)| index.import_path(&folder));
    own.map_or(Answer::Unknown, |own| Answer::from(own == import_path))
}

/// The folder of a file; the root is empty.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether the module's go.mod requires one of these modules, or is one of them.
pub fn requires(facts: &Facts<'_>, modules: &[&str]) -> Answer {
    let folder = facts.file.path.parent();
    let folder = folder.map(|f| f.to_string_lossy().replace('\\', "/"));
    let module = facts
        .index
        .zip(folder)
        .and_then(|(index, folder)| index.module_of(&folder));
    let Some(module) = module else {
        return Answer::Unknown;
    };
    let is_one = |name: &str| modules.contains(&name);
    Answer::from(is_one(&module.path) || module.required.iter().any(|r| is_one(r)))
}

/// Whether it holds for another file of the package.
fn others(facts: &Facts<'_>, holds: impl Fn(&File) -> bool) -> Answer {
    let Some(files) = files(facts) else {
        return Answer::Unknown;
    };
    let mut others = files
        .iter()
        .filter(|file| Path::new(&file.path) != &*facts.file.path);
    if others.any(holds) {
        return Answer::Yes;
    }
    if files.iter().all(|file| file.complete) {
        Answer::No
    } else {
        Answer::Unknown
    }
}

/// Whether the file is built only for some systems or with some tags
/// (<https://pkg.go.dev/cmd/go#hdr-Build_constraints>).
pub fn is_constrained(name: &str, text: &str) -> bool {
    let clause = text
        .lines()
        .take_while(|line| !line.starts_with("package "))
        .any(|line| line.starts_with("//go:build ") || line.starts_with("// +build "));
    let stem = name.trim_end_matches(".go").trim_end_matches("_test");
    let system = stem.split('_').skip(1).any(|word| SYSTEMS.contains(&word));
    clause || system
}

/// Operating systems and architectures that are part of a file's name.
const SYSTEMS: [&str; 35] = [
    "386",
    "aix",
    "amd64",
    "android",
    "arm",
    "arm64",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "netbsd",
    "openbsd",
    "plan9",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "solaris",
    "wasip1",
    "wasm",
    "windows",
    "zos",
    "hurd",
    "nacl",
    "sparc64",
    "ppc",
    "riscv",
];
