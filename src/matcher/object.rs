//! What a file does with a declared object: where it is used, read, and assigned. In: an identifier. Out: nodes.
//!
//! Only the name counts: what changes a variable through a pointer, or a method with a pointer receiver, is not an assignment.

use tree_sitter::Node;

use super::Facts;
use crate::go::{
    control::{ancestors, descendants, owner},
    scope::{DeclId, Declaration, Kind, Resolution},
};

/// What is done with a variable where its name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its value is used.
    Read,
    /// It gets a value: `=`, `:=`, `range` and receive assignments.
    Write,
    /// Both: `+=`, `++`.
    Update,
    /// Its address is taken, so that it may be assigned anywhere.
    Address,
}

/// What a node means; unknown where it is more than one name. A predeclared name that another file of the package declares
/// is one of that file.
pub fn resolve(facts: &Facts<'_>, ident: Node<'_>) -> Resolution {
    if ident.child_count() > 0 {
        return Resolution::Unknown;
    }
    match facts.scope().resolve(ident) {
        Resolution::Universe if facts.package_declares(facts.parsed.text_of(ident)) => {
            Resolution::Unresolved
        }
        found => found,
    }
}

/// The object that an identifier means, if this file declares it.
pub fn declared(facts: &Facts<'_>, ident: Node<'_>) -> Option<DeclId> {
    match resolve(facts, ident) {
        Resolution::Declared(id) => Some(id),
        _ => None,
    }
}

/// The identifier that declares an object.
pub fn declaring<'t>(facts: &Facts<'t>, declaration: &Declaration) -> Option<Node<'t>> {
    let range = &declaration.range;
    facts
        .parsed
        .root()
        .named_descendant_for_byte_range(range.start, range.end)
}

/// The identifiers that mean the object, the declaring one not among them, in document order.
pub fn uses<'t>(facts: &Facts<'t>, id: DeclId) -> Vec<Node<'t>> {
    let root = facts.parsed.root();
    facts
        .scope()
        .uses(id)
        .iter()
        .filter_map(|r| root.named_descendant_for_byte_range(r.start, r.end))
        .collect()
}

/// What is done with the variable where this identifier stands.
pub fn access(facts: &Facts<'_>, ident: Node<'_>) -> Access {
    let mut target = ident;
    while let Some(parent) = target
        .parent()
        .filter(|p| p.kind() == "parenthesized_expression")
    {
        target = parent;
    }
    let Some(parent) = target.parent() else {
        return Access::Read;
    };
    match parent.kind() {
        "inc_statement" | "dec_statement" => Access::Update,
        "unary_expression" if operator(facts, parent) == Some("&") => Access::Address,
        "expression_list" => assigned_by(facts, parent).unwrap_or(Access::Read),
        _ => Access::Read,
    }
}

/// How the elements of a list are assigned; `None` where they are not.
fn assigned_by(facts: &Facts<'_>, list: Node<'_>) -> Option<Access> {
    let statement = list.parent()?;
    if statement.child_by_field_name("left") != Some(list) {
        return None;
    }
    match statement.kind() {
        "assignment_statement" if operator(facts, statement) != Some("=") => Some(Access::Update),
        "assignment_statement" | "short_var_declaration" | "range_clause" | "receive_statement" => {
            Some(Access::Write)
        }
        _ => None,
    }
}

fn operator<'t>(facts: &Facts<'t>, node: Node<'t>) -> Option<&'t str> {
    node.child_by_field_name("operator")
        .map(|n| facts.parsed.text_of(n))
}

/// The places that assign a variable besides its declaration, and whether these are all: not where its address is taken or
/// other files can assign it. A `return` with values assigns named results.
pub fn assignments<'t>(facts: &Facts<'t>, id: DeclId) -> (Vec<Node<'t>>, bool) {
    let declaration = facts.scope().declaration(id);
    let mut all_seen = true;
    let mut found = Vec::new();
    for ident in uses(facts, id) {
        match access(facts, ident) {
            Access::Read => {}
            Access::Write | Access::Update => found.push(ident),
            Access::Address => all_seen = false,
        }
    }
    if declaration.owner.is_none() && declaration.kind == Kind::Var {
        all_seen = false;
    }
    if declaration.kind == Kind::Result {
        let function = declaring(facts, declaration).and_then(owner);
        let returns = function.into_iter().flat_map(|f| descendants(f, false));
        found.extend(
            returns.filter(|n| n.kind() == "return_statement" && n.named_child_count() > 0),
        );
    }
    (found, all_seen)
}

/// The `for` statements around `node`, within its function, that run it again and again.
pub fn loops_around(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    ancestors(node)
        .take_while(|a| !crate::go::control::is_function(a.kind()))
        .filter(|a| a.kind() == "for_statement")
}

/// Whether one node lies in another, or is it.
pub fn within(inner: Node<'_>, outer: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}
