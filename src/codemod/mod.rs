//! Codemods as loaded and checked values. In: TOML texts (embedded or a user's). Out: [`Codemod`]s that cannot name a
//! capture, parameter or import they do not have, so that rendering cannot fail; or all problems of a file at once.

pub mod catalogue;
pub mod lint;
pub mod load;
pub mod marked;
pub mod places;
pub mod problem;
pub mod query;
pub mod selection;
pub mod source;

mod captures;
mod checked_query;
pub(crate) mod document;
mod edits;
mod finds;
pub mod pattern;
mod predicates;
pub mod reach;
mod resources;
mod rules;
mod scope;
mod settle;
mod shape;
mod template;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

pub use load::{load_pattern, load_query, load_text};
use reach::Reach;

use crate::{
    finding::Applicability,
    go::{types::Type, version::Requirement},
    matcher::{
        package::PackageScope,
        predicate::Predicate,
        resources::{Resources, shipped},
    },
};

/// Where a codemod's text came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Shipped in the binary; the path below `codemods/`.
    Embedded(PathBuf),
    /// A user's file.
    File(PathBuf),
}

/// One codemod file, loaded and checked, its parameters filled in.
#[derive(Debug)]
pub struct Codemod {
    /// `group/name`.
    pub id: Arc<str>,
    /// Where it came from.
    pub origin: Origin,
    /// One line: what it does.
    pub summary: String,
    /// Markdown: why it matters, what changes, when code is left alone.
    pub description: String,
    /// Words to select by.
    pub tags: Vec<String>,
    /// The most that any rule may claim.
    pub applicability: Applicability,
    /// The language versions it is for; `None` for all.
    pub go: Option<Requirement>,
    /// Findings of other tools that it cures, `tool/check`.
    pub fixes: Vec<String>,
    /// Links.
    pub references: Vec<String>,
    /// Packages that templates name: package name → import path.
    pub imports: BTreeMap<String, String>,
    /// Values a user may set, with those in force.
    pub params: BTreeMap<String, Param>,
    /// At least one.
    pub rules: Vec<Rule>,
}

/// A value that a user may set with `--set ID.PARAM=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Used where the user sets none; `None` makes the parameter required.
    pub default: Option<String>,
    /// The value in force.
    pub value: Option<String>,
    /// One line for `gomend show`.
    pub help: String,
}

/// What to find and what to write there.
///
/// Of the rules of one codemod that match the very same code only the first reports and edits, in the order of the file:
/// a rule behind another one says what holds where the guards of that one fail.
#[derive(Debug)]
pub struct Rule {
    /// Unique within the codemod.
    pub name: Arc<str>,
    /// Shown for each finding.
    pub message: Template,
    /// At most that of the codemod.
    pub applicability: Applicability,
    /// At most one match per file; so too where the query has a scope.
    pub once: bool,
    /// What to find.
    pub query: RuleQuery,
    /// Names that must be free where the match stands: template name → base name.
    pub fresh: Vec<Fresh>,
    /// Applied together or not at all.
    pub edits: Vec<Edit>,
    /// Rewrites inside captured regions, as part of the same match.
    pub within: Vec<Within>,
}

/// A tree-sitter query and gomend's predicates over it.
#[derive(Debug)]
pub struct RuleQuery {
    /// The query as the author wrote it, or as his pattern was compiled.
    pub text: String,
    /// `text` with each predicate blanked by spaces, so positions agree; what is compiled.
    blanked: String,
    /// Filled on first need: compiling costs milliseconds, and most runs need few of the shipped queries.
    compiled: OnceLock<tree_sitter::Query>,
    /// Filled on first need.
    reach: OnceLock<Reach>,
    /// Names of the captures, by their index in [`RuleQuery::compiled`].
    pub captures: Vec<Arc<str>>,
    /// The predicates of each top-level pattern, by `pattern_index`.
    pub predicates: Vec<Vec<Predicate>>,
    /// The table of resources with what the codemod adds to it; `None` where it adds nothing.
    resources: Option<Arc<Resources>>,
    /// Expressions that must be usable where a match stands; for a rule's own query only.
    pub find: Vec<Find>,
    /// The one file of each package to match in, once; for a rule's own query only.
    pub scope: Option<PackageScope>,
}

