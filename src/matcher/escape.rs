//! Whether an object may be used after its function returns, or is someone else's to release. In: a declaration. Out: yes,
//! no or unknown, with the place that decides.
//!
//! Values are followed from use to use: aliases, parts, wrappers, literals that use the object, parameters of functions of
//! this file. A value either surely holds on to the object or only may; what may hold it and leaves makes the answer
//! unknown, and so does every use that is not understood. Results of type error, and values of plain types, hold nothing.

mod awaited;
mod borrow;
mod calls;
mod elsewhere;
mod uses;

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{
    Facts,
    object::{Access, access, declared, declaring, resolve, uses as uses_of, within},
    predicate::Answer,
    resources::Resources,
    typing::{bare, is_plain, object_type},
};
use crate::go::{
    control::{ancestors, is_function, owner},
    index::uses::Parameter,
    scope::{DeclId, Kind, Resolution},
    types::Type,
};

/// Calls are looked into this deep.
const MAX_CALLS: usize = 4;
/// Values are followed over this many uses.
const MAX_USES: usize = 2_000;

/// A value that holds on to the object.
#[derive(Debug, Clone)]
struct Carrier {
    /// The value's type, where it is known.
    kind: Option<String>,
    /// Whether it surely holds on to it.
    sure: bool,
    /// Whether it is a context or made from one: calls borrow it, but what they give may hold on to it.
    context: bool,
    /// Whether it is a function that uses the object when called.
    function: bool,
}

/// The answer and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escape {
    /// Whether the object escapes.
    pub answer: Answer,
    /// What happens to it, `returned at line 41`; empty where nothing does.
    pub reason: String,
    /// Bytes of the place that decides.
    pub place: std::ops::Range<usize>,
}

/// What is known so far about one object in one function.
struct Search<'a, 't> {
    facts: &'a Facts<'t>,
    table: &'a Resources,
    /// The function that declares the object.
    owner: Node<'t>,
    /// The functions being looked into, outermost first, `owner` the last.
    frames: Vec<Parameter>,
    /// The parameters of functions of other files that were looked into.
    visits: BTreeSet<Parameter>,
    /// Whether a call leads back to a function that is being looked into, so that nothing here can be known.
    circle: bool,
    /// The part of `owner` that the object must not leave, where that is asked.
    region: Option<Node<'t>>,
    seen: BTreeSet<DeclId>,
    followed: usize,
    /// Uses by which it leaves, and those by which it may.
    left: Vec<(Node<'t>, String)>,
    unsure: Vec<(Node<'t>, String)>,
    /// Whether `owner` returns a value that holds on to its parameter, and whether surely.
    returned: Option<bool>,
    /// The calls being followed, with the result that holds on to the object; all but the error where that is not known.
    results: Vec<(Node<'t>, Option<usize>)>,
}

/// Whether the object that an identifier means escapes the function that declares it.
pub fn escape<'t>(facts: &Facts<'t>, table: &Resources, ident: Node<'t>) -> Escape {
    escape_from(facts, table, ident, None)
}

/// Whether the object may be used after control leaves `region`, a part of the function that declares it: it escapes from the
/// function, or a variable that is declared outside of the region may hold on to it.
pub fn leaves<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    ident: Node<'t>,
    region: Node<'t>,
) -> Escape {
    escape_from(facts, table, ident, Some(region))
}

fn escape_from<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    ident: Node<'t>,
    region: Option<Node<'t>>,
) -> Escape {
    let nowhere = |answer, reason: &str| Escape {
        answer,
        reason: reason.to_owned(),
        place: ident.byte_range(),
    };
    let Some(id) = declared(facts, ident) else {
        return nowhere(Answer::Unknown, "is not declared in this file");
    };
    let declaration = facts.scope().declaration(id);
    if declaration.owner.is_none() {
        return nowhere(Answer::Yes, "is declared at package level");
    }
    searched(facts, table, ident, region).map_or_else(
        || nowhere(Answer::Unknown, "is declared in no function"),
        |search| search.conclusion(ident),
    )
}

