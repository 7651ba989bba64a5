//! Types of Go expressions without a compiler (<https://go.dev/ref/spec#Types>). In: a parsed file and, where there is
//! one, an index of the file set. Out: the type of an expression, or nothing. A type is exact or it is not given.
//!
//! Types come from the file, then from the other files of its package and module ([`super::index`]), then from the table
//! of the standard library.

pub mod bodies;
mod constants;
pub mod generics;
pub mod members;
pub mod parse;
pub mod stdlib;
pub mod typing;
mod variables;
pub mod world;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

pub use typing::{Memo, Typing};

/// A type. Aliases are resolved; two types are identical exactly where they are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A predeclared type by its name (`byte` for uint8, `int32` for rune), or `unsafe.Pointer`.
    Basic(&'static str),
    /// The type of a constant without one, before its context gives it one.
    Untyped(Untyped),
    /// A declared type.
    Named(Arc<Named>),
    /// `*T`.
    Pointer(Arc<Type>),
    /// `[]T`.
    Slice(Arc<Type>),
    /// `[n]T`; no length where it is not a plain number.
    Array(Option<u64>, Arc<Type>),
    /// `map[K]V`.
    Map(Arc<(Type, Type)>),
    /// A channel.
    Chan(Direction, Arc<Type>),
    /// A function.
    Func(Arc<Signature>),
    /// A struct.
    Struct(Arc<Vec<Field>>),
    /// An interface.
    Interface(Arc<Interface>),
    /// The results of a call, if they are not one.
    Tuple(Arc<Vec<Type>>),
    /// A type parameter.
    TypeParam(Arc<TypeParam>),
    /// A part that is not known.
    Unknown,
}

/// Kinds of untyped constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Untyped {
    /// `true`, a comparison.
    Bool,
    /// `"a"`.
    String,
    /// `nil`.
    Nil,
    /// `1`.
    Int,
    /// `'a'`.
    Rune,
    /// `1.0`.
    Float,
    /// `1i`.
    Complex,
}

/// A declared type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Named {
    /// Import path of the package; empty for `error` and `comparable`.
    pub path: Arc<str>,
    /// Its name there.
    pub name: Arc<str>,
    /// Type arguments.
    pub args: Vec<Type>,
    /// For a type declared in a function, the byte of its identifier; 0 at package level.
    pub local: usize,
}

/// Which way a channel goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `chan T`.
    Both,
    /// `chan<- T`.
    Send,
    /// `<-chan T`.
    Receive,
}

/// Parameters and results.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signature {
    /// Type parameters of a generic function.
    pub type_params: Vec<TypeParam>,
    /// Types of the parameters; that of a variadic one is a slice.
    pub params: Vec<Type>,
    /// Types of the results.
    pub results: Vec<Type>,
    /// Whether the last parameter is variadic.
    pub variadic: bool,
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name; that of the type where it is embedded.
    pub name: Arc<str>,
    /// Whether it is embedded.
    pub embedded: bool,
    /// Its type.
    pub ty: Type,
}

/// Methods and embedded elements of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Interface {
    /// Explicit methods.
    pub methods: Vec<(Arc<str>, Arc<Signature>)>,
    /// Embedded elements, each a union of terms; `true` for `~T`.
    pub embeds: Vec<Vec<(bool, Type)>>,
}

/// A type parameter; equal by name.
#[derive(Debug, Clone)]
pub struct TypeParam {
    /// Its name.
    pub name: Arc<str>,
    /// Its constraint.
    pub constraint: Type,
}

