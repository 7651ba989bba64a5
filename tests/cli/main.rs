//! The command line, seen from outside. Each file of `cases/` is a session in a fresh git repository made of `repo/`:
//! commands, and all that they print. `SNAPSHOTS=overwrite cargo test --test cli` writes what comes out as what is
//! expected.
//!
//! Commands are `gomend …`, where `< FILE` gives standard input and a trailing `| closed` a reader that has gone away, and
//! three that the harness has itself: `cat FILE…`, `write FILE TEXT` (`\n` for a line end), and `log REF`, which shows
//! the commits of a branch that are not in HEAD. Nothing of the machine's git or Go is seen.

mod sandbox;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use sandbox::Sandbox;
use snapbox::{Assert, Data, assert::DEFAULT_ACTION_ENV};

#[test]
fn sessions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of the cases")
        .map(|entry| entry.expect("an entry of it").path())
        .collect();
    files.sort();
    assert!(files.len() > 5, "cases are missing in {}", folder.display());
    let assert = Assert::new()
        .action_env(DEFAULT_ACTION_ENV)
        .normalize_paths(false);
    let mut failed = Vec::new();
    for file in &files {
        let expected = fs::read_to_string(file).expect("a case");
        let actual = session(&expected);
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Err(error) = assert.try_eq(Some(&name), actual.into(), Data::read_from(file, None)) {
            failed.push(error.to_string());
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Times differ from run to run, so that no session can hold them.
#[test]
fn timing_names_every_stage_and_codemod() {
    let sandbox = Sandbox::new();
    let timed = |command: &str| -> Vec<String> {
        let printed = sandbox.run(command);
        let times = printed
            .lines()
            .filter_map(|line| line.strip_prefix("time:"));
        let names = times.filter_map(|line| Some(line.split_once(" ms  ")?.1.to_owned()));
        names.collect()
    };
    let names = timed("gomend check -c ../lab/codemods --timing");
    assert_eq!(names[..3], ["read, match, rewrite", "verify", "all"]);
    let mut codemods = names[3..].to_vec();
    codemods.sort();
    assert_eq!(codemods, ["lab/any", "lab/look", "lab/sleep"]);
    assert!(timed("gomend check -c ../lab/codemods").is_empty());
}

/// Runs the commands of a session and writes it down anew. Lines with `#` directly above a command are about it; others are
/// output.
fn session(script: &str) -> String {
    let sandbox = Sandbox::new();
    let mut transcript = String::new();
    let mut about = String::new();
    for line in script.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let _ = write!(transcript, "{about}{line}\n{}\n", sandbox.run(command));
        }
        if line.starts_with("# ") {
            let _ = writeln!(about, "{line}");
        } else {
            about.clear();
        }
    }
    transcript
}
