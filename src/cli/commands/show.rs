//! `gomend show`: everything about a codemod.

use crate::{
    cli::{
        Exit,
        args::{Global, ShowArgs},
        config,
        error::Failure,
        stages, stream,
    },
    codemod::selection::Request,
    report::catalogue,
};

/// Prints a page for each codemod that is named.
pub fn run(args: &ShowArgs, global: &Global) -> Result<Exit, Failure> {
    let mut request = Request {
        codemods: args.ids.clone(),
        folders: args.codemods.clone(),
        to_describe: true,
        ..Request::default()
    };
    config::add_own_folders(&mut request, args.no_config)?;
    let codemods = stages::codemods(&request, global)?;
    let pages: Vec<String> = codemods
        .iter()
        .map(|codemod| catalogue::page(codemod, args.query))
        .collect();
    stream::write_styled(None, &pages.join("\n"))?;
    Ok(Exit::Done)
}
