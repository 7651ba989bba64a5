//! Resources that a codemod adds are known to its predicates, and to no others.

use std::{path::Path, sync::Arc};

use crate::{
    codemod::{Origin, load_text},
    go::syntax::Parsed,
    matcher::{Facts, matches, testing::context},
};

const POOL: &str = r#"
[[resource]]
acquire = ["example.com/pool.Get", "example.com/pool.Pool.Get"]
error = 1
type = "example.com/pool.Conn"
release = ["Inner.Put"]
borrow = ["example.com/pool.Ping"]
"#;

/// Not what the shipped table says.
const OPEN: &str = r#"
[[resource]]
acquire = "os.Open"
result = 1
release = ["Close"]
"#;

/// Whether the predicate holds for `id` and the call that it is declared with.
fn holds(tables: &str, predicate: &str, body: &str) -> bool {
    let toml = format!(
        r#"summary = "S"
description = "D"
applicability = "display"
{tables}
[[rule]]
name = "only"
message = "m"
query = '''
((short_var_declaration left: (expression_list (identifier) @id) right: (expression_list . (call_expression) @call))
  (#eq? @id "id")
  {predicate})
'''
"#
    );
    let origin = Origin::File("b.toml".into());
    let codemod = load_text("a/b", origin, &toml, &[]).expect("a good codemod");
    let source = format!(
        "package p\n\nimport (\n\t\"os\"\n\n\t\"example.com/pool\"\n)\n\nfunc f() error {{\n{body}\n}}\n"
    );
    let parsed = Parsed::new(Arc::from(source.as_str()));
    assert!(parsed.errors().is_empty(), "{source}");
    let mut file = context("a.go");
    file.path = Arc::from(Path::new("a.go"));
    let facts = Facts::new(&parsed, &file);
    let query = &codemod.rules[0].query;
    !matches(query, &facts, parsed.root(), None)
        .expect("within the limit")
        .is_empty()
}

#[test]
fn what_is_added_acquires() {
    let acquires = "(#acquires? @call @id)";
    let not = "(#not-acquires? @call @id)";
    let by_function = "id, err := pool.Get()";
    let by_method = "var p *pool.Pool\nid, err := p.Get()";
    for body in [by_function, by_method] {
        assert!(holds(POOL, acquires, body), "{body}");
        assert!(!holds(POOL, not, body), "{body}");
        assert!(!holds("", acquires, body), "{body}");
    }
    // The shipped resources stay, but for those that the codemod names.
    assert!(holds(POOL, acquires, "id, err := os.Open(u)"));
    assert!(!holds(OPEN, acquires, "id, err := os.Open(u)"));
    assert!(holds(OPEN, acquires, "f, id := os.Open(u)"));
    assert!(holds(OPEN, acquires, "id, err := os.Create(u)"));
}

#[test]
fn what_is_added_borrows_and_releases() {
    let body = "id, err := pool.Get()\nif err != nil {\n\treturn err\n}\npool.Ping(id)\nid.Inner.Put()\nreturn nil";
    let escapes_not = "(#not-escapes? @id)";
    let kept = body.replace("pool.Ping", "pool.Keep");
    let only_ping = "id, err := pool.Get()\npool.Ping(id)\nreturn err";
    assert!(holds(POOL, escapes_not, only_ping));
    assert!(!holds("", escapes_not, only_ping));
    assert!(!holds(POOL, escapes_not, &kept));
    assert!(holds(POOL, "(#released? @id \"Inner.Put\")", body));
    let leaking = body.replace("id.Inner.Put()\n", "");
    assert!(holds(POOL, "(#not-released? @id \"Inner.Put\")", &leaking));
}
