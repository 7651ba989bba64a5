//! Turns predicates as written into checked ones. In: a query that was read, and the table of [`crate::matcher::predicate`].
//! Out: predicates by pattern, whose arguments fit their signature.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Param,
    document::{Text, listed},
    load::Depth,
    problem::{Kind, Problems},
    query::{QueryText, RawArgument, RawPredicate},
    rules::Frame,
    template::fill_params,
};
use crate::{
    diagnostic::nearest,
    go::{syntax::language, version::Requirement},
    matcher::predicate::{self, Argument, LazyRegex, Parameter, Predicate, PredicateKind},
};

/// The checked predicates of each top-level pattern; what is wrong with the others is reported.
pub(super) fn check(
    text: &Text,
    query: &QueryText,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Vec<Vec<Predicate>> {
    let mut all: Vec<Vec<Predicate>> = query.patterns.iter().map(|_| Vec::new()).collect();
    let scope = Scope {
        text,
        captures: query
            .capture_names()
            .into_iter()
            .chain(frame.outer.iter().map(|name| &**name))
            .collect(),
        params: frame.params,
        found: frame.found,
        depth: frame.depth,
    };
    for raw in &query.predicates {
        let Some(pattern) = raw.pattern else {
            let span = text.within(&problems.text(), &raw.span);
            problems
                .add(
                    Kind::StrayPredicate,
                    span,
                    "a predicate that belongs to no pattern",
                )
                .help("put it inside the parentheses of its pattern: `((identifier) @x (#eq? @x \"y\"))`");
            continue;
        };
        if let (Some(checked), Some(list)) = (one(raw, &scope, problems), all.get_mut(pattern)) {
            list.push(checked);
        }
    }
    all
}

/// What the arguments of a predicate are resolved against.
struct Scope<'a> {
    text: &'a Text,
    captures: Vec<&'a str>,
    params: &'a BTreeMap<String, Param>,
    found: &'a [Arc<str>],
    depth: Depth,
}

fn one(raw: &RawPredicate, scope: &Scope<'_>, problems: &mut Problems) -> Option<Predicate> {
    let place =
        |problems: &Problems, span: &Range<usize>| scope.text.within(&problems.text(), span);
    let Some((kind, negated)) = find(&raw.name.text) else {
        let span = place(problems, &raw.name.span);
        let title = format!("there is no predicate `#{}`", raw.name.text);
        let near = nearest_predicate(&raw.name.text);
        problems
            .add(Kind::UnknownPredicate, span, title)
            .suggest(near.as_deref());
        return None;
    };
    let signature = kind.signature;
    let (given, least) = (raw.arguments.len(), signature.required.len());
    if given < least || (given > least && signature.rest.is_none()) {
        let span = place(problems, &raw.span);
        let more = if signature.rest.is_some() {
            "at least "
        } else {
            ""
        };
        let s = if least == 1 { "" } else { "s" };
        let title = format!(
            "`#{}` takes {more}{least} argument{s}, not {given}",
            raw.name.text
        );
        problems
            .add(Kind::ArgumentCount, span, title)
            .help(usage(kind));
        return None;
    }
    let parameters = signature
        .required
        .iter()
        .copied()
        .chain(signature.rest.into_iter().cycle());
    let arguments: Vec<_> = raw
        .arguments
        .iter()
        .zip(parameters)
        .map(|(argument, parameter)| self::argument(argument, parameter, kind, scope, problems))
        .collect();
    let arguments = arguments.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Predicate {
        kind,
        negated,
        arguments,
    })
}

/// The table's entry for a name as written, and whether it is the `not-` form.
fn find(written: &str) -> Option<(&'static PredicateKind, bool)> {
    let name = written.strip_suffix('?')?;
    if let Some(kind) = predicate::find(name) {
        return Some((kind, false));
    }
    let kind = predicate::find(name.strip_prefix("not-")?)?;
    Some((kind, true))
}

fn nearest_predicate(written: &str) -> Option<String> {
    let bare = written.trim_end_matches(['?', '!']);
    let bare = bare.strip_prefix("is-").unwrap_or(bare);
    let (not, bare) = match bare.strip_prefix("not-") {
        Some(rest) => ("not-", rest),
        None => ("", bare),
    };
    let name = nearest(bare, predicate::all().map(|kind| kind.name))?;
    Some(format!("#{not}{name}?"))
}

/// How a predicate is written.
fn usage(kind: &PredicateKind) -> String {
    let word = |parameter: &Parameter| match parameter {
        Parameter::Capture => "@capture",
        Parameter::Text => "\"text\"",
        Parameter::CaptureOrText => "@capture|\"text\"",
        Parameter::Regex => "\"regex\"",
        Parameter::GoRequirement => "\">=1.22\"",
        Parameter::NodeKind => "\"node_kind\"",
    };
    let mut text = format!("it is written `(#{}?", kind.name);
    for parameter in kind.signature.required {
        text.push(' ');
        text.push_str(word(parameter));
    }
    if let Some(rest) = &kind.signature.rest {
        text.push(' ');
        text.push_str(word(rest));
        text.push('…');
    }
    text + ")`"
}

