//! The shipped codemods as pages: the form of their descriptions, `codemods/README.md`, the list of them all, and
//! `codemods/PREDICATES.md`, what a codemod can ask. `SNAPSHOTS=overwrite cargo test --test catalogue` writes both anew.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, sync::Arc};

use gomend::{codemod::catalogue, go::syntax::Parsed, matcher::predicate};
use snapbox::{Assert, Data, assert::DEFAULT_ACTION_ENV};
use toml::{Table, Value};

/// How an example may stand in a file, in the order in which that is tried.
const PLACES: [(&str, &str); 3] = [
    ("", ""),
    ("package p\n\n", ""),
    ("package p\n\nfunc f() {\n", "\n}\n"),
];

/// Id and keys of every shipped codemod, in the order of the ids.
fn codemods() -> Vec<(&'static str, Table)> {
    let read = |(id, text): (&'static str, &str)| {
        let table = text.parse().unwrap_or_else(|error| panic!("{id}: {error}"));
        (id, table)
    };
    catalogue::shipped_texts().map(read).collect()
}

fn text<'a>(codemod: &'a Table, key: &str) -> &'a str {
    codemod.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list(codemod: &Table, key: &str) -> Vec<String> {
    let values = codemod.get(key).and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    values.map(str::to_owned).collect()
}

