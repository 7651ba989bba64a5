//! API v1 of Gitea and Forgejo.

use std::cell::OnceCell;

use serde::Deserialize;
use serde_json::{Value, json};
use ureq::http::Method;

use super::{
    Change, Created, Error, ErrorKind, Forge, Head, Kind, NewPullRequest, PullRequest, Refused,
    Repository, State,
    common::{self, split_teams, unmarked},
    connect::escape,
    http::Http,
};

/// Pages of open pull requests, of labels and of forks that are read at most; each holds 50.
const PAGES: usize = 200;

/// Pages of closed pull requests that are read, those that changed last first: the API cannot be asked for one branch.
const CLOSED_PAGES: usize = 20;

/// Mark of drafts that every Gitea and Forgejo knows by default.
const MARK: &str = "WIP: ";

/// What stands for it at the beginning of a title, in lower case. An administrator may choose others.
/// Source: Gitea, `WORK_IN_PROGRESS_PREFIXES`.
const MARKS: [&str; 2] = ["wip:", "[wip]"];

#[derive(Debug)]
pub(super) struct Gitea {
    http: Http,
    owner: String,
    name: String,
    repository: OnceCell<Repository>,
}

#[derive(Deserialize)]
struct ApiUser {
    login: String,
}

#[derive(Deserialize)]
struct ApiRepository {
    owner: ApiUser,
    name: String,
    full_name: String,
    html_url: String,
    clone_url: String,
    default_branch: Option<String>,
    #[serde(default)]
    empty: bool,
    #[serde(default)]
    archived: bool,
    permissions: Option<Permissions>,
    parent: Option<Named>,
}

#[derive(Deserialize)]
struct Permissions {
    push: bool,
}

#[derive(Deserialize)]
struct Named {
    full_name: String,
}

#[derive(Deserialize)]
struct ApiPull {
    number: u64,
    html_url: String,
    title: String,
    body: Option<String>,
    state: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    merged: bool,
    head: ApiRef,
    base: ApiRef,
    user: Option<ApiUser>,
    labels: Option<Vec<ApiLabel>>,
    requested_reviewers: Option<Vec<Option<ApiUser>>>,
    requested_reviewers_teams: Option<Vec<ApiTeam>>,
}

/// The branch is `label`; `ref` is `refs/pull/…` where it is gone.
#[derive(Deserialize)]
struct ApiRef {
    label: String,
    sha: String,
    repo: Option<Named>,
}

#[derive(Deserialize)]
struct ApiLabel {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
struct ApiTeam {
    name: String,
}

#[derive(Deserialize)]
struct Comment {
    body: String,
}

impl ApiRepository {
    fn into_repository(self, asked: &str) -> Repository {
        let empty = self.empty;
        Repository {
            moved: !self.full_name.eq_ignore_ascii_case(asked),
            owner: self.owner.login,
            name: self.name,
            url: self.html_url,
            clone_url: self.clone_url,
            default_branch: self
                .default_branch
                .filter(|name| !empty && !name.is_empty()),
            can_push: self.permissions.map(|permissions| permissions.push),
            archived: self.archived,
            parent: self.parent.map(|parent| parent.full_name),
        }
    }
}

impl ApiPull {
    fn into_pull_request(self, owner: &str) -> PullRequest {
        let (title, marked) = unmarked(&self.title, &MARKS);
        let users = self.requested_reviewers.unwrap_or_default().into_iter();
        let users = users.flatten().map(|user| user.login);
        let teams = self.requested_reviewers_teams.unwrap_or_default();
        let teams = teams
            .into_iter()
            .map(|team| format!("{owner}/{}", team.name));
        let labels = self.labels.unwrap_or_default().into_iter();
        PullRequest {
            number: self.number,
            url: self.html_url,
            title: title.to_owned(),
            body: self.body.unwrap_or_default(),
            state: match (self.merged, self.state.as_str()) {
                (true, _) => State::Merged,
                (false, "open") => State::Open,
                (false, _) => State::Closed,
            },
            draft: self.draft || marked,
            head: self.head.label,
            head_commit: Some(self.head.sha).filter(|sha| !sha.is_empty()),
            head_repository: self.head.repo.map(|repo| repo.full_name),
            base: self.base.label,
            labels: common::sorted(labels.map(|label| label.name)),
            reviewers: common::sorted(users.chain(teams)),
            author: self.user.map(|user| user.login).unwrap_or_default(),
        }
    }
}

impl Gitea {
    pub(super) fn new(http: Http, owner: String, name: String) -> Self {
        Self {
            http,
            owner,
            name,
            repository: OnceCell::new(),
        }
    }

