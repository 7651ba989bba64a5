//! A git repository in a temporary folder, and commands run in it with nothing of the machine around them.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};

/// The repository, and the folder above it.
pub struct Sandbox {
    top: tempfile::TempDir,
    root: PathBuf,
}

impl Sandbox {
    /// A repository with the files of `repo/`, all committed; codemods beside it.
    pub fn new() -> Self {
        let top = tempfile::tempdir().expect("a temporary folder");
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
        // macOS and some Linux systems have a temporary folder behind a symbolic link.
        let path = fs::canonicalize(top.path()).expect("it exists");
        let root = path.join("repo");
        copy(&data.join("repo"), &root);
        copy(&data.join("codemods"), &path.join("lab/codemods"));
        let sandbox = Self { top, root };
        sandbox.commit_all();
        sandbox
    }

    fn commit_all(&self) {
        let mut options = RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let repository = Repository::init_opts(&self.root, &options).expect("a repository");
        let mut config = repository.config().expect("its configuration");
        config.set_str("user.name", "Ann Author").expect("writable");
        config
            .set_str("user.email", "ann@example.com")
            .expect("writable");
        let mut index = repository.index().expect("its index");
        index
            .add_all(["*"], IndexAddOption::FORCE, None)
            .expect("addable");
        index.write().expect("writable");
        let tree = repository
            .find_tree(index.write_tree().expect("writable"))
            .expect("written");
        let ann = Signature::new(
            "Ann Author",
            "ann@example.com",
            &Time::new(1_700_000_000, 0),
        )
        .expect("well-formed");
        repository
            .commit(Some("HEAD"), &ann, &ann, "Begin", &tree, &[])
            .expect("committed");
    }

    /// What a command prints: standard output, then the exit code where it is not 0, then standard error.
    pub fn run(&self, command: &str) -> String {
        let words = split(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["gomend", arguments @ ..] => self.gomend(arguments),
            ["cat", files @ ..] => files.iter().map(|file| self.read(file)).collect(),
            ["write", file, text] => self.write(file, text),
            ["log", reference] => self.log(reference),
            _ => format!("the harness knows no command `{command}`\n"),
        }
    }

    fn gomend(&self, arguments: &[&str]) -> String {
        let (arguments, closed) = match arguments {
            [arguments @ .., "|", "closed"] => (arguments, true),
            arguments => (arguments, false),
        };
        let (arguments, input) = match arguments {
            [arguments @ .., "<", file] => (arguments, self.read(file)),
            arguments => (arguments, String::new()),
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_gomend"))
            .args(arguments)
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", "")
            .env("HOME", self.top.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("TMPDIR", std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary under test");
        if closed {
            drop(child.stdout.take());
        }
        // A command that does not read its input closes it early; that is its business.
        let _ = child
            .stdin
            .take()
            .expect("it is piped")
            .write_all(input.as_bytes());
        self.show(&child.wait_with_output().expect("its output"))
    }

    fn show(&self, output: &Output) -> String {
        let mut shown = self.plain(&output.stdout);
        match output.status.code() {
            Some(0) => {}
            Some(code) => {
                let _ = writeln!(shown, "[exit {code}]");
            }
            None => shown.push_str("[killed]\n"),
        }
        if !output.stderr.is_empty() {
            let _ = write!(shown, "[stderr]\n{}", self.plain(&output.stderr));
        }
        shown
    }

    /// Text with what differs from run to run replaced.
    fn plain(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let top = self
            .root
            .parent()
            .unwrap_or(&self.root)
            .display()
            .to_string();
        let text = text.replace(&top, "/top");
        let text = without_hashes(&text);
        let line = |line: &str| match line.find("\"elapsed_ms\": ") {
            Some(at) => format!("{}\"elapsed_ms\": 0\n", &line[..at]),
            None => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file))
            .unwrap_or_else(|error| format!("{file}: {error}\n"))
    }

    fn write(&self, file: &str, text: &str) -> String {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, text.replace("\\n", "\n").replace("\\t", "\t")).expect("writable");
        String::new()
    }

    /// The commits of a branch that are not in HEAD, oldest first: message and files.
    fn log(&self, reference: &str) -> String {
        let repository = Repository::open(&self.root).expect("it was made above");
        let Ok(tip) = repository.revparse_single(reference) else {
            return format!("there is no `{reference}`\n");
        };
        let mut walk = repository.revwalk().expect("a walk");
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE)
            .expect("sortable");
        walk.push(tip.id()).expect("a commit");
        walk.hide_head().expect("HEAD is born");
        let mut shown = String::new();
        for id in walk {
            let commit = repository
                .find_commit(id.expect("an id"))
                .expect("a commit");
            let author = commit.author();
            let _ = writeln!(
                shown,
                "commit by {author}\n{}",
                commit.message().unwrap_or_default().trim_end()
            );
            let parent = commit.parent(0).and_then(|parent| parent.tree()).ok();
            let tree = commit.tree().expect("its tree");
            let diff = repository
                .diff_tree_to_tree(parent.as_ref(), Some(&tree), None)
                .expect("a diff");
            for delta in diff.deltas() {
                let path = delta.new_file().path().unwrap_or(Path::new("")).display();
                let _ = writeln!(shown, "  {path}");
            }
        }
        let head = repository
            .head()
            .and_then(|head| head.peel_to_commit())
            .expect("HEAD is born");
        shown.replace(&head.id().to_string(), "<HEAD>")
    }
}

/// Text with the names of commits, which hold the time of day, replaced.
fn without_hashes(text: &str) -> String {
    let is_hash =
        |word: &str| word.len() == 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_hash(name) {
                word.replace(name, "<commit>")
            } else {
                word.to_owned()
            }
        })
        .collect()
}

/// Words as a shell has them: split at spaces, quoted by `'`.
fn split(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words
                .last_mut()
                .expect("there is always one")
                .push_str(part);
            continue;
        }
        for (index, piece) in part.split(' ').enumerate() {
            if index > 0 {
                words.push(String::new());
            }
            words
                .last_mut()
                .expect("there is always one")
                .push_str(piece);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder of the tests") {
        let path = entry.expect("an entry of it").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copyable");
        }
    }
}
