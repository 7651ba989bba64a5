//! What functions of other files of the package and the module do with what they are given. In: a call. Out: whether the
//! function that is called releases or keeps its argument, returns what is made from it, or only borrows it.
//!
//! Only the one declaration is parsed, and what is found is kept in the index. An answer depends on nothing but the
//! parameter, what is known of the value, and how deep in calls it is asked for, so that it does not matter who asks first:
//! where functions call each other in a circle, there is none.

use std::{path::Path, sync::Arc};

use tree_sitter::Node;

use super::{
    Carrier, MAX_CALLS, Search,
    calls::{Parameter, parameter},
};
use crate::{
    go::{
        index::uses::{self, Use},
        scope::Resolution,
        syntax::Parsed,
        types::bodies::Body,
    },
    matcher::{
        Facts, FileContext,
        object::resolve,
        resources::Resources,
        typing::{Callee, bare},
    },
};

/// Variants by build tags are looked into up to this many.
const MAX_VARIANTS: usize = 8;

/// What a look into a function found.
pub(super) enum Found {
    /// This.
    Use(Arc<Use>),
    /// It leads back to a function that is being looked into.
    Circle,
    /// It lies deeper in calls than is looked.
    TooDeep,
}

/// The functions of other files that a call means; none where they are not all known with their bodies.
pub(super) fn bodies(facts: &Facts<'_>, call: Node<'_>, callee: &Callee<'_>) -> Vec<Body> {
    let Some(function) = call
        .child_by_field_name("function")
        .map(bare)
        .filter(|_| facts.index.is_some())
    else {
        return Vec::new();
    };
    let typing = facts.typing();
    let mut found = match (callee, function.kind()) {
        (Callee::Imported(name), _) => match name.rsplit_once('.') {
            Some((path, name)) => typing.functions(path, name),
            None => Vec::new(),
        },
        (_, "identifier") if resolve(facts, function) == Resolution::Unresolved => {
            typing.functions(&typing.own_path(), facts.parsed.text_of(function))
        }
        (_, "selector_expression") => {
            let parts = function
                .child_by_field_name("operand")
                .and_then(|operand| typing.type_of(bare(operand)))
                .zip(function.child_by_field_name("field"));
            parts.map_or_else(Vec::new, |(of, field)| {
                typing.methods(&of, facts.parsed.text_of(field))
            })
        }
        _ => Vec::new(),
    };
    if found.len() > MAX_VARIANTS {
        found.clear();
    }
    found
}

impl Carrier {
    /// All that is known of it, in words, with the type's full name.
    fn in_words(&self, own_path: &str) -> String {
        let kind = self.kind.as_deref().map(|kind| qualified(kind, own_path));
        let Self {
            sure,
            context,
            function,
            ..
        } = self;
        format!("{kind:?} {sure} {context} {function}")
    }
}

/// `.T` with the path of its package.
fn qualified(kind: &str, own_path: &str) -> String {
    if kind.starts_with('.') {
        format!("{own_path}{kind}")
    } else {
        kind.to_owned()
    }
}

