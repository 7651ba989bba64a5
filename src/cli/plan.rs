//! What will be done: the one conversion of what was typed, and of what the repository's `gomend.toml` adds. Everything
//! that can be wrong with the options alone is found here; nothing else is read from disk yet.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use super::{
    args::{Choice, FileArgs, RevisionArgs, SearchArgs, StdinArgs, Tests},
    config,
    error::{Error, Failure},
    foreign::From,
};
use crate::{codemod::selection::Request, config::Config, select, verify::gofmt};

/// What to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// Standard input, which belongs to this path.
    Stdin(Option<PathBuf>),
}

/// A search as it will be done.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each an option of the command line"
)]
pub struct Search {
    /// Which codemods.
    pub codemods: Request,
    /// What to read.
    pub input: Input,
    /// Which of the files found there.
    pub options: select::Options,
    /// Mend only what other tools found.
    pub from: Option<From>,
    /// Also apply edits that a person must look at.
    pub unsafe_edits: bool,
    /// The gofmt asked for.
    pub gofmt: gofmt::Choice,
    /// Say why a file or a near match was not taken.
    pub explain: bool,
    /// Say how long each stage and each codemod took.
    pub timing: bool,
    /// Whether to leave out files and declarations in which a rule cannot match.
    pub prefilter: bool,
    /// Worker threads.
    pub jobs: usize,
    /// What the repository's `gomend.toml` says; the parts about searching are in force above.
    pub config: Option<Config>,
}

/// Plans a search. `revision` is absent where a command says itself what it reads, `stdin` where it cannot.
pub fn search(
    args: &SearchArgs,
    revision: Option<&RevisionArgs>,
    stdin: Option<&StdinArgs>,
) -> Result<Search, Failure> {
    let mut planned = typed(args, revision, stdin)?;
    if !args.config.no_config {
        config::configure(&mut planned, args)?;
    }
    Ok(planned)
}

/// What the command line alone asks for.
fn typed(
    args: &SearchArgs,
    revision: Option<&RevisionArgs>,
    stdin: Option<&StdinArgs>,
) -> Result<Search, Error> {
    let input = input(&args.files, stdin)?;
    if let (Input::Stdin(_), Some(option)) = (&input, choosing_option(&args.files, revision)) {
        let message =
            format!("`{option}` chooses among files, and `-` reads one from standard input");
        return Err(Error::new(message).help(format!("leave out `{option}` or `-`")));
    }
    let from = args.from.as_deref().map(From::of);
    if from == Some(From::Stdin) && matches!(input, Input::Stdin(_)) {
        let error = Error::new("`-` and `--from -` both read standard input");
        return Err(error.help("write the findings to a file and give `--from` its name"));
    }
    Ok(Search {
        codemods: codemods(&args.choice, args.all, &args.set),
        input,
        options: options(&args.files, revision),
        from,
        unsafe_edits: args.unsafe_edits,
        gofmt: gofmt_choice(args.gofmt.as_deref()),
        explain: args.explain,
        timing: args.timing,
        // A file without a rule's words has no match, but may have a near miss.
        prefilter: !args.no_prefilter && !args.explain,
        jobs: jobs(args.jobs),
        config: None,
    })
}

/// Plans the choice of codemods.
pub fn codemods(choice: &Choice, all: bool, sets: &[String]) -> Request {
    Request {
        codemods: choice.codemod.clone(),
        tags: choice.tag.clone(),
        all,
        folders: choice.codemods.clone(),
        sets: sets.to_owned(),
        ..Request::default()
    }
}

/// Which gofmt `--gofmt` names.
pub fn gofmt_choice(typed: Option<&str>) -> gofmt::Choice {
    match typed {
        None => gofmt::Choice::Auto,
        Some("off") => gofmt::Choice::Off,
        Some(path) => gofmt::Choice::Program(path.into()),
    }
}

/// The number of worker threads.
pub fn jobs(typed: Option<NonZeroUsize>) -> usize {
    typed
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get)
}

/// What the paths name. `-` stands for standard input, and then alone.
pub fn input(files: &FileArgs, stdin: Option<&StdinArgs>) -> Result<Input, Error> {
    let name = stdin.and_then(|stdin| stdin.stdin_path.clone());
    if !files.paths.iter().any(|path| path == Path::new("-")) {
        return match name {
            Some(name) => {
                let message = format!(
                    "`--stdin-path {}` says where standard input belongs, and nothing reads it",
                    name.display()
                );
                Err(Error::new(message).help("add `-`"))
            }
            None => Ok(Input::Paths(files.paths.clone())),
        };
    }
    if stdin.is_none() {
        return Err(Error::new(
            "`-` reads one file from standard input, which `commit`, `pr` and `query` cannot",
        )
        .help("name files or folders"));
    }
    if files.paths.len() > 1 {
        return Err(
            Error::new("`-` reads one file from standard input and stands alone")
                .help("leave out the other paths"),
        );
    }
    Ok(Input::Stdin(name))
}

