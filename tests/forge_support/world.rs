//! What the test forge holds: accounts, repositories and pull requests. Branches and commits are those of real bare
//! repositories.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::support;
use gomend::deliver::forge::State;

/// An account, or an organization where it has no token.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: u64,
    pub login: String,
    pub token: Option<String>,
}

/// A repository.
#[derive(Debug, Clone)]
pub struct Repo {
    pub id: u64,
    /// May be nested groups.
    pub owner: String,
    pub name: String,
    /// Names that it had before.
    pub former: Vec<String>,
    pub default_branch: String,
    pub archived: bool,
    /// Cannot be seen without being a writer.
    pub private: bool,
    /// Accounts that may push.
    pub writers: Vec<String>,
    /// The repository that it is a fork of.
    pub parent: Option<u64>,
    /// How many more looks until a fork is there.
    pub pending: usize,
    pub labels: Vec<Label>,
    pub pulls: Vec<Pull>,
    pub git_dir: PathBuf,
    tips: BTreeMap<String, String>,
}

/// A label.
#[derive(Debug, Clone)]
pub struct Label {
    pub id: u64,
    pub name: String,
}

/// A pull request.
#[derive(Debug, Clone)]
pub struct Pull {
    pub number: u64,
    /// With the mark of a draft, where the forge has one.
    pub title: String,
    pub body: String,
    /// The repository that holds the branch; `None` where it is gone.
    pub head_repo: Option<u64>,
    pub head: String,
    pub base: String,
    /// Tip of the head when it was last seen.
    pub head_commit: String,
    pub state: State,
    /// GitHub's; the others mark the title.
    pub draft: bool,
    pub labels: Vec<String>,
    pub reviewers: Vec<String>,
    pub teams: Vec<String>,
    pub author: String,
    pub comments: Vec<String>,
}

impl Repo {
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Tip of a branch, as last read.
    pub fn tip(&self, branch: &str) -> Option<String> {
        self.tips.get(branch).cloned()
    }

    /// Reads the tips of all branches.
    fn read_tips(&mut self) {
        let format = "--format=%(objectname) %(refname:lstrip=2)";
        let lines = support::git(&self.git_dir, &["for-each-ref", format, "refs/heads"]);
        let lines = lines.lines().filter_map(|line| line.split_once(' '));
        self.tips = lines
            .map(|(id, name)| (name.to_owned(), id.to_owned()))
            .collect();
    }

    pub fn is_empty(&self) -> bool {
        self.tip(&self.default_branch).is_none()
    }
}

/// Everything.
#[derive(Debug)]
pub struct World {
    pub root: PathBuf,
    pub accounts: Vec<Account>,
    pub repos: Vec<Repo>,
    /// Names of teams (GitHub: slugs) of every organization.
    pub teams: Vec<String>,
    /// How many looks a new fork takes to be there.
    pub fork_takes: usize,
    last_id: u64,
}

