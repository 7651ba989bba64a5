//! Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-a-warning-message>).
//!
//! GitHub shows at most ten warnings of one step and fifty of a run, the first ones; SARIF has no such limit.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use super::{
    blame,
    json::slashes,
    place::{Columns, Lines},
};
use crate::{
    engine::Run,
    finding::{Finding, Status},
};

/// One line for each finding that nothing suppresses, in the order of the run; paths are relative to the root of the
/// file set, as GitHub wants them. Columns count characters from one.
pub fn report(run: &Run) -> String {
    let mut shown = String::new();
    let mut lines: BTreeMap<&Path, Lines<'_>> = BTreeMap::new();
    for finding in run
        .findings
        .iter()
        .filter(|finding| finding.status != Status::Suppressed)
    {
        let source = run.sources.get(&finding.path).map_or("", |text| text);
        let lines = lines
            .entry(&finding.path)
            .or_insert_with(|| Lines::new(source));
        annotation(&mut shown, finding, lines);
    }
    shown
}

fn annotation(shown: &mut String, finding: &Finding, lines: &Lines<'_>) {
    let (start, end) = (
        lines.counted(finding.range.start, Columns::Characters),
        lines.counted(finding.range.end, Columns::Characters),
    );
    let file = property(&slashes(&finding.path));
    let title = property(&format!("gomend: {}", finding.codemod));
    // GitHub ignores columns where the lines differ, and says so.
    let columns = if start.0 == end.0 {
        format!(",col={},endColumn={}", start.1, end.1)
    } else {
        String::new()
    };
    let mut message = finding.message.clone();
    match (finding.status, &finding.reason) {
        (Status::Fixable, _) => {
            let class = finding.applicability.as_str();
            write!(message, "\n`gomend apply` makes this {class} change")
        }
        (Status::Unsafe, _) => write!(
            message,
            "\n`gomend apply --unsafe` makes a change to look at"
        ),
        (_, Some(reason)) => write!(message, "\n{reason}"),
        (_, None) => Ok(()),
    }
    .expect("writing to a string cannot fail");
    if let Some(blame) = &finding.blame {
        write!(message, "\n{}", blame::line(blame)).expect("writing to a string cannot fail");
    }
    writeln!(
        shown,
        "::warning file={file},line={},endLine={}{columns},title={title}::{}",
        start.0,
        end.0,
        data(&message)
    )
    .expect("writing to a string cannot fail");
}

/// The text behind `::`, in which line ends would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value of a property, in which `:` and `,` mean something too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_line_for_each_finding_with_what_means_something_escaped() {
        let mut run = fixture::run("a,b/ß:%.go", "package b\nvar ß, _ = f()\n", Some(18..19));
        run.findings[0].message = "50% of `x`\r\nis lost".to_owned();
        assert_eq!(
            report(&run),
            "::warning file=a%2Cb/ß%3A%25.go,line=2,endLine=2,col=8,endColumn=9,title=gomend%3A context/cancel-discarded\
             ::50%25 of `x`%0D%0Ais lost%0A`gomend apply` makes this safe change\n"
        );
    }

    #[test]
    fn columns_are_left_out_where_lines_differ_and_what_is_suppressed_is_not_said() {
        let mut run = fixture::run("b.go", "package b\nf()\ng()\n", [10..17, 14..15]);
        run.findings[0].status = Status::Display;
        run.findings[0].reason = Some("nobody knows".to_owned());
        run.findings[1].status = Status::Suppressed;
        assert_eq!(
            report(&run),
            "::warning file=b.go,line=2,endLine=3,title=gomend%3A context/cancel-discarded::discarded%0Anobody knows\n"
        );
    }
}
