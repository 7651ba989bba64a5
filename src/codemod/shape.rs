//! Whether the text of an edit can be Go where it is put. In: an action, and which nodes its captures may hold. Out: the text
//! with stand-ins for its holes, and a place of the grammar in which it parses, if there is any.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use tree_sitter::Node;

use super::{
    Action, Part, Place, Template,
    captures::{Capture, Role, role},
};
use crate::go::syntax::{Parsed, language};

/// Go around a hole: what stands before it and after it.
type Context = (&'static str, &'static str);

const TOP_LEVEL: &[Context] = &[("package p\n\n", "\n")];

const STATEMENTS: &[Context] = &[
    ("package p\n\nfunc _() {\n", "\n}\n"),
    ("package p\n\nfunc _() {\nif ", "; c {\n}\n}\n"),
    ("package p\n\nfunc _() {\nfor ", " {\n}\n}\n"),
    ("package p\n\nfunc _() {\nfor x; c; ", " {\n}\n}\n"),
    ("package p\n\nfunc _() {\nswitch ", " {\n}\n}\n"),
    ("package p\n\nfunc _() {\nselect {\ncase ", ":\n}\n}\n"),
];

const PARTS: &[Context] = &[
    ("package p\n\nvar _ = ", "\n"),
    ("package p\n\nvar _ = f(", ")\n"),
    ("package p\n\nvar _ = f(\n", "\n)\n"),
    ("package p\n\nvar _ = f(\n", ",\n)\n"),
    ("package p\n\nvar _ = T{", "}\n"),
    ("package p\n\nvar _ = T{\n", "\n}\n"),
    ("package p\n\nvar _ = T{\n", ",\n}\n"),
    ("package p\n\nvar _ = T", "\n"),
    ("package p\n\nvar _ = a ", " b\n"),
    ("package p\n\nvar _ = a.", "\n"),
    ("package p\n\nvar _ = func", "\n"),
    ("package p\n\nvar _ ", "\n"),
    ("package p\n\ntype _ ", "\n"),
    ("package p\n\ntype _ struct {\n", "\n}\n"),
    ("package p\n\ntype _ interface {\n", "\n}\n"),
    ("package p\n\nfunc _(", ") {\n}\n"),
    ("package p\n\nfunc (", ") m() {\n}\n"),
    ("package p\n\nfunc _[", "]() {\n}\n"),
    ("package p\n\nfunc _() ", " {\n}\n"),
    ("package p\n\nfunc _", " {\n}\n"),
    ("package p\n\nfunc _() ", "\n"),
    ("package p\n\nfunc ", "() {\n}\n"),
    ("package p\n\nimport ", "\n"),
    ("package p\n\nimport (\n", "\n)\n"),
    ("package p\n\nconst (\n", "\n)\n"),
    ("package p\n\nvar (\n", "\n)\n"),
    ("package p\n\ntype (\n", "\n)\n"),
    ("package p\n\nfunc _() {\nswitch {\n", "\n}\n}\n"),
    ("package p\n\nfunc _() {\nselect {\n", "\n}\n}\n"),
    ("package p\n\nfunc _() {\nswitch x.(type) {\n", "\n}\n}\n"),
    ("package p\n\nfunc _() {\nswitch {\ncase ", ":\n}\n}\n"),
    ("package p\n\nfunc _() {\nif c {\n} else ", "\n}\n"),
    ("package p\n\nfunc _() {\ndefer ", "\n}\n"),
    ("package p\n\nfunc _() {\nreturn ", "\n}\n"),
    ("package p\n\nfunc _() {\ngoto ", "\n}\n"),
    ("package p\n\nfunc _() {\na ", " b\n}\n"),
    ("package p\n\nfunc _() {\n", " a\n}\n"),
    ("package ", "\n"),
    ("", "\n"),
];

/// A text that was tried, and the file in which it parsed.
pub(super) struct Tried {
    /// The text, stand-ins in its holes.
    pub text: String,
    /// A file in which it parses, and the bytes it has there; `None` where there is none.
    pub parsed: Option<(Parsed, Range<usize>)>,
}

