//! What goes wrong on purpose, and when.

use std::{thread, time::Duration};

use super::server::{Reply, Request, Sending};

/// One thing that goes wrong with requests that it matches, in the order in which faults were added.
#[derive(Debug, Clone)]
pub struct Fault {
    method: String,
    path: String,
    left: usize,
    skip: usize,
    effect: Effect,
}

#[derive(Debug, Clone)]
enum Effect {
    /// This answer instead; nothing happens at the forge.
    Answer(Reply),
    /// No answer; nothing happens at the forge.
    Drop,
    /// It happens, and the answer is lost.
    DropAnswer,
    /// It happens, and half of the answer arrives.
    HalfAnswer,
    /// It happens, and this body comes in place of the answer's.
    Garble(Vec<u8>),
    /// It happens, and the answer says to come back after so many seconds.
    Busy(u64),
    /// It happens, and the answer comes late.
    Delay(Duration),
}

impl Fault {
    /// For the next request of this method whose path ends in `path`; see [`Fault::times`].
    pub fn on(method: &str, path: &str) -> FaultOn {
        FaultOn {
            method: method.to_owned(),
            path: path.to_owned(),
        }
    }

    /// For this many requests rather than one.
    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    /// Lets this many requests pass first.
    pub fn after(mut self, skip: usize) -> Self {
        self.skip = skip;
        self
    }

    /// Adds a header to an answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let Effect::Answer(reply) = &mut self.effect else {
            panic!("only an answer has headers");
        };
        reply.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn matches(&self, request: &Request) -> bool {
        self.left > 0 && request.method == self.method && request.path.ends_with(&self.path)
    }
}

/// A fault whose effect is still to be named.
pub struct FaultOn {
    method: String,
    path: String,
}

impl FaultOn {
    fn effect(self, effect: Effect) -> Fault {
        Fault {
            method: self.method,
            path: self.path,
            left: 1,
            skip: 0,
            effect,
        }
    }

    /// Answers this, and does nothing.
    pub fn answer(self, status: u16, body: &str) -> Fault {
        let mut reply = Reply::empty(status);
        reply.body = body.as_bytes().to_vec();
        self.effect(Effect::Answer(reply))
    }

    /// Closes the connection, and does nothing.
    pub fn drop(self) -> Fault {
        self.effect(Effect::Drop)
    }

    /// Does what was asked for, and closes the connection without an answer.
    pub fn drop_answer(self) -> Fault {
        self.effect(Effect::DropAnswer)
    }

    /// Does what was asked for, and closes the connection in the middle of the answer.
    pub fn half_answer(self) -> Fault {
        self.effect(Effect::HalfAnswer)
    }

    /// Does what was asked for, and answers with another body.
    pub fn garble(self, body: &str) -> Fault {
        self.effect(Effect::Garble(body.as_bytes().to_vec()))
    }

    /// Does what was asked for, and answers 503 with this `Retry-After`, as a proxy before a slow forge does.
    pub fn busy_after(self, seconds: u64) -> Fault {
        self.effect(Effect::Busy(seconds))
    }

    /// Does what was asked for, and answers late.
    pub fn delay(self, time: Duration) -> Fault {
        self.effect(Effect::Delay(time))
    }
}

/// The effect that comes next for this request, taken from the queue.
pub fn next(faults: &mut [Fault], request: &Request) -> Option<Fault> {
    for fault in faults {
        if !fault.matches(request) {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        fault.left -= 1;
        return Some(fault.clone());
    }
    None
}

/// Answers a request under a fault; `act` does what was asked for.
pub fn suffer(fault: Fault, act: impl FnOnce() -> Reply) -> Sending {
    match fault.effect {
        Effect::Answer(reply) => Sending::Whole(reply),
        Effect::Drop => Sending::Nothing,
        Effect::DropAnswer => {
            act();
            Sending::Nothing
        }
        Effect::HalfAnswer => Sending::Half(act()),
        Effect::Garble(body) => Sending::Whole(Reply { body, ..act() }),
        Effect::Busy(seconds) => {
            act();
            Sending::Whole(Reply::empty(503).with("Retry-After", seconds.to_string()))
        }
        Effect::Delay(time) => {
            let reply = act();
            thread::sleep(time);
            Sending::Whole(reply)
        }
    }
}
