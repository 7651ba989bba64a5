//! The few colours of every report, in one place.

use anstyle::{AnsiColor, Style};

/// Headings and what a person should read first.
pub const BOLD: Style = Style::new().bold();
/// An error, a finding that is not mended, a line that goes.
pub const BAD: Style = AnsiColor::Red.on_default();
/// The word `error`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word `warning`.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// A line that comes, a thing that went well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Names: ids, branches.
pub const NAME: Style = AnsiColor::Cyan.on_default().bold();
/// Line numbers, hunk headers and other frames.
pub const FRAME: Style = AnsiColor::BrightBlue.on_default().bold();
/// What may be passed over.
pub const FAINT: Style = Style::new().dimmed();

/// `text` in a style; plain where the style is.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
