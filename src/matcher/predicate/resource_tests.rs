//! Predicates about resources, each with yes, no and unknown.

use crate::matcher::testing::{NO, UNKNOWN, YES, both, context};

/// The first variable of the statement that calls `http.Get`, `os.Open` or `here`.
const ACQUIRED: &str = r#"(short_var_declaration left: (expression_list . (identifier) @id) right: (expression_list (call_expression function: (_) @_fn) @call) (#any-of? @_fn "http.Get" "os.Open" "context.TODO" "here"))"#;

const HEADER: &str = "package p\n\nimport (\n\t\"context\"\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"io\"\n\t\"net/http\"\n\t\"os\"\n\t\"sync\"\n\t\"testing\"\n\t\"time\"\n\n\t\"golang.org/x/sync/errgroup\"\n)\n\nvar global any\n\n";

fn check(predicate: &str, before: &str, cases: &[(&str, (bool, bool))]) {
    for (body, expected) in cases {
        let source = format!("{HEADER}{before}\n{body}\n}}\n");
        let got = both(ACQUIRED, predicate, &context("a.go"), &source);
        assert_eq!(got, *expected, "{predicate}\n{body}");
    }
}

const PLAIN: &str = "func f(t *testing.T, c T) (any, error) {\n\tresp, err := http.Get(\"\")";

#[test]
fn a_response_that_leaves_escapes() {
    check(
        "(#escapes? @id)",
        PLAIN,
        &[
            ("return resp, err", YES),
            ("return resp.Body, err", YES),
            ("return json.NewDecoder(resp.Body), err", YES),
            ("r := io.LimitReader(resp.Body, 1)\nreturn r, err", YES),
            ("global = resp", YES),
            ("c.field = resp", YES),
            ("c.list[0] = resp.Body", YES),
            ("ch <- resp", YES),
            ("p := &resp\n_ = p", YES),
            ("v := T{resp: resp}\n_ = v", YES),
            ("v := []any{resp}\n_ = v", YES),
            ("list = append(list, resp)", YES),
            ("go use(resp)", YES),
            ("go func() { io.ReadAll(resp.Body) }()", YES),
            (
                "var wg sync.WaitGroup\nwg.Add(1)\ngo func() { defer wg.Done(); io.ReadAll(resp.Body) }()\nif ok {\n\treturn nil, err\n}\nwg.Wait()",
                YES,
            ),
            (
                "var wg sync.WaitGroup\ngo func() { wg.Add(1); defer wg.Done(); io.ReadAll(resp.Body) }()\nwg.Wait()",
                YES,
            ),
            (
                "var wg, other sync.WaitGroup\nwg.Add(1)\ngo func() { defer wg.Done(); io.ReadAll(resp.Body) }()\nother.Wait()",
                YES,
            ),
            (
                "var wg sync.WaitGroup\nwg.Add(1)\ngo func() { io.ReadAll(resp.Body); wg.Done() }()\nwg.Wait()",
                YES,
            ),
            ("go resp.Body.Close()", YES),
            ("time.AfterFunc(1, func() { resp.Body.Close() })", YES),
            ("t.Cleanup(func() { resp.Body.Close() })", YES),
            ("t.Cleanup(resp.Body.Close)", YES),
            ("g := func() { resp.Body.Close() }\nreturn g, nil", YES),
            ("other := resp\nif ok {\n\treturn other, nil\n}", YES),
            ("var other any\nother = resp.Body\nreturn other, nil", YES),
            ("body := resp.Body.(io.Reader)\nreturn body, nil", YES),
        ],
    );
}

