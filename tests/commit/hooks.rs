//! In the environment that git gives its hooks.

use crate::{commit, gomend, made, ran, repository, support};

const CHECK: [&str; 6] = [
    "check",
    "--gofmt",
    "off",
    "-c",
    "migrate/any",
    "--color=never",
];

#[cfg(unix)]
#[test]
fn a_hook_sees_the_index_that_is_committed() {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    let repo = repository();
    let (hook, out) = (repo.root.join(".git/hooks/pre-commit"), repo.beside("out"));
    fs::create_dir_all(hook.parent().expect("it has one")).expect("ours");
    let text = format!(
        "#!/bin/sh\n'{}' check --gofmt off -c migrate/any --staged >'{}' 2>&1\nexit 0\n",
        env!("CARGO_BIN_EXE_gomend"),
        out.display()
    );
    fs::write(&hook, text).expect("ours");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("ours");
    repo.write("lib/a.go", "package lib\n\nvar Staged interface{}\n");
    // `-a` and paths are committed from an index that is not the repository's yet.
    repo.git(&["commit", "-q", "-a", "-m", "all"]);
    let told = fs::read_to_string(&out).expect("the hook ran");
    assert!(told.contains("1 finding in 1 of 1 file"), "{told}");
    repo.write("srv/a.go", "package srv\n\nvar S interface{}\n")
        .write("lib/a.go", "package lib\n");
    repo.git(&["add", "lib/a.go"]);
    repo.git(&["commit", "-q", "-m", "one", "--", "srv/a.go"]);
    let told = fs::read_to_string(&out).expect("the hook ran");
    assert!(
        told.contains("srv/a.go:3:7") && told.contains("1 finding in 1 of 1 file"),
        "{told}"
    );
}

#[test]
fn the_repository_that_the_environment_names_is_the_one() {
    let (repo, other) = (repository(), repository());
    other.write("top.go", "package top\n");
    other.commit("nothing in the top folder");
    let (_, _, stderr) = ran(gomend(&other.root, &CHECK)
        .env("GIT_DIR", repo.root.join(".git"))
        .env("GIT_WORK_TREE", &repo.root)
        .arg(&repo.root));
    assert!(stderr.contains("5 findings in 3 of 3 files"), "{stderr}");
    let named = commit(&other.root)
        .args(["-q", "--split", "none"])
        .env("GIT_DIR", repo.root.join(".git"))
        .output();
    assert!(named.is_ok_and(|output| output.status.success()));
    assert_eq!(other.git(&["branch", "--list", "gomend/*"]), "");
    assert_eq!(
        repo.git(&["rev-list", "--count", "HEAD..gomend/migrate/any"]),
        "1\n"
    );
    let (code, _, stderr) = ran(gomend(&other.root, &CHECK).env("GIT_DIR", "/nowhere"));
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn objects_that_are_not_in_the_repository_yet_are_read() {
    let repo = repository();
    let objects = repo.beside("quarantine");
    std::fs::create_dir(&objects).expect("ours");
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let mut new = support::command("git");
    new.current_dir(&repo.root)
        .args(["commit-tree", "-m", "new", tree.trim()])
        .env("GIT_OBJECT_DIRECTORY", &objects)
        .env(
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            repo.root.join(".git/objects"),
        );
    let new = made(&mut new).remove(0);
    let (code, _, stderr) = ran(gomend(&repo.root, &CHECK)
        .args(["--at", &new])
        .env("GIT_OBJECT_DIRECTORY", &objects)
        .env(
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            repo.root.join(".git/objects"),
        ));
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("5 findings in 3 of 3 files"), "{stderr}");
}
