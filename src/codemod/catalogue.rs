//! The codemods that ship in the binary. In: nothing. Out: their headers, cheaply, and the codemods themselves on demand.

use std::{path::PathBuf, sync::LazyLock};

use toml::de::DeTable;

use super::{
    Codemod, Origin,
    load::{Setting, check_text, load_text},
};
use crate::{diagnostic::Diagnostic, finding::Applicability};

/// Id and text of each, in the order of the ids.
static TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

static HEADERS: LazyLock<Vec<Header>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .filter_map(|(id, text)| header(id, text))
        .collect()
});

/// What a list of codemods shows, without queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `group/name`.
    pub id: String,
    /// One line: what it does.
    pub summary: String,
    /// Words to select by.
    pub tags: Vec<String>,
    /// Findings of other tools that it cures, `tool/rule`.
    pub fixes: Vec<String>,
    /// The most that any of its rules claims.
    pub applicability: Applicability,
    /// The names of its parameters.
    pub params: Vec<String>,
    /// Those that have no default.
    pub required_params: Vec<String>,
}

impl From<&Codemod> for Header {
    fn from(codemod: &Codemod) -> Self {
        let required = codemod.params.iter().filter(|(_, p)| p.default.is_none());
        Self {
            id: codemod.id.to_string(),
            summary: codemod.summary.clone(),
            tags: codemod.tags.clone(),
            fixes: codemod.fixes.clone(),
            applicability: codemod.applicability,
            params: codemod.params.keys().cloned().collect(),
            required_params: required.map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// The headers of all shipped codemods, in the order of their ids. No query is compiled.
pub fn shipped() -> &'static [Header] {
    &HEADERS
}

/// The TOML text of a shipped codemod.
pub fn text(id: &str) -> Option<&'static str> {
    let at = TEXTS.binary_search_by(|(own, _)| (*own).cmp(id)).ok()?;
    Some(TEXTS[at].1)
}

/// Id and TOML text of every shipped codemod, in the order of the ids.
pub fn shipped_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXTS.iter().copied()
}

/// Where a shipped codemod comes from.
pub(super) fn origin(id: &str) -> Origin {
    Origin::Embedded(PathBuf::from(format!("{id}.toml")))
}

/// Loads a shipped codemod; `None` where there is none of this id.
pub fn load(id: &str, sets: &[Setting]) -> Option<Result<Codemod, Vec<Diagnostic>>> {
    Some(load_text(id, origin(id), text(id)?, sets))
}

/// Loads a shipped codemod whose parameters need no values, to describe it or to run its cases.
pub fn unset(id: &str) -> Option<Result<Codemod, Vec<Diagnostic>>> {
    Some(check_text(id, origin(id), text(id)?))
}

/// Reads the keys that a list shows; `None` for a file that is broken, which the tests rule out.
fn header(id: &str, text: &str) -> Option<Header> {
    let document = DeTable::parse(text).ok()?;
    let table = document.get_ref();
    let word = |key: &str| table.get(key)?.get_ref().as_str();
    let words = |key: &str| -> Vec<String> {
        let words = table.get(key).and_then(|words| words.get_ref().as_array());
        let words = words.into_iter().flat_map(|words| words.iter());
        let words = words.filter_map(|word| word.get_ref().as_str());
        words.map(str::to_owned).collect()
    };
    let params = table.get("params").and_then(|p| p.get_ref().as_table());
    let params = params.into_iter().flat_map(|p| p.iter());
    let params: Vec<(String, bool)> = params
        .map(|(name, value)| {
            let entry = value.get_ref().as_table();
            let optional = entry.is_some_and(|entry| entry.get("default").is_some());
            (name.get_ref().to_string(), optional)
        })
        .collect();
    Some(Header {
        id: id.to_owned(),
        summary: word("summary")?.trim().to_owned(),
        tags: words("tags"),
        fixes: words("fixes"),
        applicability: Applicability::parse(word("applicability")?)?,
        params: params.iter().map(|(name, _)| name.clone()).collect(),
        required_params: params
            .into_iter()
            .filter_map(|(name, optional)| (!optional).then_some(name))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_the_codemod_says() {
        assert_eq!(shipped().len(), TEXTS.len());
        for header in shipped() {
            let codemod = load(&header.id, &[]).expect("shipped");
            if header.required_params.is_empty() {
                assert_eq!(*header, Header::from(&codemod.expect("it loads")));
            }
        }
    }

    #[test]
    fn texts_are_in_the_order_of_their_ids() {
        assert!(TEXTS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(text("context/cancel-discarded").is_some());
        assert!(text("context/cancel").is_none());
    }
}
