//! The indexes: what opens, goes or ends on which day.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{Ledger, PlanState, Slot, TaskState};
use crate::domain::id::{OccurrenceId, PlanId, TaskId};
use crate::domain::occurrence::{self, After};

impl Ledger {
    /// Puts the task where the openings index wants it.
    pub(super) fn index_opening(&mut self, id: &TaskId) {
        let Some(plan) = self.plans.get(&id.plan) else {
            return;
        };
        let Some(state) = plan.tasks.get(&id.task) else {
            return;
        };
        let old = state.next_opening;
        let day = self.next_dates(plan, state).map(|(_, day)| day);
        if let Some(old) = old {
            self.openings.remove(&(old, id.clone()));
        }
        if let Some(day) = day {
            self.openings.insert((day, id.clone()));
        }
        if let Some(state) = self.plans.get_mut(&id.plan).and_then(|plan| plan.tasks.get_mut(&id.task)) {
            state.next_opening = day;
        }
    }

    /// The next occurrence of a task and the day on which it is to be opened.
    pub(in crate::domain) fn next_dates(
        &self,
        plan: &PlanState,
        state: &TaskState,
    ) -> Option<(occurrence::Dates, NaiveDate)> {
        if !plan.is_followed() || state.withdrawn.is_some() {
            return None;
        }
        let mut after = state.last_opened.map_or(After::Adoption(state.since), After::Deadline);
        loop {
            let dates = occurrence::next(&state.task, &plan.head, after, &self.working)?;
            let task = TaskId { plan: plan.head.id.clone(), task: state.task.id.clone() };
            // A period opens once, whatever has changed about its task since; again only where the
            // task came back after nobody was asked any more.
            let known = self.occurrences.get(&OccurrenceId { task, period: dates.period });
            if known.is_none_or(|known| self.is_withdrawn(known)) {
                let day = occurrence::opening_day(&dates, self.ladders(), &self.working, state.since);
                return Some((dates, day));
            }
            after = After::Deadline(dates.last_day());
        }
    }

    pub(super) fn index_collection(&mut self, id: &PlanId) {
        self.collections.retain(|(_, plan)| plan != id);
        if let Some((ask, _)) = self.plans.get(id).and_then(|plan| self.next_collection(plan)) {
            self.collections.insert((ask.goes_on, id.clone()));
        }
    }

    /// Puts the assignment where the indexes want it.
    pub(super) fn index_assignment(&mut self, slot: Slot) {
        let working = Arc::clone(&self.working);
        let Some(assignment) = self.assignment(slot) else {
            return;
        };
        let ladders = Arc::clone(self.ladders_of(assignment.ladder_version));
        let (next, escalation, review) = (
            assignment.compute_next(&ladders, &working),
            assignment.compute_next_escalation(&ladders, &working),
            assignment.compute_next_review(&ladders, &working),
        );
        let Some(assignment) = self.slot_mut(slot) else {
            return;
        };
        let old = (assignment.next, assignment.next_escalation, assignment.next_review);
        assignment.next_review = review;
        assignment.next = next;
        assignment.next_escalation = escalation;
        let (open, unit) = (assignment.state.is_open(), assignment.unit.clone());
        let returned = assignment.return_pending.is_some();
        let untold = assignment.untold_acts().next().is_some();
        move_row(&mut self.due, slot, old.0, next);
        move_row(&mut self.escalations, slot, old.1, escalation);
        move_row(&mut self.reviews, slot, old.2, review);
        if untold {
            self.acts.insert(slot);
        } else {
            self.acts.remove(&slot);
        }
        let of_unit = self.by_unit.entry(unit).or_default();
        if open {
            of_unit.insert(slot);
        } else {
            of_unit.remove(&slot);
        }
        if returned {
            self.returns.insert(slot);
        } else {
            self.returns.remove(&slot);
        }
    }

    /// Everything that hangs on working days, anew.
    pub(super) fn reindex(&mut self) {
        let tasks: Vec<TaskId> = self
            .plans
            .iter()
            .flat_map(|(plan, state)| {
                state.order.iter().map(|task| TaskId { plan: plan.clone(), task: task.clone() })
            })
            .collect();
        for task in tasks {
            self.index_opening(&task);
        }
        let plans: Vec<PlanId> = self.plans.keys().cloned().collect();
        for plan in plans {
            self.index_collection(&plan);
        }
        for slot in 0..self.assignments.len() {
            if let Ok(slot) = Slot::try_from(slot) {
                self.index_assignment(slot);
            }
        }
    }
}

fn move_row(
    index: &mut BTreeSet<(NaiveDate, Slot)>,
    slot: Slot,
    old: Option<NaiveDate>,
    new: Option<NaiveDate>,
) {
    if old == new {
        return;
    }
    if let Some(old) = old {
        index.remove(&(old, slot));
    }
    if let Some(new) = new {
        index.insert((new, slot));
    }
}
