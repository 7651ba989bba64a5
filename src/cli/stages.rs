//! The calls into the other stages, in one place: what a command asks for, in the stages' own terms, and their errors as
//! the command line tells them.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use super::{
    args::Global,
    error::{Error, Failure},
    foreign::{self, Foreigners},
    plan::{Input, Search},
    stdin::{self, Stdin},
    stream,
};
use crate::{
    blame,
    codemod::{
        Codemod,
        selection::{self, Request},
    },
    deliver, engine,
    from::pointed::Pointed,
    report::{about::About, place::Frame, progress::Bar},
    select::{self, FileSet},
    verify::gofmt::{Choice, Gofmt},
};

/// What a search is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Findings are reported, also comments that hide none; nothing will be written.
    Check,
    /// Nothing will be written.
    Look,
    /// Files will be written, or the result of standard input.
    Write,
    /// Commits will be made, `steps` for one each codemod.
    Commit {
        /// One state of the files for each codemod.
        steps: bool,
    },
}

/// What a search found, and where.
#[derive(Debug)]
pub struct Searched {
    /// What was found.
    pub run: engine::Run,
    /// How paths are shown.
    pub frame: Frame,
    /// Where the files are.
    pub files: FileSet,
    /// The codemods, in order.
    pub codemods: Vec<About>,
    /// What other tools found, where only that was to be mended.
    pub foreign: Option<Foreigners>,
    /// Standard input, where it was read.
    pub stdin: Option<Stdin>,
    /// Say why a file or a near match was not taken.
    pub explain: bool,
    /// Say how long it took.
    pub timing: bool,
    /// Worker threads.
    pub jobs: usize,
}

/// The codemods that a request names. Those that are left out are said, unless `--quiet`.
pub fn codemods(request: &Request, global: &Global) -> Result<Vec<Codemod>, Failure> {
    let selection = selection::select(request).map_err(Failure::Diagnostics)?;
    for (id, reason) in selection.left_out.iter().filter(|_| !global.quiet) {
        stream::warn(&format!("`{id}` is left out: it {reason}"));
    }
    Ok(selection.codemods)
}

/// What a run of the engine is made of.
pub struct Prepared<'a> {
    /// What is to be done.
    pub plan: &'a engine::Plan,
    /// How paths are shown.
    pub frame: &'a Frame,
    /// The codemods, in order.
    pub codemods: &'a [About],
    /// Shows how far it is.
    pub bar: &'a Bar,
}

/// Searches as planned.
pub fn search(plan: &Search, purpose: Purpose, global: &Global) -> Result<Searched, Failure> {
    search_with(plan, purpose, global, &mut |prepared| {
        let run = engine::run(prepared.plan, prepared.bar);
        Ok(run.map_err(|error| Error::new(error.to_string()))?)
    })
}

