//! Predicates about declared objects: which one, where it is declared, where it is assigned and used.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::{
        control::owner,
        imports::Alias,
        scope::{Declaration, Kind, Resolution},
    },
    matcher::object::{declared, declaring, resolve},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "binds",
        &[Capture, Capture],
        None,
        "`(#binds? @a @b)`: both identifiers mean the same declared object",
        binds,
    ),
    PredicateKind::of(
        "same-at",
        &[Capture, Capture],
        None,
        "`(#same-at? @id @n)`: the identifier means the same object where the node stands",
        same_at,
    ),
    PredicateKind::of(
        "declared-in",
        &[Capture, Capture],
        None,
        "`(#declared-in? @id @node)`: the object is declared inside the node",
        declared_in,
    ),
    PredicateKind::of(
        "local",
        &[Capture],
        None,
        "`(#local? @id)`: the object is declared in the body of a function; a parameter or result is not",
        local,
    ),
    PredicateKind::of(
        "declared-here",
        &[Capture],
        None,
        "`(#declared-here? @id)`: the object is declared in the function in which the identifier stands, not in one around it",
        declared_here,
    ),
    PredicateKind::of(
        "param",
        &[Capture],
        None,
        "`(#param? @id)`: the object is a parameter or receiver",
        param,
    ),
    PredicateKind::of(
        "package-level",
        &[Capture],
        None,
        "`(#package-level? @id)`: the object is declared at package level, in this file or another",
        package_level,
    ),
    PredicateKind::of(
        "universe",
        &[Capture, Text],
        Some(Text),
        "`(#universe? @n \"any\" …)`: nothing in this file and its package shadows these predeclared names where the node stands",
        universe,
    ),
    PredicateKind::of(
        "visible",
        &[Capture, Text],
        None,
        "`(#visible? @n \"ctx\")`: the name that this piece of Go begins with means something where the node stands",
        visible,
    ),
];

/// Two names that no declaration of this file gives are the same object where they are the same name.
pub(super) fn binds(call: &Call<'_, '_>) -> Verdict {
    let (a, b) = (call.nodes(0), call.nodes(1));
    if a.is_empty() || a.len() != b.len() {
        return call.verdict(Answer::Unknown, || {
            "the captures do not match the same number of nodes".to_owned()
        });
    }
    let mut answers = a.iter().zip(b).map(|(a, b)| same_object(call, *a, *b));
    let first = answers.next().unwrap_or(Answer::Unknown);
    let answer = if answers.all(|other| other == first) {
        first
    } else {
        Answer::Unknown
    };
    call.verdict(answer, || {
        let (a, b) = (call.quoted(a[0]), call.quoted(b[0]));
        match answer {
            Answer::Yes => format!("both {a} are the same variable"),
            Answer::No => format!("{a} and {b} are not the same variable"),
            Answer::Unknown => format!("what {a} and {b} mean cannot be known"),
        }
    })
}

fn same_object<'t>(call: &Call<'_, 't>, a: Node<'t>, b: Node<'t>) -> Answer {
    match (resolve(call.facts, a), resolve(call.facts, b)) {
        (Resolution::Member | Resolution::Unknown, _)
        | (_, Resolution::Member | Resolution::Unknown) => Answer::Unknown,
        (Resolution::Blank, _) | (_, Resolution::Blank) => Answer::No,
        (x, y) => Answer::from(x == y && call.text_of(a) == call.text_of(b)),
    }
}

pub(super) fn declared_in(call: &Call<'_, '_>) -> Verdict {
    let [node] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    let inside = |range: &std::ops::Range<usize>| {
        node.start_byte() <= range.start && range.end <= node.end_byte()
    };
    let scope = call.facts.scope();
    call.each(
        |ident| match resolve(call.facts, ident) {
            Resolution::Declared(id) => inside(&scope.declaration(id).range).into(),
            Resolution::Import(index) => inside(&scope.imports()[index].range).into(),
            Resolution::Universe | Resolution::Unresolved => Answer::No,
            Resolution::Member | Resolution::Blank | Resolution::Unknown => Answer::Unknown,
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is declared in {}", call.quoted(*node)),
            Answer::No => format!("{ident} is not declared in {}", call.quoted(*node)),
            Answer::Unknown => format!("what {ident} means cannot be known"),
        },
    )
}

