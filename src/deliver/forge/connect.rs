//! Makes a connection: which forge it is, where its API is, and what of the remote's path is the repository.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    API_VARIABLE, Error, ErrorKind, Forge, Kind, Options, Remote, Token, gitea::Gitea,
    github::Github, gitlab::Gitlab, http::Http,
};

/// Characters that stand for themselves in a part of a path and in a query (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text` as one part of a path, or a value of a query; slashes are escaped too.
pub(super) fn escape(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// See [`super::connect`].
pub(super) fn connect(
    remote: &Remote,
    token: Option<&Token>,
    options: &Options,
) -> Result<Box<dyn Forge>, Error> {
    // A variable that is empty is one that is not set.
    let named = options.api.as_deref().filter(|api| !api.is_empty());
    let kind = match options.kind.or(remote.kind) {
        Some(kind) => kind,
        None => match named.and_then(kind_of_api) {
            Some(kind) => kind,
            None => probe(remote, options)?,
        },
    };
    let api = match named {
        Some(api) => api.to_owned(),
        None => api_of(kind, remote),
    };
    let (owner, name) = repository_of(kind, remote, named)?;
    let http = Http::new(&api, Some(kind), token.cloned(), options)?;
    Ok(match kind {
        Kind::Github => Box::new(Github::new(http, owner, name)),
        Kind::Gitea => Box::new(Gitea::new(http, owner, name)),
        Kind::Gitlab => Box::new(Gitlab::new(http, owner, name)),
    })
}

/// The kind that an API's path names.
fn kind_of_api(api: &str) -> Option<Kind> {
    let api = api.trim_end_matches('/');
    [
        ("/api/v3", Kind::Github),
        ("/api/v1", Kind::Gitea),
        ("/api/v4", Kind::Gitlab),
    ]
    .into_iter()
    .find_map(|(end, kind)| api.ends_with(end).then_some(kind))
}

/// Where the API of a kind usually is.
fn api_of(kind: Kind, remote: &Remote) -> String {
    match kind {
        Kind::Github if remote.host == "github.com" => "https://api.github.com".to_owned(),
        Kind::Github if remote.host.ends_with(".ghe.com") => {
            format!("https://api.{}", remote.host)
        }
        Kind::Github => format!("{}/api/v3", remote.server()),
        Kind::Gitea => format!("{}/api/v1", remote.server()),
        Kind::Gitlab => format!("{}/api/v4", remote.server()),
    }
}

/// Owner and name of the repository. A forge below a path of its host (`https://host/git/owner/name`) shows in the
/// address of the API, and its path is no part of the owner's name.
fn repository_of(
    kind: Kind,
    remote: &Remote,
    api: Option<&str>,
) -> Result<(String, String), Error> {
    let mut owner = remote.owner.as_str();
    let path = api
        .and_then(|api| api.split_once("://"))
        .and_then(|(_, rest)| rest.split_once('/'))
        .and_then(|(_, path)| path.split_once("/api/v"));
    if let Some((prefix, _)) = path {
        let inside = owner
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('/'));
        owner = inside.unwrap_or(owner);
    }
    if kind != Kind::Gitlab && owner.contains('/') {
        return Err(Error::new(
            ErrorKind::Usage,
            format!(
                "`{owner}/{}` is no repository of {}: it has more parts than owner and name",
                remote.name,
                kind.title()
            ),
        )
        .help(if remote.kind.is_some() {
            "check the remote's URL".to_owned()
        } else {
            format!("name the address of the API in {API_VARIABLE} if the forge is below a path of its host")
        }));
    }
    Ok((owner.to_owned(), remote.name.clone()))
}

