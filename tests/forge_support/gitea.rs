//! Routes of Gitea and Forgejo, API v1. Source: Gitea's API documentation, and statuses and messages of its handlers.

use serde_json::{Value, json};

use super::{
    server::Reply,
    strict::{Answer, Api, Is, add_pull, below, extend, open_pull, position, text, texts},
    world::{Label, Pull, Repo, World},
};
use gomend::deliver::forge::State;

fn refuse(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "url": "https://gitea.example/api/swagger" });
    Reply::json(status, &body)
}

fn absent() -> Reply {
    let body = json!({
        "errors": [],
        "message": "The target couldn't be found.",
        "url": "https://gitea.example/api/swagger",
    });
    Reply::json(404, &body)
}

pub fn answer(api: &mut Api<'_>) -> Answer {
    let path = api.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let method = api.request.method.clone();
    if (method.as_str(), &path[..]) == ("GET", &["version"][..]) {
        return Ok(Reply::json(200, &json!({ "version": "1.24.3" })));
    }
    api.header("accept", "application/json")?;
    let me = api.login("token")?;
    let me = me.map_err(|()| refuse(401, "invalid username, password or token"))?;
    match &path[..] {
        ["user"] => {
            let me = me.ok_or_else(|| refuse(401, "token is required"))?;
            return Ok(Reply::json(200, &user(api.world, &me)));
        }
        // Labels of an organization; the test forge's have none of their own.
        ["orgs", owner, "labels"] => {
            let organization = api
                .world
                .account(owner)
                .is_some_and(|account| account.token.is_none());
            return if organization {
                Ok(Reply::json(200, &json!([])))
            } else {
                Err(absent())
            };
        }
        _ => {}
    }
    let ["repos", owner, name, rest @ ..] = &path[..] else {
        return Err(api.violation("no such route"));
    };
    let full_name = format!("{owner}/{name}");
    if let Some(repo) = api.world.moved(&full_name) {
        let rest = below(rest);
        let to = format!("/api/v1/repos/{}{rest}", repo.full_name());
        return Err(Reply::empty(307).with("Location", to));
    }
    let sees = |repo: &&Repo| !repo.private || me.as_ref().is_some_and(|me| may_write(repo, me));
    let id = api
        .world
        .repo(&full_name)
        .filter(sees)
        .ok_or_else(absent)?
        .id;
    if method == "GET" {
        return read(api, id, rest, me.as_deref());
    }
    let me = me.ok_or_else(|| refuse(401, "token is required"))?;
    if api.world.repo_by_id(id).expect("found").archived && *rest != ["forks"] {
        return Err(refuse(423, &format!("{full_name} is archived")));
    }
    write(api, &method, id, rest, &me)
}

fn may_write(repo: &Repo, login: &str) -> bool {
    repo.writers.iter().any(|writer| writer == login)
}

fn user(world: &World, login: &str) -> Value {
    let id = world.account(login).map(|account| account.id);
    json!({ "id": id, "login": login, "username": login, "email": "" })
}

fn label(label: &Label) -> Value {
    json!({ "id": label.id, "name": label.name, "color": "00aabb" })
}

fn repository(api: &Api<'_>, repo: &Repo, me: Option<&str>) -> Value {
    let full_name = repo.full_name();
    let parent = repo.parent.and_then(|id| api.world.repo_by_id(id));
    let push = me.is_some_and(|me| may_write(repo, me));
    json!({
        "id": repo.id,
        "owner": user(api.world, &repo.owner),
        "name": repo.name,
        "full_name": full_name,
        "empty": repo.pending > 0 || repo.is_empty(),
        "private": repo.private,
        "fork": parent.is_some(),
        "parent": parent.map(|parent| repository(api, parent, me)),
        "html_url": format!("{}/{full_name}", api.origin),
        "clone_url": format!("{}/{full_name}.git", api.origin),
        "default_branch": repo.default_branch,
        "archived": repo.archived,
        "permissions": { "admin": false, "push": push, "pull": true },
    })
}

