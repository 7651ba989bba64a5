//! The answers to a question, one letter each, as those of `git add -p`.

use std::fmt::Write as _;

use crate::report::style::{NAME, paint};

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Make the change.
    Yes,
    /// Leave it.
    No,
    /// Make it and all later ones of the file.
    AcceptRest,
    /// Leave it and all later ones of the file.
    LeaveRest,
    /// Ask about the findings of a hunk one by one.
    Split,
    /// Open the editor.
    Edit,
    /// Stop, and keep what was accepted.
    Quit,
    /// Show the codemod's description.
    Info,
    /// Say what the letters mean.
    Help,
}

/// All of them, in the order of the prompt.
const KEYS: [(Key, char, &str); 9] = [
    (Key::Yes, 'y', "make this change"),
    (Key::No, 'n', "leave this code as it is"),
    (
        Key::AcceptRest,
        'a',
        "make this change and all later ones of this file",
    ),
    (
        Key::LeaveRest,
        'd',
        "leave this code and all later findings of this file as they are",
    ),
    (
        Key::Split,
        's',
        "ask about the findings that share this hunk one by one",
    ),
    (
        Key::Edit,
        'e',
        "change the proposed text in the editor, and make it so",
    ),
    (
        Key::Quit,
        'q',
        "stop; what was accepted is written, the rest is left as it is",
    ),
    (Key::Info, 'i', "show the whole description of the codemod"),
    (Key::Help, '?', "show this help"),
];

/// Reads an answer; the error says what is wrong with it.
pub fn parse(typed: &str) -> Result<Key, String> {
    let mut letters = typed.chars();
    let (letter, rest) = (letters.next(), letters.next());
    if rest.is_some() {
        return Err("only one letter is expected".to_owned());
    }
    let is_it =
        |&&(_, key, _): &&(Key, char, &str)| Some(key) == letter.map(|l| l.to_ascii_lowercase());
    match KEYS.iter().find(is_it) {
        Some((key, ..)) => Ok(*key),
        None => Err("no such answer".to_owned()),
    }
}

/// The letters, for a prompt. `s` is among them only where it can do something.
pub fn letters(can_split: bool) -> String {
    let shown = KEYS
        .iter()
        .filter(|(key, ..)| can_split || *key != Key::Split);
    let letters: Vec<String> = shown.map(|(_, letter, _)| letter.to_string()).collect();
    letters.join(",")
}

/// What the letters mean, a line each, and the two other ways out.
pub fn help() -> String {
    let mut shown = String::new();
    for (_, letter, meaning) in KEYS {
        line(&mut shown, &letter.to_string(), meaning);
    }
    line(&mut shown, "Ctrl-D", "as q");
    line(&mut shown, "Ctrl-C", "stop, and write nothing at all");
    shown
}

fn line(shown: &mut String, key: &str, meaning: &str) {
    writeln!(shown, "{} - {meaning}", paint(NAME, key)).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_of_either_case_is_an_answer() {
        assert_eq!(parse("y"), Ok(Key::Yes));
        assert_eq!(parse("A"), Ok(Key::AcceptRest));
        assert_eq!(parse("?"), Ok(Key::Help));
        assert_eq!(parse("yes"), Err("only one letter is expected".to_owned()));
        assert_eq!(parse("x"), Err("no such answer".to_owned()));
        assert_eq!(parse("\u{1b}"), Err("no such answer".to_owned()));
    }

    #[test]
    fn every_letter_of_the_prompt_is_explained() {
        assert_eq!(letters(true), "y,n,a,d,s,e,q,i,?");
        assert_eq!(letters(false), "y,n,a,d,e,q,i,?");
        let help = anstream::adapter::strip_str(&help()).to_string();
        for letter in letters(true).split(',') {
            assert!(help.contains(&format!("{letter} - ")), "{letter}");
        }
    }
}
