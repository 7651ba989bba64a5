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
mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use gomend::{
    go::{
        control::{ancestors, descendants, owner},
        scope::Resolution,
        syntax::Parsed,
    },
    matcher::{
        Facts,
        object::{declared, uses, within},
    },
};
use lostcancel_support::{Tally, context, judge, module_flags, sites, vet};
use scope_support::{go_files, goroot};
use tree_sitter::Node;

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

/// Stands for what tells the mutants of a file apart.
const ID: &str = "\u{e000}";
/// Stands for what the names of the file's variables for mutants begin with.
const VAR: &str = "\u{e001}";

/// Statements to put in the place of a release, with the release inside.
const STRUCTURES: [&str; 18] = [
    "if VARTrue { RELEASE }",
    "if VARTrue { RELEASE } else { RELEASE }",
    "if VARTrue { } else if !VARTrue { RELEASE }",
    "for VARTrue { RELEASE }",
    "for { RELEASE; break }",
    "for { if VARTrue { break }; RELEASE }",
    "for range VARList { RELEASE }",
    "mutL: for { for VARTrue { if VARTrue { continue mutL }; break mutL }; RELEASE; break }",
    "mutL: for range VARList { for { RELEASE; continue mutL } }",
    "switch { case VARTrue: fallthrough; default: RELEASE }",
    "switch { case VARTrue: RELEASE; fallthrough; case !VARTrue: RELEASE }",
    "switch VARTrue { case true: if VARTrue { break }; RELEASE; default: RELEASE }",
    "switch VARAny.(type) { case int: RELEASE; default: RELEASE }",
    "switch x := VARAny.(type) { case int: _ = x; RELEASE; case error: panic(x) }",
    "select { case <-VARChan: RELEASE; default: RELEASE }",
    "select { case <-VARChan: RELEASE; case VARChan <- 1: if VARTrue { panic(1) } }",
    "if VARTrue { goto mutL }; RELEASE; mutL: VARTrue = false",
    "{ goto mutM; mutL: RELEASE; goto mutN; mutM: if VARTrue { goto mutL }; mutN: }",
];

/// What ends, leaves or repeats something, and where it may stand.
const ENDS: [(&str, Needs); 18] = [
    ("return ZERO", Needs::Nothing),
    ("panic(1)", Needs::Nothing),
    ("select {}", Needs::Nothing),
    ("for {}", Needs::Nothing),
    ("break", Needs::Loop),
    ("continue", Needs::Loop),
    ("VARPanics()", Needs::Nothing),
    ("VARMaybe()", Needs::Nothing),
    ("VARRecovers()", Needs::Nothing),
    ("VARLoops(1)", Needs::Nothing),
    ("VARThing{}.Fatal()", Needs::Nothing),
    ("func() { panic(1) }()", Needs::Nothing),
    ("os.Exit(1)", Needs::Name("os")),
    ("log.Fatal()", Needs::Name("log")),
    ("runtime.Goexit()", Needs::Name("runtime")),
    ("t.Fatal()", Needs::Name("t")),
    ("t.SkipNow()", Needs::Name("t")),
    ("defer func() { recover() }(); panic(1)", Needs::Nothing),
];

#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    /// A `for` around it.
    Loop,
    /// This name, of an import or of a test's parameter.
    Name(&'static str),
}

/// The changed files: where they lie and what they hold, by the path of the file they stand for.
type Texts = BTreeMap<PathBuf, (PathBuf, String)>;

/// Text to be put in place of bytes.
type Edit = (Range<usize>, String);

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

/// The mutants of a file's functions, each as the text of a declaration.
fn mutants(parsed: &Parsed, share: usize) -> Vec<String> {
    let context = context();
    let facts = Facts::new(parsed, &context);
    let mut found = Vec::new();
    for (statement, cancel) in sites(&facts) {
        let Some(declaration) = ancestors(statement)
            .filter(|a| matches!(a.kind(), "function_declaration" | "method_declaration"))
            .last()
        else {
            continue;
        };
        let site = Site {
            facts: &facts,
            declaration,
            statement,
            cancel,
        };
        found.extend(site.edits().into_iter().filter_map(|e| site.rendered(e)));
    }
    found.into_iter().step_by(share).collect()
}

/// A cancel function, where it is made.
struct Site<'a, 't> {
    facts: &'a Facts<'t>,
    declaration: Node<'t>,
    statement: Node<'t>,
    cancel: Node<'t>,
}

