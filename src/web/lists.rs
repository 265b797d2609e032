//! The ledger as lists for the wire. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::agenda::waiting;
use crate::domain::{
    Assignment, Ledger, LetterProgress, LetterState, Occurrence, OccurrenceId, Plan, PlanId, PlanState,
    TaskId, TaskState, Waits,
};
use crate::matter::Unopened;
use crate::wire::{
    AssignmentEntry, Declaration, LetterEntry, OccurrenceEntry, PlanEntry, ReviewEntry, TaskEntry, UnitEntry,
    WaitEntry,
};

/// What waits for the office, longest first.
#[must_use]
pub fn reviews(ledger: &Ledger) -> Vec<ReviewEntry> {
    let mut all: Vec<&Assignment> = ledger.in_review().collect();
    all.sort_by_key(|assignment| assignment.waits_since());
    all.into_iter().filter_map(|assignment| review(ledger, assignment)).collect()
}

fn review(ledger: &Ledger, assignment: &Assignment) -> Option<ReviewEntry> {
    let record = assignment.record.as_deref()?;
    let entry = |kind: &str, since, day, says: &str| WaitEntry {
        kind: kind.to_owned(),
        since,
        day,
        says: says.to_owned(),
    };
    let waits = waiting(assignment).into_iter().map(|waiting| match waiting.what {
        Waits::Claim(day) => {
            let says = record.standing_claim().map_or("", |claim| claim.text.as_str());
            entry("claim", waiting.since, Some(day), says)
        }
        Waits::Extension(day) => {
            let says = record.extension.as_ref().map_or("", |asked| asked.reason.as_str());
            entry("extension", waiting.since, Some(day), says)
        }
        Waits::Dispute => {
            let says = record.dispute.as_ref().map_or("", |(_, text)| text.as_str());
            entry("objection", waiting.since, None, says)
        }
        Waits::CloseOut => entry("close-out", waiting.since, None, ""),
    });
    Some(ReviewEntry {
        assignment: assignment.id(),
        title: ledger
            .task(&assignment.occurrence.task)
            .map(|state| state.task.title.clone())
            .unwrap_or_default(),
        unit_name: ledger.unit_name(&assignment.unit),
        deadline: assignment.course.deadline,
        waits: waits.collect(),
        files: record.evidence.len(),
    })
}

/// What plan files would say, had they been written from the ledger.
#[must_use]
pub fn declared(ledger: &Ledger) -> Option<Declaration> {
    let office = ledger.office()?;
    let plan = |plan: &PlanState| {
        let tasks = plan.tasks().filter(|task| task.withdrawn.is_none());
        let tasks = tasks.map(|task| (*task.task).clone()).collect();
        let file = plan.file.as_ref().map(|(file, _)| file.clone()).unwrap_or_default();
        (file, Plan { head: (*plan.head).clone(), tasks })
    };
    Some(Declaration {
        office: (**office).clone(),
        ladders: (**ledger.ladders()).clone(),
        units: ledger.units().map(|state| (*state.unit).clone()).collect(),
        working_years: ledger.working_years().cloned().collect(),
        plans: ledger.plans().map(|(_, state)| plan(state)).collect(),
    })
}

/// All plans, by id.
#[must_use]
pub fn plans(ledger: &Ledger) -> Vec<PlanEntry> {
    ledger
        .plans()
        .map(|(id, plan)| PlanEntry {
            head: (*plan.head).clone(),
            owner: plan.owner,
            adopted_on: plan.adopted_on,
            quiet: plan.quiet,
            closed: plan.closed.clone(),
            file: plan.file.as_ref().map(|(file, _)| file.clone()).filter(|file| !file.is_empty()),
            import: plan.import.as_deref().cloned(),
            tasks: plan.tasks().filter(|task| task.withdrawn.is_none()).count(),
            open: ledger.assignments().filter(|a| a.occurrence.task.plan == *id && a.state.is_open()).count(),
        })
        .collect()
}

