//! Rewriting where several rules, or several matches of one, meet in the same code.

use super::testing::{after, codemod, rule, rule_text, run};
use super::tests::body;
use crate::finding::Status;

#[test]
fn rules_that_chase_each_other_are_named_and_undone() {
    let there = rule_text(
        "there",
        "((identifier) @n (#eq? @n \"a\"))",
        "[[rule.edit]]\nreplace = \"@n\"\nwith = \"b\"",
    );
    let back = rule_text(
        "back",
        "((identifier) @n (#eq? @n \"b\"))",
        "[[rule.edit]]\nreplace = \"@n\"\nwith = \"a\"",
    );
    let codemod = codemod(&format!("{there}{back}"));
    let text = body("\tf(a)\n");
    let rewritten = run(&[codemod], &text);
    assert_eq!(&*rewritten.after, text);
    let reason = rewritten.findings[0].finding.reason.as_deref();
    assert_eq!(
        reason,
        Some(
            "never settles: `test/codemod` (there) and `test/codemod` (back) keep changing this file"
        )
    );
}

#[test]
fn nested_matches_settle_from_the_outside_in() {
    let query = "(call_expression function: (identifier) @f arguments: (argument_list . (_) @a . (_) @b .) (#eq? @f \"x\")) @call";
    let codemod = rule(
        query,
        "[[rule.edit]]\nreplace = \"@call\"\nwith = \"y(@b, @a)\"",
    );
    assert_eq!(
        after(&[codemod], &body("\tx(x(1, 2), x(3, x(4, 5)))\n")),
        body("\ty(y(y(5, 4), 3), y(2, 1))\n")
    );
}

#[test]
fn a_within_query_rewrites_inside_a_capture() {
    let query =
        "(for_statement body: (block) @body (#has-any? @body \"continue_statement\")) @loop";
    let edits = "[[rule.edit]]\nstart-of = \"@body\"\ninsert = \"a()\"\n[[rule.within]]\nin = \"@body\"\nquery = \"(continue_statement) @continue\"\n[[rule.within.edit]]\nreplace = \"@continue\"\nwith = \"return\"";
    let codemod = rule(query, edits);
    assert_eq!(
        after(
            &[codemod],
            &body("\tfor {\n\t\tif b {\n\t\t\tcontinue\n\t\t}\n\t}\n")
        ),
        body("\tfor {\n\t\ta()\n\t\tif b {\n\t\t\treturn\n\t\t}\n\t}\n")
    );
}

#[test]
fn the_first_rule_of_a_codemod_speaks_for_code_that_several_match() {
    let guarded = rule_text(
        "guarded",
        "(expression_statement (call_expression function: (identifier) @f (#eq? @f \"x\"))) @stmt",
        "[[rule.edit]]\nreplace = \"@f\"\nwith = \"y\"",
    );
    let fallback = rule_text(
        "fallback",
        "(expression_statement (call_expression function: (identifier) @f (#not-eq? @f \"y\"))) @stmt",
        "[[rule.edit]]\nreplace = \"@f\"\nwith = \"z\"",
    );
    let both = codemod(&format!("{guarded}{fallback}"));
    let rewritten = run(&[both], &body("\tx()\n\tw()\n"));
    assert_eq!(&*rewritten.after, body("\ty()\n\tz()\n"));
    let rules: Vec<_> = rewritten
        .findings
        .iter()
        .map(|found| (&*found.finding.rule, found.finding.status))
        .collect();
    assert_eq!(
        rules,
        [("guarded", Status::Applied), ("fallback", Status::Applied),]
    );
}

#[test]
fn private_captures_do_not_tell_matches_apart() {
    let query = "(statement_list (expression_statement (call_expression function: (identifier) @f (#eq? @f \"x\")))) @_all";
    let codemod = rule(query, "[[rule.edit]]\nreplace = \"@f\"\nwith = \"y\"");
    let rewritten = run(&[codemod], &body("\tx()\n\tx()\n"));
    assert_eq!(&*rewritten.after, body("\ty()\n\ty()\n"));
    assert_eq!(rewritten.findings.len(), 2);
}