/// What an action writes, and the places it may be put in by the roles of its anchor.
fn places<'a>(
    action: &'a Action,
    captures: &BTreeMap<String, Capture>,
) -> Option<(&'a Template, Vec<&'static [Context]>)> {
    let (template, anchor, inside) = match action {
        Action::Replace { target, with } => (with, target, false),
        Action::Insert {
            place,
            anchor,
            text,
        } => {
            let inside = matches!(place, Place::StartOf | Place::EndOf);
            (text, anchor, inside)
        }
        Action::Delete { .. } | Action::Move { .. } => return None,
    };
    let kinds = captures.get(&**anchor)?.kinds.as_ref();
    if kinds.is_some_and(|kinds| kinds.iter().any(|kind| is_content(kind))) {
        return None;
    }
    let all = || vec![STATEMENTS, PARTS, TOP_LEVEL];
    let contexts = match kinds {
        None => all(),
        Some(kinds) if inside => {
            if kinds.iter().all(|kind| has_body(kind)) {
                vec![STATEMENTS]
            } else {
                all()
            }
        }
        Some(kinds) => {
            let roles: Vec<_> = kinds.iter().map(|kind| role(kind)).collect();
            let every = |wanted: Role| roles.iter().all(|role| *role == Some(wanted));
            if every(Role::Statement) && !kinds.contains("block") {
                // `var`, `const` and `type` are declarations too.
                vec![STATEMENTS, TOP_LEVEL]
            } else if every(Role::Declaration) {
                vec![TOP_LEVEL]
            } else if every(Role::Expression) && !kinds.iter().any(|kind| is_statement_too(kind)) {
                vec![PARTS]
            } else {
                all()
            }
        }
    };
    Some((template, contexts))
}

/// Whether it is text to the grammar, so that anything may stand there.
fn is_content(kind: &str) -> bool {
    kind.ends_with("_literal_content") || matches!(kind, "comment" | "escape_sequence")
}

/// Whether statements stand in it.
fn has_body(kind: &str) -> bool {
    matches!(
        kind,
        "block"
            | "statement_list"
            | "function_declaration"
            | "method_declaration"
            | "func_literal"
            | "for_statement"
            | "if_statement"
    )
}

/// Whether the expression may be a statement by itself (<https://go.dev/ref/spec#Expression_statements>).
fn is_statement_too(kind: &str) -> bool {
    matches!(
        kind,
        "_expression" | "call_expression" | "unary_expression" | "parenthesized_expression"
    )
}

/// Tries to parse what an action writes. `fixed` gives captures a certain text. `None` where nothing can be said: the action
/// writes nothing, or a hole takes a node of which no stand-in is known.
pub(super) fn try_parse(
    action: &Action,
    captures: &BTreeMap<String, Capture>,
    fixed: &BTreeMap<Arc<str>, String>,
) -> Option<Tried> {
    let (template, contexts) = places(action, captures)?;
    let samples: BTreeMap<&str, Vec<String>> = holes(template)
        .map(|name| Some((&**name, samples(name, captures, fixed)?)))
        .collect::<Option<_>>()?;
    let rounds = samples.values().map(Vec::len).max().unwrap_or(1);
    let mut first = None;
    for round in 0..rounds {
        let text = render(template, |name| {
            let own = &samples[name];
            own[round % own.len()].clone()
        });
        if let Some(parsed) = parse_in(&contexts, &text) {
            let parsed = Some(parsed);
            return Some(Tried { text, parsed });
        }
        first.get_or_insert(text);
    }
    Some(Tried {
        text: first.unwrap_or_default(),
        parsed: None,
    })
}

fn parse_in(contexts: &[&[Context]], text: &str) -> Option<(Parsed, Range<usize>)> {
    contexts
        .iter()
        .copied()
        .flatten()
        .find_map(|(before, after)| {
            let parsed = Parsed::new(Arc::from(format!("{before}{text}{after}")));
            let range = before.len()..before.len() + text.len();
            let sound = parsed.errors().is_empty()
                && only_declarations(&parsed)
                && is_whole(&parsed, &range);
            sound.then_some((parsed, range))
        })
}

/// Whether the range holds whole nodes: brackets opened in it are closed in it, and it does not run on into its neighbours.
fn is_whole(parsed: &Parsed, range: &Range<usize>) -> bool {
    let text = &parsed.text()[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let end = start + text.trim().len();
    let Some(around) = parsed.root().descendant_for_byte_range(start, end) else {
        return false;
    };
    // Some nodes end with the line break behind them.
    let trimmed = |node: Node<'_>| {
        let bytes = node.byte_range();
        bytes.start..bytes.start + parsed.text()[bytes].trim_end().len()
    };
    if trimmed(around) == (start..end) || start == end {
        return true;
    }
    let mut cursor = around.walk();
    around.child_count() > 0
        && around.children(&mut cursor).all(|child| {
            let bytes = trimmed(child);
            let outside = bytes.end <= start || bytes.start >= end;
            outside || (bytes.start >= start && bytes.end <= end)
        })
}

