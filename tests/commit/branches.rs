//! The branch is absent or complete, and somebody else's is left alone.

use std::fs;

use crate::{commit, made, ran, refused, repository, support};

#[test]
fn a_branch_that_is_being_changed_is_left_alone() {
    let repo = repository();
    let lock = repo.root.join(".git/refs/heads/gomend/migrate/any.lock");
    fs::create_dir_all(lock.parent().expect("it has one")).expect("ours");
    fs::write(&lock, "").expect("ours");
    assert_eq!(
        refused(commit(&repo.root).arg("-q"), &repo.root),
        "the branch `gomend/migrate/any` is being changed by somebody else; run again"
    );
    fs::remove_file(&lock).expect("ours");
    made(commit(&repo.root).arg("-q"));
}

#[test]
fn the_same_again_says_so() {
    let repo = repository();
    let commits = made(commit(&repo.root).arg("-q"));
    let (code, stdout, stderr) = ran(commit(&repo.root)
        .args(["--update", "--color", "never"])
        .env("GIT_COMMITTER_DATE", "1800000000 +0000"));
    assert_eq!((code, stdout.trim()), (0, commits[0].as_str()));
    assert!(
        stderr.ends_with("gomend/migrate/any holds the same 1 commit already, and stays as it is; see them with `git log -p HEAD..gomend/migrate/any`\n"),
        "{stderr}"
    );
}

#[test]
fn a_branch_that_a_person_made_is_not_replaced() {
    let repo = repository();
    repo.git(&["branch", "mine"]);
    let (code, _, stderr) = ran(commit(&repo.root).args(["--branch", "mine", "--update"]));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("error: the branch `mine` is not ours to replace: it has no commits of its own, and nothing says that gomend made it; choose another with `--branch`\n"),
        "{stderr}"
    );
    assert_eq!(
        repo.git(&["rev-parse", "mine"]),
        repo.git(&["rev-parse", "HEAD"])
    );
}

#[test]
fn whoever_commits_must_be_known() {
    let repo = repository();
    repo.git(&["config", "--unset", "user.name"]);
    repo.git(&["config", "--unset", "user.email"]);
    let home = repo.beside("home");
    fs::create_dir(&home).expect("ours");
    let unknown = |command: &mut std::process::Command| {
        for variable in [
            "GIT_AUTHOR_NAME",
            "GIT_AUTHOR_EMAIL",
            "GIT_COMMITTER_NAME",
            "GIT_COMMITTER_EMAIL",
            "EMAIL",
        ] {
            command.env_remove(variable);
        }
        command.env("HOME", &home);
    };
    let mut command = commit(&repo.root);
    unknown(&mut command);
    assert_eq!(
        refused(&mut command, &repo.root),
        "git's configuration has no `user.name` and `user.email`; `git config --global user.name …` sets it"
    );
    for (key, value) in [
        ("user.name", "U"),
        ("user.email", "u@x"),
        ("author.name", "A"),
        ("committer.email", "c@x"),
    ] {
        repo.git(&["config", key, value]);
    }
    let mut command = commit(&repo.root);
    unknown(&mut command);
    made(command.arg("-q"));
    let people = support::git(
        &repo.root,
        &[
            "log",
            "-1",
            "--format=%an <%ae> %cn <%ce>",
            "gomend/migrate/any",
        ],
    );
    assert_eq!(people, "A <u@x> U <c@x>\n");
}

#[test]
fn a_date_that_is_none_is_said() {
    let repo = repository();
    for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        let message = refused(
            commit(&repo.root).arg("-q").env(variable, "soon-ish"),
            &repo.root,
        );
        assert!(
            message.contains("is set to no date that git reads; "),
            "{message}"
        );
    }
}
