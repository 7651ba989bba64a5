//! Layout by gofmt: whole where a file was clean, only in the lines that edits touched where it was not.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// `after` with those of gofmt's changes that touch lines which differ from `before`, or lines next to them.
pub fn in_touched_lines(before: &str, after: &str, formatted: &str) -> String {
    let formatted = with_line_endings_of(after, formatted);
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (before, after, formatted) = (lines(before), lines(after), lines(&formatted));
    let touched: Vec<(usize, usize)> = capture_diff_slices(Algorithm::Myers, &before, &after)
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| (op.new_range().start, op.new_range().end))
        .collect();
    let mut out = String::new();
    for op in capture_diff_slices(Algorithm::Myers, &after, &formatted) {
        let old = op.old_range();
        let is_touched = touched
            .iter()
            .any(|&(start, end)| old.start <= end && start <= old.end);
        let chosen = if is_touched {
            &formatted[op.new_range()]
        } else {
            &after[old]
        };
        out.extend(chosen.iter().copied());
    }
    out
}

fn with_line_endings_of(model: &str, text: &str) -> String {
    match crate::rewrite::place::newline(model) {
        "\r\n" => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_near_the_edit_are_laid_out() {
        let before = "package  p\n\nvar  a = 1\nvar b = 2\n\nfunc f() {\nx()\n}\n\nvar  c = 3\n";
        let after = before.replace("x()\n", "x()\ny()\n");
        let formatted =
            "package p\n\nvar a = 1\nvar b = 2\n\nfunc f() {\n\tx()\n\ty()\n}\n\nvar c = 3\n";
        assert_eq!(
            in_touched_lines(before, &after, formatted),
            "package  p\n\nvar  a = 1\nvar b = 2\n\nfunc f() {\n\tx()\n\ty()\n}\n\nvar  c = 3\n"
        );
    }

    #[test]
    fn carriage_returns_stay() {
        let before = "package p\r\n\r\nfunc f() {\r\n\tx()\r\n}\r\n";
        let after = before.replace("\tx()\r\n", "\tx()\r\n   y()\r\n");
        let formatted = "package p\n\nfunc f() {\n\tx()\n\ty()\n}\n";
        assert_eq!(
            in_touched_lines(before, &after, formatted),
            "package p\r\n\r\nfunc f() {\r\n\tx()\r\n\ty()\r\n}\r\n"
        );
    }
}
