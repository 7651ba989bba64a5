//! Writes what comes out as what is expected, for a person to read in review.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Tally, check,
    discover::{Case, Files, Kind},
    layout,
};
use crate::{engine::Run, finding::Finding};

/// Writes `after` files and messages of refusals that differ from what came out, and says whether there were any. A
/// result that is no change, and a refusal that did not happen, are never written down.
pub fn bless(cases: &[Case], run: &Run, tally: &mut Tally) -> Result<bool, String> {
    for case in cases {
        let folder = layout::folder_of(case);
        let findings: Vec<&Finding> = run
            .findings
            .iter()
            .filter(|found| found.path.starts_with(&folder))
            .collect();
        match &case.kind {
            Kind::Rewrite(expected) => {
                let after = check::results(case, &folder, run, &findings);
                if after != case.before {
                    bless_files(case, expected.as_ref(), &after, tally)?;
                }
            }
            Kind::Refuse(message) => {
                let reason = check::refusal(&findings);
                if let Some(reason) =
                    reason.filter(|reason| message.as_deref().map(str::trim) != Some(reason))
                {
                    write(
                        &with_end(&case.place, "refuse.txt"),
                        &format!("{reason}\n"),
                        tally,
                    )?;
                }
            }
            Kind::Find(lines) => {
                let actual = check::listed(case, &findings);
                if !actual.is_empty() && lines.as_ref() != Some(&actual) {
                    write(&with_end(&case.place, "find.txt"), &actual, tally)?;
                }
            }
            Kind::Keep => {}
        }
    }
    Ok(!tally.blessed.is_empty())
}

fn bless_files(
    case: &Case,
    expected: Option<&Files>,
    after: &Files,
    tally: &mut Tally,
) -> Result<(), String> {
    for (path, text) in after {
        let wanted = expected.and_then(|files| files.get(path));
        let stays = case.is_folder && wanted.is_none() && case.before.get(path) == Some(text);
        if wanted == Some(text) || stays {
            continue;
        }
        let file = if case.is_folder {
            case.place.join("after").join(path)
        } else {
            with_end(&case.place, "after.go")
        };
        write(&file, text, tally)?;
    }
    Ok(())
}

/// `place` with `.end` behind its name, whatever dots the name has.
fn with_end(place: &Path, end: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!("{name}.{end}"))
}

fn write(file: &Path, text: &str, tally: &mut Tally) -> Result<(), String> {
    let cannot = |cause: std::io::Error| format!("cannot write `{}`: {cause}", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    fs::write(file, text).map_err(cannot)?;
    tally.blessed.push(file.to_owned());
    Ok(())
}
