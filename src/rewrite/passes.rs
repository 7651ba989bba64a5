//! Repeats match → settle → render → verify over one file until nothing changes.

mod attempt;
mod state;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use attempt::{Applied, Candidate};
use state::State;

use super::{
    clock::{Clock, timed},
    ignore::{self, Directive},
    overlap,
    positions::Positions,
    render,
};
use crate::{
    codemod::{Codemod, Rule},
    finding::{Finding, Status},
    from::pointed::Target,
    go::index::Index,
    go::syntax::Parsed,
    matcher::{self, Facts, FileContext, NearMiss, outline::Outline},
    prefilter::Candidates,
};

/// Passes over one file before it is given up as one that never settles.
pub const MAX_PASSES: usize = 10;

/// A rule, by the index of its codemod and its own index there. Ordered by precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// Index into the codemods of the run.
    pub codemod: usize,
    /// Index into that codemod's rules.
    pub rule: usize,
}

/// What tells two findings of a file apart, in any pass: the rule, and where its match began and ended in the text as
/// it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The rule.
    pub rule: RuleRef,
    /// First byte in the text as it was read.
    pub start: usize,
    /// End in the text as it was read.
    pub end: usize,
}

/// What a file is rewritten with.
pub struct Input<'a> {
    /// All codemods of the run.
    pub codemods: &'a [Codemod],
    /// Facts about the file that are not in its text.
    pub file: &'a FileContext,
    /// The packages of the file set, for types that other files declare.
    pub index: Option<&'a Index<'a>>,
    /// The file as it was read.
    pub text: Arc<str>,
    /// The rules that can match a text at all, and where; asked anew for the text of each pass.
    pub candidates: &'a (dyn Fn(&str) -> Candidates + Sync),
    /// The only places to look at, in bytes of the text as it was read; `None` for all of it.
    pub regions: Option<&'a [Range<usize>]>,
    /// The only lines to look at, each for some codemods; `None` for all.
    pub targets: Option<&'a [Target]>,
    /// Whether `unsafe` edits are applied.
    pub unsafe_edits: bool,
    /// Findings that must not be applied, with the reason.
    pub denied: &'a BTreeMap<Key, String>,
    /// Which of the findings that may be applied are.
    pub chosen: Chosen<'a>,
    /// What a person made of the text before, and is rewritten in its place.
    pub edited: Option<&'a Edited>,
    /// Whether to collect near misses.
    pub explain: bool,
    /// What counts the time of each codemod, where asked for.
    pub clock: Option<&'a Clock>,
}

/// Which of the findings that may be applied are.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// All.
    All,
    /// These alone.
    Only(&'a BTreeSet<Key>),
    /// All but these.
    AllBut(&'a BTreeSet<Key>),
}

impl Chosen<'_> {
    /// Whether a finding is among them.
    pub fn has(self, key: &Key) -> bool {
        match self {
            Self::All => true,
            Self::Only(keys) => keys.contains(key),
            Self::AllBut(keys) => !keys.contains(key),
        }
    }
}

/// A text that a person made of the one that was read.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The text.
    pub text: Arc<str>,
    /// Where its bytes were in the text as it was read.
    pub positions: Positions,
}

/// A finding and what tells it apart.
#[derive(Debug, Clone)]
pub struct KeyedFinding {
    /// What tells it apart.
    pub key: Key,
    /// The finding; [`Status::Applied`] where its edits are in the new text.
    pub finding: Finding,
}

/// What became of a file.
#[derive(Debug)]
pub struct Rewritten {
    /// The new text; that of the input where nothing was applied.
    pub after: Arc<str>,
    /// Findings in document order, then by rule.
    pub findings: Vec<KeyedFinding>,
    /// Near misses of the first pass, where asked for.
    pub near_misses: Vec<(RuleRef, NearMiss)>,
    /// The `//gomend:ignore` comments of the text as it was read that hid nothing.
    pub unused: Vec<Directive>,
    /// Passes that changed something.
    pub passes: usize,
    /// The foreign findings that point at a finding, by index.
    pub hit: BTreeSet<usize>,
    /// Where the bytes of the new text were in the text as it was read.
    pub positions: Positions,
}

/// Rewrites one file. The error names a rule whose query is too expensive for the file.
pub fn rewrite(input: &Input<'_>) -> Result<Rewritten, String> {
    let mut banned: BTreeMap<RuleRef, String> = BTreeMap::new();
    loop {
        match settle(input, &banned)? {
            Settled::Yes(rewritten) => return Ok(rewritten),
            Settled::No { rules } => {
                let names = names(input, &rules);
                for rule in rules {
                    banned.insert(
                        rule,
                        format!("never settles: {names} keep changing this file"),
                    );
                }
            }
        }
    }
}

