//! Types of composite literals, index and slice expressions, and operators (<https://go.dev/ref/spec#Expressions>).

use std::sync::Arc;

use tree_sitter::Node;

use super::{Operand, Typing};
use crate::go::types::{Direction, Type, Untyped};

impl Typing<'_> {
    pub(super) fn composite(&self, node: Node<'_>) -> Type {
        let Some(written) = node.child_by_field_name("type") else {
            return Type::Unknown;
        };
        if written.kind() != "implicit_length_array_type" {
            return self.type_from(written);
        }
        let element = written
            .child_by_field_name("element")
            .map_or(Type::Unknown, |e| self.type_from(e));
        let mut cursor = node.walk();
        let length = node.child_by_field_name("body").and_then(|body| {
            let elements: Vec<_> = body
                .named_children(&mut cursor)
                .filter(|n| n.kind() != "comment")
                .collect();
            let has_keys = elements.iter().any(|n| n.kind() == "keyed_element");
            (!has_keys).then_some(elements.len() as u64)
        });
        Type::Array(length, Arc::new(element))
    }

    /// The type of a braced list, which an element of another literal need not write.
    pub(super) fn braced(&self, node: Node<'_>) -> Type {
        let Some(parent) = node.parent() else {
            return Type::Unknown;
        };
        if parent.kind() == "composite_literal" {
            return self.value(parent);
        }
        let keyed = parent.parent().filter(|n| n.kind() == "keyed_element");
        let is_key = keyed.is_some_and(|n| n.child_by_field_name("key") == Some(parent));
        let outer = keyed.unwrap_or(parent).parent();
        let outer = outer.filter(|n| n.kind() == "literal_value");
        match outer.map(|outer| self.shape_of(outer)) {
            Some(Type::Map(pair)) if is_key => pair.0.clone(),
            Some(Type::Map(pair)) => pair.1.clone(),
            Some(Type::Slice(element) | Type::Array(_, element)) if !is_key => (*element).clone(),
            _ => Type::Unknown,
        }
    }

    /// What the braces of a literal build: a struct, an array, a slice or a map.
    pub(in crate::go::types) fn shape_of(&self, braces: Node<'_>) -> Type {
        match self.core(&self.value(braces)) {
            // `&T` may be left out of `[]*T{{…}}`.
            Type::Pointer(inner) => self.core(&inner),
            other => other,
        }
    }

    /// Whether the keys of a literal are names of fields, by the braces around them; `None` where its type is not known.
    pub fn has_field_keys(&self, braces: Node<'_>) -> Option<bool> {
        match self.shape_of(braces) {
            Type::Struct(_) => Some(true),
            Type::Map(_) | Type::Slice(_) | Type::Array(..) => Some(false),
            _ => None,
        }
    }

    pub(super) fn index(&self, node: Node<'_>) -> Operand {
        let Some(operand) = node.child_by_field_name("operand") else {
            return Operand::Unknown;
        };
        match self.operand(operand) {
            Operand::Type(_) => Operand::Type(self.type_from(node)),
            Operand::Value(Type::Func(signature)) if !signature.type_params.is_empty() => {
                let Some(argument) = node.child_by_field_name("index") else {
                    return Operand::Unknown;
                };
                Operand::Value(self.instance(&signature, vec![self.type_from(argument)]))
            }
            Operand::Value(t) => Operand::Value(match self.core(&t) {
                Type::Slice(element) | Type::Array(_, element) => (*element).clone(),
                Type::Pointer(inner) => match self.core(&inner) {
                    Type::Array(_, element) => (*element).clone(),
                    _ => Type::Unknown,
                },
                Type::Map(pair) => pair.1.clone(),
                Type::Basic("string") | Type::Untyped(Untyped::String) => Type::Basic("byte"),
                _ => Type::Unknown,
            }),
            _ => Operand::Unknown,
        }
    }

    pub(super) fn slice(&self, t: &Type) -> Type {
        match self.core(t) {
            Type::Array(_, element) => (*element).clone().slice(),
            Type::Pointer(inner) => match self.core(&inner) {
                Type::Array(_, element) => (*element).clone().slice(),
                _ => Type::Unknown,
            },
            Type::Untyped(Untyped::String) => Type::Basic("string"),
            Type::Unknown => Type::Unknown,
            _ => t.clone(),
        }
    }

    pub(super) fn unary(&self, node: Node<'_>) -> Operand {
        let (Some(operator), Some(operand)) = (
            node.child_by_field_name("operator"),
            node.child_by_field_name("operand"),
        ) else {
            return Operand::Unknown;
        };
        let inner = self.operand(operand);
        match (self.parsed.text_of(operator), inner) {
            ("*", Operand::Type(t)) => Operand::Type(t.pointer()),
            ("*", Operand::Value(t)) => Operand::Value(match self.core(&t) {
                Type::Pointer(inner) => (*inner).clone(),
                _ => Type::Unknown,
            }),
            ("&", Operand::Value(Type::Unknown)) => Operand::Unknown,
            ("&", Operand::Value(t)) => Operand::Value(t.pointer()),
            ("<-", Operand::Value(t)) => Operand::Value(match self.core(&t) {
                Type::Chan(Direction::Both | Direction::Receive, element) => (*element).clone(),
                _ => Type::Unknown,
            }),
            (_, Operand::Value(t)) => Operand::Value(t),
            _ => Operand::Unknown,
        }
    }

    pub(super) fn binary(&self, node: Node<'_>) -> Type {
        let of = |name| {
            node.child_by_field_name(name)
                .map_or(Type::Unknown, |n| self.value(n))
        };
        let operator = node
            .child_by_field_name("operator")
            .map_or("", |n| self.parsed.text_of(n));
        match operator {
            "==" | "!=" | "<" | "<=" | ">" | ">=" => Type::Untyped(Untyped::Bool),
            "<<" | ">>" => match of("left") {
                // A shift that is not constant takes the type of its context.
                Type::Untyped(_) if !matches!(of("right"), Type::Untyped(_)) => Type::Unknown,
                t => t,
            },
            _ => operands_type(of("left"), of("right")),
        }
    }
}

/// The type of `a + b`: both have it, unless one is an untyped constant.
pub(super) fn operands_type(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::Untyped(a), Type::Untyped(b)) => Type::Untyped(a.max(b)),
        (Type::Untyped(_) | Type::Unknown, other) | (other, _) => match other {
            Type::Untyped(_) => Type::Unknown,
            other => other,
        },
    }
}
