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

#[cfg(test)]
mod tests {
    use super::{all, find};

    #[test]
    fn the_table_has_each_name_once_and_finds_it() {
        for kind in all() {
            let same = all().filter(|k| k.name == kind.name).count();
            assert_eq!(same, 1, "{}", kind.name);
            assert!(
                !kind.name.starts_with("not-"),
                "{} is its own negation",
                kind.name
            );
            assert!(std::ptr::eq(find(kind.name).expect("there"), kind));
            assert!(
                kind.help.contains(&format!("(#{}?", kind.name)),
                "{} has no usage",
                kind.name
            );
        }
        assert!(find("no-such").is_none());
    }
}
