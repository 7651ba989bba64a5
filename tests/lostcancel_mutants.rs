//! `go vet`'s lostcancel as a witness for paths that nobody has written: every function that makes a cancel function is
//! copied many times behind its file, each copy changed in one place, and vet and gomend judge all of them.
//!
//! A copy loses one release, or has its only release somewhere else, or a statement that ends, leaves or repeats something
//! in between, or the release inside a loop, switch or select. Vet reads the changed files through `-overlay`; nothing
//! is written beside the sources.
//!
//! Measured with Go 1.26: in the packages of `std` and `cmd`, 8,583 places accepted by vet and called released, 2,167 reported and
//! called not released, 105 accepted and not known, 248 that vet does not look at (in `main`, or where the variable gets
//! another cancel function); in mutants of Caddy and Syncthing 797 and 454, none not known. No answer was the opposite of vet's.
//!
//! The default takes a few packages and a part of their mutants. `GOMEND_ORACLE=all` takes every package of Go's own source
//! that makes contexts, and those of the modules below the folder `GOMEND_ORACLE_REPOS`.

mod lostcancel_support;
#[path = "lostcancel_support/mutants.rs"]
mod mutants;
mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use gomend::go::syntax::Parsed;
use lostcancel_support::{Tally, judge, module_flags, vet};
use mutants::{ID, VAR, mutants};
use scope_support::{go_files, goroot};

/// Packages of Go's own source.
const SAMPLE: [&str; 3] = ["database/sql", "os/exec", "net"];

/// What mutants use.
const DECLARATIONS: &str = "
var VARTrue bool
var VARAny interface{}
var VARChan chan int
var VARList []int
func VARPanics() { VARDeep() }
func VARDeep() { if VARTrue { panic(1) } else { select {} } }
func VARMaybe() { if VARTrue { panic(1) } }
func VARRecovers() { defer func() { recover() }(); panic(1) }
func VARLoops(n int) { for { VARLoops(n - 1) } }
type VARThing struct{}
func (VARThing) Fatal() { panic(1) }
";

/// The changed files: where they lie and what they hold, by the path of the file they stand for.
type Texts = BTreeMap<PathBuf, (PathBuf, String)>;

#[test]
fn mutants_of_gos_own_source_are_judged_as_by_vet() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let source = root.join("src");
    let (folders, share) = if all() {
        (makers(&source), 1)
    } else {
        (SAMPLE.map(|p| source.join(p)).to_vec(), 4)
    };
    let mut tally = Tally::default();
    for folder in folders {
        compare_mutants(&folder, share, &[], &mut tally);
    }
    assert!(tally.count() >= 300, "only {} places", tally.count());
    tally.check(&[]);
}

#[test]
fn mutants_of_other_modules_are_judged_as_by_vet() {
    let repositories = env::var_os("GOMEND_ORACLE_REPOS").filter(|_| all());
    let Some(repositories) = repositories else {
        println!("not run: only with GOMEND_ORACLE=all and GOMEND_ORACLE_REPOS");
        return;
    };
    let mut tally = Tally::default();
    for folder in makers(Path::new(&repositories)) {
        let flags = [("GOFLAGS", module_flags(&folder))];
        compare_mutants(&folder, 3, &flags, &mut tally);
    }
    tally.check(&[]);
}

/// Whether everything is asked for.
fn all() -> bool {
    env::var("GOMEND_ORACLE").is_ok_and(|v| v == "all")
}

/// The folders whose files make contexts.
fn makers(folder: &Path) -> Vec<PathBuf> {
    let makes = |file: &&PathBuf| {
        !file.components().any(|c| c.as_os_str() == "vendor")
            && fs::read_to_string(file).is_ok_and(|t| t.contains("context.With"))
    };
    let files = go_files(folder);
    let folders: BTreeSet<_> = files
        .iter()
        .filter(makes)
        .filter_map(|f| f.parent())
        .collect();
    folders.into_iter().map(Path::to_owned).collect()
}

