//! Whose commits are on a branch, and whether they are what would be made now.

use super::*;
use crate::deliver::{
    push::{Depth, Remote},
    support::TestRepo,
};

fn git(repo: &TestRepo) -> Git {
    Git::find(&[])
        .expect("git is installed")
        .git_dir(&repo.root.join(".git"))
}

/// A commit on top of `parent` as we make them.
fn ours(repo: &TestRepo, parent: &str, base: &str, text: &str) -> String {
    repo.git(&["checkout", "-q", parent]);
    repo.write("a.go", text.as_bytes());
    let message = format!(
        "Mend\n\nWhy.\n\nGomend-Codemod: a/b\nGomend-Version: 0.1.0\nGomend-Base: {base}\n"
    );
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", &message]);
    head(repo)
}

fn head(repo: &TestRepo) -> String {
    repo.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

fn begin() -> (TestRepo, String) {
    let repo = TestRepo::new();
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Begin"]);
    let base = head(&repo);
    (repo, base)
}

fn looked(repo: &TestRepo, base: &str, tip: &str, new: Option<&str>) -> (Branch, bool) {
    look(&git(repo), base, tip, new).expect("it can be read")
}

#[test]
fn what_was_made_again_is_the_same_at_any_date() {
    let (repo, base) = begin();
    let one = ours(&repo, &base, &base, "package a\n");
    let two = ours(&repo, &one, &base, "package a // two\n");
    assert_eq!(looked(&repo, &base, &two, Some(&two)), (Branch::Ours, true));
    // The same again, a year later.
    repo.git(&["checkout", "-q", &base]);
    let dated = |commit: &str| {
        let tree = repo.git(&["rev-parse", &format!("{commit}^{{tree}}")]);
        let message = repo.git(&["log", "-1", "--format=%B", commit]);
        (tree.trim().to_owned(), message)
    };
    let mut parent = base.clone();
    for commit in [&one, &two] {
        let (tree, message) = dated(commit);
        let output = crate::deliver::support::command("git")
            .current_dir(&repo.root)
            .args([
                "commit-tree",
                &tree,
                "-p",
                &parent,
                "-m",
                message.trim_end(),
            ])
            .env("GIT_AUTHOR_DATE", "2025-01-02T03:04:05Z")
            .env("GIT_COMMITTER_DATE", "2025-01-02T03:04:05Z")
            .output()
            .expect("git is installed");
        parent = String::from_utf8(output.stdout)
            .expect("text")
            .trim()
            .to_owned();
    }
    assert_ne!(parent, two);
    assert_eq!(
        looked(&repo, &base, &two, Some(&parent)),
        (Branch::Ours, true)
    );
    assert_eq!(
        looked(&repo, &base, &one, Some(&parent)),
        (Branch::Ours, false)
    );
    let other = ours(&repo, &one, &base, "package a // other\n");
    assert_eq!(
        looked(&repo, &base, &two, Some(&other)),
        (Branch::Ours, false)
    );
    assert_eq!(looked(&repo, &base, &two, None), (Branch::Ours, false));
}

#[test]
fn a_base_that_moved_makes_it_another_and_keeps_it_ours() {
    let (repo, base) = begin();
    let old = ours(&repo, &base, &base, "package a\n");
    repo.git(&["checkout", "-q", &base]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Moved"]);
    let moved = head(&repo);
    let new = ours(&repo, &moved, &moved, "package a\n");
    assert_eq!(
        looked(&repo, &moved, &old, Some(&new)),
        (Branch::Ours, false)
    );
    // Merged as it is: nothing on it is not in the base.
    assert_eq!(looked(&repo, &old, &old, None), (Branch::Ours, false));
}

#[test]
fn what_a_person_did_is_seen() {
    let (repo, base) = begin();
    let one = ours(&repo, &base, &base, "package a\n");
    let others = |tip: &str| match looked(&repo, &base, tip, Some(&one)).0 {
        Branch::Others(who) => who.replace(&tip[..10], "TIP"),
        branch => panic!("{branch:?}"),
    };
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Mine"]);
    let added = head(&repo);
    assert_eq!(others(&added), "commit TIP by Test Author");
    // Ours on top of a person's does not hide it.
    let buried = ours(&repo, &added, &base, "package a // more\n");
    assert!(others(&buried).ends_with("by Test Author"));
    repo.git(&["checkout", "-q", &one]);
    let amend = crate::deliver::support::command("git")
        .current_dir(&repo.root)
        .args(["commit", "-q", "--amend", "--allow-empty", "--no-edit"])
        .env("GIT_COMMITTER_DATE", "2024-01-03T03:04:05Z")
        .status();
    assert!(amend.expect("git is installed").success());
    assert_eq!(
        others(&head(&repo)),
        "commit TIP was changed after gomend made it"
    );
    // A merge of the base into the branch, as a button of forges makes it.
    repo.git(&["checkout", "-q", &base]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Moved"]);
    let moved = head(&repo);
    repo.git(&["checkout", "-q", &one]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "Merge", &moved]);
    assert_eq!(others(&head(&repo)), "commit TIP by Test Author");
}

#[test]
fn a_shallow_clone_tells_it_too() {
    let (repo, base) = begin();
    let old = ours(&repo, &base, &base, "package a\n");
    repo.git(&["branch", "mend", &old]);
    repo.git(&["checkout", "-q", "-B", "main", &base]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Moved"]);
    let moved = head(&repo);
    let folder = repo.beside("shallow");
    let url = format!("file://{}", repo.root.display());
    repo.git(&[
        "clone",
        "-q",
        "--depth=1",
        "--branch=main",
        &url,
        folder.to_str().expect("plain"),
    ]);
    let shallow = Git::find(&[]).expect("git").git_dir(&folder.join(".git"));
    let remote = Remote::new(&shallow, "origin", &url, None);
    remote
        .fetch("mend", Depth::Without("main"))
        .expect("it is there");
    assert_eq!(
        look(&shallow, &moved, &old, None).expect("readable").0,
        Branch::Ours
    );
    let commits = shallow
        .run(&["rev-list", "--count", &old], b"")
        .expect("readable");
    assert_eq!(
        commits.text(),
        "1",
        "no more history came than there is need for"
    );
}
