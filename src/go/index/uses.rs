//! What functions of the file set do with what they are given, as the matcher has found it out, so that each is looked into
//! once. In: answers by function, parameter and what stands in it. Out: the same answers. Shared between threads.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Answers that are kept at most; what is beyond is worked out anew.
const MAX_KEPT: usize = 100_000;

/// One parameter of one function, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter {
    /// The file of the function.
    pub file: Arc<str>,
    /// First byte of the function there.
    pub function: usize,
    /// Which parameter; `None` for an object of the function itself.
    pub index: Option<usize>,
    /// What is known of the value, as the matcher writes it.
    pub value: Arc<str>,
}

/// What a function does with one of its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// Why the value leaves it for good, with the line.
    pub left: Option<String>,
    /// Why it may.
    pub unsure: Option<String>,
    /// Whether it returns what holds the value, and whether surely.
    pub returned: Option<bool>,
    /// The parameters of other functions that the answer rests on. Where one of them is being looked into, it is none.
    pub visits: Vec<Parameter>,
}

/// What an answer depends on: the parameter, how deep in calls it was asked for, and the table of resources.
type Key = (Parameter, usize, usize);

/// Answers that are known.
#[derive(Debug, Default)]
pub struct Uses(Mutex<HashMap<Key, Arc<Use>>>);

impl Uses {
    /// A known answer.
    pub fn get(&self, parameter: &Parameter, depth: usize, table: usize) -> Option<Arc<Use>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(parameter.clone(), depth, table)).cloned()
    }

    /// Keeps an answer.
    pub fn keep(&self, parameter: Parameter, depth: usize, table: usize, answer: &Arc<Use>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_KEPT {
            kept.insert((parameter, depth, table), Arc::clone(answer));
        }
    }
}
