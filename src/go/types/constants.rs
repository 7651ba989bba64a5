//! Values of integer constants, as far as array lengths need them (<https://go.dev/ref/spec#Constant_expressions>). In: the
//! text of an expression. Out: its value, or nothing: `iota`, calls, and what is no integer are not worked out.

use crate::go::index::lex::{Lexer, Token};

/// How deep parentheses and operators may nest.
const DEPTH: usize = 32;

/// The value of a constant by its package's local name, if one is written, and its own.
pub type Named<'n> = &'n dyn Fn(Option<&str>, &str) -> Option<i128>;

/// The value of an expression that is the whole text.
pub fn integer(text: &str, named: Named<'_>) -> Option<i128> {
    let mut reader = Reader {
        lexer: Lexer::new(text, 0, false),
        named,
    };
    let value = reader.binary(0, 0)?;
    let rest = reader.lexer.peek();
    matches!(rest, Token::End | Token::Mark(b';')).then_some(value)
}

struct Reader<'s> {
    lexer: Lexer<'s>,
    named: Named<'s>,
}

impl Reader<'_> {
    /// An expression whose operators bind tighter than `above` (<https://go.dev/ref/spec#Operator_precedence>).
    fn binary(&mut self, above: u8, depth: usize) -> Option<i128> {
        if depth > DEPTH {
            return None;
        }
        let mut value = self.operand(depth)?;
        while let Some((operator, strength, marks)) = self.operator() {
            if strength <= above {
                break;
            }
            for _ in 0..marks {
                self.lexer.next();
            }
            let right = self.binary(strength, depth + 1)?;
            let shift = || u32::try_from(right).ok().filter(|n| *n < 100);
            value = match operator {
                b'+' => value.checked_add(right)?,
                b'-' => value.checked_sub(right)?,
                b'*' => value.checked_mul(right)?,
                b'/' => value.checked_div(right)?,
                b'%' => value.checked_rem(right)?,
                b'<' => value.checked_mul(1_i128.checked_shl(shift()?)?)?,
                b'>' => value >> shift()?,
                b'&' => value & right,
                b'|' => value | right,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The operator that stands next, how strongly it binds, and of how many marks it is.
    fn operator(&self) -> Option<(u8, u8, usize)> {
        match self.lexer.peek2() {
            (Token::Mark(a @ (b'<' | b'>')), Token::Mark(b)) if a == b => Some((a, 5, 2)),
            (Token::Mark(b'&'), Token::Mark(b'^' | b'&'))
            | (Token::Mark(b'|'), Token::Mark(b'|')) => Some((0, 5, 2)),
            (Token::Mark(a @ (b'*' | b'/' | b'%' | b'&')), _) => Some((a, 5, 1)),
            (Token::Mark(a @ (b'+' | b'-' | b'|')), _) => Some((a, 4, 1)),
            (Token::Mark(b'^'), _) => Some((0, 4, 1)),
            _ => None,
        }
    }

    fn operand(&mut self, depth: usize) -> Option<i128> {
        match self.lexer.next() {
            Token::Literal(number) => literal(number),
            Token::Mark(b'-') => self.operand(depth + 1)?.checked_neg(),
            Token::Mark(b'(') => {
                let value = self.binary(0, depth + 1)?;
                (self.lexer.next() == Token::Mark(b')')).then_some(value)
            }
            Token::Word(word) => match self.lexer.peek2() {
                (Token::Mark(b'.'), Token::Word(name)) => {
                    self.lexer.next();
                    self.lexer.next();
                    (self.lexer.peek() != Token::Mark(b'('))
                        .then(|| (self.named)(Some(word), name))?
                }
                (Token::Mark(b'('), _) => None,
                _ => (self.named)(None, word),
            },
            _ => None,
        }
    }
}

/// <https://go.dev/ref/spec#Integer_literals>
fn literal(number: &str) -> Option<i128> {
    let digits = number.replace('_', "").to_lowercase();
    let of = |rest: &str, base| i128::from_str_radix(rest, base).ok();
    if let Some(rest) = digits.strip_prefix("0x") {
        of(rest, 16)
    } else if let Some(rest) = digits.strip_prefix("0b") {
        of(rest, 2)
    } else if let Some(rest) = digits.strip_prefix("0o") {
        of(rest, 8)
    } else if digits.len() > 1 && digits.starts_with('0') {
        of(&digits[1..], 8)
    } else {
        of(&digits, 10)
    }
}

#[cfg(test)]
mod tests {
    use super::integer;

    #[test]
    fn operators_bind_as_in_go_and_what_is_not_known_is_none() {
        let named = |package: Option<&str>, name: &str| match (package, name) {
            (None, "n") => Some(6),
            (Some("sha256"), "Size") => Some(32),
            _ => None,
        };
        for (text, value) in [
            ("4", Some(4)),
            ("0x1_0", Some(16)),
            ("010", Some(8)),
            ("0b11", Some(3)),
            ("n", Some(6)),
            ("sha256.Size", Some(32)),
            ("1 + 2*n", Some(13)),
            ("(1 + 2) * n", Some(18)),
            ("1<<10 - 1", Some(1023)),
            ("1 << (n - 2)", Some(16)),
            ("10 - 3 - 2", Some(5)),
            ("7 / 2 % 2", Some(1)),
            ("-1 + n", Some(5)),
            ("6 &^ 2", None),
            ("n ^ 1", None),
            ("iota", None),
            ("len(\"abc\")", None),
            ("other.Size", None),
            ("1.5", None),
            ("1 / 0", None),
            ("", None),
            ("1 1", None),
            ("1 << 200", None),
        ] {
            assert_eq!(integer(text, &named), value, "{text}");
        }
    }
}
