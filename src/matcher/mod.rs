//! Finds matches: a parsed file × a rule's query, filtered by its predicates. No I/O, no edits.

pub mod predicate;
