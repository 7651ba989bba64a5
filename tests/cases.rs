//! The cases of every codemod that ships: those that a user runs with `gomend test`.

use std::{collections::BTreeSet, path::Path};

use gomend::{
    cases::{self, Options},
    codemod::selection::{Request, select},
    verify::gofmt,
};

#[test]
fn every_shipped_codemod_passes_its_cases() {
    let request = Request {
        all: true,
        to_describe: true,
        ..Request::default()
    };
    let codemods = select(&request).expect("shipped codemods load").codemods;
    assert!(!codemods.is_empty());
    let options = Options {
        gofmt: gofmt::Choice::Auto,
        jobs: 4,
        bless: false,
    };
    let mut failures = Vec::new();
    let mut not_run = BTreeSet::new();
    for codemod in codemods {
        let id = codemod.id.clone();
        let fixtures = cases::fixtures_of(&codemod, Path::new(env!("CARGO_MANIFEST_DIR")))
            .expect("the checkout holds the codemod");
        let tally = cases::run(codemod, &fixtures, &options).expect("a working machine");
        failures.extend(tally.failures.into_iter().map(|failure| {
            format!(
                "{id} {}: {}\n{}",
                failure.case, failure.message, failure.difference
            )
        }));
        not_run.extend(tally.not_run);
    }
    for check in not_run {
        println!("not run: {check}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
