//! What the predicates about channels say of small functions: whose a channel is, who sends on it, and how often.

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context, places};

/// The only `make` of the function `f`, its channel as `@ch`.
pub(super) const MADE: &str = "(short_var_declaration left: (expression_list . (identifier) @ch .) right: (expression_list (call_expression arguments: (argument_list (channel_type)))))";

/// Declarations that the functions use.
const AROUND: &str = "
func produce(c chan<- int) { c <- 1 }
func twice(c chan<- int) { c <- 1; c <- 2 }
func finish(c chan<- int) { defer close(c); c <- 1 }
func keep(c chan int) { kept = c }
func again(c chan int) { again(c) }
var kept chan int
";

/// Asks of the channel of a function with this body.
pub(super) fn ask(predicate: &str, body: &str) -> (bool, bool) {
    ask_of(MADE, predicate, body)
}

pub(super) fn ask_of(shape: &str, predicate: &str, body: &str) -> (bool, bool) {
    let source = format!(
        "package p\n\nimport (\n\t\"sync\"\n\t\"time\"\n\t\"log\"\n)\n{AROUND}\nfunc f(xs []int, done chan bool, err error, more bool, l *log.Logger, wg *sync.WaitGroup) error {{\n{body}\n}}\n"
    );
    both(shape, predicate, &context("a.go"), &source)
}

pub(super) fn all(predicate: &str, expected: &[(&str, (bool, bool))]) {
    for (body, answer) in expected {
        assert_eq!(ask(predicate, body), *answer, "{predicate}\n{body}");
    }
}

pub(super) const GO: &str = "ch := make(chan int); go func() { ch <- 1 }(); ";

#[test]
fn a_channel_that_others_may_use_is_unknown() {
    for rest in [
        "return ch",
        "kept = ch",
        "c2 := ch; _ = c2",
        "_ = &ch",
        "keep(ch)",
        "elsewhere(ch)",
        "l.Print(ch)",
        "again(ch)",
        "done2 := []chan int{ch}; _ = done2",
        "type t struct{ c chan int }; _ = t{c: ch}",
        "var s struct{ c chan int }; s.c = ch",
        "elsewhere() <- ch",
        "m := map[chan int]bool{}; m[ch] = true",
        "ch = elsewhere()",
        "ch = nil",
        "for ch = range []chan int{} {}",
        "if ch == nil { return nil }",
        "go func(c chan int) { kept = c }(ch)",
        "func() { kept = ch }()",
        "(keep)((ch))",
        "append([]chan int(nil), ch)",
        "defer elsewhere(ch)",
        "x, ok := any(ch).(chan int)",
        "go elsewhere(1, ch)",
        "elsewhere(func() chan int { return ch })",
    ] {
        for predicate in [
            "never-closed",
            "only-send",
            "single-sender",
            "sole-receive",
            "rendezvous",
        ] {
            let predicate = format!("(#{predicate}? @ch)");
            assert_eq!(
                ask(&predicate, &format!("{GO}{rest}; return nil")),
                UNKNOWN,
                "{predicate} {rest}"
            );
        }
    }
}

#[test]
fn a_channel_that_is_not_made_here_is_unknown() {
    let shape = "(short_var_declaration left: (expression_list . (identifier) @ch))";
    for source in [
        "ch := kept",
        "ch := elsewhere()",
        "ch := any(kept).(chan int)",
        "ch, x := elsewhere()",
        "ch := make([]int, 3)",
    ] {
        let body = format!("{source}; ch <- 1; return nil");
        assert_eq!(
            ask_of(shape, "(#never-closed? @ch)", &body),
            UNKNOWN,
            "{source}"
        );
    }
    let made =
        "(parameter_list (parameter_declaration name: (identifier) @ch type: (channel_type)))";
    let source = "package p\nfunc f(ch chan int) { go func() { ch <- 1 }() }\n";
    assert_eq!(
        both(made, "(#only-send? @ch)", &context("a.go"), source),
        UNKNOWN
    );
    let shadowed =
        "package p\nfunc make(x any) any { return x }\nfunc f() { ch := make(chan int); _ = 1 }\n";
    assert!(
        places(
            &format!("({MADE} (#never-closed? @ch))"),
            &context("a.go"),
            shadowed
        )
        .is_empty()
    );
}

#[test]
fn only_send_is_one_place_in_a_literal_that_starts_once() {
    all(
        "(#only-send? @ch)",
        &[
            (GO, YES),
            (
                "var x int; ch := make(chan int, 1); go func(c chan<- int) { c <- x }(ch)",
                YES,
            ),
            ("ch := make(chan int); go produce(ch)", YES),
            (
                "ch := make(chan int); go func() { if more { return }; produce(ch) }()",
                YES,
            ),
            (
                "ch := make(chan int); send := func() { ch <- 1 }; go send()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { defer func() { ch <- 1 }() }()",
                YES,
            ),
            ("ch := make(chan int); wg.Go(func() { ch <- 1 })", YES),
            (
                "ch := make(chan int); go func() { for { if more { ch <- 1; return } } }()",
                YES,
            ),
            (
                "for range xs { ch := make(chan int); go func() { ch <- 1 }(); <-ch }",
                YES,
            ),
            (
                "for range xs { go func() { ch := make(chan int); go func() { ch <- 1 }() }() }",
                YES,
            ),
            (
                "ch := make(chan int); go func() { for range xs { ch <- 1 } }()",
                NO,
            ),
            (
                "ch := make(chan int); for range xs { go func() { ch <- 1 }() }",
                NO,
            ),
            (
                "ch := make(chan int); go func() { again: ch <- 1; goto again }()",
                NO,
            ),
            ("ch := make(chan int); go func() { ch <- 1; ch <- 2 }()", NO),
            ("ch := make(chan int); go twice(ch)", NO),
            ("ch := make(chan int); go produce(ch); go produce(ch)", NO),
            ("ch := make(chan int); ch <- 1", NO),
            ("ch := make(chan int); func() { ch <- 1 }()", NO),
            ("ch := make(chan int)", NO),
            (
                "ch := make(chan int); send := func() { ch <- 1 }; go send(); go send()",
                NO,
            ),
            (
                "ch := make(chan int); elsewhere(func() { ch <- 1 })",
                UNKNOWN,
            ),
            (
                "ch := make(chan int); send := func() { ch <- 1 }; go elsewhere(send)",
                UNKNOWN,
            ),
            (
                "ch := make(chan int); var send func(); send = func() { ch <- 1 }; go send()",
                UNKNOWN,
            ),
            (
                "ch := make(chan int); g := func() { go func() { ch <- 1 }() }; elsewhere(g)",
                UNKNOWN,
            ),
        ],
    );
}

