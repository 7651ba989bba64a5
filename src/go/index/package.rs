//! A package as its files declare it: declarations by name, methods by receiver.

use std::{collections::HashMap, sync::Arc};

use super::scan::{Declared, Unit};

/// A declaration by the file it is in and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Index into [`Package::units`].
    pub unit: usize,
    /// Index into [`Unit::declarations`].
    pub declaration: usize,
}

/// The declarations of a package. Where build tags choose, a name has several.
#[derive(Debug)]
pub struct Package {
    /// Its import path, or `./` and its folder where no module says one.
    pub path: Arc<str>,
    /// Path and declarations of its files.
    pub units: Vec<(String, Arc<Unit>)>,
    /// Whether these are all its files; else what is not found may be in another.
    pub complete: bool,
    names: HashMap<String, Vec<Entry>>,
    methods: HashMap<String, Vec<Entry>>,
}

impl Package {
    /// Of these files.
    pub fn new(path: Arc<str>, units: Vec<(String, Arc<Unit>)>, complete: bool) -> Self {
        let mut names: HashMap<String, Vec<Entry>> = HashMap::new();
        let mut methods: HashMap<String, Vec<Entry>> = HashMap::new();
        for (index, (_, unit)) in units.iter().enumerate() {
            for (declaration, (name, declared)) in unit.declarations.iter().enumerate() {
                let entry = Entry {
                    unit: index,
                    declaration,
                };
                match declared {
                    Declared::Method { of, .. } => {
                        methods.entry(of.clone()).or_default().push(entry);
                    }
                    _ => names.entry(name.clone()).or_default().push(entry),
                }
            }
        }
        Self {
            path,
            units,
            complete,
            names,
            methods,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.units.first().map_or("", |(_, unit)| &unit.package)
    }

    /// The declarations of a name; several where build tags choose.
    pub fn declared(&self, name: &str) -> &[Entry] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// All methods declared for a type.
    pub fn methods_of(&self, type_name: &str) -> &[Entry] {
        self.methods.get(type_name).map_or(&[], Vec::as_slice)
    }

    /// One declaration.
    pub fn declaration(&self, entry: Entry) -> (&Unit, &str, &Declared) {
        let unit = &self.units[entry.unit].1;
        let (name, declared) = &unit.declarations[entry.declaration];
        (unit, name, declared)
    }
}
