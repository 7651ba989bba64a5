//! What patterns match, construct by construct, and that Go taken as a pattern matches itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

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

/// Pattern, body of a function, what is found there.
const IN_BODIES: &[(&str, &str, &[&str])] = &[
    // Expressions.
    (
        "a.b(@x)",
        "a.b(1)\na.c(2)\nx.b(3)\na.b()\na.b(4, 5)",
        &["x=1"],
    ),
    ("@x + @y", "_ = a + b*c\n_ = a - b", &["x=a | y=b*c"]),
    ("@x == @x", "_ = a.b == a.b\n_ = a == b", &["x=a.b"]),
    ("!@x", "_ = !a\n_ = -a", &["x=a"]),
    (
        "@x[@i]",
        "_ = a[0]\n_ = a[i]\n_ = a[1:2]",
        &["i=0 | x=a", "i=i | x=a"],
    ),
    ("@x[@a:]", "_ = a[1:]\n_ = a[1:2]\n_ = a[:]", &["a=1 | x=a"]),
    ("*@p", "_ = *q", &["p=q"]),
    (
        "&@T{}",
        "_ = &a.B{}\n_ = &B{1}\n_ = &[]int{}",
        &["T=a.B", "T=[]int"],
    ),
    ("(@x)", "_ = (a /* c */)\n_ = a", &["x=a"]),
    ("\"a\\tb\"", "_ = \"a\\tb\"\n_ = \"a\"", &["\"a\\tb\""]),
    ("@x.(type)", "", &[]),
    ("@x.(@T)", "_ = a.(*b.C)", &["T=*b.C | x=a"]),
    ("_ + _", "_ = a + b", &["a + b"]),
    ("@_ + @_", "_ = a + b", &["a + b"]),
    (
        "func() { @b... }",
        "go func() { a(); b() }()\ngo func(x int) { }(1)",
        &["b=a(); b()"],
    ),
    ("nil", "a(nil)", &["nil"]),
    ("'@'", "_ = '@'\n_ = 'a'", &["'@'"]),
    // Comments do not matter, nor does layout.
    (
        "f(@a, @b)",
        "f( /* x */ 1, // y\n 2, // z\n)",
        &["a=1 | b=2"],
    ),
    // Calls and lists.
    ("f()", "f()\nf( /* c */ )\nf(1)", &["f()", "f( /* c */ )"]),
    (
        "f(@a)",
        "f(1)\nf(/* c */)\nf()\nf(xs...)\nf([]int{})",
        &["a=1", "a=[]int{}"],
    ),
    (
        "f(@a...)",
        "f()\nf(1)\nf(1, 2)\nf(1, xs...)\ng(1)",
        &["f()", "a=1", "a=1, 2", "a=1, xs..."],
    ),
    (
        "f(@a, @r...)",
        "f()\nf(1)\nf(1, 2, 3)",
        &["a=1", "a=1 | r=2, 3"],
    ),
    (
        "f(@r..., @z)",
        "f()\nf(1)\nf(1, 2, 3)",
        &["z=1", "r=1, 2 | z=3"],
    ),
    (
        "f(@a..., nil, @b...)",
        "f(1, nil, 2, 3)\nf(nil)\nf(1)",
        &["a=1 | b=2, 3", "f(nil)"],
    ),
    ("f(@xs ...)", "f(a...)\nf(a)\nf(a, b...)", &["xs=a"]),
    (
        "f(@a..., @xs ...)",
        "f(a...)\nf(a)\nf(a, b...)",
        &["xs=a", "a=a | xs=b"],
    ),
    (
        "make(@T, @n)",
        "_ = make([]int, 3)\n_ = make(map[string]a.B, n)\n_ = make([]int)",
        &["T=[]int | n=3", "T=map[string]a.B | n=n"],
    ),
    ("new(@T)", "_ = new(a.B)\n_ = new(int)", &["T=a.B", "T=int"]),
    (
        "append(@s[:@i], @s[@j:]...)",
        "_ = append(a[:i], a[i+1:]...)\n_ = append(a[:i], b[i:]...)",
        &["i=i | j=i+1 | s=a"],
    ),
    // Calls and conversions.
    (
        "@f(@x)",
        "_ = int(a)\n_ = []byte(b)\n_ = map[string]int(c)\n_ = x.y(d)\n_ = G[int](e)\n_ = fs[0](g)\nf()",
        &[
            "f=int | x=a",
            "f=[]byte | x=b",
            "f=map[string]int | x=c",
            "f=x.y | x=d",
            "f=G[int] | x=e",
            "f=fs[0] | x=g",
        ],
    ),
    ("[]byte(@s)", "_ = []byte(a)\n_ = []rune(a)", &["s=a"]),
    (
        "@f[@i](@x)",
        "_ = a[int](b)\n_ = a[0](b)\n_ = a[i](b)\n_ = c.d[0](b)",
        &[
            "f=a | i=int | x=b",
            "f=a | i=0 | x=b",
            "f=a | i=i | x=b",
            "f=c.d | i=0 | x=b",
        ],
    ),
    (
        "G[@T](@x)",
        "_ = G[int](b)\n_ = H[int](b)\n_ = G[0](b)",
        &["T=int | x=b", "T=0 | x=b"],
    ),
    (
        "a.G[@T](@x)",
        "_ = a.G[int](b)\n_ = a.G[0](b)\n_ = b.G[0](b)",
        &["T=int | x=b", "T=0 | x=b"],
    ),
    // Statements.
    ("@x := @y", "a := 1\nb = 2\na, b := 3, 4", &["x=a | y=1"]),
    (
        "@x, @e := @f(@a...)",
        "a, err := g(1, 2)\nb := g()\nc, d := h()",
        &["a=1, 2 | e=err | f=g | x=a", "e=d | f=h | x=c"],
    ),
    ("return @r...", "return", &["return"]),
    ("return @r...", "return 1, nil", &["r=1, nil"]),
    ("return", "if a { return }\nreturn 1", &["return"]),
    ("return @x", "if a { return 1, 2 }\nreturn 3", &["x=3"]),
    (
        "if @c { @b... }",
        "if a { }\nif b { x() // c\n}\nif c { y() } else { z() }\nif x := d(); x { }",
        &["c=a", "b=x() // c | c=b"],
    ),
    (
        "if @i; @c { @b... }",
        "if x := d(); x { y() }\nif c { }",
        &["b=y() | c=x | i=x := d()"],
    ),
    (
        "if @c { @a... } else { @b... }",
        "if c { x() } else { y() }\nif c { }",
        &["a=x() | b=y() | c=c"],
    ),
    (
        "for { @b... }",
        "for { x() }\nfor a { }\nfor i := 0; i < 3; i++ { }\nfor range x { }",
        &["b=x()"],
    ),
    (
        "for @c { @b... }",
        "for { x() }\nfor a { }\nfor i := 0; i < 3; i++ { }\nfor range x { }",
        &["c=a", "c=i := 0; i < 3; i++", "c=range x"],
    ),
    (
        "for _, @v := range @x { @b... }",
        "for _, a := range b { c(a) }\nfor _, a = range b { }\nfor a := range b { }",
        &["b=c(a) | v=a | x=b"],
    ),
    (
        "for @v = range @x { @b... }",
        "for a := range b { }\nfor a = range b { }",
        &["v=a | x=b"],
    ),
    (
        "defer @x.Close()",
        "defer a.b.Close()\ndefer a.Open()\na.Close()",
        &["x=a.b"],
    ),
    (
        "go func() { @b... }()",
        "go func() { a() }()\ngo f()",
        &["b=a()"],
    ),
    ("@c <- @v", "a <- 1\n<-a", &["c=a | v=1"]),
    (
        "var @x @T",
        "var a int\nvar b = 1\nvar c int = 2\nvar d, e int",
        &["T=int | x=a"],
    ),
    (
        "var @x @T = @v...",
        "var a int\nvar c int = 2",
        &["T=int | x=a", "T=int | v=2 | x=c"],
    ),
    (
        "switch @x { case 1: @b... }",
        "switch a {\ncase 1:\n\tc()\n\td()\n}\nswitch a { case 2: }\nswitch { case 1: }",
        &["b=c() d() | x=a"],
    ),
    (
        "select { case @v := <-@c: @b... }",
        "select { case a := <-b: x() }\nselect { case <-b: }",
        &["b=x() | c=b | v=a"],
    ),
    (
        "case <-@c: @b...",
        "select {\ncase <-a:\n\tx()\ncase b <- 1:\ndefault:\n}",
        &["b=x() | c=a"],
    ),
    (
        "case nil: @b...",
        "switch x {\ncase nil, 1:\ncase nil:\n\ta()\n\tb()\n}",
        &["b=a() b()"],
    ),
    ("f();", "f()\na(f())", &["f()"]),
    ("f()", "f()\na(f())", &["f()", "f()"]),
    ("@x++", "a++\nb--\nc += 1", &["x=a"]),
    ("@x += @y", "a += 1\nb -= 1", &["x=a | y=1"]),
    (
        "if @c { return @r... }",
        "if a {\nreturn 1\n}\nif b {\nreturn 2\nx()\n}\nif c { return } // c",
        &["c=a | r=1", "c=c"],
    ),
    (
        "if @c { for { @b... } }",
        "if a {\nfor { }\nx()\n}\nif b { for { x() } }",
        &["b=x() | c=b"],
    ),
    (
        "if @c { f(@a...) }",
        "if a {\nf(1)\nx()\n}\nif b { f(2) }",
        &["a=2 | c=b"],
    ),
    (
        "@x = f(@a...)",
        "a = f(1)\nb = f(2), 3\nc, d = f(4)",
        &["a=1 | x=a"],
    ),
    // Statement lists.
    (
        "@x := @y\n@x.Close()",
        "a := b()\n// c\na.Close()\nd := 1\ne.Close()",
        &["x=a | y=b()"],
    ),
    (
        "@m.Lock()\n@b...\n@m.Unlock()",
        "a.Lock()\nb()\n// c\nc()\na.Unlock()",
        &["b=b() // c c() | m=a"],
    ),
    (
        "@m.Lock()\n@b...\n@m.Unlock()",
        "a.Lock()\na.Unlock()",
        &["m=a"],
    ),
    (
        "@m.Lock()\n@b...\n@m.Unlock()",
        "a.Lock()\nb()\nc.Unlock()",
        &[],
    ),
    ("@m.Lock()\n@m.Unlock()", "a.Lock()\nb()\na.Unlock()", &[]),
    (
        "if @c { a(); @s }",
        "if x { a(); b() }\nif x { a(); b(); c() }\nif x { a() }\nif x { a(); // c\n}",
        &["c=x | s=b()"],
    ),
    (
        "if @c { @s... ; return }",
        "if x { a(); b(); return }\nif x { return // c\n}\nif x { return; a() }",
        &["c=x | s=a(); b()", "c=x"],
    ),
    (
        "{ a(); @r... }",
        "{ a(); b() // c\nd() }\n{ a() }\n{ b() }",
        &["r=b() // c d()", "{ a() }"],
    ),
    // Types.
    (
        "[]@T",
        "var a []int\n_ = []string{}",
        &["T=int", "T=string"],
    ),
    ("map[@K]@V", "var a map[string]b.C", &["K=string | V=b.C"]),
    (
        "chan @T",
        "var a chan int\nvar b <-chan int\nvar c chan<- int",
        &["T=int"],
    ),
    (
        "<-chan @T",
        "var a chan int\nvar b <-chan int\nvar c chan<- int",
        &["T=int"],
    ),
    (
        "interface{}",
        "var a interface{}\nvar b interface{ M() }",
        &["interface{}"],
    ),
    (
        "*a.B",
        "var x *a.B\nvar y = *a.B\nvar z *a.C",
        &["*a.B", "*a.B"],
    ),
    (
        "func(@p...) error",
        "var a func(int, string) error\nvar b func()",
        &["p=int, string"],
    ),
    (
        "struct{}",
        "var a struct{}\nvar b struct{ c int }",
        &["struct{}"],
    ),
];

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

