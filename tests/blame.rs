//! `--blame` against git itself, in repositories of every kind.

mod support;

use std::{collections::BTreeMap, fs, ops::RangeInclusive, path::Path, process::Output, sync::Arc};

use gomend::blame::{Index, Question, Wanted, ask};
use serde_json::{Value, json};
use support::{TestRepo, command, git};

/// A file with one finding of `context/cancel-discarded`, on line 6.
const LEAK: &str = "package p\n\nimport \"context\"\n\nfunc f(ctx context.Context) {\n\tctx, _ = context.WithCancel(ctx)\n\tuse(ctx)\n}\n";

/// Runs gomend in a folder.
fn gomend(folder: &Path, arguments: &[&str]) -> Output {
    command(env!("CARGO_BIN_EXE_gomend"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the binary under test")
}

/// The `blame` of each finding, and what was said on standard error.
fn blames(folder: &Path, arguments: &[&str]) -> (Vec<Value>, String) {
    let arguments = [&["check", "--blame", "--format", "json"], arguments].concat();
    let output = gomend(folder, &arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let findings = report["findings"].as_array().expect("a list").iter();
    (findings.map(|f| f["blame"].clone()).collect(), said)
}

/// Commits everything as somebody, at a second after noon.
fn commit_as(repo: &TestRepo, name: &str, second: usize) -> String {
    let date = format!("2024-05-06T12:00:{second:02}+02:00");
    let email = format!("{}@example.org", name.to_lowercase());
    git(&repo.root, &["add", "-A"]);
    let output = command("git")
        .current_dir(&repo.root)
        .env("GIT_AUTHOR_NAME", name)
        .env("GIT_AUTHOR_EMAIL", email)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .args(["commit", "-q", "--allow-empty", "-m", name])
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "{output:?}");
    git(&repo.root, &["rev-parse", "HEAD"]).trim().to_owned()
}

fn by(name: &str, second: usize, commit: &str) -> Value {
    json!({
        "author": name, "email": format!("{}@example.org", name.to_lowercase()),
        "commit": commit, "date": format!("2024-05-06T12:00:{second:02}+02:00"),
    })
}

fn uncommitted() -> Value {
    json!({"author": null, "email": null, "commit": null, "date": null})
}

#[test]
fn the_author_of_the_line_is_named_wherever_the_line_went() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    let first = commit_as(&repo, "Ann", 1);
    repo.write(
        "a.go",
        LEAK.replace("package p", "// Package p leaks.\npackage p"),
    );
    commit_as(&repo, "Bob", 2);
    assert_eq!(blames(&repo.root, &[]).0, [by("Ann", 1, &first)]);
    // Lines that are not committed move it too, and other line ends are no change.
    repo.write(
        "a.go",
        format!("// one\n// two\n{LEAK}").replace('\n', "\r\n"),
    );
    assert_eq!(blames(&repo.root, &[]).0, [by("Ann", 1, &first)]);
    repo.write("a.go", LEAK.replace("\tctx, _ =", "\tctx,   _ ="));
    assert_eq!(blames(&repo.root, &[]).0, [uncommitted()]);
    repo.git(&["add", "-A"]);
    assert_eq!(blames(&repo.root, &["--staged"]).0, [uncommitted()]);
    assert_eq!(
        blames(&repo.root, &["--at", "HEAD"]).0,
        [by("Ann", 1, &first)]
    );
    repo.git(&["mv", "a.go", "b.go"]);
    let third = commit_as(&repo, "Cid", 3);
    assert_eq!(blames(&repo.root, &[]).0, [by("Cid", 3, &third)]);
    assert_eq!(
        blames(&repo.root, &["--at", "HEAD~1"]).0,
        [by("Ann", 1, &first)]
    );
}

#[test]
fn of_several_lines_the_most_recent_commit_counts() {
    let repo = TestRepo::new();
    let split = LEAK.replace("WithCancel(ctx)", "WithCancel(\n\t\tctx,\n\t)");
    repo.write("a.go", &split);
    commit_as(&repo, "Ann", 5);
    repo.write(
        "a.go",
        split.replace("\t\tctx,", "\t\tctx, // the request's"),
    );
    let second = commit_as(&repo, "Bob", 7);
    assert_eq!(blames(&repo.root, &[]).0, [by("Bob", 7, &second)]);
}

#[test]
fn mailmap_and_ignored_revisions_count() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    let first = commit_as(&repo, "Ann", 1);
    repo.write("a.go", LEAK.replace("ctx, _ =", "ctx, _  ="));
    let second = commit_as(&repo, "Bob", 2);
    assert_eq!(blames(&repo.root, &[]).0, [by("Bob", 2, &second)]);
    // The name that forges know counts where nothing is configured.
    repo.write(".git-blame-ignore-revs", format!("# spaces\n{second}\n"));
    assert_eq!(
        blames(&repo.root, &[]),
        (vec![by("Ann", 1, &first)], blames(&repo.root, &[]).1)
    );
    repo.write(
        ".mailmap",
        "Ann Married <ann@home.example> <ann@example.org>\n",
    );
    let mut married = by("Ann", 1, &first);
    married["author"] = json!("Ann Married");
    married["email"] = json!("ann@home.example");
    assert_eq!(blames(&repo.root, &[]).0, [married.clone()]);
    // A bad file is said, and done without.
    repo.write(".git-blame-ignore-revs", "main\n");
    let (blame, said) = blames(&repo.root, &[]);
    assert_eq!(blame, [by("Bob", 2, &second)]);
    assert!(
        said.contains("warning: `.git-blame-ignore-revs:1` is not the whole id of a commit, so `--blame` does without the file\n"),
        "{said}"
    );
    // What is configured wins.
    repo.write("other", &second);
    repo.git(&["config", "blame.ignoreRevsFile", "other"]);
    assert_eq!(blames(&repo.root, &[]).0, [married]);
}

