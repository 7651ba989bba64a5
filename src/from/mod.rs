//! Findings of other tools, to mend those and nothing else (`--from FILE`). In: the bytes of the file. Out: a [`Report`], or
//! why it cannot be read; [`pointed`] then says which places of which files it points at.
//!
//! The form is told by the content: SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), or the JSON of
//! `go vet -json` and of every other driver of `golang.org/x/tools/go/analysis`, of `staticcheck -f json`, or of
//! `golangci-lint run` in versions 1 (`--out-format json`) and 2 (`--output.json.path`). Several may follow each other.

mod forms;
pub mod pointed;
mod sarif;
mod stream;

use std::fmt;

/// What was in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In the order of the file, each place and rule once.
    pub findings: Vec<Foreign>,
}

/// A finding of another tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign {
    /// What its rule may be called, the most exact name first; never empty.
    pub rules: Vec<Rule>,
    /// Its file, as the tool has it: with the separators of this machine, decoded where it was a URI.
    pub path: String,
    /// Where a relative path most likely begins.
    pub base: Base,
    /// 1-based line on which it begins; `None` for a finding about no place.
    pub line: Option<usize>,
}

/// Where a relative path begins; the other one is tried too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// The root of the repository.
    Root,
    /// The folder that gomend was started in.
    Current,
}

/// A rule of another tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The tool; `None` where the file does not say it.
    pub tool: Option<String>,
    /// The rule's name within it.
    pub name: String,
}

impl Rule {
    /// A rule of a tool.
    pub(crate) fn of(tool: &str, name: &str) -> Self {
        Self {
            tool: Some(tool.to_owned()),
            name: name.to_owned(),
        }
    }

    /// Whether an entry `tool/rule` of a codemod's `fixes` is this rule.
    pub fn is(&self, entry: &str) -> bool {
        entry.split_once('/').is_some_and(|(tool, name)| {
            name == self.name && self.tool.as_deref().is_none_or(|own| own == tool)
        })
    }
}

impl Foreign {
    /// Whether a codemod that `fixes` these mends it.
    pub fn is_fixed_by(&self, fixes: &[String]) -> bool {
        let is = |rule: &Rule| fixes.iter().any(|entry| rule.is(entry));
        self.rules.iter().any(is)
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.rules[0];
        match &rule.tool {
            Some(tool) if *tool != rule.name => write!(f, "{tool}/{}", rule.name),
            _ => f.write_str(&rule.name),
        }
    }
}

/// Why a file cannot be read: a sentence about it without its name, and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong: `is empty`.
    pub cause: String,
    /// What to do about it.
    pub help: String,
}

/// The forms there are, for the help of an error.
const FORMS: &str = "`--from` reads SARIF 2.1.0 and the JSON of `go vet -json`, `staticcheck -f json` and `golangci-lint run --output.json.path`";

/// Reads a file.
///
/// # Errors
/// It is empty, not UTF-8, not JSON, or JSON of another form.
pub fn read(bytes: &[u8]) -> Result<Report, Unreadable> {
    let wrong = |cause: String| Unreadable {
        cause,
        help: FORMS.to_owned(),
    };
    let text = text(bytes).map_err(wrong)?;
    if text.trim().is_empty() {
        return Err(Unreadable {
            cause: "is empty".to_owned(),
            help: "a tool that found nothing may write nothing; `go vet -json` of older Go writes to standard error".to_owned(),
        });
    }
    let mut findings = Vec::new();
    for (value, line) in stream::values(&text).map_err(wrong)? {
        match forms::findings(&value) {
            Some(Ok(found)) => findings.extend(found),
            Some(Err(cause)) => return Err(wrong(cause)),
            None => return Err(wrong(format!("has JSON of an unknown form at line {line}"))),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding: &Foreign| seen.insert(finding.clone()));
    Ok(Report { findings })
}

/// The bytes as text. Shells of Windows write UTF-16.
fn text(bytes: &[u8]) -> Result<String, String> {
    let units = |read: fn([u8; 2]) -> u16| -> Vec<u16> {
        let pairs = bytes[2..].chunks_exact(2);
        pairs.map(|pair| read([pair[0], pair[1]])).collect()
    };
    let wide = match bytes {
        [0xff, 0xfe, ..] => Some(units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(units(u16::from_be_bytes)),
        _ => None,
    };
    if let Some(wide) = wide {
        return String::from_utf16(&wide).map_err(|_| "is not UTF-16, as its mark says".to_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => Err(format!("is not UTF-8 at byte {}", error.valid_up_to())),
    }
}

#[cfg(test)]
mod tests;
