//! Which file of a package a rule matches in, and what predicates know of a package, for folders of a few files.

use std::{path::Path, sync::Arc};

use crate::{
    codemod::{Origin, load_text},
    go::{
        index::{Index, Module, Sources},
        syntax::Parsed,
    },
    matcher::{
        Facts, matches,
        testing::{NO, UNKNOWN, YES, both_in, context},
    },
};

struct Files(Vec<(&'static str, &'static str)>, bool);

impl Sources for Files {
    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let is_here = |path: &&str| Path::new(path).parent() == Some(Path::new(folder));
        let files = self.0.iter().filter(|(path, _)| is_here(path));
        files
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)))
            .collect()
    }

    fn is_complete(&self, _: &str) -> bool {
        self.1
    }
}

/// The files in which a rule with these keys matches, and why it does not in the others.
fn chosen(keys: &str, files: &[(&'static str, &'static str)]) -> Vec<String> {
    let codemod = format!(
        "summary = \"s\"\ndescription = \"d\"\napplicability = \"display\"\n\n[[rule]]\nname = \"r\"\nmessage = \"m\"\nquery = '(package_clause) @x'\n{keys}\n"
    );
    let codemod = load_text("a/b", Origin::File("a/b.toml".into()), &codemod, &[])
        .unwrap_or_else(|problems| panic!("{}", crate::diagnostic::render(&problems, false)));
    let sources = Files(files.to_vec(), true);
    let index = Index::new(&sources, Vec::new());
    let mut found = Vec::new();
    for (path, text) in files {
        let (parsed, file) = (Parsed::new(Arc::from(*text)), context(path));
        let facts = Facts::new(&parsed, &file).with_index(&index);
        let mut misses = Vec::new();
        let query = &codemod.rules[0].query;
        let matched = matches(query, &facts, parsed.root(), Some(&mut misses)).expect("few");
        found.extend(matched.iter().map(|_| (*path).to_owned()));
        found.extend(
            misses
                .into_iter()
                .map(|m| format!("- {path}: {}", m.reason)),
        );
    }
    found
}

#[test]
fn a_rule_with_a_scope_matches_in_one_file_of_each_package() {
    let files = [
        ("a/a_test.go", "package a"),
        ("a/b.go", "package a"),
        ("a/c.go", "package a"),
        ("b/a.go", "package b"),
    ];
    let other = "the file of the package to match in is";
    assert_eq!(
        chosen("scope = \"package\"", &files),
        [
            format!("- a/a_test.go: {other} `a/b.go`"),
            "a/b.go".into(),
            format!("- a/c.go: {other} `a/b.go`"),
            "b/a.go".into(),
        ]
    );
    let none = "- b/a.go: no file of the package has a name that the rule asks for";
    assert_eq!(
        chosen(
            "scope = \"package\"\nfile = [\"c*.go\", \"*_test.go\"]",
            &files
        ),
        [
            format!("- a/a_test.go: {other} `a/c.go`"),
            format!("- a/b.go: {other} `a/c.go`"),
            "a/c.go".into(),
            none.into(),
        ]
    );
}

#[test]
fn tests_and_external_tests_are_one_package() {
    let scope = "scope = \"package\"\nfile = \"*_test.go\"";
    let matched = |files: &[(&'static str, &'static str)]| {
        let mut found = chosen(scope, files);
        found.retain(|line| !line.starts_with('-'));
        found
    };
    assert_eq!(
        matched(&[
            ("a_test.go", "package a_test"),
            ("b_test.go", "package a"),
            ("c.go", "package a")
        ]),
        ["b_test.go"]
    );
    assert_eq!(
        matched(&[
            ("b_test.go", "package a_test"),
            ("c.go", "package a"),
            ("d_test.go", "package a_test")
        ]),
        ["b_test.go"]
    );
}

#[test]
fn a_file_that_is_always_built_comes_first() {
    for other in [
        ("a_linux_test.go", "package a"),
        ("a_windows_amd64_test.go", "package a"),
        ("a_test.go", "// Comment.\n\n//go:build slow\n\npackage a"),
    ] {
        let found = chosen("scope = \"package\"", &[other, ("b_test.go", "package a")]);
        assert_eq!(
            found.last().map(String::as_str),
            Some("b_test.go"),
            "{other:?}"
        );
        assert_eq!(chosen("scope = \"package\"", &[other]), [other.0]);
    }
}

#[test]
fn predicates_know_the_package() {
    let ask = |complete: bool,
               others: &[(&'static str, &'static str)],
               path: &'static str,
               text: &'static str| {
        let mut files = others.to_vec();
        files.push((path, text));
        let sources = Files(files, complete);
        let index = Index::new(&sources, Vec::new());
        let ask = |predicate| {
            both_in(
                "(package_clause) @n",
                predicate,
                &context(path),
                text,
                Some(&index),
            )
        };
        (
            ask("(#package-declares? \"N\" \"TestMain\")"),
            ask("(#package-imports? \"fmt\")"),
        )
    };
    let main = "package a\nimport \"fmt\"\nfunc TestMain(m *testing.M) {}\n";
    assert_eq!(ask(true, &[], "a_test.go", main), (YES, YES));
    assert_eq!(
        ask(
            true,
            &[("b_test.go", main)],
            "a_test.go",
            "package a_test\n"
        ),
        (YES, YES)
    );
    assert_eq!(
        ask(true, &[("b_test.go", main)], "a_test.go", "package a\n"),
        (YES, YES)
    );
    assert_eq!(
        ask(true, &[("b/b_test.go", main)], "a_test.go", "package a\n"),
        (NO, NO)
    );
    assert_eq!(
        ask(false, &[], "a_test.go", "package a\n"),
        (UNKNOWN, UNKNOWN)
    );
    let external = "package a_test\nimport \"fmt\"\nvar N int\n";
    assert_eq!(
        ask(true, &[("b_test.go", external)], "a_test.go", "package a\n"),
        (YES, YES)
    );
    assert_eq!(
        ask(true, &[("b_test.go", external)], "a.go", "package a\n"),
        (NO, NO)
    );
    let inner = "package a\nfunc (t T) TestMain() { var N int }\ntype T struct { N int }\n";
    assert_eq!(ask(true, &[], "a.go", inner), (NO, NO));
    assert_eq!(
        ask(true, &[("b.go", inner)], "a.go", "package a\n"),
        (NO, NO)
    );
}

#[test]
fn what_the_module_requires_is_known() {
    let ask = |go_mod: Option<&str>, path: &'static str| {
        let sources = Files(vec![(path, "package a")], true);
        let module = go_mod.map(|text| Module::parse("", text).expect("it has a name"));
        let index = Index::new(&sources, module.into_iter().collect());
        let predicate = "(#requires? \"example.com/a\" \"example.com/b\")";
        both_in(
            "(package_clause) @n",
            predicate,
            &context(path),
            "package a",
            Some(&index),
        )
    };
    assert_eq!(
        ask(
            Some("module m\nrequire example.com/a v1.0.0 // indirect\n"),
            "a.go"
        ),
        YES
    );
    assert_eq!(
        ask(
            Some("module m\nrequire (\n\texample.com/c v1.0.0\n\texample.com/b v1.0.0\n)\n"),
            "x/a.go"
        ),
        YES
    );
    assert_eq!(ask(Some("module example.com/b\n"), "a.go"), YES);
    assert_eq!(
        ask(Some("module m\nexclude example.com/a v1.0.0\n"), "a.go"),
        NO
    );
    assert_eq!(ask(None, "a.go"), UNKNOWN);
}
