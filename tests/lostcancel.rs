//! `go vet`'s lostcancel as a witness for paths: what it reports is not called released, and what it accepts is not called
//! leaking, but for what [`EXPLAINED`] says.
//!
//! Compared are the functions of `tests/oracle/lostcancel`, which have statements of all shapes, and those packages of Go's
//! own source that make the most contexts. `GOMEND_ORACLE=all` takes all of its packages, and those of the modules below
//! the folder `GOMEND_ORACLE_REPOS` as well, whose dependencies must have been downloaded.
//!
//! Measured in Caddy, etcd, Hugo, k6, `MinIO` and Syncthing: 1,058 places accepted and called released, 5 accepted and
//! not known, 25 that vet does not look at, none reported. No answer was the opposite of vet's.

mod lostcancel_support;
mod scope_support;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use gomend::matcher::predicate::Answer;
use lostcancel_support::{Explained, Tally, judge_all, module_flags, vet};
use scope_support::{go_files, goroot};

/// Functions on which the two differ, with the answer expected here, and why both are right.
const EXPLAINED: &[Explained] = &[
    (
        "aliasForgotten",
        Answer::No,
        "vet takes a copy for a call; the copy is called on one branch only",
    ),
    (
        "blankUse",
        Answer::No,
        "vet takes any mention for a call; `_ = cancel` calls nothing",
    ),
    (
        "compared",
        Answer::No,
        "vet takes any mention for a call; a comparison with nil calls nothing",
    ),
];

/// The same, of other modules.
const OTHERS: &[Explained] = &[];

/// Packages of Go's own source.
const SAMPLE: [&str; 6] = [
    "context",
    "database/sql",
    "log/slog",
    "net",
    "net/http",
    "os/exec",
];

#[test]
fn shapes_of_statements_are_judged_as_by_vet() {
    let Some(_) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/lostcancel");
    let judged = judge_all(&go_files(&folder));
    assert!(judged.len() >= 75, "only {} places", judged.len());
    let vetted = vet(&folder, &["."], &[]);
    assert!(
        vetted.failed.is_empty() && vetted.strange.is_empty(),
        "{vetted:?}"
    );
    let reported = vetted.reported;
    assert!(reported.len() >= 20, "vet reports only {reported:?}");
    let mut tally = Tally::default();
    tally.add(&judged, &reported, EXPLAINED);
    tally.check(EXPLAINED);
}

#[test]
fn gos_own_source_is_judged_as_by_vet() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let source = root.join("src");
    let all = all();
    let files: Vec<PathBuf> = if all {
        go_files(&source)
    } else {
        let folder = |package: &&str| fs::read_dir(source.join(package)).into_iter().flatten();
        let paths = SAMPLE.iter().flat_map(folder).flatten().map(|e| e.path());
        paths
            .filter(|p| p.extension().is_some_and(|e| e == "go"))
            .collect()
    };
    let judged = judge_all(&files);
    assert!(judged.len() >= 100, "only {} places", judged.len());
    let packages: &[&str] = if all { &["std", "cmd"] } else { &SAMPLE };
    let vetted = vet(&source, packages, &[]);
    assert!(
        vetted.failed.is_empty() && vetted.strange.is_empty(),
        "{vetted:?}"
    );
    let mut tally = Tally::default();
    tally.add(&judged, &vetted.reported, &[]);
    tally.check(&[]);
}

/// Whether everything is asked for.
fn all() -> bool {
    env::var("GOMEND_ORACLE").is_ok_and(|v| v == "all")
}

#[test]
fn other_modules_are_judged_as_by_vet() {
    let repositories = env::var_os("GOMEND_ORACLE_REPOS").filter(|_| all());
    let Some(repositories) = repositories else {
        println!("not run: only with GOMEND_ORACLE=all and GOMEND_ORACLE_REPOS");
        return;
    };
    let mut tally = Tally::default();
    for module in modules(Path::new(&repositories)) {
        println!("{}", module.display());
        let vetted = vet(&module, &["./..."], &[("GOFLAGS", module_flags(&module))]);
        let broken: BTreeSet<PathBuf> = vetted
            .failed
            .iter()
            .filter_map(|(place, _)| place.file.parent().map(Path::to_owned))
            .collect();
        println!("not vetted: {} packages", broken.len());
        let mut files = vetted_files(&module);
        files.retain(|f| !f.parent().is_some_and(|p| broken.contains(p)));
        tally.add(&judge_all(&files), &vetted.reported, OTHERS);
    }
    tally.check(OTHERS);
}

/// The folders of go.mod files.
fn modules(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if name != "testdata" && name != "vendor" {
                    folders.push(entry.path());
                }
            } else if name == "go.mod" {
                found.push(folder.clone());
            }
        }
    }
    found.sort();
    found
}

/// The files of a module that build here: those that vet looks at.
fn vetted_files(module: &Path) -> Vec<PathBuf> {
    let each = |list: &str| format!("{{{{range .{list}}}}}{{{{$d}}}}/{{{{.}}}}\n{{{{end}}}}");
    let lists: String = ["GoFiles", "TestGoFiles", "XTestGoFiles"]
        .map(each)
        .concat();
    let output = Command::new("go")
        .args([
            "list",
            "-e",
            "-f",
            &format!("{{{{$d := .Dir}}}}{lists}"),
            "./...",
        ])
        .current_dir(module)
        .envs([
            ("GOFLAGS", module_flags(module)),
            ("GOWORK", "off"),
            ("GOTOOLCHAIN", "local"),
            ("GOPROXY", "off"),
        ])
        .output()
        .expect("`go` was found");
    let listed = String::from_utf8_lossy(&output.stdout);
    listed
        .lines()
        .filter(|l| !l.is_empty())
        .map(PathBuf::from)
        .collect()
}
