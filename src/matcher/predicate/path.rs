//! Predicates about the paths that control takes through a function.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::{
        control::{ancestors, descendants, has_break, jumps_out, owner},
        flow::{Flow, Passage, Reach},
    },
    matcher::{
        binding::import_binding,
        callee::never_returns,
        object::{assignments, declared, within},
        release::runs,
        typing::{bare, initial},
    },
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "returns",
        &[Capture],
        None,
        "`(#returns? @n)`: control can come from behind the node to an end of its function",
        returns,
    ),
    PredicateKind::of(
        "reaches",
        &[Capture, Capture],
        None,
        "`(#reaches? @n @m)`: control can come from behind the first node to the second",
        reaches,
    ),
    PredicateKind::of(
        "followed-by",
        &[Capture, Capture, Text],
        Some(Text),
        "`(#followed-by? @n @x \"Unlock\" …)`: every path from behind the node selects one of these from an `x` spelled alike; not where only a return in a branch has none before it",
        followed_by,
    ),
    PredicateKind::of(
        "non-nil",
        &[Capture],
        None,
        "`(#non-nil? @id)`: an `if` around the identifier says that it is not nil there",
        non_nil,
    ),
];

/// Types whose channel field is never closed.
const TICKING: &[&str] = &["time.Ticker", "time.Timer"];

/// Whether some path leads from behind the node to an end of its function. A `for range` over the channel of a ticker or
/// timer, which is never closed (<https://pkg.go.dev/time#Ticker.Stop>), ends by a jump only.
pub(super) fn returns(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |node| comes_back(call, node),
        |answer, node| match answer {
            Answer::Yes => format!("control can come from {node} to an end of the function"),
            Answer::No => format!("behind {node} control never leaves the function"),
            Answer::Unknown => format!("where control goes behind {node} cannot be known"),
        },
    )
}

fn comes_back(call: &Call<'_, '_>, node: Node<'_>) -> Answer {
    let flow = owner(node).and_then(|function| {
        Flow::of(call.facts.parsed, function, &|c| {
            never_returns(call.facts, c)
        })
    });
    let Some(flow) = flow else {
        return Answer::Unknown;
    };
    if starts_endless_range(call, node) {
        return Answer::No;
    }
    let passage = Passage {
        stops: &|step| Some(starts_endless_range(call, step)),
        takes: &|_, _| true,
    };
    match flow.reaches_exit_without(node, &passage) {
        Reach::Never => Answer::No,
        Reach::Return(_) | Reach::End => Answer::Yes,
        Reach::Unknown => Answer::Unknown,
    }
}

/// Whether a step is the range expression of a loop that control never leaves.
fn starts_endless_range(call: &Call<'_, '_>, step: Node<'_>) -> bool {
    let clause = step.parent().filter(|p| p.kind() == "range_clause");
    let Some(loop_) = clause
        .filter(|c| c.child_by_field_name("right") == Some(step))
        .and_then(|c| c.parent())
    else {
        return false;
    };
    let parsed = call.facts.parsed;
    never_closed(call, step) && !jumps_out(parsed, loop_) && !has_break(parsed, loop_)
}

/// Whether an expression is the channel of a ticker or timer.
fn never_closed(call: &Call<'_, '_>, channel: Node<'_>) -> bool {
    let typing = call.facts.typing();
    match channel.kind() {
        "identifier" => declared(call.facts, channel).is_some_and(|id| {
            assignments(call.facts, id) == (Vec::new(), true)
                && initial(call.facts, id).is_some_and(|(value, _)| {
                    value.kind() != "identifier" && never_closed(call, value)
                })
        }),
        "selector_expression" => channel
            .child_by_field_name("operand")
            .and_then(|x| typing.type_of(x))
            .is_some_and(|t| TICKING.contains(&t.to_string().trim_start_matches('*'))),
        "call_expression" => channel.child_by_field_name("function").is_some_and(|f| {
            let field = f.child_by_field_name("field");
            let package = f.child_by_field_name("operand");
            field.is_some_and(|f| matches!(call.text_of(f), "Tick" | "After"))
                && package.is_some_and(|p| import_binding(call.facts, p, &["time"]) == Answer::Yes)
        }),
        _ => false,
    }
}

