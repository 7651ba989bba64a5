//! GitHub's routes. Source: GitHub REST API documentation, version 2022-11-28, and answers seen in public reports.

use serde_json::{Value, json};

use super::{
    server::Reply,
    strict::{Answer, Api, Is, add_pull, below, extend, open_pull, position, text, texts},
    world::{Pull, Repo, World, ahead},
};
use gomend::deliver::forge::State;

const DOCS: &str = "https://docs.github.com/rest";

fn refuse(status: u16, message: &str) -> Reply {
    let body =
        json!({ "message": message, "documentation_url": DOCS, "status": status.to_string() });
    Reply::json(status, &body)
}

fn invalid(error: &Value) -> Reply {
    let body = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": DOCS,
        "status": "422",
    });
    Reply::json(422, &body)
}

fn custom(message: &str) -> Reply {
    invalid(&json!({ "resource": "PullRequest", "code": "custom", "message": message }))
}

pub fn answer(api: &mut Api<'_>) -> Answer {
    if api.request.header("user-agent").is_none() {
        return Err(refuse(403, "Request forbidden by administrative rules."));
    }
    let path = api.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let method = api.request.method.clone();
    if (method.as_str(), &path[..]) == ("GET", &["meta"][..]) {
        let meta =
            json!({ "verifiable_password_authentication": true, "installed_version": "3.19.0" });
        return Ok(Reply::json(200, &meta).with("X-GitHub-Request-Id", "1:2:3"));
    }
    api.header("accept", "application/vnd.github+json")?;
    api.header("x-github-api-version", "2022-11-28")?;
    let me = api
        .login("Bearer")?
        .map_err(|()| refuse(401, "Bad credentials"))?;
    let (id, rest) = find(api, &method, &path, me.as_deref())?;
    if method == "GET" {
        return read(api, id, rest, me.as_deref());
    }
    let me = me.ok_or_else(|| refuse(401, "Requires authentication"))?;
    if api.world.repo_by_id(id).expect("found").archived && rest != ["forks"] {
        return Err(refuse(403, "Repository was archived so is read-only."));
    }
    write(api, &method, id, rest, &me)
}

/// Longest body of a pull request, in characters.
const LONGEST_BODY: usize = 65_536;

fn too_long(body: &Value) -> Result<(), Reply> {
    if text(body, "body").chars().count() <= LONGEST_BODY {
        return Ok(());
    }
    let message = format!("body is too long (maximum is {LONGEST_BODY} characters)");
    Err(custom(&message))
}

/// The repository of a path, and the rest of the path.
fn find<'p>(
    api: &mut Api<'_>,
    method: &str,
    path: &'p [&'p str],
    me: Option<&str>,
) -> Result<(u64, &'p [&'p str]), Reply> {
    let (repo, rest) = match path {
        ["repos", owner, name, rest @ ..] => {
            let full_name = format!("{owner}/{name}");
            if let Some(repo) = api.world.moved(&full_name) {
                let rest = below(rest);
                let to = format!("{}/api/v3/repositories/{}{rest}", api.origin, repo.id);
                let status = if method == "GET" { 301 } else { 307 };
                let body =
                    json!({ "message": "Moved Permanently", "url": to, "documentation_url": DOCS });
                return Err(Reply::json(status, &body).with("Location", to));
            }
            (api.world.repo(&full_name), rest)
        }
        ["repositories", id, rest @ ..] => {
            let id = id.parse().unwrap_or_default();
            (api.world.repo_by_id(id), rest)
        }
        _ => return Err(api.violation("no such route")),
    };
    let sees = |repo: &&Repo| !repo.private || me.is_some_and(|me| may_write(repo, me));
    let repo = repo.filter(sees).ok_or_else(|| refuse(404, "Not Found"))?;
    Ok((repo.id, rest))
}

fn may_write(repo: &Repo, login: &str) -> bool {
    repo.writers.iter().any(|writer| writer == login)
}

fn user(world: &World, login: &str) -> Value {
    let id = world.account(login).map(|account| account.id);
    json!({ "login": login, "id": id, "type": "User", "site_admin": false })
}

