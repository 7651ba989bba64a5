//! A clone of a repository at a test forge, and `gomend pr` in it with nothing of the machine around.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gomend::deliver::forge::{Kind, State};
use tempfile::TempDir;

use crate::{
    forge_support::{
        REPO, Request, TOKEN, TestForge,
        world::{Label, Pull},
    },
    support,
};

/// The branch that is made where none is named.
pub const BRANCH: &str = "gomend/context/cancel-discarded";

/// Go with a leak that a safe codemod mends.
pub const LEAK: &str = "package widgets\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n\nfunc Ping(parent context.Context) error {\n\tctx, _ := context.WithTimeout(parent, time.Second)\n\treturn ping(ctx)\n}\n";

/// The same in another function, with one more that only people can mend, and text that wants out of its place.
pub const MORE: &str = "package widgets\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n\nfunc Pong(parent context.Context) error {\n\tctx, _ := context.WithTimeout(parent, time.Second)\n\treturn ping(ctx)\n}\n\nfunc Keep(parent context.Context) context.Context {\n\tctx, _ := context.WithTimeout(parent, time.Second)\n\treturn ctx\n}\n";

/// A forge with leaky Go on its `main`, and a clone of it.
pub struct Stage {
    pub forge: TestForge,
    pub kind: Kind,
    pub clone: PathBuf,
    folder: TempDir,
}

