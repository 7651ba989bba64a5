//! Lets a person choose among the findings of a run, file by file, before anything is delivered. In: the searched and
//! verified files of a run. Out: the same, rewritten with the findings that were accepted and no others.
//!
//! How to ask is the [`Reviewer`]'s business; what is asked, and what comes of an answer, is that of [`choice`].

pub mod choice;
mod group;
#[cfg(test)]
pub(crate) mod testing;

use std::{path::Path, sync::Arc};

use rayon::ThreadPool;

use super::{
    Error, Outcome, Stage,
    search::{self, Bounds, Searched},
};
use crate::{
    finding::Status,
    matcher::FileContext,
    rewrite::passes::{KeyedFinding, Rewritten},
    verify::{self, Candidate, Verified},
};
use choice::{Choice, Variant, Writer};

/// Who is asked.
pub trait Reviewer {
    /// Called once, before the first review, with the files that have changes and how many findings make them. Not called
    /// where there are none.
    fn begin(&mut self, files: &[(Arc<Path>, usize)]) -> Flow;
    /// Asks about the findings of one file.
    fn review(&mut self, file: &mut Choice<'_>) -> Result<Flow, Error>;
}

/// How a review goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// With the next file.
    Next,
    /// Not at all: what was accepted so far counts, the rest is left.
    Stop,
    /// Not at all, and nothing was accepted.
    Abort,
}

/// Has every changed file reviewed, in order.
pub(super) fn all(
    stage: &Stage<'_>,
    pool: &ThreadPool,
    searched: &mut [Searched],
    reviewer: &mut dyn Reviewer,
) -> Result<(), Error> {
    let changed: Vec<usize> = (0..searched.len())
        .filter(|&index| searched[index].verified.is_some())
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let files: Vec<(Arc<Path>, usize)> = changed
        .iter()
        .map(|&index| {
            let file = &searched[index];
            (Arc::clone(&file.path), applied(&file.findings).count())
        })
        .collect();
    let mut flow = reviewer.begin(&files);
    let mut waiting = changed.iter();
    while flow == Flow::Next
        && let Some(&index) = waiting.next()
    {
        flow = one(stage, pool, &mut searched[index], reviewer)?;
    }
    let left = if flow == Flow::Abort {
        changed.iter()
    } else {
        waiting
    };
    for &index in left {
        leave(&mut searched[index]);
    }
    Ok(())
}

fn applied(findings: &[KeyedFinding]) -> impl Iterator<Item = &KeyedFinding> {
    let is_applied = |keyed: &&KeyedFinding| keyed.finding.status == Status::Applied;
    findings.iter().filter(is_applied)
}

fn one(
    stage: &Stage<'_>,
    pool: &ThreadPool,
    file: &mut Searched,
    reviewer: &mut dyn Reviewer,
) -> Result<Flow, Error> {
    let Some(context) = file.context.clone() else {
        return Ok(Flow::Next);
    };
    let writer = FileWriter {
        stage,
        pool,
        context,
        file,
    };
    let text = Arc::clone(&file.text);
    let (flow, chosen) = match Choice::new(&writer, text, file.denied.clone())? {
        Ok(mut choice) => (reviewer.review(&mut choice)?, choice.finish()),
        Err(reason) => {
            file.verified = None;
            file.outcome = Outcome::Failed(reason);
            return Ok(Flow::Next);
        }
    };
    file.after = chosen
        .verified
        .as_ref()
        .map_or_else(|| Arc::clone(&file.text), |v| Arc::clone(v.after()));
    let rejected = chosen
        .findings
        .iter()
        .find(|f| f.finding.status == Status::Rejected);
    file.outcome = match (&chosen.verified, rejected) {
        (Some(_), _) => Outcome::Changed,
        (None, Some(first)) => Outcome::Rejected(first.finding.reason.clone().unwrap_or_default()),
        (None, None) => Outcome::Unchanged,
    };
    file.verified = chosen.verified;
    file.findings = chosen.findings;
    Ok(flow)
}

/// Takes a file as one in which nothing was accepted.
fn leave(file: &mut Searched) {
    for keyed in &mut file.findings {
        let status = &mut keyed.finding.status;
        if matches!(status, Status::Applied | Status::Fixable) {
            *status = Status::Left;
        }
    }
    file.after = Arc::clone(&file.text);
    file.verified = None;
    file.outcome = Outcome::Unchanged;
}

/// The stages of a run, for one file of it.
struct FileWriter<'a> {
    stage: &'a Stage<'a>,
    pool: &'a ThreadPool,
    context: FileContext,
    file: &'a Searched,
}

impl Writer for FileWriter<'_> {
    fn path(&self) -> &Arc<Path> {
        &self.file.path
    }

    fn rewrite(&self, variant: &Variant<'_>) -> Result<Rewritten, String> {
        let bounds = Bounds {
            regions: self.file.regions.as_deref(),
            candidates: None,
            denied: variant.denied,
            chosen: variant.chosen,
            edited: variant.edited,
            codemods: usize::MAX,
        };
        // The threads of the pool have the stack that deeply nested code needs.
        self.pool
            .install(|| search::rewrite(self.stage, &self.context, &self.file.text, &bounds))
    }

    fn verify(&self, after: &Arc<str>) -> Result<Result<Verified, String>, Error> {
        let candidate = Candidate {
            path: Arc::clone(&self.file.path),
            before: Arc::clone(&self.file.text),
            after: Arc::clone(after),
        };
        let gofmt = self.stage.plan.gofmt.as_ref();
        let results = self.pool.install(|| verify::verify(&[candidate], gofmt))?;
        Ok(results
            .into_iter()
            .next()
            .expect("each candidate has a result"))
    }
}
