//! `gomend show`: everything about a codemod.

use crate::{
    cli::{
        Exit,
        args::{Global, ShowArgs},
        error::Failure,
        stages, stream,
    },
    codemod::selection::Request,
    report::catalogue,
};

/// Prints a page for each codemod that is named.
pub fn run(args: &ShowArgs, global: &Global) -> Result<Exit, Failure> {
    let codemods = stages::codemods(
        &Request {
            codemods: args.ids.clone(),
            folders: args.codemods.clone(),
            to_describe: true,
            ..Request::default()
        },
        global,
    )?;
    let pages: Vec<String> = codemods
        .iter()
        .map(|codemod| catalogue::page(codemod, args.query))
        .collect();
    stream::write_styled(None, &pages.join("\n"))?;
    Ok(Exit::Done)
}
