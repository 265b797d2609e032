//! What a command is about, and whether it can be.

use super::{REASON_BYTES_MAX, Refusal, Target};
use crate::calendar::Period;
use crate::domain::agenda;
use crate::domain::event::{Event, NewEvent, Stream};
use crate::domain::id::{COLLECTION, LetterId, OccurrenceId, PlanId, TaskId, UnitId};
use crate::domain::ledger::{Assignment, Ledger, PlanState, Slot, State, TaskState};
use crate::domain::text::is_blank;

/// The assignments a target names: of one open occurrence, of one unit or of all.
pub(super) fn resolve(ledger: &Ledger, target: &Target) -> Result<Vec<Slot>, Refusal> {
    if target.task.task.as_str() != COLLECTION {
        known_task(ledger, &target.task)?;
    }
    let open = |slots: &[Slot]| open_slots(ledger, slots).next().is_some();
    let all = ledger.occurrences_of(&target.task);
    let (id, occurrence) = if let Some(period) = target.period {
        let id = OccurrenceId { task: target.task.clone(), period };
        let found = all.into_iter().find(|(known, _)| **known == id);
        found.ok_or(Refusal::NotOpen { occurrence: id, state: "not opened" })?
    } else {
        let opened: Vec<_> = all.into_iter().filter(|(_, o)| open(&o.slots)).collect();
        let periods = || opened.iter().map(|(id, _)| id.period.to_string()).collect::<Vec<_>>().join(", ");
        match opened.as_slice() {
            [] => return Err(Refusal::NothingOpen(target.task.clone())),
            [only] => *only,
            _ => return Err(Refusal::WhichPeriod { task: target.task.clone(), periods: periods() }),
        }
    };
    let slots: Vec<Slot> = match &target.unit {
        None => occurrence.slots.clone(),
        Some(unit) => {
            let of_unit = |slot: &Slot| ledger.assignment(*slot).is_some_and(|a| a.unit == *unit);
            let slots: Vec<Slot> = occurrence.slots.iter().copied().filter(of_unit).collect();
            if slots.is_empty() {
                let units: Vec<String> = occurrence.opened.units.iter().map(ToString::to_string).collect();
                return Err(Refusal::NotItsUnit {
                    unit: unit.clone(),
                    occurrence: id.clone(),
                    units: units.join(", "),
                });
            }
            slots
        }
    };
    if !open(&slots) {
        let state =
            slots.first().and_then(|slot| ledger.assignment(*slot)).map_or("gone", |a| a.state.label());
        return Err(Refusal::NotOpen { occurrence: id.clone(), state });
    }
    Ok(slots)
}

/// The same of what holds for all where one unit answers for all.
pub(super) fn resolve_for_all(ledger: &Ledger, target: &Target) -> Result<Vec<Slot>, Refusal> {
    let slots = resolve(ledger, target)?;
    answers_itself(ledger, &target.task, target.unit.as_ref())?;
    Ok(for_all(ledger, target, slots))
}

/// The assignments a target names where they are over: of the named period, or of the one period
/// with anything in this state.
pub(super) fn resolve_any(ledger: &Ledger, target: &Target, state: State) -> Result<Vec<Slot>, Refusal> {
    known_task(ledger, &target.task)?;
    let over = |slot: &Slot| {
        ledger.assignment(*slot).is_some_and(|a| a.state == state || a.state == State::ClosedOut)
    };
    let all = ledger.occurrences_of(&target.task);
    let found: Vec<_> = all
        .into_iter()
        .filter(|(id, o)| {
            target.period.map_or_else(|| o.slots.iter().any(over), |period| id.period == period)
        })
        .collect();
    match found.as_slice() {
        [] => Err(Refusal::NotAccepted(target.task.clone())),
        [(_, occurrence)] => {
            let of_unit = |slot: &&Slot| {
                target
                    .unit
                    .as_ref()
                    .is_none_or(|unit| ledger.assignment(**slot).is_some_and(|a| a.unit == *unit))
            };
            Ok(occurrence.slots.iter().filter(of_unit).copied().collect())
        }
        _ => {
            let periods = found.iter().map(|(id, _)| id.period.to_string()).collect::<Vec<_>>().join(", ");
            Err(Refusal::WhichPeriod { task: target.task.clone(), periods })
        }
    }
}

/// Refuses a date for one unit where another answers for all: every paper shows one date there.
pub(super) fn has_own_date(ledger: &Ledger, target: &Target) -> Result<(), Refusal> {
    let unit = target.unit.as_ref();
    match unit.and_then(|unit| Some((unit.clone(), another_answers(ledger, &target.task, unit)?))) {
        None => Ok(()),
        Some((unit, answers)) => Err(Refusal::OneDateForAll { task: target.task.clone(), unit, answers }),
    }
}

/// Refuses what is meant for one unit, or said by it, where another answers for all.
pub(super) fn answers_itself(ledger: &Ledger, task: &TaskId, unit: Option<&UnitId>) -> Result<(), Refusal> {
    match unit.and_then(|unit| Some((unit.clone(), another_answers(ledger, task, unit)?))) {
        None => Ok(()),
        Some((unit, answers)) => Err(Refusal::AnotherAnswers { task: task.clone(), unit, answers }),
    }
}

