//! Opening, finding, changing, closing, commenting; names that moved; pages.

use super::*;
use gomend::deliver::forge::{Change, ErrorKind, State};

#[test]
fn a_pull_request_is_opened_found_changed_and_closed() {
    each(|kind| {
        let bench = Bench::new(kind);
        let head = Head::branch("mend");
        assert_eq!(bench.client.kind(), kind);
        assert_eq!(bench.client.find(&head, None), Ok(Vec::new()));
        let pull = bench.open();
        let expected = PullRequest {
            number: 1,
            url: pull.url.clone(),
            title: "Mend contexts".to_owned(),
            body: "What changed:\n\n- `a.go`".to_owned(),
            state: State::Open,
            draft: false,
            head: "mend".to_owned(),
            head_commit: bench.forge.tip(REPO, "mend"),
            head_repository: Some(REPO.to_owned()),
            base: "main".to_owned(),
            labels: Vec::new(),
            reviewers: Vec::new(),
            author: "bot".to_owned(),
        };
        assert_eq!(pull, expected, "{kind}");
        assert_eq!(
            bench.client.find(&head, Some("main")),
            Ok(vec![pull.clone()])
        );
        assert_eq!(bench.client.find(&head, Some("other")), Ok(Vec::new()));
        assert_eq!(bench.client.get(1), Ok(pull));

        bench.forge.commit(REPO, "release", &[]);
        let change = Change {
            title: Some("Mend more".to_owned()),
            body: Some(String::new()),
            base: Some("release".to_owned()),
        };
        let changed = bench.client.update(1, &change).expect("it is changed");
        let shown = (
            changed.title.as_str(),
            changed.body.as_str(),
            changed.base.as_str(),
        );
        assert_eq!(shown, ("Mend more", "", "release"), "{kind}");

        bench
            .client
            .comment(1, "No findings are left.")
            .expect("it comments");
        bench.client.close(1).expect("it closes");
        let stored = &bench.forge.pulls(REPO)[0];
        assert_eq!(stored.state, State::Closed);
        assert_eq!(stored.comments, ["No findings are left."]);
        // Closing what is closed asks for nothing more.
        let before = bench.forge.requests().len();
        bench.client.close(1).expect("it is closed");
        assert_eq!(bench.forge.requests().len(), before + 1);
        bench.forge.assert_tokens_hidden();
    });
}

#[test]
fn what_is_found_has_every_state_and_the_newest_first() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench
            .forge
            .commit(REPO, "other", &[("b.go", "package b\n")]);
        for (number, state) in [(1, State::Closed), (2, State::Merged)] {
            assert_eq!(bench.open().number, number);
            bench.forge.pull(REPO, number, |pull| pull.state = state);
        }
        let other = NewPullRequest {
            head: Head::branch("other"),
            ..mend()
        };
        bench.client.create(&other).expect("it is opened");
        assert_eq!(bench.open().number, 4);
        let found = bench
            .client
            .find(&Head::branch("mend"), None)
            .expect("a list");
        let found: Vec<_> = found.iter().map(|pull| (pull.number, pull.state)).collect();
        let expected = [(4, State::Open), (2, State::Merged), (1, State::Closed)];
        assert_eq!(found, expected, "{kind}");
    });
}

#[test]
fn lists_are_read_to_their_last_page() {
    each(|kind| {
        let bench = Bench::new(kind);
        // The one that is looked for is the oldest.
        bench.open();
        bench.forge.world(|world| {
            let repo = world.repo_mut(REPO).expect("it is there");
            for number in 2..=120 {
                let mut pull = repo.pulls[0].clone();
                pull.number = number;
                if kind == Kind::Gitea {
                    // Its lists cannot be narrowed to a branch.
                    pull.head = format!("branch-{number}");
                } else {
                    pull.state = State::Closed;
                }
                repo.pulls.push(pull);
            }
        });
        let found = bench
            .client
            .find(&Head::branch("mend"), Some("main"))
            .expect("a list");
        let expected = if kind == Kind::Gitea { 1 } else { 120 };
        assert_eq!(found.len(), expected, "{kind}");
        let last = found.last().expect("one");
        assert_eq!((last.number, last.state), (1, State::Open));
    });
}

#[test]
fn a_pull_request_that_is_open_is_not_opened_again() {
    each(|kind| {
        let bench = Bench::new(kind);
        let pull = bench.open();
        let again = NewPullRequest {
            title: "Another title".to_owned(),
            ..mend()
        };
        let created = bench.client.create(&again);
        assert_eq!(created, Ok(Created::Existing(pull)), "{kind}");
        assert_eq!(bench.forge.pulls(REPO).len(), 1);
    });
}

