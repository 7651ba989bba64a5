//! Selection against the real git: the file set must be exactly what `git ls-files -co --exclude-standard -- '*.go'` lists.

#[path = "support/mod.rs"]
mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gomend::select::{Content, FileSet, Modules, Options, Tests, dirty, select, skip_reason};
use support::TestRepo;

const GO: &str = "package p\n";

/// Options that leave nothing out for its folder, content or size.
fn everything() -> Options {
    Options {
        vendor: true,
        testdata: true,
        generated: true,
        max_file_size: u64::MAX,
        ..Options::default()
    }
}

fn selected(root: &Path, paths: &[&str], options: &Options) -> FileSet {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    select(&paths, options).unwrap_or_else(|error| panic!("{error}"))
}

fn modules(set: &FileSet, options: &Options) -> Modules {
    Modules::new(set, options).unwrap_or_else(|error| panic!("{error}"))
}

fn names(set: &FileSet) -> Vec<&str> {
    set.files
        .iter()
        .map(|file| file.path.to_str().expect("plain names"))
        .collect()
}

fn error(root: &Path, paths: &[&str], options: &Options) -> String {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    let message = select(&paths, options).expect_err("refused").to_string();
    message.replace(root.to_str().expect("plain names"), "ROOT")
}

/// Everything that selection knows of, chosen or skipped.
fn known(set: &FileSet) -> BTreeSet<PathBuf> {
    let skipped = set.skipped.iter().map(|file| file.path.to_path_buf());
    set.files
        .iter()
        .map(|file| file.path.to_path_buf())
        .chain(skipped)
        .collect()
}

#[track_caller]
fn agrees_with_git(root: &Path) {
    let set = selected(root, &["."], &everything());
    let listed = support::listed(root, &["*.go"]);
    assert!(
        !listed.is_empty(),
        "git lists nothing, so nothing is compared"
    );
    assert_eq!(known(&set), listed);
    let sorted: Vec<_> = set
        .files
        .windows(2)
        .map(|pair| pair[0].path < pair[1].path)
        .collect();
    assert!(
        sorted.iter().all(|ascending| *ascending),
        "not in path order"
    );
}

#[test]
fn tracked_untracked_and_ignored_files() {
    let repo = TestRepo::new();
    repo.write("a.go", GO)
        .write("gen/tracked.go", GO)
        .write(".hidden/h.go", GO)
        .write("_x/y.go", GO);
    repo.commit("one");
    repo.write(
        ".gitignore",
        "gen/\n/only_root.go\n*.pb.go\n!keep.pb.go\r\ndoc/*.go\n!doc/keep.go\n",
    );
    for path in [
        "gen/new.go",
        "only_root.go",
        "sub/only_root.go",
        "x.pb.go",
        "keep.pb.go",
        "doc/a.go",
        "doc/keep.go",
        "new.go",
    ] {
        repo.write(path, GO);
    }
    repo.write("sub/.gitignore", "!x.pb.go\nlocal.go\n")
        .write("sub/x.pb.go", GO)
        .write("sub/local.go", GO);
    repo.write(".ignore", "a.go\n")
        .write("sub/.rgignore", "*.go\n");
    agrees_with_git(&repo.root);
    let set = selected(&repo.root, &["."], &everything());
    assert!(names(&set).contains(&"gen/tracked.go") && !names(&set).contains(&"gen/new.go"));
}

#[test]
fn excludes_of_the_repository_and_of_the_user() {
    let repo = TestRepo::new();
    repo.write(".git/info/exclude", "private.go\n!both.go\n");
    let excludes = repo.beside("excludes");
    fs::write(&excludes, "both.go\nmine.go\n/anchored.go\n").expect("ours");
    repo.git(&[
        "config",
        "core.excludesFile",
        excludes.to_str().expect("plain"),
    ]);
    for path in [
        "private.go",
        "both.go",
        "mine.go",
        "sub/mine.go",
        "anchored.go",
        "sub/anchored.go",
        "a.go",
    ] {
        repo.write(path, GO);
    }
    agrees_with_git(&repo.root);
}

