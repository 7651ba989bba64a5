//! The token: from the environment, else from git's credential helpers.

use std::env;

use crate::{
    cli::error::Error,
    deliver::{
        forge::{Kind, Remote, TOKEN_VARIABLE, Token, from_environment},
        push::Credential,
    },
    git::Git,
};

/// Finds a token for the forge of `remote`, and what git is to be given of it: nothing where git has it by itself.
pub fn find(
    git: &Git,
    kind: Kind,
    remote: &Remote,
    url: &str,
) -> (Option<Token>, Option<Credential>) {
    let variable = |name: &str| env::var(name).ok();
    if let Some((token, _)) = from_environment(kind, remote, variable) {
        let credential = Credential {
            token: token.clone(),
            kind,
            server: remote.server(),
        };
        return (Some(token), Some(credential));
    }
    (from_git(git, remote, url), None)
}

/// What git would log in with.
fn from_git(git: &Git, remote: &Remote, url: &str) -> Option<Token> {
    let asked = if url.starts_with("http") {
        format!("url={url}\n\n")
    } else {
        format!("url={}/{}\n\n", remote.server(), remote.full_name())
    };
    let output = git.run(&["credential", "fill"], asked.as_bytes()).ok()?;
    let answer = output.text();
    let password = answer
        .lines()
        .find_map(|line| line.strip_prefix("password="))?;
    Token::new(password)
}

/// That there is none, and how to give one.
pub fn missing(kind: Kind, remote: &Remote) -> Error {
    let own = match kind {
        Kind::Github if remote.host == "github.com" => "GH_TOKEN or GITHUB_TOKEN",
        Kind::Github => "GH_ENTERPRISE_TOKEN",
        Kind::Gitea => "GITEA_TOKEN or FORGEJO_TOKEN",
        Kind::Gitlab => "GITLAB_TOKEN",
    };
    Error::new(format!(
        "there is no token for {} at `{}`",
        kind.title(),
        remote.authority()
    ))
    .help(format!(
        "set {TOKEN_VARIABLE}, {own}, or store one with git's credential helper"
    ))
}
