//! The gofmt program: finding it, and formatting many texts with one process.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A text that gofmt changes, formatted with each batch: a program that leaves it as it is is no gofmt.
const PROBE: (&str, &str, &str) = ("probe.go", "package  p\n", "package p\n");

/// What gofmt may take for a batch, and for each file of it: a hundred times what it does take.
const LIMIT: (Duration, Duration) = (Duration::from_secs(30), Duration::from_millis(200));

/// What the user said about gofmt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// Look for it: `GOMEND_GOFMT`, `PATH`, `$GOROOT/bin`, `$(go env GOROOT)/bin`.
    #[default]
    Auto,
    /// This program.
    Program(PathBuf),
    /// Do without.
    Off,
}

/// A gofmt program that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gofmt {
    program: PathBuf,
}

/// Why gofmt could not be used.
#[derive(Debug)]
pub enum Error {
    /// The user named a program that is not there.
    NoSuchProgram {
        /// As the user named it.
        program: PathBuf,
        /// `--gofmt` or `GOMEND_GOFMT`.
        named_by: &'static str,
    },
    /// It did not start, or its files could not be written or read.
    Io {
        /// What was being done.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// It ran and failed without naming a file.
    Failed {
        /// The program.
        program: PathBuf,
        /// The first line it wrote to standard error.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchProgram { program, named_by } => write!(
                f,
                "no program at `{}` (named by {named_by}); give the path of gofmt, or `--gofmt off`",
                program.display()
            ),
            Self::Io { doing, source } => write!(f, "cannot {doing}: {source}"),
            Self::Failed { program, message } => write!(
                f,
                "`{}` failed: {message}; give the path of gofmt with `--gofmt`, or `--gofmt off`",
                program.display()
            ),
        }
    }
}

impl std::error::Error for Error {}

impl Gofmt {
    /// Finds the program; `None` where the user does without, or where none was named and none is found.
    pub fn find(choice: &Choice) -> Result<Option<Self>, Error> {
        let named = |program: PathBuf, named_by| {
            if is_program(&program) {
                Ok(Some(Self { program }))
            } else {
                Err(Error::NoSuchProgram { program, named_by })
            }
        };
        match choice {
            Choice::Off => Ok(None),
            Choice::Program(program) => named(program.clone(), "`--gofmt`"),
            Choice::Auto => match env::var_os("GOMEND_GOFMT").filter(|v| !v.is_empty()) {
                Some(program) => named(program.into(), "GOMEND_GOFMT"),
                None => Ok(search()),
            },
        }
    }

    /// Formats each text; the error of one is what gofmt says about it, beginning with `line:column`. One process
    /// serves all.
    pub fn format(&self, texts: &[&str]) -> Result<Vec<Result<String, String>>, Error> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let io = |doing: &str| {
            let doing = doing.to_owned();
            move |source| Error::Io { doing, source }
        };
        let folder = tempfile::Builder::new()
            .prefix("gomend-")
            .tempdir()
            .map_err(io("make a temporary folder for gofmt"))?;
        for (index, text) in texts.iter().enumerate() {
            fs::write(folder.path().join(file_name(index)), text)
                .map_err(io("write a temporary file for gofmt"))?;
        }
        let (probe, unformatted, formatted) = PROBE;
        fs::write(folder.path().join(probe), unformatted)
            .map_err(io("write a temporary file for gofmt"))?;
        let failed = |message: &str| Error::Failed {
            program: self.program.clone(),
            message: message.to_owned(),
        };
        let count = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let limit = LIMIT.0.saturating_add(LIMIT.1.saturating_mul(count));
        let Some(output) = self
            .run(folder.path(), limit)
            .map_err(io(&format!("run `{}`", self.program.display())))?
        else {
            return Err(failed(&format!("no answer in {} s", limit.as_secs())));
        };
        let errors = errors_by_file(&output.complaints);
        if !output.status.success() && errors.is_empty() {
            return Err(failed(
                output.complaints.lines().next().unwrap_or("no message"),
            ));
        }
        if fs::read_to_string(folder.path().join(probe)).is_ok_and(|text| text != formatted) {
            return Err(failed("it does not format as gofmt does"));
        }
        let rewritten: Vec<&str> = output.rewritten.lines().collect();
        texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let name = file_name(index);
                if let Some(error) = errors.get(name.as_str()) {
                    return Ok(Err((*error).to_owned()));
                }
                if rewritten.binary_search(&name.as_str()).is_err()
                    && !rewritten.contains(&name.as_str())
                {
                    return Ok(Ok((*text).to_owned()));
                }
                fs::read_to_string(folder.path().join(&name))
                    .map(Ok)
                    .map_err(io("read what gofmt wrote"))
            })
            .collect()
    }
}

