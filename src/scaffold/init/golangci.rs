//! A configuration of golangci-lint (version 2) with the linters whose findings the catalogue mends, and of each linter
//! only those checks, as far as it lets choose (<https://golangci-lint.run/docs/linters/configuration/>).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// Linters with one check, which has their name.
const SINGLE: [&str; 9] = [
    "bodyclose",
    "containedctx",
    "contextcheck",
    "copyloopvar",
    "fatcontext",
    "noctx",
    "rowserrcheck",
    "spancheck",
    "sqlclosecheck",
];
/// The checks of usetesting, all of them on or off.
const USETESTING: [&str; 7] = [
    "context-background",
    "context-todo",
    "os-chdir",
    "os-create-temp",
    "os-mkdir-temp",
    "os-setenv",
    "os-temp-dir",
];

/// The configuration for `fixes`, the `tool/check` that codemods mend.
pub fn golangci<'a>(fixes: impl IntoIterator<Item = &'a str>) -> String {
    let mut checks: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for fix in fixes {
        if let Some((tool, check)) = fix.split_once('/') {
            checks.entry(tool).or_default().insert(check);
        }
    }
    let (known, other): (Vec<_>, Vec<_>) = checks
        .iter()
        .partition(|(tool, checks)| SINGLE.contains(tool) || settings(tool, checks).is_some());
    let mut text = String::from(HEAD);
    for (tool, _) in &known {
        line(&mut text, &format!("    - {tool}"));
    }
    text.push_str("  settings:\n");
    for (tool, checks) in &known {
        text.push_str(&settings(tool, checks).unwrap_or_default());
    }
    text.push_str(TAIL);
    if !other.is_empty() {
        let names: Vec<String> = other
            .iter()
            .flat_map(|(tool, checks)| checks.iter().map(move |check| format!("{tool}/{check}")))
            .collect();
        text.push_str("\n# Mended too, and not asked of golangci-lint, which cannot choose these checks alone:\n");
        line(&mut text, &format!("# {}.", names.join(", ")));
    }
    text
}

const HEAD: &str = "\
# Written by `gomend init golangci`: the linters of golangci-lint 2 whose findings gomend mends, and only those checks.
#
#     golangci-lint run --output.json.path=findings.json
#     gomend diff --from findings.json
version: \"2\"
linters:
  default: none
  enable:
";

const TAIL: &str = "\
issues:
  # All of them: gomend mends what it is told of.
  max-issues-per-linter: 0
  max-same-issues: 0
";

/// How a linter is told to run these checks alone; `None` for one that has a single check, or cannot be told.
fn settings(tool: &str, checks: &BTreeSet<&str>) -> Option<String> {
    let (before, list): (&[&str], &str) = match tool {
        "gocritic" => (&["disable-all: true"], "enabled-checks"),
        "gosec" => (&[], "includes"),
        "govet" => (&["disable-all: true"], "enable"),
        "revive" => (&[], "rules"),
        "staticcheck" => (&[], "checks"),
        "usetesting" => return Some(usetesting(checks)),
        _ => return None,
    };
    let mut text = format!("    {tool}:\n");
    for setting in before {
        line(&mut text, &format!("      {setting}"));
    }
    line(&mut text, &format!("      {list}:"));
    let name = if tool == "revive" { "name: " } else { "" };
    for check in checks {
        line(&mut text, &format!("        - {name}{check}"));
    }
    Some(text)
}

fn usetesting(checks: &BTreeSet<&str>) -> String {
    let mut text = String::from("    usetesting:\n");
    for check in USETESTING {
        line(
            &mut text,
            &format!("      {check}: {}", checks.contains(check)),
        );
    }
    text
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use saphyr::{LoadableYamlNode as _, Yaml};

    use super::*;
    use crate::codemod::catalogue;

    #[test]
    fn every_check_that_a_codemod_mends_is_in_it_and_no_other() {
        let all: BTreeSet<&str> = catalogue::shipped()
            .iter()
            .flat_map(|header| header.fixes.iter().map(String::as_str))
            .collect();
        let text = golangci(all.iter().copied());
        let documents = Yaml::load_from_str(&text).expect("YAML");
        let linters = &documents[0]["linters"];
        let words = |list: &Yaml<'_>| -> BTreeSet<String> {
            let list = list.as_sequence().into_iter().flatten();
            let name = |item: &Yaml<'_>| match item.as_mapping_get("name") {
                Some(name) => name.as_str().map(str::to_owned),
                None => item.as_str().map(str::to_owned),
            };
            list.filter_map(name).collect()
        };
        let mut asked = BTreeSet::new();
        for linter in words(&linters["enable"]) {
            let settings = &linters["settings"];
            let Some(own) = settings.as_mapping_get(&linter) else {
                asked.insert(format!("{linter}/{linter}"));
                continue;
            };
            let lists = ["enabled-checks", "includes", "enable", "rules", "checks"];
            for list in lists {
                if let Some(list) = own.as_mapping_get(list) {
                    asked.extend(words(list).iter().map(|check| format!("{linter}/{check}")));
                }
            }
            for check in USETESTING {
                if own.as_mapping_get(check).and_then(Yaml::as_bool) == Some(true) {
                    asked.insert(format!("{linter}/{check}"));
                }
            }
        }
        let comment = text
            .lines()
            .last()
            .expect("a line")
            .trim_matches(['#', ' ', '.']);
        let told = comment.split(", ").map(str::to_owned);
        let asked: Vec<String> = asked
            .into_iter()
            .chain(told)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let expected: Vec<String> = all.iter().map(|&fix| fix.to_owned()).collect();
        assert_eq!(asked, expected);
        assert_eq!(documents[0]["version"].as_str(), Some("2"));
        assert_eq!(linters["default"].as_str(), Some("none"));
    }
}
