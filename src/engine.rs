//! Calls the stages in order and owns the threads; has no rules of its own.

pub mod review;
mod search;
mod settle;
pub mod sources;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use review::Reviewer;
pub use search::STACK_SIZE;
use sources::SetSources;

use crate::{
    codemod::Codemod,
    finding::{Finding, Status},
    from::pointed::Pointed,
    go::index::Index,
    go::syntax::Parsed,
    go::version::Version,
    matcher::{Facts, FileContext, NearMiss},
    prefilter::{Candidates, Prefilter},
    rewrite::{clock::Clock, passes::RuleRef},
    select::{self, FileSet, Modules},
    verify::{
        Verified,
        gofmt::{self, Gofmt},
    },
};

/// What is to be done.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each an option of the command line"
)]
pub struct Plan {
    /// The codemods to apply, in the order of their ids.
    pub codemods: Vec<Codemod>,
    /// The files to search.
    pub files: FileSet,
    /// The only places to mend, where other tools point at some.
    pub pointed: Option<Pointed>,
    /// The options the files were selected with, for what only a file's content tells.
    pub select: select::Options,
    /// Whether `unsafe` edits are applied.
    pub unsafe_edits: bool,
    /// The gofmt to verify with; `None` for none.
    pub gofmt: Option<Gofmt>,
    /// Threads; 0 for one each processor.
    pub jobs: usize,
    /// Whether to work out the state after each codemod, for one commit each.
    pub steps: bool,
    /// Whether to collect near misses.
    pub explain: bool,
    /// Whether to measure how long each codemod takes.
    pub timing: bool,
    /// Whether a comment that hides nothing is a finding.
    pub unused_ignores: bool,
    /// Whether to skip files in which no rule's required literals occur. Off only to test that it changes nothing.
    pub prefilter: bool,
}

/// Told how far a run is.
pub trait Progress: Sync {
    /// The number of files to search is known.
    fn start(&self, files: usize);
    /// One more file is searched.
    fn searched(&self);
    /// Everything is done.
    fn finish(&self);
}

/// Progress that nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn start(&self, _: usize) {}
    fn searched(&self) {}
    fn finish(&self) {}
}

/// What became of one selected file; every file ends in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Read, and nothing to write.
    Unchanged,
    /// A verified new text exists.
    Changed,
    /// Left out, with the reason.
    Skipped(String),
    /// It had edits, and verification refused all of them.
    Rejected(String),
    /// It could not be read or searched.
    Failed(String),
}

/// One file and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// What became of it.
    pub outcome: Outcome,
}

/// A place that a rule's query matched and a predicate refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearFinding {
    /// Id of the codemod.
    pub codemod: Arc<str>,
    /// Name of the rule within it.
    pub rule: Arc<str>,
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// What was refused, by which predicate, and why.
    pub miss: NearMiss,
}

/// Everything a run found out, ready to be delivered and reported. All lists are in path order, then document order.
#[derive(Debug, Default)]
pub struct Run {
    /// All findings.
    pub findings: Vec<Finding>,
    /// Near misses, where the plan asked for them.
    pub near_misses: Vec<NearFinding>,
    /// All files, also unchanged ones.
    pub files: Vec<FileReport>,
    /// The new texts.
    pub verified: Vec<Verified>,
    /// For a commit each codemod: those that changed something, in order. Empty unless the plan asked for them.
    pub steps: Vec<Step>,
    /// Texts of the files that have findings or near misses, as they were read; for showing source lines.
    pub sources: BTreeMap<Arc<Path>, Arc<str>>,
    /// Totals.
    pub summary: Summary,
    /// The foreign findings that pointed at a finding, by index, where the plan has any.
    pub hit: BTreeSet<usize>,
    /// Things to say on standard error once: no gofmt, say.
    pub warnings: Vec<String>,
}

/// The state of the changed files after one codemod.
#[derive(Debug)]
pub struct Step {
    /// Id of the codemod.
    pub codemod: Arc<str>,
    /// Every file that this step changes, with `before` as the step before left it.
    pub changes: Vec<Verified>,
    /// Codemods before this one whose changes to a file do not verify without this one's, and so are part of this step.
    pub also: Vec<(Arc<Path>, Arc<str>)>,
}

