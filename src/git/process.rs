//! Runs a program to its end: bytes in, bytes out, and a time after which it is ended.

use std::{
    fmt, io,
    io::{Read, Write as _},
    mem,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

/// What a program left.
#[derive(Debug)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Its standard error as a text, for messages.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Its standard output as a text without the white space around it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }
}

/// Why there is no output.
#[derive(Debug)]
pub enum Error {
    /// It could not be started, or not be talked to.
    Io(io::Error),
    /// It did not end in this time, and was ended.
    TimedOut(Duration),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TimedOut(limit) => write!(f, "no answer in {} s", limit.as_secs()),
        }
    }
}

impl std::error::Error for Error {}

/// How long what a program wrote last may be on its way after its end. A child that outlives it and keeps the pipe open
/// is not waited for.
const GRACE: Duration = Duration::from_millis(500);

/// Runs a command with `input` on its standard input.
///
/// # Errors
/// It cannot be started, or does not end within `limit`; then it is ended.
pub fn run(command: &mut Command, input: &[u8], limit: Option<Duration>) -> Result<Output, Error> {
    let started = Instant::now();
    let stdin = if input.is_empty() {
        Stdio::null()
    } else {
        Stdio::piped()
    };
    let mut child = command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::Io)?;
    if let Some(mut pipe) = child.stdin.take() {
        let input = input.to_owned();
        // A program that does not read its input to the end has its reasons; its exit code tells.
        thread::spawn(move || drop(pipe.write_all(&input)));
    }
    let stdout = Reading::start(child.stdout.take().expect("it is piped"));
    let stderr = Reading::start(child.stderr.take().expect("it is piped"));
    let status = match limit {
        None => child.wait().map_err(Error::Io)?,
        Some(limit) => wait(&mut child, started, limit)?,
    };
    Ok(Output {
        status,
        stdout: stdout.end(),
        stderr: stderr.end(),
    })
}

/// Waits for the end of a program, or ends it.
fn wait(child: &mut Child, started: Instant, limit: Duration) -> Result<ExitStatus, Error> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().map_err(Error::Io)? {
            return Ok(status);
        }
        if started.elapsed() > limit {
            child.kill().map_err(Error::Io)?;
            child.wait().map_err(Error::Io)?;
            return Err(Error::TimedOut(limit));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A pipe that is read beside the caller.
struct Reading {
    bytes: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Reading {
    fn start(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (sender, ended) = mpsc::channel();
        let shared = Arc::clone(&bytes);
        thread::spawn(move || {
            let mut chunk = vec![0; 64 << 10];
            // What was read before an error is still worth showing.
            while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                lock(&shared).extend_from_slice(&chunk[..length]);
            }
            let _ = sender.send(());
        });
        Self { bytes, ended }
    }

    /// All that was written, once the program has ended.
    fn end(self) -> Vec<u8> {
        let _ = self.ended.recv_timeout(GRACE);
        mem::take(&mut *lock(&self.bytes))
    }
}

fn lock(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}
