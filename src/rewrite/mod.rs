//! Turns matches into text. In: a file's text and the rules that apply to it. Out: the rewritten text, with each finding's
//! edits and fate. Pure: nothing is read or written here, and every rule is given from outside.
//!
//! One match becomes one [`render::Group`] of edits, applied together or not at all; groups that claim the same code are
//! settled by [`overlap`]; [`passes`] repeats until nothing changes.

pub mod changes;
pub mod clock;
pub mod compose;
pub mod fresh;
pub mod ignore;
pub mod imports;
pub mod overlap;
pub mod passes;
pub mod place;
pub mod positions;
pub mod render;

#[cfg(test)]
mod meeting_tests;
#[cfg(test)]
mod template_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
