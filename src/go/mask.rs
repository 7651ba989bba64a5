//! Makes a copy of a Go file that the grammar accepts where the file itself is valid Go and the grammar says it is
//! not. In: the text. Out: the copy, and where it has bytes that the text has not, so that the positions of its tree
//! can be brought back. The copy is for the parser only: node texts always come from the original.
//!
//! What tree-sitter-go 0.25 rejects and the language allows:
//! - `new(x + 1)` (Go 1.26), and calls of `new` and `make` where a declaration shadows them: the grammar wants a type;
//! - `new{…}`, `new:` with a type or a label of that name;
//! - `if ; x {`, `switch ; {`;
//! - the label `_:`, and `L: M: }`;
//! - `const (a = 1)` and `var (a = 1)` on one line;
//! - a general comment over several lines that ends a statement, and a file that ends without a newline after one;
//! - letters in names that Unicode's XID classes do not know.

use super::tokens::{Kind, Token, tokens};

/// The copy for the parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Masked {
    /// What to parse.
    pub text: Vec<u8>,
    /// Bytes of `text` that stand for nothing in the original, in ascending order.
    pub inserted: Vec<usize>,
}

/// The copy with every mask applied; `None` where there is nothing to mask.
/// `is_call` says whether a text parses as one call expression; it decides for which `new(` and `make(` the grammar's
/// own reading stands.
pub(super) fn mask(text: &str, is_call: impl Fn(&[u8]) -> bool) -> Option<Masked> {
    let tokens = tokens(text);
    let mut bytes = text.as_bytes().to_vec();
    let mut inserts = Vec::new();
    mask_builtin_calls(&tokens, &mut bytes, is_call);
    for index in 0..tokens.len() {
        mask_token(text, &tokens, index, &mut bytes, &mut inserts);
    }
    mask_group_ends(text, &tokens, &mut inserts);
    if !text.ends_with('\n') {
        inserts.push((text.len(), b'\n'));
    }
    if inserts.is_empty() && bytes == text.as_bytes() {
        return None;
    }
    inserts.sort_unstable();
    Some(insert(&bytes, &inserts))
}

fn insert(bytes: &[u8], inserts: &[(usize, u8)]) -> Masked {
    let mut text = Vec::with_capacity(bytes.len() + inserts.len());
    let mut inserted = Vec::with_capacity(inserts.len());
    let mut from = 0;
    for &(at, byte) in inserts {
        text.extend_from_slice(&bytes[from..at]);
        inserted.push(text.len());
        text.push(byte);
        from = at;
    }
    text.extend_from_slice(&bytes[from..]);
    Masked { text, inserted }
}

/// Masks the `n` of `new(` and the `m` of `make(` where the call does not parse as it stands. Inner calls come first,
/// so that an outer one is judged by its own argument. Each byte is looked at once per enclosing candidate; the budget
/// keeps hostile nesting linear, and past it every candidate is masked.
fn mask_builtin_calls(tokens: &[Token], bytes: &mut [u8], is_call: impl Fn(&[u8]) -> bool) {
    let mut budget = bytes.len().saturating_mul(8);
    let mut open: Vec<Option<usize>> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark(b'(') => open.push(builtin_before(tokens, index, bytes)),
            Kind::Mark(b')') => {
                let Some(Some(start)) = open.pop() else {
                    continue;
                };
                let range = start..token.range.end;
                let affordable = range.len() <= budget;
                budget = budget.saturating_sub(range.len());
                if !affordable || !is_call(&bytes[range]) {
                    bytes[start] = b'_';
                }
            }
            _ => {}
        }
    }
}

/// Where the `new` or `make` before the parenthesis at `index` starts, if it stands there as an operand.
fn builtin_before(tokens: &[Token], index: usize, bytes: &[u8]) -> Option<usize> {
    let name = tokens.get(index.checked_sub(1)?)?;
    if !matches!(&bytes[name.range.clone()], b"new" | b"make") {
        return None;
    }
    let before = index.checked_sub(2).and_then(|i| tokens.get(i));
    let is_other_name =
        before.is_some_and(|t| t.kind == Kind::Mark(b'.') || &bytes[t.range.clone()] == b"func");
    (!is_other_name).then_some(name.range.start)
}

