//! What an identifier stands for inside its function, and which import it names. In: an identifier. Out: the identifier
//! that declares it, by the scope rules of the Go specification (<https://go.dev/ref/spec#Declarations_and_scope>).

use tree_sitter::Node;

use super::{Facts, predicate::Answer};
use crate::go::{
    control::{ancestors, is_function},
    imports::Alias,
    syntax::Parsed,
};

/// The identifier that declares what `ident` stands for, if that is inside a function (parameters and results included);
/// `None` for what the package, an import or the universe declares.
pub fn local_declaration<'t>(parsed: &Parsed, ident: Node<'t>) -> Option<Node<'t>> {
    let name = parsed.text_of(ident);
    if name == "_" {
        return None;
    }
    let declares_here = declaring_scope(ident);
    let mut child = ident;
    for parent in ancestors(ident) {
        if let Some(found) = declared_by(parsed, parent, child, name) {
            // A `:=` in the body only assigns to what the parameters declare.
            let parameter = body_owner(parent).and_then(|f| declared_by(parsed, f, parent, name));
            return Some(parameter.unwrap_or(found));
        }
        if declares_here.is_some_and(|scope| scope == parent) {
            return Some(ident);
        }
        child = parent;
    }
    None
}

/// The scope an identifier is declared in by its own place, as on the left of `:=`; a name that this scope declares
/// already is declared there, not here.
fn declaring_scope(ident: Node<'_>) -> Option<Node<'_>> {
    let parent = ident.parent()?;
    let is_name = |spec: Node<'_>| {
        let mut cursor = spec.walk();
        spec.children_by_field_name("name", &mut cursor)
            .any(|n| n == ident)
    };
    let declares = match parent.kind() {
        "var_spec" | "const_spec" | "type_spec" | "type_alias" => is_name(parent),
        "parameter_declaration"
        | "variadic_parameter_declaration"
        | "type_parameter_declaration" => {
            return is_name(parent).then(|| ancestors(ident).find(|a| is_function(a.kind())))?;
        }
        "expression_list" => {
            let statement = parent.parent()?;
            let left = ["left", "alias"]
                .into_iter()
                .any(|field| statement.child_by_field_name(field) == Some(parent));
            left && (statement.kind() == "type_switch_statement" || has_token(statement, ":="))
        }
        _ => false,
    };
    let mut scopes = ancestors(ident).filter(|a| {
        matches!(
            a.kind(),
            "statement_list"
                | "if_statement"
                | "for_statement"
                | "expression_switch_statement"
                | "type_switch_statement"
                | "communication_case"
        ) || is_function(a.kind())
    });
    let scope = declares.then(|| scopes.next())??;
    Some(body_owner(scope).unwrap_or(scope))
}

/// The function whose body has this list of statements: its parameters are declared in the same block.
fn body_owner(list: Node<'_>) -> Option<Node<'_>> {
    let block = list
        .parent()
        .filter(|b| list.kind() == "statement_list" && b.kind() == "block")?;
    block.parent().filter(|f| is_function(f.kind()))
}

/// The identifier called `name` that `parent` declares and that is visible in its child `child`.
fn declared_by<'t>(
    parsed: &Parsed,
    parent: Node<'t>,
    child: Node<'t>,
    name: &str,
) -> Option<Node<'t>> {
    let mut names: Vec<Node<'t>> = Vec::new();
    let field = |node: Node<'t>, field: &str| node.child_by_field_name(field);
    match parent.kind() {
        "statement_list" => {
            let mut cursor = parent.walk();
            for statement in parent.named_children(&mut cursor) {
                let earlier = statement.end_byte() <= child.start_byte();
                if earlier || (statement == child && statement.kind() == "type_declaration") {
                    declared_names(statement, &mut names);
                }
            }
        }
        "var_declaration" | "const_declaration" | "var_spec_list" => {
            let mut cursor = parent.walk();
            for spec in parent.named_children(&mut cursor) {
                if spec.end_byte() <= child.start_byte() {
                    declared_names(spec, &mut names);
                }
            }
        }
        "type_switch_statement" if child.kind().ends_with("_case") => {
            names.extend(field(parent, "alias").into_iter().flat_map(identifiers));
            declared_in_field(parent, "initializer", child, &mut names);
        }
        "if_statement" | "expression_switch_statement" | "type_switch_statement" | "for_clause" => {
            declared_in_field(parent, "initializer", child, &mut names);
        }
        "communication_case" => declared_in_field(parent, "communication", child, &mut names),
        "for_statement" if field(parent, "body") == Some(child) => {
            let mut cursor = parent.walk();
            for clause in parent.named_children(&mut cursor) {
                match clause.kind() {
                    "for_clause" => declared_in_field(clause, "initializer", child, &mut names),
                    "range_clause" => declared_names(clause, &mut names),
                    _ => {}
                }
            }
        }
        kind if is_function(kind) => {
            for list in ["receiver", "type_parameters", "parameters", "result"] {
                names.extend(field(parent, list).into_iter().flat_map(parameter_names));
            }
        }
        _ => {}
    }
    names.into_iter().find(|n| parsed.text_of(*n) == name)
}

/// Appends what the statement in a field of `parent` declares, unless it is `child`.
fn declared_in_field<'t>(parent: Node<'t>, field: &str, child: Node<'t>, into: &mut Vec<Node<'t>>) {
    if let Some(statement) = parent.child_by_field_name(field).filter(|s| *s != child) {
        declared_names(statement, into);
    }
}

