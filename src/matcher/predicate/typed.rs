//! Predicates about what is selected from an expression.

use tree_sitter::Node;

use super::{
    Answer, Call, Needs,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::go::{control::descendants, scope::Resolution};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "only-selects",
        &[Capture, Text],
        Some(Text),
        "`(#only-selects? @id \"Status\" …)`: every use of the object is a selection of one of these from it",
        only_selects,
    ),
    PredicateKind::of(
        "selects",
        &[Capture, Capture, Text],
        Some(Text),
        "`(#selects? @n @x \"Done\" …)`: `x.Done` stands in the node, function literals entered, `x` spelled alike",
        selects,
    )
    .needing(&[Needs::Named]),
    PredicateKind::of(
        "selects-once",
        &[Capture, Capture, Text],
        Some(Text),
        "`(#selects-once? @n @x \"Done\" …)`: `x.Done` stands exactly once in the node, function literals entered, `x` spelled alike",
        selects_once,
    )
    .needing(&[Needs::Named]),
];

/// Whether the subtree holds a selector with one of the fields on an operand that is spelled like the second capture.
pub(super) fn selects(call: &Call<'_, '_>) -> Verdict {
    count_selections(call, "at all", |count| count > 0)
}

/// Whether it holds exactly one.
pub(super) fn selects_once(call: &Call<'_, '_>) -> Verdict {
    count_selections(call, "exactly once", |count| count == 1)
}

fn count_selections(call: &Call<'_, '_>, often: &str, holds: fn(usize) -> bool) -> Verdict {
    let fields = call.texts(2);
    let Some(wanted) = call.nodes(1).first().map(|node| call.text_of(*node)) else {
        return call.vacuous();
    };
    let is_wanted = |node: Node<'_>, field: &str| {
        node.child_by_field_name(field)
            .map(|part| &call.facts.parsed.text()[part.byte_range()])
    };
    call.each(
        |node| {
            let all = descendants(node, true);
            let found = all.into_iter().filter(|d| {
                d.kind() == "selector_expression"
                    && is_wanted(*d, "operand") == Some(wanted)
                    && is_wanted(*d, "field").is_some_and(|field| fields.contains(&field))
            });
            Answer::from(holds(found.count()))
        },
        |answer, node| {
            let verb = if answer == Answer::Yes {
                "selects"
            } else {
                "does not select"
            };
            format!(
                "{node} {verb} `{}` from `{wanted}` {often}",
                fields.join("` or `")
            )
        },
    )
}

/// Whether every use of the object is a selection of one of these fields or methods from it. Unknown for what this file
/// does not declare.
pub(super) fn only_selects(call: &Call<'_, '_>) -> Verdict {
    let fields = call.texts(1);
    let root = call.facts.parsed.root();
    let is_selection = |used: &std::ops::Range<usize>| {
        let operand = root.descendant_for_byte_range(used.start, used.end)?;
        let selector = operand
            .parent()
            .filter(|p| p.kind() == "selector_expression")?;
        let field = call.text_of(selector.child_by_field_name("field")?);
        (selector.child_by_field_name("operand")? == operand && fields.contains(&field))
            .then_some(())
    };
    call.each(
        |node| match call.facts.scope().resolve(node) {
            Resolution::Declared(id) => Answer::from(
                call.facts
                    .scope()
                    .uses(id)
                    .iter()
                    .all(|used| is_selection(used).is_some()),
            ),
            _ => Answer::Unknown,
        },
        |answer, node| match answer {
            Answer::Yes => format!("{node} is used for `{}` only", fields.join("` and `")),
            Answer::No => format!("{node} is used for more than `{}`", fields.join("` and `")),
            Answer::Unknown => format!("{node} is not declared in this file"),
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::matcher::testing::{NO, YES, both, context};

    #[test]
    fn selections_are_counted_wherever_they_stand() {
        let ask = |body: &str| {
            let source = format!("package p\n\nfunc f() {{ x.Probe(); {body} }}\n");
            let shape = "(function_declaration body: (block (statement_list . (expression_statement (call_expression \
                         function: (selector_expression operand: (_) @x))))) @b)";
            both(
                shape,
                "(#selects-once? @b @x \"Done\" \"End\")",
                &context("a.go"),
                &source,
            )
        };
        assert_eq!(ask("x.Done()"), YES);
        assert_eq!(ask("go func() { defer x.End() }()"), YES);
        assert_eq!(ask("y.Done()"), NO);
        assert_eq!(ask("x.Done(); use(x.End)"), NO);
        assert_eq!(ask("y.x.Done()"), NO);
    }

    #[test]
    fn every_use_counts_and_other_objects_of_that_name_do_not() {
        let ask = |body: &str| {
            let source = format!("package p\n\nfunc f() {{ x, err := g(); {body} }}\n");
            let shape = "(short_var_declaration left: (expression_list . (identifier) @x . (identifier) .))";
            both(
                shape,
                "(#only-selects? @x \"A\" \"B\")",
                &context("a.go"),
                &source,
            )
        };
        assert_eq!(ask(""), YES);
        assert_eq!(
            ask("use(x.A, func() { x.B() }); { var x = 1; use(x) }"),
            YES
        );
        assert_eq!(ask("use(x.A, x.C)"), NO);
        assert_eq!(ask("use(x)"), NO);
        assert_eq!(ask("x = nil"), NO);
        assert_eq!(ask("go func() { y.x, _ = x, 1 }()"), NO);
    }
}
