//! Declarations as ranges of text, and what go.mod files say.

use super::{
    Module,
    scan::{Declared, scan},
};

/// Each declaration as its name and the text of its parts.
fn declared(text: &str) -> Vec<String> {
    let unit = scan(&text.into()).expect("a Go file");
    let part = |range: &std::ops::Range<usize>| text[range.clone()].trim().to_owned();
    unit.declarations
        .iter()
        .map(|(name, declared)| match declared {
            Declared::Func(signature) => format!("func {name}{}", part(signature)),
            Declared::Method {
                of,
                pointer,
                params,
                signature,
            } => {
                format!("{of} {pointer} {params:?} {name}{}", part(signature))
            }
            Declared::Type { params, alias, of } => {
                format!(
                    "type {name} {:?} {alias} {}",
                    params.as_ref().map(part),
                    part(of)
                )
            }
            Declared::Var { ty, value, of_call } => {
                format!(
                    "var {name} {:?} {:?} {of_call:?}",
                    ty.as_ref().map(part),
                    value.as_ref().map(part)
                )
            }
            Declared::Const { ty, value } => {
                format!(
                    "const {name} {:?} {:?}",
                    ty.as_ref().map(part),
                    value.as_ref().map(part)
                )
            }
        })
        .collect()
}

#[test]
fn declarations_are_found_whatever_bodies_hold() {
    let text = "// Package p.\npackage p\nimport . \"a\"\nfunc f(x struct{ a int }) (y func() interface{ M() }) {\n\tif x { s := `}` /* } */ } // }\n\t_ = '}'\n}\nfunc (r *T[A, _]) m() { }\nfunc ext(int) bool\ntype (\n\tA = B\n\tG[K comparable, V any] map[K]V\n\tArr [N]int\n\tS struct {\n\t\ta int\n\t}\n)\nvar a, b = call(1, 2)\nvar (\n\tc T = T{1, 2}\n\td, e = 1, func() { return }\n)\nconst (\n\tx T = iota\n\ty\n)\n";
    assert_eq!(
        declared(text),
        [
            "func f(x struct{ a int }) (y func() interface{ M() })",
            "T true [\"A\", \"_\"] m()",
            "func ext(int) bool",
            "type A None true B",
            "type G Some(\"K comparable, V any\") false map[K]V",
            "type Arr None false [N]int",
            "type S None false struct {\n\t\ta int\n\t}",
            "var a None Some(\"call(1, 2)\") Some(0)",
            "var b None Some(\"call(1, 2)\") Some(1)",
            "var c Some(\"T\") Some(\"T{1, 2}\") None",
            "var d None Some(\"1\") None",
            "var e None Some(\"func() { return }\") None",
            "const x Some(\"T\") Some(\"iota\")",
            "const y Some(\"T\") Some(\"iota\")",
        ]
    );
}

#[test]
fn what_is_not_go_ends_too() {
    for text in [
        "",
        "package",
        "package p\nfunc",
        "package p\nfunc (",
        "package p\ntype (",
        "package p\nvar (a",
        "package p\nconst x = {",
        "package p\n}}}",
        "package p\ntype T[",
        "package p\nfunc f(`",
        "package p\nvar (\n)\n]",
    ] {
        let _ = scan(&text.into());
    }
    assert!(scan(&"//go:build ignore\n\npackage main\n".into()).is_none());
}

#[test]
fn go_mod_files_are_read() {
    let text = "module \"example.com/m\" // c\n\ngo 1.22\n\nreplace (\n\ta.org/x v1.0.0 => ../x\n\tb.org/y => c.org/y v1.2.3\n)\nreplace d.org/z => ./z\n";
    let module = Module::parse("sub/m", text).expect("it names a module");
    assert_eq!(module.path, "example.com/m");
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        module.replaced,
        [pair("a.org/x", "sub/x"), pair("d.org/z", "sub/m/z")]
    );
    assert_eq!(Module::parse("", "go 1.22\n"), None);
}
