//! `apply`: one event more. It can't fail: an event that names what the ledger doesn't hold changes nothing.

use std::sync::Arc;

use chrono::NaiveDate;

use super::record::Record;
use super::{
    Answered, Assignment, CollectionAsked, Ledger, LetterProgress, Occurrence, ReceivedKind, Slot, Staged,
    State, UnitState,
};
use crate::calendar::WorkingDays;
use crate::domain::event::{Blame, Event, Opened, Recorded, Via};
use crate::domain::id::{AssignmentId, OccurrenceId, TaskId, UnitId};
use crate::domain::stage::{Act, Stage, StageKey};
use crate::domain::timeline::Course;
use crate::domain::unit::Unit;

impl Ledger {
    /// The ledger after one event more.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.head = recorded.position;
        self.last_at = Some(recorded.recorded_at);
        if let Some(request) = &recorded.request {
            // All events of one answer bear its request: the last one's position is what was answered.
            let answered = Answered { position: recorded.position, digest: request.digest };
            self.requests.insert(request.id.clone(), answered);
        }
        match (&recorded.event, &mut self.staged) {
            (Event::LargeCommandBegun { .. }, _) => {
                self.staged = Some(Staged { begun: recorded.position, events: Vec::new() });
            }
            (Event::LargeCommandCompleted { .. }, staged) => {
                let events = staged.take().map(|staged| staged.events).unwrap_or_default();
                for event in &events {
                    self.take_effect(event);
                }
            }
            (Event::LargeCommandWithdrawn { .. }, staged) => *staged = None,
            (_, Some(staged)) => staged.events.push(recorded.clone()),
            (_, None) => self.take_effect(recorded),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm an event type, each a line or a few")]
    fn take_effect(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::JournalCreated { journal, .. } => self.journal = Some(*journal),
            Event::AccountChanged(_)
            | Event::LargeCommandBegun { .. }
            | Event::LargeCommandCompleted { .. }
            | Event::LargeCommandWithdrawn { .. } => {}
            Event::OfficeConfigured { office } => self.office = Some(Arc::new(office.clone())),
            Event::LaddersDefined { ladders } => {
                self.ladders.insert(ladders.version, Arc::new(ladders.clone()));
            }
            Event::WorkingYearPublished { year } => {
                self.years.insert(year.year, year.clone());
                self.working = Arc::new(WorkingDays::new(self.years.values().cloned()));
                self.reindex();
            }
            Event::ClockCorrected { accepted, .. } => self.last_at = Some(*accepted),
            Event::UnitRegistered { unit } | Event::UnitChanged { unit } => {
                self.set_unit(unit, recorded.by.via != Via::File);
            }
            Event::UnitMembersAsked { unit, from } => {
                if let Some(state) = self.units.get_mut(unit) {
                    state.members_asked_from = Some(*from);
                }
            }
            Event::PlanAdopted { .. }
            | Event::PlanHeadChanged { .. }
            | Event::PlanStarted { .. }
            | Event::PlanFileAdopted { .. }
            | Event::PlanImported { .. }
            | Event::TaskHistoryImported { .. }
            | Event::PlanTakenOver { .. }
            | Event::PlanClosed { .. }
            | Event::TaskAdded { .. }
            | Event::TaskChanged { .. }
            | Event::TaskWithdrawn { .. }
            | Event::AwaitingSettled { .. }
            | Event::LeadConfirmed { .. } => self.apply_to_plan(recorded),
            Event::ChangeNoted(change) => self.note_change(change),
            Event::OccurrenceOpened(opened) => self.open(opened),
            Event::AssignmentOpened { assignment, stages_from } => self.open_for(assignment, *stages_from),
            Event::DeadlineChanged {
                occurrence,
                deadline,
                advised,
                deadline_version,
                stages_from,
                reason: _,
            } => self.move_deadline(&DeadlineChange {
                occurrence,
                deadline: *deadline,
                advised: *advised,
                deadline_version: *deadline_version,
                stages_from: *stages_from,
            }),
            Event::OccurrenceEnded { occurrence } => self.end_occurrence(occurrence),
            Event::ReceiptAcknowledged { .. }
            | Event::ProgressReported { .. }
            | Event::CompletionClaimed { .. }
            | Event::AnswersReceived(_)
            | Event::EvidenceSubmitted(_)
            | Event::AssignmentDisputed { .. }
            | Event::ExtensionRequested(_)
            | Event::ContactChanged { .. } => self.apply_answer(recorded),
            Event::CompletionAccepted(_)
            | Event::CompletionReturned(_)
            | Event::TaskReopened { .. }
            | Event::TaskClosedOut { .. }
            | Event::DisputeSettled { .. }
            | Event::ExtensionGranted(_)
            | Event::ExtensionRefused { .. }
            | Event::ChaseOrdered(_)
            | Event::MatterReclassified(_)
            | Event::LinksRevoked { .. }
            | Event::LeaderPageOrdered(_)
            | Event::LightRulesDefined { .. }
            | Event::BulletinMoved(_) => self.apply_ruling(recorded),
            Event::AssignmentPaused { assignment, .. } => {
                self.with(assignment, |a| {
                    a.paused_from = Some(a.state);
                    a.state = State::Paused;
                });
            }
            Event::AssignmentResumed { assignment, rounds_from } => {
                self.with(assignment, |a| {
                    a.state = a.paused_from.take().unwrap_or(State::Notified);
                    a.rounds_from = *rounds_from;
                });
            }
            Event::AssignmentWithdrawn { assignment, .. } => self.set_state(assignment, State::Withdrawn),
            Event::StagesSkipped { stages, .. } | Event::StagesMissed { stages, .. } => {
                for of_one in stages.chunk_by(|a, b| a.assignment == b.assignment) {
                    self.end_stages(of_one);
                    for key in of_one.iter().filter(|key| key.stage == Stage::Adopted) {
                        self.not_told(&key.assignment);
                    }
                }
            }
            Event::LetterQueued(queued) => self.queue(queued, recorded.position),
            Event::LetterUnreleased { letter } => self.progress(*letter, LetterProgress::Unreleased, false),
            Event::LetterRecalled { letter, stages } => {
                self.recalled(*letter, stages, self.day_of(recorded.recorded_at));
            }
            Event::LetterAccepted { letter, reply } => {
                self.mailbox_took(*letter);
                self.progress(*letter, LetterProgress::Accepted { reply: reply.clone() }, true);
            }
            Event::LetterDeferred { letter, reply, retry_at, blame } => {
                if *blame == Blame::Address {
                    self.mailbox_deferred(*letter, recorded.recorded_at);
                }
                let progress =
                    LetterProgress::Deferred { retry_at: *retry_at, reply: reply.clone(), blame: *blame };
                self.progress(*letter, progress, *blame != Blame::Relay);
            }
            Event::LetterRefused { letter, reply } => {
                self.mailbox_refused(*letter);
                self.progress(*letter, LetterProgress::Refused { reply: reply.clone() }, true);
            }
            Event::LetterBounced { letter, reply, message } => {
                self.bounced(*letter, reply);
                self.receive(recorded, Some(*letter), *message, ReceivedKind::Bounce);
            }
            Event::MailReceived { letter, message, kind } => {
                self.receive(recorded, *letter, *message, ReceivedKind::from(*kind));
            }
            Event::MailHandled { received, remark } => {
                self.mail_handled(recorded, *received, remark.as_ref());
            }
            Event::MailboxMended { unit } => self.mailbox_mended(unit),
            Event::LetterUnknown { letter, reply, retry_at } => {
                let progress = LetterProgress::Unknown { retry_at: *retry_at, reply: reply.clone() };
                self.progress(*letter, progress, true);
            }
            Event::LetterSuperseded { letter, by } => {
                self.progress(*letter, LetterProgress::Superseded { by: *by }, false);
            }
            Event::LetterReleased { letter, address } | Event::LetterResent { letter, address, .. } => {
                if let Some(address) = address {
                    self.readdress(*letter, address);
                }
                self.released(*letter, self.day_of(recorded.recorded_at));
                self.progress(*letter, LetterProgress::Queued, false);
            }
            Event::RelayFailed { fault, reply, failures, retry_at } => {
                self.relay_failed(*fault, reply, *failures, *retry_at, recorded.recorded_at);
            }
            Event::RelayRecovered { .. } => self.relay = None,
        }
    }

