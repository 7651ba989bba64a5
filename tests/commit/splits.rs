//! What goes into which commit, and that it is the same every time.

use crate::{commit, fill, gomend, made, ran, refused, repository, support};

const BRANCH: &str = "gomend/migrate/any";

/// Subjects of the branch's commits with the files that each changes, oldest first.
fn log(folder: &std::path::Path) -> String {
    let range = format!("HEAD..{BRANCH}");
    support::git(
        folder,
        &["log", "--reverse", "--name-only", "--format=> %s", &range],
    )
    .replace("\n\n", "\n")
}

#[test]
fn each_package_has_a_commit_and_each_commit_stands_alone() {
    let repo = repository();
    repo.write("srv/a_test.go", "package srv_test\n\nvar T interface{}\n");
    repo.commit("a test of another package name");
    let commits = made(commit(&repo.root).args(["--split", "package", "-q"]));
    assert_eq!(
        log(&repo.root),
        "> top: Write `any` for `interface{}`\ntop.go\n\
         > lib: Write `any` for `interface{}`\nlib/a.go\n\
         > srv: Write `any` for `interface{}`\nsrv/a.go\nsrv/a_test.go\n"
    );
    assert_eq!(
        repo.git(&["log", "-1", "--format=%B", BRANCH]),
        format!(
            "srv: Write `any` for `interface{{}}`\n\n\
             - migrate/any: Write `any` for `interface{{}}` (3 changes)\n\n\
             In 2 files.\n\n\
             Gomend-Codemod: migrate/any\nGomend-Version: {}\nGomend-Base: {}\n\n",
            env!("CARGO_PKG_VERSION"),
            repo.git(&["rev-parse", "HEAD"]).trim()
        )
    );
    // Each takes away what it says, and nothing is found in what it has changed.
    let left = [
        "5 findings in 3 of 4 files",
        "3 findings in 2 of 4 files",
        "no findings in 4 files",
    ];
    for (commit, left) in commits.iter().zip(left) {
        let (_, _, stderr) = ran(&mut gomend(
            &repo.root,
            &[
                "check",
                "--gofmt",
                "off",
                "-c",
                "migrate/any",
                "--at",
                commit,
                "--format",
                "json",
            ],
        ));
        assert!(stderr.contains(left), "{stderr}");
    }
    for (split, branch) in [("none", "all"), ("codemod", "each")] {
        made(commit(&repo.root).args(["-q", "--branch", branch, "--split", split]));
        let tree = |branch: &str| repo.git(&["rev-parse", &format!("{branch}^{{tree}}")]);
        assert_eq!(tree(branch), tree(BRANCH), "{split}");
    }
}