/// What a run printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Stage {
    pub fn new(kind: Kind) -> Self {
        let forge = TestForge::start(kind);
        forge.commit(REPO, "main", &[("ping.go", LEAK)]);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clone = folder
            .path()
            .canonicalize()
            .expect("it exists")
            .join("clone");
        let stage = Self {
            forge,
            kind,
            clone,
            folder,
        };
        stage.wrap_git();
        stage.clone_again(&[]);
        stage
    }

    /// Clones anew, with these options.
    pub fn clone_again(&self, options: &[&str]) {
        let _ = fs::remove_dir_all(&self.clone);
        let folder = self
            .clone
            .to_str()
            .expect("temporary folders have plain names");
        let url = self.forge.url(REPO);
        let arguments = [&["clone", "-q"][..], options, &["--", &url, folder]].concat();
        let output = self
            .command("git", self.folder.path())
            .args(arguments)
            .output()
            .expect("git is installed");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        for (key, value) in [("user.name", "Mend Bot"), ("user.email", "bot@example.org")] {
            self.git(&["config", key, value]);
        }
    }

    /// A git that writes down its arguments, before the other one on `PATH`.
    fn wrap_git(&self) {
        let real = std::env::split_paths(&std::env::var_os("PATH").expect("there is a PATH"))
            .map(|folder| folder.join("git"))
            .find(|program| program.is_file())
            .expect("git is installed");
        let program = self.folder.path().join("bin/git");
        fs::create_dir_all(program.parent().expect("it is in a folder")).expect("ours");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{}'\ncase \"$*\" in *'push --porcelain'*) [ -f '{2}' ] && sh '{2}';; esac\nexec '{1}' \"$@\"\n",
            self.folder.path().join("arguments").display(),
            real.display(),
            self.folder.path().join("before-push").display(),
        );
        fs::write(&program, script).expect("ours");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("ours");
        }
    }

    /// Lets this happen at the forge's repository between the look at it and the push.
    pub fn before_push(&self, script: &str) {
        let folder = self.forge.git_dir(REPO);
        let script = format!("cd '{}' || exit 1\n{script}\n", folder.display());
        fs::write(self.folder.path().join("before-push"), script).expect("ours");
    }

    /// A command in the clone's environment, without a token.
    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = support::command(program);
        let path = std::env::var_os("PATH").expect("there is a PATH");
        let mut folders = vec![
            self.folder
                .path()
                .canonicalize()
                .expect("it exists")
                .join("bin"),
        ];
        folders.extend(std::env::split_paths(&path));
        for name in [
            "GOMEND_FORGE_TOKEN",
            "GH_TOKEN",
            "GITHUB_TOKEN",
            "GITHUB_SERVER_URL",
            "GH_ENTERPRISE_TOKEN",
            "GITHUB_ENTERPRISE_TOKEN",
            "GITEA_TOKEN",
            "FORGEJO_TOKEN",
            "GITLAB_TOKEN",
            "SSH_ASKPASS",
        ] {
            command.env_remove(name);
        }
        for name in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            command.env_remove(name);
        }
        command
            .current_dir(folder)
            .env("PATH", std::env::join_paths(folders).expect("plain names"))
            .env("GIT_ALLOW_PROTOCOL", "file:http")
            .env("GIT_AUTHOR_NAME", "Mend Bot")
            .env("GIT_AUTHOR_EMAIL", "bot@example.org")
            .env("GIT_COMMITTER_NAME", "Mend Bot")
            .env("GIT_COMMITTER_EMAIL", "bot@example.org");
        command
    }

    /// `gomend pr` for the one codemod, with the account's token.
    pub fn pr(&self, arguments: &[&str]) -> Run {
        let words = ["-c", "context/cancel-discarded"];
        self.pr_with(
            &[&words[..], arguments].concat(),
            &[("GOMEND_FORGE_TOKEN", TOKEN)],
        )
    }

    /// `gomend pr` with these variables.
    pub fn pr_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let words = ["pr", "--gofmt", "off", "--forge", self.kind.name()];
        self.run(&[&words[..], arguments].concat(), variables)
    }

    /// gomend with these arguments and variables.
    pub fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let output = self
            .command(env!("CARGO_BIN_EXE_gomend"), &self.clone)
            .args(arguments)
            .envs(variables.iter().copied())
            .output()
            .expect("the binary under test");
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(TOKEN), "the token is shown: {text}");
            text.replace(self.forge.origin(), "ORIGIN")
                .replace(self.forge.origin().trim_start_matches("http://"), "HOST")
        };
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = self
            .command("git", &self.clone)
            .args(arguments)
            .output()
            .expect("git is installed");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .expect("text")
            .trim()
            .to_owned()
    }

    /// Tip of the branch at the forge.
    pub fn tip(&self) -> Option<String> {
        self.forge.tip(REPO, BRANCH)
    }

    /// The pull requests that are open.
    pub fn open(&self) -> Vec<Pull> {
        let pulls = self.forge.pulls(REPO).into_iter();
        pulls.filter(|pull| pull.state == State::Open).collect()
    }

    /// The one pull request there is.
    #[track_caller]
    pub fn only(&self) -> Pull {
        let pulls = self.forge.pulls(REPO);
        assert_eq!(pulls.len(), 1, "{pulls:?}");
        pulls.into_iter().next().expect("there is one")
    }

    /// How many requests there were that change something, pushes among them.
    pub fn writes(&self) -> usize {
        let is_write = |request: &&Request| {
            request.method != "GET" && !request.path.ends_with("/git-upload-pack")
        };
        self.forge.requests().iter().filter(is_write).count()
    }

    /// Lets the branch at the forge be at this commit.
    pub fn set_branch(&self, commit: &str) {
        let name = format!("refs/heads/{BRANCH}");
        support::git(&self.forge.git_dir(REPO), &["update-ref", &name, commit]);
    }

    /// Makes a label that pull requests can have.
    pub fn label(&self, name: &str) {
        self.forge.world(|world| {
            let id = world.id();
            let repo = world.repo_mut(REPO).expect("it is there");
            repo.labels.push(Label {
                id,
                name: name.to_owned(),
            });
        });
    }

    /// A commit of a person's on top of the branch, or of any other.
    pub fn person_commits(&self, branch: &str, files: &[(&str, &str)]) -> String {
        self.forge.commit(REPO, branch, files)
    }

    /// Nobody can have seen the token: no argument of git's, no header but the one it belongs in, no file.
    pub fn assert_token_hidden(&self) {
        self.forge.assert_tokens_hidden();
        let arguments = fs::read_to_string(self.folder.path().join("arguments")).expect("git ran");
        assert!(arguments.contains("push --porcelain"), "{arguments}");
        assert!(!arguments.contains(TOKEN), "{arguments}");
        let mut folders = vec![self.folder.path().to_owned()];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("ours") {
                let path = entry.expect("ours").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files += 1;
                    let bytes = fs::read(&path).expect("ours");
                    let found = bytes
                        .windows(TOKEN.len())
                        .any(|part| part == TOKEN.as_bytes());
                    assert!(!found, "the token is in {}", path.display());
                }
            }
        }
        assert!(files > 10, "the clone is there");
    }
}
