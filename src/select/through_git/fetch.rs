//! What a partial clone left out: fetched by one `git fetch` for all files of a revision, as git does on a checkout. By
//! itself git would fetch each file when it is read, one by one.

use git2::{Oid, Repository};

use super::{Error, Options, git_error, is_read, listed::parse_all};
use crate::{
    git::{self, Git, Id},
    select::path,
};

/// Makes sure that the files of the commit `id`, which `revision` names, that are read are there. `repo` has the objects of
/// the repository that `git` runs on, a partial clone of `remote`.
pub(super) fn fetch(
    git: &Git,
    remote: &str,
    repo: &Repository,
    id: &Id,
    revision: &str,
    options: &Options,
) -> Result<(), Error> {
    // Folders that are not there either come with this.
    let listed = git
        .run(&["ls-tree", "-r", "-z", "--full-tree", id.as_str()], b"")
        .map_err(|error| missing(revision, remote, &error))?;
    let odb = repo.odb().map_err(git_error)?;
    let is_wanted = |path: &[u8]| {
        let in_vendor =
            path::folders_above(path).any(|folder| path::base_name(folder) == b"vendor");
        is_read(path) && (options.vendor || !in_vendor || !path.ends_with(b".go"))
    };
    let mut wanted = String::new();
    for entry in parse_all(&listed.stdout)? {
        let is_there = Oid::from_str(entry.id.as_str()).is_ok_and(|oid| odb.exists(oid));
        if entry.is_regular() && is_wanted(&entry.path) && !is_there {
            wanted.push_str(entry.id.as_str());
            wanted.push('\n');
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let arguments = [
        "fetch",
        remote,
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--recurse-submodules=no",
        "--no-auto-maintenance",
        "--filter=blob:none",
        "--stdin",
    ];
    git.clone()
        .setting("fetch.negotiationAlgorithm", "noop")
        .run(&arguments, wanted.as_bytes())
        .map_err(|error| missing(revision, remote, &error))?;
    odb.refresh().map_err(git_error)
}

fn missing(revision: &str, remote: &str, error: &git::Error) -> Error {
    Error::new(format!(
        "the clone is partial and lacks files of `{revision}`, which git cannot get from `{remote}`: {}; \
         `git checkout` of that revision while the remote can be reached brings them",
        error
            .complaint()
            .unwrap_or("it does not say why")
            .trim_start_matches("fatal: ")
    ))
}

/// The remote that has what is missing; `None` where the clone is not partial.
pub(super) fn promisor(config: &git2::Config) -> Option<String> {
    if let Ok(remote) = config.get_string("extensions.partialclone") {
        return Some(remote);
    }
    let mut entries = config.entries(Some("^remote\\..*\\.promisor$")).ok()?;
    let entry = entries.next()?.ok()?;
    let name = entry.name().ok()?;
    let name = name.strip_prefix("remote.")?.strip_suffix(".promisor")?;
    Some(name.to_owned())
}
