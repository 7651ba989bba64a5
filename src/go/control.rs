//! Where control can go from a statement: whether it can run off its end, and whether it jumps out of it. In: nodes and a
//! judge of calls. Out: yes, no, or `None` where a call decides that the judge does not know.
//!
//! Built on "Terminating statements" of the Go specification (<https://go.dev/ref/spec#Terminating_statements>), widened
//! by what ends a path without being terminating for the compiler: break, continue, and calls that never return.

use tree_sitter::Node;

use super::syntax::Parsed;

/// Says of a `call_expression` whether it never returns; `None` where that cannot be known.
pub type NeverReturns<'a> = &'a dyn Fn(Node<'_>) -> Option<bool>;

/// The nearest function declaration, method or function literal around `node`, not `node` itself.
pub fn owner(node: Node<'_>) -> Option<Node<'_>> {
    ancestors(node).find(|a| is_function(a.kind()))
}

/// The nodes around `node`, innermost first.
pub fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(node.parent(), Node::parent)
}

/// Whether a node of this kind has a body of its own that `return` leaves.
pub fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration" | "method_declaration" | "func_literal"
    )
}

/// The nodes strictly below `node` in document order; a function literal below it is given but not entered unless
/// `literals` is set.
pub fn descendants(node: Node<'_>, literals: bool) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut cursor = node.walk();
    let mut depth = 0_usize;
    loop {
        let enter = depth == 0 || literals || cursor.node().kind() != "func_literal";
        if enter && cursor.goto_first_child() {
            depth += 1;
        } else {
            while depth > 0 && !cursor.goto_next_sibling() {
                cursor.goto_parent();
                depth -= 1;
            }
        }
        if depth == 0 {
            return found;
        }
        found.push(cursor.node());
    }
}

/// Whether a `for` of the same function runs `node` again and again: in its body, condition or post statement, or on the
/// left of its `range`; the init statement and the range expression run once.
pub fn in_loop(node: Node<'_>) -> bool {
    let mut child = node;
    for parent in ancestors(node) {
        match parent.kind() {
            kind if is_function(kind) => return false,
            "for_clause" if parent.child_by_field_name("initializer") != Some(child) => {
                return true;
            }
            "range_clause" if parent.child_by_field_name("right") != Some(child) => return true,
            "for_statement" if !matches!(child.kind(), "for_clause" | "range_clause") => {
                return true;
            }
            _ => {}
        }
        child = parent;
    }
    false
}

/// Statements nested deeper than this are not judged, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 200;

/// Whether control cannot run off the end of a statement or block. Unknown too where it nests deeper than 200 levels.
pub fn terminates(parsed: &Parsed, node: Node<'_>, never: NeverReturns<'_>) -> Option<bool> {
    Judge { parsed, never }.terminates(node, 0)
}

/// What every level of a judgement needs.
#[derive(Clone, Copy)]
struct Judge<'a> {
    parsed: &'a Parsed,
    never: NeverReturns<'a>,
}

impl Judge<'_> {
    fn terminates(self, node: Node<'_>, depth: usize) -> Option<bool> {
        let depth = (depth < MAX_DEPTH).then_some(depth + 1)?;
        match node.kind() {
            "return_statement"
            | "goto_statement"
            | "break_statement"
            | "continue_statement"
            | "fallthrough_statement" => Some(true),
            "block" => self.list(&statements(node), depth),
            "expression_statement" | "parenthesized_expression" => {
                self.terminates(node.named_child(0)?, depth)
            }
            "call_expression" => (self.never)(node),
            "labeled_statement" => {
                labelled(node).map_or(Some(false), |n| self.terminates(n, depth))
            }
            "if_statement" => match node.child_by_field_name("alternative") {
                None => Some(false),
                Some(other) => and(
                    self.terminates(node.child_by_field_name("consequence")?, depth),
                    self.terminates(other, depth),
                ),
            },
            "for_statement" => Some(is_endless(node) && !has_break(self.parsed, node)),
            "select_statement" | "expression_switch_statement" | "type_switch_statement" => {
                self.clauses(node, depth)
            }
            _ => Some(false),
        }
    }

    fn clauses(self, node: Node<'_>, depth: usize) -> Option<bool> {
        let clauses = clauses(node);
        let falls_past = node.kind() != "select_statement"
            && !clauses.iter().any(|c| c.kind() == "default_case");
        if falls_past || has_break(self.parsed, node) {
            return Some(false);
        }
        clauses
            .into_iter()
            .map(|clause| self.list(&statements(clause), depth))
            .fold(Some(true), and)
    }

    /// A list ends where one of its statements does, unless a label further down lets control in again.
    fn list(self, list: &[Node<'_>], depth: usize) -> Option<bool> {
        let mut answer = Some(false);
        for statement in list {
            if statement.kind() == "labeled_statement" {
                answer = Some(false);
            }
            answer = or(answer, self.terminates(*statement, depth));
        }
        answer
    }
}

