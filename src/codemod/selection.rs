//! Which codemods a run uses. In: what was asked for (ids, globs, files, folders, tags, parameter values). Out: loaded
//! codemods in the order of their ids, or everything that is wrong with the request and with the files it names.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
};

use globset::GlobBuilder;

use super::{
    Codemod, Origin,
    catalogue::{self, Header},
    lint::{duplicate, read},
    load::{Setting, check_text, load_text},
    problem::{Kind, without_place},
    source::CodemodFile,
};
use crate::{
    diagnostic::{Diagnostic, Source, nearest},
    finding::Applicability,
    from::Foreign,
};

/// The tag of codemods that only `-c` with their id or file selects: no glob, no other tag, and not `--all`.
const OPT_IN: &str = "opt-in";

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `-c`: ids, globs over ids, files, folders.
    pub codemods: Vec<String>,
    /// `--tag`.
    pub tags: Vec<String>,
    /// `--all`.
    pub all: bool,
    /// `--codemods`: folders whose codemods can be selected beside the shipped ones.
    pub folders: Vec<PathBuf>,
    /// `--set`: `ID.PARAM=VALUE`.
    pub sets: Vec<String>,
    /// Whether codemods are wanted to be shown or tested, not run: then those that run only where they are named, and
    /// those whose parameters lack values, are in every group too.
    pub to_describe: bool,
    /// `--from`: findings of other tools; where nothing else is asked for, the codemods that mend any of them.
    pub from: Option<Vec<Foreign>>,
    /// Those of `codemods`, `tags` and `sets` that `gomend.toml` holds, and where. They name no file or folder.
    pub places: Option<Places>,
}

/// Where the words of a request are written that a file holds.
#[derive(Debug, Clone)]
pub struct Places {
    /// The file.
    pub source: Source,
    /// Ids, and globs over ids.
    pub codemods: BTreeMap<String, Range<usize>>,
    /// Tags.
    pub tags: BTreeMap<String, Range<usize>>,
    /// Values of parameters, by `ID.PARAM=VALUE`.
    pub sets: BTreeMap<String, Range<usize>>,
}

impl Request {
    /// Where a word is written, if a file holds it.
    fn place(
        &self,
        kind: impl Fn(&Places) -> &BTreeMap<String, Range<usize>>,
        word: &str,
    ) -> Option<(Source, Range<usize>)> {
        let places = self.places.as_ref()?;
        let span = kind(places).get(word)?.clone();
        Some((places.source.clone(), span))
    }
}

/// Gives problems that lie nowhere their place, if there is one.
fn put(problems: &mut [Diagnostic], place: Option<(Source, Range<usize>)>) {
    let Some((source, span)) = place else {
        return;
    };
    for problem in problems.iter_mut().filter(|p| p.source.is_none()) {
        problem.source = Some(source.clone());
        problem.span = span.clone();
    }
}

/// What a request comes to.
#[derive(Debug)]
pub struct Selection {
    /// In the order of the ids; each id once.
    pub codemods: Vec<Codemod>,
    /// Codemods that a glob, a tag or `--all` names but that cannot run: id and reason.
    pub left_out: Vec<(String, String)>,
}

/// Resolves a request. Without `codemods`, `tags` and `all` it is every shipped codemod with the tag `leak` that is not
/// `unsafe`, or, with `from`, every codemod that mends one of those findings.
///
/// # Errors
/// Everything that is wrong, in the order of the request.
pub fn select(request: &Request) -> Result<Selection, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut known = Known::shipped();
    let files = read(&request.folders, &mut errors);
    known.add(files, &mut errors);
    let mut wanted: BTreeMap<String, Asked> = BTreeMap::new();
    for word in &request.codemods {
        let place = request.place(|places| &places.codemods, word);
        let before = errors.len();
        resolve(word, place.is_none(), &mut known, &mut wanted, &mut errors);
        put(&mut errors[before..], place);
    }
    add_groups(request, &known, &mut wanted, &mut errors);
    let sets = settings(request, &known, &mut errors);
    let mut selection = Selection {
        codemods: Vec::new(),
        left_out: Vec::new(),
    };
    let none = Vec::new();
    for (id, asked) in wanted {
        let sets = sets.get(&id).unwrap_or(&none);
        let lacking = known.lacks(&id, sets);
        if lacking.is_some() && request.to_describe {
            match known.unset(&id) {
                Ok(codemod) => selection.codemods.push(codemod),
                Err(problems) => errors.extend(problems),
            }
            continue;
        }
        if asked == Asked::InAGroup
            && !request.to_describe
            && let Some(reason) = known.is_opt_in(&id).or(lacking)
        {
            selection.left_out.push((id, reason));
            continue;
        }
        match known.load(&id, sets) {
            Ok(codemod) => selection.codemods.push(codemod),
            Err(problems) => errors.extend(problems),
        }
    }
    if errors.is_empty() {
        Ok(selection)
    } else {
        Err(errors)
    }
}

