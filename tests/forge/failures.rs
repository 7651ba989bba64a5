//! Connections that break, forges that fail, answers that are none, and refusals.

use super::*;
use forge_support::{ADA, Fault};
use gomend::deliver::forge::{Change, ErrorKind, State};

#[test]
fn reads_are_tried_again() {
    each(|kind| {
        let bench = Bench::new(kind);
        let list = list_path(kind);
        bench.open();
        bench.forge.fault(Fault::on("GET", list).drop());
        bench
            .forge
            .fault(Fault::on("GET", list).answer(502, "<html>"));
        bench.forge.fault(Fault::on("GET", list).half_answer());
        let found = bench
            .client
            .find(&Head::branch("mend"), None)
            .expect("the fourth try");
        assert_eq!(found.len(), 1, "{kind}");
        assert_eq!(bench.waits(), [1, 2, 4], "{kind}");
    });
}

#[test]
fn a_forge_that_goes_on_failing_is_given_up() {
    each(|kind| {
        let bench = Bench::new(kind);
        let list = list_path(kind);
        bench.client.repository().expect("it is there");
        for (fault, why) in [
            (
                Fault::on("GET", list).answer(503, ""),
                "it answers 503 Service Unavailable",
            ),
            (
                Fault::on("GET", list).drop(),
                "it closes the connection without an answer",
            ),
        ] {
            let before = bench.forge.count("GET", list);
            bench.forge.fault(fault.times(5));
            let result = bench.client.find(&Head::branch("mend"), None);
            assert_eq!(
                bench.failure(result),
                format!(
                    "cannot reach `HOST`: {why}; check the address and the network, and run again"
                )
            );
            assert_eq!(bench.forge.count("GET", list), before + 5, "{kind}");
        }
        assert_eq!(bench.waits(), [1, 2, 4, 8, 1, 2, 4, 8]);
    });
}

/// What may come between the forge and the answer to a creation, and whether the creation happened.
fn ambiguous(kind: Kind) -> Vec<(&'static str, Fault)> {
    let on = || Fault::on("POST", list_path(kind));
    vec![
        ("dropped before", on().drop()),
        ("dropped after", on().drop_answer()),
        ("half an answer", on().half_answer()),
        (
            "failed before",
            on().answer(502, "<html>Bad gateway</html>"),
        ),
        ("another answer", on().garble("<html>Sign in</html>")),
        ("no answer", on().garble("")),
        ("other JSON", on().garble(r#"{"number":"seven"}"#)),
    ]
}

#[test]
fn a_creation_whose_answer_is_lost_happens_once() {
    each(|kind| {
        for (name, fault) in ambiguous(kind) {
            let bench = Bench::new(kind);
            bench.forge.fault(fault);
            assert_eq!(bench.open().number, 1, "{kind}, {name}");
            assert_eq!(bench.forge.pulls(REPO).len(), 1, "{kind}, {name}");
        }
    });
}

#[test]
fn a_creation_that_is_never_answered_happens_once() {
    each(|kind| {
        let bench = Bench::new(kind);
        let list = list_path(kind);
        // The look is lost as well, and so are its further tries: nobody knows, so nothing is sent again.
        bench.forge.fault(Fault::on("POST", list).drop_answer());
        bench.forge.fault(Fault::on("GET", list).drop().times(5));
        let message = bench.failure(bench.client.create(&mend()));
        assert!(message.starts_with("cannot reach `HOST`: "), "{message}");
        assert_eq!(bench.forge.count("POST", list), 1, "{kind}");
        // The next run finds it.
        let pull = bench.forge.pulls(REPO)[0].number;
        let created = bench.client.create(&mend()).expect("it is there");
        assert!(matches!(created, Created::Existing(found) if found.number == pull));
        assert_eq!(bench.forge.pulls(REPO).len(), 1);
    });
}

#[test]
fn a_comment_whose_answer_is_lost_is_written_once() {
    each(|kind| {
        let path = match kind {
            Kind::Github | Kind::Gitea => "/comments",
            Kind::Gitlab => "/notes",
        };
        for fault in [
            Fault::on("POST", path).drop(),
            Fault::on("POST", path).drop_answer(),
            Fault::on("POST", path).half_answer(),
            Fault::on("POST", path).answer(500, ""),
            Fault::on("POST", path).busy_after(9),
        ] {
            let bench = Bench::new(kind);
            bench.open();
            bench
                .forge
                .pull(REPO, 1, |pull| pull.comments.push("By hand".to_owned()));
            bench.forge.fault(fault);
            bench
                .client
                .comment(1, "Nothing is left.\n")
                .expect("it comments");
            let comments = &bench.forge.pulls(REPO)[0].comments;
            assert_eq!(comments, &["By hand", "Nothing is left.\n"], "{kind}");
        }
    });
}

#[test]
fn a_change_whose_answer_is_lost_is_made_again() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.open();
        let method = if kind == Kind::Gitlab { "PUT" } else { "PATCH" };
        bench.forge.fault(Fault::on(method, "/1").drop_answer());
        bench
            .forge
            .fault(Fault::on(method, "/1").answer(500, "").after(1));
        let change = Change {
            body: Some("Less.".to_owned()),
            ..Change::default()
        };
        let changed = bench.client.update(1, &change).expect("the second try");
        assert_eq!(changed.body, "Less.");
        bench.client.close(1).expect("the second try");
        assert_eq!(bench.forge.pulls(REPO)[0].state, State::Closed, "{kind}");
    });
}

