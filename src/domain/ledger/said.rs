//! The part of the fold that is about what units and office say to each other.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::record::{Asked, Claim, Granted, HandedIn, Kept, Progress, Receipt, Record, SaidKind, Verdict};
use super::{Assignment, CollectionAsked, Ledger, LetterProgress, LetterState, PlanState, Slot, State};
use crate::calendar::Period;
use crate::domain::agenda;
use crate::domain::event::{BulletinStep, Event, LetterKind, Recorded, Rescheduled, Via};
use crate::domain::id::{AssignmentId, Digest, LetterId, OccurrenceId, ReceiptNo, UnitId};
use crate::domain::ladder::LadderName;
use crate::domain::leader::LeaderPage;
use crate::domain::light::LightRules;
use crate::domain::stage::Act;

/// A step of a bulletin as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BulletinMove {
    /// what
    pub step: BulletinStep,
    /// when
    pub on: NaiveDate,
    /// whose account
    pub by: String,
    /// of its event
    pub event: u64,
}

impl Ledger {
    /// What units and office say; an event of another kind changes nothing here.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`take_effect` hands over these events only")]
    #[expect(clippy::too_many_lines, reason = "one arm an event type, each a few lines")]
    pub(super) fn apply_said(&mut self, recorded: &Recorded) {
        let on = recorded.occurred_on.unwrap_or_else(|| self.day_of(recorded.recorded_at));
        let via = recorded.by.via;
        match &recorded.event {
            Event::AnswersReceived(submission) => {
                let mails = self
                    .units
                    .get(&submission.unit)
                    .is_some_and(|state| state.unit.mailbox.is_some() && !state.unit.muted);
                if mails {
                    self.receipts.insert(submission.receipt);
                }
                self.handed_in.push(HandedIn {
                    submission: submission.clone(),
                    position: recorded.position,
                    on: self.day_of(recorded.recorded_at),
                    via,
                    by: recorded.by.name.clone(),
                    said: Vec::new(),
                });
            }
            Event::ReceiptAcknowledged { assignment } => {
                self.heard(assignment, on, via, SaidKind::Receipt, |a| {
                    if matches!(a.state, State::Opened | State::Notified) {
                        a.state = State::Receipt;
                    }
                });
            }
            Event::ProgressReported { assignment, text, problem, next_steps, unchanged } => {
                let kind = if *unchanged { SaidKind::Unchanged } else { SaidKind::Progress };
                self.heard(assignment, on, via, kind, |a| {
                    if a.state.is_chased() {
                        a.state = State::InProgress;
                    }
                    let record = a.record_mut();
                    let before = record.progress.take().filter(|_| *unchanged);
                    record.progress = Some(Progress {
                        on,
                        text: before.as_ref().map_or_else(|| text.clone(), |p| p.text.clone()),
                        problem: problem.clone().or(before.as_ref().and_then(|p| p.problem.clone())),
                        next_steps: next_steps.clone().or(before.and_then(|p| p.next_steps)),
                        unchanged: *unchanged,
                        via,
                    });
                });
            }
            Event::CompletionClaimed { assignment, done_on, text } => {
                self.heard(assignment, on, via, SaidKind::Claim, |a| {
                    a.state = State::Claimed;
                    a.paused_from = None;
                    let deadline = a.course.deadline;
                    let (done_on, text) = (*done_on, text.clone());
                    a.record_mut().claims.push(Claim {
                        on,
                        done_on,
                        text,
                        via,
                        deadline,
                        returned: None,
                        accepted: None,
                        reopened: false,
                    });
                });
            }
            Event::EvidenceSubmitted(submitted) => {
                let evidence = submitted.evidence.clone();
                let received_on = self.day_of(recorded.recorded_at);
                let position = recorded.position;
                self.heard(&submitted.assignment, on, via, SaidKind::Evidence, |a| {
                    a.record_mut().evidence.push(Kept { evidence, received_on, via, position });
                });
            }
            Event::AssignmentDisputed { assignment, text } => {
                self.heard(assignment, on, via, SaidKind::Dispute, |a| {
                    a.record_mut().dispute = Some((on, text.clone()));
                });
            }
            Event::ExtensionRequested(asked) => {
                self.heard(&asked.assignment, on, via, SaidKind::Extension, |a| {
                    let record = a.record_mut();
                    // It says how far the matter is and what hinders it: nobody is asked for that a second time.
                    let next_steps = record.progress.take().and_then(|told| told.next_steps);
                    record.progress = Some(Progress {
                        on,
                        text: asked.progress.clone(),
                        problem: Some(asked.reason.clone()),
                        next_steps,
                        unchanged: false,
                        via,
                    });
                    record.extension = Some(Asked {
                        on,
                        reason: asked.reason.clone(),
                        progress: asked.progress.clone(),
                        new_deadline: asked.new_deadline,
                        approval: asked.approval,
                    });
                });
            }
            Event::DisputeSettled { assignment, answer } => {
                self.act(assignment, Act::DisputeSettled, answer, |a| {
                    a.record_mut().dispute = None;
                });
            }
            Event::ExtensionGranted(granted) => {
                let ground = format!("{}，{}", granted.approver, granted.document_number);
                self.act(&granted.assignment, Act::ExtensionGranted, &ground, |a| {
                    let from = a.course.deadline;
                    reschedule(a, granted.again);
                    let record = a.record_mut();
                    record.extension = None;
                    record.granted.push(Granted {
                        on,
                        from,
                        until: granted.again.new_deadline,
                        approver: granted.approver.clone(),
                        document_number: granted.document_number.clone(),
                    });
                });
            }
            Event::ExtensionRefused { assignment, reason } => {
                self.act(assignment, Act::ExtensionRefused, reason, |a| {
                    let record = a.record_mut();
                    record.refused_date = record.extension.take().map(|asked| asked.new_deadline);
                    record.refused = record.refused.saturating_add(1);
                });
            }
            Event::ChaseOrdered(ordered) => {
                let words = ordered.words.as_deref().unwrap_or_default();
                self.act(&ordered.assignment, Act::Chased, words, |_| {});
            }
            Event::TaskReopened { assignment, reason, again } => {
                self.act(assignment, Act::Reopened, reason, |a| {
                    a.state = State::InProgress;
                    let record = a.record_mut();
                    if let Some(claim) = record.standing_claim_mut() {
                        claim.reopened = true;
                    }
                    record.accepted = None;
                    record.closed_out = None;
                    if let Some(again) = again {
                        reschedule(a, *again);
                    }
                });
            }
            Event::CompletionAccepted { assignment, remark } => {
                let today = self.day_of(recorded.recorded_at);
                let mut verdict = verdict(recorded, today, remark.clone());
                let for_all = self.claimed_for(assignment);
                self.with(assignment, |a| {
                    a.state = State::Accepted;
                    let record = a.record_mut();
                    verdict.claimed_on = match record.standing_claim_mut() {
                        Some(claim) => {
                            claim.accepted = Some(today);
                            Some(claim.on)
                        }
                        None => for_all,
                    };
                    record.accepted = Some(verdict);
                    record.extension = None;
                    record.dispute = None;
                });
            }
            Event::TaskClosedOut { assignment, remark } => {
                let verdict = verdict(recorded, self.day_of(recorded.recorded_at), remark.clone());
                self.with(assignment, |a| {
                    a.state = State::ClosedOut;
                    a.record_mut().closed_out = Some(verdict);
                });
            }
            Event::MatterReclassified(changed) => {
                self.reclassify(&changed.occurrence.task, changed.class);
                let Some(occurrence) = self.occurrences.get_mut(&changed.occurrence) else { return };
                occurrence.deadline = Some(changed.again.new_deadline);
                occurrence.advised = changed.again.advised;
                occurrence.deadline_version = changed.again.deadline_version;
                for slot in occurrence.slots.clone() {
                    if let Some(assignment) = self.slot_mut(slot) {
                        reschedule(assignment, changed.again);
                    }
                    self.index_assignment(slot);
                }
            }
            Event::ContactChanged { unit, contact } => {
                if let Some(state) = self.units.get_mut(unit) {
                    state.contact = Some(*contact);
                }
            }
            Event::LeaderPageOrdered(ordered) => {
                self.pages.insert(ordered.unit.clone(), Arc::new(ordered.page.clone()));
            }
            Event::LinksRevoked { unit, .. } => {
                if let Some(state) = self.units.get_mut(unit) {
                    state.links_from = Some(recorded.recorded_at);
                }
            }
            Event::LightRulesDefined { rules } => self.light_rules = Arc::new(rules.clone()),
            Event::BulletinMoved(step) => {
                let on = self.day_of(recorded.recorded_at);
                let (by, event) = (recorded.by.name.clone(), recorded.position);
                let moves = self.bulletins.entry(step.period).or_default();
                moves.push(BulletinMove { step: step.clone(), on, by, event });
            }
            _ => {}
        }
    }

