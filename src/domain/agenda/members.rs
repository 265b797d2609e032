//! Other members of a collective: what is open goes over to them (各单位分别反馈).
//!
//! It goes over at a sending hour, so that the office sees who will be asked anew before anybody is. What its unit has
//! answered, or speaks of with the office at that hour, stays with it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{asked_units, key};
use crate::domain::changes;
use crate::domain::event::{Event, NewEvent, SkipReason, Stream};
use crate::domain::id::{AssignmentId, OccurrenceId, TaskId, UnitId};
use crate::domain::ledger::{Assignment, Ledger, Occurrence, PlanState, State};
use crate::domain::unit::{Unit, is_member};

/// What other members mean for one open occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOver {
    /// which
    pub occurrence: OccurrenceId,
    /// asked anew
    pub joins: Vec<UnitId>,
    /// asked no more
    pub leaves: Vec<UnitId>,
    /// would be asked no more, but is in the middle of it with the office
    pub stays: Vec<UnitId>,
}

/// What other members of a collective mean for what is open, in the order of plans and tasks. `changed` is the collective
/// as it would be; without it, as the ledger has it.
#[must_use]
pub fn take_overs(ledger: &Ledger, unit: &UnitId, changed: Option<&Unit>) -> Vec<TakeOver> {
    let followed = ledger.plans().filter(|(_, plan)| plan.is_followed());
    let tasks = followed.flat_map(|(id, plan)| tasks_led(ledger, plan, unit).map(move |task| (id, task)));
    let mut all = Vec::new();
    for (id, state) in tasks {
        let asked = asked_units(ledger, &state.task.lead, changed);
        let task = TaskId { plan: id.clone(), task: state.task.id.clone() };
        for (id, occurrence) in ledger.occurrences_of(&task) {
            all.extend(take_over(ledger, (id, occurrence), &asked, changed));
        }
    }
    all
}

/// Tasks that the collective leads, itself or as a member of another.
fn tasks_led<'l>(
    ledger: &'l Ledger,
    plan: &'l PlanState,
    unit: &'l UnitId,
) -> impl Iterator<Item = &'l crate::domain::ledger::TaskState> {
    let tasks = plan.tasks().filter(|state| state.withdrawn.is_none());
    let known = |id: &UnitId| ledger.unit(id).map(|state| &*state.unit);
    tasks
        .filter(move |state| state.task.lead.iter().any(|lead| lead == unit || is_member(&known, lead, unit)))
}

fn take_over(
    ledger: &Ledger,
    (id, occurrence): (&OccurrenceId, &Occurrence),
    asked: &[UnitId],
    changed: Option<&Unit>,
) -> Option<TakeOver> {
    let all: Vec<&Assignment> = occurrence.slots.iter().filter_map(|slot| ledger.assignment(*slot)).collect();
    let is_open = |one: &&&Assignment| one.state.is_open();
    all.iter().find(is_open)?;
    let leaving = all.iter().filter(is_open).filter(|one| !asked.contains(&one.unit));
    let (stays, leaves): (Vec<&Assignment>, Vec<&Assignment>) =
        leaving.partition(|one| is_spoken_of(ledger, one, occurrence));
    // Its answer is that of its members.
    let answered = all.iter().filter(|one| one.state.is_done() && !asked.contains(&one.unit));
    let answered: BTreeSet<UnitId> = answered
        .chain(&stays)
        .flat_map(|one| asked_units(ledger, std::slice::from_ref(&one.unit), changed))
        .collect();
    let has_its_own = |unit: &UnitId| {
        all.iter().any(|one| one.unit == *unit && (one.state.is_open() || one.state.is_done()))
    };
    let joins: Vec<UnitId> =
        asked.iter().filter(|unit| !has_its_own(unit) && !answered.contains(unit)).cloned().collect();
    let units = |all: Vec<&Assignment>| all.into_iter().map(|one| one.unit.clone()).collect::<Vec<_>>();
    let (leaves, stays) = (units(leaves), units(stays));
    let any = !joins.is_empty() || !leaves.is_empty() || !stays.is_empty();
    any.then(|| TakeOver { occurrence: id.clone(), joins, leaves, stays })
}

