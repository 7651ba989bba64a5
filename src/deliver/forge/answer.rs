//! What a forge's answer means: its message as one line without secrets, and an error with the next step.

use serde_json::Value;
use ureq::http::{HeaderMap, StatusCode};

use super::{Error, ErrorKind, Kind, Token, token::redact};

/// Longest message of a forge that is quoted, in characters.
const LONGEST_QUOTE: usize = 300;

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Where it redirects to.
    pub(super) fn location(&self) -> Option<&str> {
        let redirects = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        let location = self.headers.get("location").filter(|_| redirects)?;
        location.to_str().ok()
    }

    /// What it says, in one line without secrets; empty where it says nothing in JSON.
    pub(super) fn message(&self, token: Option<&Token>) -> String {
        let Ok(value) = serde_json::from_slice::<Value>(&self.body) else {
            return String::new();
        };
        let mut parts = Vec::new();
        for name in ["message", "error", "error_description", "errors"] {
            if let Some(value) = value.get(name) {
                sentences(value, "", &mut parts);
            }
        }
        parts.dedup();
        let text = plain(&redact(&parts.join(": "), token));
        match text.char_indices().nth(LONGEST_QUOTE) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// The texts of a forge's error: GitHub's `errors` are objects with a message or a field and a code, GitLab's `message`
/// may be a list or name fields.
fn sentences(value: &Value, field: &str, out: &mut Vec<String>) {
    match value {
        Value::String(text) if field.is_empty() => out.push(text.clone()),
        Value::String(text) => out.push(format!("{field} {text}")),
        Value::Array(items) => items.iter().for_each(|item| sentences(item, field, out)),
        Value::Object(map) => {
            let text = |name: &str| map.get(name).and_then(Value::as_str);
            match (text("message"), text("field"), text("code")) {
                (Some(message), _, _) => out.push(message.to_owned()),
                (None, Some(field), Some(code)) => out.push(format!("{field} is {code}")),
                _ => map.iter().for_each(|(key, value)| {
                    // What belongs to no field is called `base` by GitLab.
                    let field = if key == "base" { "" } else { key };
                    sentences(value, field, out);
                }),
            }
        }
        _ => {}
    }
}

/// `text` in one line, without what a terminal would take for a command.
pub(super) fn plain(text: &str) -> String {
    let spaced = text.replace(|letter: char| letter.is_control(), " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Number and name of a status.
pub(super) fn status(code: u16) -> String {
    match StatusCode::from_u16(code)
        .ok()
        .and_then(|code| code.canonical_reason())
    {
        Some(reason) => format!("{code} {reason}"),
        None => code.to_string(),
    }
}

/// Variables that may hold a token for this kind, for messages.
fn variables(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Github) => "GITHUB_TOKEN (GH_ENTERPRISE_TOKEN outside github.com)",
        Some(Kind::Gitea) => "GITEA_TOKEN",
        Some(Kind::Gitlab) => "GITLAB_TOKEN",
        None => super::TOKEN_VARIABLE,
    }
}

/// What a token must be allowed.
fn scopes(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Github) => "`repo` (or contents and pull requests: write)",
        Some(Kind::Gitea) => "`write:repository` and `write:issue`",
        _ => "`api`",
    }
}

/// There is no token, and `what` needs one.
pub(super) fn no_token(kind: Option<Kind>, host: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::NoToken,
        format!("no token for `{host}`, so gomend cannot {what}"),
    )
    .help(format!(
        "put one with {} into {}",
        scopes(kind),
        variables(kind)
    ))
}

/// The error of an answer that is not a success.
pub(super) fn refusal(
    answer: &Answer,
    kind: Option<Kind>,
    host: &str,
    token: Option<&Token>,
    what: &str,
) -> Error {
    let message = answer.message(token);
    let quoted = if message.is_empty() {
        status(answer.status)
    } else {
        // A quote within would end the quotation.
        format!("`{}`", message.replace('`', "'"))
    };
    let error = |kind, text: String| Error::new(kind, format!("{text}: {quoted}"));
    match answer.status {
        401 if token.is_none() => no_token(kind, host, what),
        401 => error(
            ErrorKind::Unauthorized,
            format!("`{host}` does not accept the token"),
        )
        .help(format!(
            "it is wrong or has expired; put a new one with {} into {}",
            scopes(kind),
            variables(kind)
        )),
        423 => archived(what, &quoted),
        403 if message.contains("archived") => archived(what, &quoted),
        403 => error(
            ErrorKind::Forbidden,
            format!("the token may not {what} at `{host}`"),
        )
        .help(forbidden_step(answer, kind, &message)),
        404 => {
            let seen = if token.is_some() {
                "the token cannot see it"
            } else {
                "it cannot be seen without a token"
            };
            error(
                ErrorKind::NotFound,
                format!("cannot {what} at `{host}`: it is not there, or {seen}"),
            )
            .help("check the remote's URL, and that the token has access to the repository")
        }
        400 | 405 | 406 | 409 | 410 | 412 | 413 | 422 => {
            let refused = error(ErrorKind::Refused, format!("`{host}` refused to {what}"));
            match refused_step(&message) {
                Some(step) => refused.help(step),
                None => refused,
            }
        }
        _ => error(
            ErrorKind::Unexpected,
            format!("cannot {what} at `{host}`: it answers what gomend does not expect"),
        )
        .help(format!("check --forge and {}", super::API_VARIABLE)),
    }
}

