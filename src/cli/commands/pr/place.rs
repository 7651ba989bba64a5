//! Where the pull request is made: which repository, which of its remotes, which forge, and how to get in.

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{base::Base, token, wishes::Wishes};
use crate::{
    cli::{args::PrArgs, error::Error, stream},
    deliver::{
        branch,
        forge::{self, Clock, Forge, Kind, Repository, SystemClock, Token},
        push::{Credential, Remote},
    },
    git::{Git, Id},
    select,
};

/// Where the pull request is made.
pub struct Place {
    /// git, on the repository.
    pub git: Git,
    /// The repository's `.git` folder.
    pub git_dir: PathBuf,
    /// Name of the remote.
    pub name: String,
    /// The remote that has the base.
    pub base: Remote,
    /// The remote that has the branch.
    pub head: Remote,
    /// The repository at the forge, as its URL says.
    pub remote: forge::Remote,
    /// The repository that holds the branch, where it is another one.
    pub fork: Option<(String, String)>,
    /// A fork is to be pushed to, and a dry run neither knows nor makes it.
    pub fork_is_unknown: bool,
    /// What the forge is.
    pub kind: Kind,
    /// The forge; absent in a dry run without a token.
    pub forge: Option<Box<dyn Forge>>,
    /// The repository at the forge, as the forge says.
    pub repository: Option<Repository>,
    /// To be said.
    pub warnings: Vec<String>,
    push_url: String,
    credential: Option<Credential>,
}

/// Finds it. Sends nothing, but where the host must be asked what it is.
pub fn find(args: &PrArgs, wishes: &Wishes) -> Result<Place, Error> {
    let paths = &args.search.files.paths;
    let (git_dir, root) = repository(paths.first().map(PathBuf::as_path))?;
    let git = Git::find(&[&root])?.git_dir(&git_dir);
    let name = remote_name(&git, wishes.remote.as_deref())?;
    let url = remote_url(&git, &name, &[])?;
    let push_url = remote_url(&git, &name, &["--push"])?;
    let remote = forge::Remote::parse(&url)?;
    let push_remote = forge::Remote::parse(&push_url)?;
    let options = forge::Options {
        kind: wishes.forge,
        api: env::var(forge::API_VARIABLE)
            .ok()
            .filter(|api| !api.is_empty()),
        clock: Arc::new(Telling),
        ..forge::Options::default()
    };
    let kind = match wishes.forge.or(remote.kind) {
        Some(kind) => kind,
        None => forge::connect(&remote, None, &options)?.kind(),
    };
    let (token, credential) = token::find(&git, kind, &remote, &url);
    let forge = connect(args, &remote, kind, token.as_ref(), options)?;
    let is_other = !same_repository(&remote, &push_remote);
    Ok(Place {
        base: Remote::new(&git, &name, &url, credential.as_ref()),
        head: Remote::new(&git, &name, &push_url, credential.as_ref()),
        fork: is_other.then_some((push_remote.owner, push_remote.name)),
        fork_is_unknown: args.dry_run && args.fork.is_some(),
        git,
        git_dir,
        name,
        remote,
        kind,
        forge,
        repository: None,
        warnings: Vec::new(),
        push_url,
        credential,
    })
}

impl Place {
    /// Asks the forge about the repository, and finds the fork where one is asked for. What would stop the run at its end
    /// stops it here.
    pub fn check(&mut self, args: &PrArgs) -> Result<(), Error> {
        let Some(forge) = &self.forge else {
            self.warnings.push(format!(
                "there is no token for `{}`, so the forge was not asked: a {} that is there is not seen",
                self.remote.authority(),
                self.kind.request()
            ));
            return Ok(());
        };
        let repository = forge.repository()?;
        let name = repository.full_name();
        if repository.archived {
            let error = Error::new(format!("`{name}` is archived, and takes no changes"));
            return Err(error.help("unarchive it, or name another remote with `--remote`"));
        }
        if repository.moved {
            self.warnings.push(format!(
                "`{}` is now `{name}`; `git remote set-url {} {}` spares the detour",
                self.remote.full_name(),
                self.name,
                repository.clone_url
            ));
        }
        if let Some(owner) = &args.fork {
            let fork = self.find_fork(owner.as_deref(), args, &repository)?;
            if let Some(fork) = fork {
                self.use_fork(&fork);
            }
        } else if repository.can_push == Some(false) && self.fork.is_none() && self.is_web() {
            let error = Error::new(format!("the token may not push to `{name}`"));
            return Err(error.help("use one that may write its contents, or `--fork`"));
        }
        self.repository = Some(repository);
        Ok(())
    }

