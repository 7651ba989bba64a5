//! Families of node kinds of the grammar, and the walks over a tree that need nothing else.

use std::ops::Range;

use tree_sitter::Node;

/// Whether nodes of this kind are expressions (`_expression` of the grammar), so that parentheses around them are legal.
pub fn is_expression(kind: &str) -> bool {
    matches!(
        kind,
        "binary_expression"
            | "call_expression"
            | "composite_literal"
            | "false"
            | "float_literal"
            | "func_literal"
            | "identifier"
            | "imaginary_literal"
            | "index_expression"
            | "int_literal"
            | "interpreted_string_literal"
            | "iota"
            | "nil"
            | "parenthesized_expression"
            | "raw_string_literal"
            | "rune_literal"
            | "selector_expression"
            | "slice_expression"
            | "true"
            | "type_assertion_expression"
            | "type_conversion_expression"
            | "type_instantiation_expression"
            | "unary_expression"
    )
}

/// Whether the grammar tells the two kinds apart only by where a node stands: a name is an `identifier`, a
/// `type_identifier` or a `package_identifier`; `a.b` a selector or a qualified type; `T(x)` a call or a conversion.
pub fn same_family(a: &str, b: &str) -> bool {
    const FAMILIES: [&[&str]; 4] = [
        &[
            "identifier",
            "type_identifier",
            "package_identifier",
            "field_identifier",
            "blank_identifier",
        ],
        &["selector_expression", "qualified_type"],
        &["call_expression", "type_conversion_expression"],
        &[
            "index_expression",
            "generic_type",
            "type_instantiation_expression",
        ],
    ];
    a == b
        || FAMILIES
            .iter()
            .any(|family| family.contains(&a) && family.contains(&b))
}

/// Byte ranges of the comments that lie at least partly in `range`, in document order.
pub fn comments_in(root: Node<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "comment"
            && node.start_byte() < range.end
            && range.start < node.end_byte()
        {
            found.push(node.byte_range());
        }
        let may_hold_some = node.start_byte() < range.end && range.start < node.end_byte();
        if may_hold_some && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