/// Whether some path leads from behind the first node to the second.
pub(super) fn reaches(call: &Call<'_, '_>) -> Verdict {
    let [goal] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    call.each(
        |node| {
            let flow = owner(node).and_then(|function| {
                Flow::of(call.facts.parsed, function, &|c| {
                    never_returns(call.facts, c)
                })
            });
            Answer::from(flow.and_then(|flow| flow.used_after(node, &[*goal])))
        },
        |answer, node| {
            let goal = call.quoted(*goal);
            match answer {
                Answer::Yes => format!("control can come from {node} to {goal}"),
                Answer::No => format!("control does not come from {node} to {goal}"),
                Answer::Unknown => {
                    format!("whether control comes from {node} to {goal} cannot be known")
                }
            }
        },
    )
}

/// Whether every path from behind the first node to an end of the function selects one of the methods from an operand that is
/// spelled, and bound, like the second. No only where
/// such a path ends in a `return` inside of a branch, and the path past all of those does not.
pub(super) fn followed_by(call: &Call<'_, '_>) -> Verdict {
    let Some(&operand) = call.nodes(1).first() else {
        return call.vacuous();
    };
    let methods = call.texts(2);
    let judged = |node| first_path(call, node, operand, &methods);
    call.each(
        |node| judged(node).0,
        |answer, node| {
            let names = format!("`{}` of {}", methods.join("` or `"), call.quoted(operand));
            match answer {
                Answer::Yes => format!("{names} follows {node} on every path"),
                Answer::No => {
                    let at = call.nodes(0).first().and_then(|n| judged(*n).1);
                    let line = at.map_or(0, |at| at.start_position().row + 1);
                    format!("{names} does not follow {node} on the path to the return at line {line}")
                }
                Answer::Unknown => format!(
                    "whether {names} follows {node} cannot be known: it is in a function literal, or the path ends with the function"
                ),
            }
        },
    )
}

fn first_path<'t>(
    call: &Call<'_, 't>,
    node: Node<'t>,
    operand: Node<'t>,
    methods: &[&str],
) -> (Answer, Option<Node<'t>>) {
    let Some(function) = owner(node) else {
        return (Answer::Unknown, None);
    };
    let flow = Flow::of(call.facts.parsed, function, &|c| {
        never_returns(call.facts, c)
    });
    let Some(flow) = flow else {
        return (Answer::Unknown, None);
    };
    let calls: Vec<_> = descendants(function, true)
        .into_iter()
        .filter(|d| selects(call, *d, operand, methods))
        .collect();
    let stops = |step: Node<'t>| {
        let mut answer = Some(false);
        for found in calls.iter().filter(|c| within(**c, step)) {
            match runs(*found, step, function) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    };
    let passage = Passage {
        stops: &stops,
        takes: &|_, _| true,
    };
    let body = function.child_by_field_name("body");
    let early = |step: Node<'t>| {
        step.kind() == "return_statement" && step.parent().and_then(|list| list.parent()) != body
    };
    let main_path = Passage {
        stops: &|step| {
            if early(step) {
                return Some(true);
            }
            stops(step)
        },
        takes: &|_, _| true,
    };
    match flow.reaches_exit_without(node, &passage) {
        Reach::Never => (Answer::Yes, None),
        // Where the main path has no call either, that is meant to be: the caller goes on.
        Reach::Return(at) if flow.reaches_exit_without(node, &main_path) == Reach::Never => {
            (Answer::No, Some(at))
        }
        Reach::Return(_) | Reach::End | Reach::Unknown => (Answer::Unknown, None),
    }
}