pub(super) fn local(call: &Call<'_, '_>) -> Verdict {
    of_kind(call, "a local variable", |declaration| {
        let in_body = !matches!(
            declaration.kind,
            Kind::Param | Kind::Result | Kind::Receiver | Kind::TypeParam | Kind::Label
        );
        in_body && declaration.owner.is_some()
    })
}

/// Whether the object is declared in the same function that the identifier stands in, and not in one around it.
pub(super) fn declared_here(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let site = declaring(call.facts, call.facts.scope().declaration(id));
            let function = site.and_then(owner);
            Answer::from(function.is_some() && function == owner(ident))
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is declared in this function"),
            Answer::No => format!("{ident} is declared outside of this function"),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}

pub(super) fn param(call: &Call<'_, '_>) -> Verdict {
    of_kind(call, "a parameter", |declaration| {
        matches!(declaration.kind, Kind::Param | Kind::Receiver)
    })
}

/// Asks about the declaration; what this file does not declare is neither local nor a parameter.
fn of_kind(call: &Call<'_, '_>, what: &str, holds: impl Fn(&Declaration) -> bool) -> Verdict {
    let scope = call.facts.scope();
    call.each(
        |ident| match resolve(call.facts, ident) {
            Resolution::Declared(id) => holds(scope.declaration(id)).into(),
            Resolution::Import(_) | Resolution::Universe | Resolution::Unresolved => Answer::No,
            Resolution::Member | Resolution::Blank | Resolution::Unknown => Answer::Unknown,
        },
        |answer, ident| is_or_not(answer, ident, what),
    )
}

fn is_or_not(answer: Answer, ident: &str, what: &str) -> String {
    match answer {
        Answer::Yes => format!("{ident} is {what}"),
        Answer::No => format!("{ident} is not {what}"),
        Answer::Unknown => format!("what {ident} means cannot be known"),
    }
}

/// A name that neither this file nor the universe declares is declared in another file, at package level, unless it is
/// exported and a dot import may bring it.
pub(super) fn package_level(call: &Call<'_, '_>) -> Verdict {
    let scope = call.facts.scope();
    let dots = || scope.imports().iter().any(|i| i.alias == Alias::Dot);
    call.each(
        |ident| match resolve(call.facts, ident) {
            Resolution::Declared(id) => scope.declaration(id).owner.is_none().into(),
            Resolution::Unresolved
                if dots() && call.text_of(ident).starts_with(char::is_uppercase) =>
            {
                Answer::Unknown
            }
            Resolution::Unresolved => Answer::Yes,
            Resolution::Import(_) | Resolution::Universe => Answer::No,
            Resolution::Member | Resolution::Blank | Resolution::Unknown => Answer::Unknown,
        },
        |answer, ident| is_or_not(answer, ident, "declared at package level"),
    )
}

/// What no declaration of this file gives is not looked at.
pub(super) fn same_at(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    let scope = call.facts.scope();
    call.each(
        |ident| match resolve(call.facts, ident) {
            found @ (Resolution::Declared(_) | Resolution::Import(_)) => {
                (scope.visible(call.text_of(ident), place.start_byte()) == Some(found)).into()
            }
            _ => Answer::Unknown,
        },
        |answer, ident| {
            let place = call.quoted(*place);
            match answer {
                Answer::Yes => format!("{ident} means the same at {place}"),
                Answer::No => format!("{ident} means something else, or nothing, at {place}"),
                Answer::Unknown => format!("what {ident} means cannot be known"),
            }
        },
    )
}

/// Another file of the package may declare the name too; where the package's files are not known, that is taken not to be
/// so. A dot import brings exported names only, and no predeclared name is one.
pub(super) fn universe(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(1);
    let scope = call.facts.scope();
    let shadowed = |node: Node<'_>| {
        names.iter().find(|name| {
            scope.visible(name, node.start_byte()) != Some(Resolution::Universe)
                || call.facts.package_declares(name)
        })
    };
    call.each(
        |node| shadowed(node).is_none().into(),
        |answer, node| {
            if answer == Answer::Yes {
                return format!(
                    "`{}` means the predeclared name at {node}",
                    names.join("`, `")
                );
            }
            let name = call.nodes(0).first().and_then(|n| shadowed(*n));
            format!(
                "`{}` is not the predeclared name at {node}",
                name.unwrap_or(&"")
            )
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