/// What one run of gofmt left.
struct Output {
    status: ExitStatus,
    /// The names of the files it rewrote, a line each.
    rewritten: String,
    complaints: String,
}

impl Gofmt {
    /// Formats the files of a folder; `None` where that took longer than `limit`, and the program was ended. It
    /// writes to files, so that neither a full pipe nor a child that outlives it can hold this up.
    fn run(&self, folder: &Path, limit: Duration) -> io::Result<Option<Output>> {
        let (stdout, stderr) = (folder.join("rewritten"), folder.join("complaints"));
        let mut child = Command::new(&self.program)
            .args(["-l", "-w", "."])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(fs::File::create(&stdout)?)
            .stderr(fs::File::create(&stderr)?)
            .spawn()?;
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if started.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        };
        let text = |path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Some(Output {
            status,
            rewritten: text(stdout)?,
            complaints: text(stderr)?,
        }))
    }
}

fn file_name(index: usize) -> String {
    format!("{index:08}.go")
}

/// The first complaint about each file, without its name.
fn errors_by_file(complaints: &str) -> BTreeMap<&str, &str> {
    let mut errors = BTreeMap::new();
    for line in complaints.lines() {
        let line = line.strip_prefix("./").unwrap_or(line);
        if let Some((name, message)) = line.split_once(".go:") {
            errors
                .entry(&line[..name.len() + ".go".len()])
                .or_insert(message.trim_start());
        }
    }
    errors
}

fn search() -> Option<Gofmt> {
    let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let goroot = env::var_os("GOROOT")
        .filter(|v| !v.is_empty())
        .map(|root| bin(&root));
    on_path
        .unwrap_or_default()
        .into_iter()
        .chain(goroot)
        // A relative entry would run a program of whatever folder gomend is started in.
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program_name("gofmt")))
        .find(|program| is_program(program))
        .or_else(from_go_env)
        .map(|program| Gofmt { program })
}

fn from_go_env() -> Option<PathBuf> {
    let output = Command::new("go")
        .args(["env", "GOROOT"])
        .env("GOTOOLCHAIN", "local")
        .current_dir(env::temp_dir())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let root = String::from_utf8(output.stdout).ok()?;
    let program = bin(&OsString::from(root.trim())).join(program_name("gofmt"));
    (program.is_absolute() && is_program(&program)).then_some(program)
}

fn bin(root: &OsString) -> PathBuf {
    Path::new(root).join("bin")
}

fn program_name(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn is_program(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        metadata.is_file()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_apart_by_file() {
        let complaints =
            "00000001.go:3:1: expected declaration\n00000001.go:4:1: more\n00000004.go:1:1: x\n";
        let errors = errors_by_file(complaints);
        assert_eq!(
            errors.into_iter().collect::<Vec<_>>(),
            [
                ("00000001.go", "3:1: expected declaration"),
                ("00000004.go", "1:1: x")
            ]
        );
    }

    #[test]
    fn a_named_program_that_is_not_there_is_an_error() {
        let choice = Choice::Program("/no/such/gofmt".into());
        let error = Gofmt::find(&choice).expect_err("it is not there");
        assert_eq!(
            error.to_string(),
            "no program at `/no/such/gofmt` (named by `--gofmt`); give the path of gofmt, or `--gofmt off`"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_no_gofmt_or_never_ends_is_an_error() {
        use std::os::unix::fs::PermissionsExt;

        let no_gofmt = Gofmt {
            program: "/bin/true".into(),
        };
        if !is_program(&no_gofmt.program) {
            eprintln!("not run: there is no /bin/true");
            return;
        }
        let error = no_gofmt.format(&["package a\n"]).expect_err("no gofmt");
        assert_eq!(
            error.to_string(),
            "`/bin/true` failed: it does not format as gofmt does; give the path of gofmt with `--gofmt`, or `--gofmt off`"
        );

        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = folder.path().join("hangs");
        fs::write(&program, "#!/bin/sh\nexec sleep 60\n").expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its mode");
        let output = Gofmt { program }.run(folder.path(), Duration::from_millis(50));
        assert!(output.is_ok_and(|output| output.is_none()));
    }

    #[test]
    fn one_process_formats_all_and_names_what_does_not_parse() {
        let Ok(Some(gofmt)) = Gofmt::find(&Choice::Auto) else {
            eprintln!("not run: gofmt is not installed");
            return;
        };
        let formatted = gofmt
            .format(&["package a\n", "package  b\n", "package \"x\"\n"])
            .expect("gofmt runs");
        assert_eq!(formatted[0].as_deref(), Ok("package a\n"));
        assert_eq!(formatted[1].as_deref(), Ok("package b\n"));
        assert!(
            formatted[2]
                .as_ref()
                .is_err_and(|e| e.starts_with("1:9: expected 'IDENT'"))
        );
    }
}
