//! Every operation on every forge, against real git repositories and strict REST routes on loopback; and everything that
//! goes wrong there.

mod forge_support;
mod support;

#[path = "forge/asking.rs"]
mod asking;
#[path = "forge/failures.rs"]
mod failures;
#[path = "forge/git.rs"]
mod git;
#[path = "forge/limits.rs"]
mod limits;
#[path = "forge/operations.rs"]
mod operations;
#[path = "forge/reviews.rs"]
mod reviews;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use forge_support::{REPO, TOKEN, TestForge};
use gomend::deliver::forge::{
    self, Clock, Created, Forge, Head, Kind, NewPullRequest, Options, PullRequest, Remote, Token,
};

/// Time that passes only when somebody waits; it notes why.
#[derive(Default)]
struct TestClock {
    waits: Mutex<Vec<(u64, String)>>,
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        let waits = self.waits.lock().expect("no test panics here");
        let passed: u64 = waits.iter().map(|(time, _)| time).sum();
        UNIX_EPOCH + Duration::from_secs(1_700_000_000 + passed)
    }

    fn wait(&self, time: Duration, why: &str) {
        let mut waits = self.waits.lock().expect("no test panics here");
        waits.push((time.as_secs(), why.to_owned()));
    }
}

/// A forge, a connection to it, and the clock of the connection.
struct Bench {
    forge: TestForge,
    client: Box<dyn Forge>,
    clock: Arc<TestClock>,
}

impl Bench {
    /// The account `bot` at [`REPO`], with a branch `mend` that is one commit ahead.
    fn new(kind: Kind) -> Self {
        let forge = TestForge::start(kind);
        forge.commit(REPO, "mend", &[("a.go", "package a\n")]);
        let clock = Arc::new(TestClock::default());
        let client = client(&forge, kind, REPO, TOKEN, &clock);
        Self {
            forge,
            client,
            clock,
        }
    }

    /// Lengths of the waits so far, in seconds.
    fn waits(&self) -> Vec<u64> {
        let waits = self.clock.waits.lock().expect("no test panics here");
        waits.iter().map(|(time, _)| *time).collect()
    }

    /// Opens the pull request of `mend` into `main`.
    fn open(&self) -> PullRequest {
        match self.client.create(&mend()) {
            Ok(Created::New(pull)) => pull,
            other => panic!("it is not opened: {other:?}"),
        }
    }

    /// The message of a failure; checks that neither form of the error shows a token.
    fn failure<T: std::fmt::Debug>(&self, result: Result<T, forge::Error>) -> String {
        let error = result.expect_err("it must fail");
        let shown = format!("{error} {error:?} {:?}", error.help);
        assert!(!shown.contains(TOKEN), "the token is in {shown}");
        assert!(!shown.contains('\n'), "more than one line: {shown}");
        error
            .to_string()
            .replace(&self.forge.origin()["http://".len()..], "HOST")
    }
}

/// A connection with this token.
fn client(
    forge: &TestForge,
    kind: Kind,
    full_name: &str,
    token: &str,
    clock: &Arc<TestClock>,
) -> Box<dyn Forge> {
    let remote = Remote::parse(&forge.url(full_name)).expect("a remote");
    let token = Token::new(token);
    forge::connect(&remote, token.as_ref(), &options(kind, clock)).expect("a connection")
}

fn options(kind: Kind, clock: &Arc<TestClock>) -> Options {
    Options {
        kind: Some(kind),
        clock: clock.clone(),
        timeout: Duration::from_secs(20),
        ..Options::default()
    }
}

/// `mend` into `main`.
fn mend() -> NewPullRequest {
    NewPullRequest {
        title: "Mend contexts".to_owned(),
        body: "What changed:\n\n- `a.go`".to_owned(),
        head: Head::branch("mend"),
        base: "main".to_owned(),
        draft: false,
    }
}

/// Runs a test against each kind.
fn each(test: impl Fn(Kind)) {
    for kind in Kind::ALL {
        test(kind);
    }
}

/// Path of the list of pull requests of [`REPO`], as the end of a request's path.
fn list_path(kind: Kind) -> &'static str {
    match kind {
        Kind::Github | Kind::Gitea => "/pulls",
        Kind::Gitlab => "/merge_requests",
    }
}
