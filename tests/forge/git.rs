//! The test forge itself: git over HTTP, and how strict it is.

use super::*;
use std::process::{Command, Output};

use forge_support::Fault;
use support::TestRepo;

/// git with HTTP allowed, and without anybody to ask for a password.
fn git(repo: &TestRepo) -> Command {
    let mut command = support::command("git");
    command
        .current_dir(&repo.root)
        .env("GIT_ALLOW_PROTOCOL", "http:file")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("GIT_ASKPASS");
    command
}

/// Pushes `HEAD` to a branch with this token.
fn push(forge: &TestForge, repo: &TestRepo, token: &str, branch: &str) -> Output {
    let url = forge
        .url(REPO)
        .replace("http://", &format!("http://x:{token}@"));
    git(repo)
        .args(["push", "-q", &url, &format!("+HEAD:refs/heads/{branch}")])
        .output()
        .expect("git is installed")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn git_fetches_and_pushes_over_http() {
    if !forge_support::serves_git() {
        return;
    }
    let forge = TestForge::start(Kind::Github);
    let repo = TestRepo::new();
    let fetched = git(&repo)
        .args(["pull", "-q", &forge.url(REPO), "main"])
        .status()
        .expect("git is installed");
    assert!(fetched.success());
    // More than git sends in one piece (`http.postBuffer`), so that it comes in chunks.
    let noise: String = (0..400_000u32)
        .map(|number| {
            char::from(
                b'a' + u8::try_from(number.wrapping_mul(2_654_435_761) >> 28).expect("four bits"),
            )
        })
        .collect();
    repo.write("big.txt", &noise);
    let tip = repo.commit("big");
    repo.git(&["config", "http.postBuffer", "65536"]);
    repo.git(&["config", "core.compression", "0"]);
    let output = push(&forge, &repo, TOKEN, "big");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(forge.tip(REPO, "big"), Some(tip));
    let push = forge
        .requests()
        .into_iter()
        .filter(|request| request.path.ends_with("/git-receive-pack"));
    assert!(push.into_iter().any(|request| request.body.len() > 400_000));
    forge.assert_tokens_hidden();
}

#[test]
fn pushes_need_a_token_that_may() {
    if !forge_support::serves_git() {
        return;
    }
    let forge = TestForge::start(Kind::Gitea);
    let repo = TestRepo::new();
    repo.commit("one");
    for (token, words) in [
        (forge_support::ADA, "The requested URL returned error: 403"),
        ("wrong", "Authentication failed"),
    ] {
        let output = push(&forge, &repo, token, "x");
        assert!(!output.status.success());
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    assert_eq!(forge.tip(REPO, "x"), None);
}

#[test]
fn hooks_and_protected_branches_refuse_pushes() {
    if !forge_support::serves_git() {
        return;
    }
    let forge = TestForge::start(Kind::Gitlab);
    let repo = TestRepo::new();
    repo.commit("one");
    let main = forge.tip(REPO, "main");
    forge.protect(REPO, "main");
    let output = push(&forge, &repo, TOKEN, "main");
    assert!(!output.status.success());
    assert!(
        said(&output).contains("GH006: Protected branch update failed for refs/heads/main"),
        "{}",
        said(&output)
    );
    assert_eq!(forge.tip(REPO, "main"), main);
    assert!(push(&forge, &repo, TOKEN, "x").status.success());
    forge.reject_pushes(REPO, "no pushes on Fridays");
    let output = push(&forge, &repo, TOKEN, "y");
    assert!(
        said(&output).contains("no pushes on Fridays"),
        "{}",
        said(&output)
    );
    assert_eq!(forge.tip(REPO, "y"), None);
}

#[test]
fn a_push_whose_answer_is_lost_happened() {
    if !forge_support::serves_git() {
        return;
    }
    let forge = TestForge::start(Kind::Github);
    let repo = TestRepo::new();
    let tip = repo.commit("one");
    forge.fault(Fault::on("POST", "/git-receive-pack").drop_answer());
    assert!(!push(&forge, &repo, TOKEN, "x").status.success());
    assert_eq!(forge.tip(REPO, "x"), Some(tip));
}

#[test]
fn a_pull_request_sees_what_is_pushed() {
    each(|kind| {
        let bench = Bench::new(kind);
        let pull = bench.open();
        let tip = bench.forge.commit(REPO, "mend", &[("b.go", "package b\n")]);
        assert_ne!(pull.head_commit.as_ref(), Some(&tip));
        let pull = bench.client.get(1).expect("it is there");
        assert_eq!(pull.head_commit, Some(tip), "{kind}");
    });
}

/// What a real forge would not understand fails the test: the forge panics when it is dropped.
#[test]
fn requests_that_no_forge_knows_are_noted() {
    for (kind, path, body) in [
        (Kind::Github, "/repos/acme/widgets/pulls?status=open", ""),
        (Kind::Github, "/repos/acme/widgets/nothing", ""),
        (
            Kind::Gitlab,
            "/projects/acme%2Fwidgets/merge_requests",
            r#"{"body":"x"}"#,
        ),
        (
            Kind::Gitea,
            "/repos/acme/widgets/pulls",
            r#"{"title":"x","head":"mend","base":"main","draft":true}"#,
        ),
    ] {
        let forge = TestForge::start(kind);
        let scheme = if kind == Kind::Gitea {
            "token"
        } else {
            "Bearer"
        };
        let accept = if kind == Kind::Github {
            "application/vnd.github+json"
        } else {
            "application/json"
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build();
        let agent = agent.new_agent();
        let headers = [
            ("accept", accept),
            ("authorization", &format!("{scheme} {TOKEN}")),
            ("content-type", "application/json"),
            ("x-github-api-version", "2022-11-28"),
        ];
        let url = format!("{}{path}", forge.api());
        let mut request = ureq::http::Request::builder().uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request = request.method(method).body(body).expect("a request");
        let status = agent.run(request).expect("an answer").status();
        assert_eq!(status, 400, "{path}");
        let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(forge)));
        assert!(dropped.is_err(), "{path} was taken");
    }
}
