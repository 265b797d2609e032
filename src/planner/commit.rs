//! Committing: the journal first, the ledger after it, nothing in between.

use chrono::{DateTime, Utc};

use super::{Planner, PlannerFault};
use crate::domain::{Actor, Event, NewEvent, Request, Stream};
use crate::journal::{BATCH_EVENTS_MAX, Entry};

/// An event on the office's stream.
pub(super) fn of_office(event: Event) -> NewEvent {
    NewEvent { stream: Stream::Office, occurred_on: None, event }
}

impl Planner {
    /// Records independent events of duban's own, in as many batches as they need.
    pub(super) fn record_system(
        &mut self,
        events: Vec<NewEvent>,
        now: DateTime<Utc>,
    ) -> Result<(), PlannerFault> {
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let batch: Vec<NewEvent> = events.by_ref().take(BATCH_EVENTS_MAX).collect();
            self.commit(entry(Actor::system(), None, batch), now)?;
        }
        Ok(())
    }

    /// Records what became of letters, each with the event that queued it as its cause, all with one sync.
    pub(super) fn record_entries(
        &mut self,
        entries: Vec<Entry>,
        now: DateTime<Utc>,
    ) -> Result<(), PlannerFault> {
        if !entries.is_empty() {
            self.commit_all(entries, now)?;
        }
        Ok(())
    }

    /// Records one command whole or not at all; the position of its last event.
    ///
    /// A command larger than a batch is bracketed: it takes effect with its closing event, and a
    /// start after a crash withdraws what lacks it.
    pub(super) fn record_command(
        &mut self,
        by: &Actor,
        request: Option<Request>,
        events: Vec<NewEvent>,
        now: DateTime<Utc>,
    ) -> Result<u64, PlannerFault> {
        if events.len() <= BATCH_EVENTS_MAX {
            return self.commit(entry(by.clone(), request, events), now);
        }
        let count = u64::try_from(events.len()).unwrap_or(u64::MAX);
        let begun = self.commit(
            entry(by.clone(), None, vec![of_office(Event::LargeCommandBegun { events: count })]),
            now,
        )?;
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let batch: Vec<NewEvent> = events.by_ref().take(BATCH_EVENTS_MAX).collect();
            self.commit(entry(by.clone(), None, batch), now)?;
        }
        self.commit(entry(by.clone(), request, vec![of_office(Event::LargeCommandCompleted { begun })]), now)
    }

    fn commit(&mut self, entry: Entry, now: DateTime<Utc>) -> Result<u64, PlannerFault> {
        self.commit_all(vec![entry], now)
    }

    fn commit_all(&mut self, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<u64, PlannerFault> {
        // Small steps back of an NTP-led clock must not make time run backwards in the journal.
        let last = self.ledger.read().last_at();
        let recorded_at = last.map_or(now, |last| last.max(now));
        let recorded = self.journal.commit(entries, recorded_at)?;
        let mut ledger = self.ledger.write();
        for event in &recorded {
            ledger.apply(event);
        }
        Ok(ledger.head())
    }
}

fn entry(by: Actor, request: Option<Request>, events: Vec<NewEvent>) -> Entry {
    Entry { by, cause: None, request, events }
}
