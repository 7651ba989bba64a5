//! Tokens, and how they are kept out of everything that is shown.

use std::fmt;

use super::{Kind, Remote};

/// What stands where a secret was.
const HIDDEN: &str = "***";

/// Variable that names a token for whatever forge the remote is at; it wins over those of one forge.
pub const TOKEN_VARIABLE: &str = "GOMEND_FORGE_TOKEN";

/// Beginnings of tokens as the forges make them, and the least number of characters that follow.
/// Source: GitHub's and GitLab's lists of token prefixes.
const PREFIXES: [(&str, usize); 15] = [
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("gloas-", 12),
    ("gldt-", 12),
    ("glcbt-", 12),
    ("glptt-", 12),
    ("glft-", 12),
    ("glsoat-", 12),
    ("glrt-", 12),
    ("gto_", 16),
];

/// A forge's token. It prints as `***`; only [`Token::expose`] gives it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token, white space around it removed (files and pipes end in a line break); none where nothing is left, or
    /// where it has a character that no header can hold.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The secret itself: for the `Authorization` header and for git's credential protocol, never for arguments,
    /// messages or URLs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// The token that the environment holds for this remote, and the variable that held it. `variable` gives a variable's
/// value ([`std::env::var`] outside tests).
///
/// [`TOKEN_VARIABLE`] goes first. Then the forge's own: `GH_TOKEN` and `GITHUB_TOKEN` for github.com (and for the host of
/// `GITHUB_SERVER_URL`, which GitHub's runners set), `GH_ENTERPRISE_TOKEN` and `GITHUB_ENTERPRISE_TOKEN` for every other
/// GitHub; `GITEA_TOKEN` and `FORGEJO_TOKEN`; `GITLAB_TOKEN`. A job token of GitLab cannot open merge requests and is not
/// taken.
pub fn from_environment(
    kind: Kind,
    remote: &Remote,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<(Token, &'static str)> {
    let own: &[&'static str] = match kind {
        Kind::Github if is_public_github(remote, &variable) => &["GH_TOKEN", "GITHUB_TOKEN"],
        Kind::Github => &["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"],
        Kind::Gitea => &["GITEA_TOKEN", "FORGEJO_TOKEN"],
        Kind::Gitlab => &["GITLAB_TOKEN"],
    };
    let mut names = [TOKEN_VARIABLE].into_iter().chain(own.iter().copied());
    names.find_map(|name| Some((Token::new(&variable(name)?)?, name)))
}

/// A token for github.com must not reach another host, so the plain variables count only where they are meant for it.
fn is_public_github(remote: &Remote, variable: &impl Fn(&str) -> Option<String>) -> bool {
    let host = remote.host.as_str();
    host == "github.com"
        || host.ends_with(".ghe.com")
        || variable("GITHUB_SERVER_URL")
            .and_then(|url| url.split_once("://").map(|(_, rest)| rest.to_owned()))
            .is_some_and(|rest| {
                rest.split(['/', ':'])
                    .next()
                    .is_some_and(|server| server.eq_ignore_ascii_case(host))
            })
}

/// `text` without secrets: the token itself, what looks like a forge's token, and the user part of URLs. For whatever
/// comes from a forge or from the git program and is shown.
pub fn redact(text: &str, token: Option<&Token>) -> String {
    let mut text = text.to_owned();
    if let Some(Token(secret)) = token {
        text = text.replace(secret.as_str(), HIDDEN);
    }
    for (prefix, least) in PREFIXES {
        text = hide_after(&text, prefix, least);
    }
    hide_users(&text)
}

/// Replaces each word that begins with `prefix` and goes on for `least` characters or more.
fn hide_after(text: &str, prefix: &str, least: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let (before, word) = rest.split_at(at);
        let end = word
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)))
            .unwrap_or(word.len());
        out.push_str(before);
        if end >= prefix.len() + least {
            out.push_str(HIDDEN);
        } else {
            out.push_str(&word[..end]);
        }
        rest = &word[end..];
    }
    out.push_str(rest);
    out
}

/// Replaces `user:password@` and `token@` behind `://`.
fn hide_users(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|letter: char| letter.is_whitespace() || "/?#'\"`<>".contains(letter))
            .unwrap_or(after.len());
        match after[..end].rfind('@') {
            // `git@` of an ssh URL names an account that everybody has.
            Some(user) if &after[..user] != "git" => {
                out.push_str(HIDDEN);
                rest = &after[user..];
            }
            _ => rest = after,
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "s3cr3t-of-mine";

    #[test]
    fn a_token_prints_as_stars() {
        let token = Token::new(&format!(" {SECRET}\n")).expect("it is a token");
        assert_eq!(token.expose(), SECRET);
        assert_eq!(
            format!("{token} {token:?} {:?}", Some(&token)),
            "*** *** Some(***)"
        );
        assert_eq!(Token::new(" \n"), None);
        assert_eq!(Token::new("two words"), None);
        assert_eq!(Token::new("a\r\nX-Injected: 1"), None);
    }

    #[test]
    fn secrets_are_removed_from_text() {
        let token = Token::new(SECRET);
        let cases = [
            ("bad credentials s3cr3t-of-mine.", "bad credentials ***."),
            (
                "remote: ghp_0123456789abcdef0123 and glpat-abcdefghijklmnop!",
                "remote: *** and ***!",
            ),
            ("ghp_ and glpat-short stay", "ghp_ and glpat-short stay"),
            (
                "unable to access 'https://me:pa@ss@host/a.git/': denied",
                "unable to access 'https://***@host/a.git/': denied",
            ),
            (
                "https://host/a@b ssh://git@host/x",
                "https://host/a@b ssh://git@host/x",
            ),
            ("https://x@a https://y@b", "https://***@a https://***@b"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text, token.as_ref()), expected);
        }
    }

    #[test]
    fn the_environment_gives_a_token_to_the_host_that_it_is_for() {
        let found = |kind, url: &str, variables: &[(&str, &str)]| {
            let remote = Remote::parse(url).expect("a remote");
            let value = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name)?;
                Some(found.1.to_owned())
            };
            from_environment(kind, &remote, value).map(|(token, name)| (token.0, name))
        };
        let github = ("GITHUB_TOKEN", "a");
        let public = "https://github.com/o/n";
        let own = "https://git.example.org/o/n";
        let some = |token: &str, name| Some((token.to_owned(), name));
        assert_eq!(
            found(Kind::Github, public, &[github]),
            some("a", "GITHUB_TOKEN")
        );
        assert_eq!(
            found(
                Kind::Github,
                public,
                &[github, ("GH_TOKEN", ""), (TOKEN_VARIABLE, "b")]
            ),
            some("b", TOKEN_VARIABLE)
        );
        assert_eq!(found(Kind::Github, own, &[github]), None);
        assert_eq!(
            found(
                Kind::Github,
                own,
                &[github, ("GITHUB_SERVER_URL", "https://git.example.org")]
            ),
            some("a", "GITHUB_TOKEN")
        );
        assert_eq!(
            found(Kind::Github, own, &[github, ("GH_ENTERPRISE_TOKEN", "c")]),
            some("c", "GH_ENTERPRISE_TOKEN")
        );
        assert_eq!(found(Kind::Gitlab, own, &[github]), None);
        assert_eq!(
            found(Kind::Gitea, own, &[github, ("FORGEJO_TOKEN", "d")]),
            some("d", "FORGEJO_TOKEN")
        );
    }
}
