//! What a call does with a value that it is given.

use tree_sitter::Node;

use super::{
    Carrier, MAX_CALLS, Search,
    borrow::{holders, is_borrowed},
    uses::is_started,
};
use crate::{
    go::scope::Resolution,
    matcher::{
        object::resolve,
        resources::Resources,
        typing::{Callee, callee, elements, signature},
    },
};

impl<'t> Search<'_, 't> {
    /// A value stands among the arguments of a call.
    pub(super) fn given(&mut self, list: Node<'t>, value: Node<'t>, carrier: &Carrier) {
        let Some(call) = list.parent().filter(|p| p.kind() == "call_expression") else {
            return self.not_known(value, "used in an unknown way");
        };
        if is_started(call) {
            return self.leaves(carrier, call, "used in a `go` statement");
        }
        let arguments = elements(list);
        let Some(index) = arguments.iter().position(|a| *a == value) else {
            return self.not_known(value, "used in an unknown way");
        };
        match callee(self.facts, self.table, call) {
            Callee::Builtin(name) => self.given_to_builtin(name, call, index, carrier),
            Callee::Conversion => self.follow(call, carrier),
            Callee::Imported(name) | Callee::Method(name) => {
                self.given_to_named(&name, call, index, carrier);
            }
            Callee::Known(function) => self.given_to_known(function, call, index, carrier),
            Callee::Unknown => self.given_to_unknown(call, index, carrier),
        }
    }

    fn given_to_builtin(&mut self, name: &str, call: Node<'t>, index: usize, carrier: &Carrier) {
        match name {
            "len" | "cap" | "close" | "delete" | "print" | "println" | "clear" | "min" | "max"
            | "recover" | "real" | "imag" | "make" | "new" | "complex" => {}
            "append" if index > 0 => self.leaves(carrier, call, "appended to a slice"),
            "copy" if index == 0 => {}
            "copy" => self.not_known(call, "copied into a slice"),
            "panic" => self.leaves(carrier, call, "given to `panic`"),
            // The slice itself, or a conversion to a predeclared type.
            _ => self.follow(call, carrier),
        }
    }

    /// A function or method that the table may list.
    fn given_to_named(&mut self, name: &str, call: Node<'t>, index: usize, carrier: &Carrier) {
        let table: &Resources = self.table;
        let Some(function) = table.function(name) else {
            return self.given_to_unknown(call, index, carrier);
        };
        if function.starts {
            return self.leaves(carrier, call, format!("given to `{name}`, which keeps it,"));
        }
        if let Some(kind) = &function.wraps {
            let wrapper = Carrier {
                kind: Some(kind.clone()),
                function: false,
                ..carrier.clone()
            };
            self.gives(call, Some(function.result), &wrapper);
        }
    }

    /// A call whose result holds on to the object.
    fn gives(&mut self, call: Node<'t>, result: Option<usize>, carrier: &Carrier) {
        self.results.push((call, result));
        self.follow(call, carrier);
        self.results.pop();
    }

    /// By Go's custom a context is borrowed by the calls it is given to, but what they give may hold on to it.
    fn given_to_unknown(&mut self, call: Node<'t>, index: usize, carrier: &Carrier) {
        let function = call
            .child_by_field_name("function")
            .map_or("", |f| self.facts.parsed.text_of(f));
        let function = function.lines().next().unwrap_or_default();
        let name = function.rsplit('.').next().unwrap_or_default();
        if carrier.context && !carrier.function && self.table.keeps_context(name) {
            let what = format!("given to `{function}`, which may go on with it,");
            return self.not_known(call, what);
        }
        let signature = signature(self.facts, call);
        let borrowed = signature
            .as_ref()
            .is_some_and(|s| is_borrowed(self.facts, self.table, call, index, s, carrier));
        if borrowed || (carrier.context && !carrier.function) {
            let holders = signature.map(|s| holders(self.facts, &s));
            if holders.as_ref().is_some_and(Vec::is_empty) {
                return;
            }
            let only = holders.filter(|h| h.len() == 1).map(|h| h[0]);
            let made = Carrier {
                kind: None,
                sure: false,
                ..carrier.clone()
            };
            return self.gives(call, only, &made);
        }
        self.not_known(call, format!("given to `{function}`, which may keep it,"));
    }

    /// A function of this file is looked into.
    fn given_to_known(
        &mut self,
        function: Node<'t>,
        call: Node<'t>,
        index: usize,
        carrier: &Carrier,
    ) {
        let recursive = function == self.owner || self.callers.contains(&function);
        if recursive || self.callers.len() >= MAX_CALLS {
            return self.not_known(
                call,
                "given to a function that calls itself, or others too deep,",
            );
        }
        if function.child_by_field_name("body").is_none() {
            return self.given_to_unknown(call, index, carrier);
        }
        let parameter = match parameter(function, index) {
            Parameter::Named(name) => name,
            Parameter::Unnamed => return,
            Parameter::Unclear => {
                return self.not_known(call, "given to a function as one of several");
            }
        };
        let Resolution::Declared(id) = resolve(self.facts, parameter) else {
            return;
        };
        let mut callers = self.callers.clone();
        callers.push(self.owner);
        let mut inner = Search::new(self.facts, self.table, function, callers);
        inner.followed = self.followed;
        inner.object(id, carrier, parameter);
        self.followed = inner.followed;
        let at = |node: Node<'t>, what: &str| {
            format!(
                "given to a function that has it {what} at line {}; called",
                node.start_position().row + 1
            )
        };
        if let Some((node, what)) = inner.left.first() {
            return self.leaves(
                &Carrier {
                    sure: true,
                    ..carrier.clone()
                },
                call,
                at(*node, what),
            );
        }
        if let Some((node, what)) = inner.unsure.first() {
            return self.not_known(call, at(*node, what));
        }
        if let Some(sure) = inner.returned {
            self.gives(
                call,
                None,
                &Carrier {
                    kind: None,
                    sure,
                    ..carrier.clone()
                },
            );
        }
    }
}

/// A parameter by position.
enum Parameter<'t> {
    Named(Node<'t>),
    Unnamed,
    Unclear,
}

fn parameter(function: Node<'_>, index: usize) -> Parameter<'_> {
    let mut position = 0;
    let list = function.child_by_field_name("parameters");
    for declaration in list.map(elements).unwrap_or_default() {
        if declaration.kind() != "parameter_declaration" {
            return Parameter::Unclear;
        }
        let mut cursor = declaration.walk();
        let names: Vec<_> = declaration
            .children_by_field_name("name", &mut cursor)
            .collect();
        let count = names.len().max(1);
        if index < position + count {
            return names
                .get(index - position)
                .map_or(Parameter::Unnamed, |n| Parameter::Named(*n));
        }
        position += count;
    }
    Parameter::Unclear
}
