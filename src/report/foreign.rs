//! What became of the findings of other tools (`--from`), for people: nothing that another tool found is passed over in
//! silence.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use super::{
    count, escape,
    place::Frame,
    style::{FAINT, paint},
};
use crate::from::{Foreign, pointed::Astray};

/// One line about all of `findings`; with `names`, one for each that led to nothing.
pub fn summary(
    name: &str,
    findings: &[Foreign],
    astray: &[(usize, Astray)],
    frame: &Frame,
    names: bool,
) -> String {
    let mut shown = String::new();
    if names {
        for (index, why) in astray {
            let label = paint(FAINT, "not taken:");
            let finding = &findings[*index];
            let place = place(finding, frame);
            line(
                &mut shown,
                &format!(
                    "{label} {place}{}: {}",
                    escape::line(&finding.to_string()),
                    one(*why)
                ),
            );
        }
    }
    let name = escape::line(name);
    if findings.is_empty() {
        line(&mut shown, &format!("{name} has no findings"));
        return shown;
    }
    let mut by_reason: BTreeMap<Astray, usize> = BTreeMap::new();
    for (_, why) in astray {
        *by_reason.entry(*why).or_default() += 1;
    }
    let here = findings.len() - astray.len();
    let mut parts = vec![format!("{here} found here too")];
    parts.extend(
        by_reason
            .iter()
            .map(|(why, n)| format!("{n} {}", several(*why))),
    );
    let hint = if astray.is_empty() || names {
        ""
    } else {
        " (`-v` lists what is left)"
    };
    let all = count(findings.len(), "finding");
    line(
        &mut shown,
        &format!("{name} has {all}: {}{hint}", parts.join(", ")),
    );
    shown
}

/// Path and line as a person may type them here.
fn place(finding: &Foreign, frame: &Frame) -> String {
    let path = Path::new(&finding.path);
    let path = match path.strip_prefix(&frame.root) {
        Ok(inside) => frame.show(inside),
        Err(_) => escape::line(&finding.path).into_owned(),
    };
    match (path.is_empty(), finding.line) {
        (true, _) => String::new(),
        (false, Some(line)) => format!("{path}:{line}: "),
        (false, None) => format!("{path}: "),
    }
}

fn several(why: Astray) -> &'static str {
    match why {
        Astray::Rule => "of rules that no codemod in use mends",
        Astray::Place => "without a line",
        Astray::File => "in files that are not searched",
        Astray::Match => "where no codemod for it matches",
    }
}

fn one(why: Astray) -> &'static str {
    match why {
        Astray::Rule => "no codemod in use mends this rule",
        Astray::Place => "it has no line",
        Astray::File => "this file is not searched",
        Astray::Match => "no codemod for it matches here",
    }
}

fn line(shown: &mut String, text: &str) {
    writeln!(shown, "{text}").expect("writing to a string cannot fail");
}
