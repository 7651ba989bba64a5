//! The comma of a list element that is not there: `g(@a, x)` with nothing in `@a` is `g(x)`.

/// Closes the gap that an absent capture leaves between the text in front of it and the text behind it: where the capture
/// was an element of a list, a comma beside it goes, the one behind it rather than the one in front, with its white space.
/// Cuts `front` and returns what is left of `behind`.
pub fn close_up<'a>(front: &mut String, behind: &'a str) -> &'a str {
    let blanks = |c| c == ' ' || c == '\t';
    if !may_precede_an_element(front) {
        return behind;
    }
    if let Some(rest) = behind.trim_start_matches(blanks).strip_prefix(',') {
        let rest = rest.trim_start_matches(blanks);
        let indented = front.trim_end_matches(blanks).len();
        if rest.starts_with('\n') && front[..indented].ends_with('\n') {
            // The element had a line of its own.
            front.truncate(indented - 1);
        }
        return rest;
    }
    if let Some(before) = front.trim_end().strip_suffix(',')
        && may_follow_an_element(behind)
    {
        let before = before.trim_end_matches(blanks).len();
        front.truncate(before);
    }
    behind
}

fn may_precede_an_element(front: &str) -> bool {
    let front = front.trim_end();
    let word = front.rsplit(|c: char| !c.is_alphanumeric()).next();
    front.is_empty()
        || front.ends_with(['(', '[', '{', ',', ';', '='])
        || matches!(word, Some("return" | "case" | "var" | "const" | "range"))
}

/// Not `...`, which belongs to the element in front of it.
fn may_follow_an_element(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '\t']);
    behind.is_empty() || behind.starts_with([')', ']', '}', '{', ':', '=', ';', '\n'])
}

#[cfg(test)]
mod tests {
    use super::close_up;

    #[test]
    fn one_comma_goes_with_the_element() {
        let cases = [
            ("g(", ", x)", "g(x)"),
            ("g(x, ", ")", "g(x)"),
            ("g(x, ", ", y)", "g(x, y)"),
            ("g(", ")", "g()"),
            ("return ", ", nil", "return nil"),
            ("", ", err := f()", "err := f()"),
            ("a, ", " := f()", "a := f()"),
            ("g(\n\t", ",\n\tx,\n)", "g(\n\tx,\n)"),
            ("g(\n\tx,\n\t", ",\n)", "g(\n\tx,\n)"),
            ("{\n\t", "\n}", "{\n\t\n}"),
        ];
        for (front, behind, whole) in cases {
            let mut closed = front.to_owned();
            let rest = close_up(&mut closed, behind);
            closed.push_str(rest);
            assert_eq!(closed, whole, "{front:?} and {behind:?}");
        }
    }

    #[test]
    fn what_was_no_element_by_itself_keeps_its_comma() {
        // Without the comma these would be Go, and mean another thing.
        let cases = [("T{x: ", ", y}"), ("g(x, ", "...)"), ("g(x + ", ", y)")];
        for (front, behind) in cases {
            let mut closed = front.to_owned();
            assert_eq!(close_up(&mut closed, behind), behind);
            assert_eq!(closed, front);
        }
    }
}
