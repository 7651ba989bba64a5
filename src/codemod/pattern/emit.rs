//! Turns the tree of a pattern into a query. In: the places in which it parsed. Out: the query's pattern and predicates, or
//! what of it no query can ask for.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use tree_sitter::Node;

use super::{
    form::Form,
    grammar,
    place::{Placed, Role},
    snippet::{Snippet, Variable},
};

/// What stands between two neighbours, as comments may.
const BETWEEN: &str = ". (comment)* .";

/// A statement list that nothing bounds behind its last statement. A repetition that allows for `;` would be cut short there.
const CLAUSE: &str = "clause";

/// Tokens that nothing of the same node follows.
const CLOSING: [&str; 6] = [")", "]", "}", ":", "++", "--"];

/// Leaves that differ by their text.
const SPELLED: [&str; 11] = [
    "identifier",
    "type_identifier",
    "field_identifier",
    "package_identifier",
    "label_name",
    "int_literal",
    "float_literal",
    "imaginary_literal",
    "rune_literal",
    "interpreted_string_literal",
    "raw_string_literal",
];

/// Something in a pattern that cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Impossible {
    /// Bytes of the pattern's text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

/// What the query is made of so far.
pub(super) struct Emitter<'a> {
    snippet: &'a Snippet,
    /// The capture of the whole match.
    whole: &'a str,
    imports: &'a BTreeMap<String, String>,
    placed: &'a Placed,
    /// Private captures by the byte of the text they were made for, so that alternatives share them.
    private: &'a mut BTreeMap<usize, String>,
    /// Predicates by that byte.
    predicates: &'a mut BTreeMap<usize, String>,
    impossible: &'a mut Vec<Impossible>,
    /// Uses of list metavariables that were understood, by where they stand.
    lists: BTreeSet<usize>,
}

/// A child of a node, as a list sees it.
enum Element<'t> {
    Token(&'t str),
    Node(Node<'t>, Option<&'t str>),
    Gap(usize),
}

/// The pattern of a query, and its predicates in the order of the text.
pub(super) fn query(
    snippet: &Snippet,
    whole: &str,
    places: &[Placed],
    imports: &BTreeMap<String, String>,
) -> Result<Form, Vec<Impossible>> {
    let (mut private, mut predicates) = (BTreeMap::new(), BTreeMap::new());
    let mut impossible = Vec::new();
    let mut branches = Vec::new();
    for placed in places {
        let mut emitter = Emitter {
            snippet,
            whole,
            imports,
            placed,
            private: &mut private,
            predicates: &mut predicates,
            impossible: &mut impossible,
            lists: BTreeSet::new(),
        };
        let branch = emitter.whole();
        emitter.check_lists();
        branches.push(branch);
    }
    if !impossible.is_empty() {
        impossible.sort_by_key(|i| (i.span.start, i.span.end));
        impossible.dedup();
        return Err(impossible);
    }
    let mut items = vec![Form::either(branches)];
    items.extend(predicates.into_values().map(Form::Atom));
    Ok(Form::List {
        field: String::new(),
        open: "(".to_owned(),
        items,
        suffix: String::new(),
    })
}

