//! Ignore files as git reads them (gitignore(5)). In: the bytes of an ignore file and the folder it stands in. Out:
//! whether its last pattern that speaks of a path ignores it or takes it back.

use super::{path, wildmatch};

/// The patterns of one ignore file.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    /// Folder that patterns with a `/` are relative to; empty for the root.
    folder: Vec<u8>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// Without `!`, the leading and the trailing `/`.
    glob: Vec<u8>,
    /// How many leading bytes of `glob` hold nothing special.
    literal: usize,
    /// A path that matches is not ignored.
    negated: bool,
    /// Speaks of folders only.
    folders_only: bool,
    /// Without a `/`: speaks of the last part of a path, at any depth.
    any_depth: bool,
}

impl Patterns {
    /// Reads an ignore file that stands in `folder`. No line is an error: one that cannot match does not.
    pub(crate) fn parse(text: &[u8], folder: &[u8]) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let patterns = text
            .split(|byte| *byte == b'\n')
            .filter_map(Pattern::parse)
            .collect();
        Self {
            folder: folder.to_vec(),
            patterns,
        }
    }

    /// `Some(true)` where `path` is ignored, `Some(false)` where it is taken back, `None` where no pattern speaks of it.
    pub(crate) fn verdict(&self, path: &[u8], is_folder: bool, fold_case: bool) -> Option<bool> {
        let below = if self.folder.is_empty() {
            path
        } else {
            path.get(self.folder.len() + 1..)?
        };
        self.patterns
            .iter()
            .rev()
            .filter(|pattern| is_folder || !pattern.folders_only)
            .find(|pattern| pattern.matches(below, fold_case))
            .map(|pattern| !pattern.negated)
    }

    /// The folder that the ignore file stands in.
    pub(crate) fn folder(&self) -> &[u8] {
        &self.folder
    }
}

impl Pattern {
    fn parse(line: &[u8]) -> Option<Self> {
        if line.is_empty() || line[0] == b'#' {
            return None;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = without_trailing_spaces(line);
        let (negated, line) = line
            .strip_prefix(b"!")
            .map_or((false, line), |rest| (true, rest));
        let (folders_only, line) = line
            .strip_suffix(b"/")
            .map_or((false, line), |rest| (true, rest));
        let any_depth = !line.contains(&b'/');
        let glob = line.strip_prefix(b"/").unwrap_or(line).to_vec();
        let is_special = |byte: &u8| matches!(byte, b'*' | b'?' | b'[' | b'\\');
        let literal = glob.iter().position(is_special).unwrap_or(glob.len());
        Some(Self {
            glob,
            literal,
            negated,
            folders_only,
            any_depth,
        })
    }

    fn matches(&self, below: &[u8], fold_case: bool) -> bool {
        let text = if self.any_depth {
            path::base_name(below)
        } else {
            below
        };
        let Some((head, tail)) = text.split_at_checked(self.literal) else {
            return false;
        };
        let prefix = &self.glob[..self.literal];
        if head != prefix && !(fold_case && head.eq_ignore_ascii_case(prefix)) {
            return false;
        }
        if self.any_depth {
            // Here git looks at the whole pattern, so a `**` behind a literal stays an ordinary star.
            return wildmatch::matches(
                &self.glob,
                text,
                wildmatch::Mode {
                    pathname: false,
                    fold_case,
                },
            );
        }
        wildmatch::matches(
            &self.glob[self.literal..],
            tail,
            wildmatch::Mode {
                pathname: true,
                fold_case,
            },
        )
    }
}

/// Trailing spaces do not count unless a backslash stands before them.
fn without_trailing_spaces(line: &[u8]) -> &[u8] {
    let (mut at, mut end) = (0, 0);
    while at < line.len() {
        match line[at] {
            b' ' => at += 1,
            b'\\' if at + 1 == line.len() => return line,
            b'\\' => {
                at += 2;
                end = at;
            }
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    &line[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, path: &str, is_folder: bool) -> Option<bool> {
        Patterns::parse(text.as_bytes(), b"").verdict(path.as_bytes(), is_folder, false)
    }

    #[test]
    fn the_last_pattern_that_speaks_decides() {
        assert_eq!(verdict("*.go\n!keep.go\n", "a/keep.go", false), Some(false));
        assert_eq!(verdict("!keep.go\n*.go\n", "a/keep.go", false), Some(true));
        assert_eq!(verdict("*.c\n", "a.go", false), None);
    }

    #[test]
    fn slashes_anchor_and_name_folders() {
        assert_eq!(verdict("/a.go", "b/a.go", false), None);
        assert_eq!(verdict("b/a.go", "b/a.go", false), Some(true));
        assert_eq!(verdict("b/a.go", "c/b/a.go", false), None);
        assert_eq!(verdict("gen/", "x/gen", true), Some(true));
        assert_eq!(verdict("gen/", "x/gen", false), None);
    }

    #[test]
    fn line_endings_comments_spaces_and_escapes() {
        assert_eq!(verdict("\u{feff}a.go\r\n", "a.go", false), Some(true));
        assert_eq!(
            verdict("#a.go\n\\#b.go\n\\!c.go", "#b.go", false),
            Some(true)
        );
        assert_eq!(
            verdict("#a.go\n\\#b.go\n\\!c.go", "!c.go", false),
            Some(true)
        );
        assert_eq!(verdict("a.go  \n", "a.go", false), Some(true));
        assert_eq!(verdict("a.go\\ \n", "a.go ", false), Some(true));
    }
}
