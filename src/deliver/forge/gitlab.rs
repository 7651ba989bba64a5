//! GitLab's API v4: gitlab.com and GitLab elsewhere.

mod answers;

use std::{cell::OnceCell, time::Duration};

use serde_json::{Value, json};
use ureq::http::Method;

use super::{
    Change, Created, Error, ErrorKind, Forge, Head, Kind, NewPullRequest, PullRequest, Refused,
    Repository,
    common::{self, unmarked},
    connect::escape,
    http::Http,
};
use answers::{ApiMergeRequest, ApiProject, ApiUser, MARKS, Note};

/// Pages of a list that are read at most; each holds 50.
const PAGES: usize = 20;

/// Mark of drafts.
const MARK: &str = "Draft: ";

/// How often a merge request is tried again whose branch GitLab does not know yet: it reads pushes in the background.
const BRANCH_TRIES: u32 = 3;

#[derive(Debug)]
pub(super) struct Gitlab {
    http: Http,
    owner: String,
    name: String,
    project: OnceCell<(u64, Repository)>,
}

impl Gitlab {
    pub(super) fn new(http: Http, owner: String, name: String) -> Self {
        Self {
            http,
            owner,
            name,
            project: OnceCell::new(),
        }
    }

    fn asked(&self) -> Result<&(u64, Repository), Error> {
        if let Some(known) = self.project.get() {
            return Ok(known);
        }
        let asked = format!("{}/{}", self.owner, self.name);
        let what = format!("read the project `{asked}`");
        let path = format!("/projects/{}", escape(&asked));
        let found: ApiProject = self.http.get(&path, &what)?;
        let id = found.id;
        Ok(self
            .project
            .get_or_init(|| (id, found.into_repository(&asked))))
    }

    /// Path of the project by its number, which stays when it moves.
    fn path(&self, rest: &str) -> Result<String, Error> {
        Ok(format!("/projects/{}{rest}", self.asked()?.0))
    }

    /// Number and full name of the project that holds a head.
    fn source(&self, head: &Head) -> Result<(u64, String), Error> {
        let Some((owner, name)) = &head.fork else {
            let (id, project) = self.asked()?;
            return Ok((*id, project.full_name()));
        };
        let full_name = format!("{owner}/{name}");
        let path = format!("/projects/{}", escape(&full_name));
        let found: ApiProject = self
            .http
            .get(&path, &format!("read the fork `{full_name}`"))?;
        Ok((found.id, found.path_with_namespace))
    }

    /// One with the name of its source project, which may be gone.
    fn request(&self, found: ApiMergeRequest) -> Result<PullRequest, Error> {
        let (id, project) = self.asked()?;
        let from = match found.source_project_id {
            Some(source) if source == *id => Some(project.full_name()),
            Some(source) => {
                let path = format!("/projects/{source}");
                match self
                    .http
                    .get::<ApiProject>(&path, "read the source project")
                {
                    Ok(source) => Some(source.path_with_namespace),
                    Err(error) if error.kind == ErrorKind::NotFound => None,
                    Err(error) => return Err(error),
                }
            }
            None => None,
        };
        Ok(found.into_pull_request(from))
    }

    fn raw(&self, number: u64) -> Result<ApiMergeRequest, Error> {
        let path = self.path(&format!("/merge_requests/{number}"))?;
        self.http
            .get(&path, &format!("read merge request !{number}"))
    }

    fn edit(&self, number: u64, change: &Value, what: &str) -> Result<ApiMergeRequest, Error> {
        let path = self.path(&format!("/merge_requests/{number}"))?;
        self.http.change(&Method::PUT, &path, change, what)
    }

    fn post_request(&self, new: &NewPullRequest) -> Result<Created, Error> {
        let (source, full_name) = self.source(&new.head)?;
        let mark = if new.draft { MARK } else { "" };
        let mut body = json!({
            "title": format!("{mark}{}", new.title),
            "description": new.body,
            "source_branch": new.head.branch,
            "target_branch": new.base,
        });
        let target = self.asked()?.0;
        if source != target {
            body["target_project_id"] = json!(target);
            body["allow_collaboration"] = json!(true);
        }
        let make = |found: ApiMergeRequest| {
            Ok(Created::New(
                found.into_pull_request(Some(full_name.clone())),
            ))
        };
        self.http.post(
            &format!("/projects/{source}/merge_requests"),
            &body,
            &common::opening(Kind::Gitlab, new),
            &make,
            &|| common::opened(self, new),
        )
    }

    fn user(&self, name: &str) -> Result<Option<ApiUser>, Error> {
        let path = format!("/users?username={}", escape(name));
        let found: Vec<ApiUser> = self
            .http
            .get(&path, &format!("look up the account `{name}`"))?;
        Ok(found.into_iter().next())
    }

    /// The account's fork that is there already.
    fn own_fork(&self) -> Result<Option<ApiProject>, Error> {
        let path = self.path("/forks?owned=true&order_by=id&sort=asc&per_page=50")?;
        let forks: Vec<ApiProject> = self.http.list(&path, PAGES, "list the forks")?;
        Ok(forks.into_iter().next())
    }
}

impl Forge for Gitlab {
    fn kind(&self) -> Kind {
        Kind::Gitlab
    }

    fn repository(&self) -> Result<Repository, Error> {
        Ok(self.asked()?.1.clone())
    }

    fn find(&self, head: &Head, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let (source, full_name) = self.source(head)?;
        let base = base.map(|base| format!("&target_branch={}", escape(base)));
        let path = self.path(&format!(
            "/merge_requests?state=all&source_branch={}{}&order_by=created_at&sort=desc&per_page=50",
            escape(&head.branch),
            base.unwrap_or_default()
        ))?;
        let found: Vec<ApiMergeRequest> = self.http.list(&path, PAGES, "list merge requests")?;
        let ours = found
            .into_iter()
            .filter(|request| request.source_project_id == Some(source))
            .map(|request| Ok(request.into_pull_request(Some(full_name.clone()))));
        common::newest_first(ours)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        self.request(self.raw(number)?)
    }

