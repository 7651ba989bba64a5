//! Signatures by the user's programs, checked by git.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{commit, has, made, ran, refused, repository, support};

const BRANCH: &str = "gomend/migrate/any";

/// A home folder with a configuration of git.
fn home(folder: PathBuf, config: &str) -> PathBuf {
    fs::create_dir(&folder).expect("ours");
    fs::write(folder.join(".gitconfig"), config).expect("ours");
    folder
}

fn git_in(home: &Path, folder: &Path, arguments: &[&str]) -> String {
    let output = support::command("git")
        .current_dir(folder)
        .env("HOME", home)
        .args(arguments)
        .output()
        .expect("git is installed");
    let all = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&all).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {text}");
    text
}

#[test]
fn with_gpg() {
    if !has("gpg") {
        return;
    }
    let repo = repository();
    repo.git(&["config", "--unset", "commit.gpgSign"]);
    let home = home(repo.beside("home"), "[commit]\n\tgpgSign = true\n");
    // Short, for the agent's socket.
    let keys = tempfile::Builder::new()
        .prefix("g")
        .tempdir()
        .expect("a folder");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(keys.path(), fs::Permissions::from_mode(0o700)).expect("ours");
    }
    let made_key = support::command("gpg")
        .env("GNUPGHOME", keys.path())
        .args([
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
        ])
        .args([
            "--quick-generate-key",
            "Test Committer <committer@example.org>",
            "ed25519",
            "sign",
            "never",
        ])
        .output()
        .expect("gpg is installed");
    assert!(
        made_key.status.success(),
        "{}",
        String::from_utf8_lossy(&made_key.stderr)
    );
    let run = |arguments: &[&str]| {
        let mut command = commit(&repo.root);
        command
            .env("HOME", &home)
            .env("GNUPGHOME", keys.path())
            .args(arguments);
        command
    };
    let commits = made(&mut run(&["-q", "--split", "package"]));
    for id in &commits {
        let output = support::command("git")
            .current_dir(&repo.root)
            .env("GNUPGHOME", keys.path())
            .args(["verify-commit", id])
            .output()
            .expect("git is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() && said.contains("Good signature"),
            "{said}"
        );
    }
    repo.git(&["fsck", "--strict"]);
    made(&mut run(&["-q", "--no-gpg-sign", "--branch", "unsigned"]));
    assert!(
        !repo
            .git(&["cat-file", "commit", "unsigned"])
            .contains("gpgsig")
    );
    // Signed and unsigned are not the same.
    let again = made(&mut run(&["-q", "--branch", "unsigned", "--update"]));
    assert!(
        repo.git(&["cat-file", "commit", &again[0]])
            .contains("gpgsig -----BEGIN PGP")
    );
    let (code, _, stderr) = ran(&mut run(&[
        "-q",
        "--branch",
        "x",
        "--gpg-sign=nobody@nowhere",
    ]));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("the commits cannot be signed: `") && stderr.contains("failed: gpg: "),
        "{stderr}"
    );
    assert_eq!(repo.git(&["branch", "--list", "x"]), "");
    let _ = Command::new("gpgconf")
        .env("GNUPGHOME", keys.path())
        .args(["--kill", "all"])
        .status();
}

#[test]
fn with_ssh() {
    if !has("ssh-keygen") {
        return;
    }
    let repo = repository();
    repo.git(&["config", "--unset", "commit.gpgSign"]);
    let key = repo.beside("key");
    let made_key = support::command("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
        .arg(&key)
        .status();
    assert!(made_key.expect("ssh-keygen is installed").success());
    let public = fs::read_to_string(key.with_extension("pub")).expect("it wrote one");
    let allowed = repo.beside("allowed");
    fs::write(&allowed, format!("committer@example.org {public}")).expect("ours");
    let common = format!(
        "[gpg]\n\tformat = ssh\n[gpg \"ssh\"]\n\tallowedSignersFile = {}\n",
        allowed.display()
    );
    let verify = |home: &Path, branch: &str| {
        let said = git_in(home, &repo.root, &["verify-commit", branch]);
        assert!(
            said.contains("Good \"git\" signature for committer@example.org"),
            "{said}"
        );
    };
    let with_key = home(
        repo.beside("a"),
        &format!(
            "{common}[user]\n\tsigningKey = {}\n[commit]\n\tgpgSign\n",
            key.display()
        ),
    );
    made(commit(&repo.root).arg("-q").env("HOME", &with_key));
    verify(&with_key, BRANCH);
    assert!(
        repo.git(&["cat-file", "commit", BRANCH])
            .contains("\ngpgsig -----BEGIN SSH SIGNATURE-----\n ")
    );

    let without = home(repo.beside("b"), &common);
    let unset = "the commits cannot be signed: git has neither `user.signingKey` nor `gpg.ssh.defaultKeyCommand`; set git's `user.signingKey`, or `--no-gpg-sign` leaves the commits unsigned";
    let (code, _, stderr) = ran(commit(&repo.root)
        .args(["-q", "-S", "--branch", "x"])
        .env("HOME", &without));
    assert_eq!((code, stderr), (2, format!("error: {unset}\n")));
    // A repository names no program to run, and no signer.
    let (flag, program) = (repo.beside("flag"), repo.beside("evil"));
    script(
        &program,
        &format!("touch '{}'\ncat >/dev/null", flag.display()),
    );
    let program = program.to_str().expect("plain");
    repo.git(&["config", "gpg.ssh.defaultKeyCommand", program]);
    let (_, _, stderr) = ran(commit(&repo.root)
        .args(["-q", "-S", "--branch", "x"])
        .env("HOME", &without));
    assert!(
        stderr.contains(
            "the `gpg.ssh.defaultKeyCommand` of the repository's configuration is not run"
        ),
        "{stderr}"
    );
    repo.git(&["config", "gpg.ssh.program", program]);
    let (code, _, stderr) = ran(commit(&repo.root)
        .args(["-q", "--branch", "trusted"])
        .env("HOME", &with_key));
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr
            .contains("warning: `gpg.ssh.program` of the repository's configuration is not heeded"),
        "{stderr}"
    );
    repo.git(&["config", "--unset", "gpg.ssh.program"]);
    verify(&with_key, "trusted");
    assert!(!flag.exists());
}

