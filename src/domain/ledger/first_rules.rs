//! What events of shape 1 left to the fold: the rules as they were, kept for those events alone.
//!
//! Later shapes say themselves what was decided. Nothing here changes any more, else history would.

use chrono::NaiveDate;

use super::{Assignment, Ledger};
use crate::domain::event::{Counts, CountsBy, Rescheduled};
use crate::domain::id::{AssignmentId, UnitId};
use crate::domain::plan::{Answer, Task};

/// `AnswersReceived`: whether a letter acknowledges what the unit handed in.
pub(super) fn acknowledged(ledger: &Ledger, unit: &UnitId) -> bool {
    ledger.units.get(unit).is_some_and(|state| state.unit.mailbox.is_some() && !state.unit.muted)
}

/// `CompletionAccepted`: how it counts; `said` is the day that the office gave.
pub(super) fn counts(
    ledger: &Ledger,
    id: &AssignmentId,
    said: Option<NaiveDate>,
    on: NaiveDate,
) -> Option<Counts> {
    let assignment = ledger.assignment(ledger.slot_of(id)?)?;
    let own = assignment.record.as_ref().and_then(|record| record.standing_claim());
    let claimed_on = own.map(|claim| claim.on).or_else(|| claimed_for(ledger, id));
    let done_on = claimed_on.or(said).unwrap_or(on);
    let due = counts_by(assignment);
    let in_time = due.filter(|_| assignment.course.chased).map(|due| done_on <= due);
    Some(Counts { claimed_on, done_on, due, in_time })
}

/// `CompletionReturned`: the date before counts.
pub(super) fn returned(assignment: &Assignment) -> CountsBy {
    CountsBy { due: counts_by(assignment) }
}

/// `ExtensionGranted`, `TaskReopened` and `MatterReclassified`: the new date counts.
pub(super) fn rescheduled(again: &Rescheduled) -> CountsBy {
    CountsBy { due: Some(again.new_deadline) }
}

fn counts_by(assignment: &Assignment) -> Option<NaiveDate> {
    assignment.record.as_ref().and_then(|record| record.counts_by).or(assignment.course.deadline)
}

fn claimed_for(ledger: &Ledger, id: &AssignmentId) -> Option<NaiveDate> {
    let task = &ledger.task(&id.occurrence.task)?.task;
    let mut assigned = ledger.assigned(&id.occurrence);
    let answering = assigned.find(|other| answers_for_all(ledger, task, &other.unit))?;
    answering.record.as_ref()?.standing_claim().map(|claim| claim.on)
}

/// The first lead, where it is no collective, and each need not answer for itself.
fn answers_for_all(ledger: &Ledger, task: &Task, unit: &UnitId) -> bool {
    let is_collective = |id: &UnitId| ledger.unit(id).is_some_and(|state| !state.unit.members.is_empty());
    task.answer == Answer::Lead && task.lead.first() == Some(unit) && !is_collective(unit)
}
