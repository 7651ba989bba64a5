//! GitHub's rules: those of gitignore(5), except that `!`, `[…]` and an escaped `#` do not work, and that `docs/*` takes no
//! file of a folder below `docs`. Lines that GitHub calls invalid are left out there, and so here.

use std::collections::BTreeSet;

use crate::select::wildmatch::{self, Mode};

#[derive(Debug)]
pub(super) struct Owners(Vec<Line>);

#[derive(Debug)]
struct Line {
    pattern: Pattern,
    owners: Vec<String>,
}

#[derive(Debug)]
struct Pattern {
    /// To be matched with the whole path.
    glob: Vec<u8>,
    /// Whether a folder that matches stands for all that is below it.
    takes_folders: bool,
    /// Whether it matches folders alone.
    folders_only: bool,
}

impl Owners {
    pub(super) fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(line).collect())
    }

    pub(super) fn of(&self, path: &[u8]) -> BTreeSet<String> {
        let mut lines = self.0.iter().rev();
        let line = lines.find(|line| line.pattern.takes(path));
        line.map_or_else(BTreeSet::new, |line| line.owners.iter().cloned().collect())
    }
}

fn line(text: &str) -> Option<Line> {
    // A comment may follow the owners; a pattern has no `#` at its beginning, escaped or not.
    let mut words = words(text)
        .into_iter()
        .take_while(|word| !word.starts_with('#'));
    let pattern = Pattern::parse(&words.next()?)?;
    let owners: Vec<String> = words.collect();
    owners
        .iter()
        .all(|owner| is_owner(owner))
        .then_some(Line { pattern, owners })
}

/// The words of a line; a backslash before a space makes it part of the word.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let word = words.last_mut().expect("there is always one");
        match c {
            '\\' if chars.peek() == Some(&' ') => word.extend(chars.next()),
            c if c.is_whitespace() => words.push(String::new()),
            c => word.push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `@user`, `@org/team` or an e-mail address.
fn is_owner(word: &str) -> bool {
    match word.strip_prefix('@') {
        Some(name) => !name.is_empty() && !name.contains('@'),
        None => word
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
    }
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        if text.starts_with(['!', '\\']) || text.contains(['[', ']']) {
            return None;
        }
        let (body, folders_only) = match text.strip_suffix('/') {
            Some(body) => (body, true),
            None => (text, false),
        };
        let is_anchored = body.contains('/');
        let body = body.strip_prefix('/').unwrap_or(body);
        if body.is_empty() {
            // `/` alone matches nothing, as in a gitignore file.
            return None;
        }
        let glob = if is_anchored {
            body.to_owned()
        } else {
            format!("**/{body}")
        };
        let last = body.rsplit('/').next().unwrap_or(body);
        Some(Self {
            glob: glob.into_bytes(),
            // `*` alone is every file; behind a folder's name it is the files that lie there.
            takes_folders: !(is_anchored && last == "*") || folders_only,
            folders_only,
        })
    }

    fn takes(&self, path: &[u8]) -> bool {
        let mode = Mode {
            pathname: true,
            fold_case: false,
        };
        let matches = |path: &[u8]| wildmatch::matches(&self.glob, path, mode);
        (!self.folders_only && matches(path))
            || (self.takes_folders && crate::select::path::folders_above(path).any(matches))
    }
}
