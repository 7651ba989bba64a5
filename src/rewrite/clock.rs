//! How long each codemod takes, summed over threads; for `--timing`.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Time spent by codemod. What several of them need of a file (its scopes, its types) counts for the first that asks.
#[derive(Debug)]
pub struct Clock {
    /// Nanoseconds by the index of the codemod.
    spent: Vec<AtomicU64>,
}

impl Clock {
    /// For the first `codemods` codemods of a run.
    pub fn new(codemods: usize) -> Self {
        Self {
            spent: std::iter::repeat_with(AtomicU64::default)
                .take(codemods)
                .collect(),
        }
    }

    /// The time spent by the codemod with this index, in all threads together.
    pub fn spent(&self, codemod: usize) -> Duration {
        let nanoseconds = self.spent.get(codemod);
        Duration::from_nanos(nanoseconds.map_or(0, |n| n.load(Ordering::Relaxed)))
    }
}

/// Does `work` for a codemod, and adds the time to the clock if there is one.
pub fn timed<T>(clock: Option<&Clock>, codemod: usize, work: impl FnOnce() -> T) -> T {
    let Some(spent) = clock.and_then(|clock| clock.spent.get(codemod)) else {
        return work();
    };
    let start = Instant::now();
    let done = work();
    let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    spent.fetch_add(nanoseconds, Ordering::Relaxed);
    done
}
