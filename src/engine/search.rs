//! Reads, filters and rewrites every file, in parallel; results keep the order of the files.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
    sync::Arc,
};

use rayon::prelude::*;

use super::{Error, Outcome, Progress, Stage};
use crate::{
    finding::{Applicability, Finding, Status},
    go::syntax::Parsed,
    go::version::Version,
    matcher::{Facts, FileContext, NearMiss, may_match, outline::Outline},
    prefilter::Candidates,
    rewrite::{
        clock::timed,
        ignore::{self, Directive},
        passes::{self, Chosen, Edited, Input, Key, KeyedFinding, Rewritten, RuleRef},
    },
    select::{self, FileEntry, Reader, modules::Modules},
    verify::Verified,
};

/// Bytes of stack for each thread: tree walks and gofmt-shaped Go need little, hostile nesting needs a margin.
pub const STACK_SIZE: usize = 16 << 20;

/// The declarations in which a rule can match are parsed on their own first only where the file is this many times as long:
/// most long ones are parsed whole in the end.
const WORTHWHILE: usize = 2;

/// One file as far as it has come.
pub struct Searched {
    pub path: Arc<Path>,
    pub text: Arc<str>,
    pub context: Option<FileContext>,
    /// The only bytes to look at, with `--changed-lines`.
    pub regions: Option<Vec<Range<usize>>>,
    pub after: Arc<str>,
    pub findings: Vec<KeyedFinding>,
    /// Findings that the last gate refused, with the reason.
    pub denied: BTreeMap<Key, String>,
    pub near_misses: Vec<(RuleRef, NearMiss)>,
    /// Comments that hide nothing, as findings.
    pub unused: Vec<Finding>,
    pub verified: Option<Verified>,
    pub outcome: Outcome,
    pub bytes: u64,
    /// Codemods, by index, that might match but are for certain language versions, where the file's is not known.
    pub unversioned: BTreeSet<usize>,
    pub is_parsed: bool,
    /// Passes that changed something.
    pub passes: usize,
    /// The foreign findings that point at a finding, by index.
    pub hit: BTreeSet<usize>,
}

/// Searches all files of the plan.
pub fn all(stage: &Stage<'_>, progress: &dyn Progress) -> Result<Vec<Searched>, Error> {
    let modules = stage.modules;
    stage
        .plan
        .files
        .files
        .par_iter()
        .map_init(
            || stage.plan.files.reader(),
            |reader, entry| {
                let searched = match reader {
                    Ok(reader) => one(stage, modules, reader, entry),
                    Err(error) => failed(entry, error.to_string()),
                };
                progress.searched();
                Ok(searched)
            },
        )
        .collect()
}

fn failed(entry: &FileEntry, reason: String) -> Searched {
    empty(entry, Outcome::Failed(reason), 0)
}

fn empty(entry: &FileEntry, outcome: Outcome, bytes: u64) -> Searched {
    let nothing: Arc<str> = "".into();
    Searched {
        path: Arc::clone(&entry.path),
        text: Arc::clone(&nothing),
        context: None,
        regions: None,
        after: nothing,
        findings: Vec::new(),
        denied: BTreeMap::new(),
        near_misses: Vec::new(),
        unused: Vec::new(),
        verified: None,
        outcome,
        bytes,
        unversioned: BTreeSet::new(),
        is_parsed: false,
        passes: 0,
        hit: BTreeSet::new(),
    }
}