enum Settled {
    Yes(Rewritten),
    /// These rules were still changing the file in the last pass, or brought back a text that was there before.
    No {
        rules: BTreeSet<RuleRef>,
    },
}

fn settle(input: &Input<'_>, banned: &BTreeMap<RuleRef, String>) -> Result<Settled, String> {
    let as_read = Parsed::new(Arc::clone(&input.text));
    let read = ignore::directives(&as_read);
    let baseline_errors = as_read.errors().len();
    let (mut parsed, positions) = match input.edited {
        None => (as_read, Positions::default()),
        Some(edited) => (
            Parsed::new(Arc::clone(&edited.text)),
            edited.positions.clone(),
        ),
    };
    let mut state = State {
        input,
        banned,
        positions,
        findings: BTreeMap::new(),
        near_misses: Vec::new(),
        directives: Vec::new(),
        used: BTreeSet::new(),
        hit: BTreeSet::new(),
        baseline_errors,
        is_as_read: true,
    };
    let mut seen: Vec<(Arc<str>, BTreeSet<RuleRef>)> = Vec::new();
    loop {
        state.is_as_read = seen.is_empty() && input.edited.is_none();
        state.directives = if state.is_as_read {
            read.clone()
        } else {
            ignore::directives(&parsed)
        };
        let Some((applied, rules)) = pass(&mut state, &parsed, seen.is_empty())? else {
            break;
        };
        seen.push((parsed.text_arc(), rules));
        let cycle_start = seen
            .iter()
            .position(|(text, _)| **text == *applied.after.text());
        if cycle_start.is_some() || seen.len() == MAX_PASSES {
            let from = cycle_start.unwrap_or(MAX_PASSES - 1);
            let rules = seen[from..]
                .iter()
                .flat_map(|(_, rules)| rules)
                .copied()
                .collect();
            return Ok(Settled::No { rules });
        }
        for edits in &applied.edits {
            state.positions.advance(edits);
        }
        parsed = applied.after;
    }
    let used = state.used;
    let findings = state
        .findings
        .into_iter()
        .map(|(key, finding)| KeyedFinding { key, finding });
    let mut findings: Vec<KeyedFinding> = findings.collect();
    findings.sort_by(|a, b| (a.finding.range.start, &a.key).cmp(&(b.finding.range.start, &b.key)));
    Ok(Settled::Yes(Rewritten {
        after: parsed.text_arc(),
        findings,
        near_misses: state.near_misses,
        unused: read
            .into_iter()
            .filter(|directive| !used.contains(&directive.range.start))
            .collect(),
        passes: seen.len(),
        hit: state.hit,
        positions: state.positions,
    }))
}

/// One pass: `None` where nothing is left to apply, else the new text and the rules that made it.
fn pass(
    state: &mut State<'_>,
    parsed: &Parsed,
    is_first: bool,
) -> Result<Option<(Applied, BTreeSet<RuleRef>)>, String> {
    let facts = Facts::new(parsed, state.input.file);
    let facts = match state.input.index {
        Some(index) => facts.with_index(index),
        None => facts,
    };
    let candidates = candidates(state, &facts, is_first)?;
    let mut groups = Vec::new();
    let mut reserved = Vec::new();
    for candidate in candidates {
        if let Some((candidate, group)) = render_candidate(state, &facts, candidate, &reserved) {
            reserved.extend(group.reserved.iter().cloned());
            groups.push((candidate, group));
        }
    }
    groups.sort_by(|(a, x), (b, y)| {
        let order = |g: &render::Group| (g.extent.start, std::cmp::Reverse(g.extent.end));
        order(x).cmp(&order(y)).then_with(|| a.key.cmp(&b.key))
    });
    let (candidates, groups): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
    let class = |candidate: &Candidate<'_>| rule_of(state.input, candidate.key.rule).applicability;
    let classes: Vec<_> = candidates.iter().map(class).collect();
    let verdicts = overlap::settle(&groups, &classes);
    for (index, winner) in verdicts.iter().enumerate() {
        if let Some(winner) = winner {
            let reason = conflict_reason(state.input, &candidates[*winner]);
            state.mark(&candidates[index].key, Status::Conflict, Some(reason));
        }
    }
    let chosen: Vec<usize> = (0..groups.len())
        .filter(|&i| verdicts[i].is_none())
        .collect();
    let outcome = attempt::apply(state, &facts, &candidates, &groups, &chosen);
    for (index, reason) in outcome.refused {
        state.mark(&candidates[index].key, Status::Rejected, Some(reason));
    }
    let Some(applied) = outcome.applied else {
        return Ok(None);
    };
    let mut rules = BTreeSet::new();
    for &index in &applied.groups {
        rules.insert(candidates[index].key.rule);
        state.mark(&candidates[index].key, Status::Applied, None);
    }
    Ok(Some((applied, rules)))
}

