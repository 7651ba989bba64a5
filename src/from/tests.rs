use std::{collections::BTreeSet, path::Path, sync::Arc};

use super::{
    pointed::{Astray, Pointed},
    *,
};

fn lines(text: &str) -> Vec<String> {
    let report = read(text.as_bytes()).expect("it can be read");
    let line = |finding: &Foreign| {
        let rules: Vec<String> = finding
            .rules
            .iter()
            .map(|rule| format!("{}/{}", rule.tool.as_deref().unwrap_or("*"), rule.name))
            .collect();
        let line = finding.line.map_or("-".to_owned(), |line| line.to_string());
        format!("{}:{line} {}", finding.path, rules.join(" "))
    };
    report.findings.iter().map(line).collect()
}

fn problem(text: &str) -> String {
    read(text.as_bytes()).expect_err("it cannot be read").cause
}

#[test]
fn go_vet_has_packages_of_analyzers_and_words_between_them() {
    let text = r#"# example.com/a
{
	"example.com/a": {
		"lostcancel": [
			{"posn": "/repo/a/a.go:18:7", "end": "/repo/a/a.go:18:8", "message": "m"},
			{"posn": "C:\\repo\\a.go:3", "message": "m"}
		],
		"printf": {"error": "failed"}
	}
}
# example.com/a [example.com/a.test]
{"example.com/a": {"lostcancel": [{"posn": "/repo/a/a.go:18:7", "message": "m"}]}}
{}
exit status 1
"#;
    assert_eq!(
        lines(text),
        [
            "/repo/a/a.go:18 */lostcancel",
            "C:/repo/a.go:3 */lostcancel"
        ],
        "the same place in the package and its test is one"
    );
}

#[test]
fn staticcheck_has_a_line_for_each() {
    let text = r#"{"code":"SA1015","severity":"error","location":{"file":"/repo/a.go","line":7,"column":2},"end":{"file":"/repo/a.go","line":7,"column":9},"message":"m"}
{"code":"S1000","location":{"file":"b.go","line":0,"column":0},"message":"m"}
"#;
    assert_eq!(
        lines(text),
        [
            "/repo/a.go:7 staticcheck/SA1015",
            "b.go:- staticcheck/S1000"
        ]
    );
}

