//! Repositories that libgit2 cannot open or whose index it cannot read, through the git program.

use std::path::Path;

use super::Error;
use crate::git::{Git, Id};

/// The commit that `revision` names.
pub(crate) fn commit(git: &Git, git_dir: &Path, revision: &str) -> Result<Id, Error> {
    let wanted = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    let arguments = [&arguments[..], &[wanted.as_str()]].concat();
    let output = git
        .output(&arguments, b"")
        .map_err(|error| Error::new(error.to_string()))?;
    if let Some(id) = Id::parse(&output.text()) {
        return Ok(id);
    }
    // What is quiet about a name that is not there is not about a repository that is not fit.
    if let Some(line) = output
        .complaint()
        .lines()
        .find_map(|line| line.strip_prefix("fatal: "))
    {
        return Err(Error::new(format!(
            "`{}` cannot be read by git either: {line}",
            git_dir.display()
        )));
    }
    let born = git.output(&["rev-parse", "--verify", "--quiet", "HEAD"], b"");
    if revision == "HEAD" && born.is_ok_and(|output| !output.status.success()) {
        return Err(Error::new(format!(
            "`{}` has no commit yet; make one first",
            git_dir.display()
        )));
    }
    Err(Error::new(format!(
        "`{revision}` does not name a commit; `git branch -a` and `git tag` list the names there are"
    )))
}
