//! Title and body of a pull request, from templates in the language of Jinja. What a template prints is made harmless by
//! [`super::markdown`] unless it is Markdown of a codemod's own, so a template of a user's cannot forget it.

use std::fmt;

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, escape_formatter,
    syntax::SyntaxConfig, value::Serde,
};
use serde::Serialize;

use super::markdown;
use crate::{diagnostic, report};

/// The title where none is asked for.
pub const TITLE: &str = include_str!("title.txt");
/// The body where no template is named.
pub const BODY: &str = include_str!("body.md");

/// The most characters of a title. GitLab and Gitea take 255, GitHub 256.
const TITLE_LIMIT: usize = 255;

/// The most findings for people that a body lists.
const MOST_LEFT: usize = 50;

/// What templates may use; each field is a variable of that name.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// Version of gomend.
    pub version: String,
    /// What the forge calls it: `pull request` or `merge request`.
    pub request: &'static str,
    /// Name of the branch.
    pub branch: String,
    /// Name of the branch that it is to be merged into.
    pub base: String,
    /// Commit of that branch that the commits start at.
    pub base_commit: String,
    /// Whether gofmt has seen the result.
    pub gofmt: bool,
    /// Number of places that are changed.
    pub changes: usize,
    /// Number of files that are changed.
    pub files: usize,
    /// The codemods that change something, in the order of their ids.
    pub codemods: Vec<Codemod>,
    /// The command line that prints the changes.
    pub command: String,
    /// Findings that are not changed, in path order; bounded when a body is rendered.
    pub left: Vec<Left>,
    /// How many more there are.
    pub left_more: usize,
    /// Who touched the changed lines last, by the number of lines.
    pub reviewers: Vec<Reviewer>,
}

/// A codemod that changes something.
#[derive(Debug, Clone, Serialize)]
pub struct Codemod {
    /// `group/name`.
    pub id: String,
    /// One line: what it does.
    pub summary: String,
    /// Why, in the first paragraph that says it. Markdown.
    pub why: Value,
    /// All of its description. Markdown.
    pub description: Value,
    /// Links.
    pub references: Vec<Link>,
    /// Number of places that it changes.
    pub changes: usize,
    /// Number of files that it changes.
    pub files: usize,
    /// `safe` or `unsafe`.
    pub applicability: &'static str,
}

/// A link.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// The address, without its scheme.
    pub name: String,
    /// The address.
    pub url: Value,
}

/// A finding that a person has to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Left {
    /// File, from the root of the repository.
    pub path: String,
    /// 1-based.
    pub line: usize,
    /// Of the finding.
    pub message: String,
    /// Id of the codemod.
    pub codemod: String,
    /// `unsafe`, `display` or `rejected`.
    pub status: &'static str,
    /// Why it is left, in words.
    pub why: String,
    /// Page of the forge that shows the line at the base.
    pub url: Value,
}

/// Who touched changed lines last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviewer {
    /// As in git's history, `.mailmap` considered.
    pub name: String,
    /// How many.
    pub lines: usize,
}

impl Link {
    /// A link to `url`.
    pub fn new(url: &str) -> Self {
        let name = url.split_once("://").map_or(url, |(_, rest)| rest);
        Self {
            name: name.to_owned(),
            url: address(url),
        }
    }
}

/// Markdown that is printed as it is.
pub fn markdown(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

/// An address that can stand in the parentheses of a link.
pub fn address(url: &str) -> Value {
    let mut plain = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '(' => plain.push_str("%28"),
            ')' => plain.push_str("%29"),
            '<' => plain.push_str("%3C"),
            '>' => plain.push_str("%3E"),
            '\\' => plain.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => plain.push_str("%20"),
            c => plain.push(c),
        }
    }
    Value::from_safe_string(plain)
}

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One line of plain text.
    Title,
    /// Markdown.
    Body,
}

/// A template that was read and tried.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    source: String,
    kind: Kind,
}

