//! Codemods for people and programs: the table of `gomend list` and the page of `gomend show`.

use std::fmt::Write as _;

use serde::Serialize;

use super::{
    markdown,
    style::{BOLD, FAINT, NAME, paint},
};
use crate::codemod::{Codemod, Origin, Rule};

/// One line for each codemod: id, class, tags, summary.
pub fn table(codemods: &[Codemod]) -> String {
    let width = |text: &dyn Fn(&Codemod) -> usize| codemods.iter().map(text).max().unwrap_or(0);
    let ids = width(&|codemod| codemod.id.chars().count());
    let classes = width(&|codemod| codemod.applicability.as_str().len());
    let tags = width(&|codemod| codemod.tags.join(",").chars().count());
    let mut shown = String::new();
    for codemod in codemods {
        let id = paint(NAME, &format!("{:ids$}", codemod.id));
        let tags = paint(FAINT, &format!("{:tags$}", codemod.tags.join(",")));
        let class = codemod.applicability.as_str();
        writeln!(shown, "{id}  {class:classes$}  {tags}  {}", codemod.summary)
            .expect("writing to a string cannot fail");
    }
    shown
}

#[derive(Serialize)]
struct Catalogue<'a> {
    schema: &'static str,
    version: &'static str,
    codemods: Vec<CodemodJson<'a>>,
}

#[derive(Serialize)]
struct CodemodJson<'a> {
    id: &'a str,
    origin: &'static str,
    summary: &'a str,
    applicability: &'static str,
    tags: &'a [String],
    fixes: &'a [String],
    references: &'a [String],
    rules: Vec<&'a str>,
}

/// The codemods as one JSON object, with a line end.
#[allow(clippy::missing_panics_doc, reason = "it cannot, as the message says")]
pub fn json(codemods: &[Codemod]) -> String {
    let catalogue = Catalogue {
        schema: "gomend/1",
        version: env!("CARGO_PKG_VERSION"),
        codemods: codemods.iter().map(entry).collect(),
    };
    let mut text =
        serde_json::to_string_pretty(&catalogue).expect("strings and lists are always JSON");
    text.push('\n');
    text
}

fn entry(codemod: &Codemod) -> CodemodJson<'_> {
    CodemodJson {
        id: &codemod.id,
        origin: match codemod.origin {
            Origin::Embedded(_) => "shipped",
            Origin::File(_) => "file",
        },
        summary: &codemod.summary,
        applicability: codemod.applicability.as_str(),
        tags: &codemod.tags,
        fixes: &codemod.fixes,
        references: &codemod.references,
        rules: codemod.rules.iter().map(|rule| &*rule.name).collect(),
    }
}

/// Everything a person wants to know about one codemod; with its queries where asked for.
pub fn page(codemod: &Codemod, with_queries: bool) -> String {
    let mut shown = format!(
        "{}  {}\n\n",
        paint(NAME, &codemod.id),
        paint(BOLD, &codemod.summary)
    );
    let description = codemod.description.trim();
    if !description.is_empty() {
        shown.push_str(&markdown::page(description));
        shown.push('\n');
    }
    field(&mut shown, "class", codemod.applicability.as_str());
    let go = codemod.go.as_ref().map(ToString::to_string);
    field(&mut shown, "go", &go.unwrap_or_default());
    field(&mut shown, "tags", &codemod.tags.join(", "));
    field(&mut shown, "fixes", &codemod.fixes.join(", "));
    for (name, param) in &codemod.params {
        let value = match (&param.value, &param.default) {
            (Some(value), _) | (None, Some(value)) => format!("`{value}`"),
            (None, None) => "must be set".to_owned(),
        };
        field(
            &mut shown,
            "param",
            &format!("{name} = {value}  {}", param.help),
        );
    }
    for reference in &codemod.references {
        field(&mut shown, "see", reference);
    }
    for rule in &codemod.rules {
        describe_rule(&mut shown, rule, with_queries);
    }
    shown
}

fn describe_rule(shown: &mut String, rule: &Rule, with_query: bool) {
    let class = rule.applicability.as_str();
    field(shown, "rule", &format!("{} ({class})", rule.name));
    if !with_query {
        return;
    }
    for find in &rule.query.find {
        writeln!(shown, "    {}", find.show()).expect("writing to a string cannot fail");
    }
    if let Some(scope) = &rule.query.scope {
        writeln!(shown, "    {}", scope.show()).expect("writing to a string cannot fail");
    }
    let within = rule.within.iter().map(|within| &within.query);
    for query in std::iter::once(&rule.query).chain(within) {
        for line in query.text.trim_matches('\n').lines() {
            writeln!(shown, "    {line}").expect("writing to a string cannot fail");
        }
    }
}

/// A named line; none where there is no value.
fn field(shown: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        let name = paint(BOLD, &format!("{name:<6}"));
        writeln!(shown, "{name} {value}").expect("writing to a string cannot fail");
    }
}
