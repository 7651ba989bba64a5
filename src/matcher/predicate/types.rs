//! Predicates about the types of expressions.

use tree_sitter::Node;

use super::{
    Answer, Call,
    Parameter::{Capture, Text},
    PredicateKind, Verdict,
};
use crate::go::{
    control::descendants,
    types::{Type, stdlib::read_type_text},
};

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "type",
        &[Capture, Text],
        Some(Text),
        "`(#type? @x \"*net/http.Response\" …)`: the type of the expression is known and is one of these, named by import path",
        is_type,
    ),
    PredicateKind::of(
        "same-type",
        &[Capture, Capture],
        None,
        "`(#same-type? @a @b)`: the types of both expressions are known and are the same",
        same_type,
    ),
    PredicateKind::of(
        "kind",
        &[Capture, Text],
        Some(Text),
        "`(#kind? @x \"slice\" \"array\" …)`: what the type of the expression stands for is known and of one of these kinds, as package reflect calls them",
        is_kind,
    ),
    PredicateKind::of(
        "implements",
        &[Capture, Text],
        Some(Text),
        "`(#implements? @x \"io.Closer\" …)`: the type of the expression is known and has all methods of one of these interfaces",
        implements,
    ),
    PredicateKind::of(
        "mentions-type",
        &[Capture, Text],
        Some(Text),
        "`(#mentions-type? @n \"*net/http.Request\" …)`: some identifier in the node has one of these types",
        mentions_type,
    ),
];

/// The type of an expression with its default where it is an untyped constant other than `nil`.
fn type_of(call: &Call<'_, '_>, node: Node<'_>) -> Option<Type> {
    let found = call.facts.typing().type_of(node)?.defaulted();
    found.is_known().then_some(found)
}

fn shown(call: &Call<'_, '_>, node: Node<'_>) -> String {
    type_of(call, node).map_or_else(|| "not known".to_owned(), |t| format!("`{t}`"))
}

/// No only where every name in the type is known to be no alias.
pub(super) fn is_type(call: &Call<'_, '_>) -> Verdict {
    let wanted: Vec<Type> = call.texts(1).into_iter().map(read_type_text).collect();
    call.each(
        |node| match type_of(call, node) {
            Some(found) if wanted.contains(&found) => Answer::Yes,
            Some(found) if call.facts.typing().is_settled(&found) => Answer::No,
            _ => Answer::Unknown,
        },
        |_, node| format!("the type of {node} is {}", first(call)),
    )
}

/// No only where every name in both types is known to be no alias.
pub(super) fn same_type(call: &Call<'_, '_>) -> Verdict {
    let [other] = call.nodes(1) else {
        return call.verdict(Answer::Unknown, || {
            "the second capture does not have exactly one node".to_owned()
        });
    };
    let wanted = type_of(call, *other);
    call.each(
        |node| match (type_of(call, node), &wanted) {
            (Some(a), Some(b)) if a == *b => Answer::Yes,
            (Some(a), Some(b)) => {
                let typing = call.facts.typing();
                let settled = typing.is_settled(&a) && typing.is_settled(b);
                if settled { Answer::No } else { Answer::Unknown }
            }
            _ => Answer::Unknown,
        },
        |_, node| {
            let (a, b) = (first(call), shown(call, *other));
            format!(
                "the type of {node} is {a}, that of {} is {b}",
                call.quoted(*other)
            )
        },
    )
}

pub(super) fn implements(call: &Call<'_, '_>) -> Verdict {
    let wanted: Vec<Type> = call.texts(1).into_iter().map(read_type_text).collect();
    call.each(
        |node| {
            let Some(found) = type_of(call, node) else {
                return Answer::Unknown;
            };
            let typing = call.facts.typing();
            let mut answer = Answer::No;
            for interface in &wanted {
                match typing.implements(&found, interface) {
                    Some(true) => return Answer::Yes,
                    Some(false) => {}
                    None => answer = Answer::Unknown,
                }
            }
            answer
        },
        |_, node| format!("the type of {node} is {}", first(call)),
    )
}

/// What kind of type an expression has, by the words of package reflect: that of what a declared type stands for.
pub(super) fn is_kind(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    call.each(
        |node| {
            let found = type_of(call, node).map(|t| call.facts.typing().underlying(&t));
            let kind = match found {
                Some(Type::Basic(name)) => name,
                Some(Type::Pointer(_)) => "pointer",
                Some(Type::Slice(_)) => "slice",
                Some(Type::Array(..)) => "array",
                Some(Type::Map(_)) => "map",
                Some(Type::Chan(..)) => "chan",
                Some(Type::Func(_)) => "func",
                Some(Type::Struct(_)) => "struct",
                Some(Type::Interface(_)) => "interface",
                _ => return Answer::Unknown,
            };
            wanted.contains(&kind).into()
        },
        |_, node| format!("the type of {node} is {}", first(call)),
    )
}

fn first(call: &Call<'_, '_>) -> String {
    call.nodes(0)
        .first()
        .map_or_else(String::new, |node| shown(call, *node))
}

