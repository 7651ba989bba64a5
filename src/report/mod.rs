//! Shows what a run found: for people ([`text`], [`summary`], [`html`]), for programs ([`json`], [`sarif`], [`github`],
//! [`rdjson`]), and while it goes on
//! ([`progress`]). Values in, text out; colours are always in the text, and the stream it is printed to drops them where
//! nobody would see them.

pub mod about;
pub mod baseline;
pub mod blame;
pub mod catalogue;
pub mod escape;
#[cfg(test)]
mod fixture;
pub mod foreign;
pub mod github;
pub mod html;
pub mod json;
pub mod markdown;
pub mod nodes;
pub mod patch;
pub mod place;
pub mod progress;
pub mod proposal;
pub mod rdjson;
pub mod sarif;
pub mod style;
pub mod summary;
pub mod tally;
pub mod text;

/// `1 file`, `2 files`.
pub fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
