//! The answers that decide.

use std::process::Command;

use crate::lab::{Lab, ONE, TWO};

#[test]
fn a_question_shows_what_why_where_and_the_change() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    let shown = talk.answer("n");
    let expected = "
warning[lab/new]: `oldA` is old
  --> one.go:4:2 (1 of 5)
  = safe: Call what is new
@@ -1,7 +1,7 @@
 package p
 
 func one() {
-\toldA()
+\tnewoldA()
 }
 
 // two is another.
Make this change [y,n,a,d,e,q,i,?]? ";
    assert_eq!(shown, expected);
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
}

#[test]
fn yes_to_all_writes_what_apply_writes() {
    let asked = Lab::new();
    let mut talk = asked.talk(&["--unsafe"]);
    for _ in 0..3 {
        talk.answer("y");
    }
    // The unsafe one is asked about as such, the one to look at is not.
    talk.answer("y");
    assert!(talk.answer("y").contains("  = unsafe: Call what is new"));
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(
        shown.contains("7 findings in 2 of 2 files: 6 applied, 1 to look at"),
        "{shown}"
    );
    assert!(shown.contains("look at `look`"), "{shown}");

    let unasked = Lab::new();
    let status = Command::new(env!("CARGO_BIN_EXE_gomend"))
        .args([
            "apply",
            "--gofmt",
            "off",
            "--unsafe",
            "-c",
            "../codemods/lab/new.toml",
        ])
        .current_dir(&unasked.repo.root)
        .env("HOME", unasked.beside("home"))
        .output()
        .expect("the binary under test")
        .status;
    assert_eq!(status.code(), Some(0));
    for name in ["one.go", "two.go"] {
        assert_eq!(asked.read(name), unasked.read(name));
    }
    assert!(asked.read("two.go").contains("trust()"));
}

#[test]
fn no_to_all_writes_nothing() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    for _ in 0..4 {
        talk.answer("n");
    }
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(
        shown.contains(": 5 left, 1 unsafe, 1 to look at"),
        "{shown}"
    );
    assert!(
        shown.contains("add `--unsafe` for 1 unsafe change"),
        "{shown}"
    );
    assert_eq!(lab.changed(), "");
}

#[test]
fn quitting_keeps_what_was_accepted() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("n");
    talk.answer("y");
    talk.answer("q");
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(shown.contains(": 1 applied, 4 left, "), "{shown}");
    assert_eq!(lab.read("one.go"), ONE.replace("oldB", "newoldB"));
    assert_eq!(lab.read("two.go"), TWO);
}

#[test]
fn the_rest_is_that_of_the_file() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("n");
    talk.answer("a");
    assert!(talk.answer("d").contains("--> two.go:4:2 (5 of 5)"));
    assert_eq!(talk.end().0, Some(0));
    let expected = ["B", "C", "D"].iter().fold(ONE.to_owned(), |text, letter| {
        text.replace(&format!("old{letter}"), &format!("newold{letter}"))
    });
    assert_eq!(lab.read("one.go"), expected);
    assert_eq!(lab.read("two.go"), TWO);

    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("y");
    talk.answer("d");
    assert!(talk.answer("a").contains("--> two.go:4:2 (5 of 5)"));
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "newoldA"));
    assert_eq!(lab.read("two.go"), TWO.replace("oldE", "newoldE"));
}

#[test]
fn findings_of_one_hunk_are_split_and_one_finding_says_why_not() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("s");
    let shown = talk.answer("n");
    assert!(
        shown.contains("this is one finding, and its change is made as a whole or not at all\n"),
        "{shown}"
    );
    assert!(!shown.contains("-->"), "the same prompt again: {shown}");
    talk.answer("n");
    let both = talk.answer("s");
    assert!(both.contains("one.go:13:2 (3 of 5)") && both.contains("one.go:14:2 (4 of 5)"));
    assert!(
        both.contains("Make these 2 changes [y,n,a,d,s,e,q,i,?]? "),
        "{both}"
    );
    let first = talk.answer("n");
    assert!(
        first.contains("one.go:13:2 (3 of 5)") && !first.contains("14:2"),
        "{first}"
    );
    assert!(talk.answer("y").contains("one.go:14:2 (4 of 5)"));
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldD", "newoldD"));
}

#[test]
fn help_and_description_are_shown_and_the_question_stays() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("?");
    let help = talk.answer("i");
    for letter in "yandseqi?".chars() {
        assert!(help.contains(&format!("{letter} - ")), "{letter} in {help}");
    }
    assert!(help.contains("Ctrl-C - stop, and write nothing at all"));
    let description = talk.answer("nonsense");
    assert!(
        description
            .contains("lab/new  Call what is new\n\nWhy it matters\nWhat is old goes away.\n"),
        "{description}"
    );
    let wrong = talk.answer("q");
    assert!(
        wrong.contains("`nonsense`: only one letter is expected\ny - make this"),
        "{wrong}"
    );
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.changed(), "");
}
