//! `--show-config`: what is in force, as a `gomend.toml` that would bring it about, with the source of each value.

use std::{fmt::Write as _, ops::Range, path::PathBuf};

use super::chooses;
use crate::{
    cli::{
        Exit,
        args::{Command, PrArgs, SearchArgs},
        error::Failure,
        plan::{self, Search},
        stream,
    },
    config::{Config, PullRequest, Setting},
};

/// Where a value comes from that nobody set.
const DEFAULT: &str = "default";

/// Prints what is in force, where the command has the option and it is given.
pub fn show(command: &Command) -> Option<Result<Exit, Failure>> {
    let (args, revision, stdin) = match command {
        Command::Check(args) => (&args.search, Some(&args.revision), Some(&args.stdin)),
        Command::Diff(args) => (&args.search, Some(&args.revision), Some(&args.stdin)),
        Command::Apply(args) => (&args.search, None, Some(&args.stdin)),
        Command::Commit(args) => (&args.search, None, None),
        Command::Pr(args) => (&args.search, None, None),
        _ => return None,
    };
    if !args.config.show_config {
        return None;
    }
    let shown = plan::search(args, revision, stdin).and_then(|search| {
        let mut shown = text(&search, args);
        if let Command::Pr(args) = command {
            pull_request(&mut shown, search.config.as_ref(), args);
        }
        stream::write_data(None, shown.as_bytes())?;
        Ok(Exit::Done)
    });
    Some(shown)
}

/// A value as TOML, and where it comes from.
type Row = (String, String);

fn text(search: &Search, args: &SearchArgs) -> String {
    let config = search.config.as_ref();
    let mut shown = String::new();
    let head = match config {
        Some(config) => format!("# with {}", config.source.path.display()),
        None if args.config.no_config => "# without a gomend.toml (--no-config)".to_owned(),
        None => "# without a gomend.toml: the repository has none at its root".to_owned(),
    };
    line(&mut shown, &head);
    list(&mut shown, "codemods", &folders(config, args));
    list(&mut shown, "exclude", &exclude(config, args));
    line(&mut shown, "\n[select]");
    select(&mut shown, search, args);
    line(&mut shown, "\n[params]");
    for (name, value, source) in params(config, args) {
        line(
            &mut shown,
            &format!("{} = {}  # {source}", quoted(&name), quoted(&value)),
        );
    }
    shown
}

/// Folders of the file as it has them: relative to the root.
fn folders(config: Option<&Config>, args: &SearchArgs) -> Vec<Row> {
    let own = config.map_or_else(Vec::new, |config| {
        let written = |span: &Range<usize>| config.source.text.get(span.clone());
        let row = |folder: &Setting<PathBuf>| {
            let written = written(&folder.span).unwrap_or_default();
            (written.to_owned(), config.place(&folder.span))
        };
        config.codemods.iter().map(row).collect()
    });
    let typed = args.choice.codemods.iter();
    let typed = typed.map(|folder| row(&folder.to_string_lossy(), "--codemods"));
    own.into_iter().chain(typed).collect()
}

fn exclude(config: Option<&Config>, args: &SearchArgs) -> Vec<Row> {
    let own = config.map_or_else(Vec::new, |config| rows(config, &config.exclude));
    let typed = args.files.exclude.iter().map(|glob| row(glob, "--exclude"));
    own.into_iter().chain(typed).collect()
}

fn select(shown: &mut String, search: &Search, args: &SearchArgs) {
    let config = search.config.as_ref().filter(|_| !chooses(args));
    let (codemods, tags) = match config {
        Some(config) => (
            rows(config, &config.select.codemods),
            rows(config, &config.select.tags),
        ),
        None => (
            args.choice
                .codemod
                .iter()
                .map(|word| row(word, "-c"))
                .collect(),
            args.choice
                .tag
                .iter()
                .map(|tag| row(tag, "--tag"))
                .collect(),
        ),
    };
    if args.from.is_some() {
        line(
            shown,
            "# with --from: the codemods that mend what the other tool found, unless some are named",
        );
    } else if codemods.is_empty() && tags.is_empty() && !search.codemods.all {
        line(
            shown,
            "# nothing is named, so: the shipped safe and display codemods with the tag `leak`",
        );
    }
    list(shown, "codemods", &codemods);
    list(shown, "tags", &tags);
    let all = config.and_then(|config| Some((config, config.select.all.as_ref()?)));
    flag(shown, "all", (args.all, "--all"), all);
    let edits = config.and_then(|config| Some((config, config.select.unsafe_edits.as_ref()?)));
    flag(shown, "unsafe", (args.unsafe_edits, "--unsafe"), edits);
}