/// Asks the host what it is: one request without a token for each kind until one is recognised.
fn probe(remote: &Remote, options: &Options) -> Result<Kind, Error> {
    let http = Http::new(&remote.server(), None, None, options)?;
    for (kind, path) in [
        (Kind::Gitlab, "/api/v4/version"),
        (Kind::Gitea, "/api/v1/version"),
        (Kind::Github, "/api/v3/meta"),
    ] {
        let answer = http.probe(path)?;
        let json: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
        let has = |name: &str| json.as_ref().is_some_and(|json| json.get(name).is_some());
        let recognised = match kind {
            // Without a token: 401 and a message.
            Kind::Gitlab => {
                answer.headers.contains_key("x-gitlab-meta")
                    || (answer.status == 401 && has("message"))
                    || (answer.status == 200 && has("revision"))
            }
            // 403 where nobody may look without an account.
            Kind::Gitea => {
                (answer.status == 200 && has("version"))
                    || (matches!(answer.status, 401 | 403) && has("message") && has("url"))
            }
            Kind::Github => {
                answer.headers.contains_key("x-github-request-id")
                    || answer.headers.contains_key("x-github-enterprise-version")
                    || (answer.status == 200 && has("verifiable_password_authentication"))
            }
        };
        if recognised {
            return Ok(kind);
        }
    }
    Err(Error::new(
        ErrorKind::UnknownForge,
        format!("cannot tell which forge `{}` is", http.host()),
    )
    .help(format!(
        "say it with --forge github, gitea or gitlab, and in {API_VARIABLE} where its API is if that is unusual"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(url: &str) -> Remote {
        Remote::parse(url).expect("a remote")
    }

    #[test]
    fn apis_are_where_their_forges_keep_them() {
        let cases = [
            (Kind::Github, "git@github.com:o/n", "https://api.github.com"),
            (
                Kind::Github,
                "https://acme.ghe.com/o/n",
                "https://api.acme.ghe.com",
            ),
            (Kind::Github, "ssh://git@h:22/o/n", "https://h/api/v3"),
            (Kind::Gitea, "https://h:3000/o/n", "https://h:3000/api/v1"),
            (
                Kind::Gitlab,
                "http://127.0.0.1:80/o/n",
                "http://127.0.0.1:80/api/v4",
            ),
        ];
        for (kind, url, api) in cases {
            assert_eq!(api_of(kind, &remote(url)), api);
        }
    }

    #[test]
    fn a_forge_below_a_path_is_told_by_its_api() {
        let remote = remote("https://h/git/o/n");
        let api = Some("https://h/git/api/v1");
        assert_eq!(
            repository_of(Kind::Gitea, &remote, api),
            Ok(("o".to_owned(), "n".to_owned()))
        );
        assert_eq!(
            repository_of(Kind::Gitlab, &remote, None),
            Ok(("git/o".to_owned(), "n".to_owned()))
        );
        let error = repository_of(Kind::Gitea, &remote, None).expect_err("three parts");
        assert_eq!(
            error.to_string(),
            "`git/o/n` is no repository of Gitea: it has more parts than owner and name; \
             name the address of the API in GOMEND_FORGE_API if the forge is below a path of its host"
        );
        assert_eq!(kind_of_api("https://h/git/api/v1/"), Some(Kind::Gitea));
        assert_eq!(kind_of_api("https://h/git"), None);
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let options = Options::default();
        let made =
            |base: &str| Http::new(base, None, None, &options).map(|http| http.host().to_owned());
        for (base, host) in [
            ("http://127.0.0.1:80/api/v1/", "127.0.0.1:80"),
            ("http://[::1]:80", "[::1]:80"),
            ("http://localhost", "localhost"),
            ("https://h/x", "h"),
        ] {
            assert_eq!(made(base), Ok(host.to_owned()));
        }
        for (base, message) in [
            (
                "http://h",
                "address of the API `http://h` is plain HTTP, which would show the token to the network",
            ),
            (
                "http://127.0.0.1.h",
                "address of the API `http://127.0.0.1.h` is plain HTTP, which would show the token to the network",
            ),
            ("ftp://h", "address of the API `ftp://h` is not HTTP"),
            ("h", "address of the API `h` has no scheme and host"),
            (
                "https://u:secret@h",
                "address of the API `https://***@h` holds a user",
            ),
        ] {
            assert_eq!(made(base).expect_err(base).message, message);
        }
    }
}
