//! Lists of neighbours: elements, parameters and statements, with the list metavariables and the comments among them.

use tree_sitter::Node;

use super::{BETWEEN, CLAUSE, Element, Emitter, children};
use crate::codemod::pattern::form::Form;

/// Tokens that nothing of the same node follows.
const CLOSING: [&str; 6] = [")", "]", "}", ":", "++", "--"];

impl Emitter<'_> {
    /// A parameter declaration, of which the first names may be lists of other parameters: `@a..., b int`.
    pub(super) fn parameters<'t>(&mut self, node: Node<'t>, elements: &mut Vec<Element<'t>>) {
        if self.variable(node).is_some() {
            elements.push(self.element(node, None));
            return;
        }
        let all = children(node);
        let names = all.iter().filter(|(_, field)| *field == Some("name"));
        for (name, _) in names {
            let Some(variable) = self.list(*name) else {
                break;
            };
            self.lists.insert(variable.span.start);
            let index = self.snippet.variables.iter().position(|v| v == variable);
            elements.extend(index.map(Element::Gap));
        }
        elements.push(Element::Node(node, None));
    }

    pub(super) fn element<'t>(&mut self, node: Node<'t>, field: Option<&'t str>) -> Element<'t> {
        let Some(variable) = self.list(node) else {
            return Element::Node(node, field);
        };
        self.lists.insert(variable.span.start);
        let index = self.snippet.variables.iter().position(|v| v == variable);
        index.map_or(Element::Node(node, field), Element::Gap)
    }

    /// Neighbours, comments between them. `marked` is a capture that each of them gets.
    pub(super) fn sequence(
        &mut self,
        elements: &[Element<'_>],
        kind: &str,
        marked: Option<&str>,
    ) -> Vec<Form> {
        let mut items = Vec::new();
        let mark = marked.unwrap_or_default();
        let is_part = marked.is_some();
        let is_gap = |element: Option<&Element<'_>>| matches!(element, Some(Element::Gap(_)));
        let is_bounded = matches!(elements.first(), Some(Element::Token(_)));
        if !is_bounded && (!is_part || is_gap(elements.first())) {
            items.push(Form::atom("."));
        }
        for (index, element) in elements.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|i| elements.get(i));
            if before.is_some() {
                let next_to_gap = is_gap(before) || is_gap(Some(element));
                items.push(Form::atom(if next_to_gap { "." } else { BETWEEN }));
            }
            items.push(match element {
                Element::Token(token) => Form::atom(format!("{token:?}")),
                Element::Gap(variable) => {
                    let is_open = index + 1 == elements.len() && (is_part || kind == CLAUSE);
                    self.gap(*variable, if is_open { CLAUSE } else { kind }, mark)
                }
                Element::Node(node, Some(field)) => self.in_field(*node, field),
                Element::Node(node, None) if is_names(*node, self) => self.unlisted(*node),
                Element::Node(node, None) => self.form(*node).with(mark),
            });
        }
        if !is_part {
            self.end_with_last(elements, &mut items);
            match elements.last() {
                // Anything up to the end; an anchor behind a repetition is not to be relied on.
                Some(Element::Gap(_)) | None => {}
                Some(Element::Token(token)) if CLOSING.contains(token) => {}
                Some(Element::Node(node, Some(_))) if self.list(*node).is_some() => {}
                Some(Element::Node(..)) if kind == "statement_list" || kind == CLAUSE => {
                    items.push(Form::atom(BETWEEN));
                }
                Some(_) => items.push(Form::atom(".")),
            }
        }
        items
    }

    /// Says that the last of some neighbours is the last, where an anchor would be lost: behind what may be absent.
    fn end_with_last(&mut self, elements: &[Element<'_>], items: &mut [Form]) {
        let (Some(Element::Node(node, _)), Some(form)) = (elements.last(), items.last_mut()) else {
            return;
        };
        let shown = form.show();
        if self.list(*node).is_some()
            || !(shown.contains(")?") || shown.contains(")*") || shown.contains("]*"))
        {
            return;
        }
        let at = self.original(node.start_byte());
        let capture = format!("@_last_{at}_{}", node.kind());
        let predicate = format!("(#last? {capture})");
        self.add_predicate(at, &predicate);
        *form = form.clone().with(&format!(" {capture}"));
    }

    /// Any number of neighbours.
    fn gap(&mut self, variable: usize, kind: &str, mark: &str) -> Form {
        let variable = &self.snippet.variables[variable];
        let capture = self.capture(variable);
        match kind {
            CLAUSE => Form::atom(format!("(_)*{capture}{mark}")),
            "statement_list" | "source_file" | "field_declaration_list" | "interface_type" => {
                Form::atom(format!("[\";\" (_){capture}{mark}]*"))
            }
            _ => Form::atom(format!("[\",\" (_){capture}{mark}]*")),
        }
    }

    /// A parameter declaration without the names that are lists.
    fn unlisted(&mut self, node: Node<'_>) -> Form {
        let mut elements = Vec::new();
        for (child, field) in children(node) {
            if child.is_named() && self.list(child).is_none() {
                elements.push(Element::Node(child, field));
            }
        }
        let items = self.sequence(&elements, node.kind(), None);
        Form::node(node.kind(), items)
    }

    pub(super) fn block(&mut self, node: Node<'_>) -> Form {
        let list = children(node)
            .into_iter()
            .map(|(child, _)| child)
            .find(|child| child.kind() == "statement_list");
        let mut items = vec![Form::atom("\"{\" .")];
        items.extend(self.statements(list, "statement_list"));
        items.push(Form::atom(". \"}\""));
        Form::node("block", items)
    }

    /// The statements of a body, with the comments before and after them.
    pub(super) fn statements(&mut self, list: Option<Node<'_>>, kind: &str) -> Vec<Form> {
        let Some(list) = list else {
            return vec![Form::atom("(comment)*")];
        };
        let nodes: Vec<_> = children(list)
            .into_iter()
            .filter(|(child, _)| child.is_named())
            .map(|(child, _)| child)
            .collect();
        let elements: Vec<_> = nodes.iter().map(|node| self.element(*node, None)).collect();
        let edge = |emitter: &mut Self, element: Option<&Element<'_>>| match element {
            Some(Element::Gap(variable)) => {
                let capture = emitter.capture(&emitter.snippet.variables[*variable]);
                Form::atom(format!("(comment)*{capture}"))
            }
            _ => Form::atom("(comment)*"),
        };
        let before = edge(self, elements.first());
        let behind = edge(self, elements.last());
        let inner = match elements[..] {
            [Element::Gap(variable)] => {
                let gap = self.gap(variable, kind, "");
                let items = vec![Form::atom("."), gap];
                Form::node("statement_list", items).with("?")
            }
            _ => Form::node("statement_list", self.sequence(&elements, kind, None)),
        };
        vec![before, Form::atom("."), inner, Form::atom("."), behind]
    }
}

/// Whether the first of a declaration's names are lists.
fn is_names(node: Node<'_>, emitter: &Emitter<'_>) -> bool {
    node.kind() == "parameter_declaration"
        && children(node)
            .iter()
            .any(|(child, field)| *field == Some("name") && emitter.list(*child).is_some())
}
