//! Keeps up a pull request: what it says ([`facts`], [`template`], [`body`]), what the remote's branch holds ([`history`]), and what
//! is to be done with both ([`decision`]). All of it but [`history`], which reads the repository, is pure; the requests are
//! [`super::forge`]'s and the pushes [`super::push`]'s.

pub mod body;
pub mod decision;
pub mod facts;
pub mod history;
pub mod markdown;
pub mod template;
