//! Where the functions and methods of the file set stand that a name or a selector means. In: names and types. Out: text
//! and positions, for those who look into bodies.

use std::{collections::HashSet, ops::Range, sync::Arc};

use super::{Type, Typing};
use crate::go::index::{
    lex::{Lexer, Token},
    package::{Entry, Package},
    scan::Declared,
};

/// How deep methods may be embedded.
const DEPTH: usize = 8;

/// A function or method with a body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Path of its file, relative to the root of the file set.
    pub file: Arc<str>,
    /// The file's text.
    pub text: Arc<str>,
    /// Byte behind the file's package clause and imports.
    pub header: usize,
    /// Its declaration, from `func` to the closing brace.
    pub declaration: Range<usize>,
    /// Byte behind its name.
    pub name_end: usize,
}

impl Typing<'_> {
    /// The functions that a package declares by this name, one for each variant by build tags. None where some variant is
    /// not a function with a body in the file set.
    pub fn functions(&self, path: &str, name: &str) -> Vec<Body> {
        let Some(package) = self.world.package(path) else {
            return Vec::new();
        };
        all(&package, package.declared(name), |declared| {
            matches!(declared, Declared::Func(_))
        })
    }

    /// The methods that `x.name` means for an `x` of this type, embedded ones included, as [`Typing::functions`] gives
    /// functions. None for an interface's.
    pub fn methods(&self, t: &Type, name: &str) -> Vec<Body> {
        let mut level = vec![t.clone()];
        let mut seen = HashSet::new();
        for _ in 0..DEPTH {
            let mut found = Vec::new();
            let mut deeper = Vec::new();
            for t in level {
                let t = match t {
                    Type::Pointer(inner) => (*inner).clone(),
                    other => other,
                };
                let Type::Named(named) = &t else {
                    return Vec::new();
                };
                if named.local > 0 || !seen.insert(Arc::clone(named)) {
                    continue;
                }
                let Some(package) = self.world.package(&named.path) else {
                    return Vec::new();
                };
                let is_named = |entry: &Entry| package.declaration(*entry).1 == name;
                let methods = package.methods_of(&named.name).iter().copied();
                let methods: Vec<Entry> = methods.filter(is_named).collect();
                if !methods.is_empty() {
                    found.push(all(&package, &methods, |_| true));
                    continue;
                }
                let Type::Struct(fields) = self.underlying(&t) else {
                    return Vec::new();
                };
                if fields.iter().any(|field| &*field.name == name) {
                    return Vec::new();
                }
                let embedded = fields.iter().filter(|field| field.embedded);
                deeper.extend(embedded.map(|field| field.ty.clone()));
            }
            match found.len() {
                0 if deeper.is_empty() => return Vec::new(),
                0 => level = deeper,
                1 => return found.pop().unwrap_or_default(),
                // What is ambiguous does not compile.
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }
}

/// The bodies of these declarations; none where one has none.
fn all(
    package: &Arc<Package>,
    entries: &[Entry],
    is_wanted: impl Fn(&Declared) -> bool,
) -> Vec<Body> {
    let bodies: Option<Vec<Body>> = entries
        .iter()
        .map(|entry| {
            let declared = package.declaration(*entry).2;
            is_wanted(declared).then(|| body(package, *entry)).flatten()
        })
        .collect();
    bodies.unwrap_or_default()
}

fn body(package: &Package, entry: Entry) -> Option<Body> {
    let (path, unit) = &package.units[entry.unit];
    if unit.paths {
        return None;
    }
    let (Declared::Func(signature) | Declared::Method { signature, .. }) =
        package.declaration(entry).2
    else {
        return None;
    };
    let before = unit.text.get(..signature.start)?;
    let start = before.rfind("\nfunc")? + 1;
    let mut lexer = Lexer::new(&unit.text, signature.end, false);
    if lexer.next() != Token::Mark(b'{') || !lexer.skip_open() {
        return None;
    }
    Some(Body {
        file: path.as_str().into(),
        text: Arc::clone(&unit.text),
        header: unit.header,
        declaration: start..lexer.at(),
        name_end: signature.start,
    })
}
