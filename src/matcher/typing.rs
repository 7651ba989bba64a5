//! Types and callees by name: from this file (written types, composite literals, `new`), from the resource table, and from
//! what is known of the package, the module and the standard library. In: nodes. Out: full names, `net/http.Client`,
//! without stars; `.Client` for a type of this package. What that does not settle is `None`.

use tree_sitter::Node;

use super::{
    Facts,
    binding::import_binding,
    object::{declared, declaring, resolve},
    predicate::Answer,
    resources::Resources,
};
use crate::go::{
    control::descendants,
    scope::{DeclId, Kind, Resolution},
    types::{Signature, Type},
};

/// Expressions nested deeper than this have no type here, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 12;

/// What a call calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callee<'t> {
    /// A function of an import, `path.Func`.
    Imported(String),
    /// A method of a type of another package, `path.Type.Method`.
    Method(String),
    /// A predeclared function or type.
    Builtin(&'t str),
    /// A function, method or literal of this file.
    Known(Node<'t>),
    /// A conversion to a type that this file declares.
    Conversion,
    /// Anything else.
    Unknown,
}

/// What a `call_expression` calls.
pub fn callee<'t>(facts: &Facts<'t>, table: &Resources, call: Node<'t>) -> Callee<'t> {
    let Some(function) = call.child_by_field_name("function").map(bare) else {
        return Callee::Unknown;
    };
    match function.kind() {
        "func_literal" => Callee::Known(function),
        "identifier" => named(facts, function),
        "selector_expression" => selected(facts, table, function),
        _ => Callee::Unknown,
    }
}

fn named<'t>(facts: &Facts<'t>, function: Node<'t>) -> Callee<'t> {
    match resolve(facts, function) {
        Resolution::Universe => Callee::Builtin(facts.parsed.text_of(function)),
        Resolution::Declared(id) => {
            let declaration = facts.scope().declaration(id);
            let site = declaring(facts, declaration).and_then(|n| n.parent());
            match declaration.kind {
                Kind::Type => Callee::Conversion,
                Kind::Func => site
                    .filter(|n| n.kind() == "function_declaration")
                    .map_or(Callee::Unknown, Callee::Known),
                Kind::Var => only_literal(facts, id).map_or(Callee::Unknown, Callee::Known),
                _ => Callee::Unknown,
            }
        }
        _ => Callee::Unknown,
    }
}

/// The function literal that a local variable holds at all times.
fn only_literal<'t>(facts: &Facts<'t>, id: DeclId) -> Option<Node<'t>> {
    let (assigned, all_seen) = super::object::assignments(facts, id);
    if !assigned.is_empty() || !all_seen {
        return None;
    }
    let (value, _) = initial(facts, id)?;
    Some(bare(value)).filter(|v| v.kind() == "func_literal")
}

fn selected<'t>(facts: &Facts<'t>, table: &Resources, function: Node<'t>) -> Callee<'t> {
    let parts = function
        .child_by_field_name("operand")
        .zip(function.child_by_field_name("field"));
    let Some((operand, field)) = parts else {
        return Callee::Unknown;
    };
    let name = facts.parsed.text_of(field);
    if let Some(path) = package(facts, operand) {
        return Callee::Imported(format!("{path}.{name}"));
    }
    match type_of(facts, table, operand) {
        Some(local) if local.starts_with('.') => {
            method(facts, &local[1..], name).map_or(Callee::Unknown, Callee::Known)
        }
        Some(kind) => Callee::Method(format!("{kind}.{name}")),
        None => Callee::Unknown,
    }
}

/// The import path that an identifier names, if that is certain.
fn package<'f>(facts: &'f Facts<'_>, operand: Node<'_>) -> Option<&'f str> {
    let Resolution::Import(index) = resolve(facts, operand) else {
        return None;
    };
    let path = facts.imports()[index].path.as_str();
    (import_binding(facts, operand, &[path]) == Answer::Yes).then_some(path)
}

/// The method of a type of this package, if this file declares it.
fn method<'t>(facts: &Facts<'t>, kind: &str, name: &str) -> Option<Node<'t>> {
    let root = facts.parsed.root();
    let mut cursor = root.walk();
    root.named_children(&mut cursor).find(|n| {
        let named = n.kind() == "method_declaration"
            && n.child_by_field_name("name")
                .is_some_and(|m| facts.parsed.text_of(m) == name);
        named && receiver_type(facts, *n) == Some(kind)
    })
}

fn receiver_type<'t>(facts: &Facts<'t>, method: Node<'t>) -> Option<&'t str> {
    let receiver = method.child_by_field_name("receiver")?;
    descendants(receiver, false)
        .into_iter()
        .find(|n| n.kind() == "type_identifier")
        .map(|n| facts.parsed.text_of(n))
}

/// The type of an expression.
pub fn type_of(facts: &Facts<'_>, table: &Resources, node: Node<'_>) -> Option<String> {
    expression_type(facts, table, node, MAX_DEPTH)
}

