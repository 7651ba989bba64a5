//! Turns the statements of a function body into steps and edges.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::{ABORT, ENTRY, EXIT, Edge, Step};
use crate::go::{
    control::{NeverReturns, clauses, jump_target, labelled, statements},
    syntax::Parsed,
};

/// Statements and conditions nested deeper than this are given up on, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 200;

/// The steps of a body, the first three being entry, exit and abort; `None` where it nests too deep.
pub(super) fn steps<'t>(
    parsed: &Parsed,
    body: Node<'t>,
    never: NeverReturns<'_>,
) -> Option<Vec<Step<'t>>> {
    let mut builder = Builder {
        parsed,
        never,
        steps: Vec::new(),
        current: ENTRY,
        targets: Vec::new(),
        labels: BTreeMap::new(),
        depth: 0,
        too_deep: false,
    };
    for _ in [ENTRY, EXIT, ABORT] {
        builder.join(body);
    }
    builder.block(body);
    builder.edge(EXIT);
    let mut steps = builder.steps;
    cut_unreachable(&mut steps);
    (!builder.too_deep).then_some(steps)
}

/// Steps that control never comes to lead nowhere, so that leaving a statement is not leaving the dead code in it.
fn cut_unreachable(steps: &mut [Step<'_>]) {
    let mut reached = vec![false; steps.len()];
    let mut open = vec![ENTRY];
    while let Some(step) = open.pop() {
        if !std::mem::replace(&mut reached[step], true) {
            open.extend(steps[step].edges.iter().map(|e| e.to));
        }
    }
    for (step, reached) in steps.iter_mut().zip(reached) {
        if !reached {
            step.edges.clear();
        }
    }
}

/// Where the jumps out of a statement go.
struct Target<'t> {
    statement: Node<'t>,
    break_to: usize,
    continue_to: Option<usize>,
    /// The body of the next clause of a switch.
    fall_to: Option<usize>,
}

struct Builder<'a, 't> {
    parsed: &'a Parsed,
    never: NeverReturns<'a>,
    steps: Vec<Step<'t>>,
    /// The step that control comes from; behind a jump, one that nothing leads to.
    current: usize,
    targets: Vec<Target<'t>>,
    /// The joins of labels, by id of the labelled statement.
    labels: BTreeMap<usize, usize>,
    depth: usize,
    too_deep: bool,
}

