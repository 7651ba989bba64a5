//! Ctrl-C, the end of the input, signals: what is written, and how the terminal is left.

use std::{fs, process::Command};

use crate::{
    lab::{Lab, ONE, TWO},
    talk::{END, INTERRUPT},
};

#[test]
fn ctrl_c_writes_nothing() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("y");
    talk.expect("]? ");
    talk.send(INTERRUPT);
    let (code, shown) = talk.end();
    assert_eq!(code, Some(2));
    assert!(
        shown.contains(
            "error: interrupted, and nothing was written; run again, and answer `q` to keep what you accepted\n"
        ),
        "{shown}"
    );
    assert_eq!(lab.changed(), "");
}

#[test]
fn the_end_of_the_input_keeps_what_was_accepted() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("y");
    talk.expect("]? ");
    talk.send(END);
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(
        shown.contains("end of input: stopping, as `q` does\n"),
        "{shown}"
    );
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "newoldA"));
    assert_eq!(lab.read("two.go"), TWO);
}

/// As git has it with `interactive.singleKey`.
fn single_key() -> Lab {
    let lab = Lab::new();
    lab.repo.git(&["config", "interactive.singleKey", "true"]);
    lab
}

#[test]
fn a_single_key_is_an_answer_where_git_has_it_so() {
    let lab = single_key();
    let mut talk = lab.talk(&[]);
    talk.expect("]? ");
    // The up arrow, which ends in a letter that is an answer.
    talk.send("\u{1b}[A");
    let shown = talk.expect("]? ");
    assert!(shown.contains("`\\u{1b}`: no such answer\n"), "{shown}");
    talk.send("y");
    talk.expect("(2 of 5)");
    talk.expect("]? ");
    talk.send("nq");
    talk.expect("(3 of 5)");
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(shown.contains("1 applied, 4 left"), "{shown}");
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "newoldA"));
}

#[test]
fn single_keys_leave_the_terminal_as_it_was() {
    for (keys, code) in [(INTERRUPT, 2), (END, 0), ("q", 0)] {
        let lab = single_key();
        let mut talk = lab.talk(&[]);
        talk.expect("]? ");
        talk.await_single_keys();
        talk.send(keys);
        let (ended, is_cooked) = talk.end_mode();
        assert_eq!((ended, is_cooked), (Some(code), true), "{keys:?}");
        assert_eq!(lab.changed(), "");
    }
}

#[test]
fn a_request_to_terminate_writes_nothing_and_restores_the_terminal() {
    let lab = single_key();
    let mut talk = lab.talk(&[]);
    talk.expect("]? ");
    talk.send("y");
    talk.expect("]? ");
    talk.await_single_keys();
    let process = talk.process().to_string();
    let status = Command::new("kill").args(["-TERM", &process]).status();
    assert!(status.expect("there is `kill`").success());
    assert_eq!(talk.end_mode(), (Some(2), true));
    assert_eq!(lab.changed(), "");
}

#[test]
fn a_file_that_changes_meanwhile_is_not_overwritten() {
    let lab = Lab::new();
    let mut talk = lab.talk(&[]);
    talk.answer("a");
    talk.expect("two.go:4:2");
    let meanwhile = ONE.replace("oldB()", "saved()");
    fs::write(lab.repo.root.join("one.go"), &meanwhile).expect("the folder is ours");
    talk.send("y\r");
    let (code, shown) = talk.end();
    assert_eq!(code, Some(2));
    assert!(
        shown
            .contains("error: `one.go` was not written: it changed since it was read; run again\n"),
        "{shown}"
    );
    assert_eq!(lab.read("one.go"), meanwhile);
    assert_eq!(lab.read("two.go"), TWO.replace("oldE", "newoldE"));
}
