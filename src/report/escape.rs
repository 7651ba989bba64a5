//! Makes text from a repository harmless to a terminal: control characters could move the cursor or set the title, and
//! Unicode's direction marks could show code in another order than it runs (CVE-2021-42574, "Trojan Source").

use std::{borrow::Cow, fmt::Write as _};

/// Whether a character must not reach a terminal as it is.
pub(super) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Writes every harmful character of one line of text as Rust would: `\u{202e}`, `\n`, `\t`.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_harmful)
}

/// As [`line()`], but leaves tabs and line ends alone: for source text and patches.
pub fn block(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_harmful(c) && !matches!(c, '\n' | '\r' | '\t'))
}

fn escape(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if harmful(c) {
            write!(shown, "{}", c.escape_default()).expect("writing to a string cannot fail");
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_control_is_spelled_out() {
        assert_eq!(line("a\u{1b}]0;x\u{7}b"), "a\\u{1b}]0;x\\u{7}b");
        assert_eq!(line("if admin\u{202e} {"), "if admin\\u{202e} {");
        assert_eq!(line("two\nlines\there"), "two\\nlines\\there");
        assert_eq!(
            block("two\nlines\there\u{2066}"),
            "two\nlines\there\\u{2066}"
        );
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        assert!(matches!(line("straße/日本.go"), Cow::Borrowed(_)));
    }
}
