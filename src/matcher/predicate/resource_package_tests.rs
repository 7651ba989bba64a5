//! Predicates about resources where types and callees come from other files of the package, the module and the standard
//! library.

use std::sync::Arc;

use crate::{
    go::index::{Index, Module, Sources},
    matcher::testing::{NO, UNKNOWN, YES, both_in, context},
};

/// The other files of the module.
const FILES: &[(&str, &str, &str)] = &[
    (
        "",
        "b.go",
        r#"package p

import (
	"context"
	"io"
	"net/http"
	"os"
)

type store struct {
	client *http.Client
	inner  http.Client
	custom client
	file   *os.File
}

type client struct{}

func (client) Do(*http.Request) (*http.Response, error)

type alias = http.Client

type reader = io.Reader

func (s *store) take(r io.Reader) error

func decode(r io.Reader, n int) (int, error)
func viaAlias(r reader) error
func wrap(r io.Reader) (*scanner, error)
func fill(r io.Reader, v *int) error
func consume(r io.ReadCloser) error
func file(f *os.File) error
func setSource(r io.Reader) error
func drain(r io.Reader)
func anything(v any) error
func several(rs ...io.Reader) error
func generic[T any](r io.Reader, t T) error
func pair(r io.Reader, s string) error
func count(ctx context.Context) (n int)
func dial(ctx context.Context) (*conn, int)

var hook = func(r io.Reader) error { return nil }
var global any

type scanner struct{ r io.Reader }

type conn struct{ ctx context.Context }
"#,
    ),
    (
        "far",
        "far/far.go",
        "package far\n\nimport \"io\"\n\nfunc Sum(r io.Reader) (int, error)\nfunc New(r io.Reader) *T\n\ntype T struct{ r io.Reader }\n\nvar Hook func(r io.Reader) error\n",
    ),
];

const HEADER: &str = "package p\n\nimport (\n\t\"bufio\"\n\t\"bytes\"\n\t\"context\"\n\t\"encoding/binary\"\n\t\"go/format\"\n\t\"log\"\n\t\"net/http\"\n\t\"os\"\n\t\"regexp\"\n\t\"runtime/pprof\"\n\t\"text/tabwriter\"\n\t\"example.com/m/far\"\n\t\"example.com/other/unseen\"\n)\n\n";

/// The variable `id`, and the call that it is declared with.
const DECLARED: &str = r#"(short_var_declaration left: (expression_list (identifier) @id) right: (expression_list (call_expression) @call) (#eq? @id "id"))"#;

struct OneModule(String);

impl Sources for OneModule {
    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let others = FILES.iter().filter(|(of, ..)| *of == folder);
        let mut found: Vec<(String, Arc<str>)> = others
            .map(|(_, path, text)| ((*path).to_owned(), Arc::from(*text)))
            .collect();
        if folder.is_empty() {
            found.push(("a.go".to_owned(), self.0.as_str().into()));
        }
        found.sort();
        found
    }

    fn is_complete(&self, _: &str) -> bool {
        true
    }
}

fn check(predicate: &str, before: &str, cases: &[(&str, (bool, bool))]) {
    for (body, expected) in cases {
        let source = format!("{HEADER}func f(s *store) (any, error) {{\n{before}\n{body}\n}}\n");
        let sources = OneModule(source.clone());
        let module = Module::parse("", "module example.com/m\n").expect("it has a name");
        let index = Index::new(&sources, vec![module]);
        let got = both_in(DECLARED, predicate, &context("a.go"), &source, Some(&index));
        assert_eq!(got, *expected, "{predicate}\n{before}\n{body}");
    }
}

#[test]
fn types_of_the_package_tell_what_acquires() {
    check(
        "(#acquires? @call @id)",
        "",
        &[
            ("id, err := s.client.Do(r)", YES),
            ("id, err := s.inner.Get(u)", YES),
            ("var c alias\nid, err := c.Get(u)", YES),
            ("c := s.client\nid, err := c.Get(u)", YES),
            ("id, err := (*s).client.Get(u)", YES),
            ("id, err := s.custom.Do(r)", UNKNOWN),
            ("id, err := s.missing.Do(r)", UNKNOWN),
            ("var c unseen.Client\nid, err := c.Get(u)", NO),
            ("id, err := s.file.Stat()", NO),
        ],
    );
}

