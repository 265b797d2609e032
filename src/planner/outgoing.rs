//! Which letters are on their way: handing over no more than the courier can carry, and recording
//! what became of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

#[cfg(feature = "simulator")]
use super::Plant;
use super::handle::Effect;
use super::{Planner, PlannerFault};
use crate::domain::mailing::{self, Out};
use crate::domain::{Actor, Event, LetterId, LetterState, NewEvent, Outcome, Stream};
use crate::journal::Entry;

/// Letters handed over and without an outcome, at most: they lie in memory with all their bytes.
pub const IN_FLIGHT_MAX: usize = 256;
/// Of one domain at least this many, if they are there, however many domains want their share.
const IN_FLIGHT_PER_DOMAIN_MIN: usize = 4;
/// Of one domain at most.
const IN_FLIGHT_PER_DOMAIN_MAX: usize = 96;
/// Outcomes that are recorded with one sync; each is at most two events.
pub const OUTCOMES_PER_COMMIT_MAX: usize = 64;

impl Planner {
    /// Letters whose time has come and that nobody is handing over yet, as many as there is room for.
    pub(super) fn hand_over(&mut self, now: DateTime<Utc>) -> Result<Vec<Effect>, PlannerFault> {
        let mut effects = Vec::new();
        loop {
            let ready = self.ready(now);
            if ready.is_empty() {
                return Ok(effects);
            }
            for letter in ready {
                if let Some(envelope) = self.envelope(&letter)? {
                    self.busy.insert(envelope.letter);
                    self.untried = false;
                    if self.ledger.read().relay().is_some() {
                        self.probe = Some(envelope.letter);
                    }
                    effects.push(Effect::Send(envelope));
                } else {
                    // The leader was forgotten, or the archived form is gone or damaged: as it is, it can't be sent.
                    let letter = letter.queued.letter;
                    let reply =
                        "the archived letter is missing or damaged, or nobody is there to send it to any more"
                            .to_owned();
                    let refused = Event::LetterRefused { letter, reply };
                    let event =
                        NewEvent { stream: Stream::Letter(letter), occurred_on: None, event: refused };
                    self.record_system(vec![event], now)?;
                }
            }
        }
    }

    /// The next letters to hand over: each domain gets its share, beginning after the one served last.
    fn ready(&mut self, now: DateTime<Utc>) -> Vec<LetterState> {
        let ledger = self.ledger.read();
        let mut room = IN_FLIGHT_MAX.saturating_sub(self.busy.len());
        if let Some(trouble) = ledger.relay() {
            // A relay that failed is tried with one letter; a new start may have mended what was wrong.
            let try_it = self.busy.is_empty() && (trouble.retry_at <= now || self.untried);
            room = usize::from(try_it);
        }
        if room == 0 {
            return Vec::new();
        }
        let share = (IN_FLIGHT_MAX / ledger.outgoing().count().max(1))
            .clamp(IN_FLIGHT_PER_DOMAIN_MIN, IN_FLIGHT_PER_DOMAIN_MAX);
        let mut out: BTreeMap<String, usize> = BTreeMap::new();
        for letter in self.busy.iter().filter_map(|letter| ledger.letter(*letter)) {
            *out.entry(letter.domain().to_ascii_lowercase()).or_default() += 1;
        }
        let mut served = self.served.clone();
        let last = self.served.as_str();
        let after = ledger.outgoing().filter(|(domain, _)| *domain > last);
        let before = ledger.outgoing().filter(|(domain, _)| *domain <= last);
        let mut ready = Vec::new();
        for (domain, letters) in after.chain(before) {
            let free = share.saturating_sub(out.get(domain).copied().unwrap_or_default()).min(room);
            let domain_ready: Vec<LetterState> = letters
                .take_while(|(at, _)| *at <= now)
                .filter(|(_, letter)| !self.busy.contains(letter))
                .filter_map(|(_, letter)| ledger.letter(letter))
                .take(free)
                .cloned()
                .collect();
            if !domain_ready.is_empty() {
                domain.clone_into(&mut served);
            }
            room = room.saturating_sub(domain_ready.len());
            ready.extend(domain_ready);
            if room == 0 {
                break;
            }
        }
        drop(ledger);
        self.served = served;
        ready
    }

    /// Records what became of letters, with one sync; outcomes that nobody waits for are left out.
    pub(super) fn record_outcomes(
        &mut self,
        outcomes: Vec<(LetterId, Outcome)>,
        now: DateTime<Utc>,
    ) -> Result<(), PlannerFault> {
        let mut out = Out { probe: self.probe, failed: None };
        let mut entries = Vec::new();
        for (letter, outcome) in outcomes {
            // Else: an answer that came twice, or of another life.
            if !self.busy.remove(&letter) {
                continue;
            }
            #[cfg(feature = "simulator")]
            if self.plant == Some(Plant::OutcomeDropped) {
                self.busy.insert(letter);
                continue;
            }
            let ledger = self.ledger.read();
            let cause = ledger.letter(letter).map(|state| state.position);
            let events = mailing::told(&ledger, &mut out, letter, outcome, now);
            entries.push(Entry { by: Actor::system(), cause, request: None, events });
            if self.probe == Some(letter) {
                self.probe = None;
            }
        }
        self.record_entries(entries, now)
    }
}
