//! Findings as one page of HTML in which a reviewer looks rather than reads: totals and charts, filters and a search,
//! and each change side by side. It holds all that it needs, asks no network for anything and works from a file.
//!
//! The page is assembled from `html/template.html`, its style and its scripts, and the run as JSON, from which the script
//! draws. What comes from a repository or a codemod is data throughout: the JSON cannot end its element, the script
//! makes text of it and never markup, explanations are cleaned here, and the page's content security policy admits
//! nothing but the very style and script shipped, by their hashes.
//!
//! Go is coloured by the script, when a finding is opened: a tree-sitter parse of every file before and after each
//! change would take longer than the search and its spans more room than the source, and a lexer's colours are
//! enough to read a few lines by.

mod change;
mod data;
mod excerpt;
mod explanation;

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::{about::About, escape};
use crate::engine::Run;

const TEMPLATE: &str = include_str!("html/template.html");
const STYLE: &str = include_str!("html/style.css");
/// Parts of one script, which share a scope: what a part uses comes before it.
const SCRIPT: &[&str] = &[
    include_str!("html/script/dom.js"),
    include_str!("html/script/data.js"),
    include_str!("html/script/go.js"),
    include_str!("html/script/align.js"),
    include_str!("html/script/diff.js"),
    include_str!("html/script/filter.js"),
    include_str!("html/script/charts.js"),
    include_str!("html/script/finding.js"),
    include_str!("html/script/list.js"),
    include_str!("html/script/keys.js"),
    include_str!("html/script/main.js"),
];

/// The run as a page. `command` is what was typed, for the reader to repeat.
pub fn report(run: &Run, codemods: &[About], command: &str) -> String {
    let (page, found) = data::page(run, codemods, command);
    let data = serde_json::to_string(&page).expect("strings, numbers and lists are always JSON");
    let explanations: String = found
        .iter()
        .enumerate()
        .filter_map(|(index, about)| {
            let text = explanation::explain(&codemods[(*about)?]);
            Some(format!(
                "<template id=\"codemod-{index}\">\n{text}</template>\n"
            ))
        })
        .collect();
    // Line ends as the HTML parser sees them: the hashes are of what it gives.
    let style = STYLE.replace('\r', "");
    let script = format!("(() => {{\n'use strict';\n{}}})();\n", SCRIPT.concat()).replace('\r', "");
    fill(TEMPLATE, |name| match name {
        "policy" => policy(&style, &script),
        "style" => style.clone(),
        "script" => script.clone(),
        "data" => inert(&data),
        "explanations" => explanations.clone(),
        _ => unreachable!("the template has no other places"),
    })
}

/// What the page may load and run: its own style and script.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(script),
        hash(style)
    )
}

/// The template with each `{{name}}` replaced by what `value` gives. What is put in is not looked at again.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part
            .split_once("}}")
            .expect("the template closes its places");
        page.push_str(&value(name));
        page.push_str(rest);
    }
    page
}

