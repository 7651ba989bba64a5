//! Pages to look at, and a browser to look at them with.

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    browser::{self, Browser},
    support::{self, TestRepo},
};

/// A window in which the two sides of a change fit beside each other.
pub const WIDE: (u32, u32) = (1280, 900);

/// A file with a finding of each of two codemods.
pub const A: &str = "package a

import (
	\"context\"
	\"time\"
)

var first interface{}

func Ping(parent context.Context) error {
	ctx, _ := context.WithTimeout(parent, time.Second)
	return ctx.Err()
}
";

const B: &str = "package b\n\nfunc Second(m map[string]interface{}) interface{} {\n\treturn m\n}\n";

/// A browser of this size; `None` where there is none, which is said.
pub fn browser(size: (u32, u32)) -> Option<Browser> {
    let Some(program) = browser::program() else {
        assert!(
            std::env::var_os("GOMEND_REQUIRE_ALL").is_none(),
            "Chromium is asked for and not installed: no `chromium` in PATH"
        );
        println!("not run: Chromium is not installed");
        return None;
    };
    Some(Browser::start(&program, size))
}

/// A repository with four findings of two codemods in two packages.
pub fn small() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("go.mod", "module example.com/m\n\ngo 1.25\n");
    repo.write("a/a.go", A).write("b/b.go", B);
    repo
}

/// The page of `gomend check` with these arguments in the repository.
pub fn page(repo: &TestRepo, arguments: &[&str]) -> PathBuf {
    let file = repo.beside("report.html");
    let output = support::command(env!("CARGO_BIN_EXE_gomend"))
        .current_dir(&repo.root)
        .args(["check", "--gofmt", "off", "--format", "html", "--output"])
        .arg(&file)
        .args(arguments)
        .output()
        .expect("the binary under test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    file
}

/// The page of [`small`]'s findings.
pub fn small_page(repo: &TestRepo) -> PathBuf {
    page(
        repo,
        &["-c", "migrate/any", "-c", "context/cancel-discarded"],
    )
}

/// What stands in the page's list: codemod and place of each finding.
pub fn listed(browser: &mut Browser) -> Vec<String> {
    let shown = browser.eval(
        "[...document.querySelectorAll('.finding')].map((node) => [...node.querySelectorAll('.about > *')].map((part) => part.textContent).join(' '))",
    );
    let shown = shown.as_array().expect("a list");
    let shown = shown.iter().filter_map(Value::as_str);
    shown.map(str::to_owned).collect()
}
