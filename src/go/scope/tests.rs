//! Go's scope rules, one by one. `meanings` writes what each occurrence of a name means: `0` is what the first
//! occurrence declares, `1` the second, and so on.

use super::*;

fn scope(text: &str) -> Scope {
    Scope::of(&Parsed::new(text.into()))
}

fn meanings(name: &str, text: &str) -> String {
    let text = format!("package p\n{text}\n");
    let scope = scope(&text);
    let occurrences: Vec<_> = scope
        .names()
        .filter(|(range, _)| &text[range.clone()] == name)
        .collect();
    let word = |resolution| match resolution {
        Resolution::Declared(id) => occurrences
            .iter()
            .position(|(range, _)| *range == scope.declaration(id).range)
            .expect("the declaring identifier has the same name")
            .to_string(),
        other => format!("{other:?}").to_lowercase(),
    };
    let words: Vec<_> = occurrences
        .iter()
        .map(|(_, resolution)| word(*resolution))
        .collect();
    words.join(" ")
}

fn in_function(statements: &str) -> String {
    format!("func f() {{\n{statements}\n}}")
}

#[test]
fn a_variable_is_visible_after_its_declaration() {
    assert_eq!(
        meanings("x", &in_function("x := 1; x++; { x := x; x++ }; x++")),
        "0 0 2 0 2 0"
    );
    assert_eq!(
        meanings("x", &in_function("var x = x; x++")),
        "0 unresolved 0"
    );
    assert_eq!(
        meanings("x", &in_function("const x = x; use(x)")),
        "0 unresolved 0"
    );
}

#[test]
fn a_function_literal_in_its_own_declaration_does_not_see_it() {
    assert_eq!(
        meanings("g", &in_function("g := func() { g() }; g()")),
        "0 unresolved 0"
    );
    assert_eq!(
        meanings("g", &in_function("var g func(); g = func() { g() }")),
        "0 0 0"
    );
}

#[test]
fn a_type_is_visible_in_itself() {
    assert_eq!(
        meanings("T", &in_function("type T struct { next *T }; var t T")),
        "0 0 0"
    );
    assert_eq!(
        meanings("int", &in_function("type int int; var x int")),
        "0 0 0"
    );
}

#[test]
fn short_declarations_reuse_what_the_same_block_has() {
    assert_eq!(
        meanings(
            "err",
            &in_function("a, err := g(); b, err := g(); { c, err := g() }")
        ),
        "0 0 2"
    );
    assert_eq!(
        meanings(
            "x",
            "func f(x int) (err error) { x, y := 1, 2; { x, z := 1, 2 } }"
        ),
        "0 0 2"
    );
}

#[test]
fn headers_are_blocks_around_their_bodies() {
    assert_eq!(
        meanings(
            "x",
            &in_function("if x := 1; x > 0 { x := x } else if x { x++ } else { x++ }; x++")
        ),
        "0 0 2 0 0 0 0 unresolved"
    );
    assert_eq!(
        meanings(
            "i",
            &in_function("for i := 0; i < 9; i++ { i := i; i++ }; i++")
        ),
        "0 0 0 3 0 3 unresolved"
    );
    assert_eq!(
        meanings(
            "v",
            &in_function("for k, v := range v { v++ }; for v = range v {}")
        ),
        "0 unresolved 0 unresolved unresolved"
    );
    assert_eq!(
        meanings(
            "x",
            &in_function("switch x := x; x { case x: x := 1; x++; default: x++ }")
        ),
        "0 unresolved 0 0 4 4 0"
    );
}

#[test]
fn each_clause_is_a_block() {
    let text = in_function(
        "select { case x := <-x: x++; case x, ok = <-c: x := 1; x++; case c <- x: default: x++ }",
    );
    assert_eq!(
        meanings("x", &text),
        "0 unresolved 0 unresolved 4 4 unresolved unresolved"
    );
}

