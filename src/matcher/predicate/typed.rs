//! Predicates about what an expression is: its type, as far as declarations of this file write it down,
//! and what is selected from it.

use tree_sitter::Node;

use super::{Answer, Call, Verdict};
use crate::{
    go::{
        control::descendants,
        scope::{Kind, Resolution},
    },
    matcher::{Facts, binding::import_binding},
};

/// How many declarations are followed from one expression.
const MAX_STEPS: usize = 8;

/// A type that is written somewhere, and how many pointers to it are taken.
#[derive(Clone, Copy)]
struct Written<'t> {
    node: Node<'t>,
    pointers: usize,
}

pub(super) fn is_type(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    call.each(
        |node| match type_of(call.facts, node, MAX_STEPS) {
            Some(written) => compare(call.facts, written, &wanted),
            None => Answer::Unknown,
        },
        |answer, node| {
            let wanted = wanted.join("` or `");
            match answer {
                Answer::Yes => format!("{node} is a `{wanted}`"),
                Answer::No => format!("{node} is no `{wanted}`"),
                Answer::Unknown => format!("the type of {node} is not known"),
            }
        },
    )
}

/// Whether the subtree holds exactly one selector with one of the fields on an operand that is spelled like the second
/// capture.
pub(super) fn selects_once(call: &Call<'_, '_>) -> Verdict {
    let fields = call.texts(2);
    let Some(wanted) = call.nodes(1).first().map(|node| call.text_of(*node)) else {
        return call.vacuous();
    };
    let is_wanted = |node: Node<'_>, field: &str| {
        node.child_by_field_name(field)
            .map(|part| &call.facts.parsed.text()[part.byte_range()])
    };
    call.each(
        |node| {
            let all = descendants(node, true);
            let found = all.into_iter().filter(|d| {
                d.kind() == "selector_expression"
                    && is_wanted(*d, "operand") == Some(wanted)
                    && is_wanted(*d, "field").is_some_and(|field| fields.contains(&field))
            });
            Answer::from(found.count() == 1)
        },
        |answer, node| {
            let verb = if answer == Answer::Yes {
                "selects"
            } else {
                "does not select"
            };
            format!(
                "{node} {verb} `{}` from `{wanted}` exactly once",
                fields.join("` or `")
            )
        },
    )
}

/// Whether every use of the object is a selection of one of these fields or methods from it. Unknown for what this file
/// does not declare.
pub(super) fn only_selects(call: &Call<'_, '_>) -> Verdict {
    let fields = call.texts(1);
    let root = call.facts.parsed.root();
    let is_selection = |used: &std::ops::Range<usize>| {
        let operand = root.descendant_for_byte_range(used.start, used.end)?;
        let selector = operand
            .parent()
            .filter(|p| p.kind() == "selector_expression")?;
        let field = call.text_of(selector.child_by_field_name("field")?);
        (selector.child_by_field_name("operand")? == operand && fields.contains(&field))
            .then_some(())
    };
    call.each(
        |node| match call.facts.scope().resolve(node) {
            Resolution::Declared(id) => Answer::from(
                call.facts
                    .scope()
                    .uses(id)
                    .iter()
                    .all(|used| is_selection(used).is_some()),
            ),
            _ => Answer::Unknown,
        },
        |answer, node| match answer {
            Answer::Yes => format!("{node} is used for `{}` only", fields.join("` and `")),
            Answer::No => format!("{node} is used for more than `{}`", fields.join("` and `")),
            Answer::Unknown => format!("{node} is not declared in this file"),
        },
    )
}

