//! `gomend list`: which codemods there are.

use crate::{
    cli::{
        Exit,
        args::{Format, Global, ListArgs},
        error::Failure,
        plan, stages, stream,
    },
    report::catalogue,
};

/// Lists the codemods that are selected, or all.
pub fn run(args: &ListArgs, global: &Global) -> Result<Exit, Failure> {
    let all = args.choice.codemod.is_empty() && args.choice.tag.is_empty();
    let codemods = stages::codemods(&plan::codemods(&args.choice, all, &[]), global)?;
    match args.format {
        Format::Text => stream::write_styled(None, &catalogue::table(&codemods))?,
        Format::Json => stream::write_data(None, catalogue::json(&codemods).as_bytes())?,
    }
    Ok(Exit::Done)
}
