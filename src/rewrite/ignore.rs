//! Comments that hide findings: `//gomend:ignore ID reason`, above or beside the line where a finding is shown. `ID` may
//! be several, with commas between them. A directive has no space behind `//`, as all of Go's have
//! (<https://go.dev/doc/comment#syntax>), so that gofmt and documentation leave it alone.

use std::ops::Range;

use crate::go::syntax::Parsed;

const MARK: &str = "//gomend:ignore";

/// One such comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Bytes of the comment.
    pub range: Range<usize>,
    /// Bytes of the lines whose findings it hides: its own, or where it stands alone, those down to the first that is
    /// not a comment.
    pub lines: Range<usize>,
    /// The codemods it names; empty where it cannot be read.
    pub ids: Vec<String>,
    /// What the author says; never empty where `ids` is not.
    pub reason: String,
}

impl Directive {
    /// Whether it hides a finding of codemod `id` that is shown at byte `at`.
    pub fn hides(&self, id: &str, at: usize) -> bool {
        self.lines.contains(&at) && self.ids.iter().any(|named| named == id)
    }
}

/// Whether a text may hold a directive; cheaper than parsing it.
pub fn may_be_in(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_some()
}

/// The directives of a text, in its order.
pub fn directives(parsed: &Parsed) -> Vec<Directive> {
    let text = parsed.text();
    memchr::memmem::find_iter(text.as_bytes(), MARK)
        .filter_map(|start| {
            let node = parsed
                .root()
                .descendant_for_byte_range(start, start + MARK.len())?;
            (node.kind() == "comment" && node.start_byte() == start)
                .then(|| directive(text, node.byte_range()))
                .flatten()
        })
        .collect()
}

fn directive(text: &str, range: Range<usize>) -> Option<Directive> {
    let words = text[range.clone()].trim_end().strip_prefix(MARK)?;
    if !words.is_empty() && !words.starts_with([' ', '\t']) {
        return None; // another directive whose name begins alike
    }
    let (ids, reason) = words.trim().split_once([' ', '\t']).unwrap_or_default();
    let reason = reason.trim();
    let is_complete = !reason.is_empty() && ids.split(',').all(|id| id.contains('/'));
    let ids = if is_complete { ids } else { "" };
    Some(Directive {
        lines: lines(text, &range),
        range,
        ids: ids
            .split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect(),
        reason: reason.to_owned(),
    })
}

fn lines(text: &str, range: &Range<usize>) -> Range<usize> {
    let line_end = |from: usize| {
        text[from..]
            .find('\n')
            .map_or(text.len(), |at| from + at + 1)
    };
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let mut end = line_end(range.end);
    if !text[start..range.start].trim().is_empty() {
        return start..end; // beside code
    }
    while end < text.len() {
        let next = line_end(end);
        let line = text[end..next].trim();
        end = next;
        if !line.starts_with("//") {
            break;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str, at: &str) -> bool {
        let parsed = Parsed::new(text.into());
        let at = text.find(at).expect("in the text");
        directives(&parsed).iter().any(|d| d.hides("a/b", at))
    }

    #[test]
    fn beside_and_above() {
        assert!(hidden(
            "package p\n\nvar x = 1 //gomend:ignore a/b why\n",
            "x"
        ));
        assert!(hidden(
            "package p\n\n//gomend:ignore a/b why\nvar x = 1\n",
            "x"
        ));
        assert!(hidden(
            "package p\n\n// X is.\n//gomend:ignore c/d,a/b why\n// More.\nvar x = 1\n",
            "x"
        ));
        assert!(hidden(
            "package p\n\nfunc f() {\n\t//gomend:ignore a/b why\n\tg(\n\t\t1)\n}\n",
            "g("
        ));
    }

    #[test]
    fn nothing_else() {
        for text in [
            "package p\n\n//gomend:ignore a/b why\n\nvar x = 1\n",
            "package p\n\nvar y = 1 //gomend:ignore a/b why\nvar x = 1\n",
            "package p\n\n//gomend:ignore a/c why\nvar x = 1\n",
            "package p\n\n//gomend:ignore a/b\nvar x = 1\n",
            "package p\n\n//gomend:ignored a/b why\nvar x = 1\n",
            "package p\n\n// gomend:ignore a/b why\nvar x = 1\n",
            "package p\n\nvar s = `\n//gomend:ignore a/b why`; var x = 1\n",
        ] {
            assert!(!hidden(text, "x"), "{text}");
        }
    }

    #[test]
    fn what_is_incomplete_names_nothing() {
        let parsed =
            Parsed::new("package p\n\n//gomend:ignore\n//gomend:ignore all of it\n".into());
        let found = directives(&parsed);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|directive| directive.ids.is_empty()));
    }
}