/// Follows the object that an identifier means.
fn searched<'a, 't>(
    facts: &'a Facts<'t>,
    table: &'a Resources,
    ident: Node<'t>,
    region: Option<Node<'t>>,
) -> Option<Search<'a, 't>> {
    let id = declared(facts, ident)?;
    let function = declaring(facts, facts.scope().declaration(id)).and_then(owner)?;
    let kind = object_type(facts, table, id).or_else(|| channel(facts, ident));
    let carrier = Carrier {
        context: kind.as_deref() == Some("context.Context"),
        kind,
        sure: true,
        function: false,
    };
    let frame = frame(facts, function, None, "");
    let mut search = Search::new(facts, table, function, vec![frame]);
    search.region = region;
    search.object(id, &carrier, ident);
    Some(search)
}

/// A parameter of a function of this file, or an object of it.
fn frame(facts: &Facts<'_>, function: Node<'_>, index: Option<usize>, value: &str) -> Parameter {
    Parameter {
        file: facts.file.path.to_string_lossy().into(),
        function: function.start_byte(),
        index,
        value: value.into(),
    }
}

/// What is received from a channel does not hold on to the channel.
fn channel(facts: &Facts<'_>, ident: Node<'_>) -> Option<String> {
    let kind = facts.typing().type_of(ident)?;
    matches!(kind, Type::Chan(..)).then(|| "chan".to_owned())
}

/// Every place at which the object leaves, or may leave where the flag is not set.
pub fn exits<'t>(facts: &Facts<'t>, table: &Resources, ident: Node<'t>) -> Vec<(Node<'t>, bool)> {
    let Some(search) = searched(facts, table, ident, None) else {
        return Vec::new();
    };
    let sure = search.left.iter().map(|(n, _)| (*n, true));
    sure.chain(search.unsure.iter().map(|(n, _)| (*n, false)))
        .collect()
}

impl Carrier {
    /// An element of it, where it is a slice or a map.
    fn element(&self) -> Self {
        let kind = self.kind.as_deref().and_then(|k| k.strip_prefix("[]"));
        Self {
            kind: kind.map(str::to_owned),
            ..self.clone()
        }
    }

    /// Whether a value of a plain type can be what holds on to the object.
    fn fits_plain_types(&self) -> bool {
        self.kind.as_deref() == Some("descriptor")
    }
}

impl<'a, 't> Search<'a, 't> {
    fn new(
        facts: &'a Facts<'t>,
        table: &'a Resources,
        owner: Node<'t>,
        frames: Vec<Parameter>,
    ) -> Self {
        Self {
            facts,
            table,
            owner,
            frames,
            visits: BTreeSet::new(),
            circle: false,
            region: None,
            seen: BTreeSet::new(),
            followed: 0,
            left: Vec::new(),
            unsure: Vec::new(),
            returned: None,
            results: Vec::new(),
        }
    }