/// What is wrong with a template: where, what, and what may help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl Template {
    /// A title. `name` is what errors call it: a file's path, or an option.
    ///
    /// # Errors
    /// It cannot be read, or names what is not there.
    pub fn title(name: &str, source: &str) -> Result<Self, Error> {
        let template = Self::tried(name, source, Kind::Title)?;
        template.render_title(&example())?;
        Ok(template)
    }

    /// A body.
    ///
    /// # Errors
    /// It cannot be read, or names what is not there.
    pub fn body(name: &str, source: &str) -> Result<Self, Error> {
        Self::tried(name, source, Kind::Body)
    }

    /// Tries it with one of everything, so that what is wrong shows before anything is searched.
    fn tried(name: &str, source: &str, kind: Kind) -> Result<Self, Error> {
        let template = Self {
            name: name.to_owned(),
            source: source.to_owned(),
            kind,
        };
        template.known_variables()?;
        template.print(&example())?;
        Ok(template)
    }

    /// The one line that the template makes of `facts`.
    ///
    /// # Errors
    /// It cannot be rendered with these facts, or is empty.
    pub fn render_title(&self, facts: &Facts) -> Result<String, Error> {
        let text = self.print(facts)?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = report::escape::line(&words.join(" ")).into_owned();
        if line.is_empty() {
            return Err(Error(format!(
                "{} makes an empty title; write text in it",
                self.name
            )));
        }
        Ok(cut(&line, TITLE_LIMIT))
    }

    /// The Markdown that the template makes of `facts`, of `limit` bytes at most: findings for people are listed up to a
    /// number, fewer where that is too long, and the text ends early where that does not help.
    ///
    /// # Errors
    /// It cannot be rendered with these facts.
    pub fn render_body(&self, facts: &Facts, limit: usize) -> Result<String, Error> {
        let mut shown = facts.left.len().min(MOST_LEFT);
        loop {
            let mut bounded = facts.clone();
            bounded.left.truncate(shown);
            bounded.left_more = facts.left_more + facts.left.len() - shown;
            let text = self.print(&bounded)?;
            if text.len() <= limit {
                return Ok(text);
            }
            if shown == 0 {
                return Ok(shortened(&text, limit));
            }
            shown /= 2;
        }
    }

    fn print(&self, facts: &Facts) -> Result<String, Error> {
        let environment = environment(self.kind);
        let template = environment
            .template_from_named_str(&self.name, &self.source)
            .map_err(|error| self.error(&error))?;
        template
            .render(Serde(facts))
            .map_err(|error| self.error(&error))
    }

    /// Finds variables that no run has, also in parts that the example does not reach.
    fn known_variables(&self) -> Result<(), Error> {
        let environment = environment(self.kind);
        let template = environment
            .template_from_named_str(&self.name, &self.source)
            .map_err(|error| self.error(&error))?;
        let facts = Value::from(Serde(example()));
        let mut known: Vec<String> = facts
            .try_iter()
            .map(|names| names.map(|name| name.to_string()).collect())
            .unwrap_or_default();
        known.sort();
        let functions: Vec<String> = environment
            .globals()
            .map(|(name, _)| name.to_owned())
            .collect();
        let mut used: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        used.sort();
        let unknown = used
            .iter()
            .find(|name| !known.contains(name) && !functions.contains(name));
        let Some(unknown) = unknown else {
            return Ok(());
        };
        let near = diagnostic::nearest(unknown, known.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        Err(Error(format!(
            "{}: `{unknown}` is not a variable; {hint}",
            self.place(self.line_of(unknown))
        )))
    }

    /// The line that a word stands in first, between braces where it is there too.
    fn line_of(&self, word: &str) -> Option<usize> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let has_word = |line: &str| line.split(|c| !is_part(c)).any(|part| part == word);
        let mut lines = self.source.lines().enumerate();
        let in_braces = |line: &str| line.contains(['{', '}']) && has_word(line);
        let found = lines
            .clone()
            .find(|(_, line)| in_braces(line))
            .or_else(|| lines.find(|(_, line)| has_word(line)));
        found.map(|(at, _)| at + 1)
    }

    fn place(&self, line: Option<usize>) -> String {
        match line {
            Some(line) => format!("{}:{line}", self.name),
            None => self.name.clone(),
        }
    }

    /// Where the expression begins that goes on at a byte: an index and a field lead back to their variable.
    fn start_of(&self, at: usize) -> usize {
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
        let before = self.source.get(..at).unwrap_or_default();
        before.trim_end_matches(goes_on).len()
    }

    fn error(&self, error: &minijinja::Error) -> Error {
        let place = self.place(error.line());
        let part = error
            .range()
            .and_then(|range| self.source.get(self.start_of(range.start)..range.end))
            .map(str::trim)
            .filter(|part| !part.is_empty() && !part.contains('\n'));
        let message = match (error.kind(), part) {
            (ErrorKind::UndefinedError, Some(part)) => {
                format!("{place}: `{part}` is not there; `gomend pr --help` lists the variables")
            }
            (kind, part) => {
                let what = error
                    .detail()
                    .map_or_else(|| kind.to_string(), str::to_owned);
                let part = part.map_or_else(String::new, |part| format!(" in `{part}`"));
                format!(
                    "{place}: {what}{part}; the language is Jinja's, see https://docs.rs/minijinja/latest/minijinja/syntax"
                )
            }
        };
        Error(message)
    }
}

