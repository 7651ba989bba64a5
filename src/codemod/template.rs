//! Reads templates: text with `@name`, `@{name}`, `@{param.x}` and `@@`. In: the text and the names that are known where it
//! stands. Out: a [`Template`] in which every name is resolved, so that rendering cannot fail.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Param, Part, Template,
    document::Text,
    problem::{Kind, Problems},
};
use crate::diagnostic::nearest;

/// The names a template may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    /// Captures of the rule, and of the `within` query.
    pub captures: &'a [Arc<str>],
    /// Fresh names of the rule.
    pub fresh: &'a [Arc<str>],
    /// Names of the rule's `find`.
    pub found: &'a [Arc<str>],
    /// Package names of `[imports]`.
    pub imports: &'a BTreeMap<String, String>,
    /// Parameters.
    pub params: &'a BTreeMap<String, Param>,
}

/// A hole of a template.
#[derive(Debug, Clone)]
pub(super) struct Hole {
    /// The capture.
    pub capture: Arc<str>,
    /// Bytes of the template's value.
    pub range: Range<usize>,
}

/// A template with the captures it needs, where they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Read {
    /// The template.
    pub template: Template,
    /// Its captures.
    pub holes: Vec<Hole>,
}

/// Reads a template; what is wrong with it is reported and left out.
pub(super) fn read(text: &Text, names: Names<'_>, problems: &mut Problems) -> Read {
    let mut read = Read::default();
    let mut plain = String::new();
    for piece in pieces(&text.value) {
        match piece {
            Piece::Text(part) => plain.push_str(part),
            Piece::Param(name, range) => match names.params.get(name) {
                // Without a value the file is refused elsewhere, so what stands here does not matter.
                Some(param) => plain.push_str(param.value.as_deref().unwrap_or("param")),
                None => unknown_param(text, name, &range, names.params, problems),
            },
            Piece::Name(name, range) => match resolve(name, names) {
                Some(part) => {
                    if let Part::Capture(capture) = &part {
                        let capture = Arc::clone(capture);
                        read.holes.push(Hole { capture, range });
                    }
                    flush(&mut plain, &mut read.template);
                    read.template.parts.push(part);
                }
                None => unknown_name(text, name, &range, names, problems),
            },
            Piece::Bad(message, range) => {
                let span = text.within(&problems.text(), &range);
                problems
                    .add(Kind::TemplateSyntax, span, message)
                    .help("write `@@` for an at sign");
            }
        }
    }
    flush(&mut plain, &mut read.template);
    read
}

/// `text` with its `@{param.x}` filled in and everything else as it stands; unknown parameters are reported.
pub(super) fn fill_params(
    text: &str,
    params: &BTreeMap<String, Param>,
    mut unknown: impl FnMut(&str),
) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("@{param.") {
        filled.push_str(&rest[..at]);
        let inner = &rest[at + "@{param.".len()..];
        let Some(end) = inner.find('}') else {
            rest = &rest[at..];
            break;
        };
        match params.get(&inner[..end]) {
            Some(param) => filled.push_str(param.value.as_deref().unwrap_or("param")),
            None => unknown(&inner[..end]),
        }
        rest = &inner[end + 1..];
    }
    filled.push_str(rest);
    filled
}

fn flush(plain: &mut String, template: &mut Template) {
    if !plain.is_empty() {
        template.parts.push(Part::Text(std::mem::take(plain)));
    }
}

fn resolve(name: &str, names: Names<'_>) -> Option<Part> {
    let find = |list: &[Arc<str>]| list.iter().find(|n| &***n == name).cloned();
    if let Some(capture) = find(names.captures) {
        return Some(Part::Capture(capture));
    }
    if let Some(fresh) = find(names.fresh) {
        return Some(Part::Fresh(fresh));
    }
    if let Some(found) = find(names.found) {
        return Some(Part::Found(found));
    }
    let import = names.imports.contains_key(name);
    import.then(|| Part::Import(Arc::from(name)))
}

fn unknown_name(
    text: &Text,
    name: &str,
    range: &Range<usize>,
    names: Names<'_>,
    problems: &mut Problems,
) {
    let span = text.within(&problems.text(), range);
    let known: Vec<&str> = names
        .captures
        .iter()
        .chain(names.fresh)
        .chain(names.found)
        .map(|n| &**n)
        .chain(names.imports.keys().map(String::as_str))
        .collect();
    let near = nearest(name, known.iter().copied());
    let problem = problems.add(
        Kind::UnknownName,
        span,
        format!("nothing here is called `{name}`"),
    );
    problem.suggest(near);
    if near.is_none() && !known.is_empty() {
        problem.help(format!(
            "the names here are {}",
            super::document::listed(&known)
        ));
    }
    if names.params.contains_key(name) {
        problem.help(format!("a parameter is written `@{{param.{name}}}`"));
    }
}

fn unknown_param(
    text: &Text,
    name: &str,
    range: &Range<usize>,
    params: &BTreeMap<String, Param>,
    problems: &mut Problems,
) {
    let span = text.within(&problems.text(), range);
    let title = format!("there is no parameter `{name}`");
    problems
        .add(Kind::UnknownName, span, title)
        .suggest(nearest(name, params.keys().map(String::as_str)))
        .help("parameters are declared in `[params]`");
}

/// A piece of a template's text.
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str, Range<usize>),
    Param(&'a str, Range<usize>),
    Bad(String, Range<usize>),
}

/// Cuts a template at its at signs.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('@') {
        let sign = at + found;
        pieces.push(Piece::Text(&text[at..sign]));
        let rest = &text[sign + 1..];
        let (piece, length) = behind_sign(rest, sign);
        pieces.push(piece);
        at = sign + 1 + length;
    }
    pieces.push(Piece::Text(&text[at..]));
    pieces
}

/// What stands behind the `@` at byte `sign`, and its length.
fn behind_sign(rest: &str, sign: usize) -> (Piece<'_>, usize) {
    if rest.starts_with('@') {
        return (Piece::Text("@"), 1);
    }
    if let Some(inner) = rest.strip_prefix('{') {
        let Some(end) = inner.find('}') else {
            let message = "this `@{` is never closed".to_owned();
            return (Piece::Bad(message, sign..sign + 2), 1);
        };
        let (name, length) = (&inner[..end], end + 2);
        let range = sign..sign + 1 + length;
        return match name.strip_prefix("param.") {
            Some(param) => (Piece::Param(param, range), length),
            None => (Piece::Name(name, range), length),
        };
    }
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    if length == 0 {
        let message = "an `@` without a name".to_owned();
        return (Piece::Bad(message, sign..sign + 1), 0);
    }
    let range = sign..sign + 1 + length;
    (Piece::Name(&rest[..length], range), length)
}
