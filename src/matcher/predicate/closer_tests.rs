//! Predicates for what is opened and closed: wrappers, paths, where an object is used, what stands around a match. Each with
//! yes, no and, where there is one, unknown.

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context};

const HEADER: &str = "package p\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n\t\"os\"\n\t\"os/signal\"\n\t\"path/filepath\"\n\n\t\"github.com/stretchr/testify/require\"\n)\n\n";

/// The first variable of the statement that calls something as `@id`, with its error as `@err`.
const ACQUIRED: &str = "(short_var_declaration left: (expression_list . (identifier) @id . (identifier) @err .) right: (expression_list . (call_expression) @call .)) (#eq? @id \"x\")";

fn ask(shape: &str, predicate: &str, code: &str) -> (bool, bool) {
    both(
        shape,
        predicate,
        &context("a.go"),
        &format!("{HEADER}{code}\n"),
    )
}

#[test]
fn a_function_of_the_file_acquires_what_it_gives_back() {
    let user = "func f() { x, err := open(); _, _ = x, err }\n";
    for (wrapper, expected) in [
        (
            "func open() (*os.File, error) { return os.Open(\"a\") }",
            YES,
        ),
        (
            "func open() (*os.File, error) { g, err := os.Open(\"a\"); if err != nil { return nil, err }; return g, nil }",
            YES,
        ),
        (
            "func open() (*os.File, error) { return inner() }\nfunc inner() (*os.File, error) { return os.Create(\"a\") }",
            YES,
        ),
        // Kept, or released, elsewhere.
        (
            "var all []any\nfunc open() (*os.File, error) { g, err := os.Open(\"a\"); all = append(all, g); return g, err }",
            NO,
        ),
        (
            "func open() (*os.File, error) { g, err := os.Open(\"a\"); g.Close(); return g, err }",
            NO,
        ),
        ("func open() (*os.File, error) { return nil, nil }", NO),
        (
            "func open() (*os.File, error) { if len(os.Args) > 1 { return os.Stdin, nil }; return os.Open(\"a\") }",
            UNKNOWN,
        ),
    ] {
        let code = format!("{user}{wrapper}");
        assert_eq!(
            ask(ACQUIRED, "(#acquires? @call @id)", &code),
            expected,
            "{wrapper}"
        );
    }
}

#[test]
fn what_is_acquired_can_be_limited_by_type_and_by_function() {
    let code = "func f() { x, err := os.Open(\"a\"); _, _ = x, err }";
    for (names, expected) in [
        ("\"os.File\"", YES),
        ("\"net.Conn\" \"os.Open\"", YES),
        ("\"os.Create\"", NO),
    ] {
        let predicate = format!("(#acquires? @call @id {names})");
        assert_eq!(ask(ACQUIRED, &predicate, code), expected, "{names}");
    }
}

#[test]
fn what_is_made_from_a_path_is_the_path() {
    for (body, expected) in [
        ("os.Mkdir(filepath.Join(x, \"a\"), 0); return \"\", err", NO),
        ("return x, err", YES),
        ("return filepath.Join(x, \"a\"), err", YES),
        ("return x + \"/a\", err", UNKNOWN),
        ("return fmt.Sprintf(\"%s/a\", x), err", UNKNOWN),
        (
            "g, err := os.Create(x + \"/a\"); return g.Name(), err",
            UNKNOWN,
        ),
        (
            "fmt.Println(x); return \"\", fmt.Errorf(\"%s: %w\", x, err)",
            NO,
        ),
    ] {
        let code =
            format!("func f() (string, error) {{ x, err := os.MkdirTemp(\"\", \"a\"); {body} }}");
        assert_eq!(ask(ACQUIRED, "(#escapes? @id)", &code), expected, "{body}");
    }
}

#[test]
fn an_object_may_escape_by_one_node_only() {
    let shape = "(expression_statement (call_expression function: (selector_expression field: (field_identifier) @_fn) arguments: (argument_list . (identifier) @id))) @n (#eq? @_fn \"Notify\")";
    for (body, expected) in [
        ("s := <-x; println(s)", NO),
        ("return x", YES),
        ("use(x)", UNKNOWN),
    ] {
        let code = format!(
            "func f() any {{ x := make(chan os.Signal, 1); signal.Notify(x); {body}; return nil }}"
        );
        assert_eq!(
            ask(shape, "(#escapes-besides? @id @n)", &code),
            expected,
            "{body}"
        );
    }
}

#[test]
fn uses_are_looked_for_in_nodes_and_functions() {
    let shape = "(statement_list (short_var_declaration left: (expression_list (identifier) @id)) . (if_statement) @n)";
    for (body, expected) in [("", YES), ("_ = x", NO)] {
        let code = format!("func f() {{ x := 1; if x > 0 {{ }}; {body} }}");
        assert_eq!(
            ask(shape, "(#only-used-in? @id @n)", &code),
            expected,
            "{body}"
        );
    }
    let written = "(assignment_statement left: (expression_list (identifier) @id))";
    for (code, expected) in [
        ("func f() { x := 1; x = 2 }", YES),
        ("func f() { x := 1; _ = func() { x = 2 } }", NO),
        ("func f() { y = 2 }", UNKNOWN),
    ] {
        assert_eq!(
            ask(written, "(#declared-here? @id)", code),
            expected,
            "{code}"
        );
    }
}

#[test]
fn the_text_around_a_node_is_that_of_the_nearest_of_its_kind() {
    let shape =
        "(expression_statement (call_expression function: (identifier) @f)) @n (#eq? @f \"here\")";
    for (kind, expected) in [
        ("function_declaration", YES),
        ("source_file", YES),
        ("for_statement", NO),
        ("method_declaration", NO),
    ] {
        let predicate = format!("(#around-match? @n \"{kind}\" \"\\\\bbefore\\\\b\")");
        let code = "func f() { before(); for { here() } }";
        assert_eq!(ask(shape, &predicate, code), expected, "{kind}");
    }
}

#[test]
fn what_is_not_in_the_file_is_elsewhere() {
    let shape =
        "(call_expression function: (_) @_f arguments: (argument_list (int_literal))) @call";
    for (code, expected) in [
        ("func f() { g(1) }\nfunc g(int) {}", NO),
        ("func f() { os.Exit(1) }", YES),
        ("func f(g func(int)) { g(1) }", YES),
    ] {
        assert_eq!(ask(shape, "(#elsewhere? @call)", code), expected, "{code}");
    }
}

#[test]
fn a_required_error_is_checked() {
    let shape = "(statement_list (short_var_declaration left: (expression_list (identifier) . (identifier) @err .)) . (_) @check)";
    for (check, expected) in [
        ("require.NoError(t, err)", YES),
        ("require.Nil(t, err, \"none\")", YES),
        ("require.Error(t, err)", NO),
        ("require.NoError(t, other)", NO),
        ("assert.NoError(t, err)", NO),
    ] {
        let code =
            format!("func f(t T, other error) {{ x, err := http.Get(\"\"); {check}; _ = x }}");
        assert_eq!(
            ask(shape, "(#err-check? @check @err)", &code),
            expected,
            "{check}"
        );
    }
}
