//! What goes wrong: one clear line with the next step, and nothing half done.

use std::fs;

use gomend::deliver::forge::{Kind, State};

use crate::{
    forge_support::{ADA, Fault, REPO, TOKEN, TestForge},
    pr_support::{BRANCH, LEAK, MORE, Run, Stage},
};

/// The line that ends a run that fails; checks that it is one.
#[track_caller]
fn error(run: &Run) -> &str {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    let mut errors = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error: "));
    let only = errors.next().expect("it is said");
    assert_eq!(
        (errors.next(), run.stderr.lines().last()),
        (None, Some(only)),
        "{run:?}"
    );
    &only["error: ".len()..]
}

/// Runs it, and gives the error of a run that sends nothing that changes anything.
#[track_caller]
fn refused(stage: &Stage, arguments: &[&str]) -> String {
    let writes = stage.writes();
    let run = stage.pr(arguments);
    assert_eq!((stage.writes(), stage.tip()), (writes, None), "{run:?}");
    error(&run).to_owned()
}

/// The warning that begins so.
#[track_caller]
fn warning<'a>(run: &'a Run, start: &str) -> &'a str {
    let mut lines = run
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("warning: "));
    lines
        .find(|line| line.starts_with(start))
        .unwrap_or_else(|| panic!("{run:?}"))
}

#[test]
fn remotes_that_cannot_be_used() {
    let stage = Stage::new(Kind::Github);
    assert_eq!(
        refused(&stage, &["--remote", "upstream"]),
        "there is no remote `upstream`; there is `origin`"
    );
    assert_eq!(
        refused(&stage, &["--base", "v9"]),
        "`v9` is no branch of `ORIGIN/acme/widgets.git`; `--base` of `pr` names the branch there that the commits are to be merged into"
    );
    assert_eq!(
        refused(&stage, &["--update"]),
        "`pr` always replaces a branch that gomend made; leave out `--update`"
    );
    assert_eq!(
        refused(&stage, &["--branch", "a..b"]),
        "`a..b` is not a name for a branch; see `git help check-ref-format`, or choose another with `--branch`"
    );
    stage.git(&["remote", "rename", "origin", "one"]);
    stage.git(&["remote", "add", "two", "https://example.org/a/b"]);
    stage.git(&["checkout", "-q", "--detach"]);
    assert_eq!(
        refused(&stage, &[]),
        "the current branch has no upstream, and none of the remotes is `origin`; name one with `--remote`: `one`, `two`"
    );
    stage.git(&["remote", "set-url", "two", "../elsewhere"]);
    assert_eq!(
        refused(&stage, &["--remote", "two"]),
        "remote `../elsewhere` is a path; name a remote at a forge, such as https://github.com/owner/name or git@host:owner/name.git"
    );
    stage.git(&["remote", "remove", "one"]);
    stage.git(&["remote", "remove", "two"]);
    assert_eq!(
        refused(&stage, &[]),
        "the repository has no remote, so there is nowhere to push to; `git remote add origin URL` adds one"
    );
    fs::remove_dir_all(stage.clone.join(".git")).expect("ours");
    assert_eq!(
        refused(&stage, &[]),
        "`.` is in no git repository, so there is nothing to make a pull request of; use `gomend apply`, or go into a clone"
    );
    assert_eq!(stage.forge.pulls(REPO).len(), 0);
}