/// How a codemod came to be wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// By a glob, a tag, `--all` or the default.
    InAGroup,
    /// By its id or file.
    ByName,
}

/// The codemods that can be selected.
struct Known {
    headers: BTreeMap<String, Header>,
    files: BTreeMap<String, CodemodFile>,
}

impl Known {
    fn shipped() -> Self {
        let headers = catalogue::shipped().iter();
        Self {
            headers: headers.map(|h| (h.id.clone(), h.clone())).collect(),
            files: BTreeMap::new(),
        }
    }

    /// Adds a user's files, each fully checked; returns the ids of the good ones.
    fn add(&mut self, files: Vec<CodemodFile>, errors: &mut Vec<Diagnostic>) -> Vec<String> {
        let mut ids = Vec::new();
        for file in files {
            match self.files.get(&file.id) {
                Some(first) if first.path == file.path => {
                    ids.push(file.id);
                    continue;
                }
                Some(first) => {
                    let first = format!("`{}`", first.path.display());
                    errors.push(duplicate(&file, &first));
                    continue;
                }
                None if self.headers.contains_key(&file.id) => {
                    errors.push(duplicate(&file, "a shipped one"));
                    continue;
                }
                None => {}
            }
            let origin = Origin::File(file.path.clone());
            match check_text(&file.id, origin, &file.text) {
                Ok(codemod) => {
                    ids.push(file.id.clone());
                    self.headers.insert(file.id.clone(), Header::from(&codemod));
                    self.files.insert(file.id.clone(), file);
                }
                Err(problems) => errors.extend(problems),
            }
        }
        ids
    }

    /// Why a codemod of the tag `opt-in` does not run where it was not named.
    fn is_opt_in(&self, id: &str) -> Option<String> {
        let tags = &self.headers.get(id)?.tags;
        tags.iter()
            .any(|tag| tag == OPT_IN)
            .then(|| format!("runs only where it is named: `-c {id}`"))
    }

    /// Why a codemod cannot run as it is, if a parameter has no value.
    fn lacks(&self, id: &str, sets: &[Setting]) -> Option<String> {
        let required = &self.headers.get(id)?.required_params;
        let missing = required
            .iter()
            .find(|name| !sets.iter().any(|(set, _)| set == *name))?;
        Some(format!("needs `--set {id}.{missing}=VALUE`"))
    }

    /// A codemod whose parameters need no values.
    fn unset(&self, id: &str) -> Result<Codemod, Vec<Diagnostic>> {
        if let Some(file) = self.files.get(id) {
            return check_text(id, Origin::File(file.path.clone()), &file.text);
        }
        catalogue::unset(id).unwrap_or_else(|| Err(vec![unknown(id, self)]))
    }

    fn load(&self, id: &str, sets: &[Setting]) -> Result<Codemod, Vec<Diagnostic>> {
        if let Some(file) = self.files.get(id) {
            return load_text(id, Origin::File(file.path.clone()), &file.text, sets);
        }
        catalogue::load(id, sets).unwrap_or_else(|| Err(vec![unknown(id, self)]))
    }
}

/// One `-c` argument, which may be a path only where `paths` says so.
fn resolve(
    word: &str,
    paths: bool,
    known: &mut Known,
    wanted: &mut BTreeMap<String, Asked>,
    errors: &mut Vec<Diagnostic>,
) {
    if known.headers.contains_key(word) {
        wanted.insert(word.to_owned(), Asked::ByName);
        return;
    }
    let path = PathBuf::from(word);
    if paths && path.exists() {
        let before = errors.len();
        let files = read(std::slice::from_ref(&path), errors);
        let empty = files.is_empty() && errors.len() == before;
        for id in known.add(files, errors) {
            wanted.insert(id, Asked::ByName);
        }
        if empty {
            let title = format!("there is no codemod in `{word}`");
            errors.push(without_place(Kind::UnknownCodemod, title));
        }
        return;
    }
    if word.contains(['*', '?', '[', '{']) {
        resolve_glob(word, known, wanted, errors);
        return;
    }
    if path.extension().is_some_and(|end| end == "toml") {
        let title = format!("`{word}` does not exist");
        let mut diagnostic = without_place(Kind::UnknownCodemod, title);
        diagnostic.help("`-c` takes an id, a glob over ids, a file or a folder");
        errors.push(diagnostic);
        return;
    }
    errors.push(unknown(word, known));
}