fn pull_request(api: &Api<'_>, repo: &Repo, pull: &Pull) -> Value {
    let head = pull.head_repo.and_then(|id| api.world.repo_by_id(id));
    // A branch that is gone leaves the reference of the pull request.
    let tip = head.and_then(|head| head.tip(&pull.head));
    let reference = match tip {
        Some(_) => pull.head.clone(),
        None => format!("refs/pull/{}/head", pull.number),
    };
    let users = |logins: &[String]| {
        logins
            .iter()
            .map(|login| user(api.world, login))
            .collect::<Vec<_>>()
    };
    let labels = repo
        .labels
        .iter()
        .filter(|known| pull.labels.contains(&known.name));
    let teams: Vec<Value> = pull
        .teams
        .iter()
        .map(|name| json!({ "name": name }))
        .collect();
    json!({
        "number": pull.number,
        "html_url": format!("{}/{}/pulls/{}", api.origin, repo.full_name(), pull.number),
        "title": pull.title,
        "body": pull.body,
        "state": if pull.state == State::Open { "open" } else { "closed" },
        "merged": pull.state == State::Merged,
        "draft": pull.title.starts_with("WIP:") || pull.title.starts_with("[WIP]"),
        "user": user(api.world, &pull.author),
        "labels": labels.map(label).collect::<Vec<_>>(),
        "requested_reviewers": users(&pull.reviewers),
        "requested_reviewers_teams": teams,
        "head": {
            "label": pull.head,
            "ref": reference,
            "sha": pull.head_commit,
            "repo_id": head.map_or(-1, |head| i64::try_from(head.id).expect("small")),
            "repo": head.map(|head| repository(api, head, None)),
        },
        "base": {
            "label": pull.base,
            "ref": pull.base,
            "sha": repo.tip(&pull.base),
            "repo_id": repo.id,
            "repo": repository(api, repo, None),
        },
    })
}

fn read(api: &mut Api<'_>, id: u64, rest: &[&str], me: Option<&str>) -> Answer {
    let repo = api.world.repo_by_id(id).expect("found").clone();
    match rest {
        [] => {
            let value = repository(api, &repo, me);
            let pending = &mut api.world.repo_by_id_mut(id).expect("found").pending;
            *pending = pending.saturating_sub(1);
            Ok(Reply::json(200, &value))
        }
        ["pulls"] => {
            api.parameters(&["state", "sort", "base_branch", "limit", "page"])?;
            let state = api.text("state");
            let wanted = |pull: &&Pull| match state.as_str() {
                "all" => true,
                "closed" => pull.state != State::Open,
                _ => pull.state == State::Open,
            };
            let found = repo.pulls.iter().rev().filter(wanted);
            let found: Vec<Value> = found.map(|pull| pull_request(api, &repo, pull)).collect();
            Ok(api.page(&found, ("limit", 50)))
        }
        ["pulls", number] => {
            let at = position(&repo, number).ok_or_else(absent)?;
            Ok(Reply::json(200, &pull_request(api, &repo, &repo.pulls[at])))
        }
        ["issues", number, "comments"] => {
            api.parameters(&["since", "before"])?;
            let at = position(&repo, number).ok_or_else(absent)?;
            let comments = repo.pulls[at].comments.iter();
            let found: Vec<Value> = comments.map(|body| json!({ "body": body })).collect();
            Ok(Reply::json(200, &json!(found)))
        }
        ["labels"] => {
            api.parameters(&["limit", "page"])?;
            let found: Vec<Value> = repo.labels.iter().map(label).collect();
            Ok(api.page(&found, ("limit", 50)))
        }
        ["forks"] => {
            api.parameters(&["limit", "page"])?;
            let forks = api
                .world
                .repos
                .iter()
                .filter(|fork| fork.parent == Some(id));
            let found: Vec<Value> = forks.map(|fork| repository(api, fork, me)).collect();
            Ok(api.page(&found, ("limit", 50)))
        }
        _ => Err(api.violation("no such route")),
    }
}

