//! The part of the fold that is about letters that wait for a person's release: until then they told nobody.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Ledger, LetterProgress, LetterState};
use crate::domain::event::ChangeNoted;
use crate::domain::id::{AssignmentId, LetterId, TaskId};
use crate::domain::recipient::Recipient;
use crate::domain::stage::{Stage, StageKey};

/// What is known of a letter as long as it waits for its release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UntilRelease {
    /// tasks of which its unit hears with it for the first time
    pub tasks: BTreeSet<TaskId>,
    /// the day of the recipient's clock-driven letter before it
    pub last_letter: Option<NaiveDate>,
    /// points that it repeats of letters that nobody released: nobody was told of them before
    pub carried: Vec<StageKey>,
    /// something that it says has changed since it was written
    pub changed: bool,
}

impl Ledger {
    /// A person let it go: now it tells its unit.
    pub(super) fn released(&mut self, letter: LetterId, on: NaiveDate) {
        let Some(state) = self.letters.get_mut(&letter) else { return };
        let Some(waited) = state.until_release.take() else { return };
        let to = state.queued.to.clone();
        let counted: Vec<StageKey> =
            state.queued.items.iter().map(|item| item.key.clone()).chain(waited.carried).collect();
        let named: Vec<AssignmentId> = state.queued.assignments().cloned().collect();
        for key in &counted {
            self.count_letter(key, &to, on);
        }
        for assignment in &named {
            self.notified(assignment, &to);
        }
    }

    /// What it says is no longer so: as if it had not been written, but that its number is used.
    pub(super) fn recalled(&mut self, letter: LetterId, stages: &[StageKey], on: NaiveDate) {
        let Some(state) = self.letters.get_mut(&letter) else { return };
        let Some(waited) = state.until_release.take() else { return };
        let (to, day) = (state.queued.to.clone(), letter.day);
        for key in stages {
            self.begin_stage_again(key, on);
        }
        let followed = |task: &TaskId| {
            self.plan(&task.plan).is_some_and(super::PlanState::is_followed)
                && self.task(task).is_some_and(|state| state.withdrawn.is_none())
        };
        let tasks: Vec<TaskId> = waited.tasks.iter().filter(|task| followed(task)).cloned().collect();
        if let Some(unit) = to.unit()
            && let Some(state) = self.units.get_mut(unit)
        {
            if !tasks.is_empty() {
                state.recalled_on = Some(on);
            }
            state.untold.extend(tasks);
            let last = match &to {
                Recipient::LeaderOf(_) => &mut state.last_leader_letter,
                Recipient::Unit(_) | Recipient::Office => &mut state.last_letter,
            };
            if *last == Some(day) {
                *last = waited.last_letter;
            }
        }
        self.progress(letter, LetterProgress::Recalled, false);
    }

    /// A change of which a unit is to be told: what waits for its release and names the task says it no longer right.
    pub(super) fn outdate(&mut self, change: &ChangeNoted) {
        let AssignmentId { occurrence, unit } = &change.stage.assignment;
        let waiting: Vec<LetterId> = self.unreleased.iter().copied().collect();
        for letter in waiting {
            let Some(state) = self.letters.get_mut(&letter) else { continue };
            let names = state.queued.to.unit() == Some(unit) && state.names(&occurrence.task);
            if let Some(waits) = state.until_release.as_mut().filter(|_| names) {
                waits.changed = true;
            }
        }
    }

    /// A stage that a recalled letter told is to be told anew; the adoption by whatever date the matter has now.
    fn begin_stage_again(&mut self, key: &StageKey, on: NaiveDate) {
        if matches!(key.stage, Stage::Changed(_)) {
            self.begin_change_again(key, on);
            return;
        }
        self.with(&key.assignment, |one| {
            one.recalled_on = Some(on);
            if key.stage == Stage::Adopted {
                one.adoption_pending = one.state.is_open();
            }
            if one.deadline_version == key.deadline_version {
                one.begin_again(key.stage);
            }
        });
    }

    /// Points of letters to this recipient that nobody released, among these.
    pub(super) fn never_told(&self, to: &Recipient, points: &[StageKey]) -> Vec<StageKey> {
        let unreleased =
            |letter: &&LetterState| letter.progress == LetterProgress::Unreleased && letter.queued.to == *to;
        let before: Vec<&LetterState> = self.unreleased().filter(unreleased).collect();
        let is_of = |key: &&StageKey| {
            let named = |letter: &&LetterState| {
                let mut points = letter.queued.items.iter().chain(&letter.queued.carried);
                points.any(|old| old.key.assignment == key.assignment)
            };
            before.iter().any(named)
        };
        points.iter().filter(is_of).cloned().collect()
    }
}

impl LetterState {
    /// Whether it names the task: among its points, in a round of its plan, or as new.
    fn names(&self, task: &TaskId) -> bool {
        let names = |told: &AssignmentId| {
            let of = &told.occurrence;
            of.task == *task || of.is_collection() && of.task.plan == task.plan
        };
        let new = self.until_release.as_ref().is_some_and(|waits| waits.tasks.contains(task));
        self.is_clock_driven() && (new || self.queued.assignments().any(names))
    }

    /// Whether its unit hears of the task by it for the first time, and it still waits for its release.
    #[must_use]
    pub fn is_first_of(&self, task: &TaskId) -> bool {
        self.until_release.as_ref().is_some_and(|waits| waits.tasks.contains(task))
    }
}