fn one(stage: &Stage<'_>, modules: &Modules, reader: &mut Reader, entry: &FileEntry) -> Searched {
    let bytes = match reader.read(entry) {
        Ok(bytes) => bytes,
        Err(error) => return failed(entry, error.to_string()),
    };
    let size = bytes.len() as u64;
    if let Some(reason) = select::skip_reason(entry, &bytes, &stage.plan.select) {
        return empty(entry, Outcome::Skipped(reason), size);
    }
    let text: Arc<str> = match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            return empty(
                entry,
                Outcome::Failed(format!("not UTF-8 at byte {at}, as Go source must be")),
                size,
            );
        }
    };
    let pointed = stage.plan.pointed.as_ref();
    if pointed.is_some_and(|pointed| pointed.at(&entry.path).is_empty()) {
        return empty(entry, Outcome::Unchanged, size);
    }
    // Every rule's literals are looked for before the module is: most files need neither a version nor a parse.
    let mut candidates = stage.matching(&text);
    let has_directives = stage.plan.unused_ignores && ignore::may_be_in(&text);
    if candidates.rules.is_empty() && !has_directives {
        return empty(entry, Outcome::Unchanged, size);
    }
    let context = FileContext {
        path: Arc::clone(&entry.path),
        go: modules.version_for(&entry.path, &text),
        generated: select::is_generated(text.as_bytes()),
    };
    let unversioned = match context.go {
        Some(_) => BTreeSet::new(),
        None if stage.plan.prefilter => unversioned(stage, &candidates),
        // All rules are candidates there.
        None => unversioned(stage, &stage.prefilter.candidates(&text)),
    };
    candidates
        .rules
        .retain(|rule| stage.is_for(*rule, context.go));
    let is_parsed = !candidates.rules.is_empty();
    narrow(stage, &context, &text, &mut candidates);
    if !has_directives && candidates.rules.is_empty() {
        return Searched {
            unversioned,
            is_parsed,
            ..empty(entry, Outcome::Unchanged, size)
        };
    }
    let regions = regions(stage, entry, &text);
    match rewrite(
        stage,
        &context,
        &text,
        &Bounds {
            regions: regions.as_deref(),
            candidates: Some(&candidates),
            denied: &BTreeMap::new(),
            chosen: Chosen::All,
            edited: None,
            codemods: stage.plan.codemods.len(),
        },
    ) {
        Ok(rewritten) => Searched {
            unused: unused(
                stage,
                entry,
                &rewritten.unused,
                regions.as_deref(),
                &unversioned,
            ),
            path: Arc::clone(&entry.path),
            text,
            context: Some(context),
            regions,
            after: rewritten.after,
            findings: rewritten.findings,
            denied: BTreeMap::new(),
            near_misses: rewritten.near_misses,
            verified: None,
            outcome: Outcome::Unchanged,
            bytes: size,
            unversioned,
            is_parsed: true,
            passes: rewritten.passes,
            hit: rewritten.hit,
        },
        Err(reason) => empty(entry, Outcome::Failed(reason), size),
    }
}

/// The codemods among candidates that are for certain language versions.
fn unversioned(stage: &Stage<'_>, candidates: &Candidates) -> BTreeSet<usize> {
    let rules = candidates.rules.iter();
    rules
        .filter(|rule| !stage.is_for(**rule, None))
        .map(|rule| rule.codemod)
        .collect()
}

/// Leaves out the rules that do not match, as a parse of the declarations tells in which any of them can.
fn narrow(stage: &Stage<'_>, context: &FileContext, text: &Arc<str>, candidates: &mut Candidates) {
    let Some(declarations) = &candidates.declarations else {
        return;
    };
    let bytes: usize = declarations.iter().map(Range::len).sum();
    if bytes * WORTHWHILE > text.len() {
        return;
    }
    let parsed = Parsed::parts(Arc::clone(text), declarations);
    let facts = Facts::new(&parsed, context);
    let outline = Outline::new(&parsed, None);
    candidates.rules.retain(|rule| {
        let query = &stage.plan.codemods[rule.codemod].rules[rule.rule].query;
        timed(stage.clock.as_ref(), rule.codemod, || {
            may_match(query, &facts, &outline)
        })
    });
}