impl<'t> Site<'_, 't> {
    /// The edits of each mutant.
    fn edits(&self) -> Vec<Vec<Edit>> {
        let releases = self.releases();
        let name = self.facts.parsed.text_of(self.cancel);
        let call = if self
            .facts
            .parsed
            .text_of(self.statement)
            .contains("CancelCause(")
        {
            format!("{name}(nil)")
        } else {
            format!("{name}()")
        };
        // What nobody comes to is no use, but makes the variable a used one.
        let dead = |index: usize| format!("{{ goto mutD{index}; _ = {name}; mutD{index}: }}");
        let without: Vec<Edit> = releases
            .iter()
            .enumerate()
            .map(|(i, r)| (r.byte_range(), dead(i)))
            .collect();
        let mut found: Vec<Vec<Edit>> = without.iter().map(|e| vec![e.clone()]).collect();
        for release in &releases {
            let text = self.facts.parsed.text_of(*release);
            found.extend(STRUCTURES.map(|s| {
                vec![(
                    release.byte_range(),
                    s.replace("VAR", VAR).replace("RELEASE", text),
                )]
            }));
        }
        for (index, place) in self.places().into_iter().enumerate() {
            if !releases.iter().any(|r| within(place, *r)) {
                let call = if index % 3 == 2 {
                    format!("defer {call}; ")
                } else {
                    format!("{call}; ")
                };
                let mut edits = without.clone();
                edits.push((place.start_byte()..place.start_byte(), call));
                found.push(edits);
            }
            found.extend(self.ending(place, index).map(|end| {
                vec![(
                    place.start_byte()..place.start_byte(),
                    format!("if {VAR}True {{ {end} }}; "),
                )]
            }));
        }
        found
    }

    /// The simple statements of the function that use the cancel function.
    fn releases(&self) -> Vec<Node<'t>> {
        let function = owner(self.statement);
        let Some(id) = declared(self.facts, self.cancel) else {
            return Vec::new();
        };
        let mut found: Vec<Node<'t>> = uses(self.facts, id)
            .into_iter()
            .filter_map(|used| {
                std::iter::once(used).chain(ancestors(used)).find(|n| {
                    let listed = n.parent().is_some_and(|p| p.kind() == "statement_list");
                    listed && owner(*n) == function
                })
            })
            .filter(|n| {
                matches!(
                    n.kind(),
                    "expression_statement" | "defer_statement" | "go_statement"
                )
            })
            .collect();
        found.dedup();
        found
    }

    /// The statements behind the one that makes the cancel function, where its name means it.
    fn places(&self) -> Vec<Node<'t>> {
        let Some(list) = self
            .statement
            .parent()
            .filter(|p| p.kind() == "statement_list")
        else {
            return Vec::new();
        };
        descendants(list, false)
            .into_iter()
            .filter(|n| n.start_byte() >= self.statement.end_byte())
            .filter(|n| n.parent().is_some_and(|p| p.kind() == "statement_list"))
            .filter(|n| n.is_named() && n.kind() != "comment")
            .collect()
    }

    /// One of the endings that can stand before a place.
    fn ending(&self, place: Node<'t>, index: usize) -> Option<String> {
        let start = (index + self.statement.start_byte()) % ENDS.len();
        (0..ENDS.len())
            .map(|i| ENDS[(start + i) % ENDS.len()])
            .find_map(|(end, needs)| {
                let fits = match needs {
                    Needs::Nothing => true,
                    Needs::Loop => ancestors(place)
                        .take_while(|a| Some(*a) != owner(place))
                        .any(|a| a.kind() == "for_statement"),
                    Needs::Name(name) => self.means(name, place),
                };
                fits.then(|| end.replace("ZERO", &self.zeros(place)).replace("VAR", VAR))
            })
    }

    /// Whether a name is that of an import, or of the parameter of a test.
    fn means(&self, name: &str, place: Node<'t>) -> bool {
        match self.facts.scope().visible(name, place.start_byte()) {
            Some(Resolution::Import(_)) => true,
            Some(Resolution::Declared(id)) => {
                let scope = self.facts.scope();
                let after = &self.facts.parsed.text()[scope.declaration(id).range.end..];
                [" *testing.T", " *testing.B", " testing.TB"]
                    .iter()
                    .any(|t| after.starts_with(t))
            }
            _ => false,
        }
    }

    /// A value for each result of the function around a place.
    fn zeros(&self, place: Node<'t>) -> String {
        let results = owner(place).and_then(|f| f.child_by_field_name("result"));
        let Some(results) = results else {
            return String::new();
        };
        if results.kind() != "parameter_list" {
            return format!("*new({})", self.facts.parsed.text_of(results));
        }
        let mut cursor = results.walk();
        let mut zeros = Vec::new();
        for result in results.named_children(&mut cursor) {
            if result.child_by_field_name("name").is_some() {
                return String::new();
            }
            let kind = result.child_by_field_name("type").unwrap_or(result);
            zeros.push(format!("*new({})", self.facts.parsed.text_of(kind)));
        }
        zeros.join(", ")
    }

    /// The declaration with some edits and another name; `None` where it has no name.
    fn rendered(&self, mut edits: Vec<Edit>) -> Option<String> {
        let name = self.declaration.child_by_field_name("name")?;
        edits.push((
            name.byte_range(),
            format!("mut{ID}_{}", self.facts.parsed.text_of(name)),
        ));
        edits.sort_by_key(|(range, _)| range.start);
        let mut text = format!("\n// mutant {ID}\n");
        let mut at = self.declaration.start_byte();
        for (range, new) in edits {
            text.push_str(&self.facts.parsed.text()[at..range.start]);
            text.push_str(&new);
            at = range.end;
        }
        text.push_str(&self.facts.parsed.text()[at..self.declaration.end_byte()]);
        text.push('\n');
        Some(text)
    }
}