/// Appends the identifiers that a statement, clause or spec declares in the scope it stands in.
fn declared_names<'t>(node: Node<'t>, into: &mut Vec<Node<'t>>) {
    match node.kind() {
        "short_var_declaration" | "receive_statement" | "range_clause" if has_token(node, ":=") => {
            into.extend(
                node.child_by_field_name("left")
                    .into_iter()
                    .flat_map(identifiers),
            );
        }
        "var_spec" | "const_spec" | "type_spec" | "type_alias" => {
            let mut cursor = node.walk();
            into.extend(
                node.children_by_field_name("name", &mut cursor)
                    .filter(Node::is_named),
            );
        }
        "var_declaration" | "const_declaration" | "type_declaration" | "var_spec_list"
        | "labeled_statement" => {
            let mut cursor = node.walk();
            for child in node.named_children(&mut cursor) {
                declared_names(child, into);
            }
        }
        _ => {}
    }
}

fn identifiers(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter(|n| n.kind() == "identifier")
        .collect()
}

/// The names of a parameter, result or type parameter list.
fn parameter_names(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    let declarations: Vec<_> = list.named_children(&mut cursor).collect();
    declarations
        .into_iter()
        .flat_map(|declaration| {
            let mut cursor = declaration.walk();
            declaration
                .children_by_field_name("name", &mut cursor)
                .collect::<Vec<_>>()
        })
        .filter(|n| n.kind() == "identifier")
        .collect()
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|c| c.kind() == token)
}

/// Whether `ident` names one of the imports `paths` in this file. Unknown where only the package's own `package` clause
/// could tell.
pub fn import_binding(facts: &Facts<'_>, ident: Node<'_>, paths: &[&str]) -> Answer {
    let name = facts.parsed.text_of(ident);
    if name == "_"
        || local_declaration(facts.parsed, ident).is_some()
        || is_declared_in_file(facts.parsed, name)
    {
        return Answer::No;
    }
    let wanted = |path: &str| paths.contains(&path);
    let imports = facts.imports();
    let named = |alias: &Alias| matches!(alias, Alias::Named(n) if n == name);
    if let Some(import) = imports.iter().find(|i| named(&i.alias)) {
        return Answer::from(wanted(&import.path));
    }
    let plain = || imports.iter().filter(|i| i.alias == Alias::None);
    let candidates: Vec<_> = plain()
        .filter(|i| candidate_names(&i.path).iter().any(|n| n == name))
        .collect();
    if !candidates.is_empty() {
        let hits = candidates.iter().filter(|i| wanted(&i.path)).count();
        return match (hits, candidates.len() - hits) {
            (0, _) => Answer::No,
            (_, 0) => Answer::Yes,
            _ => Answer::Unknown,
        };
    }
    if plain().any(|i| wanted(&i.path) && !is_standard(&i.path)) {
        return Answer::Unknown;
    }
    dot_import(facts, name, paths)
}

/// An exported name that nothing declares comes from the dot import, if there is just one.
fn dot_import(facts: &Facts<'_>, name: &str, paths: &[&str]) -> Answer {
    let dots: Vec<_> = facts
        .imports()
        .iter()
        .filter(|i| i.alias == Alias::Dot)
        .collect();
    let hits = dots
        .iter()
        .filter(|i| paths.contains(&i.path.as_str()))
        .count();
    if hits == 0 || !name.starts_with(char::is_uppercase) {
        return Answer::No;
    }
    if hits == dots.len() {
        Answer::Yes
    } else {
        Answer::Unknown
    }
}

/// Whether this file declares `name` at package level.
pub(super) fn is_declared_in_file(parsed: &Parsed, name: &str) -> bool {
    let root = parsed.root();
    let mut cursor = root.walk();
    root.named_children(&mut cursor).any(|node| {
        let mut names = Vec::new();
        match node.kind() {
            "function_declaration" => names.extend(node.child_by_field_name("name")),
            "var_declaration" | "const_declaration" | "type_declaration" => {
                declared_names(node, &mut names);
            }
            _ => {}
        }
        names.into_iter().any(|n| parsed.text_of(n) == name)
    })
}

/// Whether a path is of the standard library, whose packages are called as their last element.
fn is_standard(path: &str) -> bool {
    path.split('/')
        .next()
        .is_some_and(|first| !first.contains('.'))
}

/// The names that a package with this import path may have, likeliest first.
fn candidate_names(path: &str) -> Vec<String> {
    let mut elements = path.rsplit('/');
    let last = elements.next().unwrap_or(path);
    let last = match elements.next() {
        Some(before) if is_major_suffix(last) => before,
        _ => last,
    };
    // gopkg.in/yaml.v3
    let base = match last.rsplit_once('.') {
        Some((base, version)) if is_version(version) => base,
        _ => last,
    };
    let mut names = vec![base.to_owned()];
    for stripped in [
        base.strip_prefix("go-"),
        base.strip_prefix("go."),
        base.strip_suffix("-go"),
        base.strip_suffix(".go"),
    ] {
        names.extend(stripped.map(str::to_owned));
    }
    if !is_standard(path) {
        names.push(base.replace(['-', '.'], ""));
        names.push(base.replace(['-', '.'], "_"));
        names.extend(base.rsplit(['-', '.']).next().map(str::to_owned));
    }
    names.retain(|n| n.chars().all(|c| c == '_' || c.is_alphanumeric()));
    names
}

/// `v2`, `v3`, …: the last path element of a module's major version.
fn is_major_suffix(element: &str) -> bool {
    is_version(element) && element != "v0" && element != "v1"
}

fn is_version(text: &str) -> bool {
    text.strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
