//! Predicates whose answers lie in other files of the package and the module.

use std::sync::Arc;

use crate::{
    go::{
        index::{Index, Module, Sources},
        scope::Resolution,
        syntax::Parsed,
    },
    matcher::Facts,
    matcher::testing::{NO, UNKNOWN, YES, both_in, context},
};

/// Files by path; their folders are packages of `example.com/m`.
struct Files(Vec<(String, String)>);

impl Sources for Files {
    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let is_here = |path: &str| path.rsplit_once('/').map_or("", |(of, _)| of) == folder;
        let mut found: Vec<(String, Arc<str>)> = self
            .0
            .iter()
            .filter(|(path, _)| is_here(path))
            .map(|(path, text)| (path.clone(), Arc::from(text.as_str())))
            .collect();
        found.sort();
        found
    }

    fn is_complete(&self, _: &str) -> bool {
        true
    }
}

/// What a predicate and its `not-` form say in `a.go` of the root, beside these files.
fn ask(shape: &str, predicate: &str, source: &str, others: &[(&str, &str)]) -> (bool, bool) {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    let mut files: Vec<_> = others.iter().map(owned).collect();
    files.push(("a.go".to_owned(), source.to_owned()));
    let files = Files(files);
    let module = Module::parse("", "module example.com/m\n").expect("it has a name");
    let index = Index::new(&files, vec![module]);
    both_in(shape, predicate, &context("a.go"), source, Some(&index))
}

#[test]
fn another_file_of_the_package_may_declare_a_predeclared_name() {
    let shape = r#"(call_expression function: (identifier) @f (#eq? @f "here")) @call"#;
    let source = "package p\n\nimport . \"example.com/unseen\"\n\nfunc f() {\n\there()\n}\n";
    for (path, text, expected) in [
        ("b.go", "package p\n\ntype any int\n", NO),
        ("b.go", "package p\n\ntype other = any\n", YES),
        ("b.go", "package p\n\nfunc (t t) any() {}\n", YES),
        ("b.go", "package p\n\nfunc f() { type any int }\n", YES),
        (
            "b_windows.go",
            "//go:build windows\n\npackage p\n\nvar (\n\ta, any = 1, 2\n)\n",
            NO,
        ),
        ("b_test.go", "package p\n\nfunc any() {}\n", NO),
        ("b_test.go", "package p_test\n\nfunc any() {}\n", YES),
        ("sub/b.go", "package p\n\ntype any int\n", YES),
    ] {
        let got = ask(
            shape,
            r#"(#universe? @call "any")"#,
            source,
            &[(path, text)],
        );
        assert_eq!(got, expected, "{path}\n{text}");
    }
}

/// The variable `id` in `a.go`.
const DECLARED: &str =
    r#"(short_var_declaration left: (expression_list (identifier) @id) (#eq? @id "id"))"#;

const OTHERS: &[(&str, &str)] = &[
    (
        "b.go",
        r#"package p

import (
	"context"
	"io"
	"os"

	"example.com/m/far"
)

type store struct {
	base
	kept io.Reader
	far  *far.T
}

type base struct{ ctx context.Context }

type keeper interface{ Take(r io.Reader) }

var global io.Reader

func reads(r io.Reader) { io.ReadAll(r) }
func stores(r io.Reader) { global = r }
func starts(r io.Reader) { go io.ReadAll(r) }
func sends(r io.Reader, c chan io.Reader) { c <- r }
func closes(f *os.File) error { return f.Close() }
func same(r io.Reader) io.Reader { return r }
func wraps(r io.Reader) *store { return &store{kept: r} }
func deep(r io.Reader) { reads(r); far.Reads(r) }
func deepStores(r io.Reader) { reads(r); far.Stores(r) }
func unnamed(io.Reader) {}
func blank(_ io.Reader) {}
func circle(r io.Reader, n int) { around(r, n) }
func around(r io.Reader, n int) { if n > 0 { circle(r, n-1) } }
func several(rs ...io.Reader) {}
func generic[T any](r io.Reader, t T) { io.ReadAll(r) }
func calls(f func()) { f() }
func runs(f func()) { go f() }

func (s *store) reads(r io.Reader) { io.ReadAll(r) }
func (s *store) keeps(r io.Reader) { s.kept = r }
func (b base) embedded(r io.Reader) { io.ReadAll(r) }
func (b *base) embeddedKeeps(ctx context.Context) { b.ctx = ctx }

func watches(ctx context.Context) { go func() { <-ctx.Done() }() }
func startsNothing(ctx context.Context) error { return ctx.Err() }
func client(ctx context.Context) *base { return &base{ctx: ctx} }
func plain(ctx context.Context) *base { return &base{} }
"#,
    ),
    (
        "far/far.go",
        r#"package far

import "io"

var kept io.Reader

type T struct{}

func Reads(r io.Reader) { io.ReadAll(r) }
func Stores(r io.Reader) { kept = r }
func (t *T) Reads(r io.Reader) { io.ReadAll(r) }
func (t *T) Goes(r io.Reader) { go io.ReadAll(r) }
"#,
    ),
    (
        "variant_linux.go",
        "package p\n\nimport \"io\"\n\nfunc variant(r io.Reader) {}\nfunc either(r io.Reader) { global = r }\n",
    ),
    (
        "variant_windows.go",
        "package p\n\nimport \"io\"\n\nfunc variant(r io.Reader) {}\nfunc either(r io.Reader) {}\n",
    ),
    (
        "stub_linux.go",
        "package p\n\nimport \"io\"\n\nfunc stub(r io.Reader)\n",
    ),
];