impl World {
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            accounts: Vec::new(),
            repos: Vec::new(),
            teams: Vec::new(),
            fork_takes: 0,
            last_id: 100,
        }
    }

    pub fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub fn add_account(&mut self, login: &str, token: Option<&str>) {
        let id = self.id();
        self.accounts.push(Account {
            id,
            login: login.to_owned(),
            token: token.map(str::to_owned),
        });
    }

    pub fn account(&self, login: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.login == login)
    }

    pub fn by_token(&self, token: &str) -> Option<&Account> {
        let holds = |account: &&Account| account.token.as_deref() == Some(token);
        self.accounts.iter().find(holds)
    }

    /// A bare repository without commits.
    pub fn add_repo(&mut self, full_name: &str, writers: &[&str]) -> u64 {
        let (owner, name) = full_name.rsplit_once('/').expect("owner/name");
        let id = self.id();
        let git_dir = self.root.join(format!("{full_name}.git"));
        fs::create_dir_all(&git_dir).expect("the folder is ours");
        support::git(&git_dir, &["init", "-q", "--bare", "-b", "main"]);
        self.repos.push(Repo {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            former: Vec::new(),
            default_branch: "main".to_owned(),
            archived: false,
            private: false,
            writers: writers.iter().map(|&writer| writer.to_owned()).collect(),
            parent: None,
            pending: 0,
            labels: Vec::new(),
            pulls: Vec::new(),
            git_dir,
            tips: BTreeMap::new(),
        });
        id
    }

    /// A fork by `login`, with the branches that there are now.
    pub fn add_fork(&mut self, parent: u64, login: &str) -> u64 {
        let (name, source) = {
            let parent = self.repo_by_id(parent).expect("it is there");
            (parent.name.clone(), parent.git_dir.clone())
        };
        let id = self.add_repo(&format!("{login}/{name}"), &[login]);
        let takes = self.fork_takes;
        let fork = self.repo_by_id_mut(id).expect("it was made");
        fork.parent = Some(parent);
        fork.pending = takes;
        let source = source.to_str().expect("temporary folders have plain names");
        let refs = "+refs/heads/*:refs/heads/*";
        support::git(&fork.git_dir, &["fetch", "-q", source, refs]);
        fork.read_tips();
        id
    }

    pub fn repo(&self, full_name: &str) -> Option<&Repo> {
        self.repos.iter().find(|repo| repo.full_name() == full_name)
    }

    pub fn repo_mut(&mut self, full_name: &str) -> Option<&mut Repo> {
        let named = |repo: &&mut Repo| repo.full_name() == full_name;
        self.repos.iter_mut().find(named)
    }

    /// The repository that had this name before.
    pub fn moved(&self, full_name: &str) -> Option<&Repo> {
        let had = |repo: &&Repo| repo.former.iter().any(|name| name == full_name);
        self.repos.iter().find(had)
    }

    pub fn repo_by_id(&self, id: u64) -> Option<&Repo> {
        self.repos.iter().find(|repo| repo.id == id)
    }

    pub fn repo_by_id_mut(&mut self, id: u64) -> Option<&mut Repo> {
        self.repos.iter_mut().find(|repo| repo.id == id)
    }

    /// Renames a repository, on disk too; the old name redirects.
    pub fn rename(&mut self, from: &str, to: &str) {
        let root = self.root.clone();
        let repo = self.repo_mut(from).expect("it is there");
        let (owner, name) = to.rsplit_once('/').expect("owner/name");
        owner.clone_into(&mut repo.owner);
        name.clone_into(&mut repo.name);
        repo.former.push(from.to_owned());
        let folder = root.join(format!("{to}.git"));
        fs::create_dir_all(folder.parent().expect("below the root")).expect("the folder is ours");
        fs::rename(&repo.git_dir, &folder).expect("the folder is ours");
        repo.git_dir = folder;
    }

    /// Reads all branches, and lets every open pull request see the tip of its head.
    pub fn look(&mut self) {
        self.repos.iter_mut().for_each(Repo::read_tips);
        let tips: BTreeMap<u64, BTreeMap<String, String>> = self
            .repos
            .iter()
            .map(|repo| (repo.id, repo.tips.clone()))
            .collect();
        for pull in self.repos.iter_mut().flat_map(|repo| &mut repo.pulls) {
            let tips = pull.head_repo.and_then(|id| tips.get(&id));
            if let (State::Open, Some(tip)) =
                (pull.state, tips.and_then(|tips| tips.get(&pull.head)))
            {
                pull.head_commit.clone_from(tip);
            }
        }
    }
}

/// Number of commits of a head that a base does not have; the head may be in a fork.
pub fn ahead(base: &Repo, base_branch: &str, head: &Repo, head_branch: &str) -> usize {
    let tip = head.tip(head_branch).expect("asked for before");
    let other = base.tip(base_branch).expect("asked for before");
    let output = support::command("git")
        .current_dir(&head.git_dir)
        .env(
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            base.git_dir.join("objects"),
        )
        .args(["rev-list", "--count", &tip, &format!("^{other}")])
        .output()
        .expect("git is installed");
    let text = String::from_utf8(output.stdout).expect("a number");
    text.trim().parse().expect("a number")
}

/// Commits files on top of a branch of a bare repository, making the branch where it is not there (on `main`, where that
/// is); the new commit's id.
pub fn commit(git_dir: &Path, branch: &str, files: &[(&str, &str)], message: &str) -> String {
    let index = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str], input: &str| {
        let mut child = support::command("git")
            .current_dir(git_dir)
            .env("GIT_INDEX_FILE", index.path().join("index"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git is installed");
        let mut pipe = child.stdin.take().expect("it is piped");
        pipe.write_all(input.as_bytes()).expect("git reads it");
        drop(pipe);
        let output = child.wait_with_output().expect("git ends");
        assert!(output.status.success(), "git {arguments:?} failed");
        String::from_utf8(output.stdout)
            .expect("an id")
            .trim()
            .to_owned()
    };
    let exists = |branch: &str| {
        let name = format!("refs/heads/{branch}");
        let mut command = support::command("git");
        command
            .current_dir(git_dir)
            .args(["show-ref", "-q", "--verify", &name]);
        command.status().expect("git is installed").success()
    };
    let parent = [branch, "main"].into_iter().find(|branch| exists(branch));
    if let Some(parent) = parent {
        run(&["read-tree", parent], "");
    }
    for (path, text) in files {
        let blob = run(&["hash-object", "-w", "--stdin"], text);
        let entry = format!("100644,{blob},{path}");
        run(&["update-index", "--add", "--cacheinfo", &entry], "");
    }
    let tree = run(&["write-tree"], "");
    let mut arguments = vec!["commit-tree", "-m", message, &tree];
    if let Some(parent) = parent {
        arguments.extend(["-p", parent]);
    }
    let commit = run(&arguments, "");
    run(
        &["update-ref", &format!("refs/heads/{branch}"), &commit],
        "",
    );
    commit
}
