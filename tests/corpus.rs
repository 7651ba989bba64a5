//! The whole of gomend over real Go: packages of Go's own source as a git repository. The patch, the files of `apply`
//! and the tree of `commit` must be the same bytes, every changed file must stay gofmt-clean, and a second run must find
//! nothing to change.
//!
//! A few packages by default; `GOMEND_CORPUS=all` takes all of Go's source.

mod scope_support;
#[path = "support/mod.rs"]
mod support;

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

use scope_support::goroot;
use support::{TestRepo, command};

/// Packages in which the shipped codemods find something, and some in which they do not.
const PACKAGES: &[&str] = &[
    "context",
    "crypto/tls",
    "net/http",
    "os/signal",
    "sync",
    "time",
];

/// Everything that changes code, as one run.
const EVERYTHING: &[&str] = &["--all", "--unsafe"];

#[test]
fn patch_files_and_commit_are_the_same_bytes() {
    let Some(source) = goroot().map(|root| root.join("src")) else {
        println!("not run: `go` is not installed");
        return;
    };
    let repo = TestRepo::new();
    let packages: Vec<&str> = match env::var("GOMEND_CORPUS") {
        Ok(which) if which == "all" => vec!["."],
        _ => PACKAGES.to_vec(),
    };
    for package in packages {
        copy(&source.join(package), &repo.root.join(package));
    }
    fs::copy(source.join("go.mod"), repo.root.join("go.mod")).expect("Go's source has a go.mod");
    repo.commit("base");

    let patch = gomend(&repo.root, "diff", &[]).stdout;
    assert!(
        !patch.is_empty(),
        "the corpus has code that the codemods change"
    );
    let committed = gomend(&repo.root, "commit", &["--branch", "mended"]);
    assert!(committed.status.success(), "{committed:?}");
    let tree = repo.git(&["rev-parse", "mended^{tree}"]);
    assert_eq!(
        repo.git(&["status", "--porcelain"]),
        "",
        "commit leaves the work tree alone"
    );

    let file = repo.beside("all.patch");
    fs::write(&file, &patch).expect("a temporary file");
    let file = file.to_str().expect("a plain name");
    repo.git(&["apply", "--index", "--whitespace=nowarn", file]);
    assert_eq!(
        repo.git(&["write-tree"]),
        tree,
        "the patch and the commit differ"
    );
    assert_gofmt_clean(&repo.root, &repo.git(&["diff", "--cached", "--name-only"]));

    repo.git(&["reset", "-q", "--hard"]);
    let applied = gomend(&repo.root, "apply", &[]);
    assert!(applied.status.success(), "{applied:?}");
    repo.git(&["add", "-A"]);
    assert_eq!(repo.git(&["write-tree"]), tree, "apply and commit differ");

    let again = gomend(&repo.root, "diff", &["--exit-code"]);
    assert!(
        again.status.success(),
        "a second run changes: {}",
        String::from_utf8_lossy(&again.stdout)
    );
}

/// What the prefilter and the first parse of single declarations leave out has no match: the same findings, byte for byte,
/// come out where every rule is looked for in every file.
#[test]
fn what_is_not_looked_at_has_no_match() {
    let Some(source) = goroot().map(|root| root.join("src")) else {
        println!("not run: `go` is not installed");
        return;
    };
    let packages: Vec<&str> = match env::var("GOMEND_CORPUS") {
        Ok(which) if which == "all" => vec!["."],
        _ => vec![
            "context",
            "database/sql",
            "internal/trace",
            "os/exec",
            "net/http/httputil",
        ],
    };
    let repo = TestRepo::new();
    for package in packages {
        copy(&source.join(package), &repo.root.join(package));
    }
    fs::copy(source.join("go.mod"), repo.root.join("go.mod")).expect("Go's source has a go.mod");
    let report = |arguments: &[&str]| {
        let arguments = [&["--format", "json", "--quiet"], arguments].concat();
        let output = gomend(&repo.root, "check", &arguments).stdout;
        let mut report: serde_json::Value = serde_json::from_slice(&output).expect("JSON");
        let summary = report
            .as_object_mut()
            .and_then(|report| report.remove("summary"));
        assert!(summary.is_some_and(|summary| summary["findings"].as_u64() > Some(9)));
        report
    };
    assert_eq!(report(&[]), report(&["--no-prefilter"]));
}

fn gomend(folder: &Path, subcommand: &str, arguments: &[&str]) -> Output {
    let mut command = command(env!("CARGO_BIN_EXE_gomend"));
    command
        .current_dir(folder)
        .arg(subcommand)
        .args(EVERYTHING)
        .args(arguments);
    command.output().expect("gomend runs")
}

fn assert_gofmt_clean(root: &Path, changed: &str) {
    let output = Command::new("gofmt")
        .current_dir(root)
        .arg("-l")
        .args(changed.lines())
        .output()
        .expect("gofmt comes with Go");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "not gofmt-clean"
    );
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder");
    for entry in fs::read_dir(from).expect("a folder of Go's source") {
        let entry = entry.expect("an entry of it");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type").is_dir() {
            copy(&entry.path(), &target);
        } else if target.extension().is_some_and(|end| end == "go") {
            fs::copy(entry.path(), &target).expect("a readable file");
        }
    }
}
