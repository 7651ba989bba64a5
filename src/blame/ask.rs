//! Asks git: one `git blame` for each file, of all lines that are wanted of it, in parallel.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use git2::{Oid, Repository};
use rayon::prelude::*;
use tempfile::TempDir;

use super::{
    BlamedLines, graph,
    ignored::{self, Ignored},
    porcelain,
};
use crate::git::{self, Git};

/// Files that are blamed before it is decided whether an index of the history pays.
const PROBE: usize = 8;
/// It pays where a file takes longer than this: the index takes about as long as three files without it, and saves four
/// fifths of each. See `graph`.
const SLOW: Duration = Duration::from_millis(40);
/// And where so many files are left.
const MANY: usize = 16;
/// The most ranges asked for at once; of a file with more, everything between the first and the last line is asked for.
/// The limit is the length of an argument list.
const MAX_RANGES: usize = 1000;

/// What is asked about.
pub struct Question<'a> {
    /// Where the history is.
    pub repository: &'a Repository,
    /// The work tree, which paths are relative to.
    pub root: &'a Path,
    /// The commit whose lines are asked about.
    pub revision: Oid,
    /// Processes at a time.
    pub jobs: usize,
    /// Whether the history is indexed first.
    pub index: Index,
}

/// Whether the history is indexed first, which takes time once and saves some at every file. What git says is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Where the first files were slow, and many are left.
    WhereItPays,
    /// In any case.
    Always,
}

/// What git said.
#[derive(Debug, Default)]
pub struct Answer {
    /// The files of which it said something.
    pub files: BTreeMap<Arc<Path>, BlamedLines>,
    /// What went wrong with others.
    pub warnings: Vec<String>,
}

/// Lines of each file, 1-based as they are in the commit.
pub type Wanted = BTreeMap<Arc<Path>, Vec<RangeInclusive<usize>>>;

/// Asks about every file of `wanted`.
///
/// # Errors
/// Why git cannot be asked at all.
pub fn ask(question: &Question<'_>, wanted: &Wanted) -> Result<Answer, String> {
    let mut answer = Answer::default();
    if wanted.is_empty() {
        return Ok(answer);
    }
    let scratch = tempfile::Builder::new()
        .prefix("gomend-blame-")
        .tempdir()
        .map_err(|cause| format!("a temporary folder cannot be made: {cause}"))?;
    let mut asking = Asking::new(question, scratch, &mut answer.warnings)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(question.jobs)
        .build()
        .map_err(|cause| format!("the threads cannot be started: {cause}"))?;
    if question.index == Index::Always {
        asking.index_history();
    }
    let files: Vec<_> = wanted.iter().collect();
    let (probe, rest) = files.split_at(files.len().min(PROBE));
    let start = Instant::now();
    let mut said = pool.install(|| asking.all(probe));
    let threads = pool.current_num_threads().min(PROBE);
    let each =
        start.elapsed() * u32::try_from(threads).unwrap_or(1) / u32::try_from(PROBE).unwrap_or(1);
    if rest.len() >= MANY && each > SLOW && !asking.is_indexed {
        asking.index_history();
    }
    said.extend(pool.install(|| asking.all(rest)));
    let mut failed = Vec::new();
    for (&(path, _), said) in files.iter().zip(said) {
        match said {
            Ok(lines) => drop(answer.files.insert(Arc::clone(path), lines)),
            Err(cause) => failed.push((path, cause)),
        }
    }
    match failed.as_slice() {
        [] => Ok(answer),
        [(_, cause), ..] if answer.files.is_empty() => Err(cause.clone()),
        [(path, cause), others @ ..] => {
            let more = match others.len() {
                0 => String::new(),
                n => format!(" and {}", crate::report::count(n, "more file")),
            };
            let path = path.display();
            let warning = format!("`--blame` does not know `{path}`{more}: {cause}");
            answer.warnings.push(warning);
            Ok(answer)
        }
    }
}

