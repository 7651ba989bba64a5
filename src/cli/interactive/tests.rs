//! The conversation, without a terminal: what is said, what is asked, and what is written in the end.

use std::{collections::VecDeque, path::Path, sync::Arc};

use super::session::{Editor, Session, Terminal, Typed};
use crate::{
    cli::error::Error,
    engine::review::{
        Flow, Reviewer,
        testing::{Bench, function},
    },
    report::{about::About, place::Frame},
};

const FAR: &str = "\ta()\n\t_ = 1\n\tb()\n\t_ = 1\n\tc()\n";
const NAMES: &[(&str, &str)] = &[("a", "x"), ("b", "y"), ("c", "z")];

/// A terminal on which these answers are typed, one after another; `^C` is a signal, and no more the end of the input.
#[derive(Default)]
struct Script {
    answers: VecDeque<&'static str>,
    said: String,
    is_interrupted: bool,
}

impl Terminal for Script {
    fn say(&mut self, text: &str) {
        self.said
            .push_str(&anstream::adapter::strip_str(text).to_string());
    }

    fn ask(&mut self, prompt: &str) -> Result<Typed, Error> {
        self.say(prompt);
        Ok(match self.answers.pop_front() {
            None => Typed::End,
            Some("^C") => Typed::Interrupt,
            Some(answer) => {
                self.say(&format!("{answer}\n"));
                Typed::Answer(answer.to_owned())
            }
        })
    }

    fn is_interrupted(&mut self) -> bool {
        self.is_interrupted
    }
}

type Hand = Box<dyn Fn(&str) -> Result<String, Error>>;

/// An editor that does these things, one after another.
#[derive(Default)]
struct Hands(VecDeque<Hand>);

impl Editor for Hands {
    fn edit(&mut self, name: &Path, text: &str) -> Result<String, Error> {
        assert_eq!(name, Path::new("a.go"));
        let hand = self.0.pop_front().expect("opened as often as foreseen");
        hand(text)
    }
}

/// What came of a conversation about one file.
struct Talk {
    flow: Flow,
    said: String,
    after: Option<String>,
    failure: Option<String>,
}

