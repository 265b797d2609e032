//! The part of the fold that is about letters: what they told, and how far they are.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Ledger, LetterProgress, LetterState, State};
use crate::domain::event::{LetterKind, Queued};
use crate::domain::id::{LetterId, TaskId, UnitId};
use crate::domain::recipient::Recipient;
use crate::domain::stage::{Act, Stage, StageKey};

impl Ledger {
    /// An adoption letter tells of everything but the matters for which it had no room.
    fn told(&mut self, unit: &UnitId) {
        let waiting: std::collections::BTreeSet<TaskId> = self
            .open_of(unit)
            .filter(|(_, assignment)| assignment.adoption_pending)
            .map(|(_, assignment)| assignment.occurrence.task.clone())
            .collect();
        if let Some(state) = self.units.get_mut(unit) {
            state.untold = waiting;
        }
    }

    pub(super) fn queue(&mut self, queued: &Queued, position: u64) {
        let day = queued.letter.day;
        for item in &queued.items {
            self.count_letter(&item.key, &queued.to, day);
        }
        let keys = queued.items.iter().map(|item| &item.key);
        for key in keys.chain(queued.merged.iter().map(|merged| &merged.key)) {
            self.end_stage(key);
            let to_unit = queued.to == Recipient::Unit(key.assignment.unit.clone());
            if let Some(slot) = self.slot_of(&key.assignment)
                && to_unit
                && let Some(assignment) = self.slot_mut(slot)
                && assignment.state == State::Opened
            {
                assignment.state = State::Notified;
            }
        }
        if let Some(receipt) = &queued.receipt {
            self.receipts.remove(receipt);
        }
        match (&queued.to, queued.kind) {
            (_, LetterKind::Returned | LetterKind::Act | LetterKind::Receipt) => {}
            (to, LetterKind::Page) => {
                if let Some(unit) = to.unit() {
                    self.pages.remove(unit);
                }
            }
            (Recipient::Office, _) => self.last_office_letter = self.last_office_letter.max(Some(day)),
            (Recipient::Unit(unit), kind) => {
                if kind == LetterKind::Adoption {
                    self.told(unit);
                }
                if let Some(state) = self.units.get_mut(unit) {
                    state.last_letter = state.last_letter.max(Some(day));
                }
            }
            (Recipient::LeaderOf(unit), _) => {
                if let Some(state) = self.units.get_mut(unit) {
                    state.last_leader_letter = state.last_leader_letter.max(Some(day));
                }
            }
        }
        let progress = if queued.held { LetterProgress::Held } else { LetterProgress::Queued };
        let state = LetterState {
            queued: Arc::new(queued.clone()),
            position,
            progress,
            attempts: 0,
            address: queued.address.clone(),
        };
        self.await_attempt(&state);
        self.by_name.entry(queued.message_id.clone()).or_insert(queued.letter);
        self.letters.insert(queued.letter, state);
        self.unsettled.insert(queued.letter);
    }

    /// A letter to its unit named an assignment.
    fn count_letter(&mut self, key: &StageKey, to: &Recipient, day: NaiveDate) {
        if *to != Recipient::Unit(key.assignment.unit.clone()) {
            return;
        }
        let chases = matches!(key.stage, Stage::Overdue(_) | Stage::Act(Act::Chased, _));
        self.with(&key.assignment, |a| a.record_mut().told(day, chases));
    }

    pub(super) fn progress(&mut self, letter: LetterId, progress: LetterProgress, attempt: bool) {
        let Some(mut state) = self.letters.remove(&letter) else {
            return;
        };
        self.forget_attempt(&state);
        if attempt {
            state.attempts = state.attempts.saturating_add(1);
        }
        if progress.is_final() {
            self.unsettled.remove(&letter);
        } else {
            self.unsettled.insert(letter);
        }
        state.progress = progress;
        self.await_attempt(&state);
        self.letters.insert(letter, state);
    }
}