#[test]
fn case_does_not_count_where_git_says_so() {
    let repo = TestRepo::new();
    repo.git(&["config", "core.ignoreCase", "true"]);
    repo.write(".gitignore", "GEN/\nA*.go\n[x]y.go\n");
    for path in ["gen/a.go", "abc.go", "Xy.go", "other.go"] {
        repo.write(path, GO);
    }
    agrees_with_git(&repo.root);
}

#[test]
fn odd_names() {
    let repo = TestRepo::new();
    for path in [
        "with space.go",
        "ünï/côdé.go",
        "new\nline.go",
        "tab\t.go",
        ".go",
        "a.GO",
        "x.go.bak",
        "dir.go/in.go",
    ] {
        repo.write(path, GO);
    }
    repo.commit("one");
    repo.write("un tracked/é.go", GO);
    agrees_with_git(&repo.root);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let repo = TestRepo::new();
    repo.write(std::ffi::OsStr::from_bytes(b"bad\xff.go"), GO);
    repo.write(std::ffi::OsStr::from_bytes(b"ignored\xfe.go"), GO);
    repo.write(".gitignore", b"ignored\xfe.go\n");
    agrees_with_git(&repo.root);
}

#[test]
fn nested_repositories_submodules_and_worktrees() {
    let repo = TestRepo::new();
    repo.write("a.go", GO);
    repo.commit("one");
    for nested in ["nested", "deep/er"] {
        repo.write(format!("{nested}/n.go"), GO);
        support::git(&repo.root.join(nested), &["init", "-q"]);
    }
    repo.write("fake/.git/x", "")
        .write("fake/f.go", GO)
        .write("file/.git", "no link")
        .write("file/f.go", GO);
    let other = TestRepo::new();
    other.write("s.go", GO);
    other.commit("one");
    let source = other.root.to_str().expect("plain");
    repo.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        source,
        "mod",
    ]);
    repo.git(&["commit", "-qm", "submodule"]);
    repo.write("mod/untracked.go", GO);
    let linked = repo.beside("linked");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        linked.to_str().expect("plain"),
        "-b",
        "side",
    ]);
    repo.git(&["worktree", "add", "-q", "inside", "-b", "inner"]);
    support::write(&linked, "only_here.go", GO);
    agrees_with_git(&repo.root);
    agrees_with_git(&linked);
    agrees_with_git(&repo.root.join("inside"));
    agrees_with_git(&repo.root.join("mod"));
    let message = error(&repo.root, &["a.go", "nested"], &everything());
    assert_eq!(
        message,
        "`ROOT/nested` is not in the repository `ROOT` that `ROOT/a.go` is in; run once for each repository"
    );
}

#[test]
fn sparse_and_deleted_files_are_skipped_by_name() {
    let repo = TestRepo::new();
    repo.write("in/a.go", GO)
        .write("out/b.go", GO)
        .write("out/.gitignore", "x.go\n")
        .write("gone.go", GO);
    repo.commit("one");
    repo.git(&["sparse-checkout", "set", "in"]);
    fs::remove_file(repo.root.join("gone.go")).expect("there");
    repo.write("out/x.go", GO).write("out/y.go", GO);
    agrees_with_git(&repo.root);
    let set = selected(&repo.root, &["."], &everything());
    assert_eq!(names(&set), ["in/a.go", "out/y.go"]);
    let skipped: Vec<_> = set
        .skipped
        .iter()
        .map(|file| (file.path.to_str().expect("plain"), &*file.reason))
        .collect();
    assert_eq!(
        skipped,
        [
            ("gone.go", "not in the work tree"),
            ("out/b.go", "not in the work tree")
        ]
    );
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let repo = TestRepo::new();
    repo.write("real/a.go", GO).write("moved/b.go", GO);
    symlink("real/a.go", repo.root.join("tracked.go")).expect("ours");
    repo.commit("one");
    symlink("real/a.go", repo.root.join("untracked.go")).expect("ours");
    symlink("real", repo.root.join("folder")).expect("ours");
    fs::rename(repo.root.join("moved"), repo.beside("elsewhere")).expect("ours");
    symlink(repo.beside("elsewhere"), repo.root.join("moved")).expect("ours");
    agrees_with_git(&repo.root);
    let set = selected(&repo.root, &["."], &everything());
    assert_eq!(names(&set), ["real/a.go"]);
    let reasons: Vec<_> = set.skipped.iter().map(|file| &*file.reason).collect();
    assert_eq!(
        reasons,
        ["not in the work tree", "symbolic link", "symbolic link"]
    );
}

