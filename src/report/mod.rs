//! Shows what a run found: for people ([`text`], [`summary`]), for programs ([`json`]), and while it goes on
//! ([`progress`]). Values in, text out; colours are always in the text, and the stream it is printed to drops them where
//! nobody would see them.

pub mod catalogue;
pub mod escape;
pub mod json;
pub mod nodes;
pub mod patch;
pub mod place;
pub mod progress;
pub mod proposal;
pub mod style;
pub mod summary;
pub mod tally;
pub mod text;
