//! What ends a command early, told in one line: the thing, its place, the cause, and the next step.

use std::fmt;

/// An error that ends the command with exit code 2.
#[derive(Debug)]
pub struct Error {
    /// Longer explanations that come first, ready to print: a codemod's diagnostics, say.
    pub details: String,
    /// The thing, its place and the cause.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl Error {
    /// An error with a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            details: String::new(),
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

    /// Adds an explanation in front.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
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
    /// Whoever read standard output has seen enough (`gomend check | head`); that is no error.
    BrokenPipe,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
