//! What was typed, for a report that says how to repeat it. Options that change nothing in what is found are left out: two
//! runs that find the same must be reported the same, at any number of jobs and into any file.

use std::ffi::OsString;

use clap::{ArgMatches, Command, CommandFactory as _, parser::ValueSource};

use super::args::Cli;

/// Options that bear on how a report is made, and not on what is in it.
const SILENT: &[&str] = &[
    "jobs", "output", "format", "color", "quiet", "verbose", "timing", "explain",
];

/// The command line of this process, as a shell would take it.
pub fn shown() -> String {
    of(std::env::args_os())
}

fn of(typed: impl IntoIterator<Item = OsString>) -> String {
    let command = Cli::command();
    // Only commands that were read without an error come to report something.
    let Ok(matches) = command.clone().try_get_matches_from(typed) else {
        return String::new();
    };
    let mut words = vec!["gomend".to_owned()];
    if let Some((name, matches)) = matches.subcommand() {
        words.push(name.to_owned());
        let command = command.find_subcommand(name);
        words.extend(command.map_or_else(Vec::new, |command| arguments(command, matches)));
    }
    words.join(" ")
}

/// Options in the order of their declaration, then what stands behind them.
pub fn arguments(command: &Command, matches: &ArgMatches) -> Vec<String> {
    let (mut options, mut rest) = (Vec::new(), Vec::new());
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let is_typed = matches.try_contains_id(id).is_ok()
            && matches.value_source(id) == Some(ValueSource::CommandLine);
        if !is_typed || SILENT.contains(&id) {
            continue;
        }
        let values = matches.get_raw(id).into_iter().flatten();
        let values = values.map(|value| quoted(&value.to_string_lossy()));
        match argument.get_long() {
            Some(long) if argument.get_action().takes_values() => {
                options.extend(values.map(|value| format!("--{long} {value}")));
            }
            Some(long) => options.push(format!("--{long}")),
            None => rest.extend(values),
        }
    }
    options.append(&mut rest);
    options
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &[&str]) -> String {
        of(typed.iter().map(OsString::from))
    }

    #[test]
    fn what_bears_on_the_findings_is_shown() {
        assert_eq!(
            shown(&[
                "/usr/bin/gomend",
                "check",
                "a b",
                "-c",
                "sql/*",
                "-c",
                "x/y",
                "--unsafe",
                "-j4",
                "--format=html",
                "-o",
                "r.html",
                "it's",
                "-q",
            ]),
            r"gomend check --codemod 'sql/*' --codemod x/y --unsafe 'a b' 'it'\''s'"
        );
        assert_eq!(shown(&["gomend", "check"]), "gomend check");
    }
}
