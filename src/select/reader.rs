//! Reads the files of a set. One [`Reader`] per thread: the object database is not shared.

use std::{fmt, fs, io, path::Path, path::PathBuf, sync::Arc};

use git2::Repository;

use super::{Content, Error, FileEntry, FileSet, opening};

/// Reads files of one [`FileSet`].
pub struct Reader {
    root: PathBuf,
    repository: Option<Repository>,
}

/// Why a file could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    cause: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` cannot be read: {}",
            self.path.display(),
            self.cause
        )
    }
}

impl std::error::Error for ReadError {}

impl FileSet {
    /// A reader for one thread.
    ///
    /// # Errors
    /// The repository cannot be opened any more.
    pub fn reader(&self) -> Result<Reader, Error> {
        let needs_blobs = self.changed_lines.is_some()
            || self.files.iter().any(|file| file.content != Content::Disk);
        let git_dir = self.readable_git_dir().filter(|_| needs_blobs);
        let repository = git_dir.map(opening::reopen);
        Ok(Reader {
            root: self.root.clone(),
            repository: repository.transpose()?,
        })
    }
}

impl Reader {
    /// The bytes of `entry`.
    ///
    /// # Errors
    /// The file went away or may not be read; the object is not in the database (a partial clone).
    pub fn read(&self, entry: &FileEntry) -> Result<Vec<u8>, ReadError> {
        let failed = |cause: String| ReadError {
            path: Arc::clone(&entry.path),
            cause,
        };
        match entry.content {
            Content::Disk => {
                fs::read(self.root.join(&entry.path)).map_err(|error| failed(describe(&error)))
            }
            Content::Blob(id) => {
                let Some(repository) = &self.repository else {
                    return Err(failed("the file set has no repository".to_owned()));
                };
                let blob = repository
                    .find_blob(id)
                    .map_err(|error| failed(opening::cause(&error)))?;
                Ok(blob.content().to_vec())
            }
        }
    }
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is gone".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
