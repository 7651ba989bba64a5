//! Tests of the predicates about imports, arguments and the other files of a package.

use std::sync::Arc;

use crate::{
    go::index::{Index, Module, Sources},
    matcher::testing::{NO, UNKNOWN, YES, both, both_in, context},
};

/// A package of two files, all of it or not.
struct Two {
    other: &'static str,
    complete: bool,
}

impl Sources for Two {
    fn is_complete(&self, _: &str) -> bool {
        self.complete
    }

    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        if !folder.is_empty() {
            return Vec::new();
        }
        vec![
            ("a.go".to_owned(), Arc::from("package p\n")),
            ("b.go".to_owned(), Arc::from(self.other)),
        ]
    }
}

fn in_package(shape: &str, predicate: &str, source: &str, two: &Two) -> (bool, bool) {
    let modules = Module::parse("", "module m\n").into_iter().collect();
    let index = Index::new(two, modules);
    both_in(shape, predicate, &context("a.go"), source, Some(&index))
}

#[test]
fn a_map_only_grows_where_no_file_takes_anything_out() {
    let shape = "(assignment_statement left: (expression_list (index_expression operand: (identifier) @m)))";
    let ask = |own: &str, other: &'static str, complete: bool| {
        let source = format!(
            "package p\n\nvar m = map[string]int{{}}\n\nfunc f() {{ m[\"a\"] = 1; {own} }}\n"
        );
        let two = Two { other, complete };
        in_package(shape, "(#only-grows? @m)", &source, &two)
    };
    let none = "package p\n";
    assert_eq!(
        ask(
            "use(len(m), m[\"b\"]); for range m { use(m == nil) }",
            none,
            true
        ),
        YES
    );
    assert_eq!(ask("", none, false), UNKNOWN);
    for own in [
        "delete(m, \"a\")",
        "clear(m)",
        "m = nil",
        "use(m)",
        "use(&m)",
        "return m",
    ] {
        assert_eq!(ask(own, none, true), NO, "{own}");
    }
    assert_eq!(ask("{ m := g(); use(m) }", none, true), YES);
    assert_eq!(
        ask("", "package p\n\nfunc g() { delete(m, \"a\") }\n", true),
        NO
    );
    assert_eq!(ask("", "package p\n\nfunc g(m T) { use(m) }\n", true), YES);
    assert_eq!(
        ask("", "package p\n\nfunc g() int { return m[\"a\"] }\n", true),
        YES
    );
}

#[test]
fn a_name_is_only_here_where_no_other_file_says_it() {
    let shape = "(function_declaration name: (identifier) @f) (#any-of? @f \"f\" \"F\")";
    let ask = |source: &str, other: &'static str, complete: bool| {
        let two = Two { other, complete };
        in_package(shape, "(#only-here? @f)", source, &two)
    };
    let own = "package p\n\nfunc f() {}\n";
    assert_eq!(ask(own, "package p\n\nfunc g(ff, f1 T) {}\n", true), YES);
    assert_eq!(ask(own, "package p\n\nfunc g() { f() }\n", true), NO);
    assert_eq!(ask(own, "package p\n", false), UNKNOWN);
    assert_eq!(ask("package p\n\nfunc F() {}\n", "package p\n", true), NO);
}

#[test]
fn everything_taken_from_an_import_is_looked_at() {
    let ask = |predicate: &str, body: &str| {
        let source =
            format!("package p\n\nimport \"example.com/slices\"\n\nfunc f() {{ {body} }}\n");
        both(
            "(import_spec path: (_) @i)",
            predicate,
            &context("a.go"),
            &source,
        )
    };
    let calls = "(#import-calls? @i \"Sort\" \"Clone\")";
    assert_eq!(ask(calls, "slices.Sort(slices.Clone(x))"), YES);
    assert_eq!(ask(calls, "slices.Sort(slices.Other(x))"), NO);
    assert_eq!(ask(calls, "use(slices.Sort)"), NO);
    assert_eq!(
        ask(calls, "{ slices := 1; slices.Other() }; slices.Sort(x)"),
        YES
    );
    assert_eq!(ask(calls, ""), UNKNOWN);
    let takes = "(#import-takes? @i \"Sort\" \"T\")";
    assert_eq!(ask(takes, "var x slices.T; use(slices.Sort, x)"), YES);
    assert_eq!(ask(takes, "var x slices.U; use(slices.Sort, x)"), NO);
}

