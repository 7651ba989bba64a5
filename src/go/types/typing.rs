//! The types of a file's expressions, worked out when asked for and remembered.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

use tree_sitter::Node;

use super::{
    Direction, Named, Signature, Type, TypeParam, Untyped,
    generics::{Bindings, in_signature, unify, unify_constraints},
    members::{Lookup, Member},
    parse::{self, Names},
    world::{World, only},
};
use crate::go::{
    index::{
        Index,
        package::{Entry, Package},
        scan::{self, Declared},
    },
    scope::{DeclId, Kind, Resolution, Scope},
    syntax::Parsed,
};

/// How deep expressions and declarations may lead into one another.
const DEPTH: usize = 120;
/// How many initial values of package-level variables may lead into one another.
const SNIPPETS: usize = 6;

/// What has been worked out for one file.
#[derive(Debug, Default)]
pub struct Memo {
    own: OnceCell<Arc<Package>>,
    operands: RefCell<HashMap<usize, Operand>>,
    pub(super) declared: RefCell<HashMap<DeclId, Type>>,
    pub(super) busy: RefCell<HashSet<DeclId>>,
    pub(super) right_sides: RefCell<HashMap<Arc<Named>, Type>>,
    package_variables: RefCell<HashMap<(Arc<str>, String), Type>>,
    depth: Cell<usize>,
}

/// The types of one file.
#[derive(Debug)]
pub struct Typing<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) scope: &'a Scope,
    pub(super) world: World<'a>,
    pub(super) memo: &'a Memo,
    /// How many files have led here by the initial values of their variables.
    snippets: usize,
}

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Value(Type),
    Type(Type),
    Package(Arc<str>),
    Builtin(String),
    Unknown,
}

impl<'a> Typing<'a> {
    /// Of the file at `path`, relative to the root of the file set. `memo` must be used for this file only.
    pub fn new(
        parsed: &'a Parsed,
        scope: &'a Scope,
        path: &Path,
        index: Option<&'a Index<'a>>,
        memo: &'a Memo,
    ) -> Self {
        let folder = path
            .parent()
            .map_or_else(String::new, |p| p.to_string_lossy().replace('\\', "/"));
        let own = memo
            .own
            .get_or_init(|| own_package(parsed, path, &folder, index));
        let world = World {
            index,
            folder,
            own: Arc::clone(own),
        };
        Self {
            parsed,
            scope,
            world,
            memo,
            snippets: 0,
        }
    }

    /// The path that types of the file's own package have.
    pub fn own_path(&self) -> Arc<str> {
        Arc::clone(&self.world.own.path)
    }

    /// Whether all that the package at `path` declares by this name are functions, and there is one.
    pub fn declares_function(&self, path: &str, name: &str) -> bool {
        self.world.package(path).is_some_and(|package| {
            let found = package.declared(name);
            let is_function =
                |entry| matches!(package.declaration(entry).2, scan::Declared::Func(_));
            !found.is_empty() && found.iter().all(|entry| is_function(*entry))
        })
    }

    /// The type of an expression, if it is known; untyped where it is a constant without a type.
    pub fn type_of(&self, node: Node<'_>) -> Option<Type> {
        let found = match node.kind() {
            // The name that a declaration gives, and what a clause of a statement holds.
            "literal_element" | "expression_statement" => {
                return self.type_of(node.named_child(0)?);
            }
            _ => self.value(node),
        };
        // A generic function is instantiated by its context; until then it is no value.
        let is_generic = matches!(&found, Type::Func(f) if !f.type_params.is_empty());
        (found.is_known() && !is_generic).then_some(found)
    }

    /// The type of an expression, with its parts unknown where they are.
    pub(super) fn value(&self, node: Node<'_>) -> Type {
        match self.operand(node) {
            Operand::Value(t) => t,
            _ => Type::Unknown,
        }
    }

