//! What names of packages mean: the file's own package, the packages of the file set, the standard library.

use std::{collections::HashMap, sync::Arc};

use super::{
    Signature, Type, TypeParam,
    constants::integer,
    generics::substitute,
    parse::{self, Names},
    stdlib,
};
use crate::go::{
    imports::{Alias, Import, local_names},
    index::{
        Index,
        package::{Entry, Package},
        scan::{Declared, Unit},
    },
};

/// How many aliases may lead to one another.
const DEPTH: usize = 32;

/// The packages that a file can see.
#[derive(Debug, Clone)]
pub struct World<'a> {
    /// The packages of the file set.
    pub index: Option<&'a Index<'a>>,
    /// The file's folder.
    pub folder: String,
    /// The file's own package.
    pub own: Arc<Package>,
}

impl World<'_> {
    /// The package at an import path; `None` where nothing is known of it.
    pub fn package(&self, path: &str) -> Option<Arc<Package>> {
        if path == &*self.own.path {
            return Some(Arc::clone(&self.own));
        }
        self.index
            .and_then(|index| index.imported(path, &self.folder))
            .or_else(|| stdlib::package(path))
    }

    /// The type `name` of the package at `path`. Where the package is not known, the name is taken at its word.
    pub fn named(&self, path: &str, name: &str, args: Vec<Type>, depth: usize) -> Type {
        match path {
            "C" => Type::Unknown,
            "unsafe" => Type::predeclared(&format!("unsafe.{name}")).unwrap_or(Type::Unknown),
            _ => match self.package(path) {
                Some(package) => self.declared_type(&package, name, args, depth),
                None => Type::named(path, name, args),
            },
        }
    }

    /// The type that a package declares by this name, aliases followed.
    pub fn declared_type(
        &self,
        package: &Arc<Package>,
        name: &str,
        args: Vec<Type>,
        depth: usize,
    ) -> Type {
        let mut aliases = Vec::new();
        let mut is_declared = false;
        for &entry in package.declared(name) {
            match package.declaration(entry).2 {
                Declared::Type { alias: true, .. } if depth < DEPTH => {
                    aliases.push(self.right_side(package, entry, &args, depth + 1));
                }
                Declared::Type { alias: false, .. } => is_declared = true,
                _ => {}
            }
        }
        if is_declared {
            aliases.push(Type::named(&package.path, name, args));
        }
        only(aliases)
    }

    /// What stands on the right of a type's declaration, for these type arguments.
    pub fn right_side(
        &self,
        package: &Arc<Package>,
        entry: Entry,
        args: &[Type],
        depth: usize,
    ) -> Type {
        let (unit, _, declared) = package.declaration(entry);
        let Declared::Type { params, of, .. } = declared else {
            return Type::Unknown;
        };
        let params = params.as_ref().map_or_else(Vec::new, |part| {
            parse::type_param_names(&unit.text, part.start, part.end, unit.paths)
        });
        if args.len() > params.len() {
            return Type::Unknown;
        }
        let names = self.names_in(package, entry.unit, &params, depth);
        let found = parse::type_at(&unit.text, of.start, unit.paths, &names).0;
        if args.is_empty() {
            return found;
        }
        substitute(&found, &bindings(&params, args))
    }

    /// The signature of a function or a method; for a method, with the receiver's type arguments put in.
    pub fn signature(&self, package: &Arc<Package>, entry: Entry, args: &[Type]) -> Signature {
        let (unit, _, declared) = package.declaration(entry);
        let (part, params) = match declared {
            Declared::Func(part) => {
                let named = match unit.text[part.clone()].strip_prefix('[') {
                    Some(_) => {
                        parse::type_param_names(&unit.text, part.start + 1, part.end, unit.paths)
                    }
                    None => Vec::new(),
                };
                (part, named)
            }
            Declared::Method {
                signature, params, ..
            } => (signature, params.clone()),
            _ => return Signature::default(),
        };
        let names = self.names_in(package, entry.unit, &params, 0);
        let signature = parse::signature_at(&unit.text, part.start, unit.paths, &names);
        if args.is_empty() {
            return signature;
        }
        match substitute(&Type::Func(Arc::new(signature)), &bindings(&params, args)) {
            Type::Func(signature) => (*signature).clone(),
            _ => Signature::default(),
        }
    }

    /// A type in the text of one of a package's files.
    pub fn type_in(&self, package: &Arc<Package>, unit: usize, at: usize) -> Type {
        let names = self.names_in(package, unit, &[], 0);
        let unit = &package.units[unit].1;
        parse::type_at(&unit.text, at, unit.paths, &names).0
    }

    fn names_in<'w>(
        &'w self,
        package: &'w Arc<Package>,
        unit: usize,
        params: &'w [String],
        depth: usize,
    ) -> UnitNames<'w> {
        UnitNames {
            world: self,
            package,
            unit: &package.units[unit].1,
            params,
            depth,
        }
    }

    /// The import path that a name means in a file.
    fn import_path(&self, unit: &Unit, name: &str) -> Option<Arc<str>> {
        let explicit = unit
            .imports
            .iter()
            .find(|import| import.name.as_deref() == Some(name));
        let unnamed = || unit.imports.iter().filter(|import| import.name.is_none());
        let by_package = || {
            unnamed().find(|import| self.package(&import.path).is_some_and(|p| p.name() == name))
        };
        let by_custom = || {
            unnamed().find(|import| {
                self.package(&import.path).is_none()
                    && local_names(&Import {
                        path: import.path.to_string(),
                        alias: Alias::None,
                        range: 0..0,
                    })
                    .iter()
                    .any(|n| n == name)
            })
        };
        explicit
            .or_else(by_package)
            .or_else(by_custom)
            .map(|import| Arc::clone(&import.path))
    }
}