#[test]
fn drafts_stay_drafts_and_their_titles_are_plain() {
    each(|kind| {
        let bench = Bench::new(kind);
        let new = NewPullRequest {
            draft: true,
            ..mend()
        };
        let created = bench.client.create(&new).expect("it is opened");
        let Created::New(pull) = created else {
            panic!("{kind}: {created:?}");
        };
        assert_eq!((pull.title.as_str(), pull.draft), ("Mend contexts", true));
        let stored = |title: &str| match kind {
            Kind::Github => title.to_owned(),
            Kind::Gitea => format!("WIP: {title}"),
            Kind::Gitlab => format!("Draft: {title}"),
        };
        assert_eq!(bench.forge.pulls(REPO)[0].title, stored("Mend contexts"));
        let change = Change {
            title: Some("Mend more".to_owned()),
            ..Change::default()
        };
        let pull = bench.client.update(1, &change).expect("it is changed");
        assert_eq!((pull.title.as_str(), pull.draft), ("Mend more", true));
        assert_eq!(bench.forge.pulls(REPO)[0].title, stored("Mend more"));
        // Ready by hand; a later change does not take that back.
        bench.forge.pull(REPO, 1, |pull| {
            pull.draft = false;
            "By hand".clone_into(&mut pull.title);
        });
        let pull = bench.client.update(1, &change).expect("it is changed");
        assert_eq!((pull.title.as_str(), pull.draft), ("Mend more", false));
    });
}

#[test]
fn a_repository_is_described_as_it_is_now() {
    each(|kind| {
        let bench = Bench::new(kind);
        let found = bench.client.repository().expect("it is there");
        assert_eq!(found.full_name(), REPO);
        assert_eq!(found.default_branch.as_deref(), Some("main"));
        assert_eq!(found.clone_url, bench.forge.url(REPO));
        assert_eq!(found.can_push, Some(true));
        assert_eq!(
            (found.archived, found.moved, found.parent),
            (false, false, None)
        );
        // Asked for once.
        let before = bench.forge.requests().len();
        bench.client.repository().expect("it is there");
        assert_eq!(bench.forge.requests().len(), before);

        let ada = client(&bench.forge, kind, REPO, forge_support::ADA, &bench.clock);
        assert_eq!(
            ada.repository().expect("it is public").can_push,
            Some(false)
        );
    });
}

#[test]
fn a_repository_that_moved_is_followed_and_named_anew() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench
            .forge
            .world(|world| world.rename(REPO, "acme/gadgets"));
        let found = bench.client.repository().expect("it is followed");
        assert_eq!(
            (found.full_name().as_str(), found.moved),
            ("acme/gadgets", true)
        );
        assert_eq!(bench.open().number, 1, "{kind}");
        assert_eq!(bench.forge.pulls("acme/gadgets").len(), 1);
    });
}

#[test]
fn projects_of_nested_groups_have_a_path_of_one_part() {
    let forge = TestForge::start(Kind::Gitlab);
    let name = "acme/tools/go/widgets";
    forge.world(|world| world.add_repo(name, &["bot"]));
    forge.commit(name, "main", &[("go.mod", "module w\n")]);
    forge.commit(name, "mend", &[("a.go", "package a\n")]);
    let client = client(&forge, Kind::Gitlab, name, TOKEN, &Arc::default());
    let found = client.repository().expect("it is there");
    assert_eq!(
        (found.owner.as_str(), found.name.as_str()),
        ("acme/tools/go", "widgets")
    );
    assert!(matches!(client.create(&mend()), Ok(Created::New(_))));
    assert_eq!(
        forge.count("GET", "/projects/acme%2Ftools%2Fgo%2Fwidgets"),
        1
    );
}

#[test]
fn what_cannot_be_opened_is_said_with_the_forges_words() {
    each(|kind| {
        let bench = Bench::new(kind);
        let failure = |new: &NewPullRequest| bench.failure(bench.client.create(new));
        let same = NewPullRequest {
            head: Head::branch("main"),
            ..mend()
        };
        let missing = NewPullRequest {
            head: Head::branch("gone"),
            ..mend()
        };
        let expected = match kind {
            Kind::Github => [
                "`HOST` refused to open a pull request of `main` into `main`: `Validation Failed: No commits between acme:main and acme:main`; there is nothing to merge: the base holds all commits of the branch",
                "`HOST` refused to open a pull request of `gone` into `main`: `Validation Failed: head is invalid`; push the branch first, and check that the token can see where it is",
            ],
            Kind::Gitea => [
                "`HOST` refused to open a pull request of `main` into `main`: `Invalid PullRequest: There are no changes between the head and the base`; there is nothing to merge: the base holds all commits of the branch",
                "cannot open a pull request of `gone` into `main` at `HOST`: it is not there, or the token cannot see it: `The target couldn't be found.`; push the branch first, and check --base",
            ],
            Kind::Gitlab => [
                "`HOST` refused to open a merge request of `main` into `main`: `You can't use same project/branch for source and target`; there is nothing to merge: the base holds all commits of the branch",
                "`HOST` refused to open a merge request of `gone` into `main`: `source_branch does not exist`; push the branch first, and check that the token can see where it is",
            ],
        };
        assert_eq!([failure(&same), failure(&missing)], expected);
        assert_eq!(bench.forge.pulls(REPO).len(), 0);
    });
}