#[test]
fn a_bare_repository_and_a_commit_are_blamed_at_their_revision() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    let first = commit_as(&repo, "Ann", 1);
    repo.write("a.go", LEAK.replace("ctx, _ =", "ctx, _  ="));
    let second = commit_as(&repo, "Bob", 2);
    repo.write(".git-blame-ignore-revs", format!("{second}\n"));
    repo.write(".mailmap", "Anna <ann@example.org>\n");
    commit_as(&repo, "Cid", 3);
    let bare = repo.beside("bare");
    let bare_name = bare.to_str().expect("plain");
    git(&repo.root, &["clone", "-q", "--bare", ".", bare_name]);
    let mut anna = by("Ann", 1, &first);
    anna["author"] = json!("Anna");
    assert_eq!(blames(&bare, &[]).0, [anna]);
    let arguments = [
        "commit", "--base", &first, "--blame", "--gofmt", "off", "--format", "json",
    ];
    let output = gomend(&repo.root, &arguments);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["findings"][0]["blame"]["commit"], json!(first));
    assert_eq!(report["findings"][0]["status"], "applied");
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    commit_as(&repo, "Ann", 1);
    repo.write("b.txt", "2");
    let second = commit_as(&repo, "Bob", 2);
    repo.write("b.txt", "3");
    commit_as(&repo, "Cid", 3);
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.root.display());
    let arguments = [
        "clone",
        "-q",
        "--depth",
        "2",
        &from,
        shallow.to_str().expect("plain"),
    ];
    git(&repo.root, &arguments);
    let mut expected = by("Bob", 2, &second);
    expected["boundary"] = json!(true);
    assert_eq!(blames(&shallow, &[]).0, [expected]);
    let text = gomend(&shallow, &["check", "--blame"]).stdout;
    let text = String::from_utf8_lossy(&text);
    let line = format!(
        "  = note: last changed by Bob in {} on 2024-05-06 or before: the clone is shallow and ends there\n",
        &second[..12]
    );
    assert!(text.contains(&line), "{text}");
    // The first commit of a whole clone is no such end.
    assert_eq!(blames(&repo.root, &[]).0[0].get("boundary"), None);
}

