//! Applies the groups of one pass, and finds out which to leave behind when verification refuses the result.

use std::collections::BTreeSet;

use super::{Key, State, rule_of};
use crate::{
    finding::TextEdit,
    go::syntax::Parsed,
    matcher::{Facts, Match},
    rewrite::{
        compose::{self, Placement},
        fresh::Reserved,
        imports,
        render::{self, Group},
    },
    verify::syntactic::{self, Refusal},
};

/// A match that is to be applied.
pub struct Candidate<'t> {
    pub key: Key,
    pub found: Match<'t>,
    /// Names that matches before it declare.
    pub reserved: Vec<Reserved>,
}

/// A verified new text.
pub struct Applied {
    /// The groups that made it, by index.
    pub groups: Vec<usize>,
    /// The edits that made it: each list over the text that the one before left.
    pub edits: Vec<Vec<TextEdit>>,
    /// The new text.
    pub after: Parsed,
}

/// What became of the groups of a pass.
#[derive(Default)]
pub struct Outcome {
    /// `None` where nothing changes.
    pub applied: Option<Applied>,
    /// Groups that verification refused, with the reason.
    pub refused: Vec<(usize, String)>,
}

/// Applies `chosen` groups together; where that is refused, each is tried alone, those that fail (also with their
/// captures in parentheses) are left behind, and the rest is applied together, or else one by one.
pub fn apply<'t>(
    state: &State<'_>,
    facts: &Facts<'t>,
    candidates: &[Candidate<'t>],
    groups: &[Group],
    chosen: &[usize],
) -> Outcome {
    let mut outcome = Outcome::default();
    if chosen.is_empty() {
        return outcome;
    }
    let all: Vec<(usize, &Group)> = chosen.iter().map(|&i| (i, &groups[i])).collect();
    if let Ok(applied) = together(state, facts, &all) {
        outcome.applied = Some(applied);
        return outcome;
    }
    let mut good: Vec<(usize, Group)> = Vec::new();
    for &index in chosen {
        match alone(state, facts, &candidates[index], index, &groups[index]) {
            Ok(group) => good.push((index, group)),
            Err(refusal) => outcome.refused.push((index, refusal.reason())),
        }
    }
    let refs: Vec<(usize, &Group)> = good.iter().map(|(i, g)| (*i, g)).collect();
    if let Ok(applied) = together(state, facts, &refs) {
        outcome.applied = (!refs.is_empty()).then_some(applied);
        return outcome;
    }
    let mut kept: Vec<(usize, &Group)> = Vec::new();
    for (index, group) in refs {
        kept.push((index, group));
        match together(state, facts, &kept) {
            Ok(applied) => outcome.applied = Some(applied),
            Err(refusal) => {
                kept.pop();
                outcome.refused.push((
                    index,
                    format!("{}, together with other edits", refusal.reason()),
                ));
            }
        }
    }
    outcome
}

/// The group as it passes verification by itself, its expression captures in parentheses where they need them.
fn alone<'t>(
    state: &State<'_>,
    facts: &Facts<'t>,
    candidate: &Candidate<'t>,
    index: usize,
    group: &Group,
) -> Result<Group, Refusal> {
    let mut group = group.clone();
    let mut parenthesized = BTreeSet::new();
    loop {
        let Err(refusal) = together(state, facts, &[(index, &group)]) else {
            return Ok(group);
        };
        let Refusal::NotIntact { expectation, .. } = &refusal else {
            return Err(refusal);
        };
        if !expectation.is_expression || !parenthesized.insert(expectation.capture.clone()) {
            return Err(refusal);
        }
        let codemod = &state.input.codemods[candidate.key.rule.codemod];
        let rule = rule_of(state.input, candidate.key.rule);
        match render::group(
            facts,
            codemod,
            rule,
            &candidate.found,
            &candidate.reserved,
            &parenthesized,
        ) {
            Ok(rendered) => group = rendered,
            Err(_) => return Err(refusal),
        }
    }
}

/// Applies groups, adds the imports they need, removes those they leave unused, and verifies the result.
fn together(
    state: &State<'_>,
    facts: &Facts<'_>,
    groups: &[(usize, &Group)],
) -> Result<Applied, Refusal> {
    let parsed = facts.parsed;
    let wanted = groups
        .iter()
        .flat_map(|(_, g)| g.imports.iter().cloned())
        .collect();
    let added = imports::additions(parsed, &wanted);
    let mut edits: Vec<(TextEdit, Option<(usize, usize)>)> =
        added.into_iter().map(|e| (e, None)).collect();
    for (at, (_, group)) in groups.iter().enumerate() {
        edits.extend(
            group
                .edits
                .iter()
                .enumerate()
                .map(|(i, e)| (e.clone(), Some((at, i)))),
        );
    }
    edits.sort_by_key(|(e, _)| (e.start, e.end));
    if edits.windows(2).any(|pair| pair[1].0.start < pair[0].0.end) {
        return Err(Refusal::ImportsClash);
    }
    let placements: Vec<Placement> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, (_, group))| group.placements.iter().map(move |p| (at, p)))
        .map(|(at, placement)| Placement {
            edit: placement.edit.and_then(|i| {
                edits
                    .iter()
                    .position(|(_, origin)| *origin == Some((at, i)))
            }),
            ..placement.clone()
        })
        .collect();
    let edits: Vec<TextEdit> = edits.into_iter().map(|(edit, _)| edit).collect();
    let after = Parsed::new(compose::apply(parsed.text(), &edits).into());
    syntactic::check(state.baseline_errors, &after, &edits, &placements)?;

    let removed = imports::removals(parsed, &after);
    let indices = groups.iter().map(|(index, _)| *index).collect();
    if removed.is_empty() {
        return Ok(Applied {
            groups: indices,
            edits: vec![edits],
            after,
        });
    }
    let cleaned = Parsed::new(compose::apply(after.text(), &removed).into());
    syntactic::check(state.baseline_errors, &cleaned, &[], &[])?;
    Ok(Applied {
        groups: indices,
        edits: vec![edits, removed],
        after: cleaned,
    })
}
