//! Predicates about declared objects: which one, where it is declared, where it is assigned and used.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::{
    go::{
        control::{ancestors, descendants, is_function, owner},
        imports::Alias,
        scope::{Declaration, Kind, Resolution},
        version::Version,
    },
    matcher::{
        object::{assignments, declared, declaring, loops_around, resolve, uses, within},
        typing::elements,
    },
};

/// The first version in which each round of a loop has variables of its own (<https://go.dev/ref/spec#For_statements>).
const PER_ITERATION: &str = "1.22";

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

/// Whether the object is put where others find it by its name alone: a field, an element, a global, a literal, a channel.
pub(super) fn stored(call: &Call<'_, '_>) -> Verdict {
    about_uses(call, is_stored, ["is stored", "is not stored"])
}

fn is_stored(call: &Call<'_, '_>, ident: Node<'_>) -> bool {
    let Some(parent) = ident.parent() else {
        return false;
    };
    match parent.kind() {
        "literal_element" => true,
        "send_statement" => parent.child_by_field_name("value") == Some(ident),
        "expression_list" => {
            let Some(statement) = parent
                .parent()
                .filter(|s| s.kind() == "assignment_statement")
            else {
                return false;
            };
            let left = statement.child_by_field_name("left").map(elements);
            let index = elements(parent).iter().position(|n| *n == ident);
            let target = left.zip(index).and_then(|(left, i)| left.get(i).copied());
            statement.child_by_field_name("right") == Some(parent)
                && target.is_none_or(|target| {
                    let local = declared(call.facts, target)
                        .filter(|id| call.facts.scope().declaration(*id).owner.is_some());
                    call.text_of(target) != "_" && local.is_none()
                })
        }
        _ => false,
    }
}

/// Whether the object is the only argument of a call of a function or method with one of these names.
pub(super) fn given_to(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(1);
    let is_given = |call: &Call<'_, '_>, ident: Node<'_>| {
        let list = ident.parent().filter(|p| p.kind() == "argument_list");
        let called = list
            .filter(|list| elements(*list).len() == 1)
            .and_then(|list| list.parent()?.child_by_field_name("function"));
        called.is_some_and(|function| {
            let name = function.child_by_field_name("field").unwrap_or(function);
            names.contains(&call.text_of(name))
        })
    };
    about_uses(
        call,
        is_given,
        ["is given to one of these", "is given to none of these"],
    )
}

/// Whether it holds for some use of the object that the first capture means.
fn about_uses(
    call: &Call<'_, '_>,
    holds: impl Fn(&Call<'_, '_>, Node<'_>) -> bool,
    words: [&str; 2],
) -> Verdict {
    call.each(
        |ident| match declared(call.facts, ident) {
            Some(id) => Answer::from(uses(call.facts, id).into_iter().any(|u| holds(call, u))),
            None => Answer::Unknown,
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} {}", words[0]),
            Answer::No => format!("{ident} {}", words[1]),
            Answer::Unknown => format!("what {ident} means cannot be known"),
        },
    )
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

/// Whether every use of the object, the declaration apart, lies in one of the nodes of the other captures.
pub(super) fn only_used_in(call: &Call<'_, '_>) -> Verdict {
    let count = call.predicate.arguments.len();
    let places: Vec<_> = (1..count).flat_map(|i| call.nodes(i)).collect();
    let outside = |ident| {
        let id = declared(call.facts, ident)?;
        let is_inside = |used: &Node<'_>| places.iter().any(|place| within(*used, **place));
        Some(
            uses(call.facts, id)
                .into_iter()
                .find(|used| !is_inside(used)),
        )
    };
    call.each(
        |ident| outside(ident).map(|found| found.is_none()).into(),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is used nowhere else"),
            Answer::No => {
                let used = call.nodes(0).first().and_then(|n| outside(*n)).flatten();
                let line = used.map_or(0, |n| n.start_position().row + 1);
                format!("{ident} is used elsewhere, at line {line}")
            }
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}

pub(super) fn reassigned(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| {
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let (assigned, all_seen) = assignments(call.facts, id);
            if !assigned.is_empty() {
                return Answer::Yes;
            }
            let each_round = assigned_by_loop(call, call.facts.scope().declaration(id));
            match each_round {
                Some(false) if !all_seen => Answer::Unknown,
                other => other.into(),
            }
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is assigned again{}", first_line(call)),
            Answer::No => format!("{ident} is not assigned again"),
            Answer::Unknown => format!(
                "{ident} may be assigned where it cannot be seen: through its address, or by another file"
            ),
        },
    )
}

/// Where the first assignment of the captured variable is, for reasons.
fn first_line(call: &Call<'_, '_>) -> String {
    let id = call.nodes(0).first().and_then(|n| declared(call.facts, *n));
    id.and_then(|id| assignments(call.facts, id).0.first().copied())
        .map_or_else(
            || " by its loop".to_owned(),
            |n| format!(" at line {}", n.start_position().row + 1),
        )
}

/// Whether the rounds of a loop assign its own variable: not where each round has its own. `None` where the language version is
/// not known.
fn assigned_by_loop(call: &Call<'_, '_>, declaration: &Declaration) -> Option<bool> {
    if declaration.kind != Kind::RangeVar {
        return Some(false);
    }
    Some(call.facts.file.go? < Version::parse(PER_ITERATION)?)
}

pub(super) fn reassigned_after(call: &Call<'_, '_>) -> Verdict {
    let [place] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |ident| assigned_after(call, ident, *place),
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is assigned behind {}, or by a loop around it", call.quoted(*place)),
            Answer::No => format!("{ident} is not assigned behind {}", call.quoted(*place)),
            Answer::Unknown => format!(
                "{ident} may be assigned later: through its address, in a function literal, after a `goto`, or by another file"
            ),
        },
    )
}

