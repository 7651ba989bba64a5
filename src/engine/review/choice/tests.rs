//! What is asked, and what is made of the answers.

use super::{
    super::testing::{Bench, function},
    Choice, Indivisible, Question, Refusal,
};
use crate::{finding::Status, rewrite::testing::rule_text};

const FAR: &str = "\ta()\n\t_ = 1\n\tb()\n\t_ = 1\n\tc()\n";
const NAMES: &[(&str, &str)] = &[("a", "x"), ("b", "y"), ("c", "z")];

fn ask<'c>(choice: &'c mut Choice<'_>) -> Option<&'c Question> {
    choice.question().expect("no gofmt")
}

/// The text with what is asked about.
fn proposed(choice: &mut Choice<'_>) -> Option<String> {
    ask(choice).map(|question| question.after.to_string())
}

/// The lines that a question would change, as the names of its rules.
fn rules(choice: &mut Choice<'_>) -> Vec<String> {
    let question = ask(choice).expect("a question");
    let names = question.findings.iter();
    names.map(|finding| finding.rule.to_string()).collect()
}

/// What would be written, and each finding's rule and fate.
fn end(choice: Choice<'_>) -> (Option<String>, Vec<(String, Status)>) {
    let chosen = choice.finish();
    let fates = chosen.findings.iter();
    (
        chosen.verified.map(|verified| verified.after().to_string()),
        fates
            .map(|keyed| (keyed.finding.rule.to_string(), keyed.finding.status))
            .collect(),
    )
}

fn fates(expected: &[(&str, Status)]) -> Vec<(String, Status)> {
    let pairs = expected.iter();
    pairs
        .map(|(rule, fate)| ((*rule).to_owned(), *fate))
        .collect()
}

#[test]
fn what_is_made_is_what_was_accepted() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut choice = bench.choice();
    assert_eq!((choice.decided(), choice.waiting()), (0, 3));
    assert_eq!(
        proposed(&mut choice),
        Some(function(&FAR.replace("a()", "x()")))
    );
    choice.accept();
    assert_eq!(rules(&mut choice), ["b"]);
    choice.leave();
    let with_c = FAR.replace("a()", "x()").replace("c()", "z()");
    assert_eq!(proposed(&mut choice), Some(function(&with_c)));
    assert_eq!((choice.decided(), choice.waiting()), (2, 1));
    choice.accept();
    assert_eq!(ask(&mut choice).map(|_| ()), None);
    let expected = [
        ("a", Status::Applied),
        ("b", Status::Left),
        ("c", Status::Applied),
    ];
    assert_eq!(end(choice), (Some(function(&with_c)), fates(&expected)));
}

#[test]
fn nothing_accepted_is_nothing_made() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut choice = bench.choice();
    while ask(&mut choice).is_some() {
        choice.leave();
    }
    let left = [
        ("a", Status::Left),
        ("b", Status::Left),
        ("c", Status::Left),
    ];
    assert_eq!(end(choice), (None, fates(&left)));
}

#[test]
fn an_open_question_counts_as_left() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut choice = bench.choice();
    ask(&mut choice);
    choice.accept();
    ask(&mut choice);
    let (text, fate) = end(choice);
    assert_eq!(text, Some(function(&FAR.replace("a()", "x()"))));
    assert_eq!(
        fate[1..],
        fates(&[("b", Status::Left), ("c", Status::Left)])
    );
}

#[test]
fn the_rest_of_a_file_is_made_or_left_at_once() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut all = bench.choice();
    ask(&mut all);
    all.leave();
    ask(&mut all);
    all.accept_rest().expect("no gofmt");
    assert_eq!(ask(&mut all).map(|_| ()), None);
    assert_eq!(all.decided(), 3);
    let expected = FAR.replace("b()", "y()").replace("c()", "z()");
    assert_eq!(end(all).0, Some(function(&expected)));

    let mut none = bench.choice();
    ask(&mut none);
    none.accept();
    ask(&mut none);
    none.leave_rest();
    assert_eq!(ask(&mut none).map(|_| ()), None);
    assert_eq!((none.decided(), none.waiting()), (3, 0));
    assert_eq!(end(none).0, Some(function(&FAR.replace("a()", "x()"))));
}

