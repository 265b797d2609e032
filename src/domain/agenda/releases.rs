//! Letters that wait for a person: the office hears of them by mail, before they lapse and after.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::facts::Facts;
use super::step::Step;
use crate::calendar::ahead;
use crate::domain::draft::{Body, HeldLetter, ReleaseTold};
use crate::domain::event::{LetterKind, Recipient};
use crate::domain::id::TaskId;
use crate::domain::ledger::{Ledger, LetterProgress, LetterState};
use crate::domain::office::{Office, Release};

/// How long before the hour of release the office is told what still waits for it.
const TOLD_BEFORE: TimeDelta = TimeDelta::hours(2);

/// The letter that tells the office what waits for its release, and what lapsed since the last one; none where
/// nothing of that is new.
pub(super) fn letter(ledger: &Ledger, now: DateTime<Utc>) -> Option<Step> {
    let office = ledger.office()?;
    let day = ledger.day_of(now);
    // Where nobody ran then, the next working day's hour is soon enough: nobody is written to at night.
    let at_hour = ledger.through(now) == day && ledger.working().is_working(day);
    let is_news =
        |at: &DateTime<Utc>| *at <= now && is_untold(ledger, *at) && (at_hour || ledger.day_of(*at) == day);
    let lapsed = |letter: &&LetterState| is_lapsed(letter) && is_news(&lapse_told(ledger, office, letter));
    let lapsed: Vec<HeldLetter> = ledger.unsettled().filter(lapsed).map(|one| held(ledger, one)).collect();
    if lapsed.is_empty()
        && !ledger.unsettled().filter_map(|one| due(ledger, office, one)).any(|at| is_news(&at))
    {
        return None;
    }
    let waits = || ledger.unsettled().filter(|letter| letter.progress == LetterProgress::Held);
    let told = ReleaseTold {
        waits: waits().map(|letter| held(ledger, letter)).collect(),
        until: waits().filter(|one| one.queued.kind == LetterKind::Daily).map(|one| ends(office, one)).min(),
        lapsed,
    };
    let facts = Facts::new(ledger, now);
    let body = Body::Release(Box::new(told));
    let id = ledger.next_letter(day);
    let draft = facts.draft(id, Recipient::Office, body, Vec::new(), Vec::new(), Vec::new())?;
    Some(Step::Letter(Box::new(draft)))
}

/// When the office is next told of what waits, where nobody releases it before; all that had come by `done` being done.
pub(super) fn next(ledger: &Ledger, done: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let office = ledger.office()?;
    let waits = ledger.unsettled().filter_map(|letter| due(ledger, office, letter));
    let lapsed = ledger.unsettled().filter(|letter| is_lapsed(letter));
    let lapsed = lapsed.map(|letter| lapse_told(ledger, office, letter));
    let morning = |done| {
        let day = ledger.working().on_or_after(ahead(ledger.through(done), 1));
        office.zone.instant(day, office.sending_hour)
    };
    let goes = |at| done.filter(|done| *done >= at).map_or(at, morning);
    waits.chain(lapsed).filter(|at| is_untold(ledger, *at)).map(goes).min()
}

fn is_untold(ledger: &Ledger, at: DateTime<Utc>) -> bool {
    ledger.last_release_letter().is_none_or(|last| last < at)
}

/// When the office is told that a letter to a unit waits: where it has an hour, some time before it; else at once.
///
/// One that was written too late for that (the machine was off) is told with its lapse, or the next working day.
fn due(ledger: &Ledger, office: &Office, letter: &LetterState) -> Option<DateTime<Utc>> {
    let queued = &letter.queued;
    let to_unit = matches!(queued.to, Recipient::Unit(_)) && letter.progress == LetterProgress::Held;
    to_unit.then(|| match office.release {
        Release::EachMorning { until } => {
            let told = |day| office.zone.instant(day, until) - TOLD_BEFORE;
            let day = queued.letter.day;
            let that_day = Some(told(day)).filter(|at| *at >= queued.dated);
            that_day.unwrap_or_else(|| told(ledger.working().on_or_after(ahead(day, 1))))
        }
        Release::Auto => queued.dated,
    })
}

fn is_lapsed(letter: &LetterState) -> bool {
    letter.progress == LetterProgress::Unreleased
}

fn ends(office: &Office, letter: &LetterState) -> DateTime<Utc> {
    office.release_ends(letter.queued.letter.day, letter.queued.dated)
}

/// When the office is told that it lapsed: then, but never at midnight.
fn lapse_told(ledger: &Ledger, office: &Office, letter: &LetterState) -> DateTime<Utc> {
    let (day, ends) = (letter.queued.letter.day, ends(office, letter));
    if ledger.day_of(ends) == day {
        return ends;
    }
    office.zone.instant(ledger.working().on_or_after(ahead(day, 1)), office.sending_hour)
}

fn held(ledger: &Ledger, letter: &LetterState) -> HeldLetter {
    let queued = &letter.queued;
    let tasks: BTreeSet<&TaskId> = queued.assignments().map(|told| &told.occurrence.task).collect();
    let title =
        |id: &TaskId| ledger.task(id).map_or_else(|| "月调度".to_owned(), |task| task.task.title.clone());
    HeldLetter {
        letter: queued.letter,
        to: queued.to.clone(),
        unit: queued.to.unit().map(|unit| ledger.unit_name(unit)).unwrap_or_default(),
        kind: queued.kind,
        points: queued.items.iter().chain(&queued.carried).map(|item| item.key.clone()).collect(),
        tasks: tasks.into_iter().map(title).collect(),
    }
}