    pub(super) fn operand(&self, node: Node<'_>) -> Operand {
        if let Some(found) = self.memo.operands.borrow().get(&node.id()) {
            return found.clone();
        }
        if self.memo.depth.get() >= DEPTH {
            return Operand::Unknown;
        }
        self.memo.depth.set(self.memo.depth.get() + 1);
        let found = self.find(node);
        self.memo.depth.set(self.memo.depth.get() - 1);
        // What lies at the bottom of a deep chain may be known to one who comes from nearer.
        if found != Operand::Unknown || self.memo.depth.get() == 0 {
            self.memo
                .operands
                .borrow_mut()
                .insert(node.id(), found.clone());
        }
        found
    }

    fn find(&self, node: Node<'_>) -> Operand {
        let field = |name| node.child_by_field_name(name);
        let of_field = |name| field(name).map_or(Type::Unknown, |n| self.value(n));
        Operand::Value(match node.kind() {
            "identifier" | "type_identifier" | "package_identifier" | "blank_identifier" => {
                return self.identifier(node);
            }
            // These may be declared anew, as any predeclared name.
            "iota" | "true" | "false" | "nil" => return self.identifier(node),
            // `Name` of `package.Name` and `x.Name`.
            "field_identifier" => {
                return match node.parent().filter(|p| p.kind() == "selector_expression") {
                    Some(selector) => self.operand(selector),
                    None => Operand::Unknown,
                };
            }
            "int_literal" => Type::Untyped(Untyped::Int),
            "float_literal" => Type::Untyped(Untyped::Float),
            "imaginary_literal" => Type::Untyped(Untyped::Complex),
            "rune_literal" => Type::Untyped(Untyped::Rune),
            "interpreted_string_literal" | "raw_string_literal" => Type::Untyped(Untyped::String),
            "parenthesized_expression" | "parenthesized_type" => {
                return node
                    .named_child(0)
                    .map_or(Operand::Unknown, |inner| self.operand(inner));
            }
            "selector_expression" => return self.selector(node),
            "call_expression" => self.call(node),
            "composite_literal" => self.composite(node),
            "func_literal" => self.signature_of(node),
            "index_expression" => return self.index(node),
            "slice_expression" => self.slice(&of_field("operand")),
            "type_assertion_expression" | "type_conversion_expression" => {
                if node.kind() == "type_conversion_expression"
                    && let Some(generic) = field("type").filter(|t| t.kind() == "generic_type")
                    && let Operand::Value(Type::Func(signature)) = self.instantiated(generic)
                {
                    return Operand::Value(signature.result());
                }
                field("type").map_or(Type::Unknown, |t| self.converted(t))
            }
            "type_instantiation_expression" => return self.instantiated(node),
            "unary_expression" => return self.unary(node),
            "binary_expression" => self.binary(node),
            "qualified_type" | "generic_type" | "pointer_type" | "slice_type" | "array_type"
            | "map_type" | "channel_type" | "function_type" | "struct_type" | "interface_type" => {
                return Operand::Type(self.type_from(node));
            }
            _ => return Operand::Unknown,
        })
    }

    /// The type that a type's node writes.
    pub(super) fn type_from(&self, node: Node<'_>) -> Type {
        let end = node.end_byte();
        let text = self.parsed.text().get(..end).unwrap_or_default();
        if node.kind() == "implicit_length_array_type" {
            return Type::Unknown;
        }
        parse::type_at(text, node.start_byte(), false, &FileNames(self)).0
    }

    /// What a conversion to the type gives. The grammar takes `*(*T)(x)` for one to `*(*T)`; it is what `(*T)(x)` points
    /// to, as a type that starts with an operator stands in parentheses.
    fn converted(&self, ty: Node<'_>) -> Type {
        if self.parsed.text_of(ty).starts_with("<-") {
            return Type::Unknown;
        }
        if ty.kind() != "pointer_type"
            || ty
                .parent()
                .is_some_and(|p| p.kind() != "type_conversion_expression")
        {
            return self.type_from(ty);
        }
        match ty
            .named_child(0)
            .map(|inner| self.core(&self.type_from(inner)))
        {
            Some(Type::Pointer(pointed)) => (*pointed).clone(),
            _ => Type::Unknown,
        }
    }

