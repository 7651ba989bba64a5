//! Types of expressions in single files and in file sets; go/types judges the rest in `tests/types_oracle.rs`.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::{Memo, Typing, stdlib};
use crate::go::{
    index::{Index, Module, Sources},
    scope::Scope,
    syntax::Parsed,
};

struct Files(BTreeMap<&'static str, &'static str>);

impl Sources for Files {
    fn is_complete(&self, _: &str) -> bool {
        true
    }

    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let is_in = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
        self.0
            .iter()
            .filter(|(path, _)| is_in(path))
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)))
            .collect()
    }
}

/// The types of the arguments of every call `show(…)` in the file `path`.
fn shown(files: &[(&'static str, &'static str)], path: &str) -> Vec<String> {
    let files = Files(files.iter().copied().collect());
    let modules = files.0.iter().filter(|(p, _)| p.ends_with("go.mod"));
    let modules = modules
        .filter_map(|(p, text)| {
            Module::parse(p.trim_end_matches("go.mod").trim_end_matches('/'), text)
        })
        .collect();
    let index = Index::new(&files, modules);
    of_calls(files.0[path], path, Some(&index))
}

fn alone(body: &str) -> Vec<String> {
    of_calls(body, "a.go", None)
}

fn of_calls(text: &str, path: &str, index: Option<&Index<'_>>) -> Vec<String> {
    let parsed = Parsed::new(text.into());
    assert!(parsed.errors().is_empty(), "broken Go:\n{text}");
    let (scope, memo) = (Scope::of(&parsed), Memo::default());
    let typing = Typing::new(&parsed, &scope, Path::new(path), index, &memo);
    let mut found = Vec::new();
    let mut stack = vec![parsed.root()];
    while let Some(node) = stack.pop() {
        let mut cursor = node.walk();
        let children: Vec<_> = node.named_children(&mut cursor).collect();
        let is_show = |n: tree_sitter::Node<'_>| parsed.text_of(n) == "show";
        if node.kind() == "call_expression"
            && node.child_by_field_name("function").is_some_and(is_show)
        {
            let arguments = node
                .child_by_field_name("arguments")
                .expect("a call has arguments");
            let mut cursor = arguments.walk();
            for argument in arguments.named_children(&mut cursor) {
                found.push(
                    typing
                        .type_of(argument)
                        .map_or("?".to_owned(), |t| t.to_string()),
                );
            }
        }
        stack.extend(children.into_iter().rev());
    }
    found
}

