//! Which declaration each identifier of a file means, by Go's rules (<https://go.dev/ref/spec#Declarations_and_scope>).
//!
//! In: a syntax tree, broken or not. Out: a table of the file's declarations and of every name in it. It is built in
//! one walk and has no tie to the tree; positions are bytes of the text.
//!
//! One file is looked at. What another file of the package declares, or a dot import brings, is
//! [`Resolution::Unresolved`]. Fields, methods and names of other packages are [`Resolution::Member`]: they need
//! types, which are not scope's affair.

mod bind;
mod kinds;
mod literal;
mod names;
mod walk;

#[cfg(test)]
mod tests;

use std::{cmp::Reverse, collections::HashMap, ops::Range};

use tree_sitter::Node;

use super::{
    imports::{Alias, Import},
    syntax::Parsed,
};

/// A declaration of the file: an index into [`Scope::declarations`], in the order in which they are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeclId(u32);

impl DeclId {
    /// The index into [`Scope::declarations`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// An object that this file declares.
    Declared(DeclId),
    /// The package of an import of this file: an index into [`Scope::imports`].
    Import(usize),
    /// A predeclared name, such as `len`, `error` or `nil`, that this file does not declare; another file of the
    /// package may.
    Universe,
    /// Nothing that this file declares: an object of another file of the package, or of a dot import.
    Unresolved,
    /// A field, a method, or a name selected from a package or a value.
    Member,
    /// The blank identifier.
    Blank,
    /// The key of a composite literal whose type this file does not show: a field, or else what [`Scope::visible`]
    /// says. Also what is no identifier.
    Unknown,
}

/// How an object is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `var`, `:=`, or a received value.
    Var,
    /// `const`.
    Const,
    /// `type`, an alias included.
    Type,
    /// `func` at package level. Methods are members, not declarations of scope.
    Func,
    /// A parameter.
    Param,
    /// A named result.
    Result,
    /// A receiver.
    Receiver,
    /// A type parameter, also that of a receiver.
    TypeParam,
    /// A label.
    Label,
    /// The symbol of a type switch. Each clause has a variable of its own; all share the identifier, which itself
    /// is one more declaration, visible nowhere.
    TypeSwitchVar,
    /// `:=` with `range`.
    RangeVar,
}

/// A declared object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The name; never `_`.
    pub name: String,
    /// Bytes of the identifier that declares it.
    pub range: Range<usize>,
    /// How it is declared.
    pub kind: Kind,
    /// Where the name means this object, unless an inner block declares it again. Empty for parameters of function
    /// types, which can be named nowhere. The whole file at package level.
    pub scope: Range<usize>,
    /// Bytes of the nearest enclosing function declaration or literal; of the function itself for its parameters,
    /// results and type parameters. `None` at package level.
    pub owner: Option<Range<usize>>,
}

/// One name in the text.
#[derive(Debug, Clone)]
struct Name {
    range: Range<usize>,
    resolution: Resolution,
}

/// The declarations and names of one file.
#[derive(Debug, Clone)]
pub struct Scope {
    /// In document order, without overlaps.
    names: Vec<Name>,
    declarations: Vec<Declaration>,
    /// Uses of all declarations, grouped by declaration, each group in document order.
    uses: Vec<Range<usize>>,
    /// Where each declaration's group starts in `uses`; one more at the end.
    uses_from: Vec<usize>,
    by_name: HashMap<String, Vec<DeclId>>,
    imports: Vec<Import>,
    /// The name of each import, parallel to `imports`.
    import_names: Vec<Option<String>>,
    /// Uses of each import, parallel to `imports`.
    import_uses: Vec<Vec<Range<usize>>>,
}

impl Scope {
    /// Resolves every name of a file.
    pub fn of(parsed: &Parsed) -> Self {
        bind::finish(parsed, walk::walk(parsed))
    }

    /// What an identifier of the file means. Any node of a tree of the same text will do; only its start counts.
    pub fn resolve(&self, node: Node<'_>) -> Resolution {
        self.resolve_at(node.start_byte())
    }

    /// What the identifier that starts at this byte means.
    pub fn resolve_at(&self, start: usize) -> Resolution {
        self.names
            .binary_search_by_key(&start, |name| name.range.start)
            .map_or(Resolution::Unknown, |index| self.names[index].resolution)
    }

    /// All names of the file with what they mean, in document order: declarations and uses, fields and labels.
    pub fn names(&self) -> impl Iterator<Item = (Range<usize>, Resolution)> {
        self.names
            .iter()
            .map(|name| (name.range.clone(), name.resolution))
    }

    /// Names that this file declares or imports, or that are predeclared, where they are keys of composite literals whose
    /// types it does not show: the start of each, in document order.
    pub fn open_keys<'s>(&'s self, text: &'s str) -> impl Iterator<Item = usize> + 's {
        let open = self.names.iter().filter(|name| {
            let is_open = name.resolution == Resolution::Unknown;
            is_open
                && self
                    .visible(&text[name.range.clone()], name.range.start)
                    .is_some()
        });
        open.map(|name| name.range.start)
    }

