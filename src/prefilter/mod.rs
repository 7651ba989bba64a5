//! What a match needs, and where it is: which rules can match a text at all, and in which of its top-level declarations. In:
//! the rules of a run. Out: for a text, the rules whose every demand is met, and the declarations that meet them; one scan of
//! the text serves all rules.
//!
//! A word is demanded when no match of a pattern can be without it: a keyword of a node that must be there, a token, the
//! text that `#eq?` or `#any-of?` demands of a capture that is always matched, the name of a function that acquires what
//! `#acquires?` asks for. A path is demanded by `#import?`.

mod demand;
pub mod scan;
mod vocabulary;

use std::ops::Range;

use demand::{Demand, Demands};
use scan::{Declaration, Scan, scan};
use vocabulary::{Set, Vocabulary};

use crate::{
    codemod::{Codemod, RuleQuery},
    go::index::lex::{Lexer, Token},
    rewrite::passes::RuleRef,
};

/// The demands of all rules of a run.
#[derive(Debug)]
pub struct Prefilter {
    words: Vocabulary,
    paths: Vocabulary,
    /// For each rule, the demands of each of its patterns.
    rules: Vec<(RuleRef, Vec<Demands>)>,
}

/// The rules that can match a text, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// In order.
    pub rules: Vec<RuleRef>,
    /// The declarations that any of them can match in, and the imports, in document order; `None` where it may be anywhere.
    pub declarations: Option<Vec<Range<usize>>>,
}

impl Prefilter {
    /// Reads the demands of every rule of `codemods`.
    pub fn new(codemods: &[Codemod]) -> Self {
        let (mut words, mut paths) = (Vocabulary::default(), Vocabulary::default());
        let mut rules = Vec::new();
        for (codemod, loaded) in codemods.iter().enumerate() {
            for (rule, loaded) in loaded.rules.iter().enumerate() {
                let demands = demand::of(&loaded.query, &mut words, &mut paths);
                rules.push((RuleRef { codemod, rule }, demands));
            }
        }
        Self {
            words,
            paths,
            rules,
        }
    }

    /// Reads the demands of one query, as if it were the only rule of a run.
    pub fn of_query(query: &RuleQuery) -> Self {
        let (mut words, mut paths) = (Vocabulary::default(), Vocabulary::default());
        let demands = demand::of(query, &mut words, &mut paths);
        let only = RuleRef {
            codemod: 0,
            rule: 0,
        };
        Self {
            words,
            paths,
            rules: vec![(only, demands)],
        }
    }

    /// The rules that can match `text`, and where. A text that is not lexically Go may be matched by any, anywhere.
    pub fn candidates(&self, text: &str) -> Candidates {
        let Some(scan) = scan(text, &self.words) else {
            return Candidates {
                rules: self.rules.iter().map(|(rule, _)| *rule).collect(),
                declarations: None,
            };
        };
        let mut search = Search::new(text, &scan, &self.words, &self.paths);
        let is_candidate = |(_, patterns): &&(RuleRef, Vec<Demands>)| {
            // Every pattern marks its declarations.
            let met = patterns.iter().filter(|demands| search.meets(demands));
            met.count() > 0
        };
        let candidates = self.rules.iter().filter(is_candidate);
        let rules = candidates.map(|(rule, _)| *rule).collect();
        Candidates {
            rules,
            declarations: search.marked(),
        }
    }
}

/// What meets demands in one file.
struct Search<'a> {
    text: &'a str,
    scan: &'a Scan,
    /// The words of all declarations.
    words: Set,
    imports: Set,
    wrappers: Wrappers,
    marked: Vec<bool>,
    is_spread: bool,
}

impl<'a> Search<'a> {
    fn new(text: &'a str, scan: &'a Scan, words: &Vocabulary, paths: &Vocabulary) -> Self {
        let mut all = words.empty();
        for declaration in &scan.declarations {
            all.add(&declaration.words);
        }
        let texts = scan.declarations.iter().map(|d| &text[d.range.clone()]);
        Self {
            text,
            scan,
            words: all,
            imports: imports(texts, paths),
            wrappers: Wrappers::default(),
            marked: vec![false; scan.declarations.len()],
            is_spread: false,
        }
    }

