//! Writes files in place. Each is replaced in one step, or stays as it was: all new texts are written beside the old ones
//! first, and renamed over them last.

use std::{
    fmt, fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::NamedTempFile;

use crate::{select::path, verify::Verified};

/// Why a file was not written.
#[derive(Debug)]
pub struct WriteError {
    /// Relative to the root.
    pub path: Arc<Path>,
    /// What is in the way.
    pub kind: WriteErrorKind,
}

/// What is in the way of writing a file.
#[derive(Debug)]
pub enum WriteErrorKind {
    /// Its bytes are no longer those that were read.
    Changed,
    /// It is no longer a regular file, or a folder above it is a symbolic link.
    NotRegular,
    /// The system refuses.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` was not written: ", self.path.display())?;
        match &self.kind {
            WriteErrorKind::Changed => f.write_str("it changed since it was read; run again"),
            WriteErrorKind::NotRegular => f.write_str(
                "it is a symbolic link, or below one, or not a regular file; name the file itself",
            ),
            WriteErrorKind::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => f.write_str("it is gone; run again"),
                io::ErrorKind::PermissionDenied => {
                    f.write_str("permission denied; the folder must be writable for you")
                }
                io::ErrorKind::StorageFull => {
                    f.write_str("the disk is full; make room and run again")
                }
                _ => write!(f, "{error}"),
            },
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            WriteErrorKind::Io(error) => Some(error),
            WriteErrorKind::Changed | WriteErrorKind::NotRegular => None,
        }
    }
}

/// What became of each file, in the order given.
pub type Written = Vec<(Arc<Path>, Result<(), WriteError>)>;

/// Writes `files`, whose paths are relative to `root`. A file whose bytes on disk are not `before` any more is refused.
/// One that fails does not keep the others back.
pub fn write(root: &Path, files: &[Verified]) -> Written {
    let staged: Vec<_> = files.iter().map(|file| stage(root, file)).collect();
    let attempts = files.iter().zip(staged);
    attempts
        .map(|(file, staged)| {
            let result = staged
                .and_then(|staged| staged.put(root, file))
                .map_err(|kind| WriteError {
                    path: Arc::clone(file.path()),
                    kind,
                });
            (Arc::clone(file.path()), result)
        })
        .collect()
}

/// A new text beside the file it will replace.
struct Staged {
    temporary: NamedTempFile,
    target: PathBuf,
}

fn stage(root: &Path, file: &Verified) -> Result<Staged, WriteErrorKind> {
    let target = root.join(file.path());
    let metadata = check(root, file, &target)?;
    let folder = target.parent().unwrap_or(root);
    // Go ignores names with a leading dot or underscore, git's users know what the ending means, and no `.go` follows.
    let mut temporary = tempfile::Builder::new()
        .prefix("._gomend-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(WriteErrorKind::Io)?;
    let written = temporary
        .write_all(file.after().as_bytes())
        .and_then(|()| temporary.as_file().set_permissions(metadata.permissions()))
        .and_then(|()| temporary.as_file().sync_all());
    written.map_err(WriteErrorKind::Io)?;
    Ok(Staged { temporary, target })
}

impl Staged {
    fn put(self, root: &Path, file: &Verified) -> Result<(), WriteErrorKind> {
        // Staging the other files took time in which an editor may have saved this one.
        check(root, file, &self.target)?;
        self.temporary
            .persist(&self.target)
            .map_err(|error| WriteErrorKind::Io(error.error))?;
        Ok(())
    }
}

/// Refuses a file that is not the one that was read.
fn check(root: &Path, file: &Verified, target: &Path) -> Result<fs::Metadata, WriteErrorKind> {
    let relative = path::to_bytes(file.path());
    for folder in path::folders_above(&relative) {
        let metadata = root
            .join(path::from_bytes(folder))
            .symlink_metadata()
            .map_err(WriteErrorKind::Io)?;
        if metadata.is_symlink() {
            return Err(WriteErrorKind::NotRegular);
        }
    }
    let metadata = target.symlink_metadata().map_err(WriteErrorKind::Io)?;
    if !metadata.is_file() {
        return Err(WriteErrorKind::NotRegular);
    }
    if metadata.permissions().readonly() {
        return Err(WriteErrorKind::Io(io::ErrorKind::PermissionDenied.into()));
    }
    let bytes = fs::read(target).map_err(WriteErrorKind::Io)?;
    if bytes != file.before().as_bytes() {
        return Err(WriteErrorKind::Changed);
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn one_file_that_changed_does_not_keep_the_others_back() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("a.go"), "old").expect("writable");
        fs::write(root.path().join("b.go"), "edited meanwhile").expect("writable");
        let files = [
            Verified::for_test("a.go", "old", "new"),
            Verified::for_test("b.go", "old", "new"),
            Verified::for_test("gone.go", "old", "new"),
        ];
        let written = write(root.path(), &files);
        assert!(written[0].1.is_ok());
        let message = |index: usize| written[index].1.as_ref().expect_err("refused").to_string();
        assert_eq!(
            message(1),
            "`b.go` was not written: it changed since it was read; run again"
        );
        assert_eq!(
            message(2),
            "`gone.go` was not written: it is gone; run again"
        );
        assert_eq!(fs::read(root.path().join("a.go")).expect("there"), b"new");
        assert_eq!(
            fs::read(root.path().join("b.go")).expect("there"),
            b"edited meanwhile"
        );
        assert_eq!(names(root.path()), ["a.go", "b.go"]);
    }

    #[cfg(unix)]
    #[test]
    fn modes_are_kept_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("real")).expect("writable");
        for name in ["a.go", "real/b.go"] {
            fs::write(at(name), "old").expect("writable");
        }
        fs::set_permissions(at("a.go"), fs::Permissions::from_mode(0o750)).expect("ours");
        symlink("a.go", at("link.go")).expect("writable");
        symlink("real", at("folder")).expect("writable");
        let files =
            ["a.go", "link.go", "folder/b.go"].map(|path| Verified::for_test(path, "old", "new"));
        let written = write(root.path(), &files);
        assert!(written[0].1.is_ok());
        for refused in &written[1..] {
            assert!(matches!(
                refused.1,
                Err(WriteError {
                    kind: WriteErrorKind::NotRegular,
                    ..
                })
            ));
        }
        assert_eq!(
            at("a.go").metadata().expect("there").permissions().mode() & 0o777,
            0o750
        );
        assert_eq!(fs::read(at("real/b.go")).expect("there"), b"old");
        assert!(
            at("link.go")
                .symlink_metadata()
                .expect("there")
                .is_symlink()
        );
    }
}
