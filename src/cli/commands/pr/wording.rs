//! What the pull request is to say: title, text and labels, and how that differs from what it says.

use std::fs;

use super::{Asked, base::Base, place::Place, wishes::Wishes};
use crate::{
    cli::error::Error,
    deliver::{
        forge::{Change, Kind, PullRequest},
        pull_request::{
            body::{self, Mark},
            facts::Facts,
            template::{self, Template},
        },
    },
    report::escape,
};

/// The templates, read and tried.
#[derive(Debug)]
pub struct Templates {
    title: Template,
    body: Template,
}

impl Templates {
    /// Reads those that are asked for, and tries them.
    pub fn read(wishes: &Wishes) -> Result<Self, Error> {
        let (name, title) = match &wishes.title {
            Some((name, title)) => (name.as_str(), title.as_str()),
            None => ("the default title", template::TITLE),
        };
        let body = match &wishes.body_template {
            None => Template::body("the default text", template::BODY),
            Some(path) => {
                let name = escape::line(&path.display().to_string()).into_owned();
                let source = fs::read_to_string(path).map_err(|cause| {
                    Error::new(format!("cannot read the template `{name}`: {cause}"))
                        .help("give `--body-template` a text file")
                })?;
                Template::body(&name, &source)
            }
        };
        Ok(Self {
            title: Template::title(name, title)?,
            body: body?,
        })
    }
}

/// What the pull request is to say.
#[derive(Debug)]
pub struct Wording {
    /// The title that we would give.
    pub title: String,
    /// Our part of the text.
    ours: String,
    /// What differs from the open pull request.
    pub change: Change,
    /// Labels that it does not have.
    pub labels: Vec<String>,
}

impl Wording {
    /// Renders it, and compares it with the pull request that is there.
    pub fn new(
        asked: &Asked<'_>,
        facts: &Facts,
        pull: Option<&PullRequest>,
        base: &Base,
        place: &Place,
    ) -> Result<Self, Error> {
        // Without changes there is nothing to say, and a title of the first codemod's has none to be of.
        if facts.codemods.is_empty() {
            return Ok(Self {
                title: String::new(),
                ours: String::new(),
                change: Change::default(),
                labels: Vec::new(),
            });
        }
        let title = asked.templates.title.render_title(facts)?;
        let room = limit(place.kind).saturating_sub(pull.map_or(0, beside) + body::overhead());
        let ours = asked.templates.body.render_body(facts, room)?;
        let has = |wanted: &str| {
            let is_same = |label: &String| match place.kind {
                Kind::Github => label.eq_ignore_ascii_case(wanted),
                Kind::Gitea | Kind::Gitlab => label == wanted,
            };
            pull.is_some_and(|pull| pull.labels.iter().any(is_same))
        };
        let labels = asked.wishes.labels.iter().filter(|label| !has(label));
        let labels = labels.cloned().collect();
        let change = pull.map_or_else(Change::default, |pull| change(pull, &title, &ours, base));
        Ok(Self {
            title,
            ours,
            change,
            labels,
        })
    }

    /// Whether the open pull request says all this.
    pub fn is_current(&self) -> bool {
        self.change == Change::default() && self.labels.is_empty()
    }

    /// The text of a new pull request.
    pub fn body(&self) -> String {
        body::new(&Mark::new(&self.title, false), &self.ours)
    }

    /// Our part of it.
    pub fn ours(&self) -> &str {
        &self.ours
    }
}

/// What an open pull request of ours needs. A title that is not the one that we gave last is a person's, and stays.
fn change(pull: &PullRequest, title: &str, ours: &str, base: &Base) -> Change {
    let Some(parts) = body::parts(&pull.body) else {
        return Change::default();
    };
    let keep_title = !parts.mark.is_title(&pull.title);
    let mark = if keep_title {
        parts.mark.clone().closed(false)
    } else {
        Mark::new(title, false)
    };
    let body = body::replaced(&parts, &mark, ours);
    let title = (!keep_title && pull.title.trim() != title).then(|| title.to_owned());
    Change {
        title,
        body: (!body::same(&body, &pull.body)).then_some(body),
        base: (pull.base != base.branch).then(|| base.branch.clone()),
    }
}

/// The text of a pull request that we close.
pub fn closed_body(pull: &PullRequest, note: &str) -> Option<String> {
    let parts = body::parts(&pull.body)?;
    let mark = parts.mark.clone().closed(true);
    let changed = body::replaced(&parts, &mark, note);
    (!body::same(&changed, &pull.body)).then_some(changed)
}

/// Bytes of what people wrote around our part.
fn beside(pull: &PullRequest) -> usize {
    body::parts(&pull.body).map_or(0, |parts| parts.before.len() + parts.after.len())
}

/// The most bytes of a text. GitHub and GitLab say so; for Gitea no limit is known, and the smaller one is kept to.
fn limit(kind: Kind) -> usize {
    match kind {
        Kind::Github | Kind::Gitea => 65_536,
        Kind::Gitlab => 1_048_576,
    }
}
