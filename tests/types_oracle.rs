//! Types agree with go/types on every expression whose type is claimed.
//!
//! By default a few packages of Go's own source are compared; `GOMEND_ORACLE=all` compares all of it, and
//! `GOMEND_ORACLE=<folder>` the packages below a folder of it. The packages of the standard library's table are known
//! from the table alone, the package in question and those that are not in the table from their files.

mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use gomend::go::{
    index::{Index, Module, Sources},
    scope::Scope,
    syntax::Parsed,
    types::{Memo, Typing, stdlib},
};
use rayon::prelude::*;
use scope_support::{go_files, goroot};

/// Packages with generics, embedding, type switches, closures; few dependencies.
const SAMPLE: [&str; 10] = [
    "archive/zip",
    "bufio",
    "encoding/json",
    "go/types",
    "maps",
    "net/url",
    "os",
    "slices",
    "sync",
    "text/template",
];

/// Of all claims, the share that must be right.
const RIGHT: f64 = 0.999;
/// Of all uses of local variables, the share whose type must be known.
const LOCALS_KNOWN: f64 = 0.85;

struct Goroot<'r> {
    root: &'r Path,
    /// The folder whose own files are looked at although the table has its package.
    own: String,
}

impl Sources for Goroot<'_> {
    fn is_complete(&self, _: &str) -> bool {
        true
    }

    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        if folder != self.own && stdlib::has(folder) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join(folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().extension().is_some_and(|e| e == "go")
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                found.push((format!("{folder}/{name}"), text.into()));
            }
        }
        found.sort();
        found
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    all: usize,
    known: usize,
    wrong: usize,
}

#[derive(Debug, Default)]
struct Tally {
    classes: BTreeMap<String, Count>,
    disagreements: Vec<String>,
    unknown: Vec<String>,
}

impl Tally {
    fn join(mut self, other: Self) -> Self {
        for (class, count) in other.classes {
            let sum = self.classes.entry(class).or_default();
            sum.all += count.all;
            sum.known += count.known;
            sum.wrong += count.wrong;
        }
        self.disagreements.extend(other.disagreements);
        self.unknown.extend(other.unknown);
        self
    }
}

#[test]
fn types_agree_with_go_types() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let source = root.join("src");
    let wanted = env::var("GOMEND_ORACLE").unwrap_or_default();
    let folders: Vec<PathBuf> = match wanted.as_str() {
        "" => SAMPLE.iter().map(|package| source.join(package)).collect(),
        "all" => packages(&source),
        folder => packages(Path::new(folder)),
    };
    let said = ask(&folders);
    let files: Vec<&str> = said.split("F /").filter(|file| !file.is_empty()).collect();
    let tally = files
        .into_par_iter()
        .map(|said| compare(&source, said))
        .reduce(Tally::default, Tally::join);
    report(&tally);
    let (all, known, wrong) = tally.classes.values().fold((0, 0, 0), |(a, k, w), c| {
        (a + c.all, k + c.known, w + c.wrong)
    });
    assert!(all > 1000, "only {all} expressions were compared");
    assert!(
        share(known - wrong, known) >= RIGHT,
        "{wrong} of {known} claims are wrong:\n{}",
        tally.disagreements[..tally.disagreements.len().min(60)].join("\n")
    );
    let locals = tally.classes.get("v").copied().unwrap_or_default();
    assert!(
        share(locals.known, locals.all) >= LOCALS_KNOWN,
        "the types of only {} of {} local variables are known",
        locals.known,
        locals.all
    );
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn report(tally: &Tally) {
    for (class, count) in &tally.classes {
        println!(
            "{class}: {} of {} known ({:.2} %), {} wrong",
            count.known,
            count.all,
            100.0 * share(count.known, count.all),
            count.wrong
        );
    }
    println!("{} disagreements", tally.disagreements.len());
    if let Ok(path) = env::var("GOMEND_ORACLE_LIST") {
        let lines = [&tally.disagreements[..], &tally.unknown[..]].concat();
        fs::write(path, lines.join("\n")).expect("the list can be written");
    }
}

fn packages(root: &Path) -> Vec<PathBuf> {
    let folders: BTreeSet<PathBuf> = go_files(root)
        .iter()
        .filter(|file| {
            !file
                .components()
                .any(|c| matches!(c.as_os_str().to_str(), Some("vendor" | "cmd")))
        })
        .filter_map(|file| file.parent().map(Path::to_owned))
        .collect();
    folders.into_iter().collect()
}

fn ask(folders: &[PathBuf]) -> String {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/types");
    let output = Command::new("go")
        .arg("run")
        .args(
            ["main.go", "modules.go", "table.go", "typestring.go"].map(|name| programs.join(name)),
        )
        .arg("judge")
        .args(folders)
        .env("GO111MODULE", "off")
        .env("GOTOOLCHAIN", "local")
        .output()
        .expect("`go` ran before");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the oracle failed: {complaints}");
    println!("{complaints}");
    String::from_utf8(output.stdout).expect("the oracle prints Go's names")
}

/// Compares one file: a line with its path, then a line for each expression.
fn compare(source: &Path, said: &str) -> Tally {
    let mut lines = said.lines();
    let (path, _) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a path and a package");
    let path = PathBuf::from(format!("/{path}"));
    let relative = path.strip_prefix(source).expect("it is below GOROOT");
    let own = relative
        .parent()
        .map(|p| p.to_string_lossy().into_owned())
        .unwrap_or_default();
    let sources = Goroot { root: source, own };
    let modules = Module::parse("", "module std\n").into_iter().collect();
    let index = Index::new(&sources, modules);
    let text = fs::read_to_string(&path).expect("the oracle read it");
    let parsed = Parsed::new(text.into());
    let scope = Scope::of(&parsed);
    let memo = Memo::default();
    let typing = Typing::new(&parsed, &scope, relative, Some(&index), &memo);
    let mut tally = Tally::default();
    for line in lines {
        let mut parts = line.splitn(4, ' ');
        let mut next = || parts.next().expect("four parts");
        let (start, end) = (
            next().parse().expect("an offset"),
            next().parse().expect("an offset"),
        );
        let (class, wanted) = (next(), next());
        let Some(node) = parsed.root().named_descendant_for_byte_range(start, end) else {
            continue;
        };
        let count = tally.classes.entry(class.to_owned()).or_default();
        count.all += 1;
        let found = (node.byte_range() == (start..end))
            .then(|| typing.type_of(node))
            .flatten();
        let shown = found
            .map(gomend::go::types::Type::defaulted)
            .filter(gomend::go::types::Type::is_known)
            .map(|t| t.to_string());
        let place = || {
            let line = 1 + parsed.text()[..start].matches('\n').count();
            let first = parsed.text()[start..end].lines().next().unwrap_or_default();
            format!(
                "{}:{line}: {} {class} `{first}`",
                relative.display(),
                node.kind()
            )
        };
        match shown {
            Some(shown) => {
                count.known += 1;
                if shown != wanted {
                    count.wrong += 1;
                    tally
                        .disagreements
                        .push(format!("{}: {shown}, go/types {wanted}", place()));
                }
            }
            None if env::var_os("GOMEND_ORACLE_LIST").is_some() => {
                tally.unknown.push(format!("unknown: {} {wanted}", place()));
            }
            None => {}
        }
    }
    tally
}