    fn set_unit(&mut self, unit: &Unit, by_office: bool) {
        self.forget_mailboxes(unit);
        let unit = Arc::new(unit.clone());
        self.units
            .entry(unit.id.clone())
            .and_modify(|state| {
                if state.unit.mailbox != unit.mailbox {
                    state.bounced = None;
                }
                if by_office {
                    state.before_office.get_or_insert_with(|| Arc::clone(&state.unit));
                }
                state.unit = Arc::clone(&unit);
            })
            .or_insert_with(|| UnitState {
                unit: Arc::clone(&unit),
                last_letter: None,
                last_leader_letter: None,
                before_office: by_office.then(|| Arc::clone(&unit)),
                bounced: None,
                untold: std::collections::BTreeSet::new(),
                changes: std::collections::BTreeMap::new(),
                contact: None,
                members_asked_from: None,
                recalled_on: None,
                links_from: None,
            });
    }

    fn open(&mut self, opened: &Opened) {
        let opened = Arc::new(self.with_known_names(opened));
        let collection = opened.occurrence.is_collection();
        let id = &opened.occurrence;
        if let Some(ends) = opened.ends {
            self.endings.insert((ends, id.clone()));
        }
        let occurrence = Occurrence {
            opened: Arc::clone(&opened),
            deadline: opened.deadline,
            advised: opened.advised,
            deadline_version: 1,
            slots: Vec::new(),
            ended: false,
        };
        let version = self.occurrences.get(id).map_or(1, |before| self.version_after(before));
        self.occurrences.insert(Occurrence { deadline_version: version, ..occurrence });
        for unit in &opened.units {
            let pending = opened.by_adoption && !collection;
            self.assign(id, unit, opened.deadline, version, opened.stages_from, pending);
        }
        if let Some(plan) = self.plans.get_mut(&id.task.plan) {
            if collection {
                plan.last_collection = Some(opened.opens);
                plan.collections.push(CollectionAsked {
                    period: id.period,
                    asked_on: opened.opens,
                    reply_by: opened.ends.unwrap_or(opened.opens),
                });
            } else if let Some(task) = plan.tasks.get_mut(&id.task.task) {
                task.last_opened = Some(opened.deadline.or(opened.ends).unwrap_or(opened.opens));
            }
        }
        if collection {
            self.index_collection(&id.task.plan);
        } else {
            self.index_opening(&id.task);
        }
    }

