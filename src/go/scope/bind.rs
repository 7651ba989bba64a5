//! The tables behind a walk: blocks, declarations and names. In: calls in document order. Out: the names with what
//! they mean inside their function; [`finish`] settles what reaches the package, the imports or the universe.

use std::{collections::HashMap, ops::Range};

use super::{
    DeclId, Declaration, Kind, Name, Resolution, Scope, is_predeclared, literal, walk::Walked,
};
use crate::go::{
    imports::{Alias, Import, imports, local_names},
    syntax::Parsed,
};

/// A spelling; equal for equal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Symbol(u32);

/// A name that was met, by its index in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(usize);

impl Slot {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// A name and what is known of it during the walk.
#[derive(Debug)]
pub(super) struct Met {
    pub range: Range<usize>,
    pub symbol: Symbol,
    /// `None`: no block of the function declares it.
    pub meaning: Option<Resolution>,
    /// It declares what it means.
    pub declares: bool,
    /// It stands before a dot, so it may be a package.
    pub qualifies: bool,
}

/// Blocks, declarations and names of one file.
#[derive(Debug)]
pub(super) struct Binder<'t> {
    text: &'t str,
    symbols: HashMap<&'t str, Symbol>,
    /// For each symbol its declarations in open blocks, the innermost last, each with the depth of its block.
    bindings: Vec<Vec<(DeclId, usize)>>,
    /// For each open block its declarations.
    blocks: Vec<(usize, Vec<(Symbol, DeclId)>)>,
    package: HashMap<Symbol, DeclId>,
    pub names: Vec<Met>,
    declarations: Vec<Declaration>,
}

