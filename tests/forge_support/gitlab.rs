//! GitLab's routes, API v4. Source: GitLab's REST API documentation, and answers seen in public reports.

use serde_json::{Value, json};

use super::{
    server::Reply,
    strict::{Answer, Api, Is, add_pull, below, extend, open_pull, position, text},
    world::{Pull, Repo, World},
};
use gomend::deliver::forge::State;

fn refuse(status: u16, message: &Value) -> Reply {
    Reply::json(status, &json!({ "message": message }))
}

fn absent(what: &str) -> Reply {
    refuse(404, &json!(format!("404 {what} Not Found")))
}

fn forbidden() -> Reply {
    refuse(403, &json!("403 Forbidden"))
}

pub fn answer(api: &mut Api<'_>) -> Answer {
    let path = api.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let method = api.request.method.clone();
    let me = api.login("Bearer")?;
    let unauthorized = || refuse(401, &json!("401 Unauthorized"));
    let me = me.map_err(|()| unauthorized())?;
    if path == ["version"] {
        let version = json!({ "version": "18.4.0", "revision": "0123456789a" });
        let known = me.map(|_| Reply::json(200, &version));
        return known.ok_or_else(unauthorized);
    }
    api.header("accept", "application/json")?;
    if path == ["users"] {
        api.parameters(&["username"])?;
        let login = api.text("username");
        let found = api
            .world
            .account(&login)
            .filter(|account| account.token.is_some());
        let found: Vec<Value> = found
            .map(|found| user(api.world, &found.login))
            .into_iter()
            .collect();
        return Ok(Reply::json(200, &json!(found)));
    }
    let ["projects", project, rest @ ..] = &path[..] else {
        return Err(api.violation("no such route"));
    };
    if let Some(repo) = api.world.moved(project) {
        let rest = below(rest);
        let to = format!("{}/api/v4/projects/{}{rest}", api.origin, repo.id);
        return Err(
            Reply::json(301, &json!({ "message": "301 Moved Permanently" })).with("Location", to),
        );
    }
    let found = match project.parse() {
        Ok(id) => api.world.repo_by_id(id),
        Err(_) => api.world.repo(project),
    };
    let sees = |repo: &&Repo| !repo.private || me.as_ref().is_some_and(|me| may_write(repo, me));
    let id = found.filter(sees).ok_or_else(|| absent("Project"))?.id;
    if method == "GET" {
        return read(api, id, rest, me.as_deref());
    }
    let me = me.ok_or_else(unauthorized)?;
    if api.world.repo_by_id(id).expect("found").archived && *rest != ["fork"] {
        return Err(forbidden());
    }
    write(api, &method, id, rest, &me)
}

fn may_write(repo: &Repo, login: &str) -> bool {
    repo.writers.iter().any(|writer| writer == login)
}

fn user(world: &World, login: &str) -> Value {
    let id = world.account(login).map(|account| account.id);
    json!({ "id": id.unwrap_or(0), "username": login, "name": login, "state": "active" })
}

fn project(api: &Api<'_>, repo: &Repo, me: Option<&str>) -> Value {
    let full_name = repo.full_name();
    let parent = repo.parent.and_then(|id| api.world.repo_by_id(id));
    let mut value = json!({
        "id": repo.id,
        "name": repo.name,
        "path": repo.name,
        "path_with_namespace": full_name,
        "default_branch": (!repo.is_empty()).then_some(&repo.default_branch),
        "web_url": format!("{}/{full_name}", api.origin),
        "http_url_to_repo": format!("{}/{full_name}.git", api.origin),
        "archived": repo.archived,
        "import_status": match (parent, repo.pending) {
            (None, _) => "none",
            (Some(_), 0) => "finished",
            (Some(_), _) => "started",
        },
        "import_error": null,
    });
    if let Some(me) = me {
        let access = may_write(repo, me).then(|| json!({ "access_level": 30 }));
        value["permissions"] = json!({ "project_access": access, "group_access": null });
    }
    if let Some(parent) = parent {
        let name = parent.full_name();
        value["forked_from_project"] = json!({ "id": parent.id, "path_with_namespace": name });
    }
    value
}

