//! Writes what verification passed: a patch, files in place, or commits on a branch. In: [`crate::verify::Verified`]
//! values and nothing else. Nothing of the repository is executed, and no git program is needed.

pub mod branch;
pub mod diff;
pub mod forge;
pub mod worktree;

#[cfg(test)]
#[path = "../../tests/support/seed.rs"]
mod seed;
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;
