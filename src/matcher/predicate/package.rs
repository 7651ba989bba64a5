//! Predicates about what the other files of the package do with an object, and about imports as a whole.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::{
    go::{
        control::descendants,
        imports::{Alias, candidate_names},
        scope::{Resolution, Scope},
        syntax::Parsed,
        types::Type,
    },
    matcher::{
        object::{declared, resolve, uses},
        typing::{Callee, callee},
    },
};

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

/// Whether every use of a function in this file is a call of it.
pub(super) fn only_called(call: &Call<'_, '_>) -> Verdict {
    let is_called = |used: Node<'_>| {
        used.parent().is_some_and(|p| {
            p.kind() == "call_expression" && p.child_by_field_name("function") == Some(used)
        })
    };
    call.each(
        |ident| match declared(call.facts, ident) {
            Some(id) => Answer::from(uses(call.facts, id).into_iter().all(is_called)),
            None => Answer::Unknown,
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is only called"),
            Answer::No => format!("{ident} is used without being called"),
            Answer::Unknown => format!("{ident} is not declared in this file"),
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

/// Whether some identifier in the node has one of these types.
pub(super) fn mentions_type(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    let found = |node: Node<'_>| {
        let typing = call.facts.typing();
        let mut all = descendants(node, true);
        all.push(node);
        all.into_iter().any(|n| {
            n.kind() == "identifier"
                && typing
                    .type_of(n)
                    .is_some_and(|t| wanted.contains(&t.to_string().as_str()))
        })
    };
    call.each(
        |node| Answer::from(found(node)),
        |answer, node| {
            let verb = if answer == Answer::Yes {
                "mentions"
            } else {
                "does not mention"
            };
            format!("{node} {verb} a `{}`", wanted.join("` or a `"))
        },
    )
}

/// Whether all that the file does with an import is call these functions.
pub(super) fn import_calls(call: &Call<'_, '_>) -> Verdict {
    import_only(call, true)
}

/// Whether all that the file takes from an import has one of these names, whatever is done with it.
pub(super) fn import_takes(call: &Call<'_, '_>) -> Verdict {
    import_only(call, false)
}

fn import_only(call: &Call<'_, '_>, called: bool) -> Verdict {
    let names = call.texts(1);
    let scope = call.facts.scope();
    let root = call.facts.parsed.root();
    let odd = |node: Node<'_>| {
        let index = (0..scope.imports().len())
            .find(|i| spec_holds(call, *i, node))
            .or(match resolve(call.facts, node) {
                Resolution::Import(index) => Some(index),
                _ => None,
            })?;
        let uses = scope.import_uses(index);
        let odd = uses.iter().find(|used| {
            let node = root.named_descendant_for_byte_range(used.start, used.end);
            !node.is_some_and(|n| takes_one_of(call, n, &names, called))
        });
        // What nobody uses is called otherwise than its path says.
        (!uses.is_empty()).then(|| odd.map(|used| used.start))
    };
    call.each(
        |node| odd(node).map(|found| found.is_none()).into(),
        |answer, node| {
            let at = call.nodes(0).first().and_then(|n| odd(*n)).flatten();
            let line = call.facts.parsed.text()[..at.unwrap_or(0)]
                .matches('\n')
                .count()
                + 1;
            match answer {
                Answer::Yes => format!("the file takes nothing else from {node}"),
                Answer::No => format!("the file takes something else from {node} at line {line}"),
                Answer::Unknown => format!("what the file takes from {node} cannot be known"),
            }
        },
    )
}

/// Whether a node lies in the spec of an import.
fn spec_holds(call: &Call<'_, '_>, index: usize, node: Node<'_>) -> bool {
    let range = &call.facts.scope().imports()[index].range;
    range.start <= node.start_byte() && node.end_byte() <= range.end
}

fn takes_one_of(call: &Call<'_, '_>, package: Node<'_>, names: &[&str], called: bool) -> bool {
    let Some(parent) = package.parent() else {
        return false;
    };
    let field = match parent.kind() {
        "selector_expression" => "field",
        "qualified_type" if !called => "name",
        _ => return false,
    };
    let is_one = parent
        .child_by_field_name(field)
        .is_some_and(|f| names.contains(&call.text_of(f)));
    let is_call = parent.parent().is_some_and(|p| {
        p.kind() == "call_expression" && p.child_by_field_name("function") == Some(parent)
    });
    is_one && (is_call || !called)
}

