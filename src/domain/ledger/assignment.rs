//! One unit's duty in one occurrence: its state and its stages still to come.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::calendar::{WorkingDays, ahead};
use crate::domain::id::{AssignmentId, OccurrenceId, UnitId};
use crate::domain::ladder::Ladders;
use crate::domain::stage::{Act, Stage};
use crate::domain::timeline::{Course, Planned};

use super::record::Record;

/// Where an assignment is (`docs/design.md`): plan tasks end with `Accepted`, matters with `ClosedOut`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// open, not yet told
    Opened,
    /// told by a letter
    Notified,
    /// 签收
    Receipt,
    /// 反馈
    InProgress,
    /// 申请办结: waits for review, the unit is not chased
    Claimed,
    /// 退回
    Returned,
    /// not chased until resumed
    Paused,
    /// 办结
    Accepted,
    /// 销号
    ClosedOut,
    /// asked no more
    Withdrawn,
    /// ended by itself: a time to avoid, a collection
    Ended,
}

impl State {
    /// Whether something is still asked of the unit or of the reviewer.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Opened
            | Self::Notified
            | Self::Receipt
            | Self::InProgress
            | Self::Claimed
            | Self::Returned
            | Self::Paused => true,
            Self::Accepted | Self::ClosedOut | Self::Withdrawn | Self::Ended => false,
        }
    }

    /// Whether its unit has answered for good.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Accepted | Self::ClosedOut | Self::Ended)
    }

    /// Whether overdue rounds go to the unit.
    #[must_use]
    pub fn is_chased(self) -> bool {
        self.is_open() && !matches!(self, Self::Claimed | Self::Paused)
    }

    /// As shown in lists.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Notified => "notified",
            Self::Receipt => "receipt",
            Self::InProgress => "in-progress",
            Self::Claimed => "claimed",
            Self::Returned => "returned",
            Self::Paused => "paused",
            Self::Accepted => "accepted",
            Self::ClosedOut => "closed-out",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }
}

/// One unit's duty in one occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// which occurrence
    pub occurrence: OccurrenceId,
    /// which unit
    pub unit: UnitId,
    /// where it is
    pub state: State,
    /// the state to return to after a pause
    pub paused_from: Option<State>,
    /// version of its deadline; its stage keys carry it
    pub deadline_version: u32,
    /// what its stages follow from
    pub course: Course,
    /// version of the ladders it follows
    pub ladder_version: u32,
    /// the adoption letter still has to tell of it
    pub adoption_pending: bool,
    /// stages of this deadline version that have ended, rounds aside
    pub ended: Vec<Stage>,
    /// nominal Monday of the last round ended
    pub last_round: Option<NaiveDate>,
    /// when a letter that told of it was last recalled: what it said goes on from then
    pub recalled_on: Option<NaiveDate>,
    /// rounds before this day don't exist
    pub rounds_from: NaiveDate,
    /// the day of the next stage of the unit's, where it stands in the due index
    pub next: Option<NaiveDate>,
    /// the day of the next escalation, where it stands in that index
    pub next_escalation: Option<NaiveDate>,
    /// how often it was returned
    pub returns: u32,
    /// returned for this reason, and the letter that says so not yet written
    pub return_pending: Option<String>,
    /// the day of the next reminder to the reviewer, where it stands in that index
    pub next_review: Option<NaiveDate>,
    /// what was said of it; nothing until somebody has said something
    pub record: Option<Box<Record>>,
}

impl Assignment {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> AssignmentId {
        AssignmentId { occurrence: self.occurrence.clone(), unit: self.unit.clone() }
    }

    /// Whether the stage of this deadline version has ended.
    #[must_use]
    pub fn has_ended(&self, stage: Stage) -> bool {
        match stage {
            Stage::Overdue(monday) => self.last_round.is_some_and(|last| monday <= last),
            Stage::Collection
            | Stage::Adopted
            | Stage::Notice
            | Stage::Avoid
            | Stage::Lead(_)
            | Stage::Due
            | Stage::Report
            | Stage::Returned(_)
            | Stage::Changed(_)
            | Stage::EscalateLeader
            | Stage::EscalateSupervision => self.ended.contains(&stage),
            Stage::Act(..) => self.untold_acts().all(|(act, number, _)| Stage::Act(*act, *number) != stage),
            Stage::Review(day) => {
                self.record.as_ref().and_then(|record| record.last_review).is_some_and(|last| day <= last)
            }
        }
    }

