//! What must not change the facts about a function: consistent renaming of its variables, comments and blank lines between
//! its statements, a block around a statement or around the whole body.
//!
//! Asked of generated functions, and of those of some packages of Go's own source; `GOMEND_ORACLE=all` takes all of it.

mod facts_support;
mod scope_support;
#[path = "support/seed.rs"]
mod seed;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use facts_support::{renamed, spaced, with_blocks, with_inner_bodies};
use gomend::{
    go::{
        control::{descendants, is_function, jumps_out, owner, terminates},
        scope::{DeclId, Kind, Resolution},
        syntax::Parsed,
        version::Version,
    },
    matcher::{
        Facts, FileContext,
        callee::never_returns,
        channel::{
            can_return, channel, is_abandoned, is_once, is_received, is_rendezvous,
            is_single_goroutine,
        },
        escape::escape,
        method_calls::method_calls,
        object::{assignments, declaring, uses},
        release::{released, used_after},
        resources::shipped,
    },
};
use proptest::prelude::*;
use rayon::prelude::*;
use scope_support::{go_files, goroot};
use seed::seed;
use tree_sitter::Node;

/// Packages of Go's own source with all kinds of statements.
const SAMPLE: [&str; 5] = ["archive/zip", "context", "log/slog", "os/exec", "sync"];

/// Where `#used-after?` is asked of a variable: behind this many statements.
const PLACES: usize = 3;

/// What is asked, and the answer.
type Answers = BTreeMap<String, String>;

/// All answers about the functions of a file, in document order.
fn answers(text: &str) -> Answers {
    let parsed = Parsed::new(text.into());
    let context = file();
    let facts = Facts::new(&parsed, &context);
    let mut found = Answers::new();
    for (index, declaration) in facts.scope().declarations().iter().enumerate() {
        let is_value = matches!(
            declaration.kind,
            Kind::Var | Kind::Param | Kind::Result | Kind::RangeVar
        );
        let site = declaring(&facts, declaration).filter(|_| declaration.owner.is_some());
        // A type switch has one identifier for several variables.
        if let Some(site) = site.filter(|s| is_value && s.byte_range() == declaration.range) {
            of_variable(&facts, site, index, &mut found);
        }
    }
    for (index, node) in functions_and_choices(parsed.root()).into_iter().enumerate() {
        of_statement(&facts, node, index, &mut found);
    }
    found
}

fn file() -> FileContext {
    FileContext {
        path: Arc::from(Path::new("a.go")),
        go: Version::parse("1.22"),
        generated: false,
    }
}

/// The functions, and the statements that choose or repeat.
fn functions_and_choices(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found = descendants(root, true);
    found.retain(|n| {
        is_function(n.kind())
            || matches!(
                n.kind(),
                "if_statement"
                    | "for_statement"
                    | "expression_switch_statement"
                    | "type_switch_statement"
                    | "select_statement"
            )
    });
    found
}

fn of_variable<'t>(facts: &Facts<'t>, site: Node<'t>, index: usize, found: &mut Answers) {
    let Resolution::Declared(id) = facts.scope().resolve(site) else {
        return;
    };
    let mut say = |question: &str, answer: String| {
        found.insert(format!("{question} of variable {index}"), answer);
    };
    let table = shipped();
    say(
        "escapes",
        format!("{:?}", escape(facts, table, site).answer),
    );
    for methods in [&["Close", "Body.Close"], &["()", "Stop"]] {
        let answer = released(facts, table, site, methods).answer;
        say(&format!("released {methods:?}"), format!("{answer:?}"));
    }
    let paths: Vec<_> = method_calls(facts, id)
        .into_iter()
        .map(|c| c.path)
        .collect();
    say("calls", paths.join(" "));
    let (assigned, all_seen) = assignments(facts, id);
    say("assignments", format!("{} {all_seen}", assigned.len()));
    for (nth, place) in statements_behind(facts, id, site).into_iter().enumerate() {
        let answer = used_after(facts, site, place);
        say(
            &format!("used after statement {nth}"),
            format!("{answer:?}"),
        );
    }
    let known = channel(facts, table, site);
    let Ok(known) = known else {
        return say("channel", "unknown".to_owned());
    };
    say(
        "channel",
        format!(
            "{} {} {} {} {:?} {:?} {:?} {:?} {:?}",
            known.sends.len(),
            known.receives.len(),
            known.closes.len(),
            known.measured.len(),
            is_once(facts, &known, &known.sends),
            is_single_goroutine(facts, &known, &known.sends),
            is_rendezvous(facts, &known),
            is_received(facts, &known),
            is_abandoned(facts, &known),
        ),
    );
}

/// The first simple statements behind a declaration that use the variable.
fn statements_behind<'t>(facts: &Facts<'t>, id: DeclId, site: Node<'t>) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'t>> = uses(facts, id)
        .into_iter()
        .filter(|u| owner(*u) == owner(site))
        .filter_map(|u| {
            std::iter::successors(Some(u), Node::parent).find(|n| {
                matches!(
                    n.kind(),
                    "expression_statement" | "assignment_statement" | "short_var_declaration"
                )
            })
        })
        .collect();
    found.dedup();
    found.truncate(PLACES);
    found
}

fn of_statement<'t>(facts: &Facts<'t>, node: Node<'t>, index: usize, found: &mut Answers) {
    let mut say = |question: &str, answer: String| {
        found.insert(format!("{question} of statement {index}"), answer);
    };
    let never = |call: Node<'_>| never_returns(facts, call);
    if is_function(node.kind()) {
        let body = node.child_by_field_name("body");
        let ends = body.map(|b| terminates(facts.parsed, b, &never));
        say("terminates", format!("{ends:?}"));
        say("returns", format!("{:?}", can_return(facts, node)));
        return;
    }
    let ends = terminates(facts.parsed, node, &never);
    say("terminates", format!("{ends:?}"));
    say("jumps out", jumps_out(facts.parsed, node).to_string());
}

