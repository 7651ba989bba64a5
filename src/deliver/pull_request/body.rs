//! The part of a pull request's text that is ours. It stands between two HTML comments, which nobody sees; what people
//! write before and after it stays. The first comment also says which title we gave, so that a title that a person gave
//! stays too, and whether we closed the pull request.

use git2::{ObjectType, Oid};

const BEGIN: &str = "<!-- gomend:begin";
const END: &str = "<!-- gomend:end -->";

/// What the opening comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Digest of the title that we gave last.
    title: String,
    /// We closed it, because there was nothing left to change.
    pub closed: bool,
}

impl Mark {
    /// For a pull request that we gave this title.
    pub fn new(title: &str, closed: bool) -> Self {
        Self {
            title: digest(title),
            closed,
        }
    }

    /// The same, closed by us or not.
    #[must_use]
    pub fn closed(mut self, closed: bool) -> Self {
        self.closed = closed;
        self
    }

    /// Whether that title is the one that we gave last.
    pub fn is_title(&self, title: &str) -> bool {
        self.title == digest(title)
    }
}

/// A body in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What stands before our part.
    pub before: &'a str,
    /// What the opening comment says.
    pub mark: Mark,
    /// Our part, without the comments and the line ends next to them.
    pub ours: &'a str,
    /// What stands behind our part.
    pub after: &'a str,
}

/// Takes a body apart; `None` where no part of it is ours.
pub fn parts(body: &str) -> Option<Parts<'_>> {
    let start = body.find(BEGIN)?;
    let (before, rest) = body.split_at(start);
    let (comment, rest) = rest[BEGIN.len()..].split_once("-->")?;
    let (ours, after) = rest.split_once(END)?;
    let mut mark = Mark {
        title: String::new(),
        closed: false,
    };
    for word in comment.split_ascii_whitespace() {
        match word.split_once('=') {
            Some(("title", digest)) => digest.clone_into(&mut mark.title),
            _ => mark.closed |= word == "closed",
        }
    }
    Some(Parts {
        before,
        mark,
        ours: ours.trim_matches(['\r', '\n']),
        after,
    })
}

/// A body that is ours alone.
pub fn new(mark: &Mark, ours: &str) -> String {
    let closed = if mark.closed { " closed" } else { "" };
    let ours = without_marks(ours);
    format!(
        "{BEGIN} title={}{closed} -->\n{}\n{END}\n",
        mark.title,
        ours.trim_matches(['\r', '\n'])
    )
}

/// The body with our part replaced.
pub fn replaced(parts: &Parts<'_>, mark: &Mark, ours: &str) -> String {
    let new = new(mark, ours);
    format!(
        "{}{}{}",
        parts.before,
        new.trim_end_matches('\n'),
        parts.after
    )
}

/// Whether two bodies are the same to a forge, which may store other line ends and none at the end.
pub fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    plain(one) == plain(other)
}

/// How many bytes the comments and the line ends next to them take.
pub fn overhead() -> usize {
    new(&Mark::new("", true), "").len()
}

/// Our part must not end early.
fn without_marks(text: &str) -> String {
    text.replace(END, "").replace(BEGIN, "<!-- ")
}

fn digest(title: &str) -> String {
    Oid::hash_object(ObjectType::Blob, title.trim().as_bytes())
        .expect("hashing bytes cannot fail")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays() {
        let body = format!("- [x] looked at\r\n\r\n{}\r\nThanks!", {
            new(&Mark::new("One", false), "old")
        });
        let found = parts(&body).expect("it is ours");
        assert_eq!(found.ours, "old");
        assert!(found.mark.is_title("One") && !found.mark.is_title("Two"));
        assert!(!found.mark.closed);
        let changed = replaced(&found, &Mark::new("Two", true), "new\n\n");
        let again = parts(&changed).expect("it is ours");
        assert_eq!(
            (again.before, again.ours),
            ("- [x] looked at\r\n\r\n", "new")
        );
        assert_eq!(again.after, "\n\r\nThanks!");
        assert!(again.mark.is_title("Two") && again.mark.closed);
        assert_eq!(replaced(&again, &again.mark, again.ours), changed);
    }

    #[test]
    fn a_body_without_both_comments_is_not_ours() {
        for body in [
            "",
            "Mend leaks",
            "<!-- gomend:begin",
            "<!-- gomend:begin -->\n",
            END,
        ] {
            assert_eq!(parts(body), None, "{body}");
        }
        assert!(parts(&new(&Mark::new("", false), "")).is_some());
    }

    #[test]
    fn our_part_cannot_end_early() {
        let body = new(
            &Mark::new("", false),
            &format!("a {END} b {BEGIN} title=x --> c"),
        );
        let found = parts(&body).expect("it is ours");
        assert_eq!(found.ours, "a  b <!--  title=x --> c");
        assert_eq!(found.after, "\n");
    }

    #[test]
    fn line_ends_do_not_matter() {
        assert!(same("a\r\nb\r\n", "a\nb"));
        assert!(!same("a\nb", "a b"));
        assert!(overhead() < 120);
    }
}
