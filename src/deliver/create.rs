//! Writes new files: all of them, or none.

use std::{
    fmt, fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::scaffold::NewFile;

/// Why nothing was written.
#[derive(Debug)]
pub enum Error {
    /// This is there already.
    Exists(PathBuf),
    /// This is there, and cannot be replaced: a folder or a link.
    NotRegular(PathBuf),
    /// The system refuses to write this.
    Io(PathBuf, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(f, "`{}` exists already", path.display()),
            Self::NotRegular(path) => {
                write!(f, "`{}` exists and is not a regular file", path.display())
            }
            Self::Io(path, cause) => write!(f, "cannot write `{}`: {cause}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Writes `files` and the folders above them; replaces what is there only where `replace` says so.
///
/// # Errors
/// The first file that cannot be written. Then none is, and no folder was made.
pub fn create(files: &[NewFile], replace: bool) -> Result<(), Error> {
    for file in files {
        match file.path.symlink_metadata() {
            Ok(metadata) if !metadata.is_file() => {
                return Err(Error::NotRegular(file.path.clone()));
            }
            Ok(_) if !replace => return Err(Error::Exists(file.path.clone())),
            _ => {}
        }
    }
    let mut made = Vec::new();
    let result = write_all(files, replace, &mut made);
    if result.is_err() {
        undo(&made);
    }
    result
}

/// What was made, and is to be unmade where something fails.
enum Made {
    Folder(PathBuf),
    File(PathBuf),
}

fn write_all(files: &[NewFile], replace: bool, made: &mut Vec<Made>) -> Result<(), Error> {
    let mut staged = Vec::new();
    for file in files {
        let failed = |cause| Error::Io(file.path.clone(), cause);
        let folder = folder_of(&file.path);
        make_folders(folder, made).map_err(failed)?;
        staged.push((stage(folder, &file.text).map_err(failed)?, &file.path));
    }
    for (temporary, path) in staged {
        if replace && path.exists() {
            temporary
                .persist(path)
                .map_err(|error| Error::Io(path.clone(), error.error))?;
            continue;
        }
        temporary
            .persist_noclobber(path)
            .map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => Error::Exists(path.clone()),
                _ => Error::Io(path.clone(), error.error),
            })?;
        made.push(Made::File(path.clone()));
    }
    Ok(())
}

/// A temporary file, in the end as any other that this user makes.
fn stage(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("._gomend-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes away what the user gives nobody.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn make_folders(folder: &Path, made: &mut Vec<Made>) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    make_folders(folder_of(folder), made)?;
    fs::create_dir(folder)?;
    made.push(Made::Folder(folder.to_owned()));
    Ok(())
}

/// Last made, first unmade. What cannot be unmade stays: the error that led here is the one to tell.
fn undo(made: &[Made]) {
    for made in made.iter().rev() {
        let _ = match made {
            Made::Folder(path) => fs::remove_dir(path),
            Made::File(path) => fs::remove_file(path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: &Path, names: &[&str]) -> Vec<NewFile> {
        let file = |name: &&str| NewFile {
            path: root.join(name),
            text: format!("{name}\n"),
        };
        names.iter().map(file).collect()
    }

    #[test]
    fn what_is_there_stays_and_then_nothing_is_written() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("b"), "mine").expect("writable");
        let both = files(root.path(), &["new/deep/a", "b"]);
        let error = create(&both, false).expect_err("b is there");
        assert!(matches!(error, Error::Exists(path) if path.ends_with("b")));
        assert!(!root.path().join("new").exists());
        create(&both, true).expect("asked to replace");
        assert_eq!(
            fs::read_to_string(root.path().join("b")).expect("there"),
            "b\n"
        );
        assert_eq!(
            fs::read_to_string(root.path().join("new/deep/a")).expect("there"),
            "new/deep/a\n"
        );
        assert_eq!(fs::read_dir(root.path()).expect("there").count(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_written_undoes_the_others() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("file"), "").expect("writable");
        // A folder cannot be made below a file.
        let both = files(root.path(), &["new/a", "file/b"]);
        assert!(
            matches!(create(&both, false), Err(Error::Io(path, _)) if path.ends_with("file/b"))
        );
        assert!(!root.path().join("new").exists());
        fs::create_dir(root.path().join("folder")).expect("writable");
        let error = create(&files(root.path(), &["folder"]), true).expect_err("a folder");
        assert!(matches!(error, Error::NotRegular(_)));
    }
}
