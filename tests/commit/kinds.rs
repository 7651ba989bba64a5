//! Repositories that are not as most are. In each the commits hold the same changes as in a plain one.

use std::{fs, path::Path};

use crate::{commit, fill, gomend, made, ran, refused, repository, support};

const CHECK: [&str; 6] = [
    "check",
    "--gofmt",
    "off",
    "-c",
    "migrate/any",
    "--color=never",
];

/// Checks that the files of the branch are those that a plain repository's would have.
#[track_caller]
fn mended(folder: &Path) {
    let show = |file: &str| support::git(folder, &["show", &format!("gomend/migrate/any:{file}")]);
    for package in ["srv", "lib"] {
        assert_eq!(
            show(&format!("{package}/a.go")),
            format!("package {package}\n\nfunc F(m map[string]any) any {{ return m }}\n")
        );
    }
    assert_eq!(show("top.go"), "package top\n\nvar V any\n");
    assert_eq!(show("go.mod"), "module x\n\ngo 1.22\n");
    support::git(
        folder,
        &["rev-parse", "--verify", "-q", "gomend/migrate/any^{tree}"],
    );
}

#[test]
fn object_format_sha256() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder
        .path()
        .canonicalize()
        .expect("it exists")
        .join("repo");
    fs::create_dir(&root).expect("ours");
    support::git(
        &root,
        &["init", "-q", "-b", "main", "--object-format=sha256"],
    );
    assert!(refused(&mut commit(&root), &root).ends_with("has no commit yet; make one first"));
    fill(&root);
    support::write(&root, "CODEOWNERS", "/srv/ @srv\n");
    support::git(&root, &["add", "-A"]);
    support::git(&root, &["update-index", "--chmod=+x", "srv/a.go"]);
    support::git(&root, &["commit", "-qm", "one"]);
    support::git(&root, &["checkout", "-q", "."]);
    let commits = made(commit(&root).args(["-q", "--split", "owner", "--blame-ignore-revs"]));
    assert!(commits.len() == 3 && commits.iter().all(|id| id.len() == 64));
    mended(&root);
    support::git(&root, &["fsck", "--strict"]);
    assert!(
        support::git(&root, &["ls-tree", "gomend/migrate/any", "srv/a.go"]).starts_with("100755 ")
    );
    assert!(
        support::git(&root, &["reflog", "-1", "gomend/migrate/any"])
            .contains("gomend: 3 commits on HEAD")
    );
    let again =
        made(commit(&root).args(["-q", "--split", "owner", "--blame-ignore-revs", "--update"]));
    assert_eq!(again, commits);
    support::git(&root, &["checkout", "-q", "--detach", "gomend/migrate/any"]);
    support::git(&root, &["commit", "-q", "--allow-empty", "-m", "by hand"]);
    support::git(&root, &["branch", "-f", "gomend/migrate/any"]);
    support::git(&root, &["checkout", "-q", "main"]);
    let (code, _, stderr) = ran(commit(&root).args(["-q", "--update"]));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("by Test Author was not made by gomend"),
        "{stderr}"
    );

    let (code, _, stderr) = ran(gomend(&root, &CHECK).args(["--since", "HEAD"]));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("`--since` compares with history, which gomend cannot read"),
        "{stderr}"
    );
    support::write(&root, "top.go", "package top\n\nvar W, V interface{}\n");
    let (_, _, stderr) = ran(gomend(&root, &CHECK).arg("--changed-lines"));
    assert!(stderr.contains("1 finding in 1 of 3 files"), "{stderr}");
    let apply = ["apply", "--gofmt", "off", "-c", "migrate/any"];
    let (code, _, stderr) = ran(&mut gomend(&root, &apply));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("`top.go` has changes that are not committed"),
        "{stderr}"
    );
    support::git(&root, &["checkout", "-q", "top.go"]);
    let (code, _, stderr) = ran(&mut gomend(&root, &apply));
    assert_eq!(
        (
            code,
            support::git(&root, &["status", "--short"]).lines().count()
        ),
        (0, 3),
        "{stderr}"
    );
}

