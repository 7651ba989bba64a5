//! The types of the objects that a file declares, by the statements that declare them.

use std::sync::Arc;

use tree_sitter::Node;

use super::{
    Named, Type, Untyped,
    generics::substitute,
    typing::{Operand, Typing},
};
use crate::go::scope::{DeclId, Kind};

impl Typing<'_> {
    /// The identifier that declares an object.
    pub(super) fn node_of(&self, id: DeclId) -> Option<Node<'_>> {
        let range = &self.scope.declaration(id).range;
        self.parsed
            .root()
            .named_descendant_for_byte_range(range.start, range.end)
    }

    /// The type of a declared variable, constant or function; unknown while it is being worked out.
    pub(super) fn declared(&self, id: DeclId) -> Type {
        if let Some(found) = self.memo.declared.borrow().get(&id) {
            return found.clone();
        }
        if !self.memo.busy.borrow_mut().insert(id) {
            return Type::Unknown;
        }
        let found = self
            .node_of(id)
            .map_or(Type::Unknown, |node| self.declared_by(id, node));
        self.memo.busy.borrow_mut().remove(&id);
        self.memo.declared.borrow_mut().insert(id, found.clone());
        found
    }

    fn declared_by(&self, id: DeclId, node: Node<'_>) -> Type {
        let Some(parent) = node.parent() else {
            return Type::Unknown;
        };
        match (self.scope.declaration(id).kind, parent.kind()) {
            (Kind::TypeSwitchVar, _) => self.switch_variable(id, node),
            (_, "parameter_declaration") => self.written(parent),
            (_, "variadic_parameter_declaration") => match self.written(parent) {
                Type::Unknown => Type::Unknown,
                t => t.slice(),
            },
            (_, "function_declaration") => self.signature_of(parent),
            (_, "var_spec") => match self.written(parent) {
                Type::Unknown if parent.child_by_field_name("type").is_none() => {
                    let mut cursor = parent.walk();
                    let names: Vec<_> =
                        parent.children_by_field_name("name", &mut cursor).collect();
                    let index = names.iter().position(|n| n.id() == node.id()).unwrap_or(0);
                    parent
                        .child_by_field_name("value")
                        .map_or(Type::Unknown, |values| {
                            self.of_values(values, index, names.len())
                        })
                }
                t => t,
            },
            (_, "const_spec") => self.constant(parent, node),
            (_, "expression_list") => self.in_list(parent, node),
            _ => Type::Unknown,
        }
    }

    fn written(&self, declaration: Node<'_>) -> Type {
        declaration
            .child_by_field_name("type")
            .map_or(Type::Unknown, |t| self.type_from(t))
    }

    /// The variable at `node` in the list on the left of an assignment.
    fn in_list(&self, list: Node<'_>, node: Node<'_>) -> Type {
        let mut cursor = list.walk();
        let names: Vec<_> = list
            .named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .collect();
        let index = names.iter().position(|n| n.id() == node.id()).unwrap_or(0);
        let Some(statement) = list.parent() else {
            return Type::Unknown;
        };
        let Some(right) = statement.child_by_field_name("right") else {
            return Type::Unknown;
        };
        match statement.kind() {
            "range_clause" => self.ranged(right, index),
            "receive_statement" => self.nth_of(right, index).defaulted(),
            "short_var_declaration" => self.of_values(right, index, names.len()),
            _ => Type::Unknown,
        }
    }

    /// The variable `index` of `count` that these values initialise.
    fn of_values(&self, values: Node<'_>, index: usize, count: usize) -> Type {
        let mut cursor = values.walk();
        let values: Vec<_> = values
            .named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .collect();
        let found = match values.as_slice() {
            [one] if count > 1 => self.nth_of(*one, index),
            many => many.get(index).map_or(Type::Unknown, |n| self.value(*n)),
        };
        found.defaulted()
    }

    /// The value `index` of an expression that gives several: a call, or one with a second value that says whether it
    /// was there.
    pub(super) fn nth_of(&self, node: Node<'_>, index: usize) -> Type {
        match node.kind() {
            "parenthesized_expression" => node
                .named_child(0)
                .map_or(Type::Unknown, |inner| self.nth_of(inner, index)),
            "call_expression" | "type_conversion_expression" => match self.value(node) {
                Type::Tuple(types) => types.get(index).cloned().unwrap_or(Type::Unknown),
                _ => Type::Unknown,
            },
            _ if index == 1 => Type::Basic("bool"),
            _ => self.value(node),
        }
    }

    /// <https://go.dev/ref/spec#For_range>
    fn ranged(&self, over: Node<'_>, index: usize) -> Type {
        let t = self.value(over);
        let pick = |first: Type, second: Type| if index == 0 { first } else { second };
        let int = || Type::Basic("int");
        match self.core(&t) {
            Type::Slice(element) | Type::Array(_, element) => pick(int(), (*element).clone()),
            Type::Pointer(inner) => match self.core(&inner) {
                Type::Array(_, element) => pick(int(), (*element).clone()),
                _ => Type::Unknown,
            },
            Type::Map(pair) => pick(pair.0.clone(), pair.1.clone()),
            Type::Chan(_, element) => (*element).clone(),
            Type::Basic("string") | Type::Untyped(Untyped::String) => {
                pick(int(), Type::Basic("int32"))
            }
            Type::Untyped(Untyped::Int) => int(),
            Type::Untyped(Untyped::Rune) => Type::Basic("int32"),
            Type::Basic(_) => t,
            Type::Func(signature) => match signature.params.as_slice() {
                [yields] => match self.core(yields) {
                    Type::Func(yields) => {
                        yields.params.get(index).cloned().unwrap_or(Type::Unknown)
                    }
                    _ => Type::Unknown,
                },
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// A constant's type; a spec without values repeats the one before.
    fn constant(&self, spec: Node<'_>, node: Node<'_>) -> Type {
        let mut cursor = spec.walk();
        let names: Vec<_> = spec
            .children_by_field_name("name", &mut cursor)
            .filter(Node::is_named)
            .collect();
        let index = names.iter().position(|n| n.id() == node.id()).unwrap_or(0);
        let mut from = spec;
        while from.child_by_field_name("value").is_none() {
            match from.prev_named_sibling() {
                Some(before) => from = before,
                None => return Type::Unknown,
            }
        }
        if from.child_by_field_name("type").is_some() {
            return self.written(from);
        }
        let Some(values) = from.child_by_field_name("value") else {
            return Type::Unknown;
        };
        let mut cursor = values.walk();
        let values: Vec<_> = values
            .named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .collect();
        values.get(index).map_or(Type::Unknown, |n| self.value(*n))
    }

    /// The symbol of a type switch in one of its clauses: of the clause's type if that is one, else of what is switched on.
    fn switch_variable(&self, id: DeclId, node: Node<'_>) -> Type {
        let mut switch = node;
        while switch.kind() != "type_switch_statement" {
            match switch.parent() {
                Some(parent) => switch = parent,
                None => return Type::Unknown,
            }
        }
        let whole = || {
            switch
                .child_by_field_name("value")
                .map_or(Type::Unknown, |n| self.value(n))
        };
        let scope = &self.scope.declaration(id).scope;
        let mut cursor = switch.walk();
        let clause = switch
            .named_children(&mut cursor)
            .filter(|n| n.kind() == "type_case")
            .find(|n| {
                !scope.is_empty()
                    && n.start_byte() <= scope.start
                    && scope.start <= n.end_byte()
                    && ends_before(*n, scope.start)
            });
        let Some(clause) = clause else {
            return whole();
        };
        let mut cursor = clause.walk();
        let types: Vec<_> = clause
            .children_by_field_name("type", &mut cursor)
            .filter(Node::is_named)
            .collect();
        match types.as_slice() {
            [one] if self.parsed.text_of(*one) != "nil" => self.type_from(*one),
            _ => whole(),
        }
    }

    /// A type that a function declares.
    pub(super) fn local_type(&self, id: DeclId, args: Vec<Type>) -> Type {
        let declaration = self.scope.declaration(id);
        let Some(spec) = self.node_of(id).and_then(|n| n.parent()) else {
            return Type::Unknown;
        };
        if spec.kind() == "type_alias" {
            if !self.memo.busy.borrow_mut().insert(id) {
                return Type::Unknown;
            }
            let found = self.written(spec);
            self.memo.busy.borrow_mut().remove(&id);
            return found;
        }
        Type::Named(Arc::new(Named {
            path: Arc::clone(&self.world.own.path),
            name: declaration.name.as_str().into(),
            args,
            local: declaration.range.start,
        }))
    }

    /// What stands on the right of the declaration of a type that a function declares.
    pub(super) fn local_right_side(&self, named: &Named) -> Type {
        let at = named.local;
        let spec = self
            .parsed
            .root()
            .named_descendant_for_byte_range(at, at + named.name.len())
            .and_then(|n| n.parent());
        let Some(spec) = spec else {
            return Type::Unknown;
        };
        let found = self.written(spec);
        if named.args.is_empty() {
            return found;
        }
        let Some(params) = spec.child_by_field_name("type_parameters") else {
            return Type::Unknown;
        };
        let text = self.parsed.text();
        let params =
            super::parse::type_param_names(text, params.start_byte() + 1, params.end_byte(), false);
        let bound = params
            .iter()
            .map(|n| n.as_str().into())
            .zip(named.args.iter().cloned())
            .collect();
        substitute(&found, &bound)
    }

    /// Whether a node is a type rather than a value.
    pub fn is_type(&self, node: Node<'_>) -> bool {
        matches!(self.operand(node), Operand::Type(_))
    }
}

/// Whether the list of types of a clause ends at or before this byte.
fn ends_before(clause: Node<'_>, at: usize) -> bool {
    let mut cursor = clause.walk();
    clause
        .children_by_field_name("type", &mut cursor)
        .last()
        .is_none_or(|last| last.end_byte() <= at)
}