/// Judges one of `share` mutants of a package, by gomend and by vet.
fn compare_mutants(folder: &Path, share: usize, environment: &[(&str, &str)], tally: &mut Tally) {
    let name = folder.display().to_string().replace('/', "-");
    let overlay = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("lostcancel")
        .join(name);
    fs::create_dir_all(&overlay).expect("cargo's folder for tests can be written");
    let mut files = go_files(folder);
    files.retain(|f| f.parent() == Some(folder));
    let mut mutated = BTreeMap::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        if text.contains("context.With") && !text.contains("import \"C\"") {
            let parsed = Parsed::new(text.into());
            mutated.insert(file, (parsed.text().to_owned(), mutants(&parsed, share)));
        }
    }
    // A mutant that is no Go, for want of an import or by a name that is shadowed, is left out.
    for _ in 0..20 {
        let texts = write(&mutated, &overlay);
        let flag = format!("-overlay={}", overlay.join("overlay.json").display());
        let vetted = vet(folder, &[&flag, "."], environment);
        if vetted.failed.is_empty() {
            assert!(vetted.strange.is_empty(), "{:?}", vetted.strange);
            let mut judged = BTreeMap::new();
            for (path, text) in texts.values() {
                judge(path, &Parsed::new(text.as_str().into()), &mut judged);
            }
            return tally.add(&judged, &vetted.reported, &[]);
        }
        if !drop_broken(&mut mutated, &texts, &vetted.failed) {
            println!("not vetted: {}: {:?}", folder.display(), vetted.failed);
            return;
        }
    }
    println!(
        "not vetted: {}: too many mutants are no Go",
        folder.display()
    );
}

/// The files with their mutants, by path; and the overlay that vet reads.
fn write(mutated: &BTreeMap<PathBuf, (String, Vec<String>)>, folder: &Path) -> Texts {
    let mut replace = serde_json::Map::new();
    let mut texts = BTreeMap::new();
    for (index, (file, (text, mutants))) in mutated.iter().enumerate() {
        let v = format!("mut{index}");
        let mut text = format!("{text}{}", DECLARATIONS.replace("VAR", &v));
        for (count, mutant) in mutants.iter().enumerate() {
            let mutant = mutant.replace(ID, &format!("{index}_{count}"));
            text.push_str(&mutant.replace(VAR, &v));
        }
        let written = folder.join(format!("{index}.go"));
        // Go keeps what vet said of a text, with the paths of then.
        write!(text, "\n// {}\n", written.display()).expect("writing to a string cannot fail");
        fs::write(&written, &text).expect("the folder was made");
        replace.insert(
            file.display().to_string(),
            written.display().to_string().into(),
        );
        texts.insert(file.clone(), (written, text));
    }
    let overlay = serde_json::json!({ "Replace": replace });
    fs::write(folder.join("overlay.json"), overlay.to_string()).expect("the folder was made");
    texts
}

/// Takes out the mutants that do not type-check; whether there were any.
fn drop_broken(
    mutated: &mut BTreeMap<PathBuf, (String, Vec<String>)>,
    texts: &Texts,
    failed: &[(lostcancel_support::Place, String)],
) -> bool {
    let mut dropped = false;
    for (file, (_, mutants)) in mutated.iter_mut() {
        let (path, text) = &texts[file];
        let path = fs::canonicalize(path).expect("it was written");
        let lines: Vec<&str> = text.lines().collect();
        let broken: BTreeSet<usize> = failed
            .iter()
            .filter(|(place, _)| place.file == path)
            .filter_map(|(place, _)| {
                let head = lines[..place.line]
                    .iter()
                    .rfind(|l| l.starts_with("// mutant "))?;
                head.rsplit('_').next()?.parse().ok()
            })
            .collect();
        dropped |= !broken.is_empty();
        for index in &broken {
            "\n".clone_into(&mut mutants[*index]);
        }
    }
    dropped
}
