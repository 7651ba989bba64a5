//! `gomend apply --interactive` on a pseudo-terminal: every answer, every way out, and what is on disk afterwards.
#![cfg(unix)]

mod answers;
mod editing;
mod lab;
#[path = "../support/mod.rs"]
mod support;
mod surroundings;
mod talk;
mod ways_out;
