//! Checks that each rule of a codemod, each pattern of its queries, each alternative in them, and each edit under a condition
//! is used in some case: what no case uses is untested, and mostly wrong.
//!
//! A query that a pattern was compiled to has alternatives of its own, which no author sees: of it only the whole counts.

use std::{collections::BTreeSet, fs, ops::Range, sync::Arc};

use super::{Failure, Tally};
use crate::{
    codemod::{
        Codemod, Edit, Origin, Rule, catalogue,
        marked::Marked,
        places::{Owner, Places},
        query::QueryText,
    },
    engine::{self, Plan, Run},
    matcher::{self, Facts, Match},
};

/// The longest text of an alternative that a message shows whole.
const SHOWN: usize = 100;

/// What of a codemod was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Used {
    /// A top-level pattern of a query, by index.
    Pattern(Owner, usize),
    /// An alternative, by its first byte in the query's text.
    Alternative(Owner, usize),
    /// The condition of an edit, by the edit's index, was met.
    Condition(Owner, usize),
}

/// What the cases of a codemod use, over all the folders that hold some.
#[derive(Debug, Default)]
pub struct Noted {
    used: BTreeSet<Used>,
    /// The rules with a finding.
    fired: BTreeSet<Arc<str>>,
}

/// Notes what a run uses. It is one over cases with the codemod alone; only what it found counts, so that a match which a
/// predicate refuses, or for which an earlier rule speaks, is none.
pub fn note(plan: &Plan, run: &Run, noted: &mut Noted) -> Result<(), String> {
    let codemod = &plan.codemods[0];
    let rules: Vec<MarkedRule<'_>> = marked(codemod);
    let mut show = |facts: &Facts<'_>| {
        for rule in &rules {
            rule.note(facts, run, &mut noted.used);
        }
    };
    engine::look(plan, &mut show).map_err(|error| error.to_string())?;
    let fired = run.findings.iter().map(|found| Arc::clone(&found.rule));
    noted.fired.extend(fired);
    Ok(())
}

/// Reports what no case uses.
pub fn report(codemod: &Codemod, noted: &Noted, tally: &mut Tally) {
    let text = text(codemod);
    let report = Report {
        codemod,
        places: Places::new(&text),
    };
    for rule in &marked(codemod) {
        if noted.fired.contains(&rule.rule.name) {
            report.unused(rule, &noted.used, tally);
        } else {
            report.silent(rule, tally);
        }
    }
}

fn marked(codemod: &Codemod) -> Vec<MarkedRule<'_>> {
    codemod
        .rules
        .iter()
        .enumerate()
        .map(MarkedRule::new)
        .collect()
}

/// The codemod's file, empty where it is gone.
fn text(codemod: &Codemod) -> String {
    match &codemod.origin {
        Origin::Embedded(_) => catalogue::text(&codemod.id).unwrap_or_default().to_owned(),
        Origin::File(path) => fs::read_to_string(path).unwrap_or_default(),
    }
}

/// A rule whose queries tell which alternative matched.
struct MarkedRule<'c> {
    index: usize,
    rule: &'c Rule,
    query: Marked,
    within: Vec<Marked>,
}