fn repository(api: &Api<'_>, repo: &Repo, me: Option<&str>) -> Value {
    let full_name = repo.full_name();
    let parent = repo.parent.and_then(|id| api.world.repo_by_id(id));
    let mut value = json!({
        "id": repo.id,
        "name": repo.name,
        "full_name": full_name,
        "owner": user(api.world, &repo.owner),
        "private": repo.private,
        "html_url": format!("{}/{full_name}", api.origin),
        "clone_url": format!("{}/{full_name}.git", api.origin),
        "fork": parent.is_some(),
        "archived": repo.archived,
        "default_branch": repo.default_branch,
    });
    if let Some(me) = me {
        let push = may_write(repo, me);
        value["permissions"] = json!({ "admin": false, "push": push, "pull": true });
    }
    if let Some(parent) = parent {
        value["parent"] = repository(api, parent, None);
    }
    value
}

fn pull_request(api: &Api<'_>, repo: &Repo, pull: &Pull) -> Value {
    let head = pull.head_repo.and_then(|id| api.world.repo_by_id(id));
    let owner = head.map_or("unknown", |head| head.owner.as_str());
    let users = |logins: &[String]| {
        logins
            .iter()
            .map(|login| user(api.world, login))
            .collect::<Vec<_>>()
    };
    let labels: Vec<Value> = pull
        .labels
        .iter()
        .map(|name| json!({ "name": name, "color": "ededed" }))
        .collect();
    let teams: Vec<Value> = pull
        .teams
        .iter()
        .map(|slug| json!({ "slug": slug, "name": slug }))
        .collect();
    json!({
        "number": pull.number,
        "html_url": format!("{}/{}/pull/{}", api.origin, repo.full_name(), pull.number),
        "title": pull.title,
        "body": if pull.body.is_empty() { Value::Null } else { json!(pull.body) },
        "state": if pull.state == State::Open { "open" } else { "closed" },
        "merged_at": (pull.state == State::Merged).then_some("2024-01-02T03:04:05Z"),
        "draft": pull.draft,
        "user": user(api.world, &pull.author),
        "labels": labels,
        "requested_reviewers": users(&pull.reviewers),
        "requested_teams": teams,
        "head": {
            "label": format!("{owner}:{}", pull.head),
            "ref": pull.head,
            "sha": pull.head_commit,
            "user": head.map(|head| user(api.world, &head.owner)),
            "repo": head.map(|head| repository(api, head, None)),
        },
        "base": {
            "label": format!("{}:{}", repo.owner, pull.base),
            "ref": pull.base,
            "sha": repo.tip(&pull.base),
            "user": user(api.world, &repo.owner),
            "repo": repository(api, repo, None),
        },
    })
}

fn read(api: &mut Api<'_>, id: u64, rest: &[&str], me: Option<&str>) -> Answer {
    let repo = api.world.repo_by_id(id).expect("found").clone();
    match rest {
        [] => Ok(Reply::json(200, &repository(api, &repo, me))),
        ["pulls"] => {
            api.parameters(&[
                "state",
                "head",
                "base",
                "sort",
                "direction",
                "per_page",
                "page",
            ])?;
            let (state, head, base) = (api.text("state"), api.text("head"), api.text("base"));
            let wanted = |pull: &&Pull| {
                let from = pull.head_repo.and_then(|id| api.world.repo_by_id(id));
                let from = from.map_or("unknown", |from| from.owner.as_str());
                (state == "all" || pull.state == State::Open)
                    && (head.is_empty() || head == format!("{from}:{}", pull.head))
                    && (base.is_empty() || base == pull.base)
            };
            let found = repo.pulls.iter().rev().filter(wanted);
            let found: Vec<Value> = found.map(|pull| pull_request(api, &repo, pull)).collect();
            Ok(api.page(&found, ("per_page", 100)))
        }
        ["pulls", number] => {
            let at = position(&repo, number).ok_or_else(|| refuse(404, "Not Found"))?;
            Ok(Reply::json(200, &pull_request(api, &repo, &repo.pulls[at])))
        }
        ["issues", number, "comments"] => {
            api.parameters(&["per_page", "page", "since"])?;
            let at = position(&repo, number).ok_or_else(|| refuse(404, "Not Found"))?;
            let comments = repo.pulls[at].comments.iter();
            let found: Vec<Value> = comments.map(|body| json!({ "body": body })).collect();
            Ok(api.page(&found, ("per_page", 100)))
        }
        ["branches", branch] => {
            let pending = &mut api.world.repo_by_id_mut(id).expect("found").pending;
            if *pending > 0 {
                *pending -= 1;
                return Err(refuse(404, "Branch not found"));
            }
            let tip = repo
                .tip(branch)
                .ok_or_else(|| refuse(404, "Branch not found"))?;
            Ok(Reply::json(
                200,
                &json!({ "name": branch, "commit": { "sha": tip } }),
            ))
        }
        _ => Err(api.violation("no such route")),
    }
}