    /// The first use that decides.
    fn conclusion(self, ident: Node<'t>) -> Escape {
        let first =
            |found: Vec<(Node<'t>, String)>| found.into_iter().min_by_key(|(n, _)| n.start_byte());
        let (answer, decisive) = match (first(self.left), first(self.unsure)) {
            (Some(left), _) => (Answer::Yes, Some(left)),
            (None, Some(unsure)) => (Answer::Unknown, Some(unsure)),
            (None, None) => (Answer::No, None),
        };
        let (place, reason) = decisive.map_or((ident, String::new()), |(node, what)| {
            (
                node,
                format!("{what} at line {}", node.start_position().row + 1),
            )
        });
        Escape {
            answer,
            reason,
            place: place.byte_range(),
        }
    }

    /// A value leaves, or may leave where it only may hold on to the object.
    fn leaves(&mut self, carrier: &Carrier, node: Node<'t>, what: impl Into<String>) {
        if carrier.sure {
            self.left.push((node, what.into()));
        } else {
            self.unsure.push((
                node,
                format!("{} (a value that may hold on to it)", what.into()),
            ));
        }
    }

    /// A use is not understood.
    fn not_known(&mut self, node: Node<'t>, what: impl Into<String>) {
        self.unsure.push((node, what.into()));
    }

    /// Whether this search looks into a call.
    fn in_callee(&self) -> bool {
        self.frames.len() > 1
    }

    /// Follows all uses of a variable that holds the value, which it got at `at`.
    fn object(&mut self, id: DeclId, carrier: &Carrier, at: Node<'t>) {
        if self.circle || !self.seen.insert(id) {
            return;
        }
        let declaration = self.facts.scope().declaration(id);
        let Some(site) = declaring(self.facts, declaration) else {
            return;
        };
        let Some(function) = owner(site) else {
            return self.leaves(
                carrier,
                at,
                format!("held by `{}`, declared at package level,", declaration.name),
            );
        };
        let inside = self.owner.start_byte() <= function.start_byte()
            && function.end_byte() <= self.owner.end_byte();
        if !inside {
            let what = format!(
                "held by `{}` of the function around it, declared",
                declaration.name
            );
            return self.leaves(carrier, at, what);
        }
        let leaves_region = |region| !within(site, region);
        if self.region.is_some_and(leaves_region) {
            let what = format!("held by `{}`, declared", declaration.name);
            return self.leaves(carrier, at, what);
        }
        match declaration.kind {
            Kind::Result if function == self.owner => self.give_back(carrier, at),
            Kind::Result | Kind::TypeSwitchVar => {
                return self.not_known(at, format!("held by `{}`, declared", declaration.name));
            }
            _ => {}
        }
        for ident in uses_of(self.facts, id) {
            match access(self.facts, ident) {
                Access::Write | Access::Update => {}
                Access::Address => self.leaves(carrier, ident, "its address is taken"),
                Access::Read => {
                    self.follow(ident, carrier);
                    self.literals(ident, function, carrier);
                }
            }
        }
    }

    /// The function literals between a use and the function that declares the variable hold it too.
    fn literals(&mut self, ident: Node<'t>, function: Node<'t>, carrier: &Carrier) {
        let literals: Vec<_> = ancestors(ident)
            .filter(|a| is_function(a.kind()))
            .take_while(|a| *a != function)
            .collect();
        for literal in literals {
            let holds = Carrier {
                function: true,
                context: false,
                kind: None,
                ..*carrier
            };
            self.follow(literal, &holds);
        }
    }

    /// A value is returned from `owner`.
    fn give_back(&mut self, carrier: &Carrier, node: Node<'t>) {
        if self.in_callee() {
            self.returned = Some(self.returned.unwrap_or(false) || carrier.sure);
        } else {
            self.leaves(carrier, node, "returned");
        }
    }

    /// A value is assigned.
    fn bind(&mut self, target: Node<'t>, carrier: &Carrier) {
        let target = bare(target);
        match target.kind() {
            "identifier" => match resolve(self.facts, target) {
                Resolution::Blank => {}
                Resolution::Declared(id) if self.holds_nothing(id, carrier) => {}
                Resolution::Declared(id) => self.object(id, carrier, target),
                _ => self.leaves(
                    carrier,
                    target,
                    format!("stored in `{}`", self.facts.parsed.text_of(target)),
                ),
            },
            "selector_expression" | "index_expression" if self.is_own_part(target) => {}
            _ => self.leaves(
                carrier,
                target,
                format!("stored in `{}`", self.facts.parsed.text_of(target)),
            ),
        }
    }

    /// Whether a variable's written type can hold on to nothing.
    fn holds_nothing(&self, id: DeclId, carrier: &Carrier) -> bool {
        let declaration = self.facts.scope().declaration(id);
        let site = declaring(self.facts, declaration).and_then(|n| n.parent());
        let kind = site
            .filter(|s| matches!(s.kind(), "parameter_declaration" | "var_spec"))
            .and_then(|s| s.child_by_field_name("type"));
        // An error that surely holds the object was made from it by hand.
        !carrier.sure && kind.is_some_and(|k| is_plain(self.facts, k))
    }

    /// Whether a field or element belongs to a variable that is followed already.
    fn is_own_part(&self, target: Node<'t>) -> bool {
        let mut root = target;
        while let Some(operand) = root.child_by_field_name("operand") {
            root = bare(operand);
        }
        declared(self.facts, root).is_some_and(|id| self.seen.contains(&id))
    }
}
