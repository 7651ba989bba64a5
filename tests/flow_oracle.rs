//! The Go compiler as a witness for control flow: it refuses a function with results whose body can be run off
//! (<https://go.dev/ref/spec#Terminating_statements>), so in Go's own source no such body can.

mod scope_support;

use std::{fs, path::Path};

use gomend::go::{
    control::{descendants, is_function, terminates},
    flow::{Flow, Passage, Reach},
    syntax::Parsed,
};
use rayon::prelude::*;
use scope_support::{go_files, goroot};
use tree_sitter::Node;

/// What was looked at, and what disagrees.
#[derive(Debug, Default)]
struct Tally {
    with_results: usize,
    without: usize,
    disagreements: Vec<String>,
}

#[test]
fn no_function_with_results_runs_off_its_end() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let tally = go_files(&root.join("src"))
        .into_par_iter()
        .map(|path| look_at(&path))
        .reduce(Tally::default, |a, b| Tally {
            with_results: a.with_results + b.with_results,
            without: a.without + b.without,
            disagreements: [a.disagreements, b.disagreements].concat(),
        });
    println!(
        "{} functions with results, {} without",
        tally.with_results, tally.without
    );
    assert!(
        tally.with_results > 10_000,
        "only {} functions",
        tally.with_results
    );
    let shown = &tally.disagreements[..tally.disagreements.len().min(30)];
    assert!(
        shown.is_empty(),
        "{} disagreements:\n{}",
        tally.disagreements.len(),
        shown.join("\n")
    );
}

fn look_at(path: &Path) -> Tally {
    let mut tally = Tally::default();
    let Ok(text) = fs::read_to_string(path) else {
        return tally;
    };
    let parsed = Parsed::new(text.into());
    for function in descendants(parsed.root(), true) {
        let Some(body) = function
            .child_by_field_name("body")
            .filter(|_| is_function(function.kind()))
        else {
            continue;
        };
        if body.has_error() {
            continue;
        }
        let has_results = function.child_by_field_name("result").is_some();
        *(if has_results {
            &mut tally.with_results
        } else {
            &mut tally.without
        }) += 1;
        let by_statements = terminates(&parsed, body, &|call| Some(is_panic(&parsed, call)));
        let by_paths = runs_off(&parsed, function).map(|runs_off| !runs_off);
        if by_statements != by_paths || (has_results && by_paths != Some(true)) {
            let line = function.start_position().row + 1;
            let place = format!("{}:{line}", path.display());
            tally.disagreements.push(format!(
                "{place}: statements {by_statements:?}, paths {by_paths:?}, results {has_results}"
            ));
        }
    }
    tally
}

/// Whether some path comes to the end of the body without a return.
fn runs_off(parsed: &Parsed, function: Node<'_>) -> Option<bool> {
    let flow = Flow::of(parsed, function, &|call| Some(is_panic(parsed, call)))?;
    let passage = Passage {
        stops: &|node| Some(node.kind() == "return_statement"),
        ..Passage::default()
    };
    let parameters = function.child_by_field_name("parameters")?;
    match flow.reaches_exit_without(parameters, &passage) {
        Reach::Never => Some(false),
        Reach::End => Some(true),
        Reach::Return(_) | Reach::Unknown => None,
    }
}

fn is_panic(parsed: &Parsed, call: Node<'_>) -> bool {
    call.child_by_field_name("function")
        .is_some_and(|f| f.kind() == "identifier" && parsed.text_of(f) == "panic")
}