#[test]
fn a_slow_answer_is_not_waited_for_without_end() {
    let bench = Bench::new(Kind::Github);
    let remote = Remote::parse(&bench.forge.url(REPO)).expect("a remote");
    let token = Token::new(TOKEN);
    let options = Options {
        timeout: Duration::from_secs(1),
        ..options(Kind::Github, &bench.clock)
    };
    let hasty = forge::connect(&remote, token.as_ref(), &options).expect("a connection");
    let slow = Fault::on("POST", "/pulls").delay(Duration::from_secs(4));
    bench.forge.fault(slow);
    // The look after the time-out is quick.
    let created = hasty.create(&mend()).expect("it is found");
    assert!(matches!(created, Created::New(pull) if pull.number == 1));
    assert_eq!(bench.forge.count("POST", "/pulls"), 1);
}

#[test]
fn an_answer_that_is_not_the_apis_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.client.repository().expect("it is there");
        bench
            .forge
            .fault(Fault::on("GET", list_path(kind)).garble("<html>Sign in</html>"));
        let what = kind.request();
        assert_eq!(
            bench.failure(bench.client.find(&Head::branch("mend"), None)),
            format!(
                "`HOST`: its answer is not what the API of {} gives, so that gomend cannot list {what}s \
                 (expected value at line 1 column 1); check --forge and GOMEND_FORGE_API, which is where the API is \
                 taken to be",
                kind.title()
            )
        );
    });
}

#[test]
fn a_wrong_token_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        let wrong = client(&bench.forge, kind, REPO, "wrong-Token-000", &bench.clock);
        let result = wrong.repository();
        assert_eq!(
            result.clone().map_err(|error| error.kind),
            Err(ErrorKind::Unauthorized)
        );
        let expected = match kind {
            Kind::Github => {
                "`HOST` does not accept the token: `Bad credentials`; it is wrong or has expired; put a new one with `repo` (or contents and pull requests: write) into GITHUB_TOKEN (GH_ENTERPRISE_TOKEN outside github.com)"
            }
            Kind::Gitea => {
                "`HOST` does not accept the token: `invalid username, password or token`; it is wrong or has expired; put a new one with `write:repository` and `write:issue` into GITEA_TOKEN"
            }
            Kind::Gitlab => {
                "`HOST` does not accept the token: `401 Unauthorized`; it is wrong or has expired; put a new one with `api` into GITLAB_TOKEN"
            }
        };
        let message = bench.failure(result);
        assert_eq!(message, expected);
        assert!(!message.contains("wrong-Token"), "{message}");
    });
}