    /// Acts of the office that no letter has told yet, oldest first.
    pub fn untold_acts(&self) -> impl Iterator<Item = &(Act, u32, String)> {
        self.record.iter().flat_map(|record| &record.untold)
    }

    /// Whether its unit has reported or claimed anything.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.progress.is_some() || !record.claims.is_empty())
    }

    /// The day the unit says it was done, by its claim that stands.
    #[must_use]
    pub fn claimed_done_on(&self) -> Option<NaiveDate> {
        self.record.as_ref()?.standing_claim().map(|claim| claim.done_on)
    }

    /// What was said of it, to be added to.
    pub(super) fn record_mut(&mut self) -> &mut Record {
        self.record.get_or_insert_with(Box::default)
    }

    /// Since when something waits for the reviewer: a claim, an extension asked for, an objection, a
    /// matter to be closed out.
    #[must_use]
    pub fn waits_since(&self) -> Option<NaiveDate> {
        let record = self.record.as_deref()?;
        let claimed = match self.state {
            State::Claimed => record.standing_claim().map(|claim| claim.on),
            State::Accepted if self.is_matter() => record.accepted.as_ref().map(|verdict| verdict.on),
            State::Opened
            | State::Notified
            | State::Receipt
            | State::InProgress
            | State::Returned
            | State::Paused
            | State::Accepted
            | State::ClosedOut
            | State::Withdrawn
            | State::Ended => None,
        };
        let asked = if self.state.is_open() { record.waits_since() } else { None };
        claimed.into_iter().chain(asked).min()
    }

    /// Whether it follows 13710.
    #[must_use]
    pub fn is_matter(&self) -> bool {
        self.course.ladder.is_matter()
    }

    /// The day of the next reminder to the reviewer: the working day after, then each week.
    pub(super) fn compute_next_review(&self, ladders: &Ladders, working: &WorkingDays) -> Option<NaiveDate> {
        let since = self.waits_since()?;
        let last = self.record.as_ref().and_then(|record| record.last_review).filter(|last| *last > since);
        Some(match last {
            None => working.on_or_after(ahead(since, 1)),
            Some(last) => {
                let tomorrow = ahead(last, 1);
                let weekday = tomorrow.weekday().num_days_from_monday();
                let wait = (7 + ladders.overdue.every.num_days_from_monday() - weekday) % 7;
                working.on_or_after(ahead(tomorrow, u16::try_from(wait).unwrap_or(0)))
            }
        })
    }

    /// The unit's stages that go on or before `through` and have not ended, oldest first.
    ///
    /// The adoption itself is not among them; see [`Assignment::adoption_pending`].
    #[must_use]
    pub fn pending(&self, through: NaiveDate, ladders: &Ladders, working: &WorkingDays) -> Vec<Planned> {
        if !self.state.is_open() {
            return Vec::new();
        }
        let mut stages = self.course.before(ladders, working);
        stages.retain(|planned| planned.goes_on <= through && !self.has_ended(planned.stage));
        stages.extend(self.rounds(through, ladders, working));
        self.after_recall(stages)
    }

    /// What a recalled letter said goes on from the day of its recall, in the order of the days.
    fn after_recall(&self, mut stages: Vec<Planned>) -> Vec<Planned> {
        stages.sort_unstable();
        for planned in &mut stages {
            planned.goes_on = self.recalled_on.map_or(planned.goes_on, |on| planned.goes_on.max(on));
        }
        stages
    }

    /// The escalations that go on or before `through` and have not ended, oldest first.
    #[must_use]
    pub fn pending_escalations(
        &self,
        through: NaiveDate,
        ladders: &Ladders,
        working: &WorkingDays,
    ) -> Vec<Planned> {
        if !self.state.is_open() {
            return Vec::new();
        }
        let mut stages = self.course.escalations(ladders, working);
        stages.retain(|planned| planned.goes_on <= through && !self.has_ended(planned.stage));
        self.after_recall(stages)
    }

    /// All stages, escalations and the adoption included, that would still come if nobody answered;
    /// of the rounds those that have come by `through`.
    #[must_use]
    pub fn remaining(&self, through: NaiveDate, ladders: &Ladders, working: &WorkingDays) -> Vec<Stage> {
        let mut stages = self.course.before(ladders, working);
        stages.extend(self.course.escalations(ladders, working));
        stages.retain(|planned| !self.has_ended(planned.stage));
        stages.sort_unstable();
        let mut stages: Vec<Stage> = stages.into_iter().map(|planned| planned.stage).collect();
        stages.extend(self.rounds(through, ladders, working).into_iter().map(|planned| planned.stage));
        if self.adoption_pending {
            stages.push(Stage::Adopted);
        }
        if self.return_pending.is_some() {
            stages.push(Stage::Returned(self.returns));
        }
        stages.extend(self.untold_acts().map(|(act, number, _)| Stage::Act(*act, *number)));
        stages
    }

    /// The rounds that go on or before `through` and have not ended, oldest first; none where nobody is chased.
    #[must_use]
    pub fn rounds(&self, through: NaiveDate, ladders: &Ladders, working: &WorkingDays) -> Vec<Planned> {
        let mut rounds = Vec::new();
        if !self.state.is_chased() {
            return rounds;
        }
        let mut last = self.last_round;
        while let Some(round) = self.course.next_round(last, self.rounds_from, ladders, working) {
            let Stage::Overdue(monday) = round.stage else {
                break;
            };
            if round.goes_on > through {
                break;
            }
            rounds.push(round);
            last = Some(monday);
        }
        rounds
    }

    /// The day of the next stage to the unit.
    pub(super) fn compute_next(&self, ladders: &Ladders, working: &WorkingDays) -> Option<NaiveDate> {
        if !self.state.is_open() {
            return None;
        }
        let ladder = self
            .course
            .before(ladders, working)
            .into_iter()
            .filter(|planned| !self.has_ended(planned.stage))
            .map(|planned| planned.goes_on)
            .min();
        let round = if self.state.is_chased() {
            self.course
                .next_round(self.last_round, self.rounds_from, ladders, working)
                .map(|planned| planned.goes_on)
        } else {
            None
        };
        ladder.into_iter().chain(round).min()
    }

    /// The day of the next escalation.
    pub(super) fn compute_next_escalation(
        &self,
        ladders: &Ladders,
        working: &WorkingDays,
    ) -> Option<NaiveDate> {
        let pending = self.pending_escalations(NaiveDate::MAX, ladders, working);
        pending.iter().map(|planned| planned.goes_on).min()
    }

    /// Another deadline: its stages come anew, under keys of their own, and it is what counts.
    pub(super) fn reschedule(&mut self, deadline: Option<NaiveDate>, version: u32, stages_from: NaiveDate) {
        self.deadline_version = version;
        self.ended.clear();
        self.last_round = None;
        self.rounds_from = stages_from;
        self.course.deadline = deadline;
        self.course.stages_from = stages_from;
        self.course.notice = false;
        if let Some(record) = &mut self.record {
            record.counts_by = None;
        }
    }

    /// A stage that ended is still to come: the letter that told it was recalled.
    pub(super) fn begin_again(&mut self, stage: Stage) {
        if let Stage::Overdue(monday) = stage
            && self.last_round == Some(monday)
        {
            self.last_round = monday.checked_sub_days(Days::new(7));
        }
        self.ended.retain(|ended| *ended != stage);
    }

    pub(super) fn end(&mut self, stage: Stage) {
        match stage {
            Stage::Overdue(monday) => {
                self.last_round = Some(self.last_round.map_or(monday, |last| last.max(monday)));
            }
            Stage::Adopted => {
                self.adoption_pending = false;
                self.ended.push(stage);
            }
            Stage::Returned(_) => self.return_pending = None,
            Stage::Act(act, number) => {
                if let Some(record) = &mut self.record {
                    record.untold.retain(|(other, count, _)| (*other, *count) != (act, number));
                }
            }
            Stage::Review(day) => {
                let record = self.record_mut();
                record.last_review = record.last_review.max(Some(day));
            }
            // Kept with its unit, not here.
            Stage::Changed(_) => {}
            Stage::Collection
            | Stage::Notice
            | Stage::Avoid
            | Stage::Lead(_)
            | Stage::Due
            | Stage::Report
            | Stage::EscalateLeader
            | Stage::EscalateSupervision => {
                if !self.ended.contains(&stage) {
                    self.ended.push(stage);
                }
            }
        }
    }
}