    /// The day of the standing claim of the unit that answers for all.
    fn claimed_for(&self, id: &AssignmentId) -> Option<NaiveDate> {
        let task = &self.task(&id.occurrence.task)?.task;
        let mut assigned = self.assigned(&id.occurrence);
        let answering = assigned.find(|other| agenda::answers_for_all(self, task, &other.unit))?;
        answering.record.as_ref()?.standing_claim().map(|claim| claim.on)
    }

    /// A unit answered: any answer implies the receipt.
    fn heard(
        &mut self,
        id: &AssignmentId,
        on: NaiveDate,
        via: Via,
        kind: SaidKind,
        change: impl FnOnce(&mut Assignment),
    ) {
        let last = self.handed_in.last_mut().filter(|form| form.submission.assignments.contains(id));
        let person = last.and_then(|form| {
            form.said.push((id.clone(), kind));
            form.submission.person
        });
        let implied = kind != SaidKind::Receipt;
        self.with(id, |a| {
            change(a);
            let record = a.record_mut();
            record.receipt.get_or_insert(Receipt { on, person, via, implied });
            if implied {
                record.answered_on = record.answered_on.max(Some(on));
            }
        });
    }

    /// The office did something of which the unit is told at once.
    fn act(&mut self, id: &AssignmentId, act: Act, words: &str, change: impl FnOnce(&mut Assignment)) {
        self.with(id, |a| {
            change(a);
            a.record_mut().note(act, words);
        });
    }

