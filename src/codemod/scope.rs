//! Loads the keys `scope` and `file` of a rule. In: the rule's table. Out: which file of a package it matches in.

use std::path::Path;

use globset::Glob;

use super::{
    document::Table,
    problem::{Kind, Problems},
};
use crate::{diagnostic::nearest, matcher::package::PackageScope};

/// The scope of a rule; `None` where it matches anywhere.
pub(super) fn load(table: &Table<'_>, problems: &mut Problems) -> Option<PackageScope> {
    let files = table.text_or_texts("file", problems);
    let Some(scope) = table.text("scope", problems) else {
        if table.has("file") && !table.has("scope") {
            let title = "`file` goes with `scope = \"package\"`";
            problems
                .add(Kind::BadEntry, table.key_span("file"), title)
                .help("it says which file of each package the rule matches in");
        }
        return None;
    };
    if scope.value != "package" {
        let title = format!("`{}` is no scope", scope.value);
        problems
            .add(Kind::BadEntry, scope.span, title)
            .suggest(nearest(&scope.value, ["package"]))
            .help("`package` is the only one: at most one match in each package");
        return None;
    }
    let globs = files.iter().filter_map(|file| {
        let name = Path::new(&file.value);
        let is_go = name.extension().is_some_and(|extension| extension == "go");
        let glob = Glob::new(&file.value).ok();
        let glob = glob.filter(|_| is_go && !file.value.contains(['/', '\\']));
        if glob.is_none() {
            let title = format!("`{}` is no name of a Go file", file.value);
            problems.add(Kind::BadEntry, file.span.clone(), title).help(
                "write a name or a pattern for names, without a folder: `main_test.go`, `*_test.go`",
            );
        }
        Some((file.value.clone(), glob?.compile_matcher()))
    });
    let globs = globs.collect();
    Some(PackageScope { files: globs })
}
