//! The part of the fold that is about letters: what they told, and how far they are.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::release::UntilRelease;
use super::{Assignment, Ledger, LetterProgress, LetterState, State};
use crate::domain::event::{LetterKind, Merged, Queued, QueuedItem};
use crate::domain::id::{AssignmentId, Digest, LetterId, TaskId, UnitId};
use crate::domain::recipient::Recipient;
use crate::domain::stage::StageKey;

/// A letter as it lies in memory: what is asked of it again. What it merged, and with which words it was
/// written, stands in the journal, at [`LetterState::position`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// which
    pub letter: LetterId,
    /// to whom
    pub to: Recipient,
    /// what kind of letter
    pub kind: LetterKind,
    /// the address at that time, an office's mailbox
    pub address: Option<Arc<str>>,
    /// RFC 5322 Message-ID, without angle brackets
    pub message_id: String,
    /// the letter's date
    pub dated: DateTime<Utc>,
    /// what it says, in order
    pub items: Vec<QueuedItem>,
    /// how many points it numbers; `None` in letters of before
    pub points: Option<usize>,
    /// points of superseded letters that it repeats
    pub carried: Vec<QueuedItem>,
    /// matters whose stage ended with it though it names them not: a collection that an adoption letter absorbs
    pub absorbed: Vec<AssignmentId>,
    /// of the archived form in `letters/`
    pub archived: Digest,
    /// of the bytes as sent
    pub sent: Digest,
}

impl Letter {
    /// The matters that it told of.
    pub fn assignments(&self) -> impl Iterator<Item = &AssignmentId> {
        let items = self.items.iter().chain(&self.carried).map(|item| &item.key.assignment);
        items.chain(&self.absorbed)
    }
}

/// Where a letter of this Message-ID is looked up.
pub(super) fn name_hash(message_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    message_id.hash(&mut hasher);
    hasher.finish()
}

impl Ledger {
    /// An adoption letter tells of everything but what begins later, and the matters for which it had no room.
    /// The tasks of which it tells.
    fn told(&mut self, unit: &UnitId, day: NaiveDate) -> BTreeSet<TaskId> {
        let later = |task: &&TaskId| self.told_from(unit, task).is_some_and(|from| from > day);
        let known = self.units.get(unit).into_iter().flat_map(|state| &state.untold);
        let later: Vec<TaskId> = known.filter(later).cloned().collect();
        let waiting: BTreeSet<TaskId> = self
            .open_of(unit)
            .filter(|(_, assignment)| assignment.adoption_pending)
            .map(|(_, assignment)| assignment.occurrence.task.clone())
            .chain(later)
            .collect();
        let Some(state) = self.units.get_mut(unit) else { return BTreeSet::new() };
        let before = std::mem::replace(&mut state.untold, waiting);
        before.difference(&state.untold).cloned().collect()
    }