#[test]
fn a_response_that_is_only_used_does_not_escape() {
    check(
        "(#escapes? @id)",
        PLAIN,
        &[
            (
                "defer resp.Body.Close()\nb, err := io.ReadAll(resp.Body)\nreturn b, err",
                NO,
            ),
            (
                "var v T\nerr = json.NewDecoder(resp.Body).Decode(&v)\nreturn v, err",
                NO,
            ),
            (
                "dec := json.NewDecoder(resp.Body)\nfor dec.More() {\n\tdec.Decode(&c)\n}",
                NO,
            ),
            ("return resp.StatusCode, nil", NO),
            (
                "var wg sync.WaitGroup\nfor range 3 {\n\twg.Add(1)\n\tgo func() { defer wg.Done(); io.ReadAll(resp.Body) }()\n}\nwg.Wait()",
                NO,
            ),
            (
                "var wg sync.WaitGroup\nwg.Go(func() { io.ReadAll(resp.Body) })\nif ok {\n\twg.Wait()\n\treturn nil, err\n}\nwg.Wait()",
                NO,
            ),
            (
                "var g errgroup.Group\ng.Go(func() error { _, err := io.ReadAll(resp.Body); return err })\nreturn nil, g.Wait()",
                NO,
            ),
            ("return resp.Header.Get(\"a\"), nil", NO),
            ("if resp != nil && resp.StatusCode == 200 {\n}", NO),
            (
                "fmt.Println(resp, err)\nreturn nil, fmt.Errorf(\"%v\", resp)",
                NO,
            ),
            ("defer func() { resp.Body.Close() }()", NO),
            ("func() { resp.Body.Close() }()", NO),
            ("g := func() { resp.Body.Close() }\ng()\ndefer g()", NO),
            ("t.Fatal(resp)", NO),
            ("resp.Body = io.NopCloser(resp.Body)", NO),
            ("switch resp.StatusCode {\ncase 1:\n}", NO),
        ],
    );
}

#[test]
fn what_is_not_understood_is_unknown() {
    check(
        "(#escapes? @id)",
        PLAIN,
        &[
            ("use(resp)", UNKNOWN),
            ("c.use(resp.Body)", UNKNOWN),
            (
                "t.Run(\"\", func(t *testing.T) { resp.Body.Close() })",
                UNKNOWN,
            ),
            (
                "switch x := any(resp).(type) {\ncase int:\n\t_ = x\n}",
                UNKNOWN,
            ),
            ("return resp.Request2, nil", UNKNOWN),
            ("return func() any { return resp }(), nil", UNKNOWN),
            ("v := func() any { return resp }()\n_ = v", UNKNOWN),
        ],
    );
}

#[test]
fn functions_of_the_file_are_looked_into() {
    let file = |callee: &str| format!("{callee}\n\n{PLAIN}");
    for (callee, body, expected) in [
        (
            "func use(r *http.Response) int { return r.StatusCode }",
            "return use(resp), nil",
            NO,
        ),
        (
            "func use(r *http.Response) { r.Body.Close() }",
            "use(resp)",
            YES,
        ),
        (
            "func use(r *http.Response) { global = r }",
            "use(resp)",
            YES,
        ),
        (
            "func use(r *http.Response) { go io.ReadAll(r.Body) }",
            "use(resp)",
            YES,
        ),
        (
            "func use(r *http.Response) io.Reader { return r.Body }",
            "return use(resp), nil",
            YES,
        ),
        (
            "func use(r *http.Response) io.Reader { return r.Body }",
            "io.ReadAll(use(resp))",
            NO,
        ),
        (
            "func use(r *http.Response) { use(r) }",
            "use(resp)",
            UNKNOWN,
        ),
        (
            "func use(r *http.Response) { far(r) }",
            "use(resp)",
            UNKNOWN,
        ),
        ("func use(rs ...*http.Response) { }", "use(resp)", UNKNOWN),
        (
            "type T struct{}\n\nfunc (t T) use(r *http.Response) { }",
            "c.use(resp)",
            NO,
        ),
        (
            "type T struct{ r any }\n\nfunc (t *T) use(r *http.Response) { t.r = r }",
            "c.use(resp)",
            YES,
        ),
        (
            "func use(f func()) { f() }",
            "use(func() { io.ReadAll(resp.Body) })",
            NO,
        ),
        (
            "func use(f func()) { go f() }",
            "use(func() { io.ReadAll(resp.Body) })",
            YES,
        ),
    ] {
        check("(#escapes? @id)", &file(callee), &[(body, expected)]);
    }
    let literal = "use := func(r io.Reader) { io.ReadAll(r) }\nuse(resp.Body)";
    check("(#escapes? @id)", PLAIN, &[(literal, NO)]);
}

