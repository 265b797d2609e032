//! The part of the fold that is about what units say.

use chrono::{DateTime, NaiveDate, Utc};

use super::record::{Asked, Claim, HandedIn, Kept, Progress, Receipt, SaidKind};
use super::{Assignment, Contact, Ledger, State, first_rules};
use crate::domain::event::{ActorKind, Event, Recorded, Submission, Via};
use crate::domain::id::{AssignmentId, Digest, ReceiptNo, UnitId};
use crate::domain::quota::{FORM_BYTES, journal_bytes};

impl Ledger {
    /// What units say; an event of another kind changes nothing here.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`take_effect` hands over these events only")]
    #[expect(clippy::too_many_lines, reason = "one arm an event type, each a few lines")]
    pub(super) fn apply_answer(&mut self, recorded: &Recorded) {
        let on = recorded.occurred_on.unwrap_or_else(|| self.day_of(recorded.recorded_at));
        let via = recorded.by.via;
        match &recorded.event {
            Event::AnswersReceived(submission) => {
                let first_rule = || first_rules::acknowledged(self, &submission.unit);
                let acknowledged = submission.acknowledged.unwrap_or_else(first_rule);
                if acknowledged {
                    self.receipts.insert(submission.receipt);
                }
                let assignments = submission.assignments.iter().map(|id| self.known_id(id)).collect();
                let acknowledged = Some(acknowledged);
                self.handed_in.push(HandedIn {
                    submission: Submission { assignments, acknowledged, ..submission.clone() },
                    position: recorded.position,
                    on: self.day_of(recorded.recorded_at),
                    via,
                    by: recorded.by.name.clone(),
                    said: Vec::new(),
                    bytes: FORM_BYTES,
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
                    let claims = &mut a.record_mut().claims;
                    // Most matters are claimed once.
                    claims.reserve_exact(1);
                    claims.push(Claim {
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
                    // Asked again before a ruling, it is the same request with other words.
                    record.asked = record.asked.saturating_add(u32::from(record.extension.is_none()));
                    record.extension = Some(Box::new(Asked {
                        on,
                        reason: asked.reason.clone(),
                        progress: asked.progress.clone(),
                        new_deadline: asked.new_deadline,
                        approval: asked.approval,
                    }));
                });
            }
            Event::ContactChanged { unit, contact } => {
                if let Some(state) = self.units.get_mut(unit) {
                    let is_of_office = recorded.by.kind == ActorKind::Admin;
                    state.contact = Some(Contact { person: *contact, is_of_office });
                }
            }
            _ => {}
        }
        // What the rules added to the form's own event is no part of what its unit sent.
        if via == Via::Link
            && !matches!(recorded.event, Event::AnswersReceived(_))
            && let Some(form) = self.handed_in.last_mut()
        {
            form.bytes = form.bytes.saturating_add(journal_bytes([&recorded.event]));
        }
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
        let last = self.handed_in.last_mut().and_then(|form| {
            let named = form.submission.assignments.iter().find(|named| *named == id)?.clone();
            Some((form, named))
        });
        let person = last.and_then(|(form, named)| {
            form.said.push((named, kind));
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

    /// The next free receipt number of a day.
    #[must_use]
    pub fn next_receipt(&self, day: NaiveDate) -> ReceiptNo {
        let of_day = self.handed_in.iter().rev().map(HandedIn::receipt).filter(|receipt| receipt.day == day);
        ReceiptNo { day, number: of_day.map(|receipt| receipt.number).max().unwrap_or(0).saturating_add(1) }
    }

    /// Whether a link sent at this instant still opens the unit's page.
    #[must_use]
    pub fn link_holds(&self, unit: &UnitId, sent: DateTime<Utc>) -> bool {
        self.units.get(unit).is_some_and(|state| state.links_from.is_none_or(|from| sent > from))
    }

    /// A unit's contact, in `people/`.
    #[must_use]
    pub fn contact_of(&self, unit: &UnitId) -> Option<Digest> {
        self.units.get(unit).and_then(|state| Some(state.contact?.person))
    }
}
