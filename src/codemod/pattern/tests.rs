//! The queries that patterns stand for.

use super::*;

fn query(pattern: &str) -> String {
    let imports = BTreeMap::from([("http".to_owned(), "net/http".to_owned())]);
    let compiled = compile(pattern, MATCH, &imports);
    compiled
        .unwrap_or_else(|problems| panic!("{pattern}: {problems:?}"))
        .query
}

#[test]
fn a_query_reads_well() {
    snapbox::assert_data_eq!(
        query("http.Get(\"a\", @u, @u, @r...)"),
        snapbox::str![[r#"
((call_expression
    function: (selector_expression operand: (identifier) @_1_http field: (field_identifier) @_2_Get)
    arguments: (argument_list
      "("
      . (comment)* .
      (interpreted_string_literal) @_3_a
      . (comment)* .
      (_) @u
      . (comment)* .
      (_) @_u_2
      .
      ["," (_) @r]*
      .
      ")")
    !type_arguments) @match
  (#import? @_1_http "net/http")
  (#eq? @_2_Get "Get")
  (#eq? @_3_a "/"a/"")
  (#not-match? @u "^/[/*]|//.//.//.$")
  (#eq? @_u_2 @u)
  (#not-match? @_u_2 "^/[/*]|//.//.//.$"))
"#]]
    );
}

#[test]
fn what_is_open_may_be_a_conversion() {
    assert!(query("@f(@x)").contains("(type_conversion_expression type: (_) @f operand: (_) @x)"));
    assert!(!query("@f(@x, @y)").contains("type_conversion_expression"));
    assert!(!query("f(@x)").contains("type_conversion_expression"));
    assert!(query("@f[@i](@x)").contains("(index_expression operand: (_) @f index: (_) @i)"));
}
