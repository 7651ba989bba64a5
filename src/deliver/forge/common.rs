//! What the three forges have in common once their answers are read.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    Change, Created, Error, ErrorKind, Forge, Head, Kind, NewPullRequest, PullRequest, Refused,
    Repository, State, http::Http,
};

/// Longest wait between two looks whether a fork is there.
const LONGEST_LOOK: Duration = Duration::from_secs(8);

/// Names in a fixed order, each once.
pub(super) fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// Pull requests by number, highest first.
pub(super) fn newest_first(
    found: impl Iterator<Item = Result<PullRequest, Error>>,
) -> Result<Vec<PullRequest>, Error> {
    let mut found: Vec<PullRequest> = found.collect::<Result<_, _>>()?;
    found.sort_by_key(|pull| std::cmp::Reverse(pull.number));
    Ok(found)
}

/// Accounts, and the names of teams that are written `org/team`.
pub(super) fn split_teams(reviewers: &[String]) -> (Vec<&str>, Vec<&str>) {
    let mut users = Vec::new();
    let mut teams = Vec::new();
    for reviewer in reviewers {
        match reviewer.rsplit_once('/') {
            Some((_, team)) => teams.push(team),
            None => users.push(reviewer.as_str()),
        }
    }
    (users, teams)
}

/// Does `ask` for each name by itself, after all together were refused; those that are refused alone are given back.
pub(super) fn one_by_one(
    names: &[String],
    ask: impl Fn(&[String]) -> Result<(), Error>,
) -> Result<Vec<Refused>, Error> {
    let mut refused = Vec::new();
    for name in names {
        match ask(std::slice::from_ref(name)) {
            Ok(()) => {}
            Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
                refused.push(Refused {
                    name: name.clone(),
                    reason: error.message,
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// For errors about opening: what is opened, from where to where.
pub(super) fn opening(kind: Kind, new: &NewPullRequest) -> String {
    format!(
        "open a {} of `{}` into `{}`",
        kind.request(),
        new.head,
        new.base
    )
}

/// The open pull request for this head and base.
pub(super) fn open_one(
    forge: &dyn Forge,
    head: &Head,
    base: &str,
) -> Result<Option<PullRequest>, Error> {
    let found = forge.find(head, Some(base))?;
    Ok(found.into_iter().find(|pull| pull.state == State::Open))
}

/// After an answer that was lost: the pull request, if it was opened; one with another text was there before.
pub(super) fn opened(forge: &dyn Forge, new: &NewPullRequest) -> Result<Option<Created>, Error> {
    let found = open_one(forge, &new.head, &new.base)?;
    Ok(found.map(|pull| {
        if pull.title == new.title && same_text(&pull.body, &new.body) {
            Created::New(pull)
        } else {
            Created::Existing(pull)
        }
    }))
}

/// After a refusal: the pull request that was there already, if that is why. The forges' words for it differ and change,
/// so what is there decides.
pub(super) fn or_existing(
    forge: &dyn Forge,
    new: &NewPullRequest,
    result: Result<Created, Error>,
) -> Result<Created, Error> {
    match result {
        Err(error) if error.kind == ErrorKind::Refused => {
            let found = open_one(forge, &new.head, &new.base)?;
            found.map(Created::Existing).ok_or(error)
        }
        result => result,
    }
}

/// The fields of a change, by this forge's names for body and base.
pub(super) fn fields(change: &Change, body: &str, base: &str) -> Value {
    let mut fields = Map::new();
    for (name, value) in [
        ("title", &change.title),
        (body, &change.body),
        (base, &change.base),
    ] {
        if let Some(value) = value {
            fields.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(fields)
}

/// Whether two texts are the same to a forge, which may change ends of lines and the white space at the end.
pub(super) fn same_text(left: &str, right: &str) -> bool {
    let lines = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    lines(left) == lines(right)
}

/// Closes by `close` what is open.
pub(super) fn closed(
    forge: &dyn Forge,
    number: u64,
    close: impl FnOnce() -> Result<PullRequest, Error>,
) -> Result<(), Error> {
    if forge.get(number)?.state != State::Open {
        return Ok(());
    }
    close().map(drop)
}

/// Looks until the fork can be pushed to: forges make them in the background.
pub(super) fn wait_until(
    http: &Http,
    fork: &Repository,
    ready: impl Fn() -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut wait = Duration::from_secs(1);
    while !ready()? {
        let name = fork.full_name();
        if !http.limits.pause(wait, &format!("the fork `{name}`")) {
            return Err(Error::new(
                ErrorKind::Limited,
                format!("the fork `{name}` is not ready yet"),
            )
            .help("run again in a few minutes"));
        }
        wait = LONGEST_LOOK.min(wait * 2);
    }
    Ok(())
}

/// A title without the marks of a draft at its beginning (`marks`, in lower case), and whether it had one.
pub(super) fn unmarked<'a>(title: &'a str, marks: &[&str]) -> (&'a str, bool) {
    let mut rest = title.trim_start();
    let mut marked = false;
    'again: loop {
        for mark in marks {
            let begins = rest
                .get(..mark.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(mark));
            if begins {
                rest = rest[mark.len()..].trim_start();
                marked = true;
                continue 'again;
            }
        }
        return if marked { (rest, true) } else { (title, false) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_drafts_are_taken_off() {
        let marks = ["draft:", "[draft]"];
        for (title, expected) in [
            ("Draft: mend", ("mend", true)),
            ("[DRAFT] mend", ("mend", true)),
            ("draft: [draft]mend", ("mend", true)),
            ("Drafts: mend", ("Drafts: mend", false)),
            ("WIP: mend", ("WIP: mend", false)),
            ("  mend", ("  mend", false)),
            ("é", ("é", false)),
        ] {
            assert_eq!(unmarked(title, &marks), expected, "{title}");
        }
    }

    #[test]
    fn teams_are_told_from_accounts() {
        let names = ["ada", "org/core", "group/sub/team"].map(str::to_owned);
        assert_eq!(split_teams(&names), (vec!["ada"], vec!["core", "team"]));
    }
}
