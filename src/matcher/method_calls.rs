//! Which methods a function calls on an object. In: a declaration. Out: method paths, `Body.Close`, with their places.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{
    Facts,
    object::{Access, access, declared, uses},
    typing::elements,
};
use crate::go::scope::DeclId;

/// A method that is called on an object, or handed over to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodCall<'t> {
    /// The path from the object, `Body.Close`; `()` where the object itself is called.
    pub path: String,
    /// The call; the method value where it is handed over.
    pub node: Node<'t>,
    /// Whether it is called here.
    pub called: bool,
}

/// All of them, function literals included, through aliases too (`body := resp.Body`).
pub fn method_calls<'t>(facts: &Facts<'t>, id: DeclId) -> Vec<MethodCall<'t>> {
    let mut found = Vec::new();
    collect(facts, id, "", &mut BTreeSet::new(), &mut found);
    found.sort_by_key(|c| c.node.start_byte());
    found
}

fn collect<'t>(
    facts: &Facts<'t>,
    id: DeclId,
    prefix: &str,
    seen: &mut BTreeSet<DeclId>,
    found: &mut Vec<MethodCall<'t>>,
) {
    if !seen.insert(id) {
        return;
    }
    for ident in uses(facts, id) {
        if access(facts, ident) != Access::Read {
            continue;
        }
        let (top, path) = selected(facts, ident, prefix);
        let Some(parent) = top.parent() else {
            continue;
        };
        let called = parent.kind() == "call_expression"
            && parent.child_by_field_name("function") == Some(top);
        let node = if called { parent } else { top };
        let itself = path.is_empty();
        if called || parent.kind() == "argument_list" || !itself {
            let path = if itself {
                "()".to_owned()
            } else {
                path.clone()
            };
            found.push(MethodCall { path, node, called });
        }
        if let Some(alias) = alias(facts, top) {
            collect(facts, alias, &path, seen, found);
        }
    }
}

/// The longest selector on an identifier, and its path.
fn selected<'t>(facts: &Facts<'t>, ident: Node<'t>, prefix: &str) -> (Node<'t>, String) {
    let (mut top, mut path) = (ident, prefix.to_owned());
    while let Some(parent) = top.parent() {
        match parent.kind() {
            // An assertion gives the same object another type.
            "parenthesized_expression" | "type_assertion_expression" => {}
            "selector_expression" => {
                let Some(field) = parent.child_by_field_name("field") else {
                    break;
                };
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(facts.parsed.text_of(field));
            }
            _ => break,
        }
        top = parent;
    }
    (top, path)
}

/// The variable that an expression is assigned to.
fn alias<'t>(facts: &Facts<'t>, value: Node<'t>) -> Option<DeclId> {
    let list = value.parent().filter(|p| p.kind() == "expression_list")?;
    let statement = list.parent()?;
    let values = elements(list);
    let targets = if statement.kind() == "var_spec" {
        let mut cursor = statement.walk();
        statement
            .children_by_field_name("name", &mut cursor)
            .collect()
    } else {
        elements(
            statement
                .child_by_field_name("left")
                .filter(|l| *l != list)?,
        )
    };
    let index = values.iter().position(|v| *v == value)?;
    let is_comma_ok = values.len() == 1 && value.kind() == "type_assertion_expression";
    let target = targets
        .get(index)
        .filter(|_| targets.len() == values.len() || is_comma_ok)?;
    declared(facts, *target)
}
