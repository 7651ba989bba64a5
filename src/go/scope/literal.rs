//! Keys of composite literals: in `T{k: v}` the name `k` is a field if `T` is a struct, and an expression if it is a
//! map, an array or a slice (<https://go.dev/ref/spec#Composite_literals>). In: the literals of a file, their types
//! and keys. Out: the meaning of the keys, unknown where the file does not show the type.

use std::collections::HashMap;

use tree_sitter::Node;

use super::{
    DeclId, Resolution,
    bind::{Met, Slot},
    kinds::{Kind, kind_of},
};

/// What is known of the type of a braced list.
#[derive(Debug, Clone, Copy)]
pub(super) enum LiteralType<'t> {
    /// It is written before the brace.
    Written(Node<'t>),
    /// It is the key type of the enclosing literal.
    KeyOf(LiteralId),
    /// It is the element type of the enclosing literal.
    ElementOf(LiteralId),
    /// The tree is broken here.
    Unknown,
}

/// A braced list, by its index in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LiteralId(usize);

#[derive(Debug)]
struct Literal<'t> {
    of: LiteralType<'t>,
    /// A key is no plain name, so it is no struct.
    has_value_keys: bool,
}

/// All composite literals of a file, the keys that are plain names, and the types that the file declares.
#[derive(Debug, Default)]
pub(super) struct Literals<'t> {
    all: Vec<Literal<'t>>,
    keys: Vec<(Slot, LiteralId)>,
    types: HashMap<DeclId, Node<'t>>,
}

impl<'t> Literals<'t> {
    pub(super) fn open(&mut self, literal_type: LiteralType<'t>) -> LiteralId {
        self.all.push(Literal {
            of: literal_type,
            has_value_keys: false,
        });
        LiteralId(self.all.len() - 1)
    }

    pub(super) fn add_key(&mut self, slot: Slot, literal: LiteralId) {
        self.keys.push((slot, literal));
    }

    pub(super) fn has_value_keys(&mut self, literal: LiteralId) {
        self.all[literal.0].has_value_keys = true;
    }

    pub(super) fn add_type(&mut self, id: DeclId, node: Node<'t>) {
        self.types.insert(id, node);
    }
}

/// Gives each plain key its meaning. `names` are settled as expressions, in document order.
pub(super) fn settle_keys(names: &mut [Met], literals: &Literals<'_>) {
    let shapes = shapes(names, literals);
    for (slot, literal) in &literals.keys {
        let met = &mut names[slot.index()];
        match shapes[literal.0] {
            Shape::Struct => met.meaning = Some(Resolution::Member),
            Shape::Indexed(_) => {}
            Shape::Unknown => met.meaning = Some(Resolution::Unknown),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Shape<'t> {
    Struct,
    /// A map, an array or a slice; its type if the file shows it.
    Indexed(Option<Node<'t>>),
    Unknown,
}

/// The shape of each literal. An enclosing literal comes before those inside, so one pass settles all.
fn shapes<'t>(names: &[Met], literals: &Literals<'t>) -> Vec<Shape<'t>> {
    let mut shapes: Vec<Shape<'t>> = Vec::with_capacity(literals.all.len());
    for literal in &literals.all {
        let node = match literal.of {
            LiteralType::Written(node) => Some(node),
            LiteralType::KeyOf(outer) => part(shapes[outer.0], &["key"]),
            LiteralType::ElementOf(outer) => part(shapes[outer.0], &["element", "value"]),
            LiteralType::Unknown => None,
        };
        shapes.push(
            match node.map_or(Shape::Unknown, |node| shape(node, names, literals)) {
                Shape::Unknown if literal.has_value_keys => Shape::Indexed(None),
                shape => shape,
            },
        );
    }
    shapes
}

/// The key or element type of an indexed type; what a pointer points to, as `&T` may be left out in a literal.
fn part<'t>(shape: Shape<'t>, fields: &[&str]) -> Option<Node<'t>> {
    let Shape::Indexed(Some(node)) = shape else {
        return None;
    };
    let part = fields
        .iter()
        .find_map(|field| node.child_by_field_name(field))?;
    match kind_of(part) {
        Kind::PointerType => part.named_child(0),
        _ => Some(part),
    }
}

/// Follows names to the type that they stand for. The bound ends cycles.
fn shape<'t>(mut node: Node<'t>, names: &[Met], literals: &Literals<'t>) -> Shape<'t> {
    for _ in 0..64 {
        let next = match kind_of(node) {
            Kind::MapType | Kind::SliceType | Kind::ArrayType | Kind::ImplicitLengthArrayType => {
                return Shape::Indexed(Some(node));
            }
            Kind::StructType => return Shape::Struct,
            Kind::ParenthesizedType => node.named_child(0),
            Kind::GenericType => node.child_by_field_name("type"),
            Kind::TypeIdentifier => declared_type(node, names, literals),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return Shape::Unknown,
        }
    }
    Shape::Unknown
}

fn declared_type<'t>(name: Node<'t>, names: &[Met], literals: &Literals<'t>) -> Option<Node<'t>> {
    let index = names
        .binary_search_by_key(&name.start_byte(), |met| met.range.start)
        .ok()?;
    match names[index].meaning {
        Some(Resolution::Declared(id)) => literals.types.get(&id).copied(),
        _ => None,
    }
}
