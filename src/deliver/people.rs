//! Who makes a commit, in the form that a commit has them.

use git2::Signature;

use super::{branch::Error, settings::Settings};

/// Author and committer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct People {
    pub author: Person,
    pub committer: Person,
}

/// A person at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// `Name <email>`.
    pub name: String,
    /// Seconds since 1970 and the offset from UTC: `1700000000 +0100`.
    pub time: String,
}

impl Person {
    /// Reads `Name <email> 1700000000 +0100`.
    pub(super) fn parse(ident: &str) -> Option<Self> {
        let end = ident.rfind('>')? + 1;
        let (name, time) = ident.split_at(end);
        Some(Self {
            name: name.to_owned(),
            time: time.trim().to_owned(),
        })
    }

    /// As a line of a commit has it.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.name, self.time)
    }
}

/// The person that libgit2 found, less what `author.name` and its kin say otherwise, which it does not read.
pub(super) fn person(found: &Signature<'_>, settings: &Settings, role: &str) -> Person {
    let own = |what: &str, found: &[u8]| {
        let variable = format!("GIT_{}_{}", role.to_uppercase(), what.to_uppercase());
        let is_set = std::env::var_os(variable).is_some_and(|value| !value.is_empty());
        let configured = settings.get(&format!("{role}.{what}"));
        configured
            .filter(|_| !is_set)
            .and_then(plain)
            .unwrap_or_else(|| String::from_utf8_lossy(found).into_owned())
    };
    let when = found.when();
    let (sign, offset) = (when.sign(), when.offset_minutes().abs());
    Person {
        name: format!(
            "{} <{}>",
            own("name", found.name_bytes()),
            own("email", found.email_bytes())
        ),
        time: format!(
            "{} {sign}{:02}{:02}",
            when.seconds(),
            offset / 60,
            offset % 60
        ),
    }
}

/// A name or an e-mail without what would end it; `None` where nothing is left.
fn plain(text: &str) -> Option<String> {
    let allowed = |c: &char| !matches!(c, '<' | '>' | '\n' | '\r' | '\0');
    let plain: String = text.trim().chars().filter(allowed).collect();
    (!plain.is_empty()).then_some(plain)
}

/// The person that `--author` names, at the author's time.
pub(super) fn named(text: &str, author: &Person) -> Result<Person, Error> {
    let wrong = || {
        Error::new(format!(
            "`--author {text}` is not of the form `Name <email>`"
        ))
    };
    let (name, rest) = text.split_once('<').ok_or_else(wrong)?;
    let email = rest.trim_end().strip_suffix('>').ok_or_else(wrong)?;
    let has_ends = email.contains(['<', '>']) || name.contains('>') || text.contains(['\n', '\0']);
    if name.trim().is_empty() || email.trim().is_empty() || has_ends {
        return Err(wrong());
    }
    Ok(Person {
        name: format!("{} <{}>", name.trim(), email.trim()),
        time: author.time.clone(),
    })
}

/// Why there is nobody to commit as, and what to do. `role` is `author` or `committer`.
pub(super) fn no_identity(settings: &Settings, role: &str, error: &git2::Error) -> Error {
    let missing: Vec<&str> = ["user.name", "user.email"]
        .into_iter()
        .filter(|key| settings.get(key).is_none_or(str::is_empty))
        .collect();
    if missing.is_empty() {
        let variable = format!("GIT_{}_DATE", role.to_uppercase());
        // libgit2 has no words of its own for a date that it cannot read, and shows those of an earlier error.
        if std::env::var_os(&variable).is_some() && !error.message().contains("signature") {
            return Error::new(format!(
                "`{variable}` is set to no date that git reads; `2024-05-06T07:08:09Z` and `1714979289 +0000` are dates"
            ));
        }
        return Error::git("git's name and e-mail for commits cannot be used", error);
    }
    let shown: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
    Error::new(format!(
        "git's configuration has no {}; `git config --global {} …` sets it",
        shown.join(" and "),
        missing[0]
    ))
}