fn write(api: &mut Api<'_>, method: &str, id: u64, rest: &[&str], me: &str) -> Answer {
    match (method, rest) {
        ("POST", ["pulls"]) => create(api, id, me),
        ("POST", ["forks"]) => {
            let known = [
                ("organization", Is::Text),
                ("name", Is::Text),
                ("default_branch_only", Is::Flag),
            ];
            api.fields(&known)?;
            let there = api
                .world
                .repos
                .iter()
                .find(|repo| repo.parent == Some(id) && repo.owner == me);
            let fork = there.map(|repo| repo.id);
            let fork = fork.unwrap_or_else(|| api.world.add_fork(id, me));
            let fork = api.world.repo_by_id(fork).expect("it was made").clone();
            Ok(Reply::json(202, &repository(api, &fork, Some(me))))
        }
        (_, ["pulls" | "issues", number, rest @ ..]) => {
            let repo = api.world.repo_by_id(id).expect("found");
            let at = position(repo, number).ok_or_else(|| refuse(404, "Not Found"))?;
            let may = may_write(repo, me) || (repo.pulls[at].author == me && rest != ["labels"]);
            if !may {
                return Err(refuse(
                    403,
                    "Resource not accessible by personal access token",
                ));
            }
            change(api, method, id, at, rest)
        }
        _ => Err(api.violation("no such route")),
    }
}

fn create(api: &mut Api<'_>, id: u64, me: &str) -> Answer {
    let body = api.fields(&[
        ("title", Is::Text),
        ("body", Is::Text),
        ("head", Is::Text),
        ("head_repo", Is::Text),
        ("base", Is::Text),
        ("draft", Is::Flag),
        ("maintainer_can_modify", Is::Flag),
    ])?;
    too_long(&body)?;
    let wrong = |field: &str, code: &str| {
        invalid(&json!({ "resource": "PullRequest", "field": field, "code": code }))
    };
    for field in ["title", "head", "base"] {
        if text(&body, field).is_empty() {
            return Err(wrong(field, "missing_field"));
        }
    }
    let repo = api.world.repo_by_id(id).expect("found").clone();
    let (head, base) = (text(&body, "head"), text(&body, "base"));
    let (owner, head) = head.split_once(':').unwrap_or((&repo.owner, &head));
    let network = |other: &&Repo| other.id == repo.id || other.parent == Some(repo.id);
    let source = api
        .world
        .repos
        .iter()
        .filter(network)
        .find(|other| other.owner == owner);
    let source = source.ok_or_else(|| wrong("head", "invalid"))?.clone();
    if !may_write(&source, me) {
        return Err(refuse(
            403,
            "Resource not accessible by personal access token",
        ));
    }
    let tip = source.tip(head).ok_or_else(|| wrong("head", "invalid"))?;
    if repo.tip(&base).is_none() {
        return Err(wrong("base", "invalid"));
    }
    if ahead(&repo, &base, &source, head) == 0 {
        return Err(custom(&format!(
            "No commits between {}:{base} and {owner}:{head}",
            repo.owner
        )));
    }
    if open_pull(&repo, source.id, head, &base).is_some() {
        return Err(custom(&format!(
            "A pull request already exists for {owner}:{head}."
        )));
    }
    let fields = (
        text(&body, "title"),
        text(&body, "body"),
        body["draft"] == json!(true),
    );
    let target = api.world.repo_by_id_mut(id).expect("found");
    add_pull(target, (source.id, head, tip), &base, fields, me);
    let repo = target.clone();
    let pull = repo.pulls.last().expect("it was added");
    Ok(Reply::json(201, &pull_request(api, &repo, pull)))
}

