//! Finds matches: a parsed file × a rule's query, filtered by its predicates. No I/O, no edits.
//!
//! Tree-sitter finds the shapes; every predicate, its own text predicates included, is evaluated here by the one table in
//! [`predicate`]. Matches come out in document order, each once.

pub mod acquire;
pub mod binding;
pub mod callee;
pub mod channel;
pub mod escape;
pub mod find;
mod hit;
pub mod method_calls;
pub mod object;
pub mod outline;
pub mod package;
pub mod predicate;
pub mod release;
pub mod resources;
mod search;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod typing;

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    path::Path,
    sync::Arc,
};

use crate::go::{
    control,
    imports::{self, Import},
    index::Index,
    scope::Scope,
    syntax::Parsed,
    types::{Memo, Typing},
    version::Version,
};

pub use hit::{Match, NearMiss};
pub use search::{LimitExceeded, matches, matches_in_file, matches_within, may_match};

/// Facts about a file that do not come from its tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContext {
    /// Relative to the root of the file set.
    pub path: Arc<Path>,
    /// The language version the file is compiled with, where it is known.
    pub go: Option<Version>,
    /// Whether the file says that it is generated.
    pub generated: bool,
}

/// What is known about one file, shared by all rules and computed when first asked for.
#[derive(Debug)]
pub struct Facts<'t> {
    /// The text and its tree.
    pub parsed: &'t Parsed,
    /// What does not come from the tree.
    pub file: &'t FileContext,
    imports: OnceCell<Vec<Import>>,
    scope: OnceCell<Scope>,
    index: Option<&'t Index<'t>>,
    types: Memo,
    /// Of functions of the file, by node: whether they never return.
    endings: RefCell<HashMap<usize, Option<bool>>>,
    /// How many functions are being looked into for that.
    depth: Cell<usize>,
}

impl<'t> Facts<'t> {
    /// Nothing is computed yet.
    pub fn new(parsed: &'t Parsed, file: &'t FileContext) -> Self {
        Self {
            parsed,
            file,
            imports: OnceCell::new(),
            scope: OnceCell::new(),
            index: None,
            types: Memo::default(),
            endings: RefCell::default(),
            depth: Cell::default(),
        }
    }

    /// The same, with the packages of the file set to look names up in.
    #[must_use]
    pub fn with_index(self, index: &'t Index<'t>) -> Self {
        Self {
            index: Some(index),
            ..self
        }
    }

    /// The types of the file's expressions.
    pub fn typing(&self) -> Typing<'_> {
        Typing::new(
            self.parsed,
            self.scope(),
            &self.file.path,
            self.index,
            &self.types,
        )
    }

    /// The imports of the file, in document order.
    pub fn imports(&self) -> &[Import] {
        self.imports.get_or_init(|| imports::imports(self.parsed))
    }

    /// Whether another file of the package declares a name at package level, as far as its files are known.
    pub fn package_declares(&self, name: &str) -> bool {
        self.index.is_some() && self.typing().package_declares(name)
    }

    /// The name in the package clause.
    pub fn package_name(&self) -> Option<&str> {
        let root = self.parsed.root();
        let mut cursor = root.walk();
        let clause = root
            .named_children(&mut cursor)
            .find(|n| n.kind() == "package_clause")?;
        let mut cursor = clause.walk();
        clause
            .named_children(&mut cursor)
            .find(|n| n.kind() == "package_identifier")
            .map(|name| self.parsed.text_of(name))
    }

    /// What each identifier of the file means.
    pub fn scope(&self) -> &Scope {
        self.scope.get_or_init(|| {
            let mut scope = Scope::of(self.parsed);
            if self.index.is_some() {
                let keys = self.keys(&scope);
                scope.settle_keys(self.parsed.text(), &keys);
            }
            scope
        })
    }

    /// The keys of composite literals that the file alone leaves open, and whether they are names of fields.
    fn keys(&self, scope: &Scope) -> Vec<(usize, bool)> {
        let mut open = scope.open_keys(self.parsed.text()).peekable();
        if open.peek().is_none() {
            return Vec::new();
        }
        // What is worked out before the keys are settled is not kept.
        let memo = Memo::default();
        let typing = Typing::new(self.parsed, scope, &self.file.path, self.index, &memo);
        let root = self.parsed.root();
        open.filter_map(|start| {
            let key = root.descendant_for_byte_range(start, start)?;
            let braces = control::ancestors(key).find(|a| a.kind() == "literal_value")?;
            Some((start, typing.has_field_keys(braces)?))
        })
        .collect()
    }
}