#[test]
fn partial_clones_fetch_what_is_missing_at_once() {
    let origin = repository();
    let marked = |folder: &Path| {
        support::git(folder, &["config", "core.repositoryformatversion", "1"]);
        support::git(folder, &["config", "extensions.partialClone", "origin"]);
    };
    for (filter, is_marked) in [("blob:none", false), ("tree:0", false), ("blob:none", true)] {
        origin.git(&["config", "uploadpack.allowFilter", "true"]);
        origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let clone = origin.beside(&format!("{}-{is_marked}", filter.replace(':', "-")));
        let (url, filter) = (
            format!("file://{}", origin.root.display()),
            format!("--filter={filter}"),
        );
        let to = clone.to_str().expect("plain");
        origin.git(&["clone", "-q", "--no-checkout", &filter, &url, to]);
        if is_marked {
            marked(&clone);
        }
        let away = origin.beside("away");
        fs::rename(&origin.root, &away).expect("ours");
        let message = refused(commit(&clone).arg("-q"), &clone);
        fs::rename(&away, &origin.root).expect("ours");
        assert!(
            message.starts_with("the clone is partial and lacks files of `HEAD`, which git cannot get from `origin`: "),
            "{message}"
        );
        let packs = || {
            let packs = fs::read_dir(clone.join(".git/objects/pack")).expect("it has packs");
            let is_promised = |name: &str| name.ends_with(".promisor");
            packs
                .filter(|entry| {
                    let name = entry.as_ref().expect("readable").file_name();
                    is_promised(&name.to_string_lossy())
                })
                .count()
        };
        let before = packs();
        made(commit(&clone).arg("-q"));
        // One for the folders, where they are missing too, and one for all files.
        let expected = if filter.ends_with("tree:0") { 2 } else { 1 };
        assert_eq!(packs() - before, expected, "{filter}");
        mended(&clone);
    }
}

#[test]
fn sparse_and_split_indexes() {
    let origin = repository();
    for kind in ["sparse", "split"] {
        let clone = origin.beside(kind);
        origin.git(&["clone", "-q", ".", clone.to_str().expect("plain")]);
        if kind == "sparse" {
            support::git(
                &clone,
                &["sparse-checkout", "init", "--cone", "--sparse-index"],
            );
            support::git(&clone, &["sparse-checkout", "set", "srv"]);
        } else {
            support::git(&clone, &["config", "core.splitIndex", "true"]);
            support::git(&clone, &["update-index", "--split-index"]);
        }
        made(commit(&clone).arg("-q"));
        mended(&clone);
        let (_, _, stderr) = ran(&mut gomend(&clone, &CHECK));
        let expected = if kind == "sparse" {
            "3 findings in 2 of 2 files"
        } else {
            "5 findings in 3 of 3 files"
        };
        assert!(stderr.contains(expected), "{kind}: {stderr}");
        support::write(&clone, "srv/a.go", "package srv\n\nvar S interface{}\n");
        let (_, _, stderr) = ran(gomend(&clone, &CHECK).args(["--since", "HEAD"]));
        assert!(
            stderr.contains("1 finding in 1 of 1 file"),
            "{kind}: {stderr}"
        );
        support::git(&clone, &["add", "srv/a.go"]);
        let (_, _, stderr) = ran(gomend(&clone, &CHECK).arg("--staged"));
        assert!(
            stderr.contains("1 finding in 1 of 1 file"),
            "{kind}: {stderr}"
        );
        let (code, _, stderr) = ran(&mut gomend(
            &clone,
            &["apply", "--gofmt", "off", "-c", "migrate/any"],
        ));
        assert_eq!(code, 2);
        assert!(
            stderr.contains("`srv/a.go` has changes that are not committed"),
            "{kind}: {stderr}"
        );
        let (code, _, stderr) = ran(&mut gomend(
            &clone,
            &["apply", "--gofmt", "off", "-c", "migrate/any", "top.go"],
        ));
        assert_eq!(
            (
                code,
                fs::read_to_string(clone.join("top.go")).expect("there")
            ),
            (0, "package top\n\nvar V any\n".to_owned()),
            "{kind}: {stderr}"
        );
    }
}

