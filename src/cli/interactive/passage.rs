//! The part of a file that is given to the editor: the declaration that a change lies in, with its comments, or the whole
//! file where it lies in several.

use std::ops::Range;

use crate::{go::syntax::Parsed, rewrite::changes};

/// Some whole lines of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    whole: String,
    range: Range<usize>,
}

impl Passage {
    /// The passage of `after` that holds all that differs from `before`.
    pub fn of(before: &str, after: &str) -> Self {
        let edits = changes::between(before, after);
        let changed = match (edits.first(), edits.last()) {
            // The last edit ends as far from the end in both texts.
            (Some(first), Some(last)) => first.start..after.len() - (before.len() - last.end),
            _ => 0..after.len(),
        };
        let is_inside =
            |range: &Range<usize>| range.start <= changed.start && changed.end <= range.end;
        Self {
            whole: after.to_owned(),
            range: declarations(after)
                .into_iter()
                .find(is_inside)
                .unwrap_or(0..after.len()),
        }
    }

    /// The text of the passage.
    pub fn text(&self) -> &str {
        &self.whole[self.range.clone()]
    }

    /// The whole text with another in place of the passage.
    pub fn with(&self, text: &str) -> String {
        let (before, behind) = (
            &self.whole[..self.range.start],
            &self.whole[self.range.end..],
        );
        let needs_end = !text.ends_with('\n') && self.text().ends_with('\n');
        let end = if needs_end { "\n" } else { "" };
        format!("{before}{text}{end}{behind}")
    }

    /// `lines 10 to 34`, `the file`.
    pub fn name(&self) -> String {
        if self.range == (0..self.whole.len()) {
            return "the file".to_owned();
        }
        let line = |at: usize| self.whole[..at].matches('\n').count();
        format!(
            "lines {} to {}",
            line(self.range.start) + 1,
            line(self.range.end)
        )
    }

    /// Line `line` (1-based) of the whole text with `text` in it, counted in `text`; as it is where it is not in there.
    pub fn line_of(&self, line: usize, text: &str) -> Result<usize, usize> {
        let above = self.whole[..self.range.start].matches('\n').count();
        let inside = line.checked_sub(above).filter(|inside| *inside > 0);
        inside
            .filter(|inside| *inside <= text.lines().count())
            .ok_or(line)
    }
}

/// The lines of each top-level declaration, from those behind the one before; none in a text with errors.
fn declarations(text: &str) -> Vec<Range<usize>> {
    let parsed = Parsed::new(text.into());
    if !parsed.errors().is_empty() {
        return Vec::new();
    }
    let line_end = |at: usize| {
        let end = text[at..].find('\n');
        end.map_or(text.len(), |end| at + end + 1)
    };
    let mut cursor = parsed.root().walk();
    let nodes = parsed.root().named_children(&mut cursor);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for node in nodes.filter(|node| node.kind() != "comment") {
        let from = ranges.last().map_or(0, |last| last.end);
        let blank = text[from..].len() - text[from..].trim_start_matches(['\n', '\r']).len();
        ranges.push(from + blank..line_end(node.end_byte().max(from)).max(from + blank));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str =
        "package p\n\nimport \"os\"\n\n// F is.\nfunc f() {\n\tx()\n}\n\nvar y = 1 // one\n";

    #[test]
    fn a_change_in_one_declaration_is_given_with_its_comment() {
        let passage = Passage::of(BEFORE, &BEFORE.replace("x()", "z()"));
        assert_eq!(passage.text(), "// F is.\nfunc f() {\n\tz()\n}\n");
        assert_eq!(passage.name(), "lines 5 to 8");
        assert_eq!(
            passage.with("func f() {}"),
            BEFORE.replace("// F is.\nfunc f() {\n\tx()\n}", "func f() {}")
        );
        assert_eq!(passage.line_of(6, passage.text()), Ok(2));
        assert_eq!(passage.line_of(9, passage.text()), Err(9));
        assert_eq!(passage.line_of(3, passage.text()), Err(3));
        let passage = Passage::of(BEFORE, &BEFORE.replace("= 1", "= 22"));
        assert_eq!(passage.text(), "var y = 22 // one\n");
    }

    #[test]
    fn a_change_in_several_or_in_a_broken_text_is_given_whole() {
        let after = BEFORE.replace("x()", "z()").replace("\"os\"", "\"io\"");
        let passage = Passage::of(BEFORE, &after);
        assert_eq!(passage.text(), after);
        assert_eq!(passage.name(), "the file");
        assert_eq!(passage.with("package q"), "package q\n");
        let broken = BEFORE.replace("x()", "x(");
        assert_eq!(Passage::of(BEFORE, &broken).text(), broken);
    }
}
