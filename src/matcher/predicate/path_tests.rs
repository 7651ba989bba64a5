//! Tests of the predicates about paths and counts.

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context};

fn ask(shape: &str, predicate: &str, body: &str) -> (bool, bool) {
    let imports = "import (\n\t\"os\"\n\t\"sync\"\n\t\"time\"\n)";
    let source = format!(
        "package p\n\n{imports}\n\nfunc f(ok bool, c chan int, mu *sync.Mutex, log logger) (err error) {{ {body} }}\n"
    );
    both(shape, predicate, &context("a.go"), &source)
}

const DECLARATION: &str =
    "(short_var_declaration left: (expression_list . (identifier) @x .)) @n (#eq? @x \"x\")";

#[test]
fn a_function_returns_where_a_path_comes_to_its_end() {
    let ask = |body: &str| ask(DECLARATION, "(#returns? @n)", body);
    for (body, answer) in [
        ("x := 1; use(x)", YES),
        ("x := 1; for { <-c }", NO),
        ("x := 1; for { if <-c == x { return } }", YES),
        ("x := 1; os.Exit(x)", NO),
        ("x := 1; log.Fatal(x)", UNKNOWN),
        ("x := time.NewTicker(1); for range x.C { use(1) }", NO),
        ("x := time.NewTicker(1); for range x.C { break }", YES),
        (
            "x := time.NewTicker(1); for range x.C { if ok { return } }",
            YES,
        ),
        (
            "x := time.NewTicker(1); y := x.C; for range y { use(1) }",
            NO,
        ),
        (
            "x := time.NewTicker(1); y := x.C; y = c; for range y { use(1) }",
            YES,
        ),
        ("x := time.Tick(1); for range x { use(1) }", NO),
        ("x := c; for range x { use(1) }", YES),
    ] {
        assert_eq!(ask(body), answer, "{body}");
    }
}

#[test]
fn one_place_reaches_another() {
    let shape = "(for_statement body: (block (statement_list . (_) @n . (expression_statement (call_expression function: (identifier) @m)))))";
    let ask = |body: &str| ask(shape, "(#reaches? @m @n)", body);
    assert_eq!(ask("for { use(1); g() }"), YES);
    assert_eq!(ask("for { use(1); g(); return }"), NO);
    assert_eq!(ask("for { use(1); g(); if ok { continue }; break }"), YES);
}

#[test]
fn a_release_follows_on_every_path_or_not_on_an_early_one() {
    let shape = "(expression_statement (call_expression function: (selector_expression operand: (_) @x field: (field_identifier) @f))) @n (#eq? @f \"Lock\")";
    let ask = |body: &str| ask(shape, "(#followed-by? @n @x \"Unlock\")", body);
    for (body, answer) in [
        ("mu.Lock(); mu.Unlock(); return nil", YES),
        (
            "mu.Lock(); defer mu.Unlock(); if ok { return nil }; return nil",
            YES,
        ),
        ("mu.Lock(); defer func() { mu.Unlock() }(); return nil", YES),
        (
            "mu.Lock(); if ok { return nil }; mu.Unlock(); return nil",
            NO,
        ),
        (
            "mu.Lock(); if ok { panic(1) }; mu.Unlock(); return nil",
            YES,
        ),
        // The main path keeps the lock too: the caller is meant to release it.
        ("mu.Lock(); if ok { return nil }; return nil", UNKNOWN),
        (
            "mu.Lock(); if ok { mu.Unlock(); return nil }; return nil",
            UNKNOWN,
        ),
        (
            "mu.Lock(); u := func() { mu.Unlock() }; if ok { return nil }; u(); return nil",
            UNKNOWN,
        ),
        (
            "mu.Lock(); if ok { return nil }; other.Unlock(); return nil",
            UNKNOWN,
        ),
        (
            "mu.Lock(); { mu := g(); mu.Unlock() }; if ok { return nil }; return nil",
            UNKNOWN,
        ),
    ] {
        assert_eq!(ask(body), answer, "{body}");
    }
}

#[test]
fn an_identifier_is_not_nil_where_an_if_says_so() {
    let shape = "(call_expression function: (identifier) @f arguments: (argument_list . (identifier) @x .)) (#eq? @f \"here\")";
    let ask = |body: &str| ask(shape, "(#non-nil? @x)", body);
    for (body, answer) in [
        ("if err != nil { here(err) }; return", YES),
        ("if nil != err && ok { here(err) }; return", YES),
        ("if err == nil { use(1) } else { here(err) }; return", YES),
        (
            "if err == nil || ok { use(1) } else { here(err) }; return",
            YES,
        ),
        ("if err != nil { return here(err) }; return", YES),
        ("here(err); return", NO),
        ("if err != nil || ok { here(err) }; return", NO),
        ("if err == nil { here(err) }; return", NO),
        ("if err != nil { err = g(); here(err) }; return", NO),
        ("if err != nil { func() { here(err) }() }; return", NO),
        ("if err != nil { err := g(); here(err) }; return", NO),
        ("use(&err); if err != nil { here(err) }; return", UNKNOWN),
    ] {
        assert_eq!(ask(body), answer, "{body}");
    }
}

#[test]
fn counts_that_are_all_seen_are_compared() {
    let shape = "(expression_statement (call_expression function: (selector_expression operand: (identifier) @x field: (field_identifier) @f))) (#eq? @f \"Wait\")";
    let ask = |body: &str| {
        let body = format!("var wg sync.WaitGroup; {body}; wg.Wait(); return");
        ask(shape, "(#unbalanced? @x \"Add\" \"Done\" \"Wait\")", &body)
    };
    for (body, answer) in [
        ("wg.Add(1); go func() { defer wg.Done() }()", NO),
        (
            "wg.Add(1); wg.Add(1); go func() { wg.Done(); wg.Done() }()",
            NO,
        ),
        ("wg.Add(2); go func() { defer wg.Done() }()", YES),
        ("go func() { defer wg.Done() }()", YES),
        ("wg.Add(n); go func() { defer wg.Done() }()", UNKNOWN),
        ("wg.Add(2); go worker(&wg)", UNKNOWN),
        (
            "wg.Add(2); for range 2 { go func() { defer wg.Done() }() }",
            UNKNOWN,
        ),
        ("wg.Add(2); go func() { if ok { wg.Done() } }()", UNKNOWN),
        (
            "wg.Add(2); go func() { if ok { return }; wg.Done() }()",
            UNKNOWN,
        ),
        ("wg.Add(2); each(func() { wg.Done() })", UNKNOWN),
        ("wg.Add(2); wg.Go(work)", UNKNOWN),
        (
            "wg.Add(2); if ok { return }; go func() { defer wg.Done() }()",
            UNKNOWN,
        ),
    ] {
        assert_eq!(ask(body), answer, "{body}");
    }
}
