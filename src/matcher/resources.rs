//! What is known about resources: the table `codemods/resources.toml`. In: TOML. Out: look-ups by full name,
//! `path.Func` or `path.Type.Method`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::go::{
    types::{Type as GoType, stdlib::parse_type_text},
    version::{Requirement, Version},
};

/// The shipped table.
static SHIPPED: LazyLock<Resources> = LazyLock::new(|| {
    parse(include_str!("../../codemods/resources.toml")).expect("a test parses the shipped table")
});

/// What acquires a resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Functions and methods that acquire it.
    pub acquire: Vec<String>,
    /// Which result is the resource.
    #[serde(default)]
    pub result: usize,
    /// Which result is the error, if any.
    pub error: Option<usize>,
    /// The type of the resource, without a star.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Method paths on it, any of which releases it; `()` where it is called itself.
    pub release: Vec<String>,
    /// Functions that only use it.
    #[serde(default)]
    pub borrow: Vec<String>,
}

/// What a function does with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    name: Vec<String>,
    /// The type of the result that holds on to the arguments, if one does.
    pub wraps: Option<String>,
    /// Which result that is.
    #[serde(default)]
    pub result: usize,
    /// Whether it keeps or runs the arguments after it returns.
    #[serde(default)]
    pub starts: bool,
}

/// What the fields and methods of a type give away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    name: Vec<String>,
    /// Fields and methods (`Name()`) that give nothing which holds on to the object.
    #[serde(default)]
    pub values: Vec<String>,
    /// Fields and methods (`Name()`) that give a part of the object, with the part's type.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
}

/// What tells that a value of a type has ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    #[serde(rename = "type")]
    kind: String,
    /// Methods that tell it.
    pub tells: Vec<String>,
    /// Functions that run what they are given when it has ended, by last name; `defer` too.
    pub late: Vec<String>,
}

/// A method that gives a value of a type, from a parameter of another.
#[derive(Debug, Clone)]
struct Derivation {
    kind: GoType,
    from: Vec<GoType>,
    method: String,
    go: Option<Requirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDerivation {
    #[serde(rename = "type")]
    kind: String,
    from: Vec<String>,
    method: String,
    go: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    name: Vec<String>,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    keep: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    context: Context,
    #[serde(default)]
    resource: Vec<Resource>,
    #[serde(default)]
    function: Vec<Function>,
    #[serde(default, rename = "type")]
    types: Vec<Type>,
    #[serde(default)]
    variable: Vec<Variable>,
    #[serde(default)]
    find: Vec<WrittenDerivation>,
    #[serde(default)]
    ending: Vec<Ending>,
}

/// The table, by full names.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    acquired: Vec<Resource>,
    functions: BTreeMap<String, Function>,
    types: BTreeMap<String, Type>,
    variables: BTreeMap<String, String>,
    keep: Vec<String>,
    derivations: Vec<Derivation>,
    endings: Vec<Ending>,
}

/// The shipped table.
pub fn shipped() -> &'static Resources {
    &SHIPPED
}

/// Reads a table; the error has line, column and the valid keys.
fn parse(text: &str) -> Result<Resources, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut table = Resources {
        keep: file.context.keep,
        endings: file.ending,
        ..Resources::default()
    };
    for function in file.function {
        for name in function.name.clone() {
            insert(&mut table.functions, name, function.clone())?;
        }
    }
    for kind in file.types {
        for name in kind.name.clone() {
            insert(&mut table.types, name, kind.clone())?;
        }
    }
    for variable in file.variable {
        for name in variable.name {
            insert(&mut table.variables, name, variable.kind.clone())?;
        }
    }
    for written in file.find {
        table.derivations.push(derivation(written)?);
    }
    for resource in file.resource {
        if resource.release.is_empty() || resource.acquire.is_empty() {
            return Err(format!(
                "the resource acquired by `{}` has nothing that acquires or releases it; name it in `acquire` and `release`",
                resource.acquire.join("`, `")
            ));
        }
        for name in &resource.acquire {
            if table.acquired.iter().any(|r| r.acquire.contains(name)) {
                return Err(format!("`{name}` is listed twice; remove one entry"));
            }
        }
        table.borrows(&resource.borrow);
        table.acquired.push(resource);
    }
    Ok(table)
}

fn derivation(written: WrittenDerivation) -> Result<Derivation, String> {
    let read = |text: &String| {
        let no_type = || format!("`{text}` is no type; write it with its full import path");
        parse_type_text(text).ok_or_else(no_type)
    };
    let go = match written.go {
        Some(text) => Some(Requirement::parse(&text).ok_or(format!("`{text}` is no version"))?),
        None => None,
    };
    Ok(Derivation {
        kind: read(&written.kind)?,
        from: written.from.iter().map(read).collect::<Result<_, _>>()?,
        method: written.method,
        go,
    })
}

