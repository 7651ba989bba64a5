//! `gomend query`: a query, or the syntax tree it is written for, on real code.

use std::{path::PathBuf, sync::Arc};

use rayon::prelude::*;

use crate::{
    cli::{
        Exit,
        args::{FileArgs, Global, QueryArgs},
        error::{Error, Failure},
        plan, stages, stream,
    },
    codemod::{RuleQuery, load_pattern, load_query},
    engine::{STACK_SIZE, sources::SetSources},
    go::{index::Index, syntax::Parsed},
    matcher::{self, Facts, outline::Outline},
    prefilter::Prefilter,
    report::{nodes, place::Frame},
    select::{self, FileEntry, FileSet, modules::Modules},
};

/// What is printed of each file.
enum Wanted {
    Tree,
    Matches {
        query: Box<RuleQuery>,
        /// What a match needs; `None` where near matches count too.
        prefilter: Option<Prefilter>,
    },
}

/// What is known of the file set as a whole.
struct Set<'a> {
    index: Index<'a>,
    modules: &'a Modules,
    frame: Frame,
}

/// What one file comes to: its part of the output, or why there is none.
type Shown = Result<String, String>;

/// Prints matches or trees, in path order.
pub fn run(args: &QueryArgs, global: &Global) -> Result<Exit, Failure> {
    let query = match (&args.pattern, &args.query) {
        (Some(pattern), _) => Some(load_pattern(pattern)),
        (None, Some(query)) if !args.tree => Some(load_query(query)),
        (None, _) => None,
    };
    let wanted = match query {
        Some(query) => {
            let query = Box::new(query.map_err(Failure::Diagnostics)?);
            let prefilter = (!args.explain).then(|| Prefilter::of_query(&query));
            Wanted::Matches { query, prefilter }
        }
        None => Wanted::Tree,
    };
    let input = plan::input(&paths(args), None)?;
    let options = plan::options(&args.files, Some(&args.revision));
    let (files, _) = stages::files(&input, &options)?;
    let shown = all(&files, &options, &wanted, plan::jobs(args.jobs))?;
    let mut exit = Exit::Done;
    for (file, shown) in files.files.iter().zip(shown) {
        match shown {
            Ok(text) => stream::write_styled(None, &text)?,
            Err(reason) => {
                stream::warn(&format!(
                    "`{}` was not searched: {reason}",
                    file.path.display()
                ));
                exit = Exit::Failed;
            }
        }
    }
    if files.files.is_empty() && !global.quiet {
        stream::warn(&files.emptiness().unwrap_or_default());
    }
    Ok(exit)
}

/// With `--tree` and `--pattern` there is no query, so that the first argument is a path too.
fn paths(args: &QueryArgs) -> FileArgs {
    let mut files = args.files.clone();
    if let (true, Some(path)) = (args.tree || args.pattern.is_some(), &args.query) {
        files.paths.insert(0, PathBuf::from(path));
    }
    files
}

/// Every file of the set, in its order.
fn all(
    files: &FileSet,
    options: &select::Options,
    wanted: &Wanted,
    jobs: usize,
) -> Result<Vec<Shown>, Failure> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK_SIZE)
        .build()
        .map_err(|cause| {
            Error::new(format!("cannot start {jobs} threads: {cause}"))
                .help("give `--jobs` a smaller number")
        })?;
    let frame = stages::frame(files);
    let modules = Modules::new(files, options).map_err(|error| Error::new(error.to_string()))?;
    let sources = SetSources::new(files);
    let set = Set {
        index: Index::new(&sources, sources.modules(&modules)),
        modules: &modules,
        frame,
    };
    let several = files.files.len() > 1;
    Ok(threads.install(|| {
        files
            .files
            .par_iter()
            .map_init(
                || files.reader(),
                |reader, file| match reader {
                    Ok(reader) => match reader.read(file) {
                        Ok(bytes) if select::skip_reason(file, &bytes, options).is_some() => {
                            Ok(String::new())
                        }
                        Ok(bytes) => one(bytes, file, &set, wanted, several),
                        Err(error) => Err(error.to_string()),
                    },
                    Err(error) => Err(error.to_string()),
                },
            )
            .collect()
    }))
}

fn one(bytes: Vec<u8>, file: &FileEntry, set: &Set<'_>, wanted: &Wanted, several: bool) -> Shown {
    let text: Arc<str> = String::from_utf8(bytes)
        .map_err(|_| "it is not UTF-8".to_owned())?
        .into();
    let path = set.frame.show(&file.path);
    let Wanted::Matches { query, prefilter } = wanted else {
        let parsed = Parsed::new(text);
        let head = if several {
            format!("{path}\n")
        } else {
            String::new()
        };
        return Ok(head + &nodes::tree(&parsed));
    };
    let candidates = prefilter
        .as_ref()
        .map(|prefilter| prefilter.candidates(&text));
    if candidates
        .as_ref()
        .is_some_and(|candidates| candidates.rules.is_empty())
    {
        return Ok(String::new());
    }
    let declarations = candidates.and_then(|candidates| candidates.declarations);
    let parsed = match &declarations {
        Some(declarations) if query.is_local() => Parsed::parts(Arc::clone(&text), declarations),
        _ => Parsed::new(Arc::clone(&text)),
    };
    let context = matcher::FileContext {
        path: Arc::clone(&file.path),
        go: set.modules.version_for(&file.path, &text),
        generated: select::is_generated(text.as_bytes()),
    };
    let facts = Facts::new(&parsed, &context).with_index(&set.index);
    let mut misses = Vec::new();
    let near = prefilter.is_none().then_some(&mut misses);
    let outline = Outline::new(&parsed, declarations.as_deref());
    let found = matcher::matches_in_file(query, &facts, &outline, near)
        .map_err(|error| error.to_string())?;
    Ok(nodes::matches(&path, &parsed, &found) + &nodes::near_misses(&path, &text, &misses))
}
