//! The model's share of letters that are recalled before their release.

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
}
