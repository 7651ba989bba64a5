//! What git and the remote say when they refuse, as one line with the next step. git has no codes for this, so its words
//! count (it runs with `LC_ALL=C`), and those that the forges' servers are known to say.

use super::{Error, Remote};
use crate::{deliver::forge::redact, git::Output, report::escape};

/// Why a remote cannot be talked to. `complaint` is all that git said.
pub(super) fn of_talk(remote: &Remote, complaint: &str) -> Error {
    let shown = remote.shown();
    let said = said(complaint);
    let has = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
    let next = if has(UNREACHABLE) {
        return Error::new(format!(
            "`{shown}` cannot be reached: {said}; check the network and the address, and run again"
        ));
    } else if has(NOT_ALLOWED) {
        "use a token that may write to it, or `--fork`"
    } else if has(NOT_KNOWN) {
        match remote.token {
            Some(_) => "the token is wrong or has expired; make a new one",
            None => "give a token in the environment, or set up a credential helper of git's",
        }
    } else if has(NO_KEY) {
        "ssh found no key that it takes, or does not know the host; try `git ls-remote` on it"
    } else if has(NOT_THERE) {
        "it is not there, or the token may not see it; check it with `git remote -v`"
    } else {
        "try `git ls-remote` on it"
    };
    Error::new(format!("git does not get into `{shown}`: {said}; {next}"))
}

const UNREACHABLE: &[&str] = &[
    "Could not resolve host",
    "Failed to connect",
    "Couldn't connect to server",
    "Connection refused",
    "Connection timed out",
    "Connection reset",
    "Network is unreachable",
    "No route to host",
    "Empty reply from server",
    "Temporary failure in name resolution",
    "unable to connect to",
];
const NOT_ALLOWED: &[&str] = &[
    "error: 403",
    "Write access to repository not granted",
    "not allowed to push",
    "You are not allowed to",
    "denied to",
    "marked as read only",
];
const NOT_KNOWN: &[&str] = &[
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "error: 401",
    "Invalid username or",
    "HTTP Basic: Access denied",
];
const NO_KEY: &[&str] = &[
    "Permission denied (publickey",
    "Host key verification failed",
];
const NOT_THERE: &[&str] = &[
    "not found",
    "does not exist",
    "does not appear to be a git repository",
    "couldn't find remote ref",
];

/// Why a push did not happen.
pub(super) fn of_push(remote: &Remote, branch: &str, output: &Output) -> Error {
    let complaint = remote.complaint(output);
    let status = redact(
        &String::from_utf8_lossy(&output.stdout),
        remote.token.as_ref(),
    );
    let Some(reason) = rejection(&status) else {
        return of_talk(remote, &complaint);
    };
    let shown = remote.shown();
    let told = told(&complaint);
    let all = format!("{reason}\n{complaint}");
    let has = |words: &[&str]| words.iter().any(|word| all.contains(word));
    if has(&[
        "stale info",
        "cannot lock ref",
        "fetch first",
        "non-fast-forward",
    ]) {
        return Error::new(format!(
            "the branch `{branch}` of `{shown}` was changed by somebody else meanwhile, and is left as they made it; run again"
        ));
    }
    let because = if told.is_empty() { &reason } else { &told };
    if has(&[
        "protected branch",
        "GH006",
        "GH013",
        "is protected",
        "rule violations",
    ]) {
        return Error::new(format!(
            "the branch `{branch}` of `{shown}` is protected: {because}; choose another with `--branch`, or let this account push to it"
        ));
    }
    if has(&["directory file conflict", "refname conflict"]) {
        return Error::new(format!(
            "the branch `{branch}` cannot stand beside another one of `{shown}`: {because}; choose another name with `--branch`"
        ));
    }
    if has(NOT_ALLOWED) {
        return Error::new(format!(
            "`{shown}` does not let this account push: {because}; use a token that may write to it, or `--fork`"
        ));
    }
    if has(&["hook declined"]) {
        return Error::new(format!(
            "a hook of `{shown}` declined the branch `{branch}`: {because}; do what it asks for, such as `--signoff`, and run again"
        ));
    }
    Error::new(format!(
        "`{shown}` did not take the branch `{branch}`: {because}; see what `git push` to it says"
    ))
}

/// The reason in a line of `git push --porcelain` that says that a reference was not updated.
fn rejection(status: &str) -> Option<String> {
    let line = status.lines().find(|line| line.starts_with("!\t"))?;
    let summary = line.splitn(3, '\t').nth(2)?;
    let reason = summary
        .split_once('(')
        .map_or(summary, |(_, rest)| rest.trim_end_matches(')'));
    Some(escape::line(reason.trim()).into_owned())
}

/// What the remote told people, in one line: at most three of its lines.
fn told(complaint: &str) -> String {
    let lines = complaint
        .lines()
        .filter_map(|line| line.strip_prefix("remote:"))
        .map(str::trim)
        .filter(|line| line.chars().any(char::is_alphanumeric));
    let lines: Vec<_> = lines.take(3).map(|line| escape::line(line)).collect();
    lines.join(" / ").trim_end_matches('.').to_owned()
}

/// The words that say most: those of the remote, else git's.
fn said(complaint: &str) -> String {
    let told = told(complaint);
    let mut lines = complaint
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let fatal = lines.clone().find_map(|line| {
        line.strip_prefix("fatal: ")
            .or(line.strip_prefix("error: "))
    });
    let own = fatal
        .or_else(|| lines.next_back())
        .unwrap_or("it does not say why");
    // ssh says the cause before git's general complaint.
    let ssh = complaint
        .lines()
        .find(|line| line.contains("Permission denied") || line.contains("verification failed"));
    let words = match (told.as_str(), ssh) {
        ("", Some(line)) => line,
        ("", None) => own,
        (told, _) => told,
    };
    escape::line(words.trim().trim_end_matches('.')).into_owned()
}
