//! Predicates about the types of expressions.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::go::types::{Type, stdlib::read_type_text};

/// The type of an expression with its default where it is an untyped constant other than `nil`.
fn type_of(call: &Call<'_, '_>, node: Node<'_>) -> Option<Type> {
    let found = call.facts.typing().type_of(node)?.defaulted();
    found.is_known().then_some(found)
}

fn shown(call: &Call<'_, '_>, node: Node<'_>) -> String {
    type_of(call, node).map_or_else(|| "not known".to_owned(), |t| format!("`{t}`"))
}

/// No only where every name in the type is known to be no alias.
pub(super) fn is_type(call: &Call<'_, '_>) -> Verdict {
    let wanted: Vec<Type> = call.texts(1).into_iter().map(read_type_text).collect();
    call.each(
        |node| match type_of(call, node) {
            Some(found) if wanted.contains(&found) => Answer::Yes,
            Some(found) if call.facts.typing().is_settled(&found) => Answer::No,
            _ => Answer::Unknown,
        },
        |_, node| format!("the type of {node} is {}", first(call)),
    )
}

pub(super) fn implements(call: &Call<'_, '_>) -> Verdict {
    let wanted: Vec<Type> = call.texts(1).into_iter().map(read_type_text).collect();
    call.each(
        |node| {
            let Some(found) = type_of(call, node) else {
                return Answer::Unknown;
            };
            let typing = call.facts.typing();
            let mut answer = Answer::No;
            for interface in &wanted {
                match typing.implements(&found, interface) {
                    Some(true) => return Answer::Yes,
                    Some(false) => {}
                    None => answer = Answer::Unknown,
                }
            }
            answer
        },
        |_, node| format!("the type of {node} is {}", first(call)),
    )
}

fn first(call: &Call<'_, '_>) -> String {
    call.nodes(0).first().map_or_else(String::new, |node| shown(call, *node))
}