/// The type of an expression, where declarations of this file lead to one that is written.
fn type_of<'t>(facts: &Facts<'t>, node: Node<'t>, steps: usize) -> Option<Written<'t>> {
    let steps = steps.checked_sub(1)?;
    let written = |node, pointers| Some(Written { node, pointers });
    match node.kind() {
        "identifier" => declared_type(facts, node, steps),
        "parenthesized_expression" => type_of(facts, node.named_child(0)?, steps),
        "composite_literal" => written(node.child_by_field_name("type")?, 0),
        "unary_expression" => {
            let operand = node.child_by_field_name("operand")?;
            let inner = type_of(facts, operand, steps)?;
            (node.child_by_field_name("operator")?.kind() == "&").then_some(Written {
                pointers: inner.pointers + 1,
                ..inner
            })
        }
        "call_expression" => {
            let function = node.child_by_field_name("function")?;
            let is_new = facts.parsed.text_of(function) == "new"
                && facts.scope().resolve(function) == Resolution::Universe;
            let argument = node.child_by_field_name("arguments")?.named_child(0)?;
            let is_written = matches!(argument.kind(), "qualified_type" | "type_identifier");
            if is_new && is_written {
                written(argument, 1)
            } else {
                None
            }
        }
        "selector_expression" => {
            let owner = type_of(facts, node.child_by_field_name("operand")?, steps)?;
            let field = facts.parsed.text_of(node.child_by_field_name("field")?);
            field_type(facts, owner, field)
        }
        _ => None,
    }
}

/// The type with which the identifier's object is declared, or that of the value it is declared by.
fn declared_type<'t>(facts: &Facts<'t>, node: Node<'t>, steps: usize) -> Option<Written<'t>> {
    let Resolution::Declared(id) = facts.scope().resolve(node) else {
        return None;
    };
    let declaration = facts.scope().declaration(id);
    if !matches!(
        declaration.kind,
        Kind::Var | Kind::Param | Kind::Result | Kind::Receiver
    ) {
        return None;
    }
    let range = &declaration.range;
    let name = facts
        .parsed
        .root()
        .descendant_for_byte_range(range.start, range.end)?;
    let parent = name.parent()?;
    match parent.kind() {
        "parameter_declaration" => written_type(parent),
        "var_spec" if parent.child_by_field_name("type").is_some() => written_type(parent),
        "var_spec" => {
            let mut cursor = parent.walk();
            let index = parent
                .children_by_field_name("name", &mut cursor)
                .position(|n| n == name)?;
            value(
                facts,
                parent.child_by_field_name("value")?,
                index,
                index_of_last_name(parent),
                steps,
            )
        }
        "expression_list" => {
            let statement = parent
                .parent()
                .filter(|s| s.kind() == "short_var_declaration")?;
            let names = members(parent);
            let index = names.iter().position(|n| *n == name)?;
            value(
                facts,
                statement.child_by_field_name("right")?,
                index,
                names.len(),
                steps,
            )
        }
        _ => None,
    }
}

fn index_of_last_name(spec: Node<'_>) -> usize {
    let mut cursor = spec.walk();
    spec.children_by_field_name("name", &mut cursor)
        .filter(tree_sitter::Node::is_named)
        .count()
}

fn written_type(declaration: Node<'_>) -> Option<Written<'_>> {
    let node = declaration.child_by_field_name("type")?;
    Some(Written { node, pointers: 0 })
}

/// The type of value `index` of as many values as there are names.
fn value<'t>(
    facts: &Facts<'t>,
    list: Node<'t>,
    index: usize,
    names: usize,
    steps: usize,
) -> Option<Written<'t>> {
    let values = members(list);
    (values.len() == names)
        .then(|| type_of(facts, values[index], steps))
        .flatten()
}

fn members(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter(|n| n.kind() != "comment")
        .collect()
}

/// The type of a field that a struct type of this file declares; embedded fields are not looked into.
fn field_type<'t>(facts: &Facts<'t>, owner: Written<'t>, field: &str) -> Option<Written<'t>> {
    let (pointers, base) = base(owner);
    if pointers > 1 {
        return None; // selectors go through one pointer only
    }
    let fields = match base.kind() {
        "struct_type" => base,
        "type_identifier" => {
            let Resolution::Declared(id) = facts.scope().resolve(base) else {
                return None;
            };
            let range = &facts.scope().declaration(id).range;
            let name = facts
                .parsed
                .root()
                .descendant_for_byte_range(range.start, range.end)?;
            let spec = name.parent().filter(|spec| spec.kind() == "type_spec")?;
            spec.child_by_field_name("type")
                .filter(|t| t.kind() == "struct_type")?
        }
        _ => return None,
    };
    let list = fields.named_child(0)?;
    let mut cursor = list.walk();
    list.named_children(&mut cursor).find_map(|declaration| {
        let mut cursor = declaration.walk();
        declaration
            .children_by_field_name("name", &mut cursor)
            .any(|name| facts.parsed.text_of(name) == field)
            .then(|| written_type(declaration))
            .flatten()
    })
}