    /// Path of the repository as it is called now: a write through an old name would be redirected.
    fn path(&self, rest: &str) -> Result<String, Error> {
        let repository = self.asked()?;
        let (owner, name) = (escape(&repository.owner), escape(&repository.name));
        Ok(format!("/repos/{owner}/{name}{rest}"))
    }

    fn asked(&self) -> Result<&Repository, Error> {
        if let Some(known) = self.repository.get() {
            return Ok(known);
        }
        let asked = format!("{}/{}", self.owner, self.name);
        let path = format!("/repos/{}/{}", escape(&self.owner), escape(&self.name));
        let what = format!("read the repository `{asked}`");
        let found: ApiRepository = self.http.get(&path, &what)?;
        Ok(self
            .repository
            .get_or_init(|| found.into_repository(&asked)))
    }

    fn pull(&self, found: ApiPull) -> Result<PullRequest, Error> {
        Ok(found.into_pull_request(&self.asked()?.owner))
    }

    fn edit(&self, number: u64, change: &Value, what: &str) -> Result<PullRequest, Error> {
        let path = self.path(&format!("/pulls/{number}"))?;
        let found = self.http.change(&Method::PATCH, &path, change, what)?;
        self.pull(found)
    }

    fn ask_for_reviews(&self, number: u64, reviewers: &[String]) -> Result<(), Error> {
        let path = self.path(&format!("/pulls/{number}/requested_reviewers"))?;
        let (users, teams) = split_teams(reviewers);
        let body = json!({ "reviewers": users, "team_reviewers": teams });
        let what = format!("ask for reviews of pull request #{number}");
        let _: Value = self.http.change(&Method::POST, &path, &body, &what)?;
        Ok(())
    }

    /// The labels of the repository, and those of the organization where one owns it.
    fn known_labels(&self) -> Result<Vec<ApiLabel>, Error> {
        let what = "list the labels";
        let path = self.path("/labels?limit=50")?;
        let mut known: Vec<ApiLabel> = self.http.list(&path, PAGES, what)?;
        let path = format!("/orgs/{}/labels?limit=50", escape(&self.asked()?.owner));
        match self.http.list::<ApiLabel>(&path, PAGES, what) {
            Ok(more) => known.extend(more),
            // The owner is an account, or its labels are not for this token.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Forbidden) => {}
            Err(error) => return Err(error),
        }
        Ok(known)
    }

    /// The account's fork that is there already.
    fn own_fork(&self) -> Result<Option<ApiRepository>, Error> {
        let me: ApiUser = self.http.get("/user", "read the token's account")?;
        let path = self.path("/forks?limit=50")?;
        let forks: Vec<ApiRepository> = self.http.list(&path, PAGES, "list the forks")?;
        Ok(forks.into_iter().find(|fork| fork.owner.login == me.login))
    }
}

impl Forge for Gitea {
    fn kind(&self) -> Kind {
        Kind::Gitea
    }

    fn repository(&self) -> Result<Repository, Error> {
        self.asked().cloned()
    }

    fn find(&self, head: &Head, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let full_name = match &head.fork {
            Some((owner, name)) => format!("{owner}/{name}"),
            None => self.asked()?.full_name(),
        };
        let mut found = Vec::new();
        for (state, pages) in [("open", PAGES), ("closed", CLOSED_PAGES)] {
            let path = self.path(&format!("/pulls?state={state}&sort=recentupdate&limit=50"))?;
            let pulls: Vec<ApiPull> = self.http.list(&path, pages, "list pull requests")?;
            found.extend(pulls);
        }
        let ours = |pull: &ApiPull| {
            let from = pull.head.repo.as_ref();
            pull.head.label == head.branch
                && from.is_some_and(|repo| repo.full_name.eq_ignore_ascii_case(&full_name))
                && base.is_none_or(|base| pull.base.label == base)
        };
        let found = found.into_iter().filter(ours).map(|pull| self.pull(pull));
        let mut found = common::newest_first(found)?;
        // One that was closed between the two lists is in both.
        found.dedup_by_key(|pull| pull.number);
        Ok(found)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        let path = self.path(&format!("/pulls/{number}"))?;
        let found = self
            .http
            .get(&path, &format!("read pull request #{number}"))?;
        self.pull(found)
    }