fn talk(bench: &Bench, answers: &[&'static str], editor: &mut Hands) -> Talk {
    let mut script = Script {
        answers: answers.iter().copied().collect(),
        ..Script::default()
    };
    let frame = Frame {
        root: "/repo".into(),
        current: None,
    };
    let codemods: Vec<About> = bench.codemods().iter().map(About::from).collect();
    let mut prepare = |_: &[Arc<Path>]| Ok(());
    let mut session = Session::new(&mut script, editor, &mut prepare, &frame, &codemods);
    let begun = session.begin(&[(Path::new("a.go").into(), 3), (Path::new("b.go").into(), 2)]);
    assert_eq!(begun, Flow::Next);
    let mut choice = bench.choice();
    let flow = session.review(&mut choice).expect("no gofmt");
    let failure = session.failure.take().map(|error| error.to_string());
    Talk {
        flow,
        failure,
        said: script.said,
        after: choice.finish().verified.map(|v| v.after().to_string()),
    }
}

/// A conversation without an editor.
fn plain(bench: &Bench, answers: &[&'static str]) -> Talk {
    talk(bench, answers, &mut Hands::default())
}

/// One in which the editor does this, once.
fn edited(
    bench: &Bench,
    answers: &[&'static str],
    hand: impl Fn(&str) -> Result<String, Error> + 'static,
) -> Talk {
    let mut hands = Hands::default();
    hands.0.push_back(Box::new(hand));
    talk(bench, answers, &mut hands)
}

#[test]
fn a_question_shows_finding_place_class_reason_and_change() {
    let bench = Bench::renaming(NAMES, FAR);
    let talk = plain(&bench, &["n", "", "q"]);
    let expected = "
warning[test/codemod]: m
  --> a.go:4:2 (1 of 5)
  = safe: s
@@ -1,7 +1,7 @@
 package p
 
 func f() {
-\ta()
+\tx()
 \t_ = 1
 \tb()
 \t_ = 1
Make this change [y,n,a,d,e,q,i,?]? n

warning[test/codemod]: m
  --> a.go:6:2 (2 of 5)
  = safe: s
@@ -3,7 +3,7 @@
 func f() {
 \ta()
 \t_ = 1
-\tb()
+\ty()
 \t_ = 1
 \tc()
 }
Make this change [y,n,a,d,e,q,i,?]? 
Make this change [y,n,a,d,e,q,i,?]? q
";
    assert_eq!(talk.said, expected);
    assert_eq!((talk.flow, talk.after), (Flow::Stop, None));
}

#[test]
fn each_answer_does_what_help_says() {
    let bench = Bench::renaming(NAMES, FAR);
    let made = |answers: &[&'static str]| {
        let talk = plain(&bench, answers);
        (talk.flow, talk.after)
    };
    let text = |lines: &str| Some(function(lines));
    assert_eq!(
        made(&["y", "q"]),
        (Flow::Stop, text(&FAR.replace("a()", "x()")))
    );
    let all = "\tx()\n\t_ = 1\n\ty()\n\t_ = 1\n\tz()\n";
    assert_eq!(made(&["y", "Y", "y"]), (Flow::Next, text(all)));
    assert_eq!(made(&["a"]), (Flow::Next, text(all)));
    assert_eq!(
        made(&["n", "a"]),
        (Flow::Next, text(&all.replace("x()", "a()")))
    );
    assert_eq!(
        made(&["y", "d"]),
        (Flow::Next, text(&FAR.replace("a()", "x()")))
    );
    assert_eq!(made(&["n", "n", "n"]), (Flow::Next, None));
    assert_eq!(made(&["y"]), (Flow::Stop, text(&FAR.replace("a()", "x()"))));
}

#[test]
fn help_description_and_wrong_letters_ask_again() {
    let bench = Bench::renaming(NAMES, FAR);
    let talk = plain(&bench, &["?", "i", "yes", "\u{1b}[A", "d"]);
    let prompts = talk.said.matches("Make this change").count();
    assert_eq!(prompts, 5);
    assert!(
        talk.said
            .contains("]? ?\ny - make this change\nn - leave this code as it is\n")
    );
    assert!(talk.said.contains("]? i\ntest/codemod  s\n\nd\n"));
    assert!(
        talk.said
            .contains("`yes`: only one letter is expected\ny - make")
    );
    assert!(
        talk.said
            .contains("`\\u{1b}[A`: only one letter is expected\n")
    );
    assert_eq!((talk.flow, talk.after), (Flow::Next, None));
}

#[test]
fn the_end_of_the_input_stops_and_a_signal_undoes() {
    let bench = Bench::renaming(NAMES, FAR);
    let ended = plain(&bench, &["y"]);
    assert!(
        ended
            .said
            .ends_with("]? \nend of input: stopping, as `q` does\n")
    );
    assert_eq!((ended.flow, ended.failure), (Flow::Stop, None));
    let interrupted = plain(&bench, &["y", "^C"]);
    assert_eq!(interrupted.flow, Flow::Abort);
    assert_eq!(
        interrupted.failure.as_deref(),
        Some(
            "interrupted, and nothing was written; run again, and answer `q` to keep what you accepted"
        )
    );
}

#[test]
fn a_signal_while_the_last_answer_is_carried_out_counts() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut script = Script {
        answers: ["a"].into(),
        is_interrupted: true,
        ..Script::default()
    };
    let frame = Frame {
        root: "/repo".into(),
        current: None,
    };
    let (mut editor, mut prepare) = (Hands::default(), |_: &[Arc<Path>]| Ok(()));
    let mut session = Session::new(&mut script, &mut editor, &mut prepare, &frame, &[]);
    session.begin(&[(Path::new("a.go").into(), 3)]);
    assert_eq!(
        session.review(&mut bench.choice()).expect("no gofmt"),
        Flow::Abort
    );
    assert!(session.failure.is_some());
}

#[test]
fn nothing_is_asked_where_preparing_fails() {
    let mut script = Script::default();
    let frame = Frame {
        root: "/repo".into(),
        current: None,
    };
    let mut seen = Vec::new();
    let mut editor = Hands::default();
    let mut prepare = |paths: &[Arc<Path>]| {
        seen.extend(paths.iter().cloned());
        Err(Error::new("dirty"))
    };
    let mut session = Session::new(&mut script, &mut editor, &mut prepare, &frame, &[]);
    let flow = session.begin(&[(Path::new("a.go").into(), 3)]);
    assert_eq!(flow, Flow::Abort);
    assert_eq!(
        session.failure.take().map(|e| e.message).as_deref(),
        Some("dirty")
    );
    assert_eq!(seen, [Path::new("a.go").into()]);
}

#[test]
fn findings_of_one_hunk_are_split_and_one_finding_is_not() {
    let bench = Bench::renaming(NAMES, "\ta()\n\tb()\n");
    let talk = plain(&bench, &["s", "s", "n", "y"]);
    assert!(
        talk.said
            .contains("Make these 2 changes [y,n,a,d,s,e,q,i,?]? s\n")
    );
    let numbers = [
        "4:2 (1 of 4)",
        "5:2 (2 of 4)",
        "4:2 (1 of 4)",
        "5:2 (2 of 4)",
    ];
    let places = talk
        .said
        .lines()
        .filter_map(|line| line.strip_prefix("  --> a.go:"));
    assert_eq!(places.collect::<Vec<_>>(), numbers);
    assert!(
        talk.said
            .contains("this is one finding, and its change is made as a whole or not at all\n")
    );
    assert_eq!(talk.after, Some(function("\ta()\n\ty()\n")));

    let mut bench = Bench::renaming(NAMES, "\ta()\n\tb()\n");
    bench.gate = |text| (text.contains("x()") != text.contains("y()")).then(|| "no".to_owned());
    let talk = plain(&bench, &["s", "s", "y"]);
    assert!(
        talk.said.contains("only possible together:\n@@"),
        "{}",
        talk.said
    );
    assert!(
        talk.said
            .contains("none of them holds without the others\n")
    );
    assert_eq!(talk.after, Some(function("\tx()\n\ty()\n")));
}

#[test]
fn an_edited_text_is_made_so() {
    let bench = Bench::renaming(NAMES, FAR);
    let talk = edited(&bench, &["e", "y", "d"], |text| {
        assert_eq!(
            text,
            function(&FAR.replace("a()", "x()")).replace("package p\n\n", "")
        );
        Ok(text.replace("x()", "mine()"))
    });
    assert!(
        talk.said
            .contains("waiting for your editor to close lines 3 to 9\n")
    );
    assert!(
        talk.said.contains(" \tmine()\n \t_ = 1\n-\tb()\n+\ty()\n"),
        "{}",
        talk.said
    );
    let expected = FAR.replace("a()", "mine()").replace("b()", "y()");
    assert_eq!(talk.after, Some(function(&expected)));
}

#[test]
fn an_edited_text_that_does_not_hold_is_refused_and_kept_for_another_try() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut hands = Hands::default();
    hands
        .0
        .push_back(Box::new(|text| Ok(text.replace("x()", "mine("))));
    hands.0.push_back(Box::new(|text| {
        assert!(
            text.contains("mine("),
            "the editor gets the refused text again"
        );
        Ok(text.replace("mine(", "mine()"))
    }));
    let talk = talk(&bench, &["e", "what", "y", "d"], &mut hands);
    let refused = "your text does not hold at its line 3: the result does not parse\n";
    assert!(talk.said.contains(refused), "{}", talk.said);
    assert_eq!(
        talk.said
            .matches("Edit again (n discards your text) [y,n]? ")
            .count(),
        2
    );
    assert_eq!(talk.after, Some(function(&FAR.replace("a()", "mine()"))));

    let discarded = edited(&bench, &["e", "n", "y", "d"], |text| {
        Ok(text.replace("x()", "x("))
    });
    assert_eq!(discarded.after, Some(function(&FAR.replace("a()", "x()"))));
}

#[test]
fn an_editor_that_does_nothing_useful_leaves_the_question_open() {
    let bench = Bench::renaming(NAMES, FAR);
    let said = |hand: fn(&str) -> Result<String, Error>| {
        let talk = edited(&bench, &["e", "n", "d"], hand);
        assert_eq!(talk.after, None);
        talk.said
    };
    let failed = said(|_| Err(Error::new("the editor `ed` failed (exit code 1)")));
    assert!(
        failed.contains(
            "the editor `ed` failed (exit code 1); the change stays as proposed\nMake this"
        )
    );
    let unchanged = said(|text| Ok(text.to_owned()));
    assert!(
        unchanged.contains(
            "the text was not changed; answer `y` to make the change as it is\nMake this"
        )
    );
    let empty = said(|_| Ok(" \n".to_owned()));
    assert!(empty.contains("the text is empty; the change stays as proposed\nMake this"));
}

#[test]
fn the_old_text_again_counts_as_no() {
    let bench = Bench::renaming(NAMES, FAR);
    let talk = edited(&bench, &["e", "y", "d"], |text| {
        Ok(text.replace("x()", "a()"))
    });
    assert!(
        talk.said
            .contains("which counts as `n`\n\nwarning[test/codemod]: m\n  --> a.go:6:2 (2 of 5)")
    );
    assert_eq!(talk.after, Some(function(&FAR.replace("b()", "y()"))));
}

#[test]
fn a_lost_comment_is_asked_about() {
    let bench = Bench::renaming(NAMES, "\t// why\n\ta()\n");
    let lose = |text: &str| Ok(text.replace("\t// why\n", "").replace("x()", "mine()"));
    let taken = edited(&bench, &["e", "y"], lose);
    assert!(
        taken
            .said
            .contains("your text has lost the comment `// why`\nTake it without")
    );
    assert_eq!(taken.after, Some(function("\tmine()\n")));
    let mut hands = Hands::default();
    hands.0.push_back(Box::new(lose));
    hands.0.push_back(Box::new(|text| {
        Ok(text.replace("\tmine()", "\t// why\n\tmine()"))
    }));
    let kept = talk(&bench, &["e", "n"], &mut hands);
    assert_eq!(kept.after, Some(function("\t// why\n\tmine()\n")));
}
