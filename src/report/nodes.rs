//! Syntax for people who write queries: the tree of a file, and what a query captured in it.

use std::fmt::Write as _;

use tree_sitter::{Node, TreeCursor};

use super::{
    escape,
    place::Lines,
    style::{BAD, BOLD, FAINT, FRAME, NAME, paint},
};
use crate::{
    go::syntax::Parsed,
    matcher::{Match, NearMiss},
};

/// Characters of a node's text that are shown; more would bury the structure.
const EXCERPT: usize = 60;

/// The syntax tree: one node a line, with its field, kind, place and, for leaves, text. Tokens that have no name are left
/// out, except where they fill a field.
pub fn tree(parsed: &Parsed) -> String {
    let lines = Lines::new(parsed.text());
    let mut shown = String::new();
    let mut cursor = parsed.root().walk();
    loop {
        let node = cursor.node();
        if node.is_named() || node.is_missing() || cursor.field_name().is_some() {
            describe(&mut shown, &cursor, parsed, &lines);
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return shown;
            }
        }
    }
}

fn describe(shown: &mut String, cursor: &TreeCursor<'_>, parsed: &Parsed, lines: &Lines<'_>) {
    let node = cursor.node();
    let indent = "  ".repeat(cursor.depth() as usize);
    let field = cursor
        .field_name()
        .map_or_else(String::new, |field| format!("{}: ", paint(NAME, field)));
    let kind = match node {
        node if node.is_missing() => paint(BAD, &format!("MISSING {}", node.kind())),
        node if node.is_error() => paint(BAD, node.kind()),
        node if node.is_named() => node.kind().to_owned(),
        node => format!("{:?}", node.kind()),
    };
    let place = lines.place(node.start_byte());
    let place = paint(FAINT, &format!("{}:{}", place.line, place.column));
    let text = if node.named_child_count() == 0 && node.is_named() {
        format!(" `{}`", excerpt(parsed.text_of(node)))
    } else {
        String::new()
    };
    writeln!(shown, "{indent}{field}{kind} {place}{text}")
        .expect("writing to a string cannot fail");
}

/// What a query matched in one file: the place of each match and its captures.
pub fn matches(path: &str, parsed: &Parsed, matches: &[Match<'_>]) -> String {
    let lines = Lines::new(parsed.text());
    let mut shown = String::new();
    for found in matches {
        let at = lines.place(found.place().start);
        let place = paint(BOLD, &format!("{path}:{}:{}", at.line, at.column));
        writeln!(shown, "{place}").expect("writing to a string cannot fail");
        for (name, nodes) in &found.captures {
            for node in nodes {
                capture(&mut shown, name, *node, parsed, &lines);
            }
        }
    }
    shown
}

fn capture(shown: &mut String, name: &str, node: Node<'_>, parsed: &Parsed, lines: &Lines<'_>) {
    let name = paint(NAME, &format!("@{name}"));
    let at = lines.place(node.start_byte());
    let place = paint(FAINT, &format!("{}:{}", at.line, at.column));
    let text = excerpt(parsed.text_of(node));
    writeln!(shown, "  {name} {} {place} `{text}`", node.kind())
        .expect("writing to a string cannot fail");
}

/// The places that a query's shape matches and a predicate refused.
pub fn near_misses(path: &str, text: &str, misses: &[NearMiss]) -> String {
    let lines = Lines::new(text);
    let mut shown = String::new();
    for miss in misses {
        let at = lines.place(miss.place.start);
        let place = paint(FRAME, &format!("{path}:{}:{}", at.line, at.column));
        let because = if miss.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", escape::line(&miss.reason))
        };
        writeln!(
            shown,
            "{place} not taken: {} does not hold{because}",
            escape::line(&miss.predicate)
        )
        .expect("writing to a string cannot fail");
    }
    shown
}

/// The first line of a text, cut where it is long.
fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(EXCERPT).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", escape::line(&cut))
}

#[cfg(test)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the expected texts"
)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(&tree(&Parsed::new(text.into()))).to_string()
    }

    #[test]
    fn a_tree_names_fields_and_places() {
        assert_data_eq!(
            plain("package a\n\nvar x = -1\n"),
            str![[r#"
source_file 1:1
  package_clause 1:1
    package_identifier 1:9 `a`
  var_declaration 3:1
    var_spec 3:5
      name: identifier 3:5 `x`
      value: expression_list 3:9
        unary_expression 3:9
          operator: "-" 3:9
          operand: int_literal 3:10 `1`

"#]]
        );
    }

    #[test]
    fn what_does_not_parse_stands_out() {
        let shown = plain("package a\n\nfunc {\n");
        assert!(
            shown.contains("ERROR") || shown.contains("MISSING"),
            "{shown}"
        );
    }

    #[test]
    fn long_texts_are_cut_and_harmless() {
        assert_eq!(excerpt("a\u{1b}b"), "a\\u{1b}b");
        assert_eq!(excerpt("a\nb"), "a…");
        assert_eq!(excerpt(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }
}