/// Whether unit and office are in the middle of it: a claim or a request waits, it came back, it is paused, or has a date
/// of its own.
fn is_spoken_of(ledger: &Ledger, one: &Assignment, occurrence: &Occurrence) -> bool {
    matches!(one.state, State::Claimed | State::Returned | State::Paused)
        || one.waits_since().is_some()
        || one.course.deadline != occurrence.deadline
        || super::is_claimed_for(ledger, one)
}

/// What goes over now: one task at a time.
pub(super) fn going_over(ledger: &Ledger, now: DateTime<Utc>) -> Vec<NewEvent> {
    let (today, through) = (ledger.day_of(now), ledger.through(now));
    let come = marked(ledger).filter(|(from, _)| *from <= through);
    let found = come.map(|(_, unit)| take_overs(ledger, unit, None)).find_map(|all| {
        let of_task = all.iter().find(|one| one.is_any()).map(|one| one.occurrence.task.clone())?;
        Some(all.into_iter().filter(|one| one.occurrence.task == of_task).collect::<Vec<TakeOver>>())
    });
    found.map(|all| events(ledger, &all, today)).unwrap_or_default()
}

/// The next day on which anything goes over.
pub(super) fn next_day(ledger: &Ledger) -> Option<NaiveDate> {
    let any = |unit: &UnitId| take_overs(ledger, unit, None).iter().any(TakeOver::is_any);
    marked(ledger).filter(|(_, unit)| any(unit)).map(|(from, _)| from).min()
}

/// Collectives that were given other members, and the sending day from which on these are asked.
fn marked(ledger: &Ledger) -> impl Iterator<Item = (NaiveDate, &UnitId)> {
    let marked = ledger.units().filter_map(|state| Some((state.members_asked_from?, &state.unit.id)));
    marked.map(|(from, unit)| (ledger.working().on_or_after(from), unit))
}

impl TakeOver {
    /// Whether anybody is asked anew, or no more.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.joins.is_empty() || !self.leaves.is_empty()
    }
}

/// Of one task: who is asked no more is told so with the letter of the day, who is asked anew like by an adoption.
fn events(ledger: &Ledger, all: &[TakeOver], today: NaiveDate) -> Vec<NewEvent> {
    let Some(task) = all.first().map(|one| &one.occurrence.task) else { return Vec::new() };
    let of_plan = |event| NewEvent { stream: Stream::Plan(task.plan.clone()), occurred_on: None, event };
    let staying: BTreeSet<&UnitId> = all.iter().flat_map(|one| &one.stays).collect();
    let leaving: BTreeSet<&UnitId> = all.iter().flat_map(|one| &one.leaves).collect();
    let told: Vec<&UnitId> = leaving.difference(&staying).copied().collect();
    let mut events = changes::noted_to(ledger, task, told, changes::Why::default(), today);
    for one in all {
        let id = |unit: &UnitId| AssignmentId { occurrence: one.occurrence.clone(), unit: unit.clone() };
        for assignment in one.leaves.iter().map(id) {
            let Some(left) = ledger.slot_of(&assignment).and_then(|slot| ledger.assignment(slot)) else {
                continue;
            };
            let ladders = ledger.ladders_of(left.ladder_version);
            let stages = left.remaining(today, ladders, ledger.working());
            let stages: Vec<_> = stages.into_iter().map(|stage| key(left, stage)).collect();
            if !stages.is_empty() {
                events.push(of_plan(Event::StagesSkipped { stages, why: SkipReason::Withdrawn }));
            }
            let reason = "its members are asked".to_owned();
            events.push(of_plan(Event::AssignmentWithdrawn { assignment, reason }));
        }
        for assignment in one.joins.iter().map(id) {
            events.push(of_plan(Event::AssignmentOpened { assignment, stages_from: today }));
        }
    }
    events
}

/// The event after which other members of a collective are asked what is open, where anything changes by them.
#[must_use]
pub fn asked_from(ledger: &Ledger, unit: &Unit, from: NaiveDate) -> Option<NewEvent> {
    let known = ledger.unit(&unit.id)?;
    let changes = known.unit.members != unit.members && !take_overs(ledger, &unit.id, Some(unit)).is_empty();
    let event = Event::UnitMembersAsked { unit: unit.id.clone(), from };
    changes.then(|| NewEvent { stream: Stream::Unit(unit.id.clone()), occurred_on: None, event })
}
