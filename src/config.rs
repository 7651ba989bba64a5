//! `gomend.toml` at the root of a repository: settings that all who work on it share. In: the repository's root. Out: a
//! checked [`Config`] whose values know where they are written, or everything that is wrong with the file.
//!
//! The file may be a stranger's. It can choose among what gomend does to the repository it is in; it cannot name a program,
//! an address, or a file outside of that repository.

mod read;

use std::{
    fs,
    io::Read as _,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    codemod::problem::{Kind, without_place},
    deliver::forge,
    diagnostic::{Diagnostic, Source, line_column},
};

/// The file's name.
pub const FILE: &str = "gomend.toml";
/// Bytes that it may have.
const MAX_SIZE: u64 = 1 << 20;

/// What a `gomend.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file, under the name that messages call it by.
    pub source: Source,
    /// `codemods`: folders of the repository with codemods of its own, absolute.
    pub codemods: Vec<Setting<PathBuf>>,
    /// `exclude`: globs of files that are left out.
    pub exclude: Vec<Setting<String>>,
    /// `[select]`.
    pub select: Select,
    /// `[params]`: values by `ID.PARAM`.
    pub params: Vec<(String, Setting<String>)>,
    /// `[pr]`.
    pub pr: PullRequest,
}

/// `[select]`: which codemods run where the command line says nothing about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// `codemods`: ids, and globs over ids.
    pub codemods: Vec<Setting<String>>,
    /// `tags`.
    pub tags: Vec<Setting<String>>,
    /// `all`: every codemod.
    pub all: Option<Setting<bool>>,
    /// `unsafe`: also apply edits that a person must look at.
    pub unsafe_edits: Option<Setting<bool>>,
}

/// `[pr]`: what `gomend pr` does where the command line says nothing about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// `remote`: the name of a remote, never its address, which could lead a token elsewhere.
    pub remote: Option<Setting<String>>,
    /// `forge`.
    pub forge: Option<Setting<forge::Kind>>,
    /// `title`.
    pub title: Option<Setting<String>>,
    /// `body-template`: a file of the repository, absolute.
    pub body_template: Option<Setting<PathBuf>>,
    /// `labels`.
    pub labels: Vec<Setting<String>>,
    /// `reviewers`.
    pub reviewers: Vec<Setting<String>>,
    /// `draft`.
    pub draft: Option<Setting<bool>>,
}

/// A value, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Bytes of the file.
    pub span: Range<usize>,
}

impl Config {
    /// `gomend.toml:3`, the place of a value.
    pub fn place(&self, span: &Range<usize>) -> String {
        let (line, _) = line_column(&self.source.text, span.start);
        format!("{}:{line}", self.source.path.display())
    }
}

/// Reads the file of the repository at `root`, and shows it as `shown` in messages; `None` where there is none.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(root: &Path, shown: &Path) -> Result<Option<Config>, Vec<Diagnostic>> {
    let path = root.join(FILE);
    let name = shown.display();
    let unreadable = |title: String| vec![without_place(Kind::Unreadable, title)];
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(format!("cannot read `{name}`: {error}"))),
    };
    if !metadata.is_file() {
        // A link could lead out of the repository, and messages show what the file holds.
        let title = format!(
            "`{name}` is not a regular file, and gomend reads no other; `--no-config` does without it"
        );
        return Err(unreadable(title));
    }
    if metadata.len() > MAX_SIZE {
        let title = format!("`{name}` is larger than 1 MiB; `--no-config` does without it");
        return Err(unreadable(title));
    }
    let mut text = String::new();
    fs::File::open(&path)
        .and_then(|file| file.take(MAX_SIZE).read_to_string(&mut text))
        .map_err(|error| unreadable(format!("cannot read `{name}`: {error}")))?;
    let source = Source {
        path: Arc::from(shown),
        text: Arc::from(text),
    };
    read::read(&source, root).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(root: &Path) -> Vec<String> {
        let problems = load(root, Path::new(FILE)).expect_err("something is wrong");
        problems.into_iter().map(|problem| problem.title).collect()
    }

    fn repository() -> tempfile::TempDir {
        let top = tempfile::tempdir().expect("a folder");
        for folder in ["repo/own/group", "outside/group"] {
            fs::create_dir_all(top.path().join(folder)).expect("writable");
        }
        top
    }

    #[test]
    fn values_know_where_they_are_written() {
        let top = repository();
        let root = top.path().join("repo");
        assert_eq!(load(&root, Path::new(FILE)), Ok(None));
        let text = "codemods = [\n  \"own\",\n]\n[pr]\nforge = \"forgejo\"\nlabels = [\"a\", \"b\"]\ndraft = false\n";
        fs::write(root.join(FILE), text).expect("writable");
        let config = load(&root, Path::new("up/gomend.toml"))
            .expect("it is well-formed")
            .expect("it is there");
        assert_eq!(config.codemods[0].value, root.join("own"));
        assert_eq!(config.place(&config.codemods[0].span), "up/gomend.toml:2");
        let labels: Vec<&str> = config.pr.labels.iter().map(|l| &*l.value).collect();
        assert_eq!(labels, ["a", "b"]);
        assert_eq!(config.pr.forge.map(|f| f.value), Some(forge::Kind::Gitea));
        assert_eq!(config.pr.draft.map(|draft| draft.value), Some(false));
    }

    #[test]
    fn what_is_no_plain_file_of_its_size_is_not_read() {
        let top = repository();
        let root = top.path().join("repo");
        fs::create_dir(root.join(FILE)).expect("writable");
        let regular = "`gomend.toml` is not a regular file, and gomend reads no other; `--no-config` does without it";
        assert_eq!(titles(&root), [regular]);
        fs::remove_dir(root.join(FILE)).expect("writable");
        let long = " ".repeat(usize::try_from(MAX_SIZE).expect("it is small") + 1);
        fs::write(root.join(FILE), long).expect("writable");
        let large = "`gomend.toml` is larger than 1 MiB; `--no-config` does without it";
        assert_eq!(titles(&root), [large]);
        fs::write(root.join(FILE), b"\xff").expect("writable");
        assert_eq!(
            titles(&root),
            ["cannot read `gomend.toml`: stream did not contain valid UTF-8"]
        );
    }

    /// What a message shows of a file, a continuous-integration log may show to strangers.
    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_repository() {
        use std::os::unix::fs::symlink;
        let top = repository();
        let (root, outside) = (top.path().join("repo"), top.path().join("outside"));
        fs::write(outside.join("group/secret.toml"), "key = 1").expect("writable");
        symlink(outside.join("group/secret.toml"), root.join(FILE)).expect("writable");
        assert!(titles(&root)[0].contains("is not a regular file"));
        fs::remove_file(root.join(FILE)).expect("writable");
        let text =
            "codemods = [\"own\", \"away\"]\n[pr]\nbody-template = \"away/group/secret.toml\"\n";
        fs::write(root.join(FILE), text).expect("writable");
        symlink(&outside, root.join("away")).expect("writable");
        symlink(
            outside.join("group/secret.toml"),
            root.join("own/group/x.toml"),
        )
        .expect("writable");
        assert_eq!(
            titles(&root),
            [
                "`own/group/x.toml` leads out of the repository",
                "`away` is not inside the repository",
                "`away/group/secret.toml` is not inside the repository",
            ]
        );
    }
}
