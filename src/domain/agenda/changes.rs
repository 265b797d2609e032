//! What a unit was told has changed (时限调整): points of its one clock-driven letter of the day.

use std::collections::{BTreeMap, BTreeSet};

use super::LETTER_ITEMS_MAX;
use super::letters::Desk;
use super::step::Step;
use crate::domain::draft::Item;
use crate::domain::event::{Event, Merged, NewEvent, SkipReason, Stream};
use crate::domain::id::{AssignmentId, TaskId, UnitId};
use crate::domain::ledger::Noted;
use crate::domain::stage::StageKey;

impl Desk<'_> {
    /// The points that tell a unit of changes, each with the earlier changes it stands for; what was put
    /// back, or is over, ends here.
    pub(super) fn changed(&mut self, unit: &UnitId, tasks: &BTreeSet<&TaskId>) -> (Vec<Item>, Vec<Merged>) {
        let (mut items, mut merged) = (Vec::new(), Vec::new());
        for task in tasks.iter().take(LETTER_ITEMS_MAX) {
            let notes: Vec<&Noted> =
                self.ledger.noted(unit, task).iter().filter(|note| !note.ended).collect();
            // What was accepted is told of its own period; all else of the task.
            let over = |note: &Noted| {
                let id = &note.change.stage.assignment;
                let own = self.ledger.slot_of(id).and_then(|slot| self.ledger.assignment(slot));
                own.filter(|own| own.state.is_done()).map(|_| id.clone())
            };
            let mut told: BTreeMap<Option<AssignmentId>, Vec<&Noted>> = BTreeMap::new();
            for note in notes {
                told.entry(over(note)).or_default().push(note);
            }
            for (over, notes) in told {
                let Some((last, others)) = notes.split_last() else { continue };
                let into = &last.change.stage;
                if let Some(item) = self.facts.changed(&notes) {
                    items.push(item);
                    let key = |note: &&Noted| Merged { key: note.change.stage.clone(), into: into.clone() };
                    merged.extend(others.iter().map(key));
                } else {
                    let stages = notes.iter().map(|note| note.change.stage.clone()).collect();
                    let why = if over.is_some() { SkipReason::Done } else { SkipReason::Undone };
                    self.end_changes(task, stages, why);
                }
            }
        }
        (items, merged)
    }

    pub(super) fn end_changes(&mut self, task: &TaskId, stages: Vec<StageKey>, why: SkipReason) {
        let stream = Stream::Plan(task.plan.clone());
        let event = Event::StagesSkipped { stages, why };
        self.steps.push(Step::Record(vec![NewEvent { stream, occurred_on: None, event }]));
    }
}