    /// The type of a function's parameters and results.
    pub(super) fn signature_of(&self, node: Node<'_>) -> Type {
        let Some(params) = node
            .child_by_field_name("type_parameters")
            .or(node.child_by_field_name("parameters"))
        else {
            return Type::Unknown;
        };
        let end = node
            .child_by_field_name("body")
            .map_or(node.end_byte(), |body| body.start_byte());
        let text = self.parsed.text().get(..end).unwrap_or_default();
        let signature = parse::signature_at(text, params.start_byte(), false, &FileNames(self));
        Type::Func(Arc::new(signature))
    }

    fn identifier(&self, node: Node<'_>) -> Operand {
        let name = self.parsed.text_of(node);
        match self.scope.resolve(node) {
            Resolution::Declared(id) => match self.scope.declaration(id).kind {
                Kind::Type | Kind::TypeParam => Operand::Type(self.type_from(node)),
                Kind::Label => Operand::Unknown,
                _ => Operand::Value(self.declared(id)),
            },
            Resolution::Import(index) => self
                .world
                .imported_as(self.scope.imports(), name, Some(index))
                .map_or(Operand::Unknown, |path| Operand::Package(path.into())),
            Resolution::Universe if self.world.own.declared(name).is_empty() => predeclared(name),
            Resolution::Universe | Resolution::Unresolved => self.package_level(name),
            _ => Operand::Unknown,
        }
    }

    /// A name that the file does not declare.
    fn package_level(&self, name: &str) -> Operand {
        let own = &self.world.own;
        if !own.declared(name).is_empty() {
            return self.package_member(own, name);
        }
        if let Some(package) = self.world.dot_imported(self.scope.imports(), name) {
            return self.package_member(&package, name);
        }
        match self.world.imported_as(self.scope.imports(), name, None) {
            Some(path) => Operand::Package(path.into()),
            None => Operand::Unknown,
        }
    }

    fn package_member(&self, package: &Arc<Package>, name: &str) -> Operand {
        let mut found = Vec::new();
        for &entry in package.declared(name) {
            found.push(match package.declaration(entry).2 {
                Declared::Type { .. } => {
                    return Operand::Type(self.world.declared_type(package, name, Vec::new(), 0));
                }
                Declared::Func(_) => {
                    Type::Func(Arc::new(self.world.signature(package, entry, &[])))
                }
                Declared::Var { .. } | Declared::Const { .. } => {
                    self.package_variable(package, name, entry)
                }
                Declared::Method { .. } => Type::Unknown,
            });
        }
        Operand::Value(only(found))
    }

    fn package_variable(&self, package: &Arc<Package>, name: &str, entry: Entry) -> Type {
        let key = (Arc::clone(&package.path), format!("{name}.{}", entry.unit));
        if let Some(found) = self.memo.package_variables.borrow().get(&key) {
            return found.clone();
        }
        let (unit, _, declared) = package.declaration(entry);
        let found = match declared {
            Declared::Var { ty: Some(part), .. } | Declared::Const { ty: Some(part), .. } => {
                match unit.text[part.clone()].trim().strip_prefix("untyped ") {
                    Some(kind) => untyped(kind),
                    None => self.world.type_in(package, entry.unit, part.start),
                }
            }
            Declared::Var {
                value: Some(value),
                of_call,
                ..
            } => self.initial(package, entry, value, *of_call).defaulted(),
            Declared::Const {
                value: Some(value), ..
            } => self.initial(package, entry, value, None),
            _ => Type::Unknown,
        };
        self.memo
            .package_variables
            .borrow_mut()
            .insert(key, found.clone());
        found
    }

