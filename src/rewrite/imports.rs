//! Imports that edits need and imports that edits leave unused.
//!
//! An import is added in the group of its kind (standard library or not), sorted; gofmt settles ties. One that was used
//! before and is not used any more is removed. cgo's `import "C"` and its preamble are never touched.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::place::{self, Lines};
use crate::{
    finding::TextEdit,
    go::{
        imports::{Alias, Import, candidate_names, local_names},
        scope::{Resolution, Scope},
        syntax::Parsed,
    },
    matcher::Facts,
};

/// An import to add.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewImport {
    /// The path, unquoted.
    pub path: String,
    /// The name to write in front of the path; `None` where the package's own name serves.
    pub alias: Option<String>,
}

/// The name by which `path` (its package is called `package`) can be used at byte `at`, and the import to add for it if
/// the file has none that is visible there.
pub fn local_name(
    facts: &Facts<'_>,
    path: &str,
    package: &str,
    at: usize,
) -> (String, Option<NewImport>) {
    let imports = facts.imports();
    for (index, import) in imports.iter().enumerate().filter(|(_, i)| i.path == path) {
        let name = match &import.alias {
            Alias::None => package,
            Alias::Named(name) => name,
            Alias::Dot | Alias::Blank => continue,
        };
        if facts.scope().visible(name, at) == Some(Resolution::Import(index)) {
            return (name.to_owned(), None);
        }
    }
    let is_free = |name: &str| is_free_for_import(facts, name, at);
    if is_free(package) {
        let import = NewImport {
            path: path.to_owned(),
            alias: (last_element(path) != package).then(|| package.to_owned()),
        };
        return (package.to_owned(), Some(import));
    }
    let parent = path.rsplit('/').nth(1).unwrap_or("std");
    let stem: String = format!("{parent}{package}")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let alias = std::iter::once(stem.clone())
        .chain((2..u32::MAX).map(|n| format!("{stem}{n}")))
        .find(|name| is_free(name))
        .unwrap_or(stem);
    let import = NewImport {
        path: path.to_owned(),
        alias: Some(alias.clone()),
    };
    (alias, Some(import))
}

/// Whether `name` can be declared by an import and means that import at byte `at`.
fn is_free_for_import(facts: &Facts<'_>, name: &str, at: usize) -> bool {
    let is_imported = facts.imports().iter().any(|import| match &import.alias {
        Alias::None => candidate_names(&import.path).iter().any(|n| n == name),
        Alias::Named(alias) => alias == name,
        Alias::Dot | Alias::Blank => false,
    });
    let is_declared = [at, 0].into_iter().any(|at| {
        matches!(
            facts.scope().visible(name, at),
            Some(Resolution::Declared(_))
        )
    });
    !is_imported && !is_declared
}

fn last_element(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or("").contains('.')
}

