//! Asks git: one `git blame` for each file, of all lines that are wanted of it, in parallel.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Command, Stdio},
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
    if rest.len() >= MANY && each > SLOW && asking.objects.is_none() {
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

/// What every call of git needs.
struct Asking {
    git_dir: PathBuf,
    /// Folder to run in; `None` in a bare repository.
    work_tree: Option<PathBuf>,
    revision: Oid,
    ignored: Option<PathBuf>,
    /// Commits at which a shallow clone ends.
    shallow: BTreeSet<String>,
    scratch: TempDir,
    /// Objects with an index of the history, where one was made.
    objects: Option<PathBuf>,
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
            git_dir: repository.path().to_owned(),
            work_tree: (!repository.is_bare()).then(|| question.root.to_owned()),
            revision: question.revision,
            ignored,
            shallow: shallow.lines().map(str::to_owned).collect(),
            scratch,
            objects: None,
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
        let mut git = self.git();
        git.args([
            "blame",
            "--incremental",
            "--no-textconv",
            "--encoding=UTF-8",
        ]);
        if let Some(ignored) = &self.ignored {
            git.arg("--ignore-revs-file").arg(ignored);
        }
        match (ranges.first(), ranges.last()) {
            (Some(first), Some(last)) if ranges.len() > MAX_RANGES => {
                git.arg(format!("-L{},{}", first.start(), last.end()));
            }
            _ => {
                let ranges = ranges.iter();
                git.args(ranges.map(|range| format!("-L{},{}", range.start(), range.end())));
            }
        }
        git.arg(self.revision.to_string()).arg("--").arg(path);
        let printed = run(git)?;
        porcelain::read(&printed, &self.shallow)
    }

    /// A call of git about this repository. Nothing of the repository runs, and nothing of the surroundings (a hook sets
    /// `GIT_DIR`) leads elsewhere.
    fn git(&self) -> Command {
        let mut git = Command::new("git");
        for (name, _) in std::env::vars_os() {
            let is_place = matches!(
                name.to_str(),
                Some(
                    "GIT_DIR"
                        | "GIT_WORK_TREE"
                        | "GIT_COMMON_DIR"
                        | "GIT_INDEX_FILE"
                        | "GIT_OBJECT_DIRECTORY"
                        | "GIT_NAMESPACE"
                        | "GIT_PREFIX"
                )
            );
            if is_place {
                git.env_remove(name);
            }
        }
        git.arg("--git-dir").arg(&self.git_dir);
        match &self.work_tree {
            Some(root) => git.arg("--work-tree").arg(root).current_dir(root),
            None => git.current_dir(&self.git_dir),
        };
        if let Some(objects) = &self.objects {
            git.env("GIT_OBJECT_DIRECTORY", objects);
        }
        git.args(["-c", "core.fsmonitor=false", "--no-optional-locks"])
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        git
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
        let mut git = self.git();
        git.env("GIT_OBJECT_DIRECTORY", &objects).args(graph::WRITE);
        if graph::write(git, self.revision).is_ok() {
            self.objects = Some(objects);
        }
    }
}

/// What git printed, or the first line of what it said was wrong.
fn run(mut git: Command) -> Result<Vec<u8>, String> {
    let output = git.output().map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => "the program `git` was not found; install it".to_owned(),
        _ => format!("the program `git` cannot be run: {cause}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| !line.trim().is_empty());
    Err(match first {
        Some(line) => format!("git says `{line}`"),
        None => format!("git failed with {}", output.status),
    })
}
