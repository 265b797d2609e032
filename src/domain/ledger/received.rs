//! What came in, and what a person made of it.

use chrono::NaiveDate;

use super::{Ledger, LetterProgress, Received, ReceivedKind};
use crate::domain::event::Recorded;
use crate::domain::id::{Digest, LetterId, UnitId};
use crate::domain::recipient::Recipient;

/// That somebody has dealt with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// the account
    pub by: String,
    /// the day, in the office's zone
    pub on: NaiveDate,
    /// what came of it
    pub remark: Option<String>,
}

impl Ledger {
    /// Whether a person still has something to do about a message. A person's answer, and what was not understood, wait
    /// until they are marked; a bounce until its mailbox is set right, or its letter sent again.
    #[must_use]
    pub fn is_unhandled(&self, kept: &Received) -> bool {
        kept.handled.is_none()
            && match kept.kind {
                ReceivedKind::Reply | ReceivedKind::Unclear => true,
                ReceivedKind::Automatic => false,
                ReceivedKind::Bounce => kept.letter.is_some_and(|letter| self.is_out_of_reach(letter)),
            }
    }

    /// A letter that came back, and that nobody has done anything about.
    fn is_out_of_reach(&self, letter: LetterId) -> bool {
        let Some(state) = self.letters.get(&letter) else { return false };
        let marked = match &state.queued.to {
            Recipient::Unit(unit) => self.units.get(unit).is_some_and(|unit| unit.bounced.is_some()),
            Recipient::LeaderOf(_) | Recipient::Office => true,
        };
        marked && matches!(state.progress, LetterProgress::Bounced { .. })
    }

    /// The letter came back; so will the next one to the same mailbox.
    pub(super) fn bounced(&mut self, letter: LetterId, reply: &str) {
        // What no server took can't come back.
        let taken = |progress: &LetterProgress| {
            matches!(progress, LetterProgress::Accepted { .. } | LetterProgress::Unknown { .. })
        };
        if !self.letters.get(&letter).is_some_and(|state| taken(&state.progress)) {
            return;
        }
        self.progress(letter, LetterProgress::Bounced { reply: reply.to_owned() }, false);
        let Some(state) = self.letters.get(&letter) else { return };
        if let Recipient::Unit(unit) = &state.queued.to
            && let Some(unit) = self.units.get_mut(unit)
            && unit.unit.mailbox.as_deref() == state.address.as_deref()
        {
            unit.bounced = Some(letter);
        }
    }

    /// The mailbox works again: what it gave back or refused no longer counts against it.
    pub(super) fn mailbox_mended(&mut self, unit: &UnitId) {
        self.mailboxes.remove(&Recipient::Unit(unit.clone()));
        if let Some(state) = self.units.get_mut(unit) {
            state.bounced = None;
        }
    }

    pub(super) fn receive(
        &mut self,
        recorded: &Recorded,
        letter: Option<LetterId>,
        message: Digest,
        kind: ReceivedKind,
    ) {
        let taken_on = self.day_of(recorded.recorded_at);
        let position = recorded.position;
        self.kept.entry(message).or_insert(self.received.len());
        self.received.push(Received { position, taken_on, letter, message, kind, handled: None });
    }

    pub(super) fn mail_handled(&mut self, recorded: &Recorded, received: u64, remark: Option<&String>) {
        let on = self.day_of(recorded.recorded_at);
        let Ok(at) = self.received.binary_search_by_key(&received, |kept| kept.position) else { return };
        if let Some(kept) = self.received.get_mut(at) {
            kept.handled = Some(Handled { by: recorded.by.name.clone(), on, remark: remark.cloned() });
        }
    }
}
