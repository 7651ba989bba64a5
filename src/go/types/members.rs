//! Fields and methods of types, embedded ones included (<https://go.dev/ref/spec#Selectors>), underlying types
//! (<https://go.dev/ref/spec#Underlying_types>) and method sets (<https://go.dev/ref/spec#Method_sets>).

use std::{collections::HashSet, sync::Arc};

use super::{Interface, Named, Signature, Type, typing::Typing, world::only};
use crate::go::index::{package::Package, scan::Declared};

/// How many declarations may lead to an underlying type, and how deep fields may be embedded.
const DEPTH: usize = 24;

/// A field or a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// A field's type.
    Field(Type),
    /// A method.
    Method {
        /// Its parameters and results.
        signature: Signature,
        /// Whether values of the type itself lack it: it has a pointer receiver and no pointer leads to it.
        needs_pointer: bool,
    },
}

/// What a selector finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// This.
    Found(Member),
    /// There is none.
    Absent,
    /// A type on the way is not known.
    Unknown,
}

impl Typing<'_> {
    /// The type without names: what stands on the right of its declaration, followed to the end.
    pub fn underlying(&self, t: &Type) -> Type {
        let mut t = t.clone();
        for _ in 0..DEPTH {
            match &t {
                Type::Named(named) => t = self.right_side(named),
                _ => return t,
            }
        }
        Type::Unknown
    }

    fn right_side(&self, named: &Arc<Named>) -> Type {
        if let Some(found) = self.memo.right_sides.borrow().get(named) {
            return found.clone();
        }
        let found = self.read_right_side(named);
        self.memo
            .right_sides
            .borrow_mut()
            .insert(Arc::clone(named), found.clone());
        found
    }

    fn read_right_side(&self, named: &Named) -> Type {
        if named.local > 0 {
            return self.local_right_side(named);
        }
        if named.path.is_empty() {
            let mut interface = Interface::default();
            if &*named.name == "error" {
                let text = Signature {
                    results: vec![Type::Basic("string")],
                    ..Signature::default()
                };
                interface.methods.push(("Error".into(), Arc::new(text)));
            }
            return Type::Interface(Arc::new(interface));
        }
        let Some(package) = self.world.package(&named.path) else {
            return Type::Unknown;
        };
        let sides = package
            .declared(&named.name)
            .iter()
            .filter(|&&entry| matches!(package.declaration(entry).2, Declared::Type { .. }))
            .map(|&entry| self.world.right_side(&package, entry, &named.args, 0))
            .collect();
        only(sides)
    }

    /// The type that all types of a type parameter's set share, where they do; else the underlying type.
    pub fn core(&self, t: &Type) -> Type {
        match self.underlying(t) {
            Type::TypeParam(param) => {
                let Type::Interface(constraint) = self.underlying(&param.constraint) else {
                    return Type::Unknown;
                };
                let [terms] = constraint.embeds.as_slice() else {
                    return Type::Unknown;
                };
                only(terms.iter().map(|(_, t)| self.underlying(t)).collect())
            }
            other => other,
        }
    }

    /// The field or method that `t.name` selects.
    pub fn member(&self, t: &Type, name: &str) -> Lookup {
        let mut level = match t {
            Type::Pointer(inner) => vec![((**inner).clone(), true)],
            _ => vec![(t.clone(), false)],
        };
        if matches!(t, Type::Pointer(inner) if matches!(self.underlying(inner), Type::Interface(_) | Type::Pointer(_)))
        {
            return Lookup::Absent;
        }
        let mut seen = HashSet::new();
        let mut opaque = false;
        for _ in 0..DEPTH {
            let mut found = Vec::new();
            let mut deeper = Vec::new();
            let mut opaque_here = false;
            for (t, through_pointer) in level {
                if let Type::Named(named) = &t
                    && !seen.insert(Arc::clone(named))
                {
                    continue;
                }
                match self.direct(&t, through_pointer, name, &mut deeper) {
                    Lookup::Found(member) => found.push(member),
                    Lookup::Unknown => opaque_here = true,
                    Lookup::Absent => {}
                }
            }
            match found.as_slice() {
                [] => {}
                // A program that compiles does not select what is ambiguous.
                [one] if !opaque => return Lookup::Found(one.clone()),
                _ => return Lookup::Unknown,
            }
            opaque |= opaque_here;
            if deeper.is_empty() {
                break;
            }
            level = deeper;
        }
        if opaque {
            Lookup::Unknown
        } else {
            Lookup::Absent
        }
    }

    /// A member at depth zero; adds what is embedded to `deeper`.
    fn direct(
        &self,
        t: &Type,
        through_pointer: bool,
        name: &str,
        deeper: &mut Vec<(Type, bool)>,
    ) -> Lookup {
        if let Type::Named(named) = t
            && let Some(package) = self.package_of(named)
        {
            match self.declared_method(&package, named, name, through_pointer) {
                Lookup::Absent => {}
                // On one platform a method, on another a field.
                Lookup::Found(_) if self.has_field(&package, named, name) => {
                    return Lookup::Unknown;
                }
                found => return found,
            }
        }
        match self.underlying(t) {
            Type::Struct(fields) => {
                if let Some(field) = fields.iter().find(|field| &*field.name == name) {
                    return Lookup::Found(Member::Field(field.ty.clone()));
                }
                for field in fields.iter().filter(|field| field.embedded) {
                    deeper.push(match &field.ty {
                        Type::Pointer(inner) => ((**inner).clone(), true),
                        other => (other.clone(), through_pointer),
                    });
                }
                self.absent_from(t)
            }
            Type::Interface(interface) => self.interface_method(&interface, name, 0),
            Type::TypeParam(param) => match self.underlying(&param.constraint) {
                Type::Interface(interface) => self.interface_method(&interface, name, 0),
                _ => Lookup::Unknown,
            },
            Type::Unknown => Lookup::Unknown,
            _ => self.absent_from(t),
        }
    }

    /// What is not found in a type may be declared in a file of its package that is not known.
    fn absent_from(&self, t: &Type) -> Lookup {
        match t {
            Type::Named(named)
                if self
                    .package_of(named)
                    .is_some_and(|package| !package.complete) =>
            {
                Lookup::Unknown
            }
            _ => Lookup::Absent,
        }
    }

    /// Whether the type is a struct with that field, on some platform.
    fn has_field(&self, package: &Arc<Package>, named: &Named, name: &str) -> bool {
        package.declared(&named.name).iter().any(|&entry| {
            let side = self.world.right_side(package, entry, &named.args, 0);
            matches!(self.underlying(&side), Type::Struct(fields) if fields.iter().any(|f| &*f.name == name))
        })
    }

    fn package_of(&self, named: &Named) -> Option<Arc<Package>> {
        (named.local == 0 && !named.path.is_empty())
            .then(|| self.world.package(&named.path))
            .flatten()
    }

    fn declared_method(
        &self,
        package: &Arc<Package>,
        named: &Named,
        name: &str,
        through_pointer: bool,
    ) -> Lookup {
        let mut found: Option<Member> = None;
        for &entry in package.methods_of(&named.name) {
            let (_, declared_name, declared) = package.declaration(entry);
            let Declared::Method { pointer, .. } = declared else {
                continue;
            };
            if declared_name != name {
                continue;
            }
            let member = Member::Method {
                signature: self.world.signature(package, entry, &named.args),
                needs_pointer: *pointer && !through_pointer,
            };
            if found
                .replace(member.clone())
                .is_some_and(|before| before != member)
            {
                return Lookup::Unknown;
            }
        }
        found.map_or(Lookup::Absent, Lookup::Found)
    }

    fn interface_method(&self, interface: &Interface, name: &str, depth: usize) -> Lookup {
        let method = interface.methods.iter().find(|(n, _)| &**n == name);
        if let Some((_, signature)) = method {
            return Lookup::Found(Member::Method {
                signature: (**signature).clone(),
                needs_pointer: false,
            });
        }
        let mut answer = Lookup::Absent;
        for terms in &interface.embeds {
            let [(false, embedded)] = terms.as_slice() else {
                continue;
            };
            match self.underlying(embedded) {
                Type::Interface(inner) if depth < DEPTH => {
                    match self.interface_method(&inner, name, depth + 1) {
                        Lookup::Absent => {}
                        Lookup::Unknown => answer = Lookup::Unknown,
                        found @ Lookup::Found(_) => return found,
                    }
                }
                Type::Unknown | Type::Interface(_) => answer = Lookup::Unknown,
                _ => {}
            }
        }
        answer
    }

    /// All methods of an interface; `None` where one of its parts is not known, or where it has type terms.
    fn methods_of(
        &self,
        interface: &Interface,
        depth: usize,
    ) -> Option<Vec<(Arc<str>, Arc<Signature>)>> {
        let mut all = interface.methods.clone();
        for terms in &interface.embeds {
            let [(false, embedded)] = terms.as_slice() else {
                return None;
            };
            match self.underlying(embedded) {
                Type::Interface(inner) if depth < DEPTH => {
                    all.extend(self.methods_of(&inner, depth + 1)?);
                }
                _ => return None,
            }
        }
        Some(all)
    }

    /// Whether values of type `t` have all methods of `interface`; `None` where that is not known.
    pub fn implements(&self, t: &Type, interface: &Type) -> Option<bool> {
        let Type::Interface(wanted) = self.underlying(interface) else {
            return None;
        };
        let wanted = self.methods_of(&wanted, 0)?;
        let mut all_known = true;
        for (name, method) in wanted {
            match self.member(t, &name) {
                Lookup::Found(Member::Method {
                    signature,
                    needs_pointer,
                }) => {
                    let same = signature.params == method.params
                        && signature.results == method.results
                        && signature.variadic == method.variadic;
                    let known = Type::Func(Arc::new(signature)).is_known();
                    match (needs_pointer, same, known) {
                        (true, _, _) | (false, false, true) => return Some(false),
                        (false, _, false) => all_known = false,
                        (false, true, true) => {}
                    }
                }
                Lookup::Found(Member::Field(_)) | Lookup::Absent => return Some(false),
                Lookup::Unknown => all_known = false,
            }
        }
        all_known.then_some(true)
    }

    /// Whether the type is no other than all that do not equal it: every named part is declared where it can be looked
    /// up, so that it is no alias, and no interface embeds others, which may be written in other ways.
    pub fn is_settled(&self, t: &Type) -> bool {
        t.is_known()
            && !t.any(&|part| match part {
                Type::Named(named) => {
                    named.local == 0
                        && !named.path.is_empty()
                        && self.world.package(&named.path).is_none()
                }
                Type::Interface(interface) => !interface.embeds.is_empty(),
                _ => false,
            })
    }
}