/// The pointers around a type and what they point to.
fn base(written: Written<'_>) -> (usize, Node<'_>) {
    let Written {
        mut node,
        mut pointers,
    } = written;
    loop {
        let inner = match node.kind() {
            "pointer_type" => {
                pointers += 1;
                node.named_child(0)
            }
            "parenthesized_type" => node.named_child(0),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return (pointers, node),
        }
    }
}

/// Whether a written type is one of `wanted` (`*path.Name`); unknown where an alias may hide one.
fn compare(facts: &Facts<'_>, written: Written<'_>, wanted: &[&str]) -> Answer {
    let (pointers, base) = base(written);
    let mut answer = Answer::No;
    for text in wanted {
        let name = text.trim_start_matches('*');
        let answered = match name.rsplit_once('.') {
            _ if text.len() - name.len() != pointers => Answer::No,
            Some((path, name)) => is_named(facts, base, path, name),
            None => Answer::from(is_predeclared_type(facts, base, name)),
        };
        match answered {
            Answer::Yes => return Answer::Yes,
            Answer::Unknown => answer = Answer::Unknown,
            Answer::No => {}
        }
    }
    answer
}

fn is_predeclared_type(facts: &Facts<'_>, base: Node<'_>, name: &str) -> bool {
    base.kind() == "type_identifier"
        && facts.parsed.text_of(base) == name
        && facts.scope().resolve(base) == Resolution::Universe
}

