//! Reading a TOML table whose keys and values know where they stand: typed access that reports what is unknown, missing
//! or of another type, and positions inside strings. In: `toml`'s spanned document. Out: values with byte spans.

use std::{cell::OnceCell, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::problem::{Kind, Problems};
use crate::diagnostic::nearest;

/// A string value.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// Its value, escapes resolved.
    pub value: String,
    /// Bytes of the file, quotes included.
    pub span: Range<usize>,
    /// Where each byte of the value was written; worked out once, on first need.
    written: OnceCell<Option<Vec<usize>>>,
}

impl Text {
    /// A value and the bytes of the file that it was written as.
    pub(crate) fn new(value: String, span: Range<usize>) -> Self {
        Self {
            value,
            span,
            written: OnceCell::new(),
        }
    }

    /// A text that is a file of its own.
    pub(crate) fn whole(text: &str) -> Self {
        Self::new(text.to_owned(), 0..text.len())
    }

    /// Bytes of the file that `range` of the value was written as.
    pub(crate) fn within(&self, file: &str, range: &Range<usize>) -> Range<usize> {
        let raw = file.get(self.span.clone()).unwrap_or_default();
        if raw == self.value {
            return self.span.start + range.start..self.span.start + range.end;
        }
        match self.written.get_or_init(|| positions(raw, &self.value)) {
            Some(at) => {
                let start = self.span.start + at[range.start.min(self.value.len())];
                let end = self.span.start + at[range.end.min(self.value.len())];
                start..end.max(start)
            }
            None => self.span.clone(),
        }
    }
}

/// A table with the words to call it by.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    entries: &'a DeTable<'a>,
    /// Where it starts: its header, or the inline table.
    pub span: Range<usize>,
    /// How messages call it: ``a `[[rule]]` ``.
    what: &'static str,
}

impl<'a> Table<'a> {
    /// Wraps a table; `what` is how messages call it.
    pub(crate) fn new(entries: &'a DeTable<'a>, span: Range<usize>, what: &'static str) -> Self {
        Self {
            entries,
            span,
            what,
        }
    }

    /// Reports every key that is neither in `known` nor in `later` (keys of the format that come with a later version).
    pub(crate) fn check_keys(&self, known: &[&str], later: &[&str], problems: &mut Problems) {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            if later.contains(&name) {
                let title = format!("`{name}` is not supported yet by this version of gomend");
                problems.add(Kind::UnsupportedKey, key.span(), title);
                continue;
            }
            let title = format!("{} has no key `{name}`", self.what);
            let near = nearest(name, known.iter().copied());
            let problem = problems.add(Kind::UnknownKey, key.span(), title);
            problem.suggest(near);
            if near.is_none() {
                problem.help(format!("its keys are {}", listed(known)));
            }
        }
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.get(key).is_some()
    }

    /// Where the key is written.
    pub(crate) fn key_span(&self, key: &str) -> Range<usize> {
        self.entries
            .get_key_value(key)
            .map_or_else(|| self.span.clone(), |(key, _)| key.span())
    }

    /// The keys with their spans and values, in the order of the names.
    pub(crate) fn iter(
        &self,
    ) -> impl Iterator<Item = (&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)> {
        self.entries
            .iter()
            .map(|(key, value)| (&**key.get_ref(), key.span(), value))
    }

    /// A string, if the key is there; another type is reported.
    pub(crate) fn text(&self, key: &str, problems: &mut Problems) -> Option<Text> {
        self.entries
            .get(key)
            .and_then(|value| as_text(key, value, problems))
    }

    /// A string that must be there and hold more than white space.
    pub(crate) fn required_text(&self, key: &str, problems: &mut Problems) -> Option<Text> {
        if !self.has(key) {
            self.missing(key, problems);
            return None;
        }
        let text = self.text(key, problems)?;
        if text.value.trim().is_empty() {
            problems.add(
                Kind::BadText,
                text.span.clone(),
                format!("`{key}` is empty"),
            );
            return None;
        }
        Some(text)
    }

    /// Reports that a key is missing.
    pub(crate) fn missing(&self, key: &str, problems: &mut Problems) {
        let title = format!("{} needs the key `{key}`", self.what);
        problems.add(Kind::MissingKey, self.span.clone(), title);
    }

    /// A list of strings; empty where the key is absent.
    pub(crate) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<Text> {
        let Some(value) = self.entries.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            wrong_type(key, value, "a list of strings", problems);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| as_text(key, item, problems))
            .collect()
    }

    /// A list of strings, or a string alone; empty where the key is absent.
    pub(crate) fn text_or_texts(&self, key: &str, problems: &mut Problems) -> Vec<Text> {
        let Some(value) = self.entries.get(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::String(_) => as_text(key, value, problems).into_iter().collect(),
            DeValue::Array(_) => self.texts(key, problems),
            _ => {
                wrong_type(key, value, "a string or a list of strings", problems);
                Vec::new()
            }
        }
    }

    /// A number that is not negative, if the key is there.
    pub(crate) fn number(&self, key: &str, problems: &mut Problems) -> Option<usize> {
        let value = self.entries.get(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|n| usize::from_str_radix(n.as_str(), n.radix()).ok());
        if number.is_none() {
            wrong_type(key, value, "a whole number from 0 on", problems);
        }
        number
    }

    /// `true` or `false`; false where the key is absent.
    pub(crate) fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        let Some(value) = self.entries.get(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            wrong_type(key, value, "`true` or `false`", problems);
            false
        })
    }

    /// A table, if the key is there.
    pub(crate) fn table(
        &self,
        key: &str,
        what: &'static str,
        problems: &mut Problems,
    ) -> Option<Table<'a>> {
        let value = self.entries.get(key)?;
        as_table(key, value, what, problems)
    }

    /// A list of tables; empty where the key is absent.
    pub(crate) fn tables(
        &self,
        key: &str,
        what: &'static str,
        problems: &mut Problems,
    ) -> Vec<Table<'a>> {
        let Some(value) = self.entries.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            let wanted = format!("a list of tables, each written {what}");
            wrong_type(key, value, &wanted, problems);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| as_table(key, item, what, problems))
            .collect()
    }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A string value; another type is reported under the name `key`.
