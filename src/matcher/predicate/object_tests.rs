//! Predicates about objects, each with yes, no and unknown.

use crate::{
    go::version::Version,
    matcher::testing::{NO, UNKNOWN, YES, both, context, wrap},
};

/// `@id` is the first argument of `here(…)`, `@b` the second, `@call` the call.
const HERE: &str = r#"(call_expression function: (identifier) @_here arguments: (argument_list . (_) @id (_)? @b)) @call (#eq? @_here "here")"#;

fn about(predicate: &str, source: &str) -> (bool, bool) {
    both(HERE, predicate, &context("a.go"), source)
}

fn check(predicate: &str, cases: &[(&str, (bool, bool))]) {
    for (body, expected) in cases {
        assert_eq!(
            about(predicate, &wrap(body)),
            *expected,
            "{predicate} {body}"
        );
    }
}

#[test]
fn names_bind_the_same_object_or_not() {
    check(
        "(#binds? @id @b)",
        &[
            ("x := 1\nhere(x, x)", YES),
            ("x := 1\nhere(x, func() int { return 1 }())", UNKNOWN),
            ("x, y := 1, 2\nhere(x, y)", NO),
            ("here(far, far)", YES),
            ("here(far, wide)", NO),
            ("here(true, true)", YES),
            ("here(x.y, x.y)", UNKNOWN),
        ],
    );
    let shape = "(block (statement_list (short_var_declaration left: (expression_list (identifier) @a)) (if_statement initializer: (short_var_declaration left: (expression_list (identifier) @b)))))";
    let source = wrap("x := 1\nif x := 2; x > 1 {\n}");
    assert_eq!(
        both(shape, "(#binds? @a @b)", &context("a.go"), &source),
        NO
    );
}

#[test]
fn objects_are_declared_at_one_level() {
    let source = |inside: &str| {
        format!(
            "package p\n\nimport \"os\"\n\nvar g int\n\nfunc (r *T) f(p int) (res int) {{\n\tvar v int\n\there({inside})\n}}\n"
        )
    };
    for (ident, local, param, package) in [
        ("v", YES, NO, NO),
        ("p", NO, YES, NO),
        ("r", NO, YES, NO),
        ("res", NO, NO, NO),
        ("g", NO, NO, YES),
        ("far", NO, NO, YES),
        ("true", NO, NO, NO),
        ("1", UNKNOWN, UNKNOWN, UNKNOWN),
    ] {
        let source = source(ident);
        assert_eq!(about("(#local? @id)", &source), local, "local {ident}");
        assert_eq!(about("(#param? @id)", &source), param, "param {ident}");
        assert_eq!(
            about("(#package-level? @id)", &source),
            package,
            "package {ident}"
        );
    }
    let dotted = "package p\n\nimport . \"os\"\n\nfunc f() {\n\there(Far)\n}\n";
    assert_eq!(about("(#package-level? @id)", dotted), UNKNOWN);
}

#[test]
fn a_declaration_lies_in_a_node() {
    let inner = r"(if_statement consequence: (block (statement_list (expression_statement (call_expression arguments: (argument_list (_) @id)))))) @n";
    for (body, expected) in [
        ("if x := f(); x {\n\there(x)\n}", YES),
        ("x := f()\nif x {\n\there(x)\n}", NO),
        ("if x {\n\there(far)\n}", NO),
        ("if x {\n\there(1)\n}", UNKNOWN),
    ] {
        assert_eq!(
            both(
                inner,
                "(#declared-in? @id @n)",
                &context("a.go"),
                &wrap(body)
            ),
            expected,
            "{body}"
        );
    }
}

#[test]
fn assignments_besides_the_declaration_count() {
    check(
        "(#reassigned? @id)",
        &[
            ("x := 1\nhere(x)", NO),
            ("x := 1\nx = 2\nhere(x)", YES),
            ("x := 1\nx += 2\nhere(x)", YES),
            ("x := 1\n(x)++\nhere(x)", YES),
            ("x := 1\nx, y := 2, 3\nhere(x)", YES),
            ("x := 1\nif true {\n\tx := 2\n\t_ = x\n}\nhere(x)", NO),
            ("x := 1\nfor x = range y {\n}\nhere(x)", YES),
            ("x := 1\nselect {\ncase x = <-c:\n}\nhere(x)", YES),
            ("x := 1\nfunc() { x = 2 }()\nhere(x)", YES),
            ("x := 1\nx.f = 2\nx[1] = 3\nhere(x)", NO),
            ("x := 1\np(&x)\nhere(x)", UNKNOWN),
            ("for _, x := range y {\n\there(x)\n}", NO),
            ("here(far)", UNKNOWN),
        ],
    );
    let global = "package p\n\nvar g int\n\nfunc f() {\n\there(g)\n}\n";
    assert_eq!(about("(#reassigned? @id)", global), UNKNOWN);
    let result = "package p\n\nfunc f() (x int) {\n\there(x)\n\treturn 1\n}\n";
    assert_eq!(about("(#reassigned? @id)", result), YES);
    let mut old = context("a.go");
    let ranged = wrap("for _, x := range y {\n\there(x)\n}");
    old.go = Version::parse("1.21");
    assert_eq!(both(HERE, "(#reassigned? @id)", &old, &ranged), YES);
    old.go = None;
    assert_eq!(both(HERE, "(#reassigned? @id)", &old, &ranged), UNKNOWN);
}

