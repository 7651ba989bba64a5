//! Predicates about imports as a whole.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::{
    go::{imports::candidate_names, scope::Resolution},
    matcher::{binding::import_binding, object::resolve},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "import",
        &[Capture, Text],
        Some(Text),
        "`(#import? @id \"path\" …)`: the identifier is the local name of one of these imports, not shadowed",
        import,
    )
    .unless(is_other),
    PredicateKind::of(
        "file-imports",
        &[Text],
        Some(Text),
        "`(#file-imports? \"path\" …)`: the file imports one of these",
        file_imports,
    )
    .local(),
    PredicateKind::of(
        "import-calls",
        &[Capture, Text],
        Some(Text),
        "`(#import-calls? @id \"Clone\" …)`: all that the file does with this import is call these functions",
        import_calls,
    ),
    PredicateKind::of(
        "import-takes",
        &[Capture, Text],
        Some(Text),
        "`(#import-takes? @id \"Context\" …)`: all that the file takes from this import has one of these names",
        import_takes,
    ),
    PredicateKind::of(
        "same-name",
        &[Text, Text],
        None,
        "`(#same-name? \"a/x\" \"b/x\")`: the two import paths suggest the same package name",
        same_name,
    ),
    PredicateKind::of(
        "free",
        &[Text],
        Some(Text),
        "`(#free? \"name\" …)`: the file neither declares nor imports anything by these names",
        free,
    ),
];

/// Whether nothing in the file, imports included, is declared by a name.
pub(super) fn free(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(0);
    let scope = call.facts.scope();
    let taken = names.iter().find(|name| {
        scope.declarations().iter().any(|d| d.name == **name) || scope.import_named(name).is_some()
    });
    call.verdict(taken.is_none(), || match taken {
        Some(name) => format!("the file declares `{name}`"),
        None => "the file declares none of these names".to_owned(),
    })
}

/// Whether the file imports a path, by any name.
pub(super) fn file_imports(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(0);
    let mut imports = call.facts.imports().iter();
    let found = imports.find(|import| paths.contains(&import.path.as_str()));
    call.verdict(found.is_some(), || match found {
        Some(import) => format!("the file imports `{}`", import.path),
        None => format!("the file does not import `{}`", paths.join("` or `")),
    })
}

/// Whether the identifier means something that is no import where it stands.
fn is_other(call: &Call<'_, '_>) -> bool {
    let means_other = |node: &Node<'_>| {
        matches!(
            call.facts.scope().resolve(*node),
            Resolution::Declared(_) | Resolution::Member | Resolution::Blank
        )
    };
    call.nodes(0).iter().any(means_other)
}

/// Whether all that the file does with an import is call these functions.
pub(super) fn import_calls(call: &Call<'_, '_>) -> Verdict {
    import_only(call, true)
}

/// Whether all that the file takes from an import has one of these names, whatever is done with it.
pub(super) fn import_takes(call: &Call<'_, '_>) -> Verdict {
    import_only(call, false)
}

fn import_only(call: &Call<'_, '_>, called: bool) -> Verdict {
    let names = call.texts(1);
    let scope = call.facts.scope();
    let root = call.facts.parsed.root();
    let odd = |node: Node<'_>| {
        let index = (0..scope.imports().len())
            .find(|i| spec_holds(call, *i, node))
            .or(match resolve(call.facts, node) {
                Resolution::Import(index) => Some(index),
                _ => None,
            })?;
        let uses = scope.import_uses(index);
        let odd = uses.iter().find(|used| {
            let node = root.named_descendant_for_byte_range(used.start, used.end);
            !node.is_some_and(|n| takes_one_of(call, n, &names, called))
        });
        // What nobody uses is called otherwise than its path says.
        (!uses.is_empty()).then(|| odd.map(|used| used.start))
    };
    call.each(
        |node| odd(node).map(|found| found.is_none()).into(),
        |answer, node| {
            let at = call.nodes(0).first().and_then(|n| odd(*n)).flatten();
            let line = call.facts.parsed.text()[..at.unwrap_or(0)]
                .matches('\n')
                .count()
                + 1;
            match answer {
                Answer::Yes => format!("the file takes nothing else from {node}"),
                Answer::No => format!("the file takes something else from {node} at line {line}"),
                Answer::Unknown => format!("what the file takes from {node} cannot be known"),
            }
        },
    )
}

/// Whether a node lies in the spec of an import.
fn spec_holds(call: &Call<'_, '_>, index: usize, node: Node<'_>) -> bool {
    let range = &call.facts.scope().imports()[index].range;
    range.start <= node.start_byte() && node.end_byte() <= range.end
}

fn takes_one_of(call: &Call<'_, '_>, package: Node<'_>, names: &[&str], called: bool) -> bool {
    let Some(parent) = package.parent() else {
        return false;
    };
    let field = match parent.kind() {
        "selector_expression" => "field",
        "qualified_type" if !called => "name",
        _ => return false,
    };
    let is_one = parent
        .child_by_field_name(field)
        .is_some_and(|f| names.contains(&call.text_of(f)));
    let is_call = parent.parent().is_some_and(|p| {
        p.kind() == "call_expression" && p.child_by_field_name("function") == Some(parent)
    });
    is_one && (is_call || !called)
}

/// Whether two import paths suggest the same package name.
pub(super) fn same_name(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(0);
    let [a, b] = paths[..] else {
        return call.verdict(Answer::Unknown, || "two paths are needed".to_owned());
    };
    let (a, b) = (candidate_names(a), candidate_names(b));
    let same = a.first().is_some_and(|name| b.first() == Some(name));
    call.verdict(same, || {
        let first = |names: &[String]| names.first().cloned().unwrap_or_default();
        format!(
            "the packages are called `{}` and `{}`",
            first(&a),
            first(&b)
        )
    })
}

pub(super) fn import(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(1);
    call.each(
        |node| import_binding(call.facts, node, &paths),
        |answer, node| {
            let paths = paths.join("` or `");
            match answer {
                Answer::Yes => format!("{node} names the import `{paths}`"),
                Answer::No => format!("{node} does not name the import `{paths}` here"),
                Answer::Unknown => format!("{node} may or may not name the import `{paths}`: only the package says what it is called"),
            }
        },
    )
}