fn assigned_after<'t>(call: &Call<'_, 't>, ident: Node<'t>, place: Node<'t>) -> Answer {
    let Some(id) = declared(call.facts, ident) else {
        return Answer::Unknown;
    };
    let declaration = call.facts.scope().declaration(id);
    let (assigned, all_seen) = assignments(call.facts, id);
    let declared_at = declaring(call.facts, declaration);
    let repeats = |n: &Node<'t>| {
        loops_around(place)
            .filter(|l| within(*n, *l))
            .any(|l| !declared_in_body(l, declared_at))
    };
    if assigned
        .iter()
        .any(|n| n.start_byte() >= place.end_byte() || repeats(n))
    {
        return Answer::Yes;
    }
    let range_var = || assigned_by_loop(call, declaration);
    let by_loop = declared_at.map_or(Some(false), |at| {
        if loops_around(place).any(|l| within(at, l)) {
            range_var()
        } else {
            Some(false)
        }
    });
    if by_loop == Some(true) {
        return Answer::Yes;
    }
    let later = assigned.iter().any(|n| owner(*n) != owner(place));
    let jumps_back = owner(place).is_some_and(|f| {
        !assigned.is_empty()
            && descendants(f, false)
                .iter()
                .any(|n| n.kind() == "goto_statement")
    });
    if !all_seen || later || jumps_back || by_loop.is_none() {
        Answer::Unknown
    } else {
        Answer::No
    }
}

/// Whether a variable is declared in the body of a loop, so that each round has its own.
fn declared_in_body(repeated: Node<'_>, declared_at: Option<Node<'_>>) -> bool {
    let body = repeated.child_by_field_name("body");
    body.zip(declared_at)
        .is_some_and(|(body, at)| within(at, body))
}

pub(super) fn captured(call: &Call<'_, '_>) -> Verdict {
    let facts = call.facts;
    let kinds = call.texts(1);
    // What a literal that runs on the spot starts or defers is its own.
    let starts = |literal: Node<'_>, function: &std::ops::Range<usize>| {
        let links = |kind: &str| {
            let is_link = matches!(
                kind,
                "call_expression" | "argument_list" | "parenthesized_expression"
            );
            is_link || kinds.contains(&kind)
        };
        ancestors(literal)
            .take_while(|a| links(a.kind()))
            .filter(|a| kinds.contains(&a.kind()))
            .any(|a| owner(a).is_some_and(|o| o.byte_range() == *function))
    };
    let started = |node: Node<'_>, function: &std::ops::Range<usize>| {
        let mut around = ancestors(node).filter(|a| is_function(a.kind()));
        kinds.is_empty() || around.any(|literal| starts(literal, function))
    };
    let inner_use = |ident: Node<'_>| {
        let id = declared(facts, ident)?;
        let function = facts.scope().declaration(id).owner.clone()?;
        let mut found = uses(facts, id).into_iter();
        Some(
            found
                .find(|n| {
                    owner(*n).is_some_and(|o| o.byte_range() != function) && started(*n, &function)
                })
                .map(|n| n.start_position().row + 1),
        )
    };
    call.each(
        |ident| inner_use(ident).map(|line| line.is_some()).into(),
        |answer, ident| match answer {
            Answer::Yes => {
                let line = call.nodes(0).first().and_then(|n| inner_use(*n)).flatten();
                format!(
                    "a function literal uses {ident} at line {}",
                    line.unwrap_or(0)
                )
            }
            Answer::No => format!("no function literal uses {ident}"),
            Answer::Unknown => format!("{ident} is not declared in a function of this file"),
        },
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
