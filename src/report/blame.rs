//! Who last changed the lines of findings, in words: a line for each finding, and a group for each author.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    count, escape,
    style::{FAINT, paint},
};
use crate::{blame::Blame, engine::Run};

/// Digits of a commit's id that are shown: enough for histories of a hundred million objects.
const ID_DIGITS: usize = 12;
/// Authors that are named where not all are asked for.
const MAX_AUTHORS: usize = 10;

/// `last changed by Ann in 0123456789ab on 2024-01-02`, or that the lines are not committed yet.
pub fn line(blame: &Blame) -> String {
    let Blame::Commit(commit) = blame else {
        return "not committed yet".to_owned();
    };
    let id = &commit.id[..commit.id.len().min(ID_DIGITS)];
    let author = name(&commit.author, &commit.email);
    let mut line = format!("last changed by {} in {id}", escape::line(author));
    // A date that git does not know is left out.
    if let Some((day, _)) = commit.date.split_once('T') {
        write!(line, " on {day}").expect("writing to a string cannot fail");
    }
    if commit.is_boundary {
        line.push_str(" or before: the clone is shallow and ends there");
    }
    line
}

/// The author's name, or the address of one without.
fn name<'a>(author: &'a str, email: &'a str) -> &'a str {
    if author.trim().is_empty() {
        email
    } else {
        author
    }
}

/// How many findings lie on lines of each author, most first; empty where nobody was asked for. One who changed the name
/// keeps the address, so that the address makes the group, and the first name in the order of the findings is shown.
pub fn authors(run: &Run, all: bool) -> String {
    let mut groups: BTreeMap<Option<&str>, (usize, &str)> = BTreeMap::new();
    for blame in run.findings.iter().filter_map(|f| f.blame.as_ref()) {
        let (email, name) = match blame {
            Blame::Commit(commit) => (Some(&*commit.email), name(&commit.author, &commit.email)),
            Blame::Uncommitted => (None, "not committed yet"),
        };
        groups.entry(email).or_insert((0, name)).0 += 1;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(a, (m, _)), (b, (n, _))| n.cmp(m).then_with(|| a.cmp(b)));
    let shown = if all {
        groups.len()
    } else {
        groups.len().min(MAX_AUTHORS)
    };
    let mut text = String::new();
    let head = paint(FAINT, "blame:");
    for (email, (n, name)) in &groups[..shown] {
        let address = email.map_or_else(String::new, |email| format!(" <{}>", escape::line(email)));
        let name = escape::line(name);
        writeln!(text, "{head} {n} × {name}{address}").expect("writing to a string cannot fail");
    }
    if shown < groups.len() {
        let more = count(groups.len() - shown, "more author");
        writeln!(text, "{head} and {more}; `--verbose` names all")
            .expect("writing to a string cannot fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{blame::LastCommit, report::fixture};

    fn by(author: &str, email: &str) -> Blame {
        Blame::Commit(Arc::new(LastCommit {
            author: author.to_owned(),
            email: email.to_owned(),
            id: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            date: "2024-01-02T03:04:05+01:00".to_owned(),
            committed: 0,
            is_boundary: false,
        }))
    }

    #[test]
    fn a_line_says_who_in_what_and_when() {
        assert_eq!(
            line(&by("Ann\u{1b}[31m", "ann@example.org")),
            "last changed by Ann\\u{1b}[31m in 0123456789ab on 2024-01-02"
        );
        assert_eq!(line(&Blame::Uncommitted), "not committed yet");
        let Blame::Commit(commit) = by(" ", "ann@example.org") else {
            unreachable!("`by` makes commits")
        };
        let bare = LastCommit {
            date: String::new(),
            is_boundary: true,
            ..(*commit).clone()
        };
        assert_eq!(
            line(&Blame::Commit(Arc::new(bare))),
            "last changed by ann@example.org in 0123456789ab or before: the clone is shallow and ends there"
        );
    }

    #[test]
    fn authors_come_with_most_findings_first_and_the_rest_is_counted() {
        let mut run = fixture::run(
            "b.go",
            "package b\n",
            (0..9).chain(0..6).map(|at| at..at + 1),
        );
        assert_eq!(authors(&run, false), "");
        let names = [
            "zoe", "ann", "zoe", "bob", "", "e", "f", "g", "h", "i", "j", "k", "l", "Zoe L",
        ];
        for (finding, name) in run.findings.iter_mut().zip(names) {
            finding.blame = Some(match name {
                "" => Blame::Uncommitted,
                "Zoe L" => by(name, "zoe@x"),
                _ => by(name, &format!("{name}@x")),
            });
        }
        let plain = |all| anstream::adapter::strip_str(&authors(&run, all)).to_string();
        let some = plain(false);
        let lines: Vec<&str> = some.lines().collect();
        assert_eq!(
            lines[..3],
            [
                "blame: 3 × zoe <zoe@x>",
                "blame: 1 × not committed yet",
                "blame: 1 × ann <ann@x>"
            ]
        );
        assert_eq!(lines.len(), 11);
        assert_eq!(
            lines[10],
            "blame: and 2 more authors; `--verbose` names all"
        );
        assert_eq!(plain(true).lines().last(), Some("blame: 1 × l <l@x>"));
    }
}