#[test]
fn calls_and_their_arguments_are_known_by_name_and_place() {
    let ask = |predicate: &str, body: &str| {
        let source = format!(
            "package p\n\nimport (\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc f(c http.Client, ctx C) {{ {body} }}\n"
        );
        let shape =
            "(expression_statement (call_expression arguments: (argument_list (_) @a . ) @l) @c)";
        both(shape, predicate, &context("a.go"), &source)
    };
    let callee = "(#callee? @c \"os.Open\" \"net/http.Client.Do\")";
    assert_eq!(ask(callee, "os.Open(1)"), YES);
    assert_eq!(ask(callee, "c.Do(1)"), YES);
    assert_eq!(ask(callee, "os.Create(1)"), NO);
    assert_eq!(ask(callee, "len(1)"), NO);
    assert_eq!(ask(callee, "unknown.Open(1)"), UNKNOWN);
    assert_eq!(ask("(#nth? @a \"1\")", "g(1, /* two */ 2)"), YES);
    assert_eq!(ask("(#nth? @a \"0\")", "g(1, 2)"), NO);
    assert_eq!(ask("(#nth? @a \"x\")", "g(1, 2)"), UNKNOWN);
    assert_eq!(ask("(#length? @l \"2\")", "g(1, /* two */ 2)"), YES);
    assert_eq!(ask("(#length? @l \"3\")", "g(1, 2)"), NO);
    for (value, answer) in [
        ("ctx", YES),
        ("&ctx.x", YES),
        ("os.Args", YES),
        ("nil", YES),
        ("5", YES),
        ("other", UNKNOWN),
    ] {
        let predicate = format!("(#visible? @c \"{value}\")");
        assert_eq!(ask(&predicate, "g(1)"), answer, "{value}");
    }
    assert_eq!(
        ask("(#mentions-type? @a \"net/http.Client\")", "g(h(c.x))"),
        YES
    );
    assert_eq!(
        ask("(#mentions-type? @a \"net/http.Client\")", "g(h(d))"),
        NO
    );
}

#[test]
fn names_of_paths_and_parameters_are_compared() {
    let ask = |predicate: &str| {
        let source = "package p\n\nimport \"example.com/a\"\n\nfunc f(b int) {}\n";
        both(
            "(import_spec path: (_) @i)",
            predicate,
            &context("a.go"),
            source,
        )
    };
    assert_eq!(ask("(#same-name? \"x/store\" \"y/store/v2\")"), YES);
    assert_eq!(ask("(#same-name? \"x/store\" \"y/storage\")"), NO);
    assert_eq!(ask("(#non-empty? \"x\")"), YES);
    assert_eq!(ask("(#non-empty? \"\")"), NO);
    assert_eq!(ask("(#free? \"c\")"), YES);
    assert_eq!(ask("(#free? \"b\")"), NO);
}

#[test]
fn a_function_is_only_called_or_used_as_a_value() {
    let ask = |body: &str| {
        let source = format!("package p\n\nfunc g() {{}}\n\nfunc f() {{ {body} }}\n");
        let shape = "(function_declaration name: (identifier) @g) (#eq? @g \"g\")";
        both(shape, "(#only-called? @g)", &context("a.go"), &source)
    };
    assert_eq!(ask("g(); go g()"), YES);
    assert_eq!(ask("g(); h := g; h()"), NO);
}
