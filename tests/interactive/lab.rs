//! A repository with files to mend, codemods for it, and editors that do one thing each.

use std::{fs, path::PathBuf};

use crate::{
    support::TestRepo,
    talk::{Start, Talk},
};

/// Calls of `old…` become calls of `new…`, `doubt` is unsafe, `look` is shown only.
const CODEMOD: &str = r#"summary = "Call what is new"
description = '''
## Why it matters
What is old goes away.
'''
tags = ["lab"]
applicability = "safe"

[[rule]]
name = "old"
message = "`@f` is old"
query = '((call_expression function: (identifier) @f) (#match? @f "^old[A-Z]"))'

[[rule.edit]]
replace = "@f"
with = "new@f"

[[rule]]
name = "doubt"
message = "`@f` is doubtful"
applicability = "unsafe"
query = '((call_expression function: (identifier) @f) (#eq? @f "doubt"))'

[[rule.edit]]
replace = "@f"
with = "trust"

[[rule]]
name = "look"
message = "look at `@f`"
applicability = "display"
query = '((call_expression function: (identifier) @f) (#eq? @f "look"))'
"#;

/// Two findings far from each other, then two in one hunk.
pub const ONE: &str = "package p

func one() {
	oldA()
}

// two is another.
func two() {
	oldB()
}

func three() {
	oldC()
	oldD()
}
";

/// One finding of each class.
pub const TWO: &str = "package p

func four() {
	oldE()
}

func five() {
	doubt()
}

func six() {
	look()
}
";

/// The repository.
pub struct Lab {
    pub repo: TestRepo,
}

impl Lab {
    /// Both files, committed.
    pub fn new() -> Self {
        let repo = TestRepo::new();
        fs::create_dir_all(repo.beside("codemods/lab")).expect("the folder is ours");
        fs::create_dir_all(repo.beside("home")).expect("the folder is ours");
        fs::write(repo.beside("codemods/lab/new.toml"), CODEMOD).expect("the folder is ours");
        repo.write("go.mod", "module p\n\ngo 1.22\n")
            .write("one.go", ONE)
            .write("two.go", TWO);
        repo.commit("begin");
        Self { repo }
    }

    /// A conversation about `gomend apply --interactive` with these options.
    pub fn talk(&self, options: &[&str]) -> Talk {
        self.talk_with(options, &[])
    }

    /// As [`Lab::talk`], with variables of the environment.
    pub fn talk_with(&self, options: &[&str], variables: &[(&str, &str)]) -> Talk {
        self.start(options, variables, (40, 120))
    }

    /// As [`Lab::talk_with`], on a terminal of this size (rows, columns).
    pub fn start(&self, options: &[&str], variables: &[(&str, &str)], size: (u16, u16)) -> Talk {
        let mut arguments = vec!["apply", "--interactive", "-c", "../codemods/lab/new.toml"];
        if !options.contains(&"--gofmt") {
            arguments.extend(["--gofmt", "off"]);
        }
        arguments.extend(options);
        Talk::start(Start {
            folder: &self.repo.root,
            home: &self.repo.beside("home"),
            arguments: &arguments,
            variables,
            size,
            stdout: None,
        })
    }

    /// A conversation in which `e` runs this shell script on `$1`.
    pub fn talk_edited(&self, script: &str) -> Talk {
        let editor = self.editor(script);
        self.talk_with(&[], &[("GIT_EDITOR", &editor)])
    }

    /// The command line of an editor that runs this shell script on `$1`.
    pub fn editor(&self, script: &str) -> String {
        let path = self.repo.beside("editor of mine.sh");
        fs::write(&path, script).expect("the folder is ours");
        format!("sh '{}'", path.display())
    }

    /// What a file holds.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.repo.root.join(name)).expect("a file of the repository")
    }

    /// The paths that differ from what was committed.
    pub fn changed(&self) -> String {
        self.repo.git(&["status", "--porcelain"])
    }

    /// A path beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.repo.beside(name)
    }
}

/// An editor's script that puts one text in the place of another, by sed's rules.
pub fn replacing(from: &str, to: &str) -> String {
    format!("sed 's/{from}/{to}/' \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"\n")
}