/// A glob over ids, in which `*` does not cross the `/`.
fn resolve_glob(
    word: &str,
    known: &Known,
    wanted: &mut BTreeMap<String, Asked>,
    errors: &mut Vec<Diagnostic>,
) {
    let glob = GlobBuilder::new(word).literal_separator(true).build();
    let glob = match glob {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => {
            let title = format!("`{word}` is not a glob: {}", error.kind());
            errors.push(without_place(Kind::UnknownCodemod, title));
            return;
        }
    };
    let matching: Vec<_> = known
        .headers
        .keys()
        .filter(|id| glob.is_match(id))
        .collect();
    if matching.is_empty() {
        let title = format!("no codemod matches `{word}`");
        errors.push(without_place(Kind::UnknownCodemod, title));
    }
    for id in matching {
        wanted.entry(id.clone()).or_insert(Asked::InAGroup);
    }
}

fn unknown(word: &str, known: &Known) -> Diagnostic {
    let title = format!("there is no codemod `{word}`");
    let mut diagnostic = without_place(Kind::UnknownCodemod, title);
    let near = nearest(word, known.headers.keys().map(String::as_str)).or_else(|| {
        // The group is often left out.
        let ids = known.headers.keys();
        ids.map(String::as_str)
            .find(|id| id.split_once('/').is_some_and(|(_, name)| name == word))
    });
    diagnostic.suggest(near);
    diagnostic.help("`gomend list` shows them all");
    diagnostic
}

/// `--tag`, `--all` and the default.
fn add_groups(
    request: &Request,
    known: &Known,
    wanted: &mut BTreeMap<String, Asked>,
    errors: &mut Vec<Diagnostic>,
) {
    let default = request.codemods.is_empty() && request.tags.is_empty() && !request.all;
    let tags: BTreeSet<&str> = known
        .headers
        .values()
        .flat_map(|header| header.tags.iter().map(String::as_str))
        .collect();
    for tag in request.tags.iter().filter(|tag| !tags.contains(&***tag)) {
        let title = format!("no codemod has the tag `{tag}`");
        let mut diagnostic = without_place(Kind::UnknownCodemod, title);
        diagnostic.suggest(nearest(tag, tags.iter().copied()));
        put(
            std::slice::from_mut(&mut diagnostic),
            request.place(|places| &places.tags, tag),
        );
        errors.push(diagnostic);
    }
    for header in known.headers.values() {
        let by_default = default
            && !known.files.contains_key(&header.id)
            && header.applicability != Applicability::Unsafe
            && header.tags.iter().any(|tag| tag == "leak");
        let by_tag = header.tags.iter().any(|tag| request.tags.contains(tag));
        let wanted_by = |findings: &Vec<Foreign>| {
            let mends = |finding: &Foreign| finding.is_fixed_by(&header.fixes);
            default && findings.iter().any(mends)
        };
        let by_default = request.from.as_ref().map_or(by_default, wanted_by);
        if request.all || by_default || by_tag {
            wanted.entry(header.id.clone()).or_insert(Asked::InAGroup);
        }
    }
}

/// The values by codemod; what is malformed or unknown is reported.
fn settings(
    request: &Request,
    known: &Known,
    errors: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<Setting>> {
    let mut all: BTreeMap<String, Vec<Setting>> = BTreeMap::new();
    for set in &request.sets {
        match setting(set, known) {
            Ok((id, setting)) => all.entry(id).or_default().push(setting),
            Err(mut problem) => {
                let place = request.place(|places| &places.sets, set);
                if place.is_none() {
                    problem.title = format!("`--set {set}`: {}", problem.title);
                }
                put(std::slice::from_mut(&mut problem), place);
                errors.push(*problem);
            }
        }
    }
    all
}

/// The codemod and its parameter that `ID.PARAM=VALUE` sets.
fn setting(set: &str, known: &Known) -> Result<(String, Setting), Box<Diagnostic>> {
    let parts = set
        .split_once('=')
        .and_then(|(name, value)| Some((name.split_once('.')?, value)));
    let Some(((id, param), value)) = parts else {
        let title = "expected `ID.PARAM=VALUE`";
        return Err(Box::new(without_place(Kind::BadSetting, title)));
    };
    let Some(header) = known.headers.get(id) else {
        return Err(Box::new(unknown(id, known)));
    };
    if !header.params.iter().any(|name| name == param) {
        let title = format!("`{id}` has no parameter `{param}`");
        let mut problem = without_place(Kind::BadSetting, title);
        problem.suggest(nearest(param, header.params.iter().map(String::as_str)));
        return Err(Box::new(problem));
    }
    Ok((id.to_owned(), (param.to_owned(), value.to_owned())))
}

#[cfg(test)]
mod tests;