/// Go files to take patterns from; none where Go is not installed.
fn real_files() -> Vec<PathBuf> {
    let root = std::env::var_os("GOROOT").map_or(PathBuf::from("/usr/local/go"), PathBuf::from);
    let mut files = Vec::new();
    for folder in [
        "net/http",
        "go/types",
        "text/template",
        "sync",
        "encoding/json",
        "slices",
    ] {
        let Ok(entries) = std::fs::read_dir(root.join("src").join(folder)) else {
            continue;
        };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "go")));
    }
    files.sort();
    files
}

/// Whether a node is one that a pattern can stand for.
fn is_whole(node: tree_sitter::Node<'_>) -> bool {
    let kind = node.kind();
    let is_part = matches!(
        node.parent().map(|p| p.kind()),
        None | Some("ERROR" | "import_spec" | "literal_element")
    );
    !is_part
        && !node.has_error()
        && (kind.ends_with("_expression")
            || kind.ends_with("_statement")
            || kind.ends_with("_declaration")
            || matches!(
                kind,
                "composite_literal"
                    | "func_literal"
                    | "slice_type"
                    | "map_type"
                    | "struct_type"
                    | "function_type"
            ))
        && !matches!(
            kind,
            "parameter_declaration"
                | "variadic_parameter_declaration"
                | "type_parameter_declaration"
                | "receive_statement"
                | "empty_statement"
        )
}