impl PartialEq for TypeParam {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TypeParam {}

impl Hash for TypeParam {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Predeclared types (<https://go.dev/ref/spec#Predeclared_identifiers>) by name and by what they are shown as.
const BASIC: [(&str, &str); 20] = [
    ("bool", "bool"),
    ("string", "string"),
    ("int", "int"),
    ("int8", "int8"),
    ("int16", "int16"),
    ("int32", "int32"),
    ("rune", "int32"),
    ("int64", "int64"),
    ("uint", "uint"),
    ("uint8", "byte"),
    ("byte", "byte"),
    ("uint16", "uint16"),
    ("uint32", "uint32"),
    ("uint64", "uint64"),
    ("uintptr", "uintptr"),
    ("float32", "float32"),
    ("float64", "float64"),
    ("complex64", "complex64"),
    ("complex128", "complex128"),
    ("unsafe.Pointer", "unsafe.Pointer"),
];

impl Type {
    /// A predeclared type by name.
    pub fn predeclared(name: &str) -> Option<Self> {
        match name {
            "any" => Some(Self::Interface(Arc::default())),
            "error" | "comparable" => Some(Self::named("", name, Vec::new())),
            _ => BASIC
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, shown)| Self::Basic(shown)),
        }
    }

    /// `error`.
    pub fn error() -> Self {
        Self::named("", "error", Vec::new())
    }

    /// A type declared at package level.
    pub fn named(path: &str, name: &str, args: Vec<Self>) -> Self {
        Self::Named(Arc::new(Named {
            path: path.into(),
            name: name.into(),
            args,
            local: 0,
        }))
    }

    /// `*self`.
    #[must_use]
    pub fn pointer(self) -> Self {
        Self::Pointer(Arc::new(self))
    }

    /// `[]self`.
    #[must_use]
    pub fn slice(self) -> Self {
        Self::Slice(Arc::new(self))
    }

    /// The type that a variable initialised with this takes (<https://go.dev/ref/spec#Constants>).
    #[must_use]
    pub fn defaulted(self) -> Self {
        match self {
            Self::Untyped(kind) => match kind {
                Untyped::Bool => Self::Basic("bool"),
                Untyped::String => Self::Basic("string"),
                Untyped::Int => Self::Basic("int"),
                Untyped::Rune => Self::Basic("int32"),
                Untyped::Float => Self::Basic("float64"),
                Untyped::Complex => Self::Basic("complex128"),
                Untyped::Nil => Self::Unknown,
            },
            other => other,
        }
    }

    /// Whether no part of it is unknown.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown | Self::Array(None, _) => false,
            Self::Basic(_) | Self::Untyped(_) | Self::TypeParam(_) => true,
            Self::Named(named) => named.args.iter().all(Self::is_known),
            Self::Pointer(t) | Self::Slice(t) | Self::Array(_, t) | Self::Chan(_, t) => {
                t.is_known()
            }
            Self::Map(pair) => pair.0.is_known() && pair.1.is_known(),
            Self::Func(signature) => signature.is_known(),
            Self::Struct(fields) => fields.iter().all(|f| f.ty.is_known()),
            Self::Interface(interface) => {
                interface.methods.iter().all(|(_, m)| m.is_known())
                    && interface.embeds.iter().flatten().all(|(_, t)| t.is_known())
            }
            Self::Tuple(types) => types.iter().all(Self::is_known),
        }
    }

    /// Whether `part` holds for this type or any part of it.
    pub fn any(&self, part: &impl Fn(&Self) -> bool) -> bool {
        let in_signature = |s: &Signature| s.params.iter().chain(&s.results).any(|t| t.any(part));
        part(self)
            || match self {
                Self::Unknown | Self::Basic(_) | Self::Untyped(_) | Self::TypeParam(_) => false,
                Self::Named(named) => named.args.iter().any(|t| t.any(part)),
                Self::Pointer(t) | Self::Slice(t) | Self::Array(_, t) | Self::Chan(_, t) => {
                    t.any(part)
                }
                Self::Map(pair) => pair.0.any(part) || pair.1.any(part),
                Self::Func(signature) => in_signature(signature),
                Self::Struct(fields) => fields.iter().any(|f| f.ty.any(part)),
                Self::Interface(interface) => {
                    interface.methods.iter().any(|(_, m)| in_signature(m))
                        || interface.embeds.iter().flatten().any(|(_, t)| t.any(part))
                }
                Self::Tuple(types) => types.iter().any(|t| t.any(part)),
            }
    }
}