    /// The type of a package-level variable's initial value, read as if it stood alone in its file.
    fn initial(
        &self,
        package: &Arc<Package>,
        entry: Entry,
        value: &scan::Part,
        of_call: Option<usize>,
    ) -> Type {
        if self.snippets >= SNIPPETS {
            return Type::Unknown;
        }
        let unit = &package.units[entry.unit].1;
        let mut text = format!("package {}\n", unit.package);
        for import in &unit.imports {
            let name = import.name.as_deref().unwrap_or("");
            text.extend(["import ", name, " \"", &*import.path, "\"\n"]);
        }
        text.push_str("var _ = ");
        text.push_str(&unit.text[value.clone()]);
        text.push('\n');
        let parsed = Parsed::new(text.into());
        let scope = Scope::of(&parsed);
        let memo = Memo::default();
        let typing = Typing {
            parsed: &parsed,
            scope: &scope,
            world: World {
                own: Arc::clone(package),
                ..self.world.clone()
            },
            memo: &memo,
            snippets: self.snippets + 1,
        };
        let last = u32::try_from(parsed.root().named_child_count())
            .ok()
            .and_then(|n| n.checked_sub(1));
        let values = last
            .and_then(|last| parsed.root().named_child(last as _))
            .and_then(|var| var.named_child(0))
            .and_then(|spec| spec.child_by_field_name("value"));
        match (values.and_then(|values| values.named_child(0)), of_call) {
            (Some(value), Some(index)) => typing.nth_of(value, index),
            (Some(value), None) => typing.value(value),
            _ => Type::Unknown,
        }
    }

    fn selector(&self, node: Node<'_>) -> Operand {
        let (Some(operand), Some(field)) = (
            node.child_by_field_name("operand"),
            node.child_by_field_name("field"),
        ) else {
            return Operand::Unknown;
        };
        let name = self.parsed.text_of(field);
        match self.operand(operand) {
            Operand::Package(path) if &*path == "unsafe" => match name {
                "Pointer" => Operand::Type(Type::Basic("unsafe.Pointer")),
                _ => Operand::Builtin(format!("unsafe.{name}")),
            },
            Operand::Package(path) => match self.world.package(&path) {
                Some(package) => self.package_member(&package, name),
                None => Operand::Unknown,
            },
            Operand::Value(t) => Operand::Value(match self.member(&t, name) {
                Lookup::Found(Member::Field(t)) => t,
                Lookup::Found(Member::Method { signature, .. }) => Type::Func(Arc::new(signature)),
                _ => Type::Unknown,
            }),
            Operand::Type(t) => match self.member(&t, name) {
                Lookup::Found(Member::Method { mut signature, .. }) => {
                    signature.params.insert(0, t);
                    Operand::Value(Type::Func(Arc::new(signature)))
                }
                _ => Operand::Unknown,
            },
            _ => Operand::Unknown,
        }
    }

