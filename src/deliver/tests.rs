//! Delivery against the real git: `git apply` must take every patch, and a commit must hold what the patch gives.
//! Here and not in `tests/`, because only verification makes [`Verified`] values outside the crate's own tests.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::{
    branch::{self, Branch, BranchPlan, CommitSpec, trailers},
    diff,
    seed::seed,
    support::{self, TestRepo},
};
use crate::{git::Id, verify::Verified};

fn plan<'a>(repo: &'a Path, files: &'a [Verified]) -> BranchPlan<'a> {
    let message = format!(
        "Close bodies\n\nWhy.\n\n{}",
        trailers(
            "io/body",
            "0.1.0",
            &Id::parse(&"0".repeat(40)).expect("a name")
        )
    );
    BranchPlan {
        git_dir: repo,
        branch: "gomend/io",
        base: "HEAD",
        commits: vec![CommitSpec {
            message,
            files: files.iter().collect(),
        }],
        update: false,
        author: None,
        signoff: false,
        sign: branch::Sign::Configured,
        rehearse: false,
        loose: false,
        ignore_revs: false,
    }
}

fn made(plan: &BranchPlan<'_>) -> Branch {
    branch::commit(plan).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(plan: &BranchPlan<'_>, repo: &TestRepo) -> String {
    let message = branch::commit(plan).expect_err("refused").to_string();
    message.replace(repo.root.to_str().expect("plain"), "ROOT")
}

/// Checks with the real git that the patch turns each `before` into its `after`, and nothing else.
#[track_caller]
fn applies(files: &[Verified]) {
    let repo = TestRepo::new();
    for file in files {
        repo.write(file.path(), file.before().as_bytes());
    }
    fs::write(repo.beside("p.patch"), diff::patch(files)).expect("ours");
    let patch = repo.beside("p.patch");
    let patch = patch.to_str().expect("plain");
    repo.git(&["apply", "--check", "--whitespace=nowarn", patch]);
    repo.git(&["apply", "--whitespace=nowarn", patch]);
    for file in files {
        let bytes = fs::read(repo.root.join(file.path())).expect("there");
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            **file.after(),
            "{}",
            file.path().display()
        );
    }
}

#[test]
fn git_applies_patches_of_odd_names_and_texts() {
    let texts = [
        ("a.go", "a\nb\nc\n", "a\nB\nc\n"),
        ("with space.go", "a\n", "b\n"),
        ("tab\tquote\"back\\slash.go", "a\n", "b\n"),
        ("new\nline é.go", "a\n", "b\n"),
        ("dir name/ü.go", "a", "b"),
        ("crlf.go", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        ("mixed.go", "a\r\nb\nc\r", "a\nb\r\nc\r\r"),
        ("no_end.go", "a\nb", "a\nb\n"),
        ("loses_end.go", "a\nb\n", "a\nb"),
        ("both_no_end.go", "x\na\nb", "x\na\nc"),
        ("from_empty.go", "", "a\n"),
        ("to_empty.go", "a\nb\n", ""),
        (
            "trailing.go",
            "a \n\t\n--- x\n+++ y\n",
            "a  \n\n--- x\n+++ z\n@@ -1 +1 @@\n",
        ),
    ];
    let files: Vec<Verified> = texts
        .iter()
        .map(|(path, before, after)| Verified::for_test(path, before, after))
        .collect();
    applies(&files);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: seed(), ..ProptestConfig::default() })]

    #[test]
    fn git_applies_any_patch(pairs in prop::collection::vec(("([ab\r]\n){0,30}[ab]?", "([abc\r]\n){0,30}[ab]?"), 8)) {
        let files: Vec<Verified> = pairs
            .iter()
            .enumerate()
            .map(|(index, (before, after))| Verified::for_test(&format!("f{index}.go"), before, after))
            .collect();
        // git refuses a patch without a change.
        if files.iter().any(|file| file.before() != file.after()) {
            applies(&files);
        }
    }
}

#[test]
fn a_huge_file_of_equal_lines_is_compared_soon() {
    let before = "\t}\n".repeat(60_000);
    let after = format!("{}x\n{}", "\t}\n".repeat(20_000), "}\n\t}\n".repeat(20_000));
    let started = std::time::Instant::now();
    assert!(!diff::hunks(&before, &after).is_empty());
    assert!(
        started.elapsed().as_secs() < 5,
        "took {:?}",
        started.elapsed()
    );
}

