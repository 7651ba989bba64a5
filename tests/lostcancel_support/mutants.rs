//! Mutants of the functions that make a cancel function: each is changed in one place.

use std::ops::Range;

use gomend::{
    go::{
        control::{ancestors, descendants, owner},
        scope::Resolution,
        syntax::Parsed,
    },
    matcher::{
        Facts,
        object::{declared, uses, within},
    },
};
use tree_sitter::Node;

use super::lostcancel_support::{context, sites};

/// Stands for what tells the mutants of a file apart.
pub const ID: &str = "\u{e000}";
/// Stands for what the names of the file's variables for mutants begin with.
pub const VAR: &str = "\u{e001}";

/// Statements to put in the place of a release, with the release inside.
const STRUCTURES: [&str; 18] = [
    "if VARTrue { RELEASE }",
    "if VARTrue { RELEASE } else { RELEASE }",
    "if VARTrue { } else if !VARTrue { RELEASE }",
    "for VARTrue { RELEASE }",
    "for { RELEASE; break }",
    "for { if VARTrue { break }; RELEASE }",
    "for range VARList { RELEASE }",
    "mutL: for { for VARTrue { if VARTrue { continue mutL }; break mutL }; RELEASE; break }",
    "mutL: for range VARList { for { RELEASE; continue mutL } }",
    "switch { case VARTrue: fallthrough; default: RELEASE }",
    "switch { case VARTrue: RELEASE; fallthrough; case !VARTrue: RELEASE }",
    "switch VARTrue { case true: if VARTrue { break }; RELEASE; default: RELEASE }",
    "switch VARAny.(type) { case int: RELEASE; default: RELEASE }",
    "switch x := VARAny.(type) { case int: _ = x; RELEASE; case error: panic(x) }",
    "select { case <-VARChan: RELEASE; default: RELEASE }",
    "select { case <-VARChan: RELEASE; case VARChan <- 1: if VARTrue { panic(1) } }",
    "if VARTrue { goto mutL }; RELEASE; mutL: VARTrue = false",
    "{ goto mutM; mutL: RELEASE; goto mutN; mutM: if VARTrue { goto mutL }; mutN: }",
];

/// What ends, leaves or repeats something, and where it may stand.
const ENDS: [(&str, Needs); 18] = [
    ("return ZERO", Needs::Nothing),
    ("panic(1)", Needs::Nothing),
    ("select {}", Needs::Nothing),
    ("for {}", Needs::Nothing),
    ("break", Needs::Loop),
    ("continue", Needs::Loop),
    ("VARPanics()", Needs::Nothing),
    ("VARMaybe()", Needs::Nothing),
    ("VARRecovers()", Needs::Nothing),
    ("VARLoops(1)", Needs::Nothing),
    ("VARThing{}.Fatal()", Needs::Nothing),
    ("func() { panic(1) }()", Needs::Nothing),
    ("os.Exit(1)", Needs::Name("os")),
    ("log.Fatal()", Needs::Name("log")),
    ("runtime.Goexit()", Needs::Name("runtime")),
    ("t.Fatal()", Needs::Name("t")),
    ("t.SkipNow()", Needs::Name("t")),
    ("defer func() { recover() }(); panic(1)", Needs::Nothing),
];

#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    /// A `for` around it.
    Loop,
    /// This name, of an import or of a test's parameter.
    Name(&'static str),
}

/// Text to be put in place of bytes.
type Edit = (Range<usize>, String);

/// The mutants of a file's functions, each as the text of a declaration.
pub fn mutants(parsed: &Parsed, share: usize) -> Vec<String> {
    let context = context();
    let facts = Facts::new(parsed, &context);
    let mut found = Vec::new();
    for (statement, cancel) in sites(&facts) {
        let Some(declaration) = ancestors(statement)
            .filter(|a| matches!(a.kind(), "function_declaration" | "method_declaration"))
            .last()
        else {
            continue;
        };
        let site = Site {
            facts: &facts,
            declaration,
            statement,
            cancel,
        };
        found.extend(site.edits().into_iter().filter_map(|e| site.rendered(e)));
    }
    found.into_iter().step_by(share).collect()
}

/// A cancel function, where it is made.
struct Site<'a, 't> {
    facts: &'a Facts<'t>,
    declaration: Node<'t>,
    statement: Node<'t>,
    cancel: Node<'t>,
}