#[test]
fn findings_of_one_hunk_are_one_question_until_it_is_split() {
    let bench = Bench::renaming(NAMES, "\ta()\n\tb()\n\t_ = 1\n\tc()\n");
    let mut choice = bench.choice();
    assert_eq!(rules(&mut choice), ["a", "b"]);
    assert_eq!(choice.split(), Ok(()));
    assert_eq!(rules(&mut choice), ["a"]);
    assert_eq!(choice.split(), Err(Indivisible::One));
    choice.leave();
    assert_eq!(rules(&mut choice), ["b"]);
    choice.accept();
    assert_eq!(rules(&mut choice), ["c"]);
    choice.leave();
    assert_eq!(
        end(choice).0,
        Some(function("\ta()\n\ty()\n\t_ = 1\n\tc()\n"))
    );
}

#[test]
fn what_a_change_brings_about_is_asked_about_too_and_only_then() {
    let bench = Bench::renaming(&[("a", "b"), ("b", "c")], "\ta()\n");
    let mut choice = bench.choice();
    assert_eq!(rules(&mut choice), ["a", "b"]);
    assert_eq!(proposed(&mut choice), Some(function("\tc()\n")));
    choice.split().expect("two findings");
    assert_eq!(proposed(&mut choice), Some(function("\tb()\n")));
    choice.accept();
    assert_eq!(proposed(&mut choice), Some(function("\tc()\n")));
    choice.leave();
    assert_eq!(end(choice).0, Some(function("\tb()\n")));

    let mut choice = bench.choice();
    ask(&mut choice);
    choice.split().expect("two findings");
    ask(&mut choice);
    choice.leave();
    assert_eq!(ask(&mut choice).map(|_| ()), None);
    assert_eq!(end(choice), (None, fates(&[("a", Status::Left)])));
}

#[test]
fn what_lost_against_a_finding_that_is_left_is_asked_about() {
    let rule = |name: &str, query: &str, to: &str| {
        rule_text(
            name,
            query,
            &format!("[[rule.edit]]\nreplace = \"@call\"\nwith = \"{to}\""),
        )
    };
    let rules_text = [
        rule(
            "outer",
            "(call_expression function: (identifier) @f (#eq? @f \"a\")) @call",
            "x()",
        ),
        rule(
            "inner",
            "(call_expression function: (identifier) @f (#eq? @f \"b\")) @call",
            "y()",
        ),
    ]
    .concat();
    let bench = Bench::with(&rules_text, "\ta(b())\n");
    let mut choice = bench.choice();
    assert_eq!(rules(&mut choice), ["outer"]);
    choice.leave();
    assert_eq!(rules(&mut choice), ["inner"]);
    choice.accept();
    let expected = [("outer", Status::Left), ("inner", Status::Applied)];
    assert_eq!(
        end(choice),
        (Some(function("\ta(y())\n")), fates(&expected))
    );

    let mut choice = bench.choice();
    ask(&mut choice);
    choice.accept();
    assert_eq!(ask(&mut choice).map(|_| ()), None);
    assert_eq!(end(choice).0, Some(function("\tx()\n")));
}

#[test]
fn what_holds_only_together_is_asked_about_together() {
    let mut bench = Bench::renaming(NAMES, FAR);
    bench.gate =
        |text| (text.contains("x()") != text.contains("z()")).then(|| "x needs z".to_owned());
    let mut choice = bench.choice();
    assert_eq!(rules(&mut choice), ["b"]);
    choice.accept();
    assert_eq!(rules(&mut choice), ["a", "c"]);
    assert!(ask(&mut choice).is_some_and(|question| question.is_whole));
    assert_eq!(choice.split(), Err(Indivisible::Whole));
    choice.accept();
    let all = "\tx()\n\t_ = 1\n\ty()\n\t_ = 1\n\tz()\n";
    assert_eq!(end(choice).0, Some(function(all)));
}

