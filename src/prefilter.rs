//! Literals that a match needs: which rules can match a text at all. In: the rules of a run. Out: for a text, the rules
//! whose every required literal occurs in it; one scan of the text serves all rules.
//!
//! A literal is required when no match of a pattern can be without it: a keyword of a node that must be there, a token, the
//! text that `#eq?` or `#any-of?` demands of a capture that is always matched, the path of an `#import?`.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::{
    codemod::{
        Codemod, RuleQuery,
        query::{Item, Quantifier, QueryText, Shape},
    },
    matcher::predicate::{Argument, Predicate},
    rewrite::passes::RuleRef,
};

/// Any of these literals, by index, must occur.
type AnyOf = Vec<usize>;

/// What a pattern requires: every set has a literal that occurs.
type Requirements = Vec<AnyOf>;

/// The required literals of all rules of a run.
#[derive(Debug)]
pub struct Prefilter {
    /// Finds every literal, overlapping ones too.
    automaton: Option<AhoCorasick>,
    literals: usize,
    /// For each rule, the requirements of each of its patterns.
    rules: Vec<(RuleRef, Vec<Requirements>)>,
}

impl Prefilter {
    /// Reads the requirements of every rule of `codemods`.
    pub fn new(codemods: &[Codemod]) -> Self {
        let mut literals = Literals::default();
        let mut rules = Vec::new();
        for (codemod, loaded) in codemods.iter().enumerate() {
            for (rule, loaded) in loaded.rules.iter().enumerate() {
                rules.push((
                    RuleRef { codemod, rule },
                    requirements(&loaded.query, &mut literals),
                ));
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(literals.in_order())
            .ok();
        Self {
            automaton,
            literals: literals.index.len(),
            rules,
        }
    }

    /// The rules that can match `text`, in order.
    pub fn candidates(&self, text: &str) -> Vec<RuleRef> {
        let occurs = self.occurring(text);
        let can_match = |patterns: &Vec<Requirements>| {
            patterns.iter().any(|sets| {
                sets.iter()
                    .all(|set| set.iter().any(|&literal| occurs[literal]))
            })
        };
        self.rules
            .iter()
            .filter(|(_, patterns)| can_match(patterns))
            .map(|(rule, _)| *rule)
            .collect()
    }

    fn occurring(&self, text: &str) -> Vec<bool> {
        let Some(automaton) = &self.automaton else {
            // No automaton, no knowledge: everything may occur.
            return vec![true; self.literals];
        };
        let mut occurs = vec![false; self.literals];
        let mut missing = self.literals;
        for found in automaton.find_overlapping_iter(text) {
            let slot = &mut occurs[found.pattern().as_usize()];
            if !*slot {
                *slot = true;
                missing -= 1;
                if missing == 0 {
                    break;
                }
            }
        }
        occurs
    }
}

/// The literals of all rules, each once.
#[derive(Default)]
struct Literals {
    index: BTreeMap<String, usize>,
}

impl Literals {
    fn add(&mut self, literal: &str) -> usize {
        let next = self.index.len();
        *self.index.entry(literal.to_owned()).or_insert(next)
    }

    fn in_order(&self) -> Vec<&str> {
        let mut literals: Vec<(&usize, &str)> =
            self.index.iter().map(|(l, i)| (i, l.as_str())).collect();
        literals.sort_unstable();
        literals.into_iter().map(|(_, literal)| literal).collect()
    }
}

fn requirements(query: &RuleQuery, literals: &mut Literals) -> Vec<Requirements> {
    let Ok(text) = QueryText::parse(&query.text) else {
        return vec![Vec::new()]; // loading has refused it; requiring nothing is always right
    };
    text.patterns
        .iter()
        .enumerate()
        .map(|(index, pattern)| {
            let mut captures = Vec::new();
            let mut sets = structural(pattern, &mut captures, literals);
            for predicate in query.predicates.get(index).into_iter().flatten() {
                sets.extend(demanded(query, predicate, &captures, literals));
            }
            sets
        })
        .collect()
}

/// What the shape requires; `captures` collects the names that are matched whenever the pattern is.
fn structural(item: &Item, captures: &mut Vec<String>, literals: &mut Literals) -> Requirements {
    if matches!(item.quantifier, Quantifier::Optional | Quantifier::Any) {
        return Vec::new();
    }
    captures.extend(item.captures.iter().map(|name| name.text.clone()));
    let mut sets = Vec::new();
    match &item.shape {
        Shape::Node(kind) => sets.extend(keyword(&kind.text).map(|word| vec![literals.add(word)])),
        Shape::Token(token) if token.text.len() > 1 => sets.push(vec![literals.add(&token.text)]),
        Shape::Alternation => {
            sets.extend(any_branch(item, captures, literals));
            return sets;
        }
        Shape::Token(_) | Shape::Wildcard | Shape::Error | Shape::Group => {}
    }
    for child in &item.children {
        sets.extend(structural(child, captures, literals));
    }
    sets
}

/// One set that every branch contributes to; `None` where a branch requires nothing. A capture of every branch is
/// matched whenever the alternation is.
fn any_branch(item: &Item, captures: &mut Vec<String>, literals: &mut Literals) -> Option<AnyOf> {
    let mut any = Some(Vec::new());
    let mut common: Option<Vec<String>> = None;
    for branch in &item.children {
        let mut names = Vec::new();
        let sets = structural(branch, &mut names, literals);
        any = any.zip(sets.into_iter().next()).map(|(mut any, set)| {
            any.extend(set);
            any
        });
        common = Some(match common {
            None => names,
            Some(common) => common.into_iter().filter(|c| names.contains(c)).collect(),
        });
    }
    captures.extend(common.unwrap_or_default());
    any
}

/// The literals that a predicate demands of the text.
fn demanded(
    query: &RuleQuery,
    predicate: &Predicate,
    captures: &[String],
    literals: &mut Literals,
) -> Option<AnyOf> {
    if !predicate.negated && predicate.kind.name == "acquires" {
        return Some(acquirers(query, predicate, literals));
    }
    if predicate.negated || !matches!(predicate.kind.name, "eq" | "any-of" | "import") {
        return None;
    }
    let [Argument::Capture(subject), rest @ ..] = predicate.arguments.as_slice() else {
        return None;
    };
    // A capture that matched nothing satisfies the text predicates.
    let name = query.captures.get(*subject as usize)?;
    if !captures.iter().any(|c| **c == **name) {
        return None;
    }
    rest.iter()
        .map(|argument| match argument {
            Argument::Text(text) => Some(literals.add(text)),
            _ => None,
        })
        .collect()
}

/// The names of the functions that acquire what `#acquires?` asks for. A function of the file that wraps one calls it there.
fn acquirers(query: &RuleQuery, predicate: &Predicate, literals: &mut Literals) -> AnyOf {
    let wanted: Vec<&str> = predicate
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Text(text) => Some(&**text),
            _ => None,
        })
        .collect();
    let names = query.resources().acquirers(&wanted);
    names
        .filter_map(|name| name.rsplit('.').next())
        .map(|name| literals.add(name))
        .collect()
}

