//! Go taken as a pattern matches itself, on Go's own source.

mod scope_support;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use gomend::{
    codemod::load_pattern,
    diagnostic::render,
    go::syntax::Parsed,
    matcher::{Facts, FileContext, matches},
};

/// Go files to take patterns from; none where Go is not installed.
fn real_files() -> Vec<PathBuf> {
    let Some(root) = scope_support::goroot() else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for folder in [
        "net/http",
        "go/types",
        "text/template",
        "sync",
        "encoding/json",
        "slices",
    ] {
        let Ok(entries) = std::fs::read_dir(root.join("src").join(folder)) else {
            continue;
        };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "go")));
    }
    files.sort();
    files
}

/// Whether a node is one that a pattern can stand for.
fn is_whole(node: tree_sitter::Node<'_>) -> bool {
    let kind = node.kind();
    let is_part = matches!(
        node.parent().map(|p| p.kind()),
        None | Some("ERROR" | "import_spec" | "literal_element")
    );
    !is_part
        && !node.has_error()
        && (kind.ends_with("_expression")
            || kind.ends_with("_statement")
            || kind.ends_with("_declaration")
            || matches!(
                kind,
                "composite_literal"
                    | "func_literal"
                    | "slice_type"
                    | "map_type"
                    | "struct_type"
                    | "function_type"
            ))
        && !matches!(
            kind,
            "parameter_declaration"
                | "variadic_parameter_declaration"
                | "type_parameter_declaration"
                | "receive_statement"
                | "empty_statement"
        )
}

#[test]
fn go_as_a_pattern_matches_itself() {
    let files = real_files();
    if files.is_empty() {
        println!("not run: Go's own source is not installed");
        return;
    }
    let mut tried = BTreeMap::<String, usize>::new();
    let mut failed = BTreeMap::<String, Vec<String>>::new();
    for (at, path) in files.iter().enumerate() {
        let Ok(source) = std::fs::read_to_string(path) else {
            continue;
        };
        let parsed = Parsed::new(Arc::from(&*source));
        let mut stack = vec![parsed.root()];
        let mut nodes = Vec::new();
        while let Some(node) = stack.pop() {
            if is_whole(node) && node.byte_range().len() < 2_000 {
                nodes.push(node);
            }
            let mut cursor = node.walk();
            stack.extend(node.named_children(&mut cursor));
        }
        // A few of each file, spread over it and different from file to file.
        let step = nodes.len() / 12 + 1;
        for node in nodes.into_iter().skip(at % step).step_by(step) {
            let text = parsed.text_of(node);
            *tried.entry(node.kind().to_owned()).or_default() += 1;
            let itself = node.kind();
            let query = match load_pattern(text) {
                Ok(query) => query,
                Err(problems) => {
                    let said = format!("{text}\n{}", render(&problems, false));
                    failed
                        .entry(format!("{itself}: refused"))
                        .or_default()
                        .push(said);
                    continue;
                }
            };
            let file = FileContext {
                path: Arc::from(path.as_path()),
                go: None,
                generated: false,
            };
            let facts = Facts::new(&parsed, &file);
            let found = matches(&query, &facts, parsed.root(), None).expect("within the limit");
            let hits_itself = found.iter().any(|m| {
                m.nodes("match")
                    .iter()
                    .any(|n| n.byte_range() == node.byte_range())
            });
            if !hits_itself {
                failed
                    .entry(format!("{itself}: no match"))
                    .or_default()
                    .push(format!("{text}\n{}", query.text));
            }
        }
    }
    let total: usize = tried.values().sum();
    let count: usize = failed.values().map(Vec::len).sum();
    println!("{total} patterns, {count} failed; kinds {tried:?}");
    for (what, texts) in &failed {
        let shortest = texts.iter().min_by_key(|text| text.len());
        println!(
            "{what}: {}\n  {}",
            texts.len(),
            shortest.map_or("", |text| text)
        );
    }
    assert!(total > 500, "only {total} patterns");
    assert_eq!(count, 0);
}