    pub(super) fn queue(&mut self, queued: &Queued, position: u64) {
        let day = queued.letter.day;
        let repeated: Vec<StageKey> = queued.carried.iter().map(|item| item.key.clone()).collect();
        let mut waits =
            UntilRelease { carried: self.never_told(&queued.to, &repeated), ..UntilRelease::default() };
        let keys = queued.items.iter().map(|item| &item.key);
        for key in keys.clone().chain(queued.merged.iter().map(|merged| &merged.key)) {
            self.end_stages(std::slice::from_ref(key));
            if !queued.held {
                self.notified(&key.assignment, &queued.to);
            }
        }
        if !queued.held {
            for key in keys.chain(&waits.carried) {
                self.count_letter(key, &queued.to, day);
                self.notified(&key.assignment, &queued.to);
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
            (_, LetterKind::Release) => {
                self.last_release_letter = self.last_release_letter.max(Some(queued.dated));
            }
            (Recipient::Office, _) => self.last_office_letter = self.last_office_letter.max(Some(day)),
            (Recipient::Unit(unit), kind) => {
                if kind == LetterKind::Adoption {
                    waits.tasks = self.told(unit, day);
                }
                if let Some(state) = self.units.get_mut(unit) {
                    waits.last_letter = state.last_letter;
                    state.last_letter = state.last_letter.max(Some(day));
                }
            }
            (Recipient::LeaderOf(unit), _) => {
                if let Some(state) = self.units.get_mut(unit) {
                    waits.last_letter = state.last_leader_letter;
                    state.last_leader_letter = state.last_leader_letter.max(Some(day));
                }
            }
        }
        let progress = if queued.held { LetterProgress::Held } else { LetterProgress::Queued };
        let until_release = queued.held.then(|| Box::new(waits));
        let queued = self.kept_letter(queued);
        let address = queued.address.clone();
        self.by_name.entry(name_hash(&queued.message_id)).or_insert(queued.letter);
        let state = LetterState { queued, position, progress, attempts: 0, address, until_release };
        self.await_attempt(&state);
        self.index_letter(&state);
        self.letters.insert(state.queued.letter, Box::new(state));
    }

    /// A letter as it is kept: its names are those of the matters that it names.
    fn kept_letter(&self, queued: &Queued) -> Letter {
        let kept = |items: &[QueuedItem]| {
            items.iter().map(|item| QueuedItem { key: self.shared(&item.key), ..item.clone() }).collect()
        };
        let is_named =
            |merged: &&Merged| queued.items.iter().any(|item| item.key.assignment == merged.key.assignment);
        let absorbed = queued.merged.iter().filter(|merged| !is_named(merged));
        Letter {
            points: queued.points,
            letter: queued.letter,
            to: match &queued.to {
                Recipient::Unit(unit) => Recipient::Unit(self.known_unit(unit)),
                Recipient::LeaderOf(unit) => Recipient::LeaderOf(self.known_unit(unit)),
                Recipient::Office => Recipient::Office,
            },
            kind: queued.kind,
            address: queued.address.as_deref().map(Arc::from),
            message_id: queued.message_id.clone(),
            dated: queued.dated,
            items: kept(&queued.items),
            carried: kept(&queued.carried),
            absorbed: absorbed.map(|merged| self.shared(&merged.key).assignment).collect(),
            archived: queued.archived,
            sent: queued.sent,
        }
    }

    fn shared(&self, key: &StageKey) -> StageKey {
        StageKey { assignment: self.known_id(&key.assignment), ..key.clone() }
    }

    /// The name as the assignment bears it.
    pub(super) fn known_id(&self, id: &AssignmentId) -> AssignmentId {
        let known = self.slot_of(id).and_then(|slot| self.assignment(slot));
        known.map_or_else(|| id.clone(), Assignment::id)
    }

    /// A letter to its unit named an assignment: it is notified from then on.
    pub(super) fn notified(&mut self, id: &AssignmentId, to: &Recipient) {
        if let Some(slot) = self.slot_of(id)
            && *to == Recipient::Unit(id.unit.clone())
            && let Some(assignment) = self.slot_mut(slot)
            && assignment.state == State::Opened
        {
            assignment.state = State::Notified;
        }
    }

    /// A letter to its unit named an assignment: counted by its stage.
    pub(super) fn count_letter(&mut self, key: &StageKey, to: &Recipient, day: NaiveDate) {
        if *to != Recipient::Unit(key.assignment.unit.clone()) {
            return;
        }
        let slot = self.slot_of(&key.assignment);
        if let Some(assignment) = slot.and_then(|slot| self.slot_mut(slot)) {
            assignment.record_mut().told(day, key.stage);
        }
    }

    fn index_letter(&mut self, state: &LetterState) {
        let letter = state.queued.letter;
        if state.progress.is_final() {
            self.unsettled.remove(&letter);
        } else {
            self.unsettled.insert(letter);
        }
        if matches!(state.progress, LetterProgress::Held | LetterProgress::Unreleased) {
            self.unreleased.insert(letter);
        } else {
            self.unreleased.remove(&letter);
        }
    }

    pub(super) fn progress(&mut self, letter: LetterId, progress: LetterProgress, attempt: bool) {
        let Some(mut state) = self.letters.remove(&letter) else {
            return;
        };
        self.forget_attempt(&state);
        if attempt {
            state.attempts = state.attempts.saturating_add(1);
        }
        state.progress = progress;
        self.index_letter(&state);
        self.await_attempt(&state);
        self.letters.insert(letter, state);
    }
}
