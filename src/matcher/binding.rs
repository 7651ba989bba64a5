//! Which import an identifier names. In: an identifier and import paths. Out: yes, no, or unknown where only the
//! package's own `package` clause could tell.

use tree_sitter::Node;

use super::{Facts, predicate::Answer};
use crate::go::{
    imports::{Alias, Import, candidate_names},
    scope::Resolution,
};

/// Whether `ident` means one of the imports `paths` where it stands, or a name that a dot import of one of them brings.
pub fn import_binding(facts: &Facts<'_>, ident: Node<'_>, paths: &[&str]) -> Answer {
    let wanted = |import: &Import| paths.contains(&import.path.as_str());
    let name = facts.parsed.text_of(ident);
    match facts.scope().resolve(ident) {
        Resolution::Import(index) => {
            let answer = wanted(&facts.imports()[index]);
            let doubted = others_called(facts, index, name).any(|other| wanted(other) != answer);
            if doubted {
                Answer::Unknown
            } else {
                Answer::from(answer)
            }
        }
        Resolution::Unresolved => {
            let may_be = (0..facts.imports().len())
                .any(|i| wanted(&facts.imports()[i]) && is_nameless(facts, i));
            if may_be {
                Answer::Unknown
            } else {
                dot_import(facts, name, paths)
            }
        }
        Resolution::Unknown => Answer::Unknown,
        Resolution::Declared(_) | Resolution::Universe | Resolution::Member | Resolution::Blank => {
            Answer::No
        }
    }
}

/// The imports besides `index` that may be what is called `name`. There are none where the name of `index` is certain:
/// a file cannot give one name to two imports.
fn others_called<'f>(
    facts: &'f Facts<'_>,
    index: usize,
    name: &'f str,
) -> impl Iterator<Item = &'f Import> {
    let imports = facts.imports();
    let certain = !is_guessed(&imports[index]);
    (0..imports.len())
        .filter(move |i| !certain && *i != index && is_nameless(facts, *i))
        .map(move |i| &imports[i])
        .filter(move |i| candidate_names(&i.path).iter().any(|n| n == name))
}

/// Whether an import's name is not written and no name that its path suggests is used in the file, so that it may be
/// known by any other.
fn is_nameless(facts: &Facts<'_>, index: usize) -> bool {
    is_guessed(&facts.imports()[index]) && facts.scope().import_uses(index).is_empty()
}

/// Whether an import's name is only suggested by its path. Packages of the standard library, whose paths have no dot in
/// the first element, are called as their path says.
fn is_guessed(import: &Import) -> bool {
    let first = import.path.split('/').next().unwrap_or_default();
    import.alias == Alias::None && first.contains('.')
}

/// An exported name that nothing declares comes from the dot import, if there is just one.
fn dot_import(facts: &Facts<'_>, name: &str, paths: &[&str]) -> Answer {
    let dots = || facts.imports().iter().filter(|i| i.alias == Alias::Dot);
    let hits = dots().filter(|i| paths.contains(&i.path.as_str())).count();
    if hits == 0 || !name.starts_with(char::is_uppercase) {
        return Answer::No;
    }
    if hits == dots().count() {
        Answer::Yes
    } else {
        Answer::Unknown
    }
}