#[test]
fn what_the_last_gate_refuses_is_rejected_with_its_reason() {
    let mut bench = Bench::renaming(NAMES, FAR);
    bench.gate = |text| text.contains("y()").then(|| "no y here".to_owned());
    let mut choice = bench.choice();
    assert_eq!(rules(&mut choice), ["a"]);
    choice.accept_rest().expect("no gofmt");
    assert_eq!(ask(&mut choice).map(|_| ()), None);
    let chosen = choice.finish();
    let reason = chosen.findings[1].finding.reason.as_deref();
    assert_eq!(chosen.findings[1].finding.status, Status::Rejected);
    assert_eq!(reason, Some("no y here"));
    let expected = FAR.replace("a()", "x()").replace("c()", "z()");
    assert_eq!(
        chosen.verified.map(|v| v.after().to_string()),
        Some(function(&expected))
    );
}

#[test]
fn a_persons_text_is_taken_and_the_rest_goes_on_from_it() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut choice = bench.choice();
    ask(&mut choice);
    choice.leave();
    assert_eq!(rules(&mut choice), ["b"]);
    let by_hand = FAR.replace("b()", "mine()\n\tmore()\n\tc()");
    let draft = choice
        .draft(&function(&by_hand))
        .expect("no gofmt")
        .expect("it holds");
    assert!(!draft.is_proposal && !draft.is_without && draft.lost_comments.is_empty());
    choice.take(draft).expect("no gofmt");
    // What was left stays so; the call of `c` that the person added is asked about with the others.
    assert_eq!(rules(&mut choice), ["c"]);
    choice.leave();
    assert_eq!(rules(&mut choice), ["c"]);
    let both = proposed(&mut choice).expect("a question");
    assert_eq!(
        both,
        function("\ta()\n\t_ = 1\n\tmine()\n\tmore()\n\tc()\n\t_ = 1\n\tz()\n")
    );
    choice.accept();
    assert_eq!(ask(&mut choice).map(|_| ()), None);
    assert_eq!(choice.decided(), 4);
    let (text, fate) = end(choice);
    assert_eq!(text, Some(both));
    let expected = [
        ("a", Status::Left),
        ("b", Status::Applied),
        ("c", Status::Left),
        ("c", Status::Applied),
    ];
    assert_eq!(fate, fates(&expected));
}

#[test]
fn a_persons_text_that_does_not_hold_is_refused_with_its_line() {
    let bench = Bench::renaming(NAMES, FAR);
    let mut choice = bench.choice();
    ask(&mut choice);
    let refused = choice
        .draft("package p\n\nfunc f() {\n\tx(\n}\n")
        .expect("no gofmt");
    assert_eq!(
        refused.map(|_| ()),
        Err(Refusal {
            line: Some(4),
            reason: "the result does not parse".to_owned()
        })
    );
    // The question is still open.
    assert_eq!(rules(&mut choice), ["a"]);
}

#[test]
fn drafts_that_change_nothing_or_lose_comments_say_so() {
    let bench = Bench::renaming(NAMES, "\t// why\n\ta() // why\n");
    let mut choice = bench.choice();
    ask(&mut choice);
    let draft = |text: &str| {
        choice
            .draft(&function(text))
            .expect("no gofmt")
            .expect("it holds")
    };
    assert!(draft("\t// why\n\tx() // why\n").is_proposal);
    assert!(draft("\t// why\n\ta() // why\n").is_without);
    assert_eq!(draft("\tx() // why\n").lost_comments, ["// why"]);
    assert!(
        draft("\t// why\n\t// why\n\tx(1)\n")
            .lost_comments
            .is_empty()
    );
}