    /// Whether the demands can be met, of which declarations take note.
    fn meets(&mut self, demands: &Demands) -> bool {
        let is_imported =
            |any_of: &Vec<usize>| any_of.iter().any(|path| self.imports.contains(*path));
        let occurs = |demand: &Demand| demand.is_met(&self.words, &self.imports);
        if !demands.paths.iter().all(is_imported) || !demands.words.iter().all(occurs) {
            return false;
        }
        if demands.is_spread {
            self.is_spread = true;
            return true;
        }
        let mut is_met = false;
        for (index, declaration) in self.scan.declarations.iter().enumerate() {
            let mut meets = |demand: &Demand| {
                demand.is_met(&declaration.words, &self.imports)
                    || (demand.is_wrapped
                        && self.wrappers.mentioned(
                            self.text,
                            self.scan,
                            &self.imports,
                            demand,
                            index,
                        ))
            };
            if demands.words.iter().all(&mut meets) {
                self.marked[index] = true;
                is_met = true;
            }
        }
        is_met
    }

    fn marked(self) -> Option<Vec<Range<usize>>> {
        let is_wanted = |(declaration, is_marked): &(&Declaration, &bool)| {
            let text = &self.text[declaration.range.clone()];
            **is_marked || text.starts_with("import") || text.starts_with("package")
        };
        let declarations = self.scan.declarations.iter().zip(&self.marked);
        let wanted = declarations
            .filter(is_wanted)
            .map(|(declaration, _)| declaration.range.clone());
        (!self.is_spread).then(|| wanted.collect())
    }
}

/// The paths that a file imports, of those in the vocabulary.
fn imports<'a>(declarations: impl Iterator<Item = &'a str>, paths: &Vocabulary) -> Set {
    let mut found = paths.empty();
    for declaration in declarations {
        if !declaration.starts_with("import") {
            if declaration.starts_with("package") {
                continue;
            }
            break; // imports stand before everything else
        }
        let mut lexer = Lexer::new(declaration, 0, false);
        loop {
            match lexer.next() {
                Token::Literal(path) => {
                    found.insert_some(paths.find(path.trim_matches(['"', '`']).as_bytes()));
                }
                Token::End => break,
                _ => {}
            }
        }
    }
    found
}

/// The functions of a file that may hand over what they acquired, by the demands they may meet for their callers.
#[derive(Default)]
struct Wrappers {
    /// The number of the name of each declared function, and what each declaration mentions of these names.
    names: Option<(Vec<Option<usize>>, Scan)>,
    /// For each demand, which declarations may meet it through others.
    known: Vec<(Demand, Vec<bool>)>,
}

impl Wrappers {
    /// Whether a declaration mentions a function that meets the demand, or one that mentions one, and so on.
    fn mentioned(
        &mut self,
        text: &str,
        scan: &Scan,
        imports: &Set,
        demand: &Demand,
        index: usize,
    ) -> bool {
        if let Some((_, found)) = self.known.iter().find(|(known, _)| known == demand) {
            return found[index];
        }
        let names = self
            .names
            .get_or_insert_with(|| names(text, &scan.declarations));
        let found = mentioning(text, scan, imports, demand, names);
        let is_found = found[index];
        self.known.push((demand.clone(), found));
        is_found
    }
}

fn mentioning(
    text: &str,
    scan: &Scan,
    imports: &Set,
    demand: &Demand,
    (names, mentions): &(Vec<Option<usize>>, Scan),
) -> Vec<bool> {
    let declarations = &scan.declarations;
    let mut meets: Vec<bool> = declarations
        .iter()
        .map(|d| demand.is_met(&d.words, imports))
        .collect();
    loop {
        let mut wrappers = Vec::new();
        for (index, declaration) in declarations
            .iter()
            .enumerate()
            .filter(|(index, _)| meets[*index])
        {
            match names[index] {
                Some(name) => wrappers.push(name),
                // A variable may hold such a function.
                None if text[declaration.range.clone()].starts_with("var") => {
                    return vec![true; declarations.len()];
                }
                None => {}
            }
        }
        let mut has_grown = false;
        for (meets, mentioned) in meets.iter_mut().zip(&mentions.declarations) {
            if !*meets && wrappers.iter().any(|name| mentioned.words.contains(*name)) {
                *meets = true;
                has_grown = true;
            }
        }
        if !has_grown {
            return meets;
        }
    }
}

/// The number of the name of each function among the declarations, and what each mentions of them.
fn names(text: &str, declarations: &[Declaration]) -> (Vec<Option<usize>>, Scan) {
    let mut vocabulary = Vocabulary::default();
    let numbers = declarations
        .iter()
        .map(|declaration| Some(vocabulary.add(function_name(&text[declaration.range.clone()])?)))
        .collect();
    let mentions = scan(text, &vocabulary).unwrap_or_default();
    (numbers, mentions)
}

