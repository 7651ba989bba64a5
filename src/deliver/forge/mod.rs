//! Forges: GitHub, Gitea (with Forgejo) and GitLab behind one trait that opens, finds, changes and closes pull requests.
//! In: a [`Remote`] and a [`Token`]. What is pushed, and what is to be done with what is found, is the caller's.
//!
//! # What every operation does
//! - Reads are tried again after a dropped connection, a time-out or a 5xx. After such a failure of a write, the forge is
//!   asked whether the write happened before it is tried again: there is never a second pull request or comment.
//! - Limits (429, 403 with `Retry-After`, used-up quotas, GitHub's secondary limits) are waited out within one budget for
//!   all requests of a connection ([`Options::budget`]); past it, the error says when to run again.
//! - The token goes to the API's own host in the `Authorization` header, and nowhere else: not through a redirect to
//!   another host, and over plain HTTP to loopback addresses only.
//! - Errors quote the forge's message, with secrets removed, and name the next step.

mod address;
mod answer;
mod common;
mod connect;
mod error;
mod failure;
mod gitea;
mod github;
mod gitlab;
mod http;
mod limits;
mod remote;
mod token;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

pub use error::{Error, ErrorKind};
pub use remote::{Kind, Remote};
pub use token::{TOKEN_VARIABLE, Token, from_environment, redact};

/// Variable with the address of the forge's REST API, for forges whose API is not where it usually is, such as
/// `https://example.org/git/api/v1`. Plain `http://` is taken for loopback addresses only.
pub const API_VARIABLE: &str = "GOMEND_FORGE_API";

/// How to talk to a forge.
#[derive(Clone)]
pub struct Options {
    /// `--forge`; wins over what the host's name says. Where neither is known, the host is asked.
    pub kind: Option<Kind>,
    /// Address of the API; see [`API_VARIABLE`].
    pub api: Option<String>,
    /// How long all waiting for limits and between tries may take together.
    pub budget: Duration,
    /// How long one request may take from its beginning to the end of the answer.
    pub timeout: Duration,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    /// Ten minutes of waiting, 60 seconds a request, the machine's clock.
    fn default() -> Self {
        Self {
            kind: None,
            api: None,
            budget: Duration::from_secs(600),
            timeout: Duration::from_secs(60),
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("kind", &self.kind)
            .field("api", &self.api.as_deref().map(|api| redact(api, None)))
            .field("budget", &self.budget)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Time, as far as limits need it. A command may wrap [`SystemClock`] to say on standard error why it waits.
pub trait Clock: Send + Sync {
    /// The time of day, to be compared with the times that forges name.
    fn now(&self) -> SystemTime;

    /// Waits; `why` is for people, such as "the rate limit of `api.github.com`".
    fn wait(&self, time: Duration, why: &str);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn wait(&self, time: Duration, _why: &str) {
        std::thread::sleep(time);
    }
}

/// A repository as its forge describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Account, organisation or (nested) group.
    pub owner: String,
    /// Of the repository.
    pub name: String,
    /// Page for people.
    pub url: String,
    /// To push to over HTTPS; without a user.
    pub clone_url: String,
    /// `None` where the repository is empty.
    pub default_branch: Option<String>,
    /// Whether the forge says that the token's account may push; `None` where it does not say, as to callers without a
    /// token. An administrator of GitLab may without being said to; a push is the only proof.
    pub can_push: Option<bool>,
    /// It takes no changes.
    pub archived: bool,
    /// `owner/name` of the repository that this one is a fork of.
    pub parent: Option<String>,
    /// The remote's URL names it otherwise: it was renamed or moved to another owner.
    pub moved: bool,
}

impl Repository {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

/// The branch that a pull request brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Owner and name of the fork that holds the branch; `None` for the repository itself.
    pub fork: Option<(String, String)>,
    /// Without `refs/heads/`.
    pub branch: String,
}

impl Head {
    /// A branch of the repository itself.
    pub fn branch(branch: impl Into<String>) -> Self {
        Self {
            fork: None,
            branch: branch.into(),
        }
    }

    /// A branch of a fork.
    pub fn of_fork(fork: &Repository, branch: impl Into<String>) -> Self {
        Self {
            fork: Some((fork.owner.clone(), fork.name.clone())),
            branch: branch.into(),
        }
    }
}

impl fmt::Display for Head {
    /// `branch`, or `owner:branch`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fork {
            Some((owner, _)) => write!(f, "{owner}:{}", self.branch),
            None => f.write_str(&self.branch),
        }
    }
}

