//! URLs that are read, and those that are refused.

use proptest::prelude::*;

use super::*;
use crate::deliver::seed::seed;

fn parsed(url: &str) -> (Option<Kind>, String, String, String) {
    let remote = Remote::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    (remote.kind, remote.server(), remote.owner, remote.name)
}

#[test]
fn urls_of_forges_are_read() {
    let github = Some(Kind::Github);
    let gitlab = Some(Kind::Gitlab);
    let gitea = Some(Kind::Gitea);
    let cases = [
        (
            "https://github.com/o/n",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        (
            "https://github.com/o/n.git/",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        (
            "https://me:pass@GitHub.com/o/n.git",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        (
            "https://github.com:443/o/n",
            github,
            "https://github.com:443",
            "o",
            "n",
        ),
        (
            "git@github.com:o/n.git",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        ("github.com:o/n", github, "https://github.com", "o", "n"),
        (
            "git@github.com:/o/n.git",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        (
            "ssh://git@ssh.github.com:443/o/n.git",
            github,
            "https://github.com",
            "o",
            "n",
        ),
        (
            "git@acme.ghe.com:o/n",
            github,
            "https://acme.ghe.com",
            "o",
            "n",
        ),
        (
            "https://gitlab.com/a/b/c/n.git",
            gitlab,
            "https://gitlab.com",
            "a/b/c",
            "n",
        ),
        (
            "git@gitlab.com:a/b/n.git",
            gitlab,
            "https://gitlab.com",
            "a/b",
            "n",
        ),
        (
            "ssh://git@codeberg.org/o/n.git",
            gitea,
            "https://codeberg.org",
            "o",
            "n",
        ),
        (
            "https://gitea.com/o/n",
            gitea,
            "https://gitea.com",
            "o",
            "n",
        ),
        (
            "ssh://git@git.example.org:2222/o/n",
            None,
            "https://git.example.org",
            "o",
            "n",
        ),
        (
            "http://127.0.0.1:8080/o/n.git",
            None,
            "http://127.0.0.1:8080",
            "o",
            "n",
        ),
        (
            "http://[::1]:8080/o/n.git",
            None,
            "http://[::1]:8080",
            "o",
            "n",
        ),
        (
            "git@[git.example.org:22]:o/n.git",
            None,
            "https://git.example.org",
            "o",
            "n",
        ),
        ("git@[::1]:o/n.git", None, "https://[::1]", "o", "n"),
        (
            "https://git.example.org/o/n%20m",
            None,
            "https://git.example.org",
            "o",
            "n m",
        ),
        (
            "https://git.example.org/o/.github",
            None,
            "https://git.example.org",
            "o",
            ".github",
        ),
    ];
    for (url, kind, server, owner, name) in cases {
        let expected = (kind, server.to_owned(), owner.to_owned(), name.to_owned());
        assert_eq!(parsed(url), expected, "{url}");
    }
}

#[test]
fn what_no_forge_is_behind_is_refused_without_its_password() {
    let cases = [
        ("/srv/git/o/n.git", "remote `/srv/git/o/n.git` is a path"),
        ("../o/n", "remote `../o/n` is a path"),
        ("./a:b/c", "remote `./a:b/c` is a path"),
        (r"C:\o\n", r"remote `C:\o\n` is a path"),
        (
            "file:///srv/o/n",
            "remote `file:///srv/o/n` is not at a forge",
        ),
        (
            "git://host/o/n",
            "remote `git://host/o/n` is not at a forge",
        ),
        (
            "https://me:secret@host/n",
            "remote `https://***@host/n` does not end in `owner/name`",
        ),
        (
            "https://host/o/../n",
            "remote `https://host/o/../n` does not end in `owner/name`",
        ),
        (
            "https://host:99999/o/n",
            "remote `https://host:99999/o/n` has no host",
        ),
        (
            "git@host:n",
            "remote `git@host:n` does not end in `owner/name`",
        ),
        ("", "remote `` is a path"),
    ];
    for (url, message) in cases {
        let error = Remote::parse(url).expect_err(url);
        assert_eq!(
            (error.kind, error.message.as_str()),
            (ErrorKind::Usage, message)
        );
    }
}

#[test]
fn kinds_are_read_as_they_are_shown() {
    for kind in Kind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
    }
    assert_eq!("forgejo".parse(), Ok(Kind::Gitea));
    let error = "bitbucket".parse::<Kind>().expect_err("it is none");
    assert_eq!(
        error.to_string(),
        "unknown forge `bitbucket`; use github, gitea (Forgejo too) or gitlab"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: seed(), ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_or_refused_without_its_password(
        start in prop::sample::select(vec!["", "https://u:hidden@", "ssh://", "git@", "http://hidden@[::1]:", "git@["]),
        rest in "[a-z0-9:/@.%\\[\\]~ é\n-]{0,40}",
    ) {
        match Remote::parse(&format!("{start}{rest}")) {
            Ok(remote) => {
                prop_assert!(!format!("{remote:?}").contains("hidden"), "{remote:?}");
                prop_assert!(!remote.host.is_empty() && !remote.name.is_empty());
                // What was read is read again from the URL that it stands for.
                let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./-".contains(&byte));
                if plain(&remote.full_name()) && remote.name.strip_suffix(".git").is_none() {
                    let url = format!("{}/{}", remote.server(), remote.full_name());
                    prop_assert_eq!(Remote::parse(&url).map(|again| again.full_name()), Ok(remote.full_name()));
                }
            }
            Err(error) => {
                let shown = error.to_string();
                prop_assert!(!shown.contains("hidden"), "{shown}");
            }
        }
    }
}
