//! The part of the fold that is about what the office rules, and what waits for it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::first_rules;
use super::record::{Granted, Record, Verdict};
use super::{Assignment, CollectionAsked, Ledger, LetterProgress, LetterState, PlanState, Slot, State};
use crate::calendar::Period;
use crate::domain::event::{
    BulletinStep, CompletionReturned, CountsBy, Event, LetterKind, Recorded, Rescheduled,
};
use crate::domain::id::{AssignmentId, LetterId, OccurrenceId, UnitId};
use crate::domain::leader::LeaderPage;
use crate::domain::light_rules::LightRules;
use crate::domain::stage::{Act, Purpose, Stage};

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
    /// What the office rules; an event of another kind changes nothing here.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`take_effect` hands over these events only")]
    #[expect(clippy::too_many_lines, reason = "one arm an event type, each a few lines")]
    pub(super) fn apply_ruling(&mut self, recorded: &Recorded) {
        let on = recorded.occurred_on.unwrap_or_else(|| self.day_of(recorded.recorded_at));
        match &recorded.event {
            Event::DisputeSettled { assignment, answer } => {
                self.act(assignment, Act::DisputeSettled, answer, |a| {
                    a.record_mut().dispute = None;
                });
            }
            Event::ExtensionGranted(granted) => {
                let ground = format!("{}，{}", granted.approver, granted.document_number);
                self.act(&granted.assignment, Act::ExtensionGranted, &ground, |a| {
                    let from = a.course.deadline;
                    set_anew(a, &granted.again);
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
                        set_anew(a, again);
                    }
                });
            }
            Event::CompletionAccepted(accepted) => {
                let today = self.day_of(recorded.recorded_at);
                let id = &accepted.assignment;
                let first_rule = || first_rules::counts(self, id, recorded.occurred_on, today);
                let counts = accepted.counts.or_else(first_rule);
                let verdict = Verdict { counts, ..verdict(recorded, today, accepted.remark.clone()) };
                self.with(id, |a| {
                    a.state = State::Accepted;
                    let record = a.record_mut();
                    if let Some(claim) = record.standing_claim_mut() {
                        claim.accepted = Some(today);
                    }
                    record.accepted = Some(verdict);
                    record.extension = None;
                    record.dispute = None;
                });
            }
            Event::CompletionReturned(returned) => {
                self.send_back(returned, self.day_of(recorded.recorded_at));
            }
            Event::TaskClosedOut { assignment, remark } => {
                let verdict = verdict(recorded, self.day_of(recorded.recorded_at), remark.clone());
                self.with(assignment, |a| {
                    a.state = State::ClosedOut;
                    a.record_mut().closed_out = Some(Box::new(verdict));
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
                        set_anew(assignment, &changed.again);
                    }
                    self.index_assignment(slot);
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

    /// 退回, of this day
    fn send_back(&mut self, returned: &CompletionReturned, on: NaiveDate) {
        self.with(&returned.assignment, |a| {
            a.state = State::Returned;
            if let Some(claim) = a.record.as_mut().and_then(|record| record.standing_claim_mut()) {
                claim.returned = Some((on, returned.reason.clone()));
            }
            a.rounds_from = returned.stages_from;
            a.returns = a.returns.saturating_add(1);
            a.return_pending = Some(returned.reason.clone());
            if returned.deadline_version != a.deadline_version {
                let by = returned.counts_by.unwrap_or_else(|| first_rules::returned(a));
                a.reschedule(returned.new_deadline, returned.deadline_version, returned.stages_from);
                count_by(a, by);
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

    /// When the office was last told what waits for its release.
    #[must_use]
    pub fn last_release_letter(&self) -> Option<DateTime<Utc>> {
        self.last_release_letter
    }

    /// The plan's last collection asked for on or before `day`.
    #[must_use]
    pub fn last_collection(&self, plan: &PlanState, day: NaiveDate) -> Option<CollectionAsked> {
        plan.collections.iter().rev().find(|asked| asked.asked_on <= day).copied()
    }

    /// The assignments of an occurrence, in the order of its units.
    pub fn assigned(&self, id: &OccurrenceId) -> impl Iterator<Item = &Assignment> {
        let slots =
            self.occurrences.get(id).map(|occurrence| occurrence.slots.as_slice()).unwrap_or_default();
        slots.iter().filter_map(|slot| self.assignment(*slot))
    }
}

impl Record {
    /// An act of the office more.
    pub(super) fn note(&mut self, act: Act, words: &str) {
        self.acts = self.acts.saturating_add(1);
        self.untold.push((act, self.acts, words.to_owned()));
    }

    /// A letter to its unit named it.
    pub(super) fn told(&mut self, on: NaiveDate, stage: Stage) {
        self.told_on.get_or_insert(on);
        self.reminders = self.reminders.saturating_add(u32::from(stage.purpose() == Purpose::Remind));
        self.chases = self.chases.saturating_add(u32::from(stage.purpose() == Purpose::Chase));
    }
}

/// A new date for one assignment; matters begin their clock anew from where they opened.
fn set_anew(a: &mut Assignment, again: &Rescheduled) {
    a.reschedule(Some(again.new_deadline), again.deadline_version, again.stages_from);
    count_by(a, again.counts_by.unwrap_or_else(|| first_rules::rescheduled(again)));
}

fn count_by(a: &mut Assignment, by: CountsBy) {
    let deadline = a.course.deadline;
    if let Some(due) = by.due.filter(|due| Some(*due) != deadline) {
        a.record_mut().counts_by = Some(due);
    }
}

fn verdict(recorded: &Recorded, on: NaiveDate, remark: Option<String>) -> Verdict {
    let by = recorded.by.name.clone();
    Verdict { on, done_on: recorded.occurred_on, by, remark, counts: None }
}