/// Whether a node selects one of the methods from an operand that is spelled alike and begins with the same object.
fn selects(call: &Call<'_, '_>, node: Node<'_>, operand: Node<'_>, methods: &[&str]) -> bool {
    if node.kind() != "selector_expression" {
        return false;
    }
    let own = node.child_by_field_name("operand");
    let field = node.child_by_field_name("field");
    let scope = call.facts.scope();
    field.is_some_and(|f| methods.contains(&call.text_of(f)))
        && own.is_some_and(|o| {
            call.text_of(o) == call.text_of(operand)
                && scope.resolve(first_name(o)) == scope.resolve(first_name(operand))
        })
}

/// The name that an operand begins with.
fn first_name(mut node: Node<'_>) -> Node<'_> {
    while let Some(inner) = node.named_child(0) {
        node = inner;
    }
    node
}

/// Whether a node stands in the part of an `if` that runs only where the identifier is not nil, and nothing in that part assigns
/// it.
pub(super) fn non_nil(call: &Call<'_, '_>) -> Verdict {
    call.each(
        |ident| {
            let Some(part) = guarded_part(call, ident) else {
                return Answer::No;
            };
            let Some(id) = declared(call.facts, ident) else {
                return Answer::Unknown;
            };
            let (assigned, all_seen) = assignments(call.facts, id);
            // A `return` assigns named results, and nothing of this function runs behind it.
            let assigns = |a: &Node<'_>| a.kind() != "return_statement" && within(*a, part);
            if assigned.iter().any(assigns) {
                return Answer::No;
            }
            if all_seen {
                Answer::Yes
            } else {
                Answer::Unknown
            }
        },
        |answer, ident| match answer {
            Answer::Yes => format!("{ident} is not nil here"),
            Answer::No => format!("{ident} may be nil here"),
            Answer::Unknown => format!("{ident} may be assigned where it cannot be seen"),
        },
    )
}

/// The innermost part of an `if` around an identifier, in its function, that runs only where it is not nil.
fn guarded_part<'t>(call: &Call<'_, 't>, ident: Node<'t>) -> Option<Node<'t>> {
    let function = owner(ident)?;
    ancestors(ident)
        .take_while(|a| *a != function)
        .filter(|a| a.kind() == "if_statement")
        .find_map(|statement| {
            let condition = statement.child_by_field_name("condition")?;
            let (part, operator, joins) =
                [("consequence", "!=", "&&"), ("alternative", "==", "||")]
                    .into_iter()
                    .find_map(|(field, operator, joins)| {
                        let part = statement.child_by_field_name(field)?;
                        within(ident, part).then_some((part, operator, joins))
                    })?;
            conjuncts(condition, joins)
                .into_iter()
                .any(|c| compares_with_nil(call, c, operator, ident))
                .then_some(part)
        })
}

/// The parts of a condition that an operator joins.
fn conjuncts<'t>(condition: Node<'t>, operator: &str) -> Vec<Node<'t>> {
    let condition = bare(condition);
    let joined = condition.kind() == "binary_expression"
        && condition
            .child_by_field_name("operator")
            .is_some_and(|o| o.kind() == operator);
    if !joined {
        return vec![condition];
    }
    ["left", "right"]
        .into_iter()
        .filter_map(|f| condition.child_by_field_name(f))
        .flat_map(|side| conjuncts(side, operator))
        .collect()
}

fn compares_with_nil(
    call: &Call<'_, '_>,
    condition: Node<'_>,
    operator: &str,
    ident: Node<'_>,
) -> bool {
    let field = |name| condition.child_by_field_name(name).map(bare);
    let same = |node: Node<'_>| {
        node.kind() == "identifier"
            && call.facts.scope().resolve(node) == call.facts.scope().resolve(ident)
            && call.text_of(node) == call.text_of(ident)
    };
    condition.kind() == "binary_expression"
        && field("operator").is_some_and(|o| o.kind() == operator)
        && match (field("left"), field("right")) {
            (Some(left), Some(right)) => {
                (right.kind() == "nil" && same(left)) || (left.kind() == "nil" && same(right))
            }
            _ => false,
        }
}