/// A change that must not change a fact.
type Change = (&'static str, fn(&str) -> String);

const CHANGES: [Change; 4] = [
    ("renaming", renamed),
    ("layout", spaced),
    ("blocks around bodies", with_inner_bodies),
    ("blocks around statements", with_blocks),
];

/// The answers that a change changes; `None` where the changed text does not parse.
fn differences(text: &str, before: &Answers, change: fn(&str) -> String) -> Option<Vec<String>> {
    let other = change(text);
    if !Parsed::new(other.as_str().into()).errors().is_empty() {
        return None;
    }
    let after = answers(&other);
    let mut found = Vec::new();
    for (question, a) in before {
        match after.get(question) {
            Some(b) if a == b => {}
            b => found.push(format!("{question}: {a}, then {b:?}")),
        }
    }
    if before.len() != after.len() {
        found.push(format!("{} answers, then {}", before.len(), after.len()));
    }
    Some(found)
}

#[test]
fn gos_own_source_keeps_its_facts() {
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
            .filter(|p| fs::metadata(p).is_ok_and(|m| m.len() < 30_000))
            .collect()
    };
    let results: Vec<(usize, usize, Vec<String>)> = files.par_iter().map(|p| look_at(p)).collect();
    let asked: usize = results.iter().map(|r| r.0).sum();
    let unparsed: usize = results.iter().map(|r| r.1).sum();
    let wrong: Vec<_> = results.into_iter().flat_map(|r| r.2).collect();
    println!("{asked} answers, {unparsed} changed files that do not parse");
    assert!(asked > 20_000, "only {asked} answers");
    assert!(
        unparsed * 50 < files.len() * CHANGES.len(),
        "{unparsed} changed files do not parse"
    );
    let shown = &wrong[..wrong.len().min(30)];
    assert!(
        shown.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

/// How many answers a file has, how many of the changed files do not parse, and what differs.
fn look_at(path: &Path) -> (usize, usize, Vec<String>) {
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.is_empty() || !Parsed::new(text.as_str().into()).errors().is_empty() {
        return (0, 0, Vec::new());
    }
    let before = answers(&text);
    let (mut unparsed, mut wrong) = (0, Vec::new());
    for (name, change) in CHANGES {
        match differences(&text, &before, change) {
            Some(found) => {
                let place = |what| format!("{}: {name}: {what}", path.display());
                wrong.extend(found.into_iter().map(place));
            }
            None => unparsed += 1,
        }
    }
    (before.len(), unparsed, wrong)
}

/// Statements over a resource `x`, its error, a channel `ch` and a flag `ok`.
fn statement() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x.Close()",
        "defer x.Close()",
        "x.Read(b)",
        "use(x)",
        "y := x; y.Close()",
        "_ = x",
        "x, err = os.Open(name)",
        "return",
        "if err != nil { return }",
        "if x == nil { return }",
        "kept = x",
        "func() { x.Close() }()",
        "go func() { x.Close() }()",
        "panic(err)",
        "ch <- 1",
        "<-ch",
        "close(ch)",
        "go func() { ch <- 2 }()",
        "go func() { defer close(ch); for range ch { ok = !ok } }()",
        "use(ch)",
        "log.Fatal(err)",
        "ok = x != nil",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(3, 24, 4, |inner| {
            let body =
                || prop::collection::vec(inner.clone(), 0..4).prop_map(|body| body.join("\n"));
            prop_oneof![
                body().prop_map(|a| format!("{{\n{a}\n}}")),
                (body(), body()).prop_map(|(a, b)| format!("if ok {{\n{a}\n}} else {{\n{b}\n}}")),
                body().prop_map(|a| format!("if err != nil {{\n{a}\n}}")),
                body().prop_map(|a| format!("for {{\n{a}\n}}")),
                body().prop_map(|a| format!("for range 3 {{\n{a}\nif ok {{\nbreak\n}}\n}}")),
                body().prop_map(|a| format!("for i := 0; i < 3; i++ {{\n{a}\ncontinue\n}}")),
                (body(), body())
                    .prop_map(|(a, b)| format!("switch {{\ncase ok:\n{a}\ndefault:\n{b}\n}}")),
                (body(), body()).prop_map(|(a, b)| format!(
                    "select {{\ncase <-ch:\n{a}\ncase ch <- 3:\n{b}\n}}"
                )),
                body().prop_map(|a| format!("defer func() {{\n{a}\n}}()")),
                body().prop_map(|a| format!("go func() {{\n{a}\n}}()")),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        rng_seed: seed(),
        ..ProptestConfig::default()
    })]

    #[test]
    fn generated_functions_keep_their_facts(statements in prop::collection::vec(statement(), 1..7)) {
        let body = statements.join("\n");
        let text = format!(
            "package p\n\nimport (\n\"log\"\n\"os\"\n)\n\nvar kept *os.File\n\nfunc f(name string, ok bool, b []byte) {{\nx, err := os.Open(name)\nch := make(chan int)\n{body}\n}}\n"
        );
        prop_assert!(Parsed::new(text.as_str().into()).errors().is_empty(), "{}", text);
        let before = answers(&text);
        for (name, change) in CHANGES {
            let found = differences(&text, &before, change);
            prop_assert_eq!(found, Some(Vec::new()), "{}:\n{}\n{}", name, text, change(&text));
        }
    }
}