    /// The same under the names that plan, task and units bear already: of a name there is one copy.
    fn with_known_names(&self, opened: &Opened) -> Opened {
        let OccurrenceId { task: TaskId { plan, task }, period } = &opened.occurrence;
        let known = self.plans.get_key_value(plan);
        let known_task = known.and_then(|(_, state)| state.tasks.get_key_value(task));
        let task = TaskId {
            plan: known.map_or(plan, |(id, _)| id).clone(),
            task: known_task.map_or(task, |(slug, _)| slug).clone(),
        };
        let units = opened.units.iter().map(|unit| self.known_unit(unit)).collect();
        Opened { occurrence: OccurrenceId { task, period: *period }, units, ..opened.clone() }
    }

    /// A unit's name as the ledger holds it.
    pub(super) fn known_unit(&self, unit: &UnitId) -> UnitId {
        self.units.get_key_value(unit).map_or(unit, |(id, _)| id).clone()
    }

    /// One more unit answers for an open occurrence; its letter tells of it like an adoption.
    fn open_for(&mut self, id: &AssignmentId, stages_from: NaiveDate) {
        let Some(occurrence) = self.occurrences.get(&id.occurrence) else { return };
        let (deadline, mut version) = (occurrence.deadline, occurrence.deadline_version);
        if let Some(slot) = self.slot_of(id) {
            if self.assignment(slot).is_none_or(|before| before.state.is_open()) {
                return;
            }
            // Asked once more after another had taken its place: its stages come under keys of their own.
            version = self.version_after(occurrence);
            if let Some(occurrence) = self.occurrences.get_mut(&id.occurrence) {
                occurrence.slots.retain(|known| *known != slot);
            }
        }
        self.assign(&id.occurrence, &id.unit, deadline, version, stages_from, true);
        if let Some(state) = self.units.get_mut(&id.unit) {
            state.untold.insert(id.occurrence.task.clone());
        }
    }

