//! Talking with a remote: a repository beside this one, and what servers are known to say.

use super::*;
use crate::deliver::support::{self, TestRepo};

fn credential() -> Credential {
    Credential {
        token: Token::new("s3cret").expect("it is a token"),
        kind: Kind::Gitlab,
        server: "https://git.example.org".to_owned(),
    }
}

fn git(repo: &TestRepo) -> Git {
    Git::find(&[])
        .expect("git is installed")
        .git_dir(&repo.root.join(".git"))
}

/// A repository with one commit, and a bare one that has it as `main`.
fn pair() -> (TestRepo, TestRepo) {
    let (repo, server) = (TestRepo::new(), TestRepo::bare());
    repo.write("a.go", b"package a\n");
    repo.git(&["add", "."]);
    repo.git(&["commit", "-qm", "Begin"]);
    let url = server.root.to_str().expect("plain").to_owned();
    repo.git(&["remote", "add", "origin", &url]);
    repo.git(&["push", "-q", "origin", "main"]);
    (repo, server)
}

fn remote(repo: &TestRepo) -> Remote {
    Remote::new(&git(repo), "origin", "https://host/o/n", None)
}

#[test]
fn a_branch_is_replaced_only_as_it_was_seen() {
    let (repo, server) = pair();
    let remote = remote(&repo);
    let begin = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repo.git(&["commit", "-q", "--allow-empty", "-m", "Two"]);
    let two = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let tip = || {
        let listing = remote.list(&["mend"]).expect("it is there");
        assert_eq!(listing.default_branch.as_deref(), Some("main"));
        listing.branches.get("mend").cloned()
    };
    assert_eq!(tip(), None);
    remote.push("mend", None, Some(&two)).expect("it is new");
    assert_eq!(tip(), Some(two.clone()));
    let refused = |old: Option<&str>, new: Option<&str>| {
        remote
            .push("mend", old, new)
            .expect_err("stale")
            .to_string()
    };
    let stale = "the branch `mend` of `https://host/o/n` was changed by somebody else meanwhile, and is left as they made it; run again";
    assert_eq!(refused(None, Some(&begin)), stale);
    assert_eq!(refused(Some(&begin), Some(&begin)), stale);
    assert_eq!(refused(Some(&begin), None), stale);
    assert_eq!(tip(), Some(two.clone()));
    remote
        .push("mend", Some(&two), Some(&begin))
        .expect("it goes back");
    remote
        .push("mend", Some(&begin), None)
        .expect("it is deleted");
    assert_eq!(tip(), None);
    assert_eq!(
        support::git(&server.root, &["branch", "--list"]).trim(),
        "* main"
    );
}

#[test]
fn fetching_moves_nothing_local() {
    let (repo, server) = pair();
    let other = TestRepo::new();
    let url = server.root.to_str().expect("plain").to_owned();
    other.git(&["pull", "-q", &url, "main"]);
    other.git(&["commit", "-q", "--allow-empty", "-m", "Theirs"]);
    other.git(&["push", "-q", &url, "HEAD:refs/heads/mend"]);
    let theirs = other.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let before = repo.git(&["for-each-ref"]);
    remote(&repo)
        .fetch("mend", Depth::All)
        .expect("it is there");
    assert_eq!(repo.git(&["cat-file", "-t", &theirs]).trim(), "commit");
    assert_eq!(repo.git(&["for-each-ref"]), before);
    assert!(!repo.root.join(".git/FETCH_HEAD").exists());
    let gone = remote(&repo)
        .fetch("gone", Depth::All)
        .expect_err("it is not there");
    assert_eq!(
        gone.to_string(),
        "git does not get into `https://host/o/n`: couldn't find remote ref refs/heads/gone; it is not there, or the token may not see it; check it with `git remote -v`"
    );
}

