//! Which places of the file set other tools point at. In: their findings, the codemods and the files of a run. Out: for each
//! file the lines, each with the codemods that may match there.
//!
//! A match of a codemod is pointed at where a foreign finding of a rule in the codemod's `fixes` begins on one of its lines:
//! those of every node that the codemod's query captures, but for nodes that are captured for predicates only (`@_name`) and
//! hold a whole block.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
    sync::Arc,
};

use super::{Base, Foreign};
use crate::{codemod::Codemod, matcher::Match, select::path::plain};

/// A line that foreign findings point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The finding, by its index in the report.
    pub finding: usize,
    /// 1-based.
    pub line: usize,
    /// The codemods that may match there, by index.
    pub codemods: Vec<usize>,
}

/// The places that a report points at.
#[derive(Debug, Default)]
pub struct Pointed {
    by_file: BTreeMap<Arc<Path>, Vec<Target>>,
    /// Findings that point at no place of the run, by index.
    astray: BTreeMap<usize, Astray>,
    count: usize,
}

/// Why a foreign finding leads to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Astray {
    /// No codemod of the run has its rule in `fixes`.
    Rule,
    /// It has no line.
    Place,
    /// Its file is not searched.
    File,
    /// No match there.
    Match,
}

impl Pointed {
    /// Finds the place of each finding. `files` are those of the run, below `root`; `current` is the folder that gomend was
    /// started in.
    pub fn new<'f>(
        findings: &[Foreign],
        codemods: &[Codemod],
        root: &Path,
        current: Option<&Path>,
        files: impl IntoIterator<Item = &'f Arc<Path>>,
    ) -> Self {
        let files: BTreeSet<&Path> = files.into_iter().map(|file| &**file).collect();
        let mut pointed = Self {
            count: findings.len(),
            ..Self::default()
        };
        for (index, finding) in findings.iter().enumerate() {
            let fixing = codemods.iter().enumerate();
            let fixing = fixing.filter(|(_, codemod)| finding.is_fixed_by(&codemod.fixes));
            let codemods: Vec<usize> = fixing.map(|(index, _)| index).collect();
            let file = || {
                let candidates = candidates(finding, root, current);
                candidates.into_iter().find(|path| files.contains(&**path))
            };
            let astray = match (finding.line, codemods.is_empty()) {
                (_, true) => Astray::Rule,
                (None, _) => Astray::Place,
                (Some(line), _) => match file() {
                    Some(file) => {
                        let target = Target {
                            finding: index,
                            line,
                            codemods,
                        };
                        let targets = pointed.by_file.entry(file);
                        targets.or_default().push(target);
                        continue;
                    }
                    None => Astray::File,
                },
            };
            pointed.astray.insert(index, astray);
        }
        pointed
    }

    /// The lines of a file that are pointed at.
    pub fn at(&self, path: &Path) -> &[Target] {
        self.by_file.get(path).map_or(&[], Vec::as_slice)
    }

    /// The findings that lead to nothing, where those of `hit` led to a match.
    pub fn astray(&self, hit: &BTreeSet<usize>) -> Vec<(usize, Astray)> {
        (0..self.count)
            .filter(|index| !hit.contains(index))
            .map(|index| {
                (
                    index,
                    self.astray.get(&index).copied().unwrap_or(Astray::Match),
                )
            })
            .collect()
    }
}

/// The findings that point at a match of a codemod, in a text of which `line` gives the line of a byte.
pub fn hits(
    targets: &[Target],
    codemod: usize,
    found: &Match<'_>,
    line: impl Fn(usize) -> usize,
) -> Vec<usize> {
    let mine = targets.iter().filter(|t| t.codemods.contains(&codemod));
    let mut mine = mine.peekable();
    if mine.peek().is_none() {
        return Vec::new();
    }
    let lines = |range: Range<usize>| line(range.start)..=line(range.end.max(range.start + 1) - 1);
    let lines: Vec<_> = found.pointable().into_iter().map(lines).collect();
    mine.filter(|target| lines.iter().any(|lines| lines.contains(&target.line)))
        .map(|target| target.finding)
        .collect()
}

/// What the path of a finding may be, relative to the root, the likeliest first.
fn candidates(finding: &Foreign, root: &Path, current: Option<&Path>) -> Vec<Arc<Path>> {
    let path = Path::new(&finding.path);
    let inside = |full: &Path| full.strip_prefix(root).map(Arc::from).ok();
    if path.is_absolute() {
        let real = std::fs::canonicalize(path).ok();
        let found = [Some(plain(path)), real].into_iter().flatten();
        return found.filter_map(|full| inside(&full)).collect();
    }
    let by_root = Some(plain(&root.join(path)));
    let by_current = current.map(|current| plain(&current.join(path)));
    let order = match finding.base {
        Base::Root => [by_root, by_current],
        Base::Current => [by_current, by_root],
    };
    let found = order.into_iter().flatten();
    found.filter_map(|full| inside(&full)).collect()
}
