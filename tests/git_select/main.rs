//! Selection against the real git: the file set must be exactly what `git ls-files -co --exclude-standard -- '*.go'` lists.

mod files;
mod paths;
mod states;
#[path = "../support/mod.rs"]
mod support;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use gomend::select::{FileSet, Modules, Options, select};

const GO: &str = "package p\n";

/// Options that leave nothing out for its folder, content or size.
fn everything() -> Options {
    Options {
        vendor: true,
        testdata: true,
        generated: true,
        max_file_size: u64::MAX,
        ..Options::default()
    }
}

fn selected(root: &Path, paths: &[&str], options: &Options) -> FileSet {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    select(&paths, options).unwrap_or_else(|error| panic!("{error}"))
}

fn modules(set: &FileSet, options: &Options) -> Modules {
    Modules::new(set, options).unwrap_or_else(|error| panic!("{error}"))
}

fn names(set: &FileSet) -> Vec<&str> {
    set.files
        .iter()
        .map(|file| file.path.to_str().expect("plain names"))
        .collect()
}

fn error(root: &Path, paths: &[&str], options: &Options) -> String {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    let message = select(&paths, options).expect_err("refused").to_string();
    message.replace(root.to_str().expect("plain names"), "ROOT")
}

/// Everything that selection knows of, chosen or skipped.
fn known(set: &FileSet) -> BTreeSet<PathBuf> {
    let skipped = set.skipped.iter().map(|file| file.path.to_path_buf());
    set.files
        .iter()
        .map(|file| file.path.to_path_buf())
        .chain(skipped)
        .collect()
}

#[track_caller]
fn agrees_with_git(root: &Path) {
    let set = selected(root, &["."], &everything());
    let listed = support::listed(root, &["*.go"]);
    assert!(
        !listed.is_empty(),
        "git lists nothing, so nothing is compared"
    );
    assert_eq!(known(&set), listed);
    let sorted: Vec<_> = set
        .files
        .windows(2)
        .map(|pair| pair[0].path < pair[1].path)
        .collect();
    assert!(
        sorted.iter().all(|ascending| *ascending),
        "not in path order"
    );
}
