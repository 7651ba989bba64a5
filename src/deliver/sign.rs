//! Signs commits with the user's program, as git does: gpg, gpgsm, or ssh-keygen.
//!
//! Whether and with which key is git's configuration, from any of its files. Which program is taken from the user's and
//! the machine's configuration alone (git-config(1), `gpg.program`, `gpg.<format>.program`,
//! `gpg.ssh.defaultKeyCommand`), and looked for outside the repository: nothing of a repository is executed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{
    branch::{Error, Sign},
    people::Person,
    settings::Settings,
    store::Store,
};
use crate::git::{self, process};

/// What a program may take to sign one commit: time for a person to type a passphrase.
const LIMIT: Duration = Duration::from_secs(60);

/// What to do where nothing else helps.
const WITHOUT: &str = "`--no-gpg-sign` leaves the commits unsigned";

/// git's `gpg.format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    OpenPgp,
    X509,
    Ssh,
}

impl Format {
    fn program(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenPgp => ("gpg.openpgp.program", "gpg"),
            Self::X509 => ("gpg.x509.program", "gpgsm"),
            Self::Ssh => ("gpg.ssh.program", "ssh-keygen"),
        }
    }
}

/// A program that signs, with its key.
#[derive(Debug)]
pub(super) struct Signer {
    format: Format,
    program: PathBuf,
    key: String,
    limit: Duration,
}

/// What signs the commits, where they are to be signed, and what is to be said about it.
pub(super) fn signer(
    store: &dyn Store,
    wish: &Sign,
    committer: &Person,
) -> Result<(Option<Signer>, Vec<String>), Error> {
    if *wish == Sign::Never {
        return Ok((None, Vec::new()));
    }
    let settings = store.settings()?;
    let key = match wish {
        Sign::Always(key) => key.as_deref(),
        _ if settings.flag("commit.gpgsign") == Some(true) => None,
        _ => return Ok((None, Vec::new())),
    };
    let folders = store.folders();
    let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    let format = match settings.get("gpg.format") {
        None | Some("openpgp") => Format::OpenPgp,
        Some("x509") => Format::X509,
        Some("ssh") => Format::Ssh,
        Some(other) => {
            return Err(Error::new(format!(
                "the commits cannot be signed: git's `gpg.format` is `{other}`, which is none of `openpgp`, `x509` and `ssh`; {WITHOUT}"
            )));
        }
    };
    let mut warnings = Vec::new();
    let program = find_program(&settings, format, &folders, &mut warnings)?;
    let key = key
        .or_else(|| settings.get("user.signingkey"))
        .filter(|key| !key.is_empty());
    let key = match (key, format) {
        (Some(key), _) => key.to_owned(),
        (None, Format::OpenPgp | Format::X509) => committer.name.clone(),
        (None, Format::Ssh) => default_ssh_key(&settings, &folders)?,
    };
    let signer = Signer {
        format,
        program,
        key,
        limit: LIMIT,
    };
    Ok((Some(signer), warnings))
}

/// The program that the user names for the format, or git's default.
fn find_program(
    settings: &Settings,
    format: Format,
    folders: &[&Path],
    warnings: &mut Vec<String>,
) -> Result<PathBuf, Error> {
    let (key, default) = format.program();
    // The older name of the first of them.
    let keys: &[&str] = match format {
        Format::OpenPgp => &[key, "gpg.program"],
        _ => &[key],
    };
    for key in keys.iter().filter(|key| settings.is_set_by_repository(key)) {
        warnings.push(format!(
            "`{key}` of the repository's configuration is not heeded, because it names a program to run; `git config --global` sets it for you"
        ));
    }
    let named = keys.iter().find_map(|key| settings.trusted(key));
    locate(named.unwrap_or(default), folders).ok_or_else(|| {
        let next = match named {
            Some(_) => format!("set git's `{key}` to a program"),
            None => format!("install it, or set git's `{key}`"),
        };
        Error::new(format!(
            "the commits cannot be signed: `{}` is not a program on PATH; {next}, or {WITHOUT}",
            named.unwrap_or(default)
        ))
    })
}

/// A program by its name, or by its whole path, where `~` is the user's folder.
fn locate(name: &str, folders: &[&Path]) -> Option<PathBuf> {
    let path = expanded(name);
    if path.components().count() == 1 && !path.is_absolute() {
        return git::find_program(name, folders);
    }
    (path.is_absolute() && git::is_program(&path)).then_some(path)
}

/// A path in which a leading `~/` is the user's folder.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.into(),
    }
}

