//! What is around the conversation: terminals of any size, colours, files that are not clean, and no terminal at all.

use std::{
    fs::{self, File},
    process::{Command, Stdio},
};

use crate::{
    lab::{Lab, ONE, TWO},
    talk::{Start, Talk},
};

#[test]
fn a_tiny_terminal_is_enough_and_may_change_its_size() {
    let lab = Lab::new();
    let mut talk = lab.start(&[], &[], (3, 12));
    assert!(talk.answer("y").contains("oldA"));
    talk.resize(50, 200);
    assert!(talk.answer("n").contains("oldB"));
    talk.resize(1, 1);
    assert!(talk.answer("s").contains("oldC"));
    talk.answer("y");
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(
        lab.read("one.go"),
        ONE.replace("oldA", "newoldA").replace("oldC", "newoldC")
    );
}

#[test]
fn colours_are_shown_as_asked_for() {
    let colours = |options: &[&str], variables: &[(&str, &str)]| {
        let lab = Lab::new();
        let mut talk = lab.talk_with(options, variables);
        talk.answer("q");
        let raw = talk.raw();
        assert_eq!(talk.end().0, Some(0));
        raw
    };
    let shown = colours(&[], &[]);
    assert!(shown.contains("\u{1b}[31m-\toldA()\u{1b}[0m"), "{shown:?}");
    assert!(
        shown.contains("\u{1b}[32m+\tnewoldA()\u{1b}[0m"),
        "{shown:?}"
    );
    assert!(colours(&["--color", "always"], &[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!colours(&[], &[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!colours(&["--color", "never"], &[]).contains('\u{1b}'));
}

#[test]
fn what_a_file_holds_cannot_play_with_the_terminal() {
    let lab = Lab::new();
    let text = "package p\n\nfunc f() {\n\toldA(\"\u{202e}\u{1b}]0;mine\u{7}\") // \u{1b}[2J\n}\n";
    lab.repo.write("odd\u{1b}[1m.go", text);
    lab.repo.commit("odd");
    let mut talk = lab.talk(&["--color", "never"]);
    let mut shown = talk.answer("d");
    while !shown.contains("odd") {
        shown = talk.answer("d");
    }
    assert!(shown.contains("--> odd\\u{1b}[1m.go:4:2"), "{shown}");
    assert!(
        shown.contains("oldA(\"\\u{202e}\\u{1b}]0;mine\\u{7}\") // \\u{1b}[2J\n"),
        "{shown}"
    );
    assert!(!talk.raw().contains('\u{1b}'));
    talk.answer("q");
}

#[test]
fn files_that_are_not_clean_are_refused_before_the_first_question() {
    let lab = Lab::new();
    lab.repo.write("two.go", format!("{TWO}\n// more\n"));
    let (code, shown) = lab.talk(&[]).end();
    assert_eq!(code, Some(2));
    assert_eq!(
        shown,
        "error: `two.go` has changes that are not committed; commit or stash them, or add `--allow-dirty`\n"
    );
    let mut talk = lab.talk(&["--allow-dirty"]);
    talk.answer("d");
    talk.answer("y");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(
        lab.read("two.go"),
        format!("{}\n// more\n", TWO.replace("oldE", "newoldE"))
    );
}

#[test]
fn nothing_is_asked_where_nothing_is_found() {
    let lab = Lab::new();
    lab.repo
        .write("one.go", "package p\n")
        .write("two.go", "package p\n");
    let (code, shown) = lab.talk(&[]).end();
    assert_eq!(
        (code, shown.as_str()),
        (Some(0), "no findings in 2 files\n")
    );
}

#[test]
fn the_report_goes_where_it_is_asked_for() {
    let lab = Lab::new();
    let out = lab.beside("out.json");
    let arguments = [
        "apply",
        "--interactive",
        "--gofmt",
        "off",
        "--format",
        "json",
    ];
    let codemod = ["-c", "../codemods/lab/new.toml"];
    let mut talk = Talk::start(Start {
        folder: &lab.repo.root,
        home: &lab.beside("home"),
        arguments: &[&arguments[..], &codemod[..]].concat(),
        variables: &[],
        size: (24, 80),
        stdout: Some(File::create(&out).expect("the folder is ours").into()),
    });
    talk.answer("y");
    talk.answer("q");
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(!shown.contains("\"schema\""), "{shown}");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out).expect("written")).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let fates: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding["status"].as_str())
        .collect();
    let expected = [
        "applied", "fixable", "fixable", "fixable", "fixable", "unsafe", "display",
    ];
    assert_eq!(fates, expected);
    assert_eq!(report["summary"]["applied"], 1);
}

/// What `gomend apply --interactive` says without a terminal, with these arguments.
fn without_terminal(arguments: &[&str]) -> (Option<i32>, String) {
    let lab = Lab::new();
    let output = Command::new(env!("CARGO_BIN_EXE_gomend"))
        .args(["apply", "--interactive", "--gofmt", "off"])
        .args(arguments)
        .current_dir(&lab.repo.root)
        .stdin(Stdio::null())
        .output()
        .expect("the binary under test");
    assert_eq!(lab.changed(), "");
    assert_eq!(output.stdout, b"");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn without_a_terminal_it_says_so_and_does_nothing() {
    assert_eq!(
        without_terminal(&[]),
        (
            Some(2),
            "error: `--interactive` asks on a terminal, and standard input or standard error is none; run it in a terminal, or leave it out\n".to_owned()
        )
    );
    assert_eq!(
        without_terminal(&["-"]),
        (
            Some(2),
            "error: `-` reads the file from standard input, where `--interactive` reads the answers; name the file, or leave out `--interactive`\n".to_owned()
        )
    );
    assert_eq!(
        without_terminal(&["--from", "-"]),
        (
            Some(2),
            "error: `--from -` reads findings from standard input, where `--interactive` reads the answers; write the findings to a file and give `--from` its name\n".to_owned()
        )
    );
}
