//! JSON values one after the other, with lines of other words between them: `go vet` names packages, golangci-lint counts
//! its issues.

use serde_json::Value;

/// The values, each with the 1-based line on which it begins. The error says what is no JSON, and where.
pub fn values(text: &str) -> Result<Vec<(Value, usize)>, String> {
    let mut values = Vec::new();
    let mut at = 0;
    while let Some(start) = next(text, at) {
        let line = line_of(text, start);
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter();
        match stream.next() {
            Some(Ok(value)) => {
                values.push((value, line));
                at = start + stream.byte_offset();
            }
            Some(Err(error)) => {
                // serde_json counts lines from where it began to read.
                let place = line + error.line().saturating_sub(1);
                return Err(format!(
                    "is not JSON at line {place}, column {}",
                    error.column()
                ));
            }
            None => break,
        }
    }
    if values.is_empty() {
        return Err("is not JSON at line 1, column 1".to_owned());
    }
    Ok(values)
}

/// Where the next object or array begins: behind white space, or at the start of a line below.
fn next(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let begins = |text: &str| text.starts_with(['{', '[']);
    let blank = rest.len() - rest.trim_start().len();
    if begins(rest.trim_start()) {
        return Some(at + blank);
    }
    rest.match_indices('\n')
        .map(|(newline, _)| at + newline + 1)
        .find(|&start| begins(&text[start..]))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