fn merge_request(api: &Api<'_>, repo: &Repo, pull: &Pull) -> Value {
    let users = |logins: &[String]| {
        logins
            .iter()
            .map(|login| user(api.world, login))
            .collect::<Vec<_>>()
    };
    json!({
        "id": 1000 + pull.number,
        "iid": pull.number,
        "project_id": repo.id,
        "web_url": format!("{}/{}/-/merge_requests/{}", api.origin, repo.full_name(), pull.number),
        "title": pull.title,
        "description": pull.body,
        "state": match pull.state {
            State::Open => "opened",
            State::Closed => "closed",
            State::Merged => "merged",
        },
        "draft": pull.title.starts_with("Draft:"),
        "source_branch": pull.head,
        "source_project_id": pull.head_repo,
        "target_branch": pull.base,
        "target_project_id": repo.id,
        "sha": pull.head_commit,
        "labels": pull.labels,
        "reviewers": users(&pull.reviewers),
        "author": user(api.world, &pull.author),
    })
}

fn read(api: &mut Api<'_>, id: u64, rest: &[&str], me: Option<&str>) -> Answer {
    let repo = api.world.repo_by_id(id).expect("found").clone();
    match rest {
        [] => {
            let value = project(api, &repo, me);
            let pending = &mut api.world.repo_by_id_mut(id).expect("found").pending;
            *pending = pending.saturating_sub(1);
            Ok(Reply::json(200, &value))
        }
        ["merge_requests"] => {
            api.parameters(&[
                "state",
                "source_branch",
                "target_branch",
                "order_by",
                "sort",
                "per_page",
                "page",
            ])?;
            let (state, source, target) = (
                api.text("state"),
                api.text("source_branch"),
                api.text("target_branch"),
            );
            let wanted = |pull: &&Pull| {
                (state == "all" || state.is_empty() || pull.state == State::Open)
                    && (source.is_empty() || source == pull.head)
                    && (target.is_empty() || target == pull.base)
            };
            let found = repo.pulls.iter().rev().filter(wanted);
            let found: Vec<Value> = found.map(|pull| merge_request(api, &repo, pull)).collect();
            Ok(api.page(&found, ("per_page", 100)))
        }
        ["merge_requests", number] => {
            let at = position(&repo, number).ok_or_else(|| absent("Merge Request"))?;
            Ok(Reply::json(
                200,
                &merge_request(api, &repo, &repo.pulls[at]),
            ))
        }
        ["merge_requests", number, "notes"] => {
            api.parameters(&["order_by", "sort", "per_page", "page"])?;
            let at = position(&repo, number).ok_or_else(|| absent("Merge Request"))?;
            let notes = repo.pulls[at].comments.iter();
            let mut found: Vec<Value> = notes
                .map(|body| json!({ "body": body, "system": false }))
                .collect();
            if api.text("sort") != "asc" {
                found.reverse();
            }
            Ok(api.page(&found, ("per_page", 100)))
        }
        ["forks"] => {
            api.parameters(&["owned", "order_by", "sort", "per_page", "page"])?;
            let owned = api.text("owned") == "true";
            let forks = api.world.repos.iter().filter(|fork| {
                fork.parent == Some(id) && (!owned || Some(fork.owner.as_str()) == me)
            });
            let found: Vec<Value> = forks.map(|fork| project(api, fork, me)).collect();
            Ok(api.page(&found, ("per_page", 100)))
        }
        _ => Err(api.violation("no such route")),
    }
}

fn write(api: &mut Api<'_>, method: &str, id: u64, rest: &[&str], me: &str) -> Answer {
    match (method, rest) {
        ("POST", ["merge_requests"]) => create(api, id, me),
        ("POST", ["fork"]) => {
            api.fields(&[
                ("namespace_path", Is::Text),
                ("name", Is::Text),
                ("path", Is::Text),
            ])?;
            let name = api.world.repo_by_id(id).expect("found").name.clone();
            if api.world.repo(&format!("{me}/{name}")).is_some() {
                let taken = json!({ "path": ["has already been taken"], "name": ["has already been taken"] });
                return Err(refuse(409, &taken));
            }
            let fork = api.world.add_fork(id, me);
            let fork = api.world.repo_by_id(fork).expect("it was made").clone();
            Ok(Reply::json(201, &project(api, &fork, Some(me))))
        }
        (_, ["merge_requests", number, rest @ ..]) => {
            let repo = api.world.repo_by_id(id).expect("found");
            let at = position(repo, number).ok_or_else(|| absent("Merge Request"))?;
            if !may_write(repo, me) && repo.pulls[at].author != me {
                return Err(forbidden());
            }
            match (method, rest) {
                ("PUT", []) => edit(api, id, at),
                ("POST", ["notes"]) => {
                    let body = api.fields(&[("body", Is::Text)])?;
                    let pull = &mut api.world.repo_by_id_mut(id).expect("found").pulls[at];
                    pull.comments.push(text(&body, "body"));
                    Ok(Reply::json(201, &json!({ "id": 1, "body": body["body"] })))
                }
                _ => Err(api.violation("no such route")),
            }
        }
        _ => Err(api.violation("no such route")),
    }
}

