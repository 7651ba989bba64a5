//! What the comparisons with `go vet -lostcancel` share: where cancel functions are made, how gomend judges them, what vet
//! says, and the comparison of both.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, LazyLock},
};

use gomend::{
    codemod::{RuleQuery, load_query},
    go::{
        control::{ancestors, owner},
        syntax::Parsed,
        version::Version,
    },
    matcher::{
        Facts, FileContext, matches, object::declared, predicate::Answer, release::released,
        resources,
    },
};
use tree_sitter::Node;

/// Where a cancel function is declared or assigned, as vet has it.
static SHAPES: LazyLock<[RuleQuery; 2]> = LazyLock::new(|| {
    let call = "(call_expression function: (selector_expression operand: (identifier) @_context field: (field_identifier) @_with))";
    let guards = r#"(#any-of? @_with "WithCancel" "WithTimeout" "WithDeadline" "WithCancelCause" "WithTimeoutCause" "WithDeadlineCause") (#import? @_context "context") (#not-eq? @cancel "_")"#;
    [
        "(_ left: (expression_list . (_) . (identifier) @cancel) right: (expression_list . CALL)) @statement",
        "(var_spec name: (_) name: (identifier) @cancel value: (expression_list . CALL)) @statement",
    ]
    .map(|shape| {
        let shape = shape.replace("CALL", call);
        load_query(&format!("({shape} {guards})")).expect("it is well-formed")
    })
});

/// A place where a cancel function is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: PathBuf,
    pub line: usize,
}

#[derive(Debug)]
pub struct Judged {
    /// The function around it that has a name.
    pub function: String,
    /// Whether it is released, by gomend.
    pub answer: Answer,
    /// Whether vet does not look at it: in `main`, or where the same variable gets another cancel function further down.
    pub passed_over: bool,
}

/// What vet says of some packages.
#[derive(Debug, Default)]
pub struct Vetted {
    /// Places that it reports.
    pub reported: BTreeSet<Place>,
    /// Where it, or the type checker before it, fails, with the message.
    pub failed: Vec<(Place, String)>,
    /// What else it says.
    pub strange: Vec<String>,
}

const REPORT: &str = "is not used on all paths";

/// `GOFLAGS` for the module that a folder belongs to: what it vendors is taken from there.
pub fn module_flags(folder: &Path) -> &'static str {
    let module = folder.ancestors().find(|a| a.join("go.mod").exists());
    if module.is_some_and(|m| m.join("vendor").is_dir()) {
        "-mod=vendor"
    } else {
        "-mod=mod"
    }
}

/// `go vet -lostcancel` with more flags, run in `folder`.
pub fn vet(folder: &Path, flags: &[&str], environment: &[(&str, &str)]) -> Vetted {
    let output = Command::new("go")
        .args(["vet", "-lostcancel"])
        .args(flags)
        .current_dir(folder)
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .envs(environment.iter().copied())
        .output()
        .expect("`go` was found");
    let mut vetted = Vetted::default();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        if line.starts_with('#') || line.contains("without using the") {
            continue;
        }
        let mut parts = line.trim_start_matches("vet: ").split(':');
        let file = parts
            .next()
            .and_then(|f| fs::canonicalize(folder.join(f)).ok());
        let place = file
            .zip(parts.next().and_then(|l| l.parse().ok()))
            .map(|(file, line)| Place { file, line });
        match place {
            Some(place) if line.contains(REPORT) => {
                vetted.reported.insert(place);
            }
            Some(_) if line.contains("should be called, not discarded") => {}
            Some(place) => vetted.failed.push((place, line.to_owned())),
            None => vetted.strange.push(line.to_owned()),
        }
    }
    vetted
}

/// All cancel functions that are made in some files.
pub fn judge_all(files: &[PathBuf]) -> BTreeMap<Place, Judged> {
    let mut found = BTreeMap::new();
    for path in files {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        if text.contains(".With") {
            judge(path, &Parsed::new(text.into()), &mut found);
        }
    }
    found
}

