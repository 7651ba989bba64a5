//! Types of what packages declare: those of other files of the same package, those imported, and their initial values.

use std::{path::Path, sync::Arc};

use super::{Memo, Operand, Typing};
use crate::go::{
    index::{
        Index,
        package::{Entry, Package},
        scan::{self, Declared},
    },
    scope::Scope,
    syntax::Parsed,
    types::{
        Type, Untyped,
        world::{World, only},
    },
};

/// How many initial values of package-level variables may lead into one another.
const SNIPPETS: usize = 6;

impl Typing<'_> {
    /// A name that the file does not declare.
    pub(super) fn package_level(&self, name: &str) -> Operand {
        let own = &self.world.own;
        if !own.declared(name).is_empty() {
            return self.package_member(own, name);
        }
        if let Some(package) = self.world.dot_imported(self.scope.imports(), name) {
            return self.package_member(&package, name);
        }
        match self.world.imported_as(self.scope.imports(), name, None) {
            Some(path) => Operand::Package(path.into()),
            None => Operand::Unknown,
        }
    }

    pub(super) fn package_member(&self, package: &Arc<Package>, name: &str) -> Operand {
        let mut found = Vec::new();
        for &entry in package.declared(name) {
            found.push(match package.declaration(entry).2 {
                Declared::Type { .. } => {
                    return Operand::Type(self.world.declared_type(package, name, Vec::new(), 0));
                }
                Declared::Func(_) => {
                    Type::Func(Arc::new(self.world.signature(package, entry, &[])))
                }
                Declared::Var { .. } | Declared::Const { .. } => {
                    self.package_variable(package, name, entry)
                }
                Declared::Method { .. } => Type::Unknown,
            });
        }
        Operand::Value(only(found))
    }

    fn package_variable(&self, package: &Arc<Package>, name: &str, entry: Entry) -> Type {
        let key = (Arc::clone(&package.path), format!("{name}.{}", entry.unit));
        if let Some(found) = self.memo.package_variables.borrow().get(&key) {
            return found.clone();
        }
        let (unit, _, declared) = package.declaration(entry);
        let found = match declared {
            Declared::Var { ty: Some(part), .. } | Declared::Const { ty: Some(part), .. } => {
                match unit.text[part.clone()].trim().strip_prefix("untyped ") {
                    Some(kind) => untyped(kind),
                    None => self.world.type_in(package, entry.unit, part.start),
                }
            }
            Declared::Var {
                value: Some(value),
                of_call,
                ..
            } => self.initial(package, entry, value, *of_call).defaulted(),
            Declared::Const {
                value: Some(value), ..
            } => self.initial(package, entry, value, None),
            _ => Type::Unknown,
        };
        self.memo
            .package_variables
            .borrow_mut()
            .insert(key, found.clone());
        found
    }

    /// The type of a package-level variable's initial value, read as if it stood alone in its file.
    fn initial(
        &self,
        package: &Arc<Package>,
        entry: Entry,
        value: &scan::Part,
        of_call: Option<usize>,
    ) -> Type {
        if self.snippets >= SNIPPETS {
            return Type::Unknown;
        }
        let unit = &package.units[entry.unit].1;
        let mut text = format!("package {}\n", unit.package);
        for import in &unit.imports {
            let name = import.name.as_deref().unwrap_or("");
            text.extend(["import ", name, " \"", &*import.path, "\"\n"]);
        }
        text.push_str("var _ = ");
        text.push_str(&unit.text[value.clone()]);
        text.push('\n');
        let parsed = Parsed::new(text.into());
        let scope = Scope::of(&parsed);
        let memo = Memo::default();
        let typing = Typing {
            parsed: &parsed,
            scope: &scope,
            world: World {
                own: Arc::clone(package),
                ..self.world.clone()
            },
            memo: &memo,
            path: None,
            unit: Some(Arc::clone(unit)),
            snippets: self.snippets + 1,
        };
        let last = u32::try_from(parsed.root().named_child_count())
            .ok()
            .and_then(|n| n.checked_sub(1));
        let values = last
            .and_then(|last| parsed.root().named_child(last as _))
            .and_then(|var| var.named_child(0))
            .and_then(|spec| spec.child_by_field_name("value"));
        match (values.and_then(|values| values.named_child(0)), of_call) {
            (Some(value), Some(index)) => typing.nth_of(value, index),
            (Some(value), None) => typing.value(value),
            _ => Type::Unknown,
        }
    }
}

fn untyped(kind: &str) -> Type {
    Type::Untyped(match kind {
        "bool" => Untyped::Bool,
        "string" => Untyped::String,
        "rune" => Untyped::Rune,
        "float" => Untyped::Float,
        "complex" => Untyped::Complex,
        _ => Untyped::Int,
    })
}

/// The package of a file, as the index has it or of the file alone.
pub(super) fn own_package(
    parsed: &Parsed,
    path: &Path,
    folder: &str,
    index: Option<&Index<'_>>,
) -> Arc<Package> {
    let unit = scan::scan(&parsed.text_arc());
    let name = path.to_string_lossy().replace('\\', "/");
    if let (Some(unit), Some(index)) = (&unit, index)
        && let Some(package) = index.package_in(folder, &unit.package)
        && package.units.iter().any(|(path, _)| *path == name)
    {
        return package;
    }
    let import_path = index
        .and_then(|index| index.import_path(folder))
        .unwrap_or_else(|| format!("./{folder}"));
    let units = unit
        .map(|unit| (name, Arc::new(unit)))
        .into_iter()
        .collect();
    Arc::new(Package::new(import_path.into(), units, false))
}
