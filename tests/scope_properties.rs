//! What must not change what names mean: consistent renaming, comments and blank lines, a block around a statement.

#[path = "support/seed.rs"]
mod seed;

use std::fmt::Write as _;

use gomend::go::{
    scope::{Kind, Resolution, Scope},
    syntax::Parsed,
};
use proptest::prelude::*;
use seed::seed;

/// A statement of a generated function. Names come from a small pool, so that they shadow each other often.
#[derive(Debug, Clone)]
enum Statement {
    Define(&'static str, &'static str, &'static str),
    Assign(&'static str, &'static str),
    Var(&'static str, &'static str),
    Const(&'static str),
    Type(&'static str, &'static str),
    Block(Vec<Statement>),
    If(&'static str, &'static str, Vec<Statement>, Vec<Statement>),
    For(&'static str, Vec<Statement>),
    Range(&'static str, &'static str, Vec<Statement>),
    Switch(&'static str, Vec<Statement>, Vec<Statement>),
    TypeSwitch(&'static str, &'static str, Vec<Statement>, Vec<Statement>),
    Select(&'static str, Vec<Statement>),
    Literal(&'static str, &'static str, Vec<Statement>),
    Composite(&'static str, &'static str),
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d", "len", "nil", "pkg"])
}

fn statement() -> impl Strategy<Value = Statement> {
    use Statement::{
        Assign, Block, Composite, Const, Define, For, If, Literal, Range, Select, Switch, Type,
        TypeSwitch, Var,
    };
    let leaf = prop_oneof![
        (name(), name(), name()).prop_map(|(a, b, c)| Define(a, b, c)),
        (name(), name()).prop_map(|(a, b)| Assign(a, b)),
        (name(), name()).prop_map(|(a, b)| Var(a, b)),
        name().prop_map(Const),
        (name(), name()).prop_map(|(a, b)| Type(a, b)),
        (name(), name()).prop_map(|(a, b)| Composite(a, b)),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let body = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            body().prop_map(Block),
            (name(), name(), body(), body()).prop_map(|(a, b, c, d)| If(a, b, c, d)),
            (name(), body()).prop_map(|(a, b)| For(a, b)),
            (name(), name(), body()).prop_map(|(a, b, c)| Range(a, b, c)),
            (name(), body(), body()).prop_map(|(a, b, c)| Switch(a, b, c)),
            (name(), name(), body(), body()).prop_map(|(a, b, c, d)| TypeSwitch(a, b, c, d)),
            (name(), body()).prop_map(|(a, b)| Select(a, b)),
            (name(), name(), body()).prop_map(|(a, b, c)| Literal(a, b, c)),
        ]
    })
}

/// Writes statements as Go. `wrapped` counts down the statements that open a block; the one at which it reaches zero
/// is put into a block of its own.
struct Writer {
    text: String,
    wrapped: Option<usize>,
}

impl Writer {
    fn body(&mut self, statements: &[Statement]) {
        for statement in statements {
            let here = self.is_wrapped(statement);
            self.text.push_str(if here { "{\n" } else { "" });
            self.statement(statement);
            self.text.push_str(if here { "}\n" } else { "" });
        }
    }

    fn is_wrapped(&mut self, statement: &Statement) -> bool {
        use Statement::{Const, Define, Literal, Type, Var};
        if matches!(
            statement,
            Define(..) | Var(..) | Const(..) | Type(..) | Literal(..)
        ) {
            return false;
        }
        let here = self.wrapped == Some(0);
        self.wrapped = self.wrapped.and_then(|left| left.checked_sub(1));
        here
    }

    fn statement(&mut self, statement: &Statement) {
        use Statement::{
            Assign, Block, Composite, Const, Define, For, If, Literal, Range, Select, Switch, Type,
            TypeSwitch, Var,
        };
        match statement {
            Define(a, b, c) => self.line(format_args!("{a}, {b} := {c}, {a}")),
            Assign(a, b) => self.line(format_args!("{a} = {b}.{a} + {b}")),
            Var(a, b) => self.line(format_args!("var {a}, _ = {b}, {a}")),
            Const(a) => self.line(format_args!("const {a} = {a}")),
            Type(a, b) => self.line(format_args!("type {a} struct {{ {b} *{a} }}")),
            Composite(a, b) => self.line(format_args!("use([]{a}{{{b}: {{{a}: {b}}}}})")),
            Block(body) => self.block("", &[("{", body)]),
            If(a, b, then, other) => {
                self.block(
                    &format!("if {a} := {b}; {a} > {b}"),
                    &[("{", then), ("} else {", other)],
                );
            }
            For(a, body) => self.block(&format!("for {a} := {a}; {a} < 9; {a}++"), &[("{", body)]),
            Range(a, b, body) => self.block(&format!("for {a}, {b} := range {a}"), &[("{", body)]),
            Switch(a, first, second) => self.block(
                &format!("switch {a} := {a}; {a} {{\ncase {a}:"),
                &[("", first), ("default:", second)],
            ),
            TypeSwitch(a, b, first, second) => self.block(
                &format!("switch {a} := {b}.(type) {{\ncase {a}, *{b}:"),
                &[("", first), ("default:", second)],
            ),
            Select(a, body) => self.block(&format!("select {{\ncase {a} := <-{a}:"), &[("", body)]),
            Literal(a, b, body) => {
                let result = if a == b {
                    "error".to_owned()
                } else {
                    format!("({a} {b})")
                };
                self.block(&format!("{a} := func({b} {a}) {result}"), &[("{", body)]);
            }
        }
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{text}").expect("a string takes all");
    }

    fn block(&mut self, head: &str, parts: &[(&str, &[Statement])]) {
        self.text.push_str(head);
        for (before, body) in parts {
            self.line(format_args!(" {before}"));
            self.body(body);
        }
        self.line(format_args!("}}"));
    }
}

impl Statement {
    const HEAD: &str = "package p\nimport \"pkg\"\nvar c = d\nfunc f(a, b int) (d error) {\n";
}

fn program(statements: &[Statement], wrapped: Option<usize>) -> String {
    let mut writer = Writer {
        text: Statement::HEAD.to_owned(),
        wrapped,
    };
    writer.body(statements);
    writer.text.push_str("}\n");
    writer.text
}

fn scope(text: &str) -> Scope {
    let parsed = Parsed::new(text.into());
    assert!(parsed.errors().is_empty(), "the program is Go:\n{text}");
    Scope::of(&parsed)
}

/// What each name means: which name declares it, or else the kind of meaning.
fn meanings(scope: &Scope) -> Vec<Result<usize, Resolution>> {
    let starts: Vec<_> = scope.names().map(|(range, _)| range.start).collect();
    scope
        .names()
        .map(|(_, resolution)| match resolution {
            Resolution::Declared(id) => {
                let start = scope.declaration(id).range.start;
                Ok(starts
                    .binary_search(&start)
                    .expect("a declaration is a name"))
            }
            other => Err(other),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        rng_seed: seed(),
        ..ProptestConfig::default()
    })]

    #[test]
    fn renaming_changes_no_meaning(
        statements in prop::collection::vec(statement(), 1..8),
        chosen in any::<prop::sample::Index>(),
    ) {
        let text = program(&statements, None);
        let before = scope(&text);
        let declarations = before.declarations();
        let chosen = &declarations[chosen.index(declarations.len())];
        // The clauses of a type switch share an identifier.
        let mut places: Vec<_> = before
            .names()
            .filter(|(_, resolution)| match resolution {
                Resolution::Declared(id) => before.declaration(*id).range == chosen.range,
                _ => false,
            })
            .map(|(range, _)| range)
            .collect();
        places.reverse();
        let mut renamed = text.clone();
        for place in places {
            renamed.replace_range(place, "fresh");
        }
        prop_assert_eq!(meanings(&before), meanings(&scope(&renamed)), "{}\n{}", text, renamed);
    }

    #[test]
    fn layout_changes_no_meaning(
        statements in prop::collection::vec(statement(), 1..8),
        fill in prop::collection::vec(prop::sample::select(vec!["\n", "\n\n", " // a := b\n", " /* a */\n\t"]), 1..9),
    ) {
        let text = program(&statements, None);
        let mut other = String::new();
        for (line, fill) in text.lines().zip(fill.iter().cycle()) {
            other.push_str(line);
            other.push_str(fill);
        }
        prop_assert_eq!(meanings(&scope(&text)), meanings(&scope(&other)), "{}\n{}", text, other);
    }

    #[test]
    fn a_block_around_a_statement_changes_no_meaning(
        statements in prop::collection::vec(statement(), 1..8),
        wrapped in 0..12_usize,
    ) {
        let text = program(&statements, None);
        let other = program(&statements, Some(wrapped));
        prop_assert_eq!(meanings(&scope(&text)), meanings(&scope(&other)), "{}\n{}", text, other);
    }

    #[test]
    fn visible_agrees_with_resolve(statements in prop::collection::vec(statement(), 1..8)) {
        let text = program(&statements, None);
        let scope = scope(&text);
        for (range, resolution) in scope.names() {
            let is_use = match resolution {
                Resolution::Declared(id) => {
                    let declaration = scope.declaration(id);
                    declaration.kind != Kind::Label && scope.uses(id).contains(&range)
                }
                Resolution::Universe => true,
                _ => false,
            };
            // Left of `:=` a name is looked up where the statement ends.
            let redeclares = text[range.end..].split('\n').next().is_some_and(|rest| rest.contains(":="));
            if is_use && !redeclares {
                prop_assert_eq!(scope.visible(&text[range.clone()], range.start), Some(resolution), "{:?}\n{}", range, text);
            }
        }
    }

    #[test]
    fn any_text_resolves_without_panic(text in "[a-c{}()\\[\\]:=;,. \n*]{0,60}(func|switch|case|type|for|range|if|x := |[a-c{}()\\[\\];,.\n]){0,30}") {
        let parsed = Parsed::new(text.as_str().into());
        let scope = Scope::of(&parsed);
        for (range, _) in scope.names() {
            prop_assert!(range.end <= text.len());
        }
    }
}
