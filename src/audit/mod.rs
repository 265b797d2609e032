//! For auditors: history folded anew, the ledger as it was known on a day, what doesn't add up.
//!
//! Needs only events; a stopped data directory or a copied `archive/` is enough. Never writes,
//! never sends.

mod days;
mod endings;
mod verify;

use std::collections::VecDeque;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use days::{DueOnDay, due_on_days, skipped};
pub use endings::{Ending, EndingFault, begin_again, check_endings, ends};
pub use verify::{BadPrint, Outside, Printed, Verdict, Verified, verify};

use crate::calendar::Zone;
use crate::domain::{Digest, Event, Ledger, Recorded};

/// A moment of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AsOf {
    /// the end of a civil day in the office's zone
    Day(NaiveDate),
    /// after the event at this position
    Position(u64),
}

/// Neither a day nor a position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a day nor a position: expected YYYY-MM-DD, as 2021-06-30, or a number, as 1204")]
pub struct BadMoment(String);

impl FromStr for AsOf {
    type Err = BadMoment;
    fn from_str(text: &str) -> Result<Self, BadMoment> {
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(position));
        }
        text.parse().map(Self::Day).map_err(|_| BadMoment(text.to_owned()))
    }
}

impl TryFrom<String> for AsOf {
    type Error = BadMoment;
    fn try_from(text: String) -> Result<Self, BadMoment> {
        text.parse()
    }
}

impl From<AsOf> for String {
    fn from(moment: AsOf) -> Self {
        match moment {
            AsOf::Day(day) => day.to_string(),
            AsOf::Position(position) => position.to_string(),
        }
    }
}

/// What a replay found.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// the ledger that follows from the events
    pub ledger: Ledger,
    /// events folded
    pub events: u64,
    /// of the first event
    pub first_at: Option<DateTime<Utc>>,
    /// of the last event
    pub last_at: Option<DateTime<Utc>>,
    /// to compare with the running ledger's
    pub fingerprint: Digest,
}

/// Folds all events anew.
///
/// # Errors
/// An event can't be read.
pub fn replay<E>(events: impl Iterator<Item = Result<Recorded, E>>) -> Result<Replayed, E> {
    let (mut count, mut first_at, mut last_at) = (0, None, None);
    let ledger = Ledger::fold_with(events, |_, recorded| {
        first_at.get_or_insert(recorded.recorded_at);
        last_at = Some(recorded.recorded_at);
        count += 1;
    })?;
    let fingerprint = ledger.fingerprint();
    Ok(Replayed { ledger, events: count, first_at, last_at, fingerprint })
}

/// A month as it stood before it began, at its end and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Around {
    /// what had happened before its first day
    pub before: Ledger,
    /// what had happened by the end of its last day, also where it was recorded later (corrections)
    pub then: Ledger,
    /// everything recorded up to the position asked for
    pub now: Ledger,
    /// hash of the last event of that
    pub head: Digest,
}

/// Folds history up to a position three times: as it stood before a span of days, when it ended with what
/// was recorded later about it, and whole.
///
/// # Errors
/// An event can't be read.
pub fn around<E>(
    events: impl Iterator<Item = Result<Recorded, E>>,
    (first, last): (NaiveDate, NaiveDate),
    upto: Option<u64>,
) -> Result<Around, E> {
    let (mut before, mut then, mut head) = (Ledger::default(), Ledger::default(), Digest::ZERO);
    let upto = AsOf::Position(upto.unwrap_or(u64::MAX));
    let now = Ledger::fold_with(known_by(events, upto), |now, recorded| {
        head = recorded.hash;
        let day = now.day_of(recorded.recorded_at);
        let happened = recorded.occurred_on.map_or(day, |on| on.min(day));
        if happened <= last {
            then.apply(recorded);
        }
        if happened < first {
            before.apply(recorded);
        }
    })?;
    Ok(Around { before, then, now, head })
}

/// The ledger as it was known then: nothing recorded later is in it, even where it tells of earlier days.
///
/// # Errors
/// An event can't be read.
pub fn as_of<E>(events: impl Iterator<Item = Result<Recorded, E>>, moment: AsOf) -> Result<Ledger, E> {
    Ledger::fold(known_by(events, moment))
}

/// The events that were known at a moment.
///
/// A clock that ran ahead and was corrected leaves later instants before earlier ones. What was known is a prefix by
/// position, up to the last event of the day.
fn known_by<E>(
    mut events: impl Iterator<Item = Result<Recorded, E>>,
    moment: AsOf,
) -> impl Iterator<Item = Result<Recorded, E>> {
    let (mut perhaps, mut known, mut zone) = (VecDeque::new(), VecDeque::new(), Zone::shanghai());
    std::iter::from_fn(move || {
        loop {
            if let Some(recorded) = known.pop_front() {
                return Some(Ok(recorded));
            }
            let recorded: Recorded = match events.next()? {
                Ok(recorded) => recorded,
                Err(fault) => return Some(Err(fault)),
            };
            let later = match moment {
                AsOf::Position(position) if recorded.position > position => return None,
                AsOf::Position(_) => false,
                AsOf::Day(day) => zone.date_of(recorded.recorded_at) > day,
            };
            perhaps.push_back(recorded);
            if !later {
                known.append(&mut perhaps);
                for recorded in &known {
                    if let Event::OfficeConfigured { office } = &recorded.event {
                        zone = office.zone;
                    }
                }
            }
        }
    })
}
