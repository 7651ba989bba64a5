//! All shipped codemods together, over the files of all their cases and some packages of Go's own source: the order of the files
//! and the number of jobs change nothing, a few passes settle everything, a second run finds nothing to change, and no two
//! codemods undo each other.

mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gomend::{
    codemod::{
        Codemod,
        selection::{Request, select},
    },
    engine::{self, Plan, Run, Unwatched},
    finding::Status,
    select::{FileSet, Options},
};
use scope_support::{go_files, goroot};

/// Passes over one file after which nothing may be left to do.
const MOST_PASSES: usize = 5;

/// Turns that two codemods may take before neither finds anything to change.
const MOST_TURNS: usize = 6;

/// For cases that bring none: the newest version, so that no codemod is left out.
const MODULE: &str = "module example.com/case\n\ngo 1.26\n";

/// Packages of Go's own source in which the codemods find something.
const PACKAGES: [&str; 4] = ["context", "net/http/httputil", "os/exec", "sync"];

type Texts = BTreeMap<PathBuf, String>;

/// The shipped codemods that need no values, by id.
fn codemods() -> BTreeMap<String, Codemod> {
    let request = Request {
        all: true,
        ..Request::default()
    };
    let codemods = select(&request).expect("shipped codemods load").codemods;
    let by_id = codemods
        .into_iter()
        .map(|codemod| (codemod.id.to_string(), codemod));
    by_id.collect()
}

/// Every file before, each case in a folder of its own; go.mod files too.
fn cases() -> Texts {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut texts = Texts::new();
    for id in codemods().keys() {
        let folder = fixtures.join(id);
        for name in names(&folder) {
            let path = folder.join(&name);
            let place = PathBuf::from(id.replace('/', "-")).join(name.replace('.', "-"));
            if name.ends_with(".before.go") {
                texts.insert(place.join("case.go"), read(&path));
                texts.insert(place.join("go.mod"), MODULE.to_owned());
            } else if path.join("before").is_dir() {
                add_below(&path.join("before"), &place, &mut texts);
            }
        }
    }
    texts
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn add_below(folder: &Path, place: &Path, texts: &mut Texts) {
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            add_below(&path, &place.join(&name), texts);
        } else {
            texts.insert(place.join(&name), read(&path));
        }
    }
}

/// Packages of Go's own source, where Go is installed.
fn go_packages() -> Texts {
    let mut texts = Texts::new();
    let Some(source) = goroot().map(|root| root.join("src")) else {
        println!("not run: Go's own source is not installed");
        return texts;
    };
    for package in PACKAGES {
        for path in go_files(&source.join(package)) {
            let inside = path.strip_prefix(&source).expect("it lies there");
            texts.insert(Path::new("go").join(inside), read(&path));
        }
    }
    texts.insert("go/go.mod".into(), "module std\n\ngo 1.26\n".to_owned());
    texts
}

/// How a run is made.
#[derive(Clone, Copy)]
struct How {
    jobs: usize,
    backwards: bool,
}

const PLAINLY: How = How {
    jobs: 2,
    backwards: false,
};

/// Runs codemods over texts, all edits asked for; the codemods come back.
fn run(codemods: Vec<Codemod>, texts: &Texts, how: How) -> (Run, Vec<Codemod>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in texts {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }
    let is_go = |path: &&PathBuf| path.extension().is_some_and(|end| end == "go");
    let root = folder.path().canonicalize().expect("it exists");
    let mut files = FileSet::of_named(root, texts.keys().filter(is_go).cloned());
    if how.backwards {
        files.files.reverse();
    }
    let plan = Plan {
        codemods,
        files,
        pointed: None,
        select: Options {
            generated: true,
            ..Options::default()
        },
        unsafe_edits: true,
        gofmt: None,
        jobs: how.jobs,
        steps: false,
        explain: false,
        timing: false,
        unused_ignores: false,
        prefilter: true,
    };
    let run = engine::run(&plan, &Unwatched).expect("a working machine");
    (run, plan.codemods)
}

/// The texts after a run.
fn after(texts: &Texts, run: &Run) -> Texts {
    let mut after = texts.clone();
    for verified in &run.verified {
        after.insert(verified.path().to_path_buf(), verified.after().to_string());
    }
    after
}

