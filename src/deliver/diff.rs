//! Unified diffs in git's form (git-diff(1), "Generating patch text with -p"): what `git apply` takes, byte for byte.

use std::{fmt::Write as _, ops::Range, path::Path};

use similar::{Algorithm, DiffOp, DiffTag};

use crate::{select::path, verify::Verified};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// A run of changed lines with its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// The lines of the old text that it covers; 0-based, exclusive end.
    pub old: Range<usize>,
    /// The lines of the new text that it covers; 0-based, exclusive end.
    pub new: Range<usize>,
    /// In the order of a patch: of each change the removed lines, then the added ones.
    pub lines: Vec<Line<'a>>,
}

/// One line of a [`Hunk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where it stands.
    pub side: Side,
    /// Its text with its line ending, if it has one.
    pub text: &'a str,
}

/// Which of the texts a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Context,
    /// In the old text alone.
    Removed,
    /// In the new text alone.
    Added,
}

impl Side {
    /// The character in front of such a line in a patch.
    pub const fn sign(self) -> char {
        match self {
            Self::Context => ' ',
            Self::Removed => '-',
            Self::Added => '+',
        }
    }
}

impl Hunk<'_> {
    /// The line that opens the hunk in a patch, without its line ending: `@@ -1,4 +1,5 @@`.
    pub fn header(&self) -> String {
        format!("@@ -{} +{} @@", span(&self.old), span(&self.new))
    }
}

/// `start,count` with a 1-based start, `start` alone for one line; an empty range names the line before it.
fn span(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    }
}

/// The changes from `before` to `after`, with three lines of context.
pub fn hunks<'a>(before: &'a str, after: &'a str) -> Vec<Hunk<'a>> {
    hunks_with(before, after, CONTEXT)
}

/// The changes from `before` to `after`, with that many lines of context.
pub fn hunks_with<'a>(before: &'a str, after: &'a str, context: usize) -> Vec<Hunk<'a>> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let ops = line_ops(&old, &new);
    let groups = similar::group_diff_ops(ops, context);
    groups
        .iter()
        .filter(|ops| ops.iter().any(|op| op.tag() != DiffTag::Equal))
        .map(|ops| hunk(ops, &old, &new))
        .collect()
}

/// Histogram diff needs no deadline: it splits at rare lines, and its time stays bounded where every line is the same,
/// so the same texts give the same patch on any machine.
fn line_ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    similar::capture_diff_slices(Algorithm::Histogram, old, new)
}

fn hunk<'a>(ops: &[DiffOp], old: &[&'a str], new: &[&'a str]) -> Hunk<'a> {
    let mut lines = Vec::new();
    let mut push =
        |side, texts: &[&'a str]| lines.extend(texts.iter().map(|text| Line { side, text }));
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for op in ops {
        if op.tag() == DiffTag::Equal {
            push(Side::Removed, &std::mem::take(&mut removed));
            push(Side::Added, &std::mem::take(&mut added));
            push(Side::Context, &old[op.old_range()]);
        } else {
            removed.extend_from_slice(&old[op.old_range()]);
            added.extend_from_slice(&new[op.new_range()]);
        }
    }
    push(Side::Removed, &removed);
    push(Side::Added, &added);
    let ends = |range: fn(&DiffOp) -> Range<usize>| {
        let start = ops.first().map_or(0, |op| range(op).start);
        start..ops.last().map_or(start, |op| range(op).end)
    };
    Hunk {
        old: ends(DiffOp::old_range),
        new: ends(DiffOp::new_range),
        lines,
    }
}

/// A patch of all files that changed, in the order given; empty where none did.
pub fn patch(files: &[Verified]) -> Vec<u8> {
    let mut patch = Vec::new();
    for file in files {
        append(&mut patch, file.path(), file.before(), file.after());
    }
    patch
}

fn append(patch: &mut Vec<u8>, file: &Path, before: &str, after: &str) {
    if before == after {
        return;
    }
    let name = path::to_bytes(file);
    let (old, new) = (quoted(b"a/", &name), quoted(b"b/", &name));
    // A name with a space is followed by a tab, so that a reader can tell where it ends.
    let end: &[u8] = if name.contains(&b' ') { b"\t\n" } else { b"\n" };
    let parts: [&[u8]; 11] = [
        b"diff --git ",
        &old,
        b" ",
        &new,
        b"\n--- ",
        &old,
        end,
        b"+++ ",
        &new,
        end,
        b"",
    ];
    patch.extend(parts.concat());
    for hunk in hunks(before, after) {
        patch.extend_from_slice(hunk.header().as_bytes());
        patch.push(b'\n');
        for line in &hunk.lines {
            patch.push(line.side.sign() as u8);
            patch.extend_from_slice(line.text.as_bytes());
            if !line.text.ends_with('\n') {
                patch.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
}

/// A name as git writes it (`core.quotePath` as by default): in quotes with C's escapes where it holds control
/// characters, quotes, backslashes or bytes outside ASCII; else as it is.
fn quoted(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    let is_plain = |byte: &u8| matches!(byte, 0x20..=0x7e) && !matches!(byte, b'"' | b'\\');
    if name.iter().all(is_plain) {
        return [prefix, name].concat();
    }
    let mut quoted = String::from("\"");
    for &byte in prefix.iter().chain(name) {
        let escape = match byte {
            0x07 => 'a',
            0x08 => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            0x0b => 'v',
            0x0c => 'f',
            b'\r' => 'r',
            b'"' | b'\\' => char::from(byte),
            0x20..=0x7e => {
                quoted.push(char::from(byte));
                continue;
            }
            _ => {
                write!(quoted, "\\{byte:03o}").expect("a string takes all that is written");
                continue;
            }
        };
        quoted.extend(['\\', escape]);
    }
    quoted.push('"');
    quoted.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, before: &str, after: &str) -> String {
        String::from_utf8(patch(&[Verified::for_test(path, before, after)]))
            .expect("the inputs are UTF-8")
    }

    #[test]
    fn a_change_has_three_lines_of_context() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        let wanted = "diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(text("a.go", before, after), wanted);
    }

    #[test]
    fn a_missing_final_newline_is_said_on_its_side() {
        let wanted = "diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n";
        assert_eq!(text("a.go", "a", "a\n"), wanted);
    }

    #[test]
    fn an_empty_side_names_the_line_before_it() {
        assert_eq!(hunks("", "a\n")[0].header(), "@@ -0,0 +1 @@");
        assert_eq!(hunks("a\nb\n", "")[0].header(), "@@ -1,2 +0,0 @@");
    }

    #[test]
    fn names_are_quoted_as_git_does() {
        assert_eq!(quoted(b"a/", "ä b.go".as_bytes()), b"\"a/\\303\\244 b.go\"");
        assert_eq!(quoted(b"a/", b"x\ty\"z\\.go"), b"\"a/x\\ty\\\"z\\\\.go\"");
        assert_eq!(quoted(b"a/", b"x y.go"), b"a/x y.go");
        assert!(text("x y.go", "a\n", "b\n").contains("--- a/x y.go\t\n+++ b/x y.go\t\n"));
    }

    #[test]
    fn nothing_changed_is_an_empty_patch() {
        assert_eq!(text("a.go", "a\n", "a\n"), "");
        assert_eq!(hunks("a\n", "a\n"), []);
    }
}