#[test]
fn a_context_is_borrowed_by_calls_unless_what_they_give_leaves() {
    let before = "func f(c T) (int, any, error) {\n\tctx := context.TODO()";
    check(
        "(#escapes? @id)",
        before,
        &[
            ("c.use(ctx, 1)", NO),
            ("n, err := c.use(ctx)\nreturn n, nil, err", NO),
            ("v, err := c.use(ctx)\nreturn 0, v, err", UNKNOWN),
            ("return 0, nil, c.use(ctx)", NO),
            ("c2 := context.WithValue(ctx, 1, 2)\nreturn 0, c2, nil", YES),
            ("c2, cancel := context.WithCancel(ctx)\ngo use(c2)", YES),
            (
                "req, err := http.NewRequestWithContext(ctx, \"\", \"\", nil)\nreturn 0, req, err",
                YES,
            ),
            (
                "req, err := http.NewRequestWithContext(ctx, \"\", \"\", nil)\nresp, err := c.Do(req)\nreturn 0, resp.Body, err",
                UNKNOWN,
            ),
            (
                "req, err := http.NewRequestWithContext(ctx, \"\", \"\", nil)\nresp, err := http.DefaultClient.Do(req)\nreturn 0, resp.Body, err",
                YES,
            ),
            (
                "req, err := http.NewRequestWithContext(ctx, \"\", \"\", nil)\nresp, err := c.Do(req)\nb, err := io.ReadAll(resp.Body)\nreturn 0, b, err",
                NO,
            ),
            (
                "select {\ncase <-ctx.Done():\n\treturn 0, nil, ctx.Err()\n}",
                NO,
            ),
            ("c.StartWorkers(ctx)", UNKNOWN),
            (
                "err := c.server.ServeBackground(ctx)\nreturn 0, nil, err",
                UNKNOWN,
            ),
            ("go c.use(ctx)", YES),
            ("g.Go(func() error { return c.use(ctx) })", UNKNOWN),
            ("c.ctx = ctx", YES),
        ],
    );
}

