//! The conversation: shows each question, reads the answer, and tells the [`Choice`] of the file. Knows terminal and editor
//! by their traits alone.

use std::{path::Path, sync::Arc};

use super::{
    key::{self, Key},
    passage::Passage,
    view::{self, Count},
};
use crate::{
    cli::error::Error,
    engine::{
        self,
        review::{
            Flow, Reviewer,
            choice::{Choice, Draft, Indivisible, Question, Refusal},
        },
    },
    report::{
        about::About,
        count, escape,
        place::Frame,
        style::{FAINT, NAME, WARNING, paint},
    },
};

/// What a person types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// An answer, without white space around it.
    Answer(String),
    /// There will be no more.
    End,
    /// A signal to stop at once.
    Interrupt,
}

/// Where the conversation is held.
pub trait Terminal {
    /// Shows a text; the styles in it are dropped where nobody would see them.
    fn say(&mut self, text: &str);
    /// Shows a prompt and reads the answer.
    fn ask(&mut self, prompt: &str) -> Result<Typed, Error>;
    /// Whether a signal to stop at once came since the last answer.
    fn is_interrupted(&mut self) -> bool;
}

/// What changes a text by hand.
pub trait Editor {
    /// The text as the editor left it, of a file of this name.
    fn edit(&mut self, name: &Path, text: &str) -> Result<String, Error>;
}

/// Called before the first question, with the files that have changes.
pub type Prepare<'a> = &'a mut dyn FnMut(&[Arc<Path>]) -> Result<(), Error>;

/// The conversation about a run.
pub struct Session<'a> {
    terminal: &'a mut dyn Terminal,
    editor: &'a mut dyn Editor,
    prepare: Prepare<'a>,
    frame: &'a Frame,
    codemods: &'a [About],
    /// Findings decided in the files before this one.
    behind: usize,
    /// Findings of the files that follow.
    ahead: Vec<usize>,
    /// Why nothing is to be written, where that is so.
    pub failure: Option<Error>,
}

/// What follows an answer.
enum Step {
    /// The next question.
    On,
    /// The same prompt again.
    Again,
    /// The end.
    End(Flow),
}

impl<'a> Session<'a> {
    /// A conversation in which nothing is said yet.
    pub fn new(
        terminal: &'a mut dyn Terminal,
        editor: &'a mut dyn Editor,
        prepare: Prepare<'a>,
        frame: &'a Frame,
        codemods: &'a [About],
    ) -> Self {
        Self {
            terminal,
            editor,
            prepare,
            frame,
            codemods,
            behind: 0,
            ahead: Vec::new(),
            failure: None,
        }
    }

    fn fail(&mut self, error: Error) -> Flow {
        self.failure = Some(error);
        Flow::Abort
    }

    fn interrupted(&mut self) -> Flow {
        let error = Error::new("interrupted, and nothing was written");
        self.fail(error.help("run again, and answer `q` to keep what you accepted"))
    }

