//! The one walk over a file's tree that says which block each name belongs to. In: a syntax tree. Out: the filled
//! tables of `bind` and the composite literals. An explicit stack stands in for recursion, so depth costs no stack.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    DeclId, Kind as Declares, Resolution,
    bind::{Binder, Slot, Symbol},
    kinds::{Field, Kind, classify},
    literal::{LiteralId, Literals},
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
pub(super) struct Frame<'t> {
    pub kind: Kind,
    pub field: Field,
    pub range: Range<usize>,
    /// A block to close.
    pub opened: bool,
    /// `:=` was seen.
    pub defines: bool,
    /// Of a parameter list: some parameter has a name, so all have. Of a parameter: its name was seen.
    pub named: bool,
    /// Where its own names begin in `Walker::pending`.
    pub pending_from: usize,
    /// Of a type spec.
    pub declared: Option<DeclId>,
    /// The symbol of a type switch.
    pub alias: Option<Slot>,
    /// Declarations of the clause before: they reach to the next clause or to the brace.
    pub clause: Vec<DeclId>,
    /// Of a composite literal.
    pub literal_type: Option<Node<'t>>,
    pub literal: Option<LiteralId>,
}

/// A function that is being walked.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// `None` for what stands outside of all functions.
    pub range: Option<Range<usize>>,
    /// Parameters and results, visible from the body on.
    pub params: Vec<DeclId>,
    pub labels: Vec<(Symbol, DeclId)>,
    pub label_uses: Vec<Slot>,
}

#[derive(Debug)]
pub(super) struct Walker<'t> {
    pub binder: Binder<'t>,
    pub literals: Literals<'t>,
    pub frames: Vec<Frame<'t>>,
    pub functions: Vec<Function>,
    /// Names whose declaration becomes visible when their statement ends.
    pub pending: Vec<Slot>,
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
                self.declare_type_switch_symbol(node);
            }
            _ => {}
        }
    }

    /// The frame `above` the innermost one.
    pub(super) fn above(&self, above: usize) -> Option<&Frame<'t>> {
        self.frames
            .len()
            .checked_sub(above + 1)
            .map(|index| &self.frames[index])
    }

    pub(super) fn kind_above(&self, above: usize) -> Kind {
        self.above(above).map_or(Kind::Other, |frame| frame.kind)
    }

    pub(super) fn owner(&self) -> Option<Range<usize>> {
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
                self.binder.declare_short(slot, Declares::Var, from, owner);
            }
            Kind::ReceiveStatement if frame.defines => {
                self.binder.declare_short(slot, Declares::Var, from, owner);
            }
            Kind::RangeClause if frame.defines => {
                self.binder
                    .declare_short(slot, Declares::RangeVar, from, owner);
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
}
