//! Rewriting, from codemod to text: each edit kind in each kind of place.

use super::testing::{after, codemod, rejections, rule, rule_text, run};
use crate::finding::Status;

const CALL: &str = "(expression_statement (call_expression function: (identifier) @f) @call (#eq? @f \"x\")) @stmt";

pub(super) fn body(lines: &str) -> String {
    format!("package p\n\nfunc f() {{\n{lines}}}\n")
}

#[test]
fn a_statement_is_inserted_on_a_line_of_its_own() {
    let after_stmt = rule(
        CALL,
        "[[rule.edit]]\nafter = \"@stmt\"\ninsert = \"defer y()\"\n[[rule.edit]]\nreplace = \"@f\"\nwith = \"z\"",
    );
    let before_stmt = rule(
        CALL,
        "[[rule.edit]]\nbefore = \"@stmt\"\ninsert = \"y()\"\n[[rule.edit]]\nreplace = \"@f\"\nwith = \"z\"",
    );
    let cases = [
        ("\tx()\n", "\tz()\n\tdefer y()\n", "\ty()\n\tz()\n"),
        (
            "\t// about x\n\tx() // why\n\ta()\n",
            "\t// about x\n\tz() // why\n\tdefer y()\n\ta()\n",
            "\ty()\n\t// about x\n\tz() // why\n\ta()\n",
        ),
        (
            "\ta(); x(); b()\n",
            "\ta(); z(); defer y(); b()\n",
            "\ta(); y(); z(); b()\n",
        ),
        (
            "\tif a { x() }\n",
            "\tif a { z(); defer y() }\n",
            "\tif a { y(); z() }\n",
        ),
        (
            "\tswitch {\n\tcase a:\n\t\tx()\n\t}\n",
            "\tswitch {\n\tcase a:\n\t\tz()\n\t\tdefer y()\n\t}\n",
            "\tswitch {\n\tcase a:\n\t\ty()\n\t\tz()\n\t}\n",
        ),
    ];
    for (text, behind, in_front) in cases {
        assert_eq!(
            after(std::slice::from_ref(&after_stmt), &body(text)),
            body(behind)
        );
        assert_eq!(
            after(std::slice::from_ref(&before_stmt), &body(text)),
            body(in_front)
        );
    }
}

#[test]
fn a_capture_can_be_a_part_of_a_longer_name() {
    let both = rule(
        CALL,
        "[[rule.edit]]\nreplace = \"@f\"\nwith = \"must@{f}Context\"",
    );
    assert_eq!(
        after(std::slice::from_ref(&both), &body("\tx(1) // why\n")),
        body("\tmustxContext(1) // why\n")
    );
}

#[test]
fn an_anchor_that_is_no_statement_is_rejected_with_the_reason() {
    let codemod = rule(
        CALL.replace("@stmt", "").as_str(),
        "[[rule.edit]]\nafter = \"@f\"\ninsert = \"y()\"",
    );
    assert_eq!(
        rejections(&[codemod], &body("\tx()\n")),
        ["nothing can stand beside `@f`: it is not a statement, a declaration or a list element"]
    );
}

#[test]
fn text_goes_first_and_last_inside_bodies() {
    let query = "(func_literal body: (block) @body (#not-has? @body \"return_statement\")) @lit";
    let first = rule(
        query,
        "[[rule.edit]]\nstart-of = \"@body\"\ninsert = \"return\"",
    );
    let last = rule(
        query,
        "[[rule.edit]]\nend-of = \"@lit\"\ninsert = \"return\"",
    );
    let cases = [
        (
            "\tgo func() {\n\t\ta()\n\t}()\n",
            "\tgo func() {\n\t\treturn\n\t\ta()\n\t}()\n",
            "\tgo func() {\n\t\ta()\n\t\treturn\n\t}()\n",
        ),
        (
            "\tgo func() { a() }()\n",
            "\tgo func() { return; a() }()\n",
            "\tgo func() { a(); return }()\n",
        ),
        (
            "\tgo func() {}()\n",
            "\tgo func() { return }()\n",
            "\tgo func() { return }()\n",
        ),
        (
            "\tgo func() { // why\n\t\ta()\n\t\t// end\n\t}()\n",
            "\tgo func() { // why\n\t\treturn\n\t\ta()\n\t\t// end\n\t}()\n",
            "\tgo func() { // why\n\t\ta()\n\t\t// end\n\t\treturn\n\t}()\n",
        ),
    ];
    for (text, start, end) in cases {
        assert_eq!(
            after(std::slice::from_ref(&first), &body(text)),
            body(start)
        );
        assert_eq!(after(std::slice::from_ref(&last), &body(text)), body(end));
    }
}

