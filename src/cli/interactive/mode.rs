//! The mode of the terminal on standard input (termios(3)), and its return.

#[cfg(unix)]
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

/// The mode that the terminal goes back to when this is dropped.
#[cfg(unix)]
pub struct Mode(Termios);

#[cfg(unix)]
impl Mode {
    /// Keeps the mode; `None` where there is no terminal.
    pub fn kept() -> Option<Self> {
        tcgetattr(std::io::stdin()).ok().map(Self)
    }

    /// Has the terminal give each key as it is pressed, and not show it. Ctrl-C stays a signal.
    pub fn single_key() -> Option<Self> {
        let kept = Self::kept()?;
        let mut mode = kept.0.clone();
        mode.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        mode.special_codes[SpecialCodeIndex::VMIN] = 1;
        mode.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(std::io::stdin(), OptionalActions::Now, &mode).ok()?;
        Some(kept)
    }
}

#[cfg(unix)]
impl Drop for Mode {
    fn drop(&mut self) {
        // A terminal that has gone away needs no mode.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Terminals elsewhere stay as they are.
#[cfg(not(unix))]
pub struct Mode;

#[cfg(not(unix))]
impl Mode {
    /// There is nothing to keep.
    pub fn kept() -> Option<Self> {
        None
    }

    /// There is no such mode.
    pub fn single_key() -> Option<Self> {
        None
    }
}