/// The name of a function or method declaration.
fn function_name(declaration: &str) -> Option<&str> {
    let mut lexer = Lexer::new(declaration, 0, false);
    if lexer.next() != Token::Word("func") {
        return None;
    }
    if lexer.peek() == Token::Mark(b'(') {
        lexer.next();
        lexer.skip_open();
    }
    match lexer.next() {
        Token::Word(name) => Some(name),
        _ => None,
    }
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

    /// Whether the rule can match in a function that does this.
    fn can(filter: &Prefilter, statement: &str) -> bool {
        let text = format!("package p\n\nfunc p() {{\n\t{statement}\n}}\n");
        !filter.candidates(&text).rules.is_empty()
    }

    #[test]
    fn a_text_without_a_required_literal_is_not_a_candidate() {
        let filter = prefilter(
            "(defer_statement (call_expression function: (selector_expression
               field: (field_identifier) @f)) (#any-of? @f \"Close\" \"Stop\")) @d",
        );
        assert!(can(&filter, "defer x.Close()"));
        assert!(can(&filter, "defer x.Stop()"));
        assert!(!can(&filter, "defer x.Unlock()"));
        assert!(!can(&filter, "x.Close()"));
    }

    #[test]
    fn what_may_be_absent_is_not_required() {
        let filter = prefilter(
            "(call_expression function: (identifier) @f arguments: (argument_list (func_literal)? @g)
               (#eq? @f \"f\") (#eq? @g \"zzz\"))",
        );
        assert!(can(&filter, "f()"));
        let either = prefilter("[(defer_statement) (go_statement)] @x");
        assert!(can(&either, "defer f()") && can(&either, "go f()"));
        assert!(!can(&either, "f()"));
    }

    #[test]
    fn a_capture_of_every_branch_is_always_matched() {
        let filter = prefilter(
            "([(call_expression function: (identifier) @f) (selector_expression field: (field_identifier) @f)]
               (#eq? @f \"zzz\"))",
        );
        assert!(can(&filter, "x.zzz") && !can(&filter, "x.y"));
        let either = prefilter(
            "([(call_expression function: (identifier) @f) (selector_expression field: (field_identifier) @g)]
               (#eq? @f \"zzz\"))",
        );
        assert!(can(&either, "x.y"));
    }

    #[test]
    fn a_negated_demand_requires_nothing() {
        let filter = prefilter("((identifier) @x (#not-eq? @x \"y\"))");
        assert!(can(&filter, "z"));
    }

    /// The first lines of the declarations to look at in a text, besides package clause and imports.
    fn places<'t>(filter: &Prefilter, text: &'t str) -> Vec<&'t str> {
        let declarations = filter
            .candidates(text)
            .declarations
            .expect("they are known");
        let texts = declarations.into_iter().map(|range| &text[range]);
        let first = texts.filter_map(|text| text.lines().next());
        first
            .filter(|line| !line.starts_with("package") && !line.starts_with("import"))
            .collect()
    }

    #[test]
    fn what_is_demanded_is_in_one_declaration() {
        let filter = prefilter(
            "(defer_statement (call_expression function: (identifier) @f) (#eq? @f \"f\")) @d",
        );
        let text =
            "package p\n\nfunc a() { f() }\n\nfunc b() { defer g() }\n\nfunc c() { defer f() }\n";
        assert_eq!(places(&filter, text), ["func c() { defer f() }"]);
    }

    #[test]
    fn a_row_of_declarations_may_be_anywhere() {
        let filter = prefilter("((var_declaration) @a . (function_declaration) @b)");
        let found = filter.candidates("package p\n\nvar a int\n\nfunc b() {}\n");
        assert_eq!((found.rules.len(), found.declarations), (1, None));
    }

    #[test]
    fn imports_are_demanded_by_path() {
        let filter = prefilter("((identifier) @p (#import? @p \"os\"))");
        let can = |import: &str| {
            let text = format!("package p\n\nimport (\n\t{import}\n)\n\nfunc f() {{ os() }}\n");
            !filter.candidates(&text).rules.is_empty()
        };
        assert!(can("\"os\"") && can("system `os`") && !can("\"os/exec\"") && !can("// \"os\""));
    }

    #[test]
    fn what_acquires_may_be_wrapped() {
        let filter = prefilter(
            "((short_var_declaration left: (expression_list . (identifier) @x) right: (expression_list (call_expression) @c))
               (#acquires? @c @x \"os.File\"))",
        );
        let text = "package p\n\nimport \"os\"\n\nfunc open() (*os.File, error) { return os.Open(name) }\n\nfunc (t T) again() (*os.File, error) { return open() }\n\nfunc use(t T) { f, err := t.again() }\n\nfunc other() { x := 1 }\n";
        assert_eq!(
            places(&filter, text),
            ["func use(t T) { f, err := t.again() }"]
        );
    }
}