impl<'t> Site<'_, 't> {
    /// The edits of each mutant.
    fn edits(&self) -> Vec<Vec<Edit>> {
        let releases = self.releases();
        let name = self.facts.parsed.text_of(self.cancel);
        let call = if self
            .facts
            .parsed
            .text_of(self.statement)
            .contains("CancelCause(")
        {
            format!("{name}(nil)")
        } else {
            format!("{name}()")
        };
        // What nobody comes to is no use, but makes the variable a used one.
        let dead = |index: usize| format!("{{ goto mutD{index}; _ = {name}; mutD{index}: }}");
        let without: Vec<Edit> = releases
            .iter()
            .enumerate()
            .map(|(i, r)| (r.byte_range(), dead(i)))
            .collect();
        let mut found: Vec<Vec<Edit>> = without.iter().map(|e| vec![e.clone()]).collect();
        for release in &releases {
            let text = self.facts.parsed.text_of(*release);
            found.extend(STRUCTURES.map(|s| {
                vec![(
                    release.byte_range(),
                    s.replace("VAR", VAR).replace("RELEASE", text),
                )]
            }));
        }
        for (index, place) in self.places().into_iter().enumerate() {
            if !releases.iter().any(|r| within(place, *r)) {
                let call = if index % 3 == 2 {
                    format!("defer {call}; ")
                } else {
                    format!("{call}; ")
                };
                let mut edits = without.clone();
                edits.push((place.start_byte()..place.start_byte(), call));
                found.push(edits);
            }
            found.extend(self.ending(place, index).map(|end| {
                vec![(
                    place.start_byte()..place.start_byte(),
                    format!("if {VAR}True {{ {end} }}; "),
                )]
            }));
        }
        found
    }

    /// The simple statements of the function that use the cancel function.
    fn releases(&self) -> Vec<Node<'t>> {
        let function = owner(self.statement);
        let Some(id) = declared(self.facts, self.cancel) else {
            return Vec::new();
        };
        let mut found: Vec<Node<'t>> = uses(self.facts, id)
            .into_iter()
            .filter_map(|used| {
                std::iter::once(used).chain(ancestors(used)).find(|n| {
                    let listed = n.parent().is_some_and(|p| p.kind() == "statement_list");
                    listed && owner(*n) == function
                })
            })
            .filter(|n| {
                matches!(
                    n.kind(),
                    "expression_statement" | "defer_statement" | "go_statement"
                )
            })
            .collect();
        found.dedup();
        found
    }

    /// The statements behind the one that makes the cancel function, where its name means it.
    fn places(&self) -> Vec<Node<'t>> {
        let Some(list) = self
            .statement
            .parent()
            .filter(|p| p.kind() == "statement_list")
        else {
            return Vec::new();
        };
        descendants(list, false)
            .into_iter()
            .filter(|n| n.start_byte() >= self.statement.end_byte())
            .filter(|n| n.parent().is_some_and(|p| p.kind() == "statement_list"))
            .filter(|n| n.is_named() && n.kind() != "comment")
            .collect()
    }

    /// One of the endings that can stand before a place.
    fn ending(&self, place: Node<'t>, index: usize) -> Option<String> {
        let start = (index + self.statement.start_byte()) % ENDS.len();
        (0..ENDS.len())
            .map(|i| ENDS[(start + i) % ENDS.len()])
            .find_map(|(end, needs)| {
                let fits = match needs {
                    Needs::Nothing => true,
                    Needs::Loop => ancestors(place)
                        .take_while(|a| Some(*a) != owner(place))
                        .any(|a| a.kind() == "for_statement"),
                    Needs::Name(name) => self.means(name, place),
                };
                fits.then(|| end.replace("ZERO", &self.zeros(place)).replace("VAR", VAR))
            })
    }

    /// Whether a name is that of an import, or of the parameter of a test.
    fn means(&self, name: &str, place: Node<'t>) -> bool {
        match self.facts.scope().visible(name, place.start_byte()) {
            Some(Resolution::Import(_)) => true,
            Some(Resolution::Declared(id)) => {
                let scope = self.facts.scope();
                let after = &self.facts.parsed.text()[scope.declaration(id).range.end..];
                [" *testing.T", " *testing.B", " testing.TB"]
                    .iter()
                    .any(|t| after.starts_with(t))
            }
            _ => false,
        }
    }

    /// A value for each result of the function around a place.
    fn zeros(&self, place: Node<'t>) -> String {
        let results = owner(place).and_then(|f| f.child_by_field_name("result"));
        let Some(results) = results else {
            return String::new();
        };
        if results.kind() != "parameter_list" {
            return format!("*new({})", self.facts.parsed.text_of(results));
        }
        let mut cursor = results.walk();
        let mut zeros = Vec::new();
        for result in results.named_children(&mut cursor) {
            if result.child_by_field_name("name").is_some() {
                return String::new();
            }
            let kind = result.child_by_field_name("type").unwrap_or(result);
            zeros.push(format!("*new({})", self.facts.parsed.text_of(kind)));
        }
        zeros.join(", ")
    }

    /// The declaration with some edits and another name; `None` where it has no name.
    fn rendered(&self, mut edits: Vec<Edit>) -> Option<String> {
        let name = self.declaration.child_by_field_name("name")?;
        edits.push((
            name.byte_range(),
            format!("mut{ID}_{}", self.facts.parsed.text_of(name)),
        ));
        edits.sort_by_key(|(range, _)| range.start);
        let mut text = format!("\n// mutant {ID}\n");
        let mut at = self.declaration.start_byte();
        for (range, new) in edits {
            text.push_str(&self.facts.parsed.text()[at..range.start]);
            text.push_str(&new);
            at = range.end;
        }
        text.push_str(&self.facts.parsed.text()[at..self.declaration.end_byte()]);
        text.push('\n');
        Some(text)
    }
}