#[test]
fn what_is_left_out_by_default_and_why() {
    let repo = TestRepo::new();
    repo.write(
        ".gitattributes",
        "*.pb.go linguist-generated\nkeep.pb.go -linguist-generated\n",
    );
    for path in [
        "a.go",
        "vendor/v.go",
        "x/testdata/t.go",
        "node_modules/n.go",
        "z.pb.go",
        "keep.pb.go",
        "vendor.go",
    ] {
        repo.write(path, GO);
    }
    repo.write("big.go", " ".repeat((4 << 20) + 1));
    let set = selected(&repo.root, &["."], &Options::default());
    assert_eq!(names(&set), ["a.go", "keep.pb.go", "vendor.go"]);
    let skipped: Vec<_> = set
        .skipped
        .iter()
        .map(|file| format!("{}: {}", file.path.display(), file.reason))
        .collect();
    assert_eq!(
        skipped,
        [
            "big.go: larger than 4 MiB (--max-file-size)",
            "node_modules/n.go: in `node_modules/`",
            "vendor/v.go: in `vendor/`",
            "x/testdata/t.go: in `testdata/`",
            "z.pb.go: generated (linguist-generated)",
        ]
    );
    let named = selected(
        &repo.root,
        &["vendor/v.go", "z.pb.go", "x/testdata"],
        &Options::default(),
    );
    assert_eq!(names(&named), ["vendor/v.go", "x/testdata/t.go", "z.pb.go"]);
    assert_eq!(
        named
            .files
            .iter()
            .map(|file| file.named)
            .collect::<Vec<_>>(),
        [true, false, true]
    );
}

#[test]
fn generated_code_is_known_by_its_marker() {
    let repo = TestRepo::new();
    repo.write("a.go", GO);
    let set = selected(&repo.root, &["."], &Options::default());
    let generated =
        |text: &str| skip_reason(&set.files[0], text.as_bytes(), &Options::default()).is_some();
    assert!(generated(
        "// Code generated by x. DO NOT EDIT.\npackage p\n"
    ));
    assert!(generated(
        "//go:build linux\n\n/* c */\n// Code generated by x; DO NOT EDIT.\r\n\npackage p\n"
    ));
    assert!(!generated(
        "package p\n// Code generated by x. DO NOT EDIT.\n"
    ));
    assert!(!generated(
        "// Code generated by x. DO NOT EDIT. Really.\npackage p\n"
    ));
    assert!(!generated(
        "// code generated by x. DO NOT EDIT.\npackage p\n"
    ));
}

#[test]
fn since_takes_committed_uncommitted_and_untracked_changes() {
    let repo = TestRepo::new();
    repo.write("same.go", GO)
        .write("committed.go", GO)
        .write("edited.go", "package p\n\nvar a = 1\n")
        .write("main_only.go", GO);
    repo.write(
        "old_name.go",
        "package p\n\nvar (\n\ta = 1\n\tb = 2\n\tc = 3\n)\n",
    );
    repo.commit("one");
    repo.git(&["checkout", "-qb", "topic"]);
    repo.write("committed.go", "package p\n\nvar x = 1\n");
    repo.git(&["mv", "old_name.go", "new_name.go"]);
    repo.commit("two");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main_only.go", "package p // changed on main\n");
    repo.commit("three");
    repo.git(&["checkout", "-q", "topic"]);
    repo.write("edited.go", "package p\n\nvar a = 2\nvar b = 3\n")
        .write("untracked.go", GO)
        .write("staged.go", GO);
    repo.git(&["add", "staged.go"]);
    let options = Options {
        since: Some("main".into()),
        changed_lines: true,
        ..Options::default()
    };
    let set = selected(&repo.root, &["."], &options);
    assert_eq!(
        names(&set),
        [
            "committed.go",
            "edited.go",
            "new_name.go",
            "staged.go",
            "untracked.go"
        ]
    );
    assert_eq!(set.filtered, 2);
    let lines: Vec<_> = set
        .changed_lines
        .expect("asked for")
        .into_iter()
        .map(|(path, lines)| format!("{}: {lines:?}", path.display()))
        .collect();
    assert_eq!(
        lines,
        [
            "committed.go: [2..=3]",
            "edited.go: [3..=4]",
            "staged.go: [1..=1]",
            "untracked.go: [1..=1]"
        ]
    );
    let message = error(
        &repo.root,
        &["."],
        &Options {
            since: Some("nope".into()),
            ..Options::default()
        },
    );
    assert!(
        message.starts_with("`nope` does not name a commit: "),
        "{message}"
    );
}

