//! Which calls never return: `panic`, `os.Exit`, `runtime.Goexit`, `log.Fatal*` and `log.Panic*`, and the methods of
//! `testing` that end the test. A call of any other function is taken to return.

use tree_sitter::Node;

use super::{Facts, binding::import_binding, object::resolve, predicate::Answer};
use crate::go::scope::{Kind, Resolution};

/// Functions of packages that never return.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("os", &["Exit"]),
    ("syscall", &["Exit"]),
    ("runtime", &["Goexit"]),
    (
        "log",
        &["Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"],
    ),
];

/// Methods of `*testing.T`, `*testing.B`, `*testing.F` and `testing.TB` that end the test's goroutine.
const TEST_METHODS: &[&str] = &["Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow"];

/// Whether a `call_expression` never returns. Unknown for a method that is called as one of the above is, on a value
/// whose type is not visible (a logger's `Fatal`, say).
pub fn never_returns(facts: &Facts<'_>, call: Node<'_>) -> Option<bool> {
    let function = call.child_by_field_name("function")?;
    match function.kind() {
        "identifier" => Some(
            facts.parsed.text_of(function) == "panic"
                && resolve(facts, function) == Resolution::Universe,
        ),
        "selector_expression" => method_never_returns(facts, function),
        _ => Some(false),
    }
}

fn method_never_returns(facts: &Facts<'_>, selector: Node<'_>) -> Option<bool> {
    let operand = selector.child_by_field_name("operand")?;
    let name = facts.parsed.text_of(selector.child_by_field_name("field")?);
    let ends_somewhere =
        TEST_METHODS.contains(&name) || FUNCTIONS.iter().any(|(_, names)| names.contains(&name));
    if !ends_somewhere {
        return Some(false);
    }
    if operand.kind() != "identifier" {
        return None;
    }
    if let Resolution::Declared(id) = facts.scope().resolve(operand) {
        let declaration = facts.scope().declaration(id);
        let typed = matches!(declaration.kind, Kind::Param | Kind::Var);
        let range = &declaration.range;
        let name_node = facts
            .parsed
            .root()
            .named_descendant_for_byte_range(range.start, range.end);
        let is_test = typed && name_node.is_some_and(|n| has_test_type(facts, n));
        return (is_test && TEST_METHODS.contains(&name)).then_some(true);
    }
    let mut of_known_import = false;
    for (path, names) in FUNCTIONS {
        match import_binding(facts, operand, &[path]) {
            Answer::Yes if names.contains(&name) => return Some(true),
            Answer::Yes => of_known_import = true,
            Answer::No => {}
            Answer::Unknown => return None,
        }
    }
    of_known_import.then_some(false)
}

/// Whether an identifier declares a parameter or variable with the written type `*testing.T`, `*testing.B`, `*testing.F` or `testing.TB`.
fn has_test_type(facts: &Facts<'_>, declaration: Node<'_>) -> bool {
    let declared = declaration
        .parent()
        .filter(|p| matches!(p.kind(), "parameter_declaration" | "var_spec"))
        .and_then(|p| p.child_by_field_name("type"));
    let Some(declared) = declared else {
        return false;
    };
    let (pointer, named) = match declared.kind() {
        "pointer_type" => (true, declared.named_child(0)),
        _ => (false, Some(declared)),
    };
    let Some(named) = named.filter(|n| n.kind() == "qualified_type") else {
        return false;
    };
    let (Some(package), Some(name)) = (
        named.child_by_field_name("package"),
        named.child_by_field_name("name"),
    ) else {
        return false;
    };
    let is_test_type = match facts.parsed.text_of(name) {
        "T" | "B" | "F" => pointer,
        "TB" => !pointer,
        _ => false,
    };
    is_test_type && import_binding(facts, package, &["testing"]) == Answer::Yes
}