    /// The fork of that owner, or of the token's account, which is made if need be; but not in a dry run.
    fn find_fork(
        &mut self,
        owner: Option<&str>,
        args: &PrArgs,
        repository: &Repository,
    ) -> Result<Option<Repository>, Error> {
        let Some(forge) = &self.forge else {
            return Ok(None);
        };
        let Some(owner) = owner else {
            if args.dry_run {
                self.warnings.push(
                    "the fork is not looked for in a dry run; name its owner with `--fork=OWNER` to see what is there"
                        .to_owned(),
                );
                return Ok(None);
            }
            return Ok(Some(forge.fork()?));
        };
        let remote = forge::Remote {
            owner: owner.to_owned(),
            name: repository.name.clone(),
            ..self.remote.clone()
        };
        let token = self.credential.as_ref().map(|credential| &credential.token);
        let options = forge::Options {
            kind: Some(self.kind),
            api: env::var(forge::API_VARIABLE)
                .ok()
                .filter(|api| !api.is_empty()),
            clock: Arc::new(Telling),
            ..forge::Options::default()
        };
        let fork = forge::connect(&remote, token, &options).and_then(|forge| forge.repository())?;
        Ok(Some(fork))
    }

    /// Pushes go to the fork, the way they would have gone to the remote.
    fn use_fork(&mut self, fork: &Repository) {
        let name = self.remote.full_name();
        let url = match self.push_url.rfind(&name) {
            Some(at) => {
                let (before, after) = self.push_url.split_at(at);
                format!("{before}{}{}", fork.full_name(), &after[name.len()..])
            }
            None => fork.clone_url.clone(),
        };
        self.fork_is_unknown = false;
        self.head = Remote::new(&self.git, &url, &url, self.credential.as_ref());
        self.fork = Some((fork.owner.clone(), fork.name.clone()));
    }

    /// Whether pushes go the way that the token opens.
    fn is_web(&self) -> bool {
        self.push_url.starts_with("http")
    }

    /// Where the branch goes, for people.
    pub fn target(&self) -> String {
        if self.fork_is_unknown {
            return format!("your fork of {}", self.remote.full_name());
        }
        self.head.shown().to_owned()
    }

    /// Page of the repository.
    pub fn page(&self) -> String {
        match &self.repository {
            Some(repository) => repository.url.trim_end_matches('/').to_owned(),
            None => format!("{}/{}", self.remote.server(), self.remote.full_name()),
        }
    }

    /// As people of this forge name a pull request.
    pub fn number(&self, number: u64) -> String {
        let sign = match self.kind {
            Kind::Gitlab => '!',
            Kind::Github | Kind::Gitea => '#',
        };
        format!("{} {sign}{number}", self.kind.request())
    }
}

/// A local branch of that name with somebody's work on it is most likely what they mean to push.
pub fn check_local(place: &Place, name: &str, base: &Base) -> Result<(), Error> {
    let reference = format!("refs/heads/{name}");
    let arguments = ["rev-parse", "--verify", "--quiet", &reference];
    let Ok(found) = place.git.run(&arguments, b"") else {
        return Ok(());
    };
    let look = |tip: &str, base: &str| -> Option<String> {
        let (tip, base) = (Id::parse(tip)?, Id::parse(base)?);
        branch::foreign(&place.git_dir, &tip, &base).ok().flatten()
    };
    let Some(foreign) = look(&found.text(), &base.commit) else {
        return Ok(());
    };
    let error = Error::new(format!(
        "the local branch `{name}` is not what would be pushed: {foreign} was not made by gomend"
    ));
    Err(error.help("push it with git, delete or rename it, or choose another with `--branch`"))
}