#[test]
fn calls_of_methods_are_found() {
    check(
        r#"(#calls? @id "Body.Close")"#,
        PLAIN,
        &[
            (
                "body, ok := resp.Body.(io.Closer)\n_ = ok\ndefer body.Close()",
                YES,
            ),
            ("resp.Body.(io.Closer).Close()", YES),
            ("resp.Body.Close()", YES),
            ("defer (resp.Body).Close()", YES),
            ("go func() { resp.Body.Close() }()", YES),
            ("t.Cleanup(func() { resp.Body.Close() })", YES),
            ("handOver(resp.Body.Close)", YES),
            ("body := resp.Body\ndefer body.Close()", YES),
            ("_ = resp.Body", NO),
            ("resp.Close()", NO),
            ("{\n\tresp := far()\n\tresp.Body.Close()\n}", NO),
        ],
    );
    let source = "package p\n\nfunc f() {\n\there(far)\n}\n";
    let shape = r"(argument_list (identifier) @id)";
    assert_eq!(
        both(shape, r#"(#calls? @id "Close")"#, &context("a.go"), source),
        UNKNOWN
    );
    let cancel = format!("{HEADER}func f() {{\n\tstop := here()\n\tdefer stop()\n}}\n");
    assert_eq!(
        both(ACQUIRED, r#"(#calls? @id "()")"#, &context("a.go"), &cancel),
        YES
    );
}

#[test]
fn every_path_releases_or_not() {
    check(
        r#"(#released? @id "Body.Close")"#,
        PLAIN,
        &[
            ("defer resp.Body.Close()", YES),
            (
                "if err != nil {\n\treturn nil, err\n}\ndefer resp.Body.Close()\nreturn nil, nil",
                YES,
            ),
            ("if err == nil {\n\tresp.Body.Close()\n}", YES),
            ("if resp != nil {\n\tresp.Body.Close()\n}", YES),
            (
                "if err != nil {\n\treturn nil, err\n}\nif ok {\n\treturn nil, nil\n}\nresp.Body.Close()",
                NO,
            ),
            (
                "err = far()\nif err != nil {\n\treturn nil, err\n}\nresp.Body.Close()",
                NO,
            ),
            ("if ok {\n\tdefer resp.Body.Close()\n}", NO),
            ("return nil, nil", NO),
            ("panic(1)", YES),
            ("defer func() { resp.Body.Close() }()", YES),
            (
                "defer func() {\n\tif cerr := resp.Body.Close(); cerr != nil {\n\t\terr = cerr\n\t}\n}()",
                YES,
            ),
            (
                "defer func() {\n\tif ok {\n\t\tresp.Body.Close()\n\t}\n}()",
                UNKNOWN,
            ),
            ("t.Cleanup(func() { resp.Body.Close() })", YES),
            ("t.Cleanup(resp.Body.Close)", YES),
            ("global = resp", YES),
            ("if ok {\n\treturn resp, nil\n}\nresp.Body.Close()", YES),
            ("if ok {\n\treturn resp, nil\n}", NO),
            ("far(resp)", UNKNOWN),
            (
                "for {\n\tif ok {\n\t\tbreak\n\t}\n\tresp.Body.Close()\n}",
                NO,
            ),
        ],
    );
}

#[test]
fn reads_behind_a_node_are_found() {
    let shape = r#"((call_expression function: (identifier) @_here arguments: (argument_list (identifier) @id)) @n (#eq? @_here "here"))"#;
    for (body, expected) in [
        ("x := 1\nhere(x)", NO),
        ("x := 1\nhere(x)\nx = 2", NO),
        ("x := 1\nhere(x)\nfar(x)", YES),
        ("x := 1\nhere(x)\nreturn\nfar(x)", NO),
        ("x := 1\nfor {\n\tfar(x)\n\there(x)\n}", YES),
        ("x := 1\ndefer x.Close()\nhere(x)", UNKNOWN),
        ("x := 1\ng := func() { far(x) }\nhere(x)\ng()", UNKNOWN),
        ("x := 1\np := &x\nhere(x)", UNKNOWN),
    ] {
        let source = format!("package p\n\nfunc f() {{\n{body}\n}}\n");
        assert_eq!(
            both(shape, "(#used-after? @id @n)", &context("a.go"), &source),
            expected,
            "{body}"
        );
    }
}

#[test]
fn the_table_knows_what_acquires() {
    let shape = r#"(short_var_declaration left: (expression_list . (identifier) @id) right: (expression_list (call_expression) @call) (#eq? @id "r"))"#;
    for (body, expected) in [
        ("r, err := http.Get(u)", YES),
        ("r, err := os.Open(u)", YES),
        ("r, err := http.DefaultClient.Do(u)", YES),
        ("c := &http.Client{}\nr, err := c.Do(u)", YES),
        ("c := http.Client{}\nr, err := c.Do(u)", YES),
        ("var c *http.Client\nr, err := c.Do(u)", YES),
        ("r, err := (&http.Client{Timeout: 1}).Do(u)", YES),
        ("r, err := http.NewRequest(u)", NO),
        ("r, cancel := context.WithCancel(u)", NO),
        ("r, err := client.Do(u)", UNKNOWN),
        ("r, err := s.client.Do(u)", UNKNOWN),
        ("http := x\nr, err := http.Get(u)", UNKNOWN),
    ] {
        let source = format!("{HEADER}func f() {{\n{body}\n}}\n");
        let predicate = "(#acquires? @call @id)";
        assert_eq!(
            both(shape, predicate, &context("a.go"), &source),
            expected,
            "{body}"
        );
    }
}

#[test]
fn the_number_of_a_descriptor_is_as_good_as_the_file() {
    let before = "func f(c T) (int, error) {\n\tfile, err := os.Open(\"\")";
    check(
        "(#escapes? @id)",
        before,
        &[
            ("return int(file.Fd()), nil", YES),
            ("use(int(file.Fd()))", UNKNOWN),
            ("n, err := file.Read(b)\nreturn n, err", NO),
            ("return len(file.Name()), nil", NO),
        ],
    );
}