#[test]
fn what_is_not_committed_says_so_before_the_first_commit_and_in_new_files() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    assert_eq!(blames(&repo.root, &[]).0, [uncommitted()]);
    let first = commit_as(&repo, "Ann", 1);
    repo.write("b.go", LEAK.replace("func f", "func g"));
    let output = gomend(&repo.root, &["check", "--blame"]);
    let (text, said) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(text.contains("  = note: not committed yet\n"), "{text}");
    assert!(
        said.contains("blame: 1 × not committed yet\nblame: 1 × Ann <ann@example.org>\n"),
        "{said}"
    );
    assert_eq!(blames(&repo.root, &["a.go"]).0, [by("Ann", 1, &first)]);
}

#[test]
fn where_nobody_can_be_asked_one_warning_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    support::write(folder.path(), "a.go", LEAK);
    support::write(folder.path(), "b.go", LEAK.replace("func f", "func g"));
    let warning = |said: &str| {
        let lines = said.lines().filter(|line| line.contains("`--blame`"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (found, said) = blames(folder.path(), &[]);
    assert_eq!(found, [Value::Null, Value::Null]);
    assert_eq!(
        warning(&said),
        [
            "warning: `--blame` needs a git repository, and the files are in none; the findings are shown without authors"
        ]
    );
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    repo.write("b.go", LEAK.replace("func f", "func g"));
    commit_as(&repo, "Ann", 1);
    let output = command(env!("CARGO_BIN_EXE_gomend"))
        .current_dir(&repo.root)
        .env("PATH", folder.path())
        .args(["check", "--blame"])
        .output()
        .expect("the binary under test");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        warning(&String::from_utf8_lossy(&output.stderr)),
        [
            "warning: `--blame` does not work here: git was not found on PATH; install it from https://git-scm.com; the findings are shown without authors"
        ]
    );
}

/// Filters, monitors and converters are programs that the repository's configuration names.
#[cfg(unix)]
#[test]
fn nothing_of_the_repository_runs_and_the_environment_does_not_mislead() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    let first = commit_as(&repo, "Ann", 1);
    let mark = repo.beside("ran");
    let run = format!("touch {}; cat", mark.display());
    repo.write(".gitattributes", "*.go filter=x diff=x\n");
    for key in [
        "filter.x.clean",
        "filter.x.smudge",
        "diff.x.textconv",
        "core.fsmonitor",
        "core.pager",
    ] {
        repo.git(&["config", key, &run]);
    }
    repo.write("a.go", LEAK.replace("package p", "// P\npackage p"));
    let output = command(env!("CARGO_BIN_EXE_gomend"))
        .current_dir(&repo.root)
        .envs([("GIT_WORK_TREE", "/nowhere"), ("GIT_PREFIX", "nowhere/")])
        .args(["check", "--blame", "--format", "json"])
        .output()
        .expect("the binary under test");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["findings"][0]["blame"], by("Ann", 1, &first));
    assert!(!mark.exists(), "a program of the repository ran");
}

#[cfg(unix)]
#[test]
fn names_of_any_bytes_are_asked_about() {
    use std::os::unix::ffi::OsStrExt as _;
    let repo = TestRepo::new();
    let names: [&[u8]; 6] = [
        b"-L1.go",
        b":(top)x.go",
        b"a\nb.go",
        b"\xff.go",
        b"\"q\".go",
        b"*/[a].go",
    ];
    for name in names {
        repo.write(std::ffi::OsStr::from_bytes(name), LEAK);
    }
    let first = commit_as(&repo, "Ann", 1);
    assert_eq!(blames(&repo.root, &[]).0, vec![by("Ann", 1, &first); 6]);
}

#[test]
fn every_format_has_its_place_for_it() {
    let repo = TestRepo::new();
    repo.write("a.go", LEAK);
    let first = commit_as(&repo, "Ann", 1);
    let report =
        |format: &str| gomend(&repo.root, &["check", "--blame", "--format", format]).stdout;
    let json = |format: &str| -> Value { serde_json::from_slice(&report(format)).expect("JSON") };
    let sarif = json("sarif");
    assert_eq!(
        sarif["runs"][0]["results"][0]["properties"],
        json!({"blame": by("Ann", 1, &first)})
    );
    let schema: Value =
        serde_json::from_str(include_str!("schemas/sarif-2.1.0.json")).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &sarif));
    let line = format!("last changed by Ann in {} on 2024-05-06", &first[..12]);
    let rdjson = json("rdjson");
    let message = rdjson["diagnostics"][0]["message"].as_str().expect("text");
    assert!(message.ends_with(&format!("\n{line}")), "{message}");
    let github = String::from_utf8(report("github")).expect("UTF-8");
    assert!(
        github.trim_end().ends_with(&format!("%0A{line}")),
        "{github}"
    );
    // Whoever does not ask gets the report of old.
    let plain = gomend(&repo.root, &["check", "--format", "json"]).stdout;
    assert!(!String::from_utf8_lossy(&plain).contains("\"blame\""));
}

