//! Types of calls, of predeclared functions too, and of generic functions whose type arguments are written or inferred
//! (<https://go.dev/ref/spec#Calls>, <https://go.dev/ref/spec#Type_inference>).

use std::sync::Arc;

use tree_sitter::Node;

use super::{Operand, Typing, operators::operands_type};
use crate::go::types::{
    Signature, Type,
    generics::{Bindings, in_signature, unify, unify_constraints},
};

impl Typing<'_> {
    pub(super) fn call(&self, node: Node<'_>) -> Type {
        let (Some(function), Some(arguments)) = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        ) else {
            return Type::Unknown;
        };
        let mut cursor = arguments.walk();
        let arguments: Vec<Node<'_>> = arguments
            .named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .collect();
        let mut callee = self.operand(function);
        if let Some(args) = node.child_by_field_name("type_arguments") {
            callee = self.with_type_args(callee, args);
        }
        match callee {
            Operand::Type(t) => t,
            Operand::Builtin(name) => self.builtin(&name, &arguments),
            Operand::Value(t) => match self.core(&t) {
                Type::Func(signature) if signature.type_params.is_empty() => signature.result(),
                Type::Func(signature) => self.inferred(&signature, &arguments).result(),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// A generic function or type with the arguments of a node's bracket.
    fn with_type_args(&self, generic: Operand, args: Node<'_>) -> Operand {
        let mut cursor = args.walk();
        let types: Vec<Type> = args
            .named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .map(|n| self.type_argument(n))
            .collect();
        match generic {
            Operand::Value(Type::Func(signature)) => {
                Operand::Value(self.instance(&signature, types))
            }
            _ => Operand::Unknown,
        }
    }

    /// A generic function with its first type arguments, and those that follow from them.
    pub(super) fn instance(&self, signature: &Signature, args: Vec<Type>) -> Type {
        let params = &signature.type_params;
        let mut bound: Bindings = params
            .iter()
            .map(|p| Arc::clone(&p.name))
            .zip(args)
            .collect();
        unify_constraints(params, &mut bound, &|t| self.underlying(t));
        Type::Func(Arc::new(in_signature(signature, &bound)))
    }

    fn type_argument(&self, node: Node<'_>) -> Type {
        if node.kind() == "type_elem" {
            return node
                .named_child(0)
                .map_or(Type::Unknown, |inner| self.type_argument(inner));
        }
        self.type_from(node)
    }

    /// `f[int]` or `T[int]`.
    pub(super) fn instantiated(&self, node: Node<'_>) -> Operand {
        let Some(generic) = node.child_by_field_name("type").or(node.named_child(0)) else {
            return Operand::Unknown;
        };
        let base = match generic.kind() {
            "qualified_type" => self.qualified_operand(generic),
            _ => self.operand(generic),
        };
        match base {
            Operand::Type(_) => Operand::Type(self.type_from(node)),
            Operand::Value(Type::Func(_)) => match node.child_by_field_name("type_arguments") {
                Some(args) => self.with_type_args(base, args),
                None => Operand::Unknown,
            },
            _ => Operand::Unknown,
        }
    }

    /// What `package.Name` stands for where the grammar takes it for a type.
    fn qualified_operand(&self, node: Node<'_>) -> Operand {
        let (Some(package), Some(name)) = (
            node.child_by_field_name("package"),
            node.child_by_field_name("name"),
        ) else {
            return Operand::Unknown;
        };
        let Operand::Package(path) = self.operand(package) else {
            return Operand::Unknown;
        };
        match self.world.package(&path) {
            Some(package) => self.package_member(&package, self.parsed.text_of(name)),
            None => Operand::Unknown,
        }
    }

    fn inferred(&self, signature: &Signature, arguments: &[Node<'_>]) -> Signature {
        let params = &signature.type_params;
        let mut bound = Bindings::new();
        let underlying = |t: &Type| self.underlying(t);
        let given: Vec<Type> = match arguments {
            [one] => match self.value(*one) {
                Type::Tuple(types) => (*types).clone(),
                t => vec![t],
            },
            many => many.iter().map(|n| self.value(*n)).collect(),
        };
        let last = signature.params.len().saturating_sub(1);
        let pattern_of = |index: usize| match signature.params.get(index.min(last)) {
            Some(Type::Slice(element)) if signature.variadic && index >= last => {
                Some((**element).clone())
            }
            other => other.cloned(),
        };
        for (index, t) in given.iter().enumerate() {
            if matches!(t, Type::Func(f) if !f.type_params.is_empty()) {
                continue; // its own type parameters are not ours
            }
            if let Some(pattern) = pattern_of(index) {
                unify(&pattern, t, params, &mut bound, &underlying);
            }
        }
        unify_constraints(params, &mut bound, &underlying);
        // Untyped constants count for what no other argument says.
        for (index, t) in given.iter().enumerate() {
            if let (Some(pattern @ Type::TypeParam(_)), Type::Untyped(_)) = (pattern_of(index), t) {
                unify(
                    &pattern,
                    &t.clone().defaulted(),
                    params,
                    &mut bound,
                    &underlying,
                );
            }
        }
        unify_constraints(params, &mut bound, &underlying);
        for param in params {
            bound
                .entry(Arc::clone(&param.name))
                .or_insert(Type::Unknown);
        }
        in_signature(signature, &bound)
    }

    fn builtin(&self, name: &str, arguments: &[Node<'_>]) -> Type {
        let first = || arguments.first().map_or(Type::Unknown, |n| self.value(*n));
        match name {
            "len" | "cap" | "copy" => Type::Basic("int"),
            "append" => first(),
            "make" => arguments
                .first()
                .map_or(Type::Unknown, |n| self.type_argument(*n)),
            "new" => match arguments.first().map(|n| self.operand(*n)) {
                Some(Operand::Type(t)) => t.pointer(),
                Some(Operand::Value(t)) => match t.defaulted() {
                    Type::Unknown => Type::Unknown,
                    t => t.pointer(),
                },
                _ => Type::Unknown,
            },
            "min" | "max" => arguments
                .iter()
                .map(|n| self.value(*n))
                .reduce(operands_type)
                .unwrap_or(Type::Unknown),
            "recover" => Type::predeclared("any").unwrap_or(Type::Unknown),
            "complex" => match first() {
                Type::Basic("float32") => Type::Basic("complex64"),
                Type::Basic("float64") => Type::Basic("complex128"),
                _ => Type::Unknown,
            },
            "real" | "imag" => match first() {
                Type::Basic("complex64") => Type::Basic("float32"),
                Type::Basic("complex128") => Type::Basic("float64"),
                _ => Type::Unknown,
            },
            "unsafe.Sizeof" | "unsafe.Alignof" | "unsafe.Offsetof" => Type::Basic("uintptr"),
            "unsafe.Add" => Type::Basic("unsafe.Pointer"),
            "unsafe.String" => Type::Basic("string"),
            "unsafe.StringData" => Type::Basic("byte").pointer(),
            "unsafe.Slice" => match self.core(&first()) {
                Type::Pointer(t) => (*t).clone().slice(),
                _ => Type::Unknown,
            },
            "unsafe.SliceData" => match self.core(&first()) {
                Type::Slice(t) => (*t).clone().pointer(),
                _ => Type::Unknown,
            },
            "print" | "println" | "panic" | "close" | "delete" | "clear" => {
                Type::Tuple(Arc::default())
            }
            _ => Type::Unknown,
        }
    }
}
