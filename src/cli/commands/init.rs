//! `gomend init`: ready files that run gomend elsewhere.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        Exit,
        args::{Global, InitArgs, What},
        error::{Error, Failure},
        stream,
    },
    codemod::catalogue,
    deliver::create,
    scaffold::{NewFile, init},
    select,
};

/// Writes the file, names it, and says what is left to do. What is there is replaced only with `--force`.
pub fn run(args: &InitArgs, global: &Global) -> Result<Exit, Failure> {
    let text = text(args.what);
    if args.output.as_deref() == Some(Path::new("-")) {
        stream::write_data(None, text.as_bytes())?;
        return Ok(Exit::Done);
    }
    let path = args
        .output
        .clone()
        .unwrap_or_else(|| root().join(place(args.what)));
    let file = NewFile {
        path: path.clone(),
        text,
    };
    create::create(&[file], args.force).map_err(|error| help(&error, args))?;
    stream::write_data(None, format!("{}\n", path.display()).as_bytes())?;
    if !global.quiet {
        stream::say(&format!("{}\n", next_step(args.what)));
    }
    Ok(Exit::Done)
}

/// The root of the repository, as it is typed here; the current folder outside of one.
fn root() -> PathBuf {
    let here = PathBuf::new();
    let Some(root) = select::work_tree(Path::new(".")) else {
        return here;
    };
    let is_here = std::env::current_dir()
        .and_then(std::fs::canonicalize)
        .is_ok_and(|current| current == root);
    if is_here { here } else { root }
}

fn text(what: What) -> String {
    match what {
        What::GithubActions => init::github_actions(&default_branch()),
        What::GitlabCi => init::GITLAB_CI.to_owned(),
        What::PreCommit => init::PRE_COMMIT.to_owned(),
        What::Golangci => {
            let headers = catalogue::shipped().iter();
            init::golangci(headers.flat_map(|header| header.fixes.iter().map(String::as_str)))
        }
        What::PrometheusRules => init::PROMETHEUS_RULES.to_owned(),
    }
}

fn place(what: What) -> &'static str {
    match what {
        What::GithubActions => ".github/workflows/gomend.yml",
        What::GitlabCi => ".gitlab-ci.yml",
        What::PreCommit => ".pre-commit-config.yaml",
        What::Golangci => ".golangci.yml",
        What::PrometheusRules => "gomend-rules.yml",
    }
}

/// What the user may do where a file cannot be written.
fn help(error: &create::Error, args: &InitArgs) -> Error {
    let elsewhere = match args.what {
        What::GitlabCi => {
            "write it beside with `-o gomend.gitlab-ci.yml` and add `include: gomend.gitlab-ci.yml` to the file"
        }
        What::PreCommit => "print it with `-o -` and add its hook to the file",
        What::Golangci => {
            "write it beside with `-o gomend.golangci.yml` and use it with `golangci-lint run -c gomend.golangci.yml`"
        }
        What::GithubActions | What::PrometheusRules => "print it with `-o -` to compare",
    };
    let told = Error::new(error.to_string());
    match error {
        create::Error::Exists(_) if args.output.is_none() => {
            told.help(format!("{elsewhere}, or replace it with `--force`"))
        }
        create::Error::Exists(_) => told.help("replace it with `--force`"),
        create::Error::NotRegular(_) | create::Error::Io(..) => {
            told.help("give another place with `-o FILE`")
        }
    }
}

fn next_step(what: What) -> &'static str {
    match what {
        What::GithubActions => {
            "next: set the Actions variable GOMEND_REPOSITORY to the address that gomend is cloned from; the file says what else"
        }
        What::GitlabCi => {
            "next: set the CI/CD variable GOMEND_REPOSITORY to the address that gomend is cloned from; the file says what else"
        }
        What::PreCommit => "next: `pre-commit install`, with gomend in PATH",
        What::Golangci => {
            "next: `golangci-lint run --output.json.path=findings.json`, then `gomend diff --from findings.json`"
        }
        What::PrometheusRules => {
            "next: name the file under `rule_files` in prometheus.yml; `promtool check rules` checks it"
        }
    }
}

/// The branch that `origin` has for its default, else the current one, else `main`.
fn default_branch() -> String {
    let name = git2::Repository::discover(".").ok().and_then(|repository| {
        let origin = repository.find_reference("refs/remotes/origin/HEAD");
        let target = origin.ok().and_then(|head| {
            let target = head.symbolic_target().ok().flatten()?.to_owned();
            Some(target.strip_prefix("refs/remotes/origin/")?.to_owned())
        });
        target.or_else(|| Some(repository.head().ok()?.shorthand().ok()?.to_owned()))
    });
    name.filter(|name| name != "HEAD")
        .unwrap_or_else(|| "main".to_owned())
}
