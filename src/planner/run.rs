//! The planner's loop on a thread of its own, and the handle through which others speak to it.

use std::sync::mpsc;

use chrono::{DateTime, Utc};

use super::handle::{Answer, Effect, Input};
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
    inputs: mpsc::SyncSender<Message>,
    ledger: Shared,
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
        self.inputs.send(Message::Input(Box::new(input), reply)).map_err(|_| Stopped)
    }

    /// Tells what became of a letter, to be recorded together with what others tell; gives it back
    /// where the line is full.
    ///
    /// # Errors
    /// The planner has stopped.
    pub(super) fn tell(&self, letter: LetterId, outcome: Outcome) -> Result<Option<Input>, Stopped> {
        let message = Message::Input(Box::new(Input::Outcome { letter, outcome }), None);
        match self.inputs.try_send(message) {
            Ok(()) | Err(mpsc::TrySendError::Full(Message::Look(_) | Message::Stop)) => Ok(None),
            Err(mpsc::TrySendError::Full(Message::Input(input, _))) => Ok(Some(*input)),
            Err(mpsc::TrySendError::Disconnected(_)) => Err(Stopped),
        }
    }

    /// Lets `look` see the planner as it is after what is in line before; it can change nothing.
    ///
    /// # Errors
    /// The planner has stopped.
    pub fn look(&self, look: Look) -> Result<(), Stopped> {
        self.inputs.send(Message::Look(look)).map_err(|_| Stopped)
    }

    /// Wakes the planner; a full line means that it is awake anyway.
    ///
    /// # Errors
    /// The planner has stopped.
    pub fn wake(&self) -> Result<(), Stopped> {
        match self.inputs.try_send(Message::Input(Box::new(Input::Wake), None)) {
            Ok(()) | Err(mpsc::TrySendError::Full(_)) => Ok(()),
            Err(mpsc::TrySendError::Disconnected(_)) => Err(Stopped),
        }
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
    clock: Clock,
}

/// A handle and the loop behind it.
#[must_use]
pub fn run(planner: Planner, clock: Clock) -> (Handle, Loop) {
    let (sender, inputs) = mpsc::sync_channel(QUEUE_MAX);
    let handle = Handle { inputs: sender, ledger: planner.ledger() };
    (handle, Loop { planner, inputs, clock })
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
                None => self.inputs.recv(),
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

    /// Outcomes that wait in line, up to the first message of another kind, which is returned.
    fn more(&self, outcomes: &mut Vec<(LetterId, Outcome)>) -> Option<Message> {
        while outcomes.len() < OUTCOMES_PER_COMMIT_MAX {
            match self.inputs.try_recv().ok()? {
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
