//! The control-flow graph of one function, built on demand, and the questions asked of it. In: a function's node and a
//! judge of calls. Out: whether a path with some property exists: yes, no, or unknown.
//!
//! A step of the graph is a simple statement or an expression that is evaluated on its own: a condition (split at `&&`,
//! `||` and `!`), the tag of a switch, a case, a range expression. Bodies of function literals are part of the step that
//! makes the literal. A path can end in a return or at the end of the body; a panic, a call that never returns and an
//! endless wait are no such end, as in cmd/vet's lostcancel (<https://pkg.go.dev/golang.org/x/tools/go/cfg>).

mod build;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod use_tests;

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{
    control::{NeverReturns, is_function, owner},
    syntax::Parsed,
};

/// The step where paths begin.
const ENTRY: usize = 0;
/// The step where paths end that return to the caller.
const EXIT: usize = 1;
/// The step where paths end that do not: panics and calls that never return.
const ABORT: usize = 2;

/// The control-flow graph of one function.
#[derive(Debug)]
pub struct Flow<'t> {
    function: Node<'t>,
    steps: Vec<Step<'t>>,
}

/// A point that control passes.
#[derive(Debug)]
struct Step<'t> {
    /// What is evaluated here; of a join, the smallest statement it lies in.
    node: Node<'t>,
    /// Whether nothing is evaluated here: paths only come together.
    join: bool,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    to: usize,
    /// Of a condition: for which outcome.
    when: Option<bool>,
    /// Not so where only a call that may or may not return decides.
    certain: bool,
}

/// How a path from somewhere to an end of the function comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'t> {
    /// There is no such path.
    Never,
    /// There is one; it ends with this return statement. The first of several.
    Return(Node<'t>),
    /// There is one; it runs off the end of the body.
    End,
    /// It cannot be known.
    Unknown,
}

/// What a path may pass. The default lets it pass everything.
#[derive(Clone, Copy)]
pub struct Passage<'a, 't> {
    /// Whether a path ends at this step: it releases the resource, say. `None` where that cannot be known.
    pub stops: &'a dyn Fn(Node<'t>) -> Option<bool>,
    /// Whether this condition can have this outcome on the paths asked about: `err != nil` cannot hold where there is
    /// something to release, say.
    pub takes: &'a dyn Fn(Node<'t>, bool) -> bool,
}

impl Default for Passage<'_, '_> {
    fn default() -> Self {
        Self {
            stops: &|_| Some(false),
            takes: &|_, _| true,
        }
    }
}

/// Which steps a search may enter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Only by edges and past steps that are certain.
    Certain,
    /// Also by those that may be.
    Possible,
}

impl<'t> Flow<'t> {
    /// Builds the graph of a function declaration, method or function literal. `None` where it has no body, does not
    /// parse, or nests too deep.
    pub fn of(parsed: &Parsed, function: Node<'t>, never: NeverReturns<'_>) -> Option<Self> {
        let body = function
            .child_by_field_name("body")
            .filter(|b| is_function(function.kind()) && !b.has_error())?;
        let steps = build::steps(parsed, body, never)?;
        Some(Self { function, steps })
    }