/// Creates a merge request of a branch of project `source`, into it or into another.
fn create(api: &mut Api<'_>, source: u64, me: &str) -> Answer {
    let body = api.fields(&[
        ("title", Is::Text),
        ("description", Is::Text),
        ("source_branch", Is::Text),
        ("target_branch", Is::Text),
        ("target_project_id", Is::Number),
        ("allow_collaboration", Is::Flag),
        ("remove_source_branch", Is::Flag),
        ("labels", Is::Text),
    ])?;
    for field in ["title", "source_branch", "target_branch"] {
        if text(&body, field).is_empty() {
            return Err(Reply::json(
                400,
                &json!({ "error": format!("{field} is missing") }),
            ));
        }
    }
    let source = api.world.repo_by_id(source).expect("found").clone();
    if !may_write(&source, me) {
        return Err(forbidden());
    }
    let target = body["target_project_id"].as_u64().unwrap_or(source.id);
    let target = api
        .world
        .repo_by_id(target)
        .ok_or_else(|| absent("Project"))?
        .clone();
    if target.id != source.id && source.parent != Some(target.id) {
        return Err(refuse(
            422,
            &json!(["Source project is not a fork of the target project"]),
        ));
    }
    let (head, base) = (text(&body, "source_branch"), text(&body, "target_branch"));
    if source.id == target.id && head == base {
        let why = "You can't use same project/branch for source and target";
        return Err(refuse(422, &json!([why])));
    }
    let missing = |field: &str| refuse(400, &json!({ field: ["does not exist"] }));
    let tip = source.tip(&head).ok_or_else(|| missing("source_branch"))?;
    target.tip(&base).ok_or_else(|| missing("target_branch"))?;
    if let Some(there) = open_pull(&target, source.id, &head, &base) {
        let why = format!(
            "Another open merge request already exists for this source branch: !{}",
            there.number
        );
        return Err(refuse(409, &json!([why])));
    }
    let fields = (text(&body, "title"), text(&body, "description"), false);
    let repo = api.world.repo_by_id_mut(target.id).expect("found");
    add_pull(repo, (source.id, &head, tip), &base, fields, me);
    let repo = repo.clone();
    let pull = repo.pulls.last().expect("it was added");
    Ok(Reply::json(201, &merge_request(api, &repo, pull)))
}

fn edit(api: &mut Api<'_>, id: u64, at: usize) -> Answer {
    let body = api.fields(&[
        ("title", Is::Text),
        ("description", Is::Text),
        ("target_branch", Is::Text),
        ("state_event", Is::Text),
        ("add_labels", Is::Text),
        ("reviewer_ids", Is::Numbers),
    ])?;
    if body.as_object().is_some_and(serde_json::Map::is_empty) {
        let why = "title, description, target_branch, state_event are missing, at least one parameter must be provided";
        return Err(Reply::json(400, &json!({ "error": why })));
    }
    let accounts = api.world.accounts.clone();
    let repo = api.world.repo_by_id_mut(id).expect("found");
    if let Some(base) = body["target_branch"].as_str() {
        if repo.tip(base).is_none() {
            return Err(refuse(400, &json!({ "target_branch": ["does not exist"] })));
        }
        base.clone_into(&mut repo.pulls[at].base);
    }
    let private = repo.private;
    let writers = repo.writers.clone();
    let pull = &mut repo.pulls[at];
    if let Some(title) = body["title"].as_str() {
        title.clone_into(&mut pull.title);
    }
    if let Some(text) = body["description"].as_str() {
        text.clone_into(&mut pull.body);
    }
    if body["state_event"] == json!("close") {
        pull.state = State::Closed;
    }
    if let Some(labels) = body["add_labels"].as_str() {
        let labels: Vec<String> = labels.split(',').map(str::to_owned).collect();
        extend(&mut pull.labels, &labels);
    }
    if let Ok(ids) = serde_json::from_value::<Vec<u64>>(body["reviewer_ids"].clone()) {
        // Who cannot see the project is left out without a word.
        let sees = |login: &String| !private || writers.contains(login);
        let logins = ids
            .iter()
            .filter_map(|id| accounts.iter().find(|account| account.id == *id));
        pull.reviewers = logins
            .map(|account| account.login.clone())
            .filter(sees)
            .collect();
    }
    let repo = repo.clone();
    Ok(Reply::json(
        200,
        &merge_request(api, &repo, &repo.pulls[at]),
    ))
}