impl<'t> Search<'_, 't> {
    /// The argument at `index` of a call of a function with these bodies.
    pub(super) fn given_to_bodies(
        &mut self,
        bodies: &[Body],
        call: Node<'t>,
        index: usize,
        carrier: &Carrier,
    ) {
        let mut found: Vec<Arc<Use>> = Vec::new();
        for body in bodies {
            match self.looked_into(body, index, carrier) {
                Found::Use(answer) => found.push(answer),
                Found::Circle => return self.in_circle(call),
                Found::TooDeep => return self.given_too_deep(call, index, carrier),
            }
        }
        self.used(call, &found, carrier);
    }

    /// What all variants of a function do with an argument.
    fn used(&mut self, call: Node<'t>, variants: &[Arc<Use>], carrier: &Carrier) {
        let why = |one: &Use| one.left.clone().or_else(|| one.unsure.clone());
        if let Some(reason) = variants.iter().find_map(|one| why(one)) {
            if variants.iter().all(|one| one.left.is_some()) {
                let carrier = Carrier {
                    sure: true,
                    ..carrier.clone()
                };
                return self.leaves(&carrier, call, reason);
            }
            return self.not_known(call, reason);
        }
        let returned: Vec<bool> = variants.iter().filter_map(|one| one.returned).collect();
        if !returned.is_empty() {
            let sure = returned.len() == variants.len() && returned.iter().all(|sure| *sure);
            self.gives_back(call, sure, carrier);
        }
    }

    fn looked_into(&mut self, body: &Body, index: usize, carrier: &Carrier) -> Found {
        let Some(packages) = self.facts.index else {
            return Found::TooDeep;
        };
        let own_path = self.facts.typing().own_path();
        let asked = uses::Parameter {
            file: Arc::clone(&body.file),
            function: body.declaration.start,
            index: Some(index),
            value: carrier.in_words(&own_path).into(),
        };
        let depth = self.frames.len();
        if self.frames.contains(&asked) {
            return Found::Circle;
        }
        if depth > MAX_CALLS {
            return Found::TooDeep;
        }
        let table = std::ptr::from_ref::<Resources>(self.table).addr();
        let answer = packages.uses.get(&asked, depth, table).or_else(|| {
            let mut frames = self.frames.clone();
            frames.push(asked.clone());
            let carrier = Carrier {
                kind: carrier.kind.as_deref().map(|k| qualified(k, &own_path)),
                ..carrier.clone()
            };
            let answer = Arc::new(look_into(
                self.facts, self.table, body, index, carrier, frames,
            )?);
            packages.uses.keep(asked.clone(), depth, table, &answer);
            Some(answer)
        });
        match answer {
            Some(answer) if !answer.visits.iter().any(|v| self.frames.contains(v)) => {
                self.visits.insert(asked);
                self.visits.extend(answer.visits.iter().cloned());
                Found::Use(answer)
            }
            _ => Found::Circle,
        }
    }
}

/// Follows an argument in the body of a function; `None` where functions call each other in a circle.
fn look_into(
    facts: &Facts<'_>,
    table: &Resources,
    body: &Body,
    index: usize,
    mut carrier: Carrier,
    frames: Vec<uses::Parameter>,
) -> Option<Use> {
    let parts = [0..body.header, body.declaration.clone()];
    let parsed = Parsed::parts(Arc::clone(&body.text), &parts);
    let file = FileContext {
        path: Path::new(&*body.file).into(),
        go: None,
        generated: false,
    };
    let facts = Facts {
        index: facts.index,
        ..Facts::new(&parsed, &file)
    };
    let unclear = |what: &str| {
        let unsure = Some(format!("given to a function {what},"));
        Some(Use {
            unsure,
            ..Use::default()
        })
    };
    let name = body.name_end.saturating_sub(1);
    let function = parsed
        .root()
        .named_descendant_for_byte_range(name, name)
        .and_then(|name| name.parent())
        .filter(|n| matches!(n.kind(), "function_declaration" | "method_declaration"));
    let Some(function) = function.filter(|f| f.child_by_field_name("body").is_some()) else {
        return unclear("that cannot be read");
    };
    let parameter = match parameter(function, index) {
        Parameter::Named(name) => name,
        Parameter::Unnamed => return Some(Use::default()),
        Parameter::Unclear => return unclear("as one of several"),
    };
    let Resolution::Declared(id) = resolve(&facts, parameter) else {
        return Some(Use::default());
    };
    let own_path = facts.typing().own_path();
    if let Some(own) = carrier.kind.as_deref().and_then(|kind| {
        kind.strip_prefix(&*own_path)
            .filter(|rest| rest.starts_with('.'))
    }) {
        carrier.kind = Some(own.to_owned());
    }
    let mut search = Search::new(&facts, table, function, frames);
    search.object(id, &carrier, parameter);
    if search.circle {
        return None;
    }
    let place = |(node, what): &(Node<'_>, String)| {
        let line = node.start_position().row + 1;
        format!(
            "given to a function that has it {what} at line {line} of `{}`; called",
            body.file
        )
    };
    Some(Use {
        left: search.left.first().map(place),
        unsure: search.unsure.first().map(place),
        returned: search.returned,
        visits: search.visits.into_iter().collect(),
    })
}