    /// Reads an answer; `Err` where it ends the conversation.
    fn ask(&mut self, prompt: &str) -> Result<String, Flow> {
        match self.terminal.ask(&paint(NAME, prompt)) {
            Ok(Typed::Answer(answer)) => Ok(answer),
            Ok(Typed::End) => {
                self.terminal.say("\nend of input: stopping, as `q` does\n");
                Err(Flow::Stop)
            }
            Ok(Typed::Interrupt) => {
                self.terminal.say("\n");
                Err(self.interrupted())
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    fn note(&mut self, text: &str) {
        self.terminal.say(&format!("{}\n", paint(WARNING, text)));
    }

    /// Asks about one question until it is answered.
    fn settle(
        &mut self,
        file: &mut Choice<'_>,
        question: &Question,
    ) -> Result<Step, engine::Error> {
        let what = match question.findings.len() {
            1 => "this change".to_owned(),
            n => format!("these {n} changes"),
        };
        let can_split = question.findings.len() > 1 && !question.is_whole;
        let prompt = format!("Make {what} [{}]? ", key::letters(can_split));
        loop {
            let answer = match self.ask(&prompt) {
                Ok(answer) if answer.is_empty() => continue,
                Ok(answer) => answer,
                Err(flow) => return Ok(Step::End(flow)),
            };
            let step = match key::parse(&answer) {
                Ok(key) => self.answer(file, question, key)?,
                Err(wrong) => {
                    self.note(&format!("`{}`: {wrong}", escape::line(&answer)));
                    self.terminal.say(&key::help());
                    Step::Again
                }
            };
            if !matches!(step, Step::Again) {
                return Ok(step);
            }
        }
    }

    fn answer(
        &mut self,
        file: &mut Choice<'_>,
        question: &Question,
        key: Key,
    ) -> Result<Step, engine::Error> {
        match key {
            Key::Yes => file.accept(),
            Key::No => file.leave(),
            Key::AcceptRest => file.accept_rest()?,
            Key::LeaveRest => file.leave_rest(),
            Key::Split => {
                if let Err(why) = file.split() {
                    self.note(&undivided(why, question));
                    return Ok(Step::Again);
                }
            }
            Key::Edit => return self.edit(file, question),
            Key::Quit => return Ok(Step::End(Flow::Stop)),
            Key::Info => {
                self.terminal
                    .say(&view::description(question, self.codemods));
                return Ok(Step::Again);
            }
            Key::Help => {
                self.terminal.say(&key::help());
                return Ok(Step::Again);
            }
        }
        Ok(Step::On)
    }

    /// Has the proposed text edited until it holds, or until that is given up.
    fn edit(&mut self, file: &mut Choice<'_>, question: &Question) -> Result<Step, engine::Error> {
        let passage = Passage::of(&question.before, &question.after);
        let mut text = passage.text().to_owned();
        loop {
            self.terminal.say(&paint(
                FAINT,
                &format!("waiting for your editor to close {}\n", passage.name()),
            ));
            text = match self.editor.edit(file.path(), &text) {
                Ok(text) => text,
                Err(error) => {
                    self.note(&format!("{error}; the change stays as proposed"));
                    return Ok(Step::Again);
                }
            };
            if text.trim().is_empty() {
                self.note("the text is empty; the change stays as proposed");
                return Ok(Step::Again);
            }
            let why = match file.draft(&passage.with(&text))? {
                Ok(draft) => match self.weigh(file, draft)? {
                    Some(step) => return Ok(step),
                    None => continue,
                },
                Err(refusal) => refused(&refusal, &passage, &text),
            };
            self.note(&why);
            match self.confirm("Edit again (n discards your text) [y,n]? ") {
                Ok(true) => {}
                Ok(false) => return Ok(Step::Again),
                Err(flow) => return Ok(Step::End(flow)),
            }
        }
    }

    /// Takes a verified text, or says why not; `None` to open the editor again.
    fn weigh(
        &mut self,
        file: &mut Choice<'_>,
        draft: Draft,
    ) -> Result<Option<Step>, engine::Error> {
        if draft.is_proposal {
            self.note("the text was not changed; answer `y` to make the change as it is");
            return Ok(Some(Step::Again));
        }
        if draft.is_without {
            self.note("the text is as it was without the change, which counts as `n`");
            file.leave();
            return Ok(Some(Step::On));
        }
        if let Some(first) = draft.lost_comments.first() {
            let first = escape::line(first.lines().next().unwrap_or_default()).into_owned();
            let rest = match draft.lost_comments.len() - 1 {
                0 => String::new(),
                n => format!(" and {}", count(n, "more comment")),
            };
            self.note(&format!("your text has lost the comment `{first}`{rest}"));
            match self.confirm("Take it without (n opens the editor again) [y,n]? ") {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(flow) => return Ok(Some(Step::End(flow))),
            }
        }
        file.take(draft)?;
        Ok(Some(Step::On))
    }

    fn confirm(&mut self, prompt: &str) -> Result<bool, Flow> {
        loop {
            match self.ask(prompt)?.to_ascii_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => {}
            }
        }
    }
}

impl Reviewer for Session<'_> {
    fn begin(&mut self, files: &[(Arc<Path>, usize)]) -> Flow {
        self.ahead = files.iter().rev().map(|(_, findings)| *findings).collect();
        let paths: Vec<Arc<Path>> = files.iter().map(|(path, _)| Arc::clone(path)).collect();
        match (self.prepare)(&paths) {
            Ok(()) => Flow::Next,
            Err(error) => self.fail(error),
        }
    }

    fn review(&mut self, file: &mut Choice<'_>) -> Result<Flow, engine::Error> {
        self.ahead.pop();
        while let Some(question) = file.question()?.cloned() {
            let first = self.behind + file.decided() + 1;
            let all = first - 1 + file.waiting() + self.ahead.iter().sum::<usize>();
            let count = Count { first, all };
            let text = view::question(&question, file.original(), count, self.frame, self.codemods);
            self.terminal.say(&text);
            if let Step::End(flow) = self.settle(file, &question)? {
                return Ok(flow);
            }
        }
        self.behind += file.decided();
        // One that came while the last answer was being carried out.
        if self.terminal.is_interrupted() {
            return Ok(self.interrupted());
        }
        Ok(Flow::Next)
    }
}

/// Why a question stays in one piece.
fn undivided(why: Indivisible, question: &Question) -> String {
    match why {
        Indivisible::One => {
            let edits = question.findings.first().map_or(0, |f| f.edits.len());
            let edits = match edits {
                0 | 1 => "its change is".to_owned(),
                n => format!("its {n} edits are"),
            };
            format!("this is one finding, and {edits} made as a whole or not at all")
        }
        Indivisible::Whole => {
            "these changes cannot be split: none of them holds without the others".to_owned()
        }
    }
}

/// What is wrong with a text, at a line that its author can find.
fn refused(refusal: &Refusal, passage: &Passage, text: &str) -> String {
    let place = match refusal.line.map(|line| passage.line_of(line, text)) {
        Some(Ok(line)) => format!(" at its line {line}"),
        Some(Err(line)) => format!(" at line {line} of the file"),
        None => String::new(),
    };
    format!(
        "your text does not hold{place}: {}",
        escape::line(&refusal.reason)
    )
}
