//! What ends a command early, told in one line: the thing, its place, the cause, and the next step.

use std::fmt;

use crate::diagnostic::Diagnostic;

/// An error that ends the command with exit code 2.
#[derive(Debug)]
pub struct Error {
    /// The thing, its place and the cause.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl Error {
    /// An error with a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
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

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// Something went wrong.
    Error(Error),
    /// Codemods, or a query, that cannot be used.
    Diagnostics(Vec<Diagnostic>),
    /// Whoever read standard output has seen enough (`gomend check | head`); that is no error.
    BrokenPipe,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
