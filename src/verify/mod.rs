//! Decides whether a rewritten text may be delivered. The only maker of [`Verified`].
//!
//! [`syntactic`] runs inside the passes, edit by edit; [`verify`] is the last gate: gofmt, layout, and a reparse of
//! the very bytes that will be delivered.

pub mod gofmt;
mod layout;
pub mod syntactic;

use std::{path::Path, sync::Arc};

use crate::go::syntax::Parsed;
use gofmt::Gofmt;

/// A rewritten file that passed verification; delivery takes nothing else.
#[derive(Debug, Clone)]
pub struct Verified {
    path: Arc<Path>,
    before: Arc<str>,
    after: Arc<str>,
}

impl Verified {
    /// Relative to the root of the file set.
    pub fn path(&self) -> &Arc<Path> {
        &self.path
    }

    /// The text as it was read.
    pub fn before(&self) -> &Arc<str> {
        &self.before
    }

    /// The text to deliver.
    pub fn after(&self) -> &Arc<str> {
        &self.after
    }

    /// The change from what `earlier` delivers to what this one delivers: the second of two commits over one file.
    #[must_use]
    pub fn on_top_of(&self, earlier: &Self) -> Self {
        Self {
            path: Arc::clone(&self.path),
            before: Arc::clone(&earlier.after),
            after: Arc::clone(&self.after),
        }
    }

    /// Stands in for verification in tests of delivery.
    #[cfg(test)]
    pub(crate) fn for_test(path: &str, before: &str, after: &str) -> Self {
        Self {
            path: Path::new(path).into(),
            before: before.into(),
            after: after.into(),
        }
    }
}

/// A rewritten text to be verified.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// The text as it was read.
    pub before: Arc<str>,
    /// The text that the passes ended with.
    pub after: Arc<str>,
}

/// Verifies each candidate, in order; the error of one is the reason why it is refused. Without gofmt only the reparse
/// is left. The outer error is that of the gofmt program itself.
pub fn verify(
    candidates: &[Candidate],
    gofmt: Option<&Gofmt>,
) -> Result<Vec<Result<Verified, String>>, gofmt::Error> {
    let laid_out = match gofmt {
        Some(gofmt) => laid_out(candidates, gofmt)?,
        None => candidates
            .iter()
            .map(|c| Ok(Arc::clone(&c.after)))
            .collect(),
    };
    Ok(candidates
        .iter()
        .zip(laid_out)
        .map(|(candidate, after)| {
            let after = after?;
            let errors = |text: &Arc<str>| Parsed::new(Arc::clone(text)).errors().len();
            let left = errors(&after);
            if left > 0 && left > errors(&candidate.before) {
                return Err("the result does not parse".to_owned());
            }
            Ok(Verified {
                path: Arc::clone(&candidate.path),
                before: Arc::clone(&candidate.before),
                after,
            })
        })
        .collect())
}

/// The texts with gofmt's layout: whole where the file was clean before, in touched lines where it was not.
fn laid_out(
    candidates: &[Candidate],
    gofmt: &Gofmt,
) -> Result<Vec<Result<Arc<str>, String>>, gofmt::Error> {
    let texts: Vec<&str> = candidates.iter().map(|c| &*c.after).collect();
    let formatted = gofmt.format(&texts)?;
    // Only a result that gofmt would change, or cannot read, raises the question what the file was like before.
    let unlike: Vec<usize> = (0..candidates.len())
        .filter(|&i| formatted[i].as_deref() != Ok(texts[i]))
        .collect();
    let befores: Vec<&str> = unlike.iter().map(|&i| &*candidates[i].before).collect();
    let befores = gofmt.format(&befores)?;

    let mut results: Vec<Result<Arc<str>, String>> = candidates
        .iter()
        .map(|c| Ok(Arc::clone(&c.after)))
        .collect();
    for (&index, before) in unlike.iter().zip(&befores) {
        let candidate = &candidates[index];
        results[index] = match (&formatted[index], before) {
            (Err(_), Err(_)) => Ok(Arc::clone(&candidate.after)),
            (Err(error), Ok(_)) => Err(format!("gofmt refuses the result: {error}")),
            (Ok(formatted), Ok(before)) if **before == *candidate.before => {
                Ok(formatted.as_str().into())
            }
            (Ok(formatted), _) => {
                Ok(layout::in_touched_lines(&candidate.before, &candidate.after, formatted).into())
            }
        };
    }
    check_layout(candidates, gofmt, &unlike, &befores, &mut results)?;
    Ok(results)
}

/// What was laid out must be read by gofmt again, and be clean where the file was clean.
fn check_layout(
    candidates: &[Candidate],
    gofmt: &Gofmt,
    unlike: &[usize],
    befores: &[Result<String, String>],
    results: &mut [Result<Arc<str>, String>],
) -> Result<(), gofmt::Error> {
    let laid_out: Vec<(usize, bool)> = unlike
        .iter()
        .zip(befores)
        .filter(|&(&index, before)| results[index].is_ok() && before.is_ok())
        .map(|(&index, before)| (index, before.as_deref() == Ok(&*candidates[index].before)))
        .collect();
    let texts: Vec<Arc<str>> = laid_out
        .iter()
        .filter_map(|(index, _)| results[*index].clone().ok())
        .collect();
    let again = gofmt.format(&texts.iter().map(|t| &**t).collect::<Vec<_>>())?;
    for (((index, was_clean), text), again) in laid_out.into_iter().zip(texts).zip(again) {
        match again {
            Err(error) => results[index] = Err(format!("gofmt refuses the result: {error}")),
            Ok(again) if was_clean && *again != *text => {
                results[index] = Err("gofmt does not settle on a layout for the result".to_owned());
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
