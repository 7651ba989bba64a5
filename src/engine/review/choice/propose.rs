//! Finds the next question: which findings there are, and what the file is like with and without them.

use std::{collections::BTreeSet, sync::Arc};

use super::{Choice, Open, Question, State, Variant, applied};
use crate::{
    engine::{Error, review::group},
    rewrite::passes::{self, Key, KeyedFinding, Rewritten},
};

impl Choice<'_> {
    /// Finds out what there is to decide; says whether it could.
    pub(super) fn refresh(&mut self) -> bool {
        if self.all.is_none() {
            self.all = self.rewrite(&self.left).ok().map(Arc::new);
        }
        self.all.is_some()
    }

    fn rewrite(&self, held: &BTreeSet<Key>) -> Result<Rewritten, String> {
        self.writer.rewrite(&Variant {
            denied: &self.denied,
            chosen: passes::Chosen::AllBut(held),
            edited: self.edited.as_ref(),
        })
    }

    /// The findings that would be made unasked, in document order.
    pub(super) fn undecided(&self) -> Vec<KeyedFinding> {
        let all = self.all.iter().flat_map(|all| applied(all));
        all.filter(|keyed| !self.accepted.contains(&keyed.key))
            .cloned()
            .collect()
    }

    /// The file made of `target` and nothing else; `held` is where to begin in finding out what else there is. The inner
    /// error is the reason why that cannot be.
    pub(super) fn state(
        &self,
        target: &BTreeSet<Key>,
        mut held: BTreeSet<Key>,
    ) -> Result<Result<State, String>, Error> {
        // What only shows once another finding is held back is held back too: every turn holds at least one more.
        let rewritten = loop {
            let rewritten = match self.rewrite(&held) {
                Ok(rewritten) => rewritten,
                Err(reason) => return Ok(Err(reason)),
            };
            let extra: Vec<Key> = applied(&rewritten)
                .map(|keyed| keyed.key.clone())
                .filter(|key| !target.contains(key))
                .collect();
            if extra.is_empty() {
                break Arc::new(rewritten);
            }
            held.extend(extra);
        };
        if rewritten.after == self.original {
            return Ok(Ok(State {
                rewritten,
                text: Arc::clone(&self.original),
                verified: None,
            }));
        }
        Ok(self.writer.verify(&rewritten.after)?.map(|verified| State {
            rewritten,
            text: Arc::clone(verified.after()),
            verified: (verified.after() != verified.before()).then_some(verified),
        }))
    }

    /// The question about the first findings that can be made without those behind them.
    pub(super) fn first_that_stands(
        &self,
        undecided: &[KeyedFinding],
    ) -> Result<Option<Open>, Error> {
        let (single, shared): (Vec<_>, Vec<_>) = undecided
            .iter()
            .partition(|keyed| self.split.contains(&keyed.key));
        let hunks = group::by_hunk(&self.original, &shared);
        let hunks = hunks.into_iter().map(|hunk| {
            let members = hunk.into_iter().map(|index| shared[index]);
            members.collect::<Vec<&KeyedFinding>>()
        });
        let mut groups: Vec<Vec<&KeyedFinding>> = hunks
            .chain(single.into_iter().map(|one| vec![one]))
            .collect();
        groups.sort_by_key(|group| (group[0].finding.range.start, &group[0].key));
        for group in &groups {
            if let Some(open) = self.propose(group, undecided)? {
                return Ok(Some(open));
            }
            for one in group.iter().filter(|_| group.len() > 1) {
                if let Some(open) = self.propose(&[one], undecided)? {
                    return Ok(Some(open));
                }
            }
        }
        Ok(None)
    }

    /// The question about some findings; `None` where they come to nothing by themselves.
    fn propose(
        &self,
        group: &[&KeyedFinding],
        undecided: &[KeyedFinding],
    ) -> Result<Option<Open>, Error> {
        let keys: BTreeSet<Key> = group.iter().map(|keyed| keyed.key.clone()).collect();
        let target = &self.accepted | &keys;
        let others = undecided.iter().map(|keyed| &keyed.key);
        let mut held = self.left.clone();
        held.extend(others.filter(|key| !keys.contains(key)).cloned());
        let state = self.state(&target, held)?.ok();
        let stands = |state: &State| state.applies(&target) && state.text != self.base.text;
        Ok(state.filter(stands).map(|state| Open {
            question: self.ask(group.iter().copied(), &state, false),
            keys,
            state,
        }))
    }

    fn ask<'f>(
        &self,
        findings: impl Iterator<Item = &'f KeyedFinding>,
        state: &State,
        is_whole: bool,
    ) -> Question {
        Question {
            findings: findings.map(|keyed| keyed.finding.clone()).collect(),
            before: Arc::clone(&self.base.text),
            after: Arc::clone(&state.text),
            is_whole,
        }
    }

    /// The question about all findings there are, where none stands by itself; `None` where that settles them.
    pub(super) fn all_together(
        &mut self,
        undecided: &[KeyedFinding],
    ) -> Result<Option<Open>, Error> {
        let keys: BTreeSet<Key> = undecided.iter().map(|keyed| keyed.key.clone()).collect();
        let target = &self.accepted | &keys;
        match self.state(&target, self.left.clone())? {
            Err(reason) => {
                let refused = keys.into_iter().map(|key| (key, reason.clone()));
                self.denied.extend(refused);
                self.all = None;
            }
            Ok(state) if !state.applies(&target) => {
                self.shut_out.extend(keys.iter().cloned());
                self.left.extend(keys);
                self.all = None;
            }
            // Nobody would see a difference.
            Ok(state) if state.text == self.base.text => {
                self.accepted = target;
                self.base = state;
            }
            Ok(state) => {
                return Ok(Some(Open {
                    question: self.ask(undecided.iter(), &state, true),
                    keys,
                    state,
                }));
            }
        }
        Ok(None)
    }
}
