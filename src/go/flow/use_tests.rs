//! What graphs of small functions say of uses behind a place, of ways back, and of code that they leave out. The calls in the
//! bodies are those of [`super::tests`].

use std::sync::Arc;

use super::{
    tests::{used, with_flow},
    *,
};

#[test]
fn uses_come_after_on_some_path() {
    assert_eq!(used("open()\nuse()"), Some(true));
    assert_eq!(used("use()\nopen()"), Some(false));
    assert_eq!(used("for a {\n\tuse()\n\topen()\n}"), Some(true));
    assert_eq!(used("for a {\n\tuse()\n\topen()\n\tbreak\n}"), Some(false));
    assert_eq!(used("if a {\n\topen()\n} else {\n\tuse()\n}"), Some(false));
    assert_eq!(used("open()\nreturn\nuse()"), Some(false));
    assert_eq!(used("g(open(), use())"), Some(true));
    assert_eq!(used("g(use(), open())"), Some(false));
    assert_eq!(used("for {\n\tg(use(), open())\n}"), Some(true));
    assert_eq!(used("open()\nfor range use() {\n}"), Some(true));
    assert_eq!(used("open()\nswitch y := use().(type) {\n}"), Some(true));
    assert_eq!(used("open()\nselect {\ncase y := <-use():\n}"), Some(true));
    assert_eq!(used("open()\nfor g[use()] = range a {\n}"), Some(true));
    assert_eq!(used("open()\n_ = func() {\n\tuse()\n}"), Some(true));
    assert_eq!(used("open()\nunsure()\nuse()"), None);
    // The paths of a literal are its own.
    assert_eq!(used("_ = func() {\n\topen()\n}\nuse()"), None);
}

#[test]
fn a_stopping_step_is_still_reached() {
    with_flow("open()\nuse()\nrelease()\nuse()", |flow, calls| {
        let passage = Passage {
            stops: &|node| Some(node.kind() == "expression_statement"),
            ..Passage::default()
        };
        let uses = calls("use");
        assert_eq!(
            flow.reaches(calls("open")[0], &uses[..1], &passage),
            Some(true)
        );
        assert_eq!(
            flow.reaches(calls("open")[0], &uses[1..], &passage),
            Some(false)
        );
    });
}

#[test]
fn parameters_begin_at_the_entry() {
    with_flow("use()\nif a {\n\treturn\n}", |flow, calls| {
        let parameter = flow
            .function()
            .child_by_field_name("parameters")
            .expect("there");
        assert_eq!(flow.used_after(parameter, &calls("use")), Some(true));
        assert!(matches!(
            flow.reaches_exit_without(parameter, &Passage::default()),
            Reach::Return(_)
        ));
    });
}

#[test]
fn a_function_returns_or_not() {
    let returns = |body: &str| with_flow(body, |flow, _| flow.returns());
    assert_eq!(returns(""), Some(true));
    assert_eq!(returns("for {\n}"), Some(false));
    assert_eq!(returns("fatal()"), Some(false));
    assert_eq!(returns("unsure()"), None);
    assert_eq!(returns("for {\n\treturn\n}"), Some(true));
}

#[test]
fn every_statement_is_a_step_once() {
    let body = "a()\nvar b int\nif c {\n\td++\n} else {\n\te = 1\n}\nfor i := 0; j; k() {\n\tl <- m\n}\ngo n()\ndefer o()";
    with_flow(body, |flow, _| {
        let texts: Vec<_> = flow.nodes().iter().map(|n| n.kind().to_owned()).collect();
        assert_eq!(
            texts,
            [
                "expression_statement",
                "var_declaration",
                "identifier",
                "inc_statement",
                "assignment_statement",
                "short_var_declaration",
                "identifier",
                "expression_statement",
                "send_statement",
                "go_statement",
                "defer_statement",
            ]
        );
    });
}

#[test]
fn what_cannot_be_read_has_no_graph() {
    let of = |source: &str| {
        let parsed = Parsed::new(Arc::from(source));
        let function = parsed.root().named_child(1).expect("the function");
        Flow::of(&parsed, function, &|_| Some(false)).is_some()
    };
    assert!(of("package p\n\nfunc f() {}\n"));
    assert!(!of("package p\n\nfunc f()\n"), "no body");
    assert!(!of("package p\n\nfunc f() { a( }\n"), "does not parse");
    let deep = |levels| {
        format!(
            "package p\n\nfunc f() {}{}\n",
            "{".repeat(levels),
            "}".repeat(levels)
        )
    };
    assert!(of(&deep(100)));
    assert!(!of(&deep(10_000)), "nests too deep");
    let long = format!(
        "package p\n\nfunc f() {{\n\tif a{} {{\n\t}}\n}}\n",
        " || a".repeat(5_000)
    );
    assert!(of(&long));
}

#[test]
fn a_list_that_holds_one_statement_is_not_left_with_it() {
    let used_behind_unsure = |body: &str| {
        with_flow(body, |flow, calls| {
            let statement = calls("unsure")[0].parent().expect("a statement");
            flow.used_after(statement, &calls("use"))
        })
    };
    assert_eq!(used_behind_unsure("if x > 0 { unsure() }\nuse()"), None);
    assert_eq!(used_behind_unsure("if x > 0 {\nunsure()\n}\nuse()"), None);
    assert_eq!(used_behind_unsure("for x > 0 { unsure() }"), Some(false));
}
