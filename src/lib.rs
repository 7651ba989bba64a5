//! gomend rewrites Go: declarative codemods say what to find, under which facts of the program, and what to write;
//! the engine applies them across a file set, verifies every edit, and delivers a diff, files in place or commits.
//!
//! ```text
//!  *.toml ─ codemod ─▶ Codemod ───────────────────────┐
//!  repo ─── select ──▶ FileSet ─ prefilter ─▶ go ─▶ Parsed ─ matcher ─▶ [Match] ─ rewrite ─▶ Rewritten
//!                                                                                               │ verify
//!            Run ◀─ report ─ deliver ◀─ [Verified], in path order ◀─────────────────────────────┴──▶ rejected, with a reason
//! ```
//!
//! # Invariants
//! 1. [`deliver`] takes only [`verify::Verified`], which only [`verify`] can construct.
//! 2. Every selected file ends in exactly one [`engine::Outcome`].
//! 3. [`codemod`], [`go`], [`matcher`] and [`rewrite`] do no I/O (loading a user's codemod file is the one exception,
//!    in `codemod::source`) and never panic on user input; only [`report`] and `main` print; only [`deliver`] writes.
//! 4. Nothing is written before everything selected is verified.
//! 5. Same input, same bytes: at any number of jobs, in any order of files.
//! 6. Core positions are byte ranges; line and column appear in [`diagnostic`] and [`report`] only.
//! 7. Adding a codemod adds files under `codemods/` and `fixtures/`, never Rust.

pub mod blame;
pub mod cases;
pub mod cli;
pub mod codemod;
pub mod config;
pub mod deliver;
pub mod diagnostic;
pub mod engine;
pub mod finding;
pub mod from;
pub mod git;
pub mod go;
pub mod matcher;
pub mod prefilter;
pub mod report;
pub mod rewrite;
pub mod scaffold;
pub mod select;
pub mod verify;
