//! What is asked about one file, and what comes of the answers. Pure but for its [`Writer`].
//!
//! Every state of the file is made by rewriting it from the start with a set of findings, and verified, never by taking
//! hunks of another state over. A [`Question`] shows the difference between two such states: the one with what was
//! accepted so far, and the one with the findings in question as well. So the accepted questions add up to what is
//! written, and where all are accepted that is what the run would have written unasked.
//!
//! Which findings there are to ask about is found by rewriting with all but those that were left: a finding that shows
//! only once another is made, or once the one it overlaps with is left, comes up by itself.

mod draft;
mod propose;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

pub use draft::{Draft, Refusal};

use crate::{
    engine::Error,
    finding::{Finding, Status},
    rewrite::passes::{self, Edited, Key, KeyedFinding, Rewritten},
    verify::Verified,
};

/// One way to rewrite a file.
#[derive(Debug, Clone, Copy)]
pub struct Variant<'a> {
    /// Findings that must not be applied, with the reason.
    pub denied: &'a BTreeMap<Key, String>,
    /// Which of the others are applied.
    pub chosen: passes::Chosen<'a>,
    /// What a person made of the text.
    pub edited: Option<&'a Edited>,
}

/// Rewrites and verifies one file.
pub trait Writer {
    /// The file's path.
    fn path(&self) -> &Arc<Path>;
    /// Rewrites the file; the error says why it cannot be.
    fn rewrite(&self, variant: &Variant<'_>) -> Result<Rewritten, String>;
    /// Verifies a new text of it; the inner error is the reason why it is refused.
    fn verify(&self, after: &Arc<str>) -> Result<Result<Verified, String>, Error>;
}

/// Something to decide.
#[derive(Debug, Clone)]
pub struct Question {
    /// The findings, in document order.
    pub findings: Vec<Finding>,
    /// The file with what was accepted so far.
    pub before: Arc<str>,
    /// The file with these findings as well.
    pub after: Arc<str>,
    /// Whether they are asked about together because none of them stands without the others.
    pub is_whole: bool,
}

/// Why a question cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indivisible {
    /// It is one finding, whose edits are made together or not at all.
    One,
    /// None of its findings stands without the others.
    Whole,
}

/// What came of a choice.
#[derive(Debug)]
pub struct Chosen {
    /// Every finding of the file and its fate; [`Status::Left`] for what could have been made and is not.
    pub findings: Vec<KeyedFinding>,
    /// The new text; `None` where it is the old one.
    pub verified: Option<Verified>,
}

/// A file made of some findings.
#[derive(Clone)]
struct State {
    rewritten: Arc<Rewritten>,
    /// As it would be written.
    text: Arc<str>,
    /// `None` where that is the file as it was read.
    verified: Option<Verified>,
}

impl State {
    fn applies(&self, keys: &BTreeSet<Key>) -> bool {
        let applied: BTreeSet<&Key> = applied(&self.rewritten).map(|keyed| &keyed.key).collect();
        keys.iter().all(|key| applied.contains(key))
    }
}

/// A question, and what an answer needs.
struct Open {
    keys: BTreeSet<Key>,
    question: Question,
    state: State,
}

/// The choice among the findings of one file.
pub struct Choice<'a> {
    writer: &'a dyn Writer,
    original: Arc<str>,
    denied: BTreeMap<Key, String>,
    /// What the base is made with.
    accepted: BTreeSet<Key>,
    /// What is not to be made, and what is part of a text that a person edited.
    left: BTreeSet<Key>,
    /// Of those, the ones that an accepted one shut out.
    shut_out: BTreeSet<Key>,
    /// Asked about one by one.
    split: BTreeSet<Key>,
    edited: Option<Edited>,
    /// What was settled before a person edited the text.
    settled: BTreeMap<Key, Finding>,
    /// The file with all that is not left; `None` where that has changed.
    all: Option<Arc<Rewritten>>,
    /// The file with what was accepted.
    base: State,
    open: Option<Open>,
    decided: usize,
    is_closed: bool,
}

impl<'a> Choice<'a> {
    /// Nothing is decided yet; `denied` are the findings that the last gate refused.
    ///
    /// # Errors
    /// The inner one says why the file cannot be rewritten.
    pub fn new(
        writer: &'a dyn Writer,
        original: Arc<str>,
        denied: BTreeMap<Key, String>,
    ) -> Result<Result<Self, String>, Error> {
        let nothing = BTreeSet::new();
        let variant = Variant {
            denied: &denied,
            chosen: passes::Chosen::AllBut(&nothing),
            edited: None,
        };
        let all = match writer.rewrite(&variant) {
            Ok(all) => Arc::new(all),
            Err(reason) => return Ok(Err(reason)),
        };
        let mut choice = Self {
            writer,
            denied,
            accepted: BTreeSet::new(),
            left: BTreeSet::new(),
            shut_out: BTreeSet::new(),
            split: BTreeSet::new(),
            edited: None,
            settled: BTreeMap::new(),
            base: State {
                rewritten: Arc::clone(&all),
                text: Arc::clone(&original),
                verified: None,
            },
            original,
            all: Some(all),
            open: None,
            decided: 0,
            is_closed: false,
        };
        let held = choice.undecided().iter().map(|f| f.key.clone()).collect();
        Ok(choice.state(&BTreeSet::new(), held)?.map(|base| {
            choice.base = base;
            choice
        }))
    }

