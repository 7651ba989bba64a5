//! A writer for tests of the review: codemods given as TOML, every rule a candidate, and a last gate of the test's own.

use std::{path::Path, sync::Arc};

use super::choice::{Choice, Variant, Writer};
use crate::{
    codemod::Codemod,
    engine::Error,
    go::version::Version,
    matcher::FileContext,
    prefilter::Candidates,
    rewrite::{
        passes::{Input, Rewritten, RuleRef, rewrite},
        testing::{codemod, rule_text},
    },
    verify::{self, Candidate, Verified},
};

/// The writer.
pub struct Bench {
    codemods: Vec<Codemod>,
    text: Arc<str>,
    context: FileContext,
    /// Why the last gate refuses a text.
    pub gate: fn(&str) -> Option<String>,
}

impl Bench {
    /// Renames calls, `from` to `to`, in a function with these lines; all rules are of one codemod.
    pub fn renaming(names: &[(&str, &str)], lines: &str) -> Self {
        let rule = |(from, to): &(&str, &str)| {
            let query =
                format!("(call_expression function: (identifier) @f (#eq? @f \"{from}\")) @call");
            let edit = format!("[[rule.edit]]\nreplace = \"@f\"\nwith = \"{to}\"");
            rule_text(from, &query, &edit)
        };
        let rules: String = names.iter().map(rule).collect();
        Self::with(&rules, lines)
    }

    /// One codemod of these rules, and a function with these lines.
    pub fn with(rules: &str, lines: &str) -> Self {
        Self {
            codemods: vec![codemod(rules)],
            text: function(lines).into(),
            context: FileContext {
                path: Arc::from(Path::new("a.go")),
                go: Version::parse("1.22"),
                generated: false,
            },
            gate: |_| None,
        }
    }

    /// The codemods.
    pub fn codemods(&self) -> &[Codemod] {
        &self.codemods
    }

    /// The choice among the findings of the file.
    pub fn choice(&self) -> Choice<'_> {
        let choice = Choice::new(
            self,
            Arc::clone(&self.text),
            std::collections::BTreeMap::new(),
        );
        choice.expect("no gofmt").expect("cheap queries")
    }
}

/// A file with one function.
pub fn function(lines: &str) -> String {
    format!("package p\n\nfunc f() {{\n{lines}}}\n")
}

impl Writer for Bench {
    fn path(&self) -> &Arc<Path> {
        &self.context.path
    }

    fn rewrite(&self, variant: &Variant<'_>) -> Result<Rewritten, String> {
        let codemods = self.codemods.iter().enumerate();
        let all: Vec<RuleRef> = codemods
            .flat_map(|(codemod, c)| (0..c.rules.len()).map(move |rule| RuleRef { codemod, rule }))
            .collect();
        rewrite(&Input {
            codemods: &self.codemods,
            file: &self.context,
            index: None,
            text: Arc::clone(&self.text),
            candidates: &|_| Candidates {
                rules: all.clone(),
                declarations: None,
            },
            regions: None,
            targets: None,
            unsafe_edits: false,
            denied: variant.denied,
            chosen: variant.chosen,
            edited: variant.edited,
            explain: false,
            clock: None,
        })
    }

    fn verify(&self, after: &Arc<str>) -> Result<Result<Verified, String>, Error> {
        if let Some(reason) = (self.gate)(after) {
            return Ok(Err(reason));
        }
        let candidate = Candidate {
            path: Arc::clone(&self.context.path),
            before: Arc::clone(&self.text),
            after: Arc::clone(after),
        };
        let mut results = verify::verify(&[candidate], None)?;
        Ok(results.remove(0))
    }
}
