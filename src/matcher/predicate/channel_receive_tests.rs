//! What the predicates about channels say of small functions: who receives, what comes after a send, and what leaves a loop.

use super::channel_tests::{GO, MADE, all, ask_of};
use crate::matcher::testing::{NO, UNKNOWN, YES, both, context, misses};

#[test]
fn what_follows_a_send_may_notice() {
    all(
        "(#rendezvous? @ch)",
        &[
            (GO, NO),
            (
                "ch := make(chan int); go func() { defer close(ch); if more { ch <- 1; return }; work(); ch <- 2 }()",
                NO,
            ),
            (
                "ch := make(chan int); go func() { ch <- 1; close(ch) }()",
                NO,
            ),
            ("ch := make(chan int); go produce(ch)", NO),
            (
                "ch := make(chan int); go func() { for range xs { if more { ch <- 1; break } } }()",
                NO,
            ),
            ("ch := make(chan int); go func() { ch <- 1; work() }()", YES),
            (
                "ch := make(chan int); go func() { defer wg.Done(); ch <- 1 }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { defer func() { close(ch); work() }(); ch <- 1 }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { produce(ch); work() }()",
                YES,
            ),
            ("ch := make(chan int); wg.Go(func() { ch <- 1 })", YES),
            (
                "ch := make(chan int); go func() { for range xs { ch <- 1 } }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { select { case ch <- 1: case <-done: } }()",
                YES,
            ),
            (
                "ch := make(chan int); go func() { select { case ch <- 1: default: } }()",
                YES,
            ),
            ("ch := make(chan int); go produce(ch); _ = len(ch)", YES),
            ("ch := make(chan int); go produce(ch); _ = cap(ch)", YES),
            ("ch := make(chan int); ch <- 1; return nil", YES),
            (
                "ch := make(chan int); go func() { close(done); ch <- 1 }()",
                NO,
            ),
            (
                "ch := make(chan int); go func() { ch <- 1; close(done) }()",
                YES,
            ),
            (
                "ch := make(chan int); elsewhere(func() { ch <- 1 })",
                UNKNOWN,
            ),
        ],
    );
}

#[test]
fn a_path_past_the_receive_leaves_the_sender() {
    all(
        "(#received? @ch)",
        &[
            (&format!("{GO} <-ch; return nil"), YES),
            (
                &format!("{GO} if more {{ <-ch; return nil }}; return <-ch"),
                YES,
            ),
            (&format!("{GO} for range ch {{ }}; return nil"), YES),
            (&format!("{GO} panic(<-ch)"), YES),
            (
                &format!("{GO} select {{ case <-ch: case <-done: return err }}; return nil"),
                NO,
            ),
            (
                &format!(
                    "{GO} for {{ select {{ case <-ch: return nil; case <-time.After(1): return err }} }}"
                ),
                NO,
            ),
            (
                &format!("{GO} if err != nil {{ return err }}; <-ch; return nil"),
                NO,
            ),
            (&format!("{GO} return nil"), NO),
            (
                "for { ch := make(chan int); go produce(ch); select { case <-ch: case <-done: } }",
                NO,
            ),
            // Each round has a channel of its own, and the sender of the first one is left behind.
            (
                "for { ch := make(chan int); go produce(ch); if more { continue }; <-ch }",
                NO,
            ),
            (
                &format!("{GO} select {{ case <-ch: case <-done: <-ch }}; return nil"),
                YES,
            ),
            // The other case goes round until the channel has something.
            (
                &format!("{GO} for {{ select {{ case <-ch: return nil; case <-done: }} }}"),
                YES,
            ),
            // A condition may be false only when the other one is too.
            (&format!("{GO} if more {{ <-ch }}; return nil"), UNKNOWN),
            (
                &format!("{GO} for range xs {{ <-ch }}; return nil"),
                UNKNOWN,
            ),
            (
                &format!(
                    "{GO} for more {{ select {{ case <-ch: more = false; case <-done: }} }}; return nil"
                ),
                UNKNOWN,
            ),
            (
                "ch := make(chan int); if more { go produce(ch) }; if more { return <-ch }; return nil",
                UNKNOWN,
            ),
            (&format!("{GO} go func() {{ <-ch }}(); return nil"), UNKNOWN),
            (
                &format!("{GO} defer func() {{ <-ch }}(); return nil"),
                UNKNOWN,
            ),
            (
                &format!("{GO} elsewhere(func() {{ <-ch }}); return nil"),
                UNKNOWN,
            ),
            (
                "ch := make(chan int); go func() { select { case ch <- 1: case <-done: } }(); return nil",
                UNKNOWN,
            ),
            ("ch := make(chan int); produce(ch); return nil", UNKNOWN),
            ("ch := make(chan int); return nil", UNKNOWN),
        ],
    );
    let main = "package main\nfunc main() { ch := make(chan int); go func() { ch <- 1 }() }\n";
    assert_eq!(
        both(MADE, "(#received? @ch)", &context("a.go"), main),
        UNKNOWN
    );
}

