//! `gomend new`: a codemod that works, and its first cases.

use crate::{
    cli::{
        Exit,
        args::{Global, NewArgs},
        error::{Error, Failure},
        stream,
    },
    deliver::create,
    scaffold,
};

/// Writes the files and names them; nothing is overwritten.
pub fn run(args: &NewArgs, global: &Global) -> Result<Exit, Failure> {
    let files = scaffold::codemod(&args.id, &args.codemods)
        .map_err(|(title, help)| Error::new(title).help(help))?;
    create::create(&files, false).map_err(|error| {
        let help = match &error {
            create::Error::Exists(_) => "choose another name, or move what is there",
            _ => "choose a folder that can be written to with `--codemods DIR`",
        };
        Error::new(error.to_string()).help(help)
    })?;
    for file in &files {
        stream::write_data(None, format!("{}\n", file.path.display()).as_bytes())?;
    }
    if !global.quiet {
        let codemod = files[0].path.display();
        stream::say(&format!(
            "change them into yours, then `gomend lint {codemod}` and `gomend test {codemod}`\n"
        ));
    }
    Ok(Exit::Done)
}
