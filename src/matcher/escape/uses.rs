//! What becomes of a value where it stands in an expression or statement.

use tree_sitter::Node;

use super::{Carrier, MAX_USES, Search, awaited::is_awaited};
use crate::{
    go::control::owner,
    matcher::{
        object::declared,
        typing::{bare, elements, is_plain, results},
    },
};

impl<'t> Search<'_, 't> {
    /// Follows a value from the expression that gives it.
    pub(super) fn follow(&mut self, value: Node<'t>, carrier: &Carrier) {
        self.followed += 1;
        if self.followed > MAX_USES {
            return self.not_known(value, "used in too many ways to follow");
        }
        let Some(parent) = value.parent() else {
            return self.not_known(value, "used in an unknown way");
        };
        match parent.kind() {
            // A path that begins with this one.
            "binary_expression" if carrier.fits_plain_types() => self.follow(
                parent,
                &Carrier { sure: false, ..carrier.clone() },
            ),
            "expression_statement" | "if_statement" | "for_statement" | "for_clause"
            | "expression_switch_statement" | "inc_statement" | "dec_statement"
            // What is computed from it is a number, a string or a boolean.
            | "binary_expression"
            // The results of such a call are thrown away; what it is given is judged there.
            | "go_statement"
            | "defer_statement" => {}
            "parenthesized_expression" | "type_conversion_expression" | "slice_expression" => {
                self.follow(parent, carrier);
            }
            "selector_expression" => self.selected(parent, carrier),
            "call_expression" => self.called(parent, carrier),
            "argument_list" => self.given(parent, value, carrier),
            "variadic_argument" => self.not_known(value, "spread over the arguments of a call"),
            "unary_expression" => self.operated(parent, carrier),
            "type_assertion_expression" => self.follow(parent, &Carrier { kind: None, ..carrier.clone() }),
            "index_expression" => {
                if parent.child_by_field_name("operand") == Some(value) {
                    self.follow(parent, &carrier.element());
                }
            }
            "expression_list" => self.listed(parent, value, carrier),
            "return_statement" => self.returned(parent, value, carrier),
            "send_statement" => {
                if parent.child_by_field_name("value") == Some(value) {
                    self.leaves(carrier, value, "sent on a channel");
                }
            }
            "literal_element" | "keyed_element" | "literal_value" => {
                self.leaves(carrier, value, "put into a composite literal");
            }
            "range_clause" => self.ranged(parent, carrier),
            "type_switch_statement" => {
                if parent.child_by_field_name("alias").is_some() {
                    self.not_known(value, "bound by a type switch");
                }
            }
            // What nobody binds goes nowhere.
            "receive_statement" if parent.child_by_field_name("left").is_none() => {}
            "receive_statement" => self.not_known(value, "received from"),
            _ => self.not_known(value, "used in an unknown way"),
        }
    }

    /// `x.name`, called or not.
    fn selected(&mut self, selector: Node<'t>, carrier: &Carrier) {
        let Some(field) = selector.child_by_field_name("field") else {
            return self.not_known(selector, "used in an unknown way");
        };
        let name = self.facts.parsed.text_of(field);
        let outer = outermost(selector);
        let call = outer.parent().filter(|p| {
            p.kind() == "call_expression" && p.child_by_field_name("function") == Some(outer)
        });
        let Some(call) = call else {
            return self.field(selector, name, carrier);
        };
        self.method(call, name, carrier);
    }

    /// A field, or a method that is not called.
    fn field(&mut self, selector: Node<'t>, name: &str, carrier: &Carrier) {
        let table = self.table;
        let known = carrier.kind.as_deref().and_then(|k| table.of_type(k));
        let Some(known) = known else {
            // An imported type's field may be anything, also what holds on to the whole.
            let part = Carrier {
                kind: None,
                sure: false,
                ..carrier.clone()
            };
            return self.follow(selector, &part);
        };
        if known.values.iter().any(|v| v == name) {
            return;
        }
        let kind = known.parts.get(name).cloned();
        let is_method = known
            .values
            .iter()
            .any(|v| v.strip_suffix("()") == Some(name));
        let part = Carrier {
            sure: carrier.sure && (kind.is_some() || is_method),
            function: is_method,
            kind,
            ..carrier.clone()
        };
        self.follow(selector, &part);
    }

    /// A method call on the value.
    fn method(&mut self, call: Node<'t>, name: &str, carrier: &Carrier) {
        if is_started(call) {
            return self.leaves(carrier, call, "used in a `go` statement");
        }
        if self.in_callee() && carrier.sure && self.table.releases(name) {
            return self.leaves(carrier, call, format!("released by `{name}`"));
        }
        let signature = format!("{name}()");
        let table = self.table;
        match carrier.kind.as_deref().and_then(|k| table.of_type(k)) {
            Some(known) if known.values.contains(&signature) => {}
            Some(known) => {
                let kind = known.parts.get(&signature).cloned();
                let sure = carrier.sure && kind.is_some();
                let context = carrier.context || kind.as_deref() == Some("context.Context");
                self.follow(
                    call,
                    &Carrier {
                        kind,
                        sure,
                        context,
                        ..carrier.clone()
                    },
                );
            }
            None if UNIVERSAL.contains(&name) => {}
            None if carrier.context => {
                self.follow(
                    call,
                    &Carrier {
                        kind: None,
                        sure: false,
                        ..carrier.clone()
                    },
                );
            }
            None => self.not_known(
                call,
                format!("its method `{name}`, which is not known, is called"),
            ),
        }
    }

    /// The value is called.
    fn called(&mut self, call: Node<'t>, carrier: &Carrier) {
        if is_started(call) {
            if carrier.function && is_awaited(self.facts, call) {
                return;
            }
            return self.leaves(carrier, call, "used in a `go` statement");
        }
        let literal = call.child_by_field_name("function").map(bare);
        let written_here = literal.is_some_and(|f| f.kind() == "func_literal");
        if self.in_callee() && !carrier.function {
            return self.leaves(carrier, call, "called by a function it is given to");
        }
        // What a literal returns is judged at its `return`.
        let unused = call
            .parent()
            .is_some_and(|p| matches!(p.kind(), "expression_statement" | "defer_statement"));
        if !unused && !written_here && !carrier.function {
            self.follow(
                call,
                &Carrier {
                    kind: None,
                    sure: false,
                    ..carrier.clone()
                },
            );
        }
    }

    fn operated(&mut self, operation: Node<'t>, carrier: &Carrier) {
        match operation.child_by_field_name("operator").map(|n| n.kind()) {
            Some("&") => self.leaves(carrier, operation, "its address is taken"),
            Some("*") => self.follow(operation, carrier),
            Some("<-") if carrier.kind.as_deref() == Some("chan") => {}
            Some("<-") => self.follow(
                operation,
                &Carrier {
                    kind: None,
                    sure: false,
                    ..carrier.clone()
                },
            ),
            _ => {}
        }
    }

    /// A value in a list: assigned, assigned to, or returned.
    fn listed(&mut self, list: Node<'t>, value: Node<'t>, carrier: &Carrier) {
        let Some(statement) = list.parent() else {
            return self.not_known(value, "used in an unknown way");
        };
        match statement.kind() {
            "return_statement" => self.returned(statement, value, carrier),
            "short_var_declaration" | "assignment_statement" => {
                if statement.child_by_field_name("left") == Some(list) {
                    return;
                }
                let targets = statement
                    .child_by_field_name("left")
                    .map(elements)
                    .unwrap_or_default();
                self.assigned(&targets, list, value, carrier);
            }
            "var_spec" => {
                let mut cursor = statement.walk();
                let targets: Vec<_> = statement
                    .children_by_field_name("name", &mut cursor)
                    .collect();
                self.assigned(&targets, list, value, carrier);
            }
            "receive_statement" | "range_clause" | "expression_case" => {}
            _ => self.not_known(value, "used in an unknown way"),
        }
    }

    /// Each value to its target; the results of a call to those that they may go to.
    fn assigned(
        &mut self,
        targets: &[Node<'t>],
        list: Node<'t>,
        value: Node<'t>,
        carrier: &Carrier,
    ) {
        let values = elements(list);
        let Some(index) = values.iter().position(|v| *v == value) else {
            return self.not_known(value, "used in an unknown way");
        };
        if values.len() == targets.len() {
            if is_error_name(self.facts.parsed.text_of(targets[index])) && !carrier.sure {
                return;
            }
            return self.bind(targets[index], carrier);
        }
        let from_call = bare(value).kind() == "call_expression";
        let given = self.result_of(value, from_call);
        for (i, target) in targets.iter().enumerate() {
            let is_error =
                is_error_name(self.facts.parsed.text_of(*target)) && i + 1 == targets.len();
            let receives = if from_call {
                given.map_or(!is_error, |g| g == i)
            } else {
                i == 0
            };
            if receives {
                self.bind(*target, carrier);
            }
        }
    }

    /// Which result of a call was found to hold on to the object.
    fn result_of(&self, value: Node<'t>, from_call: bool) -> Option<usize> {
        if !from_call {
            return None;
        }
        self.results
            .iter()
            .rev()
            .find(|(node, _)| *node == bare(value))
            .and_then(|(_, index)| *index)
    }

    /// `return value`: of this function, or of a literal in it.
    fn returned(&mut self, statement: Node<'t>, value: Node<'t>, carrier: &Carrier) {
        let Some(function) = owner(statement) else {
            return self.not_known(value, "used in an unknown way");
        };
        let given = statement.named_child(0).map(elements).unwrap_or_default();
        let types = results(function);
        let index = given.iter().position(|v| *v == value).unwrap_or(0);
        let plain = if given.len() == types.len() {
            is_plain(self.facts, types[index])
        } else {
            types.iter().all(|t| is_plain(self.facts, *t))
        };
        if plain && !types.is_empty() && !carrier.fits_plain_types() {
            return;
        }
        if function == self.owner {
            self.give_back(carrier, value);
        } else {
            self.not_known(value, "returned by a function literal");
        }
    }

    fn ranged(&mut self, clause: Node<'t>, carrier: &Carrier) {
        let targets = clause
            .child_by_field_name("left")
            .map(elements)
            .unwrap_or_default();
        for target in targets {
            let element = Carrier {
                sure: false,
                ..carrier.element()
            };
            match declared(self.facts, target) {
                Some(id) => self.object(id, &element, target),
                None => self.bind(target, &element),
            }
        }
    }
}

/// Methods that give nothing which holds on to their receiver, whatever its type.
const UNIVERSAL: &[&str] = &[
    "Close", "Read", "Write", "Error", "Err", "String", "Len", "Stop", "Done",
];

/// Whether a call is that of a `go` statement.
pub(super) fn is_started(call: Node<'_>) -> bool {
    call.parent().is_some_and(|p| p.kind() == "go_statement")
}

/// An expression with the parentheses around it.
fn outermost(mut node: Node<'_>) -> Node<'_> {
    while let Some(parent) = node
        .parent()
        .filter(|p| p.kind() == "parenthesized_expression")
    {
        node = parent;
    }
    node
}

/// Whether a variable holds an error, by Go's custom.
fn is_error_name(name: &str) -> bool {
    name.starts_with("err") || name.ends_with("Err") || name.ends_with("Error") || name == "_"
}
