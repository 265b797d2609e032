//! Looks into the mailbox every few minutes: what is unseen there is read, handed to the planner,
//! and marked as seen only after it is durable. Nothing is ever deleted.
//!
//! It decides nothing: where a message is kept is `domain::incoming`'s, and that it is kept once is
//! the planner's, so a round that ends anywhere may simply be done again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex as Turn;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::config::Mailbox;
use crate::domain::{Actor, ActorKind, Via};
use crate::intake::{self, MESSAGE_BYTES_MAX};
use crate::mail::imap::{Failed, Folder, Mark, Patience, cure};
use crate::planner::{Answer, Handle, Input, Stopped};
use crate::telemetry::hide_addresses;
use crate::wire::{MailboxFault, MailboxHealth};

/// Messages taken in during one round, at most: letters on their way out share the planner.
pub const ROUND_MESSAGES_MAX: usize = 50;

/// Whoever looks into the mailbox. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Collector(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    mailbox: Mailbox,
    planner: Handle,
    clock: Clock,
    /// one round at a time
    memory: Turn<Memory>,
    told: Mutex<MailboxHealth>,
}

/// What is remembered from round to round; after a new start it is found out again.
#[derive(Debug, Default, PartialEq, Eq)]
struct Memory {
    /// UIDs are good as long as this stays
    validity: u32,
    /// too large, or no mail: told once, left where they are
    left: BTreeSet<u32>,
    /// a round broke at these, or nothing of them was given: they have their turn last, so that they
    /// hold up no other
    broke_at: BTreeSet<u32>,
}

impl Memory {
    /// What this round looks at, in this order.
    fn turn(&mut self, validity: u32, unseen: &[u32]) -> Vec<u32> {
        if self.validity != validity {
            *self = Self { validity, ..Self::default() };
        }
        let there: BTreeSet<u32> = unseen.iter().copied().collect();
        self.left.retain(|uid| there.contains(uid));
        self.broke_at.retain(|uid| there.contains(uid));
        let mut turn: Vec<u32> = there.difference(&self.left).copied().collect();
        turn.sort_by_key(|uid| (self.broke_at.contains(uid), *uid));
        turn.truncate(ROUND_MESSAGES_MAX);
        turn
    }
}

/// How a round ended that met no fault of the mailbox.
enum Ended {
    /// everything that could be taken in was
    Done,
    /// the planner decides nothing now: all stays unseen
    Held,
}

impl Collector {
    pub(super) fn new(mailbox: Mailbox, planner: Handle, clock: Clock) -> Self {
        let told = MailboxHealth {
            mailbox: mailbox.to_string(),
            last_round: None,
            left_unseen: 0,
            taken: 0,
            failures: 0,
            fault: None,
        };
        Self(Arc::new(Inner { mailbox, planner, clock, memory: Turn::default(), told: Mutex::new(told) }))
    }

    /// Looks again and again, until the planner has stopped.
    pub(super) async fn follow(self) {
        let every = Duration::from_mins(self.0.mailbox.every_minutes.into());
        while self.round(Patience::default()).await.is_ok() {
            sleep(every).await;
        }
    }

    /// How the mailbox stands.
    pub(super) fn health(&self) -> MailboxHealth {
        self.told().clone()
    }

    fn told(&self) -> MutexGuard<'_, MailboxHealth> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One look, over a connection of its own.
    ///
    /// # Errors
    /// The planner has stopped.
    pub(super) async fn round(&self, patience: Patience) -> Result<(), Stopped> {
        let mut memory = self.0.memory.lock().await;
        let ended = match Folder::open(&self.0.mailbox, patience).await {
            Ok(folder) => self.take_in(folder, &mut memory).await?,
            Err(failed) => Err(failed),
        };
        self.tell(&ended, memory.left.len());
        Ok(())
    }

    async fn take_in(
        &self,
        mut folder: Folder,
        memory: &mut Memory,
    ) -> Result<Result<Ended, Failed>, Stopped> {
        let found = async {
            let unseen = folder.unseen().await?;
            let turn = memory.turn(folder.validity(), &unseen);
            let sizes = folder.sizes(&turn).await?;
            Ok((turn, sizes))
        };
        let (turn, sizes) = match found.await {
            Ok(found) => found,
            Err(failed) => return Ok(Err(failed)),
        };
        for uid in turn {
            let Some(size) = sizes.get(&uid) else {
                self.later(memory, uid);
                continue;
            };
            if *size > MESSAGE_BYTES_MAX as u64 {
                self.leave(
                    memory,
                    uid,
                    &format!("it has {size} bytes; at most {MESSAGE_BYTES_MAX} are read"),
                );
                continue;
            }
            match self.take(&mut folder, memory, uid).await? {
                Ok(Ended::Done) => {}
                Ok(Ended::Held) => return Ok(Ok(Ended::Held)),
                Err(failed) => {
                    memory.broke_at.insert(uid);
                    return Ok(Err(failed));
                }
            }
        }
        folder.close().await;
        Ok(Ok(Ended::Done))
    }

