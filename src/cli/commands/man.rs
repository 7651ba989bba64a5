//! `gomend man`: the manual page, made from the declarations of the options: gomend(1) first, then each command.

use clap::CommandFactory as _;

use crate::cli::{
    Exit,
    args::Cli,
    error::{Error, Failure},
    stream,
};

/// Prints the page.
pub fn run() -> Result<Exit, Failure> {
    let page =
        page().map_err(|cause| Error::new(format!("cannot write the manual page: {cause}")))?;
    stream::write_data(None, &page)?;
    Ok(Exit::Done)
}

fn page() -> std::io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for command in command.get_subcommands() {
        let name = format!("gomend {}", command.get_name());
        let section = clap_mangen::Man::new(command.clone().bin_name(name.clone()));
        page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
        section.render_synopsis_section(&mut page)?;
        section.render_description_section(&mut page)?;
        section.render_options_section(&mut page)?;
    }
    Ok(page)
}
