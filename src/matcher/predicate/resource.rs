//! Predicates about resources: whether they escape, what is called on them.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::go::scope::Resolution;
use crate::matcher::{
    acquire::acquired,
    binding::import_binding,
    escape::{escape, exits},
    method_calls::method_calls,
    object::{declared, within},
    release::{released, used_after},
    typing::{bare, elements},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "calls",
        &[Capture, Text],
        Some(Text),
        "`(#calls? @id \"Close\" \"Body.Close\" …)`: some use calls that method on the object, or hands it over; `()` is the object itself",
        calls,
    ),
    PredicateKind::of(
        "escapes",
        &[Capture],
        None,
        "`(#escapes? @id)`: the object may be used after its function returns, or is someone else's to release",
        escapes,
    ),
    PredicateKind::of(
        "escapes-besides",
        &[Capture, Capture],
        None,
        "`(#escapes-besides? @id @n)`: the object escapes by something that is done outside the node",
        escapes_besides,
    ),
    PredicateKind::of(
        "leaves",
        &[Capture, Capture],
        None,
        "`(#leaves? @id @n)`: the object may be used after control leaves the node, or is someone else's to release",
        leaves,
    ),
    PredicateKind::of(
        "released",
        &[Capture, Text],
        Some(Text),
        "`(#released? @id \"Body.Close\" …)`: every path from the assignment to `@id` calls or defers one of these, or hands the object over",
        is_released,
    ),
    PredicateKind::of(
        "used-after",
        &[Capture, Capture],
        None,
        "`(#used-after? @id @n)`: the object is read behind the node on some path",
        is_used_after,
    ),
    PredicateKind::of(
        "acquires",
        &[Capture, Capture],
        Some(Text),
        "`(#acquires? @call @id \"os.File\" \"net.Dial\" …)`: the call acquires a resource of the table, and the identifier gets it; of one of these types or by one of these functions, where some are named",
        acquires,
    )
    .unless(is_called_otherwise),
];

pub(super) fn escapes(call: &Call<'_, '_>) -> Verdict {
    let judged = |ident| escape(call.facts, call.resources(), ident);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| {
            let reason = call
                .nodes(0)
                .first()
                .map(|n| judged(*n).reason)
                .unwrap_or_default();
            match answer {
                Answer::Yes => format!("{ident} escapes: {reason}"),
                Answer::No => format!("{ident} does not escape"),
                Answer::Unknown => format!("whether {ident} escapes cannot be known: {reason}"),
            }
        },
    )
}

pub(super) fn leaves(call: &Call<'_, '_>) -> Verdict {
    let [region] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    let judged =
        |ident| crate::matcher::escape::leaves(call.facts, call.resources(), ident, *region);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| {
            let first = call.nodes(0).first();
            let reason = first.map(|n| judged(*n).reason).unwrap_or_default();
            match answer {
                Answer::Yes => format!("{ident} leaves: {reason}"),
                Answer::No => format!("{ident} does not leave {}", call.quoted(*region)),
                Answer::Unknown => format!("whether {ident} leaves cannot be known: {reason}"),
            }
        },
    )
}

/// Like [`escapes`], without regard to what happens inside one node.
pub(super) fn escapes_besides(call: &Call<'_, '_>) -> Verdict {
    let [apart] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    let first = |ident| {
        let found = exits(call.facts, call.resources(), ident);
        let elsewhere = found.into_iter().filter(|(n, _)| !within(*n, *apart));
        elsewhere.min_by_key(|(n, sure)| (!sure, n.start_byte()))
    };
    call.each(
        |ident| {
            let is_local = declared(call.facts, ident)
                .is_some_and(|id| call.facts.scope().declaration(id).owner.is_some());
            match first(ident) {
                _ if !is_local => Answer::Unknown,
                Some((_, true)) => Answer::Yes,
                Some((_, false)) => Answer::Unknown,
                None => Answer::No,
            }
        },
        |answer, ident| {
            let line = call
                .nodes(0)
                .first()
                .and_then(|n| first(*n))
                .map_or(0, |(n, _)| n.start_position().row + 1);
            match answer {
                Answer::Yes => format!("{ident} escapes at line {line} too"),
                Answer::No => format!("{ident} does not escape elsewhere"),
                Answer::Unknown => format!("{ident} may escape at line {line} too"),
            }
        },
    )
}

