//! Title and body of a pull request, from templates in the language of Jinja. What a template prints is made harmless by
//! [`super::markdown`] unless it is Markdown of a codemod's own, so a template of a user's cannot forget it.

use std::fmt;

use super::{
    facts::{Facts, example},
    markdown,
};
use crate::{diagnostic, report};
use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, escape_formatter,
    syntax::SyntaxConfig, value::Serde,
};

/// The title where none is asked for.
pub const TITLE: &str = include_str!("title.txt");
/// The body where no template is named.
pub const BODY: &str = include_str!("body.md");

/// The most characters of a title. GitLab and Gitea take 255, GitHub 256.
const TITLE_LIMIT: usize = 255;

/// The most findings for people that a body lists.
const MOST_LEFT: usize = 50;

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
            Some(line) if self.kind == Kind::Body => format!("{}:{line}", self.name),
            _ => self.name.clone(),
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

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
