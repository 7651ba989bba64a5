//! What a signal means while a person is asked: the end of the conversation, with nothing written; nothing while the editor
//! has the terminal, or while what was accepted is being written.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use super::{editor::Around, mode::Mode};

const ASKING: u8 = 0;
const EDITING: u8 = 1;
const OVER: u8 = 2;

/// How far the conversation is, shared with the thread that signals wake.
#[derive(Debug, Clone, Default)]
pub struct Phase(Arc<AtomicU8>);

impl Phase {
    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::SeqCst);
    }

    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::SeqCst) == phase
    }

    /// Nothing is asked any more.
    pub fn end(&self) {
        self.set(OVER);
    }
}

impl Around for Phase {
    fn around(&self, editor: &mut dyn FnMut()) {
        self.set(EDITING);
        // An editor that is killed leaves the terminal as only it can use it.
        let mode = Mode::kept();
        editor();
        drop(mode);
        self.set(ASKING);
    }
}

/// Calls `interrupt` for each signal that ends the conversation. Ctrl-C that belongs to the editor does not; a hangup or
/// a request to terminate does so even then, once the editor has ended.
#[cfg(unix)]
pub fn watch(phase: &Phase, interrupt: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
        iterator::Signals,
    };
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let phase = phase.clone();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let is_for_editor = phase.is(EDITING) && matches!(signal, SIGINT | SIGQUIT);
            if !is_for_editor && !phase.is(OVER) {
                interrupt();
            }
        }
    });
    Ok(())
}

/// Elsewhere Ctrl-C ends the process, which has written nothing.
#[cfg(not(unix))]
pub fn watch(_: &Phase, _: impl Fn() + Send + 'static) -> std::io::Result<()> {
    Ok(())
}
