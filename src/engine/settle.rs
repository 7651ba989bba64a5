//! The last gate, over all changed files at once: gofmt and a final reparse; findings whose edits do not pass are dropped
//! one by one and the rest kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    Error, Outcome, Stage, Step,
    search::{Bounds, Searched, rewrite},
};
use crate::{
    finding::Status,
    rewrite::passes::{Chosen, Key},
    verify::{self, Candidate, Verified},
};

/// Verifies every changed file and fills in its outcome.
pub fn verify(stage: &Stage<'_>, searched: &mut [Searched]) -> Result<(), Error> {
    let changed: Vec<usize> = (0..searched.len())
        .filter(|&i| searched[i].after != searched[i].text)
        .collect();
    let candidates: Vec<Candidate> = changed.iter().map(|&i| candidate(&searched[i])).collect();
    let results = verify::verify(&candidates, stage.plan.gofmt.as_ref())?;
    for (index, result) in changed.into_iter().zip(results) {
        match result {
            Ok(verified) => accept(&mut searched[index], verified),
            Err(reason) => salvage(stage, &mut searched[index], &reason)?,
        }
    }
    for file in searched.iter_mut() {
        let rejected =
            |f: &&crate::rewrite::passes::KeyedFinding| f.finding.status == Status::Rejected;
        if file.outcome == Outcome::Unchanged
            && let Some(first) = file.findings.iter().find(rejected)
        {
            file.outcome = Outcome::Rejected(first.finding.reason.clone().unwrap_or_default());
        }
    }
    Ok(())
}

fn candidate(file: &Searched) -> Candidate {
    Candidate {
        path: file.path.clone(),
        before: file.text.clone(),
        after: file.after.clone(),
    }
}

fn accept(file: &mut Searched, verified: Verified) {
    if verified.after() == verified.before() {
        return; // gofmt took back what little the edits changed
    }
    file.verified = Some(verified);
    file.outcome = Outcome::Changed;
}

fn applied(file: &Searched) -> Vec<Key> {
    let findings = file.findings.iter();
    findings
        .filter(|f| f.finding.status == Status::Applied)
        .map(|f| f.key.clone())
        .collect()
}

/// Finds the findings that do not pass by themselves, and applies the others; where those fail together, none.
fn salvage(stage: &Stage<'_>, file: &mut Searched, reason: &str) -> Result<(), Error> {
    let Some(context) = file.context.clone() else {
        return Ok(());
    };
    let gofmt = stage.plan.gofmt.as_ref();
    let keys = applied(file);
    let alone: Vec<Candidate> = keys
        .par_iter()
        .filter_map(|key| {
            let only = BTreeSet::from([key.clone()]);
            rewrite(
                stage,
                &context,
                &file.text,
                &Bounds {
                    regions: file.regions.as_deref(),
                    candidates: None,
                    denied: &BTreeMap::new(),
                    chosen: Chosen::Only(&only),
                    edited: None,
                    codemods: usize::MAX,
                },
            )
            .ok()
        })
        .map(|rewritten| Candidate {
            after: rewritten.after,
            ..candidate(file)
        })
        .collect();
    let results = verify::verify(&alone, gofmt)?;
    let mut denied: BTreeMap<Key, String> = keys
        .iter()
        .cloned()
        .zip(results)
        .filter_map(|(key, result)| Some((key, result.err()?)))
        .collect();
    if denied.is_empty() {
        denied = keys
            .into_iter()
            .map(|key| (key, reason.to_owned()))
            .collect();
    }
    loop {
        let Ok(rewritten) = rewrite(
            stage,
            &context,
            &file.text,
            &Bounds {
                regions: file.regions.as_deref(),
                candidates: None,
                denied: &denied,
                chosen: Chosen::All,
                edited: None,
                codemods: usize::MAX,
            },
        ) else {
            file.after = file.text.clone();
            file.outcome = Outcome::Rejected(reason.to_owned());
            return Ok(());
        };
        file.after = rewritten.after;
        file.findings = rewritten.findings;
        file.denied.clone_from(&denied);
        if file.after == file.text {
            return Ok(());
        }
        match verify::verify(&[candidate(file)], gofmt)?.pop() {
            Some(Ok(verified)) => {
                accept(file, verified);
                return Ok(());
            }
            // Together they fail: none of them is trusted. Every turn denies at least one more, so this ends.
            Some(Err(reason)) => {
                denied.extend(applied(file).into_iter().map(|key| (key, reason.clone())));
            }
            None => return Ok(()),
        }
    }
}

