//! The life of a pull request, at each forge.

use std::collections::BTreeSet;

use gomend::deliver::forge::{Kind, State};

use crate::{
    forge_support::REPO,
    pr_support::{BRANCH, LEAK, MORE, Run, Stage},
};

const TITLE: &str = "Bind and defer the CancelFunc that `ctx, _ := context.With…` throws away";

/// The source with its leak mended.
fn mended(source: &str) -> String {
    source.replace(
        "ctx, _ := context.WithTimeout(parent, time.Second)\n\treturn ping(ctx)",
        "ctx, cancel := context.WithTimeout(parent, time.Second)\n\tdefer cancel()\n\treturn ping(ctx)",
    )
}

/// As forges that show a pull request name it.
fn page(kind: Kind, number: u64) -> String {
    let way = match kind {
        Kind::Github => "pull",
        Kind::Gitea => "pulls",
        Kind::Gitlab => "-/merge_requests",
    };
    format!("ORIGIN/{REPO}/{way}/{number}\n")
}

fn name(kind: Kind, number: u64) -> String {
    match kind {
        Kind::Github | Kind::Gitea => format!("pull request #{number}"),
        Kind::Gitlab => format!("merge request !{number}"),
    }
}

/// The last line on standard error.
fn said(run: &Run) -> &str {
    run.stderr.lines().last().unwrap_or_default()
}

/// Runs it and checks that nothing was sent that changes anything.
#[track_caller]
fn idle(stage: &Stage, arguments: &[&str]) -> Run {
    let (writes, tip) = (stage.writes(), stage.tip());
    let run = stage.pr(arguments);
    assert_eq!(
        (run.code, stage.writes(), stage.tip()),
        (0, writes, tip),
        "{run:?}"
    );
    run
}

/// Checks that the command in a body prints the changes of the branch.
#[track_caller]
fn reproduces(stage: &Stage, body: &str) {
    let command = body.lines().find(|line| line.starts_with("gomend diff "));
    let words: Vec<&str> = command.expect("it is there").split(' ').collect();
    let printed = stage.run(&words[1..], &[]);
    assert_eq!(printed.code, 0, "{printed:?}");
    stage.git(&["fetch", "-q", "origin"]);
    let diff = stage.git(&["diff", &format!("origin/main...origin/{BRANCH}")]);
    let lines = |text: &str| -> BTreeSet<String> {
        let changed = text.lines().filter(|line| line.starts_with(['+', '-']));
        changed.map(str::to_owned).collect()
    };
    assert!(lines(&diff).len() > 3, "{diff}");
    assert_eq!(lines(&printed.stdout), lines(&diff));
}

