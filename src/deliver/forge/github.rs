//! GitHub's REST API, version 2022-11-28: github.com and GitHub Enterprise.

use std::cell::OnceCell;

use serde::Deserialize;
use serde_json::{Value, json};
use ureq::http::Method;

use super::{
    Change, Created, Error, ErrorKind, Forge, Head, Kind, NewPullRequest, PullRequest, Refused,
    Repository, State,
    common::{self, split_teams},
    connect::escape,
    http::Http,
};

/// Pages of pull requests for one head; each holds 50.
const PAGES: usize = 20;

#[derive(Debug)]
pub(super) struct Github {
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
    merged_at: Option<String>,
    head: ApiRef,
    base: ApiRef,
    user: Option<ApiUser>,
    #[serde(default)]
    labels: Vec<ApiLabel>,
    #[serde(default)]
    requested_reviewers: Vec<ApiUser>,
    #[serde(default)]
    requested_teams: Vec<ApiTeam>,
}

#[derive(Deserialize)]
struct ApiRef {
    #[serde(rename = "ref")]
    name: String,
    sha: String,
    user: Option<ApiUser>,
    repo: Option<Named>,
}

#[derive(Deserialize)]
struct ApiLabel {
    name: String,
}

#[derive(Deserialize)]
struct ApiTeam {
    slug: String,
}

#[derive(Deserialize)]
struct Comment {
    body: Option<String>,
}

impl ApiRepository {
    fn into_repository(self, asked: &str) -> Repository {
        Repository {
            moved: !self.full_name.eq_ignore_ascii_case(asked),
            owner: self.owner.login,
            name: self.name,
            url: self.html_url,
            clone_url: self.clone_url,
            default_branch: self.default_branch.filter(|name| !name.is_empty()),
            can_push: self.permissions.map(|permissions| permissions.push),
            archived: self.archived,
            parent: self.parent.map(|parent| parent.full_name),
        }
    }
}

impl ApiPull {
    fn into_pull_request(self, owner: &str) -> PullRequest {
        let users = self.requested_reviewers.into_iter().map(|user| user.login);
        let teams = self.requested_teams.into_iter();
        let teams = teams.map(|team| format!("{owner}/{}", team.slug));
        PullRequest {
            number: self.number,
            url: self.html_url,
            title: self.title,
            body: self.body.unwrap_or_default(),
            state: match (self.merged_at, self.state.as_str()) {
                (Some(_), _) => State::Merged,
                (None, "open") => State::Open,
                (None, _) => State::Closed,
            },
            draft: self.draft,
            head: self.head.name,
            head_commit: Some(self.head.sha),
            head_repository: self.head.repo.map(|repo| repo.full_name),
            base: self.base.name,
            labels: common::sorted(self.labels.into_iter().map(|label| label.name)),
            reviewers: common::sorted(users.chain(teams)),
            author: self.user.map(|user| user.login).unwrap_or_default(),
        }
    }
}

impl Github {
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
        Ok(format!("{}{rest}", repository_path(repository)))
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

    /// One request for all; GitHub takes all or none.
    fn ask_for_reviews(&self, number: u64, reviewers: &[String]) -> Result<(), Error> {
        let path = self.path(&format!("/pulls/{number}/requested_reviewers"))?;
        let (users, teams) = split_teams(reviewers);
        let body = json!({ "reviewers": users, "team_reviewers": teams });
        let what = format!("ask for reviews of pull request #{number}");
        let _: Value = self.http.change(&Method::POST, &path, &body, &what)?;
        Ok(())
    }
}

fn repository_path(repository: &Repository) -> String {
    let (owner, name) = (escape(&repository.owner), escape(&repository.name));
    format!("/repos/{owner}/{name}")
}

impl Forge for Github {
    fn kind(&self) -> Kind {
        Kind::Github
    }

    fn repository(&self) -> Result<Repository, Error> {
        self.asked().cloned()
    }

