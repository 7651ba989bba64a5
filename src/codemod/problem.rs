//! The kinds of problems that loading finds, and the list they are collected in, so that a file's problems are all
//! reported at once. Each kind has a case in `tests/diagnostics`.

use std::{ops::Range, path::Path, sync::Arc};

use crate::diagnostic::{Diagnostic, Source};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal,)*) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The short name shown in brackets; stable.
            pub const fn code(self) -> &'static str {
                match self { $(Kind::$kind => $code,)* }
            }
        }
    };
}

kinds! {
    /// The file cannot be read.
    Unreadable = "unreadable",
    /// The file is not UTF-8.
    NotUtf8 = "not-utf8",
    /// The file is not TOML.
    Toml = "toml",
    /// The path gives no `group/name`.
    BadId = "bad-id",
    /// Two files have one id.
    DuplicateId = "duplicate-id",
    /// No codemod has this id, tag or path, or matches this glob.
    UnknownCodemod = "unknown-codemod",
    /// A `--set` that cannot be read, or names a parameter that is not there.
    BadSetting = "bad-setting",
    /// A key that the format does not have.
    UnknownKey = "unknown-key",
    /// A key of the format that this version cannot use yet.
    UnsupportedKey = "unsupported-key",
    /// A key that must be there.
    MissingKey = "missing-key",
    /// A value of the wrong TOML type.
    WrongType = "wrong-type",
    /// A text that must not be empty, or a summary of several lines.
    BadText = "bad-text",
    /// Neither `safe`, `unsafe` nor `display`.
    BadApplicability = "bad-applicability",
    /// A rule claims more than its codemod.
    RaisedApplicability = "raised-applicability",
    /// Not a requirement on the language version.
    BadVersion = "bad-version",
    /// A tag, `fixes` entry or reference that is malformed.
    BadEntry = "bad-entry",
    /// A malformed package name or import path.
    BadImport = "bad-import",
    /// A malformed parameter name.
    BadParam = "bad-param",
    /// A parameter without a default that nobody set.
    UnsetParam = "unset-param",
    /// A malformed rule name or fresh name.
    BadName = "bad-name",
    /// Two rules have one name, or a template name means two things.
    DuplicateName = "duplicate-name",
    /// The query is not an S-expression.
    QuerySyntax = "query-syntax",
    /// A pattern that is not Go, or a `where` that is no predicate.
    PatternSyntax = "pattern-syntax",
    /// A metavariable where no query can ask for it.
    PatternVariable = "pattern-variable",
    /// A `query` and a `pattern`, or a `where` without a pattern.
    QueryAndPattern = "query-and-pattern",
    /// A node kind that the grammar does not have.
    UnknownNode = "unknown-node",
    /// A field that the grammar does not have.
    UnknownField = "unknown-field",
    /// A pattern that no tree can match.
    ImpossiblePattern = "impossible-pattern",
    /// A predicate outside of any pattern.
    StrayPredicate = "stray-predicate",
    /// A predicate that does not exist.
    UnknownPredicate = "unknown-predicate",
    /// Too few or too many arguments.
    ArgumentCount = "argument-count",
    /// A string where a capture belongs, or the other way round.
    ArgumentType = "argument-type",
    /// A regular expression that does not compile.
    BadRegex = "bad-regex",
    /// A capture name with characters that templates cannot read.
    CaptureName = "capture-name",
    /// A capture that the query does not define.
    UnknownCapture = "unknown-capture",
    /// A capture used twice in one branch.
    CapturedTwice = "captured-twice",
    /// A capture that means different things in different branches.
    MixedCapture = "mixed-capture",
    /// A capture for predicates only, used by an edit or a template.
    PrivateCapture = "private-capture",
    /// A capture of `within` that its rule has too.
    CollidingCapture = "colliding-capture",
    /// A capture that may be unmatched where it is needed.
    UnmatchedCapture = "unmatched-capture",
    /// A template that is not well formed.
    TemplateSyntax = "template-syntax",
    /// A name in a template that nothing defines.
    UnknownName = "unknown-name",
    /// An edit that does nothing or two things, or lacks its companion.
    BadEdit = "bad-edit",
    /// A rule that neither edits nor only displays.
    NoEdit = "no-edit",
    /// A template that can never parse where it is put.
    TemplateShape = "template-shape",
    /// A rule whose result its own query matches again.
    NeverSettles = "never-settles",
}

/// The problems of one file.
pub(crate) struct Problems {
    source: Source,
    list: Vec<Diagnostic>,
}

impl Problems {
    /// None yet, for the file `path` with this text.
    pub(crate) fn new(path: &Path, text: &str) -> Self {
        let source = Source {
            path: Arc::from(path),
            text: Arc::from(text),
        };
        Self {
            source,
            list: Vec::new(),
        }
    }

    /// Adds one at `span` (bytes of the file); label and help are chained to it.
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        span: Range<usize>,
        title: impl Into<String>,
    ) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::error(self.source.clone(), span, title);
        diagnostic.code = kind.code();
        self.list.push(diagnostic);
        self.list.last_mut().expect("one was just added")
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The file's text.
    pub(crate) fn text(&self) -> Arc<str> {
        Arc::clone(&self.source.text)
    }

    /// All of them, in the order of the file.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by_key(|problem| (problem.span.start, problem.span.end));
        self.list
    }
}

/// A problem that lies in no file's text.
pub(crate) fn without_place(kind: Kind, title: impl Into<String>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error_without_place(title);
    diagnostic.code = kind.code();
    diagnostic
}
