//! `e`: the editor, and what becomes of its text.

use std::fs;

use crate::{
    lab::{Lab, ONE, TWO, replacing},
    talk::INTERRUPT,
};

#[test]
fn an_edited_text_is_written() {
    let lab = Lab::new();
    let mut talk = lab.talk_edited(&replacing("newoldB", "mine"));
    talk.answer("n");
    talk.answer("e");
    let shown = talk.answer("q");
    assert!(
        shown.contains("waiting for your editor to close lines 7 to 10\n"),
        "{shown}"
    );
    assert!(shown.contains("one.go:13:2 (3 of 5)"), "{shown}");
    let (code, shown) = talk.end();
    assert_eq!(code, Some(0));
    assert!(shown.contains("1 applied, 4 left"), "{shown}");
    assert_eq!(lab.read("one.go"), ONE.replace("oldB", "mine"));
    assert_eq!(lab.read("two.go"), TWO);
}

#[test]
fn the_editor_sees_the_changed_declaration_and_a_go_file() {
    let lab = Lab::new();
    let kept = lab.beside("kept");
    let mut talk = lab.talk_edited(&format!(
        "echo \"${{1##*/}}\" > '{0}' && cat \"$1\" >> '{0}'\n",
        kept.display()
    ));
    talk.answer("n");
    talk.answer("e");
    let shown = talk.answer("q");
    assert!(
        shown.contains("the text was not changed; answer `y` to make the change as it is\n"),
        "{shown}"
    );
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(
        fs::read_to_string(kept).expect("the editor wrote it"),
        "one.go\n// two is another.\nfunc two() {\n\tnewoldB()\n}\n"
    );
    assert_eq!(lab.changed(), "");
}

#[test]
fn an_editor_that_fails_or_is_not_there_leaves_the_question_open() {
    let lab = Lab::new();
    let mut talk = lab.talk_edited("exit 3\n");
    talk.answer("e");
    let shown = talk.answer("y");
    assert!(
        shown.contains(" failed (exit code 3); the change stays as proposed\n"),
        "{shown}"
    );
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "newoldA"));

    let lab = Lab::new();
    let mut talk = lab.talk_with(&[], &[("GIT_EDITOR", "no-such-editor --wait")]);
    talk.answer("e");
    let shown = talk.answer("q");
    assert!(
        shown.contains("the editor `no-such-editor --wait` failed (no such program); the change"),
        "{shown}"
    );
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.changed(), "");
}

#[test]
fn a_text_that_is_no_go_is_refused_with_its_line_and_asked_about_again() {
    let lab = Lab::new();
    // The first time it breaks the call, the second time it mends what it broke.
    let mut talk = lab.talk_edited(
        "sed -e 's/broken(}/mine()/;t' -e 's/newoldA()/broken(}/' \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"\n",
    );
    talk.answer("e");
    let shown = talk.answer("y");
    assert!(
        shown.contains("your text does not hold at its line 2: the result does not parse\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("Edit again (n discards your text) [y,n]? "),
        "{shown}"
    );
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "mine"));

    let lab = Lab::new();
    let mut talk = lab.talk_edited(&replacing("newoldA()", "broken(}"));
    talk.answer("e");
    talk.answer("n");
    let shown = talk.answer("q");
    assert!(
        shown.ends_with("Make this change [y,n,a,d,e,q,i,?]? "),
        "{shown}"
    );
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.changed(), "");
}

#[test]
fn gofmt_has_the_last_word_on_an_edited_text() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let gofmt = std::env::split_paths(&path)
        .map(|folder| folder.join("gofmt"))
        .find(|program| program.is_file());
    let Some(gofmt) = gofmt else {
        assert!(
            std::env::var_os("GOMEND_REQUIRE_GO").is_none(),
            "gofmt is required and not on PATH"
        );
        println!("not run: gofmt is not installed");
        return;
    };
    let options = ["--gofmt", gofmt.to_str().expect("a plain path")];
    let talk = |lab: &Lab, script: &str| {
        let editor = lab.editor(script);
        lab.talk_with(&options, &[("GIT_EDITOR", &editor)])
    };
    let lab = Lab::new();
    let mut laid_out = talk(&lab, &replacing("newoldA()", "mine( 1,2 )"));
    laid_out.answer("e");
    laid_out.answer("q");
    assert_eq!(laid_out.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA()", "mine(1, 2)"));

    // This parses by the grammar, and is no Go all the same.
    let lab = Lab::new();
    let mut refused = talk(&lab, &replacing("newoldB()", "defer mine"));
    refused.answer("n");
    refused.answer("e");
    let shown = refused.answer("n");
    assert!(
        shown.contains("your text does not hold at its line 3: gofmt says expression in defer must be function call\n"),
        "{shown}"
    );
    refused.answer("q");
    assert_eq!(refused.end().0, Some(0));
    assert_eq!(lab.changed(), "");
}

#[test]
fn the_editor_is_gits() {
    let lab = Lab::new();
    let editor = lab.editor(&replacing("newoldA", "configured"));
    lab.repo.git(&["config", "core.editor", &editor]);
    let mut talk = lab.talk_with(&[], &[("VISUAL", "false"), ("EDITOR", "false")]);
    talk.answer("e");
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "configured"));
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let lab = Lab::new();
    let mut talk = lab.talk_edited("echo now >&2; sleep 60\n");
    talk.answer("y");
    talk.answer("e");
    talk.expect("now\n");
    talk.send(INTERRUPT);
    let shown = talk.answer("q");
    assert!(
        shown.contains("; the change stays as proposed\n"),
        "{shown}"
    );
    assert_eq!(talk.end().0, Some(0));
    assert_eq!(lab.read("one.go"), ONE.replace("oldA", "newoldA"));
}

#[test]
fn a_lost_comment_is_taken_only_knowingly() {
    let lab = Lab::new();
    let mut talk = lab.talk_edited("sed 1d \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"\n");
    talk.answer("n");
    talk.answer("e");
    let shown = talk.answer("y");
    assert!(
        shown.contains("your text has lost the comment `// two is another.`\n"),
        "{shown}"
    );
    talk.answer("q");
    assert_eq!(talk.end().0, Some(0));
    let expected = ONE
        .replace("// two is another.\n", "")
        .replace("oldB", "newoldB");
    assert_eq!(lab.read("one.go"), expected);
}
