//! What is left out of the candidates: by the user's filters without a word, by the defaults with a reason.

use std::collections::BTreeMap;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{
    Candidate, Content, Error, FileEntry, FileSet, Options, SkippedFile, State, Tests,
    attributes::Generated, path, repository::Place,
};
use std::path::Path;

/// `--include` and `--exclude`.
pub(crate) struct Globs {
    include: Option<Gitignore>,
    exclude: Option<Gitignore>,
}

impl Globs {
    pub(crate) fn new(root: &Path, options: &Options) -> Result<Self, Error> {
        Ok(Self {
            include: glob_list(root, "--include", &options.include)?,
            exclude: glob_list(root, "--exclude", &options.exclude)?,
        })
    }

    fn take(&self, path: &Path) -> bool {
        let hits = |globs: &Gitignore| globs.matched_path_or_any_parents(path, false).is_ignore();
        self.include.as_ref().is_none_or(hits) && !self.exclude.as_ref().is_some_and(hits)
    }
}

fn glob_list(root: &Path, flag: &str, globs: &[String]) -> Result<Option<Gitignore>, Error> {
    if globs.is_empty() {
        return Ok(None);
    }
    let mut builder = GitignoreBuilder::new(root);
    builder.allow_unclosed_class(false);
    for glob in globs {
        builder
            .add_line(None, glob)
            .map_err(|error| Error::new(format!("`{flag} {glob}` is not a glob: {error}")))?;
    }
    let built = builder
        .build()
        .map_err(|error| Error::new(format!("`{flag}` cannot be used: {error}")))?;
    Ok(Some(built))
}

/// Why one glob is none, in the words of the one who wrote it.
///
/// # Errors
/// What is wrong with it.
pub fn check_glob(glob: &str) -> Result<(), String> {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    let added = builder.add_line(None, glob).map(|_| ());
    added
        .and_then(|()| builder.build().map(|_| ()))
        .map_err(|error| error.to_string())
}

/// Sorts the candidates, which are in path order, into those to read and those to leave out.
pub(crate) fn apply(
    place: &Place,
    candidates: Vec<Candidate>,
    options: &Options,
    globs: &Globs,
    generated: &Generated<'_>,
) -> FileSet {
    let mut set = FileSet {
        root: place.root.clone(),
        git_dir: None,
        view: None,
        files: Vec::new(),
        skipped: Vec::new(),
        changed_lines: None,
        filtered: 0,
        whole: false,
    };
    for candidate in candidates {
        let path = path::from_bytes(&candidate.path);
        let is_test = candidate.path.ends_with(b"_test.go");
        let wanted = match options.tests {
            Tests::Include => true,
            Tests::Exclude => !is_test,
            Tests::Only => is_test,
        };
        if !wanted || !globs.take(&path) {
            set.filtered += 1;
            continue;
        }
        match usable(&candidate, options, generated) {
            Ok(content) => set.files.push(FileEntry {
                path: path.into(),
                content,
                named: candidate.named,
            }),
            Err(reason) => set.skipped.push(SkippedFile {
                path: path.into(),
                reason,
            }),
        }
    }
    set
}

/// Where to read a candidate, or why not to.
fn usable(
    candidate: &Candidate,
    options: &Options,
    generated: &Generated<'_>,
) -> Result<Content, String> {
    let content = match &candidate.state {
        State::Unusable(reason) => return Err(reason.clone()),
        State::Present(content) => *content,
    };
    if !candidate.path.ends_with(b".go") {
        return Err("its name does not end in `.go`".to_owned());
    }
    if candidate
        .size
        .is_some_and(|size| size > options.max_file_size)
    {
        return Err(too_large(options));
    }
    if !candidate.named {
        if let Some(folder) = skipped_folder(candidate, options) {
            return Err(format!("in `{folder}/`"));
        }
        if generated.contains(&candidate.path) {
            return Err("generated (linguist-generated)".to_owned());
        }
    }
    Ok(content)
}

/// The folder for whose name a candidate is left out; folders that the user named do not count.
fn skipped_folder(candidate: &Candidate, options: &Options) -> Option<&'static str> {
    let below = &candidate.path[candidate.prefix..];
    let names = [
        ("vendor", options.vendor),
        ("testdata", options.testdata),
        ("node_modules", false),
    ];
    let (folders, _) = below.split_at(below.len() - path::base_name(below).len());
    folders.split(|byte| *byte == b'/').find_map(|folder| {
        names
            .into_iter()
            .find(|(name, wanted)| !wanted && folder == name.as_bytes())
            .map(|(name, _)| name)
    })
}

fn too_large(options: &Options) -> String {
    let bytes = options.max_file_size;
    let shown = if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    };
    format!("larger than {shown} (--max-file-size)")
}

/// Why a file that was read is to be left out all the same: it is generated, or larger than allowed.
pub fn skip_reason(entry: &FileEntry, bytes: &[u8], options: &Options) -> Option<String> {
    if bytes.len() as u64 > options.max_file_size {
        return Some(too_large(options));
    }
    (!options.generated && !entry.named && is_generated(bytes))
        .then(|| "generated (`// Code generated … DO NOT EDIT.`)".to_owned())
}

/// Whether a line `// Code generated … DO NOT EDIT.` stands before the first text that is no comment, as `go/ast.IsGenerated`
/// decides it (<https://go.dev/s/generatedcode>).
pub fn is_generated(text: &[u8]) -> bool {
    leading_comments(text).any(|comment| {
        comment.split(|byte| *byte == b'\n').any(|line| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            line.strip_prefix(b"// Code generated ")
                .is_some_and(|rest| rest.ends_with(b" DO NOT EDIT."))
        })
    })
}

/// The comments before the package clause: `//` ones without their line ending, `/* … */` ones whole.
pub(crate) fn leading_comments(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let length = if rest.starts_with(b"//") {
            memchr::memchr(b'\n', rest).unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            memchr::memmem::find(&rest[2..], b"*/")? + 4
        } else {
            return None;
        };
        let (comment, tail) = rest.split_at(length);
        rest = tail;
        Some(comment)
    })
}

/// See [`FileSet::emptiness`].
pub(crate) fn emptiness(set: &FileSet) -> Option<String> {
    if !set.files.is_empty() {
        return None;
    }
    if set.skipped.is_empty() && set.filtered == 0 {
        return Some("there are no Go files here".to_owned());
    }
    let mut parts = Vec::new();
    if set.filtered > 0 {
        let files = count(set.filtered);
        parts.push(format!(
            "{files} left out by `--since`, `--staged`, `--include`, `--exclude` or `--tests`"
        ));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &set.skipped {
        *reasons.entry(&file.reason).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, files)| (std::cmp::Reverse(*files), *reason));
    parts.extend(
        reasons
            .into_iter()
            .map(|(reason, files)| format!("{} skipped: {reason}", count(files))),
    );
    Some(format!("no Go file was selected: {}", parts.join("; ")))
}

fn count(files: usize) -> String {
    format!("{files} {}", if files == 1 { "file" } else { "files" })
}
