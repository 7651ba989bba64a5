//! Reads the text of a query: patterns, captures, quantifiers and predicates, each with its bytes. tree-sitter compiles
//! the query, but says neither where its parts are nor more than its first error; this reader is what checks and messages
//! build on. In: the text. Out: a [`QueryText`], or the first place that cannot be read.
//!
//! The syntax is that of <https://tree-sitter.github.io/tree-sitter/using-parsers/queries/1-syntax.html>.

mod reader;

use std::ops::Range;

/// A piece of the query's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name, without `@`, `#` or quotes.
    pub text: String,
    /// Bytes of the query, sigil and quotes included.
    pub span: Range<usize>,
}

/// How often an item may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// No sign.
    One,
    /// `?`
    Optional,
    /// `*`
    Any,
    /// `+`
    Some,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// `(kind …)`; `(supertype/kind …)` keeps the last name.
    Node(Name),
    /// `_` or `(_ …)`.
    Wildcard,
    /// `"token"`.
    Token(Name),
    /// `(ERROR)` or `(MISSING …)`.
    Error,
    /// `(item item …)`.
    Group,
    /// `[item item …]`.
    Alternation,
}

/// An item of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The field of its parent that it is.
    pub field: Option<Name>,
    /// What it is.
    pub shape: Shape,
    /// Bytes of the query, quantifier and captures included.
    pub span: Range<usize>,
    /// How often.
    pub quantifier: Quantifier,
    /// `@name`s behind it.
    pub captures: Vec<Name>,
    /// Children, members or branches.
    pub children: Vec<Item>,
}

/// An argument of a predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawArgument {
    /// `@name`.
    Capture(Name),
    /// `"text"`, its escapes resolved.
    Text(Name),
    /// A word without quotes.
    Word(Name),
}

/// A predicate as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPredicate {
    /// The name as written: `not-eq?`.
    pub name: Name,
    /// Bytes from `(` to `)`.
    pub span: Range<usize>,
    /// Index of the top-level pattern it stands in; `None` outside of any.
    pub pattern: Option<usize>,
    /// Its arguments.
    pub arguments: Vec<RawArgument>,
}

/// A query that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryText {
    /// Top-level patterns, in order.
    pub patterns: Vec<Item>,
    /// All predicates, in order.
    pub predicates: Vec<RawPredicate>,
    /// All field names, negated ones too.
    pub fields: Vec<Name>,
}

/// Where reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Bytes of the query.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

impl QueryText {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        reader::read(text)
    }

    /// The query with its predicates replaced by as many spaces.
    pub fn blanked(&self, text: &str) -> String {
        let mut blanked = text.to_owned();
        for predicate in &self.predicates {
            let spaces = " ".repeat(predicate.span.len());
            blanked.replace_range(predicate.span.clone(), &spaces);
        }
        blanked
    }

    /// The names of the captures in the order in which tree-sitter numbers them: by first appearance.
    pub fn capture_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for item in &self.patterns {
            item.visit(&mut |item| {
                for capture in &item.captures {
                    if !names.contains(&&*capture.text) {
                        names.push(&*capture.text);
                    }
                }
            });
        }
        names
    }
}

impl Item {
    /// Calls `f` with every item below this one and then with this one: captures are met in text order.
    pub fn visit<'a>(&'a self, f: &mut impl FnMut(&'a Item)) {
        for child in &self.children {
            child.visit(f);
        }
        f(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codemod::load_query, go::syntax::language};

    const QUERY: &str = r#"
; a comment with ( and "
(call_expression
  function: [(identifier) @f (selector_expression !type field: (_) @m)] @callee
  arguments: (argument_list . (_expression)* @args ","? .)
  (#eq? @f ")\"") (#any-of? @m "a" "b")) @call

((comment)+ @notes . (_statement/if_statement "else") @if)
"#;

    #[test]
    fn captures_and_patterns_are_numbered_as_tree_sitter_numbers_them() {
        let query = load_query(QUERY).expect("the query is good");
        let names: Vec<&str> = query.captures.iter().map(|c| &**c).collect();
        assert_eq!(query.compiled().capture_names(), names);
        assert_eq!(query.compiled().pattern_count(), query.predicates.len());
        assert_eq!(query.predicates[0].len(), 2);
        assert_eq!(query.capture_index("callee"), Some(2));
    }

    #[test]
    fn blanking_keeps_every_other_byte_where_it_is() {
        let read = QueryText::parse(QUERY).expect("the query is good");
        let blanked = read.blanked(QUERY);
        assert_eq!(blanked.len(), QUERY.len());
        assert_eq!(blanked.find("@notes"), QUERY.find("@notes"));
        assert!(!blanked.contains('#'));
        assert!(tree_sitter::Query::new(&language(), &blanked).is_ok());
    }

    #[test]
    fn hostile_nesting_is_refused_and_not_followed() {
        let deep = "(".repeat(100_000);
        let error = QueryText::parse(&deep).expect_err("too deep");
        assert_eq!(error.message, "the query is nested too deeply");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[\\[\\]()@#?!.\"\\\\;_a:+*/é \n-]{0,60}") {
            if let Ok(read) = QueryText::parse(&text) {
                assert_eq!(read.blanked(&text).len(), text.len());
            }
        }
    }
}
