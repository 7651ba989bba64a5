//! Turns the core's byte positions into what people and editors use: 1-based lines, 1-based columns in bytes (as the Go
//! tools count), and paths relative to where the person stands.

use std::{
    ffi::OsStr,
    path::{Component, Path, PathBuf},
};

use super::escape;

/// A position in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes.
    pub column: usize,
    /// 0-based offset in the file.
    pub byte: usize,
}

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Bytes, as the Go tools do.
    Bytes,
    /// Unicode code points.
    Characters,
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of `text`.
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        Self { text, starts }
    }

    /// The place of a byte; a byte behind the end counts as the end.
    pub fn place(&self, byte: usize) -> Place {
        let byte = byte.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= byte);
        Place {
            line,
            column: byte - self.starts[line - 1] + 1,
            byte,
        }
    }

    /// The 1-based line and column of a byte, the column counted as `columns` says.
    pub fn counted(&self, byte: usize, columns: Columns) -> (usize, usize) {
        let place = self.place(byte);
        let before = self
            .text
            .get(self.start_of(place.line)..place.byte)
            .unwrap_or_default();
        let column = match columns {
            Columns::Bytes => place.column,
            Columns::Characters => before.chars().count() + 1,
        };
        (place.line, column)
    }

    /// Offset at which a 1-based line begins; the end of the text for a line behind the last.
    pub fn start_of(&self, line: usize) -> usize {
        self.starts
            .get(line - 1)
            .copied()
            .unwrap_or(self.text.len())
    }

    /// The lines `first..=last` (1-based) with their line ends.
    pub fn slice(&self, first: usize, last: usize) -> &'a str {
        &self.text[self.start_of(first)..self.start_of(last + 1)]
    }
}

/// Where paths of a file set are, and where the person stands.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Folder that the run's paths are relative to.
    pub root: PathBuf,
    /// Folder that shown paths are relative to; `None` shows them as they are in the run.
    pub current: Option<PathBuf>,
}

impl Frame {
    /// The path as a person may type it here, made harmless for a terminal.
    pub fn show(&self, path: &Path) -> String {
        let shown = match &self.current {
            Some(current) => relative(&self.root.join(path), current),
            None => path.to_owned(),
        };
        let text = shown.to_string_lossy();
        let text = if cfg!(windows) {
            text.replace('\\', "/")
        } else {
            text.into_owned()
        };
        escape::line(&text).into_owned()
    }
}

/// `path` seen from `base`, both absolute; `path` itself where they share no root.
fn relative(path: &Path, base: &Path) -> PathBuf {
    let parts: Vec<Component<'_>> = path.components().collect();
    let base: Vec<Component<'_>> = base.components().collect();
    let shared = parts.iter().zip(&base).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return path.to_owned();
    }
    let up = base[shared..].iter().map(|_| OsStr::new(".."));
    let down = parts[shared..].iter().map(|part| part.as_os_str());
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_bytes_from_one() {
        let lines = Lines::new("a\nß = 1\n");
        assert_eq!((lines.place(0).line, lines.place(0).column), (1, 1));
        assert_eq!((lines.place(2).line, lines.place(2).column), (2, 1));
        assert_eq!((lines.place(5).line, lines.place(5).column), (2, 4));
        assert_eq!((lines.place(99).line, lines.place(99).byte), (3, 9));
        assert_eq!(lines.slice(2, 2), "ß = 1\n");
        assert_eq!(lines.slice(1, 9), "a\nß = 1\n");
    }

    #[test]
    fn paths_are_seen_from_where_the_person_stands() {
        let frame = |current: &str| Frame {
            root: "/repo".into(),
            current: Some(current.into()),
        };
        assert_eq!(frame("/repo").show(Path::new("a/b.go")), "a/b.go");
        assert_eq!(frame("/repo/a").show(Path::new("a/b.go")), "b.go");
        assert_eq!(frame("/repo/c/d").show(Path::new("a/b.go")), "../../a/b.go");
        let plain = Frame {
            root: "/repo".into(),
            current: None,
        };
        assert_eq!(plain.show(Path::new("a/\u{1b}b.go")), "a/\\u{1b}b.go");
    }
}
