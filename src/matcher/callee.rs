//! Which calls never return: `panic`, `os.Exit`, `runtime.Goexit`, `log.Fatal*` and `log.Panic*`, the methods of
//! `testing` that end the test, and functions of this file that end in nothing else. A call of any other function is taken
//! to return, unless its name says that it may not.

use tree_sitter::Node;

use super::{
    Facts,
    binding::import_binding,
    object::resolve,
    predicate::Answer,
    resources,
    typing::{Callee, callee},
};
use crate::go::{
    control::descendants,
    flow::Flow,
    scope::{Kind, Resolution},
};

/// Calls are looked into this deep.
const MAX_CALLS: usize = 16;

/// Words in the names of functions that may end the program, the goroutine or the test.
const ENDING_WORDS: &[&str] = &[
    "fatal",
    "exit",
    "abort",
    "panic",
    "die",
    "fail",
    "usage",
    "skip",
    "throw",
    "crash",
    "bail",
    "unreachable",
];

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
/// whose type is not visible (a logger's `Fatal`, say), and for what is not declared in this file and by its name may end
/// the program (`usage`, `mustNotFail`).
pub fn never_returns(facts: &Facts<'_>, call: Node<'_>) -> Option<bool> {
    let function = call.child_by_field_name("function")?;
    let listed = match function.kind() {
        "identifier" => Some(
            facts.parsed.text_of(function) == "panic"
                && resolve(facts, function) == Resolution::Universe,
        ),
        "selector_expression" => method_never_returns(facts, function),
        _ => Some(false),
    };
    match callee(facts, resources::shipped(), call) {
        Callee::Known(known) if listed != Some(true) => match known.kind() {
            // What a variable holds is looked up when it is called.
            "func_literal" => ends(facts, known).filter(|ends| !ends),
            _ => ends(facts, known),
        },
        Callee::Unknown if listed == Some(false) => (!may_end(facts, function)).then_some(false),
        Callee::Imported(name) | Callee::Method(name) if listed == Some(false) => {
            // Of the standard library all are listed.
            let elsewhere = name
                .split('/')
                .next()
                .is_some_and(|host| host.contains('.'))
                && name.contains('/');
            (!elsewhere || !may_end(facts, function)).then_some(false)
        }
        _ => listed,
    }
}

/// Whether a function's name has a word of those that end the program.
fn may_end(facts: &Facts<'_>, function: Node<'_>) -> bool {
    let name = function.child_by_field_name("field").unwrap_or(function);
    let name = facts.parsed.text_of(name).to_lowercase();
    ENDING_WORDS.iter().any(|word| name.contains(word))
}

/// Whether no call of this function returns. One that calls itself is taken to return there; one that defers something may
/// recover.
fn ends(facts: &Facts<'_>, function: Node<'_>) -> Option<bool> {
    if let Some(known) = facts.endings.borrow().get(&function.id()) {
        return *known;
    }
    if facts.depth.get() >= MAX_CALLS {
        return None;
    }
    let Some(body) = function.child_by_field_name("body") else {
        return Some(false);
    };
    facts
        .endings
        .borrow_mut()
        .insert(function.id(), Some(false));
    facts.depth.set(facts.depth.get() + 1);
    let flow = Flow::of(facts.parsed, function, &|call| never_returns(facts, call));
    facts.depth.set(facts.depth.get() - 1);
    let recovers = || {
        descendants(body, false)
            .iter()
            .any(|n| n.kind() == "defer_statement")
    };
    let found = match flow.and_then(|f| f.returns()) {
        Some(false) if recovers() => None,
        returns => returns.map(|r| !r),
    };
    facts.endings.borrow_mut().insert(function.id(), found);
    found
}

/// Whether a `call_expression` ends the whole program on the spot, without running deferred calls: `os.Exit`, `log.Fatal*`.
/// Unknown where [`never_returns`] is.
pub fn ends_program(facts: &Facts<'_>, call: Node<'_>) -> Option<bool> {
    if !never_returns(facts, call)? {
        return Some(false);
    }
    let function = call.child_by_field_name("function")?;
    let Some(operand) = function.child_by_field_name("operand") else {
        // A function of this file that never returns may do so by either.
        let is_panic = resolve(facts, function) == Resolution::Universe;
        return is_panic.then_some(false);
    };
    let name = facts.parsed.text_of(function.child_by_field_name("field")?);
    let exits = name == "Exit" || name.starts_with("Fatal");
    Some(exits && import_binding(facts, operand, &["os", "syscall", "log"]) == Answer::Yes)
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
