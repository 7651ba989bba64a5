//! Tests of the predicates about defers, loops and uses.

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context};

const FOR: &str = "(for_statement body: (block) @body) @loop";
const DEFER: &str = "(defer_statement) @defer";

fn ask(shape: &str, predicate: &str, body: &str) -> (bool, bool) {
    let source = format!(
        "package p\n\nimport (\n\t\"log\"\n\t\"os\"\n\t\"time\"\n)\n\nfunc f(names []string) {{\n{body}\n}}\n"
    );
    both(shape, predicate, &context("a.go"), &source)
}

#[test]
fn unlabelled_jumps_of_a_kind_do_not_count() {
    let ask = |body: &str| ask(FOR, "(#jumps-out? @body \"continue_statement\")", body);
    assert_eq!(ask("for { if a { continue }; b() }"), NO);
    assert_eq!(ask("for { func() { return }() }"), NO);
    assert_eq!(ask("for { if a { break } }"), YES);
    assert_eq!(ask("l: for { if a { continue l } }"), YES);
    assert_eq!(ask("for { if a { return } }"), YES);
}

#[test]
fn a_jump_goes_to_one_statement() {
    let shape = "((for_statement body: (block (statement_list (if_statement consequence: (block (statement_list (continue_statement) @jump)))))) @loop)";
    let ask = |body: &str| ask(shape, "(#jumps-to? @jump @loop)", body);
    assert_eq!(ask("for { if a { continue } }"), YES);
    assert_eq!(ask("l: for { for range 3 { if a { continue l } } }"), NO);
}

#[test]
fn control_comes_again_or_to_an_end() {
    for (body, again, end, exit) in [
        ("defer a()", NO, YES, NO),
        ("for { defer a() }", YES, NO, NO),
        ("for range names { defer a(); return }", NO, YES, NO),
        ("defer a(); for { panic(1) }", NO, YES, NO),
        ("defer a(); log.Fatal(1)", NO, NO, YES),
        ("defer a(); if b { os.Exit(1) }", NO, YES, YES),
        ("defer a(); for { l.Fatal(1) }", NO, UNKNOWN, UNKNOWN),
    ] {
        assert_eq!(ask(DEFER, "(#runs-again? @defer)", body), again, "{body}");
        assert_eq!(ask(DEFER, "(#reaches-end? @defer)", body), end, "{body}");
        let found = ask(DEFER, "(#reaches-exit? @defer)", body);
        assert!(found == exit || exit == UNKNOWN, "{body}");
    }
}

#[test]
fn what_a_loop_defers_is_released_in_it_or_not() {
    let round = |rest: &str| {
        let body = format!("for _, n := range names {{ f, err := os.Open(n); _ = err; {rest} }}");
        ask(FOR, "(#defers-releases? @body \"Close\")", &body)
    };
    assert_eq!(round("defer f.Close(); f.Stat()"), YES);
    assert_eq!(round("defer func() { _ = f.Close() }(); f.Stat()"), YES);
    assert_eq!(round("defer f.Close()"), NO);
    assert_eq!(round("f.Stat()"), NO);
    assert_eq!(round("defer f.Close(); defer b(); f.Stat()"), NO);
    assert_eq!(round("defer f.Close(); all = append(all, f)"), NO);
    assert_eq!(round("defer f.Close(); f.Stat(); f = nil"), NO);
    let outside =
        "var last *os.File; for { f, _ := os.Open(\"a\"); defer f.Close(); last = f }; _ = last";
    assert_eq!(ask(FOR, "(#defers-releases? @body \"Close\")", outside), NO);
}

#[test]
fn uses_and_assignments_are_told_by_place() {
    let shape = "((short_var_declaration left: (expression_list . (identifier) @x .)) (_)* (defer_statement) @defer)";
    let ask = |predicate: &str, rest: &str| {
        let body = format!("x := g(); {rest}");
        ask(
            &format!("(statement_list . {}", &shape[1..]),
            predicate,
            &body,
        )
    };
    let after = "(#mentioned-after? @x @defer)";
    assert_eq!(ask(after, "use(x); defer func() { use(x) }()"), NO);
    assert_eq!(ask(after, "defer func() {}(); use(x)"), YES);
    let only = "(#only-argument? @x @defer \"len\")";
    assert_eq!(ask(only, "defer func() { use(len(x)) }()"), YES);
    assert_eq!(ask(only, "defer func() { use(len(x), x) }()"), NO);
    assert_eq!(ask(only, "defer func() { len := 1; use(len(x)) }()"), NO);
    let inside = "(#assigned-in? @x @defer)";
    assert_eq!(ask(inside, "defer func() { x = 1 }()"), YES);
    assert_eq!(ask(inside, "defer func() {}(); x = 1"), NO);
    assert_eq!(ask(inside, "defer func() { use(&x) }()"), UNKNOWN);
    let mentions = "(#mentions? @defer @x)";
    assert_eq!(ask(mentions, "defer func() { use(x) }()"), YES);
    assert_eq!(ask(mentions, "defer func(x int) { use(x) }(1)"), NO);
}

