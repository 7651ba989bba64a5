//! What is common to the routes of all forges: who asks, what may stand in a request, and pages.

use serde_json::{Value, json};

use super::{
    server::{Reply, Request, unescape},
    world::{Pull, Repo, World},
};
use gomend::deliver::forge::State;

/// An answer, or the answer that refuses.
pub type Answer = Result<Reply, Reply>;

/// One request to the API.
pub struct Api<'a> {
    pub world: &'a mut World,
    pub request: &'a Request,
    /// Scheme, host and port of the forge.
    pub origin: &'a str,
    /// Parts of the path behind the API's address, unescaped.
    pub path: Vec<String>,
    /// What a real forge would not have understood.
    pub violations: Vec<String>,
}

/// Type of a JSON field.
#[derive(Clone, Copy)]
pub enum Is {
    Text,
    Flag,
    Number,
    Texts,
    Numbers,
}

impl Is {
    fn holds(self, value: &Value) -> bool {
        let all =
            |of: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(of));
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Number => value.is_u64(),
            Self::Texts => all(Value::is_string),
            Self::Numbers => all(Value::is_u64),
        }
    }
}

impl<'a> Api<'a> {
    pub fn new(world: &'a mut World, request: &'a Request, origin: &'a str, path: &str) -> Self {
        Self {
            world,
            request,
            origin,
            path: path
                .trim_start_matches('/')
                .split('/')
                .map(unescape)
                .collect(),
            violations: Vec::new(),
        }
    }

    /// Notes that the request is not one of this API, and refuses it.
    pub fn violation(&mut self, what: &str) -> Reply {
        let (method, path) = (&self.request.method, &self.request.path);
        self.violations.push(format!("{method} {path}: {what}"));
        Reply::json(400, &json!({ "message": format!("test forge: {what}") }))
    }

    /// The header must have this value.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), Reply> {
        match self.request.header(name) {
            Some(found) if found == value => Ok(()),
            found => {
                let found = found.unwrap_or("nothing").to_owned();
                Err(self.violation(&format!("header {name} is {found}, not {value}")))
            }
        }
    }

    /// Login of who asks by `Authorization: SCHEME TOKEN`; `Ok(None)` without the header, `Err(())` where the token is
    /// wrong.
    pub fn login(&mut self, scheme: &str) -> Result<Result<Option<String>, ()>, Reply> {
        let Some(header) = self.request.header("authorization") else {
            return Ok(Ok(None));
        };
        let Some(token) = header
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix(' '))
        else {
            return Err(self.violation(&format!("the token comes without `{scheme}`")));
        };
        let account = self.world.by_token(token);
        Ok(account.map(|account| Some(account.login.clone())).ok_or(()))
    }

    /// Only these parameters may be in the query.
    pub fn parameters(&mut self, known: &[&str]) -> Result<(), Reply> {
        let request = self.request;
        let mut names = request.query.split('&').filter(|pair| !pair.is_empty());
        let name = |pair: &str| pair.split('=').next().unwrap_or("").to_owned();
        match names.find(|pair| !known.contains(&name(pair).as_str())) {
            Some(pair) => Err(self.violation(&format!("parameter {}", name(pair)))),
            None => Ok(()),
        }
    }

    /// The fields of the body: these and no others, each of its type.
    pub fn fields(&mut self, known: &[(&str, Is)]) -> Result<Value, Reply> {
        self.header("content-type", "application/json")?;
        let body = self.request.json();
        let Some(fields) = body.as_object() else {
            return Err(self.violation("the body is no JSON object"));
        };
        for (name, value) in fields {
            let Some((_, is)) = known.iter().find(|(known, _)| known == name) else {
                return Err(self.violation(&format!("unknown field {name}")));
            };
            if !is.holds(value) {
                return Err(self.violation(&format!("field {name} is {value}")));
            }
        }
        Ok(body)
    }

    /// One page of a list, with `Link` where there are more; `size` is the parameter's name and the largest page.
    pub fn page(&mut self, items: &[Value], size: (&str, usize)) -> Reply {
        let number = |name: &str| self.request.parameter(name)?.parse::<usize>().ok();
        let per_page = number(size.0).unwrap_or(30).clamp(1, size.1);
        let page = number("page").unwrap_or(1).max(1);
        let start = (page - 1).saturating_mul(per_page).min(items.len());
        let end = (start + per_page).min(items.len());
        let reply = Reply::json(200, &json!(items[start..end]));
        if end == items.len() {
            return reply;
        }
        let address = format!("{}{}", self.origin, self.request.path);
        reply.with(
            "Link",
            format!("<{address}?page={}>; rel=\"next\"", page + 1),
        )
    }

    pub fn text(&self, name: &str) -> String {
        self.request.parameter(name).unwrap_or_default()
    }
}

/// Parts of a path, each behind a slash.
pub fn below(parts: &[&str]) -> String {
    parts.iter().flat_map(|part| ["/", part]).collect()
}

/// Text of a field; empty where there is none.
pub fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

/// Texts of a field.
pub fn texts(body: &Value, name: &str) -> Vec<String> {
    let items = body[name].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| Some(item.as_str()?.to_owned()))
        .collect()
}

/// Adds names that are not there yet.
pub fn extend(list: &mut Vec<String>, names: &[String]) {
    for name in names {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}

/// The open pull request of a head into a base.
pub fn open_pull<'r>(repo: &'r Repo, head_repo: u64, head: &str, base: &str) -> Option<&'r Pull> {
    repo.pulls.iter().find(|pull| {
        pull.state == State::Open
            && pull.head_repo == Some(head_repo)
            && pull.head == head
            && pull.base == base
    })
}

/// Adds a pull request; its number. `fields` holds title, body and draft.
pub fn add_pull(
    repo: &mut Repo,
    head: (u64, &str, String),
    base: &str,
    fields: (String, String, bool),
    author: &str,
) -> u64 {
    let number = u64::try_from(repo.pulls.len()).expect("few") + 1;
    repo.pulls.push(Pull {
        number,
        title: fields.0,
        body: fields.1,
        head_repo: Some(head.0),
        head: head.1.to_owned(),
        base: base.to_owned(),
        head_commit: head.2,
        state: State::Open,
        draft: fields.2,
        labels: Vec::new(),
        reviewers: Vec::new(),
        teams: Vec::new(),
        author: author.to_owned(),
        comments: Vec::new(),
    });
    number
}

/// Position of a pull request in its repository.
pub fn position(repo: &Repo, number: &str) -> Option<usize> {
    let number: u64 = number.parse().ok()?;
    repo.pulls.iter().position(|pull| pull.number == number)
}
