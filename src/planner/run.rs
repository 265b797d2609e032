//! The planner's loop on a thread of its own, and the handle through which others speak to it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use chrono::{DateTime, Utc};

use super::handle::{Answer, Effect, Input};
use super::tray::EvidenceTray;
use super::{OUTCOMES_PER_COMMIT_MAX, Planner, PlannerFault, Shared};
use crate::clock::Clock;
use crate::domain::{LetterId, Outcome};

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
    pub(super) tray: EvidenceTray,
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

    /// Gives the message back where there is no room.
    fn try_send(&self, message: Message) -> Result<Option<Message>, Stopped> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        match self.sender.try_send(message) {
            Ok(()) => Ok(None),
            Err(mpsc::TrySendError::Full(message)) => {
                self.left();
                Ok(Some(message))
            }
            Err(mpsc::TrySendError::Disconnected(_)) => Err(Stopped),
        }
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

    /// Tells what became of a letter, to be recorded together with what others tell; gives it back
    /// where the line is full.
    ///
    /// # Errors
    /// The planner has stopped.
    pub(super) fn tell(&self, letter: LetterId, outcome: Outcome) -> Result<Option<Input>, Stopped> {
        let message = Message::Input(Box::new(Input::Outcome { letter, outcome }), None);
        Ok(match self.inputs.try_send(message)? {
            Some(Message::Input(input, _)) => Some(*input),
            Some(Message::Look(_) | Message::Stop) | None => None,
        })
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
    let tray = EvidenceTray(planner.journal().shelves().clone());
    let handle = Handle { inputs: line, ledger: planner.ledger(), tray };
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
        let mut waiting = None;
        loop {
            let message = match waiting.take() {
                Some(message) => Ok(message),
                None => self.inputs.recv().inspect(|_| self.taken()),
            };
            let (input, reply) = match message {
                Ok(Message::Input(input, reply)) => match (*input, reply) {
                    // Nobody waits for the answer: outcomes that came meanwhile are recorded with it.
                    (Input::Outcome { letter, outcome }, None) => {
                        let mut outcomes = vec![(letter, outcome)];
                        waiting = self.more(&mut outcomes);
                        let handled = self.planner.handle_outcomes(outcomes, self.clock.now())?;
                        handled.effects.into_iter().for_each(&mut effect);
                        next_wake(self.planner.next_wake());
                        continue;
                    }
                    (input, reply) => (input, reply),
                },
                Ok(Message::Look(look)) => {
                    look(&self.planner);
                    continue;
                }
                Ok(Message::Stop) | Err(mpsc::RecvError) => break,
            };
            let handled = self.planner.handle(input, self.clock.now())?;
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

    /// One message less waits in line.
    fn taken(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Outcomes that wait in line, up to the first message of another kind, which is returned.
    fn more(&self, outcomes: &mut Vec<(LetterId, Outcome)>) -> Option<Message> {
        while outcomes.len() < OUTCOMES_PER_COMMIT_MAX {
            let message = self.inputs.try_recv().ok()?;
            self.taken();
            match message {
                Message::Input(input, None) if matches!(*input, Input::Outcome { .. }) => {
                    if let Input::Outcome { letter, outcome } = *input {
                        outcomes.push((letter, outcome));
                    }
                }
                other @ (Message::Input(..) | Message::Look(_) | Message::Stop) => return Some(other),
            }
        }
        None
    }
}
