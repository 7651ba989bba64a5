//! The file set as the index of its packages reads it, and the modules in it.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

use crate::{
    go::index::{Module, Sources},
    select::{FileEntry, FileSet, Modules},
};

/// The files of a file set by folder.
pub struct SetSources<'p> {
    set: &'p FileSet,
    by_folder: HashMap<String, Vec<&'p FileEntry>>,
}

impl<'p> SetSources<'p> {
    /// Nothing is read yet.
    pub fn new(set: &'p FileSet) -> Self {
        let mut by_folder: HashMap<String, Vec<&FileEntry>> = HashMap::new();
        for entry in &set.files {
            let folder = entry
                .path
                .parent()
                .map(|p| p.to_string_lossy().into_owned());
            by_folder
                .entry(folder.unwrap_or_default())
                .or_default()
                .push(entry);
        }
        Self { set, by_folder }
    }

    /// The modules whose go.mod files lie in or above the folders of the set.
    pub fn modules(&self, modules: &Modules) -> Vec<Module> {
        let mut folders = BTreeSet::from([""]);
        for folder in self.by_folder.keys() {
            let ends = folder
                .match_indices('/')
                .map(|(at, _)| at)
                .chain([folder.len()]);
            folders.extend(ends.map(|end| &folder[..end]));
        }
        folders
            .into_iter()
            .filter_map(|folder| Module::parse(folder, &modules.go_mod(folder)?))
            .collect()
    }
}

impl Sources for SetSources<'_> {
    fn is_complete(&self, folder: &str) -> bool {
        let is_here = |path: &Path| path.parent().is_some_and(|p| p == Path::new(folder));
        let is_named = |entries: &Vec<&FileEntry>| entries.iter().any(|entry| entry.named);
        self.set.filtered == 0
            && (self.set.whole || !self.by_folder.get(folder).is_some_and(is_named))
            && !self.set.skipped.iter().any(|file| is_here(&file.path))
    }

    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let Some(entries) = self.by_folder.get(folder) else {
            return Vec::new();
        };
        // What cannot be read is reported when it is searched; here it leaves types unknown.
        let Ok(reader) = self.set.reader() else {
            return Vec::new();
        };
        entries
            .iter()
            .filter_map(|entry| {
                let text = String::from_utf8(reader.read(entry).ok()?).ok()?;
                Some((entry.path.to_string_lossy().into_owned(), text.into()))
            })
            .collect()
    }
}
