//! What reports and commit messages say about a codemod.

use std::sync::Arc;

use crate::{codemod::Codemod, finding::Applicability};

/// A codemod as a reader of findings needs it: without its rules.
#[derive(Debug, Clone)]
pub struct About {
    /// `group/name`.
    pub id: Arc<str>,
    /// One line: what it does.
    pub summary: String,
    /// Markdown: why it matters, what changes.
    pub description: String,
    /// Words to select by.
    pub tags: Vec<String>,
    /// The most that any of its rules claims.
    pub applicability: Applicability,
    /// Links.
    pub references: Vec<String>,
}

impl From<&Codemod> for About {
    fn from(codemod: &Codemod) -> Self {
        Self {
            id: Arc::clone(&codemod.id),
            summary: codemod.summary.clone(),
            description: codemod.description.trim().to_owned(),
            tags: codemod.tags.clone(),
            applicability: codemod.applicability,
            references: codemod.references.clone(),
        }
    }
}
