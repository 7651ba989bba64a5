//! The command line that prints the changes of a pull request: the options of the search as they were typed, so that none
//! can be forgotten, at the commit that the branch starts from.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgMatches, Args as _, Command, CommandFactory as _, parser::ValueSource};

use super::base::Base;
use crate::cli::{
    args::{Cli, SearchArgs},
    error::Error,
};

/// Options that change nothing about the result.
const WITHOUT_EFFECT: [&str; 3] = ["explain", "timing", "jobs"];

/// The command line for what this process was asked.
pub fn reproduces(base: &Base) -> Result<String, Error> {
    let matches = Cli::command()
        .try_get_matches_from(std::env::args_os())
        .map_err(|error| Error::new(error.to_string()))?;
    let typed = matches
        .subcommand_matches("pr")
        .map_or_else(Vec::new, typed);
    let mut words = vec!["gomend".to_owned(), "diff".to_owned()];
    words.extend(["--at".to_owned(), base.commit.clone()]);
    words.extend(typed.iter().map(|word| quoted(word)));
    Ok(words.join(" "))
}

/// The options of the search among those of a command, as they were typed, paths last.
fn typed(matches: &ArgMatches) -> Vec<OsString> {
    let search = SearchArgs::augment_args(Command::new("search"));
    let mut options = Vec::new();
    let mut paths = Vec::new();
    for arg in search.get_arguments() {
        let id = arg.get_id().as_str();
        let is_typed = matches.value_source(id) == Some(ValueSource::CommandLine);
        if !is_typed || WITHOUT_EFFECT.contains(&id) {
            continue;
        }
        let values: Vec<&OsStr> = matches.get_raw(id).into_iter().flatten().collect();
        match name(arg) {
            None => paths.extend(values.into_iter().map(OsStr::to_owned)),
            Some(name) if arg.get_action().takes_values() => {
                for value in values {
                    options.extend([OsString::from(&name), value.to_owned()]);
                }
            }
            Some(name) => options.push(name.into()),
        }
    }
    if paths
        .iter()
        .any(|path| path.to_string_lossy().starts_with('-'))
    {
        options.push("--".into());
    }
    options.extend(paths);
    options
}

/// How an option is typed; `None` for arguments that are none.
fn name(arg: &Arg) -> Option<String> {
    match (arg.get_short(), arg.get_long()) {
        (Some(short), _) => Some(format!("-{short}")),
        (None, Some(long)) => Some(format!("--{long}")),
        (None, None) => None,
    }
}

/// A word as shells read it.
fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_typed_about_the_search_stays() {
        let line = |words: &[&str]| {
            let words = [&["gomend", "pr"], words].concat();
            let matches = Cli::command().try_get_matches_from(words);
            let matches = matches.expect("it is well-formed");
            let pr = matches.subcommand_matches("pr").expect("it is `pr`");
            let words: Vec<String> = typed(pr).iter().map(|word| quoted(word)).collect();
            words.join(" ")
        };
        assert_eq!(line(&[]), "");
        assert_eq!(
            line(&["--all", "-j4", "--draft", "--label=x", "-q"]),
            "--all"
        );
        assert_eq!(
            line(&[
                "./a",
                "--codemod=context/*",
                "-cx/y",
                "--remote",
                "up",
                "--set",
                "x/y.p=it's"
            ]),
            r"-c 'context/*' -c x/y --set 'x/y.p=it'\''s' ./a"
        );
        assert_eq!(
            line(&["--unsafe", "--since=v1", "--", "-odd"]),
            "--since v1 --unsafe -- -odd"
        );
    }
}
