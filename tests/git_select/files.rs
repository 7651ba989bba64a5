//! What is in a repository: ignored, nested, linked, sparse, generated, oddly named.

use std::fs;

use gomend::select::{Options, skip_reason};

use super::{GO, agrees_with_git, error, everything, names, selected, support, support::TestRepo};

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
