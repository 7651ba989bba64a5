//! What a function does with a channel that it makes: where it is sent on, received from, closed and measured, and how control
//! comes to these places. In: an identifier. Out: sites, or the first use that is not understood.
//!
//! A channel is known only where every use of it is: it is a local variable, made by `make` where it is declared, never
//! assigned again, and never put anywhere. A function of this file that it is given to is looked into.

mod paths;
mod runs;

use tree_sitter::Node;

pub use paths::{can_return, is_abandoned, is_left_early, is_received};
pub use runs::{is_once, is_once_in, is_rendezvous, is_single_goroutine};

use super::{
    Facts,
    object::{Access, access, assignments, declared, declaring, uses},
    resources::Resources,
    typing::{Callee, bare, callee, elements, initial},
};
use crate::go::{
    control::{is_function, owner},
    scope::{DeclId, Kind, Resolution},
};

/// Calls are looked into this deep.
const MAX_CALLS: usize = 4;
/// Ways to one place, or uses of one channel, beyond this are not followed.
const MAX_SITES: usize = 64;

/// Methods that start a literal once and count it until it ends.
const COUNTING: &[&str] = &[
    "sync.WaitGroup.Go",
    "golang.org/x/sync/errgroup.Group.Go",
    "golang.org/x/sync/errgroup.Group.TryGo",
];

/// How a function is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is called, and its caller waits.
    Called,
    /// It is called when its caller ends.
    Deferred,
    /// A `go` statement starts it.
    Started,
    /// It is started by what is told of its end, as `WaitGroup.Go` is.
    Counted,
    /// It is a literal that is handed on: it may run any number of times, anywhere.
    Held,
}

/// A call on the way from the function that makes the channel to a place that uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'t> {
    /// The call; the literal itself where it is handed on.
    pub call: Node<'t>,
    /// How the function is entered by it.
    pub how: How,
}

/// One place that uses the channel, by one way.
#[derive(Debug, Clone)]
pub struct Site<'t> {
    /// The send statement, the receive expression, the channel behind `range`, or the call of `close`.
    pub node: Node<'t>,
    /// The calls by which control comes there, outermost first; none in the function that makes the channel.
    pub way: Vec<Entry<'t>>,
}

/// All uses of one channel.
#[derive(Debug, Clone)]
pub struct Channel<'t> {
    /// The function that makes it.
    pub owner: Node<'t>,
    /// The statement that makes it.
    pub made: Node<'t>,
    /// Where it is sent on.
    pub sends: Vec<Site<'t>>,
    /// Where it is received from.
    pub receives: Vec<Site<'t>>,
    /// Where it is closed.
    pub closes: Vec<Site<'t>>,
    /// Calls of `len` and `cap`.
    pub measured: Vec<Node<'t>>,
}

/// A use that is not understood, and what it is.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// What happens, `returned at line 41`.
    pub reason: String,
}

impl<'t> Site<'t> {
    /// Where control passes on the way there, in each of the functions entered: the calls, and the place itself.
    pub fn steps(&self) -> Vec<Node<'t>> {
        let calls = self.way.iter().map(|entry| entry.call);
        calls.chain([self.node]).collect()
    }

    /// Whether it runs in another goroutine than the function that makes the channel.
    pub fn is_started(&self) -> bool {
        self.way.iter().any(|e| e.how.starts())
    }

    /// Whether a literal on the way is handed on.
    pub fn is_held(&self) -> bool {
        self.way.iter().any(|e| e.how == How::Held)
    }
}

impl How {
    /// Whether a goroutine begins there.
    pub fn starts(self) -> bool {
        matches!(self, Self::Started | Self::Counted)
    }
}

/// Looks at every use of the channel that an identifier means.
///
/// # Errors
/// The use, or the declaration, by which others may come to use the channel.
pub fn channel<'t>(
    facts: &Facts<'t>,
    table: &Resources,
    ident: Node<'t>,
) -> Result<Channel<'t>, Unknown> {
    let not_made = |why: &str| Unknown {
        reason: why.to_owned(),
    };
    let id = declared(facts, ident).ok_or_else(|| not_made("it is not declared in this file"))?;
    let declaration = facts.scope().declaration(id);
    let site = declaring(facts, declaration)
        .filter(|_| declaration.kind == Kind::Var && declaration.owner.is_some())
        .ok_or_else(|| not_made("it is not a local variable"))?;
    let owner = owner(site).ok_or_else(|| not_made("it is not a local variable"))?;
    let made = statement_of(site)
        .filter(|_| is_made(facts, id))
        .ok_or_else(|| not_made("it is not made by `make` where it is declared"))?;
    if !assignments(facts, id).0.is_empty() {
        return Err(not_made("it is assigned again"));
    }
    let mut search = Search {
        facts,
        table,
        channel: Channel {
            owner,
            made,
            sends: Vec::new(),
            receives: Vec::new(),
            closes: Vec::new(),
            measured: Vec::new(),
        },
        entered: Vec::new(),
    };
    search.object(id, owner, &[])?;
    Ok(search.channel)
}