/// All tasks, plan by plan, in the order of their adding.
#[must_use]
pub fn tasks(ledger: &Ledger) -> Vec<TaskEntry> {
    let mut by_task: BTreeMap<TaskId, Vec<(&OccurrenceId, &Occurrence)>> = BTreeMap::new();
    for (id, occurrence) in ledger.occurrences() {
        by_task.entry(id.task.clone()).or_default().push((id, occurrence));
    }
    ledger
        .plans()
        .flat_map(|(id, plan)| plan.tasks().map(move |state| (id, plan, state)))
        .map(|(plan_id, plan, state)| {
            let id = TaskId { plan: plan_id.clone(), task: state.task.id.clone() };
            let opened = by_task.remove(&id).unwrap_or_default();
            task(ledger, (plan_id, plan), state, opened)
        })
        .collect()
}

fn task(
    ledger: &Ledger,
    (id, plan): (&PlanId, &PlanState),
    state: &TaskState,
    mut opened: Vec<(&OccurrenceId, &Occurrence)>,
) -> TaskEntry {
    opened.sort_by_key(|(id, _)| id.period);
    let assignments = || opened.iter().rev().flat_map(|(_, occurrence)| of(ledger, occurrence));
    let shown = assignments().find(|a| a.state.is_open()).or_else(|| assignments().next());
    let label = match shown.filter(|_| state.withdrawn.is_none()) {
        Some(assignment) => assignment.state.label(),
        None => Unopened::of(plan, state).label(),
    };
    TaskEntry {
        plan: id.clone(),
        task: (*state.task).clone(),
        since: state.since,
        withdrawn: state.withdrawn.clone(),
        state: label.to_owned(),
        imported: state.imported.as_deref().cloned(),
        occurrences: opened.iter().map(|(id, occurrence)| entry(ledger, id, occurrence)).collect(),
    }
}

fn of<'a>(ledger: &'a Ledger, occurrence: &'a Occurrence) -> impl Iterator<Item = &'a Assignment> {
    occurrence.slots.iter().filter_map(|slot| ledger.assignment(*slot))
}

fn entry(ledger: &Ledger, id: &OccurrenceId, occurrence: &Occurrence) -> OccurrenceEntry {
    OccurrenceEntry {
        occurrence: id.clone(),
        opens: occurrence.opened.opens,
        deadline: occurrence.deadline,
        advised: occurrence.advised,
        assignments: of(ledger, occurrence)
            .map(|assignment| AssignmentEntry {
                assignment: assignment.id(),
                state: assignment.state.label().to_owned(),
                next: assignment.next,
            })
            .collect(),
    }
}

/// All units, by id.
#[must_use]
pub fn units(ledger: &Ledger) -> Vec<UnitEntry> {
    ledger
        .units()
        .map(|state| UnitEntry {
            unit: (*state.unit).clone(),
            set_by_office: state.set_by_office,
            open: ledger.open_of(&state.unit.id).count(),
            last_letter: state.last_letter,
        })
        .collect()
}

/// All letters, by number.
#[must_use]
pub fn letters(ledger: &Ledger) -> Vec<LetterEntry> {
    ledger.letters().map(|(_, state)| letter(ledger, state)).collect()
}

/// One letter.
#[must_use]
pub fn letter(ledger: &Ledger, state: &LetterState) -> LetterEntry {
    let queued = &state.queued;
    let (reply, retry_at): (Option<String>, Option<DateTime<Utc>>) = match &state.progress {
        LetterProgress::Held | LetterProgress::Unreleased | LetterProgress::Queued => (None, None),
        LetterProgress::Deferred { retry_at, reply, .. } | LetterProgress::Unknown { retry_at, reply } => {
            (Some(reply.clone()), Some(*retry_at))
        }
        LetterProgress::Accepted { reply }
        | LetterProgress::Refused { reply }
        | LetterProgress::Bounced { reply } => (Some(reply.clone()), None),
        LetterProgress::Superseded { by } => (Some(by.to_string()), None),
    };
    LetterEntry {
        letter: queued.letter,
        to: queued.to.clone(),
        unit_name: state.unit().map_or_else(
            || ledger.office().map(|office| office.name.clone()).unwrap_or_default(),
            |unit| ledger.unit_name(unit),
        ),
        kind: queued.kind,
        message_id: queued.message_id.clone(),
        dated: queued.dated,
        items: queued.items.clone(),
        progress: state.progress.label().to_owned(),
        reply,
        retry_at,
        attempts: state.attempts,
    }
}
