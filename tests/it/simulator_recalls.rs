//! The model's share of what changes: letters recalled before their release, changes of which units are told.

use chrono::NaiveDate;
use duban::domain::{LetterId, Recorded, Stage, StageKey};

use crate::simulator_days::day_of;
use crate::simulator_model::{Broken, Model, broken};

impl Model {
    /// A letter that waited for its release is as if it had not been written, from this day on.
    pub fn recalled(
        &mut self,
        letter: LetterId,
        stages: &[StageKey],
        recorded: &Recorded,
    ) -> Result<(), Broken> {
        let Some(queued) = self.letters.get(&letter).filter(|queued| queued.held) else {
            return broken("only what waits is recalled", letter.to_string());
        };
        self.had.remove(&(queued.to.clone(), letter.day));
        for key in stages {
            self.ended.remove(key);
            self.recalled_on.insert(key.assignment.clone(), day_of(recorded.recorded_at));
            if let Some(duty) = self.duties.get_mut(&key.assignment).filter(|_| key.stage == Stage::Adopted) {
                duty.adopted = true;
            }
        }
        Ok(())
    }

    /// The day from which a stage goes, after a letter that told of its matter was recalled.
    pub fn goes_on(&self, key: &StageKey, planned: NaiveDate) -> NaiveDate {
        self.recalled_on.get(&key.assignment).map_or(planned, |on| planned.max(*on))
    }

    /// A change is told once, whatever became of the matter: on or after its day, or with one of its task that waits.
    pub fn end_change(
        &mut self,
        key: &StageKey,
        by: NaiveDate,
        recorded: &Recorded,
    ) -> Result<NaiveDate, Broken> {
        let Some(goes_on) = self.changes.get(key).copied() else {
            return broken("only stages that exist end", key.to_string());
        };
        let waits = |other: &StageKey| self.ended.get(other).is_none_or(|at| *at == recorded.position);
        let of = |key: &StageKey| (key.assignment.occurrence.task.clone(), key.assignment.unit.clone());
        let mut of_task = self.changes.iter().filter(|(other, _)| of(other) == of(key));
        if !of_task.any(|(other, goes_on)| *goes_on <= by && waits(other)) {
            return broken("nothing goes early", format!("{key} goes on {goes_on}, ended by {by}"));
        }
        self.ends_once(key, recorded)?;
        Ok(goes_on)
    }
}