fn escapes(before: &str, cases: &[(&str, (bool, bool))]) {
    for (body, expected) in cases {
        let source = format!(
            "package p\n\nimport (\n\t\"context\"\n\t\"os\"\n\n\t\"example.com/m/far\"\n)\n\nfunc f(s *store, k keeper) any {{\n{before}\n{body}\nreturn nil\n}}\n"
        );
        let got = ask(DECLARED, "(#escapes? @id)", &source, OTHERS);
        assert_eq!(got, *expected, "{before}\n{body}");
    }
}

#[test]
fn functions_of_other_files_are_looked_into() {
    escapes(
        "id, err := os.Open(\"a\")",
        &[
            ("reads(id)", NO),
            ("stores(id)", YES),
            ("starts(id)", YES),
            ("sends(id, nil)", YES),
            ("closes(id)", YES),
            ("x := same(id)\nreturn x", YES),
            ("same(id)", NO),
            ("x := wraps(id)\nreturn x", YES),
            ("deep(id)", NO),
            ("deepStores(id)", YES),
            ("unnamed(id)\nblank(id)", NO),
            ("circle(id, 3)", UNKNOWN),
            ("several(id)", UNKNOWN),
            ("generic(id, 1)", NO),
            ("calls(func() { id.Name() })", NO),
            ("runs(func() { id.Name() })", YES),
            ("far.Reads(id)", NO),
            ("far.Stores(id)", YES),
        ],
    );
}

#[test]
fn methods_of_other_files_are_looked_into_where_the_receiver_is_known() {
    escapes(
        "id, err := os.Open(\"a\")",
        &[
            ("s.reads(id)", NO),
            ("s.keeps(id)", YES),
            ("s.embedded(id)", NO),
            ("s.far.Reads(id)", NO),
            ("s.far.Goes(id)", YES),
            ("k.Take(id)", UNKNOWN),
            ("missing().reads(id)", UNKNOWN),
        ],
    );
}

#[test]
fn all_variants_by_build_tags_count() {
    escapes(
        "id, err := os.Open(\"a\")",
        &[
            ("variant(id)", NO),
            ("either(id)", UNKNOWN),
            ("stub(id)", UNKNOWN),
        ],
    );
}

#[test]
fn a_context_is_kept_by_what_the_body_does_and_not_by_its_name() {
    escapes(
        "id := context.TODO()",
        &[
            ("watches(id)", YES),
            ("startsNothing(id)", NO),
            ("s.embeddedKeeps(id)", YES),
            ("c := client(id)\nreturn c", YES),
            // What is put into a struct is taken to be kept, returned or not.
            ("client(id)", YES),
            ("c := plain(id)\nreturn c", NO),
            ("k.Other(id)", NO),
            ("k.Watch(id)", UNKNOWN),
        ],
    );
}

#[test]
fn types_of_other_files_tell_what_keys_are() {
    let other = "package p\n\ntype rec struct{ id int }\ntype table map[any]any\ntype list []rec\ntype byName map[string]*rec\ntype keyed map[rec]int\ntype array [3]rec\ntype same = rec\n";
    let said = |literal: &str| {
        let source = format!(
            "package p\n\nimport \"net/http\"\nimport \"example.com/unseen\"\n\nfunc f() {{\n\tid := 2\n\t_ = {literal}\n}}\n"
        );
        let files = [("a.go", source.as_str()), ("b.go", other)];
        let files = Files(
            files
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .to_vec(),
        );
        let module = Module::parse("", "module example.com/m\n").expect("it has a name");
        let index = Index::new(&files, vec![module]);
        let parsed = Parsed::new(source.as_str().into());
        let file = context("a.go");
        let facts = Facts::new(&parsed, &file).with_index(&index);
        let key = source.rfind("id: ").expect("it is there");
        match facts.scope().resolve_at(key) {
            Resolution::Declared(id) => format!("used {}", facts.scope().uses(id).len()),
            other => format!("{other:?}"),
        }
    };
    for (literal, expected) in [
        ("rec{id: 1}", "Member"),
        ("same{id: 1}", "Member"),
        ("&rec{id: 1}", "Member"),
        ("table{id: 1}", "used 1"),
        ("table{1: id, id: id}", "used 3"),
        ("list{{id: 1}}", "Member"),
        ("list{id: {}}", "used 1"),
        ("byName{\"a\": {id: 1}}", "Member"),
        ("keyed{{id: 1}: 1}", "Member"),
        ("array{1: {id: 1}}", "Member"),
        ("[]table{{id: 1}}", "used 1"),
        ("http.Header{id: nil}", "used 1"),
        ("http.Client{id: 1}", "Member"),
        ("unseen.T{id: 1}", "Unknown"),
    ] {
        assert_eq!(said(literal), expected, "{literal}");
    }
}