/// From the first run to the day when nothing is left, and beyond.
fn life(kind: Kind) {
    let stage = Stage::new(kind);
    stage.label("leak");
    let options = ["--label", "leak", "--reviewer", "grace"];
    let before = stage.git(&["for-each-ref"]);
    idle(&stage, &[&options[..], &["--dry-run"]].concat());
    assert_eq!(stage.git(&["for-each-ref"]), before);
    assert_eq!(stage.forge.pulls(REPO).len(), 0);

    let run = stage.pr(&options);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, page(kind, 1).as_str()),
        "{run:?}"
    );
    assert_eq!(
        said(&run),
        format!("opened {} with 1 commit on {BRANCH}", name(kind, 1))
    );
    let pull = stage.only();
    assert_eq!(
        (pull.title.as_str(), pull.base.as_str(), pull.state),
        (TITLE, "main", State::Open)
    );
    assert_eq!(Some(&pull.head_commit), stage.tip().as_ref());
    assert_eq!(
        (pull.labels, pull.reviewers),
        (vec!["leak".to_owned()], vec!["grace".to_owned()])
    );
    assert!(
        pull.body.contains("changed 1 place in 1 file"),
        "{}",
        pull.body
    );
    reproduces(&stage, &pull.body);

    let run = idle(&stage, &options);
    assert_eq!(run.stdout, page(kind, 1));
    assert_eq!(said(&run), format!("{} is as it should be", name(kind, 1)));

    // The base moves, and there is more to change: the branch is replaced, the pull request is the same.
    stage.person_commits("main", &[("pong.go", MORE)]);
    let old = stage.tip();
    let run = stage.pr(&options);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, page(kind, 1).as_str()),
        "{run:?}"
    );
    assert_eq!(
        said(&run),
        format!(
            "updated {} and its branch {BRANCH}: 1 commit",
            name(kind, 1)
        )
    );
    let pull = stage.only();
    assert_ne!(stage.tip(), old);
    assert_eq!(Some(&pull.head_commit), stage.tip().as_ref());
    assert!(
        pull.body.contains("changed 2 places in 2 files"),
        "{}",
        pull.body
    );
    assert!(
        pull.body.contains("[`pong.go:14`](http://127.0.0.1:"),
        "{}",
        pull.body
    );
    reproduces(&stage, &pull.body);
    idle(&stage, &options);

    // What a person says stays when the rest follows.
    stage.forge.pull(REPO, 1, |pull| {
        "fix: leaks".clone_into(&mut pull.title);
        pull.body = format!("Looks **good**.\r\n\r\n{}\r\nShip it", pull.body);
    });
    idle(&stage, &options);
    stage.person_commits("main", &[("ping.go", &mended(LEAK))]);
    let run = stage.pr(&options);
    assert_eq!(run.code, 0, "{run:?}");
    let pull = stage.only();
    assert_eq!(pull.title, "fix: leaks");
    assert!(
        pull.body
            .starts_with("Looks **good**.\r\n\r\n<!-- gomend:begin"),
        "{}",
        pull.body
    );
    assert!(pull.body.trim_end().ends_with("Ship it"), "{}", pull.body);
    assert!(
        pull.body.contains("changed 1 place in 1 file"),
        "{}",
        pull.body
    );
    idle(&stage, &options);

    // A person's commit on the branch: everything is left as it is.
    let ours = stage.tip().expect("it is there");
    let theirs = stage.person_commits(BRANCH, &[("note.txt", "mine\n")]);
    stage.person_commits("main", &[("ping.go", LEAK)]);
    let run = idle(&stage, &options);
    let warning = format!(
        "warning: the branch `{BRANCH}` is left alone, for it is not gomend's alone: commit {} by Test Author; merge it or delete it, or choose another with `--branch`",
        &theirs[..10]
    );
    assert!(
        run.stderr.lines().any(|line| line == warning),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, page(kind, 1));
    assert_eq!(said(&run), "nothing was sent");
    assert_eq!(stage.tip().as_ref(), Some(&theirs));

    // They took it back, and mended everything by hand: the pull request is closed, and its branch goes.
    stage.set_branch(&ours);
    stage.person_commits(
        "main",
        &[("ping.go", &mended(LEAK)), ("pong.go", &mended(MORE))],
    );
    let run = stage.pr(&options);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, page(kind, 1).as_str()),
        "{run:?}"
    );
    assert_eq!(
        said(&run),
        format!(
            "closed {} and deleted {BRANCH}: nothing is left to change",
            name(kind, 1)
        )
    );
    let pull = stage.only();
    assert_eq!((pull.state, stage.tip()), (State::Closed, None));
    let noun = kind.request();
    assert_eq!(
        pull.comments,
        [format!(
            "gomend finds nothing left to change here on `main`. This {noun} is closed, and its branch is deleted; a later run opens a new one if there is something again."
        )]
    );
    let run = idle(&stage, &options);
    assert_eq!(
        (run.stdout.as_str(), said(&run)),
        (
            "",
            format!("there is nothing to change, and no {noun} to close").as_str()
        )
    );

    // Something again.
    stage.person_commits("main", &[("ping.go", LEAK)]);
    let run = stage.pr(&options);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, page(kind, 2).as_str()),
        "{run:?}"
    );
    assert_eq!(stage.open().len(), 1);
    stage.assert_token_hidden();
}

#[test]
fn github() {
    life(Kind::Github);
}

#[test]
fn gitea() {
    life(Kind::Gitea);
}

#[test]
fn gitlab() {
    life(Kind::Gitlab);
}
