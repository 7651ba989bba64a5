//! The one walk over a file's tree that says which block each name belongs to. In: a syntax tree. Out: the filled
//! tables of `bind` and the composite literals. An explicit stack stands in for recursion, so depth costs no stack.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    DeclId, Kind as Declares, Resolution,
    bind::{Binder, Slot, Symbol},
    kinds::{Field, Kind, classify, kind_of},
    literal::{LiteralId, LiteralType, Literals},
};
use crate::go::syntax::Parsed;

/// What a walk gives.
#[derive(Debug)]
pub(super) struct Walked<'t> {
    pub binder: Binder<'t>,
    pub literals: Literals<'t>,
}

/// Walks a file.
pub(super) fn walk(parsed: &Parsed) -> Walked<'_> {
    let mut walker = Walker {
        binder: Binder::new(parsed.text()),
        literals: Literals::default(),
        frames: Vec::new(),
        functions: vec![Function::default()],
        pending: Vec::new(),
    };
    let mut cursor = parsed.root().walk();
    loop {
        let (kind, field) = classify(&cursor);
        if walker.enter(cursor.node(), kind, field) {
            if cursor.goto_first_child() {
                continue;
            }
            walker.leave();
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                walker.leave_function();
                return Walked {
                    binder: walker.binder,
                    literals: walker.literals,
                };
            }
            walker.leave();
        }
    }
}

/// Whether a parameter of this list of several has a name.
fn has_names(list: Node<'_>) -> bool {
    let mut cursor = list.walk();
    list.named_child_count() > 1
        && list
            .named_children(&mut cursor)
            .any(|parameter| parameter.child_by_field_name("name").is_some())
}

/// A node between the root and the cursor.
#[derive(Debug)]
struct Frame<'t> {
    kind: Kind,
    field: Field,
    range: Range<usize>,
    /// A block to close.
    opened: bool,
    /// `:=` was seen.
    defines: bool,
    /// Of a parameter list: some parameter has a name, so all have. Of a parameter: its name was seen.
    named: bool,
    /// Where its own names begin in `Walker::pending`.
    pending_from: usize,
    /// Of a type spec.
    declared: Option<DeclId>,
    /// The symbol of a type switch.
    alias: Option<Slot>,
    /// Declarations of the clause before: they reach to the next clause or to the brace.
    clause: Vec<DeclId>,
    /// Of a composite literal.
    literal_type: Option<Node<'t>>,
    literal: Option<LiteralId>,
}

/// A function that is being walked.
#[derive(Debug, Default)]
struct Function {
    /// `None` for what stands outside of all functions.
    range: Option<Range<usize>>,
    /// Parameters and results, visible from the body on.
    params: Vec<DeclId>,
    labels: Vec<(Symbol, DeclId)>,
    label_uses: Vec<Slot>,
}

#[derive(Debug)]
struct Walker<'t> {
    binder: Binder<'t>,
    literals: Literals<'t>,
    frames: Vec<Frame<'t>>,
    functions: Vec<Function>,
    /// Names whose declaration becomes visible when their statement ends.
    pending: Vec<Slot>,
}

impl<'t> Walker<'t> {
    /// Takes a node in; whether its children are to be walked, after which `leave` is due.
    fn enter(&mut self, node: Node<'t>, kind: Kind, field: Field) -> bool {
        self.note_for_parent(node, kind, field);
        if kind.is_name() {
            if !node.byte_range().is_empty() {
                self.name(node, kind, field);
            }
            return false;
        }
        if matches!(
            kind,
            Kind::PackageClause | Kind::ImportDeclaration | Kind::Comment
        ) || node.child_count() == 0
        {
            return false;
        }
        let mut frame = Frame {
            kind,
            field,
            range: node.byte_range(),
            opened: false,
            defines: false,
            named: kind == Kind::ParameterList && has_names(node),
            pending_from: self.pending.len(),
            declared: None,
            alias: None,
            clause: Vec::new(),
            literal_type: None,
            literal: None,
        };
        self.enter_block(&mut frame);
        match kind {
            Kind::TypeParameterList => self.declare_type_parameters(node),
            Kind::LiteralValue => frame.literal = Some(self.open_literal()),
            _ => {}
        }
        self.frames.push(frame);
        true
    }

