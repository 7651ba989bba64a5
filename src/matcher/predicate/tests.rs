//! Every predicate with yes, no and unknown.

use std::{path::Path, sync::Arc};

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context, places, wrap};

/// Asks about the call `here()`, the identifier `here` in it as `@id`, its arguments as `@arg`.
const HERE: &str = r#"(call_expression function: (identifier) @id arguments: (argument_list ((_) @arg ","?)*)) @call (#eq? @id "here")"#;
/// Asks about an `if`, or the loop or block that a label stands before.
const IF: &str = "(if_statement) @n";

fn here(predicate: &str, body: &str) -> (bool, bool) {
    both(HERE, predicate, &context("a.go"), &wrap(body))
}

/// A predicate over the node `@n` of `shape`, in the body of a function.
fn about(shape: &str, predicate: &str, body: &str) -> (bool, bool) {
    both(shape, predicate, &context("a.go"), &wrap(body))
}

#[test]
fn text_predicates_ask_every_node() {
    for (call, expected) in [
        ("here(1, 1)", YES),
        ("here(2, 2)", NO),
        ("here(1, 2)", UNKNOWN),
        ("here()", (true, true)),
    ] {
        assert_eq!(here(r#"(#eq? @arg "1")"#, call), expected, "eq {call}");
        assert_eq!(
            here(r#"(#match? @arg "^1$")"#, call),
            expected,
            "match {call}"
        );
        assert_eq!(
            here(r#"(#any-of? @arg "1" "3")"#, call),
            expected,
            "any-of {call}"
        );
    }
    for (call, equal, different) in [
        ("here(1, 1)", YES, NO),
        ("here(2, 2)", NO, YES),
        ("here(1, 2)", YES, YES),
    ] {
        assert_eq!(here(r#"(#any-eq? @arg "1")"#, call), equal, "{call}");
        assert_eq!(here(r#"(#any-match? @arg "1")"#, call), equal, "{call}");
        assert_eq!(
            here(r#"(#any-not-eq? @arg "1")"#, call),
            different,
            "{call}"
        );
        assert_eq!(
            here(r#"(#any-not-match? @arg "1")"#, call),
            different,
            "{call}"
        );
    }
}

#[test]
fn two_captures_are_compared_node_by_node() {
    let pair = r#"(assignment_statement left: (expression_list ((identifier) @a ","?)+) right: (expression_list ((identifier) @b ","?)+))"#;
    for (body, expected) in [
        ("x = x", YES),
        ("x = y", NO),
        ("x, y = x, y", YES),
        ("x, y = x, z", UNKNOWN),
        ("x, y = z", UNKNOWN),
    ] {
        let source = wrap(body);
        assert_eq!(
            both(pair, "(#eq? @a @b)", &context("a.go"), &source),
            expected,
            "{body}"
        );
    }
}

fn import(imports: &str, body: &str) -> (bool, bool) {
    let source = format!("package p\n\n{imports}\n\nfunc f(param int) {{\n{body}\n}}\n");
    let call = "(call_expression function: [(selector_expression operand: (identifier) @id) (identifier) @id])";
    both(
        call,
        r#"(#import? @id "context" "example.com/x/go-yaml/v2" "gopkg.in/toml.v1")"#,
        &context("a.go"),
        &source,
    )
}

#[test]
fn imports_are_known_by_alias_path_and_dot() {
    let plain = r#"import "context""#;
    assert_eq!(import(plain, "context.TODO()"), YES);
    assert_eq!(import(r#"import ctx "context""#, "ctx.TODO()"), YES);
    assert_eq!(import(r#"import ctx "context""#, "context.TODO()"), NO);
    assert_eq!(
        import(r#"import context "example.com/context""#, "context.TODO()"),
        NO
    );
    assert_eq!(import(r#"import _ "context""#, "context.TODO()"), NO);
    assert_eq!(
        import(r#"import "example.com/x/go-yaml/v2""#, "yaml.Do()"),
        YES
    );
    assert_eq!(import(r#"import "gopkg.in/toml.v1""#, "toml.Do()"), YES);
    assert_eq!(import(r#"import . "context""#, "TODO()"), YES);
    assert_eq!(import(r#"import . "context""#, "lower()"), NO);
    assert_eq!(import("", "context.TODO()"), NO);
    // The package may call itself anything.
    assert_eq!(
        import(r#"import "example.com/x/go-yaml/v2""#, "other.Do()"),
        UNKNOWN
    );
    assert_eq!(
        import("import . \"context\"\nimport . \"fmt\"", "TODO()"),
        UNKNOWN
    );
    let guesses = "import \"example.com/x/go-yaml/v2\"\nimport \"example.com/yaml\"";
    assert_eq!(import(guesses, "yaml.Do()"), UNKNOWN);
    // A package of the standard library is called as its path says, so the other is not.
    let certain = "import \"context\"\nimport \"example.com/context\"";
    assert_eq!(import(certain, "context.TODO()"), YES);
    // A guess that the file bears out leaves no doubt about its other names.
    let source = "package p\n\nimport \"example.com/x/go-yaml/v2\"\n\nfunc f() {\n\tother.Do(yaml.Do())\n}\n";
    let other = r#"((selector_expression operand: (identifier) @id) (#not-import? @id "example.com/x/go-yaml/v2"))"#;
    assert_eq!(places(other, &context("a.go"), source), ["other"]);
}

#[test]
fn a_shadowed_import_is_none() {
    let spec = r#"import "context""#;
    for shadowed in [
        "context := 1\ncontext.TODO()",
        "var context = 1\nif x {\n\tcontext.TODO()\n}",
        "if context := x; y {\n\tcontext.TODO()\n}",
        "for context := range x {\n\tcontext.TODO()\n}",
        "for context := 0; ; {\n\tcontext.TODO()\n}",
        "switch context := x.(type) {\ncase int:\n\tcontext.TODO()\n}",
        "select {\ncase context := <-x:\n\tcontext.TODO()\n}",
        "_ = func(context int) {\n\tcontext.TODO()\n}",
        "const context = 1\ncontext.TODO()",
        "type context int\ncontext.TODO()",
    ] {
        assert_eq!(import(spec, shadowed), NO, "{shadowed}");
    }
    for visible in [
        "if x {\n\tcontext := 1\n\t_ = context\n}\ncontext.TODO()",
        "context := context.TODO()",
        "context.TODO()\ncontext := 1",
        "for context := range context.TODO() {\n}",
    ] {
        assert_eq!(import(spec, visible), YES, "{visible}");
    }
}

#[test]
fn loops_repeat_their_body_condition_and_post_statement() {
    for looped in [
        "for {\n\there()\n}",
        "for here() {\n}",
        "for i := 0; here(); i++ {\n}",
        "for i := 0; ; here() {\n}",
        "for range x {\n\tif y {\n\t\there()\n\t}\n}",
        "for x[here()] = range y {\n}",
        "_ = func() {\n\tfor {\n\t\there()\n\t}\n}",
    ] {
        assert_eq!(here("(#in-loop? @call)", looped), YES, "{looped}");
    }
    for once in [
        "here()",
        "for i := here(); ; {\n}",
        "for range here() {\n}",
        "for {\n\t_ = func() {\n\t\there()\n\t}\n}",
    ] {
        assert_eq!(here("(#in-loop? @call)", once), NO, "{once}");
    }
    assert_eq!(here("(#in-loop? @arg)", "for {\n\there()\n}"), UNKNOWN);
}

#[test]
fn ancestors_and_descendants_stop_at_function_literals() {
    let nested = "if x {\n\t_ = func() {\n\t\there()\n\t}\n}";
    assert_eq!(
        here(r#"(#inside? @call "if_statement" "for_statement")"#, nested),
        NO
    );
    assert_eq!(here(r#"(#inside? @call "func_literal")"#, nested), YES);
    assert_eq!(here(r#"(#inside-any? @call "if_statement")"#, nested), YES);
    assert_eq!(here(r#"(#inside-any? @call "for_statement")"#, nested), NO);
    assert_eq!(here(r#"(#inside? @arg "if_statement")"#, nested), UNKNOWN);
    assert_eq!(about(IF, r#"(#has? @n "call_expression")"#, nested), NO);
    assert_eq!(
        about(IF, r#"(#has? @n "go_statement" "func_literal")"#, nested),
        YES
    );
    assert_eq!(
        about(IF, r#"(#has-any? @n "call_expression")"#, nested),
        YES
    );
    assert_eq!(about(IF, r#"(#has-any? @n "if_statement")"#, nested), NO);
    assert_eq!(here(r#"(#has? @arg "call_expression")"#, "here()"), UNKNOWN);
}

#[test]
fn jumps_leave_where_their_target_lies_outside() {
    for out in [
        "if x {\n\treturn\n}",
        "for {\n\tif x {\n\t\tbreak\n\t}\n}",
        "for {\n\tif x {\n\t\tswitch {\n\t\tcase y:\n\t\t\tcontinue\n\t\t}\n\t}\n}",
        "L:\n\tfor {\n\t\tif x {\n\t\t\tfor {\n\t\t\t\tbreak L\n\t\t\t}\n\t\t}\n\t}",
        "if x {\n\tgoto done\n}\ndone:\n\tg()",
    ] {
        assert_eq!(about(IF, "(#jumps-out? @n)", out), YES, "{out}");
    }
    for within in [
        "if x {\n\tfor {\n\t\tbreak\n\t}\n}",
        "if x {\n\t_ = func() int {\n\t\treturn 1\n\t}\n}",
        "if x {\nL:\n\tfor {\n\t\tfor {\n\t\t\tcontinue L\n\t\t}\n\t}\n}",
        "if x {\n\tgoto done\ndone:\n\tg()\n}",
        "if x {\n\tpanic(1)\n}",
    ] {
        assert_eq!(about(IF, "(#jumps-out? @n)", within), NO, "{within}");
    }
    assert_eq!(here("(#jumps-out? @arg)", "here()"), UNKNOWN);
}

/// Of the body of a function with the parameters `t *testing.T` and `log Logger`.
fn terminates(body: &str) -> (bool, bool) {
    let source = format!(
        "package p\n\nimport (\n\t\"log\"\n\t\"os\"\n\t\"runtime\"\n\t\"testing\"\n)\n\nfunc f(t *testing.T, logger Logger) {{\n{body}\n}}\n"
    );
    let shape = "(function_declaration body: (block) @n)";
    both(shape, "(#terminates? @n)", &context("a.go"), &source)
}

#[test]
fn terminating_statements_are_those_of_the_specification() {
    for ends in [
        "return",
        "g()\nreturn // done",
        "{\n\treturn\n}",
        "L:\n\treturn",
        "if x {\n\treturn\n} else if y {\n\tpanic(1)\n} else {\n\treturn\n}",
        "for {\n\tg()\n}",
        "for {\n\tfor {\n\t\tbreak\n\t}\n}",
        "for ;; g() {\n}",
        "select {}",
        "select {\ncase <-x:\n\treturn\ndefault:\n\treturn\n}",
        "switch x {\ncase 1:\n\tfallthrough\ndefault:\n\treturn\n}",
        "switch x.(type) {\ncase int:\n\treturn\ndefault:\n\treturn\n}",
        "L:\n\tfor {\n\t\tfor {\n\t\t\tcontinue L\n\t\t}\n\t}",
        "return\ng()",
        "here:\n\tg()\n\tgoto here",
    ] {
        assert_eq!(terminates(ends), YES, "{ends}");
    }
    for runs_off in [
        "",
        "g()",
        "if x {\n\treturn\n}",
        "if x {\n\treturn\n} else {\n}",
        "for x {\n\treturn\n}",
        "for range x {\n\treturn\n}",
        "for i := 0; x; {\n}",
        "for {\n\tif x {\n\t\tbreak\n\t}\n}",
        "L:\n\tfor {\n\t\tfor {\n\t\t\tbreak L\n\t\t}\n\t}",
        "select {\ncase <-x:\n\tbreak\n}",
        "switch x {\ncase 1:\n\treturn\n}",
        "switch x {\ncase 1:\n\tbreak\ndefault:\n\treturn\n}",
        "switch x {\ndefault:\n}",
        "go panic(1)",
        "return\nL:\n\tg()",
        "_ = func() {\n\treturn\n}",
    ] {
        assert_eq!(terminates(runs_off), NO, "{runs_off}");
    }
}

#[test]
fn calls_that_never_return_terminate() {
    for ends in [
        "panic(1)",
        "os.Exit(1)",
        "log.Fatalf(x)",
        "log.Panicln(x)",
        "runtime.Goexit()",
        "t.Fatal(x)",
        "t.SkipNow()",
        "_ = func(tb testing.TB) {}\nt.FailNow()",
    ] {
        assert_eq!(terminates(ends), YES, "{ends}");
    }
    for returns in [
        "run := g\nrun(1)",
        "log.Println(x)",
        "t.Error(x)",
        "os.Getenv(x)",
        "panic(1)\nL:\n\tg()",
    ] {
        assert_eq!(terminates(returns), NO, "{returns}");
    }
    for unknown in [
        "logger.Fatal(x)",
        "panic := g\npanic(1)",
        "exitWith(x)",
        "log := g()\nlog.Fatal(x)",
        "s.t.Fatal(x)",
        "if x {\n\treturn\n} else {\n\tlogger.Fatal(x)\n}",
        "{\n\tt := g()\n\tt.Fatal(x)\n}",
    ] {
        assert_eq!(terminates(unknown), UNKNOWN, "{unknown}");
    }
}

#[test]
fn an_error_check_is_exactly_one() {
    let shape = r#"(statement_list (short_var_declaration left: (expression_list (identifier) @err .)) . (if_statement) @n (#eq? @err "err"))"#;
    let check = |body: &str| about(shape, "(#err-check? @n @err)", body);
    for yes in [
        "x, err := g()\nif err != nil {\n\treturn\n}",
        "x, err := g()\nif nil != (err) {\n\tpanic(err)\n}",
        "x, err := g()\nif ok(); err != nil {\n\treturn\n}",
        "_, err := g()\ny, err := g()\nif err != nil {\n\treturn\n}",
    ] {
        assert_eq!(check(yes), YES, "{yes}");
    }
    for no in [
        "x, err := g()\nif err == nil {\n\treturn\n}",
        "x, err := g()\nif other != nil {\n\treturn\n}",
        "x, err := g()\nif err != nil && y {\n\treturn\n}",
        "x, err := g()\nif err != nil {\n\tlog(err)\n}",
        "x, err := g()\nif err != nil {\n\treturn\n} else {\n\treturn\n}",
    ] {
        assert_eq!(check(no), NO, "{no}");
    }
    for unknown in [
        "x, err := g()\nif err := h(); err != nil {\n\treturn\n}",
        "x, err := g()\nif err = h(); err != nil {\n\treturn\n}",
        "x, err := g()\nif err != nil {\n\tlogger.Fatal(err)\n}",
    ] {
        assert_eq!(check(unknown), UNKNOWN, "{unknown}");
    }
    // A named result is the same variable as the `err` of a `:=` in the body.
    let source = "package p\n\nfunc f() (err error) {\n\tx, err := g()\n\tif err != nil {\n\t\treturn\n\t}\n}\n";
    assert_eq!(
        both(shape, "(#err-check? @n @err)", &context("a.go"), source),
        YES
    );
}

#[test]
fn the_function_around_a_node_has_a_name() {
    let shape = r#"(call_expression function: (identifier) @_f (#eq? @_f "here")) @n"#;
    let ask = |source: &str| {
        let source = format!("package p\n\n{source}\n");
        both(
            shape,
            r#"(#function-name? @n "^Un")"#,
            &context("a.go"),
            &source,
        )
    };
    assert_eq!(ask("func Undo() { go func() { here() }() }"), YES);
    assert_eq!(ask("func (t T) Undo() { here() }"), YES);
    assert_eq!(ask("func undo(Un int) { here() }"), NO);
    assert_eq!(ask("var Un = here()"), NO);
}

#[test]
fn comments_at_a_statement_are_read() {
    let shape = r#"(call_expression function: (identifier) @_f (#eq? @_f "here")) @n"#;
    let ask = |body: &str| {
        both(
            shape,
            r#"(#commented? @n "(?i)on purpose")"#,
            &context("a.go"),
            &wrap(body),
        )
    };
    for yes in [
        "\t// On purpose.\n\there()",
        "\t// On purpose,\n\t// and so on.\n\tx := g(here())",
        "\there() // on purpose",
        "\tg(\n\t\t// on purpose\n\t\there(),\n\t)",
        "\t/* on purpose */ here()",
    ] {
        assert_eq!(ask(yes), YES, "{yes}");
    }
    for no in [
        "\there()",
        "\t// other\n\there()",
        "\t// on purpose\n\n\there()",
        "\there()\n\t// on purpose\n\tg()",
        "\tg() // on purpose\n\tg()\n\there()",
        "\tif here() {\n\t\t// on purpose\n\t}",
    ] {
        assert_eq!(ask(no), NO, "{no}");
    }
}

#[test]
fn facts_about_the_file() {
    let clause = "(package_clause) @n";
    let main = "package main\n";
    let mut file = context("cmd/a_test.go");
    assert_eq!(both(clause, r#"(#go? ">=1.22")"#, &file, main), YES);
    assert_eq!(both(clause, r#"(#go? "<1.22")"#, &file, main), NO);
    assert_eq!(both(clause, "(#test-file?)", &file, main), YES);
    assert_eq!(both(clause, "(#main-package?)", &file, main), YES);
    assert_eq!(
        both(clause, "(#main-package?)", &file, "package mainly\n"),
        NO
    );
    let named = r#"(#package-name? "lib" "main")"#;
    assert_eq!(both(clause, named, &file, main), YES);
    assert_eq!(both(clause, named, &file, "package main_test\n"), NO);
    let constrained = "(#build-constrained?)";
    assert_eq!(both(clause, constrained, &file, main), NO);
    let ignored = "//go:build ignore\n\npackage main\n";
    assert_eq!(both(clause, constrained, &file, ignored), YES);
    let windows = context("a_windows.go");
    assert_eq!(both(clause, constrained, &windows, main), YES);
    assert_eq!(both(clause, "(#generated?)", &file, main), NO);
    file.generated = true;
    file.go = None;
    file.path = Arc::from(Path::new("a_test.go/a.go"));
    assert_eq!(both(clause, "(#generated?)", &file, main), YES);
    assert_eq!(both(clause, r#"(#go? ">=1.22")"#, &file, main), UNKNOWN);
    assert_eq!(both(clause, "(#test-file?)", &file, main), NO);
    for about in ["(#main-package?)", named] {
        assert_eq!(both("(comment) @n", about, &file, "// nothing\n"), UNKNOWN);
    }
}
