//! Writes what verification passed: a patch, files in place, commits on a branch, or a pull request. In:
//! [`crate::verify::Verified`] values and nothing else. Nothing of the repository is executed; only [`push`] needs the git
//! program.

pub mod branch;
pub mod diff;
pub mod forge;
pub mod pull_request;
pub mod push;
pub mod worktree;

#[cfg(test)]
#[path = "../../tests/support/seed.rs"]
mod seed;
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;
