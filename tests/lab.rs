//! What the codemods cure, seen at run time. `fixtures/lab` is a Go module with a package `<group>/<name>` for each codemod
//! whose harm can be measured: its tests must see the harm in the code as it is and, after the codemod has been applied, not any
//! more. `lab/harm` says how it is measured.
//!
//! Needs Go. Where it is not found, or too old, that is said; with `GOMEND_REQUIRE_GO` set it is a failure.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use gomend::codemod::catalogue;
use serde_json::Value;

/// The minor version of Go 1 that the module asks for.
const NEEDED: u32 = 25;

/// The test that each package must have.
const TEST: &str = "TestHarm";

#[test]
fn the_harm_is_seen_before_and_not_after() {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lab");
    let (packages, mut failures) = packages(&lab);
    assert!(
        packages.len() > 5,
        "packages are missing in {}",
        lab.display()
    );
    if let Some(reason) = no_go() {
        assert!(
            std::env::var_os("GOMEND_REQUIRE_GO").is_none(),
            "the lab was not run: {reason}"
        );
        println!("not run: {reason}");
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        return;
    }
    measure(&lab, "before", &packages, &mut failures);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let after = folder.path().canonicalize().expect("it exists").join("lab");
    copy(&lab, &after);
    for package in &packages {
        failures.extend(apply(&after, package).err());
    }
    vet(&after, &mut failures);
    measure(&after, "after", &packages, &mut failures);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A package of the lab.
struct Package {
    /// Its path in the module: the folder.
    path: String,
    /// The codemod that the folder is named for.
    codemod: &'static str,
}

/// The packages `<group>/<name>`, and what is wrong with their names.
fn packages(lab: &Path) -> (Vec<Package>, Vec<String>) {
    let ids: BTreeSet<&'static str> = catalogue::shipped_texts().map(|(id, _)| id).collect();
    let (mut packages, mut failures) = (Vec::new(), Vec::new());
    for group in folders(lab) {
        for name in folders(&lab.join(&group)) {
            let path = format!("{group}/{name}");
            match ids.get(&*path).or_else(|| ids.get(&*path.replace('_', "-"))) {
                Some(codemod) => packages.push(Package { path, codemod }),
                None => failures.push(format!(
                    "{path}: no codemod has this id; a package of the lab lies in a folder named for its codemod"
                )),
            }
        }
    }
    (packages, failures)
}

/// The names of the folders in a folder, sorted.
fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of the lab");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry of it"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Why the lab cannot be run, if so.
fn no_go() -> Option<String> {
    let output = match Command::new("go").args(["env", "GOVERSION"]).output() {
        Ok(output) if output.status.success() => output,
        _ => return Some("`go` is not installed".to_owned()),
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let minor = version
        .strip_prefix("go1.")
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|minor| minor.parse::<u32>().ok());
    // A version that is no release, of Go's own development, is newer than all.
    (minor.is_some_and(|minor| minor < NEEDED))
        .then(|| format!("the lab needs go1.{NEEDED} or newer, and this is {version}"))
}

/// A `go` command that asks nothing of the network.
fn go(module: &Path, arguments: &[&str], phase: &str) -> Output {
    Command::new("go")
        .args(arguments)
        .current_dir(module)
        .env("LAB", phase)
        .envs([
            ("GOTOOLCHAIN", "local"),
            ("GOPROXY", "off"),
            ("GOWORK", "off"),
            ("GOFLAGS", ""),
        ])
        .output()
        .expect("Go is installed")
}

/// Runs every test of the module; each package's must have run and passed.
fn measure(module: &Path, phase: &str, packages: &[Package], failures: &mut Vec<String>) {
    let arguments = [
        "test",
        "-json",
        "-count=1",
        "-vet=off",
        "-ldflags=-w",
        "-timeout=5m",
        "./...",
    ];
    let output = go(module, &arguments, phase);
    let results = results(&output);
    for (path, result) in &results {
        if result.failed {
            failures.push(format!("{path}: {phase} the codemod:\n{}", result.output));
        }
    }
    for package in packages {
        let passed = results
            .get(&*package.path)
            .is_some_and(|result| result.passed || result.failed);
        if !passed {
            failures.push(format!(
                "{}: {phase} the codemod, `{TEST}` was not run\n{}",
                package.path,
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
}

/// What became of a package.
#[derive(Default)]
struct Tested {
    /// [`TEST`] passed.
    passed: bool,
    /// The package does not build, or a test of it failed.
    failed: bool,
    /// Everything that it printed, the compiler's words included.
    output: String,
}

/// The events of `go test -json`, gathered by the package's path in the module.
fn results(output: &Output) -> BTreeMap<String, Tested> {
    let mut results: BTreeMap<String, Tested> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        // Events of the build name the package as `lab/x/y [lab/x/y.test]`.
        let name = event["Package"].as_str().or(event["ImportPath"].as_str());
        let name = name.unwrap_or_default().split(' ').next();
        let path = name.and_then(|name| name.strip_prefix("lab/"));
        let result = results
            .entry(path.unwrap_or("the lab").to_owned())
            .or_default();
        match event["Action"].as_str() {
            Some("pass") => result.passed |= event["Test"] == TEST,
            Some("fail") => result.failed = true,
            Some("output" | "build-output") => {
                let _ = write!(
                    result.output,
                    "{}",
                    event["Output"].as_str().unwrap_or_default()
                );
            }
            _ => {}
        }
    }
    results
}

/// Applies its codemod to the files of a package that are no tests; each package must change.
fn apply(module: &Path, package: &Package) -> Result<(), String> {
    let folder = module.join(&package.path);
    let before = sources(&folder);
    let output = support::command(env!("CARGO_BIN_EXE_gomend"))
        .args(["apply", "--unsafe", "-c", package.codemod])
        .args(before.keys())
        .current_dir(&folder)
        .output()
        .expect("gomend is built");
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{}: gomend failed:\n{said}", package.path));
    }
    if sources(&folder) == before {
        return Err(format!(
            "{}: `gomend apply -c {}` changes nothing:\n{said}",
            package.path, package.codemod
        ));
    }
    Ok(())
}

/// The texts of the Go files that are no tests.
fn sources(folder: &Path) -> BTreeMap<PathBuf, String> {
    let entries = fs::read_dir(folder).expect("a package of the lab");
    entries
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".go") && !name.ends_with("_test.go")
        })
        .map(|path| {
            let text = fs::read_to_string(&path).expect("Go is UTF-8");
            (path, text)
        })
        .collect()
}

/// `go vet` has nothing to say of what gomend wrote.
fn vet(module: &Path, failures: &mut Vec<String>) {
    let output = go(module, &["vet", "./..."], "after");
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        failures.push(format!("`go vet` says after the codemods:\n{said}"));
    }
}

/// Copies a folder and all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("the folder above is ours");
    for entry in fs::read_dir(from).expect("a folder of the lab") {
        let path = entry.expect("an entry of it").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the folder is ours");
        }
    }
}
