//! An index of the history for many blames: git's commit graph with Bloom filters of the paths that each commit changes
//! (<https://git-scm.com/docs/git-commit-graph>). A long history is read at every blame; with the index, trees are read
//! only where a commit may have changed the file.
//!
//! The repository is not written to: the index lies in a temporary object folder of which the repository's is an
//! alternate.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

/// Reads commits from standard input, and covers all their ancestors.
pub(super) const WRITE: [&str; 5] = [
    "commit-graph",
    "write",
    "--stdin-commits",
    "--changed-paths",
    "--no-progress",
];

/// Whether the repository has such an index of its own.
pub(super) fn has_paths(objects: &Path) -> bool {
    let info = objects.join("info");
    let chain = info.join("commit-graphs/commit-graph-chain");
    let single = info.join("commit-graph");
    let files = match fs::read_to_string(chain) {
        Ok(chain) => chain
            .lines()
            .map(|hash| info.join(format!("commit-graphs/graph-{hash}.graph")))
            .collect(),
        Err(_) => vec![single],
    };
    files
        .iter()
        .all(|file| names_filters(file).unwrap_or(false))
}

/// Whether the table of contents at the start of a commit graph names Bloom filters.
fn names_filters(file: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    // Eight bytes and twelve for each of at most a dozen chunks.
    fs::File::open(file)?.take(256).read_to_end(&mut head)?;
    Ok(memchr::memmem::find(&head, b"BIDX").is_some())
}

/// Makes an object folder that has all of `own`.
pub(super) fn lay_out(objects: &Path, own: &Path) -> io::Result<()> {
    fs::create_dir_all(objects.join("info"))?;
    fs::create_dir_all(objects.join("pack"))?;
    let mut line = crate::select::path::to_bytes(&fs::canonicalize(own)?);
    line.push(b'\n');
    fs::write(objects.join("info/alternates"), line)
}