#[test]
fn assignments_behind_a_node_count() {
    check(
        "(#reassigned-after? @id @call)",
        &[
            ("x := 1\nx = 2\nhere(x)", NO),
            ("x := 1\nhere(x)\nx = 2", YES),
            ("x := 1\nfor {\n\tx = 2\n\there(x)\n}", YES),
            ("for {\n\tx := 1\n\tx = 2\n\there(x)\n}", NO),
            ("for x := 0; x < 3; x++ {\n\there(x)\n}", YES),
            ("x := 1\nx = 2\nfor {\n\there(x)\n}", NO),
            ("x := 1\ng := func() { x = 2 }\nhere(x)\ng()", UNKNOWN),
            ("x := 1\nagain:\nx = 2\nhere(x)\ngoto again", UNKNOWN),
            ("x := 1\np := &x\nhere(x)", UNKNOWN),
            ("x := 1\nhere(x)\nx := func(x int) { x = 1 }", YES),
        ],
    );
}

#[test]
fn literals_capture_what_they_use() {
    check(
        "(#captured? @id)",
        &[
            ("x := 1\nhere(x)", NO),
            ("x := 1\nhere(x)\ndefer func() { y(x) }()", YES),
            ("x := 1\nhere(x)\ndefer func(x int) { y(x) }(x)", NO),
            ("_ = func() {\n\tx := 1\n\there(x)\n}", NO),
            ("here(far)", UNKNOWN),
        ],
    );
}

#[test]
fn a_predeclared_name_may_be_shadowed() {
    check(
        r#"(#universe? @call "any" "len")"#,
        &[
            ("here(1)", YES),
            ("any := 1\nhere(any)", NO),
            ("if true {\n\tlen := 1\n}\nhere(1)", YES),
            ("here(1)\nany := 1", YES),
        ],
    );
    let declared = "package p\n\nfunc f() {\n\there(1)\n}\n\ntype any int\n";
    assert_eq!(about(r#"(#universe? @call "any")"#, declared), NO);
}

#[test]
fn a_node_mentions_an_object_by_its_name() {
    let shape = r#"((block (statement_list (short_var_declaration left: (expression_list . (identifier) @id)) (if_statement) @n)) (#eq? @id "x"))"#;
    for (body, answer) in [
        ("x := 1\nif c {\n\tg(x)\n}", YES),
        ("x := 1\nif c {\n\tgo func() { x++ }()\n}", YES),
        ("x := 1\nif x := 2; x > 1 {\n\tg(x)\n}\n_ = x", NO),
        ("x := 1\nif c {\n\tg(y.x)\n}\n_ = x", NO),
    ] {
        let got = both(shape, "(#mentions? @n @id)", &context("a.go"), &wrap(body));
        assert_eq!(got, answer, "{body}");
    }
}

#[test]
fn what_is_stored_is_told_from_what_is_used() {
    let cases = [
        ("x := 1\nhere(x)", NO),
        ("x := 1\ny = x\nhere(x)", YES),
        ("x, y := 1, 2\ny = x\nhere(x)", NO),
        ("x := 1\n_ = x\nhere(x)", NO),
        ("x := 1\ns.f = x\nhere(x)", YES),
        ("x := 1\ny, s.f = x, 1\nhere(x)", YES),
        ("x := 1\nm[1] = x\nhere(x)", YES),
        ("x := 1\nm[x] = 1\nhere(x)", NO),
        ("x := 1\nx = 2\nhere(x)", NO),
        ("x := 1\nc <- x\nhere(x)", YES),
        ("x := c\nx <- 1\nhere(x)", NO),
        ("x := 1\ng(T{f: x})\nhere(x)", YES),
        ("x := 1\ng([]T{x})\nhere(x)", YES),
        ("here(x)", UNKNOWN),
    ];
    check("(#stored? @id)", &cases);
}

#[test]
fn the_only_argument_of_a_call_is_given_to_it() {
    let cases = [
        ("x := 1\nc.Do(x)\nhere(x)", YES),
        ("x := 1\nDo(x)\nhere(x)", YES),
        ("x := 1\nc.Do(y, x)\nhere(x)", NO),
        ("x := 1\nc.Did(x)\nhere(x)", NO),
        ("x := 1\nc.Do(x.y)\nhere(x)", NO),
        ("here(x)", UNKNOWN),
    ];
    check("(#given-to? @id \"Do\")", &cases);
}

#[test]
fn a_name_means_the_same_elsewhere_or_not() {
    let shape = r#"(call_expression function: (identifier) @_here arguments: (argument_list . (identifier) @id)) @call (#eq? @_here "here")"#;
    let first = format!("{shape} (#not-eq? @call \"\")");
    let at_first = |body: &str| {
        let source = wrap(body);
        let shape = format!(
            "(block (statement_list (expression_statement (call_expression function: (identifier) @_there)) @n (_ {first}))) (#eq? @_there \"there\")"
        );
        both(&shape, "(#same-at? @id @n)", &context("a.go"), &source)
    };
    assert_eq!(at_first("x := 1\nthere()\nhere(x)"), YES);
    assert_eq!(at_first("there()\nx := 1\nhere(x)"), NO);
    assert_eq!(at_first("x := 1\n{\nthere()\nx := 2\nhere(x)\n}"), NO);
    assert_eq!(at_first("there()\nhere(elsewhere)"), UNKNOWN);
}
