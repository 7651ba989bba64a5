//! Names that are free where a match stands.

use std::ops::Range;

use tree_sitter::Node;

use crate::{go::scope::Resolution, matcher::Facts};

/// A name that a match of this pass declares, and the block it declares it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// The name.
    pub name: String,
    /// Bytes of the block where it will be visible.
    pub block: Range<usize>,
}

/// `base`, or `base` with the first number behind it that makes it free: it means nothing that was declared in the file at byte
/// `at` (the universe and other packages may be shadowed), no identifier in the block around `at` is spelled so, and no
/// other match of the pass declares it there.
pub fn free_name(
    facts: &Facts<'_>,
    at: usize,
    base: &str,
    reserved: &[Reserved],
    own: &[Reserved],
) -> String {
    let block = block_around(facts, at);
    let is_free = |name: &str| {
        let means_something = matches!(
            facts.scope().visible(name, at),
            Some(Resolution::Declared(_) | Resolution::Import(_))
        );
        let is_reserved = reserved
            .iter()
            .chain(own)
            .any(|r| r.name == name && r.block.start < block.end && block.start < r.block.end);
        // At package level another file may declare it.
        let typing = facts.typing();
        let is_declared_beside = block == facts.parsed.root().byte_range()
            && typing.declares_function(&typing.own_path(), name);
        !means_something
            && !is_reserved
            && !is_declared_beside
            && !is_spelled_in(facts, &block, name)
    };
    std::iter::once(base.to_owned())
        .chain((1..u32::MAX).map(|n| format!("{base}{n}")))
        .find(|name| is_free(name))
        .unwrap_or_else(|| base.to_owned())
}

/// The innermost block, clause or file around byte `at`.
pub fn block_around(facts: &Facts<'_>, at: usize) -> Range<usize> {
    let mut node = facts.parsed.root().descendant_for_byte_range(at, at);
    while let Some(n) = node {
        let is_block = matches!(
            n.kind(),
            "block"
                | "expression_case"
                | "type_case"
                | "default_case"
                | "communication_case"
                | "source_file"
        );
        if is_block {
            return n.byte_range();
        }
        node = n.parent();
    }
    0..facts.parsed.text().len()
}

/// Whether an identifier spelled `name` that is not a field or method stands in `block`.
fn is_spelled_in(facts: &Facts<'_>, block: &Range<usize>, name: &str) -> bool {
    let text = facts.parsed.text();
    memchr::memmem::find_iter(&text.as_bytes()[block.clone()], name).any(|offset| {
        let start = block.start + offset;
        let end = start + name.len();
        facts
            .parsed
            .root()
            .descendant_for_byte_range(start, end)
            .is_some_and(|node| node.byte_range() == (start..end) && is_name(node))
    })
}

fn is_name(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "identifier" | "type_identifier" | "package_identifier"
    )
}
