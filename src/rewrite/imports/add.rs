//! Adds imports: each in the group of its kind (standard library or not), sorted; gofmt settles ties.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{NewImport, is_standard, path_of, spec_list, specs};
use crate::{finding::TextEdit, go::syntax::Parsed, rewrite::place::Lines};

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

/// Adds each import behind the last spec of its group that sorts before it, or in front of the group's first.
fn into_block(
    parsed: &Parsed,
    lines: Lines<'_>,
    list: Node<'_>,
    wanted: &BTreeSet<NewImport>,
) -> Vec<TextEdit> {
    let all = specs(list);
    let mut edits: Vec<TextEdit> = Vec::new();
    let (mut standard, mut others) = (Vec::new(), Vec::new());
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
            (None, None) if is_standard(&import.path) => {
                standard.push(text);
                continue;
            }
            (None, None) => {
                others.push(text);
                continue;
            }
        };
        // Several at one place become one edit, in the order of their paths.
        match edits.iter_mut().find(|e| e.start == edit.start) {
            Some(same) => same.text.push_str(&edit.text),
            None => edits.push(edit),
        }
    }
    if all.is_empty() {
        let text = [&standard, &others].map(|group| indented(lines, group));
        let text = text.concat();
        edits.push(insertion(
            list.start_byte() + 1,
            format!("{}{text}", lines.newline),
        ));
    } else {
        edits.extend(first_group(lines, list, &all, &standard));
        edits.extend(last_group(lines, &all, &others));
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

/// Specs, each on a line of its own.
fn indented(lines: Lines<'_>, specs: &[String]) -> String {
    let of_spec = |spec: &String| format!("\t{spec}{}", lines.newline);
    specs.iter().map(of_spec).collect()
}

/// A new group of the standard library's packages, in front of all others.
fn first_group(
    lines: Lines<'_>,
    list: Node<'_>,
    all: &[Node<'_>],
    new: &[String],
) -> Option<TextEdit> {
    let first = all.first().filter(|_| !new.is_empty())?;
    let start = lines.line_start(lines.attached_comments_start(*first));
    if start <= list.start_byte() {
        return Some(insertion(
            first.start_byte(),
            format!("{}; ", new.join("; ")),
        ));
    }
    let text = indented(lines, new);
    Some(insertion(start, format!("{text}{}", lines.newline)))
}

/// A new group of other packages, behind all others.
fn last_group(lines: Lines<'_>, all: &[Node<'_>], new: &[String]) -> Option<TextEdit> {
    let bottom = all.last().filter(|_| !new.is_empty())?;
    let newline = lines.newline;
    let Some(eol) = lines.end_of_line_after(bottom.end_byte()) else {
        return Some(insertion(
            bottom.end_byte(),
            format!("; {}", new.join("; ")),
        ));
    };
    let between = format!("{newline}\t");
    let specs = new.join(&between);
    Some(insertion(eol, format!("{newline}{between}{specs}")))
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