impl RuleQuery {
    /// The resources that its predicates know.
    pub fn resources(&self) -> &Resources {
        self.resources.as_deref().unwrap_or_else(|| shipped())
    }

    /// The query without its predicates, compiled on the first call.
    ///
    /// # Panics
    /// Never: a user's query is compiled when it is loaded, a shipped one by the tests.
    pub fn compiled(&self) -> &tree_sitter::Query {
        self.compiled.get_or_init(|| {
            tree_sitter::Query::new(&crate::go::syntax::language(), &self.blanked)
                .expect("a user's query is compiled when it is loaded, a shipped one by the tests")
        })
    }

    /// Where its matches can begin.
    pub fn reach(&self) -> &Reach {
        self.reach
            .get_or_init(|| Reach::of(&self.text, &self.captures, &self.predicates))
    }

    /// Whether a match is judged by the imports and the top-level declaration around it alone.
    pub fn is_local(&self) -> bool {
        let mut predicates = self.predicates.iter().flatten();
        predicates.all(|predicate| predicate.kind.is_local())
            && self.find.is_empty()
            && self.scope.is_none()
    }

    /// The index of a capture by name.
    pub fn capture_index(&self, name: &str) -> Option<u32> {
        let index = self.captures.iter().position(|c| &**c == name)?;
        u32::try_from(index).ok()
    }
}

/// A name to be made unique where the match stands.
#[derive(Debug)]
pub struct Fresh {
    /// What templates call it.
    pub name: Arc<str>,
    /// The name to try first.
    pub base: Template,
}

/// A name for an expression that is usable where a match stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// What templates call it.
    pub name: Arc<str>,
    /// Its type, any of these: as written and as read.
    pub types: Vec<(String, Type)>,
}

impl Find {
    /// As a rule has it.
    pub fn show(&self) -> String {
        let types: Vec<String> = self
            .types
            .iter()
            .map(|(text, _)| format!("{text:?}"))
            .collect();
        match &types[..] {
            [one] => format!("find = {{ {} = {one} }}", self.name),
            many => format!("find = {{ {} = [{}] }}", self.name, many.join(", ")),
        }
    }
}

/// A query whose matches inside a captured region are rewritten with the outer match.
#[derive(Debug)]
pub struct Within {
    /// The capture of the rule to look in.
    pub capture: Arc<str>,
    /// What to find there; its captures and those of the rule have different names.
    pub query: RuleQuery,
    /// What to write there.
    pub edits: Vec<Edit>,
}

/// One edit of a match.
#[derive(Debug)]
pub struct Edit {
    /// Skipped where this capture matched nothing.
    pub condition: Option<Arc<str>>,
    /// What it does.
    pub action: Action,
}

/// What an edit does; targets and anchors are capture names.
#[derive(Debug)]
pub enum Action {
    /// The node's text becomes the template's.
    Replace {
        /// The capture.
        target: Arc<str>,
        /// Its new text.
        with: Template,
    },
    /// The node goes, with its separator, its line if nothing else is on it, and a comment that belongs to it.
    Delete {
        /// The capture.
        target: Arc<str>,
    },
    /// A statement, declaration or list element of its own.
    Insert {
        /// Where, seen from the anchor.
        place: Place,
        /// The capture.
        anchor: Arc<str>,
        /// What.
        text: Template,
    },
    /// The node, with its comments, goes elsewhere.
    Move {
        /// The capture that moves.
        target: Arc<str>,
        /// Where, seen from the anchor.
        place: Place,
        /// The capture it goes to.
        anchor: Arc<str>,
    },
}

/// Where inserted text lands, seen from its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Beside it, in front.
    Before,
    /// Beside it, behind.
    After,
    /// First inside its body or list.
    StartOf,
    /// Last inside its body or list.
    EndOf,
}

/// Text with holes, parameters already filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// In order.
    pub parts: Vec<Part>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// The text of a capture (of the rule, or of the `within` query).
    Capture(Arc<str>),
    /// A name from `fresh`.
    Fresh(Arc<str>),
    /// The expression that `find` found.
    Found(Arc<str>),
    /// The local name in this file of a package of `[imports]`, by package name.
    Import(Arc<str>),
}
