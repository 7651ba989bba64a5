//! `gomend commit` against the real git: how commits are split, that they are the same ones every time, how they are
//! signed, and what becomes of repositories that are not as most are.

#[path = "../support/mod.rs"]
mod support;

mod branches;
mod hooks;
mod kinds;
mod signing;
mod splits;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use support::TestRepo;

/// A repository of three packages with five findings of `migrate/any`, committed.
fn repository() -> TestRepo {
    let repo = TestRepo::new();
    fill(&repo.root);
    repo.commit("one");
    repo
}

fn fill(root: &Path) {
    let package = |name: &str| {
        format!(
            "package {name}\n\nfunc F(m map[string]interface{{}}) interface{{}} {{ return m }}\n"
        )
    };
    support::write(root, "go.mod", "module x\n\ngo 1.22\n");
    support::write(root, "srv/a.go", package("srv"));
    support::write(root, "lib/a.go", package("lib"));
    support::write(root, "top.go", "package top\n\nvar V interface{}\n");
}

/// `gomend commit` for the codemod that finds something there.
fn commit(folder: &Path) -> Command {
    let mut command = support::command(env!("CARGO_BIN_EXE_gomend"));
    command
        .current_dir(folder)
        .args(["commit", "--gofmt", "off", "-c", "migrate/any"]);
    command
}

fn gomend(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = support::command(env!("CARGO_BIN_EXE_gomend"));
    command.current_dir(folder).args(arguments);
    command
}

/// What it left: exit code, standard output, standard error.
fn ran(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    (
        status.code().expect("it ends by itself"),
        text(stdout),
        text(stderr),
    )
}

/// The names of the commits that it printed; panics where it failed.
#[track_caller]
fn made(command: &mut Command) -> Vec<String> {
    let (code, stdout, stderr) = ran(command);
    assert_eq!(code, 0, "{stderr}");
    stdout.lines().map(str::to_owned).collect()
}

/// What it complained about; panics where it did not, or where it left a branch.
#[track_caller]
fn refused(command: &mut Command, folder: &Path) -> String {
    let (code, stdout, stderr) = ran(command);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    let branches = support::git(folder, &["branch", "--list", "gomend/*"]);
    assert_eq!(branches, "");
    let mut lines = stderr.lines().filter(|line| line.starts_with("error: "));
    let line = lines
        .next()
        .unwrap_or_else(|| panic!("no error in {stderr}"));
    line["error: ".len()..].to_owned()
}

/// A program that a test needs and the machine may lack. Says so where it does, which is an error where everything must
/// be run.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path);
    if folders.any(|folder: PathBuf| folder.join(program).is_file()) {
        return true;
    }
    assert!(
        std::env::var_os("GOMEND_REQUIRE_ALL").is_none(),
        "{program} is not installed, and GOMEND_REQUIRE_ALL is set"
    );
    eprintln!("not run: {program} is not installed");
    false
}