fn is_named(facts: &Facts<'_>, base: Node<'_>, path: &str, name: &str) -> Answer {
    match base.kind() {
        "qualified_type" => {
            let (Some(package), Some(written)) = (
                base.child_by_field_name("package"),
                base.child_by_field_name("name"),
            ) else {
                return Answer::Unknown;
            };
            match import_binding(facts, package, &[path]) {
                Answer::Yes => Answer::from(facts.parsed.text_of(written) == name),
                // A type of another package may be an alias of the one that is wanted.
                Answer::No | Answer::Unknown => Answer::Unknown,
            }
        }
        "type_identifier" => match facts.scope().resolve(base) {
            Resolution::Universe => Answer::No,
            Resolution::Declared(id) => {
                let range = &facts.scope().declaration(id).range;
                let name = facts
                    .parsed
                    .root()
                    .descendant_for_byte_range(range.start, range.end);
                let defined = name
                    .and_then(|n| n.parent())
                    .is_some_and(|p| p.kind() == "type_spec");
                if defined { Answer::No } else { Answer::Unknown }
            }
            _ if facts.parsed.text_of(base) == name
                && import_binding(facts, base, &[path]) == Answer::Yes =>
            {
                Answer::Yes
            }
            _ => Answer::Unknown,
        },
        "map_type" | "slice_type" | "array_type" | "channel_type" | "function_type"
        | "struct_type" | "interface_type" => Answer::No,
        _ => Answer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::matcher::testing::{NO, UNKNOWN, YES, both, context};

    fn ask(source: &str) -> (bool, bool) {
        let source = format!("package p\n\nimport \"sync\"\n\n{source}\n");
        let shape = "(call_expression function: (selector_expression operand: (_) @x field: (field_identifier) @f))";
        let shape = format!("{shape} (#eq? @f \"Probe\")");
        both(
            &shape,
            "(#type? @x \"sync.WaitGroup\" \"*sync.WaitGroup\")",
            &context("a.go"),
            &source,
        )
    }

    #[test]
    fn a_written_type_is_known() {
        for declaration in [
            "var x sync.WaitGroup",
            "var x, y sync.WaitGroup",
            "var x = sync.WaitGroup{}",
            "var y, x = 1, &sync.WaitGroup{}",
            "x := &sync.WaitGroup{}",
            "y, x := 1, new(sync.WaitGroup)",
            "w := sync.WaitGroup{}; x := &w",
            "x := (sync.WaitGroup{})",
        ] {
            assert_eq!(
                ask(&format!("func f() {{ {declaration}; x.Probe() }}")),
                YES,
                "{declaration}"
            );
        }
        for signature in ["x *sync.WaitGroup", "y int, x, z sync.WaitGroup"] {
            assert_eq!(
                ask(&format!("func f({signature}) {{ x.Probe() }}")),
                YES,
                "{signature}"
            );
        }
    }

    #[test]
    fn fields_of_structs_of_the_file_are_known() {
        let s = "type s struct { a, wg sync.WaitGroup; p *sync.WaitGroup; mu sync.Mutex }\n";
        for (body, answer) in [
            ("func (s *s) f() { s.wg.Probe() }", YES),
            ("func (s s) f() { s.p.Probe() }", YES),
            ("func (s *s) f() { s.mu.Probe() }", NO),
            ("func (s **s) f() { s.wg.Probe() }", UNKNOWN),
            (
                "func f() { var v struct{ wg sync.WaitGroup }; v.wg.Probe() }",
                YES,
            ),
            ("func f(t *other) { t.wg.Probe() }", UNKNOWN),
        ] {
            assert_eq!(ask(&format!("{s}{body}")), answer, "{body}");
        }
    }

    #[test]
    fn other_types_are_told_apart_and_aliases_are_not_known() {
        for (body, answer) in [
            ("func f() { var x sync.Mutex; x.Probe() }", NO),
            ("func f() { var x **sync.WaitGroup; x.Probe() }", NO),
            ("func f() { var x int; x.Probe() }", NO),
            ("type g sync.WaitGroup\nfunc f() { var x g; x.Probe() }", NO),
            (
                "type g = sync.WaitGroup\nfunc f() { var x g; x.Probe() }",
                UNKNOWN,
            ),
            ("func f() { var x other.WaitGroup; x.Probe() }", UNKNOWN),
            ("func f() { x := g(); x.Probe() }", UNKNOWN),
            ("func f() { x, y := g(), 1; _ = y; x.Probe() }", UNKNOWN),
            ("func f(x ...sync.WaitGroup) { x.Probe() }", UNKNOWN),
            ("func f() { for x := range sync.X { x.Probe() } }", UNKNOWN),
            (
                "func f(sync T) { var x sync.WaitGroup; x.Probe() }",
                UNKNOWN,
            ),
            (
                "func f() { x := new(sync.WaitGroup); { x := 1; x.Probe() } }",
                UNKNOWN,
            ),
            ("func f() { g().Probe() }", UNKNOWN),
        ] {
            assert_eq!(ask(body), answer, "{body}");
        }
    }

    #[test]
    fn selections_are_counted_wherever_they_stand() {
        let ask = |body: &str| {
            let source = format!("package p\n\nfunc f() {{ x.Probe(); {body} }}\n");
            let shape = "(function_declaration body: (block (statement_list . (expression_statement (call_expression \
                         function: (selector_expression operand: (_) @x))))) @b)";
            both(
                shape,
                "(#selects-once? @b @x \"Done\" \"End\")",
                &context("a.go"),
                &source,
            )
        };
        assert_eq!(ask("x.Done()"), YES);
        assert_eq!(ask("go func() { defer x.End() }()"), YES);
        assert_eq!(ask("y.Done()"), NO);
        assert_eq!(ask("x.Done(); use(x.End)"), NO);
        assert_eq!(ask("y.x.Done()"), NO);
    }

    #[test]
    fn every_use_counts_and_other_objects_of_that_name_do_not() {
        let ask = |body: &str| {
            let source = format!("package p\n\nfunc f() {{ x, err := g(); {body} }}\n");
            let shape = "(short_var_declaration left: (expression_list . (identifier) @x . (identifier) .))";
            both(
                shape,
                "(#only-selects? @x \"A\" \"B\")",
                &context("a.go"),
                &source,
            )
        };
        assert_eq!(ask(""), YES);
        assert_eq!(
            ask("use(x.A, func() { x.B() }); { var x = 1; use(x) }"),
            YES
        );
        assert_eq!(ask("use(x.A, x.C)"), NO);
        assert_eq!(ask("use(x)"), NO);
        assert_eq!(ask("x = nil"), NO);
        assert_eq!(ask("go func() { y.x, _ = x, 1 }()"), NO);
    }
}