    /// The function whose graph this is.
    pub fn function(&self) -> Node<'t> {
        self.function
    }

    /// Everything that is evaluated on its own, in document order, whether control reaches it or not.
    pub fn nodes(&self) -> Vec<Node<'t>> {
        let mut nodes: Vec<_> = self
            .steps
            .iter()
            .filter(|s| !s.join)
            .map(|s| s.node)
            .collect();
        nodes.sort_by_key(|n| (n.start_byte(), n.end_byte()));
        nodes
    }

    /// Whether some path leads from behind `from` to an end of the function and passes no step that stops it. A path that
    /// goes round a loop passes the steps of `from` like any others. Unknown where `from` is not in this function.
    pub fn reaches_exit_without(&self, from: Node<'t>, passage: &Passage<'_, 't>) -> Reach<'t> {
        let Some(inside) = self.inside(from) else {
            return Reach::Unknown;
        };
        let certain = self.search(&inside, passage, Mode::Certain);
        if certain.contains(&EXIT) {
            return self.ending(&inside, &certain, passage);
        }
        let possible = self.search(&inside, passage, Mode::Possible);
        if possible.contains(&EXIT) {
            Reach::Unknown
        } else {
            Reach::Never
        }
    }

    /// Whether some path from behind `from` comes to one of `targets`, each a part of a simple statement or expression. A
    /// target in the step of `from` itself counts where
    /// it stands behind it; a target in a function literal is reached where the literal is made. `None` where it cannot be
    /// known.
    pub fn reaches(
        &self,
        from: Node<'t>,
        targets: &[Node<'t>],
        passage: &Passage<'_, 't>,
    ) -> Option<bool> {
        let inside = self.inside(from)?;
        let behind = |target: &Node<'t>| target.start_byte() >= from.end_byte();
        let in_step = inside.len() == 1 && self.steps[inside[0]].node != from;
        if in_step
            && targets
                .iter()
                .any(|t| behind(t) && self.step_of(*t) == Some(inside[0]))
        {
            return Some(true);
        }
        let wanted = targets
            .iter()
            .map(|t| self.step_of(*t))
            .collect::<Option<BTreeSet<_>>>()?;
        let reached = |mode| {
            let visited = self.search(&inside, passage, mode);
            let touched = self.touched(&inside, &visited, passage, mode);
            wanted.iter().any(|w| touched.contains(w))
        };
        match (reached(Mode::Certain), reached(Mode::Possible)) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }

    /// Whether some path from behind `from` comes to one of the places `uses`, whatever lies between.
    pub fn used_after(&self, from: Node<'t>, uses: &[Node<'t>]) -> Option<bool> {
        self.reaches(from, uses, &Passage::default())
    }

    /// Whether control can come to the end of the body or to a return at all.
    pub fn returns(&self) -> Option<bool> {
        let passage = Passage::default();
        let reached = |mode| self.search(&[ENTRY], &passage, mode).contains(&EXIT);
        match (reached(Mode::Certain), reached(Mode::Possible)) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }

    /// The steps that make up `node`: those it contains, or else the smallest one that contains it; the entry for a
    /// parameter or result.
    fn inside(&self, node: Node<'t>) -> Option<Vec<usize>> {
        if owner(node) != Some(self.function) {
            return None;
        }
        let body = self.function.child_by_field_name("body")?;
        if node.end_byte() <= body.start_byte() {
            return Some(vec![ENTRY]);
        }
        let contained: Vec<_> = (ABORT + 1..self.steps.len())
            .filter(|i| contains(node, self.steps[*i].node))
            .collect();
        if contained.iter().any(|i| !self.steps[*i].join) {
            return Some(contained);
        }
        self.step_of(node).map(|step| vec![step])
    }

    /// The smallest step that contains a node, which may stand in a function literal.
    fn step_of(&self, node: Node<'t>) -> Option<usize> {
        (ABORT + 1..self.steps.len())
            .filter(|i| !self.steps[*i].join && contains(self.steps[*i].node, node))
            .min_by_key(|i| self.steps[*i].node.byte_range().len())
    }

    /// The steps that paths from behind `inside` pass or end at.
    fn search(&self, inside: &[usize], passage: &Passage<'_, 't>, mode: Mode) -> BTreeSet<usize> {
        let mut visited = BTreeSet::new();
        let mut open: Vec<usize> = self.leaving(inside, passage, mode);
        while let Some(step) = open.pop() {
            if visited.contains(&step) || !self.passes(step, passage, mode) {
                continue;
            }
            visited.insert(step);
            open.extend(self.followers(step, passage, mode));
        }
        visited
    }

    /// The steps outside `inside` that come right behind it.
    fn leaving(&self, inside: &[usize], passage: &Passage<'_, 't>, mode: Mode) -> Vec<usize> {
        let alone = inside.len() == 1;
        inside
            .iter()
            .flat_map(|i| self.followers(*i, passage, mode))
            .filter(|to| alone || !inside.contains(to))
            .collect()
    }

    fn followers(&self, step: usize, passage: &Passage<'_, 't>, mode: Mode) -> Vec<usize> {
        let Step { node, edges, .. } = &self.steps[step];
        edges
            .iter()
            .filter(|e| e.certain || mode == Mode::Possible)
            .filter(|e| e.when.is_none_or(|outcome| (passage.takes)(*node, outcome)))
            .map(|e| e.to)
            .collect()
    }

    fn passes(&self, step: usize, passage: &Passage<'_, 't>, mode: Mode) -> bool {
        let Step { node, join, .. } = &self.steps[step];
        *join
            || match (passage.stops)(*node) {
                Some(stops) => !stops,
                None => mode == Mode::Possible,
            }
    }

    /// The steps that paths come to: those they pass, and those they are stopped at.
    fn touched(
        &self,
        inside: &[usize],
        visited: &BTreeSet<usize>,
        passage: &Passage<'_, 't>,
        mode: Mode,
    ) -> BTreeSet<usize> {
        let behind = visited
            .iter()
            .flat_map(|i| self.followers(*i, passage, mode));
        self.leaving(inside, passage, mode)
            .into_iter()
            .chain(behind)
            .collect()
    }

    /// How the first of the paths that reach the exit gets there.
    fn ending(
        &self,
        inside: &[usize],
        visited: &BTreeSet<usize>,
        passage: &Passage<'_, 't>,
    ) -> Reach<'t> {
        let ends = |i: &&usize| self.followers(**i, passage, Mode::Certain).contains(&EXIT);
        visited
            .iter()
            .chain(inside)
            .filter(ends)
            .map(|i| &self.steps[*i])
            .filter(|s| !s.join && s.node.kind() == "return_statement")
            .min_by_key(|s| s.node.start_byte())
            .map_or(Reach::End, |s| Reach::Return(s.node))
    }
}

fn contains(outer: Node<'_>, inner: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}
