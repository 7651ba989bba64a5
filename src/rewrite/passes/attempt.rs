//! Applies the groups of one pass, and finds out which to leave behind when verification refuses the result.

use std::collections::{BTreeMap, BTreeSet};

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

/// Applies `chosen` groups together. Where that is refused, groups whose captures fall apart are rendered again with
/// those in parentheses, and those that do not pass even so are left behind: found by halving, so that one bad group
/// among many costs few attempts.
pub fn apply<'t>(
    state: &State<'_>,
    facts: &Facts<'t>,
    candidates: &[Candidate<'t>],
    groups: &[Group],
    chosen: &[usize],
) -> Outcome {
    let attempt = Attempt {
        state,
        facts,
        candidates,
    };
    let mut outcome = Outcome::default();
    let all = chosen.iter().map(|&i| (i, groups[i].clone())).collect();
    let kept = attempt.salvage(all, &mut outcome.refused);
    if !kept.is_empty() {
        // What is kept passed together; only its text is not at hand any more where it was found by halves.
        outcome.applied = attempt.together(&kept).ok();
    }
    outcome
}

/// What every attempt of a pass needs.
struct Attempt<'a, 't> {
    state: &'a State<'a>,
    facts: &'a Facts<'t>,
    candidates: &'a [Candidate<'t>],
}

type Indexed = (usize, Group);

impl Attempt<'_, '_> {
    /// The groups that pass verification together, in order.
    fn salvage(
        &self,
        mut groups: Vec<Indexed>,
        refused: &mut Vec<(usize, String)>,
    ) -> Vec<Indexed> {
        let refusal = match self.parenthesize(&mut groups, refused) {
            Ok(()) => return groups,
            Err(refusal) => refusal,
        };
        if groups.len() <= 1 {
            refused.extend(groups.iter().map(|(index, _)| (*index, refusal.reason())));
            return Vec::new();
        }
        let right = groups.split_off(groups.len() / 2);
        let mut kept = self.salvage(groups, refused);
        let right = self.salvage(right, refused);
        kept.extend(right.iter().cloned());
        if kept.is_empty() || self.together(&kept).is_ok() {
            return kept;
        }
        // Each half passes, both together do not: the second is added one by one.
        kept.truncate(kept.len() - right.len());
        for (index, group) in right {
            kept.push((index, group));
            if let Err(refusal) = self.together(&kept) {
                kept.pop();
                refused.push((
                    index,
                    format!("{}, together with other edits", refusal.reason()),
                ));
            }
        }
        kept
    }

    /// Tries the groups together; those whose captures fall apart get parentheses, or are refused where that is no
    /// cure, until all others pass or something else is wrong.
    fn parenthesize(
        &self,
        groups: &mut Vec<Indexed>,
        refused: &mut Vec<(usize, String)>,
    ) -> Result<(), Refusal> {
        let mut tried: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        loop {
            if groups.is_empty() {
                return Ok(());
            }
            let Err(refusal) = self.together(groups) else {
                return Ok(());
            };
            let Refusal::NotIntact(broken) = &refusal else {
                return Err(refusal);
            };
            for broken in broken {
                let Some(at) = groups.iter().position(|(index, _)| *index == broken.group) else {
                    continue;
                };
                let captures = tried.entry(broken.group).or_default();
                let is_new = captures.insert(broken.expectation.capture.clone());
                let cured = (is_new && broken.expectation.is_expression)
                    .then(|| self.render(broken.group, captures))
                    .flatten();
                if let Some(group) = cured {
                    groups[at].1 = group;
                } else {
                    groups.remove(at);
                    refused.push((broken.group, broken.reason()));
                }
            }
        }
    }

    fn render(&self, index: usize, parenthesized: &BTreeSet<String>) -> Option<Group> {
        let candidate = &self.candidates[index];
        let codemod = &self.state.input.codemods[candidate.key.rule.codemod];
        let rule = rule_of(self.state.input, candidate.key.rule);
        render::group(
            self.facts,
            codemod,
            rule,
            &candidate.found,
            &candidate.reserved,
            parenthesized,
        )
        .ok()
    }

    fn together(&self, groups: &[Indexed]) -> Result<Applied, Refusal> {
        let groups: Vec<(usize, &Group)> = groups.iter().map(|(i, g)| (*i, g)).collect();
        together(self.state, self.facts, &groups)
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
    let position: BTreeMap<(usize, usize), usize> = edits
        .iter()
        .enumerate()
        .filter_map(|(at, (_, origin))| Some(((*origin)?, at)))
        .collect();
    let placements: Vec<(usize, Placement)> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, (index, group))| group.placements.iter().map(move |p| (at, *index, p)))
        .map(|(at, index, placement)| {
            let edit = placement.edit.and_then(|i| position.get(&(at, i)).copied());
            (
                index,
                Placement {
                    edit,
                    ..placement.clone()
                },
            )
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