#[test]
fn the_default_key_is_what_the_users_command_prints() {
    let repo = repository();
    let (signer, command) = (repo.beside("signer"), repo.beside("command"));
    let log = repo.beside("log");
    script(
        &signer,
        &format!(
            "echo \"$@\" >'{}'\nfor last; do :; done\ncat \"$6\" >>'{}'\necho SIGNED >\"$last.sig\"\n",
            log.display(),
            log.display()
        ),
    );
    script(&command, "printf '%s\\n%s\\n' \"ssh-ed25519 AAAA $1\" more");
    let config = format!(
        "[gpg]\n\tformat = ssh\n[gpg \"ssh\"]\n\tprogram = {}\n\tdefaultKeyCommand = \"'{}' 'two words'\"\n",
        signer.display(),
        command.display()
    );
    let home = home(repo.beside("home"), &config);
    made(commit(&repo.root).args(["-q", "-S"]).env("HOME", &home));
    assert!(
        repo.git(&["cat-file", "commit", BRANCH])
            .contains("\ngpgsig SIGNED\n\n")
    );
    let told = fs::read_to_string(&log).expect("the signer ran");
    assert!(told.starts_with("-Y sign -n git -f "), "{told}");
    assert!(told.contains("ssh-ed25519 AAAA two words\n"), "{told}");
}

#[test]
fn no_branch_without_the_signature() {
    let repo = repository();
    let absent = home(repo.beside("a"), "[gpg]\n\tprogram = no-such-gpg\n");
    assert_eq!(
        refused(
            commit(&repo.root).args(["-q", "-S"]).env("HOME", &absent),
            &repo.root
        ),
        "the commits cannot be signed: `no-such-gpg` is not a program on PATH; set git's `gpg.openpgp.program` to a program, or `--no-gpg-sign` leaves the commits unsigned"
    );
    let relative = home(repo.beside("b"), "[gpg]\n\tprogram = ./top.go\n");
    assert!(
        refused(
            commit(&repo.root).args(["-q", "-S"]).env("HOME", &relative),
            &repo.root
        )
        .contains("is not a program on PATH")
    );
    let fails = repo.beside("fails");
    script(&fails, "echo 'gpg: no secret key.' >&2\nexit 2");
    let fails = home(
        repo.beside("c"),
        &format!("[gpg]\n\tprogram = {}\n", fails.display()),
    );
    let message = refused(
        commit(&repo.root).args(["-q", "-S"]).env("HOME", &fails),
        &repo.root,
    );
    assert!(message.contains("` failed: gpg: no secret key; see git's `user.signingKey` and `gpg.openpgp.program`, or"), "{message}");
    // One that ends with 0 and has not signed.
    let lies = repo.beside("lies");
    script(&lies, "cat >/dev/null; echo SIGNED");
    let lies = home(
        repo.beside("d"),
        &format!("[gpg]\n\tprogram = {}\n", lies.display()),
    );
    let message = refused(
        commit(&repo.root).args(["-q", "-S"]).env("HOME", &lies),
        &repo.root,
    );
    assert!(message.contains("failed without a word"), "{message}");
    let odd = home(repo.beside("e"), "[gpg]\n\tformat = pgp2\n");
    let message = refused(
        commit(&repo.root).args(["-q", "-S"]).env("HOME", &odd),
        &repo.root,
    );
    assert!(message.contains("`gpg.format` is `pgp2`"), "{message}");
}

#[cfg(unix)]
fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("ours");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("ours");
}

#[cfg(not(unix))]
fn script(path: &Path, text: &str) {
    fs::write(path, text).expect("ours");
}
