//! What has changed, what is staged, and what a revision holds.

use std::path::Path;

use gomend::select::{Content, Options, dirty};

use super::{GO, error, modules, names, selected, support::TestRepo};

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