#[test]
fn the_token_is_in_no_argument_and_answers_for_one_server() {
    let git = Git::find(&[]).expect("git is installed");
    let url = "https://me@git.example.org/o/n.git";
    let remote = Remote::new(&git, "origin", url, Some(&credential()));
    let command = remote.git.command(&["push"]);
    let words: Vec<String> = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    assert!(
        words.iter().all(|word| !word.contains("s3cret")),
        "{words:?}"
    );
    let holders: Vec<_> = command
        .get_envs()
        .filter(|(_, value)| value.is_some_and(|value| value.to_string_lossy().contains("s3cret")))
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect();
    assert_eq!(holders, [SECRET]);
    let answer = |host: &str| {
        let asked = format!("protocol=https\nhost={host}\n\n");
        let output = remote.git.output(&["credential", "fill"], asked.as_bytes());
        String::from_utf8(output.expect("it runs").stdout).expect("text")
    };
    assert!(answer("git.example.org").contains("username=oauth2\npassword=s3cret\n"));
    assert_eq!(answer("evil.example.org"), "");
    assert_eq!(answer("git.example.org:8443"), "");
    let header = remote.git.output(
        &[
            "config",
            "--get-urlmatch",
            "http.extraheader",
            "https://git.example.org/o/n.git",
        ],
        b"",
    );
    assert_eq!(header.expect("it runs").text(), "");
    assert!(!format!("{remote:?}").contains("s3cret"), "{remote:?}");
}

fn refused(status: &str, complaint: &str) -> String {
    let git = Git::find(&[]).expect("git is installed");
    let url = "https://me:s3cret@git.example.org/o/n";
    let remote = Remote::new(&git, "origin", url, Some(&credential()));
    let output = Output {
        status: git
            .output(&["no-such-command"], b"")
            .expect("it runs")
            .status,
        stdout: status.as_bytes().to_vec(),
        stderr: complaint.as_bytes().to_vec(),
    };
    refusal::of_push(&remote, "mend", &output).to_string()
}

#[test]
fn refusals_are_one_line_with_the_next_step() {
    let rejected =
        |reason: &str| format!("To x\n!\t1:refs/heads/mend\t[remote rejected] ({reason})\nDone\n");
    let at = "https://***@git.example.org/o/n";
    for (status, complaint, expected) in [
        (
            rejected("pre-receive hook declined"),
            "remote: \nremote: ====\nremote: Commits must be signed off.\nremote: \nerror: failed to push some refs to 'x'\n",
            format!(
                "a hook of `{at}` declined the branch `mend`: Commits must be signed off; do what it asks for, such as `--signoff`, and run again"
            ),
        ),
        (
            rejected("protected branch hook declined"),
            "remote: error: GH006: Protected branch update failed for refs/heads/mend.\n",
            format!(
                "the branch `mend` of `{at}` is protected: error: GH006: Protected branch update failed for refs/heads/mend; choose another with `--branch`, or let this account push to it"
            ),
        ),
        (
            rejected("failed to update ref: cannot lock ref 'refs/heads/mend'"),
            "",
            format!(
                "the branch `mend` of `{at}` was changed by somebody else meanwhile, and is left as they made it; run again"
            ),
        ),
        (
            String::new(),
            "remote: Permission to o/n.git denied to me.\nfatal: unable to access 'https://me:s3cret@git.example.org/o/n/': The requested URL returned error: 403\n",
            format!(
                "git does not get into `{at}`: Permission to o/n.git denied to me; use a token that may write to it, or `--fork`"
            ),
        ),
        (
            String::new(),
            "fatal: Authentication failed for 'https://git.example.org/o/n/'\n",
            format!(
                "git does not get into `{at}`: Authentication failed for 'https://git.example.org/o/n/'; the token is wrong or has expired; make a new one"
            ),
        ),
        (
            String::new(),
            "fatal: unable to access 'https://git.example.org/o/n/': Could not resolve host: git.example.org\n",
            format!(
                "`{at}` cannot be reached: unable to access 'https://git.example.org/o/n/': Could not resolve host: git.example.org; check the network and the address, and run again"
            ),
        ),
        (
            String::new(),
            "remote: Repository not found.\nfatal: repository 'https://git.example.org/o/n/' not found\n",
            format!(
                "git does not get into `{at}`: Repository not found; it is not there, or the token may not see it; check it with `git remote -v`"
            ),
        ),
        (
            rejected("shallow update not allowed"),
            "remote: \u{1b}[31ms3cret\n",
            format!(
                "`{at}` did not take the branch `mend`: \\u{{1b}}[31m***; see what `git push` to it says"
            ),
        ),
    ] {
        assert_eq!(refused(&status, complaint), expected);
    }
}
