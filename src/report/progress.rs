//! A progress bar on standard error: only on a terminal, and only once a run has taken half a second, so that nobody
//! sees one flash by.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run shorter than this shows none.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar. Calls come from many threads.
#[derive(Debug)]
pub struct Bar {
    drawn: ProgressBar,
    started: Instant,
    shown: Mutex<bool>,
}

impl Bar {
    /// A bar that nobody sees yet; `wanted` is false for `--quiet`.
    pub fn new(wanted: bool) -> Self {
        let wanted = wanted && std::io::stderr().is_terminal();
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style());
        Self {
            drawn: bar,
            started: Instant::now(),
            shown: Mutex::new(!wanted),
        }
    }

    /// `total` steps are to be done under this name.
    pub fn begin(&self, stage: &str, total: usize) {
        self.drawn.set_message(stage.to_owned());
        self.drawn.set_length(total as u64);
        self.drawn.set_position(0);
        self.show_when_due();
    }

    /// One step is done.
    pub fn step(&self) {
        self.drawn.inc(1);
        self.show_when_due();
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.drawn.finish_and_clear();
    }

    fn show_when_due(&self) {
        if self.started.elapsed() < PATIENCE {
            return;
        }
        // A thread that finds the lock taken leaves the showing to the one that has it.
        if let Ok(mut shown) = self.shown.try_lock()
            && !*shown
        {
            *shown = true;
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} {wide_bar:.cyan/blue} {human_pos}/{human_len}")
        .expect("the template above is well-formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_nobody_wants_is_never_drawn() {
        let mut bar = Bar::new(false);
        bar.started = Instant::now()
            .checked_sub(PATIENCE * 2)
            .expect("the clock is past its first second");
        bar.begin("searching", 2);
        bar.step();
        assert!(bar.drawn.is_hidden());
        assert_eq!(bar.drawn.position(), 1);
        bar.end();
    }
}
