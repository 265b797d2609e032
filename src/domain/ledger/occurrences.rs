//! The occurrences opened so far, by task: what is asked of one task goes through no other's.

use std::collections::HashMap;

use super::Occurrence;
use crate::domain::id::{OccurrenceId, TaskId};

/// Each task's in the order of their periods.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Occurrences(HashMap<TaskId, Vec<Occurrence>>);

impl Occurrences {
    pub(super) fn get(&self, id: &OccurrenceId) -> Option<&Occurrence> {
        let all = self.of(&id.task);
        all.get(place(all, id).ok()?)
    }

    pub(super) fn get_mut(&mut self, id: &OccurrenceId) -> Option<&mut Occurrence> {
        let all = self.0.get_mut(&id.task)?;
        let place = place(all, id).ok()?;
        all.get_mut(place)
    }

    /// Takes the place of one of the same name.
    pub(super) fn insert(&mut self, occurrence: Occurrence) {
        let id = &occurrence.opened.occurrence;
        let all = self.0.entry(id.task.clone()).or_default();
        match place(all, id) {
            Ok(place) => {
                if let Some(before) = all.get_mut(place) {
                    *before = occurrence;
                }
            }
            Err(place) => {
                all.reserve_exact(1);
                all.insert(place, occurrence);
            }
        }
    }

    pub(super) fn of(&self, task: &TaskId) -> &[Occurrence] {
        self.0.get(task).map_or(&[], Vec::as_slice)
    }

    /// In no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Occurrence> {
        self.0.values().flatten()
    }
}

/// Where it stands among its task's, or would.
fn place(all: &[Occurrence], id: &OccurrenceId) -> Result<usize, usize> {
    all.binary_search_by_key(&id.period, |known| known.opened.occurrence.period)
}