#[test]
fn all_codemods_together_settle_whatever_the_order() {
    let mut texts = cases();
    assert!(texts.len() > 100, "the cases are missing");
    texts.extend(go_packages());
    let all: Vec<Codemod> = codemods().into_values().collect();
    let (first, all) = run(all, &texts, PLAINLY);
    let how = How {
        jobs: 1,
        backwards: true,
    };
    let (other, all) = run(all, &texts, how);
    assert_eq!(after(&texts, &first), after(&texts, &other));
    let findings = |run: &Run| {
        let mut findings: Vec<String> = run.findings.iter().map(|f| format!("{f:?}")).collect();
        findings.sort();
        findings
    };
    assert_eq!(findings(&first), findings(&other));
    assert!(
        first.summary.passes > 1,
        "the cases have matches that wait for another"
    );
    assert!(
        first.summary.passes <= MOST_PASSES,
        "it took {} passes",
        first.summary.passes
    );
    let mut wrong = Vec::new();
    for finding in &first.findings {
        if finding
            .reason
            .as_deref()
            .is_some_and(|reason| reason.contains("never settles"))
        {
            wrong.push(format!(
                "{}: {} {:?}",
                finding.path.display(),
                finding.codemod,
                finding.reason
            ));
        }
    }
    let (again, _) = run(all, &after(&texts, &first), PLAINLY);
    for verified in &again.verified {
        let codemods: BTreeSet<&str> = again
            .findings
            .iter()
            .filter(|f| f.path == *verified.path() && f.status == Status::Fixable)
            .map(|f| &*f.codemod)
            .collect();
        wrong.push(format!(
            "{}: a second run changes it again: {codemods:?}",
            verified.path().display()
        ));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_codemods_undo_each_other() {
    let texts = cases();
    let mut codemods = codemods();
    let ids: Vec<String> = codemods.keys().cloned().collect();
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for id in &ids {
        let one = codemods.remove(id).expect("each comes back");
        let (alone, mut one) = run(vec![one], &texts, PLAINLY);
        // Who finds something to change in what this one has written?
        let written = folders_of(&after(&texts, &alone), &alone);
        let others: Vec<Codemod> = std::mem::take(&mut codemods).into_values().collect();
        let (next, others) = run(others, &written, PLAINLY);
        codemods = others.into_iter().map(|c| (c.id.to_string(), c)).collect();
        let changing = next
            .findings
            .iter()
            .filter(|f| matches!(f.status, Status::Fixable | Status::Conflict));
        let changing: BTreeSet<String> = changing.map(|f| f.codemod.to_string()).collect();
        for other in changing {
            pairs += 1;
            let second = codemods.remove(&other).expect("each comes back");
            let mut turn = [vec![second], one];
            if let Some(problem) = alternate(&mut turn, &written) {
                wrong.push(format!("{id} and {other}: {problem}"));
            }
            let [mut second, first] = turn;
            one = first;
            codemods.insert(other, second.remove(0));
        }
        codemods.insert(id.clone(), one.remove(0));
    }
    assert!(pairs > 0, "no two codemods meet in any case");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files in the folders, of a case each, in which a run changes something.
fn folders_of(texts: &Texts, run: &Run) -> Texts {
    let folder = |path: &Path| path.iter().take(2).collect::<PathBuf>();
    let changed: BTreeSet<PathBuf> = run
        .verified
        .iter()
        .map(|verified| folder(verified.path()))
        .collect();
    let texts = texts
        .iter()
        .filter(|(path, _)| changed.contains(&folder(path)));
    texts
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect()
}

/// Lets two codemods take turns until both in a row change nothing; says where they go on.
fn alternate(turn: &mut [Vec<Codemod>; 2], texts: &Texts) -> Option<String> {
    let mut texts = texts.clone();
    let mut changed = Vec::new();
    let mut idle = 0;
    for number in 0..MOST_TURNS {
        let codemods = std::mem::take(&mut turn[number % 2]);
        let (run, codemods) = run(codemods, &texts, PLAINLY);
        turn[number % 2] = codemods;
        changed = run
            .verified
            .iter()
            .map(|v| v.path().display().to_string())
            .collect();
        idle = if changed.is_empty() { idle + 1 } else { 0 };
        if idle == 2 {
            return None;
        }
        texts = after(&texts, &run);
    }
    (idle == 0).then(|| {
        format!(
            "after {MOST_TURNS} turns they still change {}",
            changed.join(", ")
        )
    })
}