#[test]
fn list_elements_keep_their_commas() {
    let query = "(call_expression function: (identifier) @f arguments: (argument_list . (_) @a) @args (#eq? @f \"x\"))";
    let done = "[[rule.edit]]\nreplace = \"@f\"\nwith = \"y\"\n[[rule.edit]]\n";
    let insert = |place: &str| rule(query, &format!("{done}{place}\ninsert = \"n\""));
    let text = body("\tx(a, b)\n");
    assert_eq!(
        after(&[insert("before = \"@a\"")], &text),
        body("\ty(n, a, b)\n")
    );
    assert_eq!(
        after(&[insert("after = \"@a\"")], &text),
        body("\ty(a, n, b)\n")
    );
    assert_eq!(
        after(&[insert("start-of = \"@args\"")], &text),
        body("\ty(n, a, b)\n")
    );
    assert_eq!(
        after(&[insert("end-of = \"@args\"")], &text),
        body("\ty(a, b, n)\n")
    );
    let lines = body("\tx(\n\t\ta, // first\n\t\tb,\n\t)\n");
    assert_eq!(
        after(&[insert("after = \"@a\"")], &lines),
        body("\ty(\n\t\ta, // first\n\t\tn,\n\t\tb,\n\t)\n")
    );
    assert_eq!(
        after(&[insert("end-of = \"@args\"")], &lines),
        body("\ty(\n\t\ta, // first\n\t\tb,\n\t\tn,\n\t)\n")
    );
    let delete = rule(query, &format!("{done}delete = \"@a\""));
    assert_eq!(
        after(std::slice::from_ref(&delete), &text),
        body("\ty(b)\n")
    );
    assert_eq!(after(&[delete], &body("\tx(a)\n")), body("\ty()\n"));
}

#[test]
fn a_deleted_statement_takes_its_line_and_its_own_comments() {
    let delete = rule(CALL, "[[rule.edit]]\ndelete = \"@stmt\"");
    let cases = [
        ("\ta()\n\tx() // of x\n\tb()\n", "\ta()\n\tb()\n"),
        ("\ta()\n\n\t// of x\n\tx()\n\n\tb()\n", "\ta()\n\n\tb()\n"),
        (
            "\t// heads a paragraph\n\tx()\n\tb()\n",
            "\t// heads a paragraph\n\tb()\n",
        ),
        ("\ta(); x(); b()\n", "\ta(); b()\n"),
        ("\ta(); x()\n", "\ta()\n"),
        ("\ta()\n\n\tx()\n", "\ta()\n"),
        (
            "\ta()\n\n\tx()\n\n\t// the end\n",
            "\ta()\n\n\t// the end\n",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(
            after(std::slice::from_ref(&delete), &body(text)),
            body(expected),
            "{text}"
        );
    }
}

#[test]
fn a_moved_statement_brings_its_comments() {
    let query = "(go_statement (call_expression function: (func_literal body: (block (statement_list . (expression_statement
        (call_expression function: (identifier) @f)) @stmt))))) @go";
    let codemod = rule(query, "[[rule.edit]]\nmove = \"@stmt\"\nbefore = \"@go\"");
    let text = body("\tgo func() {\n\t\tx() // why\n\t\tgo f()\n\t}()\n");
    assert_eq!(
        after(&[codemod], &text),
        body("\tx() // why\n\tgo func() {\n\t\tgo f()\n\t}()\n")
    );
}

