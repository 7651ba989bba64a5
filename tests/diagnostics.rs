//! One bad codemod each, `tests/diagnostics/<name>.toml`, with all that loading says about it, `<name>.txt`.
//! `GOMEND_BLESS=1 cargo test --test diagnostics` writes the texts anew; read them in review.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use gomend::{
    codemod::{lint::lint, problem::Kind},
    diagnostic::render,
};

/// The cases: a file, or a folder of files that are checked together.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new("tests/diagnostics");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir() || path.extension().is_some_and(|e| e == "toml"))
        .collect();
    cases.sort();
    cases
}

/// What loading says.
fn said(case: &Path) -> String {
    render(&lint(&[case.to_owned()]), false)
}

#[test]
fn every_case_gets_its_message() {
    let bless = env::var_os("GOMEND_BLESS").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in cases() {
        let expected_path = case.with_extension("txt");
        let said = said(&case);
        let good = case
            .file_stem()
            .is_some_and(|stem| stem.to_string_lossy().starts_with("good"));
        assert_eq!(said.is_empty(), good, "{}:\n{said}", case.display());
        if bless {
            fs::write(&expected_path, &said).expect("the message can be written");
            continue;
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if expected != said {
            wrong.push(format!(
                "--- {}\n{expected}\n+++ now\n{said}",
                expected_path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_file_has_its_case() {
    for entry in fs::read_dir("tests/diagnostics").expect("the folder of cases is there") {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|e| e == "txt") {
            let case = path.with_extension("toml");
            let folder = path.with_extension("");
            assert!(case.exists() || folder.is_dir(), "{}", path.display());
        }
    }
}

#[test]
fn every_kind_of_problem_has_a_case() {
    // These arise from a path or from the command line, and are tested where those are.
    let elsewhere = [
        Kind::Unreadable,
        Kind::UnknownCodemod,
        Kind::BadSetting,
        Kind::UnsetParam,
    ];
    let shown: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|case| lint(std::slice::from_ref(case)))
        .map(|diagnostic| diagnostic.code)
        .collect();
    let missing: Vec<&str> = Kind::ALL
        .iter()
        .filter(|kind| !elsewhere.contains(kind))
        .map(|kind| kind.code())
        .filter(|code| !shown.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn shipped_codemods_have_no_problem() {
    let diagnostics = lint(&[]);
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, false));
}
