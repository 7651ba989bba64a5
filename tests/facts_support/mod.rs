//! Changes of Go's text that must not change a fact about it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use gomend::{
    go::{
        control::{descendants, is_function, statements},
        scope::{Kind, Resolution, Scope},
        syntax::Parsed,
    },
    matcher::Facts,
};
use tree_sitter::Node;

use super::file;

/// Gives every local variable another name. `err` marks errors by custom and stays in the name; a name that a composite
/// literal's key may mean stays as it is.
pub fn renamed(text: &str) -> String {
    let parsed = Parsed::new(text.into());
    let context = file();
    let facts = Facts::new(&parsed, &context);
    let scope = facts.scope();
    let doubtful: BTreeSet<_> = scope
        .names()
        .filter(|(_, r)| *r == Resolution::Unknown)
        .map(|(range, _)| &text[range])
        .collect();
    let mut edits: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    for (range, resolution) in scope.names() {
        let Resolution::Declared(id) = resolution else {
            continue;
        };
        let declaration = scope.declaration(id);
        let is_value = !matches!(
            declaration.kind,
            Kind::Type | Kind::Func | Kind::TypeParam | Kind::Label
        );
        if declaration.owner.is_none() || !is_value || doubtful.contains(declaration.name.as_str())
        {
            continue;
        }
        // One identifier for all variables of a type switch.
        let at = declaration.range.start;
        let name = match declaration.name.strip_prefix("err") {
            Some(rest) => format!("err{at}{rest}"),
            None => format!("v{at}{}", declaration.name),
        };
        edits.insert(range.start, (range, name));
    }
    applied(text, edits.into_values())
}

/// Puts a comment and a blank line before every statement but the first of a body.
pub fn spaced(text: &str) -> String {
    let parsed = Parsed::new(text.into());
    let lists = descendants(parsed.root(), true)
        .into_iter()
        .filter(|n| n.kind() == "statement_list");
    let mut places = BTreeSet::new();
    for list in lists {
        let mut cursor = list.walk();
        for (index, statement) in list.named_children(&mut cursor).enumerate() {
            if index > 0 {
                places.insert(statement.start_byte());
            }
        }
    }
    let note = "\n\n// x.Close(); return ch <- x\n/* } */ ".to_owned();
    applied(text, places.into_iter().map(|p| (p..p, note.clone())))
}

/// Puts the body of every function into a block.
pub fn with_inner_bodies(text: &str) -> String {
    let parsed = Parsed::new(text.into());
    let scope = Scope::of(&parsed);
    let mut edits = Vec::new();
    for function in descendants(parsed.root(), true) {
        let body = function.child_by_field_name("body");
        let body = body.filter(|b| is_function(function.kind()) && !redeclares(&scope, *b));
        let Some(body) = body else {
            continue;
        };
        let (start, end) = (body.start_byte() + 1, body.end_byte() - 1);
        edits.push((start..start, "{".to_owned()));
        edits.push((end..end, "}".to_owned()));
    }
    edits.sort_by_key(|(r, _)| r.start);
    applied(text, edits)
}

/// Whether a `:=` right in a body assigns a parameter or result; in a block of its own it would declare another variable.
fn redeclares(scope: &Scope, body: Node<'_>) -> bool {
    let targets = statements(body)
        .into_iter()
        .filter(|s| s.kind() == "short_var_declaration")
        .filter_map(|s| s.child_by_field_name("left"))
        .flat_map(|left| descendants(left, false));
    targets
        .into_iter()
        .any(|target| match scope.resolve(target) {
            Resolution::Declared(id) => matches!(
                scope.declaration(id).kind,
                Kind::Param | Kind::Result | Kind::Receiver
            ),
            _ => false,
        })
}

/// Puts every statement that declares nothing into a block.
pub fn with_blocks(text: &str) -> String {
    let parsed = Parsed::new(text.into());
    let mut edits = Vec::new();
    for statement in descendants(parsed.root(), true) {
        let in_list = statement
            .parent()
            .is_some_and(|p| p.kind() == "statement_list");
        let declares = matches!(
            statement.kind(),
            "short_var_declaration"
                | "var_declaration"
                | "const_declaration"
                | "type_declaration"
                | "labeled_statement"
                | "fallthrough_statement"
                | "empty_statement"
                | "comment"
        );
        if !in_list || declares || !statement.is_named() {
            continue;
        }
        let (start, end) = (statement.start_byte(), statement.end_byte());
        // Without the semicolon, the grammar takes `x := a.b`, a line's end and `{` for a composite literal.
        let value = statement
            .prev_named_sibling()
            .filter(|p| matches!(p.kind(), "short_var_declaration" | "var_declaration"));
        let end_of_value = value.map(|p| p.end_byte());
        if let Some(at) = end_of_value.filter(|at| !text[*at..].starts_with(';')) {
            edits.push((at..at, ";".to_owned()));
        }
        edits.push((start..start, "{ ".to_owned()));
        edits.push((end..end, " }".to_owned()));
    }
    edits.sort_by_key(|(r, _)| r.start);
    applied(text, edits)
}

/// The text with edits in order.
fn applied(text: &str, edits: impl IntoIterator<Item = (Range<usize>, String)>) -> String {
    let mut result = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (range, new) in edits {
        result.push_str(&text[at..range.start]);
        result.push_str(&new);
        at = range.end;
    }
    result.push_str(&text[at..]);
    result
}
