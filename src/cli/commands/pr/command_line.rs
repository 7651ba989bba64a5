//! The command line that prints the changes of a pull request: the options of the search as they were typed, at the commit
//! that the branch starts from.

use clap::{ArgMatches, Args as _, Command, CommandFactory as _};

use super::base::Base;
use crate::cli::{
    args::{Cli, SearchArgs},
    error::Error,
    invocation,
};

/// The command line for what this process was asked.
pub fn reproduces(base: &Base) -> Result<String, Error> {
    let matches = Cli::command()
        .try_get_matches_from(std::env::args_os())
        .map_err(|error| Error::new(error.to_string()))?;
    let typed = matches
        .subcommand_matches("pr")
        .map_or_else(Vec::new, typed);
    let start = format!("gomend diff --at {}", base.commit);
    Ok([vec![start], typed].concat().join(" "))
}

/// The options of the search among those of a command.
fn typed(matches: &ArgMatches) -> Vec<String> {
    let search = SearchArgs::augment_args(Command::new("search"));
    invocation::arguments(&search, matches)
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
            typed(matches.subcommand_matches("pr").expect("it is `pr`")).join(" ")
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
                "--since",
                "v1"
            ]),
            "--since v1 --codemod 'context/*' --codemod x/y ./a"
        );
    }
}
