//! Predicates about where a node stands and what it holds.

use tree_sitter::Node;

use super::{
    Answer, Argument, Call, Needs,
    Parameter::{Capture, NodeKind, Regex, Text},
    PredicateKind, Verdict,
};
use crate::go::control::{ancestors, descendants, in_loop as runs_in_loop, is_function};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "in-loop",
        &[Capture],
        None,
        "`(#in-loop? @n)`: a `for` of the same function runs the node more than once",
        in_loop,
    )
    .needing(&[Needs::Words(&["for"])])
    .local(),
    PredicateKind::of(
        "last",
        &[Capture],
        None,
        "`(#last? @n)`: of its neighbours, none but comments follows the node",
        last,
    )
    .unless(is_followed),
    PredicateKind::of(
        "first",
        &[Capture],
        None,
        "`(#first? @n)`: of its neighbours of the same kind, none stands before the node",
        first,
    )
    .unless(is_preceded),
    PredicateKind::of(
        "inside",
        &[Capture, NodeKind],
        Some(NodeKind),
        "`(#inside? @n \"kind\" …)`: an ancestor within the same function has one of these kinds",
        inside,
    )
    .local(),
    PredicateKind::of(
        "inside-any",
        &[Capture, NodeKind],
        Some(NodeKind),
        "`(#inside-any? @n \"kind\" …)`: an ancestor has one of these kinds, function literals crossed",
        inside_any,
    )
    .local(),
    PredicateKind::of(
        "has",
        &[Capture, NodeKind],
        Some(NodeKind),
        "`(#has? @n \"kind\" …)`: a descendant has one of these kinds, function literals not entered",
        has,
    )
    .local(),
    PredicateKind::of(
        "has-any",
        &[Capture, NodeKind],
        Some(NodeKind),
        "`(#has-any? @n \"kind\" …)`: a descendant has one of these kinds, function literals entered",
        has_any,
    )
    .local(),
    PredicateKind::of(
        "around-match",
        &[Capture, NodeKind, Regex],
        None,
        "`(#around-match? @n \"function_declaration\" \"re\")`: the regular expression finds something in the nearest node of that kind around the node; `source_file` is the file",
        around_match,
    ),
    PredicateKind::of(
        "commented",
        &[Capture, Regex],
        None,
        "`(#commented? @n \"re\")`: the regular expression finds something in a comment above the node's statement, or on its lines",
        commented,
    ),
    PredicateKind::of(
        "function-name",
        &[Capture, Regex],
        None,
        "`(#function-name? @n \"re\")`: the regular expression finds something in the name of the function declaration around the node",
        function_name,
    )
    .local(),
    PredicateKind::of(
        "nth",
        &[Capture, Text],
        None,
        "`(#nth? @n \"0\")`: the node is the element of its list with this index",
        nth,
    ),
    PredicateKind::of(
        "length",
        &[Capture, Text],
        None,
        "`(#length? @list \"2\")`: the list has this many elements",
        length,
    )
    .local(),
];

pub(super) fn in_loop(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| Answer::from(runs_in_loop(node)),
        |answer, node| match answer {
            Answer::Yes => format!("a `for` of the same function repeats {node}"),
            _ => format!("no `for` of the same function repeats {node}"),
        },
    )
}

/// Tree-sitter's own anchor at the end of a node is lost behind a child that may be absent. Like the text predicates, it
/// says nothing about a capture of another branch.
pub(super) fn last(call: &Call<'_, '_>) -> Verdict {
    if call.nodes(0).is_empty() {
        return call.vacuous();
    }
    let is_last = |node: Node<'_>| {
        std::iter::successors(node.next_named_sibling(), Node::next_named_sibling)
            .all(|sibling| sibling.kind() == "comment")
    };
    call.each(
        |node| Answer::from(is_last(node)),
        |answer, node| match answer {
            Answer::Yes => format!("nothing follows {node} there"),
            _ => format!("something follows {node} there"),
        },
    )
}

/// Whether something follows a node that stands in a declaration.
fn is_followed(call: &Call<'_, '_>) -> bool {
    stands_inside(call) && last(call).answer != Answer::Yes
}

/// Whether a node of the same kind stands in a declaration before the node.
fn is_preceded(call: &Call<'_, '_>) -> bool {
    stands_inside(call) && first(call).answer != Answer::Yes
}

fn stands_inside(call: &Call<'_, '_>) -> bool {
    let is_top_level =
        |node: &Node<'_>| node.parent().is_none_or(|parent| parent.parent().is_none());
    !call.nodes(0).iter().any(is_top_level)
}

pub(super) fn first(call: &Call<'_, '_>) -> Verdict {
    let is_first = |node: Node<'_>| {
        std::iter::successors(node.prev_named_sibling(), Node::prev_named_sibling)
            .all(|sibling| sibling.kind() != node.kind())
    };
    call.each(
        |node| Answer::from(is_first(node)),
        |answer, node| match answer {
            Answer::Yes => format!("{node} is the first of its kind there"),
            _ => format!("{node} is not the first of its kind there"),
        },
    )
}

