//! What is known of a file between its passes: its findings, and where their places were in the text as it was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use super::{Input, Key, RuleRef, attempt::Candidate};
use crate::{
    codemod::Rule,
    finding::{Applicability, Finding, Status, TextEdit},
    from::pointed,
    matcher::{Facts, Match, NearMiss},
    rewrite::{ignore::Directive, positions::Positions, render},
};

/// The state between passes.
pub(super) struct State<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) banned: &'a BTreeMap<RuleRef, String>,
    pub(super) positions: Positions,
    pub(super) findings: BTreeMap<Key, Finding>,
    pub(super) near_misses: Vec<(RuleRef, NearMiss)>,
    /// The comments of the current text that hide findings.
    pub(super) directives: Vec<Directive>,
    /// Those that hid something, by where they began in the text as it was read.
    pub(super) used: BTreeSet<usize>,
    pub(super) hit: BTreeSet<usize>,
    pub(super) baseline_errors: usize,
    /// Whether the current text is the one that was read.
    pub(super) is_as_read: bool,
}

impl State<'_> {
    pub(super) fn key(&self, rule: RuleRef, range: &Range<usize>) -> Key {
        Key {
            rule,
            start: self.positions.original(range.start),
            end: self.positions.original(range.end),
        }
    }

    /// Whether the bytes (of the current text) touch a region that was asked for.
    pub(super) fn is_looked_at(&self, range: &Range<usize>) -> bool {
        let (start, end) = (
            self.positions.original(range.start),
            self.positions.original(range.end),
        );
        self.input
            .regions
            .is_none_or(|regions| regions.iter().any(|r| start < r.end && r.start <= end))
    }

    /// Whether a foreign finding points at a match of a codemod, or none has to; notes those that do.
    pub(super) fn is_pointed_at(&mut self, codemod: usize, found: &Match<'_>) -> bool {
        let Some(targets) = self.input.targets else {
            return true;
        };
        let line = |byte: usize| {
            let before = &self.input.text.as_bytes()[..self.positions.original(byte)];
            memchr::memchr_iter(b'\n', before).count() + 1
        };
        let hits = pointed::hits(targets, codemod, found, line);
        let is_hit = !hits.is_empty();
        self.hit.extend(hits);
        is_hit
    }

    pub(super) fn has_applied(&self, rule: RuleRef) -> bool {
        self.findings
            .iter()
            .any(|(key, finding)| key.rule == rule && finding.status == Status::Applied)
    }

    /// Records a match as a finding unless an earlier pass did; says whether its edits are to be rendered. What the edits
    /// of an earlier pass brought about and no edit of this run takes away is left to the next run: it is not true of the
    /// text as it was read.
    pub(super) fn record(
        &mut self,
        facts: &Facts<'_>,
        rule: &Rule,
        candidate: &Candidate<'_>,
        errors: &[Range<usize>],
    ) -> bool {
        let key = &candidate.key;
        let range = candidate.found.range();
        let is_broken = errors
            .iter()
            .any(|e| e.start < range.end && range.start < e.end);
        let denied = self
            .input
            .denied
            .get(key)
            .or_else(|| self.banned.get(&key.rule));
        let place = candidate.found.place();
        let hidden = self.hidden_by(key, place.start);
        let (status, reason) = match (denied, is_broken) {
            _ if hidden.is_some() => (Status::Suppressed, hidden),
            (Some(reason), _) => (Status::Rejected, Some(reason.clone())),
            (None, true) => (
                Status::Rejected,
                Some("the code here does not parse".to_owned()),
            ),
            (None, false) => match rule.applicability {
                Applicability::Display => (Status::Display, None),
                Applicability::Unsafe if !self.input.unsafe_edits => (Status::Unsafe, None),
                _ => (Status::Fixable, None),
            },
        };
        let is_left = matches!(status, Status::Display | Status::Unsafe);
        if is_left && !self.is_as_read && !self.findings.contains_key(key) {
            return false;
        }
        let start = self.positions.original(place.start);
        let known = self.findings.entry(key.clone()).or_insert_with(|| Finding {
            codemod: Arc::clone(&self.input.codemods[key.rule.codemod].id),
            rule: Arc::clone(&rule.name),
            path: Arc::clone(&self.input.file.path),
            range: start..self.positions.original(place.end).max(start),
            message: render::message(facts, rule, &candidate.found),
            applicability: rule.applicability,
            status,
            reason,
            edits: Vec::new(),
            blame: None,
        });
        !matches!(known.status, Status::Rejected | Status::Suppressed)
    }

    /// What the author of a comment that hides the finding says.
    fn hidden_by(&mut self, key: &Key, at: usize) -> Option<String> {
        let id = &self.input.codemods[key.rule.codemod].id;
        let directive = self.directives.iter().find(|d| d.hides(id, at))?;
        self.used
            .insert(self.positions.original(directive.range.start));
        Some(directive.reason.clone())
    }

    pub(super) fn may_apply(&self, rule: &Rule, key: &Key) -> bool {
        let is_asked_for = match rule.applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => self.input.unsafe_edits,
            Applicability::Display => false,
        };
        is_asked_for && self.input.chosen.has(key)
    }

    /// Notes a finding's edits, where they can be said in positions of the text as it was read.
    pub(super) fn set_edits(&mut self, key: &Key, group: &render::Group) {
        let Some(finding) = self.findings.get_mut(key) else {
            return;
        };
        let mapped: Option<Vec<_>> = group
            .edits
            .iter()
            .map(|edit| {
                let range = self.positions.original_range(&(edit.start..edit.end))?;
                Some(TextEdit {
                    start: range.start,
                    end: range.end,
                    text: edit.text.clone(),
                })
            })
            .collect();
        if finding.status != Status::Applied {
            finding.edits = mapped.unwrap_or_default();
        }
    }

    /// Sets what became of a finding. One that was applied stays so: what the same place yields later is another match.
    pub(super) fn mark(&mut self, key: &Key, status: Status, reason: Option<String>) {
        if let Some(finding) = self.findings.get_mut(key)
            && finding.status != Status::Applied
        {
            finding.status = status;
            finding.reason = reason;
        }
    }
}