#[test]
fn go_as_a_pattern_matches_itself() {
    let files = real_files();
    if files.is_empty() {
        println!("not run: Go's own source is not installed");
        return;
    }
    let mut tried = BTreeMap::<String, usize>::new();
    let mut failed = BTreeMap::<String, Vec<String>>::new();
    for (at, path) in files.iter().enumerate() {
        let Ok(source) = std::fs::read_to_string(path) else {
            continue;
        };
        let parsed = Parsed::new(Arc::from(&*source));
        let mut stack = vec![parsed.root()];
        let mut nodes = Vec::new();
        while let Some(node) = stack.pop() {
            if is_whole(node) && node.byte_range().len() < 2_000 {
                nodes.push(node);
            }
            let mut cursor = node.walk();
            stack.extend(node.named_children(&mut cursor));
        }
        // A few of each file, spread over it and different from file to file.
        let step = nodes.len() / 12 + 1;
        for node in nodes.into_iter().skip(at % step).step_by(step) {
            let text = parsed.text_of(node);
            *tried.entry(node.kind().to_owned()).or_default() += 1;
            let itself = node.kind();
            let query = match load_pattern(text) {
                Ok(query) => query,
                Err(problems) => {
                    let said = format!("{text}\n{}", render(&problems, false));
                    failed
                        .entry(format!("{itself}: refused"))
                        .or_default()
                        .push(said);
                    continue;
                }
            };
            let file = FileContext {
                path: Arc::from(path.as_path()),
                go: None,
                generated: false,
            };
            let facts = Facts::new(&parsed, &file);
            let found = matches(&query, &facts, parsed.root(), None).expect("within the limit");
            let hits_itself = found.iter().any(|m| {
                m.nodes("match")
                    .iter()
                    .any(|n| n.byte_range() == node.byte_range())
            });
            if !hits_itself {
                failed
                    .entry(format!("{itself}: no match"))
                    .or_default()
                    .push(format!("{text}\n{}", query.text));
            }
        }
    }
    let total: usize = tried.values().sum();
    let count: usize = failed.values().map(Vec::len).sum();
    println!("{total} patterns, {count} failed; kinds {tried:?}");
    for (what, texts) in &failed {
        let shortest = texts.iter().min_by_key(|text| text.len());
        println!(
            "{what}: {}\n  {}",
            texts.len(),
            shortest.map_or("", |text| text)
        );
    }
    assert!(total > 500, "only {total} patterns");
    assert_eq!(count, 0);
}
