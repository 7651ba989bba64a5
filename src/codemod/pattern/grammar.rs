//! What the grammar says about its node kinds: their fields, and whether they have other children.

use std::{collections::BTreeMap, sync::OnceLock};

use serde_json::Value;

/// What nodes of one kind hold.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// Fields by name, each with whether it may be absent.
    pub fields: BTreeMap<String, bool>,
    /// Whether every child has a field, and no field several children.
    pub only_fields: bool,
}

/// Kinds in which a token without a field makes a difference.
const TOKENS_MATTER: [&str; 4] = [
    "range_clause",
    "channel_type",
    "field_declaration",
    "import_spec",
];

/// What nodes of `kind` hold; nothing for a kind without children.
pub(super) fn holds(kind: &str) -> &'static Holds {
    static NONE: Holds = Holds {
        fields: BTreeMap::new(),
        only_fields: false,
    };
    all().get(kind).unwrap_or(&NONE)
}

/// The kinds of the nodes that have all of these fields.
pub(in crate::codemod) fn kinds_with<'f>(
    fields: &'f [&'f str],
) -> impl Iterator<Item = &'static str> + 'f {
    let has_all = |holds: &Holds| fields.iter().all(|field| holds.fields.contains_key(*field));
    let kinds = all().iter().filter(move |(_, holds)| has_all(holds));
    kinds.map(|(kind, _)| kind.as_str())
}

fn all() -> &'static BTreeMap<String, Holds> {
    static ALL: OnceLock<BTreeMap<String, Holds>> = OnceLock::new();
    ALL.get_or_init(read)
}

fn read() -> BTreeMap<String, Holds> {
    let types: Value = serde_json::from_str(tree_sitter_go::NODE_TYPES)
        .expect("the grammar comes with a description of its node kinds");
    let mut all = BTreeMap::new();
    for entry in types.as_array().into_iter().flatten() {
        let (Some(kind), true) = (entry["type"].as_str(), entry["named"] == true) else {
            continue;
        };
        let fields = entry["fields"].as_object();
        let is_flagged = |field: &Value, flag: &str| field[flag] == true;
        let only_fields = entry.get("children").is_none()
            && fields.is_some_and(|fields| {
                !fields.is_empty() && fields.values().all(|f| !is_flagged(f, "multiple"))
            })
            && !TOKENS_MATTER.contains(&kind);
        let fields = fields.into_iter().flatten();
        let fields = fields.map(|(name, f)| (name.clone(), !is_flagged(f, "required")));
        let holds = Holds {
            fields: fields.collect(),
            only_fields,
        };
        all.insert(kind.to_owned(), holds);
    }
    all
}