/// A history with branches, merges, renames and many changes; every line of every file, asked for in ranges, is from the
/// commit that `git blame` names, with and without an index of the history.
#[test]
fn every_line_is_from_the_commit_that_git_names() {
    let repo = history();
    let repository = git2::Repository::open(&repo.root).expect("it was just made");
    let head = repository
        .head()
        .and_then(|head| head.peel_to_commit())
        .expect("HEAD is born");
    let mut wanted = Wanted::new();
    let mut expected: BTreeMap<Arc<Path>, Vec<String>> = BTreeMap::new();
    for path in repo.listed() {
        let path_name = path.to_str().expect("plain");
        let blame = repo.git(&["blame", "-s", "-l", "--root", "HEAD", "--", path_name]);
        let ids: Vec<String> = blame.lines().map(|line| line[..40].to_owned()).collect();
        let path: Arc<Path> = path.into();
        // Every line but each fourth, so that there are several ranges.
        let ranges: Vec<RangeInclusive<usize>> = (1..=ids.len())
            .step_by(4)
            .map(|first| first..=(first + 2).min(ids.len()))
            .collect();
        wanted.insert(Arc::clone(&path), ranges);
        expected.insert(path, ids);
    }
    assert!(wanted.len() > 20, "{} files", wanted.len());
    for index in [Index::WhereItPays, Index::Always] {
        let question = Question {
            repository: &repository,
            root: &repo.root,
            revision: head.id(),
            jobs: 3,
            index,
        };
        let answer = ask(&question, &wanted).expect("git can be asked");
        assert_eq!(answer.warnings, [""; 0]);
        for (path, ids) in &expected {
            let said = &answer.files[path];
            let lines: Vec<usize> = said.iter().flat_map(|(range, _)| range.clone()).collect();
            let asked: Vec<usize> = wanted[path].iter().flat_map(Clone::clone).collect();
            assert_eq!(lines, asked, "{}", path.display());
            for (range, commit) in said {
                for line in range.clone() {
                    assert_eq!(
                        commit.id,
                        ids[line - 1],
                        "{}:{line} {index:?}",
                        path.display()
                    );
                }
            }
        }
    }
    let objects = repo.root.join(".git/objects/info");
    assert!(
        !objects.join("commit-graph").exists(),
        "the repository was written to"
    );
}

fn history() -> TestRepo {
    let repo = TestRepo::new();
    let text = |file: usize, round: usize| -> String {
        let line = |line: usize| {
            let changed = (0..=round)
                .rev()
                .find(|r| (line * 7 + file * 3 + r * 5).is_multiple_of(11));
            format!("line {line} of {file} in {}\n", changed.unwrap_or(0))
        };
        (round % 3..30 + round).map(line).collect()
    };
    for round in 0..12_usize {
        for file in (0..24).filter(|file| (file + round).is_multiple_of(3) || round == 0) {
            let name = if file % 6 == 0 && round > 6 {
                "moved"
            } else {
                "dir"
            };
            repo.write(format!("{name}/f{file}.go"), text(file, round));
            if name == "moved" {
                let _ = fs::remove_file(repo.root.join(format!("dir/f{file}.go")));
            }
        }
        commit_as(&repo, &format!("Round{round}"), round);
        if round % 4 == 1 {
            repo.git(&["checkout", "-q", "-b", &format!("side{round}"), "HEAD~1"]);
            repo.write(format!("side/{round}.go"), text(round, round));
            commit_as(&repo, "Side", 30 + round);
            repo.git(&["checkout", "-q", "main"]);
            repo.git(&["merge", "-q", "--no-edit", &format!("side{round}")]);
        }
    }
    repo
}
