//! Which forge a host is, and where its API is.

use super::*;
use gomend::deliver::forge::ErrorKind;

#[test]
fn a_host_is_asked_what_it_is_without_the_token() {
    each(|kind| {
        let forge = TestForge::start(kind);
        let remote = Remote::parse(&forge.url(REPO)).expect("a remote");
        assert_eq!(remote.kind, None);
        let options = Options {
            kind: None,
            ..options(kind, &Arc::default())
        };
        let token = Token::new(TOKEN);
        let client = forge::connect(&remote, token.as_ref(), &options).expect("it is recognised");
        assert_eq!(client.kind(), kind);
        for request in forge.requests() {
            assert_eq!(request.header("authorization"), None, "{}", request.path);
        }
        client.repository().expect("it is there");
        let last = forge.requests().pop().expect("one");
        assert!(
            last.header("authorization")
                .is_some_and(|header| header.ends_with(TOKEN))
        );
    });
}

#[test]
fn an_api_elsewhere_is_named() {
    each(|kind| {
        let forge = TestForge::start(kind);
        let remote = Remote::parse("git@git.example.org:acme/widgets.git").expect("a remote");
        let options = Options {
            kind: None,
            api: Some(format!("{}/", forge.api())),
            ..options(kind, &Arc::default())
        };
        let client = forge::connect(&remote, None, &options).expect("its path names the kind");
        assert_eq!(client.kind(), kind);
        assert_eq!(
            client.repository().map(|found| found.full_name()),
            Ok(REPO.to_owned())
        );
        assert_eq!(forge.requests().len(), 1);
    });
}

#[test]
fn what_is_no_forge_needs_to_be_told() {
    // The port of a repository without any of the three APIs: each answers 404.
    let forge = TestForge::start(Kind::Github);
    forge.fault(forge_support::Fault::on("GET", "/meta").answer(200, "<html>"));
    let remote = Remote::parse(&forge.url(REPO)).expect("a remote");
    let options = Options {
        kind: None,
        ..options(Kind::Github, &Arc::default())
    };
    let error = forge::connect(&remote, None, &options)
        .err()
        .expect("it is none");
    assert_eq!(error.kind, ErrorKind::UnknownForge);
    let host = &forge.origin()["http://".len()..];
    assert_eq!(
        error.to_string(),
        format!(
            "cannot tell which forge `{host}` is; say it with --forge github, gitea or gitlab, and in GOMEND_FORGE_API \
             where its API is if that is unusual"
        )
    );
    let paths: Vec<String> = forge
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(
        paths,
        ["/api/v4/version", "/api/v1/version", "/api/v3/meta"]
    );
}

#[test]
fn a_token_does_not_go_over_plain_http_to_another_machine() {
    let remote = Remote::parse("http://git.example.org/o/n").expect("a remote");
    let token = Token::new(TOKEN);
    let options = options(Kind::Gitea, &Arc::default());
    let error = forge::connect(&remote, token.as_ref(), &options)
        .err()
        .expect("it is refused");
    assert_eq!(
        error.to_string(),
        "address of the API `http://git.example.org/api/v1` is plain HTTP, which would show the token to the network; \
         use https"
    );
}
