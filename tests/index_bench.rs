//! How long the index takes to read every package of a large file set, and how much memory it holds: copies of Go's own
//! source under different folders, of 10,000 files and 80 MB at least. Prints figures; asserts only what is never noise.
//!
//! `cargo test --release --test index_bench -- --ignored --nocapture`

mod scope_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use gomend::go::{
    index::{Index, Module, Sources},
    types::stdlib,
};
use rayon::prelude::*;
use scope_support::{go_files, goroot};

const FILES: usize = 10_000;
const BYTES: u64 = 80 << 20;

/// Go's own source, each folder under several names.
struct Copies {
    root: PathBuf,
    folders: BTreeMap<String, Vec<PathBuf>>,
}

impl Copies {
    fn of(root: &Path) -> (Self, usize, u64) {
        let files = go_files(root);
        let size = |file: &PathBuf| fs::metadata(file).map_or(0, |data| data.len());
        let bytes: u64 = files.iter().map(size).sum();
        let mut copies = Self {
            root: root.to_owned(),
            folders: BTreeMap::new(),
        };
        let (mut count, mut total) = (0, 0);
        for copy in 0.. {
            if count >= FILES && total >= BYTES {
                break;
            }
            for file in &files {
                let folder = file.parent().expect("a file has a folder");
                let inside = folder.strip_prefix(root).expect("it is below the root");
                let name = format!("copy{copy}/{}", inside.display());
                copies.folders.entry(name).or_default().push(file.clone());
            }
            count += files.len();
            total += bytes;
        }
        (copies, count, total)
    }
}

impl Sources for Copies {
    fn package_files(&self, folder: &str) -> Vec<(String, Arc<str>)> {
        let files = self.folders.get(folder).into_iter().flatten();
        let read = files.filter_map(|file| {
            let text = fs::read_to_string(file).ok()?;
            let inside = file.strip_prefix(&self.root).ok()?;
            Some((format!("{folder}/{}", inside.display()), text.into()))
        });
        read.collect()
    }

    fn is_complete(&self, _: &str) -> bool {
        true
    }
}

#[test]
#[ignore = "prints figures, for a release build on an idle machine"]
fn index_of_a_large_file_set() {
    let Some(root) = goroot() else {
        println!("not run: `go` is not installed");
        return;
    };
    let (started, cpu) = (Instant::now(), cpu_time());
    let known = stdlib::paths().filter(|path| stdlib::package(path).is_some());
    println!(
        "standard library's table, all {} packages: {}",
        known.count(),
        since(started, cpu)
    );

    let (copies, files, bytes) = Copies::of(&root.join("src"));
    let module = Module::parse("", "module example.com/copies\n").expect("it has a name");
    let before = memory("VmRSS");
    let (started, cpu) = (Instant::now(), cpu_time());
    let index = Index::new(&copies, vec![module]);
    let names: BTreeSet<&String> = copies.folders.keys().collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
    let found = pool.expect("two threads start").install(|| {
        let folders: Vec<&String> = names.into_iter().collect();
        let path = |folder: &str| format!("example.com/copies/{folder}");
        let is_there = |folder: &&String| index.imported(&path(folder), "").is_some();
        folders
            .into_par_iter()
            .filter(|folder| is_there(folder))
            .count()
    });
    println!(
        "index of {found} packages, {files} files, {} MB: {}; memory {} MB, of it the index {} MB",
        bytes >> 20,
        since(started, cpu),
        memory("VmHWM") >> 10,
        (memory("VmRSS") - before) >> 10,
    );
    assert!(found > 1000, "only {found} packages were found");
}

fn since(started: Instant, cpu: Duration) -> String {
    let spent = cpu_time().saturating_sub(cpu);
    format!(
        "{} ms, processor {} ms",
        started.elapsed().as_millis(),
        spent.as_millis()
    )
}

/// User and system time of this process, in hundredths of seconds exactly; zero where there is no `/proc`.
fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// A line of `/proc/self/status`, in kB.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let words = line.and_then(|line| line.split_whitespace().nth(1));
    words.and_then(|n| n.parse().ok()).unwrap_or(0)
}