/// All cancel functions that are made in one file.
pub fn judge(path: &Path, parsed: &Parsed, found: &mut BTreeMap<Place, Judged>) {
    let context = context();
    let facts = Facts::new(parsed, &context);
    let file = fs::canonicalize(path).expect("it was read");
    let sites = sites(&facts);
    for (index, (statement, cancel)) in sites.iter().enumerate() {
        let place = Place {
            file: file.clone(),
            line: statement.start_position().row + 1,
        };
        let function = named_function(parsed, *statement);
        let again = |other: &(Node<'_>, Node<'_>)| {
            owner(other.0) == owner(*statement)
                && declared(&facts, other.1) == declared(&facts, *cancel)
        };
        let judged = Judged {
            answer: released(&facts, resources::shipped(), *cancel, &["()"]).answer,
            passed_over: function == "main" || sites[index + 1..].iter().any(again),
            function,
        };
        found.insert(place, judged);
    }
}

/// What a file of no module is known by.
pub fn context() -> FileContext {
    FileContext {
        path: Arc::from(Path::new("a.go")),
        go: Version::parse("1.22"),
        generated: false,
    }
}

/// The statements that make a cancel function, and the identifiers that get it, in document order.
pub fn sites<'t>(facts: &Facts<'t>) -> Vec<(Node<'t>, Node<'t>)> {
    let mut found = Vec::new();
    for shape in SHAPES.iter() {
        for one in matches(shape, facts, facts.parsed.root(), None).expect("within the limit") {
            found.extend(one.node("statement").zip(one.node("cancel")));
        }
    }
    found.sort_by_key(|(statement, _)| statement.start_byte());
    found
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

/// A function on which vet and gomend differ, the answer expected here, and why both are right.
pub type Explained = (&'static str, Answer, &'static str);

/// How often vet and gomend agree, and where they do not.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<String, usize>,
    wrong: Vec<String>,
    explained: BTreeSet<&'static str>,
}

impl Tally {
    /// Adds the places of some files.
    pub fn add(
        &mut self,
        judged: &BTreeMap<Place, Judged>,
        reported: &BTreeSet<Place>,
        explained: &[Explained],
    ) {
        for place in reported.iter().filter(|p| !judged.contains_key(p)) {
            self.wrong
                .push(format!("{place:?}: reported by vet, not looked at"));
        }
        for (place, one) in judged {
            let is_reported = reported.contains(place);
            let says = match (is_reported, one.passed_over) {
                (true, _) => "reported",
                (false, true) => "not looked at",
                (false, false) => "accepted",
            };
            let told = format!("{says} by vet, released {:?}", one.answer);
            let agrees = match one.answer {
                Answer::Yes => !is_reported,
                Answer::No => is_reported || one.passed_over,
                Answer::Unknown => true,
            };
            let (file, line) = (place.file.display(), place.line);
            let reason = explained
                .iter()
                .find(|(name, answer, _)| *name == one.function && *answer == one.answer);
            if let Some((name, ..)) = reason {
                self.explained.insert(name);
            } else if !agrees || (is_reported && one.answer == Answer::Unknown) {
                let list = format!("{file}:{line} ({}): {told}", one.function);
                if agrees {
                    println!("{list}");
                } else {
                    self.wrong.push(list);
                }
            }
            *self.counts.entry(told).or_default() += 1;
        }
    }

    /// How many places were compared.
    pub fn count(&self) -> usize {
        self.counts.values().sum()
    }

    /// Fails where some answer is neither agreement nor explained, and where an explanation explains nothing.
    pub fn check(&self, explained: &[Explained]) {
        println!("{:#?}", self.counts);
        assert!(
            self.wrong.is_empty(),
            "{} differences:\n{}",
            self.wrong.len(),
            self.wrong.join("\n")
        );
        for (name, _, why) in explained {
            assert!(
                self.explained.contains(name),
                "`{name}` does not differ any more ({why})"
            );
        }
    }
}
