//! Colours a patch for a terminal, as git does; the bytes stay the patch's own where nobody looks.

use super::{
    escape,
    style::{BAD, BOLD, FRAME, GOOD, paint},
};

/// The patch in colours, its control characters spelled out. For terminals only: the result is no patch.
pub fn colored(patch: &str) -> String {
    let mut shown = String::with_capacity(patch.len() + patch.len() / 4);
    for line in patch.split_inclusive('\n') {
        let (text, end) = line
            .strip_suffix('\n')
            .map_or((line, ""), |text| (text, "\n"));
        let is_header = ["diff ", "index ", "--- ", "+++ "]
            .iter()
            .any(|head| text.starts_with(head));
        let style = match text.as_bytes().first() {
            _ if is_header => BOLD,
            Some(b'@') => FRAME,
            Some(b'-') => BAD,
            Some(b'+') => GOOD,
            _ => anstyle::Style::new(),
        };
        shown.push_str(&paint(style, &escape::block(text)));
        shown.push_str(end);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_colour_is_added_to_ordinary_code() {
        let patch = "diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1 +1 @@\n-a\n+b\n c\n\\ No newline at end of file";
        let shown = colored(patch);
        assert_ne!(shown, patch);
        assert_eq!(anstream::adapter::strip_str(&shown).to_string(), patch);
    }
}
