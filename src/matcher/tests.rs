//! The matcher over small files: order, identity, captures, limits, near misses.

use super::testing::{context, misses, places, rule, wrap};
use super::{search::shapes, *};

#[test]
fn matches_come_once_and_in_document_order() {
    let source = wrap("a(b(1))\nc(2)");
    assert_eq!(
        places("(call_expression) @c", &context("a.go"), &source),
        ["a(b(1))", "b(1)", "c(2)"]
    );
    // Which of the two statements follows is seen by no capture.
    let twice = "(statement_list (expression_statement) @first (expression_statement))";
    assert_eq!(
        places(twice, &context("a.go"), &wrap("a()\nb()\nc()")),
        ["a()", "b()"]
    );
    // What only a private capture tells apart is one match as well, and a refused one of them does not hide it.
    let private = r#"((statement_list (expression_statement) @first (expression_statement) @_other) (#eq? @_other "c()"))"#;
    assert_eq!(
        places(private, &context("a.go"), &wrap("a()\nb()\nc()")),
        ["a()", "b()"]
    );
    assert_eq!(misses(private, &wrap("a()\nb()\nc()")), []);
}

#[test]
fn quantified_captures_have_several_nodes_and_optional_ones_none() {
    let parsed = Parsed::new(Arc::from(wrap("f(1, 2)\ng()")));
    let file = context("a.go");
    let facts = Facts::new(&parsed, &file);
    let query = rule(
        r#"(call_expression function: (_) @fn arguments: (argument_list ((_) @arg ","?)*)) @_call"#,
    );
    let found = matches(&query, &facts, parsed.root(), None).expect("within the limit");
    let counts: Vec<_> = found
        .iter()
        .map(|m| {
            (
                parsed.text_of(m.node("fn").expect("always there")),
                m.nodes("arg").len(),
            )
        })
        .collect();
    assert_eq!(counts, [("f", 2), ("g", 0)]);
    assert!(found[1].node("arg").is_none());
    assert_eq!(&parsed.text()[found[0].range()], "f(1, 2)");
    // The call is private, so a person looks at the function.
    assert_eq!(&parsed.text()[found[0].place()], "f");
}

#[test]
fn only_the_subtree_asked_for_is_searched() {
    let parsed = Parsed::new(Arc::from(
        "package p\n\nfunc f() { a() }\n\nfunc g() { b() }\n",
    ));
    let file = context("a.go");
    let facts = Facts::new(&parsed, &file);
    let g = parsed.root().named_child(2).expect("the second function");
    let found = matches(&rule("(call_expression) @c"), &facts, g, None).expect("within the limit");
    assert_eq!(found.len(), 1);
    assert_eq!(&parsed.text()[found[0].place()], "b()");
}

#[test]
fn matches_that_would_be_lost_are_an_error() {
    let parsed = Parsed::new(Arc::from(wrap("a()\nb()\nc()\nd()")));
    let file = context("a.go");
    let facts = Facts::new(&parsed, &file);
    let query =
        rule("(statement_list (expression_statement) @first (expression_statement) @second)");
    assert_eq!(
        shapes(&query, &facts, parsed.root(), 64).map(|m| m.len()),
        Ok(6)
    );
    assert_eq!(
        shapes(&query, &facts, parsed.root(), 1).map(|m| m.len()),
        Err(LimitExceeded)
    );
}

#[test]
fn a_list_is_never_seen_in_part() {
    // Refused for the whole list, this must not be found in a shorter one.
    let query = r#"((block (statement_list . (expression_statement) @first (_)* @rest)) @block (#not-match? @rest "z"))"#;
    let found = places(query, &context("a.go"), &wrap("a()\nb()\nz()"));
    assert_eq!(found, Vec::<String>::new());
    let found = places(query, &context("a.go"), &wrap("a()\nb()\nc()"));
    assert_eq!(found.len(), 1);
}

#[test]
fn near_misses_name_the_predicate_and_the_reason() {
    let query = r#"((call_expression function: (identifier) @id) @call (#eq? @id "a") (#not-in-loop? @call))"#;
    let source = wrap("for {\n\ta()\n}");
    assert_eq!(
        misses(query, &source),
        [NearMiss {
            place: 29..32,
            predicate: "(#not-in-loop? @call)".to_owned(),
            reason: "a `for` of the same function repeats `a()`".to_owned(),
        }]
    );
}
