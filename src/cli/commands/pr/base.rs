//! The branch that the pull request is to be merged into, as the remote has it now, and the commits that are looked at.

use super::place::Place;
use crate::{cli::error::Error, deliver::push::Depth};

/// The branch to merge into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Its name at the remote.
    pub branch: String,
    /// Its commit, which is here now.
    pub commit: String,
    /// It is the remote's default branch.
    pub is_default: bool,
}

/// Finds it at the remote, and fetches it where it is not here. `HEAD` stands for the default branch.
pub fn find(asked: &str, place: &Place) -> Result<Base, Error> {
    let name = asked.strip_prefix("refs/heads/").unwrap_or(asked);
    let prefix = format!("{}/", place.name);
    let short = name.strip_prefix(&prefix);
    let mut wanted = vec![name];
    wanted.extend(short);
    let mut listing = place.base.list(&wanted)?;
    let default = listing.default_branch.clone();
    let branch = if name == "HEAD" {
        let Some(default) = &default else {
            return Err(Error::new(format!(
                "`{}` does not say which branch is its default one",
                place.base.shown()
            ))
            .help("push a first branch there, or name the one to merge into with `--base`"));
        };
        listing = place.base.list(&[default])?;
        default.as_str()
    } else {
        wanted
            .iter()
            .copied()
            .find(|name| listing.branches.contains_key(*name))
            .unwrap_or(name)
    };
    let Some(commit) = listing.branches.get(branch) else {
        return Err(Error::new(format!(
            "`{asked}` is no branch of `{}`",
            place.base.shown()
        ))
        .help("`--base` of `pr` names the branch there that the commits are to be merged into"));
    };
    if !is_here(place, commit) {
        let tracked = format!("refs/remotes/{}/{branch}", place.name);
        let is_tracked = ran(place, &["rev-parse", "--verify", "--quiet", &tracked]);
        // A shallow clone of another branch has nothing in common with this one that git could begin at.
        let depth = if is_shallow(place) && !is_tracked {
            Depth::TipOnly
        } else {
            Depth::All
        };
        place.base.fetch(branch, depth)?;
        require(place, branch, commit)?;
    }
    Ok(Base {
        branch: branch.to_owned(),
        commit: commit.clone(),
        is_default: default.as_deref() == Some(branch),
    })
}

/// Fetches the commits of the branch to replace, at `tip`, where they are not here.
pub fn fetch_branch(place: &Place, base: &Base, branch: &str, tip: &str) -> Result<(), Error> {
    if is_here(place, tip) {
        return Ok(());
    }
    let depth = if is_shallow(place) {
        Depth::Without(&base.branch)
    } else {
        Depth::All
    };
    place.head.fetch(branch, depth)?;
    require(place, branch, tip)
}

fn require(place: &Place, branch: &str, commit: &str) -> Result<(), Error> {
    if is_here(place, commit) {
        return Ok(());
    }
    Err(Error::new(format!(
        "the branch `{branch}` of `{}` moved while it was fetched",
        place.name
    ))
    .help("run again"))
}

fn is_here(place: &Place, commit: &str) -> bool {
    ran(place, &["cat-file", "-e", &format!("{commit}^{{commit}}")])
}

/// Whether the history ends before its beginning.
pub fn is_shallow(place: &Place) -> bool {
    let asked = place
        .git
        .run(&["rev-parse", "--is-shallow-repository"], b"");
    asked.is_ok_and(|output| output.text() == "true")
}

fn ran(place: &Place, arguments: &[&str]) -> bool {
    place.git.run(arguments, b"").is_ok()
}
