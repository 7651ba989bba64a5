//! The git program as a repository with bad intentions would have it.

use std::{ffi::OsString, fs, path::Path, time::Duration};

use super::{Error, Git, find_in, process, without_credentials};

#[cfg(unix)]
fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("ours");
    fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("ours");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("ours");
}

#[cfg(unix)]
#[test]
fn no_program_of_the_repository_is_found() {
    let top = tempfile::tempdir().expect("a folder");
    let top = top.path().canonicalize().expect("it exists");
    let (repo, system) = (top.join("repo"), top.join("system"));
    script(&repo.join("bin/git"), "true");
    script(&system.join("git"), "true");
    fs::create_dir_all(top.join("linked")).expect("ours");
    std::os::unix::fs::symlink(repo.join("bin/git"), top.join("linked/git")).expect("ours");
    std::os::unix::fs::symlink(repo.join("bin"), top.join("way")).expect("ours");
    fs::create_dir_all(top.join("plain")).expect("ours");
    fs::write(top.join("plain/git"), "no program").expect("ours");
    let path = |folders: &[&Path]| -> OsString { std::env::join_paths(folders).expect("plain") };
    let inside = [
        &repo.join("bin"),
        &top.join("linked"),
        &top.join("way"),
        &top.join("plain"),
        Path::new("bin"),
        Path::new(""),
    ];
    let outside = [repo.clone()];
    assert_eq!(find_in(&path(&inside), "git", &outside), None);
    let mut all = inside.to_vec();
    all.push(&system);
    assert_eq!(
        find_in(&path(&all), "git", &outside),
        Some(system.join("git"))
    );
    assert_eq!(find_in(&path(&all), "git", &[]), Some(repo.join("bin/git")));
}

#[test]
fn a_failure_says_what_git_said_and_nothing_secret() {
    let git = Git::find(&[]).expect("git is installed");
    let error = git
        .run(
            &[
                "clone",
                "--no-such-option",
                "https://me:hunter2@localhost/x",
            ],
            b"",
        )
        .expect_err("no such option");
    let Error::Failed { status, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(status.code(), Some(129));
    assert_eq!(
        error.to_string(),
        "`git clone` failed: error: unknown option `no-such-option'"
    );
    let version = git.run(&["--version"], b"").expect("it has one");
    assert!(version.text().starts_with("git version "));
    let echoed = git
        .run(&["hash-object", "--stdin"], b"x\n")
        .expect("it hashes");
    assert_eq!(echoed.text(), "587be6b4c3f93f93c489c0111bba5596147a26cb");
}

#[test]
fn addresses_lose_their_credentials() {
    for (with, without) in [
        (
            "at 'https://u:p@h/x' and https://t@h",
            "at 'https://h/x' and https://h",
        ),
        ("https://u:p@w@h:80/a@b", "https://h:80/a@b"),
        ("ssh://git@h/x", "ssh://h/x"),
        ("git@h:x, no scheme: //u@h", "git@h:x, no scheme: //u@h"),
        ("://@", "://"),
    ] {
        assert_eq!(without_credentials(with), without);
    }
}

#[test]
fn the_environment_names_no_other_repository() {
    let git = Git::find(&[]).expect("git is installed");
    let command = git.git_dir(Path::new("/repo")).command(&["status"]);
    let removed = |wanted: &str| {
        let mut variables = command.get_envs();
        variables.any(|(name, value)| name == wanted && value.is_none())
    };
    for variable in [
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_WORK_TREE",
    ] {
        assert!(removed(variable), "{variable}");
    }
    assert!(!removed("GIT_CONFIG_COUNT"));
}

#[cfg(unix)]
#[test]
fn what_hangs_is_ended_and_much_is_read_and_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let hangs = folder.path().join("hangs");
    script(&hangs, "echo begun; exec sleep 60");
    let limit = Duration::from_millis(100);
    let error = process::run(&mut std::process::Command::new(&hangs), b"", Some(limit));
    assert!(matches!(error, Err(process::Error::TimedOut(told)) if told == limit));

    let leaves = folder.path().join("leaves");
    script(&leaves, "sleep 20 & echo said; echo complained >&2; exit 3");
    let limit = Duration::from_secs(20);
    let output = process::run(&mut std::process::Command::new(&leaves), b"", Some(limit));
    let output = output.expect("it ended");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        (output.text(), output.complaint()),
        ("said".into(), "complained\n".into())
    );

    let echo = folder.path().join("echo");
    script(&echo, "exec cat");
    let much = vec![b'x'; 1 << 20];
    for limit in [None, Some(Duration::from_secs(60))] {
        let output = process::run(&mut std::process::Command::new(&echo), &much, limit);
        assert_eq!(output.expect("it ends").stdout, much);
    }
}