/// The statement that declares a variable.
fn statement_of(site: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(site.parent(), Node::parent)
        .find(|n| matches!(n.kind(), "short_var_declaration" | "var_spec"))
}

/// Whether a variable is declared with `make(chan …)`.
fn is_made(facts: &Facts<'_>, id: DeclId) -> bool {
    let Some((value, 0)) = initial(facts, id) else {
        return false;
    };
    let value = bare(value);
    let arguments = value.child_by_field_name("arguments").map(elements);
    let of_channel = arguments
        .and_then(|a| a.first().copied())
        .is_some_and(|first| first.kind() == "channel_type");
    of_channel
        && value.child_by_field_name("function").is_some_and(|f| {
            facts.parsed.text_of(f) == "make" && facts.scope().resolve(f) == Resolution::Universe
        })
}

/// What is being looked at.
struct Search<'a, 't> {
    facts: &'a Facts<'t>,
    table: &'a Resources,
    channel: Channel<'t>,
    /// The functions being looked into.
    entered: Vec<Node<'t>>,
}

impl<'t> Search<'_, 't> {
    /// Looks at all uses of a variable of `function` that holds the channel; control comes there by `way`.
    fn object(&mut self, id: DeclId, function: Node<'t>, way: &[Entry<'t>]) -> Result<(), Unknown> {
        for ident in uses(self.facts, id) {
            match access(self.facts, ident) {
                Access::Read => {}
                Access::Write | Access::Update => return Err(unknown(ident, "assigned")),
                Access::Address => return Err(unknown(ident, "its address is taken")),
            }
            for inner in self.ways(ident, function, 0) {
                self.one(ident, &[way, &inner].concat())?;
            }
        }
        Ok(())
    }

    /// One use, to which control comes by `way`.
    fn one(&mut self, ident: Node<'t>, way: &[Entry<'t>]) -> Result<(), Unknown> {
        let mut value = ident;
        let mut parent = ident.parent();
        while let Some(outer) = parent.filter(|p| p.kind() == "parenthesized_expression") {
            value = outer;
            parent = outer.parent();
        }
        let Some(parent) = parent else {
            return Err(unknown(ident, "used in an unknown way"));
        };
        let site = |node| Site {
            node,
            way: way.to_vec(),
        };
        let is = |field: &str| parent.child_by_field_name(field) == Some(value);
        let found = &mut self.channel;
        if found.sends.len() + found.receives.len() + found.closes.len() >= MAX_SITES {
            return Err(unknown(ident, "used in too many ways to follow"));
        }
        match parent.kind() {
            "send_statement" if is("channel") => found.sends.push(site(parent)),
            "send_statement" => return Err(unknown(ident, "sent on a channel")),
            "unary_expression" if parent.child(0).is_some_and(|o| o.kind() == "<-") => {
                found.receives.push(site(parent));
            }
            "range_clause" if is("right") => found.receives.push(site(value)),
            "argument_list" => return self.given(parent, value, way),
            "return_statement" | "expression_list"
                if parent
                    .parent()
                    .is_some_and(|p| p.kind() == "return_statement") =>
            {
                return Err(unknown(ident, "returned"));
            }
            "expression_list" => return Err(unknown(ident, "assigned to something")),
            "literal_element" => return Err(unknown(ident, "put into a composite literal")),
            _ => return Err(unknown(ident, "used in an unknown way")),
        }
        Ok(())
    }

    /// The channel stands among the arguments of a call.
    fn given(&mut self, list: Node<'t>, value: Node<'t>, way: &[Entry<'t>]) -> Result<(), Unknown> {
        let call = list
            .parent()
            .filter(|p| p.kind() == "call_expression")
            .ok_or_else(|| unknown(value, "used in an unknown way"))?;
        match callee(self.facts, self.table, call) {
            Callee::Builtin("close") => self.channel.closes.push(Site {
                node: call,
                way: way.to_vec(),
            }),
            Callee::Builtin("len" | "cap") => self.channel.measured.push(call),
            Callee::Known(function) => return self.enter(function, call, list, value, way),
            _ => {
                return Err(unknown(
                    value,
                    "given to a function that is not looked into",
                ));
            }
        }
        Ok(())
    }

    /// A function of this file is looked into.
    fn enter(
        &mut self,
        function: Node<'t>,
        call: Node<'t>,
        list: Node<'t>,
        value: Node<'t>,
        way: &[Entry<'t>],
    ) -> Result<(), Unknown> {
        let is_again = function == self.channel.owner || self.entered.contains(&function);
        if is_again || self.entered.len() >= MAX_CALLS {
            let what = "given to a function that calls itself, or others too deep,";
            return Err(unknown(value, what));
        }
        let index = elements(list).iter().position(|a| *a == value);
        let parameter = index.and_then(|i| parameter(function, i));
        let (Some(parameter), Some(_)) = (parameter, function.child_by_field_name("body")) else {
            return Err(unknown(
                value,
                "given to a function that is not looked into",
            ));
        };
        let Some(id) = declared(self.facts, parameter) else {
            // `_`, which nothing uses.
            return Ok(());
        };
        let entry = Entry {
            call,
            how: how(call),
        };
        self.entered.push(function);
        let result = self.object(id, function, &[way, &[entry]].concat());
        self.entered.pop();
        result
    }

    /// The ways by which control comes from `function` into the literal that a node lies in.
    fn ways(&self, node: Node<'t>, function: Node<'t>, depth: usize) -> Vec<Vec<Entry<'t>>> {
        let Some(literal) = owner(node).filter(|o| *o != function) else {
            return vec![Vec::new()];
        };
        let entries = if depth > MAX_CALLS {
            vec![held(literal)]
        } else {
            self.entries(literal)
        };
        let mut ways = Vec::new();
        for entry in entries {
            for mut way in self.ways(entry.call, function, depth + 1) {
                way.push(entry);
                ways.push(way);
            }
        }
        ways.truncate(MAX_SITES + 1);
        ways
    }

    /// The calls of a literal: where it is written, or all those of the variable that holds it.
    fn entries(&self, literal: Node<'t>) -> Vec<Entry<'t>> {
        let mut value = literal;
        while let Some(outer) = value
            .parent()
            .filter(|p| p.kind() == "parenthesized_expression")
        {
            value = outer;
        }
        if let Some(call) = called(value) {
            return vec![Entry {
                call,
                how: how(call),
            }];
        }
        let list = value.parent().filter(|p| p.kind() == "argument_list");
        if let Some(call) = list.and_then(|l| l.parent()) {
            let counts = matches!(callee(self.facts, self.table, call), Callee::Method(name) if COUNTING.contains(&name.as_str()));
            let how = if counts { How::Counted } else { How::Held };
            return vec![Entry { call, how }];
        }
        self.calls_of_variable(value)
            .unwrap_or_else(|| vec![held(literal)])
    }

    /// The calls of the variable that holds a literal at all times, where it is only called.
    fn calls_of_variable(&self, value: Node<'t>) -> Option<Vec<Entry<'t>>> {
        let list = value.parent().filter(|p| p.kind() == "expression_list")?;
        let statement = list.parent()?;
        let name = match statement.kind() {
            "var_spec" => statement.child_by_field_name("name")?,
            "short_var_declaration" => statement.child_by_field_name("left")?.named_child(0)?,
            _ => return None,
        };
        let id = declared(self.facts, name)?;
        let is_declared_here = self.facts.scope().declaration(id).range == name.byte_range();
        let is_only = elements(list).len() == 1 && is_declared_here;
        let calls: Option<Vec<_>> = uses(self.facts, id)
            .into_iter()
            .map(|u| {
                called(u).map(|call| Entry {
                    call,
                    how: how(call),
                })
            })
            .collect();
        calls.filter(|_| is_only)
    }
}

/// The call whose function an expression is.
fn called(value: Node<'_>) -> Option<Node<'_>> {
    value.parent().filter(|p| {
        p.kind() == "call_expression" && p.child_by_field_name("function") == Some(value)
    })
}

fn held(literal: Node<'_>) -> Entry<'_> {
    Entry {
        call: literal,
        how: How::Held,
    }
}

/// How a call enters what it calls.
fn how(call: Node<'_>) -> How {
    match call.parent().map(|p| p.kind()) {
        Some("go_statement") => How::Started,
        Some("defer_statement") => How::Deferred,
        _ => How::Called,
    }
}

/// The name of a parameter by position; `None` where it has none or where it takes several arguments.
fn parameter(function: Node<'_>, index: usize) -> Option<Node<'_>> {
    debug_assert!(is_function(function.kind()));
    let mut position = 0;
    for declaration in elements(function.child_by_field_name("parameters")?) {
        if declaration.kind() != "parameter_declaration" {
            return None;
        }
        let mut cursor = declaration.walk();
        let names: Vec<_> = declaration
            .children_by_field_name("name", &mut cursor)
            .collect();
        if let Some(name) = index.checked_sub(position).and_then(|i| names.get(i)) {
            return Some(*name);
        }
        position += names.len().max(1);
    }
    None
}

fn unknown(node: Node<'_>, what: &str) -> Unknown {
    Unknown {
        reason: format!("{what} at line {}", node.start_position().row + 1),
    }
}
