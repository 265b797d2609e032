//! The part of the fold that is about changes of which units are still to be told.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Ledger;
use crate::domain::event::ChangeNoted;
use crate::domain::id::{TaskId, UnitId};
use crate::domain::plan::Task;
use crate::domain::stage::{Stage, StageKey};

/// What a unit knew of a task when a change was noted.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// the task
    pub task: Arc<Task>,
    /// the unit's own date: of its open assignment, else of the one-off task
    pub deadline: Option<NaiveDate>,
    /// whether it was asked
    pub leads: bool,
}

/// A change of which a unit is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// as recorded
    pub change: ChangeNoted,
    /// what the unit was last told: of changes not told yet, what stood before the first of them
    pub before: Arc<Before>,
    /// a letter has told it, or nobody could be told
    pub ended: bool,
}

impl Ledger {
    pub(super) fn note_change(&mut self, change: &ChangeNoted) {
        let id = &change.stage.assignment;
        let (task, unit) = (&id.occurrence.task, &id.unit);
        let Some(state) = self.task(task) else { return };
        let known = Arc::clone(&state.task);
        let own = self.slot_of(id).and_then(|slot| self.assignment(slot));
        let own = own.filter(|assignment| assignment.state.is_open());
        let before = Before {
            deadline: own.map_or_else(|| known.due.one_off_deadline(), |own| own.course.deadline),
            leads: own.is_some() || self.expand(known.lead.iter()).contains(unit),
            task: known,
        };
        let Some(state) = self.units.get_mut(unit) else { return };
        let notes = state.changes.entry(task.clone()).or_default();
        let told_before = notes.iter().find(|note| !note.ended).map(|note| Arc::clone(&note.before));
        notes.push(Noted {
            change: change.clone(),
            before: told_before.unwrap_or_else(|| Arc::new(before)),
            ended: false,
        });
        self.changes.insert((change.tell_from, unit.clone(), task.clone()));
        self.outdate(change);
    }

    /// A recalled letter told the change of this key: it is to be told anew.
    pub(super) fn begin_change_again(&mut self, key: &StageKey, on: NaiveDate) {
        let (task, unit) = (&key.assignment.occurrence.task, &key.assignment.unit);
        let notes = self.units.get_mut(unit).and_then(|state| state.changes.get_mut(task));
        for note in notes.into_iter().flatten().filter(|note| note.change.stage == *key) {
            note.ended = false;
            note.change.tell_from = note.change.tell_from.max(on);
            self.changes.insert((note.change.tell_from, unit.clone(), task.clone()));
        }
    }

    /// The change of this key has been told, or ended without a letter.
    pub(super) fn end_change(&mut self, key: &StageKey) {
        let (task, unit) = (&key.assignment.occurrence.task, &key.assignment.unit);
        let Some(notes) = self.units.get_mut(unit).and_then(|state| state.changes.get_mut(task)) else {
            return;
        };
        for note in notes.iter_mut().filter(|note| note.change.stage == *key) {
            note.ended = true;
        }
        let waiting: Vec<NaiveDate> =
            notes.iter().filter(|note| !note.ended).map(|note| note.change.tell_from).collect();
        let of_task = |(_, other, of): &(NaiveDate, UnitId, TaskId)| other == unit && of == task;
        self.changes.retain(|row| !of_task(row) || waiting.contains(&row.0));
    }

    /// Changes of a task that a unit was or is to be told of, oldest first.
    #[must_use]
    pub fn noted(&self, unit: &UnitId, task: &TaskId) -> &[Noted] {
        let notes = self.units.get(unit).and_then(|state| state.changes.get(task));
        notes.map_or(&[], Vec::as_slice)
    }

    /// Tasks of whose change a unit is to be told on or before `day`, each with its unit.
    pub fn changes_through(&self, day: NaiveDate) -> impl Iterator<Item = (&UnitId, &TaskId)> {
        let come = self.changes.iter().take_while(move |(from, ..)| self.working().on_or_after(*from) <= day);
        come.map(|(_, unit, task)| (unit, task))
    }

    /// The first day on which a change is to be told.
    pub(super) fn next_change(&self) -> Option<NaiveDate> {
        self.changes.first().map(|(from, ..)| self.working().on_or_after(*from))
    }

    /// The number of the next change of this task that the unit is told of.
    #[must_use]
    pub fn next_change_number(&self, unit: &UnitId, task: &TaskId) -> u32 {
        let last = self.noted(unit, task).iter().filter_map(|note| match note.change.stage.stage {
            Stage::Changed(number) => Some(number),
            Stage::Collection
            | Stage::Adopted
            | Stage::Notice
            | Stage::Avoid
            | Stage::Lead(_)
            | Stage::Due
            | Stage::Overdue(_)
            | Stage::Report
            | Stage::Returned(_)
            | Stage::Act(..)
            | Stage::Review(_)
            | Stage::EscalateLeader
            | Stage::EscalateSupervision => None,
        });
        last.max().unwrap_or(0).saturating_add(1)
    }
}
