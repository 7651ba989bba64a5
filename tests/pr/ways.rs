//! The ways in which it is asked for: shallow clones, forks, tokens of git's, other bases, other words, JSON.

use std::fs;

use gomend::deliver::forge::{Kind, State};
use serde_json::Value;

use crate::{
    forge_support::{ADA, REPO, TOKEN, TestForge},
    pr_support::{BRANCH, LEAK, MORE, Stage},
};

/// As continuous integration checks out: one commit, no branch.
#[test]
fn a_shallow_clone_without_a_branch_will_do() {
    let stage = Stage::new(Kind::Github);
    stage.clone_again(&["--depth=1"]);
    stage.git(&["checkout", "-q", "--detach"]);
    stage.git(&["branch", "-q", "-D", "main"]);
    let before = stage.git(&["for-each-ref", "--format=%(refname)"]);
    assert_eq!(stage.pr(&[]).code, 0);
    let first = stage.tip().expect("it is pushed");

    for index in 0..5 {
        stage.person_commits("main", &[("note.txt", &index.to_string())]);
    }
    stage.person_commits("main", &[("pong.go", MORE)]);
    stage.clone_again(&["--depth=1"]);
    stage.git(&["checkout", "-q", "--detach"]);
    stage.git(&["branch", "-q", "-D", "main"]);
    let run = stage.pr(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_ne!(stage.tip(), Some(first.clone()));
    assert_eq!(stage.forge.pulls(REPO).len(), 1);
    assert_eq!(stage.git(&["for-each-ref", "--format=%(refname)"]), before);
    assert_eq!(
        stage.git(&["rev-list", "--count", &first]),
        "1",
        "no history came along"
    );
    // An older clone fetches the base by itself.
    stage.person_commits("main", &[("note.txt", "new")]);
    let run = stage.pr(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    let tip = stage.tip().expect("it is there");
    let main = stage.forge.tip(REPO, "main").expect("it is there");
    let bare = stage.forge.git_dir(REPO);
    let parent = crate::support::git(&bare, &["rev-parse", &format!("{tip}^")]);
    assert_eq!(parent.trim(), main);
    // A shallow clone of another branch has nothing in common with the base.
    stage.person_commits("other", &[("other.txt", "x")]);
    stage.clone_again(&["--depth=1", "--branch=other"]);
    let run = stage.pr(&[]);
    assert_eq!((run.code, stage.tip()), (0, Some(tip)), "{run:?}");
    assert_eq!(
        stage.git(&["rev-list", "--count", &main]),
        "1",
        "no history came along"
    );
}

#[test]
fn a_fork_is_made_pushed_to_and_used_again() {
    for kind in [Kind::Github, Kind::Gitea, Kind::Gitlab] {
        let stage = Stage::new(kind);
        let options = ["-c", "context/cancel-discarded", "--fork"];
        let ada = [("GOMEND_FORGE_TOKEN", ADA)];
        let run = stage.pr_with(&options, &ada);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!format!("{run:?}").contains(ADA), "{run:?}");
        assert_eq!(stage.tip(), None);
        let pushed = stage.forge.tip("ada/widgets", BRANCH);
        assert!(pushed.is_some());
        let pull = stage.only();
        assert_eq!(
            (Some(&pull.head_commit), pull.author.as_str()),
            (pushed.as_ref(), "ada")
        );
        let writes = stage.writes();
        let forks = stage.forge.world(|world| world.repos.len());
        let run = stage.pr_with(&["-c", "context/cancel-discarded", "--fork=ada"], &ada);
        assert_eq!((run.code, stage.writes()), (0, writes), "{run:?}");
        assert!(run.stderr.ends_with(" is as it should be\n"), "{run:?}");
        assert_eq!(stage.forge.world(|world| world.repos.len()), forks);
        stage.person_commits("main", &[("pong.go", MORE)]);
        let run = stage.pr_with(&options, &ada);
        assert_eq!(run.code, 0, "{run:?}");
        assert_ne!(stage.forge.tip("ada/widgets", BRANCH), pushed);
        assert_eq!(stage.forge.pulls(REPO).len(), 1);
    }
}

#[test]
fn a_push_url_of_another_repository_is_a_fork() {
    let stage = Stage::new(Kind::Github);
    let parent = stage
        .forge
        .world(|world| world.repo(REPO).expect("it is there").id);
    stage.forge.world(|world| world.add_fork(parent, "ada"));
    let url = stage.forge.url("ada/widgets");
    stage.git(&["remote", "set-url", "--push", "origin", &url]);
    let run = stage.pr_with(
        &["-c", "context/cancel-discarded"],
        &[("GOMEND_FORGE_TOKEN", ADA)],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(stage.only().author, "ada");
    assert!(stage.forge.tip("ada/widgets", BRANCH).is_some());
}

#[test]
fn the_token_of_gits_helper_opens_too() {
    let stage = Stage::new(Kind::Gitlab);
    let helper =
        format!("!f() {{ test \"$1\" = get && echo username=bot && echo password={TOKEN}; }}; f");
    stage.git(&["config", "credential.helper", &helper]);
    let run = stage.pr_with(&["-c", "context/cancel-discarded"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(stage.only().state, State::Open);
}

#[test]
fn the_token_goes_to_its_own_server_alone() {
    let stage = Stage::new(Kind::Gitea);
    let other = TestForge::start(Kind::Gitea);
    stage.git(&["remote", "set-url", "--push", "origin", &other.url(REPO)]);
    let run = stage.pr(&[]);
    assert_eq!(run.code, 2, "{run:?}");
    let at = other.url(REPO);
    assert!(
        run.stderr
            .contains(&format!("error: git does not get into `{at}`: ")),
        "{run:?}"
    );
    assert!(!other.requests().is_empty());
    let shown = other
        .requests()
        .into_iter()
        .filter(|request| request.header("authorization").is_some());
    assert_eq!(shown.count(), 0);
    assert_eq!(stage.forge.pulls(REPO).len(), 0);
}

/// actions/checkout leaves a header in the configuration, which would be sent beside ours.
#[test]
fn a_header_that_a_runner_left_is_not_sent_beside_the_token() {
    let stage = Stage::new(Kind::Github);
    let key = format!("http.{}/.extraheader", stage.forge.origin());
    stage.git(&["config", &key, "AUTHORIZATION: basic Z3Jvc3M6d3Jvbmc="]);
    let run = stage.pr(&[]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn each_base_has_its_own_branch_and_pull_request() {
    let stage = Stage::new(Kind::Github);
    stage.person_commits("release/1", &[("pong.go", MORE)]);
    assert_eq!(stage.pr(&[]).code, 0);
    let run = stage.pr(&["--base", "origin/release/1"]);
    assert_eq!(run.code, 0, "{run:?}");
    let heads: Vec<(String, String)> = stage
        .forge
        .pulls(REPO)
        .into_iter()
        .map(|pull| (pull.head, pull.base))
        .collect();
    assert_eq!(
        heads,
        [
            (BRANCH.to_owned(), "main".to_owned()),
            (format!("{BRANCH}@release/1"), "release/1".to_owned())
        ]
    );
    let writes = stage.writes();
    assert_eq!(stage.pr(&[]).code, 0);
    assert_eq!(stage.pr(&["--base", "release/1"]).code, 0);
    assert_eq!(stage.writes(), writes);
    // A branch with a name of its own follows its pull request to another base.
    assert_eq!(stage.pr(&["--branch", "mend"]).code, 0);
    assert_eq!(
        stage.pr(&["--branch", "mend", "--base", "release/1"]).code,
        0
    );
    let pulls = stage.forge.pulls(REPO);
    let bases: Vec<&str> = pulls
        .iter()
        .filter(|pull| pull.head == "mend")
        .map(|pull| pull.base.as_str())
        .collect();
    assert_eq!(bases, ["release/1"]);
}

#[test]
fn merged_work_is_not_brought_again_and_new_work_is() {
    let stage = Stage::new(Kind::Gitlab);
    assert_eq!(stage.pr(&[]).code, 0);
    stage.forge.pull(REPO, 1, |pull| pull.state = State::Merged);
    let squashed = LEAK
        .replace("ctx, _ :=", "ctx, cancel :=")
        .replace("\treturn ping", "\tdefer cancel()\n\treturn ping");
    stage.person_commits("main", &[("ping.go", &squashed)]);
    let writes = stage.writes();
    let run = stage.pr(&[]);
    assert_eq!(
        (run.code, run.stdout.as_str(), stage.writes()),
        (0, "", writes),
        "{run:?}"
    );
    stage.person_commits("main", &[("pong.go", MORE)]);
    let run = stage.pr(&[]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "ORIGIN/acme/widgets/-/merge_requests/2\n"),
        "{run:?}"
    );
}

#[test]
fn own_words_and_drafts() {
    let stage = Stage::new(Kind::Gitea);
    let template = "{% for codemod in codemods %}* {{ codemod.id }} ({{ codemod.changes }})\n{% endfor %}{% for finding in left %}{{ finding.message }}\n{% endfor %}";
    fs::write(stage.clone.join("pr.md"), template).expect("ours");
    stage.person_commits("main", &[("pong.go", MORE)]);
    let options = [
        "--title",
        "fix({{ base }}): {{ changes | count('leak') }}",
        "--body-template",
        "pr.md",
        "--draft",
    ];
    let run = stage.pr(&options);
    assert_eq!(run.code, 0, "{run:?}");
    let pull = stage.only();
    assert_eq!(pull.title, "WIP: fix(main): 2 leaks");
    let body: Vec<&str> = pull.body.lines().skip(1).collect();
    assert_eq!(
        body,
        [
            "* context/cancel-discarded (2)",
            "the function that ends `ctx` is discarded, so it lives as long as its parent, or until its deadline; it is made in a loop, or may be used after the function returns",
            "<!-- gomend:end -->"
        ]
    );
    let writes = stage.writes();
    assert_eq!((stage.pr(&options).code, stage.writes()), (0, writes));
}

#[test]
fn those_who_know_the_code_are_named() {
    let stage = Stage::new(Kind::Github);
    stage.person_commits(
        "main",
        &[
            (".mailmap", "Grace Hopper <author@example.org>\n"),
            ("pong.go", MORE),
        ],
    );
    assert_eq!(stage.pr(&[]).code, 0);
    let body = stage.only().body;
    let line = body.lines().find(|line| line.contains("last touched"));
    assert_eq!(
        line,
        Some("The changed lines were last touched by Grace Hopper (2 lines).")
    );
    // What is checked out makes no difference.
    let writes = stage.writes();
    stage.git(&["pull", "-q"]);
    fs::write(stage.clone.join(".mailmap"), "Me <author@example.org>\n").expect("ours");
    assert_eq!((stage.pr(&[]).code, stage.writes()), (0, writes));
}

#[test]
fn the_settings_of_the_repository_count_where_nothing_is_typed() {
    let stage = Stage::new(Kind::Github);
    let settings = "[select]\ncodemods = [\"context/cancel-discarded\"]\n\n[pr]\nremote = \"origin\"\nforge = \"github\"\ntitle = \"chore: {{ changes | count('leak') }}\"\nbody-template = \"pr.md\"\nlabels = [\"one\"]\nreviewers = [\"grace\"]\ndraft = true\n";
    fs::write(stage.clone.join("gomend.toml"), settings).expect("ours");
    fs::write(stage.clone.join("pr.md"), "On {{ base }}.").expect("ours");
    let bot = [("GOMEND_FORGE_TOKEN", TOKEN)];
    let run =
        |arguments: &[&str]| stage.run(&[&["pr", "--gofmt", "off"], arguments].concat(), &bot);
    let shown = run(&["--show-config", "--label", "two"]);
    let expected = "\n[pr]
remote = \"origin\"  # gomend.toml:5
forge = \"github\"  # gomend.toml:6
title = \"chore: {{ changes | count('leak') }}\"  # gomend.toml:7
body-template = \"pr.md\"  # gomend.toml:8
labels = [
    \"two\",  # --label
]
reviewers = [
    \"grace\",  # gomend.toml:10
]
draft = true  # gomend.toml:11
";
    assert!(shown.stdout.ends_with(expected), "{}", shown.stdout);
    let opened = run(&[]);
    assert_eq!(opened.code, 0, "{opened:?}");
    let pull = stage.only();
    assert_eq!((pull.title.as_str(), pull.draft), ("chore: 1 leak", true));
    assert_eq!(
        (pull.labels, pull.reviewers),
        (vec!["one".to_owned()], vec!["grace".to_owned()])
    );
    assert!(pull.body.contains("\nOn main.\n"), "{}", pull.body);
    let writes = stage.writes();
    assert_eq!((run(&[]).code, stage.writes()), (0, writes));
    let wrong = settings.replace("changes |", "chnges |");
    fs::write(stage.clone.join("gomend.toml"), wrong).expect("ours");
    assert_eq!(
        run(&[]).stderr,
        "error: gomend.toml:7: `chnges` is not a variable; did you mean `changes`?\n"
    );
}

/// Whoever runs it, the same is the same.
#[test]
fn two_who_run_it_do_not_take_turns() {
    let stage = Stage::new(Kind::Gitea);
    assert_eq!(stage.pr(&[]).code, 0);
    let (tip, writes) = (stage.tip(), stage.writes());
    let other = [
        ("GOMEND_FORGE_TOKEN", TOKEN),
        ("GIT_AUTHOR_NAME", "Other"),
        ("GIT_COMMITTER_EMAIL", "other@example.org"),
    ];
    let run = stage.pr_with(&["-c", "context/cancel-discarded", "-q"], &other);
    assert_eq!((run.code, stage.tip(), stage.writes()), (0, tip, writes));
    assert_eq!(run.stderr, "", "asked to be quiet");
}

#[test]
fn a_branch_that_must_not_be_deleted_stays_behind_its_closed_pull_request() {
    let stage = Stage::new(Kind::Github);
    assert_eq!(stage.pr(&["--label", " one , two"]).code, 0);
    assert_eq!(stage.only().labels, ["one", "two"]);
    let tip = stage.tip();
    stage.forge.reject_pushes(REPO, "Branches are kept here.");
    stage.person_commits("main", &[("ping.go", "package widgets\n")]);
    for _ in 0..2 {
        let run = stage.pr(&[]);
        assert_eq!((run.code, stage.tip()), (0, tip.clone()), "{run:?}");
        let warning = format!(
            "warning: the branch `{BRANCH}` is not deleted: a hook of `ORIGIN/acme/widgets.git` declined the branch `{BRANCH}`: Branches are kept here; do what it asks for, such as `--signoff`, and run again\n"
        );
        assert!(run.stderr.contains(&warning), "{run:?}");
    }
    let pull = stage.only();
    assert_eq!((pull.state, pull.comments.len()), (State::Closed, 1));
}

#[test]
fn a_dry_run_makes_no_fork() {
    let stage = Stage::new(Kind::Gitea);
    let repositories = stage.forge.world(|world| world.repos.len());
    let run = stage.pr_with(
        &["-c", "context/cancel-discarded", "--fork", "--dry-run"],
        &[("GOMEND_FORGE_TOKEN", ADA)],
    );
    assert_eq!((run.code, stage.writes()), (0, 0), "{run:?}");
    let start =
        format!("would push 1 commit to `{BRANCH}` of your fork of acme/widgets, a new branch:\n");
    assert!(run.stdout.starts_with(&start), "{run:?}");
    assert_eq!(stage.forge.world(|world| world.repos.len()), repositories);
}

/// Text from code is shown and does nothing.
#[test]
fn code_cannot_speak_in_the_text() {
    let stage = Stage::new(Kind::Github);
    let codemod = "summary = \"Look at panics\"\ndescription = \"They end the program.\"\ntags = [\"x\"]\napplicability = \"display\"\n\n[[rule]]\nname = \"panic\"\nmessage = \"`panic(@x)` says @x\"\npattern = \"panic(@x)\"\n";
    let folder = stage.clone.join("own/house");
    fs::create_dir_all(&folder).expect("ours");
    fs::write(folder.join("panic.toml"), codemod).expect("ours");
    let bad = "package widgets\n\nfunc f() {\n\tpanic(`</details> @octocat` + \"<img src=x> @ada fixes #1 ![x](https://e.org/x)\")\n}\n";
    stage.person_commits("main", &[("a @ada`.go", bad)]);
    let run = stage.pr(&["-c", "own/house/panic.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    let body = stage.open()[0].body.clone();
    let line = body
        .lines()
        .find(|line| line.contains("octocat"))
        .expect("it is listed");
    let (_, message) = line.split_once(") ").expect("a link comes first");
    let plain: String = message.split('`').step_by(2).collect();
    let escaped = [r"\<", r"\#", r"\!"];
    let plain = escaped
        .iter()
        .fold(plain, |text, sign| text.replace(sign, ""));
    for sign in ["@octocat", "@ada", "<img", "</details>", "#1", "![x"] {
        assert!(!plain.contains(sign), "{sign} in {line}");
    }
    assert!(
        line.starts_with("- [``a @ada`.go:4``](http://127.0.0.1:"),
        "{line}"
    );
}

#[test]
fn programs_are_told_what_was_done() {
    let stage = Stage::new(Kind::Github);
    let told = |arguments: &[&str]| -> Value {
        let run = stage.pr(&[&["--format", "json"], arguments].concat());
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str(&run.stdout).expect("it is JSON")
    };
    let planned = told(&["--dry-run", "--label", "leak"]);
    assert_eq!(
        (&planned["schema"], &planned["dry_run"]),
        (&"gomend/1".into(), &true.into())
    );
    let pull = &planned["pull_request"];
    assert_eq!(
        (&pull["action"], &pull["url"], &pull["labels"][0]),
        (&"opened".into(), &Value::Null, &"leak".into())
    );
    assert!(
        pull["body"]
            .as_str()
            .is_some_and(|body| body.contains("1 place in 1 file"))
    );
    assert_eq!(stage.tip(), None);
    let opened = told(&[]);
    let main = stage.forge.tip(REPO, "main");
    let expected = serde_json::json!({
        "action": "opened",
        "reason": null,
        "forge": "github",
        "number": 1,
        "url": "ORIGIN/acme/widgets/pull/1",
        "branch": BRANCH,
        "fork": null,
        "base": "main",
        "base_commit": main,
        "commit": stage.tip(),
        "pushed": true,
        "commits": 1,
    });
    assert_eq!(opened["pull_request"], expected);
    let again = told(&[]);
    assert_eq!(
        (
            &again["pull_request"]["action"],
            &again["pull_request"]["pushed"]
        ),
        (&"unchanged".into(), &false.into())
    );
    stage.person_commits(BRANCH, &[("note.txt", "x")]);
    let left = told(&[]);
    assert_eq!(left["pull_request"]["action"], "left");
    let reason = left["pull_request"]["reason"].as_str().expect("a text");
    assert!(reason.contains("by Test Author"), "{reason}");
}

#[test]
fn a_dry_run_says_all_that_would_be_done() {
    let stage = Stage::new(Kind::Github);
    let run = stage.pr_with(
        &[
            "-c",
            "context/cancel-discarded",
            "--dry-run",
            "--label",
            "leak,go",
            "--reviewer",
            "grace",
            "--draft",
        ],
        &[],
    );
    assert_eq!((run.code, stage.writes()), (0, 0), "{run:?}");
    let expected = "would push 1 commit to `gomend/context/cancel-discarded` of ORIGIN/acme/widgets.git, a new branch:
  Bind and defer the CancelFunc that `ctx, _ := context.With…` throws away
would open a pull request as a draft from `gomend/context/cancel-discarded` into `main`
title: Bind and defer the CancelFunc that `ctx, _ := context.With…` throws away
labels: leak, go
reviewers: grace

gomend 0.1.0 changed 1 place in 1 file.";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(run.stderr.contains("warning: there is no token for `HOST`, so the forge was not asked: a pull request that is there is not seen\n"), "{run:?}");
    assert!(
        run.stderr
            .ends_with("nothing was sent; this was a dry run\n"),
        "{run:?}"
    );
    let api = stage
        .forge
        .requests()
        .into_iter()
        .filter(|request| request.path.contains("/api/"));
    assert_eq!(api.count(), 0);
    assert_eq!(stage.pr(&[]).code, 0);
    stage.person_commits("main", &[("pong.go", MORE)]);
    let old = stage.tip().expect("it is there");
    let run = stage.pr(&["--dry-run"]);
    let starts = format!(
        "would push 1 commit to `{BRANCH}` of ORIGIN/acme/widgets.git, in place of {old}:\n  Bind and defer"
    );
    assert!(run.stdout.starts_with(&starts), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("\nwould change pull request #1\n\ngomend 0.1.0 changed 2 places"),
        "{}",
        run.stdout
    );
    stage.person_commits(
        "main",
        &[
            ("ping.go", "package widgets\n"),
            ("pong.go", "package widgets\n"),
        ],
    );
    let run = stage.pr(&["--dry-run"]);
    assert_eq!(
        run.stdout,
        format!(
            "would close pull request #1, for nothing is left to change\nwould delete the branch `{BRANCH}` of ORIGIN/acme/widgets.git\n"
        )
    );
    assert_eq!(stage.tip(), Some(old));
}