/// A repository with an executable, a plain and an untouched file, and edits of two of them.
fn repository() -> (TestRepo, Vec<Verified>) {
    let repo = TestRepo::new();
    repo.write("sub/run.go", "package a\n")
        .write("b c.go", "package b\n")
        .write("keep.go", "package k\n");
    repo.git(&["add", "."]);
    repo.git(&["update-index", "--chmod=+x", "sub/run.go"]);
    repo.git(&["commit", "-qm", "one"]);
    repo.git(&["checkout", "-q", "."]);
    let files = vec![
        Verified::for_test("b c.go", "package b\n", "package b\n\nvar x int\n"),
        Verified::for_test("sub/run.go", "package a\n", "package aa\n"),
    ];
    (repo, files)
}

#[test]
fn a_commit_is_the_base_with_the_patch_and_touches_nothing_else() {
    let (repo, files) = repository();
    repo.write("keep.go", "package edited\n")
        .write("staged.go", "package s\n");
    repo.git(&["add", "staged.go"]);
    let before = (
        repo.git(&["status", "--porcelain"]),
        repo.git(&["rev-parse", "HEAD"]),
    );
    let branch = made(&BranchPlan {
        signoff: true,
        author: Some("A. Uthor <a@b.c>"),
        ..plan(&repo.root, &files)
    });
    assert_eq!(
        (
            repo.git(&["status", "--porcelain"]),
            repo.git(&["rev-parse", "HEAD"])
        ),
        before
    );
    assert_eq!(
        repo.git(&["rev-parse", "refs/heads/gomend/io"]).trim(),
        branch.tip.to_string()
    );

    let linked = repo.beside("applied");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        linked.to_str().expect("plain"),
    ]);
    let patch = repo.beside("p.patch");
    fs::write(&patch, diff::patch(&files)).expect("ours");
    support::git(
        &linked,
        &["apply", "--index", patch.to_str().expect("plain")],
    );
    let tree = support::git(&linked, &["write-tree"]);
    assert_eq!(repo.git(&["rev-parse", "gomend/io^{tree}"]), tree);
    assert!(
        repo.git(&["ls-tree", "gomend/io", "sub/run.go"])
            .starts_with("100755 ")
    );
    let told = repo.git(&["log", "-1", "--format=%an <%ae>|%cn|%(trailers:key=Gomend-Codemod,valueonly)|%(trailers:key=Signed-off-by,valueonly)", "gomend/io"]);
    assert_eq!(
        told,
        "A. Uthor <a@b.c>|Test Committer|io/body\n|Test Committer <committer@example.org>\n\n"
    );
    assert!(
        repo.git(&["reflog", "-1", "gomend/io"])
            .contains("gomend: 1 commits on HEAD")
    );
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn commits_build_on_each_other() {
    let (repo, files) = repository();
    let second = [
        files[0].clone(),
        Verified::for_test("sub/run.go", "package aa\n", "package aaa\n"),
    ];
    let unchanged = [Verified::for_test("keep.go", "package k\n", "package k\n")];
    let mut plan = plan(&repo.root, &files[1..]);
    plan.commits.push(CommitSpec {
        message: "nothing".into(),
        files: unchanged.iter().collect(),
    });
    plan.commits.push(CommitSpec {
        message: "second".into(),
        files: second.iter().collect(),
    });
    let branch = made(&plan);
    assert_eq!(branch.commits.len(), 2);
    assert_eq!(
        repo.git(&["log", "--format=%s", "HEAD..gomend/io"]),
        "second\nClose bodies\n"
    );
    assert_eq!(repo.git(&["show", "gomend/io:sub/run.go"]), "package aaa\n");
}

#[test]
fn nothing_to_commit_makes_no_branch() {
    let (repo, _) = repository();
    let unchanged = [Verified::for_test("keep.go", "package k\n", "package k\n")];
    let branch = made(&plan(&repo.root, &unchanged));
    assert_eq!(
        (branch.commits.len(), branch.tip.to_string()),
        (0, repo.git(&["rev-parse", "HEAD"]).trim().to_owned())
    );
    assert_eq!(repo.git(&["branch", "--list", "gomend/*"]), "");
}

