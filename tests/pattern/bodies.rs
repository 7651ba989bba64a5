//! What patterns match in the bodies of functions.

/// Pattern, body of a function, what is found there.
pub const IN_BODIES: &[(&str, &str, &[&str])] = &[
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