#[test]
fn closing_counts_wherever_it_stands() {
    all(
        "(#never-closed? @ch)",
        &[
            (GO, YES),
            (
                "ch := make(chan int); { close := func(c chan int) {}; close(ch) }",
                YES,
            ),
            ("ch := make(chan int); close(ch)", NO),
            ("ch := make(chan int); defer close(ch)", NO),
            (
                "ch := make(chan int); go func() { defer close(ch); ch <- 1 }()",
                NO,
            ),
            ("ch := make(chan int); go finish(ch)", NO),
            ("ch := make(chan int); elsewhere(func() { close(ch) })", NO),
            ("ch := make(chan int); close(done); _ = len(ch)", YES),
            ("ch := make(chan int); elsewhere(ch); close(ch)", UNKNOWN),
        ],
    );
}

#[test]
fn a_single_sender_may_send_often() {
    all(
        "(#single-sender? @ch)",
        &[
            (
                "ch := make(chan int); go func() { for range xs { ch <- 1; ch <- 2 } }()",
                YES,
            ),
            (
                "ch := make(chan int); for range xs { ch <- 1 }; ch <- 2",
                YES,
            ),
            (
                "ch := make(chan int); go func() { produce(ch); twice(ch) }()",
                YES,
            ),
            ("ch := make(chan int); go func() { ch <- 1 }(); ch <- 2", NO),
            (
                "ch := make(chan int); for range xs { go func() { ch <- 1 }() }",
                NO,
            ),
            ("ch := make(chan int); go produce(ch); go produce(ch)", NO),
            (
                "ch := make(chan int); go func() { go produce(ch); ch <- 1 }()",
                NO,
            ),
            ("ch := make(chan int); <-ch", NO),
            (
                "ch := make(chan int); elsewhere(func() { ch <- 1 })",
                UNKNOWN,
            ),
        ],
    );
}

#[test]
fn sends_that_exclude_each_other_are_one() {
    all(
        "(#sends-once? @ch)",
        &[
            (GO, YES),
            (
                "ch := make(chan int); go func() { if err != nil { ch <- 1; return }; ch <- 2 }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { if more { ch <- 1 } else { ch <- 2 } }()",
                YES,
            ),
            (
                "ch := make(chan int); if more { go produce(ch) } else { go func() { ch <- 2 }() }",
                YES,
            ),
            (
                "ch := make(chan int); go func() { switch { case more: ch <- 1; default: ch <- 2 } }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { if err != nil { ch <- 1 }; ch <- 2 }()",
                NO,
            ),
            (
                "ch := make(chan int); go func() { defer func() { ch <- 1 }(); ch <- 2 }()",
                NO,
            ),
            ("ch := make(chan int); go produce(ch); ch <- 2", NO),
            (
                "ch := make(chan int); go func() { if err != nil { l.Fatal(); ch <- 1; l.Fatal() }; ch <- 2 }()",
                UNKNOWN,
            ),
        ],
    );
}

#[test]
fn a_round_of_a_loop_sends_once() {
    let shape = format!("(statement_list {MADE} (for_statement) @for)");
    let check = |body: &str, answer| {
        assert_eq!(
            ask_of(&shape, "(#sends-once-in? @ch @for)", body),
            answer,
            "{body}"
        );
    };
    check(
        "ch := make(chan int); for range xs { go func() { ch <- 1 }() }",
        YES,
    );
    check("ch := make(chan int); for range xs { go produce(ch) }", YES);
    check(
        "ch := make(chan int); for range xs { go func() { if more { ch <- 1; return }; ch <- 2 }() }",
        YES,
    );
    check(
        "ch := make(chan int); for range xs { for range xs { go produce(ch) } }",
        NO,
    );
    check("ch := make(chan int); for range xs { go twice(ch) }", NO);
    check("ch := make(chan int); for range xs { ch <- 1 }", NO);
    check("ch := make(chan int); for range xs { go close(ch) }", NO);
    check(
        "ch := make(chan int); for range xs { go produce(ch) }; go produce(ch)",
        NO,
    );
    check(
        "ch := make(chan int); for range xs { go produce(ch); go produce(ch) }",
        UNKNOWN,
    );
    check(
        "ch := make(chan int); for range xs { again: go produce(ch); if more { goto again } }",
        UNKNOWN,
    );
}
