//! A query under construction, and its layout: on one line where it fits, else a child on each line.

use std::fmt::Write as _;

/// The longest line.
const WIDTH: usize = 100;

/// A piece of a query.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Text without structure: an anchor, a token, a predicate.
    Atom(String),
    /// `field: (kind …)? @name`.
    List {
        /// The field, with its colon and a space, or nothing.
        field: String,
        /// `(kind`, `(` or `[`.
        open: String,
        /// What is inside.
        items: Vec<Form>,
        /// Quantifier and captures.
        suffix: String,
    },
}

impl Form {
    /// Text without structure.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    /// A node of a kind.
    pub(super) fn node(kind: &str, items: Vec<Form>) -> Self {
        Self::List {
            field: String::new(),
            open: format!("({kind}"),
            items,
            suffix: String::new(),
        }
    }

    /// One of several.
    pub(super) fn either(items: Vec<Form>) -> Self {
        match <[Form; 1]>::try_from(items) {
            Ok([only]) => only,
            Err(items) => Self::List {
                field: String::new(),
                open: "[".to_owned(),
                items,
                suffix: String::new(),
            },
        }
    }

    /// With a field in front.
    pub(super) fn in_field(self, name: Option<&str>) -> Self {
        let Some(name) = name else {
            return self;
        };
        match self {
            Self::Atom(text) => Self::Atom(format!("{name}: {text}")),
            Self::List {
                open,
                items,
                suffix,
                ..
            } => Self::List {
                field: format!("{name}: "),
                open,
                items,
                suffix,
            },
        }
    }

    /// With something behind: a quantifier or a capture.
    pub(super) fn with(self, more: &str) -> Self {
        match self {
            Self::Atom(text) => Self::Atom(format!("{text}{more}")),
            Self::List {
                field,
                open,
                items,
                suffix,
            } => Self::List {
                field,
                open,
                items,
                suffix: suffix + more,
            },
        }
    }

    /// The query's text.
    pub(super) fn show(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text
    }

    fn flat(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::List {
                field,
                open,
                items,
                suffix,
            } => {
                let inner: Vec<String> = items.iter().map(Form::flat).collect();
                let gap = if items.is_empty() || matches!(&**open, "(" | "[") {
                    ""
                } else {
                    " "
                };
                format!(
                    "{field}{open}{gap}{}{}{suffix}",
                    inner.join(" "),
                    close(open)
                )
            }
        }
    }

    fn write(&self, indent: usize, text: &mut String) {
        let flat = self.flat();
        let Self::List {
            field,
            open,
            items,
            suffix,
        } = self
        else {
            text.push_str(&flat);
            return;
        };
        if indent + flat.len() <= WIDTH {
            text.push_str(&flat);
            return;
        }
        text.push_str(field);
        text.push_str(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !matches!(&**open, "(" | "[") {
                write!(text, "\n{:1$}", "", indent + 2).expect("writing to a string cannot fail");
            }
            item.write(indent + 2, text);
        }
        text.push_str(close(open));
        text.push_str(suffix);
    }
}

fn close(open: &str) -> &'static str {
    if open == "[" { "]" } else { ")" }
}