/// Whether some identifier in the node has one of these types.
pub(super) fn mentions_type(call: &Call<'_, '_>) -> Verdict {
    let wanted = call.texts(1);
    let found = |node: Node<'_>| {
        let typing = call.facts.typing();
        let mut all = descendants(node, true);
        all.push(node);
        all.into_iter().any(|n| {
            n.kind() == "identifier"
                && typing
                    .type_of(n)
                    .is_some_and(|t| wanted.contains(&t.to_string().as_str()))
        })
    };
    call.each(
        |node| Answer::from(found(node)),
        |answer, node| {
            let verb = if answer == Answer::Yes {
                "mentions"
            } else {
                "does not mention"
            };
            format!("{node} {verb} a `{}`", wanted.join("` or a `"))
        },
    )
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
    fn other_types_are_told_apart_and_aliases_are_followed() {
        for (body, answer) in [
            ("func f() { var x sync.Mutex; x.Probe() }", NO),
            ("func f() { var x **sync.WaitGroup; x.Probe() }", NO),
            ("func f() { var x int; x.Probe() }", NO),
            ("type g sync.WaitGroup\nfunc f() { var x g; x.Probe() }", NO),
            (
                "type g = sync.WaitGroup\nfunc f() { var x g; x.Probe() }",
                YES,
            ),
            ("func f() { var x other.WaitGroup; x.Probe() }", UNKNOWN),
            ("func f() { x := g(); x.Probe() }", UNKNOWN),
            ("func f() { x, y := g(), 1; _ = y; x.Probe() }", UNKNOWN),
            ("func f(x ...sync.WaitGroup) { x.Probe() }", NO),
            ("func f() { for x := range sync.X { x.Probe() } }", UNKNOWN),
            (
                "func f(sync T) { var x sync.WaitGroup; x.Probe() }",
                UNKNOWN,
            ),
            (
                "func f() { x := new(sync.WaitGroup); { x := 1; x.Probe() } }",
                NO,
            ),
            ("func f() { g().Probe() }", UNKNOWN),
        ] {
            assert_eq!(ask(body), answer, "{body}");
        }
    }

    #[test]
    fn kinds_are_those_of_what_a_name_stands_for() {
        for (body, answer) in [
            ("func f(x []int) { x.Probe() }", YES),
            ("func f(x ...int) { x.Probe() }", YES),
            ("func f() { var x [3]int; x.Probe() }", YES),
            ("type t []int\ntype u t\nfunc f(x u) { x.Probe() }", YES),
            ("func f(x map[int]int) { x.Probe() }", NO),
            ("func f(x *[3]int) { x.Probe() }", NO),
            ("func f(x chan int) { x.Probe() }", NO),
            ("func f(x string) { x.Probe() }", NO),
            ("func f(x int) { x.Probe() }", NO),
            ("func f[S []int](x S) { x.Probe() }", UNKNOWN),
            ("func f(x other.T) { x.Probe() }", UNKNOWN),
            ("func f() { x := g(); x.Probe() }", UNKNOWN),
        ] {
            let source = format!("package p\n\n{body}\n");
            let shape = "(call_expression function: (selector_expression operand: (_) @x field: (field_identifier) @f)) (#eq? @f \"Probe\")";
            let asked = both(
                shape,
                "(#kind? @x \"slice\" \"array\")",
                &context("a.go"),
                &source,
            );
            assert_eq!(asked, answer, "{body}");
        }
    }

    #[test]
    fn method_sets_decide_what_implements_an_interface() {
        let ask = |body: &str| {
            let source = format!(
                "package p\n\nimport (\n\t\"bytes\"\n\t\"net/http\"\n\t\"os\"\n\t\"example.com/x\"\n)\n\n{body}\n"
            );
            let shape =
                "(call_expression function: (identifier) @f arguments: (argument_list (_) @x))";
            let shape = format!("{shape} (#eq? @f \"here\")");
            both(
                &shape,
                "(#implements? @x \"io.Closer\")",
                &context("a.go"),
                &source,
            )
        };
        for (body, answer) in [
            ("func f(a *os.File) { here(a) }", YES),
            ("func f(a os.File) { here(a) }", NO),
            ("func f(a *http.Response) { here(a.Body) }", YES),
            ("func f(a *http.Response) { here(a) }", NO),
            ("func f(a bytes.Buffer) { here(&a) }", NO),
            ("func f(a struct{ *os.File }) { here(a) }", YES),
            ("func f(a struct{ os.File }) { here(&a) }", YES),
            ("func f(a struct{ os.File }) { here(a) }", NO),
            ("func f(a interface{ Close() error; M() }) { here(a) }", YES),
            ("func f(a interface{ Close() }) { here(a) }", NO),
            ("func f(a x.T) { here(a) }", UNKNOWN),
            ("func f(a struct{ x.T }) { here(a) }", UNKNOWN),
            // Another file of the package may declare methods.
            ("type t struct{}\nfunc f(a t) { here(a) }", UNKNOWN),
            (
                "type t struct{}\nfunc (t) Close() error { return nil }\nfunc f(a t) { here(a) }",
                YES,
            ),
        ] {
            assert_eq!(ask(body), answer, "{body}");
        }
    }
}