#[test]
fn without_a_token_one_can_look_and_nothing_is_sent_to_change() {
    each(|kind| {
        let bench = Bench::new(kind);
        let anonymous = client(&bench.forge, kind, REPO, "", &bench.clock);
        assert_eq!(anonymous.find(&Head::branch("mend"), None), Ok(Vec::new()));
        let result = anonymous.create(&mend());
        assert_eq!(
            result.clone().map_err(|error| error.kind),
            Err(ErrorKind::NoToken)
        );
        let message = bench.failure(result);
        let request = kind.request();
        let start = format!(
            "no token for `HOST`, so gomend cannot open a {request} of `mend` into `main`; put one with "
        );
        assert!(message.starts_with(&start), "{message}");
        assert_eq!(bench.forge.count("POST", list_path(kind)), 0);
    });
}

#[test]
fn a_repository_that_is_absent_or_hidden_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench
            .forge
            .world(|world| world.repo_mut(REPO).expect("it is there").private = true);
        let ada = client(&bench.forge, kind, REPO, ADA, &bench.clock);
        let result = ada.repository();
        assert_eq!(
            result.clone().map_err(|error| error.kind),
            Err(ErrorKind::NotFound)
        );
        let (thing, words) = match kind {
            Kind::Github => ("repository", "Not Found"),
            Kind::Gitea => ("repository", "The target couldn't be found."),
            Kind::Gitlab => ("project", "404 Project Not Found"),
        };
        assert_eq!(
            bench.failure(result),
            format!(
                "cannot read the {thing} `acme/widgets` at `HOST`: it is not there, or the token cannot see it: \
                 `{words}`; check the remote's URL, and that the token has access to the repository"
            )
        );
    });
}

#[test]
fn what_the_token_may_not_do_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.open();
        let ada = client(&bench.forge, kind, REPO, ADA, &bench.clock);
        let result = ada.close(1);
        assert_eq!(
            result.clone().map_err(|error| error.kind),
            Err(ErrorKind::Forbidden)
        );
        let start = format!("the token may not close {} ", kind.request());
        let message = bench.failure(result);
        assert!(message.starts_with(&start), "{message}");
        assert_eq!(bench.forge.pulls(REPO)[0].state, State::Open);
    });
}

#[test]
fn githubs_reasons_have_their_own_next_step() {
    let cases = [
        (
            Fault::on("POST", "/pulls")
                .answer(403, r#"{"message":"Resource protected by organization SAML enforcement."}"#)
                .header("X-GitHub-SSO", "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"),
            "authorize the token for the organization at https://github.com/orgs/acme/sso?authorization_request=A1",
        ),
        (
            Fault::on("POST", "/pulls").answer(403, r#"{"message":"Resource not accessible by integration"}"#),
            "give the job `permissions: { contents: write, pull-requests: write, issues: write }`",
        ),
        (
            Fault::on("POST", "/pulls").answer(
                403,
                r#"{"message":"GitHub Actions is not permitted to create or approve pull requests."}"#,
            ),
            "allow it in the repository's settings: Actions, General, Workflow permissions",
        ),
        (
            Fault::on("POST", "/pulls")
                .answer(
                    403,
                    r#"{"message":"Resource not accessible by personal access token"}"#,
                )
                .header("X-Accepted-GitHub-Permissions", "pull_requests=write"),
            "use a token with the permissions `pull_requests=write`",
        ),
    ];
    for (fault, help) in cases {
        let bench = Bench::new(Kind::Github);
        bench.forge.fault(fault);
        let error = bench.client.create(&mend()).expect_err("it is forbidden");
        assert_eq!(
            (error.kind, error.help.as_deref()),
            (ErrorKind::Forbidden, Some(help))
        );
    }
}

#[test]
fn an_archived_repository_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench
            .forge
            .world(|world| world.repo_mut(REPO).expect("it is there").archived = true);
        assert_eq!(
            bench.client.repository().map(|found| found.archived),
            Ok(true)
        );
        let result = bench.client.create(&mend());
        let kind_of = result.clone().map_err(|error| error.kind);
        // GitLab says no more than that it is forbidden; a caller looks at the repository first.
        if kind == Kind::Gitlab {
            assert_eq!(kind_of, Err(ErrorKind::Forbidden));
            return;
        }
        assert_eq!(kind_of, Err(ErrorKind::Archived));
        let words = match kind {
            Kind::Github => "Repository was archived so is read-only.",
            _ => "acme/widgets is archived",
        };
        assert_eq!(
            bench.failure(result),
            format!(
                "cannot open a pull request of `mend` into `main`: the repository is archived: `{words}`; \
                 ask its owner to take it out of the archive, or name another --remote"
            )
        );
    });
}