fn archived(what: &str, quoted: &str) -> Error {
    Error::new(
        ErrorKind::Archived,
        format!("cannot {what}: the repository is archived: {quoted}"),
    )
    .help("ask its owner to take it out of the archive, or name another --remote")
}

/// What helps against the refusals that forges are known for; any other speaks for itself.
fn refused_step(message: &str) -> Option<&'static str> {
    let steps: [(&[&str], &str); 5] = [
        (
            &["head is invalid", "source_branch does not exist"],
            "push the branch first, and check that the token can see where it is",
        ),
        (
            &["base is invalid", "target_branch does not exist"],
            "check --base: the forge has no such branch",
        ),
        (
            &[
                "No commits between",
                "no changes between",
                "same project/branch",
            ],
            "there is nothing to merge: the base holds all commits of the branch",
        ),
        (
            &["Draft pull requests are not supported"],
            "leave out --draft",
        ),
        (
            &["is too long"],
            "shorten the title or the template of the body",
        ),
    ];
    let named = |words: &[&str]| words.iter().any(|words| message.contains(words));
    let step = steps.into_iter().find(|(words, _)| named(words));
    step.map(|(_, step)| step)
}

/// What helps against a 403.
fn forbidden_step(answer: &Answer, kind: Option<Kind>, message: &str) -> String {
    let sso = answer.headers.get("x-github-sso");
    if let Some(sso) = sso.and_then(|value| value.to_str().ok()) {
        return match sso.split_once("url=") {
            Some((_, url)) => format!("authorize the token for the organization at {}", plain(url)),
            None => "authorize the token for the organization's single sign-on".to_owned(),
        };
    }
    if message.contains("not permitted to create or approve pull requests") {
        return "allow it in the repository's settings: Actions, General, Workflow permissions"
            .to_owned();
    }
    if message.contains("not accessible by integration") {
        return "give the job `permissions: { contents: write, pull-requests: write, issues: write }`".to_owned();
    }
    let permissions = answer.headers.get("x-accepted-github-permissions");
    if let Some(permissions) = permissions.and_then(|value| value.to_str().ok()) {
        return format!("use a token with the permissions `{}`", plain(permissions));
    }
    format!(
        "use a token with {}, of an account that may do this",
        scopes(kind)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn messages_of_forges_become_one_line() {
        let cases = [
            (r#"{"message":"Not Found"}"#, "Not Found"),
            (
                r#"{"message":"Validation Failed","errors":[{"resource":"PullRequest","field":"head","code":"invalid"},{"code":"custom","message":"No commits"}]}"#,
                "Validation Failed: head is invalid: No commits",
            ),
            (
                r#"{"message":["Another open merge request"]}"#,
                "Another open merge request",
            ),
            (
                r#"{"message":{"base":["Wrong."],"title":["is too long"]}}"#,
                "Wrong.: title is too long",
            ),
            (r#"{"error":"title is missing"}"#, "title is missing"),
            ("{\"message\":\"a\\u001b[31m\\nb\"}", "a [31m b"),
            (
                r#"{"message":"for s3cr3t and https://u:p@h/"}"#,
                "for *** and https://***@h/",
            ),
            ("<html>", ""),
            ("[]", ""),
        ];
        let token = Token::new("s3cr3t");
        for (body, expected) in cases {
            assert_eq!(answer(422, body).message(token.as_ref()), expected);
        }
        let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(1000));
        let message = answer(422, &long).message(None);
        assert_eq!(message.chars().count(), LONGEST_QUOTE + 1);
        assert!(message.ends_with("é…"), "{message}");
    }
}
