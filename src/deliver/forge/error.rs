//! What a forge refuses and what a connection does not bring, told in one line: the thing, the cause, the next step.
//! No error holds a token; see [`super::Token`].

use std::fmt;

/// What kind of thing went wrong, for callers that can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A URL, or a setting such as the address of the API, cannot be used; nothing was sent.
    Usage,
    /// The forge could not be recognised; `--forge` would tell.
    UnknownForge,
    /// There is no token, and the request needs one.
    NoToken,
    /// The forge does not know the token, or the token has expired (401).
    Unauthorized,
    /// The token is good, and may not do this (403).
    Forbidden,
    /// The thing is not there, or the token cannot see it (404).
    NotFound,
    /// The forge refused what was asked for (400, 405, 409, 422).
    Refused,
    /// The repository is archived and takes no changes.
    Archived,
    /// The forge asks to wait for longer than the budget holds.
    Limited,
    /// The forge cannot be reached, or does not answer, or fails in itself (5xx), also after trying again.
    Unreachable,
    /// An answer that is not what this forge's API gives; often a wrong address, or a proxy's page.
    Unexpected,
}

/// Why a request to a forge failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// For decisions.
    pub kind: ErrorKind,
    /// The thing and the cause, with the forge's own message where it gave one.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl Error {
    /// An error without a next step.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            help: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
