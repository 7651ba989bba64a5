//! Which files git's attributes call generated: `linguist-generated`, as GitHub reads it.

use std::{collections::HashSet, fs, path::PathBuf};

use git2::{AttrCheckFlags, AttrValue, Repository};
use memchr::memmem;
use rayon::prelude::*;

use super::{
    Candidate, Options, path,
    repository::{Listing, Place, Source},
    walk,
};

const ATTRIBUTE: &str = "linguist-generated";

/// Looks the attribute up, where any file gives it to anything.
#[derive(Default)]
pub(crate) struct Generated<'repo>(Option<(&'repo Repository, AttrCheckFlags)>);

impl<'repo> Generated<'repo> {
    pub(crate) fn new(
        repo: &'repo Repository,
        source: &Source,
        place: &Place,
        candidates: &[Candidate],
        options: &Options,
    ) -> Self {
        // Looking an attribute up costs more than all else that is done to a file here, and few repositories use it.
        if options.generated || !is_mentioned(repo, source, place, candidates) {
            return Self::default();
        }
        let flags = match source.listing {
            Listing::WorkTree => AttrCheckFlags::FILE_THEN_INDEX,
            Listing::Blobs => AttrCheckFlags::INDEX_ONLY,
        };
        Self(Some((repo, flags)))
    }

    /// Whether `path` has the attribute set.
    pub(crate) fn contains(&self, path: &[u8]) -> bool {
        let Some((repo, flags)) = self.0 else {
            return false;
        };
        let value = repo.get_attr_bytes(&path::from_bytes(path), ATTRIBUTE, flags);
        match AttrValue::from_bytes(value.unwrap_or(None)) {
            AttrValue::True => true,
            AttrValue::String(text) => text == "true",
            AttrValue::Bytes(bytes) => bytes == b"true",
            AttrValue::False | AttrValue::Unspecified => false,
        }
    }
}

/// Whether any attributes file that may speak of the candidates holds the attribute's name.
fn is_mentioned(
    repo: &Repository,
    source: &Source,
    place: &Place,
    candidates: &[Candidate],
) -> bool {
    let mentions = |text: &[u8]| memmem::find(text, ATTRIBUTE.as_bytes()).is_some();
    let configured = repo
        .config()
        .and_then(|config| config.get_path("core.attributesfile"))
        .ok();
    let mut files: Vec<PathBuf> = vec![repo.commondir().join("info/attributes")];
    files.extend(configured.or_else(|| walk::user_file("attributes")));
    match source.listing {
        Listing::WorkTree => {
            let folders: HashSet<&[u8]> = candidates
                .iter()
                .flat_map(|candidate| path::folders_above(&candidate.path))
                .chain([&b""[..]])
                .collect();
            let in_tree = folders
                .into_iter()
                .map(|folder| path::join(folder, b".gitattributes"));
            files.extend(in_tree.map(|file| place.root.join(path::from_bytes(&file))));
        }
        Listing::Blobs => {
            let in_index = source.index.iter().any(|entry| {
                path::base_name(&entry.path) == b".gitattributes"
                    && repo
                        .find_blob(entry.id)
                        .is_ok_and(|blob| mentions(blob.content()))
            });
            if in_index {
                return true;
            }
        }
    }
    files
        .par_iter()
        .any(|file| fs::read(file).is_ok_and(|text| mentions(&text)))
}