#[test]
fn a_parameter_without_release_method_borrows() {
    check(
        "(#escapes? @id)",
        "id, err := os.Open(u)",
        &[
            ("n, err := decode(id, 1)\nreturn n, err", NO),
            ("err = viaAlias(id)", NO),
            ("err = pair(id, \"\")", NO),
            ("n, err := far.Sum(id)\nreturn n, err", NO),
            (
                "n, err := binary.ReadUvarint(bufio.NewReader(id))\nreturn n, err",
                NO,
            ),
            ("return nil, format.Node(id, set, node)", NO),
            (
                "ok, err := regexp.MatchReader(\"a\", bufio.NewReader(id))\nreturn ok, err",
                NO,
            ),
            ("var b bytes.Buffer\nb.ReadFrom(id)\nreturn b, nil", NO),
            // The parameter's type can release it.
            ("err = consume(id)", UNKNOWN),
            ("err = file(id)", UNKNOWN),
            // What could keep it: an empty interface, another parameter, a receiver, a name that says so.
            ("err = anything(id)", UNKNOWN),
            ("err = fill(id, p)", UNKNOWN),
            ("err = s.take(id)", UNKNOWN),
            ("err = setSource(id)", UNKNOWN),
            // Nothing says that it is done when it returns.
            ("drain(id)", UNKNOWN),
            // Not one parameter for one argument, or no function with one body.
            ("err = several(id)", UNKNOWN),
            ("err = generic(id, 1)", UNKNOWN),
            ("err = hook(id)", UNKNOWN),
            ("err = far.Hook(id)", UNKNOWN),
            ("decode := x\nerr = decode(id, 1)", UNKNOWN),
            ("err = unseen.Sum(id)", UNKNOWN),
            ("err = nowhere(id)", UNKNOWN),
            // Kept by functions of the standard library.
            ("log.SetOutput(id)", YES),
            ("err = pprof.StartCPUProfile(id)", YES),
        ],
    );
}

#[test]
fn what_a_borrowing_call_gives_may_hold_the_argument() {
    check(
        "(#escapes? @id)",
        "id, err := os.Open(u)",
        &[
            ("w, err := wrap(id)\nreturn w, err", UNKNOWN),
            ("w, err := wrap(id)\ns.w = w", UNKNOWN),
            ("return far.New(id), nil", UNKNOWN),
            ("_, err = wrap(id)\nreturn nil, err", NO),
            (
                "w := tabwriter.NewWriter(id, 0, 0, 1, ' ', 0)\nreturn w, nil",
                YES,
            ),
            ("r := bufio.NewReader(id)\nreturn r, nil", YES),
        ],
    );
}

#[test]
fn parts_and_results_have_the_types_of_the_package() {
    check(
        "(#escapes? @id)",
        "id, err := s.client.Get(u)",
        &[
            ("return id.StatusCode, nil", NO),
            ("return id.Body, nil", YES),
            ("n, err := decode(id.Body, 1)\nreturn n, err", NO),
            ("err = consume(id.Body)", UNKNOWN),
        ],
    );
    check(
        "(#escapes? @id)",
        "id := context.TODO()",
        &[
            ("n := count(id)\nreturn n, nil", NO),
            ("return count(id), nil", NO),
            ("_, n := dial(id)\nreturn n, nil", NO),
            ("c, n := dial(id)\nreturn c, nil", UNKNOWN),
        ],
    );
}

#[test]
fn borrowing_calls_do_not_end_the_duty_to_release() {
    check(
        "(#released? @id \"Close\")",
        "id, err := os.Open(u)\nif err != nil {\n\treturn nil, err\n}",
        &[
            ("n, err := decode(id, 1)\nreturn n, err", NO),
            (
                "defer id.Close()\nn, err := decode(id, 1)\nreturn n, err",
                YES,
            ),
            ("return nil, consume(id)", UNKNOWN),
            ("return wrap(id)", UNKNOWN),
        ],
    );
}
