//! Imports that edits need and imports that edits leave unused.
//!
//! An import is added in the group of its kind (standard library or not), sorted; gofmt settles ties. One that was used
//! before and is not used any more is removed. cgo's `import "C"` and its preamble are never touched.

mod add;
mod remove;

pub use add::additions;
pub use remove::removals;
use tree_sitter::Node;

use crate::{
    go::{
        imports::{Alias, candidate_names},
        scope::Resolution,
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
