//! A forge on loopback, for tests: real git over smart HTTP, and beside it the REST routes of GitHub, Gitea or GitLab over
//! the same bare repositories. It is strict: a path, header, parameter or field that the real one does not know fails the
//! test when the forge is dropped.
//!
//! A test that uses it declares `mod support;` too.
#![allow(
    dead_code,
    reason = "each integration test is a crate of its own and uses a part of this"
)]

pub mod faults;
mod git;
mod gitea;
mod github;
mod gitlab;
mod server;
mod strict;
pub mod world;

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use gomend::deliver::forge::Kind;
use tempfile::TempDir;

pub use faults::Fault;
pub use server::Request;
use server::{Reply, Sending};
use strict::Api;
use world::{Pull, World};

/// The token of the account `bot`, which may push to [`REPO`].
pub const TOKEN: &str = "bot-Token-0123456789";

/// The token of the account `ada`, which may push to her own repositories only.
pub const ADA: &str = "ada-Token-9876543210";

/// A public repository of the organization `acme` with one commit on `main`.
pub const REPO: &str = "acme/widgets";

/// A running forge; it ends when dropped.
pub struct TestForge {
    kind: Kind,
    origin: String,
    shared: Arc<Shared>,
    _folder: TempDir,
}

struct Shared {
    world: Mutex<World>,
    faults: Mutex<Vec<Fault>>,
    requests: Mutex<Vec<Request>>,
    violations: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

/// Whether git can serve HTTP here; some distributions keep that in a package of its own. Where it cannot, that is said,
/// and with `GOMEND_REQUIRE_ALL` set it is a failure.
pub fn serves_git() -> bool {
    let folder = crate::support::git(&std::env::temp_dir(), &["--exec-path"]);
    let name = format!("git-http-backend{}", std::env::consts::EXE_SUFFIX);
    let found = PathBuf::from(folder.trim_end()).join(name).exists();
    if !found {
        assert!(
            std::env::var_os("GOMEND_REQUIRE_ALL").is_none(),
            "git has no http-backend"
        );
        println!("not run: git has no http-backend");
    }
    found
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TestForge {
    /// A forge of this kind with the accounts `bot`, `ada` and `grace`, the team `core`, and [`REPO`].
    pub fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it exists");
        let mut world = World::new(root);
        world.add_account("acme", None);
        world.add_account("bot", Some(TOKEN));
        world.add_account("ada", Some(ADA));
        world.add_account("grace", Some("grace-Token-5555555555"));
        world.teams.push("core".to_owned());
        world.add_repo(REPO, &["bot", "grace"]);
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let forge = Self {
            kind,
            origin: format!("http://{address}"),
            shared: Arc::new(Shared {
                world: Mutex::new(world),
                faults: Mutex::default(),
                requests: Mutex::default(),
                violations: Mutex::default(),
                stopped: AtomicBool::new(false),
            }),
            _folder: folder,
        };
        forge.commit(REPO, "main", &[("go.mod", "module example.org/widgets\n")]);
        let (shared, origin) = (forge.shared.clone(), forge.origin.clone());
        let stop = forge.shared.clone();
        server::serve(
            listener,
            move || stop.stopped.load(Ordering::SeqCst),
            move |request| answer(kind, &origin, &shared, request),
        );
        forge
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// URL to clone from and push to.
    pub fn url(&self, full_name: &str) -> String {
        format!("{}/{full_name}.git", self.origin)
    }

    /// Address of the REST API.
    pub fn api(&self) -> String {
        format!("{}{}", self.origin, prefix(self.kind))
    }

    /// Reads or changes what the forge holds.
    pub fn world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut lock(&self.shared.world))
    }

    /// The bare repository on disk.
    pub fn git_dir(&self, full_name: &str) -> PathBuf {
        self.world(|world| world.repo(full_name).expect("it is there").git_dir.clone())
    }

    /// Commits files to a branch, as somebody else would by pushing; the new commit's id.
    pub fn commit(&self, full_name: &str, branch: &str, files: &[(&str, &str)]) -> String {
        world::commit(&self.git_dir(full_name), branch, files, "A commit by hand")
    }

    /// Tip of a branch.
    pub fn tip(&self, full_name: &str, branch: &str) -> Option<String> {
        self.world(|world| {
            world.look();
            world.repo(full_name).expect("it is there").tip(branch)
        })
    }

    /// Pull requests of a repository, oldest first, as they are now.
    pub fn pulls(&self, full_name: &str) -> Vec<Pull> {
        self.world(|world| {
            world.look();
            world.repo(full_name).expect("it is there").pulls.clone()
        })
    }

