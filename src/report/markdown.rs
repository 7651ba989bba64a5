//! The Markdown of a description, laid out for a terminal: headings in bold, code indented. The rest reads well as it is.

use super::style::{BOLD, paint};

/// `text` without the marks of headings and of blocks of code.
pub fn page(text: &str) -> String {
    let mut shown = String::new();
    let mut in_code = false;
    for line in text.trim().lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        match line.strip_prefix("## ") {
            _ if in_code && line.is_empty() => {}
            _ if in_code => {
                shown.push_str("    ");
                shown.push_str(line);
            }
            Some(heading) => shown.push_str(&paint(BOLD, heading)),
            None => shown.push_str(line),
        }
        shown.push('\n');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_bold_and_code_is_indented() {
        let text = "\n## Example\n```go\nx := 1\n\n## y\n```\n\nIt is `x`.\n";
        let shown = anstream::adapter::strip_str(&page(text)).to_string();
        assert_eq!(shown, "Example\n    x := 1\n\n    ## y\n\nIt is `x`.\n");
        assert!(page(text).starts_with(&paint(BOLD, "Example")));
    }

    #[test]
    fn a_block_without_an_end_goes_to_the_end() {
        assert_eq!(page("a\n```\nb"), "a\n    b\n");
    }
}
