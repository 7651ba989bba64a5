//! Tells the forms of JSON apart by their content, and reads all but SARIF.

use serde_json::{Map, Value};

use super::{Base, Foreign, Rule, sarif};

/// The findings of one JSON value; `None` for a form that is not known, an error for a version that is not.
pub fn findings(value: &Value) -> Option<Result<Vec<Foreign>, String>> {
    let object = value.as_object()?;
    if object.get("runs").is_some_and(Value::is_array) {
        return Some(sarif::findings(object));
    }
    if object.contains_key("Issues") {
        return golangci(object).map(Ok);
    }
    if object.contains_key("code") && object.contains_key("location") {
        return Some(Ok(staticcheck(object).into_iter().collect()));
    }
    vet(object).map(Ok)
}

/// A finding whose relative path begins where the tool was started.
fn finding(rules: Vec<Rule>, path: &str, line: Option<usize>) -> Foreign {
    Foreign {
        rules,
        path: separators(path),
        base: Base::Current,
        line,
    }
}

/// A path with the separators of this machine: no tool names a folder of a Go package with a backslash in it.
pub fn separators(path: &str) -> String {
    if cfg!(windows) || path.contains('/') {
        path.to_owned()
    } else {
        path.replace('\\', "/")
    }
}

/// A 1-based number; 0 stands for none.
pub fn number(value: Option<&Value>) -> Option<usize> {
    let number = usize::try_from(value?.as_u64()?).ok()?;
    (number > 0).then_some(number)
}

/// Package → analyzer → findings, or an error of the analyzer. The rule belongs to `govet`, or to whatever tool runs the
/// analyzer, which the form does not say.
fn vet(packages: &Map<String, Value>) -> Option<Vec<Foreign>> {
    let mut found = Vec::new();
    for analyzers in packages.values() {
        for (analyzer, result) in analyzers.as_object()? {
            match result {
                Value::Array(diagnostics) => {
                    for diagnostic in diagnostics {
                        let (path, line) = position(diagnostic.get("posn")?.as_str()?);
                        let rule = Rule {
                            tool: None,
                            name: analyzer.clone(),
                        };
                        found.push(finding(vec![rule], path, line));
                    }
                }
                Value::Object(error) if error.contains_key("error") => {}
                _ => return None,
            }
        }
    }
    Some(found)
}

/// `file:line:column`, `file:line` or `file`; a drive's colon belongs to the file.
fn position(text: &str) -> (&str, Option<usize>) {
    let number = |text: &str| text.parse::<usize>().ok();
    let Some((rest, last)) = text.rsplit_once(':') else {
        return (text, None);
    };
    let Some(last) = number(last) else {
        return (text, None);
    };
    match rest
        .rsplit_once(':')
        .map(|(file, line)| (file, number(line)))
    {
        Some((file, Some(line))) => (file, Some(line)),
        _ => (rest, Some(last)),
    }
}

/// One object of the lines of `staticcheck -f json`.
fn staticcheck(object: &Map<String, Value>) -> Option<Foreign> {
    let code = object.get("code")?.as_str()?;
    let location = object.get("location")?;
    let path = location.get("file")?.as_str()?;
    let line = number(location.get("line"));
    Some(finding(vec![Rule::of("staticcheck", code)], path, line))
}

/// The report of golangci-lint.
fn golangci(object: &Map<String, Value>) -> Option<Vec<Foreign>> {
    let issues = match object.get("Issues")? {
        Value::Null => return Some(Vec::new()),
        issues => issues.as_array()?,
    };
    let read = |issue: &Value| {
        let linter = issue.get("FromLinter")?.as_str()?;
        let text = issue.get("Text").and_then(Value::as_str);
        let position = issue.get("Pos")?;
        let path = position.get("Filename")?.as_str()?;
        let rules = linter_rules(linter, text.unwrap_or_default());
        Some(finding(rules, path, number(position.get("Line"))))
    };
    issues.iter().map(read).collect()
}

/// What golangci-lint calls a rule: a linter that has several puts the rule's name before its message.
pub fn linter_rules(linter: &str, text: &str) -> Vec<Rule> {
    let is_name = |name: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !name.is_empty() && name.chars().all(plain)
    };
    let mut rules = Vec::new();
    if let Some(name) = text.split_once(": ").map(|(name, _)| name).filter(is_name) {
        rules.push(Rule::of(linter, name));
        // Version 1 had staticcheck in three linters.
        if linter == "gosimple" || linter == "stylecheck" {
            rules.push(Rule::of("staticcheck", name));
        }
    }
    rules.push(Rule::of(linter, linter));
    rules
}