/// The key that git's `gpg.ssh.defaultKeyCommand` prints first.
fn default_ssh_key(settings: &Settings, folders: &[&Path]) -> Result<String, Error> {
    const KEY: &str = "gpg.ssh.defaultkeycommand";
    let failed = |cause: &str| {
        Error::new(format!(
            "the commits cannot be signed: {cause}; set git's `user.signingKey`, or {WITHOUT}"
        ))
    };
    let Some(command) = settings.trusted(KEY) else {
        return Err(failed(if settings.is_set_by_repository(KEY) {
            "git has no `user.signingKey`, and the `gpg.ssh.defaultKeyCommand` of the repository's configuration is not run"
        } else {
            "git has neither `user.signingKey` nor `gpg.ssh.defaultKeyCommand`"
        }));
    };
    let words = words(command);
    let program = words.first().and_then(|word| locate(word, folders));
    let Some(program) = program else {
        return Err(failed(&format!(
            "`{command}` (git's `gpg.ssh.defaultKeyCommand`) is not a program on PATH"
        )));
    };
    let output = process::run(Command::new(program).args(&words[1..]), b"", Some(LIMIT));
    let printed = match &output {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => return Err(failed(&format!("`{command}`: {error}"))),
    };
    let first = printed.lines().next().unwrap_or_default();
    if literal(first).is_none() {
        return Err(failed(&format!(
            "`{command}` (git's `gpg.ssh.defaultKeyCommand`) prints no key"
        )));
    }
    Ok(first.to_owned())
}

/// The words of a command line, quoted as for a shell; nothing is expanded.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => (quote, begun) = (Some(c), true),
            ('\\', None | Some('"')) => word.extend(chars.next()),
            (c, None) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (c, _) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

/// The public key itself, where an ssh key is given in full and not as a file's name.
fn literal(key: &str) -> Option<&str> {
    key.strip_prefix("key::")
        .or_else(|| key.starts_with("ssh-").then_some(key))
}

impl Signer {
    /// The signature of a commit, armored.
    pub(super) fn sign(&self, commit: &[u8]) -> Result<String, Error> {
        let signature = match self.format {
            Format::OpenPgp | Format::X509 => self.by_gpg(commit),
            Format::Ssh => self.by_ssh(commit),
        };
        signature.map(|text| text.replace("\r\n", "\n")).map_err(|cause| {
            let (key, _) = self.format.program();
            Error::new(format!(
                "the commits cannot be signed: `{}` {cause}; see git's `user.signingKey` and `{key}`, or {WITHOUT}",
                self.program.display()
            ))
        })
    }

    fn run(&self, command: &mut Command, input: &[u8]) -> Result<process::Output, String> {
        process::run(command, input, Some(self.limit)).map_err(|error| match error {
            process::Error::Io(error) => format!("cannot be run: {error}"),
            process::Error::TimedOut(limit) => format!(
                "did not sign in {} s, perhaps because it waits for a passphrase that nobody is asked for",
                limit.as_secs()
            ),
        })
    }

    fn by_gpg(&self, commit: &[u8]) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        command.args(["--status-fd=2", "-bsau", &self.key]);
        let output = self.run(&mut command, commit)?;
        let complaint = output.complaint();
        let has_signed = complaint
            .lines()
            .any(|line| line.starts_with("[GNUPG:] SIG_CREATED "));
        if !output.status.success() || !has_signed {
            let says = |line: &&str| !line.starts_with("[GNUPG:]") && !line.trim().is_empty();
            return Err(failure(complaint.lines().find(says)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn by_ssh(&self, commit: &[u8]) -> Result<String, String> {
        let io = |error: std::io::Error| format!("cannot be given the commit: {error}");
        let folder = tempfile::Builder::new()
            .prefix("gomend-")
            .tempdir()
            .map_err(io)?;
        let text = folder.path().join("commit");
        fs::write(&text, commit).map_err(io)?;
        let key = match literal(&self.key) {
            Some(key) => {
                let file = folder.path().join("key");
                fs::write(&file, format!("{key}\n")).map_err(io)?;
                file
            }
            None => expanded(&self.key),
        };
        let mut command = Command::new(&self.program);
        command.args(["-Y", "sign", "-n", "git", "-f"]).arg(key);
        if literal(&self.key).is_some() {
            // The private part is with the agent.
            command.arg("-U");
        }
        let output = self.run(command.arg(&text), b"")?;
        if !output.status.success() {
            let complaint = output.complaint();
            let says = |line: &&str| !line.trim().is_empty();
            return Err(failure(complaint.lines().find(says)));
        }
        fs::read_to_string(text.with_extension("sig"))
            .map_err(|error| format!("wrote no signature: {error}"))
    }
}

fn failure(line: Option<&str>) -> String {
    match line {
        Some(line) => format!("failed: {}", line.trim().trim_end_matches('.')),
        None => "failed without a word".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_words() {
        let all = "  a 'b c'  \"d\\\"e\" '' f\\ g";
        assert_eq!(words(all), ["a", "b c", "d\"e", "", "f g"]);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn a_key_is_a_file_or_itself() {
        assert_eq!(literal("key::ecdsa AAA"), Some("ecdsa AAA"));
        assert_eq!(literal("ssh-ed25519 AAA"), Some("ssh-ed25519 AAA"));
        assert_eq!(literal("~/.ssh/id_ed25519"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_signer_that_waits_is_ended() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("waits");
        fs::write(&program, "#!/bin/sh\nexec sleep 60\n").expect("ours");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("ours");
        for format in [Format::OpenPgp, Format::Ssh] {
            let signer = Signer {
                format,
                program: program.clone(),
                key: "k".to_owned(),
                limit: Duration::from_millis(50),
            };
            let message = signer
                .sign(b"commit")
                .expect_err("nobody answers")
                .to_string();
            assert!(
                message.contains("did not sign in 0 s, perhaps because it waits for a passphrase that nobody is asked for; see git's `user.signingKey`"),
                "{message}"
            );
        }
    }
}