#[test]
fn templates_are_tried_before_anything_is_asked() {
    let stage = Stage::new(Kind::Gitea);
    let asked = stage.forge.requests().len();
    let template = |text: &str| {
        fs::write(stage.clone.join("pr.md"), text).expect("ours");
        refused(&stage, &["--body-template", "pr.md"])
    };
    assert_eq!(
        template("a\n{{ bse }}\n"),
        "pr.md:2: `bse` is not a variable; did you mean `base`?"
    );
    assert_eq!(
        template("{% for codemod in codemods %}\n{{ codemod.idd }}{% endfor %}"),
        "pr.md:2: `codemod.idd` is not there; `gomend pr --help` lists the variables"
    );
    assert_eq!(
        template("{% if base"),
        "pr.md:1: unexpected end of input, expected end of block in `base`; the language is Jinja's, see https://docs.rs/minijinja/latest/minijinja/syntax"
    );
    assert_eq!(
        refused(&stage, &["--body-template", "none.md"]),
        "cannot read the template `none.md`: No such file or directory (os error 2); give `--body-template` a text file"
    );
    assert_eq!(
        refused(&stage, &["--title", "{{ codemods[0].sumary }}"]),
        "`--title`: `codemods[0].sumary` is not there; `gomend pr --help` lists the variables"
    );
    assert_eq!(stage.forge.requests().len(), asked);
}

#[test]
fn tokens_that_do_not_open() {
    for (kind, own) in [
        (Kind::Github, "GH_ENTERPRISE_TOKEN"),
        (Kind::Gitea, "GITEA_TOKEN or FORGEJO_TOKEN"),
        (Kind::Gitlab, "GITLAB_TOKEN"),
    ] {
        let stage = Stage::new(kind);
        let with = |variables: &[(&str, &str)]| {
            let writes = stage.writes();
            let run = stage.pr_with(&["-c", "context/cancel-discarded"], variables);
            assert_eq!((stage.writes(), stage.tip()), (writes, None), "{run:?}");
            error(&run).to_owned()
        };
        let none = format!(
            "there is no token for {} at `HOST`; set GOMEND_FORGE_TOKEN, {own}, or store one with git's credential helper",
            kind.title()
        );
        assert_eq!(with(&[]), none);
        // Of another forge, or for another host.
        assert_eq!(with(&[("GITHUB_TOKEN", TOKEN)]), none);
        let wrong = with(&[("GOMEND_FORGE_TOKEN", "wrong-Token-000")]);
        assert!(
            wrong.starts_with("`HOST` does not accept the token: "),
            "{wrong}"
        );
        assert!(!wrong.contains("wrong-Token"), "{wrong}");
        assert_eq!(
            with(&[("GOMEND_FORGE_TOKEN", ADA)]),
            "the token may not push to `acme/widgets`; use one that may write its contents, or `--fork`"
        );
        assert_eq!(stage.forge.pulls(REPO).len(), 0);
    }
}

#[test]
fn repositories_that_take_nothing_or_moved() {
    let stage = Stage::new(Kind::Gitlab);
    stage
        .forge
        .world(|world| world.repo_mut(REPO).expect("it is there").archived = true);
    assert_eq!(
        refused(&stage, &[]),
        "`acme/widgets` is archived, and takes no changes; unarchive it, or name another remote with `--remote`"
    );
    stage.forge.world(|world| {
        world.repo_mut(REPO).expect("it is there").archived = false;
        world.rename(REPO, "acme/gadgets");
    });
    let run = stage.pr(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        warning(&run, "`acme/widgets`"),
        "`acme/widgets` is now `acme/gadgets`; `git remote set-url origin ORIGIN/acme/gadgets.git` spares the detour"
    );
    assert_eq!(run.stdout, "ORIGIN/acme/gadgets/-/merge_requests/1\n");
}

#[test]
fn pushes_that_are_refused() {
    let stage = Stage::new(Kind::Github);
    let at = "`ORIGIN/acme/widgets.git`";
    stage
        .forge
        .reject_pushes(REPO, "Sign off your commits, please.");
    let refused = |stage: &Stage| error(&stage.pr(&[])).to_owned();
    assert_eq!(
        refused(&stage),
        format!(
            "a hook of {at} declined the branch `{BRANCH}`: Sign off your commits, please; do what it asks for, such as `--signoff`, and run again"
        )
    );
    stage.forge.protect(REPO, BRANCH);
    assert_eq!(
        refused(&stage),
        format!(
            "the branch `{BRANCH}` of {at} is protected: error: GH006: Protected branch update failed for refs/heads/{BRANCH}; choose another with `--branch`, or let this account push to it"
        )
    );
    assert_eq!((stage.tip(), stage.forge.pulls(REPO).len()), (None, 0));
    assert_eq!(stage.pr(&["--branch", "mend"]).code, 0);
}

