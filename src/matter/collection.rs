//! What a round (月调度) asks and is still missing: one rule for page, lists and figures.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::agenda::is_collected_about;
use crate::domain::{
    Assignment, AssignmentId, COLLECTION, CollectionAsked, Ledger, OccurrenceId, PlanState, TaskId, TaskSlug,
    TaskState, UnitId,
};

/// The units that a round asked, by id.
#[must_use]
pub fn asked_units<'a>(ledger: &'a Ledger, plan: &PlanState, asked: CollectionAsked) -> BTreeSet<&'a UnitId> {
    let Some(id) = round(plan, asked) else { return BTreeSet::new() };
    ledger.assigned(&id).map(|one| &one.unit).collect()
}

/// The last round by this day, where it asked the unit about the matter and no report has come since, in time or late.
pub(super) fn missing(
    ledger: &Ledger,
    plan: &PlanState,
    task: &TaskState,
    assignment: &Assignment,
    day: NaiveDate,
) -> Option<CollectionAsked> {
    let asked = ledger.last_collection(plan, day)?;
    let missing = assignment.state.is_open()
        && is_collected_about(ledger, assignment, task, asked.into())
        && was_asked(ledger, plan, &assignment.unit, asked);
    missing.then_some(asked)
}

fn round(plan: &PlanState, asked: CollectionAsked) -> Option<OccurrenceId> {
    let task = TaskId { plan: plan.head.id.clone(), task: TaskSlug::parse(COLLECTION).ok()? };
    Some(OccurrenceId { task, period: asked.period })
}

fn was_asked(ledger: &Ledger, plan: &PlanState, unit: &UnitId, asked: CollectionAsked) -> bool {
    let id = round(plan, asked).map(|occurrence| AssignmentId { occurrence, unit: unit.clone() });
    id.is_some_and(|id| ledger.slot_of(&id).is_some())
}
