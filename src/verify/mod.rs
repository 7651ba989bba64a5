//! Decides whether a rewritten text may be delivered. The only maker of [`Verified`].

use std::{path::Path, sync::Arc};

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