/// What became of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can be merged, or will be when what it waits for is there.
    Open,
    /// Closed without being merged.
    Closed,
    /// Merged.
    Merged,
}

/// A pull request, or a merge request of GitLab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// As people name it: `#7`, or `!7` on GitLab.
    pub number: u64,
    /// Page for people.
    pub url: String,
    /// Without the `Draft:` or `WIP:` by which Gitea and GitLab mark a draft.
    pub title: String,
    /// Markdown; empty where there is none.
    pub body: String,
    /// Open, closed or merged.
    pub state: State,
    /// Not to be merged yet.
    pub draft: bool,
    /// Branch that it brings.
    pub head: String,
    /// Tip of that branch as far as the forge has seen it.
    pub head_commit: Option<String>,
    /// `owner/name` of the repository that holds the branch; `None` where that fork is gone.
    pub head_repository: Option<String>,
    /// Branch that it is to be merged into.
    pub base: String,
    /// Names, sorted.
    pub labels: Vec<String>,
    /// Accounts that are asked for a review, sorted; teams as `org/team`.
    pub reviewers: Vec<String>,
    /// Account that opened it; empty where that account is gone.
    pub author: String,
}

/// A pull request to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPullRequest {
    /// Without a mark for drafts.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// What to merge.
    pub head: Head,
    /// Branch to merge into.
    pub base: String,
    /// Not to be merged yet.
    pub draft: bool,
}

/// What to change in a pull request; `None` leaves a thing as it is. Whether it is a draft stays as it is: people decide
/// when it is ready, and GitHub's REST API cannot change it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Without a mark for drafts.
    pub title: Option<String>,
    /// Markdown.
    pub body: Option<String>,
    /// Branch to merge into.
    pub base: Option<String>,
}

/// What [`Forge::create`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The pull request is new.
    New(PullRequest),
    /// One for this head and base was open already, and stays as it is.
    Existing(PullRequest),
}

/// A label or reviewer that the forge did not take; the others were taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As it was asked for.
    pub name: String,
    /// For people.
    pub reason: String,
}

/// Recognises the forge of `remote` and makes the connection; sends requests only where the host must be asked what it is,
/// and those without the token.
///
/// # Errors
/// The forge cannot be recognised or reached; the API's address cannot be used; the remote's path is none of this forge's.
pub fn connect(
    remote: &Remote,
    token: Option<&Token>,
    options: &Options,
) -> Result<Box<dyn Forge>, Error> {
    connect::connect(remote, token, options)
}

/// One repository at one forge. Every call is a request or several, and may wait; see the module.
pub trait Forge {
    /// What the forge is.
    fn kind(&self) -> Kind;

    /// The repository: its name and default branch as they are now, and what the token may do. Asked for once.
    fn repository(&self) -> Result<Repository, Error>;

    /// Pull requests for this head, of every state, newest (highest number) first; only those into `base` where one is
    /// given.
    fn find(&self, head: &Head, base: Option<&str>) -> Result<Vec<PullRequest>, Error>;

    /// One pull request as it is now.
    fn get(&self, number: u64) -> Result<PullRequest, Error>;

    /// Opens a pull request. Where one for this head and base is open, gives that one unchanged.
    fn create(&self, new: &NewPullRequest) -> Result<Created, Error>;

    /// Changes what `change` names and gives the pull request as it is then; where it names nothing, only reads.
    fn update(&self, number: u64, change: &Change) -> Result<PullRequest, Error>;

    /// Adds labels to those that are there. GitHub and GitLab make labels that they do not have; Gitea refuses them.
    fn add_labels(&self, number: u64, labels: &[String]) -> Result<Vec<Refused>, Error>;

    /// Asks for reviews: accounts by their name, teams as `org/team` (not on GitLab). Adds to those that are asked.
    /// Whom the forge does not take is in the result; the others are asked.
    fn request_reviewers(&self, number: u64, reviewers: &[String]) -> Result<Vec<Refused>, Error>;

    /// Adds a comment.
    fn comment(&self, number: u64, body: &str) -> Result<(), Error>;

    /// Closes without merging; nothing to do where it is closed.
    fn close(&self, number: u64) -> Result<(), Error>;

    /// The fork that belongs to the token's account: the one that is there, or a new one, once it can be pushed to.
    fn fork(&self) -> Result<Repository, Error>;
}
