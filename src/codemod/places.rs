//! Where the parts of a codemod are written, for messages about one that has been loaded. In: its text. Out: lines and
//! columns of it.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::document::Text;
use crate::diagnostic::line_column;

/// Names a part of a codemod by its place among its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// Index of the rule.
    pub rule: usize,
    /// Index of the `within` of the rule, where it is that and not the rule itself.
    pub within: Option<usize>,
}

/// A codemod's file, read for the places of its parts.
#[derive(Debug)]
pub struct Places<'a> {
    text: &'a str,
    document: DeTable<'a>,
}

impl<'a> Places<'a> {
    /// Reads a codemod's file; `None` where it is not TOML.
    pub fn new(text: &'a str) -> Option<Self> {
        let document = DeTable::parse(text).ok()?.into_inner();
        Some(Self { text, document })
    }

    /// Line and column of a rule's name.
    pub fn rule(&self, rule: usize) -> Option<(usize, usize)> {
        let owner = Owner { rule, within: None };
        let name = self.table(owner)?.get("name")?;
        Some(line_column(self.text, name.span().start))
    }

    /// Line and column of a pattern; `None` where there is a query in its place.
    pub fn pattern(&self, owner: Owner) -> Option<(usize, usize)> {
        let pattern = self.table(owner)?.get("pattern")?;
        Some(line_column(self.text, pattern.span().start))
    }

    /// Line and column of what a query has at `range` of its text; `None` where there is a pattern in its place.
    pub fn in_query(&self, owner: Owner, range: &Range<usize>) -> Option<(usize, usize)> {
        let query = self.table(owner)?.get("query")?;
        let text = Text::new(query.get_ref().as_str()?.to_owned(), query.span());
        let at = text.within(self.text, range).start;
        Some(line_column(self.text, at))
    }

    /// Line and column of an edit's `if`.
    pub fn condition(&self, owner: Owner, edit: usize) -> Option<(usize, usize)> {
        let edit = nth(self.table(owner)?, "edit", edit)?;
        Some(line_column(self.text, edit.get("if")?.span().start))
    }

    fn table(&self, owner: Owner) -> Option<&DeTable<'a>> {
        let rule = nth(&self.document, "rule", owner.rule)?;
        match owner.within {
            Some(within) => nth(rule, "within", within),
            None => Some(rule),
        }
    }
}

/// A table of an array of tables.
fn nth<'b, 'a>(table: &'b DeTable<'a>, key: &str, index: usize) -> Option<&'b DeTable<'a>> {
    let tables = table.get(key).map(Spanned::get_ref)?.as_array()?;
    match tables.get(index)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_where_they_are_written() {
        let text = "[[rule]]\nname = 'a'\npattern = 'f()'\n\n[[rule]]\nname = 'b'\nquery = '''\n(go_statement) @go\n'''\n\
                    [[rule.within]]\nquery = \"[\\\"+\\\" (nil)]\"\n[[rule.within.edit]]\nif = '@x'\n";
        let places = Places::new(text).expect("it is TOML");
        let owner = |rule, within| Owner { rule, within };
        assert_eq!(places.rule(1), Some((6, 8)));
        assert_eq!(places.rule(2), None);
        assert_eq!(places.in_query(owner(0, None), &(0..1)), None);
        assert_eq!(places.pattern(owner(0, None)), Some((3, 11)));
        assert_eq!(places.in_query(owner(1, None), &(1..3)), Some((8, 2)));
        assert_eq!(places.in_query(owner(1, Some(0)), &(5..10)), Some((11, 17)));
        assert_eq!(places.condition(owner(1, Some(0)), 0), Some((13, 6)));
    }
}