    /// Says of keys of composite literals, by their starts in document order, whether they are names of fields; else they
    /// are expressions.
    pub fn settle_keys(&mut self, text: &str, keys: &[(usize, bool)]) {
        let mut added: Vec<(DeclId, Range<usize>)> = Vec::new();
        for &(start, is_field) in keys {
            let Ok(index) = self
                .names
                .binary_search_by_key(&start, |name| name.range.start)
            else {
                continue;
            };
            let range = self.names[index].range.clone();
            let meaning = match self.visible(&text[range.clone()], start) {
                _ if is_field => Resolution::Member,
                // A package is no expression.
                None | Some(Resolution::Import(_)) => Resolution::Unresolved,
                Some(meaning) => meaning,
            };
            if let Resolution::Declared(id) = meaning {
                added.push((id, range));
            }
            self.names[index].resolution = meaning;
        }
        if !added.is_empty() {
            self.add_uses(added);
        }
    }

    /// Puts uses in their places among the others.
    fn add_uses(&mut self, added: Vec<(DeclId, Range<usize>)>) {
        let mut groups: Vec<Vec<Range<usize>>> = (0..self.declarations.len())
            .map(|index| self.uses[self.uses_from[index]..self.uses_from[index + 1]].to_vec())
            .collect();
        for (id, range) in added {
            let group = &mut groups[id.index()];
            let at = group.partition_point(|used| used.start < range.start);
            group.insert(at, range);
        }
        self.uses.clear();
        self.uses_from = vec![0];
        for mut group in groups {
            self.uses.append(&mut group);
            self.uses_from.push(self.uses.len());
        }
    }

    /// All declarations; the index of each is its [`DeclId`].
    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    /// One declaration.
    pub fn declaration(&self, id: DeclId) -> &Declaration {
        &self.declarations[id.index()]
    }

    /// All identifiers that mean this object, assignments and redeclarations by `:=` included, the declaring one
    /// not. In document order.
    pub fn uses(&self, id: DeclId) -> &[Range<usize>] {
        &self.uses[self.uses_from[id.index()]..self.uses_from[id.index() + 1]]
    }

    /// What an identifier `name` would mean at this byte; `None` if the file gives it no meaning. Labels, fields and
    /// methods are not looked at: they have spaces of their own.
    pub fn visible(&self, name: &str, at: usize) -> Option<Resolution> {
        let declared = self.by_name.get(name).into_iter().flatten().copied();
        declared
            .filter(|id| {
                let Declaration { kind, scope, .. } = self.declaration(*id);
                // What is visible from the first byte on is at package level, so at the end of the file too.
                *kind != Kind::Label
                    && (scope.contains(&at) || (scope.start == 0 && !scope.is_empty()))
            })
            // Blocks nest, so the innermost is the one that starts last.
            .max_by_key(|id| (self.declaration(*id).scope.start, Reverse(*id)))
            .map(Resolution::Declared)
            .or_else(|| self.import_named(name).map(Resolution::Import))
            .or_else(|| is_predeclared(name).then_some(Resolution::Universe))
    }

    /// The imports of the file, in document order.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// The name by which the file knows an import; `None` for dot and blank imports. Where the spec gives no name, it
    /// is the first candidate of the path that the file uses as a package, or the likeliest where it uses none.
    pub fn import_name(&self, index: usize) -> Option<&str> {
        self.import_names.get(index)?.as_deref()
    }

    /// The import that is known by this name where nothing shadows it.
    pub fn import_named(&self, name: &str) -> Option<usize> {
        self.import_names
            .iter()
            .position(|known| known.as_deref() == Some(name))
    }

    /// The identifiers that mean an import, shadowed ones not among them, in document order. Always empty for dot and
    /// blank imports, whose use does not show.
    pub fn import_uses(&self, index: usize) -> &[Range<usize>] {
        self.import_uses.get(index).map_or(&[], Vec::as_slice)
    }

    /// The imports whose names nothing in the file uses; dot and blank imports and cgo's `C` are never among them.
    pub fn unused_imports(&self) -> impl Iterator<Item = usize> {
        (0..self.imports.len()).filter(|&index| {
            let import = &self.imports[index];
            self.import_uses(index).is_empty()
                && !matches!(import.alias, Alias::Dot | Alias::Blank)
                && import.path != "C"
        })
    }
}

/// The names of the universe block (<https://go.dev/ref/spec#Predeclared_identifiers>), sorted.
const PREDECLARED: [&str; 44] = [
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "complex128",
    "complex64",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// Whether the universe block declares this name.
pub fn is_predeclared(name: &str) -> bool {
    PREDECLARED.binary_search(&name).is_ok()
}