pub(super) fn calls(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(1);
    let first = |ident| {
        let id = declared(call.facts, ident)?;
        let found = method_calls(call.facts, id);
        Some(found.into_iter().find(|c| paths.contains(&c.path.as_str())))
    };
    call.each(
        |ident| first(ident).map(|c| c.is_some()).into(),
        |answer, ident| match answer {
            Answer::Yes => {
                let found = call.nodes(0).first().and_then(|n| first(*n)).flatten();
                let line = found.map_or(0, |c| c.node.start_position().row + 1);
                format!(
                    "`{}` of {ident} is called or handed over at line {line}",
                    paths.join("` or `")
                )
            }
            Answer::No => format!("`{}` of {ident} is nowhere called", paths.join("` or `")),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}

pub(super) fn is_released(call: &Call<'_, '_>) -> Verdict {
    let methods = call.texts(1);
    let judged = |ident| released(call.facts, call.resources(), ident, &methods);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is released or handed over on every path"),
            Answer::No => {
                let at = call.nodes(0).first().and_then(|n| judged(*n).at);
                at.map_or_else(
                    || format!("{ident} is not released on the path to the end of the function"),
                    |at| {
                        format!(
                            "{ident} is not released on a path to the return at line {}",
                            at.start_position().row + 1
                        )
                    },
                )
            }
            Answer::Unknown => format!("whether {ident} is released on every path cannot be known"),
        },
    )
}

pub(super) fn is_used_after(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |ident| used_after(call.facts, ident, *place).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is used behind {}", call.quoted(*place)),
            Answer::No => format!("{ident} is not used behind {}", call.quoted(*place)),
            Answer::Unknown => format!(
                "whether {ident} is used behind {} cannot be known: a deferred call, a function literal or its address may",
                call.quoted(*place)
            ),
        },
    )
}

pub(super) fn acquires(call: &Call<'_, '_>) -> Verdict {
    let [ident] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |node| acquires_into(call, node, *ident),
        |answer, node| {
            let ident = call.quoted(*ident);
            match answer {
                Answer::Yes => format!("{node} acquires a resource, which {ident} gets"),
                Answer::No => format!("{ident} does not get a resource of the table from {node}"),
                Answer::Unknown => format!("what {node} calls cannot be known"),
            }
        },
    )
}

/// Whether a call has neither the name of a function that acquires such a resource, nor of one that the file declares and
/// that may wrap one.
fn is_called_otherwise(call: &Call<'_, '_>) -> bool {
    let wanted = call.texts(2);
    let otherwise = |node: &Node<'_>| {
        let Some(function) = node.child_by_field_name("function").map(bare) else {
            return false;
        };
        let (name, operand) = match function.kind() {
            "identifier" => (function, None),
            "selector_expression" => (
                function.child_by_field_name("field").unwrap_or(function),
                function.child_by_field_name("operand"),
            ),
            _ => return false,
        };
        let meaning = |node: Node<'_>| call.facts.scope().resolve(node);
        let name_is_local = matches!(meaning(name), Resolution::Declared(_));
        // What is selected from a package is that package's, or that of an import whose name is not certain.
        let package = operand.filter(|operand| {
            operand.kind() == "identifier" && matches!(meaning(*operand), Resolution::Import(_))
        });
        let name = call.text_of(name);
        let is_acquirer = || {
            let mut names = call.resources().acquirers(&wanted);
            names.any(|acquirer| {
                let of = acquirer
                    .strip_suffix(name)
                    .and_then(|of| of.strip_suffix('.'));
                of.is_some_and(|path| {
                    package.is_none_or(|package| {
                        import_binding(call.facts, package, &[path]) != Answer::No
                    })
                })
            })
        };
        !name_is_local
            && !is_acquirer()
            && (package.is_some() || !may_be_declared(call.facts.parsed.text(), name))
    };
    call.nodes(0).iter().any(otherwise)
}

/// Whether a text may declare a function, a method or a variable by a name.
fn may_be_declared(text: &str, name: &str) -> bool {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    memchr::memmem::find_iter(text.as_bytes(), name.as_bytes()).any(|at| {
        let before = &text[..at];
        let after = &text[at + name.len()..];
        if before.ends_with(is_word) || after.starts_with(is_word) {
            return false;
        }
        let (before, after) = (before.trim_end(), after.trim_start());
        let is_set = after.starts_with('=') && !after.starts_with("==");
        let is_var = after.starts_with("func") || before.ends_with("var");
        before.ends_with("func") || before.ends_with(')') || is_set || is_var
    })
}

fn acquires_into<'t>(call: &Call<'_, 't>, node: Node<'t>, ident: Node<'t>) -> Answer {
    let wanted = call.texts(2);
    let found = match acquired(call.facts, call.resources(), node, &wanted) {
        Some(Some(found)) => found,
        Some(None) => return Answer::No,
        None => return Answer::Unknown,
    };
    let statement = node.parent().and_then(|list| list.parent());
    let targets = statement.and_then(|s| {
        if s.kind() == "var_spec" {
            let mut cursor = s.walk();
            return Some(
                s.children_by_field_name("name", &mut cursor)
                    .collect::<Vec<_>>(),
            );
        }
        s.child_by_field_name("left").map(elements)
    });
    let target = targets.unwrap_or_default().get(found.result).copied();
    Answer::from(target == Some(ident))
}
