//! GitLab's rules: sections, each of which gives a file owners of its own by its last entry that matches, and patterns of
//! `File.fnmatch` with `FNM_PATHNAME` and `FNM_DOTMATCH`. A section in which an exclusion (`!pattern`) matches the file
//! gives it none, whatever follows. Optional sections (`^`) and numbers of approvals do not change who owns a file.
//! <https://docs.gitlab.com/user/project/codeowners/reference/>

use std::collections::BTreeSet;

use crate::select::wildmatch::{self, Mode};

#[derive(Debug)]
pub(super) struct Owners(Vec<Section>);

#[derive(Debug)]
struct Section {
    /// In lower case; empty before the first heading.
    name: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    glob: Vec<u8>,
    is_exclusion: bool,
    owners: Vec<String>,
}

/// A section's heading.
struct Heading {
    name: String,
    defaults: Vec<String>,
}

/// Whether a text has a heading, which no other forge knows.
pub(super) fn has_sections(text: &str) -> bool {
    text.lines().any(|line| heading(line.trim()).is_some())
}

impl Owners {
    pub(super) fn parse(text: &str) -> Self {
        let mut sections = vec![Section {
            name: String::new(),
            entries: Vec::new(),
        }];
        let (mut current, mut defaults) = (0, Vec::new());
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(heading) = heading(line) {
                let known = sections
                    .iter()
                    .position(|section| section.name == heading.name);
                current = known.unwrap_or(sections.len());
                if known.is_none() {
                    sections.push(Section {
                        name: heading.name,
                        entries: Vec::new(),
                    });
                }
                defaults = heading.defaults;
            } else {
                sections[current].entries.push(entry(line, &defaults));
            }
        }
        Self(sections)
    }

    pub(super) fn of(&self, path: &[u8]) -> BTreeSet<String> {
        let path = [b"/", path].concat();
        let sections = self.0.iter().filter_map(|section| section.of(&path));
        sections.flatten().cloned().collect()
    }
}

impl Section {
    fn of(&self, path: &[u8]) -> Option<&[String]> {
        let matching = || self.entries.iter().filter(|entry| entry.takes(path));
        if matching().any(|entry| entry.is_exclusion) {
            return None;
        }
        Some(&matching().next_back()?.owners)
    }
}

/// Reads `^[Name][2] @owner …`.
fn heading(line: &str) -> Option<Heading> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, mut rest) = rest.split_once(']')?;
    if let Some((approvals, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && approvals.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = behind;
    }
    // A pattern may begin with a class of letters; a heading is followed by owners or nothing.
    let is_heading =
        !name.trim().is_empty() && (rest.is_empty() || rest.starts_with(char::is_whitespace));
    is_heading.then(|| Heading {
        name: name.trim().to_lowercase(),
        defaults: owners(rest),
    })
}

fn entry(line: &str, defaults: &[String]) -> Entry {
    let (pattern, rest) = line.split_at(end_of_pattern(line));
    let (pattern, is_exclusion) = match pattern.strip_prefix('!') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut named = owners(rest);
    if rest.trim().is_empty() {
        named = defaults.to_vec();
    }
    Entry {
        glob: glob(pattern).into_bytes(),
        is_exclusion,
        owners: named,
    }
}

/// Where the first white space is that no backslash stands before.
fn end_of_pattern(line: &str) -> usize {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return at;
        }
        escaped = c == '\\';
    }
    line.len()
}

/// Users, groups, roles (`@@maintainer`) and e-mail addresses; other words are none, such as a comment's.
fn owners(text: &str) -> Vec<String> {
    let words = text.split_whitespace();
    words
        .filter(|word| word.contains('@'))
        .map(str::to_owned)
        .collect()
}

/// The pattern that is matched with `/` and the path.
fn glob(pattern: &str) -> String {
    if pattern == "*" {
        return "/**/*".to_owned();
    }
    let pattern = match pattern.strip_prefix("\\#") {
        Some(rest) => format!("#{rest}"),
        None => pattern.to_owned(),
    };
    let mut glob = pattern.replace("\\ ", " ").replace("\\\t", " ");
    if !glob.starts_with('/') {
        glob.insert_str(0, "/**/");
    }
    if glob.ends_with('/') {
        glob.push_str("**/*");
    }
    // `fnmatch` crosses folders by `**/` alone, git by a `**` at the end too.
    if glob.ends_with("/**") {
        glob.pop();
    }
    glob
}

impl Entry {
    fn takes(&self, path: &[u8]) -> bool {
        let mode = Mode {
            pathname: true,
            fold_case: false,
        };
        wildmatch::matches(&self.glob, path, mode)
    }
}
