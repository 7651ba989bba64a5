//! The terminal that the person sits at: answers come from standard input, questions go to standard error.
//!
//! An answer is a line, as for `git add -p`; with `interactive.singleKey` in git's configuration it is one key press. Only
//! while such a press is waited for is the terminal in another mode than before.

use std::{
    collections::VecDeque,
    io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use super::{
    mode::Mode,
    session::{Terminal, Typed},
    signals::Signals,
};
use crate::{
    cli::{error::Error, stream},
    report::escape,
};

/// What is waited for.
#[derive(Debug, Clone, Copy)]
enum Want {
    Line,
    Press,
}

/// What came.
#[derive(Debug)]
enum Event {
    Bytes(Vec<u8>),
    Failed(io::Error),
    /// A signal may have come.
    Signal,
}

/// The terminal.
pub struct Tty {
    single_key: bool,
    signals: Signals,
    /// Started with the first question.
    listening: Option<Listening>,
    /// Keys pressed ahead.
    pressed: VecDeque<char>,
}

struct Listening {
    wants: Sender<Want>,
    events: Receiver<Event>,
}

impl Tty {
    /// The terminal; `single_key` takes one key press for an answer, without Enter.
    pub fn new(single_key: bool) -> Self {
        Self {
            single_key,
            signals: Signals::default(),
            listening: None,
            pressed: VecDeque::new(),
        }
    }

    /// Whether somebody sits at both ends.
    pub fn is_there() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// The signals that came.
    pub fn signals(&self) -> Signals {
        self.signals.clone()
    }

    fn listening(&mut self) -> Result<&Listening, Error> {
        if self.listening.is_none() {
            let (wants, wanted) = channel();
            let (send, events) = channel();
            let waking = send.clone();
            self.signals
                .watch(move || drop(waking.send(Event::Signal)))
                .map_err(|cause| Error::new(format!("cannot watch for Ctrl-C: {cause}")))?;
            thread::spawn(move || read(&wanted, &send));
            self.listening = Some(Listening { wants, events });
        }
        Ok(self.listening.as_ref().expect("it was set above"))
    }

    /// Waits for input, or for a signal: `None`. No bytes are the end of the input.
    fn wait(&mut self, want: Want) -> Result<Option<Vec<u8>>, Error> {
        let told = |cause: &str| {
            Error::new(format!(
                "cannot read the answer: {cause}; nothing was written"
            ))
        };
        let gone = "standard input is gone";
        let signals = self.signals.clone();
        let listening = self.listening()?;
        listening.wants.send(want).map_err(|_| told(gone))?;
        loop {
            // One that came while nobody waited counts.
            if signals.came() {
                return Ok(None);
            }
            match listening.events.recv() {
                Ok(Event::Bytes(bytes)) => return Ok(Some(bytes)),
                Ok(Event::Signal) => {}
                Ok(Event::Failed(cause)) => return Err(told(&cause.to_string())),
                Err(_) => return Err(told(gone)),
            }
        }
    }

    fn line(&mut self) -> Result<Typed, Error> {
        Ok(match self.wait(Want::Line)? {
            None => Typed::Interrupt,
            Some(bytes) if bytes.is_empty() => Typed::End,
            Some(bytes) => Typed::Answer(String::from_utf8_lossy(&bytes).trim().to_owned()),
        })
    }

    fn press(&mut self) -> Result<Typed, Error> {
        if self.pressed.is_empty() {
            let mode = Mode::single_key();
            let bytes = self.wait(Want::Press);
            drop(mode);
            match bytes? {
                None => return Ok(Typed::Interrupt),
                Some(bytes) => self.pressed.extend(keys(&bytes)),
            }
        }
        match self.pressed.pop_front() {
            None | Some('\u{4}') => Ok(Typed::End),
            Some(key) => {
                let answer = key.to_string().trim().to_owned();
                self.say(&format!("{}\n", escape::line(&answer)));
                Ok(Typed::Answer(answer))
            }
        }
    }
}

impl Terminal for Tty {
    fn say(&mut self, text: &str) {
        stream::say(text);
    }

    fn ask(&mut self, prompt: &str) -> Result<Typed, Error> {
        stream::say(prompt);
        let _ = io::stderr().flush();
        if self.single_key {
            self.press()
        } else {
            self.line()
        }
    }

    fn is_interrupted(&mut self) -> bool {
        self.signals.came()
    }
}

/// Reads what is wanted, one at a time, so that nothing is taken from the editor.
fn read(wanted: &Receiver<Want>, events: &Sender<Event>) {
    for want in wanted {
        let event = match take(want) {
            Ok(bytes) => Event::Bytes(bytes),
            Err(cause) => Event::Failed(cause),
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

fn take(want: Want) -> io::Result<Vec<u8>> {
    let mut stdin = io::stdin().lock();
    let mut bytes = Vec::new();
    match want {
        Want::Line => {
            stdin.read_until(b'\n', &mut bytes)?;
        }
        Want::Press => {
            bytes.resize(64, 0);
            let count = stdin.read(&mut bytes)?;
            bytes.truncate(count);
        }
    }
    Ok(bytes)
}

/// The keys that were pressed. What begins with an escape is one key: the letters in it are no answers.
fn keys(bytes: &[u8]) -> Vec<char> {
    if bytes.first() == Some(&0x1b) {
        return vec!['\u{1b}'];
    }
    String::from_utf8_lossy(bytes).chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_key_is_no_letter() {
        assert_eq!(keys(b"\x1b[A"), ['\u{1b}']);
        assert_eq!(keys(b"yn"), ['y', 'n']);
        assert_eq!(keys(b""), []);
    }
}
