//! Rewriting with templates and captures that hold several nodes, or none.

use super::testing::{after, codemod, rejections, rule};
use crate::codemod::Codemod;

fn body(lines: &str) -> String {
    format!("package p\n\nfunc f() {{\n{lines}}}\n")
}

fn pattern(pattern: &str, edits: &str) -> Codemod {
    codemod(&format!(
        "[[rule]]\nname = \"rule\"\nmessage = \"m\"\npattern = \"{pattern}\"\n{edits}\n"
    ))
}

/// The statements behind the first of a goroutine.
const REST: &str = "(go_statement (call_expression function: (func_literal body: (block (statement_list . (expression_statement)
    . [\";\" (_) @rest]*))))) @go";

#[test]
fn an_empty_list_takes_its_comma_along() {
    let cases = [
        ("y(@a, z)", "y(1, 2, z)", "y(z)"),
        ("y(z, @a)", "y(z, 1, 2)", "y(z)"),
        ("y(z, @a, w)", "y(z, 1, 2, w)", "y(z, w)"),
        ("y(@a)", "y(1, 2)", "y()"),
        ("y(@a, @a)", "y(1, 2, 1, 2)", "y()"),
    ];
    for (template, full, empty) in cases {
        let edit = format!("[[rule.edit]]\nreplace = \"@match\"\nwith = \"{template}\"");
        assert_eq!(
            after(
                &[pattern("x(@a...)", &edit)],
                &body("\tv := x(1, 2)\n\tw := x()\n")
            ),
            body(&format!("\tv := {full}\n\tw := {empty}\n")),
            "{template}"
        );
    }
}

#[test]
fn statements_that_one_capture_holds_move_together() {
    let codemod = rule(
        REST,
        "[[rule.edit]]\nif = \"@rest\"\nmove = \"@rest\"\nafter = \"@go\"",
    );
    let text =
        "\tgo func() {\n\t\ta()\n\t\t// of b\n\t\tb()\n\n\t\t// between\n\t\tc() // why\n\t}()\n";
    let moved = after(std::slice::from_ref(&codemod), &body(text));
    let trimmed: Vec<&str> = moved.lines().skip(3).map(str::trim).collect();
    assert_eq!(
        trimmed,
        [
            "go func() {",
            "a()",
            "}()",
            "// of b",
            "b()",
            "",
            "// between",
            "c() // why",
            "}"
        ]
    );
    assert_eq!(
        after(&[codemod], &body("\tgo func() { a(); b(); c() }()\n")),
        body("\tgo func() { a() }()\n\tb(); c()\n")
    );
}

#[test]
fn list_elements_that_one_capture_holds_move_together() {
    let query = "(call_expression function: (identifier) @f
        arguments: (argument_list . (_) @first . [\",\" (_) @rest]* . \")\") (#eq? @f \"x\"))";
    let codemod = rule(
        query,
        "[[rule.edit]]\nif = \"@rest\"\nmove = \"@rest\"\nbefore = \"@first\"\n[[rule.edit]]\nreplace = \"@f\"\nwith = \"y\"",
    );
    assert_eq!(
        after(&[codemod], &body("\tx(1, 2, 3)\n\tx(1)\n")),
        body("\ty(2, 3, 1)\n\ty(1)\n")
    );
}

#[test]
fn nodes_that_are_not_side_by_side_do_not_move() {
    let query = "(block (statement_list (go_statement) @goal [\";\" (defer_statement) @d (expression_statement)]*)) @b";
    let codemod = rule(
        query,
        "[[rule.edit]]\nif = \"@d\"\nmove = \"@d\"\nbefore = \"@goal\"",
    );
    assert_eq!(
        rejections(
            &[codemod],
            &body("\tgo a()\n\tdefer b()\n\tc()\n\tdefer d()\n")
        ),
        [
            "`@d` cannot be moved: its nodes are not statements, declarations or list elements side by side"
        ]
    );
}

#[test]
fn a_template_indented_with_spaces_lands_with_tabs() {
    let query =
        "(expression_statement (call_expression function: (identifier) @f (#eq? @f \"x\"))) @s";
    let codemod = rule(
        query,
        "[[rule.edit]]\nreplace = \"@s\"\nwith = \"\"\"\nif a {\n    for {\n        y(`\n    raw`)\n      + z\n    }\n}\n\"\"\"",
    );
    assert_eq!(
        after(&[codemod], &body("\tif b {\n\t\tx()\n\t}\n")),
        body(
            "\tif b {\n\t\tif a {\n\t\t\tfor {\n\t\t\t\ty(`\n    raw`)\n\t\t\t  + z\n\t\t\t}\n\t\t}\n\t}\n"
        )
    );
}
