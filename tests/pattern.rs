//! What patterns match, construct by construct.

#[path = "pattern/bodies.rs"]
mod bodies;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use bodies::IN_BODIES;
use gomend::{
    codemod::{Origin, RuleQuery, load_pattern, load_text},
    diagnostic::render,
    go::syntax::Parsed,
    matcher::{Facts, FileContext, matches},
};

/// For each match the text of each public capture that has one, `name=text`, in order of the names; `@match` last.
fn found(query: &RuleQuery, source: &str) -> Vec<String> {
    let parsed = Parsed::new(Arc::from(source));
    let file = FileContext {
        path: Arc::from(Path::new("a.go")),
        go: None,
        generated: false,
    };
    let facts = Facts::new(&parsed, &file);
    let found = matches(query, &facts, parsed.root(), None).expect("within the limit");
    let show = |one: &gomend::matcher::Match<'_>| {
        let text = |name: &str| {
            let nodes = one.nodes(name);
            let start = nodes.iter().map(tree_sitter::Node::start_byte).min()?;
            let end = nodes.iter().map(tree_sitter::Node::end_byte).max()?;
            Some(
                source[start..end]
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let names = one
            .captures
            .keys()
            .filter(|n| !n.starts_with('_') && &***n != "match");
        let mut shown: Vec<String> = names
            .filter_map(|name| Some(format!("{name}={}", text(name)?)))
            .collect();
        if shown.is_empty() {
            shown.extend(text("match"));
        }
        shown.join(" | ")
    };
    found.iter().map(show).collect()
}

fn compiled(pattern: &str) -> RuleQuery {
    load_pattern(pattern).unwrap_or_else(|problems| panic!("{}", render(&problems, false)))
}

/// A file with a function that has this body.
fn body(text: &str) -> String {
    format!("package p\n\nfunc f() {{\n{text}\n}}\n")
}

#[test]
fn patterns_match_in_bodies() {
    let mut wrong = Vec::new();
    for (pattern, text, expected) in IN_BODIES {
        if expected.is_empty() && text.is_empty() {
            assert!(load_pattern(pattern).is_err(), "{pattern}");
            continue;
        }
        let query = compiled(pattern);
        let found = found(&query, &body(text));
        if found != *expected {
            wrong.push(format!(
                "{pattern}\n  in {text:?}\n  expected {expected:?}\n  found    {found:?}\n{}",
                query.text
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Pattern, what stands below the package clause, what is found there.
const IN_FILES: &[(&str, &str, &[&str])] = &[
    (
        "func @f(@p...) @r... { @b... }",
        "func a() {}\nfunc b(x int, y ...string) (int, error) { return 1, nil }\nfunc c[T any]() {}\nfunc (d D) e() {}",
        &[
            "f=a",
            "b=return 1, nil | f=b | p=x int, y ...string | r=(int, error)",
        ],
    ),
    (
        "func @f(@a..., ctx @C, @b...) { @s... }",
        "func a(ctx C) {}\nfunc b(x, y int, ctx a.B, z int) {}\nfunc c(x int) {}",
        &["C=C | f=a", "C=a.B | a=x, y int | b=z int | f=b"],
    ),
    (
        "func (@r *@T) Close() error { @b... }",
        "func (a *A) Close() error { return nil }\nfunc (a A) Close() error { return nil }",
        &["T=A | b=return nil | r=a"],
    ),
    (
        "func @f(@p) { @b... }",
        "func a(x int) {}\nfunc b(x ...int) {}\nfunc c() {}\nfunc d(x int, y int) {}",
        &["f=a | p=x int", "f=b | p=x ...int"],
    ),
    (
        "func @f(@x ...@T) { @b... }",
        "func a(x int) {}\nfunc b(x ...int) {}",
        &["T=int | f=b | x=x"],
    ),
    (
        "type @T struct { @f... }",
        "type A struct {}\ntype B struct { a int; b string }\ntype C int",
        &["T=A", "T=B | f=a int; b string"],
    ),
    (
        "type @T struct { @a...; mu sync.Mutex; @b... }",
        "type A struct {\n\tx int\n\t// c\n\tmu sync.Mutex\n\ty int\n}",
        &["T=A | a=x int // c | b=y int"],
    ),
    (
        "type @T interface { @m... }",
        "type A interface { M(); N() }",
        &["T=A | m=M(); N()"],
    ),
    ("type @A = @B", "type A = int\ntype C int", &["A=A | B=int"]),
    ("const @c = iota", "const a = iota\nconst b = 1", &["c=a"]),
    ("import \"a/b\"", "import \"a/b\"", &["import \"a/b\""]),
    ("import \"a/b\"", "import x \"a/b\"", &[]),
    ("import @n \"a/b\"", "import x \"a/b\"", &["n=x"]),
    (
        "ctx context.Context",
        "type A struct { ctx context.Context }\nfunc f(ctx context.Context, b int) {}",
        &["ctx context.Context", "ctx context.Context"],
    ),
    (
        "@f @T `json:\"a\"`",
        "type A struct { B int `json:\"a\"`; C int }",
        &["T=int | f=B"],
    ),
    (
        "*@E\n@n sync.Mutex",
        "type A struct { *a; b sync.Mutex }",
        &["E=a | n=b"],
    ),
    (
        "var @x = @v",
        "var a = 1\nvar ( b = 2 )\nfunc f() { var c = 3 }",
        &["v=1 | x=a", "v=3 | x=c"],
    ),
    (
        "func init() { @a... }\n\nfunc main() { @b... }",
        "func init() { x() }\n\n// c\nfunc main() {}",
        &["a=x()"],
    ),
];

#[test]
fn patterns_match_in_files() {
    let mut wrong = Vec::new();
    for (pattern, text, expected) in IN_FILES {
        let query = compiled(pattern);
        let found = found(&query, &format!("package p\n\n{text}\n"));
        if found != *expected {
            wrong.push(format!(
                "{pattern}\n  in {text:?}\n  expected {expected:?}\n  found    {found:?}\n{}",
                query.text
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_package_is_known_by_its_path() {
    let toml = "summary = 'x'\ndescription = 'd'\napplicability = 'display'\n[imports]\nhttp = 'net/http'\n[[rule]]\nname = 'r'\nmessage = 'm'\npattern = 'http.Get(@u)'\nwhere = ['(#not-eq? @u \"no\")']\n";
    let codemod = load_text("a/b", Origin::File(PathBuf::from("b.toml")), toml, &[])
        .unwrap_or_else(|problems| panic!("{}", render(&problems, false)));
    let query = &codemod.rules[0].query;
    let calls = "func f() {\n\th.Get(a)\n\thttp.Get(b)\n\th.Get(no)\n\tGet(c)\n}\n";
    let with = |import: &str| found(query, &format!("package p\n\nimport {import}\n\n{calls}"));
    assert_eq!(with("h \"net/http\""), ["u=a"]);
    assert_eq!(with("\"net/http\""), ["u=b"]);
    assert_eq!(with("\"other/http\""), [""; 0]);
    assert_eq!(with(". \"net/http\""), [""; 0]);
}
