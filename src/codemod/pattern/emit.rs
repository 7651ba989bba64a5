//! Turns the tree of a pattern into a query. In: the places in which it parsed. Out: the query's pattern and predicates, or
//! what of it no query can ask for.

mod calls;
mod leaves;
mod lists;

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