    fn assign(
        &mut self,
        id: &OccurrenceId,
        unit: &UnitId,
        deadline: Option<NaiveDate>,
        deadline_version: u32,
        stages_from: NaiveDate,
        adoption_pending: bool,
    ) {
        let Ok(slot) = Slot::try_from(self.assignments.len()) else { return };
        let Some(occurrence) = self.occurrences.get_mut(id) else { return };
        let opened = Arc::clone(&occurrence.opened);
        occurrence.slots.push(slot);
        let mut record = None;
        if opened.ladder.is_matter() {
            record.get_or_insert_with(Box::<Record>::default).note(Act::Assigned, "");
        }
        self.assignments.push(Assignment {
            recalled_on: None,
            occurrence: id.clone(),
            unit: unit.clone(),
            state: State::Opened,
            paused_from: None,
            deadline_version,
            course: Course {
                opens: opened.opens,
                deadline,
                ladder: opened.ladder,
                notice: opened.notice,
                collection: id.is_collection(),
                stages_from,
                chased: opened.chased,
            },
            ladder_version: opened.ladder_version,
            adoption_pending,
            ended: Vec::new(),
            last_round: None,
            rounds_from: stages_from,
            next: None,
            next_escalation: None,
            returns: 0,
            return_pending: None,
            next_review: None,
            record,
        });
        self.index_assignment(slot);
    }

    fn move_deadline(&mut self, change: &DeadlineChange<'_>) {
        let Some(occurrence) = self.occurrences.get_mut(change.occurrence) else { return };
        occurrence.deadline = change.deadline;
        occurrence.advised = change.advised;
        occurrence.deadline_version = change.deadline_version;
        for slot in occurrence.slots.clone() {
            if let Some(assignment) = self.slot_mut(slot) {
                assignment.reschedule(change.deadline, change.deadline_version, change.stages_from);
            }
            self.index_assignment(slot);
        }
    }

    fn end_occurrence(&mut self, id: &OccurrenceId) {
        let Some(occurrence) = self.occurrences.get_mut(id) else { return };
        occurrence.ended = true;
        if let Some(ends) = occurrence.opened.ends {
            self.endings.remove(&(ends, id.clone()));
        }
        for slot in occurrence.slots.clone() {
            if let Some(assignment) = self.slot_mut(slot).filter(|a| a.state.is_open()) {
                assignment.state = State::Ended;
            }
            self.index_assignment(slot);
        }
    }

    fn set_state(&mut self, id: &AssignmentId, state: State) {
        self.with(id, |assignment| assignment.state = state);
    }

    pub(super) fn with(&mut self, id: &AssignmentId, change: impl FnOnce(&mut Assignment)) {
        let Some(slot) = self.slot_of(id) else { return };
        if let Some(assignment) = self.slot_mut(slot) {
            change(assignment);
        }
        self.index_assignment(slot);
    }

    /// Stages of one assignment have ended.
    pub(super) fn end_stages(&mut self, keys: &[StageKey]) {
        let is_change = |key: &&StageKey| matches!(key.stage, Stage::Changed(_));
        keys.iter().filter(is_change).for_each(|key| self.end_change(key));
        let slot = keys.iter().find(|key| !is_change(key)).and_then(|key| self.slot_of(&key.assignment));
        let Some(slot) = slot else { return };
        if let Some(assignment) = self.slot_mut(slot) {
            let version = assignment.deadline_version;
            let ended = keys.iter().filter(|key| !is_change(key) && key.deadline_version == version);
            ended.for_each(|key| assignment.end(key.stage));
        }
        self.index_assignment(slot);
    }

    /// An adoption that ended without a letter; other periods of its task may still wait for theirs.
    fn not_told(&mut self, id: &AssignmentId) {
        let task = &id.occurrence.task;
        let waits =
            |assignment: &Assignment| assignment.adoption_pending && assignment.occurrence.task == *task;
        if !self.open_of(&id.unit).any(|(_, assignment)| waits(assignment))
            && let Some(state) = self.units.get_mut(&id.unit)
        {
            state.untold.remove(task);
        }
    }

    pub(super) fn slot_mut(&mut self, slot: Slot) -> Option<&mut Assignment> {
        self.assignments.get_mut(usize::try_from(slot).ok()?)
    }
}

struct DeadlineChange<'a> {
    occurrence: &'a OccurrenceId,
    deadline: Option<NaiveDate>,
    advised: Option<NaiveDate>,
    deadline_version: u32,
    stages_from: NaiveDate,
}
