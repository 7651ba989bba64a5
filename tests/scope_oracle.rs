//! Scope agrees with go/types on what every identifier means.
//!
//! By default a few packages of Go's own source are compared; `GOMEND_ORACLE=all` compares all of it, and
//! `GOMEND_ORACLE=<folder>` the packages under a folder, whose imports need not be found.

mod scope_support;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use gomend::go::{
    scope::{Resolution, Scope},
    syntax::Parsed,
};
use rayon::prelude::*;
use scope_support::{go_files, goroot};

/// Packages with much shadowing, generics, type switches, labels and large files; few dependencies.
const SAMPLE: [&str; 12] = [
    "bufio",
    "bytes",
    "context",
    "encoding/json",
    "go/parser",
    "go/types",
    "reflect",
    "regexp",
    "slices",
    "strconv",
    "text/template",
    "time",
];

#[derive(Debug, Default)]
struct Tally {
    files: usize,
    names: usize,
    /// Names that go/types says nothing of.
    unsaid: usize,
    /// Keys of composite literals whose type is in another file.
    unknown_keys: usize,
    /// Predeclared names that another file of the package, or a dot import, declares: not to be seen in one file.
    redeclared_elsewhere: usize,
    disagreements: Vec<String>,
}

impl Tally {
    fn join(mut self, other: Self) -> Self {
        self.files += other.files;
        self.names += other.names;
        self.unsaid += other.unsaid;
        self.unknown_keys += other.unknown_keys;
        self.redeclared_elsewhere += other.redeclared_elsewhere;
        self.disagreements.extend(other.disagreements);
        self
    }
}

#[test]
fn scope_agrees_with_go_types() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let wanted = env::var("GOMEND_ORACLE").unwrap_or_default();
    let source = root.join("src");
    let (lenient, folders) = match wanted.as_str() {
        "" => (
            false,
            SAMPLE.iter().map(|package| source.join(package)).collect(),
        ),
        "all" => (false, packages(&source)),
        folder => (true, packages(Path::new(folder))),
    };
    let said = ask(&folders, lenient);
    let files: Vec<&str> = said.split("F /").filter(|file| !file.is_empty()).collect();
    let tally = files
        .into_par_iter()
        .map(compare)
        .reduce(Tally::default, Tally::join);
    println!(
        "{} files, {} names, {} disagreements; {} keys unknown, {} names unsaid, {} predeclared names redeclared elsewhere",
        tally.files,
        tally.names,
        tally.disagreements.len(),
        tally.unknown_keys,
        tally.unsaid,
        tally.redeclared_elsewhere
    );
    let least = if wanted.is_empty() { 100_000 } else { 1 };
    assert!(
        tally.names > least,
        "only {} names were compared",
        tally.names
    );
    let shown = &tally.disagreements[..tally.disagreements.len().min(50)];
    assert!(
        shown.is_empty(),
        "{} disagreements:\n{}",
        tally.disagreements.len(),
        shown.join("\n")
    );
}

fn packages(root: &Path) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = go_files(root)
        .iter()
        .filter_map(|file| file.parent().map(Path::to_owned))
        .collect();
    folders.into_iter().collect()
}

fn ask(folders: &[PathBuf], lenient: bool) -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/main.go");
    let output = Command::new("go")
        .arg("run")
        .arg(program)
        .args(lenient.then_some("-lenient"))
        .args(folders)
        .env("GO111MODULE", "off")
        .env("GOTOOLCHAIN", "local")
        .output()
        .expect("`go` ran before");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the oracle failed: {complaints}");
    println!("{complaints}");
    String::from_utf8(output.stdout).expect("the oracle prints paths and numbers")
}

/// Compares one file: a line with its path, then a line for each name.
fn compare(said: &str) -> Tally {
    let mut lines = said.lines();
    let path = &format!("/{}", lines.next().unwrap_or_default());
    let text = fs::read_to_string(path).expect("the oracle read it");
    let parsed = Parsed::new(text.clone().into());
    let scope = Scope::of(&parsed);
    let mut tally = Tally {
        files: 1,
        ..Tally::default()
    };
    let known: BTreeSet<usize> = scope.names().map(|(range, _)| range.start).collect();
    let mut starts = BTreeSet::new();
    for line in lines {
        let (start, target) = line.split_once(' ').expect("an offset and a target");
        let start: usize = start.parse().expect("an offset");
        starts.insert(start);
        tally.names += 1;
        let resolution = scope.resolve_at(start);
        match agrees(&scope, resolution, target) {
            _ if target == "?" => tally.unsaid += 1,
            true => {}
            false if resolution == Resolution::Universe && target == "o" => {
                tally.redeclared_elsewhere += 1;
            }
            false if resolution == Resolution::Unknown && known.contains(&start) => {
                tally.unknown_keys += 1;
            }
            false => tally
                .disagreements
                .push(complain(path, &text, start, target, &scope)),
        }
    }
    for (range, resolution) in scope.names() {
        if !starts.contains(&range.start) {
            let line = 1 + text[..range.start].matches('\n').count();
            tally.disagreements.push(format!(
                "{path}:{line}: `{}` is no identifier but {resolution:?}",
                &text[range]
            ));
        }
    }
    tally
}

fn agrees(scope: &Scope, resolution: Resolution, target: &str) -> bool {
    match (target.split_at(1), resolution) {
        (("@", at), Resolution::Declared(id)) => {
            at.parse() == Ok(scope.declaration(id).range.start)
        }
        (("i", at), Resolution::Import(index)) => {
            at.parse() == Ok(scope.imports()[index].range.start)
        }
        (("o", _), Resolution::Unresolved)
        | (("u", _), Resolution::Universe)
        | (("m", _), Resolution::Member)
        | (("_", _), Resolution::Blank) => true,
        _ => false,
    }
}

fn complain(path: &str, text: &str, start: usize, target: &str, scope: &Scope) -> String {
    let line = text[..start].matches('\n').count();
    let resolution = scope.resolve_at(start);
    let declared = match resolution {
        Resolution::Declared(id) => format!(" {:?}", scope.declaration(id)),
        _ => String::new(),
    };
    format!(
        "{path}:{}: byte {start}: go/types {target}, scope {resolution:?}{declared}: {}",
        line + 1,
        text.lines().nth(line).unwrap_or_default().trim()
    )
}