    /// The file's path.
    pub fn path(&self) -> &Arc<Path> {
        self.writer.path()
    }

    /// The file as it was read.
    pub fn original(&self) -> &Arc<str> {
        &self.original
    }

    /// How many findings are decided.
    pub fn decided(&self) -> usize {
        self.decided
    }

    /// How many findings wait, those of the open question included, as far as is known now.
    pub fn waiting(&self) -> usize {
        if self.is_closed {
            0
        } else {
            self.undecided().len()
        }
    }

    /// The next thing to decide, the same until it is decided; `None` where nothing is left to decide.
    pub fn question(&mut self) -> Result<Option<&Question>, Error> {
        while self.open.is_none() && !self.is_closed && self.refresh() {
            let undecided = self.undecided();
            if undecided.is_empty() {
                break;
            }
            self.open = self.first_that_stands(&undecided)?;
            if self.open.is_none() {
                self.open = self.all_together(&undecided)?;
            }
        }
        Ok(self.open.as_ref().map(|open| &open.question))
    }

    /// Makes what is asked about.
    pub fn accept(&mut self) {
        if let Some(open) = self.open.take() {
            self.decided += open.keys.len();
            self.accepted.extend(open.keys);
            self.base = open.state;
        }
    }

    /// Leaves what is asked about as it is.
    pub fn leave(&mut self) {
        if let Some(open) = self.open.take() {
            self.decided += open.keys.len();
            self.left.extend(open.keys);
            self.all = None;
        }
    }

    /// Makes what is asked about and all that is still to come in this file.
    pub fn accept_rest(&mut self) -> Result<(), Error> {
        if self.open.take().is_some() {
            let undecided: BTreeSet<Key> = self.undecided().into_iter().map(|f| f.key).collect();
            let target = &self.accepted | &undecided;
            if let Ok(state) = self.state(&target, self.left.clone())?
                && state.applies(&target)
            {
                self.decided += undecided.len();
                self.accepted = target;
                self.base = state;
            }
        }
        while self.question()?.is_some() {
            self.accept();
        }
        Ok(())
    }

    /// Leaves what is asked about, and all that is still to come in this file.
    pub fn leave_rest(&mut self) {
        self.decided += self.waiting();
        self.open = None;
        self.is_closed = true;
    }

    /// Asks about the findings of the open question one by one.
    ///
    /// # Errors
    /// They cannot be parted.
    pub fn split(&mut self) -> Result<(), Indivisible> {
        match &self.open {
            Some(open) if open.keys.len() == 1 => Err(Indivisible::One),
            Some(open) if open.question.is_whole => Err(Indivisible::Whole),
            _ => {
                let keys = self.open.take().into_iter().flat_map(|open| open.keys);
                self.split.extend(keys);
                Ok(())
            }
        }
    }

    /// What came of it; an open question counts as left.
    pub fn finish(self) -> Chosen {
        let made = &self.base.rewritten.findings;
        let mut findings: BTreeMap<Key, Finding> = self.settled;
        for KeyedFinding { key, finding } in made {
            let is_new = !matches!(findings.get(key), Some(f) if f.status == Status::Applied);
            if is_new {
                findings.insert(key.clone(), finding.clone());
            }
        }
        for (key, finding) in &mut findings {
            if let Some(reason) = self.denied.get(key) {
                finding.status = Status::Rejected;
                finding.reason = Some(reason.clone());
            } else if self.shut_out.contains(key) {
                finding.status = Status::Conflict;
                finding.reason = Some("overlaps with a change that was accepted".to_owned());
            } else if finding.status == Status::Fixable {
                finding.status = Status::Left;
            }
        }
        let mut findings: Vec<KeyedFinding> = findings
            .into_iter()
            .map(|(key, finding)| KeyedFinding { key, finding })
            .collect();
        findings
            .sort_by(|a, b| (a.finding.range.start, &a.key).cmp(&(b.finding.range.start, &b.key)));
        Chosen {
            findings,
            verified: self.base.verified,
        }
    }
}

fn applied(rewritten: &Rewritten) -> impl Iterator<Item = &KeyedFinding> {
    let is_applied = |keyed: &&KeyedFinding| keyed.finding.status == Status::Applied;
    rewritten.findings.iter().filter(is_applied)
}
