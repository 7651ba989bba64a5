//! A parsed Go file. In: text. Out: the syntax tree, with positions of that text.

use std::{ops::Range, sync::Arc};

use tree_sitter::{Node, Parser, Tree};

/// A file's text and its syntax tree. All positions are bytes of `text`.
#[derive(Debug, Clone)]
pub struct Parsed {
    text: Arc<str>,
    tree: Tree,
}

impl Parsed {
    /// Parses `text`; never fails: what is not Go becomes ERROR and MISSING nodes.
    pub fn new(text: Arc<str>) -> Self {
        let mut parser = Parser::new();
        parser
            .set_language(&language())
            .expect("the grammar is built for this version of tree-sitter");
        let tree = parser
            .parse(text.as_bytes(), None)
            .expect("no time limit and no cancellation is set");
        Self { text, tree }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The `source_file` node.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The text of a node of this tree.
    pub fn text_of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }

    /// Byte ranges of the ERROR and MISSING nodes, in document order.
    pub fn errors(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if !self.root().has_error() {
            return found;
        }
        let mut cursor = self.tree.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                found.push(node.byte_range());
            }
            if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
            }
        }
    }
}

/// The grammar that all queries and trees use.
pub fn language() -> tree_sitter::Language {
    tree_sitter_go::LANGUAGE.into()
}