/// The type of a variable, from its declaration.
pub fn object_type(facts: &Facts<'_>, table: &Resources, id: DeclId) -> Option<String> {
    variable_type(facts, table, id, MAX_DEPTH)
}

fn expression_type(
    facts: &Facts<'_>,
    table: &Resources,
    node: Node<'_>,
    depth: usize,
) -> Option<String> {
    let shown = shown_type(facts, table, node, depth);
    preferred(facts, shown, node)
}

/// What the file and the table say, or else what is known of the packages. A name of this package may be an alias, which
/// the packages tell.
fn preferred(facts: &Facts<'_>, shown: Option<String>, node: Node<'_>) -> Option<String> {
    match shown {
        Some(name) if !name.starts_with('.') => Some(name),
        shown => known_name(facts, node).or(shown),
    }
}

/// The name of an expression's type, as the packages have it.
fn known_name(facts: &Facts<'_>, node: Node<'_>) -> Option<String> {
    let typing = facts.typing();
    let mut found = typing.type_of(bare(node))?;
    while let Type::Pointer(inner) = found {
        found = (*inner).clone();
    }
    match found {
        Type::Named(named) if named.local == 0 && !named.path.is_empty() => {
            let is_own = *named.path == *typing.own_path();
            let path = if is_own { "" } else { &*named.path };
            Some(format!("{path}.{}", named.name))
        }
        _ => None,
    }
}

/// The parameters and results of what a call calls; none for a conversion and for generic functions.
pub fn signature(facts: &Facts<'_>, call: Node<'_>) -> Option<Signature> {
    let function = bare(call.child_by_field_name("function")?);
    match facts.typing().type_of(function)? {
        Type::Func(signature) => Some((*signature).clone()),
        _ => None,
    }
}

/// Whether values of a type can hold on to nothing, as [`is_plain`] has it for written types.
pub fn holds_nothing(facts: &Facts<'_>, kind: &Type) -> bool {
    let typing = facts.typing();
    match kind {
        Type::Basic(name) => *name != "unsafe.Pointer",
        Type::Untyped(_) => true,
        Type::Named(named) if named.path.is_empty() => &*named.name == "error",
        Type::Named(named) if &*named.path == "time" && &*named.name == "Time" => true,
        Type::Named(_) => {
            matches!(typing.underlying(kind), Type::Basic(name) if name != "unsafe.Pointer")
        }
        Type::Slice(element) | Type::Array(_, element) => holds_nothing(facts, element),
        Type::Map(pair) => holds_nothing(facts, &pair.0) && holds_nothing(facts, &pair.1),
        _ => false,
    }
}

fn shown_type(
    facts: &Facts<'_>,
    table: &Resources,
    node: Node<'_>,
    depth: usize,
) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let node = bare(node);
    match node.kind() {
        "identifier" => variable_type(facts, table, declared(facts, node)?, depth),
        "unary_expression" => {
            let operator = node.child_by_field_name("operator")?.kind();
            let operand = node.child_by_field_name("operand")?;
            matches!(operator, "&" | "*")
                .then(|| expression_type(facts, table, operand, depth))
                .flatten()
        }
        "composite_literal" => written(facts, node.child_by_field_name("type")?),
        "selector_expression" => {
            let operand = node.child_by_field_name("operand")?;
            let name = facts.parsed.text_of(node.child_by_field_name("field")?);
            if let Some(path) = package(facts, operand) {
                return table.variable(&format!("{path}.{name}")).map(str::to_owned);
            }
            let kind = expression_type(facts, table, operand, depth)?;
            table.of_type(&kind)?.parts.get(name).cloned()
        }
        "call_expression" => call_type(facts, table, node, 0, depth),
        _ => None,
    }
}

/// The type of one result of a call.
fn call_type(
    facts: &Facts<'_>,
    table: &Resources,
    call: Node<'_>,
    index: usize,
    depth: usize,
) -> Option<String> {
    let function = bare(call.child_by_field_name("function")?);
    if facts.parsed.text_of(function) == "new" && resolve(facts, function) == Resolution::Universe {
        let first = call.child_by_field_name("arguments")?.named_child(0)?;
        return written(facts, first);
    }
    if function.kind() != "selector_expression" {
        return None;
    }
    let operand = function.child_by_field_name("operand")?;
    let name = facts.parsed.text_of(function.child_by_field_name("field")?);
    if let Some(path) = package(facts, operand) {
        let full = format!("{path}.{name}");
        return table.result_type(&full, index).map(str::to_owned);
    }
    let kind = expression_type(facts, table, operand, depth)?;
    let full = format!("{kind}.{name}");
    let part = || {
        let parts = &table.of_type(&kind)?.parts;
        parts.get(&format!("{name}()")).map(String::as_str)
    };
    let result = table.result_type(&full, index);
    result
        .or_else(|| part().filter(|_| index == 0))
        .map(str::to_owned)
}

