//! GitLab's answers, as far as they are read, and what they are here.

use serde::Deserialize;

use super::super::{
    PullRequest, Repository, State,
    common::{self, unmarked},
};

/// What marks a draft at the beginning of a title, in lower case. Source: GitLab, "Draft merge requests".
pub(super) const MARKS: [&str; 3] = ["draft:", "[draft]", "(draft)"];

/// Access level from which on an account may push ("developer").
const DEVELOPER: u64 = 30;

#[derive(Deserialize)]
pub(super) struct ApiProject {
    pub(super) id: u64,
    pub(super) path: String,
    pub(super) path_with_namespace: String,
    pub(super) web_url: String,
    pub(super) http_url_to_repo: String,
    pub(super) default_branch: Option<String>,
    #[serde(default)]
    pub(super) archived: bool,
    pub(super) permissions: Option<Permissions>,
    pub(super) forked_from_project: Option<Parent>,
    pub(super) import_status: Option<String>,
    pub(super) import_error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Permissions {
    pub(super) project_access: Option<Access>,
    pub(super) group_access: Option<Access>,
}

#[derive(Deserialize)]
pub(super) struct Access {
    pub(super) access_level: u64,
}

#[derive(Deserialize)]
pub(super) struct Parent {
    pub(super) path_with_namespace: String,
}

#[derive(Deserialize)]
pub(super) struct ApiMergeRequest {
    pub(super) iid: u64,
    pub(super) web_url: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) state: String,
    #[serde(default)]
    pub(super) draft: bool,
    pub(super) source_branch: String,
    pub(super) source_project_id: Option<u64>,
    pub(super) target_branch: String,
    pub(super) sha: Option<String>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) reviewers: Vec<ApiUser>,
    pub(super) author: Option<ApiUser>,
}

#[derive(Deserialize, Clone)]
pub(super) struct ApiUser {
    pub(super) id: u64,
    pub(super) username: String,
}

#[derive(Deserialize)]
pub(super) struct Note {
    pub(super) body: String,
    #[serde(default)]
    pub(super) system: bool,
}

impl ApiProject {
    pub(super) fn into_repository(self, asked: &str) -> Repository {
        let owner = self.path_with_namespace.rsplit_once('/');
        let owner = owner.map_or("", |(owner, _)| owner).to_owned();
        let level = |access: Option<Access>| access.map_or(0, |access| access.access_level);
        Repository {
            moved: !self.path_with_namespace.eq_ignore_ascii_case(asked),
            owner,
            name: self.path,
            url: self.web_url,
            clone_url: self.http_url_to_repo,
            default_branch: self.default_branch,
            can_push: self.permissions.map(|permissions| {
                level(permissions.project_access).max(level(permissions.group_access)) >= DEVELOPER
            }),
            archived: self.archived,
            parent: self
                .forked_from_project
                .map(|parent| parent.path_with_namespace),
        }
    }
}

impl ApiMergeRequest {
    pub(super) fn into_pull_request(self, head_repository: Option<String>) -> PullRequest {
        let (title, marked) = unmarked(&self.title, &MARKS);
        PullRequest {
            number: self.iid,
            url: self.web_url,
            title: title.to_owned(),
            body: self.description.unwrap_or_default(),
            state: match self.state.as_str() {
                "merged" => State::Merged,
                "closed" => State::Closed,
                // `locked` is one that is being merged.
                _ => State::Open,
            },
            draft: self.draft || marked,
            head: self.source_branch,
            head_commit: self.sha,
            head_repository,
            base: self.target_branch,
            labels: common::sorted(self.labels.into_iter()),
            reviewers: common::sorted(self.reviewers.into_iter().map(|user| user.username)),
            author: self.author.map(|user| user.username).unwrap_or_default(),
        }
    }
}
