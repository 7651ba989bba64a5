//! The two streams: data on standard output (or in a file), words on standard error.

use std::{
    io::{ErrorKind, Write as _},
    path::Path,
};

use anstream::{AutoStream, ColorChoice};

use super::{
    args::When,
    error::{Error, Failure},
};
use crate::report::style::{ERROR, WARNING, paint};

/// Sets what `--color` says for both streams; `NO_COLOR` and its kin count where it says nothing.
pub fn set_color(when: When) {
    match when {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::AlwaysAnsi,
        When::Never => ColorChoice::Never,
    }
    .write_global();
}

/// Whether standard output shows colours.
pub fn shows_color() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

/// Writes a text with colours, which are dropped where nobody sees them, to `file` or standard output.
pub fn write_styled(file: Option<&Path>, text: &str) -> Result<(), Failure> {
    match file {
        Some(file) => write_file(
            file,
            anstream::adapter::strip_str(text).to_string().as_bytes(),
        ),
        None => ended(AutoStream::auto(std::io::stdout().lock()).write_all(text.as_bytes())),
    }
}

/// Writes bytes as they are to `file` or standard output.
pub fn write_data(file: Option<&Path>, data: &[u8]) -> Result<(), Failure> {
    if let Some(file) = file {
        return write_file(file, data);
    }
    let mut stdout = std::io::stdout().lock();
    ended(stdout.write_all(data).and_then(|()| stdout.flush()))
}

fn write_file(file: &Path, data: &[u8]) -> Result<(), Failure> {
    std::fs::write(file, data).map_err(|cause| {
        let message = format!("cannot write `{}`: {cause}", file.display());
        Error::new(message)
            .help("give --output a file that can be written")
            .into()
    })
}

fn ended(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Err(Failure::BrokenPipe),
        Err(cause) => Err(Error::new(format!("cannot write to standard output: {cause}")).into()),
    }
}

/// Says something on standard error. That nobody may hear it is no reason to stop.
pub fn say(text: &str) {
    let _ = AutoStream::auto(std::io::stderr().lock()).write_all(text.as_bytes());
}

/// Says a warning, in one line.
pub fn warn(text: &str) {
    say(&format!("{} {text}\n", paint(WARNING, "warning:")));
}

/// Says an error, in one line.
pub fn complain(error: &Error) {
    say(&format!("{} {error}\n", paint(ERROR, "error:")));
}
