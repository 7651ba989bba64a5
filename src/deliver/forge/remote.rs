//! Where a repository lives, as a remote's URL says it. Which URL that is (`pushurl`, `insteadOf`) is git's to say.

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use super::{Error, ErrorKind, token::redact};

/// The family of a forge, by its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// github.com, and GitHub Enterprise (REST API v3).
    Github,
    /// Gitea and Forgejo (API v1); codeberg.org is one.
    Gitea,
    /// gitlab.com, and GitLab elsewhere (API v4).
    Gitlab,
}

impl Kind {
    /// The values of `--forge`, in the order in which help shows them.
    pub const ALL: [Self; 3] = [Self::Github, Self::Gitea, Self::Gitlab];

    /// The value of `--forge`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitea => "gitea",
            Self::Gitlab => "gitlab",
        }
    }

    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitea => "Gitea",
            Self::Gitlab => "GitLab",
        }
    }

    /// What the forge calls the thing that asks for a merge.
    pub fn request(self) -> &'static str {
        match self {
            Self::Github | Self::Gitea => "pull request",
            Self::Gitlab => "merge request",
        }
    }

    /// Most characters that the body of a pull request may have. Gitea sets no limit; it gets GitLab's.
    /// Source: GitHub's message "body is too long (maximum is 65536 characters)"; GitLab, "Application limits".
    pub fn longest_body(self) -> usize {
        match self {
            Self::Github => 65_536,
            Self::Gitea | Self::Gitlab => 1_048_576,
        }
    }

    /// The kind of the forges that everybody knows.
    fn of_host(host: &str) -> Option<Self> {
        match host {
            "github.com" => Some(Self::Github),
            "gitlab.com" => Some(Self::Gitlab),
            "codeberg.org" | "gitea.com" => Some(Self::Gitea),
            _ => host.ends_with(".ghe.com").then_some(Self::Github),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = Error;

    /// Reads a value of `--forge`; `forgejo` is taken for `gitea`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "github" => Ok(Self::Github),
            "gitea" | "forgejo" => Ok(Self::Gitea),
            "gitlab" => Ok(Self::Gitlab),
            _ => Err(
                Error::new(ErrorKind::Usage, format!("unknown forge `{text}`"))
                    .help("use github, gitea (Forgejo too) or gitlab"),
            ),
        }
    }
}

/// A repository at a forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// What the host is known to run; `None` where it must be asked for.
    pub kind: Option<Kind>,
    /// Lower case, without a port; an IPv6 address stands in brackets.
    pub host: String,
    /// Port of the forge's web server, where an `http://` or `https://` URL has one. An ssh port says nothing about it.
    pub port: Option<u16>,
    /// The URL is `http://`. Tokens go over plain HTTP to loopback addresses only.
    pub insecure: bool,
    /// Account, organisation or group; with `/` where groups nest, as they do on GitLab.
    pub owner: String,
    /// Of the repository, without `.git`.
    pub name: String,
}

impl Remote {
    /// Reads `https://`, `http://` and `ssh://` URLs and git's short form `git@host:owner/name.git`. User names and
    /// passwords in the URL are left out, and no error shows them.
    ///
    /// # Errors
    /// It is a path, or a URL that no forge is behind, or it does not end in an owner and a name.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let url = url.trim();
        let (web, authority, path) = match url.split_once("://") {
            Some((scheme, _)) => split_url(scheme, url)?,
            None => split_short(url).ok_or_else(|| not_a_forge(url, "is a path"))?,
        };
        let (host, port) = split_port(&authority).ok_or_else(|| not_a_forge(url, "has no host"))?;
        let host = match host.to_ascii_lowercase().as_str() {
            // ssh through port 443.
            "ssh.github.com" | "www.github.com" => "github.com".to_owned(),
            "altssh.gitlab.com" | "www.gitlab.com" => "gitlab.com".to_owned(),
            host => host.to_owned(),
        };
        let (owner, name) =
            split_path(&path).ok_or_else(|| not_a_forge(url, "does not end in `owner/name`"))?;
        Ok(Self {
            kind: Kind::of_host(&host),
            host,
            port: port.filter(|_| web.is_some()),
            insecure: web == Some(Web::Http),
            owner,
            name,
        })
    }

    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Host, and port where the URL has one.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Address of the forge's web server, without a slash at its end.
    pub fn server(&self) -> String {
        let scheme = if self.insecure { "http" } else { "https" };
        format!("{scheme}://{}", self.authority())
    }
}

/// Scheme of a URL that names the web server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Web {
    Http,
    Https,
}

fn not_a_forge(url: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("remote `{}` {why}", redact(url, None)),
    )
    .help("name a remote at a forge, such as https://github.com/owner/name or git@host:owner/name.git")
}

/// Scheme where it is the web's, host with port, and path of a URL.
fn split_url(scheme: &str, url: &str) -> Result<(Option<Web>, String, String), Error> {
    let web = match scheme.to_ascii_lowercase().as_str() {
        "https" => Some(Web::Https),
        "http" => Some(Web::Http),
        "ssh" | "git+ssh" | "ssh+git" => None,
        _ => return Err(not_a_forge(url, "is not at a forge")),
    };
    let uri: Uri = url
        .parse()
        .map_err(|_| not_a_forge(url, "is not a URL that can be read"))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let path = percent_decode_str(uri.path())
        .decode_utf8()
        .map_err(|_| not_a_forge(url, "is not UTF-8"))?;
    Ok((web, authority.to_owned(), path.into_owned()))
}

/// Host and path of `user@host:path`. As git reads it: no slash stands before the colon, and a host that holds colons
/// itself, or a port, is in brackets.
fn split_short(url: &str) -> Option<(Option<Web>, String, String)> {
    let (user_at, rest) = match url.find(['@', '/', ':']) {
        Some(at) if url[at..].starts_with('@') => url.split_at(at + 1),
        _ => ("", url),
    };
    let (host, path) = if let Some(inside) = rest.strip_prefix('[') {
        let (inside, path) = inside.split_once("]:")?;
        // `[host:port]` and `[::1]` are both git's.
        let address = inside.matches(':').count() > 1;
        let host = if address {
            format!("[{inside}]")
        } else {
            inside.to_owned()
        };
        (host, path)
    } else {
        let (host, path) = rest.split_once(':')?;
        (host.to_owned(), path)
    };
    // One letter without a user is a drive of Windows.
    let is_path =
        host.is_empty() || host.contains(['/', '\\']) || (user_at.is_empty() && host.len() == 1);
    (!is_path).then(|| (None, host, path.to_owned()))
}

/// Host, and port where there is one. `None` where there is no host or the port is no number.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority[end..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(end + colon);
            let port = &port[1..];
            // `https://host:/` has an empty port, which is none.
            let port = (!port.is_empty())
                .then(|| port.parse::<u16>())
                .transpose()
                .ok()?;
            (host, port)
        }
        None => (authority, None),
    };
    (!host.is_empty()).then_some((host, port))
}

/// Owner and name of a path.
fn split_path(path: &str) -> Option<(String, String)> {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
    if !path.split('/').all(plain) {
        return None;
    }
    let (owner, name) = path.rsplit_once('/')?;
    Some((owner.to_owned(), name.to_owned()))
}

#[cfg(test)]
mod tests;