    fn create(&self, new: &NewPullRequest) -> Result<Created, Error> {
        let mark = if new.draft { MARK } else { "" };
        let body = json!({
            "title": format!("{mark}{}", new.title),
            "body": new.body,
            "head": new.head.to_string(),
            "base": new.base,
        });
        let path = self.path("/pulls")?;
        let what = common::opening(Kind::Gitea, new);
        let created = self.http.post(
            &path,
            &body,
            &what,
            &|found| Ok(Created::New(self.pull(found)?)),
            &|| common::opened(self, new),
        );
        match common::or_existing(self, new, created) {
            // The repository was read before, so that what is not there is a branch.
            Err(error) if error.kind == ErrorKind::NotFound => Err(Error {
                kind: ErrorKind::Refused,
                ..error
            }
            .help("push the branch first, and check --base")),
            result => result,
        }
    }

    fn update(&self, number: u64, change: &Change) -> Result<PullRequest, Error> {
        if *change == Change::default() {
            return self.get(number);
        }
        let mut fields = common::fields(change, "body", "base");
        if let Some(title) = &change.title
            && self.get(number)?.draft
        {
            fields["title"] = json!(format!("{MARK}{title}"));
        }
        self.edit(number, &fields, &format!("change pull request #{number}"))
    }

    fn add_labels(&self, number: u64, labels: &[String]) -> Result<Vec<Refused>, Error> {
        if labels.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.known_labels()?;
        let mut ids = Vec::new();
        let mut refused = Vec::new();
        for label in labels {
            match known.iter().find(|known| known.name == *label) {
                Some(known) => ids.push(known.id),
                None => refused.push(Refused {
                    name: label.clone(),
                    reason: format!(
                        "`{}` has no such label; make it there first",
                        self.asked()?.full_name()
                    ),
                }),
            }
        }
        if !ids.is_empty() {
            let path = self.path(&format!("/issues/{number}/labels"))?;
            let body = json!({ "labels": ids });
            let what = format!("label pull request #{number}");
            let _: Value = self.http.change(&Method::POST, &path, &body, &what)?;
        }
        Ok(refused)
    }

    fn request_reviewers(&self, number: u64, reviewers: &[String]) -> Result<Vec<Refused>, Error> {
        if reviewers.is_empty() {
            return Ok(Vec::new());
        }
        match self.ask_for_reviews(number, reviewers) {
            Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {}
            result => return result.map(|()| Vec::new()),
        }
        common::one_by_one(reviewers, |one| self.ask_for_reviews(number, one))
    }

    fn comment(&self, number: u64, body: &str) -> Result<(), Error> {
        let path = self.path(&format!("/issues/{number}/comments"))?;
        let what = format!("comment on pull request #{number}");
        let look = || {
            // All in one answer, the oldest first.
            let found: Vec<Comment> = self.http.get(&path, &what)?;
            let last = found.last();
            Ok(last
                .filter(|last| common::same_text(&last.body, body))
                .map(drop))
        };
        let comment = json!({ "body": body });
        self.http
            .post(&path, &comment, &what, &|_: Value| Ok(()), &look)
    }

    fn close(&self, number: u64) -> Result<(), Error> {
        common::closed(self, number, || {
            let what = format!("close pull request #{number}");
            self.edit(number, &json!({ "state": "closed" }), &what)
        })
    }

    fn fork(&self) -> Result<Repository, Error> {
        let path = self.path("/forks")?;
        let what = format!("fork `{}`", self.asked()?.full_name());
        let result = self.http.change(&Method::POST, &path, &json!({}), &what);
        let found: ApiRepository = match result {
            // There is one, or another repository of that name.
            Err(error) if error.kind == ErrorKind::Refused => match self.own_fork()? {
                Some(fork) => fork,
                None => return Err(error.help("rename the account's repository of the same name")),
            },
            result => result?,
        };
        let full_name = found.full_name.clone();
        let fork = found.into_repository(&full_name);
        let (owner, name) = (escape(&fork.owner), escape(&fork.name));
        let ready = format!("/repos/{owner}/{name}");
        common::wait_until(&self.http, &fork, || {
            let now: ApiRepository = self.http.get(&ready, &what)?;
            Ok(!now.empty)
        })?;
        Ok(fork)
    }
}