pub(crate) fn as_text(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Problems,
) -> Option<Text> {
    let Some(text) = value.get_ref().as_str() else {
        wrong_type(key, value, "a string", problems);
        return None;
    };
    Some(Text::new(text.to_owned(), value.span()))
}

/// A table value; another type is reported under the name `key`.
pub(crate) fn as_table<'a>(
    key: &str,
    value: &'a Spanned<DeValue<'a>>,
    what: &'static str,
    problems: &mut Problems,
) -> Option<Table<'a>> {
    let Some(table) = value.get_ref().as_table() else {
        wrong_type(key, value, "a table", problems);
        return None;
    };
    Some(Table::new(table, value.span(), what))
}

fn wrong_type(key: &str, value: &Spanned<DeValue<'_>>, wanted: &str, problems: &mut Problems) {
    let found = value.get_ref().type_str();
    let title = format!("`{key}` must be {wanted}");
    problems
        .add(Kind::WrongType, value.span(), title)
        .label(format!("this is of type {found}"));
}

/// For each byte of `value` and its end, where it stands in `raw`, the string as written with its quotes
/// (<https://toml.io/en/v1.1.0#string>); `None` where `raw` does not decode to `value`.
fn positions(raw: &str, value: &str) -> Option<Vec<usize>> {
    let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let multi_line = raw.len() >= 6 && raw.starts_with(&triple);
    let width = if multi_line { 3 } else { 1 };
    let end = raw.len().checked_sub(width)?;
    let mut at = width;
    if multi_line {
        let line_break = ["\r\n", "\n"]
            .into_iter()
            .find(|b| raw[at..].starts_with(b));
        at += line_break.map_or(0, str::len);
    }
    let mut decoded = String::with_capacity(value.len());
    let mut map = Vec::with_capacity(value.len() + 1);
    while at < end {
        let rest = &raw[at..end];
        let (length, text) = if quote == '"' && rest.starts_with('\\') {
            escape(rest)?
        } else if rest.starts_with("\r\n") && value.as_bytes().get(decoded.len()) == Some(&b'\n') {
            (2, Some('\n'))
        } else {
            let c = rest.chars().next()?;
            (c.len_utf8(), Some(c))
        };
        if let Some(c) = text {
            map.extend(std::iter::repeat_n(at, c.len_utf8()));
            decoded.push(c);
        }
        at += length;
    }
    map.push(end);
    (decoded == value).then_some(map)
}

/// Length of the escape that `rest` begins with, and what it stands for (nothing for a line-ending backslash).
fn escape(rest: &str) -> Option<(usize, Option<char>)> {
    let kind = rest[1..].chars().next()?;
    let simple = match kind {
        'b' => Some('\u{8}'),
        't' => Some('\t'),
        'n' => Some('\n'),
        'f' => Some('\u{c}'),
        'r' => Some('\r'),
        'e' => Some('\u{1b}'),
        '"' | '\\' => Some(kind),
        _ => None,
    };
    if simple.is_some() {
        return Some((2, simple));
    }
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => {
            let blank = rest[1..].len() - rest[1..].trim_start().len();
            return (blank > 0).then_some((1 + blank, None));
        }
    };
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    Some((2 + digits, Some(char::from_u32(code)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str, value: &str, needle: &str) -> usize {
        let map = positions(raw, value).expect("raw decodes to value");
        map[value.find(needle).expect("the needle is in the value")]
    }

    #[test]
    fn positions_inside_strings_of_every_form() {
        assert_eq!(at("'abc'", "abc", "c"), 3);
        assert_eq!(at("'''\nabc'''", "abc", "c"), 6);
        assert_eq!(at(r#""a\tb\u00e9c""#, "a\tb\u{e9}c", "c"), 11);
        assert_eq!(at("\"\"\"a\\\n   b\"\"\"", "ab", "b"), 9);
        assert_eq!(at("'''\r\na\r\nb'''", "a\nb", "b"), 8);
        assert_eq!(at("'''\r\na\r\nb'''", "a\r\nb", "b"), 8);
        assert_eq!(positions("'abc'", "abd"), None);
    }
}