    /// What units handed in, oldest first.
    #[must_use]
    pub fn handed_in(&self) -> &[HandedIn] {
        &self.handed_in
    }

    /// What was handed in under this number.
    #[must_use]
    pub fn receipt(&self, receipt: ReceiptNo) -> Option<&HandedIn> {
        self.handed_in.iter().rev().find(|form| form.receipt() == receipt)
    }

    /// What was handed in and no letter has acknowledged yet.
    pub fn receipts_due(&self) -> impl Iterator<Item = &HandedIn> {
        self.receipts.iter().filter_map(|receipt| self.receipt(*receipt))
    }

    /// Leaders' pages that no letter has told yet.
    pub fn pages_due(&self) -> impl Iterator<Item = (&UnitId, &Arc<LeaderPage>)> {
        self.pages.iter()
    }

    /// The page to a unit's leader that waits for its release.
    #[must_use]
    pub fn page_held(&self, unit: &UnitId) -> Option<LetterId> {
        let held = |letter: &&LetterState| {
            letter.queued.kind == LetterKind::Page
                && letter.progress == LetterProgress::Held
                && letter.queued.to.unit() == Some(unit)
        };
        self.unsettled().find(held).map(|letter| letter.queued.letter)
    }

    /// The next free receipt number of a day.
    #[must_use]
    pub fn next_receipt(&self, day: NaiveDate) -> ReceiptNo {
        let of_day = self.handed_in.iter().rev().map(HandedIn::receipt).filter(|receipt| receipt.day == day);
        ReceiptNo { day, number: of_day.map(|receipt| receipt.number).max().unwrap_or(0).saturating_add(1) }
    }