/// Whether two import paths suggest the same package name.
pub(super) fn same_name(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(0);
    let [a, b] = paths[..] else {
        return call.verdict(Answer::Unknown, || "two paths are needed".to_owned());
    };
    let (a, b) = (candidate_names(a), candidate_names(b));
    let same = a.first().is_some_and(|name| b.first() == Some(name));
    call.verdict(same, || {
        let first = |names: &[String]| names.first().cloned().unwrap_or_default();
        format!(
            "the packages are called `{}` and `{}`",
            first(&a),
            first(&b)
        )
    })
}

/// Whether a text has something in it: a parameter that was given a value, say.
pub(super) fn non_empty(call: &Call<'_, '_>) -> Verdict {
    let is_empty = call.texts(0).first().is_none_or(|text| text.is_empty());
    call.verdict(!is_empty, || {
        let not = if is_empty { "" } else { "not " };
        format!("the text is {not}empty")
    })
}

/// Whether nothing in the file, imports included, is declared by a name.
pub(super) fn free(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(0);
    let scope = call.facts.scope();
    let taken = names.iter().find(|name| {
        scope.declarations().iter().any(|d| d.name == **name) || scope.import_named(name).is_some()
    });
    call.verdict(taken.is_none(), || match taken {
        Some(name) => format!("the file declares `{name}`"),
        None => "the file declares none of these names".to_owned(),
    })
}

/// Whether a call is one of a function `path.Func` or of a method `path.Type.Method`.
pub(super) fn is_callee(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    call.each(
        |node| match callee(call.facts, call.resources(), node) {
            Callee::Imported(name) | Callee::Method(name) => wanted.contains(&name.as_str()).into(),
            Callee::Builtin(_) | Callee::Conversion => Answer::No,
            Callee::Known(function) => own_name(call, function)
                .map(|name| wanted.contains(&name.as_str()))
                .into(),
            Callee::Unknown => Answer::Unknown,
        },
        |answer, node| {
            let names = wanted.join("` or `");
            match answer {
                Answer::Yes => format!("{node} calls `{names}`"),
                Answer::No => format!("{node} does not call `{names}`"),
                Answer::Unknown => format!("what {node} calls cannot be known"),
            }
        },
    )
}

/// The full name of a function or method of this file.
fn own_name(call: &Call<'_, '_>, function: Node<'_>) -> Option<String> {
    let path = call.facts.typing().own_path();
    let name = call.text_of(function.child_by_field_name("name")?);
    let Some(receiver) = function.child_by_field_name("receiver") else {
        return Some(format!("{path}.{name}"));
    };
    let of = descendants(receiver, false)
        .into_iter()
        .find(|n| n.kind() == "type_identifier")?;
    Some(format!("{path}.{}.{name}", call.text_of(of)))
}

/// Whether the node is the element of its list with this index, comments left out.
pub(super) fn nth(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1).first().and_then(|n| n.parse::<usize>().ok());
    let Some(wanted) = wanted else {
        return call.verdict(Answer::Unknown, || "the index is not a number".to_owned());
    };
    let index = |node: Node<'_>| {
        std::iter::successors(node.prev_named_sibling(), Node::prev_named_sibling)
            .filter(|n| n.kind() != "comment")
            .count()
    };
    call.each(
        |node| Answer::from(index(node) == wanted),
        |_, node| format!("{node} is not looked for, or is, at index {wanted}"),
    )
}

/// Whether a list has this many elements, comments left out.
pub(super) fn length(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1).first().and_then(|n| n.parse::<usize>().ok());
    let Some(wanted) = wanted else {
        return call.verdict(Answer::Unknown, || "the length is not a number".to_owned());
    };
    let count = |node: Node<'_>| {
        let mut cursor = node.walk();
        node.named_children(&mut cursor)
            .filter(|n| n.kind() != "comment")
            .count()
    };
    call.each(
        |node| Answer::from(count(node) == wanted),
        |_, node| {
            let found = call.nodes(0).first().map_or(0, |n| count(*n));
            format!("{node} has {found} elements")
        },
    )
}

/// Whether the name that a piece of Go begins with means something where the node stands; a literal does anywhere.
pub(super) fn visible(call: &Call<'_, '_>) -> Verdict {
    let text = call
        .texts(1)
        .first()
        .copied()
        .unwrap_or_default()
        .trim_start_matches(['&', '*', '!', '-', '(']);
    let name: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    call.each(
        |node| {
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
                return Answer::Yes;
            }
            let scope = call.facts.scope();
            let known = scope.visible(&name, node.start_byte()).is_some()
                || crate::go::scope::is_predeclared(&name)
                || matches!(&*name, "func" | "struct" | "map" | "interface" | "chan");
            if known { Answer::Yes } else { Answer::Unknown }
        },
        |answer, node| match answer {
            Answer::Yes => format!("`{name}` means something at {node}"),
            _ => format!("this file does not say what `{name}` means at {node}"),
        },
    )
}
