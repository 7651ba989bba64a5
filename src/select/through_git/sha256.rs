//! Files of a repository of the object format `sha256`, copied into objects that libgit2 reads. Of files that the search
//! does not read, the copy has the names alone.

use std::collections::HashMap;

use git2::{Index, Oid, Repository, Signature, Time};

use super::{Error, Listed, View, contents, git_error, is_read, told, tree};
use crate::git::Id;

impl View {
    /// The names of the copies, in the order of what is listed.
    pub(super) fn import(&self, listed: &[Listed]) -> Result<Vec<Oid>, Error> {
        let repo = self.open()?;
        let nothing = repo.blob(b"").map_err(git_error)?;
        let is_copied = |entry: &&Listed| entry.is_regular() && is_read(&entry.path);
        let wanted: Vec<&Id> = listed
            .iter()
            .filter(is_copied)
            .map(|entry| &entry.id)
            .collect();
        let mut copies: HashMap<Id, Oid> = HashMap::new();
        for (id, content) in contents(&self.git, &wanted)? {
            copies.insert(id, repo.blob(&content).map_err(git_error)?);
        }
        let copy = |entry: &Listed| {
            let known = copies.get(&entry.id).filter(|_| is_copied(&entry));
            known.copied().unwrap_or(nothing)
        };
        Ok(listed.iter().map(copy).collect())
    }

    /// Puts HEAD at a copy of the commit that it is at, if there is one yet.
    pub(super) fn import_head(&self) -> Result<(), Error> {
        let head = self
            .git
            .output(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], b"")
            .map_err(told)?;
        let Some(head) = Id::parse(&head.text()) else {
            return Ok(());
        };
        let repo = self.open()?;
        let copy = self.import_commit(&repo, &head)?;
        repo.set_head_detached(copy).map_err(git_error)
    }

    /// A commit with the copies of the commit's files, and without its history.
    pub(super) fn import_commit(&self, repo: &Repository, id: &Id) -> Result<Oid, Error> {
        let listed = tree(&self.git, id)?;
        let oids = self.import(&listed)?;
        let mut index = Index::new().map_err(git_error)?;
        for (entry, oid) in listed.iter().zip(oids) {
            index.add(&entry.with(oid)).map_err(git_error)?;
        }
        let tree = index.write_tree_to(repo).map_err(git_error)?;
        let nobody = Signature::new("gomend", "gomend", &Time::new(0, 0)).map_err(git_error)?;
        let tree = repo.find_tree(tree).map_err(git_error)?;
        repo.commit(None, &nobody, &nobody, id.as_str(), &tree, &[])
            .map_err(git_error)
    }
}
