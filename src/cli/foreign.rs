//! `--from FILE`: reads the findings of other tools, and keeps what is to be said about them.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use super::error::Error;
use crate::{
    from::{self, Foreign, Report, pointed::Astray},
    report::{foreign, place::Frame},
};

/// Where the findings of other tools are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl From {
    /// As it was typed.
    pub fn of(path: &Path) -> Self {
        if path == Path::new("-") {
            Self::Stdin
        } else {
            Self::File(path.to_owned())
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => format!("`{}`", path.display()),
        }
    }
}

/// The findings of other tools, and which of them led to nothing.
#[derive(Debug)]
pub struct Foreigners {
    name: String,
    /// In the order of the file.
    pub findings: Vec<Foreign>,
    /// By index, and why.
    pub astray: Vec<(usize, Astray)>,
}

impl Foreigners {
    /// What became of them, for standard error.
    pub fn describe(&self, frame: &Frame, names: bool) -> String {
        foreign::summary(&self.name, &self.findings, &self.astray, frame, names)
    }
}

/// Reads the findings.
pub fn read(from: &From) -> Result<Foreigners, Error> {
    let name = from.name();
    let bytes = match from {
        From::Stdin => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map(|_| bytes)
        }
        From::File(path) => std::fs::read(path),
    };
    let bytes = bytes.map_err(|cause| {
        Error::new(format!("cannot read {name}: {cause}"))
            .help("`--from` takes a file that another tool wrote, or `-` for standard input")
    })?;
    let Report { findings } = from::read(&bytes)
        .map_err(|wrong| Error::new(format!("{name} {}", wrong.cause)).help(wrong.help))?;
    Ok(Foreigners {
        name,
        findings,
        astray: Vec::new(),
    })
}
