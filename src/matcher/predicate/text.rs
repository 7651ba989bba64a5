//! Tree-sitter's own predicates, on the text of captures. A quantified capture holds where every node of it does, the
//! `not-` form where none does, and both hold for a capture that matched nothing
//! (<https://tree-sitter.github.io/tree-sitter/using-parsers/queries/3-predicates-and-directives.html>).

use super::{
    Answer, Argument, Call,
    Parameter::{Capture, CaptureOrText, Regex, Text},
    PredicateKind, Verdict,
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "eq",
        &[Capture, CaptureOrText],
        None,
        "`(#eq? @a @b)`, `(#eq? @a \"text\")`: the texts are the same",
        eq,
    )
    .local(),
    PredicateKind::of(
        "any-eq",
        &[Capture, CaptureOrText],
        None,
        "`(#any-eq? @a \"text\")`: the text of some node of a quantified capture is the same",
        any_eq,
    )
    .local(),
    PredicateKind::of(
        "any-not-eq",
        &[Capture, CaptureOrText],
        None,
        "`(#any-not-eq? @a \"text\")`: the text of some node of a quantified capture differs",
        any_not_eq,
    )
    .local(),
    PredicateKind::of(
        "match",
        &[Capture, Regex],
        None,
        "`(#match? @a \"re\")`: the regular expression finds something in the text",
        matches,
    )
    .local(),
    PredicateKind::of(
        "any-match",
        &[Capture, Regex],
        None,
        "`(#any-match? @a \"re\")`: it finds something in some node of a quantified capture",
        any_match,
    )
    .local(),
    PredicateKind::of(
        "any-not-match",
        &[Capture, Regex],
        None,
        "`(#any-not-match? @a \"re\")`: it finds nothing in some node of a quantified capture",
        any_not_match,
    )
    .local(),
    PredicateKind::of(
        "any-of",
        &[Capture, Text],
        Some(Text),
        "`(#any-of? @a \"x\" \"y\")`: the text is one of these",
        any_of,
    )
    .local(),
    PredicateKind::of(
        "non-empty",
        &[Text],
        None,
        "`(#non-empty? \"@{param.x}\")`: the text, most often a parameter, is not empty",
        non_empty,
    )
    .local(),
];

/// For each node of the first capture whether the test holds; `None` where two captures have different numbers of nodes.
fn equalities(call: &Call<'_, '_>) -> Option<Vec<bool>> {
    let nodes = call.nodes(0);
    if let Some(Argument::Text(text)) = call.predicate.arguments.get(1) {
        return Some(nodes.iter().map(|n| call.text_of(*n) == &**text).collect());
    }
    let others = call.nodes(1);
    (nodes.len() == others.len()).then(|| {
        nodes
            .iter()
            .zip(others)
            .map(|(a, b)| call.text_of(*a) == call.text_of(*b))
            .collect()
    })
}

fn findings(call: &Call<'_, '_>) -> Option<Vec<bool>> {
    let Some(Argument::Regex(regex)) = call.predicate.arguments.get(1) else {
        return None;
    };
    Some(
        call.nodes(0)
            .iter()
            .map(|n| regex.is_match(call.text_of(*n)))
            .collect(),
    )
}

fn every(call: &Call<'_, '_>, results: Option<Vec<bool>>) -> Verdict {
    let Some(results) = results else {
        return call.verdict(Answer::Unknown, || {
            "the captures have different numbers of nodes".to_owned()
        });
    };
    let answer = match (results.contains(&true), results.contains(&false)) {
        (false, false) => return call.vacuous(),
        (true, true) => Answer::Unknown,
        (yes, _) => Answer::from(yes),
    };
    call.verdict(answer, || texts(call))
}

fn some(call: &Call<'_, '_>, results: Option<Vec<bool>>, wanted: bool) -> Verdict {
    match results {
        Some(results) if results.is_empty() => call.vacuous(),
        Some(results) => call.verdict(results.contains(&wanted), || texts(call)),
        None => call.verdict(Answer::Unknown, || {
            "the captures have different numbers of nodes".to_owned()
        }),
    }
}

fn texts(call: &Call<'_, '_>) -> String {
    let texts: Vec<_> = call.nodes(0).iter().map(|n| call.quoted(*n)).collect();
    format!("the text is {}", texts.join(", "))
}

pub(super) fn eq(call: &Call<'_, '_>) -> Verdict {
    every(call, equalities(call))
}

pub(super) fn any_eq(call: &Call<'_, '_>) -> Verdict {
    some(call, equalities(call), true)
}

pub(super) fn any_not_eq(call: &Call<'_, '_>) -> Verdict {
    some(call, equalities(call), false)
}

pub(super) fn matches(call: &Call<'_, '_>) -> Verdict {
    every(call, findings(call))
}

pub(super) fn any_match(call: &Call<'_, '_>) -> Verdict {
    some(call, findings(call), true)
}

pub(super) fn any_not_match(call: &Call<'_, '_>) -> Verdict {
    some(call, findings(call), false)
}

pub(super) fn any_of(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    let results = call
        .nodes(0)
        .iter()
        .map(|n| wanted.contains(&call.text_of(*n)));
    every(call, Some(results.collect()))
}

/// Whether a text has something in it: a parameter that was given a value, say.
pub(super) fn non_empty(call: &Call<'_, '_>) -> Verdict {
    let is_empty = call.texts(0).first().is_none_or(|text| text.is_empty());
    call.verdict(!is_empty, || {
        let not = if is_empty { "" } else { "not " };
        format!("the text is {not}empty")
    })
}