#[test]
fn a_branch_that_somebody_moves_meanwhile_stays_theirs() {
    let stage = Stage::new(Kind::Gitea);
    stage.before_push(&format!("git update-ref refs/heads/{BRANCH} main"));
    let main = stage.forge.tip(REPO, "main");
    let run = stage.pr(&[]);
    let expected = format!(
        "the branch `{BRANCH}` of `ORIGIN/acme/widgets.git` was changed by somebody else meanwhile, and is left as they made it; run again"
    );
    assert_eq!(error(&run), expected);
    assert_eq!((stage.tip(), stage.forge.pulls(REPO).len()), (main, 0));
    // Nothing of theirs is on it that the base does not have.
    stage.before_push("true");
    assert_eq!(stage.pr(&[]).code, 0);
    let theirs = stage.person_commits("theirs", &[("note.txt", "mine\n")]);
    stage.person_commits("main", &[("pong.go", MORE)]);
    stage.before_push(&format!("git update-ref refs/heads/{BRANCH} theirs"));
    assert_eq!(error(&stage.pr(&[])), expected);
    assert_eq!(stage.tip(), Some(theirs));
}

/// Between the push and the pull request there is nothing that the next run does not go on from.
#[test]
fn a_run_that_stops_after_the_push_is_healed() {
    for (kind, path) in [
        (Kind::Github, "/pulls"),
        (Kind::Gitea, "/pulls"),
        (Kind::Gitlab, "/merge_requests"),
    ] {
        let stage = Stage::new(kind);
        let refusal = r#"{"message": "not today"}"#;
        stage
            .forge
            .fault(Fault::on("POST", path).answer(422, refusal));
        let run = stage.pr(&[]);
        let message = error(&run);
        let noun = kind.request();
        let start = format!("the branch `{BRANCH}` is pushed, but its {noun} was not opened: ");
        assert!(
            message.starts_with(&start) && message.contains("not today"),
            "{message}"
        );
        assert!(
            message.ends_with("run again, it goes on from there"),
            "{message}"
        );
        let tip = stage.tip();
        assert!(tip.is_some() && stage.forge.pulls(REPO).is_empty());

        let run = stage.pr(&[]);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(stage.forge.count("POST", "/git-receive-pack"), 1);
        assert_eq!((stage.tip(), stage.only().state), (tip, State::Open));
        assert!(run.stderr.contains("which was pushed before"), "{run:?}");

        // The same with one that is there: pushed, and not changed.
        stage.person_commits("main", &[("pong.go", MORE)]);
        let change = match kind {
            Kind::Gitlab => Fault::on("PUT", "/merge_requests/1"),
            Kind::Github | Kind::Gitea => Fault::on("PATCH", "/1"),
        };
        stage.forge.fault(change.answer(422, refusal));
        let run = stage.pr(&[]);
        let start = format!("the branch `{BRANCH}` is pushed, but its {noun} was not changed: ");
        assert!(error(&run).starts_with(&start), "{run:?}");
        let tip = stage.tip();
        assert!(stage.only().body.contains("changed 1 place"));
        assert_eq!(stage.pr(&[]).code, 0);
        assert_eq!(
            (stage.forge.count("POST", "/git-receive-pack"), stage.tip()),
            (2, tip)
        );
        assert!(stage.only().body.contains("changed 2 places"));
    }
}

