//! A person's own text in place of a proposed one: verified as any other, then what the rest of the review starts from.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Choice, State};
use crate::{
    engine::Error,
    finding::Status,
    go::{kinds::comments_in, syntax::Parsed},
    rewrite::{
        changes,
        passes::{Edited, KeyedFinding},
    },
    verify::Verified,
};

/// A person's text that passed verification.
#[derive(Debug)]
pub struct Draft {
    verified: Verified,
    /// The comments of the proposal that it does not have.
    pub lost_comments: Vec<String>,
    /// Whether it is the proposal.
    pub is_proposal: bool,
    /// Whether it is the text without the proposal.
    pub is_without: bool,
}

/// Why a person's text is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line of the text, 1-based, where that is known.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub reason: String,
}

impl Choice<'_> {
    /// Verifies a text of the whole file that a person made of the open question's.
    ///
    /// # Errors
    /// The inner one says what is wrong with the text.
    pub fn draft(&self, text: &str) -> Result<Result<Draft, Refusal>, Error> {
        let verified = match self.writer.verify(&text.into())? {
            Ok(verified) => verified,
            Err(reason) => return Ok(Err(refusal(text, reason))),
        };
        let question = self.open.as_ref().map(|open| &open.question);
        let after = verified.after();
        Ok(Ok(Draft {
            lost_comments: question.map_or_else(Vec::new, |q| lost(&q.after, after)),
            is_proposal: question.is_some_and(|q| q.after == *after),
            is_without: question.is_some_and(|q| q.before == *after),
            verified,
        }))
    }

    /// Takes a person's text for the open question's: its findings count as made.
    pub fn take(&mut self, draft: Draft) -> Result<(), Error> {
        let Draft { verified, .. } = draft;
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        self.decided += open.keys.len();
        let rewritten = &open.state.rewritten;
        let mut positions = rewritten.positions.clone();
        // gofmt's changes, then the person's.
        for (from, to) in [
            (&rewritten.after, &open.state.text),
            (&open.state.text, verified.after()),
        ] {
            positions.advance(&changes::between(from, to));
        }
        for KeyedFinding { key, finding } in &rewritten.findings {
            if finding.status != Status::Fixable {
                let mut settled = finding.clone();
                if open.keys.contains(key) {
                    settled.edits.clear(); // what is written there is the person's
                }
                self.settled.entry(key.clone()).or_insert(settled);
            }
        }
        // Where the text has them again, that is what the person wants.
        self.left.extend(std::mem::take(&mut self.accepted));
        self.left.extend(open.keys);
        let (before, after) = (Arc::clone(verified.before()), Arc::clone(verified.after()));
        self.edited = Some(Edited {
            text: Arc::clone(&after),
            positions,
        });
        self.base = State {
            rewritten: open.state.rewritten,
            verified: (after != before).then_some(verified),
            text: after,
        };
        self.all = None;
        self.look_again()
    }

    /// Finds the findings of the text that a person edited.
    fn look_again(&mut self) -> Result<(), Error> {
        if self.refresh() {
            let mut held = self.left.clone();
            held.extend(self.undecided().into_iter().map(|keyed| keyed.key));
            if let Ok(state) = self.state(&BTreeSet::new(), held)? {
                self.base.rewritten = state.rewritten;
            }
        }
        Ok(())
    }
}

/// Why a text is refused, and on which of its lines.
fn refusal(text: &str, reason: String) -> Refusal {
    let said = reason.strip_prefix("gofmt refuses the result: ");
    // gofmt begins with line and column.
    let told = said.and_then(|said| {
        let mut parts = said.splitn(3, ':');
        let line: usize = parts.next()?.parse().ok()?;
        let _column: usize = parts.next()?.parse().ok()?;
        Some((line, parts.next()?.trim_start()))
    });
    if let Some((line, message)) = told {
        return Refusal {
            line: Some(line),
            reason: format!("gofmt says {message}"),
        };
    }
    let parsed = Parsed::new(text.into());
    let line = parsed
        .errors()
        .first()
        .map(|range| text[..range.start].matches('\n').count() + 1);
    Refusal { line, reason }
}

/// The comments of `before` that `after` has fewer of.
fn lost(before: &str, after: &str) -> Vec<String> {
    let comments = |text: &str| -> Vec<String> {
        let parsed = Parsed::new(text.into());
        let ranges = comments_in(parsed.root(), &(0..text.len()));
        ranges
            .into_iter()
            .map(|range| text[range].to_owned())
            .collect()
    };
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for comment in comments(after) {
        *kept.entry(comment).or_insert(0) += 1;
    }
    let mut lost = comments(before);
    lost.retain(|comment| match kept.get_mut(comment) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    lost
}
