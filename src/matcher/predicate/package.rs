//! Predicates about what the other files of the package do with an object, and about imports as a whole.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Answer, Call, Parameter::Capture, PredicateKind, Verdict};
use crate::{
    go::{
        control::descendants,
        imports::Alias,
        scope::{Resolution, Scope},
        syntax::Parsed,
        types::Type,
    },
    matcher::object::resolve,
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "only-here",
        &[Capture],
        None,
        "`(#only-here? @id)`: the object is at package level, not exported, and no other file of the package mentions its name",
        only_here,
    ),
    PredicateKind::of(
        "only-grows",
        &[Capture],
        None,
        "`(#only-grows? @id)`: nothing in the package takes anything out of this map at package level",
        only_grows,
    ),
];

/// What the other files of the package say.
fn other_files(call: &Call<'_, '_>) -> Option<Vec<Arc<str>>> {
    let index = call.facts.index?;
    let path = &call.facts.file.path;
    let folder = path
        .parent()
        .map_or_else(String::new, |p| p.to_string_lossy().replace('\\', "/"));
    let own = path.to_string_lossy().replace('\\', "/");
    let root = call.facts.parsed.root();
    let clause = descendants(root, false)
        .into_iter()
        .find(|n| n.kind() == "package_identifier")?;
    let package = index.package_in(&folder, call.text_of(clause))?;
    package.complete.then(|| {
        package
            .units
            .iter()
            .filter(|(path, _)| *path != own)
            .map(|(_, unit)| Arc::clone(&unit.text))
            .collect()
    })
}

/// The name of an object at package level that other packages cannot name.
fn unexported<'t>(call: &Call<'_, 't>, ident: Node<'t>) -> Option<&'t str> {
    let name = call.text_of(ident);
    let scope = call.facts.scope();
    let at_package_level = match resolve(call.facts, ident) {
        Resolution::Declared(id) => scope.declaration(id).owner.is_none(),
        Resolution::Unresolved => !scope.imports().iter().any(|i| i.alias == Alias::Dot),
        _ => false,
    };
    (at_package_level && name.starts_with(|c: char| c.is_lowercase() || c == '_')).then_some(name)
}

fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word)
    })
}

/// Whether no other file can mean this object: it is at package level, not exported, and its name stands in no other file of the
/// package.
pub(super) fn only_here(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| {
            let Some(name) = unexported(call, ident) else {
                return Answer::No;
            };
            match other_files(call) {
                Some(files) => Answer::from(!files.iter().any(|text| mentions(text, name))),
                None => Answer::Unknown,
            }
        },
        |answer, ident| match answer {
            Answer::Yes => format!("no other file mentions {ident}"),
            Answer::No => format!("other files may mention {ident}"),
            Answer::Unknown => "not all files of the package are at hand".to_owned(),
        },
    )
}

/// Whether every use of a map at package level, in all files of the package, reads it or puts something in.
pub(super) fn only_grows(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| grows(call, ident).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("nothing in the package takes anything out of {ident}"),
            Answer::No => {
                format!("{ident} is used for more than to read it and to put something in")
            }
            Answer::Unknown => format!("not all that is done with {ident} can be seen"),
        },
    )
}

fn grows(call: &Call<'_, '_>, ident: Node<'_>) -> Option<bool> {
    let name = unexported(call, ident)?;
    if !matches!(call.facts.typing().type_of(ident)?, Type::Map(_)) {
        return Some(false);
    }
    let own = uses_in(call.facts.parsed, call.facts.scope(), name);
    if !own
        .into_iter()
        .all(|used| adds_or_reads(used, call.facts.parsed))
    {
        return Some(false);
    }
    for text in other_files(call)? {
        if !mentions(&text, name) {
            continue;
        }
        let parsed = Parsed::new(text);
        let scope = Scope::of(&parsed);
        let uses = uses_in(&parsed, &scope, name);
        if !uses.into_iter().all(|used| adds_or_reads(used, &parsed)) {
            return Some(false);
        }
    }
    Some(true)
}

/// The identifiers of a file that mean the object of this name at package level, its declaration not among them.
fn uses_in<'t>(parsed: &'t Parsed, scope: &Scope, name: &str) -> Vec<Node<'t>> {
    let root = parsed.root();
    scope
        .names()
        .filter(|(range, resolution)| {
            parsed.text().get(range.clone()) == Some(name)
                && match resolution {
                    Resolution::Unresolved | Resolution::Unknown => true,
                    Resolution::Declared(id) => {
                        let declaration = scope.declaration(*id);
                        declaration.owner.is_none() && declaration.range != *range
                    }
                    _ => false,
                }
        })
        .filter_map(|(range, _)| root.named_descendant_for_byte_range(range.start, range.end))
        .collect()
}

/// Whether a use of a map indexes it, ranges over it or asks for its length.
fn adds_or_reads(used: Node<'_>, parsed: &Parsed) -> bool {
    let Some(parent) = used.parent() else {
        return false;
    };
    match parent.kind() {
        "index_expression" => parent.child_by_field_name("operand") == Some(used),
        "range_clause" => parent.child_by_field_name("right") == Some(used),
        "argument_list" => parent.parent().is_some_and(|c| {
            c.child_by_field_name("function")
                .is_some_and(|f| parsed.text_of(f) == "len")
        }),
        "binary_expression" => ["left", "right"].iter().any(|side| {
            parent
                .child_by_field_name(side)
                .is_some_and(|n| n.kind() == "nil")
        }),
        _ => false,
    }
}
