//! SARIF 2.1.0.

use serde_json::{Map, Value};

use super::{
    Base, Foreign, Rule,
    forms::{linter_rules, number, separators},
};

/// The findings of a log. Results that are suppressed, or gone since a baseline, are none.
pub fn findings(log: &Map<String, Value>) -> Result<Vec<Foreign>, String> {
    match log.get("version").and_then(Value::as_str) {
        Some("2.1.0") => {}
        Some(other) => return Err(format!("is SARIF {other}")),
        None => return Err("looks like SARIF and has no `version`".to_owned()),
    }
    let runs = log.get("runs").and_then(Value::as_array);
    let mut found = Vec::new();
    for run in runs.into_iter().flatten() {
        let results = run.get("results").and_then(Value::as_array);
        let standing = results
            .into_iter()
            .flatten()
            .filter(|result| stands(result));
        found.extend(standing.filter_map(|result| finding(run, result)));
    }
    Ok(found)
}

/// Section 3.27.23 and 3.27.24.
fn stands(result: &Value) -> bool {
    let accepted = |suppression: &Value| {
        let status = suppression.get("status").and_then(Value::as_str);
        status.is_none_or(|status| status == "accepted")
    };
    let suppressions = result.get("suppressions").and_then(Value::as_array);
    let is_suppressed = suppressions.is_some_and(|all| all.iter().any(accepted));
    !is_suppressed && result.get("baselineState").and_then(Value::as_str) != Some("absent")
}

fn finding(run: &Value, result: &Value) -> Option<Foreign> {
    let rules = rules(run, result)?;
    let place = result.pointer("/locations/0/physicalLocation");
    let location = place.and_then(|place| place.get("artifactLocation"));
    Some(Foreign {
        rules,
        path: location
            .and_then(|location| path(run, location))
            .unwrap_or_default(),
        base: Base::Root,
        line: number(place.and_then(|place| place.pointer("/region/startLine"))),
    })
}

/// The rule by its id, or by its index among the driver's (section 3.27.5 and 3.27.6).
fn rules(run: &Value, result: &Value) -> Option<Vec<Rule>> {
    let driver = run.pointer("/tool/driver")?;
    let by_index = || {
        let index = result
            .get("ruleIndex")
            .or_else(|| result.pointer("/rule/index"))?;
        let index = usize::try_from(index.as_u64()?).ok()?;
        driver.get("rules")?.get(index)?.get("id")
    };
    let id = result.get("ruleId").or_else(|| result.pointer("/rule/id"));
    let id = id.or_else(by_index)?.as_str()?;
    let tool = driver.get("name")?.as_str()?.to_lowercase();
    let text = result.pointer("/message/text").and_then(Value::as_str);
    Some(match &*tool {
        "golangci-lint" => linter_rules(id, text.unwrap_or_default()),
        "go vet" | "vet" => vec![Rule::of("govet", id)],
        _ => match id.rsplit_once('/') {
            Some((of, name)) => vec![Rule::of(of, name), Rule::of(&tool, id)],
            None => vec![Rule::of(&tool, id)],
        },
    })
}

/// The path of a location (section 3.4), below the folder that its `uriBaseId` names where the run says which that is.
fn path(run: &Value, location: &Value) -> Option<String> {
    let uri = location.get("uri").and_then(Value::as_str).or_else(|| {
        let index = usize::try_from(location.get("index")?.as_u64()?).ok()?;
        run.get("artifacts")?
            .get(index)?
            .pointer("/location/uri")?
            .as_str()
    })?;
    let base = location.get("uriBaseId").and_then(Value::as_str);
    let base = base.and_then(|id| run.get("originalUriBaseIds")?.get(id)?.get("uri")?.as_str());
    let whole = match base {
        Some(base) if !uri.starts_with("file:") && !uri.starts_with('/') => {
            let slash = if base.ends_with('/') { "" } else { "/" };
            format!("{base}{slash}{uri}")
        }
        _ => uri.to_owned(),
    };
    Some(separators(&decoded(&whole)))
}

/// The path of a `file:` URI, or a relative one, its `%XX` resolved (RFC 3986, RFC 8089).
fn decoded(uri: &str) -> String {
    let local = uri
        .strip_prefix("file://localhost/")
        .map(|path| format!("/{path}"));
    let path = local.unwrap_or_else(|| {
        let path = uri
            .strip_prefix("file://")
            .or_else(|| uri.strip_prefix("file:"));
        path.unwrap_or(uri).to_owned()
    });
    // `/C:/x` is a path of Windows behind the slash of the URI.
    let drive = path
        .strip_prefix('/')
        .filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    percent_decoded(drive.unwrap_or(&path))
}

fn percent_decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        match (bytes[at], pair) {
            (b'%', (Some(high), Some(low))) => {
                decoded.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits"));
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