#[test]
fn descriptions_have_one_form() {
    let mut problems = Vec::new();
    for (id, codemod) in codemods() {
        let mut found = Vec::new();
        description(&codemod, &mut found);
        problems.extend(
            found
                .into_iter()
                .map(|p| format!("codemods/{id}.toml: {p}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What is wrong with the form of a description.
fn description(codemod: &Table, problems: &mut Vec<String>) {
    let safe = text(codemod, "applicability") == "safe";
    let expected = [
        "What it finds",
        "Why it matters",
        "Example",
        "Use instead",
        "When it is left alone",
        if safe {
            "Why it is safe"
        } else {
            "What to look at"
        },
        "Go version",
    ];
    let (before, sections) = sections(text(codemod, "description"));
    if !before.trim().is_empty() {
        problems.push(format!(
            "the description begins with `{}`; it begins with `## {}`",
            before.trim(),
            expected[0]
        ));
    }
    let headings: Vec<&str> = sections.iter().map(|(heading, _)| *heading).collect();
    if headings != expected {
        problems.push(format!(
            "the headings of the description are\n  {}\ninstead of\n  {}",
            headings.join(", "),
            expected.join(", ")
        ));
    }
    for (heading, section) in &sections {
        if section.trim().is_empty() {
            problems.push(format!("`## {heading}` is empty"));
        }
        if ["Example", "Use instead"].contains(heading) {
            problems.extend(example(heading, section));
        }
        if *heading == "Go version" {
            problems.extend(version(codemod, section.trim()));
        }
    }
}

/// What stands before the first `## ` heading, and each with what is below it. Lines in code are no headings.
fn sections(description: &str) -> (String, Vec<(&str, String)>) {
    let (mut before, mut sections) = (String::new(), Vec::<(&str, String)>::new());
    let mut in_code = false;
    for line in description.lines() {
        in_code ^= line.starts_with("```");
        if let Some(heading) = line.strip_prefix("## ").filter(|_| !in_code) {
            sections.push((heading, String::new()));
        } else {
            let section = sections.last_mut().map_or(&mut before, |(_, text)| text);
            let _ = writeln!(section, "{line}");
        }
    }
    (before, sections)
}

/// An example is a block of Go that parses.
fn example(heading: &str, section: &str) -> Option<String> {
    let Some((_, code)) = section.split_once("```go\n") else {
        return Some(format!(
            "`## {heading}` has no block of code that begins with ```go"
        ));
    };
    let Some((code, _)) = code.split_once("```") else {
        return Some(format!("the code of `## {heading}` has no end"));
    };
    if code.trim().is_empty() {
        return Some(format!("the code of `## {heading}` is empty"));
    }
    let parses = |(before, after): &(&str, &str)| {
        let text = format!("{before}{code}{after}");
        Parsed::new(Arc::from(text)).errors().is_empty()
    };
    let message = format!(
        "the code of `## {heading}` is neither a file nor declarations nor statements of Go:\n{code}"
    );
    (!PLACES.iter().any(parses)).then_some(message)
}

/// One sentence, with the versions of the key `go` where it is there.
fn version(codemod: &Table, section: &str) -> Option<String> {
    if !section.ends_with('.') || section.contains(". ") || section.contains("\n\n") {
        return Some(format!("`## Go version` is not one sentence: {section}"));
    }
    let go = text(codemod, "go");
    let lacking = go
        .split(',')
        .map(|clause| clause.trim().trim_start_matches(['<', '>', '=']))
        .find(|version| !section.contains(version))?;
    Some(format!(
        "`go` is `{go}`, and `## Go version` does not name {lacking}: {section}"
    ))
}

#[test]
fn the_list_is_current() {
    assert_page("codemods/README.md", &page(&codemods()));
}

#[test]
fn the_predicates_are_current() {
    assert_page("codemods/PREDICATES.md", &predicates());
}

fn assert_page(path: &str, page: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let assert = Assert::new()
        .action_env(DEFAULT_ACTION_ENV)
        .normalize_paths(false);
    assert.eq(page.to_owned(), Data::read_from(&file, None));
}

/// What a codemod can ask, by name.
fn predicates() -> String {
    let mut kinds: Vec<_> = predicate::all().collect();
    kinds.sort_by_key(|kind| kind.name);
    let mut page = format!(
        "<!-- `SNAPSHOTS=overwrite cargo test --test catalogue` writes this file from the table of predicates. -->\n\
         # The predicates\n\n\
         {} predicates narrow a match down, inside the parentheses of a `query`'s pattern or in the `where` of a `pattern`. Each has a\n\
         `not-` form, `(#not-in-loop? @n)`. **Where a fact cannot be known, both forms fail**, and the code is left alone; `--explain` says why.\n\
         `@id`, `@n` and so on are captures. Put cheap ones first: texts and imports, then types, then `#escapes?` and `#released?`.\n\n\
         | predicate | holds when |\n|---|---|\n",
        kinds.len()
    );
    for kind in kinds {
        let (forms, meaning) = kind.help.split_once("`: ").unwrap_or((kind.help, ""));
        let _ = writeln!(page, "| {}` | {} |", cell(forms), cell(meaning));
    }
    page
}

/// The list of all codemods.
fn page(codemods: &[(&str, Table)]) -> String {
    let mut groups: BTreeMap<&str, Vec<(&str, &Table)>> = BTreeMap::new();
    for (id, codemod) in codemods {
        let group = id.split('/').next().unwrap_or_default();
        groups.entry(group).or_default().push((id, codemod));
    }
    let mut page = format!(
        "<!-- `SNAPSHOTS=overwrite cargo test --test catalogue` writes this file from the codemods. -->\n\
         # The codemods\n\n\
         {} codemods ship with gomend. `gomend show ID` explains one: what it finds, why that matters, an example, and when code is left\n\
         alone. *Class*: what its edits claim, the strongest rule first; *go*: the language versions it is for; *also found by*: rules of\n\
         other tools that point at the same.\n",
        codemods.len()
    );
    for (group, codemods) in groups {
        let _ = write!(
            page,
            "\n## {group}\n\n| codemod | what it does | class | go | also found by |\n|---|---|---|---|---|\n"
        );
        for (id, codemod) in codemods {
            let _ = writeln!(
                page,
                "| [{id}]({id}.toml) | {} | {} | {} | {} |",
                cell(text(codemod, "summary")),
                classes(codemod),
                cell(text(codemod, "go")),
                list(codemod, "fixes").join(", ")
            );
        }
    }
    page
}

/// The class of the codemod, then those that rules lower it to.
fn classes(codemod: &Table) -> String {
    let most = text(codemod, "applicability");
    let rules = codemod.get("rule").and_then(Value::as_array);
    let rules = rules.into_iter().flatten().filter_map(Value::as_table);
    let lowered: Vec<&str> = rules.map(|rule| text(rule, "applicability")).collect();
    let classes = ["safe", "unsafe", "display"].into_iter();
    let classes = classes.filter(|class| *class == most || lowered.contains(class));
    classes.collect::<Vec<_>>().join(", ")
}

/// Text in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