#[test]
fn receiving_ends_before_all_have_sent() {
    const EACH: &str = "ch := make(chan int); for range xs { go produce(ch) }; ";
    all(
        "(#abandoned? @ch)",
        &[
            (&format!("{EACH} return <-ch"), YES),
            (
                &format!("{EACH} select {{ case <-ch: case <-done: }}; return nil"),
                YES,
            ),
            (
                &format!(
                    "{EACH} for range xs {{ if e := <-ch; e != nil {{ return e }} }}; return nil"
                ),
                YES,
            ),
            (
                &format!(
                    "{EACH} for range xs {{ select {{ case <-ch: case <-done: return err }} }}; return nil"
                ),
                YES,
            ),
            (
                &format!("{EACH} for e := range ch {{ if nil != e {{ break }} }}; return nil"),
                YES,
            ),
            (&format!("{EACH} for range xs {{ <-ch }}; return nil"), NO),
            (
                &format!(
                    "{EACH} n := 0; for range ch {{ n++; if n == len(xs) {{ break }} }}; return nil"
                ),
                UNKNOWN,
            ),
            (
                &format!("{EACH} for e := range ch {{ if e == nil {{ break }} }}; return nil"),
                UNKNOWN,
            ),
            (
                &format!("{EACH} for {{ switch <-ch {{ case 1: return nil }} }}"),
                UNKNOWN,
            ),
            (
                &format!(
                    "{EACH} for range xs {{ if e := <-ch; e != nil {{ break }} }}; for range ch {{ }}; return nil"
                ),
                UNKNOWN,
            ),
            (
                &format!("{EACH} go func() {{ <-ch }}(); return nil"),
                UNKNOWN,
            ),
        ],
    );
}

#[test]
fn senders_and_receivers_are_told_by_place() {
    let shape = format!(
        "(block (statement_list {MADE} (go_statement (call_expression function: (func_literal) @go)) ))"
    );
    for (rest, answer) in [
        ("", YES),
        ("ch <- 1", NO),
        ("go produce(ch)", NO),
        ("<-ch", YES),
    ] {
        let body = format!("ch := make(chan int); go func() {{ produce(ch); ch <- 1 }}(); {rest}");
        assert_eq!(
            ask_of(&shape, "(#sends-in? @ch @go)", &body),
            answer,
            "{rest}"
        );
    }
    all(
        "(#sole-receive? @ch)",
        &[
            (&format!("{GO} <-ch"), YES),
            (&format!("{GO} for range ch {{ }}"), YES),
            (
                &format!("{GO} select {{ case x, ok := <-ch: _, _ = x, ok; default: }}"),
                YES,
            ),
            (GO, NO),
            (&format!("{GO} <-ch; <-ch"), NO),
            (&format!("{GO} use(<-ch, func() {{ <-ch }})"), NO),
        ],
    );
}

#[test]
fn a_loop_is_left_by_jumps_and_by_calls_that_never_return() {
    let shape = "(for_statement body: (block (statement_list . (expression_statement (call_expression function: (identifier) @_f))))) @for (#eq? @_f \"here\")";
    let check = |body: &str, answer| {
        let body = format!(
            "outer: for range xs {{ for range done {{ here(); {body} }} }}; _ = 1; for {{ break outer2 }}"
        );
        let body = body.replace("; _ = 1; for { break outer2 }", "");
        assert_eq!(
            ask_of(shape, "(#left-early? @for)", &body),
            answer,
            "{body}"
        );
    };
    check("continue", NO);
    check(
        "for { break }; switch { case more: break }; func() { return }()",
        NO,
    );
    check("break", YES);
    check("return nil", YES);
    check("continue outer", YES);
    check("break outer", YES);
    check("if more { panic(1) }", YES);
    check("if more { log.Fatal() }", YES);
    check("l.Fatal()", UNKNOWN);
}

#[test]
fn a_function_returns_where_its_end_can_be_reached() {
    let shape = "(go_statement (call_expression function: (func_literal) @f))";
    let check = |body: &str, answer| {
        assert_eq!(
            ask_of(
                shape,
                "(#function-returns? @f)",
                &format!("go func() {{ {body} }}()")
            ),
            answer,
            "{body}"
        );
    };
    check("", YES);
    check("for range xs { }", YES);
    check("for { if more { return } }", YES);
    check("for { }", NO);
    check("select { }", NO);
    check("log.Fatal()", NO);
    check("l.Fatal()", UNKNOWN);
}

#[test]
fn reasons_name_places() {
    let reason = |predicate: &str, body: &str| {
        let source = format!("package p\n\nfunc f() {{\n{body}\n}}\n");
        let found = misses(&format!("({MADE} {predicate})"), &source);
        found[0].reason.clone()
    };
    assert_eq!(
        reason(
            "(#never-closed? @ch)",
            "\tch := make(chan int)\n\tclose(ch)"
        ),
        "`ch` is closed at line 5"
    );
    assert_eq!(
        reason("(#never-closed? @ch)", "\tch := make(chan int)\n\tkeep(ch)"),
        "what is done with `ch` cannot be known: given to a function that is not looked into at line 5"
    );
    assert_eq!(
        reason(
            "(#only-send? @ch)",
            "\tch := make(chan int)\n\tch <- 1\n\tch <- 2"
        ),
        "`ch` is sent on at lines 5, 6: not in one place, by one goroutine, once"
    );
    assert_eq!(
        reason(
            "(#received? @ch)",
            "\tch := make(chan int)\n\tgo func() { ch <- 1 }()"
        ),
        "the function may end before it receives from `ch`"
    );
}