fn write(api: &mut Api<'_>, method: &str, id: u64, rest: &[&str], me: &str) -> Answer {
    match (method, rest) {
        ("POST", ["pulls"]) => create(api, id, me),
        ("POST", ["forks"]) => {
            api.fields(&[("organization", Is::Text), ("name", Is::Text)])?;
            let name = api.world.repo_by_id(id).expect("found").name.clone();
            let taken = format!("{me}/{name}");
            let forked = |repo: &Repo| repo.parent == Some(id) && repo.owner == me;
            if api.world.repo(&taken).is_some() || api.world.repos.iter().any(forked) {
                let why = format!("repository already exists [uname: {me}, name: {name}]");
                return Err(refuse(409, &why));
            }
            let fork = api.world.add_fork(id, me);
            let fork = api.world.repo_by_id(fork).expect("it was made").clone();
            Ok(Reply::json(202, &repository(api, &fork, Some(me))))
        }
        (_, ["pulls" | "issues", number, rest @ ..]) => {
            let repo = api.world.repo_by_id(id).expect("found");
            let at = position(repo, number).ok_or_else(absent)?;
            let may = may_write(repo, me) || (repo.pulls[at].author == me && *rest != ["labels"]);
            if !may {
                return Err(refuse(
                    403,
                    "user should be the creator of the pull request or have write access",
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
        ("base", Is::Text),
        ("labels", Is::Numbers),
    ])?;
    for (field, name) in [("title", "Title"), ("head", "Head"), ("base", "Base")] {
        if text(&body, field).is_empty() {
            return Err(refuse(422, &format!("[{name}]: Required")));
        }
    }
    let repo = api.world.repo_by_id(id).expect("found").clone();
    let (head, base) = (text(&body, "head"), text(&body, "base"));
    if head == base {
        return Err(refuse(
            422,
            "Invalid PullRequest: There are no changes between the head and the base",
        ));
    }
    let (owner, head) = head.split_once(':').unwrap_or((&repo.owner, &head));
    let network = |other: &&Repo| other.id == repo.id || other.parent == Some(repo.id);
    let source = api
        .world
        .repos
        .iter()
        .filter(network)
        .find(|other| other.owner == owner);
    let source = source.ok_or_else(absent)?.clone();
    let tip = source.tip(head).ok_or_else(absent)?;
    repo.tip(&base).ok_or_else(absent)?;
    if let Some(there) = open_pull(&repo, source.id, head, &base) {
        let why = format!(
            "pull request already exists for these targets [id: {n}, issue_id: {n}, head_repo_id: {}, \
             base_repo_id: {}, head_branch: {head}, base_branch: {base}]",
            source.id,
            repo.id,
            n = there.number
        );
        return Err(refuse(409, &why));
    }
    let fields = (text(&body, "title"), text(&body, "body"), false);
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
            let body = api.fields(&[("labels", Is::Numbers)])?;
            let ids: Vec<u64> = serde_json::from_value(body["labels"].clone()).expect("numbers");
            let repo = api.world.repo_by_id_mut(id).expect("found");
            let known = repo.labels.iter().filter(|label| ids.contains(&label.id));
            let names: Vec<String> = known.map(|label| label.name.clone()).collect();
            if names.len() != ids.len() {
                return Err(api.violation("a label's id that the repository does not have"));
            }
            extend(&mut repo.pulls[at].labels, &names);
            Ok(Reply::json(200, &json!([])))
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
    let repo = api.world.repo_by_id_mut(id).expect("found");
    if body["state"].is_string() && repo.pulls[at].state == State::Merged {
        let why = "cannot change state of this pull request, it was already merged";
        return Err(refuse(412, why));
    }
    if let Some(base) = body["base"].as_str() {
        if repo.tip(base).is_none() {
            return Err(refuse(404, &format!("new base '{base}' not exist")));
        }
        base.clone_into(&mut repo.pulls[at].base);
    }
    let pull = &mut repo.pulls[at];
    if let Some(title) = body["title"].as_str().filter(|title| !title.is_empty()) {
        title.clone_into(&mut pull.title);
    }
    if let Some(text) = body["body"].as_str() {
        text.clone_into(&mut pull.body);
    }
    if body["state"] == json!("closed") {
        pull.state = State::Closed;
    }
    let repo = repo.clone();
    Ok(Reply::json(201, &pull_request(api, &repo, &repo.pulls[at])))
}

fn request_reviews(api: &mut Api<'_>, id: u64, at: usize) -> Answer {
    let body = api.fields(&[("reviewers", Is::Texts), ("team_reviewers", Is::Texts)])?;
    let (users, teams) = (texts(&body, "reviewers"), texts(&body, "team_reviewers"));
    for name in &users {
        if api.world.account(name).is_none() {
            let why = format!("user does not exist [uid: 0, name: {name}]");
            return Err(refuse(404, &why));
        }
    }
    if let Some(team) = teams.iter().find(|team| !api.world.teams.contains(team)) {
        return Err(refuse(
            404,
            &format!("team does not exist [org_id 1, team_id 0, name: {team}]"),
        ));
    }
    let repo = api.world.repo_by_id_mut(id).expect("found");
    if users.contains(&repo.pulls[at].author) {
        return Err(refuse(422, "poster of pr can't be reviewer"));
    }
    extend(&mut repo.pulls[at].reviewers, &users);
    extend(&mut repo.pulls[at].teams, &teams);
    Ok(Reply::json(201, &json!([])))
}