/// The one type that all are; unknown where they differ or where there is none.
pub fn only(types: Vec<Type>) -> Type {
    let mut types = types.into_iter();
    match types.next() {
        Some(first) if types.all(|other| other == first) => first,
        _ => Type::Unknown,
    }
}

/// Type parameters by name with their arguments.
fn bindings(params: &[String], args: &[Type]) -> HashMap<Arc<str>, Type> {
    params
        .iter()
        .map(|name| name.as_str().into())
        .zip(args.iter().cloned())
        .collect()
}

/// Names in the text of a package's file.
struct UnitNames<'w> {
    world: &'w World<'w>,
    package: &'w Arc<Package>,
    unit: &'w Unit,
    params: &'w [String],
    depth: usize,
}

impl Names for UnitNames<'_> {
    fn plain(&self, _: usize, name: &str, args: Vec<Type>) -> Type {
        if self.params.iter().any(|param| param == name) {
            return Type::TypeParam(Arc::new(TypeParam {
                name: name.into(),
                constraint: Type::Unknown,
            }));
        }
        if !self.package.declared(name).is_empty() {
            return self
                .world
                .declared_type(self.package, name, args, self.depth);
        }
        self.world.beyond(self.unit, name, args, self.depth)
    }

    fn constant(&self, _: usize, package: Option<&str>, name: &str) -> Option<i128> {
        if self.unit.paths {
            return None;
        }
        self.world
            .constant(self.package, self.unit, package, name, self.depth)
    }

    fn qualified(&self, _: usize, package: &str, name: &str, args: Vec<Type>) -> Type {
        if self.unit.paths {
            return self.world.named(package, name, args, self.depth);
        }
        match self.world.import_path(self.unit, package) {
            Some(path) => self.world.named(&path, name, args, self.depth),
            None => Type::Unknown,
        }
    }
}

impl World<'_> {
    /// The value of an integer constant that a file of a package names; `None` where variants by build tags differ.
    pub fn constant(
        &self,
        package: &Arc<Package>,
        unit: &Unit,
        qualifier: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Option<i128> {
        if depth >= DEPTH {
            return None;
        }
        let other = match qualifier {
            Some(qualifier) => Some(self.package(&self.import_path(unit, qualifier)?)?),
            None => None,
        };
        let package = other.as_ref().unwrap_or(package);
        let values: Option<Vec<i128>> = package
            .declared(name)
            .iter()
            .map(|&entry| {
                let (unit, _, declared) = package.declaration(entry);
                let Declared::Const {
                    value: Some(value), ..
                } = declared
                else {
                    return None;
                };
                let named = |qualifier: Option<&str>, name: &str| {
                    self.constant(package, unit, qualifier, name, depth + 1)
                };
                integer(&unit.text[value.clone()], &named)
            })
            .collect();
        let values = values?;
        let first = values.first().copied()?;
        values.iter().all(|value| *value == first).then_some(first)
    }

    /// A name that its package does not declare: predeclared, or of a dot import.
    fn beyond(&self, unit: &Unit, name: &str, args: Vec<Type>, depth: usize) -> Type {
        for import in unit
            .imports
            .iter()
            .filter(|i| i.name.as_deref() == Some("."))
        {
            match self.package(&import.path) {
                Some(package) if !package.declared(name).is_empty() => {
                    return self.declared_type(&package, name, args, depth);
                }
                Some(_) => {}
                None => return Type::Unknown,
            }
        }
        Type::predeclared(name).unwrap_or(Type::Unknown)
    }

    /// The path of the import that a name means; `guessed` is what the paths suggest, and the packages' own names decide
    /// where they are known.
    pub fn imported_as<'i>(
        &self,
        imports: &'i [Import],
        name: &str,
        guessed: Option<usize>,
    ) -> Option<&'i str> {
        let guessed = guessed.map(|index| &imports[index]);
        let own_name = |import: &Import| self.package(&import.path).map(|p| p.name().to_owned());
        if let Some(import) = guessed
            && (import.alias != Alias::None || own_name(import).is_none_or(|own| own == name))
        {
            return Some(&import.path);
        }
        imports
            .iter()
            .find(|import| {
                import.alias == Alias::None && own_name(import).is_some_and(|own| own == name)
            })
            .map(|import| import.path.as_str())
    }

    /// The package, with its own path, of which a dot import of the file brings this name.
    pub fn dot_imported(&self, imports: &[Import], name: &str) -> Option<Arc<Package>> {
        imports
            .iter()
            .filter(|import| import.alias == Alias::Dot)
            .filter_map(|import| self.package(&import.path))
            .find(|package| !package.declared(name).is_empty())
    }
}
