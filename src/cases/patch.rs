//! Checks that the patch of a run, applied to the files before, gives the files after. libgit2 applies it: like git, it
//! takes no line that is not exactly as the patch says.

use std::fs;

use git2::{ApplyLocation, Diff, Repository};

use super::{Failure, Tally, layout, layout::Layout};
use crate::{deliver, engine::Run};

/// Applies the patch of `run` to a copy of `before`.
pub fn applies(before: &Layout, run: &Run, tally: &mut Tally) -> Result<(), String> {
    let patch = deliver::diff::patch(&run.verified);
    if patch.is_empty() {
        return Ok(());
    }
    let copy = layout::lay_out(before.texts.iter().cloned())?;
    let root = copy.files().root;
    let cannot = |cause: git2::Error| {
        format!(
            "cannot make a repository in a temporary folder: {}",
            cause.message()
        )
    };
    let repository = Repository::init(&root).map_err(cannot)?;
    let applied = Diff::from_buffer(&patch)
        .and_then(|diff| repository.apply(&diff, ApplyLocation::WorkDir, None));
    if let Err(cause) = applied {
        let message = format!(
            "the patch does not apply to the files before: {}",
            cause.message()
        );
        tally.failures.push(Failure::new("", message));
        return Ok(());
    }
    for verified in &run.verified {
        let file = root.join(verified.path());
        let text = fs::read_to_string(&file)
            .map_err(|cause| format!("cannot read `{}`: {cause}", file.display()))?;
        if text != **verified.after() {
            let message = format!(
                "the patch applied to `{}` does not give the file after",
                verified.path().display()
            );
            tally.failures.push(Failure::new("", message));
        }
    }
    Ok(())
}