/// Whether `node` holds a jump whose target lies outside it: a return, or a goto, break or continue. A function literal
/// is crossed neither from inside nor from outside: its returns are its own.
pub fn jumps_out(parsed: &Parsed, node: Node<'_>) -> bool {
    jumps_out_but(parsed, node, &[])
}

/// The same, where jumps of these kinds do not count if they have no label: `continue_statement`, say.
pub fn jumps_out_but(parsed: &Parsed, node: Node<'_>, allowed: &[&str]) -> bool {
    if node.kind() == "func_literal" {
        return false;
    }
    let within =
        |n: Node<'_>| n.start_byte() >= node.start_byte() && n.end_byte() <= node.end_byte();
    std::iter::once(node)
        .chain(descendants(node, false))
        .any(|jump| match jump.kind() {
            kind if allowed.contains(&kind) && label_of(jump).is_none() => false,
            "return_statement" => true,
            "goto_statement" | "break_statement" | "continue_statement" => {
                jump_target(parsed, jump).is_none_or(|target| !within(target))
            }
            _ => false,
        })
}

/// Where a goto, break or continue goes: the `labeled_statement` of a goto, the loop, switch or select of the others.
/// `None` where the function has no such target.
pub fn jump_target<'t>(parsed: &Parsed, jump: Node<'t>) -> Option<Node<'t>> {
    let label = label_of(jump).map(|l| parsed.text_of(l));
    match (jump.kind(), label) {
        ("goto_statement", Some(label)) => descendants(owner(jump)?, false)
            .into_iter()
            .find(|n| n.kind() == "labeled_statement" && names(parsed, *n, label)),
        ("break_statement" | "continue_statement", Some(label)) => within_function(jump)
            .find(|n| n.kind() == "labeled_statement" && names(parsed, *n, label))
            .and_then(labelled),
        ("continue_statement", None) => within_function(jump).find(|n| n.kind() == "for_statement"),
        ("break_statement", None) => within_function(jump).find(|n| is_breakable(n.kind())),
        _ => None,
    }
}

/// Whether a node of this kind is what an unlabelled `break` leaves.
pub fn is_breakable(kind: &str) -> bool {
    matches!(
        kind,
        "for_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
    )
}

/// The statements of a block or of a clause, in order, comments and empty statements left out.
pub fn statements(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let lists: Vec<_> = node
        .named_children(&mut cursor)
        .filter(|n| n.kind() == "statement_list")
        .collect();
    lists
        .into_iter()
        .flat_map(|list| {
            let mut cursor = list.walk();
            list.named_children(&mut cursor).collect::<Vec<_>>()
        })
        .filter(|n| !matches!(n.kind(), "comment" | "empty_statement"))
        .collect()
}

/// The clauses of a switch or select, in order.
pub fn clauses(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|n| {
            matches!(
                n.kind(),
                "expression_case" | "default_case" | "type_case" | "communication_case"
            )
        })
        .collect()
}

/// The statement that a label stands before; `None` where it stands before a closing brace.
pub fn labelled(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .find(|n| !matches!(n.kind(), "label_name" | "comment"))
}

/// Whether a `for` has neither a condition nor a range clause.
pub fn is_endless(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).all(|n| match n.kind() {
        "block" | "comment" => true,
        "for_clause" => n.child_by_field_name("condition").is_none(),
        _ => false,
    })
}

/// Whether a break inside `node` leaves exactly `node`.
pub fn has_break(parsed: &Parsed, node: Node<'_>) -> bool {
    descendants(node, false)
        .into_iter()
        .any(|n| n.kind() == "break_statement" && jump_target(parsed, n) == Some(node))
}

/// The label a jump names.
fn label_of(jump: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = jump.walk();
    jump.named_children(&mut cursor)
        .find(|n| n.kind() == "label_name")
}

fn names(parsed: &Parsed, labelled: Node<'_>, label: &str) -> bool {
    labelled
        .child_by_field_name("label")
        .is_some_and(|l| parsed.text_of(l) == label)
}

fn within_function(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    ancestors(node).take_while(|a| !is_function(a.kind()))
}

/// Both hold; a definite no decides.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// One holds; a definite yes decides.
fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}