    /// Changes a pull request as a person would.
    pub fn pull(&self, full_name: &str, number: u64, act: impl FnOnce(&mut Pull)) {
        self.world(|world| {
            let repo = world.repo_mut(full_name).expect("it is there");
            let mut pulls = repo.pulls.iter_mut();
            act(pulls
                .find(|pull| pull.number == number)
                .expect("it is there"));
        });
    }

    /// Adds something that goes wrong.
    pub fn fault(&self, fault: Fault) {
        lock(&self.shared.faults).push(fault);
    }

    /// Everything that was asked for so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// Requests of this method whose path ends in `path`.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let requests = self.requests();
        let matching =
            |request: &&Request| request.method == method && request.path.ends_with(path);
        requests.iter().filter(matching).count()
    }

    /// Lets the repository refuse every push that moves a branch, through a hook with this message.
    pub fn reject_pushes(&self, full_name: &str, message: &str) {
        self.hook(full_name, &format!("echo '{message}' >&2\nexit 1\n"));
    }

    /// Protects a branch: pushes to it are refused as GitHub refuses them.
    pub fn protect(&self, full_name: &str, branch: &str) {
        let script = format!(
            "while read old new ref; do\n\
             if [ \"$ref\" = \"refs/heads/{branch}\" ]; then\n\
             echo \"error: GH006: Protected branch update failed for $ref.\" >&2\n\
             exit 1\nfi\ndone\n"
        );
        self.hook(full_name, &script);
    }

    /// Writes the hook that git runs before it takes a push.
    pub fn hook(&self, full_name: &str, script: &str) {
        let path = self.git_dir(full_name).join("hooks/pre-receive");
        fs::create_dir_all(path.parent().expect("a hook is in a folder")).expect("it is ours");
        fs::write(&path, format!("#!/bin/sh\n{script}")).expect("it is ours");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
    }

    /// Panics where a token was seen outside of the `Authorization` header.
    pub fn assert_tokens_hidden(&self) {
        let tokens = self.world(|world| {
            let tokens = world
                .accounts
                .iter()
                .filter_map(|account| account.token.clone());
            tokens.collect::<Vec<_>>()
        });
        for request in self.requests() {
            let others = request
                .headers
                .iter()
                .filter(|(name, _)| name != "authorization");
            let headers: Vec<_> = others.collect();
            let body = String::from_utf8_lossy(&request.body);
            let seen = format!("{}?{}\n{headers:?}\n{body}", request.path, request.query);
            for token in &tokens {
                assert!(!seen.contains(token), "a token is in {seen}");
            }
        }
    }
}

impl Drop for TestForge {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        let _ = std::net::TcpStream::connect(self.origin.trim_start_matches("http://"));
        let violations = lock(&self.shared.violations);
        if !std::thread::panicking() {
            assert!(
                violations.is_empty(),
                "the forge was misused: {violations:#?}"
            );
        }
    }
}

/// Path of the API.
fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Github => "/api/v3",
        Kind::Gitea => "/api/v1",
        Kind::Gitlab => "/api/v4",
    }
}

fn answer(kind: Kind, origin: &str, shared: &Shared, request: &Request) -> Sending {
    lock(&shared.requests).push(request.clone());
    let fault = faults::next(&mut lock(&shared.faults), request);
    let act = || {
        if git::repository(&request.path).is_some() {
            serve_git(origin, shared, request)
        } else {
            serve_api(kind, origin, shared, request)
        }
    };
    match fault {
        Some(fault) => faults::suffer(fault, act),
        None => Sending::Whole(act()),
    }
}

fn serve_git(origin: &str, shared: &Shared, request: &Request) -> Reply {
    let access = git::access(&lock(&shared.world), request, origin);
    match access {
        git::Access::Answer(reply) => reply,
        git::Access::Granted { root, path, user } => {
            git::run(&root, &path, user.as_deref(), request)
        }
    }
}

fn serve_api(kind: Kind, origin: &str, shared: &Shared, request: &Request) -> Reply {
    let Some(path) = request.path.strip_prefix(prefix(kind)) else {
        let mut reply = Reply::empty(404).with("Content-Type", "text/html");
        reply.body = b"<!DOCTYPE html><title>Not found</title>".to_vec();
        return reply;
    };
    let mut world = lock(&shared.world);
    world.look();
    let mut api = Api::new(&mut world, request, origin, path);
    let reply = match kind {
        Kind::Github => github::answer(&mut api),
        Kind::Gitea => gitea::answer(&mut api),
        Kind::Gitlab => gitlab::answer(&mut api),
    };
    let found = std::mem::take(&mut api.violations);
    lock(&shared.violations).extend(found);
    reply.unwrap_or_else(|reply| reply)
}