fn argument(
    raw: &RawArgument,
    parameter: Parameter,
    kind: &PredicateKind,
    scope: &Scope<'_>,
    problems: &mut Problems,
) -> Option<Argument> {
    match raw {
        RawArgument::Word(word) => {
            let span = scope.text.within(&problems.text(), &word.span);
            let title = format!("`{}` is neither a capture nor a string", word.text);
            problems
                .add(Kind::ArgumentType, span, title)
                .help(format!("write `@{0}` or `\"{0}\"`", word.text));
            None
        }
        RawArgument::Capture(name) => {
            let span = scope.text.within(&problems.text(), &name.span);
            if !matches!(parameter, Parameter::Capture | Parameter::CaptureOrText) {
                let title = format!("`#{}?` takes a string here, not a capture", kind.name);
                problems
                    .add(Kind::ArgumentType, span, title)
                    .help(usage(kind));
                return None;
            }
            let Some(index) = scope.captures.iter().position(|c| *c == name.text) else {
                let title = format!("the query has no capture `@{}`", name.text);
                let near = nearest(&name.text, scope.captures.iter().copied());
                let near = near.map(|n| format!("@{n}"));
                let problem = problems.add(Kind::UnknownCapture, span, title);
                if scope.found.iter().any(|found| **found == *name.text) {
                    problem.help("`find` looks for it when all predicates hold, so none can ask about it; templates and messages can name it");
                } else {
                    problem.suggest(near.as_deref());
                }
                return None;
            };
            u32::try_from(index).ok().map(Argument::Capture)
        }
        RawArgument::Text(text) => {
            let span = scope.text.within(&problems.text(), &text.span);
            let filled = fill_params(&text.text, scope.params, |name| {
                let title = format!("there is no parameter `{name}`");
                problems
                    .add(Kind::UnknownName, span.clone(), title)
                    .suggest(nearest(name, scope.params.keys().map(String::as_str)))
                    .help("parameters are declared in `[params]`");
            });
            text_argument(&filled, parameter, kind, scope.depth, span, problems)
        }
    }
}

fn text_argument(
    text: &str,
    parameter: Parameter,
    kind: &PredicateKind,
    depth: Depth,
    span: Range<usize>,
    problems: &mut Problems,
) -> Option<Argument> {
    match parameter {
        Parameter::Capture => {
            let title = format!("`#{}?` takes a capture here, not a string", kind.name);
            problems
                .add(Kind::ArgumentType, span, title)
                .help(usage(kind));
            None
        }
        Parameter::Text | Parameter::CaptureOrText => Some(Argument::Text(Arc::from(text))),
        // The tests check those that are shipped.
        Parameter::Regex if depth == Depth::Quick => Some(Argument::Regex(LazyRegex::later(text))),
        Parameter::Regex => match LazyRegex::new(text) {
            Ok(regex) => Some(Argument::Regex(regex)),
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default();
                let why = why.strip_prefix("error: ").unwrap_or(why).to_owned();
                problems
                    .add(Kind::BadRegex, span, "not a regular expression")
                    .label(why);
                None
            }
        },
        Parameter::GoRequirement => {
            let requirement = Requirement::parse(text);
            if requirement.is_none() {
                bad_version(text, span, problems);
            }
            requirement.map(Argument::GoRequirement)
        }
        Parameter::NodeKind => {
            if language().id_for_node_kind(text, true) == 0 {
                unknown_node(text, span, problems);
                return None;
            }
            Some(Argument::Text(Arc::from(text)))
        }
    }
}

/// Reports a requirement on the language version that cannot be read.
pub(super) fn bad_version(text: &str, span: Range<usize>, problems: &mut Problems) {
    let title = format!("`{text}` is not a requirement on the Go version");
    problems
        .add(Kind::BadVersion, span, title)
        .help("write a comparison and a version, several joined by commas: `>=1.21, <1.24`");
}

/// Reports a node kind that the grammar does not have.
pub(super) fn unknown_node(kind: &str, span: Range<usize>, problems: &mut Problems) {
    let language = language();
    let ids = 0..u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    let names: Vec<&str> = ids
        .filter(|id| {
            language.node_kind_is_named(*id)
                && (language.node_kind_is_visible(*id) || language.node_kind_is_supertype(*id))
        })
        .filter_map(|id| language.node_kind_for_id(id))
        .collect();
    let title = format!("the Go grammar has no node kind `{kind}`");
    problems
        .add(Kind::UnknownNode, span, title)
        .suggest(nearest(kind, names));
}

/// Reports a field that the grammar does not have.
pub(super) fn unknown_field(field: &str, span: Range<usize>, problems: &mut Problems) {
    let language = language();
    let ids = 1..=u16::try_from(language.field_count()).unwrap_or(u16::MAX);
    let mut names: Vec<&str> = ids
        .filter_map(|id| language.field_name_for_id(id))
        .collect();
    names.sort_unstable();
    let title = format!("the Go grammar has no field `{field}`");
    let near = nearest(field, names.iter().copied());
    let problem = problems.add(Kind::UnknownField, span, title);
    problem.suggest(near);
    if near.is_none() {
        problem.help(format!("its fields are {}", listed(&names)));
    }
}