    /// How lights are told now.
    #[must_use]
    pub fn light_rules(&self) -> &LightRules {
        &self.light_rules
    }

    /// The steps of a month's bulletin, oldest first.
    #[must_use]
    pub fn bulletin(&self, period: Period) -> &[BulletinMove] {
        self.bulletins.get(&period).map_or(&[], Vec::as_slice)
    }

    /// All bulletins, by month.
    pub fn bulletins(&self) -> impl Iterator<Item = (&Period, &Vec<BulletinMove>)> {
        self.bulletins.iter()
    }

    /// Assignments with acts of the office that no letter has told yet.
    pub fn acts(&self) -> impl Iterator<Item = &Assignment> {
        self.acts.iter().filter_map(|slot| self.assignment(*slot))
    }

    /// Slots of which the reviewer is to be reminded on or before `day`.
    pub fn reviews_through(&self, day: NaiveDate) -> impl Iterator<Item = (NaiveDate, Slot)> {
        self.reviews.range(..=(day, Slot::MAX)).copied()
    }

    /// Everything that waits for the reviewer, by slot.
    pub fn in_review(&self) -> impl Iterator<Item = &Assignment> {
        self.reviews.iter().filter_map(|(_, slot)| self.assignment(*slot))
    }

    /// The day of the last letter to the office itself.
    #[must_use]
    pub fn last_office_letter(&self) -> Option<NaiveDate> {
        self.last_office_letter
    }

    /// The plan's last collection asked for on or before `day`.
    #[must_use]
    pub fn last_collection(&self, plan: &PlanState, day: NaiveDate) -> Option<CollectionAsked> {
        plan.collections.iter().rev().find(|asked| asked.asked_on <= day).copied()
    }

    /// Whether a link sent at this instant still opens the unit's page.
    #[must_use]
    pub fn link_holds(&self, unit: &UnitId, sent: DateTime<Utc>) -> bool {
        self.units.get(unit).is_some_and(|state| state.links_from.is_none_or(|from| sent > from))
    }

    /// The assignments of an occurrence, in the order of its units.
    pub fn assigned(&self, id: &OccurrenceId) -> impl Iterator<Item = &Assignment> {
        let slots =
            self.occurrences.get(id).map(|occurrence| occurrence.slots.as_slice()).unwrap_or_default();
        slots.iter().filter_map(|slot| self.assignment(*slot))
    }

    /// A unit's contact, in `people/`.
    #[must_use]
    pub fn contact_of(&self, unit: &UnitId) -> Option<Digest> {
        self.units.get(unit).and_then(|state| state.contact)
    }
}

impl Record {
    /// An act of the office more.
    pub(super) fn note(&mut self, act: Act, words: &str) {
        self.acts = self.acts.saturating_add(1);
        self.untold.push((act, self.acts, words.to_owned()));
    }

    /// A letter to its unit named it.
    pub(super) fn told(&mut self, on: NaiveDate, chases: bool) {
        self.told_on.get_or_insert(on);
        self.reminders = self.reminders.saturating_add(1);
        self.chases = self.chases.saturating_add(u32::from(chases));
    }
}

/// A new date for one assignment; matters begin their clock anew from where they opened.
fn reschedule(a: &mut Assignment, again: Rescheduled) {
    super::apply::reschedule(a, Some(again.new_deadline), again.deadline_version, again.stages_from);
}

fn verdict(recorded: &Recorded, on: NaiveDate, remark: Option<String>) -> Verdict {
    let by = recorded.by.name.clone();
    Verdict { on, claimed_on: None, done_on: recorded.occurred_on, by, remark }
}

/// Whether an assignment begins with a letter of its own (交办).
pub(super) fn is_matter(ladder: LadderName) -> bool {
    matches!(ladder, LadderName::Matter | LadderName::MatterWorking)
}