/// The filters over files.
pub fn options(files: &FileArgs, revision: Option<&RevisionArgs>) -> select::Options {
    select::Options {
        vendor: files.vendor,
        testdata: files.testdata,
        generated: files.generated,
        max_file_size: files.max_file_size,
        since: files.since.clone(),
        changed_lines: files.changed_lines,
        staged: revision.is_some_and(|revision| revision.staged),
        at: revision.and_then(|revision| revision.at.clone()),
        include: files.include.clone(),
        exclude: files.exclude.clone(),
        tests: match files.tests {
            Tests::Include => select::Tests::Include,
            Tests::Exclude => select::Tests::Exclude,
            Tests::Only => select::Tests::Only,
        },
    }
}

/// An option that chooses among the files of a folder or repository.
fn choosing_option(files: &FileArgs, revision: Option<&RevisionArgs>) -> Option<&'static str> {
    [
        (files.vendor, "--vendor"),
        (files.testdata, "--testdata"),
        (files.generated, "--generated"),
        (
            files.max_file_size != select::DEFAULT_MAX_FILE_SIZE,
            "--max-file-size",
        ),
        (files.since.is_some(), "--since"),
        (files.changed_lines, "--changed-lines"),
        (!files.include.is_empty(), "--include"),
        (!files.exclude.is_empty(), "--exclude"),
        (files.tests != Tests::Include, "--tests"),
        (revision.is_some_and(|revision| revision.staged), "--staged"),
        (
            revision.is_some_and(|revision| revision.at.is_some()),
            "--at",
        ),
    ]
    .into_iter()
    .find(|(given, _)| *given)
    .map(|(_, option)| option)
}

/// The branch that `commit` makes where none is named and several codemods are selected: after what selects them, which may
/// be the findings of other tools.
pub fn default_branch(request: &Request, by_findings: bool) -> String {
    let words: Vec<&str> = match request {
        Request { all: true, .. } => vec!["all"],
        Request { codemods, tags, .. } if by_findings && codemods.is_empty() && tags.is_empty() => {
            vec!["from"]
        }
        Request { codemods, tags, .. } if codemods.is_empty() && tags.is_empty() => vec!["leak"],
        Request { codemods, tags, .. } => codemods.iter().chain(tags).map(String::as_str).collect(),
    };
    let name: Vec<String> = words
        .iter()
        .map(|word| branch_word(word))
        .filter(|word| !word.is_empty())
        .collect();
    let name = name.join("+");
    format!(
        "gomend/{}",
        if name.is_empty() { "selection" } else { &name }
    )
}

/// A selector with what git forbids in branch names (git-check-ref-format) left out.
fn branch_word(selector: &str) -> String {
    let is_path = selector.starts_with(['.', '/'])
        || selector.contains('\\')
        || Path::new(selector).extension().is_some();
    let selector = if is_path {
        let stem = Path::new(selector).file_stem();
        stem.and_then(|stem| stem.to_str()).unwrap_or_default()
    } else {
        selector
    };
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/');
    let name: String = selector.chars().filter(|&c| allowed(c)).collect();
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_named_after_what_is_selected() {
        let branch = |selectors: &[&str], tags: &[&str], all| {
            let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
            let request = Request {
                codemods: owned(selectors),
                tags: owned(tags),
                all,
                ..Request::default()
            };
            default_branch(&request, false)
        };
        assert_eq!(branch(&[], &[], false), "gomend/leak");
        assert_eq!(branch(&[], &[], true), "gomend/all");
        assert_eq!(default_branch(&Request::default(), true), "gomend/from");
        assert_eq!(
            branch(&["context/cancel-discarded"], &[], false),
            "gomend/context/cancel-discarded"
        );
        assert_eq!(
            branch(&["context/*"], &["modern"], false),
            "gomend/context+modern"
        );
        assert_eq!(branch(&["../my codemods/x.toml"], &[], false), "gomend/x");
        assert_eq!(branch(&["*"], &[], false), "gomend/selection");
    }
}
