//! `go vet`'s lostcancel as a witness for paths: what it reports is not called released, and what it accepts is not called
//! leaking, but for what [`EXPLAINED`] says.
//!
//! Compared are the functions of `tests/oracle/lostcancel`, which have statements of all shapes, and those packages of Go's
//! own source that make the most contexts; `GOMEND_ORACLE=all` takes all of its packages.

mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use gomend::{
    codemod::load_query,
    go::{control::ancestors, syntax::Parsed, version::Version},
    matcher::{Facts, FileContext, matches, predicate::Answer},
};
use scope_support::{go_files, goroot};
use tree_sitter::Node;

/// Where a cancel function is declared or assigned, as vet has it.
const SHAPES: [&str; 2] = [
    r"(_ left: (expression_list . (_) . (identifier) @cancel) right: (expression_list . (call_expression function: (selector_expression operand: (identifier) @_context field: (field_identifier) @_with)))) @statement",
    r"(var_spec name: (_) name: (identifier) @cancel value: (expression_list . (call_expression function: (selector_expression operand: (identifier) @_context field: (field_identifier) @_with)))) @statement",
];

const GUARDS: &str = r#"(#any-of? @_with "WithCancel" "WithTimeout" "WithDeadline" "WithCancelCause" "WithTimeoutCause" "WithDeadlineCause") (#import? @_context "context") (#not-eq? @cancel "_")"#;

/// Functions on which the two differ, with the answer expected here, and why both are right.
const EXPLAINED: &[(&str, Answer, &str)] = &[
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

/// Packages of Go's own source.
const SAMPLE: [&str; 6] = [
    "context",
    "database/sql",
    "log/slog",
    "net",
    "net/http",
    "os/exec",
];

/// A place where a cancel function is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: PathBuf,
    line: usize,
}

#[derive(Debug)]
struct Judged {
    /// The function around it that has a name.
    function: String,
    /// Whether it is released, by gomend.
    answer: Answer,
}

#[test]
fn shapes_of_statements_are_judged_as_by_vet() {
    let Some(_) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/lostcancel");
    let judged = judge_all(&go_files(&folder));
    assert!(judged.len() >= 75, "only {} places", judged.len());
    let reported = vet(&folder, &["."]);
    assert!(reported.len() >= 20, "vet reports only {reported:?}");
    compare(&judged, &reported, EXPLAINED);
}

#[test]
fn gos_own_source_is_judged_as_by_vet() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let source = root.join("src");
    let all = env::var("GOMEND_ORACLE").is_ok_and(|v| v == "all");
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
    let reported = vet(&source, packages);
    compare(&judged, &reported, &[]);
}

/// Places that vet reports.
fn vet(folder: &Path, packages: &[&str]) -> BTreeSet<Place> {
    let output = Command::new("go")
        .args(["vet", "-lostcancel"])
        .args(packages)
        .current_dir(folder)
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .output()
        .expect("`go` was found");
    let said = String::from_utf8_lossy(&output.stderr);
    let strange: Vec<&str> = said
        .lines()
        .filter(|line| {
            !line.starts_with('#') && !line.contains("without using the") && !line.contains(REPORT)
        })
        .collect();
    assert!(strange.is_empty(), "vet fails: {}", strange.join("\n"));
    said.lines()
        .filter(|line| line.contains(REPORT))
        .map(|line| {
            let mut parts = line.trim_start_matches("vet: ").split(':');
            let file = parts.next().expect("a split has a first part");
            let line = parts.next().and_then(|l| l.parse().ok()).expect("a line");
            let file = fs::canonicalize(folder.join(file)).expect("vet names a file");
            Place { file, line }
        })
        .collect()
}

const REPORT: &str = "is not used on all paths";

fn judge_all(files: &[PathBuf]) -> BTreeMap<Place, Judged> {
    let mut found = BTreeMap::new();
    for path in files {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        if !text.contains("context.With") {
            continue;
        }
        judge(path, &Parsed::new(text.into()), &mut found);
    }
    found
}

fn judge(path: &Path, parsed: &Parsed, found: &mut BTreeMap<Place, Judged>) {
    let context = FileContext {
        path: Arc::from(Path::new("a.go")),
        go: Version::parse("1.22"),
        generated: false,
    };
    let facts = Facts::new(parsed, &context);
    let file = fs::canonicalize(path).expect("it was read");
    for (predicate, answer) in [
        ("", Answer::Unknown),
        ("(#released? @cancel \"()\")", Answer::Yes),
        ("(#not-released? @cancel \"()\")", Answer::No),
    ] {
        for shape in SHAPES {
            let query =
                load_query(&format!("({shape} {GUARDS} {predicate})")).expect("it is well-formed");
            for one in matches(&query, &facts, parsed.root(), None).expect("within the limit") {
                let node = one.node("statement").expect("it is captured");
                let place = Place {
                    file: file.clone(),
                    line: node.start_position().row + 1,
                };
                let function = named_function(parsed, node);
                found.insert(place, Judged { function, answer });
            }
        }
    }
}

/// The name of the declaration that a node lies in.
fn named_function(parsed: &Parsed, node: Node<'_>) -> String {
    ancestors(node)
        .filter_map(|a| {
            a.child_by_field_name("name")
                .filter(|_| a.kind().ends_with("_declaration"))
        })
        .last()
        .map_or_else(String::new, |name| parsed.text_of(name).to_owned())
}

/// Counts the pairs of answers, and fails where one is neither agreement nor explained.
fn compare(
    judged: &BTreeMap<Place, Judged>,
    reported: &BTreeSet<Place>,
    explained: &[(&str, Answer, &str)],
) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (place, one) in judged {
        let is_reported = reported.contains(place);
        let says = if is_reported { "reported" } else { "accepted" };
        *counts
            .entry(format!("{says}, released {:?}", one.answer))
            .or_default() += 1;
        let agrees = match one.answer {
            Answer::Yes => !is_reported,
            Answer::No => is_reported,
            Answer::Unknown => true,
        };
        let reason = explained
            .iter()
            .find(|(name, answer, _)| *name == one.function && *answer == one.answer);
        if let Some((name, ..)) = reason {
            used.insert(*name);
        } else if !agrees {
            wrong.push(format!(
                "{}:{} ({}): {says} by vet, released {:?}",
                place.file.display(),
                place.line,
                one.function,
                one.answer
            ));
        }
        if one.answer == Answer::Unknown {
            println!(
                "unknown, {says} by vet: {}:{} ({})",
                place.file.display(),
                place.line,
                one.function
            );
        }
    }
    println!("{counts:#?}");
    let missed: Vec<_> = reported
        .iter()
        .filter(|p| !judged.contains_key(p))
        .collect();
    assert!(
        missed.is_empty(),
        "reported by vet and not looked at: {missed:?}"
    );
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    for (name, _, why) in explained {
        assert!(
            used.contains(name),
            "`{name}` does not differ any more ({why})"
        );
    }
}
