//! Predicates about the file: its imports, version, name, package, origin.

use super::{
    Answer, Argument, Call,
    Parameter::{GoRequirement, Text},
    PredicateKind, Verdict,
};
use crate::matcher::package;

/// The entries of the table.
pub(super) const PREDICATES: &[PredicateKind] = &[
    PredicateKind::of(
        "go",
        &[GoRequirement],
        None,
        "`(#go? \">=1.22\")`: the file's language version meets the requirement",
        go,
    )
    .local(),
    PredicateKind::of(
        "test-file",
        &[],
        None,
        "`(#test-file?)`: the file's name ends in `_test.go`",
        test_file,
    )
    .local(),
    PredicateKind::of(
        "main-package",
        &[],
        None,
        "`(#main-package?)`: the file's package is `main`",
        main_package,
    )
    .local(),
    PredicateKind::of(
        "package-name",
        &[Text],
        Some(Text),
        "`(#package-name? \"ioutil_test\" …)`: the file's package is one of these",
        package_name,
    )
    .local(),
    PredicateKind::of(
        "build-constrained",
        &[],
        None,
        "`(#build-constrained?)`: the file is built only for some systems or with some tags, by its name or a `//go:build` line",
        build_constrained,
    ),
    PredicateKind::of(
        "package-declares",
        &[Text],
        Some(Text),
        "`(#package-declares? \"TestMain\" …)`: some file of the package declares one of these names; of a test file, also its external or internal tests",
        package_declares,
    ),
    PredicateKind::of(
        "package-imports",
        &[Text],
        Some(Text),
        "`(#package-imports? \"path\" …)`: some file of the package imports one of these",
        package_imports,
    ),
    PredicateKind::of(
        "program-imports",
        &[Text],
        Some(Text),
        "`(#program-imports? \"path\" …)`: some file of the package imports one of these, or of a package of the file set that it imports, and so on",
        program_imports,
    ),
    PredicateKind::of(
        "of-package",
        &[Text],
        None,
        "`(#of-package? \"path\")`: the file is of the package with this import path, or a test of it",
        of_package_at,
    ),
    PredicateKind::of(
        "requires",
        &[Text],
        Some(Text),
        "`(#requires? \"module\" …)`: go.mod requires one of these modules, or is that of one",
        requires,
    ),
    PredicateKind::of(
        "generated",
        &[],
        None,
        "`(#generated?)`: the file says that it is generated",
        generated,
    )
    .local(),
];

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
