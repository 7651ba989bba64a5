//! Every file of Go's own source that gofmt accepts parses without an error.

mod scope_support;

use std::{fs, path::PathBuf, process::Command};

use gomend::go::syntax::Parsed;
use rayon::prelude::*;
use scope_support::{go_files, goroot};

#[test]
fn go_source_parses_without_errors() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let files = go_files(&root.join("src"));
    assert!(
        files.len() > 3000,
        "only {} files under {}",
        files.len(),
        root.display()
    );
    let broken: Vec<PathBuf> = files
        .into_par_iter()
        .filter(|path| {
            fs::read_to_string(path).is_ok_and(|text| !Parsed::new(text.into()).errors().is_empty())
        })
        .collect();
    let accepted: Vec<&PathBuf> = broken.iter().filter(|path| gofmt_accepts(path)).collect();
    assert!(accepted.is_empty(), "valid Go with errors: {accepted:#?}");
}

fn gofmt_accepts(path: &PathBuf) -> bool {
    Command::new("gofmt")
        .arg("-l")
        .arg(path)
        .output()
        .is_ok_and(|output| output.status.success())
}