    fn create(&self, new: &NewPullRequest) -> Result<Created, Error> {
        let mut wait = Duration::from_secs(1);
        for _ in 0..BRANCH_TRIES {
            match self.post_request(new) {
                Err(error)
                    if error.kind == ErrorKind::Refused
                        && error.message.contains("source_branch does not exist") =>
                {
                    if !self.http.limits.pause(wait, "the branch that was pushed") {
                        return Err(error);
                    }
                    wait *= 2;
                }
                result => return common::or_existing(self, new, result),
            }
        }
        common::or_existing(self, new, self.post_request(new))
    }

    fn update(&self, number: u64, change: &Change) -> Result<PullRequest, Error> {
        if *change == Change::default() {
            return self.get(number);
        }
        let mut fields = common::fields(change, "description", "target_branch");
        if let Some(title) = &change.title {
            let now = self.raw(number)?;
            if now.draft || unmarked(&now.title, &MARKS).1 {
                fields["title"] = json!(format!("{MARK}{title}"));
            }
        }
        let what = format!("change merge request !{number}");
        self.request(self.edit(number, &fields, &what)?)
    }

    fn add_labels(&self, number: u64, labels: &[String]) -> Result<Vec<Refused>, Error> {
        let (taken, split): (Vec<_>, Vec<_>) = labels
            .iter()
            .cloned()
            .partition(|label| !label.contains(','));
        if !taken.is_empty() {
            let body = json!({ "add_labels": taken.join(",") });
            self.edit(number, &body, &format!("label merge request !{number}"))?;
        }
        let refuse = |name| Refused {
            name,
            reason: "GitLab's labels cannot hold a comma here".to_owned(),
        };
        Ok(split.into_iter().map(refuse).collect())
    }

    fn request_reviewers(&self, number: u64, reviewers: &[String]) -> Result<Vec<Refused>, Error> {
        let mut refused = Vec::new();
        let mut refuse = |name: &String, reason: &str| {
            refused.push(Refused {
                name: name.clone(),
                reason: reason.to_owned(),
            });
        };
        let mut users = Vec::new();
        for name in reviewers {
            if name.contains('/') {
                refuse(name, "GitLab asks accounts for reviews, not groups");
            } else if let Some(user) = self.user(name)? {
                users.push((name, user));
            } else {
                refuse(name, "there is no such account");
            }
        }
        if users.is_empty() {
            return Ok(refused);
        }
        // The list replaces the one that is there.
        let mut ids: Vec<u64> = self
            .raw(number)?
            .reviewers
            .iter()
            .map(|user| user.id)
            .collect();
        let before = ids.len();
        for (_, user) in &users {
            if !ids.contains(&user.id) {
                ids.push(user.id);
            }
        }
        if ids.len() > before {
            let what = format!("ask for reviews of merge request !{number}");
            let after = self.edit(number, &json!({ "reviewer_ids": ids }), &what)?;
            for (name, user) in &users {
                if !after
                    .reviewers
                    .iter()
                    .any(|reviewer| reviewer.id == user.id)
                {
                    refuse(
                        name,
                        "GitLab left the account out: it has no access, or more than one reviewer is not in the plan",
                    );
                }
            }
        }
        Ok(refused)
    }

    fn comment(&self, number: u64, body: &str) -> Result<(), Error> {
        let path = self.path(&format!("/merge_requests/{number}/notes"))?;
        let what = format!("comment on merge request !{number}");
        let look = || {
            let newest = format!("{path}?order_by=created_at&sort=desc&per_page=50");
            let found: Vec<Note> = self.http.get(&newest, &what)?;
            let last = found.into_iter().find(|note| !note.system);
            Ok(last
                .filter(|last| common::same_text(&last.body, body))
                .map(drop))
        };
        let note = json!({ "body": body });
        self.http
            .post(&path, &note, &what, &|_: Value| Ok(()), &look)
    }

    fn close(&self, number: u64) -> Result<(), Error> {
        common::closed(self, number, || {
            let what = format!("close merge request !{number}");
            self.request(self.edit(number, &json!({ "state_event": "close" }), &what)?)
        })
    }

    fn fork(&self) -> Result<Repository, Error> {
        let full_name = self.asked()?.1.full_name();
        let what = format!("fork `{full_name}`");
        let path = self.path("/fork")?;
        let result = self.http.change(&Method::POST, &path, &json!({}), &what);
        let found: ApiProject = match result {
            // There is one, or another project of that name.
            Err(error) if error.kind == ErrorKind::Refused => match self.own_fork()? {
                Some(fork) => fork,
                None => return Err(error.help("rename the account's project of the same name")),
            },
            result => result?,
        };
        let path = format!("/projects/{}", found.id);
        let full_name = found.path_with_namespace.clone();
        let fork = found.into_repository(&full_name);
        common::wait_until(&self.http, &fork, || {
            let now: ApiProject = self.http.get(&path, &what)?;
            match now.import_status.as_deref() {
                Some("scheduled" | "started") => Ok(false),
                Some("failed") => {
                    let why = now.import_error.unwrap_or_default();
                    let why = super::answer::plain(&why);
                    Err(Error::new(
                        ErrorKind::Refused,
                        format!("GitLab could not {what}: `{why}`"),
                    )
                    .help(format!("delete `{full_name}` and run again")))
                }
                _ => Ok(true),
            }
        })?;
        Ok(fork)
    }
}