    fn call(&self, node: Node<'_>) -> Type {
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
    fn instance(&self, signature: &Signature, args: Vec<Type>) -> Type {
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
    fn instantiated(&self, node: Node<'_>) -> Operand {
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

    fn composite(&self, node: Node<'_>) -> Type {
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

    fn index(&self, node: Node<'_>) -> Operand {
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

    fn slice(&self, t: &Type) -> Type {
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

    fn unary(&self, node: Node<'_>) -> Operand {
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

    fn binary(&self, node: Node<'_>) -> Type {
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
fn operands_type(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::Untyped(a), Type::Untyped(b)) => Type::Untyped(a.max(b)),
        (Type::Untyped(_) | Type::Unknown, other) | (other, _) => match other {
            Type::Untyped(_) => Type::Unknown,
            other => other,
        },
    }
}

fn untyped(kind: &str) -> Type {
    Type::Untyped(match kind {
        "bool" => Untyped::Bool,
        "string" => Untyped::String,
        "rune" => Untyped::Rune,
        "float" => Untyped::Float,
        "complex" => Untyped::Complex,
        _ => Untyped::Int,
    })
}

fn predeclared(name: &str) -> Operand {
    match name {
        "true" | "false" => Operand::Value(Type::Untyped(Untyped::Bool)),
        "iota" => Operand::Value(Type::Untyped(Untyped::Int)),
        "nil" => Operand::Value(Type::Untyped(Untyped::Nil)),
        _ => {
            Type::predeclared(name).map_or_else(|| Operand::Builtin(name.to_owned()), Operand::Type)
        }
    }
}

/// The package of a file, as the index has it or of the file alone.
fn own_package(
    parsed: &Parsed,
    path: &Path,
    folder: &str,
    index: Option<&Index<'_>>,
) -> Arc<Package> {
    let unit = scan::scan(&parsed.text_arc());
    let name = path.to_string_lossy().replace('\\', "/");
    if let (Some(unit), Some(index)) = (&unit, index)
        && let Some(package) = index.package_in(folder, &unit.package)
        && package.units.iter().any(|(path, _)| *path == name)
    {
        return package;
    }
    let import_path = index
        .and_then(|index| index.import_path(folder))
        .unwrap_or_else(|| format!("./{folder}"));
    let units = unit
        .map(|unit| (name, Arc::new(unit)))
        .into_iter()
        .collect();
    Arc::new(Package::new(import_path.into(), units, false))
}

/// Names in the text of the file itself, found by its scopes.
pub(super) struct FileNames<'w, 'a>(pub(super) &'w Typing<'a>);

impl Names for FileNames<'_, '_> {
    fn plain(&self, at: usize, name: &str, args: Vec<Type>) -> Type {
        let typing = self.0;
        let world = &typing.world;
        match typing.scope.resolve_at(at) {
            Resolution::Declared(id) => {
                let declaration = typing.scope.declaration(id);
                match declaration.kind {
                    Kind::TypeParam => typing.type_param(id),
                    Kind::Type if declaration.owner.is_none() => {
                        world.declared_type(&world.own, name, args, 0)
                    }
                    Kind::Type => typing.local_type(id, args),
                    _ => Type::Unknown,
                }
            }
            Resolution::Import(_) => Type::Unknown,
            _ if !world.own.declared(name).is_empty() => {
                world.declared_type(&world.own, name, args, 0)
            }
            Resolution::Universe => Type::predeclared(name).unwrap_or(Type::Unknown),
            _ => match world.dot_imported(typing.scope.imports(), name) {
                Some(package) => world.declared_type(&package, name, args, 0),
                None => Type::Unknown,
            },
        }
    }

    fn qualified(&self, at: usize, package: &str, name: &str, args: Vec<Type>) -> Type {
        let guessed = match self.0.scope.resolve_at(at) {
            Resolution::Import(index) => Some(index),
            Resolution::Unresolved => None,
            _ => return Type::Unknown,
        };
        match self
            .0
            .world
            .imported_as(self.0.scope.imports(), package, guessed)
        {
            Some(path) => self.0.world.named(path, name, args, 0),
            None => Type::Unknown,
        }
    }
}

impl Typing<'_> {
    fn type_param(&self, id: DeclId) -> Type {
        let declaration = self.scope.declaration(id);
        let mut constraint = Type::Unknown;
        if self.memo.busy.borrow_mut().insert(id) {
            constraint = self
                .node_of(id)
                .and_then(|n| n.parent())
                .and_then(|p| p.child_by_field_name("type"))
                .map_or(Type::Unknown, |bound| self.constraint(bound));
            self.memo.busy.borrow_mut().remove(&id);
        }
        Type::TypeParam(Arc::new(TypeParam {
            name: declaration.name.as_str().into(),
            constraint,
        }))
    }

    fn constraint(&self, node: Node<'_>) -> Type {
        let text = self
            .parsed
            .text()
            .get(..node.end_byte())
            .unwrap_or_default();
        parse::constraint_at(text, node.start_byte(), &FileNames(self))
    }
}
