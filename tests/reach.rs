//! Looking only where a query's matches can begin finds what looking everywhere finds: compared for every shipped rule over
//! packages of Go's source, or all of it with `GOMEND_CORPUS=all`.

use std::{fs, sync::Arc};

use gomend::{
    codemod::{Codemod, catalogue},
    go::{syntax::Parsed, version::Version},
    matcher::{Facts, FileContext, Match, matches, matches_in_file, outline::Outline},
};

mod scope_support;

/// What tells two matches apart.
fn shown(found: &[Match<'_>]) -> Vec<String> {
    let one = |found: &Match<'_>| {
        let captures: Vec<String> = found
            .captures
            .iter()
            .map(|(name, nodes)| {
                let ranges: Vec<_> = nodes.iter().map(tree_sitter::Node::byte_range).collect();
                format!("{name}={ranges:?}")
            })
            .collect();
        captures.join(" ")
    };
    found.iter().map(one).collect()
}

#[test]
fn nothing_is_missed() {
    let Some(root) = scope_support::goroot() else {
        eprintln!("not run: there is no Go toolchain");
        return;
    };
    let source = root.join("src");
    let codemods: Vec<Codemod> = catalogue::shipped_texts()
        .filter_map(|(id, _)| catalogue::unset(id)?.ok())
        .collect();
    assert!(codemods.len() > 9);
    let mut files = Vec::new();
    let is_all = std::env::var_os("GOMEND_CORPUS").is_some_and(|what| what == "all");
    let folders: &[&str] = if is_all {
        &[""]
    } else {
        &[
            "net/http",
            "os/exec",
            "database/sql",
            "context",
            "internal/trace",
        ]
    };
    for folder in folders {
        files.extend(scope_support::go_files(&source.join(folder)));
    }
    let mut total = 0;
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else {
            continue; // not UTF-8
        };
        let parsed = Parsed::new(text.into());
        let context = FileContext {
            path: Arc::from(path.as_path()),
            go: Version::parse("1.26"),
            generated: false,
        };
        let facts = Facts::new(&parsed, &context);
        let outline = Outline::new(&parsed, None);
        for codemod in &codemods {
            for rule in &codemod.rules {
                let all = matches(&rule.query, &facts, parsed.root(), None).unwrap_or_default();
                let some = matches_in_file(&rule.query, &facts, &outline, None).unwrap_or_default();
                total += all.len();
                assert_eq!(
                    shown(&some),
                    shown(&all),
                    "{}, {} in {}",
                    codemod.id,
                    rule.name,
                    path.display()
                );
            }
        }
    }
    println!("{total} matches in {} files", files.len());
    assert!(total > 20, "{total} matches in {} files", files.len());
}