#[test]
fn a_token_that_the_forge_repeats_is_hidden() {
    each(|kind| {
        let bench = Bench::new(kind);
        let said = format!(
            r#"{{"message":"bad header: token {TOKEN}\u001b[2J and ghp_0123456789abcdefABCD"}}"#
        );
        bench
            .forge
            .fault(Fault::on("POST", list_path(kind)).answer(422, &said));
        let message = bench.failure(bench.client.create(&mend()));
        assert!(
            message.ends_with("`bad header: token *** [2J and ***`"),
            "{message}"
        );
    });
}

#[test]
fn the_token_does_not_follow_a_redirect_to_another_host() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.client.repository().expect("it is there");
        let other = TestForge::start(kind);
        for location in [
            format!("{}/elsewhere", other.origin()),
            format!("//{}/elsewhere", &other.origin()["http://".len()..]),
            format!("{}.evil.example/elsewhere", bench.forge.origin()),
            format!("{}@evil.example/elsewhere", bench.forge.origin()),
        ] {
            let fault = Fault::on("GET", list_path(kind)).answer(302, "");
            bench.forge.fault(fault.header("Location", &location));
            let message = bench.failure(bench.client.find(&Head::branch("mend"), None));
            assert!(
                message.contains("where the token is not sent; "),
                "{location}: {message}"
            );
        }
        assert_eq!(other.requests().len(), 0, "{kind}");
        let fault = Fault::on("GET", list_path(kind)).answer(301, "").times(20);
        let circle = format!("/circle{}", list_path(kind));
        bench.forge.fault(fault.header("Location", &circle));
        let message = bench.failure(bench.client.find(&Head::branch("mend"), None));
        assert!(message.contains("it redirects in circles"), "{message}");
    });
}

#[test]
fn a_host_that_is_not_there_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let clock = Arc::<TestClock>::default();
    let remote = Remote::parse(&format!("http://{address}/o/n")).expect("a remote");
    let client =
        forge::connect(&remote, None, &options(Kind::Gitea, &clock)).expect("not asked yet");
    let error = client.repository().expect_err("nobody is there");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let start = format!("cannot reach `{address}`: ");
    assert!(error.message.starts_with(&start), "{error}");
    assert_eq!(clock.waits.lock().expect("no test panics here").len(), 4);
}

#[test]
fn an_address_that_does_not_speak_https_is_told_at_once() {
    let bench = Bench::new(Kind::Github);
    let remote = Remote::parse(&bench.forge.url(REPO)).expect("a remote");
    let options = Options {
        api: Some(bench.forge.api().replace("http:", "https:")),
        ..options(Kind::Github, &bench.clock)
    };
    let client = forge::connect(&remote, None, &options).expect("not asked yet");
    let message = bench.failure(client.repository());
    let start = "cannot trust the connection to `HOST`: ";
    assert!(message.starts_with(start), "{message}");
    assert!(
        message.ends_with("; check that the address speaks HTTPS"),
        "{message}"
    );
    assert_eq!(bench.waits(), [0; 0]);
}
