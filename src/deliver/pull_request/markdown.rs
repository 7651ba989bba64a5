//! Text from code, from findings and from people's names as Markdown that shows it and does nothing else: no markup, no
//! HTML, no links, no mentions and no references to issues, at any of the forges.

use std::fmt::Write as _;

use crate::report::escape;

/// Parts a sign from what follows without being seen. Forges find mentions and references in the text after Markdown is
/// read, where a backslash is gone.
const APART: &str = "&#8203;";

/// One line of plain text. What stands between a pair of backticks is shown as code, as messages mean it.
pub fn text(text: &str) -> String {
    let text = escape::line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, behind)) = after.split_once('`') else {
            break;
        };
        plain(&mut out, before);
        match inside {
            "" => out.push_str(r"\`\`"),
            inside => {
                if out.ends_with('`') {
                    out.push_str(APART);
                }
                out.push_str(&code(inside));
            }
        }
        rest = behind;
    }
    plain(&mut out, rest);
    out
}

/// Text with everything escaped that Markdown or a forge reads as more than itself.
fn plain(out: &mut String, text: &str) {
    let at_start = out.is_empty();
    let opening = at_start.then(|| opening_mark(text)).flatten();
    for (at, c) in text.char_indices() {
        let marked = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '|'
                | '~'
                | '&'
                | '$'
                | '#'
                | '!'
                | '{'
                | '}'
        );
        if marked || opening == Some(at) {
            out.push('\\');
        }
        let before = &text[..at];
        if c == '.' && ends_in(before, "www") {
            out.push_str(APART);
        }
        out.push(c);
        if refers(c, before, &text[at + c.len_utf8()..]) {
            out.push_str(APART);
        }
    }
}

/// Where a text begins as a list, heading or rule would: the sign that makes it one.
fn opening_mark(text: &str) -> Option<usize> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let mut signs = text[at..].chars();
    let sign = signs.next()?;
    let makes = match at {
        0 => matches!(sign, '-' | '+' | '='),
        _ => matches!(sign, '.' | ')') && signs.next().is_none_or(char::is_whitespace),
    };
    makes.then_some(at)
}

/// Whether a sign and what follows would be read as somebody's name, a reference, an emoji or the address of a page.
fn refers(sign: char, before: &str, after: &str) -> bool {
    let next = after.chars().next();
    let word = next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | '\'' | '-'));
    match sign {
        '@' | '#' | '!' | '%' | '~' | '$' | '&' | '^' => word,
        ':' => word || after.starts_with("//"),
        '-' => ends_in(before, "gh") && next.is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

fn ends_in(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// One line as code; empty where there is nothing to show.
pub fn code(text: &str) -> String {
    let text = escape::line(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let is_blank = text.trim().is_empty();
    let pad = text.starts_with('`')
        || text.ends_with('`')
        || (!is_blank && text.starts_with(' ') && text.ends_with(' '));
    let pad = if pad { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Lines as a block of code in `language`.
pub fn fence(text: &str, language: &str) -> String {
    let text = escape::block(text);
    let text = text.trim_end_matches(['\r', '\n']);
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    let word: String = language
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+'))
        .collect();
    let mut out = String::with_capacity(text.len() + 16);
    write!(out, "{fence}{word}\n{text}\n{fence}").expect("writing to a string cannot fail");
    out
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`');
    runs.map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_does_nothing() {
        for (given, expected) in [
            (
                "a plain sentence, with (some) signs.",
                "a plain sentence, with (some) signs.",
            ),
            (
                "the end of `ctx` is *lost*",
                r"the end of `ctx` is \*lost\*",
            ),
            ("`a`` and ``", r"`a`&#8203;`  and  `\`"),
            ("``x", r"\`\`x"),
            ("<img src=x onerror=y>", r"\<img src=x onerror=y\>"),
            (
                "ask @octocat or @org/team",
                "ask @&#8203;octocat or @&#8203;org/team",
            ),
            (
                "see #12, !7, GH-3, o/r#4",
                r"see \#&#8203;12, \!&#8203;7, GH-&#8203;3, o/r\#&#8203;4",
            ),
            ("[x](javascript:y)", r"\[x\](javascript:&#8203;y)"),
            (
                "https://a.b and www.c.d",
                "https:&#8203;//a.b and www&#8203;.c.d",
            ),
            ("a@b.c", "a@&#8203;b.c"),
            (
                ":tada: $x$ &amp;",
                r":&#8203;tada: \$&#8203;x\$ \&&#8203;amp;",
            ),
            ("- a", r"\- a"),
            ("12. a", r"12\. a"),
            ("0.1.0", "0.1.0"),
            ("=", r"\="),
            ("1", "1"),
            ("two\nlines", r"two\\nlines"),
            ("if admin\u{202e} {", r"if admin\\u\{202e\} \{"),
        ] {
            assert_eq!(text(given), expected, "{given}");
        }
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("x"), "`x`");
        assert_eq!(code(""), "");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code("@octocat </code>\nx"), r"`@octocat </code>\nx`");
    }

    #[test]
    fn blocks_cannot_be_left() {
        assert_eq!(fence("a\nb\n", "go"), "```go\na\nb\n```");
        assert_eq!(fence("````\n<b>", "sh\n# x"), "`````shx\n````\n<b>\n`````");
    }
}