#[test]
fn one_file_says_what_its_variables_are() {
    let text = "package p
import (\"net/http\"; \"os\")
type T struct{ next *T; N []map[string]int }
func (t *T) Get(i int) (x T, err error) { return }
func f(a, b int, c ...string) {
    show(a, c)
    var t T
    show(t, &t, t.next, t.N[0], t.N[0][\"a\"], t.Get)
    x, err := t.Get(1)
    show(x, err)
    v, ok := t.N[0][\"a\"]
    show(v, ok, make(chan<- int), new(T), []byte(\"a\"), 1 << 2, 'a', a == b)
    for i, m := range t.N { show(i, m) }
    resp, err := http.Get(\"x\")
    show(resp, resp.Body, resp.Header.Get(\"a\"))
    g, _ := os.Open(\"x\")
    show(g, g.Close())
    var e any
    switch e := e.(type) {
    case *T: show(e)
    case int, string: show(e)
    }
    missing := elsewhere()
    show(missing)
}";
    assert_eq!(
        alone(text),
        [
            "int",
            "[]string",
            "./.T",
            "*./.T",
            "*./.T",
            "map[string]int",
            "int",
            "func(int) (./.T, error)",
            "./.T",
            "error",
            "int",
            "bool",
            "chan<- int",
            "*./.T",
            "[]byte",
            "untyped int",
            "untyped rune",
            "untyped bool",
            "int",
            "map[string]int",
            "*net/http.Response",
            "io.ReadCloser",
            "string",
            "*os.File",
            "error",
            "*./.T",
            "any",
            "?",
        ]
    );
}

#[test]
fn a_file_set_says_what_other_files_declare() {
    let files = [
        (
            "go.mod",
            "module example.com/m\n\nreplace example.com/r => ./third\n",
        ),
        ("third/go.mod", "module example.com/r\n"),
        (
            "third/r.go",
            "package other\ntype R struct{ ID int64 }\nfunc New() *R { return nil }\n",
        ),
        (
            "q/q.go",
            "package q\nimport \"example.com/r\"\ntype Q = other.R\nvar Default = other.New()\n",
        ),
        ("q/q_test.go", "package q\nvar OnlyInTests int\n"),
        (
            "list.go",
            "package p\ntype List[E any] struct { items []E }\nfunc (l *List[T]) First() T { panic(1) }\nfunc Map[A, B any](a []A, f func(A) B) []B { return nil }\n",
        ),
        (
            "a_linux.go",
            "package p\nfunc handle() int { return 0 }\nfunc name() string { return \"{\" }\n",
        ),
        (
            "a_windows.go",
            "package p\nfunc handle() uintptr { return 0 }\nfunc name() string { return \"}\" }\n",
        ),
        (
            "main.go",
            "package p
import \"example.com/m/q\"
func f(l *List[string], x *q.Q) {
    show(l.First(), Map([]int{1}, func(int) error { return nil }))
    show(x, x.ID, q.Default, q.OnlyInTests)
    show(handle(), name())
}",
        ),
    ];
    assert_eq!(
        shown(&files, "main.go"),
        [
            "string",
            "[]error",
            "*example.com/r.R",
            "int64",
            "*example.com/r.R",
            "?",
            "?",
            "string"
        ]
    );
}

#[test]
fn types_that_lead_to_themselves_are_unknown_or_end() {
    let text = "package p
type A = B
type B = A
type C struct { *C; x int }
type D interface { D }
var x = y
var y = x
func f(a A, c C, d D) { show(a, c.x, c.z, d.M(), x) }";
    assert_eq!(alone(text), ["?", "int", "?", "?", "?"]);
}

#[test]
fn the_table_has_what_a_package_exports() {
    assert!(
        stdlib::has("net/http") && !stdlib::has("internal/abi") && !stdlib::has("example.com/m")
    );
    let http = stdlib::package("net/http").expect("it is there");
    assert_eq!(http.name(), "http");
    assert!(http.methods_of("Client").len() >= 5);
    assert_eq!(
        stdlib::package("math/rand/v2").expect("it is there").name(),
        "rand"
    );
}

#[test]
fn array_lengths_are_constants_of_the_package() {
    let source = "package p\n\nconst size, half = 8, size / 2\nconst later = 1 << half\n\nvar (\n\ta [size]int\n\tb [later + 1]int\n\tc [unseen]int\n\td [len(\"a\")]int\n)\n\nfunc f() {\n\tconst size = 2\n\tvar e [size]int\n\t_ = e\n}\n";
    let parsed = Parsed::new(source.into());
    let scope = Scope::of(&parsed);
    let memo = Memo::default();
    let typing = Typing::new(&parsed, &scope, Path::new("a.go"), None, &memo);
    for (name, expected) in [
        ("\ta [", Some("[8]int")),
        ("\tb [", Some("[17]int")),
        ("\tc [", None),
        ("\td [", None),
        ("= e", None),
    ] {
        let at = source.find(name).expect("it is there");
        let at = at + name.find(|c: char| c.is_ascii_lowercase()).expect("a name");
        let node = parsed.root().named_descendant_for_byte_range(at, at + 1);
        let found = node
            .and_then(|node| typing.type_of(node))
            .map(|t| t.to_string());
        assert_eq!(found.as_deref(), expected, "{name}");
    }
}