/// The keyword or token without which a node of this kind cannot be written.
fn keyword(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "defer_statement" => "defer",
        "go_statement" => "go",
        "select_statement" => "select",
        "for_statement" => "for",
        "range_clause" => "range",
        "if_statement" => "if",
        "return_statement" => "return",
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
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codemod::{Origin, load_text};

    fn prefilter(query: &str) -> Prefilter {
        let toml = format!(
            "summary = \"x\"\napplicability = \"display\"\ndescription = \"d\"\n[[rule]]\nname = \"r\"\nmessage = \"m\"\nquery = '''{query}'''\n"
        );
        let codemod =
            load_text("a/b", Origin::File("b.toml".into()), &toml, &[]).expect("a good codemod");
        Prefilter::new(&[codemod])
    }

    #[test]
    fn a_text_without_a_required_literal_is_not_a_candidate() {
        let filter = prefilter(
            "(defer_statement (call_expression function: (selector_expression
               field: (field_identifier) @f)) (#any-of? @f \"Close\" \"Stop\")) @d",
        );
        assert!(filter.candidates("defer x.Close()").len() == 1);
        assert!(filter.candidates("defer x.Stop()").len() == 1);
        assert!(filter.candidates("defer x.Unlock()").is_empty());
        assert!(filter.candidates("x.Close()").is_empty());
    }

    #[test]
    fn what_may_be_absent_is_not_required() {
        let filter = prefilter(
            "(call_expression function: (identifier) @f arguments: (argument_list (func_literal)? @g)
               (#eq? @f \"f\") (#eq? @g \"zzz\"))",
        );
        assert!(filter.candidates("f()").len() == 1);
        let either = prefilter("[(defer_statement) (go_statement)] @x");
        assert!(
            either.candidates("defer f()").len() == 1 && either.candidates("go f()").len() == 1
        );
        assert!(either.candidates("f()").is_empty());
    }

    #[test]
    fn a_capture_of_every_branch_is_always_matched() {
        let filter = prefilter(
            "([(call_expression function: (identifier) @f) (selector_expression field: (field_identifier) @f)]
               (#eq? @f \"zzz\"))",
        );
        assert!(filter.candidates("x.zzz").len() == 1 && filter.candidates("x.y").is_empty());
        let either = prefilter(
            "([(call_expression function: (identifier) @f) (selector_expression field: (field_identifier) @g)]
               (#eq? @f \"zzz\"))",
        );
        assert!(either.candidates("x.y").len() == 1);
    }

    #[test]
    fn a_negated_demand_requires_nothing() {
        let filter = prefilter("((identifier) @x (#not-eq? @x \"y\"))");
        assert!(filter.candidates("z").len() == 1);
    }
}