#[test]
fn owners_are_those_of_the_base() {
    let repo = repository();
    repo.write(
        ".github/CODEOWNERS",
        "* @all\n/srv/ @org/srv ann@example.com\n/lib/\n",
    );
    repo.commit("owners");
    repo.write(".github/CODEOWNERS", "* @changed\n");
    let (code, _, stderr) = ran(commit(&repo.root).args(["--split", "owner"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("owners are those of `.github/CODEOWNERS`, by the rules of GitHub\n"));
    assert_eq!(
        log(&repo.root),
        "> Write `any` for `interface{}` (all)\ntop.go\n\
         > Write `any` for `interface{}` (org/srv, ann@example.com)\nsrv/a.go\n\
         > Write `any` for `interface{}` (no owner)\nlib/a.go\n"
    );
}

#[test]
fn gitlab_has_rules_of_its_own() {
    let repo = repository();
    repo.write(
        ".gitlab/CODEOWNERS",
        "* @all\n[Lib][2] @a @b @c @d\n/lib/\n!/srv/\n",
    );
    repo.commit("owners");
    made(commit(&repo.root).args(["--split", "owner", "-q"]));
    assert_eq!(
        log(&repo.root),
        "> Write `any` for `interface{}` (a, all and 3 more)\nlib/a.go\n\
         > Write `any` for `interface{}` (all)\nsrv/a.go\ntop.go\n"
    );
}

#[test]
fn without_owners_there_is_nothing_to_split_by() {
    let repo = repository();
    assert_eq!(
        refused(commit(&repo.root).args(["--split", "owner"]), &repo.root),
        "`HEAD` has no CODEOWNERS file, which `--split owner` goes by; add one, or use `--split package`"
    );
}

#[test]
fn the_same_input_and_dates_give_the_same_commits() {
    let mut all = Vec::new();
    for (jobs, zone) in [("1", "UTC"), ("4", "Asia/Tokyo"), ("2", "America/St_Johns")] {
        let repo = repository();
        let mut command = commit(&repo.root);
        command.args(["--split", "package", "-q", "--signoff", "-j", jobs]);
        command
            .env("TZ", zone)
            .env("GIT_AUTHOR_DATE", "1700000000 +0230");
        command.env("GIT_COMMITTER_DATE", "2024-02-03T04:05:06-07:00");
        all.push(made(&mut command));
        let dates = repo.git(&["log", "-1", "--format=%ad %cd", "--date=raw", BRANCH]);
        assert_eq!(dates, "1700000000 +0230 1706958306 -0700\n");
    }
    assert_eq!((all[0].len(), &all[0], &all[0]), (3, &all[1], &all[2]));
}

#[test]
fn blame_passes_over_the_commits() {
    let repo = repository();
    let whose = |revision: &str| {
        let file = format!("--ignore-revs-file={}", repo.beside("revs").display());
        let text = repo.git(&["show", &format!("{revision}:.git-blame-ignore-revs")]);
        std::fs::write(repo.beside("revs"), text).expect("ours");
        repo.git(&["blame", &file, "-s", "-L3,3", revision, "--", "srv/a.go"])
    };
    let commits =
        made(commit(&repo.root).args(["--split", "package", "-q", "--blame-ignore-revs"]));
    assert_eq!(commits.len(), 4);
    let base = repo.git(&["rev-parse", "HEAD"]);
    assert!(whose(BRANCH).contains(&base[..7]), "{}", whose(BRANCH));
    assert_eq!(
        repo.git(&["show", &format!("{BRANCH}:.git-blame-ignore-revs")]),
        format!(
            "# top: Write `any` for `interface{{}}`\n{}\n# lib: Write `any` for `interface{{}}`\n{}\n# srv: Write `any` for `interface{{}}`\n{}\n",
            commits[0], commits[1], commits[2]
        )
    );
    let again = made(commit(&repo.root).args([
        "--split",
        "package",
        "-q",
        "--blame-ignore-revs",
        "--update",
    ]));
    assert_eq!(again, commits);

    // A file that is there is added to, and offered.
    repo.write(
        ".git-blame-ignore-revs",
        "# before\n0000000000000000000000000000000000000001",
    );
    repo.commit("revs");
    let (_, _, stderr) = ran(commit(&repo.root).args(["--branch", "offered"]));
    assert!(
        stderr.contains("run with `--update --blame-ignore-revs`\n"),
        "{stderr}"
    );
    let commits = made(commit(&repo.root).args(["--branch", "added", "-q", "--blame-ignore-revs"]));
    assert_eq!(
        repo.git(&["show", "added:.git-blame-ignore-revs"]),
        format!(
            "# before\n0000000000000000000000000000000000000001\n\n# Write `any` for `interface{{}}`\n{}\n",
            commits[0]
        )
    );
}

#[test]
fn splitting_needs_neither_work_tree_nor_index() {
    let repo = repository();
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().expect("plain")]);
    fill(&repo.root);
    let commits = made(commit(&bare).args(["--split", "package", "-q"]));
    assert_eq!(
        made(commit(&repo.root).args(["--split", "package", "-q"])),
        commits
    );
}