fn variable_type(facts: &Facts<'_>, table: &Resources, id: DeclId, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let name = declaring(facts, facts.scope().declaration(id))?;
    preferred(facts, shown_variable(facts, table, id, name, depth), name)
}

fn shown_variable(
    facts: &Facts<'_>,
    table: &Resources,
    id: DeclId,
    name: Node<'_>,
    depth: usize,
) -> Option<String> {
    let site = name.parent()?;
    let has_type = matches!(site.kind(), "parameter_declaration" | "var_spec");
    if let Some(kind) = site.child_by_field_name("type").filter(|_| has_type) {
        return written(facts, kind);
    }
    let (value, index) = initial(facts, id)?;
    match (bare(value).kind(), index) {
        ("call_expression", index) => call_type(facts, table, bare(value), index, depth),
        (_, 0) => expression_type(facts, table, value, depth),
        _ => None,
    }
}

/// The expression that a variable is declared with, and which of its results it gets.
pub fn initial<'t>(facts: &Facts<'t>, id: DeclId) -> Option<(Node<'t>, usize)> {
    let name = declaring(facts, facts.scope().declaration(id))?;
    let site = name.parent()?;
    let (targets, values) = if site.kind() == "var_spec" {
        let mut cursor = site.walk();
        let names: Vec<_> = site.children_by_field_name("name", &mut cursor).collect();
        (names, elements(site.child_by_field_name("value")?))
    } else {
        let statement = site
            .parent()
            .filter(|p| p.kind() == "short_var_declaration")?;
        (
            elements(site),
            elements(statement.child_by_field_name("right")?),
        )
    };
    let index = targets.iter().position(|t| *t == name)?;
    if targets.len() == values.len() {
        return Some((values[index], 0));
    }
    values
        .first()
        .filter(|_| values.len() == 1)
        .map(|v| (*v, index))
}

/// The elements of an expression list, comments left out.
pub fn elements(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter(|n| n.kind() != "comment")
        .collect()
}

/// The name of a written type, stars left out.
pub fn written(facts: &Facts<'_>, mut node: Node<'_>) -> Option<String> {
    while matches!(
        node.kind(),
        "pointer_type" | "parenthesized_type" | "unary_expression" | "parenthesized_expression"
    ) {
        node = node.named_child(0)?;
    }
    let (package_name, name) = match node.kind() {
        "qualified_type" => (
            node.child_by_field_name("package")?,
            node.child_by_field_name("name")?,
        ),
        "selector_expression" => (
            node.child_by_field_name("operand")?,
            node.child_by_field_name("field")?,
        ),
        "type_identifier" | "identifier" => return own_type(facts, node),
        _ => return None,
    };
    let path = package(facts, package_name)?;
    Some(format!("{path}.{}", facts.parsed.text_of(name)))
}

/// A type of this package: one that the file declares, or that it leaves to another file.
fn own_type(facts: &Facts<'_>, name: Node<'_>) -> Option<String> {
    let own = match resolve(facts, name) {
        Resolution::Declared(id) => {
            let declaration = facts.scope().declaration(id);
            declaration.kind == Kind::Type && declaration.owner.is_none()
        }
        Resolution::Unresolved => true,
        _ => false,
    };
    own.then(|| format!(".{}", facts.parsed.text_of(name)))
}

/// An expression without the parentheses around it.
pub fn bare(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_expression" {
        match node.named_child(0) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Whether values of a written type can hold on to nothing: numbers, strings, booleans, errors, and slices and maps of them.
pub fn is_plain(facts: &Facts<'_>, kind: Node<'_>) -> bool {
    match kind.kind() {
        "slice_type" | "array_type" => kind
            .child_by_field_name("element")
            .is_some_and(|e| is_plain(facts, e)),
        "map_type" => ["key", "value"].iter().all(|f| {
            kind.child_by_field_name(f)
                .is_some_and(|e| is_plain(facts, e))
        }),
        "type_identifier" => {
            let name = facts.parsed.text_of(kind);
            !matches!(name, "any" | "comparable") && resolve(facts, kind) == Resolution::Universe
        }
        "qualified_type" => matches!(
            written(facts, kind).as_deref(),
            Some("time.Duration" | "time.Time" | "encoding/json.RawMessage")
        ),
        _ => false,
    }
}

/// The written types of a function's results, one for each.
pub fn results(function: Node<'_>) -> Vec<Node<'_>> {
    let Some(result) = function.child_by_field_name("result") else {
        return Vec::new();
    };
    if result.kind() != "parameter_list" {
        return vec![result];
    }
    elements(result)
        .into_iter()
        .filter_map(|p| {
            let mut cursor = p.walk();
            let names = p.children_by_field_name("name", &mut cursor).count().max(1);
            p.child_by_field_name("type").map(|kind| vec![kind; names])
        })
        .flatten()
        .collect()
}
