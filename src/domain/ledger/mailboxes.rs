//! What is known of the way out: when each letter may go, which mailboxes take nothing, and whether
//! the relay works.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Ledger, LetterState};
use crate::domain::envelope::RelayFault;
use crate::domain::id::LetterId;
use crate::domain::recipient::Recipient;
use crate::domain::unit::Unit;

/// A mailbox that did not take its last letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxState {
    /// since it only ever said "not now"
    pub deferred: Option<Deferring>,
    /// the last letter refused for good
    pub refused: Option<LetterId>,
}

/// How long a mailbox has only ever said "not now".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deferring {
    /// when it first did
    pub since: DateTime<Utc>,
    /// on how many days, in the office's zone: days on which nobody could ask it don't count
    pub days: u32,
    /// the last of them
    pub last: NaiveDate,
}

/// The way out is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayTrouble {
    /// what kind
    pub fault: RelayFault,
    /// the server's words, and what would help
    pub reply: String,
    /// of the first failure in a row
    pub since: DateTime<Utc>,
    /// failures in a row
    pub failures: u32,
    /// next try, not before
    pub retry_at: DateTime<Utc>,
}

impl Ledger {
    /// What is wrong with the way out; `None` while letters go.
    #[must_use]
    pub fn relay(&self) -> Option<&RelayTrouble> {
        self.relay.as_ref()
    }

    /// A mailbox that did not take its last letter; `None` where nothing is known against it.
    #[must_use]
    pub fn mailbox(&self, to: &Recipient) -> Option<&MailboxState> {
        self.mailboxes.get(to)
    }

    /// Mailboxes that refused their last letter for good, with that letter.
    pub fn refusing(&self) -> impl Iterator<Item = (&Recipient, &LetterState)> {
        self.mailboxes.iter().filter_map(|(to, state)| Some((to, self.letter(state.refused?)?)))
    }

    /// Letters that wait to be handed over, by the addressee's domain, each with the instant from
    /// which it may go, earliest first.
    #[must_use]
    pub fn outgoing(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&str, impl Iterator<Item = (DateTime<Utc>, LetterId)> + '_)> {
        self.outgoing.iter().map(|(domain, letters)| (domain.as_str(), letters.iter().copied()))
    }

    pub(super) fn await_attempt(&mut self, state: &LetterState) {
        if let Some(at) = state.next_attempt() {
            let domain = state.domain().to_ascii_lowercase();
            self.outgoing.entry(domain).or_default().insert((at, state.queued.letter));
        }
    }

    pub(super) fn forget_attempt(&mut self, state: &LetterState) {
        let domain = state.domain().to_ascii_lowercase();
        if let (Some(at), Some(letters)) = (state.next_attempt(), self.outgoing.get_mut(&domain)) {
            letters.remove(&(at, state.queued.letter));
            if letters.is_empty() {
                self.outgoing.remove(&domain);
            }
        }
    }

    /// The letter goes to another address from now on.
    pub(super) fn readdress(&mut self, letter: LetterId, address: &str) {
        if let Some(mut state) = self.letters.remove(&letter) {
            self.forget_attempt(&state);
            state.address = Some(Arc::from(address));
            self.await_attempt(&state);
            self.letters.insert(letter, state);
        }
    }

    pub(super) fn mailbox_took(&mut self, letter: LetterId) {
        if let Some(state) = self.letters.get(&letter) {
            self.mailboxes.remove(&state.queued.to);
        }
    }

    pub(super) fn mailbox_deferred(&mut self, letter: LetterId, at: DateTime<Utc>) {
        let today = self.day_of(at);
        if let Some(state) = self.letters.get(&letter) {
            let first = Deferring { since: at, days: 1, last: today };
            let mailbox = self.mailboxes.entry(state.queued.to.clone()).or_default();
            let known = mailbox.deferred.get_or_insert(first);
            if known.last != today {
                *known = Deferring { days: known.days.saturating_add(1), last: today, ..*known };
            }
        }
    }

    pub(super) fn mailbox_refused(&mut self, letter: LetterId) {
        if let Some(state) = self.letters.get(&letter) {
            let refused = MailboxState { deferred: None, refused: Some(letter) };
            self.mailboxes.insert(state.queued.to.clone(), refused);
        }
    }

    /// A new address begins without a past.
    pub(super) fn forget_mailboxes(&mut self, unit: &Unit) {
        let Some(old) = self.units.get(&unit.id) else { return };
        let (mailbox, leader) = (old.unit.mailbox != unit.mailbox, old.unit.leader != unit.leader);
        if mailbox {
            self.mailboxes.remove(&Recipient::Unit(unit.id.clone()));
        }
        if leader {
            self.mailboxes.remove(&Recipient::LeaderOf(unit.id.clone()));
        }
    }

    pub(super) fn relay_failed(
        &mut self,
        fault: RelayFault,
        reply: &str,
        failures: u32,
        retry_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) {
        let since = self.relay.as_ref().map_or(at, |trouble| trouble.since);
        self.relay = Some(RelayTrouble { fault, reply: reply.to_owned(), since, failures, retry_at });
    }
}
