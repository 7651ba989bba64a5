//! Glob matching with the exact meaning that git gives it (gitignore(5), "PATTERN FORMAT"), over bytes.
//!
//! The glob libraries at hand give `{a,b}` and `[[:alpha:]]` another meaning than git does, and refuse patterns that git
//! takes; a file set that must equal git's cannot be built on them.

/// What a match depends on besides pattern and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mode {
    /// `*`, `?` and `[…]` do not match `/`; `**` between slashes matches any number of folders.
    pub pathname: bool,
    /// ASCII letters match in either case (`core.ignoreCase`). As in git's `wildmatch.c`, the text is taken in lower case
    /// and a letter of the pattern too, unless it is escaped or in a class: `\A` and `[A]` match nothing then.
    pub fold_case: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Match,
    NoMatch,
    /// No longer text can match either: outer stars need not try on.
    AbortAll,
    /// Only a `**` further out can still match.
    AbortToStarStar,
}

/// Whether `pattern` matches the whole of `text`.
pub(crate) fn matches(pattern: &[u8], text: &[u8], mode: Mode) -> bool {
    run(pattern, text, mode) == Outcome::Match
}

fn run(pattern: &[u8], text: &[u8], mode: Mode) -> Outcome {
    let (mut p, mut t) = (0, 0);
    while p < pattern.len() {
        let wanted = pattern[p];
        if wanted == b'*' {
            return star(pattern, p, &text[t..], mode);
        }
        let Some(&byte) = text.get(t) else {
            return Outcome::AbortAll;
        };
        let byte = folded(byte, mode);
        match wanted {
            b'?' if mode.pathname && byte == b'/' => return Outcome::NoMatch,
            b'?' => p += 1,
            b'[' => {
                let Some((matched, next)) = class(pattern, p + 1, byte, mode) else {
                    return Outcome::AbortAll;
                };
                if !matched || (mode.pathname && byte == b'/') {
                    return Outcome::NoMatch;
                }
                p = next;
            }
            b'\\' if pattern.get(p + 1) == Some(&byte) => p += 2,
            b'\\' => return Outcome::NoMatch,
            _ if folded(wanted, mode) == byte => p += 1,
            _ => return Outcome::NoMatch,
        }
        t += 1;
    }
    if t == text.len() {
        Outcome::Match
    } else {
        Outcome::NoMatch
    }
}

/// Goes on from the `*` at `start`; the rest of the pattern is tried at each place the star may end.
fn star(pattern: &[u8], start: usize, text: &[u8], mode: Mode) -> Outcome {
    let run_length = pattern[start..]
        .iter()
        .take_while(|byte| **byte == b'*')
        .count();
    let rest = &pattern[start + run_length..];
    let mut crosses_slash = !mode.pathname;
    if run_length > 1 && mode.pathname {
        let opens = start == 0 || pattern[start - 1] == b'/';
        let closes = rest.is_empty() || rest[0] == b'/' || rest.starts_with(b"\\/");
        if opens && closes {
            // `**/` may also stand for no folder at all.
            if rest.first() == Some(&b'/') && run(&rest[1..], text, mode) == Outcome::Match {
                return Outcome::Match;
            }
            crosses_slash = true;
        }
    }
    if rest.is_empty() {
        return if crosses_slash || !text.contains(&b'/') {
            Outcome::Match
        } else {
            Outcome::AbortToStarStar
        };
    }
    if !crosses_slash && rest[0] == b'/' {
        return match memchr::memchr(b'/', text) {
            Some(slash) => run(&rest[1..], &text[slash + 1..], mode),
            None => Outcome::AbortAll,
        };
    }
    for end in 0..text.len() {
        let outcome = run(rest, &text[end..], mode);
        if outcome != Outcome::NoMatch {
            if !crosses_slash || outcome != Outcome::AbortToStarStar {
                return outcome;
            }
        } else if !crosses_slash && text[end] == b'/' {
            return Outcome::AbortToStarStar;
        }
    }
    Outcome::AbortAll
}

fn folded(byte: u8, mode: Mode) -> u8 {
    if mode.fold_case {
        byte.to_ascii_lowercase()
    } else {
        byte
    }
}