#[test]
fn golangci_names_the_rule_of_a_linter_in_its_message() {
    let text = r#"{"Issues":[
{"FromLinter":"govet","Text":"lostcancel: the cancel function is not used","Pos":{"Filename":"a/a.go","Offset":0,"Line":12,"Column":2}},
{"FromLinter":"bodyclose","Text":"response body must be closed","Pos":{"Filename":"a\\b.go","Line":3}},
{"FromLinter":"gosimple","Text":"S1000: use a receive","Pos":{"Filename":"c.go","Line":4}},
{"FromLinter":"errcheck","Text":"Error return value of `x: y` is not checked: z","Pos":{"Filename":"d.go","Line":5}}
],"Report":{"Linters":[]}}
4 issues:
* govet: 1
"#;
    assert_eq!(
        lines(text),
        [
            "a/a.go:12 govet/lostcancel govet/govet",
            "a/b.go:3 bodyclose/bodyclose",
            "c.go:4 gosimple/S1000 staticcheck/S1000 gosimple/gosimple",
            "d.go:5 errcheck/errcheck"
        ]
    );
    assert_eq!(lines(r#"{"Issues":null,"Report":{}}"#), [""; 0]);
}

#[test]
fn sarif_names_rules_by_id_or_index_and_files_by_uri() {
    let text = r#"{"version":"2.1.0","$schema":"x","runs":[{
"tool":{"driver":{"name":"gosec","rules":[{"id":"G104"},{"id":"G118"}]}},
"originalUriBaseIds":{"SRC":{"uri":"file:///repo/"}},
"artifacts":[{"location":{"uri":"by/index.go"}}],
"results":[
{"ruleId":"G118","locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b/c%2b.go","uriBaseId":"SRC"},"region":{"startLine":5,"endLine":9}}}]},
{"ruleIndex":1,"locations":[{"physicalLocation":{"artifactLocation":{"index":0},"region":{"startLine":6}}}]},
{"ruleId":"G118","locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///C:/r/a.go"},"region":{"startLine":7}}}]},
{"ruleId":"G118","suppressions":[{"kind":"inSource"}],"locations":[]},
{"ruleId":"G118","baselineState":"absent"},
{"ruleId":"G118","suppressions":[{"kind":"external","status":"rejected"}]}
]},
{"tool":{"driver":{"name":"golangci-lint"}},"results":[{"ruleId":"govet","message":{"text":"lostcancel: m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.go","uriBaseId":"%SRCROOT%"},"region":{"startLine":1}}}]}]},
{"tool":{"driver":{"name":"Sum"}},"results":[{"ruleId":"staticcheck/SA1015","locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.go"},"region":{"startLine":2}}}]}]}
]}"#;
    assert_eq!(
        lines(text),
        [
            "/repo/a b/c+.go:5 gosec/G118",
            "by/index.go:6 gosec/G118",
            "C:/r/a.go:7 gosec/G118",
            ":- gosec/G118",
            "a.go:1 govet/lostcancel govet/govet",
            "a.go:2 staticcheck/SA1015 sum/staticcheck/SA1015"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    assert_eq!(problem(" \n"), "is empty");
    assert_eq!(problem("a.go:1:2: x"), "is not JSON at line 1, column 1");
    assert_eq!(
        problem("# p\n{\n\"a\": ]}"),
        "is not JSON at line 3, column 6"
    );
    assert_eq!(problem("{}\n[1]"), "has JSON of an unknown form at line 2");
    assert_eq!(
        problem(r#"{"a": 1}"#),
        "has JSON of an unknown form at line 1"
    );
    assert_eq!(
        problem(r#"{"Issues": [1]}"#),
        "has JSON of an unknown form at line 1"
    );
    assert_eq!(
        problem(r#"{"version":"2.0.0","runs":[]}"#),
        "is SARIF 2.0.0"
    );
    assert_eq!(
        read(b"{\xff}").expect_err("no text").cause,
        "is not UTF-8 at byte 1"
    );
}

#[test]
fn a_shell_may_have_written_another_encoding() {
    let text = "{\"p\": {\"a\": [{\"posn\": \"a.go:1:1\"}]}}";
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        read(&wide).expect("it is UTF-16"),
        read(text.as_bytes()).expect("it is UTF-8")
    );
    let marked = format!("\u{feff}{text}");
    assert!(read(marked.as_bytes()).is_ok());
}

#[test]
fn paths_are_those_of_the_repository_or_of_the_folder() {
    let codemod = crate::codemod::catalogue::load("context/cancel-discarded", &[]);
    let codemods = [codemod.expect("it ships").expect("it loads")];
    let files: Vec<Arc<Path>> = ["a.go", "sub/a.go", "sub/b.go"]
        .map(|p| Path::new(p).into())
        .into();
    let find = |rule: &str, path: &str, base, line| {
        let finding = Foreign {
            rules: vec![Rule::of("govet", rule)],
            path: path.to_owned(),
            base,
            line,
        };
        let root = Path::new("/no/such/root");
        let current = root.join("sub");
        let pointed = Pointed::new(&[finding], &codemods, root, Some(&current), &files);
        let at = files.iter().find(|file| !pointed.at(file).is_empty());
        match at {
            Some(at) => Ok(at.to_string_lossy().into_owned()),
            None => Err(pointed.astray(&BTreeSet::new())[0].1),
        }
    };
    let ok = |path: &str| Ok(path.to_owned());
    let one = Some(1);
    assert_eq!(find("lostcancel", "a.go", Base::Root, one), ok("a.go"));
    assert_eq!(
        find("lostcancel", "a.go", Base::Current, one),
        ok("sub/a.go")
    );
    assert_eq!(find("lostcancel", "b.go", Base::Root, one), ok("sub/b.go"));
    assert_eq!(
        find("lostcancel", "../a.go", Base::Current, one),
        ok("a.go")
    );
    assert_eq!(
        find("lostcancel", "/no/such/root/./sub/b.go", Base::Root, one),
        ok("sub/b.go")
    );
    assert_eq!(
        find("lostcancel", "/elsewhere/a.go", Base::Root, one),
        Err(Astray::File)
    );
    assert_eq!(
        find("lostcancel", "a.go", Base::Root, None),
        Err(Astray::Place)
    );
    assert_eq!(find("printf", "a.go", Base::Root, one), Err(Astray::Rule));
}
