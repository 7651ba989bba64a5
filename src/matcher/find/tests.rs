//! What `find` takes and what it leaves, for calls of `here()`.

use std::{path::Path, sync::Arc};

use crate::{
    codemod::{Origin, load_text},
    go::{syntax::Parsed, version::Version},
    matcher::{Facts, FileContext, matches},
};

const HEADER: &str = "package p\n\nimport (\n\t\"context\"\n\t\"net/http\"\n\t\"testing\"\n\n\t\"github.com/gin-gonic/gin\"\n\t\"golang.org/x/sync/errgroup\"\n)\n\n";

/// What is found for each call of `here()`, or why nothing is.
fn found_at(go: &str, body: &str) -> Vec<String> {
    let codemod = "summary = \"s\"\ndescription = \"d\"\napplicability = \"display\"\n\n[[rule]]\nname = \"r\"\nmessage = \"m\"\nquery = '((call_expression function: (identifier) @_f) @call (#eq? @_f \"here\"))'\nfind = { ctx = \"context.Context\" }\n";
    let codemod = load_text("a/b", Origin::File("a/b.toml".into()), codemod, &[])
        .unwrap_or_else(|problems| panic!("{}", crate::diagnostic::render(&problems, false)));
    let parsed = Parsed::new(Arc::from(format!("{HEADER}{body}\n")));
    assert!(
        parsed.errors().is_empty(),
        "the test's Go is broken:\n{body}"
    );
    let file = FileContext {
        path: Arc::from(Path::new("a.go")),
        go: Version::parse(go),
        generated: false,
    };
    let facts = Facts::new(&parsed, &file);
    let mut misses = Vec::new();
    let query = &codemod.rules[0].query;
    let found = matches(query, &facts, parsed.root(), Some(&mut misses)).expect("within the limit");
    let mut all: Vec<(usize, String)> = found
        .into_iter()
        .map(|m| (m.span().start, m.found["ctx"].clone()))
        .chain(
            misses
                .into_iter()
                .filter(|miss| miss.predicate == "find = { ctx = \"context.Context\" }")
                .map(|miss| (miss.place.start, format!("- {}", miss.reason))),
        )
        .collect();
    all.sort();
    all.into_iter().map(|(_, text)| text).collect()
}

#[track_caller]
fn check(body: &str, expected: &str) {
    assert_eq!(found_at("1.22", body), [expected], "{body}");
}

const NONE: &str = "- nothing of type `context.Context` is in scope here";

#[test]
fn parameters_and_locals_of_the_type_are_found() {
    check("func f(ctx context.Context) { here() }", "ctx");
    check("func f(a int, b, c context.Context) { here() }", "b");
    check("func f(c context.Context) { func() { here() }() }", "c");
    check(
        "func f(ctx context.Context) { c := context.WithValue(ctx, 1, 2); here(); _ = c }",
        "c",
    );
    check(
        "func f() { c, cancel := context.WithCancel(context.Background()); defer cancel(); here(); _ = c }",
        "c",
    );
    check(
        "func f() { ctx := context.TODO(); if true { here() }; _ = ctx }",
        "ctx",
    );
    check("func f[T any](ctx context.Context, t T) { here() }", "ctx");
    check("func (s *S) f(ctx context.Context) { here() }", "ctx");
}

#[test]
fn what_is_not_in_scope_is_not_found() {
    check("func f() { here() }", NONE);
    check("func f(_ context.Context) { here() }", NONE);
    check("func f(context.Context) { here() }", NONE);
    check("func f() { here(); ctx := context.TODO(); _ = ctx }", NONE);
    check(
        "func f() { { ctx := context.TODO(); _ = ctx }; here() }",
        NONE,
    );
    check(
        "func f() { ctx := context.WithValue(here()); _ = ctx }",
        NONE,
    );
    check("var ctx context.Context\nfunc f() { here() }", NONE);
    check(
        "func f(ctx context.Context) { if true { ctx := 1; here(); _ = ctx } }",
        NONE,
    );
    check("func f(ctx other.Context) { here() }", NONE);
    check("func f(ctx *context.Context) { here() }", NONE);
    check(
        "type s struct { ctx context.Context }\nfunc (s s) f() { here() }",
        NONE,
    );
}

#[test]
fn the_nearest_wins() {
    check(
        "func f(ctx context.Context) { _ = func(w http.ResponseWriter, r *http.Request) { here() } }",
        "r.Context()",
    );
    check(
        "func f(r *http.Request, ctx context.Context) { here() }",
        "ctx",
    );
    check(
        "func f(r *http.Request) { func(c context.Context) { here() }(nil) }",
        "c",
    );
    check(
        "func f(a context.Context) { if true { b := a; here(); _ = b } }",
        "b",
    );
}

#[test]
fn expressions_are_derived_from_parameters() {
    check("func f(c *gin.Context) { here() }", "c.Request.Context()");
    check(
        "func f() { r, _ := http.NewRequest(\"\", \"\", nil); here(); _ = r }",
        NONE,
    );
    check(
        "func f(r *http.Request) { { r := 1; here(); _ = r } }",
        NONE,
    );
    let test = "func TestF(t *testing.T) { here() }";
    assert_eq!(found_at("1.24", test), ["t.Context()"]);
    assert_eq!(found_at("1.23", test), [NONE]);
    assert_eq!(found_at("", test), [NONE]);
    assert_eq!(
        found_at("1.24", "func f(t testing.TB) { here() }"),
        ["t.Context()"]
    );
}

