//! The commits that blame looks through: git asks `blame.ignoreRevsFile`; where that is not set, the file
//! `.git-blame-ignore-revs` counts, as it does on GitHub and GitLab.

use std::{fs, path::Path};

use git2::{Oid, Repository};

/// The name that forges know.
const FILE: &str = ".git-blame-ignore-revs";

/// What is to be given to git.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ignored {
    /// Nothing: there is no such file, or git is configured to read one.
    None,
    /// This text, each line of which git understands.
    Text(Vec<u8>),
    /// Nothing, because of what the warning says.
    Unusable(String),
}

/// Looks in the work tree, or where there is none, in the commit.
pub(super) fn find(repository: &Repository, revision: Oid) -> Ignored {
    let is_configured = repository
        .config()
        .and_then(|mut config| config.snapshot())
        .is_ok_and(|config| config.get_bytes("blame.ignorerevsfile").is_ok());
    if is_configured {
        return Ignored::None;
    }
    let text = match repository.workdir() {
        Some(root) => on_disk(&root.join(FILE)),
        None => in_commit(repository, revision),
    };
    text.map_or(Ignored::None, check)
}

fn on_disk(path: &Path) -> Option<Vec<u8>> {
    // A link could lead anywhere.
    let is_file = path.symlink_metadata().is_ok_and(|data| data.is_file());
    is_file.then(|| fs::read(path).ok()).flatten()
}

fn in_commit(repository: &Repository, revision: Oid) -> Option<Vec<u8>> {
    let tree = repository.find_commit(revision).ok()?.tree().ok()?;
    let entry = tree.get_path(Path::new(FILE)).ok()?;
    let blob = repository.find_blob(entry.id()).ok()?;
    Some(blob.content().to_vec())
}

/// One whole id a line; `#` begins a comment. git would refuse to blame at all for one bad line.
fn check(text: Vec<u8>) -> Ignored {
    let lines = text.split(|byte| *byte == b'\n').enumerate();
    for (index, line) in lines {
        let line = String::from_utf8_lossy(line);
        let id = line.split('#').next().unwrap_or_default().trim();
        let is_id = id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
        if !id.is_empty() && !is_id {
            let at = index + 1;
            return Ignored::Unusable(format!(
                "`{FILE}:{at}` is not the whole id of a commit, so `--blame` does without the file"
            ));
        }
    }
    Ignored::Text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_must_be_a_whole_id() {
        let good = format!(
            "# formatting\n\n{} # gofmt\r\n  {}",
            "a".repeat(40),
            "0".repeat(40)
        );
        assert_eq!(check(good.clone().into()), Ignored::Text(good.into()));
        for bad in ["main", "abc123", &"g".repeat(40)] {
            let text = format!("# one\n{bad}\n");
            assert_eq!(
                check(text.into()),
                Ignored::Unusable(
                    "`.git-blame-ignore-revs:2` is not the whole id of a commit, so `--blame` does without the file"
                        .to_owned()
                )
            );
        }
    }
}
