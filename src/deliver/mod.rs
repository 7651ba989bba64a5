//! Writes what verification passed: a patch, files in place, or commits on a branch. In: [`crate::verify::Verified`]
//! values and nothing else. Nothing of the repository is executed; the git program is needed only for repositories that libgit2
//! cannot open and to push, and the user's own programs only to sign commits.
//!
//! [`forge`] is how a branch that was pushed becomes a pull request.

pub mod branch;
pub mod create;
pub mod diff;
pub mod forge;
mod ignore_revs;
mod ours;
pub mod owners;
mod people;
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