    /// What a child says about its parent.
    fn note_for_parent(&mut self, node: Node<'t>, kind: Kind, field: Field) {
        let Some(parent) = self.frames.last_mut() else {
            return;
        };
        match (parent.kind, kind) {
            (_, Kind::Defines) => parent.defines = true,
            (Kind::ParameterDeclaration, _) if field == Field::Name => parent.named = true,
            (Kind::TypeSpec | Kind::TypeAlias, _) if field == Field::Type => {
                if let Some(id) = parent.declared {
                    self.literals.add_type(id, node);
                }
            }
            (Kind::CompositeLiteral, _) if field == Field::Type => parent.literal_type = Some(node),
            (Kind::LiteralElement, _)
                if parent.field == Field::Key && !kind.is_name() && kind != Kind::Comment =>
            {
                if let Some(literal) = self.enclosing_literal(2) {
                    self.literals.has_value_keys(literal);
                }
            }
            (Kind::TypeCase | Kind::DefaultCase, Kind::Colon) => {
                self.declare_type_switch_symbol(node)
            }
            _ => {}
        }
    }

    /// The frame `above` the innermost one.
    fn above(&self, above: usize) -> Option<&Frame<'t>> {
        self.frames
            .len()
            .checked_sub(above + 1)
            .map(|index| &self.frames[index])
    }

    fn kind_above(&self, above: usize) -> Kind {
        self.above(above).map_or(Kind::Other, |frame| frame.kind)
    }

    fn owner(&self) -> Option<Range<usize>> {
        self.functions
            .last()
            .and_then(|function| function.range.clone())
    }

    fn enter_block(&mut self, frame: &mut Frame<'t>) {
        let is_body = frame.kind == Kind::Block
            && frame.field == Field::Body
            && self.kind_above(0).is_function();
        if is_body {
            // The body is the block of the parameters too.
            let params = self
                .functions
                .last_mut()
                .map(|f| std::mem::take(&mut f.params));
            for id in params.unwrap_or_default() {
                self.binder.show(id, frame.range.start);
                self.binder.set_scope(id, frame.range.clone());
            }
        } else if frame.kind.opens_block() || frame.kind.is_clause() {
            self.end_clause(frame.range.start, frame.kind.is_clause());
            self.binder.open(frame.range.end);
            frame.opened = true;
        }
        if frame.kind.is_function() {
            self.functions.push(Function {
                range: Some(frame.range.clone()),
                ..Function::default()
            });
        }
    }

    /// Where a clause begins, the one before it ends.
    fn end_clause(&mut self, end: usize, is_clause: bool) {
        if let Some(parent) = self.frames.last_mut().filter(|_| is_clause) {
            let clause = std::mem::take(&mut parent.clause);
            self.binder.extend(&clause, end);
        }
    }

    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if frame.kind.declares_at_end() {
            for slot in self.pending.split_off(frame.pending_from) {
                self.end_of_statement(&frame, slot);
            }
        }
        if frame.opened {
            let declared = self.binder.close();
            if let Some(parent) = self.frames.last_mut().filter(|_| frame.kind.is_clause()) {
                parent.clause = declared;
            }
        }
        if !frame.clause.is_empty() {
            self.binder
                .extend(&frame.clause, frame.range.end.saturating_sub(1));
        }
        if frame.kind.is_function() {
            self.leave_function();
        }
    }

    /// Declares a name whose scope begins where its statement ends, or finds that it is but assigned to.
    fn end_of_statement(&mut self, frame: &Frame<'t>, slot: Slot) {
        let (owner, from) = (self.owner(), frame.range.end);
        match frame.kind {
            Kind::VarSpec => {
                self.binder.declare(slot, Declares::Var, from, owner);
            }
            Kind::ConstSpec => {
                self.binder.declare(slot, Declares::Const, from, owner);
            }
            Kind::ShortVarDeclaration => {
                self.binder.declare_short(slot, Declares::Var, from, owner)
            }
            Kind::ReceiveStatement if frame.defines => {
                self.binder.declare_short(slot, Declares::Var, from, owner)
            }
            Kind::RangeClause if frame.defines => {
                self.binder
                    .declare_short(slot, Declares::RangeVar, from, owner)
            }
            _ => self.binder.refer(slot),
        }
    }

    fn leave_function(&mut self) {
        let Some(function) = self.functions.pop() else {
            return;
        };
        for slot in function.label_uses {
            let symbol = self.binder.met(slot).symbol;
            let label = function
                .labels
                .iter()
                .find(|(declared, _)| *declared == symbol);
            let resolution =
                label.map_or(Resolution::Unresolved, |(_, id)| Resolution::Declared(*id));
            self.binder.settle(slot, resolution);
        }
    }

    fn name(&mut self, node: Node<'t>, kind: Kind, field: Field) {
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
    fn declare_type_parameters(&mut self, list: Node<'t>) {
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
    fn declare_type_switch_symbol(&mut self, colon: Node<'t>) {
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
    fn enclosing_literal(&self, above: usize) -> Option<LiteralId> {
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
    fn open_literal(&mut self) -> LiteralId {
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
