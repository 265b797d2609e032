//! What would be sent: the agenda played over a span of days, without journal or mail.
//!
//! Nobody acts but whoever releases letters, and every letter is taken at its first attempt.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::adoption::{Declared, adopt};
use crate::domain::agenda::{Step, Turn, next_wake};
use crate::domain::command::{Command, Refusal, decide};
use crate::domain::{
    Actor, Digest, Draft, Event, Ledger, LetterId, LetterProgress, NewEvent, Plan, Recorded, Release, Stream,
    Written,
};

/// The letters from `from` to `until`, both days included, as if each plan were adopted at its
/// office's sending hour on the day it was issued, and nobody answered.
#[must_use]
pub fn preview(declared: &Declared, from: NaiveDate, until: NaiveDate) -> Vec<Draft> {
    let days = adoption_days(declared);
    let hour = |day| declared.office.zone.instant(day, declared.office.sending_hour);
    let mut ledger = Ledger::default();
    let mut letters = Vec::new();
    let mut next = days.first().map(|day| hour(*day));
    while let Some(now) = next {
        let day = declared.office.zone.date_of(now);
        if day > until {
            break;
        }
        if days.contains(&day) && now == hour(day) {
            let (events, _) = adopt(&ledger, &issued_by(declared, day), day);
            pretend(&mut ledger, events, now);
        }
        let mut turn = Playing::at(now);
        letters.extend(std::iter::from_fn(|| turn.letter(&mut ledger)));
        let adoption = days.iter().map(|day| hour(*day)).find(|at| *at > now);
        next = adoption.into_iter().chain(wake_after(&ledger, now)).min();
    }
    letters.retain(|draft| draft.day >= from);
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

/// The letters of these days, both included, that a ledger as it is leads to, nobody answering. They are played one by
/// one as they are asked for: whoever asks no further ends the work.
pub fn future(
    mut ledger: Ledger,
    now: DateTime<Utc>,
    from: NaiveDate,
    until: NaiveDate,
) -> impl Iterator<Item = Draft> {
    let mut turn = Some(Playing::at(now));
    let letters = std::iter::from_fn(move || {
        while let Some(playing) = turn.as_mut().filter(|playing| ledger.day_of(playing.now) <= until) {
            if let Some(letter) = playing.letter(&mut ledger) {
                return Some(letter);
            }
            turn = wake_after(&ledger, playing.now).map(Playing::at);
        }
        None
    });
    letters.filter(move |draft| draft.day >= from)
}

/// The same if the office added this plan now.
///
/// # Errors
/// It would be refused.
pub fn with_plan(
    mut ledger: Ledger,
    plan: &Plan,
    now: DateTime<Utc>,
    until: NaiveDate,
) -> Result<impl Iterator<Item = Draft> + use<>, Refusal> {
    let command = Command::AddPlan { plan: Box::new(plan.clone()), import: None };
    let events = decide(&ledger, &command, now)?;
    pretend(&mut ledger, events, now);
    let today = ledger.day_of(now);
    Ok(future(ledger, now, today, until))
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
    known.office.first_letters = None;
    known
}

/// A turn under way: each of its letters is released and taken as soon as it may go.
struct Playing {
    now: DateTime<Utc>,
    turn: Turn,
}

impl Playing {
    fn at(now: DateTime<Utc>) -> Self {
        Self { now, turn: Turn::at(now) }
    }

    /// The next letter; `None` when the turn is over, and what it wrote has gone.
    fn letter(&mut self, ledger: &mut Ledger) -> Option<Draft> {
        while let Some(step) = self.turn.next(ledger, &BTreeSet::new()) {
            match step {
                Step::Record(events) => pretend(ledger, events, self.now),
                Step::Letter(draft) => {
                    let written = Written {
                        message_id: draft.letter.to_string(),
                        address: None,
                        points: None,
                        archived: Digest::ZERO,
                        sent: Digest::ZERO,
                        templates: Digest::ZERO,
                    };
                    pretend(ledger, draft.queued(written), self.now);
                    return Some(*draft);
                }
            }
        }
        release(ledger, self.now);
        hand_over(ledger, self.now);
        None
    }
}

/// What waits for a person's release is released.
fn release(ledger: &mut Ledger, now: DateTime<Utc>) {
    let held = ledger.unsettled().filter(|letter| letter.progress == LetterProgress::Held);
    let held: Vec<LetterId> = held.map(|letter| letter.queued.letter).collect();
    for letter in held {
        pretend(ledger, vec![of_letter(letter, Event::LetterReleased { letter, address: None })], now);
    }
}

/// What waits to be sent is taken, once the relay would be tried.
fn hand_over(ledger: &mut Ledger, now: DateTime<Utc>) {
    if let Some(trouble) = ledger.relay() {
        if trouble.retry_at > now {
            return;
        }
        let event = Event::RelayRecovered { failures: trouble.failures };
        pretend(ledger, vec![NewEvent { stream: Stream::Office, occurred_on: None, event }], now);
    }
    let waiting = ledger.outgoing().flat_map(|(_, letters)| letters);
    let ready: Vec<LetterId> = waiting.filter(|(at, _)| *at <= now).map(|(_, letter)| letter).collect();
    for letter in ready {
        let reply = "preview".to_owned();
        pretend(ledger, vec![of_letter(letter, Event::LetterAccepted { letter, reply })], now);
    }
}

/// When the planner would turn next.
fn wake_after(ledger: &Ledger, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    next_wake(ledger, &BTreeSet::new(), Some(now)).filter(|next| *next > now)
}

fn of_letter(letter: LetterId, event: Event) -> NewEvent {
    NewEvent { stream: Stream::Letter(letter), occurred_on: None, event }
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
