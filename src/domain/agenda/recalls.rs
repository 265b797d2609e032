//! Letters that wait for a person's release and say what is no longer so: they are recalled, and what of them is
//! still to be told is written anew.

use super::step::key;
use super::{is_answered, is_claimed_for, quiet_reason};
use crate::domain::event::{Event, NewEvent, SkipReason, Stream};
use crate::domain::id::TaskId;
use crate::domain::ledger::{Ledger, LetterProgress, LetterState, PlanState, TaskState};
use crate::domain::stage::{Stage, StageKey};

/// The events that recall them.
pub(super) fn recalls(ledger: &Ledger) -> Vec<NewEvent> {
    let waits = ledger.unreleased().filter(|letter| letter.progress == LetterProgress::Held);
    let outdated = waits.filter(|letter| letter.is_clock_driven() && is_outdated(ledger, letter));
    outdated
        .flat_map(|letter| {
            let id = letter.queued.letter;
            let event = Event::LetterRecalled { letter: id, stages: stages(ledger, letter) };
            let recalled = NewEvent { stream: Stream::Letter(id), occurred_on: None, event };
            heard_as_they_are(ledger, letter).into_iter().chain([recalled])
        })
        .collect()
}

/// Who hears of a task for the first time hears it as it is: its changes are no news.
fn heard_as_they_are(ledger: &Ledger, letter: &LetterState) -> Vec<NewEvent> {
    let (Some(unit), Some(waits)) = (letter.unit(), &letter.until_release) else { return Vec::new() };
    let skipped = waits.tasks.iter().filter_map(|task| {
        let notes = ledger.noted(unit, task).iter().filter(|note| !note.ended);
        let stages: Vec<StageKey> = notes.map(|note| note.change.stage.clone()).collect();
        let event = Event::StagesSkipped { stages, why: SkipReason::Untold };
        let stream = Stream::Plan(task.plan.clone());
        let is_any = ledger.noted(unit, task).iter().any(|note| !note.ended);
        is_any.then_some(NewEvent { stream, occurred_on: None, event })
    });
    skipped.collect()
}

/// Its stages that are to be told anew: of matters still open, by the date that they have; of a new task, by whatever
/// date. What it carried and the collections that it absorbed are among them.
fn stages(ledger: &Ledger, letter: &LetterState) -> Vec<StageKey> {
    let is_open = |key: &StageKey| {
        let own = ledger.slot_of(&key.assignment).and_then(|slot| ledger.assignment(slot));
        let is_same = |version| version == key.deadline_version || key.stage == Stage::Adopted;
        matches!(key.stage, Stage::Changed(_))
            || own.is_some_and(|own| own.state.is_open() && is_same(own.deadline_version))
    };
    let points = letter.queued.items.iter().chain(&letter.queued.carried).map(|item| item.key.clone());
    let absorbed = letter.queued.absorbed.iter().filter_map(|id| {
        let own = ledger.assignment(ledger.slot_of(id)?)?;
        Some(key(own, Stage::Collection)).filter(|_| own.course.collection)
    });
    points.chain(absorbed).filter(is_open).collect()
}

/// Whether anything that a letter says is no longer so.
fn is_outdated(ledger: &Ledger, letter: &LetterState) -> bool {
    let Some(waits) = &letter.until_release else { return false };
    let mut points = letter.queued.items.iter().chain(&letter.queued.carried);
    waits.changed
        || waits.tasks.iter().any(|task| is_over(ledger, task))
        || points.any(|point| !still_holds(ledger, &point.key))
}

fn is_over(ledger: &Ledger, task: &TaskId) -> bool {
    let is_asked = |state: &TaskState| state.withdrawn.is_none();
    !ledger.plan(&task.plan).is_some_and(PlanState::is_followed) || !ledger.task(task).is_some_and(is_asked)
}

/// Whether a point is still asked of its unit, by the same date.
fn still_holds(ledger: &Ledger, key: &StageKey) -> bool {
    // Of a task that may have nothing open: what changes again says so itself.
    if matches!(key.stage, Stage::Changed(_)) {
        return true;
    }
    let slot = ledger.slot_of(&key.assignment);
    let Some(own) = slot.and_then(|slot| ledger.assignment(slot)) else { return false };
    own.deadline_version == key.deadline_version
        && quiet_reason(own.state).is_none()
        && !is_answered(ledger, own, key.stage)
        && !is_claimed_for(ledger, own)
}
