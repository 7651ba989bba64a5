//! Predicates whose answers lie in other files of the package and the module.

use std::sync::Arc;

use crate::{
    go::index::{Index, Module, Sources},
    matcher::testing::{NO, YES, both_in, context},
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
