//! What would be sent: the agenda played over a span of days, without journal or mail.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::adoption::{Declared, adopt};
use crate::domain::agenda::{self, Step};
use crate::domain::{Actor, Digest, Draft, Event, Ledger, NewEvent, Recorded, Release, Written};

/// The letters from `from` to `until`, both days included, as if each plan were adopted at its
/// office's sending hour on the day it was issued, and nobody answered.
#[must_use]
pub fn preview(declared: &Declared, from: NaiveDate, until: NaiveDate) -> Vec<Draft> {
    let mut ledger = Ledger::default();
    let mut letters = Vec::new();
    let days = adoption_days(declared);
    let Some(first) = days.first() else { return letters };
    let mut day = *first;
    while day <= until {
        let now = declared.office.zone.instant(day, declared.office.sending_hour);
        if days.contains(&day) {
            let (events, _) = adopt(&ledger, &issued_by(declared, day), day);
            pretend(&mut ledger, events, now);
        }
        for draft in advance(&mut ledger, now) {
            if draft.day >= from {
                letters.push(draft);
            }
        }
        day = match next_day(&ledger, &days, day) {
            Some(next) => next,
            None => break,
        };
    }
    letters
}

/// A ledger that has just taken in these files, and nothing else.
#[must_use]
pub fn taken_in(declared: &Declared, now: DateTime<Utc>) -> Ledger {
    let mut ledger = Ledger::default();
    let (events, _) = adopt(&ledger, declared, declared.office.zone.date_of(now));
    pretend(&mut ledger, events, now);
    ledger
}

/// The letters that a ledger as it is leads to until a day, nobody answering.
#[must_use]
pub fn future(ledger: &Ledger, now: DateTime<Utc>, until: NaiveDate) -> Vec<Draft> {
    let mut ledger = ledger.clone();
    let mut letters = advance(&mut ledger, now);
    let mut day = ledger.day_of(now);
    while let Some(next) = next_day(&ledger, &BTreeSet::new(), day).filter(|next| *next <= until) {
        day = next;
        let now = ledger.zone().instant(day, ledger.sending_hour());
        letters.extend(advance(&mut ledger, now));
    }
    letters
}

/// The days on which plans are adopted: each on the day it was issued.
#[must_use]
pub fn adoption_days(declared: &Declared) -> BTreeSet<NaiveDate> {
    declared.plans.iter().map(|file| file.plan.head.issued_on).collect()
}

/// The declaration as it stood on a day: plans issued later are not in it yet.
#[must_use]
pub fn issued_by(declared: &Declared, day: NaiveDate) -> Declared {
    let mut known = declared.clone();
    known.plans.retain(|file| file.plan.head.issued_on <= day);
    // What a plan being set up would send is what its admin wants to see, and each release is taken for given.
    known.plans.iter_mut().for_each(|file| file.plan.head.quiet = false);
    known.office.release = Release::Auto;
    known
}

/// Opens, writes and ends what has come by `now`.
fn advance(ledger: &mut Ledger, now: DateTime<Utc>) -> Vec<Draft> {
    let mut letters = Vec::new();
    loop {
        let events = agenda::openings(ledger, now);
        if events.is_empty() {
            break;
        }
        pretend(ledger, events, now);
    }
    let absorbed = agenda::absorbed_collections(ledger, now);
    pretend(ledger, absorbed, now);
    for step in agenda::letters(ledger, now, &BTreeSet::new()) {
        match step {
            Step::Record(event) => pretend(ledger, vec![event], now),
            Step::Letter(draft) => {
                let written = Written {
                    message_id: draft.letter.to_string(),
                    address: None,
                    archived: Digest::ZERO,
                    sent: Digest::ZERO,
                };
                let mut events = draft.queued(written);
                let reply = "preview".to_owned();
                events.push(NewEvent {
                    stream: crate::domain::Stream::Letter(draft.letter),
                    occurred_on: None,
                    event: Event::LetterAccepted { letter: draft.letter, reply },
                });
                pretend(ledger, events, now);
                letters.push(*draft);
            }
        }
    }
    let ended = agenda::endings(ledger, now);
    pretend(ledger, ended, now);
    letters
}

fn next_day(ledger: &Ledger, adoptions: &BTreeSet<NaiveDate>, day: NaiveDate) -> Option<NaiveDate> {
    let after = day.succ_opt()?;
    let adoption = adoptions.range(after..).next().copied();
    let planned = ledger.next_day().map(|next| next.max(after));
    adoption.into_iter().chain(planned).min()
}

/// Folds events as if they had been recorded.
fn pretend(ledger: &mut Ledger, events: Vec<NewEvent>, now: DateTime<Utc>) {
    for new in events {
        let position = ledger.head() + 1;
        ledger.apply(&Recorded {
            position,
            batch_end: position,
            recorded_at: now,
            occurred_on: new.occurred_on,
            by: Actor::file("preview"),
            cause: None,
            request: None,
            stream: new.stream,
            version: 0,
            event: new.event,
            prev: Digest::ZERO,
            hash: Digest::ZERO,
        });
    }
}
