//! What follows from what became of a letter: when it goes again, when a mailbox is given up, when
//! all letters wait. Pure; the planner records what it returns.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::envelope::{Outcome, RelayFault};
use super::event::{Blame, Event, NewEvent, Stream};
use super::id::{Digest, LetterId};
use super::ledger::Ledger;

/// First wait after an attempt that failed for now.
pub const RETRY_FIRST: TimeDelta = TimeDelta::minutes(1);
/// Longest wait between attempts.
pub const RETRY_LONGEST: TimeDelta = TimeDelta::hours(4);
/// A mailbox that says "not now" for longer than this is given up: its letter counts as refused. So
/// long since the first time, and on more different days: one on which relay or machine were down,
/// and nobody could ask it, does not count.
pub const DEFERRED_DAYS_MAX: u32 = 3;
/// First wait after the relay failed in a way that only a person can mend.
pub const RELAY_RETRY_FIRST_SET_UP: TimeDelta = TimeDelta::minutes(15);
/// Longest wait for a relay that may come back by itself.
pub const RELAY_RETRY_LONGEST: TimeDelta = TimeDelta::minutes(30);

/// Waits spread over a quarter, so that what failed together does not come back together.
const SPREAD: i32 = 4;

/// What the ledger does not know of the letters that are out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Out {
    /// the one letter with which a failed relay is tried
    pub probe: Option<LetterId>,
    /// the relay failed within this very batch: when it is tried again
    pub failed: Option<DateTime<Utc>>,
}

/// The events that tell of an outcome.
#[must_use]
pub fn told(
    ledger: &Ledger,
    out: &mut Out,
    letter: LetterId,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Vec<NewEvent> {
    let on_letter = |event| NewEvent { stream: Stream::Letter(letter), occurred_on: None, event };
    let mut events = Vec::new();
    if let Outcome::NoRelay { fault, reply } = outcome {
        let known = out.failed.or(standing(ledger, out, letter));
        let retry_at = known.unwrap_or_else(|| {
            let failures = ledger.relay().map_or(0, |trouble| trouble.failures).saturating_add(1);
            let retry_at = now + relay_wait(ledger, fault, failures);
            let event = Event::RelayFailed { fault, reply: reply.clone(), failures, retry_at };
            events.push(NewEvent { stream: Stream::Office, occurred_on: None, event });
            retry_at
        });
        if known.is_none() {
            out.failed = Some(retry_at);
        }
        events.push(on_letter(Event::LetterDeferred { letter, reply, retry_at, blame: Blame::Relay }));
        return events;
    }
    if let Some(trouble) = ledger.relay().filter(|_| out.probe == Some(letter)) {
        let event = Event::RelayRecovered { failures: trouble.failures };
        events.push(NewEvent { stream: Stream::Office, occurred_on: None, event });
    }
    let attempts = ledger.letter(letter).map_or(0, |state| state.attempts);
    let retry_at = now + wait(RETRY_FIRST, RETRY_LONGEST, attempts, &letter.to_string());
    let event = match outcome {
        Outcome::Accepted(reply) => Event::LetterAccepted { letter, reply },
        Outcome::Refused(reply) => Event::LetterRefused { letter, reply },
        Outcome::Unknown(reply) => Event::LetterUnknown { letter, reply, retry_at },
        Outcome::Interrupted(reply) => Event::LetterDeferred { letter, reply, retry_at, blame: Blame::Line },
        Outcome::Deferred(reply) if given_up(ledger, letter, now) => Event::LetterRefused {
            letter,
            reply: format!("given up after {DEFERRED_DAYS_MAX} days; last answer: {reply}"),
        },
        Outcome::Deferred(reply) => Event::LetterDeferred { letter, reply, retry_at, blame: Blame::Address },
        Outcome::NoRelay { .. } => return events,
    };
    events.push(on_letter(event));
    events
}

/// When a relay that failed already is tried again; `None` where this outcome is news.
fn standing(ledger: &Ledger, out: &Out, letter: LetterId) -> Option<DateTime<Utc>> {
    ledger.relay().filter(|_| out.probe != Some(letter)).map(|trouble| trouble.retry_at)
}

/// When a letter goes next by itself; `None` where none waits, or an outcome must come first.
#[must_use]
pub fn next_attempt(ledger: &Ledger, busy: &BTreeSet<LetterId>) -> Option<DateTime<Utc>> {
    let firsts =
        ledger.outgoing().filter_map(|(_, mut letters)| letters.find(|(_, letter)| !busy.contains(letter)));
    let first = firsts.map(|(at, _)| at).min()?;
    match ledger.relay() {
        Some(_) if !busy.is_empty() => None,
        Some(trouble) => Some(first.max(trouble.retry_at)),
        None => Some(first),
    }
}

fn given_up(ledger: &Ledger, letter: LetterId, now: DateTime<Utc>) -> bool {
    let deferred = ledger
        .letter(letter)
        .and_then(|state| ledger.mailbox(&state.queued.to))
        .and_then(|mailbox| mailbox.deferred);
    deferred.is_some_and(|known| {
        // With this time.
        let days = known.days + u32::from(known.last != ledger.day_of(now));
        days > DEFERRED_DAYS_MAX && now - known.since >= TimeDelta::days(DEFERRED_DAYS_MAX.into())
    })
}

fn relay_wait(ledger: &Ledger, fault: RelayFault, failures: u32) -> TimeDelta {
    let seed = ledger.journal().map(|journal| journal.to_string()).unwrap_or_default();
    let (first, longest) = if fault.needs_a_person() {
        (RELAY_RETRY_FIRST_SET_UP, RETRY_LONGEST)
    } else {
        (RETRY_FIRST, RELAY_RETRY_LONGEST)
    };
    wait(first, longest, failures.saturating_sub(1), &seed)
}

/// How long to wait after so many failures: doubled from `first` to `longest`, and spread by chance
/// that follows from `seed` alone, so that a fold and a rehearsal find the same.
#[must_use]
pub fn wait(first: TimeDelta, longest: TimeDelta, failures: u32, seed: &str) -> TimeDelta {
    const DIGITS: usize = 4;
    let doubled = first.checked_mul(1 << failures.min(10)).unwrap_or(longest);
    let chance = Digest::of(format!("{seed} {failures}").as_bytes()).short(DIGITS);
    let chance = i32::from_str_radix(&chance, 16).unwrap_or_default();
    let quarter = |whole: TimeDelta| whole / SPREAD * chance / (1 << (4 * DIGITS));
    if doubled < longest { (doubled + quarter(doubled)).min(longest) } else { longest - quarter(longest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_minute_to_four_hours_and_are_spread_by_the_seed() {
        let of = |failures, seed: &str| wait(RETRY_FIRST, RETRY_LONGEST, failures, seed);
        for failures in 0..20 {
            let one = of(failures, "2021-0623-07");
            assert!(one >= RETRY_FIRST && one <= RETRY_LONGEST, "{failures}: {one}");
            assert_eq!(one, of(failures, "2021-0623-07"));
        }
        assert!(of(0, "a") < of(1, "a") && of(1, "a") < of(2, "a"));
        assert!(of(12, "a") >= TimeDelta::hours(3));
        let all: std::collections::BTreeSet<_> = (0..50).map(|n| of(3, &n.to_string())).collect();
        assert!(all.len() > 40, "{}", all.len());
    }
}
