//! The planner's loop on a thread of its own, and the handle through which others speak to it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use chrono::{DateTime, Utc};

use super::handle::{Answer, Effect, Input};
use super::{Planner, PlannerFault, Shared};
use crate::clock::Clock;

/// Inputs that may wait in line; more and the sender waits.
const QUEUE_MAX: usize = 1024;

/// Called once with the answer.
pub type Reply = Box<dyn FnOnce(Answer) + Send>;

/// Called once with the planner, between two inputs.
pub type Look = Box<dyn FnOnce(&Planner) + Send>;

enum Message {
    Input(Box<Input>, Option<Reply>),
    Look(Look),
    Stop,
}

/// Speaks to a running planner. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    inputs: Line,
    ledger: Shared,
}

/// The sending end of the line, and how many wait in it.
#[derive(Clone)]
struct Line {
    sender: mpsc::SyncSender<Message>,
    waiting: Arc<AtomicUsize>,
}

impl Line {
    /// Waits while the line is full.
    fn send(&self, message: Message) -> Result<(), Stopped> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.sender.send(message).map_err(|_| Stopped).inspect_err(|_| self.left())
    }

    /// Whether there was room.
    fn try_send(&self, message: Message) -> Result<bool, Stopped> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        match self.sender.try_send(message) {
            Ok(()) => return Ok(true),
            Err(mpsc::TrySendError::Full(_)) => self.left(),
            Err(mpsc::TrySendError::Disconnected(_)) => return Err(Stopped),
        }
        Ok(false)
    }

    fn left(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

/// The planner has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the planner has stopped")]
pub struct Stopped;

impl Handle {
    /// Gives the planner an input; `reply` gets the answer. Waits while the line is full.
    ///
    /// # Errors
    /// The planner has stopped.
    pub fn give(&self, input: Input, reply: Option<Reply>) -> Result<(), Stopped> {
        self.inputs.send(Message::Input(Box::new(input), reply))
    }

    /// Lets `look` see the planner as it is after what is in line before; it can change nothing.
    ///
    /// # Errors
    /// The planner has stopped.
    pub fn look(&self, look: Look) -> Result<(), Stopped> {
        self.inputs.send(Message::Look(look))
    }

    /// Wakes the planner; a full line means that it is awake anyway.
    ///
    /// # Errors
    /// The planner has stopped.
    pub fn wake(&self) -> Result<(), Stopped> {
        self.inputs.try_send(Message::Input(Box::new(Input::Wake), None)).map(|_| ())
    }

    /// How many inputs and looks are in line; for figures only.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inputs.waiting.load(Ordering::Relaxed)
    }

    /// Asks the planner to stop after what is in line before it.
    pub fn stop(&self) {
        let _ = self.inputs.send(Message::Stop);
    }

    /// The ledger, for reading.
    #[must_use]
    pub fn ledger(&self) -> &Shared {
        &self.ledger
    }
}

/// The planner's loop, to be run on a thread of its own.
pub struct Loop {
    planner: Planner,
    inputs: mpsc::Receiver<Message>,
    waiting: Arc<AtomicUsize>,
    clock: Clock,
}

/// A handle and the loop behind it.
#[must_use]
pub fn run(planner: Planner, clock: Clock) -> (Handle, Loop) {
    let (sender, inputs) = mpsc::sync_channel(QUEUE_MAX);
    let waiting = Arc::<AtomicUsize>::default();
    let line = Line { sender, waiting: waiting.clone() };
    let handle = Handle { inputs: line, ledger: planner.ledger() };
    (handle, Loop { planner, inputs, waiting, clock })
}

impl Loop {
    /// Handles inputs until asked to stop; `effect` gets each effect, and after each input the
    /// next instant at which something is due by itself.
    ///
    /// # Errors
    /// A [`PlannerFault`]: the process must end.
    pub fn until_stopped(
        mut self,
        mut effect: impl FnMut(Effect),
        mut next_wake: impl FnMut(Option<DateTime<Utc>>),
    ) -> Result<(), PlannerFault> {
        next_wake(self.planner.next_wake());
        loop {
            let message = self.inputs.recv().inspect(|_| {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
            });
            let (input, reply) = match message {
                Ok(Message::Input(input, reply)) => (input, reply),
                Ok(Message::Look(look)) => {
                    look(&self.planner);
                    continue;
                }
                Ok(Message::Stop) | Err(mpsc::RecvError) => break,
            };
            let handled = self.planner.handle(*input, self.clock.now())?;
            for one in handled.effects {
                effect(one);
            }
            if let Some(reply) = reply {
                reply(handled.answer);
            }
            next_wake(self.planner.next_wake());
        }
        self.planner.close()?;
        Ok(())
    }
}
