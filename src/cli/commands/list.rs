//! `gomend list`: which codemods there are.

use crate::{
    cli::{
        Exit,
        args::{Global, ListArgs, ListFormat},
        config,
        error::Failure,
        plan, stages, stream,
    },
    codemod::selection::Request,
    report::catalogue,
};

/// Lists the codemods that are selected, or all.
pub fn run(args: &ListArgs, global: &Global) -> Result<Exit, Failure> {
    let all = args.choice.codemod.is_empty() && args.choice.tag.is_empty();
    let mut request = Request {
        to_describe: true,
        ..plan::codemods(&args.choice, all, &[])
    };
    config::add_own_folders(&mut request, args.no_config)?;
    let codemods = stages::codemods(&request, global)?;
    match args.format {
        ListFormat::Text => stream::write_styled(None, &catalogue::table(&codemods))?,
        ListFormat::Json => stream::write_data(None, catalogue::json(&codemods).as_bytes())?,
    }
    Ok(Exit::Done)
}
