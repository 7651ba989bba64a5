//! What the tests of this module share: rewriting a text with a codemod given as TOML.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::passes::{Chosen, Input, Rewritten, RuleRef, rewrite};
use crate::{
    codemod::{Codemod, Origin, load_text},
    diagnostic::render,
    finding::Status,
    go::version::Version,
    matcher::FileContext,
    prefilter::Candidates,
};

/// Loads a codemod from its keys below the head.
pub fn codemod(body: &str) -> Codemod {
    let head = "summary = \"s\"\ndescription = \"d\"\ntags = [\"t\"]\napplicability = \"safe\"\n";
    let origin = Origin::File("test/codemod.toml".into());
    load_text("test/codemod", origin, &format!("{head}{body}"), &[])
        .unwrap_or_else(|problems| panic!("{}", render(&problems, false)))
}

/// A rule with this query and these edits, called `rule`.
pub fn rule(query: &str, edits: &str) -> Codemod {
    codemod(&rule_text("rule", query, edits))
}

/// The TOML of a rule.
pub fn rule_text(name: &str, query: &str, edits: &str) -> String {
    format!("[[rule]]\nname = \"{name}\"\nmessage = \"m\"\nquery = '''{query}'''\n{edits}\n")
}

/// Rewrites a text with codemods whose every rule is a candidate.
pub fn run(codemods: &[Codemod], text: &str) -> Rewritten {
    let file = FileContext {
        path: Arc::from(Path::new("a.go")),
        go: Version::parse("1.22"),
        generated: false,
    };
    let all: Vec<RuleRef> = codemods
        .iter()
        .enumerate()
        .flat_map(|(codemod, c)| (0..c.rules.len()).map(move |rule| RuleRef { codemod, rule }))
        .collect();
    rewrite(&Input {
        codemods,
        file: &file,
        index: None,
        text: text.into(),
        candidates: &|_| Candidates {
            rules: all.clone(),
            declarations: None,
        },
        regions: None,
        targets: None,
        unsafe_edits: false,
        denied: &BTreeMap::new(),
        chosen: Chosen::All,
        edited: None,
        explain: false,
        clock: None,
    })
    .expect("cheap queries")
}

/// The new text, where nothing was rejected.
pub fn after(codemods: &[Codemod], text: &str) -> String {
    let rewritten = run(codemods, text);
    for keyed in &rewritten.findings {
        assert_ne!(
            keyed.finding.status,
            Status::Rejected,
            "{:?}",
            keyed.finding.reason
        );
    }
    rewritten.after.to_string()
}

/// The reasons of what was rejected, in order.
pub fn rejections(codemods: &[Codemod], text: &str) -> Vec<String> {
    let findings = run(codemods, text).findings;
    findings
        .into_iter()
        .filter(|f| f.finding.status == Status::Rejected)
        .filter_map(|f| f.finding.reason)
        .collect()
}
