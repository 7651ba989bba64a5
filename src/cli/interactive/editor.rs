//! The person's editor: which one, as git finds it, and running it as git does (git-var(1), `GIT_EDITOR`).

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use super::session::Editor;
use crate::{cli::error::Error, report::escape};

/// What happens around the editor, which has the terminal for itself.
pub trait Around {
    /// Runs the editor.
    fn around(&self, editor: &mut dyn FnMut());
}

/// The editor that git would open in a folder.
pub struct GitEditor<'a> {
    folder: PathBuf,
    around: &'a dyn Around,
}

impl<'a> GitEditor<'a> {
    /// The editor of the repository that holds `folder`, where there is one.
    pub fn new(folder: &Path, around: &'a dyn Around) -> Self {
        Self {
            folder: folder.to_owned(),
            around,
        }
    }
}

impl Editor for GitEditor<'_> {
    fn edit(&mut self, name: &Path, text: &str) -> Result<String, Error> {
        let editor = find(&self.folder)?;
        let told = |cause: std::io::Error| {
            Error::new(format!(
                "cannot write a temporary file for the editor: {cause}"
            ))
        };
        let folder = tempfile::Builder::new()
            .prefix("gomend-edit-")
            .tempdir()
            .map_err(told)?;
        let file = folder
            .path()
            .join(name.file_name().unwrap_or(OsStr::new("text.go")));
        fs::write(&file, text).map_err(told)?;
        let shown = escape::line(&editor.to_string_lossy()).into_owned();
        let mut status = None;
        self.around
            .around(&mut || status = Some(run(&editor, &file, &self.folder)));
        let status = status.unwrap_or_else(|| Err(std::io::ErrorKind::Interrupted.into()));
        let status = status.map_err(|cause| {
            Error::new(format!(
                "the editor `{shown}` could not be started: {cause}"
            ))
        })?;
        if !status.success() {
            return Err(Error::new(format!(
                "the editor `{shown}` failed ({})",
                fate(status)
            )));
        }
        let bytes = fs::read(&file).map_err(|cause| {
            Error::new(format!(
                "what the editor `{shown}` wrote cannot be read: {cause}"
            ))
        })?;
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Error::new(format!(
                "what the editor `{shown}` wrote is not UTF-8 at byte {at}"
            ))
        })
    }
}

/// `exit code 1`, or what else ended it.
fn fate(status: ExitStatus) -> String {
    match status.code() {
        Some(127) => "no such program".to_owned(),
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

/// Asks git; without it, looks where git does.
fn find(folder: &Path) -> Result<OsString, Error> {
    let asked = Command::new("git")
        .args(["var", "GIT_EDITOR"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let told = asked.ok().filter(|output| output.status.success());
    let editor = told.and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        Some(OsString::from(text.trim_end_matches(['\n', '\r'])))
    });
    let configured = || {
        let repository = git2::Repository::discover(folder);
        let config = repository
            .and_then(|repository| repository.config())
            .or_else(|_| git2::Config::open_default());
        config
            .ok()?
            .get_string("core.editor")
            .ok()
            .map(OsString::from)
    };
    let editor = editor.or_else(|| first(|name| env::var_os(name), configured));
    editor.ok_or_else(|| {
        Error::new("no editor is known for this terminal")
            .help("set GIT_EDITOR, or git's `core.editor`")
    })
}

/// The editor that variables and configuration name, in git's order; `None` on a terminal that can show none.
fn first(
    variable: impl Fn(&str) -> Option<OsString>,
    configured: impl Fn() -> Option<OsString>,
) -> Option<OsString> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let is_dumb = set("TERM").is_none_or(|term| term == "dumb");
    let visual = || set("VISUAL").filter(|_| !is_dumb);
    let last = || (!is_dumb).then(|| OsString::from("vi"));
    set("GIT_EDITOR")
        .or_else(configured)
        .or_else(visual)
        .or_else(|| set("EDITOR"))
        .or_else(last)
}

/// Runs the editor's command line on a file, through the shell as git does, and waits for it.
fn run(editor: &OsStr, file: &Path, folder: &Path) -> std::io::Result<ExitStatus> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.arg("/C").arg(editor).arg(file);
        command
    } else {
        let mut line = editor.to_owned();
        line.push(" \"$@\"");
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).arg(editor).arg(file);
        command
    };
    // Standard output may be a file for the report; what is asked and answered goes by standard error.
    #[cfg(unix)]
    command.stdout(std::os::fd::AsFd::as_fd(&std::io::stderr()).try_clone_to_owned()?);
    command.current_dir(folder).status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_gits_places_counts() {
        let found = |variables: &[(&str, &str)], configured: Option<&str>| {
            let variable = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            };
            first(variable, || configured.map(OsString::from))
                .map(|editor| editor.to_string_lossy().into_owned())
        };
        let all = [
            ("TERM", "xterm"),
            ("GIT_EDITOR", "g"),
            ("VISUAL", "v"),
            ("EDITOR", "e"),
        ];
        assert_eq!(found(&all, Some("c")).as_deref(), Some("g"));
        let rest = [all[0], ("GIT_EDITOR", ""), all[2], all[3]];
        assert_eq!(found(&rest, Some("c")).as_deref(), Some("c"));
        assert_eq!(found(&rest, None).as_deref(), Some("v"));
        assert_eq!(found(&[all[0], all[3]], None).as_deref(), Some("e"));
        assert_eq!(found(&[all[0]], None).as_deref(), Some("vi"));
        assert_eq!(
            found(&[("TERM", "dumb"), all[2], all[3]], None).as_deref(),
            Some("e")
        );
        assert_eq!(found(&[all[2]], None), None);
    }
}