#[test]
fn staged_content_comes_from_the_index() {
    let repo = TestRepo::new();
    repo.write("a.go", "package a\n")
        .write("b.go", GO)
        .write("go.mod", "module m\n\ngo 1.20\n");
    repo.commit("one");
    repo.write("a.go", "package staged\n")
        .write("go.mod", "module m\n\ngo 1.22\n");
    repo.git(&["add", "."]);
    repo.write("a.go", "package disk\n")
        .write("b.go", "package disk\n")
        .write("go.mod", "module m\n\ngo 1.23\n");
    let set = selected(
        &repo.root,
        &["."],
        &Options {
            staged: true,
            ..Options::default()
        },
    );
    assert_eq!(names(&set), ["a.go"]);
    let text = set
        .reader()
        .expect("opens")
        .read(&set.files[0])
        .expect("there");
    assert_eq!(text, b"package staged\n");
    let version = modules(
        &set,
        &Options {
            staged: true,
            ..Options::default()
        },
    )
    .version_for(&set.files[0].path, "package p\n");
    assert_eq!(
        version.map(|version| version.to_string()).as_deref(),
        Some("1.22")
    );
}

#[test]
fn a_revision_is_read_without_a_checkout() {
    let repo = TestRepo::new();
    repo.write("a.go", "package old\n")
        .write("gone.go", GO)
        .write("go.mod", "module m\n\ngo 1.20\n");
    repo.write("gen.go", GO)
        .write(".gitattributes", "gen.go linguist-generated\n");
    repo.commit("one");
    repo.git(&["rm", "-q", "gone.go"]);
    repo.write("a.go", "package new\n")
        .write("go.mod", "module m\n\ngo 1.23\n")
        .write(".gitattributes", "");
    repo.commit("two");
    repo.write("untracked.go", GO);
    let set = selected(
        &repo.root,
        &["."],
        &Options {
            at: Some("HEAD~".into()),
            ..Options::default()
        },
    );
    assert_eq!(names(&set), ["a.go", "gone.go"]);
    assert_eq!(set.skipped[0].reason, "generated (linguist-generated)");
    assert!(matches!(set.files[0].content, Content::Blob(_)));
    assert_eq!(
        set.reader()
            .expect("opens")
            .read(&set.files[0])
            .expect("there"),
        b"package old\n"
    );
    let version = modules(
        &set,
        &Options {
            at: Some("HEAD~".into()),
            ..Options::default()
        },
    )
    .version_for(&set.files[0].path, "package p\n");
    assert_eq!(
        version.map(|version| version.to_string()).as_deref(),
        Some("1.20")
    );
    let gone = selected(
        &repo.root,
        &["gone.go"],
        &Options {
            at: Some("HEAD~".into()),
            ..Options::default()
        },
    );
    assert_eq!(names(&gone), ["gone.go"]);

    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().expect("plain")]);
    let set = selected(&bare, &["."], &Options::default());
    assert_eq!(names(&set), ["a.go", "gen.go"]);
    assert_eq!(
        set.reader()
            .expect("opens")
            .read(&set.files[0])
            .expect("there"),
        b"package new\n"
    );
    let refused = dirty(&bare, &[Path::new("a.go").into()]).expect_err("it has no work tree");
    assert!(
        refused
            .to_string()
            .contains("is a bare repository, so there are no files to write"),
        "{refused}"
    );
}

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
