//! What `gomend test` found, for people.

use std::fmt::Write as _;

use super::{
    count, escape, patch,
    style::{BAD, FAINT, GOOD, NAME, paint},
};
use crate::cases::{Failure, Tally};

/// A line for the codemod, and one for each failure with its difference.
pub fn tally(id: &str, tally: &Tally) -> String {
    let verdict = if tally.failures.is_empty() {
        paint(GOOD, "ok  ")
    } else {
        paint(BAD, "FAIL")
    };
    let cases = count(tally.cases, "case");
    let mut shown = format!("{verdict} {} {}\n", paint(NAME, id), paint(FAINT, &cases));
    for failure in &tally.failures {
        describe(&mut shown, failure);
    }
    for file in &tally.blessed {
        writeln!(shown, "  wrote {}", escape::line(&file.to_string_lossy()))
            .expect("writing to a string cannot fail");
    }
    shown
}

fn describe(shown: &mut String, failure: &Failure) {
    let case = if failure.case.is_empty() {
        String::new()
    } else {
        format!("{}: ", paint(NAME, &failure.case))
    };
    writeln!(shown, "  {case}{}", escape::line(&failure.message))
        .expect("writing to a string cannot fail");
    for line in patch::colored(&failure.difference).lines() {
        writeln!(shown, "    {line}").expect("writing to a string cannot fail");
    }
}

#[cfg(test)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the expected texts"
)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    #[test]
    fn a_failure_names_its_case_and_shows_the_difference() {
        let failure = Failure {
            case: "plain".to_owned(),
            message: "the result differs from what is expected".to_owned(),
            difference: "--- expected/plain.go\n+++ actual/plain.go\n@@ -1 +1 @@\n-a\n+b\n"
                .to_owned(),
        };
        let tally = self::tally(
            "a/b",
            &Tally {
                cases: 2,
                failures: vec![failure],
                ..Tally::default()
            },
        );
        assert_data_eq!(
            anstream::adapter::strip_str(&tally).to_string(),
            str![[r"
FAIL a/b 2 cases
  plain: the result differs from what is expected
    --- expected/plain.go
    +++ actual/plain.go
    @@ -1 +1 @@
    -a
    +b

"]]
        );
    }
}
