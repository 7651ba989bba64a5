//! What a call does with a value that it is given.

use tree_sitter::Node;

use super::{
    Carrier, MAX_CALLS, Search,
    awaited::is_awaited,
    borrow::{holders, is_borrowed},
    elsewhere::bodies,
    frame,
    uses::is_started,
};
use crate::{
    go::{index::uses, scope::Resolution, types::Type},
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
        let callee = callee(self.facts, self.table, call);
        match callee {
            Callee::Builtin(name) => self.given_to_builtin(name, call, index, carrier),
            Callee::Conversion => self.follow(call, carrier),
            Callee::Known(function) => self.given_to_known(function, call, index, carrier),
            Callee::Imported(ref name) | Callee::Method(ref name)
                if self.table.function(name).is_some() =>
            {
                self.given_to_named(name, call, index, carrier);
            }
            Callee::Imported(_) | Callee::Method(_) | Callee::Unknown => {
                match bodies(self.facts, call, &callee).as_slice() {
                    [] => self.given_to_unknown(call, index, carrier),
                    bodies => self.given_to_bodies(bodies, call, index, carrier),
                }
            }
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

    /// A function or method that the table lists.
    fn given_to_named(&mut self, name: &str, call: Node<'t>, index: usize, carrier: &Carrier) {
        let table: &Resources = self.table;
        let Some(function) = table.function(name) else {
            return self.given_to_unknown(call, index, carrier);
        };
        if function.starts && carrier.function && is_awaited(self.facts, call) {
            return;
        }
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
        } else if carrier.fits_plain_types() && !is_unused(call) {
            // `fmt.Sprintf("%s/name", dir)`: the text that comes out may be a path in it.
            self.spelled(call, carrier);
        }
    }

    /// A call that may give back a number or text made from the one it is given.
    fn spelled(&mut self, call: Node<'t>, carrier: &Carrier) {
        let results = signature(self.facts, call).map(|s| s.results.clone());
        let Some(results) = results else {
            return self.not_known(call, "given to a call whose results are not known");
        };
        let is_text = |kind: &Type| match kind {
            Type::Basic(name) => *name == "string",
            Type::Slice(_) => true,
            _ => false,
        };
        if let Some(result) = results.iter().position(is_text) {
            let made = Carrier {
                sure: false,
                ..carrier.clone()
            };
            self.gives(call, Some(result), &made);
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

    /// A call leads back to a function that is being looked into.
    pub(super) fn in_circle(&mut self, call: Node<'t>) {
        self.circle |= self.in_callee();
        self.not_known(call, "given to a function that calls itself");
    }

    /// A function is called too deep to be looked into.
    pub(super) fn given_too_deep(&mut self, call: Node<'t>, index: usize, carrier: &Carrier) {
        if carrier.context && !carrier.function {
            return self.given_to_unknown(call, index, carrier);
        }
        self.not_known(call, "given to a function that calls others too deep");
    }

    /// A call that returns what is made from its argument.
    pub(super) fn gives_back(&mut self, call: Node<'t>, sure: bool, carrier: &Carrier) {
        let holders = signature(self.facts, call).map(|s| holders(self.facts, &s));
        let only = holders.filter(|h| h.len() == 1).map(|h| h[0]);
        let made = Carrier {
            kind: None,
            sure,
            ..carrier.clone()
        };
        self.gives(call, only, &made);
    }

    /// A function of this file is looked into.
    fn given_to_known(
        &mut self,
        function: Node<'t>,
        call: Node<'t>,
        index: usize,
        carrier: &Carrier,
    ) {
        let is_here = |of: &uses::Parameter| {
            of.function == function.start_byte()
                && *of.file == *self.facts.file.path.to_string_lossy()
        };
        if self.frames.iter().any(is_here) {
            return self.in_circle(call);
        }
        if self.frames.len() > MAX_CALLS {
            return self.given_too_deep(call, index, carrier);
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
        let mut frames = self.frames.clone();
        frames.push(frame(self.facts, function, Some(index), ""));
        let mut inner = Search::new(self.facts, self.table, function, frames);
        inner.followed = self.followed;
        inner.object(id, carrier, parameter);
        self.followed = inner.followed;
        self.visits.append(&mut inner.visits);
        if inner.circle {
            return self.in_circle(call);
        }
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
            self.gives_back(call, sure, carrier);
        }
    }
}

/// Whether nothing is done with what a call gives.
fn is_unused(call: Node<'_>) -> bool {
    call.parent().is_some_and(|p| {
        matches!(
            p.kind(),
            "expression_statement" | "defer_statement" | "go_statement"
        )
    })
}

/// A parameter by position.
pub(super) enum Parameter<'t> {
    Named(Node<'t>),
    Unnamed,
    Unclear,
}

/// The parameter that an argument goes to.
pub(super) fn parameter(function: Node<'_>, index: usize) -> Parameter<'_> {
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
