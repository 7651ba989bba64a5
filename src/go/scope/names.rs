//! What the walk does at a name: says whether it declares or refers, by the node that it stands in.
//! In: a name and the frames above it. Out: calls of `bind`.

use tree_sitter::Node;

use super::{
    Kind as Declares, Resolution,
    bind::Slot,
    kinds::{Field, Kind, kind_of},
    literal::{LiteralId, LiteralType},
    walk::Walker,
};

impl<'t> Walker<'t> {
    pub(super) fn name(&mut self, node: Node<'t>, kind: Kind, field: Field) {
        let Some(slot) = self.binder.meet(node.byte_range()) else {
            return;
        };
        match (kind, self.kind_above(0), field) {
            (Kind::FieldIdentifier, _, _) | (_, Kind::QualifiedType, Field::Name) => {
                self.binder.settle(slot, Resolution::Member);
            }
            (Kind::LabelName, Kind::LabeledStatement, Field::Label) => self.declare_label(slot),
            (Kind::LabelName, _, _) => {
                if let Some(function) = self.functions.last_mut() {
                    function.label_uses.push(slot);
                }
            }
            (Kind::PackageIdentifier, _, _) | (_, Kind::SelectorExpression, Field::Operand) => {
                self.binder.refer_qualifier(slot);
            }
            (_, Kind::VarSpec | Kind::ConstSpec, Field::Name) => self.pending.push(slot),
            (_, Kind::ExpressionList, _) => self.listed(slot),
            (_, Kind::FunctionDeclaration, Field::Name) => {
                let id = self.binder.declare_hidden(slot, Declares::Func, None);
                self.binder.show_in_package(id);
            }
            (_, Kind::TypeSpec | Kind::TypeAlias, Field::Name) => {
                let id = self
                    .binder
                    .declare(slot, Declares::Type, node.start_byte(), self.owner());
                if let Some(parent) = self.frames.last_mut() {
                    parent.declared = Some(id);
                }
            }
            (_, Kind::TypeParameterDeclaration, Field::Name) => self.binder.declared_ahead(slot),
            (_, Kind::ParameterDeclaration | Kind::VariadicParameterDeclaration, Field::Name) => {
                self.declare_parameter(slot);
            }
            (Kind::TypeIdentifier, Kind::ParameterDeclaration, Field::Type)
                if self.is_mistaken_name() =>
            {
                self.declare_parameter(slot);
            }
            (_, Kind::LiteralElement, _) => self.element(slot),
            (Kind::TypeIdentifier, Kind::TypeElem, _) if self.in_receiver_arguments() => {
                self.binder
                    .declare(slot, Declares::TypeParam, node.start_byte(), self.owner());
            }
            _ => self.binder.refer(slot),
        }
    }

    /// A name directly in a list of expressions: left of `:=`, the symbol of a type switch, or a use.
    fn listed(&mut self, slot: Slot) {
        let list = self.above(0).map_or(Field::Other, |list| list.field);
        match (list, self.kind_above(1)) {
            (
                Field::Left,
                Kind::ShortVarDeclaration | Kind::RangeClause | Kind::ReceiveStatement,
            ) => {
                self.pending.push(slot);
            }
            (Field::Alias, Kind::TypeSwitch) => {
                self.binder
                    .declare_hidden(slot, Declares::TypeSwitchVar, self.owner());
                let switch = self.frames.len() - 2;
                self.frames[switch].alias = Some(slot);
            }
            _ => self.binder.refer(slot),
        }
    }

    fn declare_label(&mut self, slot: Slot) {
        let owner = self.owner();
        let id = self
            .binder
            .declare_hidden(slot, Declares::Label, owner.clone());
        self.binder.set_scope(id, owner.unwrap_or_default());
        let symbol = self.binder.met(slot).symbol;
        if let Some(function) = self.functions.last_mut() {
            function.labels.push((symbol, id));
        }
    }

    /// Whether the type that is being entered is a parameter's name. In a long list such as `(a, b, … int)` the parser
    /// gives up on the reading in which the first ones are names; Go has either all parameters named or none.
    fn is_mistaken_name(&self) -> bool {
        self.above(0).is_some_and(|parameter| !parameter.named)
            && self
                .above(1)
                .is_some_and(|list| list.kind == Kind::ParameterList && list.named)
    }