#[test]
fn a_rehearsal_makes_the_commits_and_leaves_the_branch() {
    let (repo, files) = repository();
    let rehearsed = made(&BranchPlan {
        rehearse: true,
        ..plan(&repo.root, &files)
    });
    assert_eq!(repo.git(&["branch", "--list", "gomend/*"]), "");
    assert_eq!(
        repo.git(&["cat-file", "-t", &rehearsed.tip.to_string()]),
        "commit\n"
    );
    made(&plan(&repo.root, &files));
    let message = branch::commit(&BranchPlan {
        rehearse: true,
        ..plan(&repo.root, &files)
    });
    assert!(message.is_err_and(|error| error.to_string().contains("exists")));
}

#[test]
fn a_base_that_moved_is_refused() {
    let (repo, _) = repository();
    let moved = [Verified::for_test(
        "keep.go",
        "package other\n",
        "package x\n",
    )];
    let message = refused(&plan(&repo.root, &moved), &repo);
    assert_eq!(
        message,
        "`keep.go` differs from the base; commit your changes or run with `--at` the base"
    );
    let new = [Verified::for_test("new.go", "package n\n", "package x\n")];
    assert!(refused(&plan(&repo.root, &new), &repo).starts_with("`new.go` is not in the base; "));
    assert_eq!(repo.git(&["branch", "--list", "gomend/*"]), "");
}

#[test]
fn only_a_branch_of_ours_is_replaced() {
    let (repo, files) = repository();
    let first = made(&plan(&repo.root, &files));
    assert_eq!(
        refused(&plan(&repo.root, &files), &repo),
        "the branch `gomend/io` exists; `--update` replaces it, `--branch` names another"
    );
    let update = || BranchPlan {
        update: true,
        ..plan(&repo.root, &files[..1])
    };
    let second = made(&update());
    assert_ne!(second.tip, first.tip);
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD..gomend/io"]), "1\n");

    let tree = repo.git(&["rev-parse", "gomend/io^{tree}"]);
    let foreign = repo.git(&[
        "commit-tree",
        "-p",
        "gomend/io",
        "-m",
        "by hand",
        tree.trim(),
    ]);
    repo.git(&["update-ref", "refs/heads/gomend/io", foreign.trim()]);
    assert_eq!(
        refused(&update(), &repo),
        format!(
            "the branch `gomend/io` is not ours to replace: commit {} by Test Author was not made by gomend; choose another with `--branch`",
            &foreign[..10]
        )
    );
    assert_eq!(repo.git(&["rev-parse", "gomend/io"]), foreign);
}

#[test]
fn the_same_again_leaves_the_branch_as_it_is() {
    let (repo, files) = repository();
    let first = made(&plan(&repo.root, &files));
    let update = |author| BranchPlan {
        update: true,
        author,
        ..plan(&repo.root, &files)
    };
    let again = made(&update(None));
    assert!(again.unchanged && !first.unchanged);
    assert_eq!((&again.tip, &again.commits), (&first.tip, &first.commits));
    assert_eq!(repo.git(&["reflog", "gomend/io"]).lines().count(), 1);
    let other = made(&update(Some("A <a@b>")));
    assert!(!other.unchanged && other.tip != first.tip);
    assert_eq!(repo.git(&["reflog", "gomend/io"]).lines().count(), 2);
}

#[test]
fn a_branch_without_commits_of_its_own_is_replaced_only_if_it_was_ours() {
    let (repo, files) = repository();
    let update = || BranchPlan {
        update: true,
        ..plan(&repo.root, &files)
    };
    let refusal = "the branch `gomend/io` is not ours to replace: it has no commits of its own, and nothing says that gomend made it; choose another with `--branch`";
    repo.git(&["branch", "gomend/io"]);
    assert_eq!(refused(&update(), &repo), refusal);
    fs::remove_file(repo.root.join(".git/logs/refs/heads/gomend/io")).expect("it has a log");
    assert_eq!(refused(&update(), &repo), refusal);
    repo.git(&["branch", "-D", "-q", "gomend/io"]);

    let ours = made(&update());
    // Merged, and the base goes on from there.
    repo.git(&["merge", "-q", "--ff-only", "gomend/io"]);
    repo.commit("more");
    let next = [Verified::for_test("keep.go", "package k\n", "package kk\n")];
    let plan = BranchPlan {
        update: true,
        ..plan(&repo.root, &next)
    };
    let made = made(&plan);
    assert_ne!(made.tip, ours.tip);
    assert_eq!(repo.git(&["rev-list", "--count", "main..gomend/io"]), "1\n");
}

