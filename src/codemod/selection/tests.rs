//! Requests for codemods, good and bad ones.

use std::{fs, path::Path};

use super::*;
use crate::diagnostic::render;

const TEXT: &str = r#"
summary = "Does one thing"
description = "Why."
applicability = "safe"
tags = ["mine"]

[params]
to = { help = "the new name" }

[[rule]]
name = "only"
message = "found"
query = '((identifier) @x (#eq? @x "a"))'

[[rule.edit]]
replace = "@x"
with = "@{param.to}"
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(&folder.path().join("own/first.toml"), TEXT);
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("below a folder")).expect("can be made");
    fs::write(path, text).expect("can be written");
}

fn request(words: &[&str]) -> Request {
    Request {
        codemods: words.iter().map(|word| (*word).to_owned()).collect(),
        ..Request::default()
    }
}

fn ids(request: &Request) -> Vec<String> {
    let selection = select(request).unwrap_or_else(|e| panic!("{}", render(&e, false)));
    selection
        .codemods
        .iter()
        .map(|c| c.id.to_string())
        .collect()
}

fn errors(request: &Request) -> String {
    render(&select(request).expect_err("the request is wrong"), false)
}

#[test]
fn by_default_the_shipped_leaks_that_are_not_unsafe() {
    let wanted: Vec<&str> = catalogue::shipped()
        .iter()
        .filter(|h| h.applicability != Applicability::Unsafe)
        .filter(|h| h.tags.iter().any(|tag| tag == "leak") && h.required_params.is_empty())
        .map(|h| &*h.id)
        .collect();
    assert!(wanted.contains(&"context/cancel-discarded"));
    assert_eq!(ids(&Request::default()), wanted);
}

#[test]
fn ids_globs_tags_files_and_folders() {
    let folder = folder();
    let own = folder.path().join("own");
    let file = own.join("first.toml");
    let set = || vec!["own/first.to=b".to_owned()];
    for path in [&file, &own] {
        let mut request = request(&[&path.to_string_lossy(), "context/cancel-disc*"]);
        request.sets = set();
        assert_eq!(ids(&request), ["context/cancel-discarded", "own/first"]);
    }
    let request = Request {
        tags: vec!["mine".into()],
        folders: vec![folder.path().to_owned()],
        sets: set(),
        ..Request::default()
    };
    assert_eq!(ids(&request), ["own/first"]);
}

#[test]
fn a_parameter_without_value_is_an_error_by_name_and_leaves_out_in_a_group() {
    let folder = folder();
    let mut request = request(&["own/*"]);
    request.folders = vec![folder.path().to_owned()];
    let selection = select(&request).expect("nothing is wrong");
    assert!(selection.codemods.is_empty());
    let reason = "needs `--set own/first.to=VALUE`".to_owned();
    assert_eq!(selection.left_out, [("own/first".to_owned(), reason)]);
    request.codemods = vec!["own/first".into()];
    assert!(errors(&request).contains("error[unset-param]: the parameter `to` has no default"));
}

#[test]
fn a_setting_reaches_the_template() {
    let folder = folder();
    let mut request = request(&["own/first"]);
    request.folders = vec![folder.path().to_owned()];
    request.sets = vec!["own/first.to=a".into(), "own/first.to=f(a == b)".into()];
    let selection = select(&request).unwrap_or_else(|e| panic!("{}", render(&e, false)));
    let edits = format!("{:?}", selection.codemods[0].rules[0].edits);
    assert!(edits.contains(r#"Text("f(a == b)")"#), "{edits}");
}

#[test]
fn a_setting_is_checked_with_the_codemod_it_changes() {
    let folder = folder();
    let mut request = request(&["own/first"]);
    request.folders = vec![folder.path().to_owned()];
    request.sets = vec!["own/first.to=b)".into()];
    assert!(errors(&request).contains("template-shape"));
}

#[test]
fn what_is_wrong_with_a_request_is_told_all_at_once() {
    let folder = folder();
    let mut request = request(&["context/cancel-discraded", "cancel-discarded", "nothing/*"]);
    request.folders = vec![folder.path().to_owned(), folder.path().join("absent")];
    request.tags = vec!["leek".into()];
    request.sets = ["own/first.too=1", "own/frist.to=1", "x"]
        .map(String::from)
        .into();
    let said = errors(&request);
    for part in [
        "there is no codemod `context/cancel-discraded`",
        "did you mean `context/cancel-discarded`?",
        "there is no codemod `cancel-discarded`",
        "no codemod matches `nothing/*`",
        "cannot read `",
        "no codemod has the tag `leek`",
        "did you mean `leak`?",
        "`own/first` has no parameter `too`",
        "did you mean `to`?",
        "`--set own/frist.to=1`: there is no codemod `own/frist`",
        "`--set x`: expected `ID.PARAM=VALUE`",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

#[test]
fn a_file_may_not_have_the_id_of_another_or_of_a_shipped_one() {
    let folder = folder();
    write(&folder.path().join("x/own/first.toml"), TEXT);
    write(&folder.path().join("context/cancel-discarded.toml"), TEXT);
    let request = Request {
        folders: vec![folder.path().to_owned()],
        ..Request::default()
    };
    let said = errors(&request);
    assert_eq!(said.matches("error[duplicate-id]").count(), 2, "{said}");
    assert!(said.contains("and a shipped one"));
}

#[test]
fn a_file_that_is_not_there_is_called_so() {
    let request = Request {
        codemods: vec!["nope.toml".to_owned()],
        ..Request::default()
    };
    let errors = select(&request).expect_err("there is no such file");
    let titles: Vec<&str> = errors.iter().map(|e| e.title.as_str()).collect();
    assert_eq!(titles, ["`nope.toml` does not exist"]);
}

#[test]
fn what_is_opt_in_runs_only_where_it_is_named() {
    let named = request(&["defer/hot-path"]);
    assert_eq!(ids(&named), ["defer/hot-path"]);
    let by_tag = Request {
        tags: vec!["opt-in".into()],
        ..Request::default()
    };
    let all = Request {
        all: true,
        ..Request::default()
    };
    for group in [request(&["defer/*"]), by_tag, all] {
        let selection = select(&group).expect("nothing is wrong");
        assert!(
            selection
                .codemods
                .iter()
                .all(|c| &*c.id != "defer/hot-path")
        );
        let reason = "runs only where it is named: `-c defer/hot-path`".to_owned();
        let left_out = ("defer/hot-path".to_owned(), reason);
        assert!(selection.left_out.contains(&left_out));
    }
    let described = Request {
        all: true,
        to_describe: true,
        ..Request::default()
    };
    assert!(ids(&described).contains(&"defer/hot-path".to_owned()));
}
