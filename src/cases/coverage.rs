//! Checks that each pattern of a codemod's queries, and each alternative in them, matches something in some case: what
//! never fires is untested, and mostly wrong.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use streaming_iterator::StreamingIterator as _;
use tree_sitter::{Query, QueryCursor};

use super::{
    Failure, Tally,
    discover::{Case, Files, Kind},
};
use crate::{
    codemod::{
        Codemod, Rule, RuleQuery,
        query::{Item, QueryText, Shape},
    },
    go::syntax::{self, Parsed},
};

/// The places of the captures of one match, by the text of the query that named them.
type Captured = BTreeSet<(String, usize, usize)>;

/// Reports what never fires. Which rules `fired` is known from the runs, predicates and all; of patterns and alternatives the
/// shapes are compared.
pub fn check(codemod: &Codemod, cases: &[Case], fired: &BTreeSet<Arc<str>>, tally: &mut Tally) {
    let texts: Vec<Parsed> = cases.iter().flat_map(texts).collect();
    for rule in &codemod.rules {
        if !fired.contains(&rule.name) {
            let message = format!("rule `{}` finds nothing in any case", rule.name);
            tally.failures.push(Failure::new("", message));
            continue;
        }
        check_query(rule, &rule.query, "the query", &texts, tally);
        for (index, within) in rule.within.iter().enumerate() {
            check_query(
                rule,
                &within.query,
                &format!("the query of `within` {}", index + 1),
                &texts,
                tally,
            );
        }
    }
}

/// The Go files that are to match. Those after count too: a rule may only match what another one wrote.
fn texts(case: &Case) -> Vec<Parsed> {
    let after = match &case.kind {
        Kind::Rewrite(Some(after)) => Some(after),
        Kind::Keep => return Vec::new(),
        _ => None,
    };
    let is_go = |path: &Path| path.extension().is_some_and(|end| end == "go");
    let go = |files: &Files| -> Vec<Parsed> {
        let files = files.iter().filter(|(path, _)| is_go(path));
        files
            .map(|(_, text)| Parsed::new(Arc::from(text.as_str())))
            .collect()
    };
    let mut parsed = go(&case.before);
    parsed.extend(after.map(go).unwrap_or_default());
    parsed
}

fn check_query(rule: &Rule, query: &RuleQuery, what: &str, texts: &[Parsed], tally: &mut Tally) {
    let Ok(read) = QueryText::parse(&query.text) else {
        return;
    };
    let blanked = read.blanked(&query.text);
    let all = captured(query.compiled(), texts);
    for (index, pattern) in read.patterns.iter().enumerate() {
        if !all.iter().any(|(pattern, _, _)| *pattern == index) {
            never(rule, what, &query.text[pattern.span.clone()], tally);
            continue;
        }
        let mut alternations = Vec::new();
        pattern.visit(&mut |item| {
            if item.shape == Shape::Alternation && item.children.len() > 1 {
                alternations.push(item);
            }
        });
        for alternative in alternations.into_iter().flat_map(|item| &item.children) {
            if !is_needed(alternative, &blanked, &all, texts) {
                never(rule, what, &query.text[alternative.span.clone()], tally);
            }
        }
    }
}

/// Whether some match is lost when the alternative is taken out of the query.
fn is_needed(
    alternative: &Item,
    blanked: &str,
    all: &[(usize, usize, Captured)],
    texts: &[Parsed],
) -> bool {
    let blank = " ".repeat(alternative.span.len());
    let mut without = blanked.to_owned();
    without.replace_range(alternative.span.clone(), &blank);
    // Where the rest is no query, nothing can be said against the alternative.
    let Ok(query) = Query::new(&syntax::language(), &without) else {
        return true;
    };
    captured(&query, texts) != all
}

/// Every match of the query's shapes in every text: pattern, text, captures.
fn captured(query: &Query, texts: &[Parsed]) -> Vec<(usize, usize, Captured)> {
    let mut all = Vec::new();
    for (index, parsed) in texts.iter().enumerate() {
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(query, parsed.root(), parsed.text().as_bytes());
        while let Some(found) = matches.next() {
            let capture = |capture: &tree_sitter::QueryCapture<'_>| {
                let name = query.capture_names()[capture.index as usize];
                let node = capture.node;
                (name.to_owned(), node.start_byte(), node.end_byte())
            };
            all.push((
                found.pattern_index,
                index,
                found.captures().iter().map(capture).collect(),
            ));
        }
    }
    all
}

fn never(rule: &Rule, what: &str, text: &str, tally: &mut Tally) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let message = format!(
        "in no case does {what} of rule `{}` need `{}`",
        rule.name,
        words.join(" ")
    );
    tally.failures.push(Failure::new("", message));
}
