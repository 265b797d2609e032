//! One turn of the wheel, step by step, and when the next one has anything to do.
//!
//! Planner and preview turn it alike: each records a step and asks for the next by the ledger that
//! has come of it.

use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Utc};

use super::letters::letters;
use super::step::Step;
use super::{absorbed_collections, endings, members, openings, recalls, releases, unreleased};
use crate::domain::event::LetterKind;
use crate::domain::id::LetterId;
use crate::domain::ledger::{Ledger, LetterProgress, UnitState};
use crate::domain::mailing;

/// Everything that has come by an instant: what opens, what lapses, which letters go, what is over.
#[derive(Debug)]
pub struct Turn {
    now: DateTime<Utc>,
    part: Part,
    letters: VecDeque<Step>,
}

/// Where a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    TakeOvers,
    Openings,
    Absorbed,
    Recalls,
    Unreleased,
    Letters,
    Releases,
    Endings,
    Over,
}

impl Turn {
    /// A turn at this instant.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, part: Part::TakeOvers, letters: VecDeque::new() }
    }

    /// The next step by the ledger as it is, the step before recorded; `None` when all is done.
    ///
    /// `busy` are letters being handed over right now: they can't be superseded.
    pub fn next(&mut self, ledger: &Ledger, busy: &BTreeSet<LetterId>) -> Option<Step> {
        // Before its first configuration an office asks nothing of anybody.
        ledger.office()?;
        loop {
            if let Some(step) = self.letters.pop_front() {
                return Some(step);
            }
            let (events, then) = match self.part {
                Part::TakeOvers => (members::going_over(ledger, self.now), Part::Openings),
                Part::Openings => (openings(ledger, self.now), Part::Absorbed),
                Part::Absorbed => (absorbed_collections(ledger, self.now), Part::Recalls),
                Part::Recalls => (recalls::recalls(ledger), Part::Unreleased),
                Part::Unreleased => (unreleased(ledger, self.now), Part::Letters),
                Part::Letters => {
                    self.letters = letters(ledger, self.now, busy).into();
                    (Vec::new(), Part::Releases)
                }
                Part::Releases => {
                    self.letters.extend(releases::letter(ledger, self.now));
                    (Vec::new(), Part::Endings)
                }
                Part::Endings => (endings(ledger, self.now), Part::Over),
                Part::Over => return None,
            };
            // What goes over comes task by task, what opens is caught up day by day, until nothing is left.
            if !matches!(self.part, Part::TakeOvers | Part::Openings) || events.is_empty() {
                self.part = then;
            }
            if !events.is_empty() {
                return Some(Step::Record(events));
            }
        }
    }
}

/// The next instant at which a turn has anything to do, everything that had come by `done` being
/// done; `None` when nothing is planned.
#[must_use]
pub fn next_wake(
    ledger: &Ledger,
    busy: &BTreeSet<LetterId>,
    done: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    let hour = |day| ledger.zone().instant(day, ledger.sending_hour());
    let tomorrow = done.and_then(|done| ledger.through(done).succ_opt());
    // What has come and could not go (the unit has had its letter of the day) waits for the sending hour after.
    let next = [ledger.next_day(), members::next_day(ledger)].into_iter().flatten().min();
    let planned = next.map(|day| tomorrow.map_or(day, |tomorrow| day.max(tomorrow)));
    let morning =
        tomorrow.filter(|_| waits_for_a_morning(ledger)).map(|day| ledger.working().on_or_after(day));
    let days = planned.into_iter().chain(morning);
    days.map(hour)
        .chain(lapses(ledger))
        .chain(releases::next(ledger, done))
        .chain(mailing::next_attempt(ledger, busy))
        .min()
}

/// Whether a unit still has to be told of tasks, or gets what nobody released: on the next working
/// day, by no date of its matters.
fn waits_for_a_morning(ledger: &Ledger) -> bool {
    let is_reachable = |unit: &UnitState| unit.unit.mailbox.is_some() && !unit.unit.muted;
    // Where nobody can be told, what waits for the adoption letter ends that morning.
    let waits = |unit: &UnitState| ledger.open_of(&unit.unit.id).any(|(_, one)| one.adoption_pending);
    let untold = ledger.units().any(|unit| !unit.untold.is_empty() && (is_reachable(unit) || waits(unit)));
    untold || ledger.owed().next().is_some()
}

/// When the first of the day's letters that nobody has released can't go any more.
#[must_use]
pub fn lapses(ledger: &Ledger) -> Option<DateTime<Utc>> {
    let office = ledger.office()?;
    let held = ledger.unreleased().map(|letter| (&letter.progress, &letter.queued));
    let held = held
        .filter(|(progress, queued)| **progress == LetterProgress::Held && queued.kind == LetterKind::Daily);
    held.map(|(_, queued)| office.release_ends(queued.letter.day, queued.dated)).min()
}