/// JSON that cannot end the element it stands in, and shows no reader of the page's source another order than it has.
fn inert(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '<' | '>' | '&') || escape::is_harmful(c) {
            // These stand only within strings, where JSON takes them so, and all have one UTF-16 code unit.
            write!(text, "\\u{:04x}", u32::from(c)).expect("writing to a string cannot fail");
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        engine::{FileReport, Outcome},
        finding::{Status, TextEdit},
        report::fixture,
        verify::Verified,
    };

    /// What stands between two marks of the page, of which there is one each.
    fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = page.split_once(start).expect("it starts");
        rest.split_once(end).expect("it ends").0
    }

    fn data(page: &str) -> Value {
        let text = between(
            page,
            "<script type=\"application/json\" id=\"data\">",
            "</script>",
        );
        serde_json::from_str(text).expect("JSON")
    }

    #[test]
    fn a_finding_has_its_change_and_the_lines_around_it() {
        let source = "package b\n\nfunc f() {\n\ta()\n\tb()\n\tc()\n\td()\n\t/* \u{1f600} */ x, _ := g()\n\te()\n}\n";
        let at = source.find('_').expect("in the text");
        let mut run = fixture::run("a/b.go", source, Some(at..at + 1));
        let behind = source.find("\te()").expect("in the text");
        run.findings[0].edits.push(TextEdit {
            start: behind,
            end: behind,
            text: "\tdefer cancel()\n".to_owned(),
        });
        let page = data(&report(&run, &[fixture::about()], "gomend check"));
        assert_eq!(
            page["files"],
            json!([{
                "path": "a/b.go",
                "package": "a",
                "excerpts": [
                    {"line": 3, "text": "func f() {"},
                    {"line": 5, "text": "\tb()\n\tc()\n\td()\n\t/* \u{1f600} */ x, _ := g()\n\te()\n}"},
                ],
            }])
        );
        let finding = &page["findings"][0];
        assert_eq!(
            finding["hunks"],
            json!([{"at": 8, "old": 1, "new": ["\t/* \u{1f600} */ x, cancel := g()", "\tdefer cancel()"], "scope": 3}])
        );
        assert_eq!(finding["mark"], json!([13, 14]), "in UTF-16 code units");
        assert_eq!(
            (&finding["line"], &finding["column"]),
            (&json!(8), &json!(16))
        );
        assert_eq!(
            page["codemods"],
            json!([{"id": "context/cancel-discarded", "summary": "Bind the CancelFunc"}])
        );
        assert_eq!(page["command"], json!("gomend check"));
    }

    #[test]
    fn the_change_of_a_file_is_shown_where_it_is_more_than_those_of_its_findings() {
        let (before, after) = ("package b\nvar a = 1\n", "package b\nvar a = 2\n");
        let mut run = fixture::run("b.go", before, [18..19, 14..15]);
        run.findings[0].edits[0].text = "2".to_owned();
        run.findings[1].edits.clear();
        run.verified = vec![Verified::for_test("b.go", before, after)];
        let of_file = |run: &Run| data(&report(run, &[], ""))["files"][0]["hunks"].clone();
        assert_eq!(of_file(&run), Value::Null);
        run.findings[0].status = Status::Display;
        assert_eq!(
            of_file(&run),
            json!([{"at": 2, "old": 1, "new": ["var a = 2"]}])
        );
    }

    #[test]
    fn files_that_were_left_out_stand_by_reason() {
        let mut run = fixture::run("b.go", "package b\n", None);
        let file = |path: &str, outcome| FileReport {
            path: std::path::Path::new(path).into(),
            outcome,
        };
        run.files = vec![
            file("a.go", Outcome::Skipped("generated".to_owned())),
            file("b.go", Outcome::Unchanged),
            file("c.go", Outcome::Failed("permission denied".to_owned())),
            file("d.go", Outcome::Skipped("generated".to_owned())),
        ];
        assert_eq!(
            data(&report(&run, &[], ""))["outcomes"],
            json!([
                {"outcome": "failed", "reason": "permission denied", "paths": ["c.go"]},
                {"outcome": "skipped", "reason": "generated", "paths": ["a.go", "d.go"]},
            ])
        );
    }

    #[test]
    fn nothing_of_a_run_becomes_part_of_the_page() {
        let hostile = "</script><script>alert(1)</script><!-- {{script}} \u{202e}\u{2028} & '\"";
        let source = format!("package b // {hostile}\n");
        let mut run = fixture::run(hostile, &source, Some(0..7));
        run.findings[0].message = hostile.to_owned();
        run.findings[0].reason = Some(hostile.to_owned());
        let mut about = fixture::about();
        about.description = hostile.to_owned();
        about.summary = hostile.to_owned();
        let shown = report(&run, &[about], hostile);
        assert_eq!(shown.matches("<script").count(), 2);
        assert_eq!(shown.matches("</script").count(), 2);
        assert_eq!(shown.matches("<!--").count(), 0);
        assert_eq!(shown.matches(['\u{202e}', '\u{2028}']).count(), 0);
        let page = data(&shown);
        assert_eq!(page["findings"][0]["message"], json!(hostile));
        assert_eq!(page["command"], json!(hostile));
        assert_eq!(
            page["files"][0]["excerpts"][0]["text"],
            json!(source.trim_end())
        );
    }

    #[test]
    fn the_policy_admits_the_style_and_the_script_of_the_page_and_nothing_else() {
        let run = fixture::run("b.go", "package b\n", Some(0..7));
        let page = report(&run, &[fixture::about()], "");
        let hash =
            |start: &str, end: &str| STANDARD.encode(Sha256::digest(between(&page, start, end)));
        let (style, script) = (hash("<style>", "</style>"), hash("<script>", "</script>"));
        assert_eq!(
            between(
                &page,
                "http-equiv=\"Content-Security-Policy\" content=\"",
                "\""
            ),
            format!(
                "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; \
                 form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
            )
        );
        for way_out in [
            " src=",
            "@import",
            "url(",
            "fetch(",
            "innerHTML",
            " style=\"",
        ] {
            assert!(!page.contains(way_out), "{way_out}");
        }
    }
}
