//! Problems shown the way rustc shows them: what is wrong, where (path:line:column, source line, caret), and what to do.
//! Used for codemod files by [`crate::codemod`] and for findings by [`crate::report`]. Values in, text out; prints nothing.

use std::{ops::Range, path::Path, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::finding::TextEdit;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The thing cannot be used.
    Error,
    /// It can be used, but somebody should look.
    Warning,
    /// For information.
    Note,
}

/// A file's text with the name it is shown under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Shown in front of `:line:column`.
    pub path: Arc<Path>,
    /// The whole text.
    pub text: Arc<str>,
}

/// A further place that explains the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the source's text.
    pub span: Range<usize>,
    /// A few words; may be empty.
    pub text: String,
}

/// One problem, usually at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable short name of the kind of problem, shown in brackets behind the severity; may be empty.
    pub code: &'static str,
    /// What is wrong; lower case, no full stop, the user's text in backticks.
    pub title: String,
    /// The file it is in; `None` for a problem that has no place, such as an unknown id on the command line.
    pub source: Option<Source>,
    /// Bytes of the source's text that the caret marks; meaningless without a source.
    pub span: Range<usize>,
    /// A few words beside the caret; may be empty.
    pub label: String,
    /// Further places in the same source.
    pub others: Vec<Label>,
    /// Edits to show as a patch of the same source, sorted and disjoint.
    pub patch: Vec<TextEdit>,
    /// What to do next, one entry a line.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error at `span` of `source`, without label and help.
    pub fn error(source: Source, span: Range<usize>, title: impl Into<String>) -> Self {
        Self {
            source: Some(source),
            span,
            ..Self::error_without_place(title)
        }
    }

    /// An error that lies in no file.
    pub fn error_without_place(title: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: "",
            title: title.into(),
            source: None,
            span: 0..0,
            label: String::new(),
            others: Vec::new(),
            patch: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Says something beside the caret.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Adds a further place.
    pub fn also(&mut self, span: Range<usize>, text: impl Into<String>) -> &mut Self {
        self.others.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a line that says what to do next.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help.push(text.into());
        self
    }

    /// Adds `did you mean …` where a known name is near.
    pub fn suggest(&mut self, nearest: Option<&str>) -> &mut Self {
        if let Some(name) = nearest {
            self.help(format!("did you mean `{name}`?"));
        }
        self
    }

    /// 1-based line and 1-based column in bytes of the start of `span`, as the Go tools count.
    pub fn position(&self) -> Option<(usize, usize)> {
        let source = self.source.as_ref()?;
        Some(line_column(&source.text, self.span.start))
    }
}

/// 1-based line and 1-based column in bytes of a byte offset; past the end counts as the end.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    (line, 1 + before.len() - line_start)
}

/// The entry of `names` nearest to `word`, if one is near enough to have been meant.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 4;
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// All diagnostics as text, an empty line between two; with ANSI colours where asked for.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        let shown = renderer.render(&groups(diagnostic));
        for line in in_bytes(shown, diagnostic).lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// The renderer counts columns in characters; where that differs, its `path:line:column` gets the one in bytes.
fn in_bytes(rendered: String, diagnostic: &Diagnostic) -> String {
    let (Some(source), Some((line, column))) = (&diagnostic.source, diagnostic.position()) else {
        return rendered;
    };
    let start = clamp(&source.text, &diagnostic.span).start;
    let line_start = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let characters = 1 + source.text[line_start..start].chars().count();
    let arrow = rendered.find("--> ").unwrap_or(0);
    let path = source.path.to_string_lossy();
    let place = |column: usize| format!("{path}:{line}:{column}");
    if characters == column {
        return rendered;
    }
    let (title, rest) = rendered.split_at(arrow);
    title.to_owned() + &rest.replacen(&place(characters), &place(column), 1)
}

/// The diagnostic in the renderer's terms: one group for the problem, one for a patch.
fn groups(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut title = level.primary_title(&*diagnostic.title);
    if !diagnostic.code.is_empty() {
        title = title.id(diagnostic.code);
    }
    let mut group = Group::with_title(title);
    if let Some(source) = &diagnostic.source {
        let path = source.path.to_string_lossy();
        group = group.element(snippet(diagnostic, &source.text).path(path));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    let mut groups = vec![group];
    if let (Some(source), false) = (&diagnostic.source, diagnostic.patch.is_empty()) {
        let patches = diagnostic
            .patch
            .iter()
            .map(|edit| Patch::new(edit.start..edit.end, &*edit.text));
        groups.push(
            Level::HELP
                .secondary_title("the edit")
                .element(Snippet::source(&*source.text).patches(patches)),
        );
    }
    groups
}

/// The source lines with their carets.
fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    text: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = |kind: AnnotationKind, span: &Range<usize>, words: &'a str| {
        let annotation = kind.span(clamp(text, span));
        if words.is_empty() {
            annotation
        } else {
            annotation.label(words)
        }
    };
    Snippet::source(text)
        .annotation(annotation(
            AnnotationKind::Primary,
            &diagnostic.span,
            &diagnostic.label,
        ))
        .annotations(
            diagnostic
                .others
                .iter()
                .map(|label| annotation(AnnotationKind::Context, &label.span, &label.text)),
        )
}

/// `span` within `text` and on character boundaries, so that no caller's mistake can make rendering panic.
fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> String {
        let source = Source {
            path: Arc::from(Path::new("a/b.toml")),
            text: Arc::from(text),
        };
        let mut diagnostic = Diagnostic::error(source, span, "wrong");
        diagnostic.label("here").help("do that");
        render(&[diagnostic], false)
    }

    #[test]
    fn columns_are_bytes_and_carets_stand_under_their_text() {
        let text = "\u{e9}\u{e9}\u{e9} bad\n";
        let expected = "error: wrong\n --> a/b.toml:1:8\n  |\n1 | \u{e9}\u{e9}\u{e9} bad\n  |     ^^^ here\n  |\n  = help: do that\n";
        assert_eq!(shown(text, 7..10), expected);
    }

    #[test]
    fn a_tab_is_one_column() {
        assert!(shown("\t\tbad", 2..5).contains("a/b.toml:1:3"));
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_character_does_no_harm() {
        assert!(shown("\u{e9}", 1..90).contains("a/b.toml:1:"));
        assert!(shown("", 5..9).contains("a/b.toml:1:1"));
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["replace", "delete", "insert"];
        assert_eq!(nearest("replce", names), Some("replace"));
        assert_eq!(nearest("isnert", names), Some("insert"));
        assert_eq!(nearest("with", names), None);
    }

    #[test]
    fn a_patch_is_shown_as_a_diff() {
        let source = Source {
            path: Arc::from(Path::new("a.go")),
            text: Arc::from("x := 1\ny := 2\n"),
        };
        let mut diagnostic = Diagnostic::error(source, 0..6, "wrong");
        diagnostic.patch.push(TextEdit {
            start: 0,
            end: 1,
            text: "z".into(),
        });
        let text = render(&[diagnostic], false);
        assert!(
            text.contains("- x := 1\n") && text.contains("+ z := 1\n"),
            "{text}"
        );
    }
}