/// The enclosing function itself counts: `(#inside? @n "func_literal")` asks whether it is a literal.
pub(super) fn inside(call: &Call<'_, '_>) -> Verdict {
    related(call, ["stands in a", "stands in no"], |node, kinds| {
        let mut functions = 0;
        ancestors(node)
            .take_while(|a| {
                let within = functions == 0;
                functions += usize::from(is_function(a.kind()));
                within
            })
            .any(|a| kinds.contains(&a.kind()))
    })
}

pub(super) fn inside_any(call: &Call<'_, '_>) -> Verdict {
    related(call, ["stands in a", "stands in no"], |node, kinds| {
        ancestors(node).any(|a| kinds.contains(&a.kind()))
    })
}

/// The name of the function declaration or method around a node, function literals crossed.
pub(super) fn function_name(call: &Call<'_, '_>) -> Verdict {
    let Some(Argument::Regex(wanted)) = call.predicate.arguments.get(1) else {
        return call.verdict(Answer::Unknown, || "there is no pattern".to_owned());
    };
    call.each(
        |node| {
            let function = ancestors(node)
                .find(|a| matches!(a.kind(), "function_declaration" | "method_declaration"));
            let name = function.and_then(|f| f.child_by_field_name("name"));
            Answer::from(name.is_some_and(|name| wanted.is_match(call.text_of(name))))
        },
        |answer, node| match answer {
            Answer::Yes => format!("the name of the function around {node} matches"),
            _ => format!("the name of the function around {node} does not match"),
        },
    )
}

/// Comments on the lines directly above the statement or declaration of a node, on its own lines, and inside it.
pub(super) fn commented(call: &Call<'_, '_>) -> Verdict {
    let Some(Argument::Regex(wanted)) = call.predicate.arguments.get(1) else {
        return call.verdict(Answer::Unknown, || "there is no pattern".to_owned());
    };
    call.each(
        |node| {
            let found = comments_of(node);
            Answer::from(found.iter().any(|c| wanted.is_match(call.text_of(*c))))
        },
        |answer, node| match answer {
            Answer::Yes => format!("a comment at {node} matches"),
            _ => format!("no comment at {node} matches"),
        },
    )
}

fn comments_of(node: Node<'_>) -> Vec<Node<'_>> {
    let is_member = |n: &Node<'_>| {
        n.parent()
            .is_none_or(|p| matches!(p.kind(), "statement_list" | "source_file"))
    };
    let whole = std::iter::once(node).chain(ancestors(node)).find(is_member);
    let whole = whole.unwrap_or(node);
    let mut found = Vec::new();
    let mut row = whole.start_position().row;
    // A comment at either end of a list of statements stands outside of it.
    let list = whole.parent().filter(|p| p.kind() == "statement_list");
    let mut above = whole
        .prev_named_sibling()
        .or_else(|| list?.prev_named_sibling());
    while let Some(comment) =
        above.filter(|n| n.kind() == "comment" && n.end_position().row + 1 >= row)
    {
        found.push(comment);
        row = comment.start_position().row;
        above = comment.prev_named_sibling();
    }
    let end = node.end_position().row;
    let behind = whole
        .next_named_sibling()
        .or_else(|| list?.next_named_sibling());
    let beside = descendants(whole, true).into_iter().chain(behind);
    found.extend(beside.filter(|n| n.kind() == "comment" && n.start_position().row <= end));
    found
}

pub(super) fn has(call: &Call<'_, '_>) -> Verdict {
    related(call, ["holds a", "holds no"], |node, kinds| {
        descendants(node, false)
            .iter()
            .any(|d| kinds.contains(&d.kind()))
    })
}

pub(super) fn has_any(call: &Call<'_, '_>) -> Verdict {
    related(call, ["holds a", "holds no"], |node, kinds| {
        descendants(node, true)
            .iter()
            .any(|d| kinds.contains(&d.kind()))
    })
}

/// The kind counts from the nearest ancestor of it, function literals crossed; where there is none, nothing has the text.
pub(super) fn around_match(call: &Call<'_, '_>) -> Verdict {
    let kinds = call.texts(1);
    let regex = call.predicate.arguments.iter().find_map(|a| match a {
        Argument::Regex(regex) => Some(regex),
        _ => None,
    });
    call.each(
        |node| {
            let around = ancestors(node).find(|a| kinds.contains(&a.kind()));
            let text = around.map(|a| &call.facts.parsed.text()[a.byte_range()]);
            Answer::from(text.zip(regex).is_some_and(|(t, r)| r.is_match(t)))
        },
        |answer, node| {
            let kind = kinds.join("` or `");
            match answer {
                Answer::Yes => format!("the `{kind}` around {node} has that text"),
                _ => format!("no `{kind}` around {node} has that text"),
            }
        },
    )
}

fn related<'t>(
    call: &Call<'_, 't>,
    [does, does_not]: [&str; 2],
    holds: impl Fn(Node<'t>, &[&str]) -> bool,
) -> Verdict {
    let kinds = call.texts(1);
    call.each(
        |node| Answer::from(holds(node, &kinds)),
        |answer, node| {
            let verb = if answer == Answer::Yes {
                does
            } else {
                does_not
            };
            format!("{node} {verb} `{}`", kinds.join("` or `"))
        },
    )
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