#[test]
fn gitlab_is_given_time_to_see_what_was_pushed() {
    let bench = Bench::new(Kind::Gitlab);
    let unseen = r#"{"message":{"source_branch":["does not exist"]}}"#;
    let fault = forge_support::Fault::on("POST", "/merge_requests");
    bench.forge.fault(fault.answer(400, unseen).times(2));
    assert_eq!(bench.open().number, 1);
    assert_eq!(bench.waits(), [1, 2]);
}

#[test]
fn a_fork_is_made_waited_for_and_used() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.forge.world(|world| world.fork_takes = 2);
        let ada = client(&bench.forge, kind, REPO, forge_support::ADA, &bench.clock);
        let fork = ada.fork().expect("it is made");
        assert_eq!(fork.full_name(), "ada/widgets");
        assert_eq!(fork.parent.as_deref(), Some(REPO));
        assert_eq!(bench.waits(), [1, 2], "{kind}");
        // The one that is there is taken again.
        assert_eq!(ada.fork().expect("it is there").full_name(), "ada/widgets");
        assert_eq!(bench.forge.world(|world| world.repos.len()), 2);

        let tip = bench
            .forge
            .commit("ada/widgets", "mend", &[("c.go", "package c\n")]);
        let new = NewPullRequest {
            head: Head::of_fork(&fork, "mend"),
            ..mend()
        };
        let Ok(Created::New(pull)) = ada.create(&new) else {
            panic!("{kind}: it is not opened");
        };
        assert_eq!(pull.head_repository.as_deref(), Some("ada/widgets"));
        assert_eq!(pull.head_commit, Some(tip));
        assert_eq!(ada.find(&new.head, Some("main")), Ok(vec![pull.clone()]));
        assert_eq!(ada.get(pull.number), Ok(pull));
        // The branch of the same name in the repository itself is another.
        assert_eq!(ada.find(&Head::branch("mend"), None), Ok(Vec::new()));
    });
}

#[test]
fn another_repository_of_the_forks_name_is_not_taken_for_it() {
    for kind in [Kind::Gitea, Kind::Gitlab] {
        let bench = Bench::new(kind);
        bench
            .forge
            .world(|world| world.add_repo("ada/widgets", &["ada"]));
        let ada = client(&bench.forge, kind, REPO, forge_support::ADA, &bench.clock);
        let error = ada.fork().expect_err("the name is taken");
        assert_eq!(error.kind, ErrorKind::Refused);
        let help = error.help.expect("a next step");
        assert!(help.starts_with("rename the account's "), "{help}");
    }
}

#[test]
fn a_change_of_nothing_asks_for_nothing() {
    each(|kind| {
        let bench = Bench::new(kind);
        let pull = bench.open();
        assert_eq!(
            bench.client.update(1, &Change::default()),
            Ok(pull),
            "{kind}"
        );
    });
}

#[test]
fn a_body_may_be_as_long_as_the_forge_takes() {
    let bench = Bench::new(Kind::Github);
    let longest = Kind::Github.longest_body();
    let with = |length| NewPullRequest {
        body: "é".repeat(length),
        ..mend()
    };
    assert_eq!(
        bench.failure(bench.client.create(&with(longest + 1))),
        "`HOST` refused to open a pull request of `mend` into `main`: `Validation Failed: body is too long (maximum is \
         65536 characters)`; shorten the title or the template of the body"
    );
    assert!(matches!(
        bench.client.create(&with(longest)),
        Ok(Created::New(_))
    ));
}

#[test]
fn a_base_or_draft_that_the_forge_does_not_take_is_told() {
    for (kind, words) in [
        (Kind::Github, "base is invalid"),
        (Kind::Gitlab, "target_branch does not exist"),
    ] {
        let bench = Bench::new(kind);
        let new = NewPullRequest {
            base: "gone".to_owned(),
            ..mend()
        };
        let message = bench.failure(bench.client.create(&new));
        let end = format!("{words}`; check --base: the forge has no such branch");
        assert!(message.ends_with(&end), "{message}");
    }
    let bench = Bench::new(Kind::Github);
    let said = r#"{"message":"Draft pull requests are not supported in this repository."}"#;
    bench
        .forge
        .fault(forge_support::Fault::on("POST", "/pulls").answer(422, said));
    let message = bench.failure(bench.client.create(&mend()));
    assert!(message.ends_with("; leave out --draft"), "{message}");
}
