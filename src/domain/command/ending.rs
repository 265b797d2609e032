//! What ends when a matter is done, moves or is withdrawn: its stages still to come. And the new date that takes their
//! place.

use chrono::NaiveDate;

use super::resolve::{on_assignment, open_slots};
use crate::calendar::ahead;
use crate::domain::agenda;
use crate::domain::event::{Event, NewEvent, Rescheduled, SkipReason};
use crate::domain::ledger::{Assignment, Ledger, Slot};
use crate::domain::punctuality;
use crate::domain::stage::Stage;

/// Ends every stage still to come of these assignments, and the rounds that have come by `today`. Another
/// date takes the place of dated stages alone: what carries news is told all the same, with the new date.
#[must_use]
pub fn skip_remaining(ledger: &Ledger, slots: &[Slot], today: NaiveDate, why: SkipReason) -> Vec<NewEvent> {
    open_slots(ledger, slots)
        .filter_map(|assignment| {
            let ladders = ledger.ladders_of(assignment.ladder_version);
            let mut stages = assignment.remaining(today, ladders, ledger.working());
            stages.retain(|stage| why != SkipReason::Rescheduled || !stage.carries_news());
            skipped(assignment, stages, why)
        })
        .collect()
}

/// Ends the rounds that have come by `through` and not gone: they would not be asked for later.
pub(super) fn skip_rounds(
    ledger: &Ledger,
    assignment: &Assignment,
    through: NaiveDate,
    why: SkipReason,
) -> Option<NewEvent> {
    let rounds = assignment.rounds(through, ledger.ladders_of(assignment.ladder_version), ledger.working());
    let mut stages: Vec<Stage> = rounds.into_iter().map(|planned| planned.stage).collect();
    if why == SkipReason::Returned && assignment.return_pending.is_some() {
        stages.push(Stage::Returned(assignment.returns));
    }
    skipped(assignment, stages, why)
}

pub(super) fn skipped(assignment: &Assignment, stages: Vec<Stage>, why: SkipReason) -> Option<NewEvent> {
    let stages: Vec<_> = stages.into_iter().map(|stage| agenda::key(assignment, stage)).collect();
    (!stages.is_empty()).then(|| on_assignment(assignment, Event::StagesSkipped { stages, why }))
}

/// A new date: the stages before it come anew, under keys of their own.
pub(super) fn rescheduled(
    ledger: &Ledger,
    assignment: &Assignment,
    new_deadline: NaiveDate,
    today: NaiveDate,
) -> Rescheduled {
    Rescheduled {
        new_deadline,
        advised: agenda::advised(
            ledger,
            assignment.occurrence.period,
            assignment.course.opens,
            Some(new_deadline),
        ),
        deadline_version: assignment.deadline_version.saturating_add(1),
        stages_from: ahead(today, 1),
        counts_by: Some(punctuality::granted(new_deadline)),
    }
}
