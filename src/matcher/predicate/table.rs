//! The table of predicates: the entries of every family. Adding a predicate is adding one entry to its family's.

use super::{
    PredicateKind, assigned, balance, callee, channel, control, deferred, file, imports, mentioned,
    object, package, path, paths, place, resource, text, typed, types, uses,
};

static FAMILIES: &[&[PredicateKind]] = &[
    text::PREDICATES,
    file::PREDICATES,
    imports::PREDICATES,
    place::PREDICATES,
    control::PREDICATES,
    path::PREDICATES,
    paths::PREDICATES,
    object::PREDICATES,
    assigned::PREDICATES,
    uses::PREDICATES,
    mentioned::PREDICATES,
    typed::PREDICATES,
    types::PREDICATES,
    callee::PREDICATES,
    resource::PREDICATES,
    deferred::PREDICATES,
    channel::PREDICATES,
    balance::PREDICATES,
    package::PREDICATES,
];

/// Every predicate, family by family.
pub fn all() -> impl Iterator<Item = &'static PredicateKind> {
    FAMILIES.iter().copied().flatten()
}

/// The entry for `name` (without `#`, `not-` and `?`).
pub fn find(name: &str) -> Option<&'static PredicateKind> {
    all().find(|kind| kind.name == name)
}
