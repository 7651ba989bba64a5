//! What no match of a rule's query can be without.

use std::collections::BTreeSet;

use super::vocabulary::{Set, Vocabulary};
use crate::{
    codemod::{
        RuleQuery,
        query::{Item, Quantifier, QueryText, Shape},
    },
    go::syntax::language,
    matcher::predicate::{Argument, Needs, Predicate},
};

/// What a pattern demands.
#[derive(Debug, Default)]
pub struct Demands {
    /// Each must be met, and all by one top-level declaration.
    pub words: Vec<Demand>,
    /// Import paths by number, one of each list.
    pub paths: Vec<Vec<usize>>,
    /// Whether a match may be in several declarations, or in none.
    pub is_spread: bool,
}

/// One of several words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// Any of these.
    pub any_of: Vec<Choice>,
    /// Whether a function of the file that meets it may be called instead.
    pub is_wrapped: bool,
}

/// A word, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    word: usize,
    /// The import without which it does not count.
    path: Option<usize>,
}

impl Demand {
    /// Whether one of its words is there, in a file with these imports.
    pub fn is_met(&self, words: &Set, imports: &Set) -> bool {
        self.any_of.iter().any(|choice| {
            words.contains(choice.word) && choice.path.is_none_or(|path| imports.contains(path))
        })
    }
}

/// The demands of each pattern of a query.
pub fn of(query: &RuleQuery, words: &mut Vocabulary, paths: &mut Vocabulary) -> Vec<Demands> {
    let nothing = Demands {
        is_spread: true,
        ..Demands::default()
    };
    let Ok(text) = QueryText::parse(&query.text) else {
        return vec![nothing]; // loading has refused it; demanding nothing is always right
    };
    let is_spread = match &query.reach().starts {
        Some(starts) if starts.are_siblings => has_any(&starts.kinds, TOP_LEVEL),
        // Comments may stand between declarations.
        Some(starts) => has_any(&starts.kinds, &["comment"]),
        None => true,
    };
    let demands = |(index, pattern): (usize, &Item)| {
        let mut read = Read {
            words,
            paths,
            captures: Vec::new(),
        };
        let mut demands = Demands {
            words: read.structural(pattern, true),
            paths: Vec::new(),
            is_spread,
        };
        for predicate in query.predicates.get(index).into_iter().flatten() {
            read.predicate(query, predicate, &mut demands);
        }
        demands
    };
    text.patterns.iter().enumerate().map(demands).collect()
}

/// What stands at the top level of a file, so that what follows it may be another declaration.
const TOP_LEVEL: &[&str] = &[
    "comment",
    "const_declaration",
    "function_declaration",
    "import_declaration",
    "method_declaration",
    "package_clause",
    "type_declaration",
    "var_declaration",
];

fn has_any(kinds: &BTreeSet<u16>, names: &[&str]) -> bool {
    let language = language();
    let id = |name: &&str| language.id_for_node_kind(name, true);
    names.iter().map(id).any(|id| kinds.contains(&id))
}

struct Read<'v> {
    words: &'v mut Vocabulary,
    paths: &'v mut Vocabulary,
    /// Names that are matched whenever the pattern is, by nodes that are made of tokens.
    captures: Vec<String>,
}