fn insert<T>(map: &mut BTreeMap<String, T>, name: String, value: T) -> Result<(), String> {
    if map.contains_key(&name) {
        return Err(format!("`{name}` is listed twice; remove one entry"));
    }
    map.insert(name, value);
    Ok(())
}

impl Resources {
    /// The table with more resources. What they say of a function that acquires is preferred; what is known of calls that
    /// borrow stays, since it says more.
    #[must_use]
    pub fn with(&self, added: Vec<Resource>) -> Self {
        let mut table = self.clone();
        for resource in &added {
            table.borrows(&resource.borrow);
        }
        table.acquired.splice(0..0, added);
        table
    }

    /// Adds functions that only use their arguments.
    fn borrows(&mut self, names: &[String]) {
        for name in names {
            let entry = self.functions.entry(name.clone());
            entry.or_insert_with(|| Function {
                name: vec![name.clone()],
                wraps: None,
                result: 0,
                starts: false,
            });
        }
    }

    /// What a function or method acquires.
    pub fn acquired_by(&self, name: &str) -> Option<&Resource> {
        self.acquired
            .iter()
            .find(|r| r.acquire.iter().any(|a| a == name))
    }

    /// The functions and methods that acquire a resource: of one of these types or by one of these names, where some are given.
    pub fn acquirers<'s>(&'s self, wanted: &'s [&str]) -> impl Iterator<Item = &'s str> {
        self.acquired.iter().flat_map(move |resource| {
            let kind = resource.kind.as_deref();
            let of_type = wanted.is_empty() || kind.is_some_and(|k| wanted.contains(&k));
            let names = resource.acquire.iter().map(String::as_str);
            names.filter(move |name| of_type || wanted.contains(name))
        })
    }

    /// What a function or method does with its arguments.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// What a type gives away.
    pub fn of_type(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// The method path by which a value of type `wanted` comes from one of type `from`, in the language version of a file.
    pub fn derived(&self, wanted: &GoType, from: &GoType, go: Option<Version>) -> Option<&str> {
        let is_allowed = |requirement: &Option<Requirement>| match (requirement, go) {
            (None, _) => true,
            (Some(requirement), Some(version)) => requirement.holds(version),
            (Some(_), None) => false,
        };
        self.derivations
            .iter()
            .find(|d| d.kind == *wanted && d.from.contains(from) && is_allowed(&d.go))
            .map(|d| d.method.as_str())
    }

    /// What tells that a value of a type has ended, if values of it end.
    pub fn ending(&self, kind: &str) -> Option<&Ending> {
        self.endings.iter().find(|ending| ending.kind == kind)
    }

    /// The type of a package's variable.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The type of one result of a function or method.
    pub fn result_type(&self, name: &str, index: usize) -> Option<&str> {
        let acquired = self
            .acquired_by(name)
            .filter(|r| r.result == index)
            .and_then(|r| r.kind.as_deref());
        acquired.or_else(|| {
            self.function(name)
                .filter(|f| f.result == index)
                .and_then(|f| f.wraps.as_deref())
        })
    }

    /// Whether a call, by the name of its function, may go on with a context after it returns.
    pub fn keeps_context(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        name == "go" || self.keep.iter().any(|word| name.contains(word.as_str()))
    }

    /// The last names of all methods that release some resource, `Close`.
    pub fn release_methods(&self) -> impl Iterator<Item = &str> {
        let paths = self.acquired.iter().flat_map(|r| &r.release);
        paths
            .filter_map(|path| path.rsplit('.').next())
            .filter(|name| *name != "()")
    }

    /// Whether a method, by its last name, releases some resource.
    pub fn releases(&self, method: &str) -> bool {
        let last = |path: &String| path.rsplit('.').next() == Some(method);
        self.acquired.iter().any(|r| r.release.iter().any(last))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_shipped_table_is_well_formed() {
        let table = parse(include_str!("../../codemods/resources.toml")).expect("it is");
        let opened = table.acquired_by("os.Open").expect("it is listed");
        assert_eq!((opened.result, opened.error), (0, Some(1)));
        assert_eq!(
            table.result_type("net/http.Get", 0),
            Some("net/http.Response")
        );
        assert_eq!(table.result_type("net/http.Get", 1), None);
        assert!(table.function("io.Copy").is_some_and(|f| f.wraps.is_none()));
    }

    #[test]
    fn mistakes_in_a_table_are_named() {
        let wrong = |text: &str| parse(text).expect_err("it is wrong");
        let key = wrong("[[resource]]\nacquire = [\"a.F\"]\nrelease = [\"Close\"]\nborow = []\n");
        assert!(
            key.contains("borow") && key.contains("line 4") && key.contains("`borrow`"),
            "{key}"
        );
        let twice = "[[resource]]\nacquire = [\"a.F\"]\nrelease = [\"Close\"]\n";
        assert_eq!(
            wrong(&twice.repeat(2)),
            "`a.F` is listed twice; remove one entry"
        );
        assert!(wrong("[[resource]]\nacquire = [\"a.F\"]\nrelease = []\n").contains("`release`"));
    }
}