#[test]
fn what_a_person_closed_stays_closed_while_the_branch_is_there() {
    let stage = Stage::new(Kind::Github);
    assert_eq!(stage.pr(&[]).code, 0);
    stage.forge.pull(REPO, 1, |pull| pull.state = State::Closed);
    let writes = stage.writes();
    let expected = format!(
        "pull request #1 was closed by hand and is not opened again; to have a new one, delete the branch `{BRANCH}` or choose another with `--branch`"
    );
    for arguments in [&[][..], &["--dry-run"]] {
        let run = stage.pr(arguments);
        assert_eq!((run.code, stage.writes()), (0, writes), "{run:?}");
        assert_eq!(warning(&run, "pull request"), expected);
    }
    stage.person_commits("main", &[("pong.go", MORE)]);
    assert_eq!(warning(&stage.pr(&[]), "pull request"), expected);
    assert_eq!(stage.writes(), writes);
    let name = format!("refs/heads/{BRANCH}");
    crate::support::git(&stage.forge.git_dir(REPO), &["update-ref", "-d", &name]);
    assert_eq!(stage.pr(&[]).code, 0);
    let states: Vec<State> = stage
        .forge
        .pulls(REPO)
        .iter()
        .map(|pull| pull.state)
        .collect();
    assert_eq!(states, [State::Closed, State::Open]);
}

#[test]
fn what_was_not_searched_closes_nothing() {
    let stage = Stage::new(Kind::Gitea);
    assert_eq!(stage.pr(&[]).code, 0);
    let writes = stage.writes();
    let run = stage.pr(&["--include", "nothing/**"]);
    assert_eq!((run.code, stage.writes()), (0, writes), "{run:?}");
    assert_eq!(
        warning(&run, "pull request"),
        "pull request #1 is left open, for not everything was searched; run again where that is mended"
    );
    // A person's own pull request is not ours to close.
    stage
        .forge
        .pull(REPO, 1, |pull| "By hand.".clone_into(&mut pull.body));
    stage.person_commits("main", &[("ping.go", "package widgets\n")]);
    let run = stage.pr(&[]);
    assert_eq!((run.code, stage.writes()), (0, writes), "{run:?}");
    assert_eq!(
        warning(&run, "there is nothing"),
        "there is nothing left to change, and pull request #1 is left open, for a person opened it; close it by hand"
    );
    stage.person_commits("main", &[("ping.go", LEAK)]);
    assert_eq!(stage.pr(&[]).code, 0);
    let pull = stage.only();
    assert_eq!(
        (pull.body.as_str(), Some(pull.head_commit)),
        ("By hand.", stage.tip())
    );
}

#[test]
fn a_forge_that_cannot_be_reached_is_named() {
    let stage = Stage::new(Kind::Github);
    let gone = {
        let other = TestForge::start(Kind::Github);
        other.url(REPO)
    };
    stage.git(&["remote", "set-url", "origin", &gone]);
    let run = stage.pr(&[]);
    let message = error(&run);
    assert!(
        message.starts_with(&format!("`{gone}` cannot be reached: ")),
        "{message}"
    );
    assert!(
        message.ends_with("; check the network and the address, and run again"),
        "{message}"
    );
    let with_password = gone.replace("http://", "http://me:hunter2@");
    stage.git(&["remote", "set-url", "origin", &with_password]);
    let run = stage.pr(&[]);
    assert!(!error(&run).contains("hunter2"), "{run:?}");
}

#[test]
fn the_local_branch_of_that_name_may_be_what_is_meant() {
    let stage = Stage::new(Kind::Github);
    stage.git(&["checkout", "-q", "-b", "mend"]);
    stage.git(&["commit", "-q", "--allow-empty", "-m", "Mine"]);
    let mine = stage.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        refused(&stage, &["--branch", "mend"]),
        format!(
            "the local branch `mend` is not what would be pushed: commit {} by Mend Bot was not made by gomend; push it with git, delete or rename it, or choose another with `--branch`",
            &mine[..10]
        )
    );
    // Without own commits it is in nobody's way, checked out as it is.
    stage.git(&["reset", "-q", "--hard", "origin/main"]);
    let run = stage.pr(&["--branch", "mend"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        stage.git(&["rev-parse", "mend"]),
        stage.git(&["rev-parse", "origin/main"])
    );
}
