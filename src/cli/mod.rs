//! The command line: what was typed, and its one conversion into what will be done.

/// Runs the command that the process's arguments name and returns its exit code.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