/// A change of the pull request at a position.
fn change(api: &mut Api<'_>, method: &str, id: u64, at: usize, rest: &[&str]) -> Answer {
    match (method, rest) {
        ("PATCH", []) => edit(api, id, at),
        ("POST", ["labels"]) => {
            let body = api.fields(&[("labels", Is::Texts)])?;
            let names = texts(&body, "labels");
            let pull = &mut api.world.repo_by_id_mut(id).expect("found").pulls[at];
            extend(&mut pull.labels, &names);
            let labels: Vec<Value> = pull
                .labels
                .iter()
                .map(|name| json!({ "name": name }))
                .collect();
            Ok(Reply::json(200, &json!(labels)))
        }
        ("POST", ["comments"]) => {
            let body = api.fields(&[("body", Is::Text)])?;
            let pull = &mut api.world.repo_by_id_mut(id).expect("found").pulls[at];
            pull.comments.push(text(&body, "body"));
            Ok(Reply::json(201, &json!({ "id": 1, "body": body["body"] })))
        }
        ("POST", ["requested_reviewers"]) => request_reviews(api, id, at),
        _ => Err(api.violation("no such route")),
    }
}

fn edit(api: &mut Api<'_>, id: u64, at: usize) -> Answer {
    let body = api.fields(&[
        ("title", Is::Text),
        ("body", Is::Text),
        ("state", Is::Text),
        ("base", Is::Text),
    ])?;
    too_long(&body)?;
    let repo = api.world.repo_by_id_mut(id).expect("found");
    if let Some(base) = body["base"].as_str() {
        if repo.tip(base).is_none() {
            let error = json!({ "resource": "PullRequest", "field": "base", "code": "invalid" });
            return Err(invalid(&error));
        }
        base.clone_into(&mut repo.pulls[at].base);
    }
    let pull = &mut repo.pulls[at];
    if let Some(title) = body["title"].as_str() {
        title.clone_into(&mut pull.title);
    }
    if let Some(text) = body["body"].as_str() {
        text.clone_into(&mut pull.body);
    }
    if body["state"] == json!("closed") {
        pull.state = State::Closed;
    }
    let repo = repo.clone();
    Ok(Reply::json(200, &pull_request(api, &repo, &repo.pulls[at])))
}

fn request_reviews(api: &mut Api<'_>, id: u64, at: usize) -> Answer {
    let body = api.fields(&[("reviewers", Is::Texts), ("team_reviewers", Is::Texts)])?;
    let (users, teams) = (texts(&body, "reviewers"), texts(&body, "team_reviewers"));
    let known = api.world.teams.clone();
    let repo = api.world.repo_by_id_mut(id).expect("found");
    let say = |message: &str| {
        Reply::json(
            422,
            &json!({ "message": message, "documentation_url": DOCS }),
        )
    };
    if users.contains(&repo.pulls[at].author) {
        return Err(say("Review cannot be requested from pull request author."));
    }
    let may = users.iter().all(|user| may_write(repo, user))
        && teams.iter().all(|team| known.contains(team));
    if !may {
        return Err(say(&format!(
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified \
             is not a collaborator of the {} repository.",
            repo.full_name()
        )));
    }
    extend(&mut repo.pulls[at].reviewers, &users);
    extend(&mut repo.pulls[at].teams, &teams);
    let repo = repo.clone();
    Ok(Reply::json(201, &pull_request(api, &repo, &repo.pulls[at])))
}