#[test]
fn a_type_switch_declares_a_variable_in_each_clause() {
    let text = format!(
        "package p\n{}",
        in_function("switch x := x.(type) { case int: x++; case T: x++; x++ }")
    );
    let scope = scope(&text);
    let of_x: Vec<_> = scope
        .declarations()
        .iter()
        .filter(|d| d.name == "x")
        .collect();
    assert!(
        of_x.iter()
            .all(|d| d.kind == Kind::TypeSwitchVar && d.range == of_x[0].range)
    );
    let uses: Vec<_> = (0..)
        .take(of_x.len())
        .map(|i| scope.uses(DeclId(i + 1)).len())
        .collect();
    assert_eq!((of_x.len(), uses), (3, vec![0, 1, 2]));
    assert_eq!(
        meanings(
            "int",
            &in_function("switch int := y.(type) { case int: int++ }")
        ),
        "0 universe 0"
    );
}

#[test]
fn labels_have_their_own_space() {
    let text = in_function("L: for { L := 1; L++; break L; func() { goto L; L: }() }; goto L");
    assert_eq!(meanings("L", &text), "0 1 1 0 5 5 0");
    assert_eq!(meanings("M", &in_function("goto M")), "unresolved");
}

#[test]
fn parameters_are_visible_in_the_body_only() {
    assert_eq!(
        meanings("int", "func f(int int, y int) (z int) { return int }"),
        "0 universe universe universe 0"
    );
    assert_eq!(
        meanings(
            "a",
            "type F func(a int, b a) (c a)\nfunc (a T) f(b a) { a.a() }"
        ),
        "0 unresolved unresolved 3 unresolved 3 member"
    );
    let many = "a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v";
    assert_eq!(
        meanings(
            "a",
            &format!("func f(x func({many} int), {many} int) {{ a++ }}")
        ),
        "0 1 1"
    );
}

#[test]
fn type_parameters_are_visible_in_their_list() {
    assert_eq!(
        meanings("Q", "func f[P *Q, Q any](x Q) (y Q) { var Q Q }"),
        "1 1 1 1 4 1"
    );
    assert_eq!(
        meanings("P", "type T[P any] struct { x P }\nvar P int"),
        "0 0 2"
    );
    assert_eq!(
        meanings("P", "func (t *T[P]) m(x P) P { return P(x) }"),
        "0 0 0 0"
    );
    assert_eq!(
        meanings("T", "func (T *T[P]) m() { T.x() }"),
        "0 unresolved 0"
    );
}

#[test]
fn package_level_is_visible_before_and_in_all_functions() {
    assert_eq!(
        meanings("x", "func f() { x++; x := x; x++ }\nvar x = x"),
        "4 1 4 1 4 4"
    );
    assert_eq!(meanings("init", "func init() { init() }"), "0 unresolved");
}

#[test]
fn members_are_kept_apart() {
    assert_eq!(
        meanings(
            "a",
            "type T struct { a a; *b }\nvar a = t.a.a\nfunc (T) a() { a.b() }\ntype I interface { a(a) }"
        ),
        "member 2 2 member member member 2 member 2"
    );
    assert_eq!(
        meanings("E", "type E struct{}\ntype T struct { E }\nvar t = T{}.E"),
        "0 0 member"
    );
}

#[test]
fn keys_are_fields_of_structs_and_values_elsewhere() {
    let keys = |literal: &str| {
        meanings(
            "k",
            &format!(
                "var k = 1\ntype S struct {{ k int }}\ntype M map[int]S\ntype A = []*S\nvar v = {literal}"
            ),
        )
    };
    for (literal, key) in [
        ("S{k: k}", "member 0"),
        ("M{k: {k: k}}", "0 member 0"),
        ("A{k: {k: k}}", "0 member 0"),
        ("[...]int{k: k}", "0 0"),
        ("struct{ k int }{k: k}", "member member 0"),
        ("map[S]S{{k: k}: {k: k}}", "member 0 member 0"),
        ("Other{k: k}", "unknown 0"),
        ("Other{k: k, 3: k}", "0 0 0"),
        ("p.Other{k + 1: k}", "0 0"),
        ("[]Other{{k: k}}", "unknown 0"),
    ] {
        assert_eq!(keys(literal), format!("0 member {key}"), "{literal}");
    }
}