#[test]
fn a_comment_that_would_be_lost_rejects_the_match_alone() {
    let query = "(call_expression function: (identifier) @f (#eq? @f \"x\")) @call";
    let codemod = rule(query, "[[rule.edit]]\nreplace = \"@call\"\nwith = \"y()\"");
    let rewritten = run(&[codemod], &body("\tx(a /* keep me */, b)\n\tx(c, d)\n"));
    assert_eq!(&*rewritten.after, body("\tx(a /* keep me */, b)\n\ty()\n"));
    let reasons: Vec<_> = rewritten
        .findings
        .iter()
        .map(|f| f.finding.reason.as_deref())
        .collect();
    assert_eq!(
        reasons,
        [Some("the comment `/* keep me */` would be lost"), None]
    );
}

#[test]
fn an_expression_that_would_fall_apart_is_parenthesized() {
    let query = "(call_expression function: (identifier) @f arguments: (argument_list . (_) @a .) (#eq? @f \"not\")) @call";
    let codemod = rule(query, "[[rule.edit]]\nreplace = \"@call\"\nwith = \"!@a\"");
    assert_eq!(
        after(&[codemod], &body("\tv := not(a == b)\n\tw := not(c)\n")),
        body("\tv := !(a == b)\n\tw := !c\n")
    );
}

#[test]
fn edits_that_break_the_syntax_are_dropped_one_by_one() {
    let query = "(call_expression function: (identifier) @f arguments: (argument_list . (_) @a .) (#eq? @f \"x\")) @call";
    // Right for a function value, no Go for a number.
    let codemod = rule(query, "[[rule.edit]]\nreplace = \"@call\"\nwith = \"@a{}\"");
    let rewritten = run(&[codemod], &body("\tv := x(T)\n\tw := x(1)\n"));
    assert_eq!(&*rewritten.after, body("\tv := T{}\n\tw := x(1)\n"));
    let rejected: Vec<_> = rewritten
        .findings
        .iter()
        .filter(|f| f.finding.status == Status::Rejected)
        .collect();
    assert_eq!(rejected.len(), 1);
    let reason = rejected[0].finding.reason.as_deref().unwrap_or("");
    assert!(
        reason.starts_with("the result does not parse") || reason.starts_with("`@a`"),
        "{reason}"
    );
}