#[test]
fn a_branch_that_is_checked_out_stays() {
    let (repo, files) = repository();
    let linked = repo.beside("linked");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "gomend/io",
        linked.to_str().expect("plain"),
    ]);
    let message = refused(
        &BranchPlan {
            update: true,
            ..plan(&repo.root, &files)
        },
        &repo,
    );
    assert!(
        message.starts_with("the branch `gomend/io` is checked out in `"),
        "{message}"
    );
    assert!(message.contains("linked`"), "{message}");
    let message = refused(
        &BranchPlan {
            update: true,
            branch: "main",
            ..plan(&repo.root, &files)
        },
        &repo,
    );
    assert_eq!(
        message,
        "the branch `main` is checked out in `ROOT`; choose another with `--branch`, or switch it there"
    );
    let from_linked = linked.join(".git");
    let gitdir = fs::read_to_string(from_linked).expect("a link");
    let gitdir = Path::new(gitdir.trim().strip_prefix("gitdir: ").expect("a link")).to_path_buf();
    let branch = made(&BranchPlan {
        branch: "other",
        ..plan(&gitdir, &files)
    });
    assert_eq!(
        repo.git(&["rev-parse", "other"]).trim(),
        branch.tip.to_string()
    );
}

#[test]
fn detached_unborn_bare_and_badly_named() {
    let (repo, files) = repository();
    repo.git(&["checkout", "-q", "--detach"]);
    made(&plan(&repo.root, &files));
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().expect("plain")]);
    support::git(&bare, &["config", "user.name", "N"]);
    support::git(&bare, &["config", "user.email", "e@x"]);
    let branch = made(&BranchPlan {
        branch: "in-bare",
        base: "main",
        ..plan(&bare, &files)
    });
    assert_eq!(
        support::git(&bare, &["rev-parse", "in-bare"]).trim(),
        branch.tip.to_string()
    );
    for bad in ["", "a b", "a..b", "-a", "a.lock", "HEAD", "a\0b"] {
        let message = refused(
            &BranchPlan {
                branch: bad,
                ..plan(&repo.root, &files)
            },
            &repo,
        );
        assert!(
            message.starts_with(&format!("`{bad}` is not a name for a branch; ")),
            "{message}"
        );
    }
    let message = refused(
        &BranchPlan {
            branch: "gomend",
            ..plan(&repo.root, &files)
        },
        &repo,
    );
    assert!(
        message.starts_with("the branch `gomend` cannot be set: "),
        "{message}"
    );
    let unborn = TestRepo::new();
    let message = refused(&plan(&unborn.root, &files), &unborn);
    assert_eq!(message, "`ROOT/.git/` has no commit yet; make one first");
}

#[test]
fn identity_and_author() {
    let (repo, files) = repository();
    let message = refused(
        &BranchPlan {
            author: Some("nobody"),
            ..plan(&repo.root, &files)
        },
        &repo,
    );
    assert_eq!(
        message,
        "`--author nobody` is not of the form `Name <email>`"
    );
    repo.git(&["config", "user.email", ""]);
    let message = refused(
        &BranchPlan {
            branch: "x",
            ..plan(&repo.root, &files)
        },
        &repo,
    );
    assert_eq!(
        message,
        "git's configuration has no `user.email`; `git config --global user.email …` sets it"
    );
}

#[test]
fn converted_line_endings_are_stored_as_before() {
    let (repo, _) = repository();
    let converted = [Verified::for_test(
        "keep.go",
        "package k\r\n",
        "package k\r\n\r\nvar x int\r\n",
    )];
    made(&plan(&repo.root, &converted));
    assert_eq!(
        repo.git(&["show", "gomend/io:keep.go"]),
        "package k\n\nvar x int\n"
    );
}