#[test]
fn a_value_is_replaced_behind_its_release() {
    let shape = "(statement_list . (short_var_declaration left: (expression_list . (identifier) @x .)) . (defer_statement) @defer)";
    let ask = |rest: &str| {
        let body = format!("x := time.NewTicker(1); defer x.Stop(); {rest}");
        ask(shape, "(#replaced? @x @defer \"Stop\")", &body)
    };
    assert_eq!(ask("x.Stop(); x = time.NewTicker(2)"), YES);
    assert_eq!(ask("for a() { x.Stop(); x = time.NewTicker(2) }"), YES);
    assert_eq!(ask("x = time.NewTicker(2)"), NO);
    assert_eq!(ask("x.Stop(); x = nil"), NO);
    assert_eq!(ask("x.Stop(); x = time.NewTicker(2); x.Stop()"), NO);
    assert_eq!(ask("a()"), NO);
    assert_eq!(ask("use(&x); x.Stop(); x = time.NewTicker(2)"), UNKNOWN);
}

#[test]
fn the_program_ends_by_an_error_or_otherwise() {
    let shape = "(function_declaration body: (block) @body)";
    let ask = |body: &str| ask(shape, "(#exits-on-error? @body)", body);
    assert_eq!(ask("if err != nil { log.Fatal(err) }"), YES);
    assert_eq!(ask("if err := a(); err != nil { log.Fatalln(err) }"), YES);
    assert_eq!(ask("if err != nil { log.Fatal(\"no\", err) }"), NO);
    assert_eq!(ask("if err != nil { log.Fatal(other) }"), NO);
    assert_eq!(ask("func() { if err != nil { log.Fatal(err) } }()"), NO);
    assert_eq!(ask("if err != nil { log.Fatal(err) }; os.Exit(1)"), NO);
    assert_eq!(ask("a()"), NO);
    assert_eq!(ask("if err != nil { l.Fatal(err) }"), UNKNOWN);
}

#[test]
fn arguments_give_the_same_later_or_not() {
    let shape = "(defer_statement (call_expression arguments: (argument_list (call_expression) @part) @all))";
    let ask = |arguments: &str, rest: &str| {
        let body = format!("a := 1; defer use({arguments}, now()); {rest}");
        ask(shape, "(#unchanging? @all @part)", &body)
    };
    assert_eq!(ask("a, \"b\", 1", ""), YES);
    assert_eq!(ask("a", "a = 2"), NO);
    assert_eq!(ask("a", "g(&a)"), UNKNOWN);
    assert_eq!(ask("a.b", ""), NO);
    assert_eq!(ask("somewhere", ""), UNKNOWN);
}

#[test]
fn literals_that_run_later_capture() {
    let shape = "(for_statement (range_clause left: (expression_list . (identifier) @v .)))";
    let ask = |body: &str| {
        let body = format!("for v := range names {{ {body} }}");
        ask(
            shape,
            "(#captured? @v \"defer_statement\" \"go_statement\")",
            &body,
        )
    };
    assert_eq!(ask("defer func() { use(v) }()"), YES);
    assert_eq!(ask("go func() { func() { use(v) }() }()"), YES);
    assert_eq!(ask("defer use(func() { use(v) })"), YES);
    assert_eq!(ask("defer use(v)"), NO);
    assert_eq!(ask("func() { use(v) }()"), NO);
    assert_eq!(ask("func() { defer func() { use(v) }() }()"), NO);
}

#[test]
fn types_are_compared() {
    let shape = "(call_expression function: (identifier) @f arguments: (argument_list . (identifier) @a . (identifier) @b .) (#eq? @f \"both\"))";
    let ask = |body: &str| ask(shape, "(#same-type? @a @b)", body);
    assert_eq!(ask("a, b := 1, 2; both(a, b)"), YES);
    assert_eq!(ask("a, b := 1, \"b\"; both(a, b)"), NO);
    assert_eq!(ask("a, b := 1, g(); both(a, b)"), UNKNOWN);
}
