//! What is done with a remote, by the git program: asking what it has, fetching a commit, pushing a branch. A branch is
//! replaced only where it is what it was when it was looked at; nothing local is moved. The token reaches git through its
//! environment, for the forge's own server alone, and no message shows it.

mod refusal;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, env, fmt, time::Duration};

use super::forge::{Kind, Token, redact};
use crate::git::{Git, Output};

/// How long one talk with a remote may take.
const LIMIT: Duration = Duration::from_secs(900);

/// Variable of git's environment that holds the token; the credential helper that git is given reads it.
const SECRET: &str = "GOMEND_PUSH_SECRET";

/// A remote, and how git gets in.
#[derive(Clone)]
pub struct Remote {
    git: Git,
    /// Name of a configured remote, or a URL.
    place: String,
    /// As messages show it.
    shown: String,
    token: Option<Token>,
}

/// A token for git, and where it may be shown.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The token.
    pub token: Token,
    /// Whose it is; decides which user name goes with it.
    pub kind: Kind,
    /// The forge's server: scheme, host and port.
    pub server: String,
}

/// How much of a branch's history is fetched. Anything but all of it is for shallow clones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth<'a> {
    /// What is not here.
    All,
    /// What that other branch of the remote does not have.
    Without(&'a str),
    /// One commit.
    TipOnly,
}

/// What a remote has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The branch that its HEAD names.
    pub default_branch: Option<String>,
    /// Its branches, of those asked for: names without `refs/heads/`, and commits.
    pub branches: BTreeMap<String, String>,
}

/// Why it was not done: the thing, the cause and the next step in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl fmt::Debug for Remote {
    /// Without git, whose environment holds the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remote").field(&self.shown).finish()
    }
}

impl Remote {
    /// The remote at `place`, a configured name or a URL. `git` runs on the repository. Without a credential git gets in
    /// as it is configured to.
    pub fn new(git: &Git, place: &str, url: &str, credential: Option<&Credential>) -> Self {
        let mut git = git.clone().limit(LIMIT);
        if let Some(credential) = credential {
            git = with_credential(git, url, credential);
        }
        Self {
            git,
            place: place.to_owned(),
            shown: redact(url, None),
            token: credential.map(|credential| credential.token.clone()),
        }
    }

    /// Its URL, without secrets.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Asks for its default branch and for `branches`.
    ///
    /// # Errors
    /// It cannot be reached, or does not let us in.
    pub fn list(&self, branches: &[&str]) -> Result<Listing, Error> {
        let mut arguments = vec!["ls-remote".into(), "--symref".into(), "--".into()];
        arguments.extend([self.place.clone(), "HEAD".into()]);
        arguments.extend(branches.iter().map(|branch| format!("refs/heads/{branch}")));
        let output = self.run(&arguments)?;
        Ok(read_listing(&String::from_utf8_lossy(&output.stdout)))
    }

    /// Fetches a branch's commits, and moves no reference.
    ///
    /// # Errors
    /// It cannot be reached, or the branch is gone.
    pub fn fetch(&self, branch: &str, depth: Depth<'_>) -> Result<(), Error> {
        let mut arguments: Vec<String> = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--refmap=",
        ]
        .map(str::to_owned)
        .to_vec();
        let refspec = format!("refs/heads/{branch}");
        let last = ["--".to_owned(), self.place.clone(), refspec];
        let limited = match depth {
            Depth::All => None,
            Depth::Without(other) => Some(format!("--shallow-exclude=refs/heads/{other}")),
            Depth::TipOnly => Some("--depth=1".to_owned()),
        };
        if let Some(limit) = limited {
            let arguments = [&arguments[..], &[limit], &last].concat();
            // Not every server can do that, and none where nothing remains.
            if self.run(&arguments).is_ok() {
                return Ok(());
            }
        }
        arguments.extend(last);
        self.run(&arguments).map(drop)
    }

    /// Makes the branch point at the commit `new`, or deletes it, only if it is at `old` (absent for `None`) until then.
    ///
    /// # Errors
    /// It is not, or the remote refuses.
    pub fn push(&self, branch: &str, old: Option<&str>, new: Option<&str>) -> Result<(), Error> {
        let name = format!("refs/heads/{branch}");
        let arguments = [
            "push".to_owned(),
            "--porcelain".to_owned(),
            "--no-verify".to_owned(),
            "--no-follow-tags".to_owned(),
            "--recurse-submodules=no".to_owned(),
            format!("--force-with-lease={name}:{}", old.unwrap_or_default()),
            "--".to_owned(),
            self.place.clone(),
            format!("{}:{name}", new.unwrap_or_default()),
        ];
        let output = self.output(&arguments)?;
        if output.status.success() {
            return Ok(());
        }
        Err(refusal::of_push(self, branch, &output))
    }

    fn run(&self, arguments: &[String]) -> Result<Output, Error> {
        let output = self.output(arguments)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(refusal::of_talk(self, &self.complaint(&output)))
    }

    fn output(&self, arguments: &[String]) -> Result<Output, Error> {
        self.git
            .output(arguments, b"")
            .map_err(|error| Error::new(redact(&error.to_string(), self.token.as_ref())))
    }

    /// What git said, without secrets.
    fn complaint(&self, output: &Output) -> String {
        redact(&output.complaint(), self.token.as_ref())
    }
}

/// Git with a credential helper of its own for one server. What else would answer for that server is set aside: other
/// helpers, programs that ask a person, and a header that a CI system left in the configuration.
fn with_credential(git: Git, url: &str, credential: &Credential) -> Git {
    let user = match credential.kind {
        Kind::Gitlab => "oauth2",
        Kind::Github | Kind::Gitea => "x-access-token",
    };
    let helper = format!(
        "!f() {{ test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' {user} \"${SECRET}\"; }}; f"
    );
    let server = &credential.server;
    let settings = [
        (format!("credential.{server}.helper"), String::new()),
        (format!("credential.{server}.helper"), helper),
        (
            format!("http.{}.extraHeader", without_user(url)),
            String::new(),
        ),
    ];
    // The user may set some of git's configuration in this way too.
    let count: usize = env::var("GIT_CONFIG_COUNT")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(0);
    let mut git = git
        .env("GIT_CONFIG_COUNT", (count + settings.len()).to_string())
        .env("GIT_ASKPASS", "")
        .env("SSH_ASKPASS", "")
        .env(SECRET, credential.token.expose());
    for (at, (key, value)) in settings.into_iter().enumerate() {
        git = git
            .env(format!("GIT_CONFIG_KEY_{}", count + at), key)
            .env(format!("GIT_CONFIG_VALUE_{}", count + at), value);
    }
    git
}

/// A URL as settings of git name it: no user in it.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// Reads what `git ls-remote --symref` prints.
fn read_listing(text: &str) -> Listing {
    let mut listing = Listing::default();
    for line in text.lines() {
        let Some((value, name)) = line.split_once('\t') else {
            continue;
        };
        if let (Some(target), "HEAD") = (value.strip_prefix("ref: refs/heads/"), name) {
            listing.default_branch = Some(target.to_owned());
        } else if let Some(branch) = name.strip_prefix("refs/heads/") {
            listing.branches.insert(branch.to_owned(), value.to_owned());
        }
    }
    listing
}