impl Read<'_> {
    fn one_of(&mut self, words: &[&str]) -> Demand {
        let choice = |word: &&str| Choice {
            word: self.words.add(word),
            path: None,
        };
        Demand {
            any_of: words.iter().map(choice).collect(),
            is_wrapped: false,
        }
    }

    /// What the shape demands. `in_text` where the item's own node may be what stands in a string.
    fn structural(&mut self, item: &Item, in_text: bool) -> Vec<Demand> {
        if matches!(item.quantifier, Quantifier::Optional | Quantifier::Any) {
            return Vec::new();
        }
        let may_be_quoted = match &item.shape {
            Shape::Node(kind) => kind.text.ends_with("_content"),
            Shape::Wildcard => in_text,
            _ => false,
        };
        if !may_be_quoted {
            let names = item.captures.iter().map(|name| name.text.clone());
            self.captures.extend(names);
        }
        let mut demands = Vec::new();
        let in_text = match &item.shape {
            Shape::Node(kind) => {
                demands.extend(keyword(&kind.text).map(|word| self.one_of(&[word])));
                kind.text.ends_with("string_literal")
            }
            Shape::Token(token) => {
                if is_counted(&token.text) {
                    demands.push(self.one_of(&[&token.text]));
                }
                false
            }
            Shape::Alternation => {
                demands.extend(self.any_branch(item, in_text));
                return demands;
            }
            Shape::Wildcard => true,
            Shape::Error | Shape::Group => in_text,
        };
        for child in &item.children {
            demands.extend(self.structural(child, in_text));
        }
        demands
    }

    /// One demand that every branch contributes to; `None` where a branch has none. A capture of every branch is matched
    /// whenever the alternation is.
    fn any_branch(&mut self, item: &Item, in_text: bool) -> Option<Demand> {
        let mut any = Some(Demand::default());
        let mut common: Option<Vec<String>> = None;
        let around = std::mem::take(&mut self.captures);
        for branch in &item.children {
            let demands = self.structural(branch, in_text);
            any = any
                .zip(demands.into_iter().next())
                .map(|(mut any, demand)| {
                    any.any_of.extend(demand.any_of);
                    any
                });
            let names = std::mem::take(&mut self.captures);
            common = Some(match common {
                None => names,
                Some(common) => common.into_iter().filter(|c| names.contains(c)).collect(),
            });
        }
        self.captures = around;
        self.captures.extend(common.unwrap_or_default());
        any.filter(|any| !any.any_of.is_empty())
    }

    /// What a predicate demands of the text.
    fn predicate(&mut self, query: &RuleQuery, predicate: &Predicate, demands: &mut Demands) {
        if predicate.negated {
            return;
        }
        for needs in predicate.kind.needs {
            match needs {
                Needs::Words(words) => demands.words.push(self.one_of(words)),
                Needs::Named => {
                    let names = texts(predicate).into_iter().flatten();
                    demands.words.extend(self.named(names));
                }
            }
        }
        match predicate.kind.name {
            "acquires" => {
                let wanted: Vec<&str> = texts(predicate).into_iter().flatten().collect();
                let names = query.resources().acquirers(&wanted);
                demands.words.extend(self.named(names).map(|demand| Demand {
                    is_wrapped: true,
                    ..demand
                }));
            }
            "file-imports" => demands.paths.extend(self.imports(predicate)),
            "import" if self.is_always_matched(query, predicate) => {
                demands.paths.extend(self.imports(predicate));
            }
            "eq" | "any-of" if self.is_always_matched(query, predicate) => {
                let word = |text: Option<&str>| {
                    Some(Choice {
                        word: self.words.add(word_of(text?)?),
                        path: None,
                    })
                };
                // A second capture is no text.
                let any_of: Option<Vec<Choice>> =
                    texts(predicate).into_iter().skip(1).map(word).collect();
                demands.words.extend(any_of.map(|any_of| Demand {
                    any_of,
                    is_wrapped: false,
                }));
            }
            _ => {}
        }
    }

    fn imports(&mut self, predicate: &Predicate) -> Option<Vec<usize>> {
        let paths = texts(predicate).into_iter().flatten();
        let paths: Vec<usize> = paths.map(|path| self.paths.add(path)).collect();
        (!paths.is_empty()).then_some(paths)
    }

    /// The last words of functions and methods, `path.Func` and `path.Type.Method`.
    fn named<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Option<Demand> {
        let mut any_of: Vec<Choice> = names
            .map(|name| {
                let base = name.rfind('/').map_or(0, |slash| slash + 1);
                let word = name
                    .rsplit('.')
                    .next()
                    .filter(|word| word_of(word) == Some(*word))?;
                let is_function = name[base..].matches('.').count() == 1;
                Some(Choice {
                    word: self.words.add(word),
                    path: is_function.then(|| self.paths.add(&name[..name.len() - word.len() - 1])),
                })
            })
            .collect::<Option<_>>()?;
        any_of.sort_unstable();
        any_of.dedup();
        (!any_of.is_empty()).then_some(Demand {
            any_of,
            is_wrapped: false,
        })
    }

    /// A capture that matched nothing satisfies the predicates about texts.
    fn is_always_matched(&self, query: &RuleQuery, predicate: &Predicate) -> bool {
        let Some(Argument::Capture(subject)) = predicate.arguments.first() else {
            return false;
        };
        let name = query.captures.get(*subject as usize);
        name.is_some_and(|name| self.captures.iter().any(|capture| **capture == **name))
    }
}

/// The arguments that are texts.
fn texts<'a>(predicate: &'a Predicate) -> Vec<Option<&'a str>> {
    let text = |argument: &'a Argument| match argument {
        Argument::Text(text) => Some(&**text),
        _ => None,
    };
    predicate.arguments.iter().map(text).collect()
}

/// Whether a token is one of those that a scan finds.
fn is_counted(token: &str) -> bool {
    matches!(token, ":=" | "<-") || token.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// A word that stands in every node with this text.
fn word_of(text: &str) -> Option<&str> {
    if text.contains(['"', '`', '\'', '/']) {
        return None;
    }
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let words = text.split(|c| !is_word(c));
    words
        .filter(|word| word.starts_with(|c: char| c == '_' || c.is_alphabetic()))
        .max_by_key(|word| word.len())
}

/// The keyword or token without which a node of this kind cannot be written.
fn keyword(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "defer_statement" => "defer",
        "go_statement" => "go",
        "select_statement" => "select",
        "communication_case" | "expression_case" | "type_case" => "case",
        "default_case" => "default",
        "send_statement" => "<-",
        "for_statement" => "for",
        "range_clause" => "range",
        "if_statement" => "if",
        "return_statement" => "return",
        "break_statement" => "break",
        "continue_statement" => "continue",
        "goto_statement" => "goto",
        "fallthrough_statement" => "fallthrough",
        "func_literal" | "function_declaration" | "method_declaration" => "func",
        "interface_type" => "interface",
        "struct_type" => "struct",
        "map_type" => "map",
        "channel_type" => "chan",
        "short_var_declaration" => ":=",
        "expression_switch_statement" | "type_switch_statement" => "switch",
        "import_declaration" => "import",
        "const_declaration" => "const",
        "var_declaration" => "var",
        "type_declaration" => "type",
        "nil" => "nil",
        _ => return None,
    })
}
