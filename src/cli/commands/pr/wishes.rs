//! What is wanted of the pull request: what was typed, and where that says nothing, what `[pr]` of the repository's
//! `gomend.toml` says.

use std::path::PathBuf;

use crate::{
    cli::args::PrArgs,
    config::{Config, Setting},
    deliver::forge::Kind,
};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// The remote's name.
    pub remote: Option<String>,
    /// What its host runs.
    pub forge: Option<Kind>,
    /// A template, and what errors call it.
    pub title: Option<(String, String)>,
    /// File of the template for the text.
    pub body_template: Option<PathBuf>,
    /// To be on it.
    pub labels: Vec<String>,
    /// To be asked when it is new.
    pub reviewers: Vec<String>,
    /// Open it as a draft.
    pub draft: bool,
}

impl Wishes {
    /// Joins what was typed with what the file says; what was typed wins, value by value.
    pub fn new(args: &PrArgs, config: Option<&Config>) -> Self {
        let own = config.map(|config| &config.pr);
        let list = |typed: &[String], own: Option<&Vec<Setting<String>>>| match own {
            Some(own) if typed.is_empty() => own.iter().map(|own| own.value.clone()).collect(),
            _ => typed.to_vec(),
        };
        let title = config.and_then(|config| {
            let title = config.pr.title.as_ref()?;
            Some((config.place(&title.span), title.value.clone()))
        });
        let typed = args.title.clone();
        Self {
            remote: args
                .remote
                .clone()
                .or_else(|| Some(own?.remote.as_ref()?.value.clone())),
            forge: args.forge.or_else(|| Some(own?.forge.as_ref()?.value)),
            title: typed.map(|title| ("`--title`".to_owned(), title)).or(title),
            body_template: args
                .body_template
                .clone()
                .or_else(|| Some(own?.body_template.as_ref()?.value.clone())),
            labels: list(&args.label, own.map(|own| &own.labels)),
            reviewers: list(&args.reviewer, own.map(|own| &own.reviewers)),
            draft: args.draft
                || own
                    .and_then(|own| own.draft.as_ref())
                    .is_some_and(|draft| draft.value),
        }
    }
}
