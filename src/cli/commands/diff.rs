//! `gomend diff`: the changes as a patch; writes nothing.

use crate::{
    cli::{
        Exit,
        args::{DiffArgs, Global},
        error::Failure,
        plan, stages, stream,
    },
    report::{patch::colored, summary::Deed},
};

/// Prints the patch; with `--exit-code`, exit code 1 where it is not empty.
pub fn run(args: &DiffArgs, global: &Global) -> Result<Exit, Failure> {
    let plan = plan::search(&args.search, Some(&args.revision), Some(&args.stdin))?;
    let searched = stages::search(&plan, stages::Purpose::Look, global)?;
    let patch = stages::patch(&searched.run);
    let file = args.output.as_deref();
    if file.is_none() && stream::shows_color() {
        stream::write_styled(None, &colored(&String::from_utf8_lossy(&patch)))?;
    } else {
        stream::write_data(file, &patch)?;
    }
    super::say_summary(&searched, Deed::Looked, global);
    Ok(super::exit(&searched, args.exit_code && !patch.is_empty()))
}