impl<'t> Binder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            symbols: HashMap::new(),
            bindings: Vec::new(),
            blocks: Vec::new(),
            package: HashMap::new(),
            names: Vec::new(),
            declarations: Vec::new(),
        }
    }

    /// Opens a block that ends at this byte.
    pub(super) fn open(&mut self, end: usize) {
        self.blocks.push((end, Vec::new()));
    }

    /// Closes the innermost block and gives its declarations.
    pub(super) fn close(&mut self) -> Vec<DeclId> {
        let (_, declared) = self.blocks.pop().unwrap_or_default();
        for (symbol, _) in declared.iter().rev() {
            self.bindings[symbol.0 as usize].pop();
        }
        declared.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether no block is open.
    pub(super) fn at_package_level(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Notes a name; what it means is said later. The blank identifier is settled at once: `None`.
    pub(super) fn meet(&mut self, range: Range<usize>) -> Option<Slot> {
        let symbol = self.symbol(range.clone());
        let is_blank = self.is_blank(range.clone());
        let slot = Slot(self.names.len());
        self.names.push(Met {
            range,
            symbol,
            meaning: is_blank.then_some(Resolution::Blank),
            declares: false,
            qualifies: false,
        });
        (!is_blank).then_some(slot)
    }

    pub(super) fn symbol(&mut self, range: Range<usize>) -> Symbol {
        let next = Symbol(u32::try_from(self.bindings.len()).unwrap_or(u32::MAX));
        let symbol = *self.symbols.entry(&self.text[range]).or_insert(next);
        if symbol == next {
            self.bindings.push(Vec::new());
        }
        symbol
    }

    pub(super) fn settle(&mut self, slot: Slot, resolution: Resolution) {
        self.names[slot.0].meaning = Some(resolution);
    }

    /// The name means what the open blocks say.
    pub(super) fn refer(&mut self, slot: Slot) {
        let symbol = self.names[slot.0].symbol;
        self.names[slot.0].meaning = self
            .innermost(symbol)
            .map(|(id, _)| Resolution::Declared(id));
    }

    /// Like [`Self::refer`], for a name before a dot.
    pub(super) fn refer_qualifier(&mut self, slot: Slot) {
        self.refer(slot);
        self.names[slot.0].qualifies = true;
    }

    /// The innermost declaration of a symbol in the open blocks, and the depth of its block.
    fn innermost(&self, symbol: Symbol) -> Option<(DeclId, usize)> {
        self.bindings[symbol.0 as usize].last().copied()
    }

    /// Adds a declaration that is visible nowhere yet, and settles the name that makes it.
    pub(super) fn declare_hidden(
        &mut self,
        slot: Slot,
        kind: Kind,
        owner: Option<Range<usize>>,
    ) -> DeclId {
        let range = self.names[slot.0].range.clone();
        let id = self.add(range, kind, owner);
        self.declared_by(slot, id);
        id
    }

    /// Adds a declaration without a name of its own in the table; visible nowhere yet.
    pub(super) fn add(
        &mut self,
        range: Range<usize>,
        kind: Kind,
        owner: Option<Range<usize>>,
    ) -> DeclId {
        let id = DeclId(u32::try_from(self.declarations.len()).unwrap_or(u32::MAX));
        self.declarations.push(Declaration {
            name: self.text[range.clone()].to_owned(),
            scope: range.end..range.end,
            range,
            kind,
            owner,
        });
        id
    }

    fn declared_by(&mut self, slot: Slot, id: DeclId) {
        self.names[slot.0].meaning = Some(Resolution::Declared(id));
        self.names[slot.0].declares = true;
    }

    /// Makes a declaration visible from this byte to the end of the innermost block.
    pub(super) fn show(&mut self, id: DeclId, from: usize) {
        let symbol = self.symbol(self.declarations[id.index()].range.clone());
        let depth = self.blocks.len();
        if let Some((end, declared)) = self.blocks.last_mut() {
            declared.push((symbol, id));
            self.declarations[id.index()].scope = from..(*end).max(from);
            self.bindings[symbol.0 as usize].push((id, depth));
        } else {
            self.show_in_package(id);
        }
    }

    /// Makes a declaration visible in the whole file. `init` cannot be named; of several the first counts.
    pub(super) fn show_in_package(&mut self, id: DeclId) {
        let symbol = self.symbol(self.declarations[id.index()].range.clone());
        let declaration = &mut self.declarations[id.index()];
        let is_init = declaration.kind == Kind::Func && declaration.name == "init";
        if !is_init {
            declaration.scope = 0..self.text.len();
            self.package.entry(symbol).or_insert(id);
        }
    }

    /// The name declares an object in the innermost block.
    pub(super) fn declare(
        &mut self,
        slot: Slot,
        kind: Kind,
        from: usize,
        owner: Option<Range<usize>>,
    ) -> DeclId {
        let id = self.declare_hidden(slot, kind, owner);
        self.show(id, from);
        id
    }

    /// The name stands left of `:=`: it declares an object unless the same block has one already.
    pub(super) fn declare_short(
        &mut self,
        slot: Slot,
        kind: Kind,
        from: usize,
        owner: Option<Range<usize>>,
    ) {
        let depth = self.blocks.len();
        match self.innermost(self.names[slot.0].symbol) {
            Some((id, declared)) if declared == depth => {
                self.settle(slot, Resolution::Declared(id));
            }
            _ => {
                self.declare(slot, kind, from, owner);
            }
        }
    }

    /// The name is that of a declaration which is visible already, made ahead of it.
    pub(super) fn declared_ahead(&mut self, slot: Slot) {
        let met = &self.names[slot.0];
        let ahead = self
            .innermost(met.symbol)
            .filter(|(id, _)| self.declarations[id.index()].range == met.range);
        match ahead {
            Some((id, _)) => self.declared_by(slot, id),
            None => self.refer(slot),
        }
    }

    pub(super) fn set_scope(&mut self, id: DeclId, scope: Range<usize>) {
        self.declarations[id.index()].scope = scope;
    }

    /// Sets where declarations end to be visible: a clause reaches to the next.
    pub(super) fn extend(&mut self, ids: &[DeclId], end: usize) {
        for id in ids {
            let scope = &mut self.declarations[id.index()].scope;
            scope.end = end.max(scope.start);
        }
    }

    pub(super) fn is_blank(&self, range: Range<usize>) -> bool {
        &self.text[range] == "_"
    }

    pub(super) fn met(&self, slot: Slot) -> &Met {
        &self.names[slot.0]
    }
}

/// Settles what no block of a function declares, and groups the uses.
pub(super) fn finish(parsed: &Parsed, walked: Walked<'_>) -> Scope {
    let Walked {
        mut binder,
        literals,
    } = walked;
    for met in &mut binder.names {
        if met.meaning.is_none() {
            met.meaning = binder
                .package
                .get(&met.symbol)
                .copied()
                .map(Resolution::Declared);
        }
    }
    let imports = imports(parsed);
    let import_names = name_imports(&imports, &binder);
    settle_beyond_package(&mut binder, &imports, &import_names);
    literal::settle_keys(&mut binder.names, &literals);
    group(binder, imports, import_names)
}

/// Chooses each import's name among its candidates: the first that the file uses as a package and that no better
/// placed candidate of another import has taken.
fn name_imports(imports: &[Import], binder: &Binder<'_>) -> Vec<Option<String>> {
    let mut wanted = vec![false; binder.bindings.len()];
    for met in binder
        .names
        .iter()
        .filter(|met| met.meaning.is_none() && met.qualifies)
    {
        wanted[met.symbol.0 as usize] = true;
    }
    let is_wanted = |name: &str| {
        binder
            .symbols
            .get(name)
            .is_some_and(|symbol| wanted[symbol.0 as usize])
    };
    let candidates: Vec<_> = imports.iter().map(local_names).collect();
    let mut chosen: Vec<Option<String>> = imports
        .iter()
        .map(|import| match &import.alias {
            Alias::Named(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    for rank in 0..candidates.iter().map(Vec::len).max().unwrap_or(0) {
        for (index, names) in candidates.iter().enumerate() {
            let Some(name) = names.get(rank) else {
                continue;
            };
            let is_taken = chosen.iter().any(|taken| taken.as_ref() == Some(name));
            if chosen[index].is_none() && !is_taken && is_wanted(name) {
                chosen[index] = Some(name.clone());
            }
        }
    }
    for (name, candidates) in chosen.iter_mut().zip(candidates) {
        if name.is_none() {
            *name = candidates.into_iter().next();
        }
    }
    chosen
}

fn settle_beyond_package(
    binder: &mut Binder<'_>,
    imports: &[Import],
    import_names: &[Option<String>],
) {
    let mut by_symbol: HashMap<Symbol, usize> = HashMap::new();
    for (index, name) in import_names.iter().enumerate() {
        if let Some(symbol) = name.as_deref().and_then(|name| binder.symbols.get(name)) {
            by_symbol.entry(*symbol).or_insert(index);
        }
    }
    for met in &mut binder.names {
        if met.meaning.is_some() {
            continue;
        }
        // A name that the spec does not give is a guess; it holds only where a package can stand.
        let import = by_symbol
            .get(&met.symbol)
            .filter(|index| met.qualifies || imports[**index].alias != Alias::None);
        met.meaning = Some(match import {
            Some(index) => Resolution::Import(*index),
            None if is_predeclared(&binder.text[met.range.clone()]) => Resolution::Universe,
            None => Resolution::Unresolved,
        });
    }
}

fn group(binder: Binder<'_>, imports: Vec<Import>, import_names: Vec<Option<String>>) -> Scope {
    let mut groups: Vec<Vec<Range<usize>>> = vec![Vec::new(); binder.declarations.len()];
    let mut import_uses = vec![Vec::new(); imports.len()];
    let mut names = Vec::with_capacity(binder.names.len());
    for met in binder.names {
        let resolution = met.meaning.unwrap_or(Resolution::Unresolved);
        match resolution {
            Resolution::Declared(id) if !met.declares => groups[id.index()].push(met.range.clone()),
            Resolution::Import(index) => import_uses[index].push(met.range.clone()),
            _ => {}
        }
        names.push(Name {
            range: met.range,
            resolution,
        });
    }
    let mut by_name: HashMap<String, Vec<DeclId>> = HashMap::new();
    for (index, declaration) in (0..).zip(&binder.declarations) {
        by_name
            .entry(declaration.name.clone())
            .or_default()
            .push(DeclId(index));
    }
    let mut uses = Vec::new();
    let mut uses_from = vec![0];
    for mut group in groups {
        uses.append(&mut group);
        uses_from.push(uses.len());
    }
    Scope {
        names,
        declarations: binder.declarations,
        uses,
        uses_from,
        by_name,
        imports,
        import_names,
        import_uses,
    }
}
