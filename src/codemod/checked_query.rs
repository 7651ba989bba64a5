//! Loads the keys `query`, or `pattern` and `where`: reads the query, or compiles the pattern to one, checks kinds, fields,
//! captures and predicates, and compiles it. In: the text as the file has it. Out: a [`RuleQuery`] with what is known about
//! its captures.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{
    RuleQuery,
    captures::{self, Capture},
    document::{Table, Text},
    load::Depth,
    pattern, predicates,
    problem::{Kind, Problems},
    query::{Item, QueryText, Shape},
    rules::{Frame, is_word},
};
use crate::go::syntax::language;

/// A query with what is known about its captures.
pub(super) struct LoadedQuery {
    /// The query.
    pub query: RuleQuery,
    /// Facts by capture name.
    pub captures: BTreeMap<String, Capture>,
    /// As written in the file.
    pub text: Text,
}

/// Loads the key `query`, or `pattern` with `where` in its place; `whole` is then the capture of the whole match.
pub(super) fn load_query(
    table: &Table<'_>,
    whole: &str,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Option<LoadedQuery> {
    let has_pattern = table.has("pattern");
    if has_pattern && table.has("query") {
        let title = "`query` and `pattern` do not go together";
        problems
            .add(Kind::QueryAndPattern, table.key_span("pattern"), title)
            .help("a pattern is compiled to a query; further predicates go into `where`");
        return None;
    }
    if has_pattern {
        let text = table.required_text("pattern", problems)?;
        let conditions = table.texts("where", problems);
        return check_pattern(&text, whole, &conditions, frame, problems);
    }
    if table.has("where") {
        let title = "`where` goes with `pattern`";
        problems
            .add(Kind::QueryAndPattern, table.key_span("where"), title)
            .help("the predicates of a `query` stand inside it");
    }
    let text = table.required_text("query", problems)?;
    check_query(text, frame, problems)
}

/// Compiles a pattern to a query, and checks it with its further predicates.
pub(super) fn check_pattern(
    text: &Text,
    whole: &str,
    conditions: &[Text],
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Option<LoadedQuery> {
    let file = problems.text();
    let mut compiled = match pattern::compile(&text.value, whole, frame.imports) {
        Ok(compiled) => compiled,
        Err(wrong) => {
            for problem in wrong {
                let span = text.within(&file, &problem.span);
                let added = problems.add(problem.kind, span, problem.message);
                for help in problem.help {
                    added.help(help);
                }
            }
            return None;
        }
    };
    let before = problems.len();
    let read = QueryText::parse(&compiled.query).ok();
    for condition in conditions {
        check_condition(condition, read.as_ref(), frame, problems);
        compiled.add_predicate(&condition.value);
    }
    if problems.len() > before {
        return None;
    }
    let generated = Text::new(compiled.query, text.span.clone());
    let mut loaded = check(generated, Written::ByPattern, frame, problems)?;
    for name in &compiled.lists {
        if let Some(capture) = loaded.captures.get_mut(name) {
            capture.is_list = true;
        }
    }
    Some(loaded)
}

/// Checks the predicates of one `where` where they stand.
fn check_condition(
    condition: &Text,
    query: Option<&QueryText>,
    frame: Frame<'_>,
    problems: &mut Problems,
) {
    let mut read = match QueryText::parse(&condition.value) {
        Ok(read) => read,
        Err(error) => {
            let span = condition.within(&problems.text(), &error.span);
            problems.add(Kind::QuerySyntax, span, error.message);
            return;
        }
    };
    if !read.patterns.is_empty() || read.predicates.is_empty() {
        problems
            .add(
                Kind::PatternSyntax,
                condition.span.clone(),
                "`where` holds predicates only",
            )
            .help("each is written `(#name? @capture …)`");
        return;
    }
    for predicate in &mut read.predicates {
        predicate.pattern = Some(0);
    }
    read.patterns = query
        .map(|query| query.patterns.clone())
        .unwrap_or_default();
    predicates::check(condition, &read, frame, problems);
}

/// Who wrote a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    ByAuthor,
    /// It may capture several neighbours under one name.
    ByPattern,
}

/// Reads, checks and, where asked for, compiles a query.
pub(super) fn check_query(
    text: Text,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Option<LoadedQuery> {
    check(text, Written::ByAuthor, frame, problems)
}

fn check(
    text: Text,
    written: Written,
    frame: Frame<'_>,
    problems: &mut Problems,
) -> Option<LoadedQuery> {
    let file = problems.text();
    let read = match QueryText::parse(&text.value) {
        Ok(read) => read,
        Err(error) => {
            let span = text.within(&file, &error.span);
            problems.add(Kind::QuerySyntax, span, error.message);
            return None;
        }
    };
    if read.patterns.is_empty() {
        let title = "the query has no pattern";
        problems.add(Kind::QuerySyntax, text.span.clone(), title);
        return None;
    }
    let before = problems.len();
    check_names(&text, &read, problems);
    let (captures, wrong) = captures::facts(&read);
    let wrong = wrong.into_iter().filter(|_| written == Written::ByAuthor);
    for contradiction in wrong {
        let span = text.within(&file, &contradiction.span);
        let first = text.within(&file, &contradiction.first);
        problems
            .add(contradiction.kind, span, contradiction.message)
            .also(first, "also captured here");
    }
    let sound = problems.len() == before;
    let predicates = predicates::check(&text, &read, frame, problems);
    let blanked = read.blanked(&text.value);
    let compiled = OnceLock::new();
    if sound
        && frame.depth == Depth::Full
        && let Some(query) = compile(&text, &read, &blanked, problems)
    {
        let _ = compiled.set(query);
    }
    let names = read.capture_names().into_iter().map(Arc::from);
    let names = names.chain(frame.outer.iter().cloned()).collect();
    Some(LoadedQuery {
        query: RuleQuery {
            text: text.value.clone(),
            blanked,
            compiled,
            reach: OnceLock::new(),
            captures: names,
            predicates,
            resources: None,
            find: Vec::new(),
            scope: None,
        },
        captures,
        text,
    })
}

/// Node kinds, tokens, fields and capture names.
fn check_names(text: &Text, query: &QueryText, problems: &mut Problems) {
    let language = language();
    let file = problems.text();
    let place = |span: &Range<usize>| text.within(&file, span);
    for field in &query.fields {
        if language.field_id_for_name(&field.text).is_none() {
            predicates::unknown_field(&field.text, place(&field.span), problems);
        }
    }
    let mut named = BTreeSet::new();
    for pattern in &query.patterns {
        pattern.visit(&mut |item| {
            match &item.shape {
                Shape::Node(kind) if language.id_for_node_kind(&kind.text, true) == 0 => {
                    predicates::unknown_node(&kind.text, place(&kind.span), problems);
                }
                Shape::Token(token) if language.id_for_node_kind(&token.text, false) == 0 => {
                    let title = format!("the Go grammar has no token `{}`", token.text);
                    problems.add(Kind::UnknownNode, place(&token.span), title);
                }
                _ => {}
            }
            for capture in &item.captures {
                if !is_word(&capture.text) && named.insert(capture.text.clone()) {
                    let title = format!("a template could not read the name `@{}`", capture.text);
                    problems
                        .add(Kind::CaptureName, place(&capture.span), title)
                        .help("use letters, digits and `_`");
                }
            }
        });
    }
}

/// Compiles the query; patterns that tree-sitter refuses are reported, each once.
fn compile(
    text: &Text,
    read: &QueryText,
    blanked: &str,
    problems: &mut Problems,
) -> Option<tree_sitter::Query> {
    let mut rest = blanked.to_owned();
    let mut failed = false;
    loop {
        let error = match tree_sitter::Query::new(&language(), &rest) {
            Ok(query) => return (!failed).then_some(query),
            Err(error) => error,
        };
        failed = true;
        let at = error.offset.min(text.value.len());
        let length = text.value[at..].chars().next().map_or(0, char::len_utf8);
        let span = text.within(&problems.text(), &(at..at + length));
        if error.kind == tree_sitter::QueryErrorKind::Structure {
            problems
                .add(
                    Kind::ImpossiblePattern,
                    span,
                    "no syntax tree of Go can match this pattern",
                )
                .label("impossible from here on")
                .help("`gomend query --tree` prints the tree of a piece of code");
        } else {
            let title = "tree-sitter cannot read the query from here on";
            problems.add(Kind::QuerySyntax, span, title);
        }
        // Go on behind the pattern that failed, so that all of them are told at once.
        let holds = |item: &&Item| item.span.start <= at && at <= item.span.end;
        let pattern = read.patterns.iter().find(holds)?;
        let blank = " ".repeat(pattern.span.len());
        if rest[pattern.span.clone()] == blank {
            return None;
        }
        rest.replace_range(pattern.span.clone(), &blank);
    }
}