/// The edits that add `wanted` to the file; sorted.
pub fn additions(parsed: &Parsed, wanted: &BTreeSet<NewImport>) -> Vec<TextEdit> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(parsed.text(), parsed.root());
    let declarations = import_declarations(parsed);
    let block = declarations
        .iter()
        .copied()
        .filter_map(spec_list)
        .max_by_key(Node::named_child_count);
    if let Some(list) = block {
        return into_block(parsed, lines, list, wanted);
    }
    let specs: Vec<String> = wanted.iter().map(spec_text).collect();
    match declarations.first() {
        Some(single) => vec![single_to_block(lines, *single, &specs)]
            .into_iter()
            .flatten()
            .collect(),
        None => vec![after_package_clause(parsed, lines, &specs)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn spec_text(import: &NewImport) -> String {
    match &import.alias {
        Some(alias) => format!("{alias} \"{}\"", import.path),
        None => format!("\"{}\"", import.path),
    }
}

/// The import declarations, cgo's left out.
fn import_declarations(parsed: &Parsed) -> Vec<Node<'_>> {
    let root = parsed.root();
    let mut cursor = root.walk();
    root.named_children(&mut cursor)
        .filter(|n| n.kind() == "import_declaration")
        .filter(|n| !specs(*n).iter().any(|spec| path_of(parsed, *spec) == "C"))
        .collect()
}

fn spec_list(declaration: Node<'_>) -> Option<Node<'_>> {
    declaration
        .named_child(0)
        .filter(|n| n.kind() == "import_spec_list")
}

/// The specs of an import declaration or of the list in it.
fn specs(node: Node<'_>) -> Vec<Node<'_>> {
    let list = spec_list(node).unwrap_or(node);
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter(|n| n.kind() == "import_spec")
        .collect()
}

fn path_of<'t>(parsed: &'t Parsed, spec: Node<'_>) -> &'t str {
    spec.child_by_field_name("path")
        .map_or("", |path| parsed.text_of(path).trim_matches(['"', '`']))
}

/// Adds each import behind the last spec of its group that sorts before it, or in front of the group's first.
fn into_block(
    parsed: &Parsed,
    lines: Lines<'_>,
    list: Node<'_>,
    wanted: &BTreeSet<NewImport>,
) -> Vec<TextEdit> {
    let all = specs(list);
    let mut edits: Vec<TextEdit> = Vec::new();
    for import in wanted {
        let text = spec_text(import);
        let kin: Vec<Node<'_>> = group_for(parsed, lines, &all, import);
        let before = kin
            .iter()
            .rfind(|spec| path_of(parsed, **spec) < import.path.as_str());
        let edit = match (before, kin.first()) {
            (Some(spec), _) => match lines.end_of_line_after(spec.end_byte()) {
                Some(eol) => insertion(eol, format!("{}\t{text}", lines.newline)),
                None => insertion(spec.end_byte(), format!("; {text}")),
            },
            (None, Some(spec)) => {
                let start = lines.attached_comments_start(*spec);
                if lines.is_first_on_line(start) {
                    insertion(
                        lines.line_start(start),
                        format!("\t{text}{}", lines.newline),
                    )
                } else {
                    insertion(spec.start_byte(), format!("{text}; "))
                }
            }
            (None, None) => own_group(lines, list, &all, import, &text),
        };
        // Several at one place become one edit, in the order of their paths.
        match edits.iter_mut().find(|e| e.start == edit.start) {
            Some(same) => same.text.push_str(&edit.text),
            None => edits.push(edit),
        }
    }
    edits.sort();
    edits
}

/// The specs among which an import belongs: the group (no blank line inside) that holds specs of its kind.
fn group_for<'t>(
    parsed: &Parsed,
    lines: Lines<'_>,
    all: &[Node<'t>],
    import: &NewImport,
) -> Vec<Node<'t>> {
    let mut groups: Vec<Vec<Node<'t>>> = Vec::new();
    for &spec in all {
        let starts_group = groups.last().and_then(|g| g.last()).is_none_or(|last| {
            let top = lines.attached_comments_start(spec);
            let between = &lines.text[last.end_byte()..top.max(last.end_byte())];
            between.matches('\n').count() > 1
        });
        if starts_group {
            groups.push(vec![spec]);
        } else if let Some(group) = groups.last_mut() {
            group.push(spec);
        }
    }
    let shared = |group: &Vec<Node<'t>>| {
        group
            .iter()
            .map(|&spec| path_of(parsed, spec))
            .filter(|path| is_standard(path) == is_standard(&import.path))
            .map(|path| 1 + common_elements(path, &import.path))
            .max()
            .unwrap_or(0)
    };
    let mut best: Option<(usize, Vec<Node<'t>>)> = None;
    for group in groups {
        let score = shared(&group);
        if score > best.as_ref().map_or(0, |(score, _)| *score) {
            best = Some((score, group));
        }
    }
    best.map(|(_, group)| group).unwrap_or_default()
}

fn common_elements(a: &str, b: &str) -> usize {
    if is_standard(a) {
        return 0; // the standard library is one group: its paths do not say which part of it is meant
    }
    a.split('/')
        .zip(b.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

/// A group of its own: first for the standard library, last for any other.
fn own_group(
    lines: Lines<'_>,
    list: Node<'_>,
    all: &[Node<'_>],
    import: &NewImport,
    text: &str,
) -> TextEdit {
    let newline = lines.newline;
    match (all.first(), all.last()) {
        (Some(first), Some(_)) if is_standard(&import.path) => {
            let start = lines.line_start(lines.attached_comments_start(*first));
            if start <= list.start_byte() {
                return insertion(first.start_byte(), format!("{text}; "));
            }
            insertion(start, format!("\t{text}{newline}{newline}"))
        }
        (_, Some(bottom)) => match lines.end_of_line_after(bottom.end_byte()) {
            Some(eol) => insertion(eol, format!("{newline}{newline}\t{text}")),
            None => insertion(bottom.end_byte(), format!("; {text}")),
        },
        _ => insertion(list.start_byte() + 1, format!("{newline}\t{text}{newline}")),
    }
}

/// `import "a"` → a block of it and the new ones; its comment stays on its line.
fn single_to_block(lines: Lines<'_>, declaration: Node<'_>, new: &[String]) -> Option<TextEdit> {
    let spec = specs(declaration).into_iter().next()?;
    let newline = lines.newline;
    let end = lines.end_of_line_after(declaration.end_byte())?;
    let mut all: Vec<String> = new.to_vec();
    all.push(lines.text[spec.start_byte()..end].to_owned());
    let path_in = |text: &String| text.split(['"', '`']).nth(1).unwrap_or("").to_owned();
    all.sort_by_key(|text| (!is_standard(&path_in(text)), path_in(text)));
    let mut text = String::from("(");
    let mut previous_is_standard = None;
    for entry in &all {
        let standard = is_standard(&path_in(entry));
        if previous_is_standard.is_some_and(|previous| previous != standard) {
            text.push_str(newline);
        }
        previous_is_standard = Some(standard);
        text.push_str(newline);
        text.push('\t');
        text.push_str(entry.trim_end_matches([';', ' ', '\t']));
    }
    text.push_str(newline);
    text.push(')');
    Some(TextEdit {
        start: spec.start_byte(),
        end,
        text,
    })
}

fn after_package_clause(parsed: &Parsed, lines: Lines<'_>, new: &[String]) -> Option<TextEdit> {
    let root = parsed.root();
    let mut cursor = root.walk();
    let clause = root
        .named_children(&mut cursor)
        .find(|n| n.kind() == "package_clause")?;
    let at = lines.end_of_line_after(clause.end_byte())?;
    let newline = lines.newline;
    let text = match new {
        [one] => format!("{newline}{newline}import {one}"),
        several => {
            let specs: Vec<String> = several.iter().map(|spec| format!("\t{spec}")).collect();
            format!(
                "{newline}{newline}import ({newline}{}{newline})",
                specs.join(newline)
            )
        }
    };
    Some(insertion(at, text))
}

fn insertion(at: usize, text: String) -> TextEdit {
    TextEdit {
        start: at,
        end: at,
        text,
    }
}

/// The edits that remove from `after` the imports that `before` used and `after` does not; sorted. An import whose name
/// its path does not tell is left alone, and so are dot, blank and cgo imports.
pub fn removals(before: &Parsed, after: &Parsed) -> Vec<TextEdit> {
    let imports_after = crate::go::imports::imports(after);
    let imports_before = crate::go::imports::imports(before);
    let removable = |import: &Import| {
        matches!(import.alias, Alias::None | Alias::Named(_)) && import.path != "C"
    };
    if !imports_after
        .iter()
        .any(|i| removable(i) && imports_before.iter().any(|b| same(b, i)))
    {
        return Vec::new();
    }
    // An import whose name stands in the text as often as before is still used where it was; no scope is needed then.
    let is_rarer = |import: &Import| {
        local_names(import).iter().any(|name| {
            let count = |text: &str| memchr::memmem::find_iter(text.as_bytes(), name).count();
            count(after.text()) < count(before.text())
        })
    };
    if !imports_after.iter().any(is_rarer) {
        return Vec::new();
    }
    let used_before = Scope::of(before);
    let used_after = Scope::of(after);
    let unused: Vec<&Import> = imports_after
        .iter()
        .enumerate()
        .filter(|(index, import)| {
            let was_used = imports_before
                .iter()
                .enumerate()
                .any(|(before, b)| same(b, import) && !used_before.import_uses(before).is_empty());
            removable(import) && was_used && used_after.import_uses(*index).is_empty()
        })
        .map(|(_, import)| import)
        .collect();
    let mut edits: Vec<TextEdit> = unused
        .iter()
        .filter_map(|import| {
            single_again(before, after, import, &unused).or_else(|| removal(after, import, &unused))
        })
        .collect();
    edits.sort();
    edits.dedup();
    edits
}

fn same(a: &Import, b: &Import) -> bool {
    a.path == b.path && a.alias == b.alias
}

/// `import "a"` that became a block for one new import, and is unused now → the new one alone, as the old one stood.
fn single_again(
    before: &Parsed,
    after: &Parsed,
    import: &Import,
    unused: &[&Import],
) -> Option<TextEdit> {
    let list = spec_list(declaration_of(after, import)?)?;
    let is_unused = |spec: &Node<'_>| unused.iter().any(|i| i.range == spec.byte_range());
    let all = specs(list);
    let mut kept = all.iter().filter(|spec| !is_unused(spec));
    let (Some(kept), None) = (kept.next(), kept.next()) else {
        return None;
    };
    let was_single = crate::go::imports::imports(before)
        .iter()
        .filter(|old| same(old, import))
        .filter_map(|old| declaration_of(before, old))
        .any(|declaration| spec_list(declaration).is_none());
    let only_specs = list.named_child_count() == all.len(); // a comment would be lost
    (was_single && only_specs).then(|| TextEdit {
        start: list.start_byte(),
        end: list.end_byte(),
        text: after.text_of(*kept).to_owned(),
    })
}

fn declaration_of<'t>(parsed: &'t Parsed, import: &Import) -> Option<Node<'t>> {
    let mut node = parsed
        .root()
        .descendant_for_byte_range(import.range.start, import.range.end)?;
    while node.kind() != "import_declaration" {
        node = node.parent()?;
    }
    Some(node)
}

/// Deletes a spec, or its declaration where every spec of it is unused.
fn removal(parsed: &Parsed, import: &Import, unused: &[&Import]) -> Option<TextEdit> {
    let lines = Lines::new(parsed.text(), parsed.root());
    let spec = parsed
        .root()
        .descendant_for_byte_range(import.range.start, import.range.end)?;
    let declaration = declaration_of(parsed, import)?;
    let goes_whole = specs(declaration)
        .iter()
        .all(|spec| unused.iter().any(|i| i.range == spec.byte_range()));
    let target = if goes_whole { declaration } else { spec };
    let range = place::removal(lines, target)?.range;
    Some(TextEdit {
        start: range.start,
        end: range.end,
        text: String::new(),
    })
}
