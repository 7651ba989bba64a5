//! Writes what verification passed: a patch, files in place, commits on a branch, or a pull request. In:
//! [`crate::verify::Verified`] values and nothing else. Nothing of the repository is executed; the git program is needed only for
//! repositories that libgit2 cannot open and to [`push`], and the user's own programs only to sign commits.
//!
//! [`forge`] is how a branch that was pushed becomes a pull request, and [`pull_request`] decides what becomes of both.

pub mod branch;
pub mod create;
pub mod diff;
pub mod forge;
mod ignore_revs;
mod ours;
pub mod owners;
mod people;
pub mod pull_request;
pub mod push;
mod settings;
mod sign;
mod store;
pub mod worktree;

#[cfg(test)]
#[path = "../../tests/support/seed.rs"]
mod seed;
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;