/// git on this repository, with `.mailmap` of the work tree where there is one.
fn git(question: &Question<'_>) -> Result<Git, git::Error> {
    let repository = question.repository;
    let git = Git::find(&[question.root])?.git_dir(repository.path());
    Ok(if repository.is_bare() {
        git.folder(repository.path())
    } else {
        git.folder(question.root)
            .env("GIT_WORK_TREE", question.root)
    })
}

/// What every call of git needs.
struct Asking {
    git: Git,
    revision: Oid,
    ignored: Option<PathBuf>,
    /// Commits at which a shallow clone ends.
    shallow: BTreeSet<String>,
    scratch: TempDir,
    /// The history is indexed.
    is_indexed: bool,
    /// Objects of the repository.
    own_objects: PathBuf,
}

impl Asking {
    fn new(
        question: &Question<'_>,
        scratch: TempDir,
        warnings: &mut Vec<String>,
    ) -> Result<Self, String> {
        let repository = question.repository;
        let ignored = match ignored::find(repository, question.revision) {
            Ignored::None => None,
            Ignored::Text(text) => {
                let path = scratch.path().join("ignored");
                fs::write(&path, text)
                    .map_err(|cause| format!("`{}` cannot be written: {cause}", path.display()))?;
                Some(path)
            }
            Ignored::Unusable(warning) => {
                warnings.push(warning);
                None
            }
        };
        let shallow = fs::read_to_string(repository.commondir().join("shallow"));
        let shallow = shallow.unwrap_or_default();
        Ok(Self {
            git: git(question).map_err(|error| error.to_string())?,
            revision: question.revision,
            ignored,
            shallow: shallow.lines().map(str::to_owned).collect(),
            scratch,
            is_indexed: false,
            own_objects: repository.commondir().join("objects"),
        })
    }

    fn all(
        &self,
        files: &[(&Arc<Path>, &Vec<RangeInclusive<usize>>)],
    ) -> Vec<Result<BlamedLines, String>> {
        files
            .par_iter()
            .map(|(path, ranges)| self.one(path, ranges))
            .collect()
    }

    fn one(&self, path: &Path, ranges: &[RangeInclusive<usize>]) -> Result<BlamedLines, String> {
        let mut arguments: Vec<OsString> = [
            "blame",
            "--incremental",
            "--no-textconv",
            "--encoding=UTF-8",
        ]
        .map(OsString::from)
        .into();
        if let Some(ignored) = &self.ignored {
            arguments.extend(["--ignore-revs-file".into(), ignored.into()]);
        }
        let lines = |first: usize, last: usize| OsString::from(format!("-L{first},{last}"));
        match (ranges.first(), ranges.last()) {
            (Some(first), Some(last)) if ranges.len() > MAX_RANGES => {
                arguments.push(lines(*first.start(), *last.end()));
            }
            _ => arguments.extend(
                ranges
                    .iter()
                    .map(|range| lines(*range.start(), *range.end())),
            ),
        }
        arguments.extend([self.revision.to_string().into(), "--".into(), path.into()]);
        let output = self.git.run(&arguments, b"").map_err(|e| e.to_string())?;
        porcelain::read(&output.stdout, &self.shallow)
    }

    /// Makes an index of the history, from which git sees without reading trees which commits change a file. Where that
    /// fails, blame is slower and says the same.
    fn index_history(&mut self) {
        if graph::has_paths(&self.own_objects) {
            return;
        }
        let objects = self.scratch.path().join("objects");
        if graph::lay_out(&objects, &self.own_objects).is_err() {
            return;
        }
        let git = self.git.clone().env("GIT_OBJECT_DIRECTORY", &objects);
        if git
            .run(&graph::WRITE, format!("{}\n", self.revision).as_bytes())
            .is_ok()
        {
            self.git = git;
            self.is_indexed = true;
        }
    }
}