#[test]
fn what_may_be_nil_is_left_alone() {
    let empty = "- `ctx` may have no value here";
    check(
        "func f() { var ctx context.Context; here(); _ = ctx }",
        empty,
    );
    check(
        "func f() { var ctx context.Context; if x { ctx = context.TODO() }; here(); _ = ctx }",
        empty,
    );
    check(
        "func f() { var ctx context.Context; ctx = context.TODO(); if x { here() }; _ = ctx }",
        "ctx",
    );
    check("func f() (ctx context.Context) { here(); return }", empty);
    check(
        "func f() (ctx context.Context) { ctx = context.TODO(); here(); return }",
        "ctx",
    );
    check(
        "func f(ctx context.Context) { here(); ctx = nil }",
        "- `ctx` is set to nil",
    );
    check(
        "func f(ctx context.Context) { g(&ctx); here() }",
        "- the address of `ctx` is taken, so it may hold anything",
    );
    let compared = "- `ctx` is compared with nil, so it may be nil here";
    check(
        "func f(ctx context.Context) { if ctx == nil { ctx = here() } }",
        compared,
    );
    check(
        "func f(ctx context.Context) { if ctx != nil { g() }; here() }",
        compared,
    );
    check(
        "func f(ctx context.Context) { here(); if ctx == nil { return } }",
        compared,
    );
    check(
        "func f(ctx context.Context) { if ctx == nil { ctx = context.TODO() }; here() }",
        "ctx",
    );
    check(
        "func f(ctx context.Context) { if ctx == nil { return }; if x { here() } }",
        "ctx",
    );
    check(
        "func f(ctx context.Context) { if ctx == nil { g() }; here() }",
        compared,
    );
}

#[test]
fn what_may_have_ended_is_left_alone() {
    let done = "- `ctx.Done()` says that `ctx` may have ended here";
    let error = "- `ctx.Err()` says that `ctx` may have ended here";
    for (statements, expected) in [
        ("<-ctx.Done(); here()", done),
        ("select { case <-ctx.Done(): here() }", done),
        (
            "select { case <-ctx.Done(): return; case <-c: here() }",
            "ctx",
        ),
        (
            "select { case <-ctx.Done(): return; case <-c: }; here()",
            "ctx",
        ),
        ("select { case <-ctx.Done(): case <-c: }; here()", done),
        (
            "l: for { select { case <-ctx.Done(): break l; case <-c: } }; here()",
            done,
        ),
        (
            "for { select { case <-ctx.Done(): return; case <-c: here() } }",
            "ctx",
        ),
        ("if ctx.Err() != nil { here() }", error),
        ("if ctx.Err() != nil { return }; here()", "ctx"),
        ("if err := ctx.Err(); err != nil { return }; here()", "ctx"),
        ("if ctx.Err() != nil { g() }; here()", error),
        ("if ctx.Err() == nil { here() }", "ctx"),
        ("if ctx.Err() == nil { g() } else { here() }", error),
        ("for ctx.Err() == nil { here() }", "ctx"),
        ("for ctx.Err() == nil { g() }; here()", error),
        ("go func() { <-ctx.Done(); g() }(); here()", "ctx"),
        ("go func() { <-ctx.Done(); here() }()", done),
        ("if x { err = ctx.Err(); return }; here()", "ctx"),
        (
            "defer here()",
            "- what `defer` runs may run after `ctx` has ended",
        ),
        (
            "defer func() { here() }()",
            "- what `defer` runs may run after `ctx` has ended",
        ),
        (
            "t.Cleanup(func() { here() })",
            "- what `Cleanup` runs may run after `ctx` has ended",
        ),
        (
            "context.AfterFunc(ctx, func() { here() })",
            "- what `AfterFunc` runs may run after `ctx` has ended",
        ),
        (
            "return func() { here() }",
            "- the function literal here may run after `ctx` has ended",
        ),
        (
            "s.f = func() { here() }",
            "- the function literal here may run after `ctx` has ended",
        ),
        (
            "g(T{f: func() { here() }})",
            "- the function literal here may run after `ctx` has ended",
        ),
        ("h := func() { here() }; h()", "ctx"),
        ("g(func() { here() })", "ctx"),
        ("s.f = func(ctx context.Context) { here() }", "ctx"),
        ("defer func(ctx context.Context) { here() }(ctx)", "ctx"),
    ] {
        let body = format!("func f(ctx context.Context) {{ {statements} }}");
        check(&body, expected);
    }
    check(
        "func f(r *http.Request) { <-r.Context().Done(); here() }",
        "- `r.Context().Done()` says that `r.Context()` may have ended here",
    );
}

#[test]
fn what_ends_a_local_counts_and_its_parent_stays() {
    for (statements, expected) in [
        (
            "c, cancel := context.WithCancel(ctx); g(c); cancel(); here()",
            "ctx",
        ),
        (
            "c, cancel := context.WithCancel(ctx); if x { cancel(); return }; here(); g(c)",
            "c",
        ),
        (
            "c, cancel := context.WithCancel(ctx); if x { cancel() }; here(); g(c)",
            "ctx",
        ),
        (
            "c, cancel := context.WithCancel(ctx); h(func() { cancel() }); here(); g(c)",
            "c",
        ),
        (
            "g, c := errgroup.WithContext(ctx); g.Go(h(c)); g.Wait(); here()",
            "ctx",
        ),
        (
            "g, c := errgroup.WithContext(ctx); g.Go(func() { here() }); g.Wait(); h(c)",
            "c",
        ),
        (
            "g, c := errgroup.WithContext(ctx); if err := g.Wait(); err != nil { here() }; h(c)",
            "ctx",
        ),
    ] {
        let body = format!("func f(ctx context.Context) {{ {statements} }}");
        check(&body, expected);
    }
    check(
        "func f() { c, cancel := context.WithCancel(context.TODO()); cancel(); here(); _ = c }",
        "- `c` may have ended here, by `cancel()`",
    );
}