/// The state of the changed files after each codemod that changed something, in order; the last is the final one.
pub fn steps(stage: &Stage<'_>, searched: &[Searched]) -> Result<Vec<Step>, Error> {
    let files: Vec<&Searched> = searched.iter().filter(|f| f.verified.is_some()).collect();
    // The states between the first and the last codemod of each file, all verified by one call.
    let between: Vec<(usize, usize, Candidate)> = files
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, file)| {
            let codemods = applied_codemods(file);
            let last = codemods.last().copied();
            codemods
                .into_iter()
                .filter(move |codemod| Some(*codemod) != last)
                .filter_map(move |codemod| {
                    Some((index, codemod, state_after(stage, file, codemod)?))
                })
        })
        .collect();
    let candidates: Vec<Candidate> = between.iter().map(|(_, _, c)| c.clone()).collect();
    let results = verify::verify(&candidates, stage.plan.gofmt.as_ref())?;
    let mut states: Vec<BTreeMap<usize, Verified>> = vec![BTreeMap::new(); files.len()];
    for ((index, codemod, _), result) in between.into_iter().zip(results) {
        // A state that does not verify by itself is left to the commit of the next codemod.
        if let Ok(state) = result {
            states[index].insert(codemod, state);
        }
    }
    let id = |codemod: usize| Arc::clone(&stage.plan.codemods[codemod].id);
    let mut by_codemod: BTreeMap<usize, Step> = BTreeMap::new();
    for (file, mut states) in files.into_iter().zip(states) {
        let applied = applied_codemods(file);
        if let (Some(&last), Some(verified)) = (applied.last(), &file.verified) {
            states.insert(last, verified.clone());
        }
        let mut next = 0;
        for (codemod, change) in changes(states) {
            let step = by_codemod.entry(codemod).or_insert_with(|| Step {
                codemod: id(codemod),
                changes: Vec::new(),
                also: Vec::new(),
            });
            let also = applied.range(next..codemod);
            step.also
                .extend(also.map(|&also| (Arc::clone(&file.path), id(also))));
            step.changes.push(change);
            next = codemod + 1;
        }
    }
    Ok(by_codemod.into_values().collect())
}

fn applied_codemods(file: &Searched) -> BTreeSet<usize> {
    applied(file).iter().map(|key| key.rule.codemod).collect()
}

/// The file rewritten with the codemods up to and including `codemod`.
fn state_after(stage: &Stage<'_>, file: &Searched, codemod: usize) -> Option<Candidate> {
    let context = file.context.as_ref()?;
    let denied: BTreeMap<Key, String> = file
        .findings
        .iter()
        .filter(|f| f.finding.status == Status::Rejected)
        .map(|f| (f.key.clone(), f.finding.reason.clone().unwrap_or_default()))
        .collect();
    let rewritten = rewrite(
        stage,
        context,
        &file.text,
        &Bounds {
            regions: file.regions.as_deref(),
            candidates: None,
            denied: &denied,
            chosen: Chosen::All,
            edited: None,
            codemods: codemod + 1,
        },
    )
    .ok()?;
    Some(Candidate {
        after: rewritten.after,
        ..candidate(file)
    })
}

/// Turns states, each from the text as it was read, into changes, each on top of the one before.
fn changes(states: BTreeMap<usize, Verified>) -> Vec<(usize, Verified)> {
    let mut changes = Vec::new();
    let mut previous: Option<Verified> = None;
    for (codemod, state) in states {
        let change = previous
            .as_ref()
            .map_or_else(|| state.clone(), |previous| state.on_top_of(previous));
        if change.before() != change.after() {
            changes.push((codemod, change));
        }
        previous = Some(state);
    }
    changes
}
