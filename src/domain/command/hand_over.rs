//! Another lead: open occurrences change hands.

use chrono::NaiveDate;

use super::ending::skip_remaining;
use super::resolve::{on_assignment, on_task, open_slots};
use crate::domain::agenda;
use crate::domain::event::{Event, NewEvent, SkipReason};
use crate::domain::id::{AssignmentId, TaskId, UnitId};
use crate::domain::ledger::{Ledger, Slot};

/// What a change of lead means for the open occurrences of a task.
#[derive(Debug, Default)]
pub(in crate::domain) struct HandOver {
    /// assignments that are withdrawn
    pub gone: Vec<Slot>,
    /// the events that withdraw them
    pub leaves: Vec<NewEvent>,
    /// the events that ask the new units
    pub joins: Vec<NewEvent>,
}

/// The open occurrences of a task from the units asked now to those of this lead, who are asked from `begins` on.
pub(in crate::domain) fn hand_over(
    ledger: &Ledger,
    task: &TaskId,
    lead: &[UnitId],
    today: NaiveDate,
    begins: NaiveDate,
) -> HandOver {
    let units = agenda::asked_units(ledger, lead, None);
    let mut change = HandOver::default();
    for (id, occurrence) in ledger.occurrences_of(task) {
        let open: Vec<&UnitId> = open_slots(ledger, &occurrence.slots).map(|a| &a.unit).collect();
        if open.is_empty() {
            continue;
        }
        let answered = |unit: &UnitId| {
            let slots = occurrence.slots.iter().filter_map(|slot| ledger.assignment(*slot));
            slots.clone().any(|a| a.unit == *unit && a.state.is_done())
        };
        for unit in units.iter().filter(|unit| !open.contains(unit) && !answered(unit)) {
            let assignment = AssignmentId { occurrence: id.clone(), unit: unit.clone() };
            change.joins.push(on_task(task, Event::AssignmentOpened { assignment, stages_from: begins }));
        }
        let leaves = |slot: &&Slot| ledger.assignment(**slot).is_some_and(|a| !units.contains(&a.unit));
        change.gone.extend(occurrence.slots.iter().filter(leaves));
    }
    change.leaves = skip_remaining(ledger, &change.gone, today, SkipReason::Withdrawn);
    for assignment in open_slots(ledger, &change.gone) {
        let event = Event::AssignmentWithdrawn {
            assignment: assignment.id(),
            reason: "another unit leads".to_owned(),
        };
        change.leaves.push(on_assignment(assignment, event));
    }
    change
}
