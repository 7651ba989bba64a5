//! What a signal means while a person is asked: the end of the conversation, with nothing written. Ctrl-C while the editor has
//! the terminal is the editor's; and while what was accepted is being written nobody asks for signals any more, since half of
//! it would be worse than all.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{editor::Around, mode::Mode};

/// The signals that came.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// From the keyboard.
    typed: Arc<AtomicBool>,
    /// From elsewhere: a request to terminate, or the terminal's end.
    sent: Arc<AtomicBool>,
}

impl Signals {
    /// Whether one came that ends the conversation.
    pub fn came(&self) -> bool {
        self.typed.load(Ordering::SeqCst) || self.sent.load(Ordering::SeqCst)
    }

    /// Begins to watch for them, and calls `wake` behind each.
    #[cfg(unix)]
    pub fn watch(&self, wake: impl Fn() + Send + 'static) -> std::io::Result<()> {
        use signal_hook::{
            consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
            flag,
            iterator::Signals as Iterator,
        };
        // The flags are set in the signal handler itself: a thread that waits for signals may sleep until the editor that
        // was to have one has ended.
        for (signal, came) in [
            (SIGINT, &self.typed),
            (SIGQUIT, &self.typed),
            (SIGHUP, &self.sent),
            (SIGTERM, &self.sent),
        ] {
            flag::register(signal, Arc::clone(came))?;
        }
        let mut signals = Iterator::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
        std::thread::spawn(move || signals.forever().for_each(|_| wake()));
        Ok(())
    }

    /// Elsewhere Ctrl-C ends the process, which has written nothing.
    #[cfg(not(unix))]
    pub fn watch(&self, _: impl Fn() + Send + 'static) -> std::io::Result<()> {
        Ok(())
    }
}

impl Around for Signals {
    fn around(&self, editor: &mut dyn FnMut()) {
        // An editor that is killed leaves the terminal as only it can use it.
        let mode = Mode::kept();
        editor();
        drop(mode);
        self.typed.store(false, Ordering::SeqCst);
    }
}
