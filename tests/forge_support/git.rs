//! Smart HTTP for git: `git http-backend` as a CGI program over the bare repositories.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{
    server::{Reply, Request, unescape},
    world::World,
};
use crate::support;

/// What a git request may do, found out before git runs.
pub enum Access {
    /// git may run, as this account.
    Granted {
        root: PathBuf,
        path: String,
        user: Option<String>,
    },
    /// The answer is known already.
    Answer(Reply),
}

/// Name of the repository and the rest of the path, where a request is git's.
pub fn repository(path: &str) -> Option<(&str, &str)> {
    let at = path.find(".git/")?;
    Some((&path[1..at], &path[at + 5..]))
}

/// Who asks, by `Authorization: Basic` with the token as password (or as user, which Gitea takes too).
fn user(world: &World, request: &Request) -> Result<Option<String>, Reply> {
    let wrong = || Reply::empty(401).with("WWW-Authenticate", "Basic realm=\"test forge\"");
    let Some(header) = request.header("authorization") else {
        return Ok(None);
    };
    let secret = header
        .strip_prefix("Basic ")
        .and_then(decode)
        .ok_or_else(wrong)?;
    let (user, password) = secret.split_once(':').ok_or_else(wrong)?;
    let account = world.by_token(password).or_else(|| world.by_token(user));
    account
        .map(|account| Some(account.login.clone()))
        .ok_or_else(wrong)
}

/// Whether the request may go on.
pub fn access(world: &World, request: &Request, origin: &str) -> Access {
    let (name, rest) = repository(&request.path).expect("asked for before");
    let name = unescape(name);
    let user = match user(world, request) {
        Ok(user) => user,
        Err(reply) => return Access::Answer(reply),
    };
    let Some(repo) = world.repo(&name) else {
        return Access::Answer(match world.moved(&name) {
            Some(repo) => {
                let query = if request.query.is_empty() { "" } else { "?" };
                let to = format!(
                    "{origin}/{}.git/{rest}{query}{}",
                    repo.full_name(),
                    request.query
                );
                Reply::empty(301).with("Location", to)
            }
            None => Reply::empty(404),
        });
    };
    let writer = user
        .as_ref()
        .is_some_and(|user| repo.writers.contains(user));
    let pushes = rest == "git-receive-pack"
        || (rest == "info/refs" && request.query.contains("git-receive-pack"));
    if user.is_none() && (pushes || repo.private) {
        let ask = Reply::empty(401).with("WWW-Authenticate", "Basic realm=\"test forge\"");
        return Access::Answer(ask);
    }
    if repo.private && !writer {
        return Access::Answer(Reply::empty(404));
    }
    if pushes && (!writer || repo.archived) {
        let mut reply = Reply::empty(403).with("Content-Type", "text/plain");
        let why = if repo.archived {
            "This repository was archived so it is read-only."
        } else {
            "Write access to repository not granted."
        };
        reply.body = why.as_bytes().to_vec();
        return Access::Answer(reply);
    }
    Access::Granted {
        root: world.root.clone(),
        path: format!("/{name}.git/{rest}"),
        user,
    }
}

/// Runs git for a request.
pub fn run(root: &Path, path: &str, user: Option<&str>, request: &Request) -> Reply {
    let mut command = support::command("git");
    command
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", path)
        .env("QUERY_STRING", &request.query)
        .env("REQUEST_METHOD", &request.method)
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("REMOTE_ADDR", "127.0.0.1");
    for (header, variable) in [
        ("content-type", "CONTENT_TYPE"),
        ("content-encoding", "HTTP_CONTENT_ENCODING"),
        ("git-protocol", "GIT_PROTOCOL"),
    ] {
        if let Some(value) = request.header(header) {
            command.env(variable, value);
        }
    }
    if let Some(user) = user {
        command.env("REMOTE_USER", user);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git is installed");
    let mut input = child.stdin.take().expect("it is piped");
    let body = request.body.clone();
    let writer = std::thread::spawn(move || {
        // git may end before it has read all.
        let _ = input.write_all(&body);
    });
    let output = child.wait_with_output().expect("git ends").stdout;
    writer.join().expect("writing does not panic");
    parse(&output)
}

/// The answer of a CGI program: headers, `Status` among them, and the body.
fn parse(output: &[u8]) -> Reply {
    let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.expect("a CGI program writes headers");
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let mut reply = Reply::empty(200);
    for line in head.lines() {
        let (name, value) = line.split_once(": ").expect("a header");
        if name == "Status" {
            let code = value.split(' ').next().expect("a status");
            reply.status = code.parse().expect("a status");
        } else {
            reply.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    reply.body = output[end + 4..].to_vec();
    reply
}

/// Base64 (RFC 4648), as `Authorization: Basic` has it.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut bits = 0u32;
    let mut count = 0;
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).expect("eight bits"));
        }
    }
    String::from_utf8(bytes).ok()
}
