//! A parsed Go file. In: text. Out: the syntax tree, with positions of that text.
//!
//! gofmt is the judge of what is Go. The grammar rejects some valid files; where the first parse has errors, a copy
//! with those places masked is parsed too, and kept if it has fewer (see `mask`).

use std::{cell::RefCell, ops::Range, sync::Arc};

use tree_sitter::{InputEdit, Node, Parser, Point, Tree};

use super::mask::{Masked, mask};

/// A file's text and its syntax tree. All positions are bytes of `text`; so are the rows and columns of nodes.
#[derive(Debug, Clone)]
pub struct Parsed {
    text: Arc<str>,
    tree: Tree,
}

impl Parsed {
    /// Parses `text`; never fails: what is not Go becomes ERROR and MISSING nodes.
    pub fn new(text: Arc<str>) -> Self {
        let tree = parse(text.as_bytes());
        let tree = if tree.root_node().has_error() {
            fewer_errors(&text, tree)
        } else {
            tree
        };
        Self { text, tree }
    }

    /// Parses only these parts of `text`, in order and without overlaps, as if the rest were blank; all of it where the
    /// parts have errors, which valid Go can have (see `mask`). Positions are those of the whole text.
    pub fn parts(text: Arc<str>, parts: &[Range<usize>]) -> Self {
        let mut behind = (0, Point::default());
        let mut point = |at: usize| {
            let (from, start) = behind;
            let step = point_at(&text.as_bytes()[from..], at - from);
            let column = if step.row == 0 {
                start.column + step.column
            } else {
                step.column
            };
            behind = (at, Point::new(start.row + step.row, column));
            behind.1
        };
        let ranges: Vec<tree_sitter::Range> = parts
            .iter()
            .map(|part| tree_sitter::Range {
                start_byte: part.start,
                end_byte: part.end,
                start_point: point(part.start),
                end_point: point(part.end),
            })
            .collect();
        let tree = parse_ranges(text.as_bytes(), &ranges);
        if tree.root_node().has_error() {
            return Self::new(text);
        }
        Self { text, tree }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that was parsed, shared.
    pub fn text_arc(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The `source_file` node.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The text of a node of this tree.
    pub fn text_of(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Byte ranges of the ERROR and MISSING nodes, in document order. A MISSING terminator has no node of its own;
    /// the end of the node before it stands for it. Empty exactly where the root has no error.
    pub fn errors(&self) -> Vec<Range<usize>> {
        errors(&self.tree)
    }
}

/// The grammar that all queries and trees use.
pub fn language() -> tree_sitter::Language {
    tree_sitter_go::LANGUAGE.into()
}

fn parse(text: &[u8]) -> Tree {
    parse_ranges(text, &[])
}

/// Parses these parts of a text; all of it where there are none.
fn parse_ranges(text: &[u8], ranges: &[tree_sitter::Range]) -> Tree {
    thread_local! {
        static PARSER: RefCell<Parser> = RefCell::new({
            let mut parser = Parser::new();
            parser
                .set_language(&language())
                .expect("the grammar is built for this version of tree-sitter");
            parser
        });
    }
    PARSER.with_borrow_mut(|parser| {
        let are_set = parser.set_included_ranges(ranges);
        debug_assert!(are_set.is_ok(), "parts are in order and without overlaps");
        parser
            .parse(text, None)
            .expect("no time limit and no cancellation is set")
    })
}

/// The tree of the masked copy if it has fewer errors than `tree`, else `tree`.
fn fewer_errors(text: &str, tree: Tree) -> Tree {
    let Some(masked) = mask(text, is_call) else {
        return tree;
    };
    let mut other = parse(&masked.text);
    let cost = |tree: &Tree| {
        let errors = errors(tree);
        (errors.len(), errors.iter().map(Range::len).sum::<usize>())
    };
    if cost(&other) >= cost(&tree) {
        return tree;
    }
    remove_inserted(&mut other, &masked);
    other
}

fn is_call(call: &[u8]) -> bool {
    let mut text = b"package p\nvar _ = ".to_vec();
    text.extend_from_slice(call);
    text.push(b'\n');
    !parse(&text).root_node().has_error()
}

/// Brings the positions of the masked copy's tree back to those of the original.
fn remove_inserted(tree: &mut Tree, masked: &Masked) {
    for &start_byte in masked.inserted.iter().rev() {
        let start_position = point_at(&masked.text, start_byte);
        let old_end_position = point_at(&masked.text, start_byte + 1);
        tree.edit(&InputEdit {
            start_byte,
            old_end_byte: start_byte + 1,
            new_end_byte: start_byte,
            start_position,
            old_end_position,
            new_end_position: start_position,
        });
    }
}

fn point_at(text: &[u8], at: usize) -> Point {
    let before = &text[..at];
    let row = memchr::memchr_iter(b'\n', before).count();
    let column = memchr::memrchr(b'\n', before).map_or(at, |newline| at - newline - 1);
    Point { row, column }
}

fn errors(tree: &Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    let mut descend = tree.root_node().has_error();
    loop {
        let node = cursor.node();
        if descend {
            if node.is_error() || node.is_missing() {
                found.push(node.byte_range());
            } else {
                found.extend(hidden_missing(node));
            }
            if cursor.goto_first_child() {
                descend = cursor.node().has_error();
                continue;
            }
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
        descend = cursor.node().has_error();
    }
}

/// A node that has an error, while no child has: a token without a node is missing in it, which can only be a
/// terminator. It belongs at the end of the first child that the next one follows on its own line.
fn hidden_missing(node: Node<'_>) -> Option<Range<usize>> {
    let mut cursor = node.walk();
    if !node.has_error() || node.children(&mut cursor).any(|child| child.has_error()) {
        return None;
    }
    let children: Vec<_> = node
        .children(&mut cursor)
        .filter(|child| !child.is_extra())
        .collect();
    let at = children
        .windows(2)
        .find(|pair| {
            pair[0].end_position().row == pair[1].start_position().row
                && pair[0].is_named()
                && pair[1].is_named()
        })
        .map(|pair| pair[0].end_byte())
        .or_else(|| children.last().map(Node::end_byte))
        .unwrap_or_else(|| node.end_byte());
    Some(at..at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Parsed {
        Parsed::new(text.into())
    }

    /// The kinds and texts of the first node of `kind` and its named children.
    fn first(parsed: &Parsed, kind: &str) -> Vec<(String, String)> {
        let mut cursor = parsed.root().walk();
        let mut stack = vec![parsed.root()];
        while let Some(node) = stack.pop() {
            if node.kind() == kind {
                return std::iter::once(node)
                    .chain(node.named_children(&mut cursor).collect::<Vec<_>>())
                    .map(|n| (n.kind().to_owned(), parsed.text_of(n).to_owned()))
                    .collect();
            }
            let children: Vec<_> = node.children(&mut cursor).collect();
            stack.extend(children.into_iter().rev());
        }
        Vec::new()
    }

    fn pair(kind: &str, text: &str) -> (String, String) {
        (kind.to_owned(), text.to_owned())
    }

    #[test]
    fn valid_go_that_the_grammar_rejects_has_no_errors() {
        for text in [
            "package p\nvar a = new(1 + 2)\n",
            "package p\nvar a = []*int{new(uint64(f(new(3))))}\n",
            "package p\nfunc f() { make := func(int) int { return 0 }; make(n - 1) }\n",
            "package p\nvar a = make(x...)\n",
            "package p\ntype new struct{}\nvar a = new{}\n",
            "package p\nfunc f() {\nnew:\n\tfor {\n\t\tbreak new\n\t}\n}\n",
            "package p\nfunc f() { if ; x { } ; switch ; { } }\n",
            "package p\nfunc f() {\n_:\n\tL: M: }\n",
            "package p\nconst (a = 1; b = 2)\nvar (c = 3)\n",
            "package p\nvar a = 1 /* b\n*/ var c = 2\n",
            "package p\ntype _ interface{ int | T /* a */ }// b",
            "package p\nvar \u{e33}a = 1\n",
            "\u{feff}package p\n",
            "package p\nvar a, b, c = 0_7, 08i, 00.\n",
        ] {
            assert!(parsed(text).errors().is_empty(), "{text}");
        }
    }

    #[test]
    fn a_masked_call_is_an_ordinary_call_with_the_original_text() {
        let parsed = parsed("package p\nvar a = new(1 + 2)\n");
        assert_eq!(
            first(&parsed, "call_expression"),
            [
                pair("call_expression", "new(1 + 2)"),
                pair("identifier", "new"),
                pair("argument_list", "(1 + 2)")
            ]
        );
        assert!(parsed.text().contains("new(1"));
    }

    #[test]
    fn positions_behind_an_inserted_byte_are_those_of_the_text() {
        let parsed = parsed("package p\nconst (a = 1)\nvar x = 1 /* b\n*/ func f() {}");
        assert!(parsed.errors().is_empty());
        assert_eq!(
            first(&parsed, "function_declaration"),
            [
                pair("function_declaration", "func f() {}"),
                pair("identifier", "f"),
                pair("parameter_list", "()"),
                pair("block", "{}")
            ]
        );
        let function = parsed
            .root()
            .named_child(4)
            .expect("the function is the fifth child");
        assert_eq!(
            (function.kind(), function.start_position()),
            ("function_declaration", Point::new(3, 3))
        );
        assert_eq!(parsed.root().end_byte(), parsed.text().len());
    }

    #[test]
    fn what_is_not_go_has_errors() {
        for text in [
            "package p\nfunc f( {\n",
            "package p\nvar a = new(1 +)\n",
            "package p\nvar a = 1 var b = 2\n",
            "}",
        ] {
            let parsed = parsed(text);
            assert!(!parsed.errors().is_empty(), "{text}");
            assert!(
                parsed.errors().iter().all(|e| e.end <= text.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_missing_terminator_is_where_the_statement_ends() {
        assert_eq!(
            parsed("package p\nvar a = 1 var b = 2\n").errors().first(),
            Some(&(19..19))
        );
    }
}