    fn declare_parameter(&mut self, slot: Slot) {
        let list = self.above(1).map_or(Field::Other, |list| list.field);
        let kind = match list {
            Field::Receiver => Declares::Receiver,
            Field::Result => Declares::Result,
            _ => Declares::Param,
        };
        let id = self.binder.declare_hidden(slot, kind, self.owner());
        if self.kind_above(1) == Kind::ParameterList
            && self.kind_above(2).is_function()
            && let Some(function) = self.functions.last_mut()
        {
            function.params.push(id);
        }
    }

    /// Type parameters are visible in the whole list, so they are declared ahead of it. Those of a type live in a
    /// block that ends with its spec.
    pub(super) fn declare_type_parameters(&mut self, list: Node<'t>) {
        let owner = self.owner();
        if let Some(parent) = self.frames.last_mut()
            && matches!(parent.kind, Kind::TypeSpec | Kind::TypeAlias)
            && !parent.opened
        {
            parent.opened = true;
            self.binder.open(parent.range.end);
        }
        if self.binder.at_package_level() {
            return;
        }
        let mut cursor = list.walk();
        for declaration in list.named_children(&mut cursor) {
            let mut cursor = declaration.walk();
            for name in declaration.children_by_field_name("name", &mut cursor) {
                let range = name.byte_range();
                if kind_of(name) == Kind::Identifier
                    && !range.is_empty()
                    && !self.binder.is_blank(range.clone())
                {
                    let id = self.binder.add(range, Declares::TypeParam, owner.clone());
                    self.binder.show(id, list.start_byte());
                }
            }
        }
    }

    /// Whether the type that is being entered is an argument of a receiver's type: `P` in `func (t *T[P]) m()`.
    fn in_receiver_arguments(&self) -> bool {
        if self.kind_above(1) != Kind::TypeArguments || self.kind_above(2) != Kind::GenericType {
            return false;
        }
        let outer = self.frames.iter().rev().skip(3);
        let mut outer =
            outer.skip_while(|f| matches!(f.kind, Kind::PointerType | Kind::ParenthesizedType));
        outer
            .next()
            .is_some_and(|f| f.kind == Kind::ParameterDeclaration)
            && outer.next().is_some_and(|f| f.field == Field::Receiver)
    }

    /// Each clause of a type switch has a variable of its own, from its colon on.
    pub(super) fn declare_type_switch_symbol(&mut self, colon: Node<'t>) {
        let Some(slot) = self.above(1).and_then(|switch| switch.alias) else {
            return;
        };
        let range = self.binder.met(slot).range.clone();
        let id = self
            .binder
            .add(range, Declares::TypeSwitchVar, self.owner());
        self.binder.show(id, colon.end_byte());
    }

    /// The literal whose braces are `above` the innermost frame.
    pub(super) fn enclosing_literal(&self, above: usize) -> Option<LiteralId> {
        self.above(above).and_then(|frame| frame.literal)
    }

    /// A name that is a whole element of a composite literal, key or value.
    fn element(&mut self, slot: Slot) {
        self.binder.refer(slot);
        let is_key = self
            .above(0)
            .is_some_and(|element| element.field == Field::Key);
        if let Some(literal) = self.enclosing_literal(2).filter(|_| is_key) {
            self.literals.add_key(slot, literal);
        }
    }

    /// Opens the literal whose braces are being entered.
    pub(super) fn open_literal(&mut self) -> LiteralId {
        let literal_type = match self.above(0) {
            Some(parent) if parent.kind == Kind::CompositeLiteral => parent
                .literal_type
                .map_or(LiteralType::Unknown, LiteralType::Written),
            Some(element) if element.kind == Kind::LiteralElement => {
                let is_keyed = self.kind_above(1) == Kind::KeyedElement;
                match self.enclosing_literal(if is_keyed { 2 } else { 1 }) {
                    Some(outer) if element.field == Field::Key => LiteralType::KeyOf(outer),
                    Some(outer) => LiteralType::ElementOf(outer),
                    None => LiteralType::Unknown,
                }
            }
            _ => LiteralType::Unknown,
        };
        self.literals.open(literal_type)
    }
}
