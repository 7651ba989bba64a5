//! Single nodes: metavariables, `_`, and leaves that are told by their text.

use tree_sitter::Node;

use super::Emitter;
use crate::codemod::pattern::{form::Form, snippet::Variable};

impl Emitter<'_> {
    /// A metavariable or `_` that is the whole of this node; `None` where a node inside it is what is meant.
    pub(super) fn stand_in(&mut self, node: Node<'_>) -> Option<Form> {
        let any = match node.kind() {
            "expression_list" | "literal_element" | "type_elem" | "type_constraint" => return None,
            "parameter_declaration" => "[(parameter_declaration) (variadic_parameter_declaration)]",
            "field_declaration" => "(field_declaration)",
            _ => "(_)",
        };
        if node.kind() == "parameter_declaration" || node.kind() == "field_declaration" {
            return Some(self.one(node, any));
        }
        let unlike = match node.parent().map(|parent| parent.kind()) {
            Some("argument_list") => Some(r"^/[/*]|\\.\\.\\.$"),
            Some("statement_list" | "expression_list" | "type_arguments") => Some("^/[/*]"),
            _ => None,
        };
        match unlike {
            Some(unlike) => Some(self.one_unlike(node, unlike)),
            None => Some(self.one(node, any)),
        }
    }

    /// Any node but a comment, which is a neighbour like others to a query.
    fn one_unlike(&mut self, node: Node<'_>, unlike: &str) -> Form {
        let at = self.original(node.start_byte());
        let capture = match self.variable(node) {
            Some(variable) if variable.capture().is_some() => self.capture(variable),
            _ => format!(" @_any_{at}"),
        };
        let predicate = format!("(#not-match?{capture} \"{unlike}\")");
        self.add_predicate(at, &predicate);
        Form::atom(format!("(_){capture}"))
    }

    /// `any`, captured under the name of the metavariable.
    pub(super) fn one(&mut self, node: Node<'_>, any: &str) -> Form {
        let Some(variable) = self.variable(node) else {
            return Form::atom(any);
        };
        let capture = self.capture(variable);
        Form::atom(format!("{any}{capture}"))
    }

    /// ` @name`, for a further use of a name a private capture that must be equal; nothing for `@_`.
    pub(super) fn capture(&mut self, variable: &Variable) -> String {
        let Some(name) = variable.capture() else {
            return String::new();
        };
        let earlier = self
            .snippet
            .variables
            .iter()
            .take_while(|other| other.span.start < variable.span.start)
            .filter(|other| other.name == name)
            .count();
        if earlier == 0 {
            return format!(" @{name}");
        }
        let again = format!("_{name}_{}", earlier + 1);
        let predicate = format!("(#eq? @{again} @{name})");
        self.add_predicate(variable.span.start, &predicate);
        format!(" @{again}")
    }

    /// A leaf with this text, or a package by whatever name.
    pub(super) fn spelled(&mut self, node: Node<'_>) -> Form {
        let at = self.original(node.start_byte());
        let text = self.text(node);
        let number = self.private.len() + 1;
        let letters: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let name = self
            .private
            .entry(at)
            .or_insert_with(|| format!("_{number}_{letters}"))
            .clone();
        let path = is_package(node).then(|| self.imports.get(text)).flatten();
        let predicate = match path {
            Some(path) => format!("(#import? @{name} {path:?})"),
            None => format!("(#eq? @{name} {})", quoted(text)),
        };
        self.add_predicate(at, &predicate);
        Form::atom(format!("({}) @{name}", node.kind()))
    }
}

/// Whether an identifier stands where a package can be named.
fn is_package(node: Node<'_>) -> bool {
    let is_operand = || {
        node.parent().is_some_and(|parent| {
            parent.kind() == "selector_expression"
                && parent.child_by_field_name("operand") == Some(node)
        })
    };
    match node.kind() {
        "package_identifier" => node.parent().is_some_and(|p| p.kind() == "qualified_type"),
        "identifier" => is_operand(),
        _ => false,
    }
}

/// A string of a query.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