/// A finding for each comment that hides nothing, as far as this run can tell: where it looked at the whole file, with
/// every codemod that the comment names.
fn unused(
    stage: &Stage<'_>,
    entry: &FileEntry,
    directives: &[Directive],
    regions: Option<&[Range<usize>]>,
    unversioned: &BTreeSet<usize>,
) -> Vec<Finding> {
    let looks_everywhere = regions.is_none() && stage.plan.pointed.is_none();
    if !stage.plan.unused_ignores || !looks_everywhere {
        return Vec::new();
    }
    let codemods = stage.plan.codemods.iter().enumerate();
    let tried: BTreeSet<&str> = codemods
        .filter(|(index, _)| !unversioned.contains(index))
        .map(|(_, codemod)| &*codemod.id)
        .collect();
    let said = |directive: &Directive| {
        if directive.ids.is_empty() {
            return Some(("malformed", "this hides nothing: `//gomend:ignore` needs the id of a codemod and a reason, as in `//gomend:ignore group/name why`".to_owned()));
        }
        let is_known = directive.ids.iter().all(|id| tried.contains(&**id));
        is_known.then(|| {
            (
                "unused",
                format!(
                    "this hides nothing: `{}` has no finding on its line",
                    directive.ids.join("` or `")
                ),
            )
        })
    };
    let finding = |directive: &Directive| {
        let (rule, message) = said(directive)?;
        Some(Finding {
            codemod: "gomend/ignore".into(),
            rule: rule.into(),
            path: Arc::clone(&entry.path),
            range: directive.range.clone(),
            message,
            applicability: Applicability::Display,
            status: Status::Display,
            reason: None,
            edits: Vec::new(),
            blame: None,
        })
    };
    directives.iter().filter_map(finding).collect()
}

/// The changed lines of a file as bytes of its text; `None` where all lines count.
fn regions(stage: &Stage<'_>, entry: &FileEntry, text: &str) -> Option<Vec<Range<usize>>> {
    let changed = stage.plan.files.changed_lines.as_ref()?;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
        .chain([text.len()])
        .collect();
    let start_of = |line: usize| starts[line.saturating_sub(1).min(starts.len() - 1)];
    let lines = changed.get(&entry.path).map_or(&[][..], Vec::as_slice);
    Some(
        lines
            .iter()
            .map(|lines| start_of(*lines.start())..start_of(lines.end() + 1))
            .collect(),
    )
}

/// What of a file is rewritten, besides what the plan says.
pub struct Bounds<'a> {
    /// The only bytes to look at.
    pub regions: Option<&'a [Range<usize>]>,
    /// The rules that can match the text as it was read, and where, if that is known.
    pub candidates: Option<&'a Candidates>,
    /// Findings that must not be applied, with the reason.
    pub denied: &'a BTreeMap<Key, String>,
    /// Which of the others are applied.
    pub chosen: Chosen<'a>,
    /// What a person made of the text.
    pub edited: Option<&'a Edited>,
    /// How many codemods of the plan take part.
    pub codemods: usize,
}

/// Rewrites one file.
pub fn rewrite(
    stage: &Stage<'_>,
    context: &FileContext,
    text: &Arc<str>,
    bounds: &Bounds<'_>,
) -> Result<Rewritten, String> {
    let go: Option<Version> = context.go;
    let as_read = text;
    passes::rewrite(&Input {
        codemods: &stage.plan.codemods,
        file: context,
        index: Some(stage.index),
        text: Arc::clone(text),
        candidates: &|text| {
            let is_as_read = std::ptr::addr_eq(text, Arc::as_ptr(as_read));
            let mut found = match bounds.candidates.filter(|_| is_as_read) {
                Some(candidates) => candidates.clone(),
                None => stage.matching(text),
            };
            found
                .rules
                .retain(|rule| rule.codemod < bounds.codemods && stage.is_for(*rule, go));
            found
        },
        regions: bounds.regions,
        targets: stage
            .plan
            .pointed
            .as_ref()
            .map(|pointed| pointed.at(&context.path)),
        unsafe_edits: stage.plan.unsafe_edits,
        denied: bounds.denied,
        chosen: bounds.chosen,
        edited: bounds.edited,
        explain: stage.plan.explain && matches!(bounds.chosen, Chosen::All),
        clock: stage.clock.as_ref(),
    })
}