impl<'c> MarkedRule<'c> {
    fn new((index, rule): (usize, &'c Rule)) -> Self {
        Self {
            index,
            rule,
            query: rule.query.marked(),
            within: rule.within.iter().map(|w| w.query.marked()).collect(),
        }
    }

    fn owner(&self, within: Option<usize>) -> Owner {
        Owner {
            rule: self.index,
            within,
        }
    }

    /// The text of its query, or of that of a `within`.
    fn query_text(&self, within: Option<usize>) -> &str {
        let query = within.map_or(&self.rule.query, |index| &self.rule.within[index].query);
        &query.text
    }

    /// Notes what the findings in one file use.
    fn note(&self, facts: &Facts<'_>, run: &Run, used: &mut BTreeSet<Used>) {
        // A query that is too expensive for a file has failed the run.
        let all = matcher::matches(&self.query.query, facts, facts.parsed.root(), None);
        for found in all.unwrap_or_default() {
            let place = found.place();
            let is_finding = run.findings.iter().any(|finding| {
                finding.rule == self.rule.name
                    && finding.path == facts.file.path
                    && finding.range == place
            });
            if !is_finding {
                continue;
            }
            note_match(&self.query, self.owner(None), &found, used);
            note_conditions(&self.rule.edits, self.owner(None), &[&found], used);
            for (index, (within, marked)) in self.rule.within.iter().zip(&self.within).enumerate() {
                let owner = self.owner(Some(index));
                for region in found.nodes(&within.capture) {
                    let inner =
                        matcher::matches_within(&marked.query, facts, *region, &found.captures);
                    for inner in inner.unwrap_or_default() {
                        note_match(marked, owner, &inner, used);
                        note_conditions(&within.edits, owner, &[&inner, &found], used);
                    }
                }
            }
        }
    }
}

fn note_match(marked: &Marked, owner: Owner, found: &Match<'_>, used: &mut BTreeSet<Used>) {
    used.insert(Used::Pattern(owner, found.pattern));
    for name in found.captures.keys() {
        if let Some(span) = marked.alternatives.get(name) {
            used.insert(Used::Alternative(owner, span.start));
        }
    }
}

/// Notes the edits whose condition one of the matches meets.
fn note_conditions(edits: &[Edit], owner: Owner, found: &[&Match<'_>], used: &mut BTreeSet<Used>) {
    for (index, edit) in edits.iter().enumerate() {
        let condition = edit.condition.as_ref();
        if condition.is_some_and(|name| found.iter().any(|one| one.node(name).is_some())) {
            used.insert(Used::Condition(owner, index));
        }
    }
}

/// Says what is not used, with its place in the codemod's file.
struct Report<'a> {
    codemod: &'a Codemod,
    places: Option<Places<'a>>,
}

impl Report<'_> {
    fn silent(&self, rule: &MarkedRule<'_>, tally: &mut Tally) {
        let place = self
            .places
            .as_ref()
            .and_then(|places| places.rule(rule.index));
        let message = format!("rule `{}` finds nothing in any case", rule.rule.name);
        self.say(place, &message, tally);
    }

    fn unused(&self, rule: &MarkedRule<'_>, used: &BTreeSet<Used>, tally: &mut Tally) {
        let own = std::iter::once((None, &rule.query, &rule.rule.edits));
        let within = rule.rule.within.iter().zip(&rule.within).enumerate();
        let within = within.map(|(index, (within, marked))| (Some(index), marked, &within.edits));
        for (within, marked, edits) in own.chain(within) {
            let owner = rule.owner(within);
            for (place, what) in self.silent_parts(owner, rule.query_text(within), marked, used) {
                let message = format!("in no case does rule `{}` match {what}", rule.rule.name);
                self.say(place, &message, tally);
            }
            for (index, edit) in edits.iter().enumerate() {
                if let Some(condition) = &edit.condition
                    && !used.contains(&Used::Condition(owner, index))
                {
                    let places = self.places.as_ref();
                    let place = places.and_then(|places| places.condition(owner, index));
                    let name = &rule.rule.name;
                    let message = format!(
                        "in no case does rule `{name}` match with `@{condition}`, which this edit asks for"
                    );
                    self.say(place, &message, tally);
                }
            }
        }
    }

    /// The patterns of a query that never match, and the alternatives that never do in those that match, with their places.
    fn silent_parts(
        &self,
        owner: Owner,
        text: &str,
        marked: &Marked,
        used: &BTreeSet<Used>,
    ) -> Vec<(Option<(usize, usize)>, String)> {
        let Ok(read) = QueryText::parse(text) else {
            return Vec::new();
        };
        let places = self.places.as_ref();
        let pattern = places.and_then(|places| places.pattern(owner));
        let mut silent = Vec::new();
        for (index, item) in read.patterns.iter().enumerate() {
            let is_used = used.contains(&Used::Pattern(owner, index));
            match pattern {
                Some(_) if is_used => {}
                Some(place) => silent.push((Some(place), "its pattern".to_owned())),
                None => {
                    let never = |span: &&Range<usize>| {
                        let is_inside = item.span.start <= span.start && span.end <= item.span.end;
                        is_inside && !used.contains(&Used::Alternative(owner, span.start))
                    };
                    let alternatives = marked.alternatives.values().filter(never);
                    let mut spans: Vec<_> = if is_used {
                        alternatives.collect()
                    } else {
                        vec![&item.span]
                    };
                    spans.sort_by_key(|span| span.start);
                    silent.extend(spans.into_iter().map(|span| {
                        let place = places.and_then(|places| places.in_query(owner, span));
                        (place, format!("`{}`", shortened(&text[span.clone()])))
                    }));
                }
            }
        }
        silent
    }

    fn say(&self, place: Option<(usize, usize)>, message: &str, tally: &mut Tally) {
        let path = match &self.codemod.origin {
            Origin::Embedded(path) => format!("codemods/{}", path.display()),
            Origin::File(path) => path.display().to_string(),
        };
        let place = place.map_or(path.clone(), |(line, column)| {
            format!("{path}:{line}:{column}")
        });
        tally
            .failures
            .push(Failure::new("", format!("{place}: {message}")));
    }
}

/// A piece of a query on one line.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
