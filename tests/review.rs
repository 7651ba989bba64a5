//! The choice among findings, over the files of all shipped codemods' cases: what is asked adds up to what comes out, and where
//! all is accepted that is what comes out unasked.

#[path = "support/seed.rs"]
mod seed;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use gomend::{
    codemod::{
        Codemod,
        selection::{Request, select},
    },
    engine::{
        self, Error, Plan, Run, Unwatched,
        review::{Flow, Reviewer, choice::Choice},
    },
    finding::Status,
    select::{FileSet, Options},
};
use proptest::{
    prelude::any,
    test_runner::{Config, TestRunner},
};

/// For cases that bring none: the newest version, so that no codemod is left out.
const MODULE: &str = "module example.com/case\n\ngo 1.26\n";

fn codemods() -> Vec<Codemod> {
    let request = Request {
        all: true,
        ..Request::default()
    };
    select(&request).expect("shipped codemods load").codemods
}

/// The cases of one file, each in a folder of its own, in several folders so that no package has two of them.
fn plan(folder: &Path) -> Plan {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let codemods = codemods();
    let mut files = Vec::new();
    for codemod in &codemods {
        let cases = fs::read_dir(fixtures.join(&*codemod.id));
        for case in cases.into_iter().flatten() {
            let case = case.expect("an entry").path();
            let name = case.file_name().expect("it has one").to_string_lossy();
            if !name.ends_with(".before.go") {
                continue;
            }
            let place = PathBuf::from(codemod.id.replace('/', "-")).join(name.replace('.', "-"));
            fs::create_dir_all(folder.join(&place)).expect("the folder is ours");
            fs::write(folder.join(&place).join("go.mod"), MODULE).expect("the folder is ours");
            fs::copy(&case, folder.join(&place).join("case.go")).expect("the folder is ours");
            files.push(place.join("case.go"));
        }
    }
    assert!(files.len() > 100, "the cases are missing");
    Plan {
        codemods,
        files: FileSet::of_named(folder.canonicalize().expect("it exists"), files),
        pointed: None,
        select: Options {
            generated: true,
            ..Options::default()
        },
        unsafe_edits: true,
        gofmt: None,
        jobs: 2,
        steps: false,
        explain: false,
        timing: false,
        unused_ignores: false,
        prefilter: true,
    }
}

/// Somebody who answers as the numbers of a generator say.
struct Chance {
    state: u64,
    /// Always accept.
    agrees: bool,
    /// The text of each file with what was accepted, and how many findings those were.
    made: BTreeMap<Arc<Path>, (Arc<str>, usize)>,
    asked: usize,
    split: usize,
}

impl Chance {
    fn new(seed: u64, agrees: bool) -> Self {
        Self {
            state: seed,
            agrees,
            made: BTreeMap::new(),
            asked: 0,
            split: 0,
        }
    }

    /// A number below `end` (Knuth's linear congruential generator, MMIX).
    fn below(&mut self, end: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % end
    }
}

impl Reviewer for Chance {
    fn begin(&mut self, files: &[(Arc<Path>, usize)]) -> Flow {
        assert!(files.iter().all(|(_, findings)| *findings > 0));
        Flow::Next
    }

    fn review(&mut self, file: &mut Choice<'_>) -> Result<Flow, Error> {
        let (mut text, mut accepted) = (Arc::clone(file.original()), 0);
        while let Some(question) = file.question()?.cloned() {
            self.asked += 1;
            assert_eq!(question.before, text, "{}", file.path().display());
            assert_ne!(question.before, question.after);
            let findings = question.findings.len();
            match self.below(6) {
                0 if file.split().is_ok() => self.split += 1,
                0..=3 if !self.agrees => file.leave(),
                _ => {
                    file.accept();
                    (text, accepted) = (question.after, accepted + findings);
                }
            }
        }
        self.made.insert(Arc::clone(file.path()), (text, accepted));
        Ok(Flow::Next)
    }
}

fn review(plan: &Plan, chance: &mut Chance) -> Run {
    engine::run_reviewed(plan, &Unwatched, Some(chance)).expect("a working machine")
}

fn texts(run: &Run) -> BTreeMap<Arc<Path>, Arc<str>> {
    let verified = run.verified.iter();
    verified
        .map(|verified| (Arc::clone(verified.path()), Arc::clone(verified.after())))
        .collect()
}

#[test]
fn to_accept_all_is_to_apply() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = plan(folder.path());
    let unasked = engine::run(&plan, &Unwatched).expect("a working machine");
    let mut agreeable = Chance::new(1, true);
    let asked = review(&plan, &mut agreeable);
    assert!(agreeable.asked > 200, "{} questions", agreeable.asked);
    assert!(agreeable.split > 2, "{} splits", agreeable.split);
    assert_eq!(texts(&asked), texts(&unasked));
    let fates = |run: &Run| -> Vec<String> {
        let findings = run.findings.iter();
        findings.map(|finding| format!("{finding:?}")).collect()
    };
    assert_eq!(fates(&asked), fates(&unasked));
}

#[test]
fn what_is_asked_adds_up_to_what_comes_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = plan(folder.path());
    let config = Config {
        cases: 2,
        failure_persistence: None,
        rng_seed: seed::seed(),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let checked = runner.run(&any::<u64>(), |seed| {
        let mut chance = Chance::new(seed, false);
        let run = review(&plan, &mut chance);
        let texts = texts(&run);
        for (path, (text, accepted)) in &chance.made {
            let made = run
                .findings
                .iter()
                .filter(|finding| finding.path == *path && finding.status == Status::Fixable);
            assert_eq!(made.count(), *accepted, "{}", path.display());
            if *accepted == 0 {
                assert_eq!(texts.get(path), None, "{}", path.display());
            } else {
                assert_eq!(texts.get(path), Some(text), "{}", path.display());
            }
        }
        let files: BTreeSet<_> = texts.keys().collect();
        assert!(files.iter().all(|path| chance.made.contains_key(*path)));
        let left = run.findings.iter().filter(|f| f.status == Status::Left);
        assert!(left.count() > 50);
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn stopping_keeps_and_aborting_undoes() {
    struct Ends(Flow, usize);
    impl Reviewer for Ends {
        fn begin(&mut self, _: &[(Arc<Path>, usize)]) -> Flow {
            Flow::Next
        }

        fn review(&mut self, file: &mut Choice<'_>) -> Result<Flow, Error> {
            self.1 += 1;
            file.question()?;
            file.accept();
            Ok(if self.1 == 3 { self.0 } else { Flow::Next })
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = plan(folder.path());
    let ended = |flow| {
        let mut ends = Ends(flow, 0);
        let run = engine::run_reviewed(&plan, &Unwatched, Some(&mut ends)).expect("it works");
        assert_eq!(ends.1, 3, "nothing is asked behind the end");
        run
    };
    assert_eq!(ended(Flow::Stop).verified.len(), 3);
    let aborted = ended(Flow::Abort);
    assert_eq!(aborted.verified.len(), 0);
    let is_made = |status| matches!(status, Status::Fixable | Status::Applied);
    assert!(
        !aborted
            .findings
            .iter()
            .any(|finding| is_made(finding.status))
    );
}
