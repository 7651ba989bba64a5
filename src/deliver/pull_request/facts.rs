//! What templates may say: each field of [`Facts`] is a variable of that name.

use minijinja::Value;
use serde::Serialize;

/// What templates may use.
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

/// One of everything that a run may have.
pub(super) fn example() -> Facts {
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
