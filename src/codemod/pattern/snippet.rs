//! The text of a pattern, its metavariables replaced by identifiers that Go can parse. In: the text. Out: Go with
//! stand-ins, and where each of its bytes stands in the text.

use std::ops::Range;

/// Letters that begin a stand-in; the first that the text does not hold is taken.
const LETTERS: [char; 4] = ['ꟷ', 'ꟻ', 'ꟼ', 'ꟽ'];

/// One use of a metavariable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// Without `@` and dots.
    pub name: String,
    /// Whether it is written with dots.
    pub is_list: bool,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl Variable {
    /// What a query calls it; `None` for `@_`, which is anything.
    pub(super) fn capture(&self) -> Option<&str> {
        (self.name != "_").then_some(&*self.name)
    }
}

/// A text that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: &'static str,
}

/// A pattern's text with stand-ins.
#[derive(Debug, Clone)]
pub(super) struct Snippet {
    /// Go with stand-ins.
    pub go: String,
    /// In the order of the text; a stand-in holds the index.
    pub variables: Vec<Variable>,
    letter: char,
    /// Where pieces of `go` begin, and where they stand in the text.
    pieces: Vec<(usize, usize)>,
}

impl Snippet {
    /// Reads a pattern. At signs inside Go's strings, runes and comments are text.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        let letter = LETTERS
            .into_iter()
            .find(|letter| !text.contains(*letter))
            .unwrap_or(LETTERS[0]);
        let mut snippet = Self {
            go: String::with_capacity(text.len()),
            variables: Vec::new(),
            letter,
            pieces: vec![(0, 0)],
        };
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            if rest.starts_with('@') {
                at = snippet.variable(text, at)?;
                continue;
            }
            let length = opaque(rest)
                .unwrap_or_else(|| rest.chars().next().map_or(rest.len(), char::len_utf8));
            snippet.go.push_str(&rest[..length]);
            at += length;
        }
        Ok(snippet)
    }

    /// Reads the metavariable at `at`; gives the byte behind it.
    fn variable(&mut self, text: &str, at: usize) -> Result<usize, Unreadable> {
        let rest = &text[at + 1..];
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let name = &rest[..length];
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Unreadable {
                span: at..at + 1,
                message: "an `@` without a name",
            });
        }
        let behind = &rest[length..];
        let is_list = behind
            .strip_prefix("...")
            .is_some_and(|behind| !behind.starts_with(begins_type));
        let end = at + 1 + length + if is_list { 3 } else { 0 };
        self.pieces.push((self.go.len(), at));
        self.go.push(self.letter);
        self.go.push_str(&self.variables.len().to_string());
        self.pieces.push((self.go.len(), end));
        self.variables.push(Variable {
            name: name.to_owned(),
            is_list,
            span: at..end,
        });
        Ok(end)
    }

    /// The use of a metavariable that a piece of Go is the stand-in of.
    pub(super) fn variable_of(&self, go: &str) -> Option<&Variable> {
        let index = go.strip_prefix(self.letter)?.parse::<usize>().ok()?;
        self.variables.get(index)
    }

    /// The byte of the text that byte `at` of [`Snippet::go`] was written as.
    pub(super) fn original(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|(go, _)| *go <= at);
        let (go, text) = self.pieces[index.saturating_sub(1)];
        text + (at - go)
    }
}

/// Whether `...` before this character belongs to a variadic parameter.
fn begins_type(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '*' | '[' | '@')
}

/// The length of a string, rune or comment of Go that begins here (<https://go.dev/ref/spec#Lexical_elements>).
fn opaque(rest: &str) -> Option<usize> {
    let to = |end: &str, from: usize| {
        rest[from..]
            .find(end)
            .map_or(rest.len(), |at| from + at + end.len())
    };
    match rest.as_bytes() {
        [b'`', ..] => Some(to("`", 1)),
        [b'/', b'*', ..] => Some(to("*/", 2)),
        [b'/', b'/', ..] => Some(rest.find('\n').unwrap_or(rest.len())),
        [quote @ (b'"' | b'\''), ..] => {
            let mut escaped = false;
            for (at, byte) in rest.bytes().enumerate().skip(1) {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'\n' => return Some(at),
                    _ if byte == *quote => return Some(at + 1),
                    _ => {}
                }
            }
            Some(rest.len())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_keep_their_places() {
        let text = r#"@a.Close("@b", '@', @c...) // @d"#;
        let snippet = Snippet::read(text).expect("it can be read");
        assert_eq!(snippet.go, r#"ꟷ0.Close("@b", '@', ꟷ1) // @d"#);
        let [a, c] = &snippet.variables[..] else {
            panic!("two variables");
        };
        assert_eq!(
            (&*a.name, a.is_list, &text[a.span.clone()]),
            ("a", false, "@a")
        );
        assert_eq!(
            (&*c.name, c.is_list, &text[c.span.clone()]),
            ("c", true, "@c...")
        );
        for word in ["Close", ") //", "\"@b\""] {
            let at = snippet.go.find(word).expect("it is there");
            assert_eq!(text.find(word), Some(snippet.original(at)), "{word}");
        }
    }

    #[test]
    fn dots_before_a_type_make_no_list() {
        let lists = |text: &str| -> Vec<bool> {
            let snippet = Snippet::read(text).expect("it can be read");
            snippet.variables.iter().map(|v| v.is_list).collect()
        };
        assert_eq!(lists("func(@a...int, @b...)"), [false, true]);
        assert_eq!(lists("f(@a ...)"), [false]);
    }

    #[test]
    fn a_sign_without_a_name_is_told() {
        let error = Snippet::read("f(@)").expect_err("no name");
        assert_eq!(error.span, 2..3);
    }

    proptest::proptest! {
        #[test]
        fn every_text_can_be_read_or_is_refused(text in "[@a.\"'`/*\\\\\né]{0,40}") {
            if let Ok(snippet) = Snippet::read(&text) {
                for at in 0..=snippet.go.len() {
                    assert!(snippet.original(at) <= text.len() + snippet.go.len());
                }
            }
        }
    }
}