impl Signature {
    fn is_known(&self) -> bool {
        self.params.iter().chain(&self.results).all(Type::is_known)
    }

    /// What a call of it is.
    pub fn result(&self) -> Type {
        match self.results.as_slice() {
            [one] => one.clone(),
            many => Type::Tuple(Arc::new(many.to_vec())),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic(name) => f.write_str(name),
            Self::Untyped(kind) => write!(f, "untyped {}", format!("{kind:?}").to_lowercase()),
            Self::Named(named) => named.fmt(f),
            Self::Pointer(t) => write!(f, "*{t}"),
            Self::Slice(t) => write!(f, "[]{t}"),
            Self::Array(Some(length), t) => write!(f, "[{length}]{t}"),
            Self::Array(None, t) => write!(f, "[?]{t}"),
            Self::Map(pair) => write!(f, "map[{}]{}", pair.0, pair.1),
            Self::Chan(direction, t) => {
                f.write_str(match direction {
                    Direction::Both => "chan ",
                    Direction::Send => "chan<- ",
                    Direction::Receive => "<-chan ",
                })?;
                match **t {
                    Self::Chan(Direction::Receive, _) if *direction != Direction::Send => {
                        write!(f, "({t})")
                    }
                    _ => t.fmt(f),
                }
            }
            Self::Func(signature) => write!(f, "func{signature}"),
            Self::Struct(fields) => {
                f.write_str("struct{")?;
                for (index, field) in fields.iter().enumerate() {
                    f.write_str(if index > 0 { "; " } else { "" })?;
                    if !field.embedded {
                        write!(f, "{} ", field.name)?;
                    }
                    field.ty.fmt(f)?;
                }
                f.write_str("}")
            }
            Self::Interface(interface) => interface.fmt(f),
            Self::Tuple(types) => {
                f.write_str("(")?;
                list(f, types, false)?;
                f.write_str(")")
            }
            Self::TypeParam(param) => f.write_str(&param.name),
            Self::Unknown => f.write_str("?"),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}.", self.path)?;
        }
        f.write_str(&self.name)?;
        if !self.args.is_empty() {
            f.write_str("[")?;
            list(f, &self.args, false)?;
            f.write_str("]")?;
        }
        Ok(())
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, param) in self.type_params.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "[" })?;
            write!(f, "{} {}", param.name, param.constraint)?;
        }
        f.write_str(if self.type_params.is_empty() {
            "("
        } else {
            "]("
        })?;
        list(f, &self.params, self.variadic)?;
        f.write_str(")")?;
        match self.results.as_slice() {
            [] => Ok(()),
            [one] => write!(f, " {one}"),
            many => {
                f.write_str(" (")?;
                list(f, many, false)?;
                f.write_str(")")
            }
        }
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self
            .methods
            .iter()
            .map(|(n, s)| format!("{n}{s}"))
            .collect();
        parts.sort();
        for terms in &self.embeds {
            let terms: Vec<String> = terms
                .iter()
                .map(|(tilde, t)| format!("{}{t}", if *tilde { "~" } else { "" }))
                .collect();
            parts.push(terms.join(" | "));
        }
        if parts.is_empty() {
            return f.write_str("any");
        }
        write!(f, "interface{{{}}}", parts.join("; "))
    }
}

fn list(f: &mut fmt::Formatter<'_>, types: &[Type], variadic: bool) -> fmt::Result {
    for (index, t) in types.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { "" })?;
        match t {
            Type::Slice(element) if variadic && index + 1 == types.len() => {
                write!(f, "...{element}")?;
            }
            _ => fmt::Display::fmt(t, f)?,
        }
    }
    Ok(())
}
