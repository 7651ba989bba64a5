//! Go language versions and requirements on them.
//!
//! A version is that of a `go` line in go.mod or of a `//go:build go1.N` line
//! (<https://go.dev/ref/mod#go-mod-file-go>, <https://go.dev/doc/toolchain#version>).

use std::fmt;

/// A language version, `1.22`; a patch level or pre-release suffix is read and dropped, as the language ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// `1` in `1.22`.
    pub major: u32,
    /// `22` in `1.22`.
    pub minor: u32,
}

impl Version {
    /// Reads `1.22`, `1.22.3`, `1.22rc1` or the same behind `go`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("go").unwrap_or(text);
        let (major, rest) = text.split_once('.')?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (minor, suffix) = rest.split_at(digits);
        let suffix_is_known = suffix.is_empty()
            || suffix.strip_prefix('.').is_some_and(|patch| {
                !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit())
            })
            || ["rc", "beta"].iter().any(|word| {
                suffix
                    .strip_prefix(word)
                    .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            });
        suffix_is_known.then_some(())?;
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A requirement on the language version: `>=1.21`, `<1.22`, or several joined by commas, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    clauses: Vec<(Comparison, Version)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    Above,
    AtMost,
    Below,
    Exactly,
}

const COMPARISONS: [(&str, Comparison); 5] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
    ("=", Comparison::Exactly),
];

impl Requirement {
    /// Reads a requirement; `None` where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let clauses = text
            .split(',')
            .map(|clause| {
                let clause = clause.trim();
                let (sign, comparison) = COMPARISONS
                    .into_iter()
                    .find(|(sign, _)| clause.starts_with(sign))?;
                Some((comparison, Version::parse(clause[sign.len()..].trim())?))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self { clauses })
    }

    /// Whether `version` meets every clause.
    pub fn holds(&self, version: Version) -> bool {
        self.clauses
            .iter()
            .all(|(comparison, wanted)| match comparison {
                Comparison::AtLeast => version >= *wanted,
                Comparison::Above => version > *wanted,
                Comparison::AtMost => version <= *wanted,
                Comparison::Below => version < *wanted,
                Comparison::Exactly => version == *wanted,
            })
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (comparison, version)) in self.clauses.iter().enumerate() {
            let sign = COMPARISONS
                .iter()
                .find(|(_, c)| c == comparison)
                .map_or("", |(sign, _)| sign);
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{sign}{version}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_drop_what_the_language_ignores() {
        let v = |major, minor| Some(Version { major, minor });
        assert_eq!(Version::parse("1.22"), v(1, 22));
        assert_eq!(Version::parse("go1.22.3"), v(1, 22));
        assert_eq!(Version::parse("1.21rc2"), v(1, 21));
        for bad in ["", "1", "1.", "1.x", "1.22.", "1.22-foo", "one.two"] {
            assert_eq!(Version::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_requirement_holds_where_every_clause_does() {
        let requirement = Requirement::parse(">=1.18, <1.22").expect("well formed");
        let v = |text| Version::parse(text).expect("well formed");
        assert!(requirement.holds(v("1.18")) && requirement.holds(v("1.21")));
        assert!(!requirement.holds(v("1.17")) && !requirement.holds(v("1.22")));
        assert_eq!(requirement.to_string(), ">=1.18, <1.22");
        for bad in ["", "1.22", "~1.2", ">=", ">=1.18,"] {
            assert_eq!(Requirement::parse(bad), None, "{bad:?}");
        }
    }
}