impl<'t> Builder<'_, 't> {
    fn step(&mut self, node: Node<'t>, join: bool) -> usize {
        self.steps.push(Step {
            node,
            join,
            edges: Vec::new(),
        });
        self.steps.len() - 1
    }

    /// A point inside `statement` where paths come together.
    fn join(&mut self, statement: Node<'t>) -> usize {
        self.step(statement, true)
    }

    /// A point behind `statement` where paths come together. It lies in what is larger than the statement: a list on one line
    /// may hold nothing else.
    fn join_behind(&mut self, statement: Node<'t>) -> usize {
        let around = std::iter::successors(statement.parent(), Node::parent)
            .find(|p| p.byte_range() != statement.byte_range());
        self.join(around.unwrap_or(statement))
    }

    fn link(&mut self, from: usize, to: usize, when: Option<bool>, certain: bool) {
        let edge = Edge { to, when, certain };
        if !self.steps[from].edges.contains(&edge) {
            self.steps[from].edges.push(edge);
        }
    }

    /// Control goes on to `to`.
    fn edge(&mut self, to: usize) {
        self.link(self.current, to, None, true);
    }

    /// Control goes to `to`, and what follows in the text is reached by labels only.
    fn jump(&mut self, to: usize) {
        self.edge(to);
        self.current = self.join(self.steps[self.current].node);
    }

    /// Control passes `node`.
    fn pass(&mut self, node: Node<'t>) {
        let step = self.step(node, false);
        self.edge(step);
        self.current = step;
    }

    fn pass_field(&mut self, node: Node<'t>, field: &str) {
        if let Some(part) = node.child_by_field_name(field) {
            self.pass(part);
        }
    }

    fn block(&mut self, node: Node<'t>) {
        for statement in statements(node) {
            self.statement(statement);
        }
    }

    fn statement(&mut self, node: Node<'t>) {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return;
        }
        self.depth += 1;
        match node.kind() {
            "block" => self.block(node),
            "labeled_statement" => {
                let label = self.label(node);
                self.edge(label);
                self.current = label;
                if let Some(inner) = labelled(node) {
                    self.statement(inner);
                }
            }
            "if_statement" => self.if_statement(node),
            "for_statement" => self.for_statement(node),
            "expression_switch_statement" => self.expression_switch(node),
            "type_switch_statement" | "select_statement" => self.choice(node),
            "return_statement" => {
                self.pass(node);
                self.jump(EXIT);
            }
            "goto_statement"
            | "break_statement"
            | "continue_statement"
            | "fallthrough_statement" => {
                self.pass(node);
                self.jump_statement(node);
            }
            "expression_statement" => self.expression_statement(node),
            "comment" | "empty_statement" => {}
            _ => self.pass(node),
        }
        self.depth -= 1;
    }

    fn label(&mut self, node: Node<'t>) -> usize {
        if let Some(join) = self.labels.get(&node.id()) {
            return *join;
        }
        let join = self.join(node);
        self.labels.insert(node.id(), join);
        join
    }

    fn jump_statement(&mut self, node: Node<'t>) {
        let target = jump_target(self.parsed, node);
        let to = match node.kind() {
            "fallthrough_statement" => self.targets.last().and_then(|t| t.fall_to),
            "goto_statement" => target.map(|t| self.label(t)),
            kind => self
                .targets
                .iter()
                .rfind(|t| Some(t.statement) == target)
                .and_then(|t| {
                    if kind == "break_statement" {
                        Some(t.break_to)
                    } else {
                        t.continue_to
                    }
                }),
        };
        if let Some(to) = to {
            self.jump(to);
        } else {
            // Not Go: it may lead anywhere.
            self.link(self.current, EXIT, None, false);
            self.current = self.join(node);
        }
    }

    /// A call that never returns ends the path; one that may or may not leaves what follows uncertain.
    fn expression_statement(&mut self, node: Node<'t>) {
        self.pass(node);
        let mut call = node.named_child(0);
        while let Some(inner) = call.filter(|n| n.kind() == "parenthesized_expression") {
            call = inner.named_child(0);
        }
        let Some(call) = call.filter(|n| n.kind() == "call_expression") else {
            return;
        };
        match (self.never)(call) {
            Some(false) => {}
            Some(true) => self.jump(ABORT),
            None => {
                let behind = self.join_behind(node);
                self.link(self.current, ABORT, None, false);
                self.link(self.current, behind, None, false);
                self.current = behind;
            }
        }
    }

    fn initializer(&mut self, node: Node<'t>) {
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer);
        }
    }

    /// Control passes a condition, and from there to `yes` or `no`.
    fn condition(&mut self, node: Node<'t>, yes: usize, no: usize) {
        self.depth += 1;
        match split(node).filter(|_| self.depth < MAX_DEPTH) {
            Some(Split::Inner(inner)) => self.condition(inner, yes, no),
            Some(Split::Not(operand)) => self.condition(operand, no, yes),
            Some(Split::And(left, right)) => {
                let then = self.join(node);
                self.condition(left, then, no);
                self.current = then;
                self.condition(right, yes, no);
            }
            Some(Split::Or(left, right)) => {
                let otherwise = self.join(node);
                self.condition(left, yes, otherwise);
                self.current = otherwise;
                self.condition(right, yes, no);
            }
            None => {
                self.pass(node);
                self.link(self.current, yes, Some(true), true);
                self.link(self.current, no, Some(false), true);
            }
        }
        self.depth -= 1;
    }

    fn if_statement(&mut self, node: Node<'t>) {
        self.initializer(node);
        let (then, otherwise, done) = (self.join(node), self.join(node), self.join_behind(node));
        if let Some(condition) = node.child_by_field_name("condition") {
            self.condition(condition, then, otherwise);
        }
        self.current = then;
        if let Some(body) = node.child_by_field_name("consequence") {
            self.block(body);
        }
        self.edge(done);
        self.current = otherwise;
        if let Some(alternative) = node.child_by_field_name("alternative") {
            self.statement(alternative);
        }
        self.edge(done);
        self.current = done;
    }

    fn for_statement(&mut self, node: Node<'t>) {
        let mut cursor = node.walk();
        let head = node
            .named_children(&mut cursor)
            .find(|n| !matches!(n.kind(), "block" | "comment"));
        let clause = head.filter(|h| h.kind() == "for_clause");
        let range = head.filter(|h| h.kind() == "range_clause");
        if let Some(clause) = clause {
            self.initializer(clause);
        }
        if let Some(range) = range {
            self.pass_field(range, "right");
        }
        let (again, body, next, done) = (
            self.join(node),
            self.join(node),
            self.join(node),
            self.join_behind(node),
        );
        self.edge(again);
        self.current = again;
        let condition = match clause {
            Some(clause) => clause.child_by_field_name("condition"),
            None => head.filter(|_| range.is_none()),
        };
        match (condition, range) {
            (Some(condition), _) => self.condition(condition, body, done),
            (None, Some(range)) => {
                self.edge(done);
                self.pass_field(range, "left");
                self.edge(body);
            }
            (None, None) => self.edge(body),
        }
        self.current = body;
        self.targets.push(Target {
            statement: node,
            break_to: done,
            continue_to: Some(next),
            fall_to: None,
        });
        if let Some(block) = node.child_by_field_name("body") {
            self.block(block);
        }
        self.targets.pop();
        self.edge(next);
        self.current = next;
        if let Some(update) = clause.and_then(|c| c.child_by_field_name("update")) {
            self.statement(update);
        }
        self.edge(again);
        self.current = done;
    }

    /// The cases are tried in order; without a tag, each is a condition.
    fn expression_switch(&mut self, node: Node<'t>) {
        self.initializer(node);
        let tag = node.child_by_field_name("value");
        self.pass_field(node, "value");
        let clauses = clauses(node);
        let bodies: Vec<_> = clauses.iter().map(|c| self.join(*c)).collect();
        let done = self.join_behind(node);
        let mut fallback = done;
        for (clause, body) in clauses.iter().zip(&bodies) {
            let Some(values) = clause.child_by_field_name("value") else {
                fallback = *body;
                continue;
            };
            let mut cursor = values.walk();
            for value in values
                .named_children(&mut cursor)
                .filter(|n| n.kind() != "comment")
            {
                let next = self.join(node);
                if tag.is_some() {
                    self.pass(value);
                    self.edge(*body);
                    self.edge(next);
                } else {
                    self.condition(value, *body, next);
                }
                self.current = next;
            }
        }
        self.edge(fallback);
        self.clause_bodies(node, &clauses, &bodies, done);
    }

    /// A type switch or a select: any clause may be chosen.
    fn choice(&mut self, node: Node<'t>) {
        let is_select = node.kind() == "select_statement";
        if !is_select {
            self.initializer(node);
            self.pass_field(node, "value");
        }
        let clauses = clauses(node);
        let bodies: Vec<_> = clauses.iter().map(|c| self.join(*c)).collect();
        let done = self.join_behind(node);
        for body in &bodies {
            self.edge(*body);
        }
        // A select waits until a clause can be chosen, for ever where there is none.
        if !is_select && !clauses.iter().any(|c| c.kind() == "default_case") {
            self.edge(done);
        }
        self.clause_bodies(node, &clauses, &bodies, done);
    }

    fn clause_bodies(
        &mut self,
        node: Node<'t>,
        clauses: &[Node<'t>],
        bodies: &[usize],
        done: usize,
    ) {
        for (index, clause) in clauses.iter().enumerate() {
            self.current = bodies[index];
            self.targets.push(Target {
                statement: node,
                break_to: done,
                continue_to: None,
                fall_to: bodies.get(index + 1).copied(),
            });
            self.pass_field(*clause, "communication");
            self.block(*clause);
            self.targets.pop();
            self.edge(done);
        }
        self.current = done;
    }
}

/// A condition that is made of conditions.
enum Split<'t> {
    Inner(Node<'t>),
    Not(Node<'t>),
    And(Node<'t>, Node<'t>),
    Or(Node<'t>, Node<'t>),
}

fn split(node: Node<'_>) -> Option<Split<'_>> {
    if node.kind() == "parenthesized_expression" {
        return node.named_child(0).map(Split::Inner);
    }
    let part = |field: &str| node.child_by_field_name(field);
    match (node.kind(), part("operator")?.kind()) {
        ("unary_expression", "!") => part("operand").map(Split::Not),
        ("binary_expression", "&&") => Some(Split::And(part("left")?, part("right")?)),
        ("binary_expression", "||") => Some(Split::Or(part("left")?, part("right")?)),
        _ => None,
    }
}