impl<'a> Emitter<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        &self.placed.parsed.text()[node.byte_range()]
    }

    /// The byte of the pattern's text where a node begins.
    fn original(&self, at: usize) -> usize {
        self.snippet.original(at.saturating_sub(self.placed.start))
    }

    fn variable(&self, node: Node<'_>) -> Option<&'a Variable> {
        self.snippet.variable_of(self.text(node))
    }

    fn list(&self, node: Node<'_>) -> Option<&'a Variable> {
        self.variable(node).filter(|variable| variable.is_list)
    }

    fn refuse(&mut self, span: Range<usize>, message: impl Into<String>) {
        let message = message.into();
        self.impossible.push(Impossible { span, message });
    }

    /// Every list metavariable must have been one.
    fn check_lists(&mut self) {
        for variable in &self.snippet.variables {
            if variable.is_list && !self.lists.contains(&variable.span.start) {
                let message = format!(
                    "`@{}...` stands where Go has no list and nothing that may be absent",
                    variable.name
                );
                self.refuse(variable.span.clone(), message);
            }
        }
    }

    /// The nodes of the pattern with the capture of the whole.
    fn whole(&mut self) -> Form {
        let nodes = self.placed.nodes();
        let mark = format!(" @{}", self.whole);
        let parent = match self.placed.role {
            Role::Statements => "statement_list",
            Role::Declarations => "source_file",
            Role::Fields => "field_declaration_list",
            Role::Parameters => "parameter_list",
            Role::Clauses | Role::Expression | Role::Type => "",
        };
        let only = match nodes[..] {
            [only] => self.list(only).is_none().then_some(only),
            _ => None,
        };
        if let Some(only) = only {
            let is_one = self.variable(only).is_some() || is_blank(self.text(only));
            return match self.placed.role {
                _ if is_one => {
                    let span = self.original(only.start_byte())..self.original(only.end_byte());
                    self.refuse(span, "this by itself would match everywhere");
                    Form::atom("(_)")
                }
                _ => self.form(only).with(&mark),
            };
        }
        let elements: Vec<_> = nodes.iter().map(|node| self.element(*node, None)).collect();
        if matches!(elements.first(), Some(Element::Gap(_))) && elements.len() == 1 {
            let span = self.snippet.variables[0].span.clone();
            self.refuse(span, "a list by itself would match everywhere");
        }
        if parent.is_empty() {
            let (first, last) = (nodes[0], nodes[nodes.len() - 1]);
            let span = self.original(first.start_byte())..self.original(last.end_byte());
            self.refuse(
                span,
                "several clauses by themselves; write the whole statement",
            );
        }
        let marked = Some(&*mark);
        let items = self.sequence(&elements, parent, marked);
        Form::node(parent, items)
    }

    /// A node of the tree.
    fn form(&mut self, node: Node<'_>) -> Form {
        let kind = node.kind();
        let is_open = self.variable(node).is_some() || is_blank(self.text(node));
        if is_open && let Some(form) = self.stand_in(node) {
            return form;
        }
        if SPELLED.contains(&kind) {
            return self.spelled(node);
        }
        match kind {
            // An anchor behind its only token could not be relied on in front of another one.
            "return_statement" | "break_statement" | "continue_statement"
                if node.named_child_count() == 0 =>
            {
                self.spelled(node)
            }
            "block" => self.block(node),
            "channel_type" => self.channel(node),
            "call_expression" => self.call(node),
            "type_conversion_expression" => self.conversion(node),
            _ if node.child_count() == 0 => Form::atom(format!("({kind})")),
            _ if grammar::holds(kind).only_fields => self.by_fields(node),
            _ => self.by_order(node),
        }
    }

    /// A metavariable or `_` that is the whole of this node; `None` where a node inside it is what is meant.
    fn stand_in(&mut self, node: Node<'_>) -> Option<Form> {
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
    fn one(&mut self, node: Node<'_>, any: &str) -> Form {
        let Some(variable) = self.variable(node) else {
            return Form::atom(any);
        };
        let capture = self.capture(variable);
        Form::atom(format!("{any}{capture}"))
    }

    /// ` @name`, for a further use of a name a private capture that must be equal; nothing for `@_`.
    fn capture(&mut self, variable: &Variable) -> String {
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
    fn spelled(&mut self, node: Node<'_>) -> Form {
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

    /// A node whose children are told apart by their fields; what is absent must be absent.
    fn by_fields(&mut self, node: Node<'_>) -> Form {
        let mut items = Vec::new();
        for (child, field) in children(node) {
            let Some(field) = field else { continue };
            items.push(self.in_field(child, field));
        }
        items.extend(absent(node));
        Form::node(node.kind(), items)
    }

    fn in_field(&mut self, child: Node<'_>, field: &str) -> Form {
        if !child.is_named() {
            return Form::atom(format!("{field}: {:?}", child.kind()));
        }
        if let Some(variable) = self.list(child) {
            let parent = child.parent().map_or("", |parent| parent.kind());
            if grammar::holds(parent).fields.get(field) == Some(&true) {
                self.lists.insert(variable.span.start);
                let capture = self.capture(variable);
                let list = if child.kind() == "expression_list" {
                    "(expression_list)?"
                } else {
                    "(_)?"
                };
                return Form::atom(format!("{field}: {list}{capture}"));
            }
        }
        self.form(child).in_field(Some(field))
    }

    /// A node whose children are told apart by their order.
    fn by_order(&mut self, node: Node<'_>) -> Form {
        let kind = node.kind();
        let all = children(node);
        // `return @x...`
        if let [_, (only, None)] = all[..]
            && only.kind() == "expression_list"
            && let Some(variable) = self.list(only)
        {
            self.lists.insert(variable.span.start);
            let capture = self.capture(variable);
            let list = Form::atom(format!("(expression_list)?{capture}"));
            return Form::node(kind, vec![list]);
        }
        let mut elements = Vec::new();
        let mut statements = None;
        for (child, field) in all {
            if !child.is_named() {
                // The commas of a field stand in the way of an anchor, others do not.
                let is_separator = matches!(child.kind(), "\n" | ";" | "\0" | "")
                    || (child.kind() == "," && field.is_none());
                if !is_separator {
                    elements.push(Element::Token(child.kind()));
                }
            } else if child.kind() == "statement_list" {
                statements = Some(child);
            } else if child.kind() == "parameter_declaration" {
                self.parameters(child, &mut elements);
            } else if field.is_some() && self.list(child).is_some() {
                // What may be absent may be so with its sign.
                if matches!(elements.last(), Some(Element::Token("="))) {
                    elements.pop();
                }
                elements.push(Element::Node(child, field));
            } else {
                elements.push(self.element(child, field));
            }
        }
        let is_clause = kind.ends_with("_case");
        let mut items = self.sequence(&elements, kind, None);
        items.splice(0..0, absent(node));
        if is_clause {
            items.push(Form::atom("."));
            let mut statements = self.statements(statements, CLAUSE);
            // Nothing bounds a clause behind its statements, and what may be absent there would cut them short.
            statements.truncate(3);
            items.extend(statements);
        }
        Form::node(kind, items)
    }

    /// A parameter declaration, of which the first names may be lists of other parameters: `@a..., b int`.
    fn parameters<'t>(&mut self, node: Node<'t>, elements: &mut Vec<Element<'t>>) {
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

    fn element<'t>(&mut self, node: Node<'t>, field: Option<&'t str>) -> Element<'t> {
        let Some(variable) = self.list(node) else {
            return Element::Node(node, field);
        };
        self.lists.insert(variable.span.start);
        let index = self.snippet.variables.iter().position(|v| v == variable);
        index.map_or(Element::Node(node, field), Element::Gap)
    }

    /// Neighbours, comments between them. `marked` is a capture that each of them gets.
    fn sequence(
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

    /// Adds a predicate to those of a place, once.
    fn add_predicate(&mut self, at: usize, predicate: &str) {
        let own = self.predicates.entry(at).or_default();
        if !own.split('\n').any(|line| line.trim() == predicate) {
            if !own.is_empty() {
                own.push_str("\n  ");
            }
            own.push_str(predicate);
        }
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

    /// A channel type. Anchors pass over tokens, so that of any direction has to be told from the others by its text.
    fn channel(&mut self, node: Node<'_>) -> Form {
        let form = self.by_order(node);
        if children(node).iter().any(|(child, _)| child.kind() == "<-") {
            return form;
        }
        let at = self.original(node.start_byte());
        let capture = format!("@_chan_{at}");
        let predicate = format!("(#not-match? {capture} \"^(<-|chan\\\\s*<-)\")");
        self.add_predicate(at, &predicate);
        form.with(&format!(" {capture}"))
    }

    fn block(&mut self, node: Node<'_>) -> Form {
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
    fn statements(&mut self, list: Option<Node<'_>>, kind: &str) -> Vec<Form> {
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

    /// A call. What is called may be a type, and then the tree is another one where the type cannot be an expression.
    fn call(&mut self, node: Node<'_>) -> Form {
        let call = self.by_fields(node);
        let function = node.child_by_field_name("function");
        let arguments = node.child_by_field_name("arguments");
        let (Some(function), Some(arguments)) = (function, arguments) else {
            return call;
        };
        let is_open = self.variable(function).is_some() || is_blank(self.text(function));
        let operands = children(arguments);
        let operands: Vec<_> = operands.iter().filter(|(n, _)| n.is_named()).collect();
        match operands[..] {
            [(operand, _)]
                if is_open
                    && self.list(*operand).is_none()
                    && operand.kind() != "variadic_argument" =>
            {
                let kind = self.stand_in(function).unwrap_or(Form::atom("(_)"));
                let operand = self.form(*operand);
                let items = vec![
                    kind.in_field(Some("type")),
                    operand.in_field(Some("operand")),
                ];
                Form::either(vec![call, Form::node("type_conversion_expression", items)])
            }
            _ => call,
        }
    }

    /// A conversion. `@f[@i](@x)` reads as one to a generic type and may be a call of an element too.
    fn conversion(&mut self, node: Node<'_>) -> Form {
        let conversion = self.by_fields(node);
        match self.indexed_call(node) {
            Some(call) => Form::either(vec![conversion, call]),
            None => conversion,
        }
    }

    fn indexed_call(&mut self, node: Node<'_>) -> Option<Form> {
        let generic = node
            .child_by_field_name("type")
            .filter(|n| n.kind() == "generic_type")?;
        let base = generic.child_by_field_name("type")?;
        let arguments = children(generic.child_by_field_name("type_arguments")?);
        let mut arguments = arguments.into_iter().filter(|(n, _)| n.is_named());
        let (index, None) = (arguments.next()?.0, arguments.next()) else {
            return None;
        };
        // Where nothing is open, Go is parsed as the pattern was.
        self.variable(index).filter(|variable| !variable.is_list)?;
        let base = self.as_expression(base)?.in_field(Some("operand"));
        let index = self.one(index, "(_)").in_field(Some("index"));
        let function = Form::node("index_expression", vec![base, index]);
        let operand = self.form(node.child_by_field_name("operand")?);
        let arguments = [
            Form::atom("\"(\""),
            Form::atom(BETWEEN),
            operand,
            Form::atom(BETWEEN),
            Form::atom("\")\""),
        ];
        let items = vec![
            function.in_field(Some("function")),
            Form::node("argument_list", arguments.into()).in_field(Some("arguments")),
        ];
        Some(Form::node("call_expression", items))
    }

    /// The type as the expression that has the same text.
    fn as_expression(&mut self, node: Node<'_>) -> Option<Form> {
        if self.variable(node).is_some() || is_blank(self.text(node)) {
            return Some(self.one(node, "(_)"));
        }
        let respelled = |form: Form, from: &str, to: &str| match form {
            Form::Atom(text) => Form::Atom(text.replacen(from, to, 1)),
            list @ Form::List { .. } => list,
        };
        match node.kind() {
            "type_identifier" => Some(respelled(
                self.spelled(node),
                "type_identifier",
                "identifier",
            )),
            "qualified_type" => {
                let package = self.form(node.child_by_field_name("package")?);
                let name = self.form(node.child_by_field_name("name")?);
                let operand = respelled(package, "package_identifier", "identifier");
                let field = respelled(name, "type_identifier", "field_identifier");
                let items = vec![
                    operand.in_field(Some("operand")),
                    field.in_field(Some("field")),
                ];
                Some(Form::node("selector_expression", items))
            }
            _ => None,
        }
    }
}

/// Fields that a node of this kind may have and this one has not, so that a match must not have them either.
fn absent(node: Node<'_>) -> Vec<Form> {
    let present: BTreeSet<_> = children(node).into_iter().filter_map(|(_, f)| f).collect();
    let fields = grammar::holds(node.kind()).fields.iter();
    fields
        .filter(|(field, is_optional)| **is_optional && !present.contains(&***field))
        .map(|(field, _)| Form::atom(format!("!{field}")))
        .collect()
}

/// Whether the first of a declaration's names are lists.
fn is_names(node: Node<'_>, emitter: &Emitter<'_>) -> bool {
    node.kind() == "parameter_declaration"
        && children(node)
            .iter()
            .any(|(child, field)| *field == Some("name") && emitter.list(*child).is_some())
}

/// The children besides comments, with their fields.
fn children(node: Node<'_>) -> Vec<(Node<'_>, Option<&str>)> {
    let mut cursor = node.walk();
    let mut all = Vec::new();
    if cursor.goto_first_child() {
        loop {
            if cursor.node().kind() != "comment" {
                all.push((cursor.node(), cursor.field_name()));
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
    }
    all
}

fn is_blank(text: &str) -> bool {
    text == "_"
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