/// `[pr]`; what is not there is left to the command.
fn pull_request(shown: &mut String, config: Option<&Config>, args: &PrArgs) {
    line(shown, "\n[pr]");
    let own = config.map(|config| (config, &config.pr));
    let mut one = |key: &str, typed: Option<String>, set: Option<(String, String)>| {
        let typed = typed.map(|value| (value, format!("--{key}")));
        if let Some((value, source)) = typed.or(set) {
            line(shown, &format!("{key} = {}  # {source}", quoted(&value)));
        }
    };
    let text = |of: fn(&PullRequest) -> Option<&Setting<String>>| {
        let (config, own) = own?;
        let setting = of(own)?;
        Some((setting.value.clone(), config.place(&setting.span)))
    };
    one(
        "remote",
        args.remote.clone(),
        text(|own| own.remote.as_ref()),
    );
    let forge = own.and_then(|(config, own)| {
        let setting = own.forge.as_ref()?;
        Some((setting.value.to_string(), config.place(&setting.span)))
    });
    one("forge", args.forge.map(|kind| kind.to_string()), forge);
    one("title", args.title.clone(), text(|own| own.title.as_ref()));
    let template = own.and_then(|(config, own)| {
        let setting = own.body_template.as_ref()?;
        let written = config.source.text.get(setting.span.clone())?;
        Some((
            written.trim_matches(['"', '\'']).to_owned(),
            config.place(&setting.span),
        ))
    });
    let typed = args.body_template.as_ref();
    let typed = typed.map(|path| path.display().to_string());
    one("body-template", typed, template);
    let words =
        |typed: &[String], option: &str, own: Option<(&Config, &Vec<Setting<String>>)>| match own {
            Some((config, own)) if typed.is_empty() => rows(config, own),
            _ => typed.iter().map(|word| row(word, option)).collect(),
        };
    let labels = own.map(|(config, own)| (config, &own.labels));
    list(shown, "labels", &words(&args.label, "--label", labels));
    let reviewers = own.map(|(config, own)| (config, &own.reviewers));
    list(
        shown,
        "reviewers",
        &words(&args.reviewer, "--reviewer", reviewers),
    );
    let draft = own.and_then(|(config, own)| Some((config, own.draft.as_ref()?)));
    flag(shown, "draft", (args.draft, "--draft"), draft);
}

/// A switch: the command line's where it is given, else the file's.
fn flag(
    shown: &mut String,
    key: &str,
    (typed, option): (bool, &str),
    own: Option<(&Config, &Setting<bool>)>,
) {
    let (value, source) = match own {
        _ if typed => (true, option.to_owned()),
        Some((config, setting)) => (setting.value, config.place(&setting.span)),
        None => (false, DEFAULT.to_owned()),
    };
    line(shown, &format!("{key} = {value}  # {source}"));
}

/// Name, value and source of each parameter; those of the command line as they are typed.
fn params(config: Option<&Config>, args: &SearchArgs) -> Vec<(String, String, String)> {
    let kept = config.map_or_else(Vec::new, |config| {
        let kept = super::sets(config, &args.set);
        let place = |span: &Range<usize>| config.place(span);
        kept.iter()
            .map(|(set, span)| (set.clone(), place(span)))
            .collect()
    });
    let typed = args.set.iter().map(|set| (set.clone(), "--set".to_owned()));
    kept.into_iter()
        .chain(typed)
        .map(|(set, source)| {
            let (name, value) = set.split_once('=').unwrap_or((&set, ""));
            (name.to_owned(), value.to_owned(), source)
        })
        .collect()
}

fn rows(config: &Config, settings: &[Setting<String>]) -> Vec<Row> {
    let row = |setting: &Setting<String>| row(&setting.value, &config.place(&setting.span));
    settings.iter().map(row).collect()
}

fn row(value: &str, source: &str) -> Row {
    (quoted(value), source.to_owned())
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(shown: &mut String, key: &str, rows: &[Row]) {
    if rows.is_empty() {
        return line(shown, &format!("{key} = []  # {DEFAULT}"));
    }
    line(shown, &format!("{key} = ["));
    for (value, source) in rows {
        line(shown, &format!("    {value},  # {source}"));
    }
    line(shown, "]");
}

fn line(shown: &mut String, text: &str) {
    writeln!(shown, "{text}").expect("writing to a string cannot fail");
}
