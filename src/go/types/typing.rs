//! The types of a file's expressions, worked out when asked for and remembered.

mod calls;
mod operators;
mod packages;

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

use tree_sitter::Node;

use super::{
    Named, Type, TypeParam, Untyped,
    members::{Lookup, Member},
    parse::{self, Names},
    world::World,
};
use crate::go::{
    index::{
        Index,
        package::Package,
        scan::{Declared, Unit},
    },
    scope::{DeclId, Kind, Resolution, Scope},
    syntax::Parsed,
};

/// How deep expressions and declarations may lead into one another.
const DEPTH: usize = 120;
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
    /// The file's path, and its declarations where they are not those of its package's file at that path.
    path: Option<&'a Path>,
    unit: Option<Arc<Unit>>,
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
        path: &'a Path,
        index: Option<&'a Index<'a>>,
        memo: &'a Memo,
    ) -> Self {
        let folder = path
            .parent()
            .map_or_else(String::new, |p| p.to_string_lossy().replace('\\', "/"));
        let own = memo
            .own
            .get_or_init(|| packages::own_package(parsed, path, &folder, index));
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
            path: Some(path),
            unit: None,
            snippets: 0,
        }
    }

    /// The path that types of the file's own package have.
    pub fn own_path(&self) -> Arc<str> {
        Arc::clone(&self.world.own.path)
    }

    /// Whether the file's own package, test files and all variants by build tags included, declares this name.
    pub fn package_declares(&self, name: &str) -> bool {
        !self.world.own.declared(name).is_empty()
    }

    /// Whether all that the package at `path` declares by this name are functions, and there is one.
    pub fn declares_function(&self, path: &str, name: &str) -> bool {
        self.world.package(path).is_some_and(|package| {
            let found = package.declared(name);
            let is_function = |entry| matches!(package.declaration(entry).2, Declared::Func(_));
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
            "literal_value" => self.braced(node),
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

    /// Of those at package level; `at` is where the expression begins, near enough for what is visible.
    fn constant(&self, at: usize, package: Option<&str>, name: &str) -> Option<i128> {
        let typing = self.0;
        let visible = typing.scope.visible(package.unwrap_or(name), at);
        let is_local = matches!(visible, Some(Resolution::Declared(id)) if typing.scope.declaration(id).owner.is_some());
        if is_local {
            return None;
        }
        let own = &typing.world.own;
        let is_file = |path: &str| typing.path.is_some_and(|own| own == Path::new(path));
        let unit = typing.unit.as_ref().or_else(|| {
            let file = own.units.iter().find(|(path, _)| is_file(path));
            file.map(|(_, unit)| unit)
        })?;
        typing.world.constant(own, unit, package, name, 0)
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