/// The matches of all rules that are to be applied, with every match recorded as a finding. Of the rules of one codemod that
/// match the very same code, or point at the same place, the first one speaks: those behind it say what else holds where its guards fail.
fn candidates<'t>(
    state: &mut State<'_>,
    facts: &Facts<'t>,
    is_first: bool,
) -> Result<Vec<Candidate<'t>>, String> {
    let input = state.input;
    let errors = facts.parsed.errors();
    let mut found = Vec::new();
    let mut spoken_for: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
    let Candidates {
        mut rules,
        declarations,
    } = (input.candidates)(facts.parsed.text());
    rules.sort_unstable();
    let outline = Outline::new(facts.parsed, declarations.as_deref());
    for rule_ref in rules {
        let rule = rule_of(input, rule_ref);
        let mut near = (input.explain && is_first).then(Vec::new);
        let search = || matcher::matches_in_file(&rule.query, facts, &outline, near.as_mut());
        let matches = timed(input.clock, rule_ref.codemod, search)
            .map_err(|error| format!("{}: {error}", name(input, rule_ref)))?;
        state
            .near_misses
            .extend(near.into_iter().flatten().map(|miss| (rule_ref, miss)));
        let mut once = rule.once.then(|| state.has_applied(rule_ref));
        for found_match in matches {
            if once == Some(true) {
                break;
            }
            let span = found_match.span();
            let place = found_match.place();
            let mut is_first_at = |bytes: &std::ops::Range<usize>| {
                let key = (rule_ref.codemod, bytes.start, bytes.end);
                *spoken_for.entry(key).or_insert(rule_ref.rule) == rule_ref.rule
            };
            let speaks = is_first_at(&span) && is_first_at(&place);
            if !speaks
                || !state.is_looked_at(&span)
                || !state.is_pointed_at(rule_ref.codemod, &found_match)
            {
                continue;
            }
            once = once.map(|_| true);
            let candidate = Candidate {
                key: state.key(rule_ref, &span),
                found: found_match,
                reserved: Vec::new(),
            };
            if state.record(facts, rule, &candidate, &errors) {
                found.push(candidate);
            }
        }
    }
    // By what the edits see: a capture that serves predicates only may begin at the head of the function for all of them.
    found.sort_by_cached_key(|candidate| {
        let place = candidate.found.place();
        (
            place.start,
            std::cmp::Reverse(place.end),
            candidate.key.rule,
        )
    });
    Ok(found)
}

fn render_candidate<'t>(
    state: &mut State<'_>,
    facts: &Facts<'t>,
    mut candidate: Candidate<'t>,
    reserved: &[super::fresh::Reserved],
) -> Option<(Candidate<'t>, render::Group)> {
    let codemod = &state.input.codemods[candidate.key.rule.codemod];
    let rule = rule_of(state.input, candidate.key.rule);
    if !rule.fresh.is_empty() {
        candidate.reserved = reserved.to_vec();
    }
    let render = || {
        render::group(
            facts,
            codemod,
            rule,
            &candidate.found,
            reserved,
            &BTreeSet::new(),
        )
    };
    match timed(state.input.clock, candidate.key.rule.codemod, render) {
        Ok(group) if group.edits.is_empty() && group.imports.is_empty() => {
            if !rule.edits.is_empty() {
                state.mark(
                    &candidate.key,
                    Status::Rejected,
                    Some("its edits change nothing".to_owned()),
                );
            }
            None
        }
        Ok(group) => {
            state.set_edits(&candidate.key, &group);
            state
                .may_apply(rule, &candidate.key)
                .then_some((candidate, group))
        }
        Err(reason) => {
            state.mark(&candidate.key, Status::Rejected, Some(reason));
            None
        }
    }
}

fn conflict_reason(input: &Input<'_>, winner: &Candidate<'_>) -> String {
    format!(
        "overlaps with a match of {}, which was applied first",
        name(input, winner.key.rule)
    )
}

/// The rule behind a reference.
fn rule_of<'a>(input: &Input<'a>, rule: RuleRef) -> &'a Rule {
    &input.codemods[rule.codemod].rules[rule.rule]
}

/// `group/name` or, where a codemod has several rules, `group/name (rule)`; in backticks.
fn name(input: &Input<'_>, rule: RuleRef) -> String {
    let codemod = &input.codemods[rule.codemod];
    if codemod.rules.len() == 1 {
        format!("`{}`", codemod.id)
    } else {
        format!("`{}` ({})", codemod.id, codemod.rules[rule.rule].name)
    }
}

fn names(input: &Input<'_>, rules: &BTreeSet<RuleRef>) -> String {
    let all: Vec<String> = rules.iter().map(|rule| name(input, *rule)).collect();
    all.join(" and ")
}
