//! What was asked for: paths and filters, inside a repository and outside of one, and the modules of what is found.

use std::path::Path;

use gomend::select::{Options, Tests, dirty, select};

use super::{GO, error, modules, names, selected, support, support::TestRepo};

#[test]
fn filters_and_why_nothing_is_left() {
    let repo = TestRepo::new();
    for path in [
        "a.go",
        "a_test.go",
        "internal/b.go",
        "internal/x/c_test.go",
        "vendor/v.go",
    ] {
        repo.write(path, GO);
    }
    let with = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        selected(&repo.root, &["."], &options)
    };
    assert_eq!(
        names(&with(|o| o.tests = Tests::Only)),
        ["a_test.go", "internal/x/c_test.go"]
    );
    assert_eq!(
        names(&with(|o| o.tests = Tests::Exclude)),
        ["a.go", "internal/b.go"]
    );
    assert_eq!(
        names(&with(|o| o.include = vec!["internal/".into()])),
        ["internal/b.go", "internal/x/c_test.go"]
    );
    assert_eq!(
        names(&with(
            |o| o.exclude = vec!["internal/x".into(), "*_test.go".into()]
        )),
        ["a.go", "internal/b.go"]
    );
    assert_eq!(
        names(&with(|o| o.include = vec!["{a,b}.go".into()])),
        ["a.go", "internal/b.go"]
    );
    let none = with(|o| o.include = vec!["vendor/".into()]);
    assert_eq!(
        none.emptiness().as_deref(),
        Some(
            "no Go file was selected: 4 files left out by `--since`, `--staged`, `--include`, `--exclude` or `--tests`; \
             1 file skipped: in `vendor/`"
        )
    );
    assert_eq!(with(|_| ()).emptiness(), None);
    assert!(
        error(
            &repo.root,
            &["."],
            &Options {
                exclude: vec!["a[".into()],
                ..Options::default()
            }
        )
        .starts_with("`--exclude a[` is not a glob")
    );
}

#[test]
fn paths_are_checked_and_followed() {
    let repo = TestRepo::new();
    repo.write("a/b.go", GO)
        .write("a/c.go", GO)
        .write("ab/d.go", GO)
        .write(".gitignore", "hidden.go\n")
        .write("hidden.go", GO)
        .write("note.txt", "");
    assert_eq!(
        names(&selected(&repo.root, &["a"], &Options::default())),
        ["a/b.go", "a/c.go"]
    );
    assert_eq!(
        names(&selected(
            &repo.root,
            &["ab/../a/b.go", "a"],
            &Options::default()
        )),
        ["a/b.go", "a/c.go"]
    );
    assert_eq!(
        names(&selected(&repo.root, &["hidden.go"], &Options::default())),
        ["hidden.go"]
    );
    let text = selected(&repo.root, &["note.txt"], &Options::default());
    assert_eq!(text.skipped[0].reason, "its name does not end in `.go`");
    assert_eq!(
        error(&repo.root, &["a", "no/such.go"], &Options::default()),
        "`ROOT/no/such.go` does not exist"
    );
    let outside = tempfile::tempdir().expect("a folder");
    let paths = [repo.root.clone(), outside.path().to_path_buf()];
    let message = select(&paths, &Options::default())
        .expect_err("refused")
        .to_string();
    assert!(message.contains("is not in the repository"), "{message}");
    assert_eq!(
        error(&TestRepo::bare().root, &["."], &Options::default())
            .split(" has ")
            .last(),
        Some("no commit yet; make one first")
    );
}

#[test]
fn outside_a_repository_ignore_files_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it exists");
    for (path, text) in [
        ("a.go", GO),
        (".gitignore", "b.go\n"),
        ("b.go", GO),
        (".ignore", "c.go\n"),
        ("c.go", GO),
        ("s/d.go", GO),
        ("n.txt", ""),
    ] {
        support::write(&root, path, text);
    }
    let set = selected(&root, &["."], &Options::default());
    assert_eq!(names(&set), ["a.go", "s/d.go"]);
    assert_eq!((set.git_dir, set.root), (None, root.clone()));
    assert_eq!(
        names(&selected(&root, &["b.go", "s"], &Options::default())),
        ["b.go", "s/d.go"]
    );
    let message = error(
        &root,
        &["."],
        &Options {
            staged: true,
            ..Options::default()
        },
    );
    assert_eq!(
        message,
        "`--staged` needs a git repository, and `ROOT` is not in one"
    );
}

#[test]
fn versions_come_from_the_nearest_module() {
    let repo = TestRepo::new();
    repo.write("go.mod", "module m\n\ngo 1.20\n")
        .write("in/go.mod", "module m/in\n")
        .write("in/deep/a.go", GO)
        .write("b.go", GO);
    repo.write(
        "vendor/modules.txt",
        "# x.y/z v1\n## explicit; go 1.18\nx.y/z\n",
    );
    let set = selected(&repo.root, &["."], &Options::default());
    let modules = modules(&set, &Options::default());
    let version = |path: &str, text: &str| {
        modules
            .version_for(Path::new(path), text)
            .map(|version| version.to_string())
    };
    assert_eq!(version("b.go", GO).as_deref(), Some("1.20"));
    assert_eq!(version("x/none.go", GO).as_deref(), Some("1.20"));
    assert_eq!(version("in/deep/a.go", GO).as_deref(), Some("1.16"));
    for ignored in ["_tools/a.go", ".ci/a.go", "x/_tools/deep/a.go", "_a.go"] {
        assert_eq!(version(ignored, GO), None, "{ignored}");
    }
    assert_eq!(version("vendor/x.y/z/a.go", GO).as_deref(), Some("1.18"));
    assert_eq!(version("vendor/un/known/a.go", GO), None);
    assert_eq!(
        version("b.go", "//go:build go1.22\n\npackage p\n").as_deref(),
        Some("1.22")
    );
    assert_eq!(
        version("b.go", "//go:build go1.4\n\npackage p\n").as_deref(),
        Some("1.21")
    );
}

#[test]
fn dirty_files_are_those_git_could_not_bring_back() {
    let repo = TestRepo::new();
    repo.write("clean.go", GO)
        .write("edited.go", GO)
        .write("staged.go", GO)
        .write(".gitignore", "ignored.go\n");
    repo.commit("one");
    repo.write("edited.go", "package q\n")
        .write("staged.go", "package q\n")
        .write("new/untracked.go", GO)
        .write("ignored.go", GO);
    repo.git(&["add", "staged.go"]);
    let paths: Vec<_> = [
        "clean.go",
        "edited.go",
        "staged.go",
        "new/untracked.go",
        "ignored.go",
    ]
    .map(|path| Path::new(path).into())
    .into();
    let found = dirty(&repo.root, &paths).expect("readable");
    let found: Vec<_> = found
        .iter()
        .map(|path| path.to_str().expect("plain"))
        .collect();
    assert_eq!(
        found,
        ["edited.go", "ignored.go", "new/untracked.go", "staged.go"]
    );
}