#[test]
fn what_git_does_not_know_either_is_said() {
    let repo = repository();
    repo.git(&["config", "core.repositoryformatversion", "1"]);
    repo.git(&["config", "extensions.whatever", "1"]);
    let (code, _, stderr) = ran(commit(&repo.root).arg("-q"));
    assert_eq!(code, 2);
    assert_eq!(
        stderr.replace(repo.root.to_str().expect("plain"), "ROOT"),
        "error: the git repository of `ROOT` cannot be opened: it has the extension `whatever`, and git says: unknown repository extension found\n"
    );
    let mut without_git = commit(&repo.root);
    let (code, _, stderr) = ran(without_git.env("PATH", ""));
    assert_eq!(code, 2);
    assert!(
        stderr.ends_with("has the extension `whatever`, which takes the git program: git was not found on PATH; install it from https://git-scm.com\n"),
        "{stderr}"
    );
}

#[test]
fn references_in_a_format_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it exists");
    let git = support::command("git")
        .current_dir(&root)
        .args(["init", "-q", "-b", "main", "--ref-format=reftable"])
        .output()
        .expect("git is installed");
    if !git.status.success() {
        eprintln!("not run: this git has no reftable");
        return;
    }
    fill(&root);
    support::git(&root, &["add", "-A"]);
    support::git(&root, &["commit", "-qm", "one"]);
    let commits = made(commit(&root).arg("-q"));
    mended(&root);
    assert_eq!(made(commit(&root).args(["-q", "--update"])), commits);
    let (_, _, stderr) = ran(gomend(&root, &CHECK).args(["--since", "HEAD"]));
    assert!(stderr.contains("no findings"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn somebody_elses_repository_is_trusted_only_by_name() {
    let repo = repository();
    for path in [repo.root.clone(), repo.root.join(".git")] {
        if std::os::unix::fs::chown(&path, Some(54_321), None).is_err() {
            eprintln!("not run: only root gives files away");
            return;
        }
    }
    let (code, _, stderr) = ran(commit(&repo.root).arg("-q").env_remove("SUDO_UID"));
    assert_eq!(code, 2);
    let stderr = stderr.replace(repo.root.to_str().expect("plain"), "ROOT");
    assert_eq!(
        stderr,
        "error: the git repository of `ROOT` cannot be opened: somebody else owns it; if you trust what it holds, `git config --global --add safe.directory ROOT`\n"
    );
    let home = repo.beside("home");
    fs::create_dir(&home).expect("ours");
    let safe = format!("[safe]\n\tdirectory = {}\n", repo.root.display());
    fs::write(home.join(".gitconfig"), safe).expect("ours");
    made(commit(&repo.root).arg("-q").env("HOME", &home));
}

#[test]
fn shallow_clones_linked_work_trees_and_submodules() {
    let origin = repository();
    origin.write("more.txt", "x\n");
    origin.commit("two");
    let shallow = origin.beside("shallow");
    let url = format!("file://{}", origin.root.display());
    origin.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &url,
        shallow.to_str().expect("plain"),
    ]);
    made(commit(&shallow).arg("-q"));
    mended(&shallow);

    let linked = origin.beside("linked");
    origin.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "side",
        linked.to_str().expect("plain"),
    ]);
    made(commit(&linked).arg("-q"));
    mended(&origin.root);

    let above = origin.beside("above");
    fs::create_dir(&above).expect("ours");
    support::git(&above, &["init", "-q", "-b", "main"]);
    support::git(
        &above,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            &url,
            "sub",
        ],
    );
    support::git(&above, &["commit", "-qm", "sub"]);
    let (_, stdout, stderr) = ran(commit(&above).arg("--color=never"));
    assert_eq!(stdout, "", "{stderr}");
    made(commit(&above.join("sub")).arg("-q"));
    mended(&above.join("sub"));
}
