//! Who owns a file: a `CODEOWNERS` file, by GitHub's rules or by GitLab's.
//!
//! Both name a pattern and its owners in a line, and the last line that matches counts. They differ in what a pattern
//! means, and GitLab has sections, each of which gives owners of its own. The crates at hand know GitHub's rules at
//! most, so both are read here.

mod github;
mod gitlab;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, path::Path};

use super::{branch::Error, store};
use crate::select::path as git_path;

/// Where each forge looks, the first file that is there counting:
/// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>,
/// <https://docs.gitlab.com/user/project/codeowners/>.
const GITHUB: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
const GITLAB: [&str; 3] = ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Whose rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// GitHub's.
    GitHub,
    /// GitLab's.
    GitLab,
}

/// The owners that a revision names.
#[derive(Debug)]
pub struct Owners {
    /// The file that was read.
    pub path: String,
    /// By whose rules.
    pub rules: Rules,
    read: Read,
}

#[derive(Debug)]
enum Read {
    GitHub(github::Owners),
    GitLab(gitlab::Owners),
}

impl Owners {
    /// Reads the `CODEOWNERS` file of a revision of the repository at `git_dir`.
    ///
    /// Whose rules hold follows from where it lies, `.github` or `.gitlab`; where that does not tell, from the host of
    /// the remote `origin`; then from what it holds: only GitLab has sections.
    ///
    /// # Errors
    /// The revision has no such file, or it cannot be read.
    pub fn of(git_dir: &Path, revision: &str) -> Result<Self, Error> {
        let store = store::open(git_dir)?;
        let tree = store.earlier(&store.commit(revision)?)?.tree;
        let mut files = Vec::new();
        for path in [
            ".github/CODEOWNERS",
            "CODEOWNERS",
            "docs/CODEOWNERS",
            ".gitlab/CODEOWNERS",
        ] {
            let stored = store.file(&tree, Path::new(path))?;
            if let Some(stored) = stored.filter(store::Stored::is_regular) {
                let text = String::from_utf8_lossy(&stored.content).into_owned();
                files.push((path, text));
            }
        }
        let origin = store
            .settings()
            .ok()
            .and_then(|settings| settings.get("remote.origin.url").map(str::to_owned));
        choose(&files, origin.as_deref().unwrap_or_default()).ok_or_else(|| {
            Error::new(format!(
                "`{revision}` has no CODEOWNERS file, which `--split owner` goes by; add one, or use `--split package`"
            ))
        })
    }

    /// Reads the text of a file.
    pub fn parse(path: &str, text: &str, rules: Rules) -> Self {
        Self {
            path: path.to_owned(),
            rules,
            read: match rules {
                Rules::GitHub => Read::GitHub(github::Owners::parse(text)),
                Rules::GitLab => Read::GitLab(gitlab::Owners::parse(text)),
            },
        }
    }

    /// The owners of a file, each once, in bytewise order: `@user`, `@org/team`, an e-mail address. None where no line
    /// matches, or where the one that counts names none.
    pub fn of_file(&self, path: &Path) -> BTreeSet<String> {
        let path = git_path::to_bytes(path);
        match &self.read {
            Read::GitHub(owners) => owners.of(&path),
            Read::GitLab(owners) => owners.of(&path),
        }
    }
}

/// Chooses among the files that there are.
fn choose(files: &[(&str, String)], origin: &str) -> Option<Owners> {
    let has = |wanted: &str| files.iter().any(|(path, _)| *path == wanted);
    let host = origin.to_ascii_lowercase();
    let by_text = || files.iter().any(|(_, text)| gitlab::has_sections(text));
    let is_gitlab = if host.contains("gitlab") || host.contains("github") {
        host.contains("gitlab")
    } else {
        !has(GITHUB[0]) && (has(GITLAB[2]) || by_text())
    };
    let rules = if is_gitlab {
        Rules::GitLab
    } else {
        Rules::GitHub
    };
    let order = match rules {
        Rules::GitHub => GITHUB,
        Rules::GitLab => GITLAB,
    };
    let found = |wanted: &str| files.iter().find(|(path, _)| *path == wanted);
    let (path, text) = order.iter().find_map(|path| found(path))?;
    Some(Owners::parse(path, text, rules))
}
