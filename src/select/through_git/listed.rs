//! What git lists: the files of a tree or of the index, and the contents of blobs.

use std::collections::{BTreeSet, HashMap};

use git2::{IndexEntry, IndexTime, Oid};

use super::{Error, git_error, told};
use crate::{
    git::{Git, Id},
    select::opening,
};

/// In [`IndexEntry::flags_extended`]; gitformat-index(5), "skip-worktree flag".
const SKIP_WORKTREE: u16 = 1 << 14;

/// A line of `git ls-files --stage` or `git ls-tree`.
pub(crate) struct Listed {
    pub(crate) mode: u32,
    pub(crate) id: Id,
    stage: u16,
    is_sparse: bool,
    pub(crate) path: Vec<u8>,
}

impl Listed {
    pub(crate) fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    /// Reads `[tag ]mode [type ]id[ stage]\tpath`.
    fn parse(line: &[u8]) -> Option<Self> {
        let tab = memchr::memchr(b'\t', line)?;
        let about = std::str::from_utf8(&line[..tab]).ok()?;
        let words: Vec<&str> = about.split(' ').filter(|word| !word.is_empty()).collect();
        let (tag, mode, id, stage) = match words[..] {
            [mode, "blob" | "commit" | "tree", id] => ("", mode, id, "0"),
            [tag, mode, id, stage] => (tag, mode, id, stage),
            _ => return None,
        };
        Some(Self {
            mode: u32::from_str_radix(mode, 8).ok()?,
            id: Id::parse(id)?,
            stage: stage.parse().ok()?,
            is_sparse: tag == "S",
            path: line[tab + 1..].to_vec(),
        })
    }

    pub(super) fn as_sha1(&self) -> Result<IndexEntry, Error> {
        Ok(self.with(Oid::from_str(self.id.as_str()).map_err(git_error)?))
    }

    pub(super) fn with(&self, id: Oid) -> IndexEntry {
        let length = u16::try_from(self.path.len())
            .unwrap_or(u16::MAX)
            .min(0xfff);
        IndexEntry {
            ctime: IndexTime::new(0, 0),
            mtime: IndexTime::new(0, 0),
            dev: 0,
            ino: 0,
            mode: self.mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: (self.stage << 12) | length,
            flags_extended: if self.is_sparse { SKIP_WORKTREE } else { 0 },
            path: self.path.clone(),
        }
    }
}

/// What git has in its index.
pub(super) fn index(git: &Git) -> Result<Vec<Listed>, Error> {
    let git = match opening::variable("GIT_INDEX_FILE") {
        Some(file) => git.clone().env("GIT_INDEX_FILE", file),
        None => git.clone(),
    };
    let listed = git
        .run(&["ls-files", "--stage", "-t", "-z", "--full-name"], b"")
        .map_err(told)?;
    parse_all(&listed.stdout)
}

/// The files of a commit or a tree, those of its folders too.
pub(crate) fn tree(git: &Git, id: &Id) -> Result<Vec<Listed>, Error> {
    let arguments = ["ls-tree", "-r", "-z", "--full-tree", id.as_str()];
    parse_all(&git.run(&arguments, b"").map_err(told)?.stdout)
}

/// The contents of blobs, all read by one process.
pub(crate) fn contents(git: &Git, ids: &[&Id]) -> Result<HashMap<Id, Vec<u8>>, Error> {
    let ids: BTreeSet<&Id> = ids.iter().copied().collect();
    let mut contents = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(contents);
    }
    let mut request = String::new();
    for id in &ids {
        request.push_str(id.as_str());
        request.push('\n');
    }
    let answer = git
        .run(&["cat-file", "--batch"], request.as_bytes())
        .map_err(told)?;
    let mut rest = &answer.stdout[..];
    for id in ids {
        let (content, behind) = object(rest)
            .ok_or_else(|| Error::new(format!("git cannot read the object {}", id.short())))?;
        contents.insert(id.clone(), content.to_vec());
        rest = behind;
    }
    Ok(contents)
}

/// The content of the first object that `git cat-file --batch` printed, and what follows it.
fn object(printed: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', printed)?;
    let header = std::str::from_utf8(&printed[..end]).ok()?;
    let mut words = header.split(' ');
    let (_, kind, size) = (words.next()?, words.next()?, words.next()?);
    let size: usize = size.parse().ok().filter(|_| kind == "blob")?;
    let content = printed.get(end + 1..end + 1 + size)?;
    Some((content, printed.get(end + 2 + size..)?))
}

pub(super) fn parse_all(listed: &[u8]) -> Result<Vec<Listed>, Error> {
    let lines = listed
        .split(|byte| *byte == 0)
        .filter(|line| !line.is_empty());
    lines
        .map(|line| {
            Listed::parse(line).ok_or_else(|| {
                Error::new(format!(
                    "git lists a file in a form that is not known: `{}`",
                    String::from_utf8_lossy(line)
                ))
            })
        })
        .collect()
}