#[test]
fn imports_are_found_under_the_name_in_use() {
    let text = "package p\nimport (\n\"fmt\"\n\"a/v2\"\nb \"c\"\n\"example.com/go-d.v3\"\n. \"e\"\n)\n\
        func f(fmt T) { fmt.X(); a.X(); b.X(); d.X(); v2.X(); c.X() }\nvar g = fmt.X";
    let scope = scope(text);
    let names: Vec<_> = (0..5).map(|index| scope.import_name(index)).collect();
    assert_eq!(names, [Some("fmt"), Some("a"), Some("b"), Some("d"), None]);
    let uses: Vec<_> = (0..5).map(|index| scope.import_uses(index).len()).collect();
    assert_eq!(uses, [1, 1, 1, 1, 0]);
    assert_eq!(
        scope.unused_imports().collect::<Vec<_>>(),
        Vec::<usize>::new()
    );
    assert_eq!(meanings("v1", "import \"k/v1\"\nvar v = v1.X"), "import(0)");
    assert_eq!(meanings("k", "import \"k/v1\"\nvar v = k.X"), "import(0)");
    assert_eq!(
        meanings("k", "import \"k/v1\"\nvar v = v1.X\nvar w = k.X"),
        "unresolved"
    );
}

#[test]
fn visible_says_what_a_name_would_mean() {
    let text = "package p\nimport \"fmt\"\nvar x, y int\nfunc f(x int) {\n\ty := 1\n\tswitch {\n\tcase true:\n\t\tz := 1\n\t\tg()\n\n\tcase false:\n\t}\n}\n";
    let scope = scope(text);
    let at = |needle| text.find(needle).expect("the text has it");
    let kind = |name, at| match scope.visible(name, at) {
        Some(Resolution::Declared(id)) => Some((
            scope.declaration(id).kind,
            scope.declaration(id).owner.is_some(),
        )),
        _ => None,
    };
    assert_eq!(kind("x", at("y := 1")), Some((Kind::Param, true)));
    assert_eq!(kind("x", at("func")), Some((Kind::Var, false)));
    assert_eq!(kind("x", text.len()), Some((Kind::Var, false)));
    assert_eq!(kind("y", at("y := 1")), Some((Kind::Var, false)));
    assert_eq!(kind("y", at("switch")), Some((Kind::Var, true)));
    assert_eq!(
        kind("z", at("g()") + 4),
        Some((Kind::Var, true)),
        "a clause reaches to the next"
    );
    assert_eq!(kind("z", at("case false")), None);
    assert_eq!(scope.visible("fmt", at("g()")), Some(Resolution::Import(0)));
    assert_eq!(scope.visible("len", at("g()")), Some(Resolution::Universe));
    assert_eq!(scope.visible("nowhere", at("g()")), None);
}

#[test]
fn declarations_know_their_owner_and_uses() {
    let text =
        "package p\nvar a = 1\nfunc f(b int) { c := func(d int) { e := a; e = b; _ = e } }\n";
    let scope = scope(text);
    let found: Vec<_> = scope
        .declarations()
        .iter()
        .zip(0..)
        .map(|(d, index)| {
            let owner = d.owner.clone().map(|o| &text[o.start..o.start + 6]);
            (
                d.name.as_str(),
                d.kind,
                owner,
                scope.uses(DeclId(index)).len(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("a", Kind::Var, None, 1),
            ("f", Kind::Func, None, 0),
            ("b", Kind::Param, Some("func f"), 1),
            ("d", Kind::Param, Some("func(d"), 0),
            ("e", Kind::Var, Some("func(d"), 2),
            ("c", Kind::Var, Some("func f"), 0),
        ]
    );
}

#[test]
fn broken_trees_and_depth_do_no_harm() {
    for text in [
        "",
        "}",
        "package",
        "func f(",
        "package p\nfunc f() { x := ; L: ",
        "func (a[b",
        "switch x := { case",
        "import \"a",
    ] {
        scope(text);
    }
    let deep = format!(
        "package p\nfunc f() {}x := 1{}",
        "{".repeat(20_000),
        "}".repeat(20_000)
    );
    assert_eq!(scope(&deep).declarations().len(), 2);
    let deep = format!(
        "package p\nvar x = {}1{}",
        "f(".repeat(20_000),
        ")".repeat(20_000)
    );
    assert_eq!(scope(&deep).names().count(), 20_001);
}