/// The grammar takes statements at the top of a file, Go does not (<https://go.dev/ref/spec#Source_file_organization>).
fn only_declarations(parsed: &Parsed) -> bool {
    let root = parsed.root();
    let mut cursor = root.walk();
    root.named_children(&mut cursor).all(|node| {
        let kind = node.kind();
        matches!(kind, "package_clause" | "comment")
            || (kind.ends_with("_declaration") && kind != "short_var_declaration")
    })
}

fn holes(template: &Template) -> impl Iterator<Item = &Arc<str>> {
    template.parts.iter().filter_map(|part| match part {
        Part::Capture(name) => Some(name),
        _ => None,
    })
}

fn render(template: &Template, capture: impl Fn(&str) -> String) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Capture(name) => capture(name),
        Part::Fresh(name) | Part::Found(name) | Part::Import(name) => name.to_string(),
    });
    parts.collect()
}

/// Texts that a capture may have; `None` where none is known.
fn samples(
    name: &str,
    captures: &BTreeMap<String, Capture>,
    fixed: &BTreeMap<Arc<str>, String>,
) -> Option<Vec<String>> {
    if let Some(text) = fixed.get(name) {
        return Some(vec![text.clone()]);
    }
    let kinds = captures.get(name)?.kinds.as_ref()?;
    kinds.iter().map(|kind| sample(kind)).collect()
}

/// A text of this kind of node.
fn sample(kind: &str) -> Option<String> {
    let text = match kind {
        "identifier" | "field_identifier" | "type_identifier" | "package_identifier"
        | "label_name" | "_expression" | "literal_element" => "x",
        "_type" | "_simple_type" => "T",
        "_statement" | "_simple_statement" | "call_expression" | "expression_statement" => "f()",
        "blank_identifier" => "_",
        "block" => "{\n}",
        "argument_list" | "parameter_list" => "()",
        "literal_value" => "{}",
        "interpreted_string_literal" | "import_spec" => "\"s\"",
        "raw_string_literal" => "`s`",
        "int_literal" => "1",
        "float_literal" => "1.5",
        "rune_literal" => "'r'",
        "selector_expression" => "a.b",
        "func_literal" => "func() {\n}",
        "composite_literal" => "T{}",
        "unary_expression" => "-x",
        "binary_expression" => "a + b",
        "index_expression" => "a[i]",
        "slice_expression" => "a[:]",
        "type_assertion_expression" => "a.(T)",
        "parenthesized_expression" => "(x)",
        "pointer_type" => "*T",
        "slice_type" => "[]T",
        "array_type" => "[1]T",
        "map_type" => "map[K]V",
        "channel_type" => "chan T",
        "function_type" => "func()",
        "interface_type" => "interface{}",
        "struct_type" => "struct{}",
        "qualified_type" => "p.T",
        "generic_type" => "G[T]",
        "short_var_declaration" => "x := 1",
        "assignment_statement" => "x = 1",
        "return_statement" => "return",
        "defer_statement" => "defer f()",
        "go_statement" => "go f()",
        "if_statement" => "if c {\n}",
        "for_statement" => "for {\n}",
        "inc_statement" => "x++",
        "dec_statement" => "x--",
        "send_statement" => "c <- x",
        "break_statement" => "break",
        "continue_statement" => "continue",
        "var_declaration" => "var x int",
        "const_declaration" => "const x = 1",
        "type_declaration" => "type T int",
        "select_statement" => "select {\n}",
        "expression_switch_statement" => "switch {\n}",
        "expression_list" => "a, b",
        "keyed_element" => "k: v",
        "parameter_declaration" | "field_declaration" => "x T",
        "range_clause" => "k, v := range m",
        "function_declaration" => "func f() {\n}",
        "method_declaration" => "func (x T) m() {\n}",
        "comment" => "// c",
        "nil" | "true" | "false" | "iota" => kind,
        token if language().id_for_node_kind(token, true) == 0 => token,
        _ => return None,
    };
    Some(text.to_owned())
}
