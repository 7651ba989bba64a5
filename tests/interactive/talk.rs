//! A conversation with `gomend` on a pseudo-terminal: what is typed, and what the terminal shows.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use pty_process::{
    Size,
    blocking::{Command, Pty, open},
};
use rustix::termios::{LocalModes, tcgetattr};

/// Far more than anything takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Ctrl-C, Ctrl-D.
pub const INTERRUPT: &str = "\u{3}";
pub const END: &str = "\u{4}";

/// The conversation.
pub struct Talk {
    pty: Arc<Pty>,
    child: Child,
    received: Receiver<Vec<u8>>,
    /// All that came, as it came.
    raw: Vec<u8>,
    /// How much of what it shows was looked at.
    seen: usize,
}

/// How the process is started.
pub struct Start<'a> {
    pub folder: &'a Path,
    pub home: &'a Path,
    pub arguments: &'a [&'a str],
    pub variables: &'a [(&'a str, &'a str)],
    /// Rows and columns.
    pub size: (u16, u16),
    /// Where standard output goes, if not to the terminal.
    pub stdout: Option<Stdio>,
}

impl Talk {
    /// Starts `gomend`, with nothing of the machine around it but `PATH`.
    pub fn start(start: Start<'_>) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(Size::new(start.size.0, start.size.1))
            .expect("it has a size");
        let mut command = Command::new(env!("CARGO_BIN_EXE_gomend"))
            .args(start.arguments)
            .current_dir(start.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", std::env::temp_dir())
            .env("HOME", start.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("TERM", "xterm-256color")
            .envs(start.variables.iter().copied());
        if let Some(stdout) = start.stdout {
            command = command.stdout(stdout);
        }
        let child = command.spawn(pts).expect("the binary under test");
        let pty = Arc::new(pty);
        let (send, received) = channel();
        let reading = Arc::clone(&pty);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // At the end Linux fails and others give nothing.
            while let Ok(count @ 1..) = (&*reading).read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            pty,
            child,
            received,
            raw: Vec::new(),
            seen: 0,
        }
    }

    /// Types this.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        (&*self.pty).write_all(keys.as_bytes()).expect("it is open");
        self
    }

    /// Waits until the terminal shows `wanted`; gives what it shows from where the last one ended, without colours.
    pub fn expect(&mut self, wanted: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.unseen();
            if let Some(at) = shown.find(wanted) {
                let end = at + wanted.len();
                self.seen += end;
                return shown[..end].to_owned();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.received.recv_timeout(left) {
                Ok(bytes) => self.raw.extend(bytes),
                Err(error) => panic!("`{wanted}` is not shown ({error}), but:\n{shown}"),
            }
        }
    }

    /// Waits for a question and answers it with a line; gives the question.
    pub fn answer(&mut self, line: &str) -> String {
        let shown = self.expect("]? ");
        self.send(line).send("\r");
        shown
    }

    /// Waits for the end; gives the exit code and what was shown since the last time.
    pub fn end(mut self) -> (Option<i32>, String) {
        (self.wait(), self.unseen())
    }

    /// Waits for the end; gives the exit code and whether the terminal is as shells expect it.
    pub fn end_mode(mut self) -> (Option<i32>, bool) {
        (self.wait(), self.is_cooked())
    }

    fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(bytes) = self
            .received
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            self.raw.extend(bytes);
        }
        self.child.wait().expect("it is ours").code()
    }

    fn unseen(&self) -> String {
        plain(&self.raw)[self.seen..].to_owned()
    }

    /// All that was shown so far, with its colours.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        self.pty
            .resize(Size::new(rows, columns))
            .expect("it has a size");
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the terminal gives single keys.
    pub fn await_single_keys(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.is_cooked() {
            assert!(
                Instant::now() < deadline,
                "the terminal still gathers lines"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the terminal gathers lines and shows what is typed, as shells expect it.
    fn is_cooked(&self) -> bool {
        let modes = tcgetattr(&*self.pty).expect("it is a terminal").local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }
}

/// What a terminal shows of these bytes: no colours, and one character for the end of a line. More bytes add to it.
fn plain(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    anstream::adapter::strip_str(&text).to_string()
}
