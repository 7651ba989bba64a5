//! Property test: whatever the tree and its ignore files, selection lists what git lists.

#[path = "support/seed.rs"]
mod seed;
#[path = "support/mod.rs"]
mod support;

use std::{collections::BTreeSet, fs, path::PathBuf};

use gomend::select::{Options, select};
use proptest::{prelude::*, sample::select as one_of};
use seed::seed;
use support::TestRepo;

fn name() -> impl Strategy<Value = String> {
    "[abAB.]?[abAB]|[abAB][.]"
}

fn file() -> impl Strategy<Value = String> {
    (prop::collection::vec(name(), 0..4), name()).prop_map(|(folders, name)| {
        folders
            .into_iter()
            .chain([name + ".go"])
            .collect::<Vec<_>>()
            .join("/")
    })
}

/// Lines made of the pieces that ignore files give a meaning to.
fn ignore_file() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "b",
        "A",
        "*",
        "**",
        "?",
        "/",
        "/",
        "[ab]",
        "[A]",
        "[\\B]",
        "[A-B]",
        "[[:upper:]]",
        "\\A",
        "[!a]",
        "[^b]",
        "[a-",
        "]",
        "[[:alpha:]]",
        "[[:x:]]",
        "\\",
        "\\*",
        "!",
        "#",
        " ",
        "{a,b}",
        ".go",
        "*.go",
        ".",
        "a/",
        "**/",
        "/**",
        "[]",
        "[\\]a]",
        "[a-b]",
        "[b-a]",
        "[--a]",
        "\r",
    ];
    let line = prop::collection::vec(one_of(pieces), 1..5).prop_map(|pieces| pieces.concat());
    let negated = (any::<bool>(), line)
        .prop_map(|(negated, line)| if negated { format!("!{line}") } else { line });
    prop::collection::vec(negated, 0..6).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("GOMEND_SELECT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24),
        failure_persistence: None,
        rng_seed: seed(),
        ..ProptestConfig::default()
    })]

    #[test]
    fn lists_what_git_lists(
        files in prop::collection::btree_set(file(), 1..30),
        ignores in prop::collection::vec((0_usize..30, ignore_file()), 0..4),
        root_ignore in ignore_file(),
        exclude in ignore_file(),
        tracked in prop::collection::vec(any::<bool>(), 30),
        fold_case in any::<bool>(),
    ) {
        let repo = TestRepo::new();
        let mut written = BTreeSet::new();
        let mut to_add = vec!["add", "-f", "--"];
        for (file, tracked) in files.iter().zip(&tracked) {
            // A name may be a file here and a folder there; the first one stays.
            let path = repo.root.join(file);
            if path.parent().is_none_or(|parent| fs::create_dir_all(parent).is_err()) || path.is_dir() {
                continue;
            }
            fs::write(&path, "package p\n").expect("ours");
            written.insert(path);
            if *tracked {
                to_add.push(file);
            }
        }
        repo.git(&to_add);
        repo.git(&["config", "core.ignoreCase", if fold_case { "true" } else { "false" }]);
        repo.write(".git/info/exclude", exclude).write(".gitignore", root_ignore);
        for (index, text) in ignores {
            if let Some(folder) = written.iter().nth(index).and_then(|path| path.parent()) {
                fs::write(folder.join(".gitignore"), text).expect("ours");
            }
        }
        let everything =
            Options { vendor: true, testdata: true, generated: true, max_file_size: u64::MAX, ..Options::default() };
        let set = select(std::slice::from_ref(&repo.root), &everything).expect("selects");
        let ours: BTreeSet<PathBuf> = set.files.iter().map(|file| file.path.to_path_buf()).collect();
        prop_assert_eq!(set.skipped, []);
        prop_assert_eq!(ours, repo.listed());
    }
}
