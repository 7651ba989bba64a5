//! Predicates about the file: its imports, version, name, package, origin.

use super::{Answer, Argument, Call, Verdict};
use crate::matcher::{binding::import_binding, package};

pub(super) fn import(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(1);
    call.each(
        |node| import_binding(call.facts, node, &paths),
        |answer, node| {
            let paths = paths.join("` or `");
            match answer {
                Answer::Yes => format!("{node} names the import `{paths}`"),
                Answer::No => format!("{node} does not name the import `{paths}` here"),
                Answer::Unknown => format!("{node} may or may not name the import `{paths}`: only the package says what it is called"),
            }
        },
    )
}

pub(super) fn go(call: &Call<'_, '_>) -> Verdict {
    let Some(version) = call.facts.file.go else {
        return call.verdict(Answer::Unknown, || {
            "the file's Go version is not known: no go.mod with a `go` line is above it".to_owned()
        });
    };
    let holds = call
        .predicate
        .arguments
        .iter()
        .all(|argument| match argument {
            Argument::GoRequirement(requirement) => requirement.holds(version),
            _ => false,
        });
    call.verdict(holds, || format!("the file is compiled as Go {version}"))
}

pub(super) fn test_file(call: &Call<'_, '_>) -> Verdict {
    let path = &call.facts.file.path;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let is_test = name.is_some_and(|n| n.ends_with("_test.go"));
    call.verdict(is_test, || format!("the file is `{}`", path.display()))
}

pub(super) fn build_constrained(call: &Call<'_, '_>) -> Verdict {
    let path = &call.facts.file.path;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_constrained = package::is_constrained(&name, call.facts.parsed.text());
    call.verdict(is_constrained, || {
        let when = if is_constrained {
            "only for some systems or with some tags"
        } else {
            "always"
        };
        format!("`{}` is built {when}", path.display())
    })
}

pub(super) fn main_package(call: &Call<'_, '_>) -> Verdict {
    match call.facts.package_name() {
        Some(name) => call.verdict(name == "main", || format!("the package is `{name}`")),
        None => call.verdict(Answer::Unknown, || {
            "the file has no package clause".to_owned()
        }),
    }
}

pub(super) fn package_name(call: &Call<'_, '_>) -> Verdict {
    match call.facts.package_name() {
        Some(name) => call.verdict(call.texts(0).contains(&name), || {
            format!("the package is `{name}`")
        }),
        None => call.verdict(Answer::Unknown, || {
            "the file has no package clause".to_owned()
        }),
    }
}

pub(super) fn package_declares(call: &Call<'_, '_>) -> Verdict {
    let names = call.texts(0);
    let answer = package::declares(call.facts, &names);
    of_package(call, answer, "declares", &names)
}

pub(super) fn package_imports(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(0);
    let answer = package::imports(call.facts, &paths);
    of_package(call, answer, "imports", &paths)
}

pub(super) fn program_imports(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(0);
    let answer = package::program_imports(call.facts, &paths);
    call.verdict(answer, || {
        let names = paths.join("` or `");
        match answer {
            Answer::Yes => format!("a package of the program imports `{names}`"),
            Answer::No => format!("no package of the program imports `{names}`"),
            Answer::Unknown => "not all files of the package are looked at".to_owned(),
        }
    })
}

pub(super) fn of_package_at(call: &Call<'_, '_>) -> Verdict {
    let path = call.texts(0).first().copied().unwrap_or_default();
    let answer = package::is_of(call.facts, path);
    call.verdict(answer, || match answer {
        Answer::Yes => format!("the file is of `{path}`, or tests it"),
        Answer::No => format!("the file is not of `{path}`"),
        Answer::Unknown => format!("whether the file is of `{path}` cannot be known"),
    })
}

fn of_package(call: &Call<'_, '_>, answer: Answer, verb: &str, names: &[&str]) -> Verdict {
    call.verdict(answer, || {
        let names = names.join("` or `");
        match answer {
            Answer::Yes => format!("a file of the package {verb} `{names}`"),
            Answer::No => format!("no file of the package {verb} `{names}`"),
            Answer::Unknown => "not all files of the package are looked at".to_owned(),
        }
    })
}

pub(super) fn requires(call: &Call<'_, '_>) -> Verdict {
    let modules = call.texts(0);
    let answer = package::requires(call.facts, &modules);
    call.verdict(answer, || {
        let modules = modules.join("` or `");
        match answer {
            Answer::Yes => format!("go.mod requires `{modules}`"),
            Answer::No => format!("go.mod does not require `{modules}`"),
            Answer::Unknown => "there is no go.mod above the file".to_owned(),
        }
    })
}

pub(super) fn generated(call: &Call<'_, '_>) -> Verdict {
    let generated = call.facts.file.generated;
    call.verdict(generated, || {
        let not = if generated { "" } else { "not " };
        format!("the file is {not}marked as generated")
    })
}