/// Reads the class that opens before `start`: whether `byte` (folded) is in it, and where the pattern goes on. `None`
/// where the class does not end or names an unknown POSIX class.
fn class(pattern: &[u8], start: usize, byte: u8, mode: Mode) -> Option<(bool, usize)> {
    let mut at = start;
    let negated = matches!(pattern.get(at), Some(b'!' | b'^'));
    at += usize::from(negated);
    let first = at;
    let (mut matched, mut previous) = (false, None);
    loop {
        let member = *pattern.get(at)?;
        match member {
            b']' if at > first => return Some((matched != negated, at + 1)),
            b'-' if previous.is_some() && pattern.get(at + 1).is_some_and(|next| *next != b']') => {
                at += 1;
                if pattern[at] == b'\\' {
                    at += 1;
                }
                let high = *pattern.get(at)?;
                let low = previous.take()?;
                matched |= in_range(low, high, byte, mode);
            }
            b'[' if pattern.get(at + 1) == Some(&b':') => {
                let name_start = at + 2;
                let length = memchr::memchr(b']', &pattern[name_start..])?;
                let close = name_start + length;
                if length == 0 || pattern[close - 1] != b':' {
                    // Not `[:name:]` after all: an ordinary bracket.
                    matched |= byte == b'[';
                    previous = Some(b'[');
                } else {
                    matched |= posix_class(&pattern[name_start..close - 1], byte, mode)?;
                    previous = None;
                    at = close;
                }
            }
            _ => {
                if member == b'\\' {
                    at += 1;
                }
                let literal = *pattern.get(at)?;
                matched |= byte == literal;
                previous = Some(literal);
            }
        }
        at += 1;
    }
}

fn in_range(low: u8, high: u8, byte: u8, mode: Mode) -> bool {
    let holds = |byte: u8| low <= byte && byte <= high;
    holds(byte) || (mode.fold_case && holds(byte.to_ascii_uppercase()))
}

fn posix_class(name: &[u8], byte: u8, mode: Mode) -> Option<bool> {
    Some(match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => byte.is_ascii_whitespace() || byte == 0x0b,
        b"upper" => byte.is_ascii_uppercase() || (mode.fold_case && byte.is_ascii_lowercase()),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(pattern: &str, text: &str) -> bool {
        matches(
            pattern.as_bytes(),
            text.as_bytes(),
            Mode {
                pathname: true,
                fold_case: false,
            },
        )
    }

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        assert!(path("*.go", "a.go") && !path("*.go", "a/b.go"));
        assert!(path("**/b.go", "b.go") && path("**/b.go", "a/c/b.go"));
        assert!(path("a/**", "a/b/c") && !path("a/**", "a"));
        assert!(path("a/**/b", "a/b") && path("a/**/b", "a/x/y/b"));
        assert!(!path("a**b", "a/b") && path("a**b", "axxb"));
        assert!(path("a/*/c", "a/b/c") && !path("a/*/c", "a/b/b/c"));
    }

    #[test]
    fn classes_are_those_of_git() {
        assert!(path("[a-c]", "b") && !path("[!a-c]", "b") && !path("[^a-c]", "b"));
        assert!(path("[]a]", "]") && path("[a-]", "-") && path("[\\]]", "]"));
        assert!(path("[[:digit:]x]", "7") && path("[[:digit:]x]", "x") && !path("[[:nope:]]", "a"));
        assert!(!path("a[/]b", "a/b") && !path("[a", "a"));
    }

    #[test]
    fn braces_are_ordinary_and_backslashes_escape() {
        assert!(path("{a,b}", "{a,b}") && !path("{a,b}", "a"));
        assert!(path("\\*", "*") && !path("\\*", "x") && !path("a\\", "a"));
    }

    #[test]
    fn letters_in_either_case_are_folded_where_git_folds_them() {
        let folds = |pattern: &str, text: &str| {
            let mode = Mode {
                pathname: true,
                fold_case: true,
            };
            matches(pattern.as_bytes(), text.as_bytes(), mode)
        };
        assert!(folds("a?B*", "AxbC") && folds("[a-b]", "B") && folds("[A-B]", "b"));
        assert!(folds("\\a", "A") && !folds("\\A", "a") && !folds("\\A", "A"));
        assert!(folds("[a]", "A") && !folds("[A]", "A") && folds("[!A]", "A"));
        assert!(folds("[[:upper:]]", "a") && folds("[[:lower:]]", "A"));
    }

    #[test]
    fn a_hostile_pattern_ends_soon() {
        let pattern = "*a".repeat(40);
        let text = "a".repeat(39) + "b";
        assert!(!path(&pattern, &text.repeat(20)));
    }
}