fn environment(kind: Kind) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("only delimiters can be wrong, and they are the usual ones");
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    if kind == Kind::Body {
        environment.set_formatter(|out, state, value| {
            match value.as_str() {
                Some(text) if !value.is_safe() => out.write_str(&markdown::text(text))?,
                _ => escape_formatter(out, state, value)?,
            }
            Ok(())
        });
    }
    let markup = |text: String| Value::from_safe_string(text);
    environment.add_filter("code", move |text: String| markup(markdown::code(&text)));
    environment.add_filter("fence", move |text: String, language: Option<String>| {
        markup(markdown::fence(
            &text,
            language.as_deref().unwrap_or_default(),
        ))
    });
    environment.add_filter("count", |n: usize, what: String| report::count(n, &what));
    environment.add_filter("short", |commit: String| {
        commit.chars().take(10).collect::<String>()
    });
    environment
}

/// A line of at most `limit` characters.
fn cut(line: &str, limit: usize) -> String {
    if line.chars().count() <= limit {
        return line.to_owned();
    }
    let start: String = line.chars().take(limit - 1).collect();
    format!("{}…", start.trim_end())
}

/// Markdown that ends early, at the end of a line and outside blocks of code.
fn shortened(text: &str, limit: usize) -> String {
    const NOTE: &str = "\n\n… the rest is too long to be shown here.\n";
    const FENCE: &str = "\n```";
    // A block of code that is cut must be closed, by as many signs as opened it.
    let open_fence = |kept: &str| -> Option<String> {
        let mut open: Option<String> = None;
        for line in kept.lines() {
            let run: String = line.chars().take_while(|&c| c == '`').collect();
            match &open {
                None if run.len() >= 3 => open = Some(run),
                Some(fence) if run.len() >= fence.len() && run == line.trim_end() => open = None,
                _ => {}
            }
        }
        open
    };
    let mut room = limit.saturating_sub(NOTE.len() + FENCE.len());
    loop {
        let mut end = room.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let kept = &text[..end];
        let kept = &kept[..kept.rfind('\n').unwrap_or(0)];
        let close = open_fence(kept).map_or_else(String::new, |fence| format!("\n{fence}"));
        if kept.len() + close.len() + NOTE.len() <= limit || kept.is_empty() {
            return format!("{kept}{close}{NOTE}");
        }
        room = kept.len();
    }
}

/// One of everything that a run may have.
fn example() -> Facts {
    Facts {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        request: "pull request",
        branch: "gomend/group/name".to_owned(),
        base: "main".to_owned(),
        base_commit: "0".repeat(40),
        gofmt: true,
        changes: 1,
        files: 1,
        codemods: vec![Codemod {
            id: "group/name".to_owned(),
            summary: "Do it".to_owned(),
            why: markdown("Because."),
            description: markdown("Because."),
            references: vec![Link::new("https://go.dev")],
            changes: 1,
            files: 1,
            applicability: "safe",
        }],
        command: "gomend diff".to_owned(),
        left: vec![Left {
            path: "a.go".to_owned(),
            line: 1,
            message: "it is wrong".to_owned(),
            codemod: "group/name".to_owned(),
            status: "display",
            why: "no change is proposed".to_owned(),
            url: address("https://example.org"),
        }],
        left_more: 0,
        reviewers: vec![Reviewer {
            name: "Ann".to_owned(),
            lines: 1,
        }],
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