/// Totals of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Files selected and not skipped.
    pub files: usize,
    /// Files that had to be parsed.
    pub parsed: usize,
    /// Bytes read.
    pub bytes: u64,
    /// The most passes over one file that changed something.
    pub passes: usize,
    /// Time from the start of the run.
    pub elapsed: Duration,
    /// Seconds by stage, for `--timing`.
    pub stages: Vec<(&'static str, Duration)>,
    /// Time in matching and rendering by codemod id, longest first, summed over threads: together it may be more than
    /// [`Summary::elapsed`]. Codemods that no file called for are left out. Empty unless the plan asked for it.
    pub codemods: Vec<(Arc<str>, Duration)>,
}

/// Why a run could not be made at all.
#[derive(Debug)]
pub enum Error {
    /// The repository could not be read.
    Select(select::Error),
    /// The gofmt program failed.
    Gofmt(gofmt::Error),
    /// The threads could not be started.
    Threads(rayon::ThreadPoolBuildError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Select(error) => error.fmt(f),
            Self::Gofmt(error) => error.fmt(f),
            Self::Threads(error) => write!(
                f,
                "cannot start the threads: {error}; try a smaller `--jobs`"
            ),
        }
    }
}

impl std::error::Error for Error {}

impl From<gofmt::Error> for Error {
    fn from(error: gofmt::Error) -> Self {
        Self::Gofmt(error)
    }
}

/// Searches every file of the plan, rewrites and verifies; delivers and prints nothing.
pub fn run(plan: &Plan, progress: &dyn Progress) -> Result<Run, Error> {
    run_reviewed(plan, progress, None)
}

/// As [`run`], but keeps only what a reviewer accepts.
pub fn run_reviewed(
    plan: &Plan,
    progress: &dyn Progress,
    reviewer: Option<&mut dyn Reviewer>,
) -> Result<Run, Error> {
    let start = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.jobs)
        .stack_size(search::STACK_SIZE)
        .build()
        .map_err(Error::Threads)?;
    let prefilter = Prefilter::new(&plan.codemods);
    progress.start(plan.files.files.len());
    let modules = Modules::new(&plan.files, &plan.select).map_err(Error::Select)?;
    let sources = SetSources::new(&plan.files);
    let index = Index::new(&sources, sources.modules(&modules));
    let stage = Stage {
        plan,
        prefilter: &prefilter,
        modules: &modules,
        index: &index,
        clock: plan.timing.then(|| Clock::new(plan.codemods.len())),
    };
    let mut searched = pool.install(|| search::all(&stage, progress))?;
    let search_time = start.elapsed();
    pool.install(|| settle::verify(&stage, &mut searched))?;
    let (until_review, is_reviewed) = (start.elapsed(), reviewer.is_some());
    if let Some(reviewer) = reviewer {
        progress.finish();
        review::all(&stage, &pool, &mut searched, reviewer)?;
    }
    let review_time = start.elapsed().saturating_sub(until_review);
    let steps = if plan.steps {
        pool.install(|| settle::steps(&stage, &searched))?
    } else {
        Vec::new()
    };
    progress.finish();
    let mut run = collect(plan, searched);
    run.steps = steps;
    run.summary.codemods = stage.times();
    if plan.gofmt.is_none() && !run.verified.is_empty() {
        run.warnings
            .push("the result is not verified by gofmt".to_owned());
    }
    run.summary.elapsed = start.elapsed();
    run.summary.stages = vec![
        ("read, match, rewrite", search_time),
        (
            "verify",
            start.elapsed().saturating_sub(search_time + review_time),
        ),
    ];
    if is_reviewed {
        run.summary.stages.push(("review", review_time));
    }
    Ok(run)
}

/// Shows every file of the plan that is searched, as a run sees it before its first pass. Files that cannot be read or are
/// skipped are left out; a run says so.
pub fn look(plan: &Plan, show: &mut dyn FnMut(&Facts<'_>)) -> Result<(), Error> {
    let modules = Modules::new(&plan.files, &plan.select).map_err(Error::Select)?;
    let sources = SetSources::new(&plan.files);
    let index = Index::new(&sources, sources.modules(&modules));
    let reader = plan.files.reader().map_err(Error::Select)?;
    for entry in &plan.files.files {
        let Ok(bytes) = reader.read(entry) else {
            continue;
        };
        let is_skipped = select::skip_reason(entry, &bytes, &plan.select).is_some();
        let Some(text) = String::from_utf8(bytes).ok().filter(|_| !is_skipped) else {
            continue;
        };
        let context = FileContext {
            path: Arc::clone(&entry.path),
            go: modules.version_for(&entry.path, &text),
            generated: select::is_generated(text.as_bytes()),
        };
        let parsed = Parsed::new(text.into());
        show(&Facts::new(&parsed, &context).with_index(&index));
    }
    Ok(())
}

/// What every stage of a run needs.
struct Stage<'a> {
    plan: &'a Plan,
    prefilter: &'a Prefilter,
    modules: &'a Modules,
    index: &'a Index<'a>,
    /// Where the plan asks for the time of each codemod.
    clock: Option<Clock>,
}