fn connect(
    args: &PrArgs,
    remote: &forge::Remote,
    kind: Kind,
    token: Option<&Token>,
    options: forge::Options,
) -> Result<Option<Box<dyn Forge>>, Error> {
    if token.is_none() {
        if args.dry_run {
            return Ok(None);
        }
        return Err(token::missing(kind, remote));
    }
    let options = forge::Options {
        kind: Some(kind),
        ..options
    };
    let forge = forge::connect(remote, token, &options)?;
    Ok(Some(forge))
}

fn same_repository(one: &forge::Remote, other: &forge::Remote) -> bool {
    one.full_name().eq_ignore_ascii_case(&other.full_name())
}

/// The `.git` folder, and the folder that holds what may come with the code.
fn repository(path: Option<&Path>) -> Result<(PathBuf, PathBuf), Error> {
    let path = path.unwrap_or(Path::new("."));
    if !path.exists() {
        return Err(Error::new(format!("`{}` does not exist", path.display())));
    }
    let above = path.parent().filter(|above| *above != Path::new(""));
    let folder = match above {
        _ if path.is_dir() => path,
        Some(above) => above,
        None => Path::new("."),
    };
    let found = select::opening::discover(folder).map_err(|error| Error::new(error.to_string()))?;
    let Some(found) = found else {
        let error = Error::new(format!(
            "`{}` is in no git repository, so there is nothing to make a pull request of",
            path.display()
        ));
        return Err(error.help("use `gomend apply`, or go into a clone"));
    };
    let git_dir = found.git_dir();
    let root = found.repository.workdir().unwrap_or(git_dir);
    Ok((git_dir.to_path_buf(), root.to_path_buf()))
}

/// The remote that is meant.
fn remote_name(git: &Git, asked: Option<&str>) -> Result<String, Error> {
    let output = git.run(&["remote"], b"")?;
    let names = output.text();
    let names: Vec<&str> = names.lines().collect();
    let shown = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let Some(first) = names.first() else {
        return Err(
            Error::new("the repository has no remote, so there is nowhere to push to")
                .help("`git remote add origin URL` adds one"),
        );
    };
    if let Some(asked) = asked {
        return if names.contains(&asked) {
            Ok(asked.to_owned())
        } else {
            let error = Error::new(format!("there is no remote `{asked}`"));
            Err(error.help(format!("there is {}", shown(&names))))
        };
    }
    let text = |arguments: &[&str]| {
        let output = git.run(arguments, b"").ok()?;
        Some(output.text()).filter(|text| !text.is_empty())
    };
    let upstream = text(&["symbolic-ref", "--quiet", "--short", "HEAD"])
        .and_then(|branch| text(&["config", &format!("branch.{branch}.remote")]))
        .filter(|name| names.contains(&name.as_str()));
    if let Some(name) = upstream {
        return Ok(name);
    }
    if names.contains(&"origin") {
        return Ok("origin".to_owned());
    }
    if names.len() == 1 {
        return Ok((*first).to_owned());
    }
    let error =
        Error::new("the current branch has no upstream, and none of the remotes is `origin`");
    Err(error.help(format!("name one with `--remote`: {}", shown(&names))))
}

fn remote_url(git: &Git, name: &str, options: &[&str]) -> Result<String, Error> {
    let arguments = [&["remote", "get-url"][..], options, &["--", name]].concat();
    let output = git.run(&arguments, b"")?;
    Ok(output.text())
}

/// Says why it waits.
struct Telling;

impl Clock for Telling {
    fn now(&self) -> SystemTime {
        SystemClock.now()
    }

    fn wait(&self, time: Duration, why: &str) {
        if time >= Duration::from_secs(2) {
            stream::say(&format!("waiting {} s for {why}\n", time.as_secs()));
        }
        SystemClock.wait(time, why);
    }
}