/// Masks that look at one token and its neighbours.
fn mask_token(
    text: &str,
    tokens: &[Token],
    index: usize,
    bytes: &mut [u8],
    inserts: &mut Vec<(usize, u8)>,
) {
    let token = &tokens[index];
    let before = index.checked_sub(1).map(|i| &tokens[i]);
    let next = tokens.get(index + 1);
    let next_is = |mark| next.is_some_and(|t| t.kind == Kind::Mark(mark));
    let before_is = |marks: &[u8]| {
        before.is_some_and(|t| matches!(t.kind, Kind::Mark(m) if marks.contains(&m)))
    };
    let starts_statement = token.starts_line || before_is(b"{};:");

    if let (Some(end), Some(before)) = (token.after_comment, before)
        && !token.starts_line
        && ends_statement(text, before)
    {
        inserts.push((end, b'\n'));
    }
    match (token.kind, &text[token.range.clone()]) {
        (Kind::Mark(b';'), _)
            if before.is_some_and(|t| matches!(&text[t.range.clone()], "if" | "switch")) =>
        {
            bytes[token.range.start] = b' ';
        }
        (Kind::Word, "new" | "make") if next_is(b'{') || (next_is(b':') && starts_statement) => {
            bytes[token.range.start] = b'_';
        }
        (Kind::Word, "_") if next_is(b':') && starts_statement => bytes[token.range.start] = b'a',
        (Kind::Word, word) if !word.is_ascii() => {
            for byte in &mut bytes[token.range.clone()] {
                if !byte.is_ascii() {
                    *byte = b'x';
                }
            }
        }
        _ => {}
    }
    let closes = tokens
        .get(index + 2)
        .is_some_and(|t| t.kind == Kind::Mark(b'}'));
    if token.kind == Kind::Word && before_is(b":") && next_is(b':') && closes {
        inserts.extend(next.map(|colon| (colon.range.end, b';')));
    }
}

/// Whether a newline after this token is a semicolon. `++` and `--` are judged by their last byte: a line cannot end
/// with a single `+` or `-` and a comment otherwise.
fn ends_statement(text: &str, token: &Token) -> bool {
    const OPEN: [&str; 21] = [
        "case",
        "chan",
        "const",
        "default",
        "defer",
        "else",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    ];
    match token.kind {
        Kind::Word => !OPEN.contains(&&text[token.range.clone()]),
        Kind::Literal => true,
        Kind::Mark(mark) => {
            let doubled = matches!(mark, b'+' | b'-')
                && token.range.start > 0
                && text.as_bytes()[token.range.start - 1] == mark;
            matches!(mark, b')' | b']' | b'}') || doubled
        }
    }
}

/// `const (a = 1)`: the grammar wants a terminator before the parenthesis.
fn mask_group_ends(text: &str, tokens: &[Token], inserts: &mut Vec<(usize, u8)>) {
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).map(|i| &tokens[i]);
        match token.kind {
            Kind::Mark(b'(') => {
                open.push(
                    before.is_some_and(|t| matches!(&text[t.range.clone()], "const" | "var")),
                );
            }
            Kind::Mark(b')') => {
                let is_group = open.pop() == Some(true);
                let is_terminated =
                    before.is_none_or(|t| matches!(t.kind, Kind::Mark(b';' | b'(')));
                if is_group && !is_terminated && !token.starts_line {
                    inserts.push((token.range.start, b';'));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let masked = mask(text, |call| call.ends_with(b"(T)")).expect("there is something to mask");
        String::from_utf8(masked.text).expect("masks are ASCII")
    }

    #[test]
    fn only_calls_that_do_not_parse_are_masked() {
        assert_eq!(
            masked("new(T); new(1); x.new(1)\n"),
            "new(T); _ew(1); x.new(1)\n"
        );
        assert_eq!(masked("make(f(new(1)))\n"), "_ake(f(_ew(1)))\n");
        assert_eq!(mask("new(T)\n", |_| true), None);
    }

    #[test]
    fn inserted_bytes_are_reported() {
        let found = mask("const (a = 1)\n", |_| true).expect("the group has no terminator");
        assert_eq!(
            (found.text.as_slice(), found.inserted),
            (&b"const (a = 1;)\n"[..], vec![12])
        );
        let found = mask("x /* \n */ y", |_| true).expect("a comment ends the statement");
        assert_eq!(
            (found.text.as_slice(), found.inserted),
            (&b"x /* \n */\n y\n"[..], vec![9, 12])
        );
    }

    #[test]
    fn other_masks_keep_the_length() {
        assert_eq!(masked("if ; x {\nL: M: }\n"), "if   x {\nL: M:; }\n");
        assert_eq!(masked("{\n_: new: x }\n"), "{\na: _ew: x }\n");
        assert_eq!(masked("\"é\" é\n"), "\"é\" xx\n");
    }
}