    fn find(&self, head: &Head, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let owner = match &head.fork {
            Some((owner, _)) => owner.clone(),
            None => self.asked()?.owner.clone(),
        };
        let label = escape(&format!("{owner}:{}", head.branch));
        let base = base.map(|base| format!("&base={}", escape(base)));
        let path = self.path(&format!(
            "/pulls?state=all&head={label}{}&sort=created&direction=desc&per_page=50",
            base.unwrap_or_default()
        ))?;
        let found: Vec<ApiPull> = self.http.list(&path, PAGES, "list pull requests")?;
        // A filter that GitHub does not understand is left out by it.
        let ours = |pull: &ApiPull| {
            let by = pull.head.user.as_ref().map(|user| user.login.as_str());
            pull.head.name == head.branch && by.is_none_or(|by| by.eq_ignore_ascii_case(&owner))
        };
        let found = found.into_iter().filter(ours).map(|pull| self.pull(pull));
        common::newest_first(found)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        let path = self.path(&format!("/pulls/{number}"))?;
        let found = self
            .http
            .get(&path, &format!("read pull request #{number}"))?;
        self.pull(found)
    }

    fn create(&self, new: &NewPullRequest) -> Result<Created, Error> {
        let mut body = json!({
            "title": new.title,
            "body": new.body,
            "head": new.head.to_string(),
            "base": new.base,
            "draft": new.draft,
        });
        if let Some((owner, name)) = &new.head.fork {
            body["maintainer_can_modify"] = json!(true);
            // Needed where one organization holds both.
            if owner.eq_ignore_ascii_case(&self.asked()?.owner) {
                body["head_repo"] = json!(name);
            }
        }
        let path = self.path("/pulls")?;
        let what = common::opening(Kind::Github, new);
        let created = self.http.post(
            &path,
            &body,
            &what,
            &|found| Ok(Created::New(self.pull(found)?)),
            &|| common::opened(self, new),
        );
        common::or_existing(self, new, created)
    }

    fn update(&self, number: u64, change: &Change) -> Result<PullRequest, Error> {
        if *change == Change::default() {
            return self.get(number);
        }
        let what = format!("change pull request #{number}");
        self.edit(number, &common::fields(change, "body", "base"), &what)
    }

    fn add_labels(&self, number: u64, labels: &[String]) -> Result<Vec<Refused>, Error> {
        if labels.is_empty() {
            return Ok(Vec::new());
        }
        let path = self.path(&format!("/issues/{number}/labels"))?;
        let body = json!({ "labels": labels });
        let what = format!("label pull request #{number}");
        let _: Value = self.http.change(&Method::POST, &path, &body, &what)?;
        Ok(Vec::new())
    }

    fn request_reviewers(&self, number: u64, reviewers: &[String]) -> Result<Vec<Refused>, Error> {
        if reviewers.is_empty() {
            return Ok(Vec::new());
        }
        match self.ask_for_reviews(number, reviewers) {
            Err(error) if error.kind == ErrorKind::Refused => {}
            result => return result.map(|()| Vec::new()),
        }
        common::one_by_one(reviewers, |one| self.ask_for_reviews(number, one))
    }

    fn comment(&self, number: u64, body: &str) -> Result<(), Error> {
        let path = self.path(&format!("/issues/{number}/comments"))?;
        let what = format!("comment on pull request #{number}");
        let look = || {
            let path = format!("{path}?per_page=50");
            let found: Vec<Comment> = self.http.list(&path, PAGES, &what)?;
            let last = found.into_iter().next_back().and_then(|last| last.body);
            Ok(last.filter(|last| common::same_text(last, body)).map(drop))
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
        let original = self.asked()?;
        let path = self.path("/forks")?;
        let what = format!("fork `{}`", original.full_name());
        // GitHub gives the fork that is there, so that asking twice makes one.
        let body = json!({ "default_branch_only": false });
        let found: ApiRepository = self.http.change(&Method::POST, &path, &body, &what)?;
        let full_name = found.full_name.clone();
        let fork = found.into_repository(&full_name);
        let branch = fork
            .default_branch
            .clone()
            .or_else(|| original.default_branch.clone());
        let ready = format!(
            "{}/branches/{}",
            repository_path(&fork),
            escape(&branch.unwrap_or_default())
        );
        common::wait_until(&self.http, &fork, || self.http.exists(&ready, &what))?;
        Ok(fork)
    }
}