    async fn take(
        &self,
        folder: &mut Folder,
        memory: &mut Memory,
        uid: u32,
    ) -> Result<Result<Ended, Failed>, Stopped> {
        let message = match folder.message(uid).await {
            Ok(Some(message)) => message,
            Ok(None) => {
                self.later(memory, uid);
                return Ok(Ok(Ended::Done));
            }
            Err(failed) => return Ok(Err(failed)),
        };
        // Tens of megabytes at worst: not on a tokio worker.
        let read = tokio::task::spawn_blocking(move || (intake::read(&message), message)).await;
        let (incoming, message) = read.map_err(|_| Stopped)?;
        let incoming = match incoming {
            Ok(incoming) => incoming,
            Err(fault) => {
                let flagged = folder.mark(uid, Mark::Flagged).await;
                self.leave(memory, uid, &fault.to_string());
                return Ok(flagged.map(|()| Ended::Done));
            }
        };
        let by = Actor { kind: ActorKind::System, name: "mailbox".to_owned(), via: Via::System };
        let before = self.0.planner.ledger().read().head();
        match self.0.planner.ask(Input::Incoming { incoming, message, by }).await? {
            Answer::Done { position } => {
                if position > before {
                    info!(uid, position, "a message was taken in from the mailbox");
                    self.told().taken += 1;
                }
                let marked = folder.mark(uid, Mark::Seen).await;
                if marked.is_ok() {
                    memory.broke_at.remove(&uid);
                }
                Ok(marked.map(|()| Ended::Done))
            }
            Answer::Refused(_) | Answer::Declared(_) | Answer::ClockHeld { .. } => Ok(Ok(Ended::Held)),
        }
    }

    /// It may be gone, or the server may think better of it: it has its turn again, last.
    fn later(&self, memory: &mut Memory, uid: u32) {
        if memory.broke_at.insert(uid) {
            let folder = &self.0.mailbox.folder;
            warn!(uid, folder, "the server gives nothing of a message; it is asked for again");
        }
    }

    fn leave(&self, memory: &mut Memory, uid: u32, why: &str) {
        if memory.left.insert(uid) {
            let folder = &self.0.mailbox.folder;
            warn!(uid, folder, why, "a message can't be taken in; it stays unseen, a person should look");
        }
    }

    /// Keeps how the round ended for whoever asks; logs what is new about it.
    fn tell(&self, ended: &Result<Ended, Failed>, left_unseen: usize) {
        let now = self.0.clock.now();
        let mut told = self.told();
        told.left_unseen = left_unseen;
        match ended {
            Ok(ended) => {
                if let Some(fault) = told.fault.take() {
                    info!(mailbox = told.mailbox, since = %fault.since, "the mailbox can be read again");
                }
                if matches!(ended, Ended::Done) {
                    told.last_round = Some(now);
                }
            }
            Err(failed) => {
                told.failures += 1;
                let fault = fault(failed, told.fault.as_ref(), now);
                if told.fault.as_ref().is_none_or(|known| known.words != fault.words) {
                    warn!(
                        mailbox = told.mailbox,
                        fault = fault.words,
                        every_minutes = self.0.mailbox.every_minutes,
                        "the mailbox can't be read; it is tried again and again, nothing in it is lost"
                    );
                }
                told.fault = Some(fault);
            }
        }
    }
}

/// The fault with its cure, since when it was first met.
fn fault(failed: &Failed, known: Option<&MailboxFault>, now: DateTime<Utc>) -> MailboxFault {
    let words = hide_addresses(&failed.to_string());
    let words = cure(failed).map_or(words.clone(), |cure| format!("{words} ({cure})"));
    MailboxFault { words, since: known.map_or(now, |known| known.since) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_left_alone_and_what_broke_a_round_comes_last() {
        let mut memory =
            Memory { validity: 7, left: BTreeSet::from([2, 9]), broke_at: BTreeSet::from([1, 8]) };
        assert_eq!(memory.turn(7, &[1, 2, 3, 4]), [3, 4, 1]);
        assert_eq!((memory.left.len(), memory.broke_at.len()), (1, 1), "what is gone is forgotten");
        assert_eq!(memory.turn(8, &[1, 2, 3]), [1, 2, 3], "other UIDs, other messages");
    }

    #[test]
    fn a_round_takes_so_many_and_what_is_left_counts_for_nothing() {
        let unseen: Vec<u32> = (1..=200).collect();
        let mut memory = Memory { validity: 7, left: (1..=60).collect(), ..Memory::default() };
        let turn = memory.turn(7, &unseen);
        assert_eq!((turn.len(), turn.first()), (ROUND_MESSAGES_MAX, Some(&61)));
    }
}