impl Stage<'_> {
    /// The time of each codemod that took any, longest first.
    fn times(&self) -> Vec<(Arc<str>, Duration)> {
        let Some(clock) = &self.clock else {
            return Vec::new();
        };
        let codemods = self.plan.codemods.iter().enumerate();
        let mut times: Vec<_> = codemods
            .map(|(index, codemod)| (Arc::clone(&codemod.id), clock.spent(index)))
            .filter(|(_, spent)| !spent.is_zero())
            .collect();
        times.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        times
    }

    /// The rules that can match `text` in a file of some language version, and where.
    fn matching(&self, text: &str) -> Candidates {
        if self.plan.prefilter {
            return self.prefilter.candidates(text);
        }
        let codemods = self.plan.codemods.iter().enumerate();
        let rules = codemods.flat_map(|(codemod, loaded)| {
            (0..loaded.rules.len()).map(move |rule| RuleRef { codemod, rule })
        });
        Candidates {
            rules: rules.collect(),
            declarations: None,
        }
    }

    /// Whether a rule is for files of language version `go`; where that is not known, only one for all versions is.
    fn is_for(&self, rule: RuleRef, go: Option<Version>) -> bool {
        match &self.plan.codemods[rule.codemod].go {
            None => true,
            Some(requirement) => go.is_some_and(|version| requirement.holds(version)),
        }
    }
}

fn collect(plan: &Plan, searched: Vec<search::Searched>) -> Run {
    let mut run = Run::default();
    run.warnings.extend(unversioned_warning(plan, &searched));
    for file in &plan.files.skipped {
        run.files.push(FileReport {
            path: Arc::clone(&file.path),
            outcome: Outcome::Skipped(file.reason.clone()),
        });
    }
    for file in searched {
        run.summary.bytes += file.bytes;
        run.summary.parsed += usize::from(file.is_parsed);
        if !matches!(file.outcome, Outcome::Skipped(_)) {
            run.summary.files += 1;
        }
        if !(file.findings.is_empty() && file.near_misses.is_empty() && file.unused.is_empty()) {
            run.sources
                .insert(Arc::clone(&file.path), Arc::clone(&file.text));
        }
        run.near_misses
            .extend(file.near_misses.into_iter().map(|(rule, miss)| {
                let codemod = &plan.codemods[rule.codemod];
                NearFinding {
                    codemod: Arc::clone(&codemod.id),
                    rule: Arc::clone(&codemod.rules[rule.rule].name),
                    path: Arc::clone(&file.path),
                    miss,
                }
            }));
        run.hit.extend(file.hit);
        run.summary.passes = run.summary.passes.max(file.passes);
        let found = file.findings.into_iter().map(|keyed| Finding {
            // Whether it is written is the deliverer's to say.
            status: match keyed.finding.status {
                Status::Applied => Status::Fixable,
                status => status,
            },
            ..keyed.finding
        });
        let mut found: Vec<Finding> = found.chain(file.unused).collect();
        found.sort_by_key(|finding| finding.range.start);
        run.findings.extend(found);
        run.verified.extend(file.verified);
        run.files.push(FileReport {
            path: file.path,
            outcome: file.outcome,
        });
    }
    run.files.sort_by(|a, b| a.path.cmp(&b.path));
    run
}

/// Says which codemods were not tried in files whose language version nothing tells.
fn unversioned_warning(plan: &Plan, searched: &[search::Searched]) -> Option<String> {
    let files = searched
        .iter()
        .filter(|f| !f.unversioned.is_empty())
        .count();
    let ids: BTreeSet<&str> = searched
        .iter()
        .flat_map(|f| &f.unversioned)
        .map(|&codemod| &*plan.codemods[codemod].id)
        .collect();
    let ids: Vec<String> = ids.into_iter().map(|id| format!("`{id}`")).collect();
    let files = match files {
        0 => return None,
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    Some(format!(
        "{} not tried in {files}: no go.mod says which Go version they are written in",
        ids.join(", ")
    ))
}

impl Run {
    /// Marks as applied what was delivered: every verified edit, or those of the files for which `delivered` says so.
    pub fn mark_applied(&mut self, delivered: impl Fn(&Path) -> bool) {
        for finding in &mut self.findings {
            if finding.status == Status::Fixable && delivered(&finding.path) {
                finding.status = Status::Applied;
            }
        }
    }
}