/// The same of a verdict, unless a claim of its own waits: from when it answered, or of an old journal.
pub(super) fn has_own_verdict(ledger: &Ledger, target: &Target, slots: &[Slot]) -> Result<(), Refusal> {
    let claimed =
        slots.iter().any(|slot| ledger.assignment(*slot).is_some_and(|a| a.claimed_done_on().is_some()));
    if claimed { Ok(()) } else { answers_itself(ledger, &target.task, target.unit.as_ref()) }
}

/// The other unit that answers for this one.
fn another_answers(ledger: &Ledger, task: &TaskId, unit: &UnitId) -> Option<UnitId> {
    let state = ledger.task(task)?;
    let leads = ledger.expand(state.task.lead.iter());
    let answers = leads.into_iter().find(|lead| agenda::answers_for_all(ledger, &state.task, lead))?;
    (answers != *unit).then_some(answers)
}

/// What a verdict is about that names no unit: what was handed in. Work that nobody claimed is ruled on by name.
pub(super) fn claimed(ledger: &Ledger, target: &Target, mut slots: Vec<Slot>) -> Result<Vec<Slot>, Refusal> {
    if target.unit.is_none() && slots.len() > 1 {
        slots.retain(|slot| ledger.assignment(*slot).is_some_and(|a| a.state == State::Claimed));
    }
    if slots.is_empty() { Err(Refusal::NothingClaimed(target.task.clone())) } else { Ok(slots) }
}

pub(super) fn open_slots<'a>(ledger: &'a Ledger, slots: &'a [Slot]) -> impl Iterator<Item = &'a Assignment> {
    slots.iter().filter_map(|slot| ledger.assignment(*slot)).filter(|a| a.state.is_open())
}

pub(super) fn first_occurrence(ledger: &Ledger, slots: &[Slot], target: &Target) -> OccurrenceId {
    let first = slots.first().and_then(|slot| ledger.assignment(*slot)).map(|a| a.occurrence.clone());
    first.unwrap_or_else(|| OccurrenceId {
        task: target.task.clone(),
        period: target.period.unwrap_or(Period::Once),
    })
}

pub(super) fn one_at_least(
    events: Vec<NewEvent>,
    refusal: impl FnOnce() -> Refusal,
) -> Result<Vec<NewEvent>, Refusal> {
    if events.is_empty() { Err(refusal()) } else { Ok(events) }
}

pub(super) fn known_task<'a>(ledger: &'a Ledger, id: &TaskId) -> Result<&'a TaskState, Refusal> {
    open_plan(ledger, &id.plan)?;
    let state = ledger.task(id).ok_or_else(|| Refusal::NoTask(id.clone()))?;
    if state.withdrawn.is_some() {
        return Err(Refusal::TaskWithdrawn(id.clone()));
    }
    Ok(state)
}

pub(super) fn open_plan<'a>(ledger: &'a Ledger, id: &PlanId) -> Result<&'a PlanState, Refusal> {
    let plan = ledger.plan(id).ok_or_else(|| Refusal::NoPlan(id.clone()))?;
    if plan.closed.is_some() {
        Err(Refusal::PlanClosed(id.clone()))
    } else if plan.quiet {
        Err(Refusal::PlanPast(id.clone()))
    } else {
        Ok(plan)
    }
}

pub(super) fn given(what: &'static str, text: &str) -> Result<(), Refusal> {
    if is_blank(text) { Err(Refusal::Missing(what)) } else { fits(what, text) }
}

pub(super) fn fits(what: &'static str, text: &str) -> Result<(), Refusal> {
    if text.len() > REASON_BYTES_MAX { Err(Refusal::TooLong { what, bytes: text.len() }) } else { Ok(()) }
}

/// Whether the text can be a mailbox that a letter goes to: a dot-atom at a host name, within the
/// lengths of RFC 5321, 4.5.3.1. Stricter than any mail library, so that none refuses it later.
#[must_use]
pub fn is_mailbox(text: &str) -> bool {
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= 64
                && local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom))
                && domain.contains('.')
                && domain.split('.').all(label)
        })
}

pub(super) fn on_assignment(assignment: &Assignment, event: Event) -> NewEvent {
    on_task(&assignment.occurrence.task, event)
}

pub(super) fn on_task(task: &TaskId, event: Event) -> NewEvent {
    NewEvent { stream: Stream::Plan(task.plan.clone()), occurred_on: None, event }
}

pub(super) fn on_letter(letter: LetterId, event: Event) -> NewEvent {
    NewEvent { stream: Stream::Letter(letter), occurred_on: None, event }
}

/// Whether one of these units answers for all: they are one matter.
pub(super) fn is_one(ledger: &Ledger, target: &Target, slots: &[Slot]) -> bool {
    let Some(state) = ledger.task(&target.task) else { return false };
    let mut units = slots.iter().filter_map(|slot| ledger.assignment(*slot)).map(|a| &a.unit);
    units.any(|unit| agenda::answers_for_all(ledger, &state.task, unit))
}

/// What holds for the unit that answers for all holds for all.
pub(super) fn for_all(ledger: &Ledger, target: &Target, slots: Vec<Slot>) -> Vec<Slot> {
    let state = ledger.task(&target.task);
    let (Some(unit), Some(state)) = (&target.unit, state) else { return slots };
    if !agenda::answers_for_all(ledger, &state.task, unit) {
        return slots;
    }
    let first = slots.first().and_then(|slot| ledger.assignment(*slot));
    let occurrence = first.and_then(|a| ledger.occurrence(&a.occurrence));
    occurrence.map_or(slots, |occurrence| occurrence.slots.clone())
}
