//! Removes imports that were used before the edits and are not used any more.

use tree_sitter::Node;

use super::{spec_list, specs};
use crate::{
    finding::TextEdit,
    go::{
        imports::{Alias, Import, imports, local_names},
        scope::Scope,
        syntax::Parsed,
    },
    rewrite::place::{self, Lines, Stretch},
};

/// The edits that remove from `after` the imports that `before` used and `after` does not; sorted. An import whose name
/// its path does not tell is left alone, and so are dot, blank and cgo imports.
pub fn removals(before: &Parsed, after: &Parsed) -> Vec<TextEdit> {
    let imports_after = imports(after);
    let imports_before = imports(before);
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
    let was_single = imports(before)
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
    let range = place::removal(lines, &Stretch::of(target)?).range;
    Some(TextEdit {
        start: range.start,
        end: range.end,
        text: String::new(),
    })
}