/// Searches as planned, by a run of the engine that `run` makes.
pub fn search_with(
    plan: &Search,
    purpose: Purpose,
    global: &Global,
    run: &mut dyn FnMut(&Prepared<'_>) -> Result<engine::Run, Failure>,
) -> Result<Searched, Failure> {
    let mut foreign = plan.from.as_ref().map(foreign::read).transpose()?;
    let request = Request {
        from: foreign.as_ref().map(|foreign| foreign.findings.clone()),
        ..plan.codemods.clone()
    };
    let codemods = codemods(&request, global)?;
    let about: Vec<About> = codemods.iter().map(About::from).collect();
    let gofmt = find_gofmt(&plan.gofmt, purpose)?;
    let (files, stdin) = files(&plan.input, &plan.options)?;
    let frame = if stdin.is_some() {
        Frame {
            root: files.root.clone(),
            current: None,
        }
    } else {
        frame(&files)
    };
    let pointed = foreign.as_ref().map(|foreign| {
        let current = frame.current.as_deref();
        let paths = files.files.iter().map(|file| &file.path);
        Pointed::new(&foreign.findings, &codemods, &files.root, current, paths)
    });
    let engine_plan = engine::Plan {
        codemods,
        files,
        pointed,
        select: plan.options.clone(),
        unsafe_edits: plan.unsafe_edits,
        gofmt,
        jobs: plan.jobs,
        steps: purpose == Purpose::Commit { steps: true },
        explain: plan.explain,
        timing: plan.timing,
        unused_ignores: purpose == Purpose::Check,
        prefilter: plan.prefilter,
    };
    let bar = Bar::new(!global.quiet);
    let run = run(&Prepared {
        plan: &engine_plan,
        frame: &frame,
        codemods: &about,
        bar: &bar,
    });
    bar.end();
    let run = run?;
    if let (Some(foreign), Some(pointed)) = (&mut foreign, &engine_plan.pointed) {
        foreign.astray = pointed.astray(&run.hit);
    }
    Ok(Searched {
        run,
        foreign,
        frame,
        files: engine_plan.files,
        codemods: about,
        stdin,
        explain: plan.explain,
        timing: plan.timing,
        jobs: plan.jobs,
    })
}

/// Asks git who last changed the lines of the findings; `at` is the revision that was read, where one was.
pub fn blame(searched: &mut Searched, at: Option<&str>, global: &Global) {
    let warnings = blame::annotate(&mut searched.run, &searched.files, at, searched.jobs);
    for warning in warnings.iter().filter(|_| !global.quiet) {
        stream::warn(warning);
    }
}

/// The files that an input names.
pub fn files(
    input: &Input,
    options: &select::Options,
) -> Result<(FileSet, Option<Stdin>), Failure> {
    match input {
        Input::Paths(paths) => {
            let files =
                select::select(paths, options).map_err(|error| Error::new(error.to_string()))?;
            Ok((files, None))
        }
        Input::Stdin(path) => {
            let stdin = stdin::read(path.as_deref())?;
            Ok((stdin.file_set(), Some(stdin)))
        }
    }
}

/// Finds the gofmt. Writing needs one, unless the user does without.
fn find_gofmt(choice: &Choice, purpose: Purpose) -> Result<Option<Gofmt>, Error> {
    let gofmt = Gofmt::find(choice).map_err(|error| Error::new(error.to_string()))?;
    if gofmt.is_none()
        && !matches!(purpose, Purpose::Check | Purpose::Look)
        && *choice != Choice::Off
    {
        return Err(Error::new("gofmt was not found, and nothing is written that it has not seen")
            .help("install Go from https://go.dev/dl, name it with `--gofmt PATH`, or do without with `--gofmt off`"));
    }
    Ok(gofmt)
}

/// Paths as they are typed in the current folder.
pub fn frame(files: &FileSet) -> Frame {
    // As the file set's root is: without symbolic links.
    let current = std::env::current_dir().and_then(std::fs::canonicalize);
    Frame {
        root: files.root.clone(),
        current: current.ok(),
    }
}

/// The patch of a run.
pub fn patch(run: &engine::Run) -> Vec<u8> {
    deliver::diff::patch(&run.verified)
}

/// Refuses to touch files with changes that git could not bring back.
pub fn require_clean(searched: &Searched) -> Result<(), Error> {
    let paths: Vec<Arc<Path>> = searched
        .run
        .verified
        .iter()
        .map(|file| Arc::clone(file.path()))
        .collect();
    require_clean_files(&searched.files.root, &searched.frame, &paths)
}

/// Refuses files with changes that git could not bring back.
pub fn require_clean_files(root: &Path, frame: &Frame, paths: &[Arc<Path>]) -> Result<(), Error> {
    let dirty = select::dirty(root, paths).map_err(|error| Error::new(error.to_string()))?;
    let Some(first) = dirty.first() else {
        return Ok(());
    };
    let first = frame.show(first);
    let what = match dirty.len() {
        1 => format!("`{first}` has changes that are not committed"),
        2 => format!("`{first}` and one more file have changes that are not committed"),
        n => format!(
            "`{first}` and {} more files have changes that are not committed",
            n - 1
        ),
    };
    Err(Error::new(what).help("commit or stash them, or add `--allow-dirty`"))
}

/// Writes the new texts in place and marks what was written as applied. One error for each file that was not.
pub fn write(searched: &mut Searched) -> Vec<Error> {
    let written = deliver::worktree::write(&searched.files.root, &searched.run.verified);
    let done: BTreeSet<Arc<Path>> = written
        .iter()
        .filter(|(_, result)| result.is_ok())
        .map(|(path, _)| Arc::clone(path))
        .collect();
    searched.run.mark_applied(|path| done.contains(path));
    written
        .into_iter()
        .filter_map(|(_, result)| Some(Error::new(result.err()?.to_string())))
        .collect()
}

/// The text of standard input after the run.
pub fn only_text(searched: &Searched) -> String {
    let before = searched.stdin.as_ref().map_or("", |stdin| &stdin.text);
    searched
        .run
        .verified
        .first()
        .map_or(before, |verified| verified.after())
        .to_owned()
}

impl engine::Progress for Bar {
    fn start(&self, files: usize) {
        self.begin("searching", files);
    }

    fn searched(&self) {
        self.step();
    }

    fn finish(&self) {
        self.end();
    }
}