#[test]
fn imports_are_added_once_and_removed_when_unused() {
    let query = "((call_expression function: (selector_expression operand: (identifier) @pkg field: (field_identifier) @fn))
        (#import? @pkg \"io/ioutil\") (#eq? @fn \"ReadAll\"))";
    let edits = "[[rule.edit]]\nreplace = \"@pkg\"\nwith = \"@{io}\"";
    let codemod = codemod(&format!(
        "[imports]\nio = \"io\"\n{}",
        rule_text("rule", query, edits)
    ));
    let body = "func f() {\n\tioutil.ReadAll(r)\n\tioutil.ReadAll(s)\n}\n";
    let expected_uses = "func f() {\n\tio.ReadAll(r)\n\tio.ReadAll(s)\n}\n";
    let cases = [
        ("import \"io/ioutil\"\n", "import \"io\"\n"),
        (
            "import (\n\t\"fmt\"\n\t\"io/ioutil\"\n\n\t\"example.com/x\"\n)\n",
            "import (\n\t\"fmt\"\n\t\"io\"\n\n\t\"example.com/x\"\n)\n",
        ),
        (
            "import (\n\t\"io\"\n\t\"io/ioutil\"\n)\n",
            "import (\n\t\"io\"\n)\n",
        ),
    ];
    for (before, expected) in cases {
        let text = format!("package p\n\n{before}\n{body}");
        assert_eq!(
            after(std::slice::from_ref(&codemod), &text),
            format!("package p\n\n{expected}\n{expected_uses}"),
            "{before}"
        );
    }
}

#[test]
fn new_imports_of_one_kind_share_a_group() {
    let query = "((call_expression function: (identifier) @fn) @call (#eq? @fn \"f\"))";
    let edits =
        "[[rule.edit]]\nreplace = \"@call\"\nwith = \"@{os}.g(@{log}.h, @{other}.i, @{x}.j)\"";
    let codemod = codemod(&format!(
        "[imports]\nos = \"os\"\nlog = \"log\"\nother = \"example.com/other\"\nx = \"example.com/x\"\n{}",
        rule_text("rule", query, edits)
    ));
    let cases = [
        (
            "import (\n\t\"example.com/a\"\n)\n",
            "import (\n\t\"log\"\n\t\"os\"\n\n\t\"example.com/a\"\n\t\"example.com/other\"\n\t\"example.com/x\"\n)\n",
        ),
        (
            "import (\n\t\"fmt\"\n)\n",
            "import (\n\t\"fmt\"\n\t\"log\"\n\t\"os\"\n\n\t\"example.com/other\"\n\t\"example.com/x\"\n)\n",
        ),
    ];
    for (before, expected) in cases {
        let text = |imports: &str, body: &str| {
            format!("package p\n\n{imports}\nfunc t() {{\n\t{body}\n}}\n")
        };
        assert_eq!(
            after(std::slice::from_ref(&codemod), &text(before, "f()")),
            text(expected, "os.g(log.h, other.i, x.j)"),
            "{before}"
        );
    }
}

#[test]
fn what_an_edit_brings_about_and_none_takes_away_is_not_reported() {
    let safe = rule(
        "(call_expression function: (identifier) @fn (#eq? @fn \"f\"))",
        "[[rule.edit]]\nreplace = \"@fn\"\nwith = \"g\"",
    );
    let shown = rule(
        "((call_expression function: (identifier) @fn) @call (#eq? @fn \"g\"))",
        "applicability = \"display\"",
    );
    let rewritten = run(&[safe, shown], &body("\tf()\n\tg()\n"));
    let found: Vec<(usize, Status)> = rewritten
        .findings
        .iter()
        .map(|f| (f.key.rule.codemod, f.finding.status))
        .collect();
    assert_eq!(found, [(0, Status::Applied), (1, Status::Display)]);
    assert_eq!(&*rewritten.after, body("\tg()\n\tg()\n"));
}

#[test]
fn a_shadowed_package_name_gets_an_alias() {
    let query = "((call_expression function: (selector_expression operand: (identifier) @pkg field: (field_identifier) @fn))
        (#import? @pkg \"io/ioutil\") (#eq? @fn \"ReadAll\"))";
    let edits = "[[rule.edit]]\nreplace = \"@pkg\"\nwith = \"@{io}\"";
    let codemod = codemod(&format!(
        "[imports]\nio = \"io\"\n{}",
        rule_text("rule", query, edits)
    ));
    let text = "package p\n\nimport \"io/ioutil\"\n\nfunc f(io int) {\n\tioutil.ReadAll(r)\n}\n";
    assert_eq!(
        after(&[codemod], text),
        "package p\n\nimport stdio \"io\"\n\nfunc f(io int) {\n\tstdio.ReadAll(r)\n}\n"
    );
}

#[test]
fn a_fresh_name_is_free_in_its_block() {
    let query = "(short_var_declaration left: (expression_list . (identifier) @a . (identifier) @blank .) (#eq? @blank \"_\")) @decl";
    let edits = "fresh = { cancel = \"cancel\" }\n[[rule.edit]]\nreplace = \"@blank\"\nwith = \"@cancel\"\n[[rule.edit]]\nafter = \"@decl\"\ninsert = \"defer @cancel()\"";
    let codemod = rule(query, edits);
    let text = "\ta, _ := g()\n\tb, _ := g()\n\tif c {\n\t\td, _ := g()\n\t}\n";
    assert_eq!(
        after(&[codemod], &body(text)),
        body(
            "\ta, cancel := g()\n\tdefer cancel()\n\tb, cancel1 := g()\n\tdefer cancel1()\n\tif c {\n\t\td, cancel2 := g()\n\t\tdefer cancel2()\n\t}\n"
        )
    );
}

#[test]
fn bytes_outside_the_edits_stay() {
    let codemod = rule(
        CALL,
        "[[rule.edit]]\nafter = \"@stmt\"\ninsert = '''\nif y() {\n\tz()\n}\n'''\n[[rule.edit]]\nreplace = \"@f\"\nwith = \"w\"",
    );
    let text = "\u{feff}package p\r\n\r\nfunc f() {\r\n\tx()\r\n  b  ( )\r\n}";
    assert_eq!(
        after(&[codemod], text),
        "\u{feff}package p\r\n\r\nfunc f() {\r\n\tw()\r\n\tif y() {\r\n\t\tz()\r\n\t}\r\n  b  ( )\r\n}"
    );
}

#[test]
fn what_does_not_parse_is_left_alone_and_the_rest_is_rewritten() {
    let codemod = rule(CALL, "[[rule.edit]]\nreplace = \"@f\"\nwith = \"y\"");
    let text =
        "package p\n\nfunc f() {\n\tx()\n}\n\nfunc g() {\n\tx(]\n}\n\nfunc h() {\n\tx()\n}\n";
    let rewritten = run(&[codemod], text).after;
    assert!(rewritten.contains("func f() {\n\ty()\n}"), "{rewritten}");
    assert!(rewritten.contains("x(]"), "{rewritten}");
}

#[test]
fn a_moved_statement_leaves_the_comment_of_its_neighbour() {
    let query = "((statement_list (defer_statement) @d . (comment)* . (if_statement) @if))";
    let codemod = rule(query, "[[rule.edit]]\nmove = \"@d\"\nafter = \"@if\"");
    let text = body("\t// of the defer\n\tdefer f()\n\t// of the if\n\tif a {\n\t}\n");
    assert_eq!(
        after(&[codemod], &text),
        body("\t// of the if\n\tif a {\n\t}\n\t// of the defer\n\tdefer f()\n")
    );
}

#[test]
fn a_statement_list_can_be_wrapped() {
    let query =
        "((for_statement body: (block (statement_list) @list) @body) (#not-match? @body \"func\"))";
    let codemod = rule(
        query,
        "[[rule.edit]]\nreplace = \"@list\"\nwith = \"func() {\\n\\t@list\\n}()\"",
    );
    let text = body("\tfor {\n\t\ta()\n\t\tb() // b\n\t\t// end\n\t}\n\tfor {\n\t\ta()\n\t}\n");
    let rewritten = after(&[codemod], &text);
    assert_eq!(rewritten.matches("func() {").count(), 2, "{rewritten}");
    assert!(
        rewritten.contains("b()") && rewritten.contains("// end"),
        "{rewritten}"
    );
}

#[test]
fn what_is_replaced_may_be_copied_behind_a_part_of_it() {
    let query = "(call_expression function: (identifier) @f arguments: (argument_list (identifier) @x) (#eq? @f \"use\")) @call";
    let codemod = rule(
        query,
        "[[rule.edit]]\nreplace = \"@call\"\nwith = \"func() {\\n\\tset(@x, @x)\\n\\t_ = @call.y\\n}()\"\n\n[[rule.edit]]\nreplace = \"@f\"\nwith = \"used\"",
    );
    let rewritten = after(&[codemod], &body("\tuse(a)\n"));
    assert_eq!(
        rewritten,
        body("\tfunc() {\n\t\tset(a, a)\n\t\t_ = used(a).y\n\t}()\n")
    );
}
